/*
 * lockguard.h - how the statements of runs that commit each revision wait for
 * locks.
 *
 *     lockwatch.c  who is in the way
 *     lockguard.c  settings; statements within a transaction
 *     tries.c      statements outside of any
 *
 * A statement that waits for a lock makes everybody wait who comes after it
 * and wants the same table, so it waits for a short time only; then it is
 * rolled back, the queue behind it goes on, and after a pause it is tried
 * again.
 */
#ifndef PG_MIG_LOCKGUARD_H
#define PG_MIG_LOCKGUARD_H

#include "binding.h"

/* In the memory that was current. */
typedef struct PgMigBlockers
{
	char *text; /* sentences for a detail; empty: not known */
	char *pids; /* a list for migrate_job */
} PgMigBlockers;

/*
 * lockwatch.c. Look now and then, until stop, what this process waits for.
 * patient, until the next start: waits for the end of a transaction do not
 * count against lock_timeout. Nobody queues behind those, unless the waiter
 * holds strong locks meanwhile.
 */
extern void pg_mig_watch_start(void);
extern void pg_mig_watch_patient(bool patient);
extern void pg_mig_watch_stop(void);

/* The last wait that was seen: whether it was for the end of a transaction;
   and for whom. The latter needs a transaction and SPI. */
extern bool pg_mig_watch_transaction(void);
extern void pg_mig_watch_blockers(PgMigBlockers *b);

/* lockguard.c: whether an error is one that a guard answers. */
extern bool pg_mig_guard_answers(int sqlerrcode);

/* Keep a text for pg_mig_guard_log(). */
extern void pg_mig_guard_remember(PgMigGuard *g, const char *text);

/* Raise the server's own error, with more in the detail: a sentence of ours
   and who was in the way. hint: for an error that has none. */
extern void pg_mig_guard_raise(ErrorData *e, const char *sentence,
                               const PgMigBlockers *b, const char *hint);

/* Behind try number i, rolled back as it is: raise its error if it was the
   last one; else tell, pause, and double *wait, the pause. Frees e and b. */
extern void pg_mig_guard_pause(PgMigGuard *g, ErrorData *e, PgMigBlockers *b,
                               int i, int *wait);

#endif
