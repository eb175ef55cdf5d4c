/*
 * run.h - the engine's one loop: lock, read the state, plan, run, record.
 *
 *     1. Without a lock: is there anything to do at all? Mostly not.
 *     2. Take the run lock and read the state again.
 *     3. Resolve the target and make the plan; refuse what can be known to
 *        fail before anything has run.
 *     4. Each revision: note it, run its sections, verify. What was done is
 *        recorded and logged at the end, or before a revision that looks.
 *     5. The first error ends the run; nothing of the call stays.
 *
 * migrate_run, which commits each revision, is each.h's.
 */
#ifndef MIG_RUN_H
#define MIG_RUN_H

#include "partial.h"
#include "perform.h"

/* The SQL functions; each is documented in docs/reference.md. */
typedef struct MigCall MigCall;

extern bool mig_call_apply(MigCall *c);
extern bool mig_call_revert(MigCall *c);
extern bool mig_call_stamp(MigCall *c);

/* "head" and "heads" of a state in which everything is applied: a plan would
   be empty, and that is known without reading the graph. */
extern bool mig_run_is_idle(const MigState *s, MigStr target);

/* Read what is half done and as little of the graph as a plan for target
   needs, and plan. */
extern bool mig_run_plan(MigState *s, MigAction action, MigStr target,
                         MigPartials *partials, MigPlan *plan);

/* Run step i of what was prepared, in m's arena; what is to be recorded is
   noted in the state's. */
extern bool
mig_run_step(Mig *m, const MigPrepared *p, int i, MigRecords *records);

/* What begin with MIG_EACH says when a transaction is open; returns false. */
extern bool mig_run_refuse_block(Mig *m);

#endif
