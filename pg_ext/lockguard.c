#include "lockguard.h"

#include "access/xact.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/timestamp.h"

#include "state.h"

#define TIMEOUT_DEFAULT 2000 /* milliseconds */
#define TRIES_DEFAULT 10
#define BACKOFF_DEFAULT 500
#define BACKOFF_MAX 10000
#define TRIES_MAX 100000

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

	g->memory = h->memory;
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

/* --------------------------------------------------------------- the tries */

/* To be logged when the revision's own settings and roles are gone. */
void
pg_mig_guard_remember(PgMigGuard *g, const char *text)
{
	MemoryContext old = MemoryContextSwitchTo(g->memory);

	g->waits = lappend(g->waits, pstrdup(text));
	MemoryContextSwitchTo(old);
}

bool
pg_mig_guard_log(MigHost *host, Mig *m)
{
	PgHost *h = (PgHost *) host;
	MigLogEntry entry = {.action = "wait", .elapsed = -1};
	bool ok = true;
	ListCell *cell;

	entry.revision = host->place.revision;
	foreach (cell, h->guard.waits)
	{
		entry.detail = mig_str(lfirst(cell));
		ok = ok && mig_state_log(m, host, &entry);
	}
	h->guard.waits = NIL;
	return ok;
}

bool
pg_mig_guard_answers(int sqlerrcode)
{
	return sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE ||
	       sqlerrcode == ERRCODE_T_R_DEADLOCK_DETECTED;
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
	pg_mig_watch_start();
	PG_TRY();
	{
		work(arg);
		pg_mig_watch_stop();
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		pg_mig_watch_stop();
		MemoryContextSwitchTo(memory);
		failure = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(memory);
	CurrentResourceOwner = owner;
	/* Not in the subtransaction, which would outlive the statement. */
	if (failure != NULL && !pg_mig_guard_answers(failure->sqlerrcode))
		ReThrowError(failure);
	return failure;
}

void
pg_mig_guard_raise(ErrorData *e, const char *sentence, const PgMigBlockers *b,
                   const char *hint)
{
	StringInfoData detail;

	initStringInfo(&detail);
	if (e->detail != NULL)
		appendStringInfo(&detail, "%s\n", e->detail);
	appendStringInfoString(&detail, sentence);
	if (b->text[0] != '\0')
		appendStringInfo(&detail, " In the way was:\n%s", b->text);
	e->detail = detail.data;
	if (e->hint == NULL)
		e->hint = pstrdup(hint);
	ReThrowError(e);
}

static void
sleep_for(int milliseconds)
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

/* The view migrate_job reads the first line, of a process of ours. */
static void
pause_shown(const PgMigGuard *g, const char *pids, int wait)
{
	char *line;

	if (g->text == NULL)
	{
		sleep_for(wait);
		return;
	}
	line = psprintf("-- migrate: gave way to others (%s), trying again in"
	                " %d ms\n%s",
	                pids, wait, g->text);
	pgstat_report_activity(STATE_RUNNING, line);
	pfree(line);
	sleep_for(wait);
	pgstat_report_activity(STATE_RUNNING, g->text);
}

void
pg_mig_guard_pause(PgMigGuard *g, ErrorData *e, PgMigBlockers *b, int i,
                   int *wait)
{
	if (i >= g->tries)
		pg_mig_guard_raise(e, psprintf("It was tried %d times.", g->tries), b,
		                   "Run it again when the other transaction has ended;"
		                   " or raise lock_timeout, lock_tries or lock_backoff"
		                   " in migrate_setting.");
	ereport(NOTICE,
	        (errmsg("gave way to others that hold a lock, trying again in"
	                " %d ms",
	                *wait),
	         b->text[0] != '\0' ? errdetail_internal("%s", b->text) : 0));
	pg_mig_guard_remember(g, b->text);
	FreeErrorData(e);
	pause_shown(g, b->pids, *wait);
	pfree(b->text);
	pfree(b->pids);
	*wait = Min(*wait * 2, Max(g->backoff, BACKOFF_MAX));
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
		PgMigBlockers b;

		if (e == NULL)
			return;
		pg_mig_watch_blockers(&b);
		pg_mig_guard_pause(&h->guard, e, &b, i, &wait);
	}
}
