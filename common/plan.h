/*
 * plan.h - applied set and target to ordered steps. Pure.
 *
 * The applied set is the flag MIG_NODE_APPLIED on the graph's nodes; what
 * each target means is in docs/concepts.md. Applied revisions that the graph
 * does not know are the caller's to refuse before. The set may have gaps: a
 * revision that arrived late lies below applied ones and is not applied.
 *
 * In a graph that is partial (graph.h) the plans of mig_plan_apply() are right
 * as long as the targets' names are whole ids, head, or heads; names that
 * count from what is applied, prefixes and labels need the whole graph.
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
 * among revisions that may come next the smallest id. Behind head and heads
 * come the repeatable scripts that are not applied. An empty plan means there
 * is nothing to do. False: MIG_TARGET, MIG_NOMEM.
 */
extern bool mig_plan_apply(MigGraph *g, MigStr targets, MigPlan *out);

/* Downgrade; children first, among equals the largest id. One target. */
extern bool mig_plan_revert(MigGraph *g, MigStr target, MigPlan *out);

/*
 * Stamp: the steps are only MIG_UNSTAMP, children first, and then MIG_STAMP,
 * parents first. Afterwards the targets and all they include are applied;
 * what was applied in their lineage above or beside them is not; other
 * branches stay. No targets: base. purge: as if nothing had been applied, so
 * that all that the targets do not include goes.
 */
extern bool
mig_plan_stamp(MigGraph *g, MigStr targets, bool purge, MigPlan *out);

/*
 * Pretend that exactly `source` (targets, or base) and all below it is
 * applied; for offline mode.
 */
extern bool mig_plan_assume(MigGraph *g, MigStr source);

/*
 * migrate_history: the revisions of "a:b", newest first, a inclusive. Either
 * side may be empty: base and heads. Empty as a whole: all.
 * nodes: an array of *count in the arena.
 */
extern bool
mig_plan_history(MigGraph *g, MigStr range, int32_t **nodes, int *count);

/* Maximal applied revisions, by id: what Alembic's version table holds. */
extern bool mig_plan_current(MigGraph *g, int32_t **nodes, int *count);

/*
 * What Alembic's `current` lists: applied revisions without an applied
 * descendant, by id. Besides the above these are heads of branches that
 * others depend on.
 */
extern bool mig_plan_tips(MigGraph *g, int32_t **nodes, int *count);

#endif
