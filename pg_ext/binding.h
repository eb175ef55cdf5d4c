/*
 * binding.h - what the files of the PostgreSQL binding share.
 *
 * One call from SQL: pg_mig_call() fetches the arguments and runs the core,
 * which calls back through pg_mig_host_ops and pg_mig_file_ops; then
 * functions.c or tables.c hands back what it left.
 */
#ifndef PG_MIG_BINDING_H
#define PG_MIG_BINDING_H

#include "postgres.h"

#include "fmgr.h"
#include "nodes/pg_list.h"
#include "utils/palloc.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#include "datatype/timestamp.h"
#include "storage/lock.h"

#include "function.h"

/* Time zero here is 2000, in the core 1970. */
#define PG_MIG_EPOCH_GAP                                                      \
	((POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY)

/* Who controls the transaction that a call runs in. */
typedef enum PgMigPlaceOfCall
{
	PG_MIG_FUNCTION,  /* the caller */
	PG_MIG_PROCEDURE, /* we, by SPI: CALL outside of a transaction block */
	PG_MIG_WORKER     /* we, directly: a job's process */
} PgMigPlaceOfCall;

/* How a run waits for the locks of its statements (lockguard.c). */
typedef struct PgMigGuard
{
	int timeout; /* milliseconds for each try; 0: as the session says */
	int tries;   /* 0: no guard */
	int backoff; /* milliseconds before the second try */
	List *waits; /* who was in the way, to be logged; */
	MemoryContext memory; /* for them */
	const char *text;     /* of a worker's statement, for pg_stat_activity */
} PgMigGuard;

typedef struct PgHost
{
	MigHost host;         /* first: the core knows only this part */
	MemoryContext memory; /* of the call; never CurrentMemoryContext */
	MemoryContext batch;  /* pg_mig_query_rows()'s, or NULL */
	Oid schema;           /* of the extension */
	bool stable;          /* queries see what the caller's statement sees */
	bool nested;          /* a run called us */
	int settings;         /* nest level of settings, while a call is open */
	PgMigPlaceOfCall from;
	bool stamps;  /* changes what is applied without running it */
	bool commits; /* the call is to commit: never inside a block */
	bool each;    /* MIG_EACH is open, */
	LOCKTAG lock; /* and this lock held */
	PgMigGuard guard;
	bool rehearse; /* MIG_REHEARSE is open */
	struct PgMigRehearsal *rehearsal;
	struct PgMigJob *job; /* PG_MIG_WORKER: the job (job.h) */
} PgHost;

/* Everything of one call. */
typedef struct PgCall
{
	MigCall call;
	Mig m;
	PgHost host;
} PgCall;

extern const MigHostOps pg_mig_host_ops;
extern const MigFileOps pg_mig_file_ops;

/*
 * call.c: run function id with fcinfo's arguments. Does not return when it
 * fails. The result stays until pg_mig_call_end().
 */
extern void pg_mig_call(FunctionCallInfo fcinfo, MigFunctionId id, PgCall *c);
extern void pg_mig_call_end(PgCall *c);

/* Prepare a call of function id on the extension in schema, with memory below
   parent and all arguments left out. */
extern void pg_mig_call_start(PgCall *c, MigFunctionId id, Oid schema,
                              MemoryContext parent);

/* A value as a Datum of type (text, int4, int8, bool, timestamptz), in
   CurrentMemoryContext. Not for a value that is null. */
extern Datum pg_mig_datum(Oid type, const MigValue *v);

/* host.c: run the core's code of c, on the watch for nested calls. */
extern bool pg_mig_run(PgHost *h, MigCall *c);

/* query.c: MigHostOps.query. */
extern bool pg_mig_query(MigHost *host, Mig *m, MigQuery query,
                         const MigStr *args, MigRowFn row, void *arg);

/* query.c: MigHostOps.query_rows. */
extern bool pg_mig_query_rows(MigHost *host, Mig *m, MigQuery query,
                              const MigStr *args, int nrows);

/* query.c: MigHostOps.select. */
extern bool
pg_mig_select(MigHost *host, Mig *m, MigStr sql, const MigStr *args, int nargs,
              int ncells, MigRowFn row, void *arg);

/* exec.c: MigHostOps.exec. */
extern bool
pg_mig_exec(MigHost *host, Mig *m, const MigStatement *s, MigResult *r);

/* copy.c: COPY ... FROM stdin with its data; the number of rows. */
extern uint64 pg_mig_copy(const MigStatement *s, const char *text);

/* host.c: settings as the core's own queries want them, until host_commit or
   the like; settings as the scripts want them. */
extern void pg_mig_path_own(PgHost *h);
extern void pg_mig_path_script(PgHost *h);

/* host.c: from now on this session counts as one that runs a migration. */
extern void pg_mig_run_mark(void);

/* place.c: errors inside get the place of the run as their context. */
typedef struct PgMigPlace
{
	const MigPlace *place;
	const char *text; /* of the statement, or NULL */
	MemoryContext memory;
	const bool *bare; /* true: nobody else names the statement */
	ErrorContextCallback context;
} PgMigPlace;

extern void pg_mig_place_push(PgMigPlace *p);
extern void pg_mig_place_pop(PgMigPlace *p);

/*
 * transaction.c: MigHostOps.commit; and the lock of a run that commits.
 *
 * The lock dies with the transaction that fails or with the process, and is
 * waited for without a snapshot, so that CREATE INDEX CONCURRENTLY never waits
 * for those who wait for it. pg_mig_run_share() is for a run within one
 * transaction: those may wait for each other, but not for one that commits,
 * because they cannot give up their snapshot; they fail.
 */
extern bool pg_mig_commit(MigHost *host, Mig *m);
extern void pg_mig_transaction_end(PgHost *h);
extern void pg_mig_transaction_start(PgHost *h);
extern void pg_mig_refuse_dropped(PgHost *h); /* it may go between them */
extern void pg_mig_run_lock(PgHost *h);
extern void pg_mig_run_unlock(PgHost *h);
extern void pg_mig_run_share(PgHost *h);

/* lockguard.c: read the settings; run work(arg) under them; log whom it gave
   way to, which is MigHostOps.log. */
extern void pg_mig_guard_read(PgHost *h, Mig *m);
extern void pg_mig_guard_run(PgHost *h, void (*work)(void *arg), void *arg);
extern bool pg_mig_guard_log(MigHost *host, Mig *m);

/* alone.c: MigHostOps.exec_alone. */
extern bool
pg_mig_exec_alone(MigHost *host, Mig *m, const MigAlone *alone, MigResult *r);

/* rehearse.c: a subtransaction around a rehearsal; its statements wait for a
   lock once, as long as the setting says. check: whether a commit would work.
   And MigHostOps.watch and trial. */
extern void pg_mig_rehearse_begin(PgHost *h);
extern void pg_mig_rehearse_guard(PgHost *h, Mig *m);
extern void pg_mig_rehearse_end(PgHost *h, bool check);
extern void pg_mig_rehearse_abort(PgHost *h);
extern bool pg_mig_watch(MigHost *host, Mig *m, bool after, MigSeen *seen);
extern bool pg_mig_trial(MigHost *host, Mig *m, bool begin);

/* error.c: raise a failure of the core as the server's error; does not
   return. */
extern void pg_mig_raise(const MigStatus *s);

#endif
