#include "job.h"

#include "access/xact.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#define CANARY_PAUSE 200 /* milliseconds */

void
pg_mig_job_tag(LOCKTAG *tag, Oid schema, int64 job)
{
	SET_LOCKTAG_OBJECT(*tag, MyDatabaseId,
	                   get_relname_relid("migrate_background", schema),
	                   (uint32) job, 0);
	/* Survives the transactions that fail in between. */
	tag->locktag_lockmethodid = USER_LOCKMETHOD;
}

/* -------------------------------------------------------------- what is seen */

static void
report_name(const PgMigJob *j)
{
	char name[NAMEDATALEN];

	if (j->revision[0] == '\0')
		snprintf(name, sizeof(name), "migrate job %lld", (long long) j->job);
	else
		snprintf(name, sizeof(name), "migrate job %lld: %d/%d %s",
		         (long long) j->job, j->statement, j->statements, j->revision);
	pgstat_report_appname(name);
}

void
pg_mig_job_report(PgHost *h, const char *text)
{
	PgMigJob *j = h->job;
	const MigPlace *place = &h->host.place;

	if (j == NULL)
		return;
	snprintf(j->revision, sizeof(j->revision), "%.*s", MIG_S(place->revision));
	j->statement = place->number;
	j->statements = place->count;
	report_name(j);
	pgstat_report_activity(STATE_RUNNING, text);
}

void
pg_mig_job_reached(PgHost *h)
{
	MigStr revision = h->host.place.revision;

	if (h->job != NULL)
		pg_mig_job_mark(h->job, pnstrdup(revision.at, revision.len));
}

void
pg_mig_job_waits(PgHost *h, int pid)
{
	char text[80];

	if (h->job == NULL)
		return;
	snprintf(text, sizeof(text), "waits for the run of process %d", pid);
	pgstat_report_activity(STATE_RUNNING, text);
}

void
pg_mig_job_lock(PgMigJob *j, LOCKTAG lock)
{
	j->lock = lock;
	(void) LockAcquire(&j->lock, ExclusiveLock, true, false);
	j->locked = true;
}

void
pg_mig_job_unlock(PgMigJob *j)
{
	if (j->locked)
		LockRelease(&j->lock, ExclusiveLock, true);
	j->locked = false;
}

static bool
is_held(const LOCKTAG *lock)
{
#if PG_VERSION_NUM >= 170000
	return LockHeldByMe(lock, ExclusiveLock, false);
#else
	return LockHeldByMe(lock, ExclusiveLock);
#endif
}

void
pg_mig_job_keep(PgMigJob *j)
{
	if (!j->locked || is_held(&j->lock))
		return;
	j->locked = false;
	if (LockAcquire(&j->lock, ExclusiveLock, true, true) ==
	    LOCKACQUIRE_NOT_AVAIL)
		ereport(ERROR,
		        (errcode(ERRCODE_LOCK_NOT_AVAILABLE),
		         errmsg("another run has begun meanwhile"),
		         errdetail("A statement released all advisory locks of its"
		                   " session, and the lock of the run with them.")));
	j->locked = true;
}

/* ------------------------------------------------------------- one statement */

/* Settings of the schema's place last as long as the session. */
static void
set_path(const PgHost *h)
{
	if (h->host.key.len == 0)
		return;
	StartTransactionCommand();
	SetConfigOption("search_path", quote_identifier(h->host.key.at),
	                PGC_USERSET, PGC_S_SESSION);
	CommitTransactionCommand();
}

void
pg_mig_job_alone(PgHost *h, PgMigPlace *place, const MigAlone *alone,
                 MigResult *r)
{
	MigStr s = alone->statement->text;
	char *text;

	set_path(h);
	MemoryContextSwitchTo(place->memory);
	text = pnstrdup(s.at, s.len);
	pg_mig_job_report(h, text);
	pg_mig_toplevel(alone, &h->guard, place, r);
	pg_mig_session_restore(h->job->session);
}

/* --------------------------------------------------------------- one schema */

static void
argument(PgCall *c, int i, const char *text)
{
	c->call.args[i].null = text == NULL;
	c->call.args[i].text = mig_str(text);
}

/* The core's own loop; the number of revisions. */
static int64
run_core(PgMigJob *j, const PgMigJobRow *row, PgCall *c, MemoryContext memory)
{
	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	pg_mig_call_start(c, MIG_FN_RUN, j->schema, memory);
	c->host.from = PG_MIG_WORKER;
	c->host.job = j;
	argument(c, 0, row->target);
	argument(c, 1, row->schema);
	argument(c, 2, row->action);
	if (!pg_mig_run(&c->host, &c->call))
		pg_mig_raise(&c->m.status);
	PopActiveSnapshot();
	CommitTransactionCommand();
	return c->call.result.number;
}

static void
run_row(PgMigJob *j, const PgMigJobRow *row, MemoryContext memory)
{
	ErrorData *volatile failure = NULL;
	volatile int64 applied = 0;
	PgCall call;

	j->number = row->number;
	j->revision[0] = '\0';
	report_name(j);
	PG_TRY();
	{
		applied = run_core(j, row, &call, memory);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(memory);
		failure = CopyErrorData();
		EmitErrorReport();
		FlushErrorState();
		AbortOutOfAnyTransaction();
		MemoryContextSwitchTo(memory);
	}
	PG_END_TRY();
	pg_mig_job_unlock(j);
	pgstat_report_activity(STATE_RUNNING, "");
	pg_mig_session_restore(j->session);
	MemoryContextSwitchTo(memory);
	pg_mig_job_finish(j, failure, applied);
}

/* Others of this job do the canaries. */
static void
wait_for_canaries(void)
{
	(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
	                 CANARY_PAUSE, PG_WAIT_EXTENSION);
	ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
}

static void
run_rows(PgMigJob *j)
{
	MemoryContext memory = AllocSetContextCreate(
		TopMemoryContext, "migrate job", ALLOCSET_DEFAULT_SIZES);
	PgMigClaim claim;

	do
	{
		PgMigJobRow row;

		MemoryContextReset(memory);
		MemoryContextSwitchTo(memory);
		claim = pg_mig_job_claim(j, &row);
		if (claim == PG_MIG_CLAIMED)
			run_row(j, &row, memory);
		else if (claim == PG_MIG_LATER)
			wait_for_canaries();
	} while (claim != PG_MIG_NONE);
}

/* ---------------------------------------------------------------- the process */

/* Show that somebody works for the job, and let the starter go on. */
static void
get_ready(PgMigJobShared *shared)
{
	LOCKTAG tag;

	StartTransactionCommand();
	pg_mig_job_tag(&tag, shared->schema, shared->job);
	(void) LockAcquire(&tag, ShareLock, true, false);
	CommitTransactionCommand();
	pg_atomic_fetch_add_u32(&shared->ready, 1);
}

/* If the starter's transaction fails, there is no row to work on. */
static void
wait_for_commit(TransactionId starter)
{
	StartTransactionCommand();
	XactLockTableWait(starter, NULL, NULL, XLTW_None);
	CommitTransactionCommand();
}

extern PGDLLEXPORT void pg_mig_job_main(Datum arg);

void
pg_mig_job_main(Datum arg)
{
	dsm_segment *seg = pg_mig_worker_attach(arg);
	PgMigJobShared *shared = dsm_segment_address(seg);
	PgMigJob job = {0};

	if (shared->magic != PG_MIG_JOB_MAGIC)
		proc_exit(0);
	dsm_pin_mapping(seg);
	pg_mig_session_connect(&shared->session);
	job.schema = shared->schema;
	job.job = shared->job;
	job.session = &shared->session;
	report_name(&job);
	get_ready(shared);
	wait_for_commit(shared->starter);
	pg_mig_session_restore(&shared->session);
	run_rows(&job);
	proc_exit(0);
}
