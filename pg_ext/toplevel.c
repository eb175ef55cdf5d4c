#include "worker.h"

#include "access/xact.h"
#include "parser/analyze.h"
#include "pgstat.h"
#include "tcop/dest.h"
#include "tcop/pquery.h"
#include "tcop/tcopprot.h"
#include "tcop/utility.h"
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
pg_mig_toplevel_run(const char *text, MigResult *result)
{
	MemoryContext memory = CurrentMemoryContext;
	List *list;

	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	MemoryContextSwitchTo(memory);
	list = pg_parse_query(text);
	if (list_length(list) != 1)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("cannot run several statements as one")));
	run_raw(linitial_node(RawStmt, list), text, result);
	CommitTransactionCommand();
	MemoryContextSwitchTo(memory);
}

static void
run_data(const MigStatement *s, const char *text, MigResult *result)
{
	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	result->rows = (int64) pg_mig_copy(s, text);
	result->holds = true;
	CommitTransactionCommand();
}

void
pg_mig_toplevel(const MigAlone *alone, PgMigPlace *place, MigResult *result)
{
	MemoryContext own = AllocSetContextCreate(
		TopMemoryContext, "migrate statement", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(own);

	for (int i = 0; i <= alone->nsettings; i++)
	{
		const MigStatement *s =
			i < alone->nsettings ? alone->settings[i] : alone->statement;
		char *text = pnstrdup(s->text.at, s->text.len);

		if (place != NULL)
			place->text = text;
		if (s == alone->statement)
			pgstat_report_activity(STATE_RUNNING, text);
		if (s->kind == MIG_STMT_COPY_DATA)
			run_data(s, text, result);
		else if (s != alone->statement || !alone->again || !pg_mig_again(text))
			pg_mig_toplevel_run(text, result);
		MemoryContextSwitchTo(own);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(own);
}
