/*
 * plan.h - applied set and target to ordered steps. Pure.
 *
 * The applied set is the flag MIG_NODE_APPLIED on the graph's nodes; what
 * each target means is in docs/concepts.md. Applied revisions that the graph
 * does not know are the caller's to refuse before.
 */
#ifndef MIG_PLAN_H
#define MIG_PLAN_H

#include "graph.h"

typedef enum MigAction
{
	MIG_APPLY,
	MIG_REVERT,
	MIG_STAMP,  /* record as applied */
	MIG_UNSTAMP /* record as not applied */
} MigAction;

/* "apply", "revert", "stamp", "unstamp". */
extern const char *mig_action_name(MigAction action);

typedef struct MigStep
{
	MigAction action;
	int32_t node;
} MigStep;

typedef struct MigPlan
{
	MigStep *steps;
	int count;
} MigPlan;

/*
 * Upgrade to the targets (a list by blanks or commas). Everything the
 * targets descend from or depend on that is not applied, parents first;
 * among revisions that may come next the smallest id. An empty plan means
 * there is nothing to do. False: MIG_TARGET, MIG_NOMEM.
 */
extern bool mig_plan_apply(MigGraph *g, MigStr targets, MigPlan *out);

/* Downgrade; children first, among equals the largest id. One target. */
extern bool mig_plan_revert(MigGraph *g, MigStr target, MigPlan *out);

/*
 * Stamp: the steps are only MIG_STAMP and MIG_UNSTAMP. purge: forget
 * everything first.
 */
extern bool
mig_plan_stamp(MigGraph *g, MigStr targets, bool purge, MigPlan *out);

/*
 * Pretend that exactly `source` (targets, or base) and all below it is
 * applied; for offline mode.
 */
extern bool mig_plan_assume(MigGraph *g, MigStr source);

/*
 * migrate_history: the revisions of "a:b", newest first, a inclusive.
 * nodes: an array of *count in the arena.
 */
extern bool
mig_plan_history(MigGraph *g, MigStr range, int32_t **nodes, int *count);

/* Maximal applied revisions, by id: what Alembic's version table holds. */
extern bool mig_plan_current(MigGraph *g, int32_t **nodes, int *count);

#endif
