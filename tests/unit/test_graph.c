#include <stdio.h>
#include <string.h>

#include "reach.h"
#include "shape.h"
#include "text.h"

static const struct
{
	const char *graph;
	const char *order;
	const char *newest; /* the same, newest first */
} orders[] = {
	{"", "", ""},
	{"a", "a", "a"},
	{"a; b < a; c < b", "a b c", "c b a"},
	{"c < b; a; b < a", "a b c", "c b a"},
	{"z; y < z; x < y", "z y x", "x y z"},
	/* Two lines: the smallest id that may come next. */
	{"a; d < a; b; c < b", "a b c d", "d c b a"},
	{"d; a < d; b; c < b", "b c d a", "c b a d"},
	/* A merge waits for all of its parents. */
	{"a; b < a; c < a; m < c b", "a b c m", "m c b a"},
	{"r; m < a z; a < r; z < r", "r a z m", "m z a r"},
	/* A dependency counts as a parent does, also under a label. */
	{"a ^ b; b", "b a", "a b"},
	{"a ^ x; b : x", "b a", "a b"},
	{"a; b < a ^ a", "a b", "b a"},
	/* Ids that differ late. */
	{"z00000000b; z00000000a; k", "k z00000000a z00000000b",
     "z00000000b z00000000a k"},
};

static void
test_order(Unit *u)
{
	Mig *m = unit_mig(u, &mig_postgresql);

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
	{
		int32_t out[8];
		int32_t count;
		MigGraph g;

		unit_row(u, "%s", orders[i].graph);
		CHECK(u, shape_build(m, &g, orders[i].graph));
		CHECK_STR(u, shape_ids(&g, g.order, g.count), orders[i].order);
		CHECK(u, mig_set_order(&g, NULL, true, out, &count));
		CHECK_STR(u, shape_ids(&g, out, count), orders[i].newest);
		for (int32_t n = 1; n < g.count; n++)
			CHECK(u, mig_str_cmp(g.nodes[n - 1].id, g.nodes[n].id) < 0);
	}
}

/* Of some members only, but over those that are none. */
static void
test_order_part(Unit *u)
{
	Mig *m = unit_mig(u, &mig_postgresql);
	int32_t out[8];
	int32_t count;
	MigGraph g;
	MigSet s;

	CHECK(u, shape_build(m, &g, "z; m < z; a < m; b; c < b"));
	s = mig_set_new(&g);
	CHECK(u, s != NULL);
	mig_set_put(s, mig_graph_find(&g, MIG_LIT("z")));
	mig_set_put(s, mig_graph_find(&g, MIG_LIT("a")));
	mig_set_put(s, mig_graph_find(&g, MIG_LIT("c")));
	CHECK(u, mig_set_order(&g, s, false, out, &count));
	CHECK_STR(u, shape_ids(&g, out, count), "c z a");
	CHECK(u, mig_set_order(&g, s, true, out, &count));
	CHECK_STR(u, shape_ids(&g, out, count), "c a z");
}

static const struct
{
	const char *graph;
	const char *failure;
	int blamed;
} failures[] = {
	{"a1b3; b2c3 < a1b1",
     "parent \"a1b1\" of revision \"b2c3\" does not exist |  | "
     "The closest revision is \"a1b3\".",
     1},
	{"a ^ nowhere",
     "dependency \"nowhere\" of revision \"a\" does not exist |  | "
     "Its script has to be there before, or together with, this one.",
     0},
	{"a ^ userz; b : users",
     "dependency \"userz\" of revision \"a\" does not exist |  | "
     "The closest revision is \"users\".",
     0},
	{"a : users; b < users",
     "parent \"users\" of revision \"b\" does not exist |  | "
     "\"users\" is a label; what a revision revises is named by its "
     "identifier, here \"a\".",
     1},
	{"a; b < a; a",
     "revision \"a\" is there twice |  | "
     "Give one of the two scripts another identifier.",
     2},
	{"a : x; b : x",
     "label \"x\" of revision \"b\" is already taken | "
     "It is also a label of revision \"a\". | "
     "A label belongs to one revision; its descendants have it through that "
     "one.",
     1},
	{"a : b; b",
     "label \"b\" of revision \"a\" is already taken | "
     "It is the identifier of revision \"b\". | "
     "A label belongs to one revision; its descendants have it through that "
     "one.",
     0},
	{"a : x y x",
     "label \"x\" of revision \"a\" is already taken | "
     "The revision lists it twice. | "
     "A label belongs to one revision; its descendants have it through that "
     "one.",
     0},
	{"a < a", "revision \"a\" revises itself | The cycle is a -> a. | ", 0},
	{"a : x; b < a ^ b",
     "revision \"b\" depends on itself | The cycle is b -> b. | ", 1},
	{"a : x ^ x", "revision \"a\" depends on itself | The cycle is a -> a. | ",
     0},
	{"b < c; c < d; d < b; e < b",
     "revisions form a cycle | The cycle is b -> c -> d -> b. | ", 0},
	{"a < z; z < y; y < z",
     "revisions form a cycle | The cycle is y -> z -> y. | ", 2},
	/* A base below and a head above hide nothing. */
	{"a; b < a c; c < b; d < c",
     "revisions form a cycle | The cycle is b -> c -> b. | ", 1},
	{"r0; r1 < r0 ^ r2; r2 < r1 r0; r3 < r1 r2",
     "revisions and their dependencies form a cycle | "
     "The cycle is r1 -> r2 -> r1. | ",
     1},
	{"a ^ b; b ^ a",
     "revisions and their dependencies form a cycle | "
     "The cycle is a -> b -> a. | ",
     0},
	{"a < b; b < c; c < d; d < e; e < f; f < g; g < h; h < i; i < a",
     "revisions form a cycle | "
     "The cycle is a -> b -> c -> d -> e -> (3 more) -> i -> a. | ",
     0},
	{"a < b; b < c; c < d; d < e; e < f; f < g; g < a",
     "revisions form a cycle | "
     "The cycle is a -> b -> c -> d -> e -> f -> g -> a. | ",
     0},
};

static void
test_failures(Unit *u)
{
	Mig *m = unit_mig(u, &mig_postgresql);

	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++)
	{
		char text[1600];
		MigGraph g;

		unit_row(u, "%s", failures[i].graph);
		CHECK(u, !shape_build(m, &g, failures[i].graph));
		CHECK(u, m->status.code == MIG_GRAPH);
		CHECK_STR(u, shape_failure(m, text, sizeof(text)),
		          failures[i].failure);
		CHECK(u, g.blamed == failures[i].blamed);
	}
}

static void
test_edges(Unit *u)
{
	Mig *m = unit_mig(u, &mig_postgresql);
	const MigNode *n;
	MigGraph g;

	CHECK(u, shape_build(m, &g,
	                     "d < a a, a ^ b b; a : x; c < b a; b; e ^ x a; f < "
	                     "a"));
	n = &g.nodes[mig_graph_find(&g, MIG_LIT("a"))];
	CHECK_STR(u, mig_graph_list(&g, n->up, n->nup), "c d f");
	CHECK_STR(u, mig_graph_list(&g, n->users, n->nusers), "e");
	CHECK_STR(u, mig_graph_list(&g, n->down, n->ndown), NULL);
	CHECK(u, mig_node_is_base(n) && mig_node_is_branch_point(n));
	CHECK(u, !mig_node_is_head(n) && !mig_node_is_merge_point(n));
	n = &g.nodes[mig_graph_find(&g, MIG_LIT("c"))];
	CHECK_STR(u, mig_graph_list(&g, n->down, n->ndown), "b a");
	CHECK(u, mig_node_is_merge_point(n) && mig_node_is_real_head(n));
	n = &g.nodes[mig_graph_find(&g, MIG_LIT("d"))];
	CHECK_STR(u, mig_graph_list(&g, n->down, n->ndown), "a");
	CHECK_STR(u, mig_graph_list(&g, n->deps, n->ndeps), "b");
	CHECK(u, n->tag == 0 && !mig_node_is_merge_point(n));
	CHECK(u, mig_graph_find(&g, MIG_LIT("x")) == -1);
	CHECK(u, mig_graph_lookup(&g, MIG_LIT("x")) == 0);
	CHECK(u, mig_graph_lookup(&g, MIG_LIT("y")) == -1);

	/* A head that something depends on is no real one. */
	CHECK(u, shape_build(m, &g, "a; b ^ a"));
	CHECK(u, mig_node_is_head(&g.nodes[0]));
	CHECK(u, !mig_node_is_real_head(&g.nodes[0]));
}

/* What was not loaded becomes applied nodes of its own. */
static void
test_partial(Unit *u)
{
	Mig *m = unit_mig(u, &mig_postgresql);
	uint32_t both = MIG_NODE_APPLIED | MIG_NODE_EXTERNAL;
	MigGraph g;

	CHECK(u, shape_build(m, &g, "~m < k; n < m j ^ lab k; o < n ^ x; p : x"));
	CHECK_STR(u, shape_ids(&g, g.order, g.count), "j k lab m n p o");
	CHECK(u, g.nodes[0].flags == both && g.nodes[0].tag == -1);
	CHECK(u, g.nodes[1].flags == both && g.nodes[1].ndown == 0);
	CHECK(u, g.nodes[2].flags == both && g.nodes[2].nusers == 1);
	CHECK(u, g.nodes[3].flags == 0 && g.nodes[3].tag == 0);
	CHECK(u, !shape_build(m, &g, "~m < k; n < n"));
	CHECK(u, !shape_build(m, &g, "~m < n; n < m"));
}

static const struct
{
	const char *graph;
	const char *labels;
} spreads[] = {
	{"a", ""},
	{"a : x; b < a; c < b", "a=x b=x c=x"},
	/* Downwards too, along a line. */
	{"a; b < a : x; c < b", "a=x b=x c=x"},
	{"a; b < a; c < b : x y", "a=x,y b=x,y c=x,y"},
	/* Not where it branches above. */
	{"a; b < a : x; c < b; d < b", "b=x c=x d=x"},
	/* Not to a branch point, nor beyond it. */
	{"r; a < r; b < a : x; c < a", "b=x"},
	/* Nor to one that a dependency makes. */
	{"a; b < a; c < b : x; d ^ a", "b=x c=x"},
	{"a; b < a; c < b : x; d ^ c", "a=x b=x c=x"},
	{"a; b < a : x; c ^ a; d ^ a", "b=x"},
	/* Nor anything from below a branch point. */
	{"a; b < a : x; c < b; d < c; e < c", "b=x c=x d=x e=x"},
	/* A child that also depends is one child. */
	{"a; b < a ^ a : x", "a=x b=x"},
	/* Not to a merge, nor from below one. */
	{"a; b; m < a b; n < m : x", "n=x"},
	{"a : x; b; m < a b; n < m", "a=x m=x n=x"},
	{"a; b; m < a b : x", "m=x"},
	/* Not along dependencies. */
	{"a : x; b ^ a", "a=x"},
	/* Those of several ancestors, sorted. */
	{"a : z; b : y; m < a b : q", "a=z b=y m=q,y,z"},
	{"a : z; b < a : y; c < b", "a=y,z b=y,z c=y,z"},
};

static MigStr
labels_text(MigGraph *g, const MigStr *labels)
{
	MigText t = {g->m, NULL, 0, 0};

	for (int32_t i = 0; i < g->count; i++)
	{
		MigStr list = labels[i], word;
		const char *gap = "=";

		if (list.at == NULL)
			continue;
		mig_text_fmt(&t, "%s%.*s", t.len > 0 ? " " : "",
		             MIG_S(g->nodes[i].id));
		while (mig_str_next(&list, &word))
		{
			mig_text_fmt(&t, "%s%.*s", gap, MIG_S(word));
			gap = ",";
		}
	}
	return mig_text_str(&t);
}

static void
test_labels(Unit *u)
{
	Mig *m = unit_mig(u, &mig_postgresql);

	for (size_t i = 0; i < sizeof(spreads) / sizeof(spreads[0]); i++)
	{
		MigStr *labels;
		MigGraph g;

		unit_row(u, "%s", spreads[i].graph);
		CHECK(u, shape_build(m, &g, spreads[i].graph));
		labels = mig_graph_labels(&g);
		CHECK(u, labels != NULL);
		CHECK_STR(u, labels_text(&g, labels), spreads[i].labels);
	}
}

static void
test_reach(Unit *u)
{
	Mig *m = unit_mig(u, &mig_postgresql);
	int32_t *nodes;
	int count;
	MigGraph g;
	MigSet s;

	CHECK(u, shape_build(m, &g, "a*; b < a; c < b ^ x; d < c; x*; y < x"));
	s = mig_set_of(&g, (int32_t[]){2}, 1);
	CHECK(u, s != NULL);
	mig_set_below(&g, s, MIG_DOWN_EDGES);
	CHECK(u, mig_set_list(&g, s, &nodes, &count));
	CHECK_STR(u, shape_ids(&g, nodes, count), "a b c");
	mig_set_below(&g, s, MIG_ALL_EDGES);
	CHECK(u, mig_set_count(&g, s) == 4 && mig_set_has(s, 4));
	s = mig_set_of(&g, (int32_t[]){4}, 1);
	CHECK(u, s != NULL);
	mig_set_above(&g, s, MIG_DOWN_EDGES);
	CHECK(u, mig_set_list(&g, s, &nodes, &count));
	CHECK_STR(u, shape_ids(&g, nodes, count), "x y");
	mig_set_above(&g, s, MIG_ALL_EDGES);
	CHECK(u, mig_set_list(&g, s, &nodes, &count));
	CHECK_STR(u, shape_ids(&g, nodes, count), "c d x y");
	s = mig_set_ancestors(&g, s, MIG_ALL_EDGES);
	CHECK(u, s != NULL && mig_set_list(&g, s, &nodes, &count));
	CHECK_STR(u, shape_ids(&g, nodes, count), "a b c x");
	s = mig_set_maximal(&g, MIG_ALL_EDGES);
	CHECK(u, s != NULL && mig_set_list(&g, s, &nodes, &count));
	CHECK_STR(u, shape_ids(&g, nodes, count), "a x");
}

static uint32_t
chance(uint32_t *state, uint32_t below)
{
	*state = *state * 1664525u + 1013904223u;
	return (*state >> 8) % below;
}

#define RANDOM_NODES 24

/* The slow way: again and again the smallest whose parents have come. */
static void
check_order(Unit *u, const MigGraph *g)
{
	bool come[RANDOM_NODES] = {false};

	for (int32_t i = 0; i < g->count; i++)
	{
		int32_t best = -1;

		for (int32_t n = g->count; n-- > 0;)
		{
			bool free = !come[n];

			for (int32_t e = 0; e < g->nodes[n].ndown; e++)
				free = free && come[g->edges[g->nodes[n].down + e]];
			for (int32_t e = 0; e < g->nodes[n].ndeps; e++)
				free = free && come[g->edges[g->nodes[n].deps + e]];
			if (free)
				best = n;
		}
		CHECK(u, best >= 0 && g->order[i] == best);
		come[best] = true;
	}
}

static void
test_random(Unit *u)
{
	Mig *m = unit_mig(u, &mig_postgresql);
	uint32_t state = 7;

	for (int round = 0; round < 200; round++)
	{
		char ids[RANDOM_NODES][16];
		char lists[RANDOM_NODES][2][64] = {{{0}}};
		int count = 1 + (int) chance(&state, RANDOM_NODES);
		MigGraph g;

		unit_row(u, "round %d", round);
		for (int i = 0; i < count; i++)
			snprintf(ids[i], sizeof(ids[i]), "%c%02d",
			         (char) ('a' + chance(&state, 26)), i);
		for (int i = 1; i < count; i++)
			for (uint32_t k = chance(&state, 4); k > 0; k--)
			{
				char *list = lists[i][chance(&state, 2)];
				uint32_t p = chance(&state, (uint32_t) i);

				snprintf(list + strlen(list), 64 - strlen(list), " %s",
				         ids[p]);
			}
		CHECK(u, mig_graph_init(m, &g, (size_t) count));
		for (int i = count; i-- > 0;)
			CHECK(u, mig_graph_add(&g, mig_str(ids[i]), mig_str(lists[i][0]),
			                       mig_str(lists[i][1]), mig_str(NULL), i));
		CHECK(u, mig_graph_build(&g));
		check_order(u, &g);
	}
}

#define MANY 100000

/* A long history with branches and merges fits a modest arena, whether it
   comes sorted or not. */
static void
test_many(Unit *u)
{
	static char ids[MANY][16];
	static char merges[MANY / 10][32];

	for (int turned = 0; turned < 2; turned++)
	{
		Mig *m = unit_mig_blocks(u, &mig_postgresql);
		MigGraph g;
		MigPlan plan;

		CHECK(u, mig_graph_init(m, &g, MANY));
		for (int i = 0; i < MANY; i++)
			snprintf(ids[i], sizeof(ids[i]), "2026%08d", i);
		for (int k = 0; k < MANY; k++)
		{
			int i = turned ? MANY - 1 - k : k;
			MigStr down = {NULL, 0};

			/* In each ten: 1 to 4 are a line, 5 to 8 another, 9 joins. */
			if (i % 10 == 9)
			{
				snprintf(merges[i / 10], sizeof(merges[0]), "%s %s",
				         ids[i - 1], ids[i - 5]);
				down = mig_str(merges[i / 10]);
			}
			else if (i > 0)
				down = mig_str(ids[i % 10 == 5 ? i - 5 : i - 1]);
			CHECK(u, mig_graph_add(&g, mig_str(ids[i]), down, mig_str(NULL),
			                       mig_str(NULL), i));
		}
		CHECK(u, mig_graph_build(&g));
		CHECK(u, g.order[MANY - 1] == MANY - 1);
		CHECK(u, m->used / MANY < (turned ? 170u : 140u));
		CHECK(u, mig_plan_apply(&g, MIG_LIT("heads"), &plan));
		CHECK(u, plan.count == MANY && plan.steps[0].node == 0);
		CHECK(u, m->used / MANY < 210u);
	}
}

const UnitTest unit_graph[] = {
	{"order", test_order, 0},       {"order_part", test_order_part, 0},
	{"failures", test_failures, 0}, {"edges", test_edges, 0},
	{"partial", test_partial, 0},   {"labels", test_labels, 0},
	{"reach", test_reach, 0},       {"random", test_random, UNIT_ONCE},
	{"many", test_many, UNIT_ONCE}, {NULL, NULL, 0},
};
