#include "private.h"

#include "name.h"
#include "plan.h"
#include "steps.h"
#include "target.h"

const char *
mig_action_name(MigAction action)
{
	switch (action)
	{
		case MIG_APPLY:
			return "apply";
		case MIG_REVERT:
			return "revert";
		case MIG_STAMP:
			return "stamp";
		case MIG_UNSTAMP:
			return "unstamp";
	}
	return "";
}

/* The members of s, of which there are so many, as they are to run. */
static const int32_t *
order_of(MigGraph *g, const uint64_t *s, bool newest, int32_t count)
{
	int32_t *order;

	if (count == g->count && !newest)
		return g->order;
	order = mig_alloc_array(g->m, (size_t) count, sizeof(*order));
	if (order == NULL || count == 0)
		return order;
	return mig_set_order(g, s, newest, order, &count) ? order : NULL;
}

bool
mig_steps_add(MigGraph *g, const uint64_t *s, MigAction action, bool newest,
              MigPlan *out)
{
	int32_t count = mig_set_count(g, s);
	MigStep *steps = mig_alloc_array(
		g->m, (size_t) out->count + (size_t) count, sizeof(MigStep));
	const int32_t *order = order_of(g, s, newest, count);

	if (steps == NULL || order == NULL)
		return false;
	if (out->count > 0)
		memcpy(steps, out->steps, (size_t) out->count * sizeof(MigStep));
	out->steps = steps;
	for (int32_t i = 0; i < count; i++)
		steps[out->count++] = (MigStep){action, order[i]};
	return true;
}

/* A target of a call that knows no ranges. */
static bool
check_target(MigGraph *g, MigStr target)
{
	if (target.len == 0)
	{
		mig_fail(g->m, MIG_TARGET, "target has no name");
		return mig_hint(g->m, "Write an identifier, a label, head, heads, "
		                      "base or current.");
	}
	if (memchr(target.at, ':', target.len) == NULL)
		return true;
	mig_fail(g->m, MIG_TARGET, "target \"%.*s\" is a range", MIG_S(target));
	return mig_hint(g->m, "Write only the revision to go to.");
}

/* The goals of all targets, as a set. */
static bool
goals_of(MigGraph *g, MigStr targets, MigSet goals)
{
	MigStr rest = targets, target;

	if (!mig_str_next(&rest, &target))
		return check_target(g, MIG_LIT(""));
	while (mig_str_next(&targets, &target))
	{
		int32_t *nodes;
		int count;

		if (!check_target(g, target) ||
		    !mig_name_goals(g, target, NULL, true, &nodes, &count))
			return false;
		for (int i = 0; i < count; i++)
			mig_set_put(goals, nodes[i]);
	}
	return true;
}

/* Whether one of the targets is the end of the history. */
static bool
is_to_the_end(MigStr targets)
{
	MigStr target;

	while (mig_str_next(&targets, &target))
		if (mig_str_is(target, "head") || mig_str_is(target, "heads"))
			return true;
	return false;
}

/* Behind all others, what is repeatable and has not run as it is now. */
static bool
repeat(MigGraph *g, const uint64_t *applied, MigPlan *out)
{
	MigSet again = mig_set_flagged(g, MIG_NODE_REPEATABLE);

	if (again == NULL)
		return false;
	mig_set_drop(g, again, applied);
	return mig_set_count(g, again) == 0 ||
	       mig_steps_add(g, again, MIG_APPLY, false, out);
}

bool
mig_plan_apply(MigGraph *g, MigStr targets, MigPlan *out)
{
	MigSet goals = mig_set_new(g);
	MigSet applied = mig_set_flagged(g, MIG_NODE_APPLIED);
	int32_t *nodes;
	int count;

	memset(out, 0, sizeof(*out));
	if (goals == NULL || applied == NULL || !goals_of(g, targets, goals) ||
	    !mig_set_list(g, goals, &nodes, &count) ||
	    !mig_name_apart(g, nodes, count))
		return false;
	mig_set_below(g, goals, MIG_ALL_EDGES);
	mig_set_drop(g, goals, applied);
	return mig_steps_add(g, goals, MIG_APPLY, false, out) &&
	       (!is_to_the_end(targets) || repeat(g, applied, out));
}

/* What has to go first: the children of the goal, or the bases. Where there
   are several, a branch keeps those that it descends from. */
static MigSet
roots_of(MigGraph *g, MigStr branch, int32_t goal)
{
	MigSet roots = mig_set_new(g);
	MigSet line;
	int32_t node;

	if (roots == NULL)
		return NULL;
	for (int32_t i = 0; goal < 0 && i < g->count; i++)
		if (mig_node_is_base(&g->nodes[i]))
			mig_set_put(roots, i);
	for (int32_t e = 0; goal >= 0 && e < g->nodes[goal].nup; e++)
		mig_set_put(roots, g->edges[g->nodes[goal].up + e]);
	if (branch.len == 0)
		return roots;
	if (!mig_name_branch(g, branch, &node))
		return NULL;
	if (mig_set_count(g, roots) < 2)
		return roots;
	line = mig_set_of(g, &node, 1);
	if (line == NULL)
		return NULL;
	mig_set_below(g, line, MIG_DOWN_EDGES);
	mig_set_keep(g, roots, line);
	if (mig_set_count(g, roots) > 0)
		return roots;
	mig_fail(g->m, MIG_TARGET, "branch \"%.*s\" does not begin above %s%.*s%s",
	         MIG_S(branch), goal < 0 ? "" : "revision \"",
	         MIG_S(goal < 0 ? MIG_LIT("base") : g->nodes[goal].id),
	         goal < 0 ? "" : "\"");
	mig_hint(g->m, "Name the branch by a revision or label on it that is "
	               "above where it begins.");
	return NULL;
}

/* Nothing to revert above the goal: well, if the goal is where we are. */
static bool
check_goal(MigGraph *g, int32_t goal)
{
	MigSet current = mig_set_maximal(g, MIG_ALL_EDGES);

	if (current == NULL)
		return false;
	if (goal < 0 || mig_set_has(current, goal))
		return true;
	if ((g->nodes[goal].flags & MIG_NODE_APPLIED) == 0)
	{
		mig_fail(g->m, MIG_TARGET, "revision \"%.*s\" is not applied",
		         MIG_S(g->nodes[goal].id));
		return mig_detail(g->m, "Nor is any revision that descends from it, "
		                        "so there is nothing to revert.");
	}
	mig_fail(g->m, MIG_TARGET, "nothing above revision \"%.*s\" is applied",
	         MIG_S(g->nodes[goal].id));
	return mig_detail(g->m, "Applied revisions depend on it, but none "
	                        "revises it.");
}

bool
mig_plan_revert(MigGraph *g, MigStr target, MigPlan *out)
{
	MigSet applied = mig_set_flagged(g, MIG_NODE_APPLIED);
	MigStr words, word, branch;
	int32_t goal;
	MigSet roots;

	memset(out, 0, sizeof(*out));
	target = words = mig_str_trim(target);
	if (applied == NULL || !check_target(g, target))
		return false;
	if (mig_str_next(&words, &word) && word.len < target.len)
		return mig_fail(g->m, MIG_TARGET,
		                "a revert takes one target, not \"%.*s\"",
		                MIG_S(target));
	if (!mig_name_floor(g, target, &branch, &goal))
		return false;
	roots = roots_of(g, branch, goal);
	if (roots == NULL)
		return false;
	mig_set_above(g, roots, MIG_ALL_EDGES);
	mig_set_keep(g, roots, applied);
	if (mig_set_count(g, roots) == 0 && !check_goal(g, goal))
		return false;
	return mig_steps_add(g, roots, MIG_REVERT, true, out);
}

bool
mig_plan_assume(MigGraph *g, MigStr source)
{
	int32_t *nodes;
	int count;
	MigSet s;

	if (!mig_target_list(g, source, &nodes, &count))
		return false;
	s = mig_set_of(g, nodes, count);
	if (s == NULL)
		return false;
	mig_set_below(g, s, MIG_ALL_EDGES);
	for (int32_t i = 0; i < g->count; i++)
	{
		g->nodes[i].flags &= ~(uint32_t) MIG_NODE_APPLIED;
		if (mig_set_has(s, i))
			g->nodes[i].flags |= MIG_NODE_APPLIED;
	}
	return true;
}

bool
mig_plan_current(MigGraph *g, int32_t **nodes, int *count)
{
	MigSet s = mig_set_maximal(g, MIG_ALL_EDGES);

	return s != NULL && mig_set_list(g, s, nodes, count);
}

bool
mig_plan_tips(MigGraph *g, int32_t **nodes, int *count)
{
	MigSet s = mig_set_maximal(g, MIG_DOWN_EDGES);

	return s != NULL && mig_set_list(g, s, nodes, count);
}
