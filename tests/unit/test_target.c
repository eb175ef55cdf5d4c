#include <string.h>

#include "shape.h"
#include "target.h"

/*
 * A stem of two, a branch with a label on it, one without, a merge of both
 * that depends on a line of its own.
 *
 *     ab12 - abc3 - 1111users (users) - 1112 -.
 *                \- 2221 - 2222 ------------- 3333 ^ eee2
 *     eee1 (extra) - eee2
 */
#define TWO                                                                   \
	"ab12*; abc3* < ab12; 1111users* < abc3 : users; 1112 < 1111users; "      \
	"2221* < abc3; 2222 < 2221; eee1 : extra; eee2 < eee1; "                  \
	"3333 < 1112 2222 ^ eee2"

/* The same without the merge: three heads. */
#define THREE                                                                 \
	"ab12*; abc3* < ab12; 1111users* < abc3 : users; 1112 < 1111users; "      \
	"2221* < abc3; 2222 < 2221; eee1 : extra; eee2 < eee1"

/* Identifiers that could be read otherwise. */
#define ODD                                                                   \
	"2024; 2024-01-05_a < 2024; 2024-01-06_b < 2024-01-05_a; -1x < "          \
	"2024-01-06_b; 1.0 < -1x; x < 1.0 : v1"

static const struct
{
	const char *graph;
	const char *name;
	const char *ids; /* or a failure, with a | in it */
} many[] = {
	{"", "heads", ""},
	{"", "head", ""},
	{"", "base", ""},
	{"", "current", ""},
	{"", "x",
     "revision \"x\" does not exist |  | No scripts have been added yet."},
	{TWO, "heads", "3333"},
	{TWO, "head",
     "there is more than one head | The heads are \"3333\" and \"eee2\". | "
     "Write \"heads\" for all of them, name one, or join them by "
     "migrate_merge()."},
	{TWO, "base", ""},
	{TWO, "current", "1111users 2221"},
	{TWO, "users@current", "1111users"},
	{THREE, "heads", "1112 2222 eee2"},
	{THREE, "users@head", "1112"},
	{THREE, "users@heads", "1112"},
	{THREE, "abc3@heads", "1112 2222"},
	{THREE, "abc3@head",
     "branch \"abc3\" has more than one head | "
     "The heads are \"1112\" and \"2222\". | "
     "Write \"heads\" for all of them, name one, or join them by "
     "migrate_merge()."},
	{THREE, "extra@head", "eee2"},
	{TWO, "users@heads", "3333"},
	{THREE, "users@base", ""},
	{THREE, "nosuch@base", "branch \"nosuch\" does not exist |  | "},
	{THREE, "user@head", "1112"},
	{THREE, "usres@head",
     "branch \"usres\" does not exist |  | "
     "The closest name is \"users\"."},
	{THREE, "@heads", "1112 2222 eee2"},
	/* Whole names, then what they begin. */
	{THREE, "abc3", "abc3"},
	{THREE, "users", "1111users"},
	{THREE, "use", "1111users"},
	{THREE, "a",
     "revision \"a\" is ambiguous | It could be \"ab12\" and \"abc3\". | "
     "Write more of the name."},
	{THREE, "e",
     "revision \"e\" is ambiguous | "
     "It could be \"eee1\", \"eee2\" and \"extra\". | "
     "Write more of the name."},
	{"a100; a200; a300; a400; a500; a600; a700", "a",
     "revision \"a\" is ambiguous | It could be \"a100\", \"a200\", \"a300\", "
     "\"a400\", \"a500\" and 2 more. | Write more of the name."},
	{"abc; abcd", "ab", "abcd"},
	{"abc; abd", "ab",
     "revision \"ab\" does not exist |  | The closest name is \"abc\"."},
	{THREE, "ab13",
     "revision \"ab13\" does not exist |  | The closest name is \"ab12\"."},
	{THREE, "",
     "revision has no name |  | Write an identifier, a label, "
     "head, heads, base or current."},
	{THREE, "x@", "branch \"x\" does not exist |  | "},
	/* On a branch. */
	{THREE, "users@ab",
     "revision \"ab\" is ambiguous | "
     "It could be \"ab12\" and \"abc3\". | "
     "Write more of the name."},
	{THREE, "users@1",
     "revision \"1\" is ambiguous | "
     "It could be \"1111users\" and \"1112\". | "
     "Write more of the name."},
	{THREE, "2221@a1", "revision \"a1\" does not exist |  | "},
	{THREE, "users@2221",
     "revision \"2221\" is not on branch \"users\" |  | "
     "A branch is a revision with its ancestors and its descendants; write "
     "\"2221\" alone."},
	{THREE, "users@abc3", "abc3"},
	{THREE, "2222@users",
     "revision \"1111users\" is not on branch \"2222\" |  | "
     "A branch is a revision with its ancestors and its descendants; write "
     "\"users\" alone."},
	/* Steps from the heads. */
	{THREE, "-1", "1111users 2221 eee1"},
	{THREE, "extra@-1", "eee1"},
	{THREE, "2221@-1",
     "no head has the label \"2221\" |  | Name the revision itself."},
	{THREE, "extra@-2", "target \"extra@-2\" leads to base |  | "},
	{THREE, "extra@-3",
     "target \"extra@-3\" goes too far | "
     "From \"eee2\" the way down to base is 2 steps long. | "},
	{TWO, "-1",
     "target \"-1\" is ambiguous | "
     "Revision \"3333\" revises \"1112\" and \"2222\". | "
     "Name the revision itself."},
	{THREE, "abc3+1",
     "revision \"abc3+1\" does not exist |  | "
     "Relative steps count only where revisions are applied, reverted or "
     "listed."},
	{ODD, "-1x", "-1x"},
	{ODD, "1.0", "1.0"},
	{ODD, "2024-01-06", "2024-01-06_b"},
};

static void
test_many(Unit *u)
{
	Mig *m = unit_mig(u, &mig_postgresql);

	for (size_t i = 0; i < sizeof(many) / sizeof(many[0]); i++)
	{
		MigStr name = mig_str(many[i].name);
		char text[1600];
		int32_t *nodes;
		int count;
		MigGraph g;

		unit_row(u, "%s in %s", many[i].name, many[i].graph);
		CHECK(u, shape_build(m, &g, many[i].graph));
		if (mig_target_many(&g, name, &nodes, &count))
			CHECK_STR(u, shape_ids(&g, nodes, count), many[i].ids);
		else
			CHECK_STR(u, shape_failure(m, text, sizeof(text)), many[i].ids);
		CHECK(u, mig_ok(m) || m->status.code == MIG_TARGET);
	}
}

static const struct
{
	const char *name;
	const char *id;
} one[] = {
	{"ab12", "ab12"},
	{"base", "(base)"},
	{"users@base", "(base)"},
	{"users@head", "1112"},
	{"nosuch@base", "branch \"nosuch\" does not exist |  | "},
	{"heads", "target \"heads\" stands for several revisions | "
              "They are \"1112\", \"2222\" and \"eee2\". | Name one of them."},
	{"-1", "revision \"-1\" does not exist |  | Relative steps count only "
           "where revisions are applied, reverted or listed."},
};

static void
test_one(Unit *u)
{
	Mig *m = unit_mig(u, &mig_postgresql);

	for (size_t i = 0; i < sizeof(one) / sizeof(one[0]); i++)
	{
		char text[1600];
		int32_t node;
		MigGraph g;

		unit_row(u, "%s", one[i].name);
		CHECK(u, shape_build(m, &g, THREE));
		if (mig_target_one(&g, mig_str(one[i].name), &node))
			CHECK_STR(u, shape_ids(&g, &node, 1), one[i].id);
		else
			CHECK_STR(u, shape_failure(m, text, sizeof(text)), one[i].id);
		CHECK(u, mig_ok(m) || node == node);
	}
}

static void
test_list(Unit *u)
{
	Mig *m = unit_mig(u, &mig_postgresql);
	char text[1600];
	int32_t *nodes;
	int count;
	MigGraph g;

	CHECK(u, shape_build(m, &g, THREE));
	CHECK(u, mig_target_list(&g, MIG_LIT(" heads,ab12 base ab12"), &nodes,
	                         &count));
	CHECK_STR(u, shape_ids(&g, nodes, count), "1112 2222 eee2 ab12 ab12");
	CHECK(u, mig_target_list(&g, MIG_LIT(" "), &nodes, &count));
	CHECK(u, count == 0);

	/* Parents: heads, or any revision to branch off, but each once. */
	CHECK(u, mig_target_parents(&g, MIG_LIT("heads"), &nodes, &count));
	CHECK_STR(u, shape_ids(&g, nodes, count), "1112 2222 eee2");
	CHECK(u, mig_target_parents(&g, MIG_LIT("abc3"), &nodes, &count));
	CHECK_STR(u, shape_ids(&g, nodes, count), "abc3");
	CHECK(u, mig_target_parents(&g, MIG_LIT("base"), &nodes, &count));
	CHECK(u, count == 0);
	CHECK(u,
	      !mig_target_parents(&g, MIG_LIT("abc3 heads abc"), &nodes, &count));
	CHECK_STR(u, shape_failure(m, text, sizeof(text)),
	          "revision \"abc3\" is named twice |  | "
	          "Name every parent once.");
}

const UnitTest unit_target[] = {
	{"many", test_many, 0},
	{"one", test_one, 0},
	{"list", test_list, 0},
	{NULL, NULL, 0},
};
