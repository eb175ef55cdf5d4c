/*
 * target.h - "head", "+2", "base:ab12" to revisions. Pure.
 *
 * Names resolve as in Alembic: a branch part up to the first @; head, heads,
 * base; an exact id or label wins over every other reading, also over a
 * relative step; then an unambiguous prefix.
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

/* A list of names, by blanks or commas, each as mig_target_many(). */
extern bool
mig_target_list(MigGraph *g, MigStr names, int32_t **nodes, int *count);

#endif
