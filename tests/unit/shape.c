#include <stdio.h>
#include <string.h>

#include "shape.h"
#include "text.h"

/* What stands behind a mark, up to the next one. */
static MigStr
part(MigStr *rest)
{
	MigStr word = *rest;
	size_t i = 0;

	while (i < rest->len && strchr("<^:", rest->at[i]) == NULL)
		i++;
	word.len = i;
	*rest = mig_str_from(*rest, i);
	return mig_str_trim(word);
}

static bool
add(MigGraph *g, MigStr spec, int32_t tag)
{
	MigStr lists[3] = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
	MigStr id = part(&spec);

	if (id.len > 0 && id.at[id.len - 1] == '*')
		id.len--;
	while (spec.len > 0)
	{
		int which = (int) (strchr("<^:", spec.at[0]) - "<^:");

		spec = mig_str_from(spec, 1);
		lists[which] = part(&spec);
	}
	return mig_graph_add(g, id, lists[0], lists[1], lists[2], tag);
}

/* The next revision of the text; false at its end. */
static bool
next_spec(MigStr *rest, MigStr *spec)
{
	size_t i = 0;

	*rest = mig_str_trim(*rest);
	if (rest->len == 0)
		return false;
	while (i < rest->len && rest->at[i] != ';')
		i++;
	*spec = mig_str_trim((MigStr){rest->at, i});
	*rest = mig_str_from(*rest, i < rest->len ? i + 1 : i);
	return true;
}

static bool
is_applied(MigStr spec)
{
	MigStr id = part(&spec);

	return id.len > 0 && id.at[id.len - 1] == '*';
}

bool
shape_build(Mig *m, MigGraph *g, const char *text)
{
	bool partial = text[0] == '~';
	MigStr rest = mig_str(partial ? text + 1 : text);
	MigStr all = rest;
	MigStr spec;
	int32_t tag = 0;

	memset(&m->status, 0, sizeof(m->status));
	if (!mig_graph_init(m, g, 0))
		return false;
	g->partial = partial;
	while (next_spec(&rest, &spec))
		if (!add(g, spec, tag++))
			return false;
	if (!mig_graph_build(g))
		return false;
	for (tag = 0; next_spec(&all, &spec); tag++)
		for (int32_t i = 0; is_applied(spec) && i < g->count; i++)
			if (g->nodes[i].tag == tag)
				g->nodes[i].flags |= MIG_NODE_APPLIED;
	return true;
}

MigStr
shape_ids(MigGraph *g, const int32_t *nodes, int count)
{
	MigText t = {g->m, NULL, 0, 0};

	for (int i = 0; i < count; i++)
	{
		if (i > 0)
			mig_text_char(&t, ' ');
		if (nodes[i] >= 0)
			mig_text_str_add(&t, g->nodes[nodes[i]].id);
		else
			mig_text_add(&t, "(base)");
	}
	return mig_text_str(&t);
}

MigStr
shape_steps(MigGraph *g, const MigPlan *plan)
{
	MigText t = {g->m, NULL, 0, 0};

	for (int i = 0; i < plan->count; i++)
	{
		MigAction action = plan->steps[i].action;
		bool up = action == MIG_APPLY || action == MIG_STAMP;

		mig_text_fmt(&t, "%s%c%.*s", i > 0 ? " " : "", up ? '+' : '-',
		             MIG_S(g->nodes[plan->steps[i].node].id));
	}
	return mig_text_str(&t);
}

MigStr
shape_failure(const Mig *m, char *out, size_t size)
{
	snprintf(out, size, "%.500s | %.500s | %.500s", m->status.message,
	         m->status.detail, m->status.hint);
	return mig_str(out);
}
