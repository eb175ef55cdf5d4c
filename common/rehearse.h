/*
 * rehearse.h - run a plan for real, measure every statement, undo all of it.
 *
 *     begin (a savepoint) - lock, read the state, plan -
 *         each step as migrate_apply would run it, but with an exec that
 *         measures; nothing is recorded in the state tables
 *     end: what a commit would check is checked, then all is undone
 *
 * The rows are kept in memory, so that they outlive what they tell about.
 *
 * A round trip runs each revision up, down and up again. The schema before
 * and after shows what the down section does not restore and what the second
 * up does not make again (schema.h).
 */
#ifndef MIG_REHEARSE_H
#define MIG_REHEARSE_H

#include "function.h"

/* migrate_rehearse(target, schema, action); docs/reference.md. */
extern bool mig_call_rehearse(MigCall *c);

#endif
