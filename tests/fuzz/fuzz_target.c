/*
 * fuzz_target.c - any text as a target of every planner, on a graph that has
 * a branch, a merge, labels, dependencies and a gap in what is applied.
 *
 * What must hold: a failure has a message, a plan names each revision once, in
 * an order that its edges allow, and apply names only what is not applied.
 */
#include <stdlib.h>
#include <string.h>

#include "dialect.h"
#include "plan.h"
#include "target.h"

/* No action: such a step must not be there. */
#define MIG_NEVER ((MigAction) 99)

static void *
get(void *context, size_t size)
{
	(void) context;
	return malloc(size);
}

static void
put(void *context, void *memory)
{
	(void) context;
	free(memory);
}

#define MUST(cond)                                                            \
	do                                                                        \
	{                                                                         \
		if (!(cond))                                                          \
			abort();                                                          \
	} while (0)

static const struct
{
	const char *id, *revises, *depends, *labels;
	bool applied;
} revisions[] = {
	{"1.0", "", "", "", true},
	{"1.1", "1.0", "", "v1", true},
	{"2024-01-05_a", "1.1", "", "left", true},
	{"2024-01-06_b", "2024-01-05_a", "", "", false},
	{"2024-01-06_c", "2024-01-06_b", "", "", true},
	{"abcd", "1.1", "", "right", true},
	{"abce", "abcd", "x1", "", false},
	{"joined", "2024-01-06_c abce", "", "", false},
	{"x1", "", "", "lone extra", false},
	{"x2", "x1", "", "", false},
	{"-1y", "x2", "right", "", false},
};

static void
build(Mig *m, MigGraph *g)
{
	int count = (int) (sizeof(revisions) / sizeof(revisions[0]));

	MUST(mig_graph_init(m, g, (size_t) count));
	for (int i = 0; i < count; i++)
		MUST(mig_graph_add(
			g, mig_str(revisions[i].id), mig_str(revisions[i].revises),
			mig_str(revisions[i].depends), mig_str(revisions[i].labels), i));
	MUST(mig_graph_build(g));
	for (int i = 0; i < count; i++)
		if (revisions[g->nodes[i].tag].applied)
			g->nodes[i].flags |= MIG_NODE_APPLIED;
}

static void
check_failure(Mig *m)
{
	MUST(m->status.code == MIG_TARGET && m->status.message[0] != '\0');
	memset(&m->status, 0, sizeof(m->status));
}

/* place[node] is when it comes, from 1; what it needs comes before. */
static void
check_edges(const MigGraph *g, const int *place, bool newest)
{
	for (int32_t i = 0; i < g->count; i++)
	{
		const MigNode *n = &g->nodes[i];
		int32_t end = n->ndown + n->ndeps;

		for (int32_t e = 0; place[i] > 0 && e < end; e++)
		{
			int32_t below =
				g->edges[e < n->ndown ? n->down + e : n->deps + e - n->ndown];

			if (place[below] > 0)
				MUST((place[below] < place[i]) != newest);
		}
	}
}

static void
check_plan(const MigGraph *g, const MigPlan *plan, MigAction up,
           MigAction down, bool newest)
{
	int place[sizeof(revisions) / sizeof(revisions[0])] = {0};

	for (int i = 0; i < plan->count; i++)
	{
		int32_t node = plan->steps[i].node;
		MigAction action = plan->steps[i].action;
		bool applied = g->nodes[node].flags & MIG_NODE_APPLIED;

		MUST(node >= 0 && node < g->count && place[node] == 0);
		MUST(action == (applied ? down : up));
		place[node] = i + 1;
	}
	/* A stamp has both directions: what goes first, and then what comes. */
	if (up != MIG_STAMP)
		check_edges(g, place, newest);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MigMemory memory = {get, put, NULL, 1};
	MigStr text = {(const char *) data, size};
	int32_t *nodes, node;
	MigPlan plan;
	MigGraph g;
	int count;
	Mig m;

	if (size > 4096)
		return 0;
	mig_init(&m, &memory, &mig_sqlite);
	build(&m, &g);
	if (mig_plan_apply(&g, text, &plan))
		check_plan(&g, &plan, MIG_APPLY, MIG_NEVER, false);
	else
		check_failure(&m);
	if (mig_plan_revert(&g, text, &plan))
		check_plan(&g, &plan, MIG_NEVER, MIG_REVERT, true);
	else
		check_failure(&m);
	for (int purge = 0; purge < 2; purge++)
		if (mig_plan_stamp(&g, text, purge, &plan))
			check_plan(&g, &plan, MIG_STAMP, MIG_UNSTAMP, false);
		else
			check_failure(&m);
	if (mig_plan_history(&g, text, &nodes, &count))
		MUST(count >= 0 && count <= g.count);
	else
		check_failure(&m);
	if (!mig_target_many(&g, text, &nodes, &count))
		check_failure(&m);
	if (!mig_target_parents(&g, text, &nodes, &count))
		check_failure(&m);
	if (!mig_target_one(&g, text, &node))
		check_failure(&m);
	if (!mig_plan_assume(&g, text))
		check_failure(&m);
	mig_done(&m);
	return 0;
}
