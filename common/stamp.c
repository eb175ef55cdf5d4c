#include "private.h"

#include "name.h"
#include "plan.h"
#include "steps.h"
#include "target.h"

/* The current revisions that the targets concern: those in the lineage of
   any of them, dependencies counted. */
static MigSet
concerned(MigGraph *g, MigStr targets, const uint64_t *rows)
{
	MigSet mine = mig_set_new(g);
	MigStr rest = targets, target;

	if (mine == NULL)
		return NULL;
	if (!mig_str_next(&rest, &target))
		targets = MIG_LIT("base");
	while (mig_set_count(g, rows) > 0 && mig_str_next(&targets, &target))
	{
		MigSet line = mig_name_lineage(g, target, MIG_ALL_EDGES);

		if (line == NULL)
			return NULL;
		mig_set_join(g, mine, line);
	}
	mig_set_keep(g, mine, rows);
	return mine;
}

/* Whether a revision lies above or below some member of mine. */
static bool
meets(MigGraph *g, int32_t node, const uint64_t *mine, bool *yes)
{
	MigSet above = mig_set_of(g, &node, 1);
	MigSet below = mig_set_of(g, &node, 1);

	if (above == NULL || below == NULL)
		return false;
	mig_set_above(g, above, MIG_ALL_EDGES);
	mig_set_below(g, below, MIG_ALL_EDGES);
	mig_set_join(g, above, below);
	mig_set_keep(g, above, mine);
	*yes = mig_set_count(g, above) > 0;
	return true;
}

/*
 * The set after the stamp. The rows of Alembic's table are the measure: a
 * target that is none of the rows takes the place of all rows concerned, as
 * soon as it is related to one of them; a new target is added.
 */
static MigSet
set_after(MigGraph *g, MigStr targets, const uint64_t *applied)
{
	MigSet rows = mig_set_new(g);
	MigSet below = mig_set_ancestors(g, applied, MIG_ALL_EDGES);
	MigSet mine, after;
	int32_t *nodes;
	bool moved;
	int count;

	if (rows == NULL || below == NULL)
		return NULL;
	mig_set_join(g, rows, applied);
	mig_set_drop(g, rows, below);
	mine = concerned(g, targets, rows);
	if (mine == NULL || !mig_target_list(g, targets, &nodes, &count))
		return NULL;
	moved = count == 0;
	for (int i = 0; i < count && !moved; i++)
		if (!mig_set_has(mine, nodes[i]) && !meets(g, nodes[i], mine, &moved))
			return NULL;
	if (moved)
		mig_set_drop(g, rows, mine);
	mig_set_below(g, rows, MIG_ALL_EDGES);
	mig_set_keep(g, rows, applied);
	after = mig_set_of(g, nodes, count);
	if (after == NULL)
		return NULL;
	mig_set_below(g, after, MIG_ALL_EDGES);
	mig_set_join(g, after, rows);
	return after;
}

bool
mig_plan_stamp(MigGraph *g, MigStr targets, bool purge, MigPlan *out)
{
	MigSet applied = mig_set_flagged(g, MIG_NODE_APPLIED);
	MigSet before = purge ? mig_set_new(g) : applied;
	MigSet gone = mig_set_flagged(g, MIG_NODE_APPLIED);
	MigSet after;

	memset(out, 0, sizeof(*out));
	if (applied == NULL || before == NULL || gone == NULL)
		return false;
	after = set_after(g, targets, before);
	if (after == NULL)
		return false;
	mig_set_drop(g, gone, after);
	mig_set_drop(g, after, applied);
	return mig_steps_add(g, gone, MIG_UNSTAMP, true, out) &&
	       mig_steps_add(g, after, MIG_STAMP, false, out);
}
