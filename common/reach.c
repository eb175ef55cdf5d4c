#include "private.h"

#include "reach.h"

static size_t
words_of(const MigGraph *g)
{
	return ((size_t) g->count + 63) / 64;
}

MigSet
mig_set_new(MigGraph *g)
{
	return mig_alloc_array(g->m, words_of(g), sizeof(uint64_t));
}

MigSet
mig_set_of(MigGraph *g, const int32_t *nodes, int count)
{
	MigSet s = mig_set_new(g);

	for (int i = 0; s != NULL && i < count; i++)
		mig_set_put(s, nodes[i]);
	return s;
}

MigSet
mig_set_flagged(MigGraph *g, uint32_t flag)
{
	MigSet s = mig_set_new(g);

	for (int32_t i = 0; s != NULL && i < g->count; i++)
		if (g->nodes[i].flags & flag)
			mig_set_put(s, i);
	return s;
}

void
mig_set_fill(const MigGraph *g, MigSet s)
{
	for (int32_t i = 0; i < g->count; i++)
		mig_set_put(s, i);
}

void
mig_set_join(const MigGraph *g, MigSet s, const uint64_t *o)
{
	for (size_t i = 0; i < words_of(g); i++)
		s[i] |= o[i];
}

void
mig_set_drop(const MigGraph *g, MigSet s, const uint64_t *o)
{
	for (size_t i = 0; i < words_of(g); i++)
		s[i] &= ~o[i];
}

void
mig_set_keep(const MigGraph *g, MigSet s, const uint64_t *o)
{
	for (size_t i = 0; i < words_of(g); i++)
		s[i] &= o[i];
}

int
mig_set_count(const MigGraph *g, const uint64_t *s)
{
	int n = 0;

	for (size_t i = 0; i < words_of(g); i++)
		for (uint64_t w = s[i]; w != 0; w &= w - 1)
			n++;
	return n;
}

bool
mig_set_list(MigGraph *g, const uint64_t *s, int32_t **nodes, int *count)
{
	int n = 0;

	*count = mig_set_count(g, s);
	*nodes = mig_alloc_array(g->m, (size_t) *count, sizeof(int32_t));
	if (*nodes == NULL)
		return false;
	for (int32_t i = 0; i < g->count; i++)
		if (mig_set_has(s, i))
			(*nodes)[n++] = i;
	return true;
}

static void
put_all(const MigGraph *g, MigSet s, int32_t first, int32_t count)
{
	for (int32_t i = 0; i < count; i++)
		mig_set_put(s, g->edges[first + i]);
}

static void
put_parents(const MigGraph *g, MigSet s, int32_t node, MigEdges edges)
{
	const MigNode *n = &g->nodes[node];

	put_all(g, s, n->down, n->ndown);
	if (edges == MIG_ALL_EDGES)
		put_all(g, s, n->deps, n->ndeps);
}

void
mig_set_below(const MigGraph *g, MigSet s, MigEdges edges)
{
	for (int32_t i = g->count; i-- > 0;)
		if (mig_set_has(s, g->order[i]))
			put_parents(g, s, g->order[i], edges);
}

void
mig_set_above(const MigGraph *g, MigSet s, MigEdges edges)
{
	for (int32_t i = 0; i < g->count; i++)
	{
		const MigNode *n = &g->nodes[g->order[i]];

		if (!mig_set_has(s, g->order[i]))
			continue;
		put_all(g, s, n->up, n->nup);
		if (edges == MIG_ALL_EDGES)
			put_all(g, s, n->users, n->nusers);
	}
}

MigSet
mig_set_ancestors(MigGraph *g, const uint64_t *s, MigEdges edges)
{
	MigSet below = mig_set_new(g);

	if (below == NULL)
		return NULL;
	for (int32_t i = 0; i < g->count; i++)
		if (mig_set_has(s, i))
			put_parents(g, below, i, edges);
	mig_set_below(g, below, edges);
	return below;
}

MigSet
mig_set_maximal(MigGraph *g, MigEdges edges)
{
	MigSet s = mig_set_flagged(g, MIG_NODE_APPLIED);
	MigSet below = s ? mig_set_ancestors(g, s, edges) : NULL;

	if (below == NULL)
		return NULL;
	mig_set_drop(g, s, below);
	below = mig_set_flagged(g, MIG_NODE_REPEATABLE);
	if (below == NULL)
		return NULL;
	mig_set_drop(g, s, below);
	return s;
}

/*
 * Kahn's algorithm. `ready` holds two stores that never meet, since a node
 * enters once: a heap of members at its start, a stack of other nodes at its
 * end. The others go first, for they cost no step and may free a member.
 */
typedef struct Sorter
{
	const MigGraph *g;
	const uint64_t *members;
	bool newest;
	int32_t *waiting; /* edges to nodes that have not come yet */
	int32_t *ready;
	int32_t nheap;
	int32_t nidle;
} Sorter;

/* The heap's least key leaves first: a rank, or a rank from the end. */
static int32_t
key_of(const Sorter *s, int32_t node)
{
	return s->newest ? s->g->count - 1 - node : node;
}

static void
heap_put(Sorter *s, int32_t key)
{
	int32_t i = s->nheap++;

	while (i > 0 && s->ready[(i - 1) / 2] > key)
	{
		s->ready[i] = s->ready[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	s->ready[i] = key;
}

static int32_t
heap_take(Sorter *s)
{
	int32_t least = s->ready[0];
	int32_t key = s->ready[--s->nheap];
	int32_t i = 0;

	for (;;)
	{
		int32_t child = 2 * i + 1;

		if (child >= s->nheap)
			break;
		if (child + 1 < s->nheap && s->ready[child + 1] < s->ready[child])
			child++;
		if (s->ready[child] >= key)
			break;
		s->ready[i] = s->ready[child];
		i = child;
	}
	s->ready[i] = key;
	return key_of(s, least);
}

static void
enter(Sorter *s, int32_t node)
{
	if (s->members == NULL || mig_set_has(s->members, node))
		heap_put(s, key_of(s, node));
	else
		s->ready[s->g->count - ++s->nidle] = node;
}

static void
free_all(Sorter *s, int32_t first, int32_t count)
{
	for (int32_t i = 0; i < count; i++)
	{
		int32_t node = s->g->edges[first + i];

		if (--s->waiting[node] == 0)
			enter(s, node);
	}
}

static void
leave(Sorter *s, int32_t node)
{
	const MigNode *n = &s->g->nodes[node];

	free_all(s, s->newest ? n->down : n->up, s->newest ? n->ndown : n->nup);
	free_all(s, s->newest ? n->deps : n->users,
	         s->newest ? n->ndeps : n->nusers);
}

bool
mig_set_order(MigGraph *g, const uint64_t *members, bool newest, int32_t *out,
              int32_t *count)
{
	Sorter s = {.g = g, .members = members, .newest = newest};

	*count = 0;
	s.waiting = mig_alloc_array(g->m, (size_t) g->count, sizeof(int32_t));
	s.ready = mig_alloc_array(g->m, (size_t) g->count, sizeof(int32_t));
	if (s.waiting == NULL || s.ready == NULL)
		return false;
	for (int32_t i = 0; i < g->count; i++)
	{
		const MigNode *n = &g->nodes[i];

		s.waiting[i] = newest ? n->nup + n->nusers : n->ndown + n->ndeps;
		if (s.waiting[i] == 0)
			enter(&s, i);
	}
	while (s.nheap > 0 || s.nidle > 0)
	{
		int32_t node;

		if (s.nidle > 0)
			node = s.ready[g->count - s.nidle--];
		else
			node = out[(*count)++] = heap_take(&s);
		leave(&s, node);
	}
	return true;
}
