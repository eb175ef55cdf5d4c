/*
 * each.h - migrate_run: one commit per revision.
 *
 * Between two commits anybody may run, add and change scripts. So after each
 * one the lock is taken anew and a few values tell whether all is as it was:
 * nothing was added, nothing was logged, the script that comes next is the
 * one that was prepared. Then the plan goes on; otherwise a new round begins:
 * state, plan and preparation anew.
 *
 *     look       is there anything to do? without the lock
 *     round      lock, read, plan, prepare all steps
 *       step     a revision that stays in one transaction: run, record, commit
 *       step     one that refuses a transaction:
 *         part     a statement and its row of migrate_partial, commit; or
 *         part     "begun", commit, a statement alone, "finished", commit
 *                verify, record, its rows go, commit
 *
 * A revision that is half reverted is refused when a target includes it, one
 * that is half applied when a revert goes below it, even where nothing else is
 * to be done: it is finished by a run in the direction in which it began.
 *
 * A failure or an interrupt keeps everything that was committed before, and
 * its context says so.
 */
#ifndef MIG_EACH_H
#define MIG_EACH_H

#include "run.h"

extern bool mig_call_run(MigCall *c);

#endif
