#include <string.h>

#include "shape.h"

typedef struct Row
{
	const char *graph;
	const char *target;
	const char *steps; /* or a failure, with a | in it */
} Row;

/* Two lines over a stem, both to be joined; a line of its own, which m needs.
   The labels are left and right. */
#define DIAMOND                                                               \
	"a; b < a; l1 < b : left; l2 < l1; r1 < b : right; r2 < r1; "             \
	"m < l2 r2 ^ x1; x1; x2 < x1"

#define LEFT_DONE                                                             \
	"a*; b* < a; l1* < b : left; l2* < l1; r1 < b : right; r2 < r1; "         \
	"m < l2 r2 ^ x1; x1; x2 < x1"

#define BOTH_DONE                                                             \
	"a*; b* < a; l1* < b : left; l2* < l1; r1* < b : right; r2* < r1; "       \
	"m < l2 r2 ^ x1; x1; x2 < x1"

#define ALL_DONE                                                              \
	"a*; b* < a; l1* < b : left; l2* < l1; r1* < b : right; r2* < r1; "       \
	"m* < l2 r2 ^ x1; x1*; x2* < x1"

/* A revision arrived late: below an applied one, and beside one. */
#define LATE "a*; b < a; c* < b; d < c; e < a; o* ^ b"

#define DATED "2024; 2024-01-05_a < 2024; 2024-01-06_b < 2024-01-05_a"

static const Row applies[] = {
	{"", "heads", ""},
	{"", "head", ""},
	{DIAMOND, "heads", "+a +b +l1 +l2 +r1 +r2 +x1 +m +x2"},
	{DIAMOND, "m", "+a +b +l1 +l2 +r1 +r2 +x1 +m"},
	{DIAMOND, "r2", "+a +b +r1 +r2"},
	{DIAMOND, "r2 l1", "+a +b +l1 +r1 +r2"},
	{DIAMOND, "left, x2", "+a +b +l1 +x1 +x2"},
	{DIAMOND, "base", ""},
	{DIAMOND, "current", ""},
	{LEFT_DONE, "heads", "+r1 +r2 +x1 +m +x2"},
	{LEFT_DONE, "a", ""},
	{LEFT_DONE, "current", ""},
	{LEFT_DONE, "right@head", "+r1 +r2 +x1 +m"},
	/* Steps from where we are. */
	{DIAMOND, "+1",
     "target \"+1\" is ambiguous | The bases are \"a\" and \"x1\". | "
     "Name the revision itself, or the branch as in \"branch@+1\"."},
	{DIAMOND, "left@+1", "+a"},
	{DIAMOND, "left@+3", "+a +b +l1"},
	{LEFT_DONE, "+1", "+r1 +r2 +x1 +m"},
	{LEFT_DONE, "right@+1", "+r1"},
	{LEFT_DONE, "right@+2", "+r1 +r2"},
	{LEFT_DONE, "x1@+1", "+x1"},
	{LEFT_DONE, "+2",
     "target \"+2\" goes too far | From \"l2\" the way up is 1 step long. | "},
	{BOTH_DONE, "+1",
     "target \"+1\" could count from several revisions | "
     "They are \"l2\" and \"r2\". | "
     "Name the one that is meant, as in \"l2+1\"."},
	{BOTH_DONE, "left@+1", "+x1 +m"},
	{BOTH_DONE, "b@+1",
     "target \"b@+1\" could count from several revisions | "
     "They are \"l2\" and \"r2\". | "
     "Name the one that is meant, as in \"l2+1\"."},
	{DIAMOND, "a+1", "+a +b"},
	{DIAMOND, "b+1",
     "target \"b+1\" is ambiguous | "
     "Revision \"b\" is revised by \"l1\" and \"r1\". | "
     "Name the revision itself, or the branch as in \"branch@+1\"."},
	{DIAMOND, "right@b+1", "+a +b +r1"},
	{DIAMOND, "base+1",
     "target \"base+1\" is ambiguous | The bases are \"a\" and \"x1\". | "
     "Name the revision itself, or the branch as in \"branch@+1\"."},
	{DIAMOND, "x2@base+1", "+x1"},
	{DIAMOND, "r2-1", "+a +b +r1"},
	{DIAMOND, "right@head-1",
     "target \"right@head-1\" is ambiguous | "
     "Revision \"m\" revises \"l2\" and \"r2\". | Name the revision itself."},
	{DIAMOND, "a+9",
     "target \"a+9\" is ambiguous | "
     "Revision \"b\" is revised by \"l1\" and \"r1\". | "
     "Name the revision itself, or the branch as in \"branch@+1\"."},
	{DIAMOND, "x1+99999999999999999999",
     "target \"x1+99999999999999999999\" goes too far | "
     "From \"x1\" the way up is 1 step long. | "},
	{DIAMOND, "x2-2",
     "target \"x2-2\" leads to base |  | "
     "migrate_revert('base') reverts everything."},
	{DIAMOND, "x2-3",
     "target \"x2-3\" goes too far | "
     "From \"x2\" the way down to base is 2 steps long. | "},
	{DIAMOND, "-1",
     "target \"-1\" leads down, not up |  | "
     "migrate_revert() takes \"-1\"; here write \"+1\"."},
	{DIAMOND, "+0", "target \"+0\" asks for no step |  | Write \"+1\"."},
	{DIAMOND, "x1+1+1", "+x1 +x2"},
	/* A minus may belong to a name. */
	{DATED, "2024-01-05_a", "+2024 +2024-01-05_a"},
	{DATED, "2024-01-05", "+2024 +2024-01-05_a"},
	{DATED, "2024-01-07",
     "revision \"2024-01-07\" does not exist |  | "
     "The closest name is \"2024-01-05_a\"."},
	{DATED, "2024+1", "+2024 +2024-01-05_a"},
	{DATED, "2024-01-05_a+1", "+2024 +2024-01-05_a +2024-01-06_b"},
	{DATED, "2024-01-06_b-1", "+2024 +2024-01-05_a"},
	{DATED, "2024-0",
     "revision \"2024-0\" is ambiguous | It could be "
     "\"2024-01-05_a\" and \"2024-01-06_b\". | "
     "Write more of the name."},
	{"2024-01-05_a; 2024-01-06_b < 2024-01-05_a", "2024-01",
     "revision \"2024-01\" is ambiguous | It could be \"2024-01-05_a\" and "
     "\"2024-01-06_b\". | Write more of the name."},
	/* Late ones are pending. */
	{LATE, "heads", "+b +d +e"},
	{LATE, "c", "+b"},
	{LATE, "current", "+b"},
	{LATE, "d", "+b +d"},
	/* Targets that make no sense. */
	{DIAMOND, "l2 b",
     "targets \"b\" and \"l2\" overlap | "
     "Revision \"l2\" includes revision \"b\". | Write \"l2\" alone."},
	{DIAMOND, "a:b",
     "target \"a:b\" is a range |  | Write only the revision to go to."},
	{DIAMOND, " ",
     "target has no name |  | Write an identifier, a label, head, heads, "
     "base or current."},
	{DIAMOND, "y",
     "revision \"y\" does not exist |  | The closest name is \"a\"."},
	{DIAMOND, "y@heads",
     "branch \"y\" does not exist |  | The closest name is \"a\"."},
	{"~b < a; c < b", "head", "+b +c"},
	{"~b < a ^ lab; c < a", "heads", "+b +c"},
};

static const Row reverts[] = {
	{"", "base", ""},
	{ALL_DONE, "base", "-x2 -m -x1 -r2 -r1 -l2 -l1 -b -a"},
	{ALL_DONE, "b", "-m -r2 -r1 -l2 -l1"},
	{ALL_DONE, "left@b", "-m -l2 -l1"},
	{ALL_DONE, "r2@b", "-m -r2 -r1"},
	{ALL_DONE, "m@b", "-m -r2 -r1 -l2 -l1"},
	{ALL_DONE, "a@b",
     "branch \"a\" does not begin above revision \"b\" |  | "
     "Name the branch by a revision or label on it that is above where it "
     "begins."},
	{ALL_DONE, "left@base", "-m -r2 -r1 -l2 -l1 -b -a"},
	{ALL_DONE, "x2@base", "-x2 -m -x1"},
	{ALL_DONE, "x1", "-x2"},
	{ALL_DONE, "m", ""},
	{ALL_DONE, "current",
     "target \"current\" stands for several revisions | "
     "They are \"m\" and \"x2\". | Name one of them."},
	{ALL_DONE, "-1",
     "target \"-1\" could count from several revisions | "
     "They are \"m\" and \"x2\". | Name the one that is meant, as in "
     "\"m-1\"."},
	{ALL_DONE, "x2@-1", "-x2"},
	{ALL_DONE, "x2@-2", "-x2 -m -x1"},
	{ALL_DONE, "x2@-3",
     "target \"x2@-3\" goes too far | "
     "From \"x2\" the way down to base is 2 steps long. | "},
	{ALL_DONE, "left@-1",
     "target \"left@-1\" is ambiguous | "
     "Revision \"m\" revises \"l2\" and \"r2\". | Name the revision itself."},
	{ALL_DONE, "r2-1", "-m -r2"},
	{ALL_DONE, "a+1", "-m -r2 -r1 -l2 -l1"},
	{LEFT_DONE, "-1", "-l2"},
	{LEFT_DONE, "-3", "-l2 -l1 -b"},
	{LEFT_DONE, "-4", "-l2 -l1 -b -a"},
	{LEFT_DONE, "l1", "-l2"},
	{LEFT_DONE, "l2", ""},
	{LEFT_DONE, "base", "-l2 -l1 -b -a"},
	{LEFT_DONE, "r1",
     "revision \"r1\" is not applied | Nor is any revision that descends from "
     "it, so there is nothing to revert. | "},
	{LEFT_DONE, "nosuch@base", "branch \"nosuch\" does not exist |  | "},
	{LEFT_DONE, "x1@-1", "nothing of branch \"x1\" is applied |  | "},
	{DIAMOND, "-1", "no revision is applied |  | "},
	{DIAMOND, "base", ""},
	{LEFT_DONE, "+1",
     "target \"+1\" leads up, not down |  | "
     "migrate_apply() takes \"+1\"; here write \"-1\"."},
	{LEFT_DONE, "-0", "target \"-0\" asks for no step |  | Write \"-1\"."},
	{LEFT_DONE, "a b", "a revert takes one target, not \"a b\" |  | "},
	{LEFT_DONE, " l1 ", "-l2"},
	{LEFT_DONE, "",
     "target has no name |  | Write an identifier, a label, head, heads, "
     "base or current."},
	/* One line above: a label below it does not filter it away. */
	{"a* : lab; b* < a", "lab@a", "-b"},
	/* A branch that is there only as a dependency. */
	{"a*; b* < a ^ x; x*; y < x : lab", "lab@-1", "-b -x"},
	/* Only a dependent lies above. */
	{"a*; b* ^ a", "a",
     "nothing above revision \"a\" is applied | "
     "Applied revisions depend on it, but none revises it. | "},
	{"a*; b* < a; c* ^ b", "a", "-c -b"},
	/* With gaps: only what is applied goes. */
	{LATE, "a", "-o -c"},
	{LATE, "b", "-c"},
	{LATE, "base", "-o -c -a"},
	{LATE, "c", ""},
	{DATED, "2024-01-07",
     "revision \"2024-01-07\" does not exist |  | "
     "The closest name is \"2024-01-05_a\"."},
};

static const Row stamps[] = {
	{DIAMOND, "heads", "+a +b +l1 +l2 +r1 +r2 +x1 +m +x2"},
	{DIAMOND, "b", "+a +b"},
	{DIAMOND, "", ""},
	{LEFT_DONE, "r1", "+r1"},
	{LEFT_DONE, "l1", "-l2"},
	{LEFT_DONE, "m", "+r1 +r2 +x1 +m"},
	{LEFT_DONE, "x2", "+x1 +x2"},
	{LEFT_DONE, "l2", ""},
	{LEFT_DONE, "current", ""},
	{LEFT_DONE, "base", "-l2 -l1 -b -a"},
	{LEFT_DONE, "", "-l2 -l1 -b -a"},
	/* All rows above take one step down together; a branch beside stays. */
	{BOTH_DONE, "b", "-r2 -r1 -l2 -l1"},
	{BOTH_DONE, "l1", "-l2"},
	{BOTH_DONE, "left@b", "-r2 -r1 -l2 -l1"},
	{ALL_DONE, "l2", "-m -r2 -r1"},
	{ALL_DONE, "x1", "-x2 -m -r2 -r1 -l2 -l1 -b -a"},
	{ALL_DONE, "x2", ""},
	{ALL_DONE, "l2 x1", "-x2 -m -r2 -r1"},
	/* Every target is applied afterwards. */
	{DIAMOND, "b l1", "+a +b +l1"},
	{LEFT_DONE, "l2 r1", "+r1"},
	{LATE, "c", "+b"},
	{LATE, "heads", "+b +d +e"},
	{LATE, "b", "-o -c +b"},
	{LATE, "e", "+e"},
	{DIAMOND, "nosuch", "revision \"nosuch\" does not exist |  | "},
	{LEFT_DONE, "+1",
     "revision \"+1\" does not exist |  | Relative steps count only where "
     "revisions are applied, reverted or listed."},
};

static const Row purges[] = {
	{LEFT_DONE, "r1", "-l2 -l1 +r1"},
	{LEFT_DONE, "base", "-l2 -l1 -b -a"},
	{LEFT_DONE, "l2", ""},
	{LEFT_DONE, "x1", "-l2 -l1 -b -a +x1"},
};

static const Row histories[] = {
	{DIAMOND, "", "x2 m x1 r2 r1 l2 l1 b a"},
	{DIAMOND, ":", "x2 m x1 r2 r1 l2 l1 b a"},
	{DIAMOND, "base:heads", "x2 m x1 r2 r1 l2 l1 b a"},
	{DIAMOND, "b:", "m r2 r1 l2 l1 b"},
	{DIAMOND, ":l2", "l2 l1 b a"},
	{DIAMOND, "b:l2", "l2 l1 b"},
	{DIAMOND, "l2:l2", "l2"},
	{DIAMOND, "a:+2",
     "target \"+2\" is ambiguous | "
     "Revision \"b\" is revised by \"l1\" and \"r1\". | "
     "Name the revision itself, or the branch as in \"branch@+1\"."},
	{DIAMOND, "l1:+1", "l2 l1"},
	{DIAMOND, "x1:+9", "x2 x1"},
	{DIAMOND, "r2:m-1",
     "target \"m-1\" is ambiguous | "
     "Revision \"m\" revises \"l2\" and \"r2\". | Name the revision itself."},
	{LEFT_DONE, ":current", "l2 l1 b a"},
	{LEFT_DONE, "current:", "m l2"},
	{LEFT_DONE, "current:current", "l2"},
	{DIAMOND, ":current", "x2 m x1 r2 r1 l2 l1 b a"},
	{DIAMOND, "x2:m",
     "revision \"x2\" is not an ancestor of \"m\" |  | "
     "A range goes from the older to the newer revision."},
	{DIAMOND, "left@b:m", "m r2 r1 l2 l1 b"},
	{DIAMOND, "b@b:m",
     "revision \"b\" does not stand for one label |  | "
     "Write a label before the @."},
	{DIAMOND, "l2",
     "range \"l2\" has no colon |  | Write \"l2:\" for all from there on, or "
     "\":l2\" for all up to it."},
	{DIAMOND, "a:b:c", "range \"a:b:c\" has more than one colon |  | "},
	{DIAMOND, "y:",
     "revision \"y\" does not exist |  | "
     "The closest name is \"a\"."},
	{DIAMOND, "-9:m",
     "target \"-9\" is ambiguous | "
     "Revision \"m\" revises \"l2\" and \"r2\". | Name the revision itself."},
};

/* Where the table expects a failure, that; else the steps. */
static bool
check_row(Unit *u, Mig *m, MigGraph *g, const Row *row, bool ok, MigStr steps)
{
	char text[1600];

	(void) g;
	if (!ok)
		steps = shape_failure(m, text, sizeof(text));
	return unit_check(u, ok || m->status.code == MIG_TARGET, __FILE__,
	                  __LINE__, "a target's failure") &&
	       unit_check_str(u, steps, row->steps, __FILE__, __LINE__, "steps");
}

typedef bool (*Planner)(MigGraph *g, MigStr target, MigPlan *plan);

static bool
plan_stamp(MigGraph *g, MigStr target, MigPlan *plan)
{
	return mig_plan_stamp(g, target, false, plan);
}

static bool
plan_purge(MigGraph *g, MigStr target, MigPlan *plan)
{
	return mig_plan_stamp(g, target, true, plan);
}

static void
check_rows(Unit *u, const Row *rows, size_t count, Planner planner)
{
	Mig *m = unit_mig(u, &mig_postgresql);

	for (size_t i = 0; i < count; i++)
	{
		MigStr steps = {NULL, 0};
		MigPlan plan;
		MigGraph g;
		bool ok;

		unit_row(u, "\"%s\" in %s", rows[i].target, rows[i].graph);
		CHECK(u, shape_build(m, &g, rows[i].graph));
		ok = planner(&g, mig_str(rows[i].target), &plan);
		if (ok)
			steps = shape_steps(&g, &plan);
		if (!check_row(u, m, &g, &rows[i], ok, steps))
			return;
	}
}

#define CHECK_ROWS(rows, planner)                                             \
	check_rows(u, rows, sizeof(rows) / sizeof((rows)[0]), planner)

static void
test_apply(Unit *u)
{
	CHECK_ROWS(applies, mig_plan_apply);
}

static void
test_revert(Unit *u)
{
	CHECK_ROWS(reverts, mig_plan_revert);
}

static void
test_stamp(Unit *u)
{
	CHECK_ROWS(stamps, plan_stamp);
}

static void
test_purge(Unit *u)
{
	CHECK_ROWS(purges, plan_purge);
}

static void
test_history(Unit *u)
{
	Mig *m = unit_mig(u, &mig_postgresql);

	for (size_t i = 0; i < sizeof(histories) / sizeof(histories[0]); i++)
	{
		const Row *row = &histories[i];
		MigStr ids = {NULL, 0};
		int32_t *nodes;
		int count;
		MigGraph g;
		bool ok;

		unit_row(u, "\"%s\" in %s", row->target, row->graph);
		CHECK(u, shape_build(m, &g, row->graph));
		ok = mig_plan_history(&g, mig_str(row->target), &nodes, &count);
		if (ok)
			ids = shape_ids(&g, nodes, count);
		if (!check_row(u, m, &g, row, ok, ids))
			return;
	}
}

static void
test_current(Unit *u)
{
	Mig *m = unit_mig(u, &mig_postgresql);
	int32_t *nodes;
	int count;
	MigGraph g;

	CHECK(u, shape_build(m, &g, ALL_DONE));
	CHECK(u, mig_plan_current(&g, &nodes, &count));
	CHECK_STR(u, shape_ids(&g, nodes, count), "m x2");
	CHECK(u, shape_build(m, &g, "a*; b* < a; x*; y* < b ^ x"));
	CHECK(u, mig_plan_current(&g, &nodes, &count));
	CHECK_STR(u, shape_ids(&g, nodes, count), "y");
	CHECK(u, mig_plan_tips(&g, &nodes, &count));
	CHECK_STR(u, shape_ids(&g, nodes, count), "x y");
	/* Over a gap c is the top all the same. */
	CHECK(u, shape_build(m, &g, LATE));
	CHECK(u, mig_plan_current(&g, &nodes, &count));
	CHECK_STR(u, shape_ids(&g, nodes, count), "c o");
}

static void
test_assume(Unit *u)
{
	Mig *m = unit_mig(u, &mig_postgresql);
	int32_t *nodes;
	int count;
	MigGraph g;

	CHECK(u, shape_build(m, &g, BOTH_DONE));
	CHECK(u, mig_plan_assume(&g, MIG_LIT("l1 x1")));
	CHECK(u, mig_plan_current(&g, &nodes, &count));
	CHECK_STR(u, shape_ids(&g, nodes, count), "l1 x1");
	CHECK(u, g.nodes[0].flags == MIG_NODE_APPLIED);
	CHECK(u, mig_plan_assume(&g, MIG_LIT("base")));
	CHECK(u, mig_plan_current(&g, &nodes, &count) && count == 0);
	CHECK(u, !mig_plan_assume(&g, MIG_LIT("l9")));
}

static void
test_names(Unit *u)
{
	CHECK_STR(u, mig_str(mig_action_name(MIG_APPLY)), "apply");
	CHECK_STR(u, mig_str(mig_action_name(MIG_REVERT)), "revert");
	CHECK_STR(u, mig_str(mig_action_name(MIG_STAMP)), "stamp");
	CHECK_STR(u, mig_str(mig_action_name(MIG_UNSTAMP)), "unstamp");
}

const UnitTest unit_plan[] = {
	{"apply", test_apply, 0},
	{"revert", test_revert, 0},
	{"stamp", test_stamp, 0},
	{"purge", test_purge, 0},
	{"history", test_history, 0},
	{"current", test_current, 0},
	{"assume", test_assume, 0},
	{"names", test_names, 0},
	{NULL, NULL, 0},
};
