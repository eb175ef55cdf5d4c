/*
 * graph.h - revisions, parents, heads, order, cycles.
 *
 * The model is Alembic's: a revision revises (down edges) any number of
 * others and depends on (dependency edges) any number of others; labels name
 * branches. docs/concepts.md has the terms. Everything is iterative and
 * linear in revisions plus edges; ties break by id, by bytes.
 *
 *     mig_graph_init(m, &g, expected);
 *     mig_graph_add(&g, id, revises, depends, labels, tag);   ...
 *     mig_graph_build(&g);
 *
 * After mig_graph_build() node numbers are the ranks of their ids: node 0 has
 * the smallest id. `tag` finds the caller's own record of a node again.
 */
#ifndef MIG_GRAPH_H
#define MIG_GRAPH_H

#include "map.h"

/* Flags of a node. */
enum
{
	MIG_NODE_APPLIED = 1,  /* the caller sets and clears it */
	MIG_NODE_EXTERNAL = 2, /* stands for applied ones that were not loaded */
	MIG_NODE_MARK = 4,     /* scratch; always clear between calls */
	MIG_NODE_MARK2 = 8,
	MIG_NODE_REPEATABLE = 16 /* see mig_graph_add() */
};

typedef struct MigNode
{
	MigStr id;
	MigStr labels; /* own labels as written */
	union
	{
		struct
		{
			int32_t down, ndown; /* edges[down..] what it revises, in order */
			int32_t deps, ndeps; /* edges[deps..] what it depends on */
		};
		MigStr revises; /* until built */
	};
	union
	{
		struct
		{
			int32_t up, nup; /* edges[up..] those that revise it, by id */
			int32_t users, nusers; /* those that depend on it, by id */
		};
		MigStr depends; /* until built */
	};
	int32_t tag; /* the caller's; -1 in an external node */
	uint32_t flags;
} MigNode;

typedef struct MigGraph
{
	Mig *m;
	MigNode *nodes;
	int32_t count;
	size_t room;
	int32_t *edges;
	size_t nedges;  /* down and dependency edges */
	MigMap labels;  /* to nodes; one key space with the ids */
	int32_t *order; /* every node once, parents and dependencies first;
	                   among those that may come next the smallest id */
	bool unsorted;  /* ids were not added in their order */
	bool built;

	/*
	 * Set by the caller before mig_graph_build() when older revisions, all
	 * of them applied, were not added: a parent or dependency that is not
	 * there then becomes a node of its own with the flags APPLIED and
	 * EXTERNAL, no parents and tag -1, instead of an error.
	 */
	bool partial;

	/* After a failed build: the tag of the revision that the failure is
	   about, or -1. */
	int32_t blamed;
} MigGraph;

/* expected: how many will be added; more is allowed. False: MIG_NOMEM. */
extern bool mig_graph_init(Mig *m, MigGraph *g, size_t expected);

/*
 * Add a revision. revises, depends, labels are lists by blanks, or absent;
 * depends may hold labels. Strings are not copied. False: MIG_NOMEM.
 *
 * revises "*" is a repeatable script: it comes after everything, and is no
 * head, no base and never current. Only another one may depend on it.
 */
extern bool mig_graph_add(MigGraph *g, MigStr id, MigStr revises,
                          MigStr depends, MigStr labels, int32_t tag);

/*
 * Resolve the edges and check everything: an id added twice, a missing parent
 * or dependency (names both revisions and the closest existing id), a label
 * taken twice or equal to an id, a revision that revises or depends on
 * itself, a cycle of any kind (named in full, "a -> b -> a", cut in the
 * middle when long). Computes order. False: MIG_GRAPH or MIG_NOMEM.
 */
extern bool mig_graph_build(MigGraph *g);

/* The node with exactly this id (labels are not looked at), or -1. */
extern int32_t mig_graph_find(const MigGraph *g, MigStr id);

/* The node with exactly this id or label, or -1. */
extern int32_t mig_graph_lookup(const MigGraph *g, MigStr name);

/*
 * Display terms. is_head: nobody revises it. is_real_head: nobody depends on
 * it either.
 */
extern bool mig_node_is_head(const MigNode *n);
extern bool mig_node_is_real_head(const MigNode *n);
extern bool mig_node_is_base(const MigNode *n);
extern bool mig_node_is_branch_point(const MigNode *n);
extern bool mig_node_is_merge_point(const MigNode *n);

/*
 * The labels in effect on every node: own ones, those of what it descends
 * from, and those that spread downwards along an unbranched line. out[node]
 * is a list by blanks, sorted by bytes, or absent. One array of g->count in
 * the arena; NULL: MIG_NOMEM.
 */
extern MigStr *mig_graph_labels(MigGraph *g);

/* Space-separated ids of `count` edges, or absent for none. */
extern MigStr mig_graph_list(MigGraph *g, int32_t first, int32_t count);

#endif
