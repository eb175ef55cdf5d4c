/*
 * job.h - jobs: runs in background workers, started by migrate_start().
 *
 *     job.c         the SQL functions
 *     job_row.c     the table migrate_background, which only this code writes:
 *                   as its owner, whoever calls
 *     job_worker.c  the processes
 *
 * A job has a row for each schema. Its workers take one after the other,
 * until none waits. Each of them holds a lock that says "a process works for
 * this job" for as long as it lives; a row that waits or runs without such a
 * process was interrupted. The lock needs no cleaning up after a crash.
 *
 * What a worker is doing right now stands in pg_stat_activity: the statement
 * as its query, and as its application name
 *
 *     migrate job 12: 3/7 20260129_045646     the third statement of seven
 */
#ifndef PG_MIG_JOB_H
#define PG_MIG_JOB_H

#include "worker.h"

#include "port/atomics.h"

#define PG_MIG_JOB_MAGIC 0x6d69676a

/* In dynamic shared memory, from the session to its workers. */
typedef struct PgMigJobShared
{
	uint32 magic;
	Oid schema; /* of the extension */
	int64 job;
	TransactionId starter;  /* the job exists when it commits */
	pg_atomic_uint32 ready; /* so many workers hold the job's lock */
	PgMigSession session;   /* last */
} PgMigJobShared;

/* In a worker. */
typedef struct PgMigJob
{
	Oid schema;
	int64 job;
	int number; /* of the row */
	const PgMigSession *session;
	char revision[160]; /* of the statement that runs, */
	int statement;      /* its number, */
	int statements;     /* of so many */
	LOCKTAG lock;       /* of its run, if locked: see transaction.c */
	bool locked;
} PgMigJob;

/* One row. */
typedef struct PgMigJobRow
{
	int number;
	char *schema; /* NULL: none */
	char *target;
	char *action;
} PgMigJobRow;

/*
 * job_row.c. These need a transaction and SPI. Rows of a new job, one a
 * schema (an array of text, '' being none), the first ones canaries; its
 * number. The revision that the row has come to. Take back what waits: whether
 * there was anything. Raise that there is no such job or that it is not the
 * caller's.
 */
extern int64 pg_mig_job_add(Oid schema, const char *target, const char *action,
                            Datum schemas, int canaries);
extern void pg_mig_job_mark(const PgMigJob *j, const char *revision);
extern bool pg_mig_job_cancel(Oid schema, int64 job);
extern void pg_mig_job_check(Oid schema, int64 job);

/* The first row that is not done, if there is one, and how many there are. */
typedef struct PgMigJobFailure
{
	MemoryContext memory; /* in: for the texts */
	char *state, *schema, *sqlstate, *error;
	int count;
} PgMigJobFailure;

extern bool pg_mig_job_failure(Oid schema, int64 job, PgMigJobFailure *f);

/* In transactions of their own. Memory of the row: CurrentMemoryContext. */
typedef enum PgMigClaim
{
	PG_MIG_CLAIMED,
	PG_MIG_LATER, /* after the canaries */
	PG_MIG_NONE
} PgMigClaim;

extern PgMigClaim pg_mig_job_claim(const PgMigJob *j, PgMigJobRow *row);
extern void
pg_mig_job_finish(const PgMigJob *j, const ErrorData *failure, int64 applied);

/* The lock that a job's processes share. */
extern void pg_mig_job_tag(LOCKTAG *tag, Oid schema, int64 job);

/* A process by its virtual transaction; 0: there is none any more. */
extern int pg_mig_vxid_pid(VirtualTransactionId vxid);

/* The processes that hold a lock in any mode. */
extern List *pg_mig_lock_pids(const LOCKTAG *tag);

/* job_worker.c; each does nothing outside of a job. A statement begins; a
   revision is being committed; somebody else runs migrations there. */
extern void pg_mig_job_report(PgHost *h, const char *text);
extern void pg_mig_job_reached(PgHost *h);
extern void pg_mig_job_waits(PgHost *h, int pid);

/* Hold a lock that survives failures; take it again if the script has released
   it (DISCARD ALL), or fail; give it back if it is held. */
extern void pg_mig_job_lock(PgMigJob *j, LOCKTAG lock);
extern void pg_mig_job_keep(PgMigJob *j);
extern void pg_mig_job_unlock(PgMigJob *j);

/* In a job, outside of any transaction: the statement, in this process. */
extern void pg_mig_job_alone(PgHost *h, PgMigPlace *place,
                             const MigAlone *alone, MigResult *r);

#endif
