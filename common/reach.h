/*
 * reach.h - sets of revisions, what they reach, and the order of a set.
 *
 *     MigSet s = mig_set_new(g);
 *     if (s == NULL)
 *         return false;
 *     mig_set_put(s, node);
 *     mig_set_below(g, s, MIG_ALL_EDGES);   now with all its ancestors
 *
 * A set is a bit a node, in the arena. Closures are one pass over g->order,
 * so there is neither a stack nor a recursion.
 */
#ifndef MIG_REACH_H
#define MIG_REACH_H

#include "graph.h"

typedef uint64_t *MigSet;

/* Which edges a closure follows. */
typedef enum MigEdges
{
	MIG_DOWN_EDGES, /* revises */
	MIG_ALL_EDGES   /* revises and depends on */
} MigEdges;

static inline bool
mig_set_has(const uint64_t *s, int32_t node)
{
	return (s[node >> 6] >> (node & 63) & 1) != 0;
}

static inline void
mig_set_put(MigSet s, int32_t node)
{
	s[node >> 6] |= (uint64_t) 1 << (node & 63);
}

/* An empty set; NULL: MIG_NOMEM. */
extern MigSet mig_set_new(MigGraph *g);

/* The set of these nodes; NULL: MIG_NOMEM. */
extern MigSet mig_set_of(MigGraph *g, const int32_t *nodes, int count);

/* The nodes with this flag; NULL: MIG_NOMEM. */
extern MigSet mig_set_flagged(MigGraph *g, uint32_t flag);

/* Every node of the graph is put in. */
extern void mig_set_fill(const MigGraph *g, MigSet s);

/* s = s with o, s without o, s where o. */
extern void mig_set_join(const MigGraph *g, MigSet s, const uint64_t *o);
extern void mig_set_drop(const MigGraph *g, MigSet s, const uint64_t *o);
extern void mig_set_keep(const MigGraph *g, MigSet s, const uint64_t *o);

extern int mig_set_count(const MigGraph *g, const uint64_t *s);

/* Members by id, in the arena. False: MIG_NOMEM. */
extern bool
mig_set_list(MigGraph *g, const uint64_t *s, int32_t **nodes, int *count);

/* Add all ancestors, or descendants, of the members. */
extern void mig_set_below(const MigGraph *g, MigSet s, MigEdges edges);
extern void mig_set_above(const MigGraph *g, MigSet s, MigEdges edges);

/* What lies strictly below some member; NULL: MIG_NOMEM. */
extern MigSet
mig_set_ancestors(MigGraph *g, const uint64_t *s, MigEdges edges);

/* Applied revisions that no other applied one lies above; NULL: MIG_NOMEM. */
extern MigSet mig_set_maximal(MigGraph *g, MigEdges edges);

/*
 * The members of s (NULL: every node) in an order that respects all edges,
 * also those that lead over nodes outside of s. Oldest first: among those
 * that may come next the smallest id; newest first: the largest. out has room
 * for them. *count is the number written: with s == NULL less than g->count
 * if there is a cycle. False: MIG_NOMEM.
 */
extern bool mig_set_order(MigGraph *g, const uint64_t *s, bool newest,
                          int32_t *out, int32_t *count);

/* Put the nodes in the order of their ids. False: MIG_NOMEM. */
extern bool mig_graph_rank(MigGraph *g);

/*
 * Report the cycle that kept all but `ordered` nodes out of g->order; one is
 * named in full, cut in the middle when it is long. Always false.
 */
extern bool mig_graph_fail_cycle(MigGraph *g, int32_t ordered);

#endif
