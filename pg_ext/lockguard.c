#include "binding.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "storage/sinvaladt.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"

#include "job.h"
#include "state.h"

/*
 * Runs that commit each revision give way. A statement that waits for a lock
 * makes everybody wait who comes after it and wants the same table, so it
 * waits for a short time only; then it is rolled back to where it began, the
 * queue behind it goes on, and after a pause it is tried again.
 *
 * Who was in its way is known only while it waits. A timer looks now and then
 * what this process is waiting for; after the error the holders of that lock
 * are still there, or are no longer in the way.
 */

#define TIMEOUT_DEFAULT 2000 /* milliseconds */
#define TRIES_DEFAULT 10
#define BACKOFF_DEFAULT 500
#define BACKOFF_MAX 10000
#define TRIES_MAX 100000
#define BLOCKERS_MAX 3

/* --------------------------------------------------------------- settings */

static int
setting_number(Mig *m, PgHost *h, const char *name, int flags, int most,
               int standard)
{
	MigStr value = mig_setting(m, &h->host, name);
	const char *hint = NULL;
	int number;

	if (value.at == NULL)
		return standard;
	if (!parse_int(value.at, &number, flags, &hint) || number < 0 ||
	    number > most)
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("value \"%s\" of setting \"%s\" is not valid",
		                value.at, name),
		         errhint("Write a number from 0 to %d%s.", most,
		                 flags != 0 ? " in milliseconds, or one with a unit,"
		                              " such as 2s"
		                            : "")));
	return number;
}

void
pg_mig_guard_read(PgHost *h, Mig *m)
{
	PgMigGuard *g = &h->guard;
	Oid table = get_relname_relid("migrate_setting", h->schema);

	g->timeout = TIMEOUT_DEFAULT;
	g->tries = TRIES_DEFAULT;
	g->backoff = BACKOFF_DEFAULT;
	/* Nobody needs this right to run migrations. */
	if (pg_class_aclcheck(table, GetUserId(), ACL_SELECT) != ACLCHECK_OK)
		return;
	g->timeout = setting_number(m, h, "lock_timeout", GUC_UNIT_MS, INT_MAX,
	                            TIMEOUT_DEFAULT);
	g->tries = setting_number(m, h, "lock_tries", 0, TRIES_MAX, TRIES_DEFAULT);
	g->backoff = setting_number(m, h, "lock_backoff", GUC_UNIT_MS, 3600000,
	                            BACKOFF_DEFAULT);
	if (g->timeout == 0)
		g->tries = 0;
}

/* --------------------------------------------------------------- the watch */

static struct
{
	bool registered;
	TimeoutId timer;
	int period;
	bool found;
	LOCKTAG tag;
	LOCKMODE mode;
} watch;

/* Runs as a signal handler: reads what cannot go away while we wait. */
static void
watch_look(void)
{
	const LOCK *lock = MyProc->waitLock;

	if (lock != NULL)
	{
		watch.tag = lock->tag;
		watch.mode = MyProc->waitLockMode;
		watch.found = true;
	}
	enable_timeout_after(watch.timer, watch.period);
}

/* Several looks before the time is over, whatever it is by now. */
static void
watch_start(void)
{
	watch.found = false;
	if (!watch.registered)
		watch.timer = RegisterTimeout(USER_TIMEOUT, watch_look);
	watch.registered = true;
	watch.period = LockTimeout > 0 ? Max(LockTimeout / 4, 5) : 500;
	enable_timeout_after(watch.timer, watch.period);
}

static void
watch_stop(void)
{
	disable_timeout(watch.timer, false);
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
blocker_add(StringInfo text, int pid)
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

/* Sentences about whoever holds the lock, for a detail. In the caller's
   memory. */
static char *
blockers(PgHost *h)
{
	int scripts = h->settings;
	VirtualTransactionId *holders;
	StringInfoData text;
	int count = 0;

	initStringInfo(&text);
	if (!watch.found)
		return text.data;
	pgstat_clear_snapshot();
	pg_mig_path_own(h);
	holders = GetLockConflicts(&watch.tag, watch.mode, &count);
	for (int i = 0; i < count && i < BLOCKERS_MAX; i++)
	{
		int pid = pg_mig_vxid_pid(holders[i]);

		if (pid != 0)
			blocker_add(&text, pid);
		else
			appendStringInfo(&text, "%sA prepared transaction.",
			                 text.len > 0 ? "\n" : "");
	}
	if (count > BLOCKERS_MAX)
		appendStringInfo(&text, "\nAnd %d more.", count - BLOCKERS_MAX);
	AtEOXact_GUC(false, h->settings);
	h->settings = scripts;
	return text.data;
}

/* --------------------------------------------------------------- the tries */

/* To be logged when the revision's own settings and roles are gone. */
static void
remember(PgHost *h, const char *text)
{
	MemoryContext old = MemoryContextSwitchTo(h->memory);

	h->guard.waits = lappend(h->guard.waits, pstrdup(text));
	MemoryContextSwitchTo(old);
}

bool
pg_mig_guard_log(PgHost *h, Mig *m)
{
	MigLogEntry entry = {.action = "wait", .elapsed = -1};
	bool ok = true;
	ListCell *cell;

	entry.revision = h->host.place.revision;
	foreach (cell, h->guard.waits)
	{
		entry.detail = mig_str(lfirst(cell));
		ok = ok && mig_state_log(m, &h->host, &entry);
	}
	h->guard.waits = NIL;
	return ok;
}

static bool
is_about_locks(const ErrorData *e)
{
	return e->sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE ||
	       e->sqlerrcode == ERRCODE_T_R_DEADLOCK_DETECTED;
}

/* NULL: it worked. Otherwise the lock's error; others are raised. */
static ErrorData *
attempt(void (*work)(void *arg), void *arg)
{
	MemoryContext memory = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	ErrorData *volatile failure = NULL;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(memory);
	watch_start();
	PG_TRY();
	{
		work(arg);
		watch_stop();
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		watch_stop();
		MemoryContextSwitchTo(memory);
		failure = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(memory);
	CurrentResourceOwner = owner;
	/* Not in the subtransaction, which would outlive the statement. */
	if (failure != NULL && !is_about_locks(failure))
		ReThrowError(failure);
	return failure;
}

/* The server's own error, and who was in the way. */
static void
give_up(PgHost *h, ErrorData *e, const char *who)
{
	StringInfoData detail;

	initStringInfo(&detail);
	if (e->detail != NULL)
		appendStringInfo(&detail, "%s\n", e->detail);
	appendStringInfo(&detail, "It was tried %d times.", h->guard.tries);
	if (who[0] != '\0')
		appendStringInfo(&detail, " In the way was:\n%s", who);
	e->detail = detail.data;
	if (e->hint == NULL)
		e->hint = pstrdup("Run it again when the other transaction has ended;"
		                  " or raise lock_timeout, lock_tries or lock_backoff"
		                  " in migrate_setting.");
	ReThrowError(e);
}

static void
pause_for(int milliseconds)
{
	TimestampTz end =
		TimestampTzPlusMilliseconds(GetCurrentTimestamp(), milliseconds);

	for (;;)
	{
		long left =
			TimestampDifferenceMilliseconds(GetCurrentTimestamp(), end);

		CHECK_FOR_INTERRUPTS();
		if (left <= 0)
			return;
		(void) WaitLatch(MyLatch,
		                 WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, left,
		                 PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
	}
}

void
pg_mig_guard_run(PgHost *h, void (*work)(void *arg), void *arg)
{
	int wait = h->guard.backoff;

	if (h->guard.tries == 0)
	{
		work(arg);
		return;
	}
	for (int i = 1;; i++)
	{
		ErrorData *e = attempt(work, arg);
		char *who;

		if (e == NULL)
			return;
		who = blockers(h);
		if (i >= h->guard.tries)
			give_up(h, e, who);
		ereport(NOTICE,
		        (errmsg("gave way to others that hold a lock, trying again in"
		                " %d ms",
		                wait),
		         who[0] != '\0' ? errdetail_internal("%s", who) : 0));
		remember(h, who);
		FreeErrorData(e);
		pause_for(wait);
		wait = Min(wait * 2, Max(h->guard.backoff, BACKOFF_MAX));
	}
}
