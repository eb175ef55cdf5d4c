#include "lockguard.h"
#include "worker.h"

#include "access/xact.h"
#include "commands/defrem.h"
#include "executor/spi.h"
#include "nodes/parsenodes.h"
#include "storage/proc.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

/*
 * A statement outside of any transaction is rolled back as far as it has not
 * committed anything itself. It has if the transaction that fails is not the
 * one that it began in: each has a number of its own, its local one, which
 * even those have that write nothing.
 *
 * CONCURRENTLY: the locks that such a statement holds let others read and
 * write. It waits for such a lock, and then again and again for the end of
 * transactions. To give the latter up would help nobody, and would throw away
 * what a long scan has built. Others ask for the same while they hold what
 * keeps readers out: DETACH PARTITION ... FINALIZE.
 */

static LocalTransactionId
transaction(void)
{
#if PG_VERSION_NUM >= 170000
	return MyProc->vxid.lxid;
#else
	return MyProc->lxid;
#endif
}

/* ---------------------------------------------------------- what may repeat */

static bool
reindex_is_concurrent(const ReindexStmt *stmt)
{
#if PG_VERSION_NUM >= 140000
	ListCell *cell;

	foreach (cell, stmt->params)
	{
		DefElem *option = lfirst_node(DefElem, cell);

		if (strcmp(option->defname, "concurrently") == 0)
			return defGetBoolean(option);
	}
	return false;
#else
	return stmt->concurrent;
#endif
}

static bool
detach_is_concurrent(const AlterTableStmt *stmt)
{
#if PG_VERSION_NUM >= 140000
	const AlterTableCmd *cmd = linitial_node(AlterTableCmd, stmt->cmds);

	return cmd->subtype == AT_DetachPartition &&
	       castNode(PartitionCmd, cmd->def)->concurrent;
#else
	(void) stmt;
	return false;
#endif
}

static PgMigRepeat
repeat_of(Node *statement)
{
	bool concurrent = false;

	switch (nodeTag(statement))
	{
		case T_VacuumStmt:
#if PG_VERSION_NUM < 190000
		case T_ClusterStmt:
#endif
			return PG_MIG_REPEAT_ALWAYS;
		case T_ReindexStmt:
			return reindex_is_concurrent((ReindexStmt *) statement)
			           ? PG_MIG_REPEAT_CONCURRENT
			           : PG_MIG_REPEAT_ALWAYS;
		case T_IndexStmt:
			concurrent = ((IndexStmt *) statement)->concurrent;
			break;
		case T_DropStmt:
			concurrent = ((DropStmt *) statement)->concurrent;
			break;
		case T_AlterTableStmt:
			concurrent = detach_is_concurrent((AlterTableStmt *) statement);
			break;
		default:
			break;
	}
	return concurrent ? PG_MIG_REPEAT_CONCURRENT : PG_MIG_REPEAT_WHOLE;
}

void
pg_mig_try_begins(PgMigTry *t, Node *statement)
{
	t->repeat = repeat_of(statement);
	t->begun = transaction();
	pg_mig_watch_patient(t->patient && t->repeat == PG_MIG_REPEAT_CONCURRENT);
}

/* ----------------------------------------------------------------- the tries */

/* NULL: it worked. Otherwise the lock's error, and whether something is
   committed; others are raised. */
static ErrorData *
attempt(PgMigTry *t, bool *committed)
{
	MemoryContext memory = CurrentMemoryContext;
	ErrorData *volatile failure = NULL;

	t->begun = InvalidLocalTransactionId;
	pg_mig_watch_start();
	PG_TRY();
	{
		pg_mig_toplevel_try(t);
		pg_mig_watch_stop();
	}
	PG_CATCH();
	{
		pg_mig_watch_stop();
		if (!pg_mig_guard_answers(geterrcode()))
			PG_RE_THROW();
		*committed =
			LocalTransactionIdIsValid(t->begun) && t->begun != transaction();
		MemoryContextSwitchTo(memory);
		failure = CopyErrorData();
		FlushErrorState();
		AbortOutOfAnyTransaction();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(memory);
	return failure;
}

static void
look_around(PgMigBlockers *b)
{
	MemoryContext memory = CurrentMemoryContext;

	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	MemoryContextSwitchTo(memory);
	pg_mig_watch_blockers(b);
	SPI_finish();
	PopActiveSnapshot();
	CommitTransactionCommand();
	MemoryContextSwitchTo(memory);
}

/* Raise what cannot be tried again, or should not. */
static void
refuse(const PgMigTry *t, ErrorData *e, const PgMigBlockers *b, bool committed)
{
	if (!committed)
		return;
	if (t->repeat == PG_MIG_REPEAT_WHOLE)
		pg_mig_guard_raise(
			e, "It was not tried again: part of its work is committed.", b,
			"The next run begins the statement anew, so it must be able to"
			" run again. SET lock_timeout = 0 before it lets it wait.");
	if (t->repeat == PG_MIG_REPEAT_CONCURRENT && !t->patient &&
	    e->sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE &&
	    pg_mig_watch_transaction())
		pg_mig_guard_raise(
			e,
			"It was not tried again: it waited for other transactions to"
			" end, and each try does all of its work anew.",
			b,
			"This wait keeps nobody else waiting; SET lock_timeout = 0"
			" before the statement.");
}

void
pg_mig_try_all(PgMigGuard *g, PgMigTry *t)
{
	int wait = g->backoff;

	if (g->tries == 0)
	{
		pg_mig_toplevel_try(t);
		return;
	}
	for (int i = 1;; i++)
	{
		bool committed = false;
		ErrorData *e = attempt(t, &committed);
		PgMigBlockers b;

		if (e == NULL)
			return;
		look_around(&b);
		refuse(t, e, &b, committed);
		t->again |= committed && t->repeat == PG_MIG_REPEAT_CONCURRENT;
		pg_mig_guard_pause(g, e, &b, i, &wait);
	}
}
