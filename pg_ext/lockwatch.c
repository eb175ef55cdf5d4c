#include "lockguard.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "pgstat.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "storage/sinvaladt.h"
#include "utils/guc.h"
#include "utils/timeout.h"

#include "job.h"

/*
 * Who is in a statement's way is known only while it waits. A timer looks now
 * and then what this process is waiting for; after the error the holders of
 * that lock are still there, or are no longer in the way.
 */

#define BLOCKERS_MAX 3

/* --------------------------------------------------------------- the watch */

static struct
{
	bool registered;
	TimeoutId timer;
	int period;
	bool patient;
	bool found;
	LOCKTAG tag;
	LOCKMODE mode;
} watch;

static bool
is_transaction(const LOCKTAG *tag)
{
	return tag->locktag_type == LOCKTAG_VIRTUALTRANSACTION ||
	       tag->locktag_type == LOCKTAG_TRANSACTION;
}

/* Runs as a signal handler: reads what cannot go away while we wait. Timers
   that are due fire in order, this one at least once before the server's. */
static void
watch_look(void)
{
	const LOCK *lock = MyProc->waitLock;

	if (lock != NULL)
	{
		watch.tag = lock->tag;
		watch.mode = MyProc->waitLockMode;
		watch.found = true;
		if (watch.patient && is_transaction(&watch.tag))
			disable_timeout(LOCK_TIMEOUT, false);
	}
	enable_timeout_after(watch.timer, watch.period);
}

/* Several looks before the time is over, whatever it is by now. */
void
pg_mig_watch_start(void)
{
	watch.found = false;
	watch.patient = false;
	if (!watch.registered)
		watch.timer = RegisterTimeout(USER_TIMEOUT, watch_look);
	watch.registered = true;
	watch.period = LockTimeout > 0 ? Max(LockTimeout / 4, 1) : 500;
	enable_timeout_after(watch.timer, watch.period);
}

void
pg_mig_watch_patient(bool patient)
{
	watch.patient = patient;
}

void
pg_mig_watch_stop(void)
{
	disable_timeout(watch.timer, false);
	watch.patient = false;
}

bool
pg_mig_watch_transaction(void)
{
	return watch.found && is_transaction(&watch.tag);
}

/* ------------------------------------------------------------ the blockers */

int
pg_mig_vxid_pid(VirtualTransactionId vxid)
{
	PGPROC *proc;

#if PG_VERSION_NUM >= 170000
	proc = vxid.procNumber == INVALID_PROC_NUMBER
	           ? NULL
	           : ProcNumberGetProc(vxid.procNumber);
#else
	proc = vxid.backendId == InvalidBackendId
	           ? NULL
	           : BackendIdGetProc(vxid.backendId);
#endif
	return proc != NULL ? proc->pid : 0;
}

/* GetLockConflicts() leaves out who has no transaction right now. */
List *
pg_mig_lock_pids(const LOCKTAG *tag)
{
	LockData *all = GetLockStatusData();
	List *pids = NIL;

	for (int i = 0; i < all->nelements; i++)
		if (memcmp(&all->locks[i].locktag, tag, sizeof(*tag)) == 0 &&
		    all->locks[i].holdMask != 0)
			pids = lappend_int(pids, all->locks[i].pid);
	return pids;
}

/* As far as the role that runs may see it. */
static const char describe[] =
	"SELECT pg_catalog.concat('Process ', a.pid, ', role ' || pg_catalog.quote_ident(a.usename),"
	" ', application ' || pg_catalog.quote_literal("
	"NULLIF(a.application_name, '')),"
	" ', ' || a.state, ' for ' || pg_catalog.date_trunc('second',"
	" pg_catalog.clock_timestamp() - a.xact_start),"
	" ': ' || pg_catalog.left(pg_catalog.split_part(a.query, E'\\n', 1),"
	" 120))"
	" FROM pg_catalog.pg_stat_activity AS a WHERE a.pid = $1";

static void
describe_add(StringInfo text, int pid)
{
	Oid types[1] = {INT4OID};
	Datum values[1];
	char *said = NULL;

	values[0] = Int32GetDatum(pid);
	if (SPI_execute_with_args(describe, 1, types, values, NULL, false, 1) ==
	        SPI_OK_SELECT &&
	    SPI_processed == 1)
		said = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
	if (text->len > 0)
		appendStringInfoChar(text, '\n');
	if (said != NULL)
		appendStringInfo(text, "%s.", said);
	else
		appendStringInfo(text, "Process %d.", pid);
	SPI_freetuptable(SPI_tuptable);
}

static void
blocker_add(StringInfo text, StringInfo pids, VirtualTransactionId vxid)
{
	int pid = pg_mig_vxid_pid(vxid);

	if (pid == 0)
	{
		appendStringInfo(text, "%sA prepared transaction.",
		                 text->len > 0 ? "\n" : "");
		return;
	}
	describe_add(text, pid);
	appendStringInfo(pids, "%s%d", pids->len > 0 ? ", " : "", pid);
}

/* The path is ours for the while. */
void
pg_mig_watch_blockers(PgMigBlockers *b)
{
	VirtualTransactionId *holders;
	StringInfoData text, pids;
	int count = 0;
	int nest;

	initStringInfo(&text);
	initStringInfo(&pids);
	b->text = text.data;
	b->pids = pids.data;
	if (!watch.found)
		return;
	pgstat_clear_snapshot();
	nest = NewGUCNestLevel();
	set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET,
	                  PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	holders = GetLockConflicts(&watch.tag, watch.mode, &count);
	for (int i = 0; i < count && i < BLOCKERS_MAX; i++)
		blocker_add(&text, &pids, holders[i]);
	if (count > BLOCKERS_MAX)
		appendStringInfo(&text, "\nAnd %d more.", count - BLOCKERS_MAX);
	AtEOXact_GUC(false, nest);
	b->text = text.data;
	b->pids = pids.data;
}
