/*
 * look.h - the SQL functions that only look: plan, status, current, heads,
 * bases, branches, history, show, graph, script, fingerprint.
 *
 * Each reads what it needs in one go and ends its call; rows are then made
 * from memory, one at a time, as the database asks for them.
 */
#ifndef MIG_LOOK_H
#define MIG_LOOK_H

#include "function.h"
#include "plan.h"
#include "run.h"
#include "state.h"

extern bool mig_call_plan(MigCall *c);
extern bool mig_call_status(MigCall *c);
extern bool mig_call_current(MigCall *c);
extern bool mig_call_heads(MigCall *c);
extern bool mig_call_bases(MigCall *c);
extern bool mig_call_branches(MigCall *c);
extern bool mig_call_history(MigCall *c);
extern bool mig_call_show(MigCall *c);
extern bool mig_call_graph(MigCall *c);
extern bool mig_call_script(MigCall *c);
extern bool mig_call_fingerprint(MigCall *c);

/* What a looking function keeps for its rows. */
typedef struct MigLook
{
	MigState s;
	MigStr *labels; /* in effect, by node */
	int32_t *nodes; /* the rows' nodes, unless they are a plan's */
	MigPlan plan;
	MigMeasure *measures; /* of a plan's steps, or NULL */
} MigLook;

/* Begin a looking call and read the state; NULL on failure, and then the
   call is ended. mig_look_end() ends one that went well. */
extern MigLook *mig_look_begin(MigCall *c, MigStr schema, MigLoad how);
extern bool mig_look_end(MigCall *c, bool ok);

/* Values of cells. An absent string is NULL. */
extern MigValue mig_value_text(MigStr s);
extern MigValue mig_value_int(int64_t n);
extern MigValue mig_value_bool(bool b);
extern MigValue mig_value_time(int64_t t); /* MIG_NO_TIME is NULL */

/* "applied", "pending", "changed" of a node; needs MIG_LOAD_ALL. */
extern const char *mig_look_state(const MigState *s, int32_t node);

#endif
