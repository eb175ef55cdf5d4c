/*
 * worker.h - background processes that work for a session.
 *
 * There are two: one runs a single statement outside of any transaction while
 * its session waits (alone.c), the other a whole job that outlives its
 * session (job_worker.c). Both find in dynamic shared memory which database,
 * which roles and which settings they are to have: those of the session,
 * exactly. What stands there only C code has written.
 */
#ifndef PG_MIG_WORKER_H
#define PG_MIG_WORKER_H

#include "binding.h"

#include "postmaster/bgworker.h"
#include "storage/dsm.h"

typedef struct PgMigSession
{
	Oid database;
	Oid login; /* the session's role */
	Oid role;  /* by SET ROLE, or InvalidOid */
	Size size; /* of settings */
	char settings[FLEXIBLE_ARRAY_MEMBER];
} PgMigSession;

/* The room for the present session, at most. */
extern Size pg_mig_session_size(void);

/* Write the present session into s, which has that room. */
extern void pg_mig_session_save(PgMigSession *s, Size size);

/* Raise what would keep a worker from becoming the present session: inside a
   security-definer function, say, nobody could tell whose rights it is to
   have. what: "start a job". */
extern void pg_mig_session_check(const char *what);

/* Become that session: connect (once), and take roles and settings, or take
   them back after a statement that changed them. Outside of a transaction. */
extern void pg_mig_session_connect(const PgMigSession *s);
extern void pg_mig_session_restore(const PgMigSession *s);

/* What every worker does first. */
extern dsm_segment *pg_mig_worker_attach(Datum arg);

/* Start one. function is its entry point; NULL: there is no free slot. The
   handle lives in CurrentMemoryContext. */
extern BackgroundWorkerHandle *
pg_mig_worker_start(const char *function, const char *name, dsm_segment *seg);

/* Raise that there is no free slot. */
extern void pg_mig_worker_none(const char *detail);

/*
 * toplevel.c: run a statement and the settings before it as the client would
 * send them, each outside of any transaction, and try the statement as often
 * as guard says. place, which may be NULL, gets the text of the one that runs.
 */
extern void pg_mig_toplevel(const MigAlone *alone, PgMigGuard *guard,
                            PgMigPlace *place, MigResult *result);

/* When a statement that did not get its lock may be run again. */
typedef enum PgMigRepeat
{
	PG_MIG_REPEAT_WHOLE,     /* if nothing of it is committed */
	PG_MIG_REPEAT_ALWAYS,    /* it may run as often as one likes */
	PG_MIG_REPEAT_CONCURRENT /* the same, but for its remains; and nobody
	                            queues behind it while it waits for the end of
	                            a transaction */
} PgMigRepeat;

/* A statement, and how its tries went. */
typedef struct PgMigTry
{
	const char *text;
	MigResult *result;
	bool again;   /* a try before left something, or did it */
	bool patient; /* lock_timeout is ours: a concurrent one may wait for the
	                 end of transactions for longer */

	/* Of what runs: the statement, or one that clears remains away. */
	PgMigRepeat repeat;
	LocalTransactionId begun; /* the transaction that it began in */
} PgMigTry;

/* toplevel.c: one try, with what has to come before it; one statement of it,
   which may be ours. CurrentMemoryContext is not that of a transaction. */
extern void pg_mig_toplevel_try(PgMigTry *t);
extern void
pg_mig_toplevel_run(const char *text, PgMigTry *t, MigResult *result);

/* tries.c: a statement begins, in the transaction at hand; all tries. */
extern void pg_mig_try_begins(PgMigTry *t, Node *statement);
extern void pg_mig_try_all(PgMigGuard *g, PgMigTry *t);

/*
 * again.c: what a try that was cut off left behind. True: the statement has
 * been done. Otherwise its remains are gone and it can be run.
 */
extern bool pg_mig_again(PgMigTry *t);

#endif
