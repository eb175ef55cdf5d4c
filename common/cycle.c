#include "private.h"

#include "reach.h"
#include "text.h"

/* A parent or dependency of node that is in the set, or -1. *parent tells
   which of the two it is. */
static int32_t
prerequisite(const MigGraph *g, int32_t node, const uint64_t *s, bool *parent)
{
	const MigNode *n = &g->nodes[node];

	*parent = true;
	for (int32_t e = 0; e < n->ndown; e++)
		if (mig_set_has(s, g->edges[n->down + e]))
			return g->edges[n->down + e];
	*parent = false;
	for (int32_t e = 0; e < n->ndeps; e++)
		if (mig_set_has(s, g->edges[n->deps + e]))
			return g->edges[n->deps + e];
	return -1;
}

#define CYCLE_HEAD 5
#define CYCLE_TAIL 2

/* "a -> b -> a", from the smallest id on, which is the one to blame. */
static MigStr
cycle_text(MigGraph *g, const int32_t *nodes, int32_t count)
{
	MigText t = {g->m, NULL, 0, 0};
	int32_t first = 0;

	for (int32_t i = 1; i < count; i++)
		if (nodes[i] < nodes[first])
			first = i;
	g->blamed = g->nodes[nodes[first]].tag;
	for (int32_t i = 0; i <= count; i++)
	{
		bool cut = i >= CYCLE_HEAD && i <= count - CYCLE_TAIL &&
		           count > CYCLE_HEAD + CYCLE_TAIL;

		if (cut && i > CYCLE_HEAD)
			continue;
		if (i > 0)
			mig_text_add(&t, " -> ");
		if (cut)
			mig_text_fmt(&t, "(%d more)",
			             (int) (count - CYCLE_HEAD - CYCLE_TAIL + 1));
		else
			mig_text_str_add(&t, g->nodes[nodes[(first + i) % count]].id);
	}
	return mig_text_str(&t);
}

/* A node that was left over waits for another one of them, so going on from
   one to the next must come round. */
bool
mig_graph_fail_cycle(MigGraph *g, int32_t ordered)
{
	int32_t *path = mig_alloc_array(g->m, (size_t) g->count, sizeof(int32_t));
	int32_t *place = mig_alloc_array(g->m, (size_t) g->count, sizeof(int32_t));
	MigSet left = mig_set_new(g);
	MigSet done = mig_set_of(g, g->order, ordered);
	int32_t node = 0, length = 0, first;
	bool parent = true, only_parents = true;
	MigStr text;

	if (path == NULL || place == NULL || left == NULL || done == NULL)
		return false;
	mig_set_fill(g, left);
	mig_set_drop(g, left, done);
	while (!mig_set_has(left, node))
		node++;
	while (place[node] == 0)
	{
		path[length++] = node;
		place[node] = length;
		node = prerequisite(g, node, left, &parent);
	}
	first = place[node] - 1;
	for (int32_t i = first; i < length; i++)
	{
		prerequisite(g, path[i], left, &parent);
		only_parents = only_parents && parent;
	}
	text = cycle_text(g, path + first, length - first);
	mig_fail(g->m, MIG_GRAPH,
	         only_parents ? "revisions form a cycle"
	                      : "revisions and their dependencies form a cycle");
	return mig_detail(g->m, "The cycle is %.*s.", MIG_S(text));
}
