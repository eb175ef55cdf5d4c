#include "worker.h"

#include "access/xact.h"
#include "parser/analyze.h"
#include "pgstat.h"
#include "storage/proc.h"
#include "tcop/dest.h"
#include "tcop/pquery.h"
#include "tcop/tcopprot.h"
#include "tcop/utility.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/portal.h"
#include "utils/snapmgr.h"

static List *
plan(RawStmt *raw, const char *text)
{
	bool snapshot = analyze_requires_snapshot(raw);
	List *queries;
	List *plans;

	if (snapshot)
		PushActiveSnapshot(GetTransactionSnapshot());
#if PG_VERSION_NUM >= 150000
	queries = pg_analyze_and_rewrite_fixedparams(raw, text, NULL, 0, NULL);
#else
	queries = pg_analyze_and_rewrite(raw, text, NULL, 0, NULL);
#endif
	plans = pg_plan_queries(queries, text, CURSOR_OPT_PARALLEL_OK, NULL);
	if (snapshot)
		PopActiveSnapshot();
	return plans;
}

/* As the server does with a statement that a client sends alone. */
static void
run_raw(RawStmt *raw, const char *text, MigResult *result)
{
	CommandTag tag = CreateCommandTag(raw->stmt);
	List *plans = plan(raw, text);
	Portal portal = CreatePortal("", true, true);
	DestReceiver *nowhere = CreateDestReceiver(DestNone);
	QueryCompletion done;

	portal->visible = false;
	PortalDefineQuery(portal, NULL, text, tag, plans, NULL);
	PortalStart(portal, NULL, 0, InvalidSnapshot);
	InitializeQueryCompletion(&done);
#if PG_VERSION_NUM >= 180000
	(void) PortalRun(portal, FETCH_ALL, true, nowhere, nowhere, &done);
#else
	(void) PortalRun(portal, FETCH_ALL, true, true, nowhere, nowhere, &done);
#endif
	nowhere->rDestroy(nowhere);
	PortalDrop(portal, false);
	result->rows = (int64) done.nprocessed;
	result->holds = true;
}

/* The statement itself may commit, so nothing lives in its transaction. */
void
pg_mig_toplevel_run(const char *text, PgMigTry *t, MigResult *result)
{
	MemoryContext memory = CurrentMemoryContext;
	RawStmt *raw;
	List *list;

	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	MemoryContextSwitchTo(memory);
	list = pg_parse_query(text);
	if (list_length(list) != 1)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("cannot run several statements as one")));
	raw = linitial_node(RawStmt, list);
	if (t != NULL)
		pg_mig_try_begins(t, raw->stmt);
	run_raw(raw, text, result);
	CommitTransactionCommand();
	MemoryContextSwitchTo(memory);
}

void
pg_mig_toplevel_try(PgMigTry *t)
{
	if (!t->again || !pg_mig_again(t))
		pg_mig_toplevel_run(t->text, t, t->result);
}

/* As long as the process has a session's settings. Whether it counts: not
   when the session, the role or, by now, the script has one of its own. */
static bool
set_timeout(const PgMigGuard *guard)
{
	if (guard->tries == 0 || LockTimeout != 0)
		return false;
	SetConfigOption("lock_timeout", psprintf("%d", guard->timeout),
	                PGC_USERSET, PGC_S_SESSION);
	return true;
}

static char *
text_of(const MigStatement *s, PgMigPlace *place)
{
	char *text = pnstrdup(s->text.at, s->text.len);

	if (place != NULL)
		place->text = text;
	return text;
}

void
pg_mig_toplevel(const MigAlone *alone, PgMigGuard *guard, PgMigPlace *place,
                MigResult *result)
{
	MemoryContext own = AllocSetContextCreate(
		TopMemoryContext, "migrate statement", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(own);
	PgMigTry t = {.result = result, .again = alone->again};
	bool ours = set_timeout(guard);

	for (int i = 0; i < alone->nsettings; i++)
		pg_mig_toplevel_run(text_of(alone->settings[i], place), NULL, result);
	t.text = text_of(alone->statement, place);
	t.patient = ours && LockTimeout == guard->timeout;
	guard->text = t.text;
	pgstat_report_activity(STATE_RUNNING, t.text);
	pg_mig_try_all(guard, &t);
	guard->text = NULL;
	MemoryContextSwitchTo(old);
	MemoryContextDelete(own);
}
