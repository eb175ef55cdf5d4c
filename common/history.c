#include "private.h"

#include "name.h"
#include "plan.h"
#include "target.h"

/* One side of a range. */
typedef struct Side
{
	MigStr text;
	int32_t *nodes;
	int count;
} Side;

/* "a:b" to its two sides; what is left out, or "current" when nothing is
   applied, falls back to all. */
static bool
split_range(MigGraph *g, MigStr range, Side *from, Side *to)
{
	const char *colon;
	int32_t *nodes;
	int count;

	range = mig_str_trim(range);
	from->text = to->text = (MigStr){"", 0};
	if (range.len > 0)
	{
		colon = memchr(range.at, ':', range.len);
		if (colon == NULL)
		{
			mig_fail(g->m, MIG_TARGET, "range \"%.*s\" has no colon",
			         MIG_S(range));
			return mig_hint(g->m,
			                "Write \"%.*s:\" for all from there on, or "
			                "\":%.*s\" for all up to it.",
			                MIG_S(range), MIG_S(range));
		}
		from->text =
			mig_str_trim((MigStr){range.at, (size_t) (colon - range.at)});
		to->text =
			mig_str_trim(mig_str_from(range, (size_t) (colon - range.at) + 1));
	}
	if (to->text.len > 0 && memchr(to->text.at, ':', to->text.len) != NULL)
		return mig_fail(g->m, MIG_TARGET,
		                "range \"%.*s\" has more than one colon",
		                MIG_S(range));
	if (!mig_plan_current(g, &nodes, &count))
		return false;
	if (from->text.len == 0 ||
	    (count == 0 && mig_str_is(from->text, "current")))
		from->text = MIG_LIT("base");
	if (to->text.len == 0 || (count == 0 && mig_str_is(to->text, "current")))
		to->text = MIG_LIT("heads");
	return true;
}

/* The upper end: relative steps count from the lower one. */
static bool
upper_end(MigGraph *g, const Side *from, Side *to)
{
	MigOrigin origin = {from->nodes, from->count, NULL};

	origin.applied = mig_set_of(g, from->nodes, from->count);
	if (origin.applied == NULL)
		return false;
	mig_set_below(g, origin.applied, MIG_ALL_EDGES);
	return mig_name_goals(g, to->text, &origin, false, &to->nodes, &to->count);
}

/* "branch@x" as the lower end keeps those targets that carry the label. */
static bool
keep_labelled(MigGraph *g, MigStr branch, Side *to)
{
	MigStr *labels = mig_graph_labels(g);
	int32_t node = mig_graph_find(g, branch);
	MigStr rest, word;
	int kept = 0;

	if (labels == NULL)
		return false;
	if (node >= 0)
	{
		rest = labels[node];
		if (!mig_str_next(&rest, &branch) || mig_str_next(&rest, &word))
		{
			mig_fail(g->m, MIG_TARGET,
			         "revision \"%.*s\" does not stand for one label",
			         MIG_S(g->nodes[node].id));
			return mig_hint(g->m, "Write a label before the @.");
		}
	}
	for (int i = 0; i < to->count; i++)
	{
		bool carries = false;

		rest = labels[to->nodes[i]];
		while (mig_str_next(&rest, &word))
			carries = carries || mig_str_eq(word, branch);
		if (carries)
			to->nodes[kept++] = to->nodes[i];
	}
	to->count = kept;
	return true;
}

/* Every lower end must be an ancestor of an upper one, or that itself. */
static bool
check_order(MigGraph *g, const Side *from, const Side *to, const uint64_t *s)
{
	for (int i = 0; i < from->count; i++)
	{
		if (mig_set_has(s, from->nodes[i]))
			continue;
		mig_fail(g->m, MIG_TARGET,
		         "revision \"%.*s\" is not an ancestor of \"%.*s\"",
		         MIG_S(g->nodes[from->nodes[i]].id), MIG_S(to->text));
		return mig_hint(g->m, "A range goes from the older to the newer "
		                      "revision.");
	}
	return true;
}

bool
mig_plan_history(MigGraph *g, MigStr range, int32_t **nodes, int *count)
{
	Side from = {.count = 0}, to = {.count = 0};
	MigSet s, lower, above;
	const char *at;

	if (!split_range(g, range, &from, &to) ||
	    !mig_target_many(g, from.text, &from.nodes, &from.count) ||
	    !upper_end(g, &from, &to))
		return false;
	at = memchr(from.text.at, '@', from.text.len);
	if (at != NULL && at > from.text.at &&
	    !keep_labelled(g, (MigStr){from.text.at, (size_t) (at - from.text.at)},
	                   &to))
		return false;
	s = mig_set_of(g, to.nodes, to.count);
	lower = mig_set_of(g, from.nodes, from.count);
	above = mig_set_of(g, from.nodes, from.count);
	if (s == NULL || lower == NULL || above == NULL ||
	    !mig_name_apart(g, to.nodes, to.count) ||
	    !mig_name_apart(g, from.nodes, from.count))
		return false;
	mig_set_below(g, s, MIG_ALL_EDGES);
	if (!check_order(g, &from, &to, s))
		return false;
	mig_set_below(g, lower, MIG_ALL_EDGES);
	mig_set_above(g, above, MIG_DOWN_EDGES);
	if (from.count > 0)
	{
		mig_set_drop(g, s, lower);
		for (int i = 0; i < from.count; i++)
			mig_set_put(s, from.nodes[i]);
		mig_set_keep(g, s, above);
	}
	*nodes =
		mig_alloc_array(g->m, (size_t) mig_set_count(g, s), sizeof(int32_t));
	return *nodes != NULL && mig_set_order(g, s, true, *nodes, count);
}
