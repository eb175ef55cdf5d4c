/*
 * run.h - the engine's one loop: lock, read the state, plan, run, record.
 *
 *     1. Without a lock: is there anything to do at all? Mostly not.
 *     2. Take the run lock and read the state again.
 *     3. Resolve the target and make the plan; refuse what can be known to
 *        fail before anything has run.
 *     4. Each revision: note it, run its sections, verify, record, log.
 *     5. The first error ends the run; nothing of the call stays.
 *
 * The only caller of host.h's enter, exec and leave.
 */
#ifndef MIG_RUN_H
#define MIG_RUN_H

#include "plan.h"
#include "state.h"

/* The SQL functions; each is documented in docs/reference.md. */
typedef struct MigCall MigCall;

extern bool mig_call_apply(MigCall *c);
extern bool mig_call_revert(MigCall *c);
extern bool mig_call_stamp(MigCall *c);

/* "head" and "heads" of a state in which everything is applied: a plan would
   be empty, and that is known without reading the graph. */
extern bool mig_run_is_idle(const MigState *s, MigStr target);

/* Read as little of the graph as a plan for target needs, and plan. */
extern bool
mig_run_plan(MigState *s, MigAction action, MigStr target, MigPlan *plan);

/* What a step would run: its statements, and whether in a transaction. */
typedef struct MigMeasure
{
	bool transactional;
	int32_t statements;
} MigMeasure;

/* Read the scripts of a plan's steps and measure their work in the step's
   direction; *out by step, in the arena. */
extern bool
mig_run_measure(MigState *s, const MigPlan *plan, MigMeasure **out);

/* Enough for any place. */
#define MIG_PLACE_MAX 512

/*
 * Where the run is, as both databases show it:
 * revision "20260129_045646", 20260129_045646_create_users.sql line 12
 */
extern void mig_place_text(const MigPlace *place, char *out, size_t size);

#endif
