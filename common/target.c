#include "private.h"

#include "name.h"
#include "target.h"

/* Heads from which -N counts: the real ones, or those that carry a label. */
static bool
step_origins(MigGraph *g, const MigFound *f, MigSet s)
{
	MigStr *labels = NULL;
	int32_t node;

	if (f->branch.len > 0)
	{
		labels = mig_graph_labels(g);
		if (labels == NULL || !mig_name_branch(g, f->branch, &node))
			return false;
	}
	for (int32_t i = 0; i < g->count; i++)
	{
		MigStr list = labels != NULL ? labels[i] : (MigStr){NULL, 0};
		bool carried = labels == NULL;
		MigStr word;

		while (mig_str_next(&list, &word))
			carried = carried || mig_str_eq(word, f->branch);
		if (carried && mig_node_is_real_head(&g->nodes[i]))
			mig_set_put(s, i);
	}
	if (mig_set_count(g, s) > 0 || g->count == 0)
		return true;
	mig_fail(g->m, MIG_TARGET, "no head has the label \"%.*s\"",
	         MIG_S(f->branch));
	return mig_hint(g->m, "Name the revision itself.");
}

/* -N: as many steps down from each real head. */
static bool
steps_down(MigGraph *g, MigStr name, const MigFound *f, int64_t steps,
           int32_t **nodes, int *count)
{
	MigSet s = mig_set_new(g);

	if (s == NULL || !step_origins(g, f, s) ||
	    !mig_set_list(g, s, nodes, count))
		return false;
	if (steps < -(int64_t) g->count)
		steps = -(int64_t) g->count - 1;
	for (int i = 0; i < *count; i++)
	{
		if (!mig_name_walk(g, name, steps, NULL, true, &(*nodes)[i]))
			return false;
		if ((*nodes)[i] < 0)
			return mig_fail(g->m, MIG_TARGET, "target \"%.*s\" leads to base",
			                MIG_S(name));
	}
	return true;
}

bool
mig_target_many(MigGraph *g, MigStr name, int32_t **nodes, int *count)
{
	MigFound f;
	int64_t steps;

	if (!mig_name_read(g, name, &f))
		return false;
	*nodes = f.nodes;
	*count = f.count;
	if (!f.literal)
		return true;
	if (mig_graph_lookup(g, f.symbol) < 0 && mig_str_int(f.symbol, &steps) &&
	    steps < 0)
		return steps_down(g, name, &f, steps, nodes, count);
	*count = 1;
	*nodes = mig_alloc_array(g->m, 1, sizeof(int32_t));
	return *nodes != NULL && mig_name_find(g, f.symbol, f.branch, *nodes);
}

bool
mig_target_one(MigGraph *g, MigStr name, int32_t *node)
{
	if (!mig_name_one(g, name, node))
		return false;
	if (*node < 0)
		*node = -1;
	return true;
}

bool
mig_target_list(MigGraph *g, MigStr names, int32_t **nodes, int *count)
{
	size_t room = 0;
	MigStr name;

	*nodes = NULL;
	*count = 0;
	while (mig_str_next(&names, &name))
	{
		int32_t *some, *all;
		int n;

		if (!mig_target_many(g, name, &some, &n))
			return false;
		if (n > INT_MAX / 2 - *count)
			return mig_fail(g->m, MIG_NOMEM, "out of memory");
		all = mig_grow(g->m, *nodes, (size_t) *count, &room,
		               (size_t) *count + (size_t) n, sizeof(int32_t));
		if (all == NULL && n > 0)
			return false;
		*nodes = all;
		for (int i = 0; i < n; i++)
			(*nodes)[(*count)++] = some[i];
	}
	return true;
}

bool
mig_target_parents(MigGraph *g, MigStr revises, int32_t **nodes, int *count)
{
	MigSet seen;

	if (!mig_target_list(g, revises, nodes, count))
		return false;
	seen = mig_set_new(g);
	for (int i = 0; seen != NULL && i < *count; i++)
	{
		if (mig_set_has(seen, (*nodes)[i]))
		{
			mig_fail(g->m, MIG_TARGET, "revision \"%.*s\" is named twice",
			         MIG_S(g->nodes[(*nodes)[i]].id));
			return mig_hint(g->m, "Name every parent once.");
		}
		mig_set_put(seen, (*nodes)[i]);
	}
	return seen != NULL;
}
