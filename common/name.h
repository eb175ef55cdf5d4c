/*
 * name.h - how a name is read: what target.c, plan.c, stamp.c and history.c
 * share. docs/concepts.md has the rules as users see them.
 */
#ifndef MIG_NAME_H
#define MIG_NAME_H

#include "reach.h"

/* As many names as a message gives. */
#define MIG_NAMES_SHOWN 5

/* A name after its words are understood: text to look up, or revisions. */
typedef struct MigFound
{
	MigStr branch; /* before the first @; absent: there is no @ */
	MigStr symbol; /* the rest */
	bool literal;  /* symbol is to be looked up */
	int32_t *nodes;
	int count;
} MigFound;

/*
 * Split at the @ and replace head, heads, base, current by revisions, those
 * in the lineage of the branch if there is one. False: MIG_TARGET (head with
 * several heads, a branch that does not exist), MIG_NOMEM.
 */
extern bool mig_name_read(MigGraph *g, MigStr name, MigFound *out);

/* Text to one revision: exact, else by prefix; it must be in the lineage of
   branch unless that is absent or empty. */
extern bool
mig_name_find(MigGraph *g, MigStr text, MigStr branch, int32_t *node);

/* The revision that a branch name stands for. */
extern bool mig_name_branch(MigGraph *g, MigStr branch, int32_t *node);

/* Exactly one revision, or MIG_AT_EMPTY for base. */
extern bool mig_name_one(MigGraph *g, MigStr name, int32_t *node);

/*
 * Everything that is related to what a name stands for: that itself, its
 * ancestors and its descendants along the edges. base is related to all.
 * NULL: MIG_TARGET, MIG_NOMEM.
 */
extern MigSet mig_name_lineage(MigGraph *g, MigStr name, MigEdges edges);

/* Where a walk can stand besides on a revision. */
enum
{
	MIG_AT_EMPTY = -1, /* nothing applied, as the start of a walk */
	MIG_AT_BASE = -2   /* below a base, as its end */
};

/*
 * Walk `steps` up (or, when negative, down) from *at along down edges; up
 * only within line, unless that is NULL. Too far: MIG_TARGET, or without
 * `strict` the end of the way. text is the target, for messages. False also
 * when the way forks.
 */
extern bool mig_name_walk(MigGraph *g, MigStr text, int64_t steps,
                          const uint64_t *line, bool strict, int32_t *at);

/* A relative target taken apart: [branch@][symbol](+|-)digits. */
typedef struct MigRelative
{
	MigStr branch; /* absent or not empty */
	MigStr symbol; /* absent: from where we are */
	MigStr start;  /* branch@symbol as written */
	int64_t steps; /* cut to what can make a difference */
} MigRelative;

/* Whether text is to be read so. */
extern bool
mig_name_relative(const MigGraph *g, MigStr text, MigRelative *out);

/* From where "+2" counts in a history. */
typedef struct MigOrigin
{
	int32_t *nodes; /* the lower end */
	int count;
	MigSet applied; /* and what lies below it */
} MigOrigin;

/* An upgrade's target: relative, or as mig_target_many(). from == NULL: from
   what is applied. */
extern bool mig_name_goals(MigGraph *g, MigStr text, const MigOrigin *from,
                           bool strict, int32_t **nodes, int *count);

/* A downgrade's target: *goal is a revision or MIG_AT_BASE; *branch is the
   branch that was given, or absent. */
extern bool
mig_name_floor(MigGraph *g, MigStr text, MigStr *branch, int32_t *goal);

/* False with MIG_TARGET when one of the nodes lies below another one. */
extern bool mig_name_apart(MigGraph *g, const int32_t *nodes, int count);

/* "a", "b" and 3 more; only the first MIG_NAMES_SHOWN are read. For messages,
   to be made before mig_fail(). */
extern MigStr mig_name_list(MigGraph *g, const int32_t *nodes, int count);

#endif
