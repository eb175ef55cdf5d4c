#include "binding.h"

#include "access/xact.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "job.h"

#define PAUSE_FIRST 5 /* milliseconds between looks at a lock */
#define PAUSE_MAX 200

void
pg_mig_transaction_end(PgHost *h)
{
	AtEOXact_GUC(true, h->settings);
	if (h->from == PG_MIG_WORKER)
	{
		SPI_finish();
		PopActiveSnapshot();
		CommitTransactionCommand();
	}
	else
		SPI_commit();
}

/* A job has no portal whose snapshot the queries could run under. */
void
pg_mig_transaction_start(PgHost *h)
{
	if (h->from == PG_MIG_WORKER)
	{
		SetCurrentStatementStartTimestamp();
		StartTransactionCommand();
		if (SPI_connect() != SPI_OK_CONNECT)
			elog(ERROR, "SPI_connect failed");
		PushActiveSnapshot(GetTransactionSnapshot());
		pg_mig_job_keep(h->job);
	}
	else
		SPI_start_transaction();
}

/* Where state is locked; also tells whether the extension is still there. */
static Oid
state_table(const PgHost *h)
{
	Oid table;

	AcceptInvalidationMessages();
	table = get_relname_relid("migrate_state", h->schema);
	if (!OidIsValid(table))
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		                errmsg("extension \"migrate\" was dropped during the"
		                       " run")));
	return table;
}

void
pg_mig_refuse_dropped(PgHost *h)
{
	(void) state_table(h);
}

bool
pg_mig_commit(MigHost *host, Mig *m)
{
	PgHost *h = (PgHost *) host;
	PgMigPlace place = {.place = &host->place, .memory = h->memory};

	(void) m;
	if (host->place.revision.at != NULL)
	{
		pg_mig_job_reached(h);
		/* Deferred constraints are checked now. */
		pg_mig_place_push(&place);
		pg_mig_transaction_end(h);
		pg_mig_place_pop(&place);
	}
	else
		pg_mig_transaction_end(h);
	pg_mig_transaction_start(h);
	CHECK_FOR_INTERRUPTS();
	pg_mig_refuse_dropped(h);
	pg_mig_path_own(h);
	return true;
}

/*
 * One lock a database, installation and schema, in the space of locks on
 * objects: the class is the table with the state, which is no catalog, so
 * that nobody else's lock is meant. Two schemas with the same hash wait for
 * each other without need.
 */
static void
lock_tag(PgHost *h)
{
	MigStr key = h->host.key;

	SET_LOCKTAG_OBJECT(
		h->lock, MyDatabaseId, state_table(h),
		hash_bytes((const unsigned char *) key.at, (int) key.len), 0);
}

/*
 * Rolling back takes the lock, which is how it dies with a failure; but one
 * that is held where no transaction is would stay when the process ends. A job
 * goes on behind a try that was rolled back, and pauses without a transaction.
 * So it holds a twin instead, in the space of advisory locks, which survives
 * the one and goes with the other; whoever gets the lock itself looks for the
 * twin.
 */
static LOCKTAG
twin_tag(const PgHost *h)
{
	LOCKTAG twin = h->lock;

	twin.locktag_lockmethodid = USER_LOCKMETHOD;
	return twin;
}

/* A process that holds it, or its twin; 0: nobody. */
static int
lock_holder(const PgHost *h, LOCKMODE mode)
{
	LOCKTAG twin = twin_tag(h);
	List *pids = pg_mig_lock_pids(&twin);
	VirtualTransactionId *holders;
	int count;

	if (pids != NIL)
		return linitial_int(pids);
	holders = GetLockConflicts(&h->lock, mode, &count);
	return count > 0 ? pg_mig_vxid_pid(holders[0]) : 0;
}

static bool
lock_get(const PgHost *h, LOCKMODE mode, bool session)
{
	LOCKTAG twin = twin_tag(h);

	if (LockAcquire(&h->lock, mode, session, true) == LOCKACQUIRE_NOT_AVAIL)
		return false;
	if (LockAcquire(&twin, mode, false, true) == LOCKACQUIRE_NOT_AVAIL)
	{
		LockRelease(&h->lock, mode, session);
		return false;
	}
	LockRelease(&twin, mode, false);
	return true;
}

static void
refuse_to_wait(const PgHost *h)
{
	ereport(ERROR, (errcode(ERRCODE_LOCK_NOT_AVAILABLE),
	                errmsg("canceling statement due to lock timeout"),
	                errdetail("Process %d is running migrations here.",
	                          lock_holder(h, ExclusiveLock))));
}

/* Holds no snapshot meanwhile. */
void
pg_mig_run_lock(PgHost *h)
{
	TimestampTz start = GetCurrentTimestamp();
	long pause = PAUSE_FIRST;

	lock_tag(h);
	pg_mig_transaction_end(h);
	pg_mig_transaction_start(h);
	while (!lock_get(h, ExclusiveLock, true))
	{
		if (h->from == PG_MIG_WORKER)
		{
			pg_mig_job_waits(h, lock_holder(h, ExclusiveLock));
			PopActiveSnapshot();
		}
		InvalidateCatalogSnapshot();
		if (LockTimeout > 0 && TimestampDifferenceExceeds(
								   start, GetCurrentTimestamp(), LockTimeout))
			refuse_to_wait(h);
		(void) WaitLatch(MyLatch,
		                 WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
		                 pause, PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
		pause = Min(pause * 2, PAUSE_MAX);
		if (h->from == PG_MIG_WORKER)
			PushActiveSnapshot(GetTransactionSnapshot());
	}
	if (h->job == NULL)
		return;
	pg_mig_job_lock(h->job, twin_tag(h));
	LockRelease(&h->lock, ExclusiveLock, true);
}

void
pg_mig_run_unlock(PgHost *h)
{
	if (h->job != NULL)
		pg_mig_job_unlock(h->job);
	else
		LockRelease(&h->lock, ExclusiveLock, true);
}

void
pg_mig_run_share(PgHost *h)
{
	lock_tag(h);
	if (lock_get(h, RowShareLock, false))
		return;
	ereport(ERROR,
	        (errcode(ERRCODE_LOCK_NOT_AVAILABLE),
	         errmsg("a run that commits each revision is under way"),
	         errdetail("Process %d is running migrations here.",
	                   lock_holder(h, RowShareLock)),
	         errhint("Try again when it has ended, or use CALL migrate_run(),"
	                 " which can wait for it.")));
}
