/*
 * target.h - "head", "ab12", "users@head" to revisions. Pure.
 *
 * Names resolve as in Alembic: a branch part up to the first @; head, heads,
 * base, current; an exact id or label wins over every other reading, also
 * over a relative step; then an unambiguous prefix. current are the maximal
 * revisions with the flag MIG_NODE_APPLIED. Relative steps ("+2", "ab12-1")
 * mean something only to apply, revert and history: see plan.h; -N, counted
 * from the real heads, is the exception.
 */
#ifndef MIG_TARGET_H
#define MIG_TARGET_H

#include "graph.h"

/*
 * The revisions that a name stands for (plural lookup), in the arena; base,
 * and head or heads of an empty graph, give none. False: MIG_TARGET with the
 * candidates or the closest name, MIG_NOMEM.
 */
extern bool
mig_target_many(MigGraph *g, MigStr name, int32_t **nodes, int *count);

/*
 * Exactly one revision, or -1 in *node for base. More than one (head with
 * several heads): MIG_TARGET.
 */
extern bool mig_target_one(MigGraph *g, MigStr name, int32_t *node);

/*
 * A list of names, by blanks or commas, each as mig_target_many(); a revision
 * that is named twice is there twice.
 */
extern bool
mig_target_list(MigGraph *g, MigStr names, int32_t **nodes, int *count);

/*
 * The parents of a new revision. As mig_target_list(), but the same revision
 * twice is MIG_TARGET. A parent need not be a head: to name any other
 * revision is how a branch begins. heads gives the real heads, so that a
 * merge of them leaves one.
 */
extern bool
mig_target_parents(MigGraph *g, MigStr revises, int32_t **nodes, int *count);

#endif
