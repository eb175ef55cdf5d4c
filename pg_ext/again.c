#include "worker.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "tcop/dest.h"
#include "tcop/tcopprot.h"
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

/*
 * A statement that was cut off is looked at in a transaction that is rolled
 * back; what has to be done about its remains is done after that, each at top
 * level.
 */
typedef struct Remains
{
	bool done;    /* the statement need not run */
	List *repair; /* statements to run before it */
	MemoryContext memory;
} Remains;

static void
repair_add(Remains *r, const char *start, const char *name, const char *end)
{
	MemoryContext old = MemoryContextSwitchTo(r->memory);

	r->repair = lappend(r->repair, psprintf("%s %s%s", start, name, end));
	MemoryContextSwitchTo(old);
}

static char *
name_of(Oid relation)
{
	return quote_qualified_identifier(
		get_namespace_name(get_rel_namespace(relation)),
		get_rel_name(relation));
}

/* ------------------------------------------------ CREATE INDEX CONCURRENTLY */

/* Whether the role may make the copy of a table that a definition is tried
   on. */
static bool
may_copy(void)
{
	bool null;

	if (SPI_execute("SELECT pg_catalog.has_database_privilege("
	                "pg_catalog.current_database(), 'TEMP')",
	                false, 1) != SPI_OK_SELECT)
		return false;
	return DatumGetBool(
		SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &null));
}

static void
utility(Node *node, const char *text)
{
	PlannedStmt *plan = makeNode(PlannedStmt);
	QueryCompletion done;

	plan->commandType = CMD_UTILITY;
	plan->utilityStmt = node;
	InitializeQueryCompletion(&done);
#if PG_VERSION_NUM >= 140000
	ProcessUtility(plan, text, false, PROCESS_UTILITY_QUERY, NULL, NULL,
	               None_Receiver, &done);
#else
	ProcessUtility(plan, text, PROCESS_UTILITY_QUERY, NULL, NULL,
	               None_Receiver, &done);
#endif
	CommandCounterIncrement();
}

/* Make the index that the statement means, on an empty copy of its table. */
static void
copy_make(const IndexStmt *stmt, Oid table, const char *text)
{
	IndexStmt *copy = copyObject((IndexStmt *) stmt);
	char *name = get_rel_name(table);

	if (SPI_execute(psprintf("CREATE TEMPORARY TABLE %s (LIKE %s)",
	                         quote_identifier(name), name_of(table)),
	                false, 0) < 0)
		elog(ERROR, "could not copy a table");
	copy->relation = makeRangeVar(pstrdup("pg_temp"), name, -1);
	copy->concurrent = false;
	copy->if_not_exists = false;
	copy->idxname = NULL;
	copy->tableSpace = NULL;
	utility((Node *) copy, text);
}

/*
 * The table's indexes that are the same as the copy's, valid or not, or that
 * bear the name: by oid, name, validity, sameness. What pg_get_indexdef() says
 * after the table's name is all that there is to compare.
 */
static const char find_indexes[] =
	"SELECT x.indexrelid::pg_catalog.int8, x.indisvalid AND x.indisready,"
	" COALESCE((SELECT y.indisunique = x.indisunique AND"
	" pg_catalog.regexp_replace(pg_catalog.pg_get_indexdef(y.indexrelid),"
	" '^.*? USING ', '') ="
	" pg_catalog.regexp_replace(pg_catalog.pg_get_indexdef(x.indexrelid),"
	" '^.*? USING ', '')"
	" FROM pg_catalog.pg_index AS y WHERE y.indrelid = $2), false), c.relname"
	" FROM pg_catalog.pg_index AS x"
	" JOIN pg_catalog.pg_class AS c ON c.oid = x.indexrelid"
	" WHERE x.indrelid = $1";

static void
index_look(Remains *r, const char *wanted, HeapTuple tuple, TupleDesc shape)
{
	bool null;
	Oid index = (Oid) DatumGetInt64(SPI_getbinval(tuple, shape, 1, &null));
	bool valid = DatumGetBool(SPI_getbinval(tuple, shape, 2, &null));
	bool same = DatumGetBool(SPI_getbinval(tuple, shape, 3, &null));
	bool named =
		wanted != NULL && strcmp(SPI_getvalue(tuple, shape, 4), wanted) == 0;

	if (wanted != NULL && !named)
		return;
	if (valid && same)
		r->done = true;
	else if (!valid && (named || same))
		repair_add(r, "DROP INDEX CONCURRENTLY IF EXISTS", name_of(index), "");
}

static void
create_index(Remains *r, const IndexStmt *stmt, const char *text)
{
	Oid table = RangeVarGetRelid(stmt->relation, NoLock, true);
	Oid types[2] = {OIDOID, OIDOID};
	Datum values[2];
	char nulls[3] = "  ";
	uint64 count;

	if (!stmt->concurrent || !OidIsValid(table))
		return;
	values[0] = ObjectIdGetDatum(table);
	values[1] = ObjectIdGetDatum(InvalidOid);
	if (may_copy())
	{
		copy_make(stmt, table, text);
		values[1] = ObjectIdGetDatum(RangeVarGetRelid(
			makeRangeVar(pstrdup("pg_temp"), get_rel_name(table), -1), NoLock,
			false));
	}
	if (SPI_execute_with_args(find_indexes, 2, types, values, nulls, false,
	                          0) != SPI_OK_SELECT)
		elog(ERROR, "could not look for indexes");
	count = SPI_processed;
	for (uint64 i = 0; i < count; i++)
		index_look(r, stmt->idxname, SPI_tuptable->vals[i],
		           SPI_tuptable->tupdesc);
}

/* --------------------------------------------------------------- the others */

static void
drop_index(Remains *r, const DropStmt *stmt)
{
	List *name;

	if (stmt->removeType != OBJECT_INDEX || !stmt->concurrent ||
	    list_length(stmt->objects) != 1)
		return;
	name = linitial_node(List, stmt->objects);
	r->done = !OidIsValid(
		RangeVarGetRelid(makeRangeVarFromNameList(name), NoLock, true));
}

/* REINDEX CONCURRENTLY builds beside, under names of its own. */
static void
reindex(Remains *r, const ReindexStmt *stmt)
{
	static const char sql[] =
		"SELECT x.indexrelid::pg_catalog.int8 FROM pg_catalog.pg_index AS x"
		" JOIN pg_catalog.pg_class AS c ON c.oid = x.indexrelid"
		" WHERE (x.indrelid = $1 OR x.indrelid = (SELECT y.indrelid FROM"
		" pg_catalog.pg_index AS y WHERE y.indexrelid = $1))"
		" AND NOT x.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$'";
	Oid types[1] = {OIDOID};
	Datum values[1];
	Oid relation;
	bool null;

	if (stmt->relation == NULL)
		return;
	relation = RangeVarGetRelid(stmt->relation, NoLock, true);
	values[0] = ObjectIdGetDatum(relation);
	if (SPI_execute_with_args(sql, 1, types, values, NULL, false, 0) !=
	    SPI_OK_SELECT)
		elog(ERROR, "could not look for indexes");
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Oid index = (Oid) DatumGetInt64(SPI_getbinval(
			SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &null));

		repair_add(r, "DROP INDEX CONCURRENTLY IF EXISTS", name_of(index), "");
	}
}

#if PG_VERSION_NUM >= 140000
/* The first half is committed: only FINALIZE is left; or all of it is. */
static void
detach(Remains *r, const AlterTableStmt *stmt, const PartitionCmd *cmd)
{
	Oid types[2] = {OIDOID, OIDOID};
	Datum values[2];
	Oid parent = RangeVarGetRelid(stmt->relation, NoLock, true);
	Oid part = RangeVarGetRelid(cmd->name, NoLock, true);
	bool null;

	if (!OidIsValid(parent) || !OidIsValid(part))
		return;
	values[0] = ObjectIdGetDatum(parent);
	values[1] = ObjectIdGetDatum(part);
	if (SPI_execute_with_args("SELECT inhdetachpending FROM"
	                          " pg_catalog.pg_inherits"
	                          " WHERE inhparent = $1 AND inhrelid = $2",
	                          2, types, values, NULL, false,
	                          1) != SPI_OK_SELECT)
		elog(ERROR, "could not look for a partition");
	if (SPI_processed > 0 &&
	    !DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0],
	                                SPI_tuptable->tupdesc, 1, &null)))
		return;
	r->done = true;
	if (SPI_processed > 0)
		repair_add(r, "ALTER TABLE", name_of(parent),
		           psprintf(" DETACH PARTITION %s FINALIZE", name_of(part)));
}
#endif

static void
alter_table(Remains *r, const AlterTableStmt *stmt)
{
#if PG_VERSION_NUM >= 140000
	const AlterTableCmd *cmd;

	if (list_length(stmt->cmds) != 1)
		return;
	cmd = linitial_node(AlterTableCmd, stmt->cmds);
	if (cmd->subtype == AT_DetachPartition ||
	    cmd->subtype == AT_DetachPartitionFinalize)
		detach(r, stmt, castNode(PartitionCmd, cmd->def));
#else
	(void) r;
	(void) stmt;
#endif
}

static void
look(Remains *r, Node *node, const char *text)
{
	switch (nodeTag(node))
	{
		case T_IndexStmt:
			create_index(r, (const IndexStmt *) node, text);
			break;
		case T_DropStmt:
			drop_index(r, (const DropStmt *) node);
			break;
		case T_ReindexStmt:
			reindex(r, (const ReindexStmt *) node);
			break;
		case T_AlterTableStmt:
			alter_table(r, (const AlterTableStmt *) node);
			break;
		default:
			break;
	}
}

bool
pg_mig_again(PgMigTry *t)
{
	Remains r = {.memory = CurrentMemoryContext};
	MigResult result;
	ListCell *cell;
	List *list;

	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	XactReadOnly = false;
	list = pg_parse_query(t->text);
	if (list_length(list) == 1)
		look(&r, linitial_node(RawStmt, list)->stmt, t->text);
	AbortCurrentTransaction();
	MemoryContextSwitchTo(r.memory);
	foreach (cell, r.repair)
	{
		ereport(NOTICE, (errmsg("after a try that was cut off: %s",
		                        (char *) lfirst(cell))));
		pg_mig_toplevel_run(lfirst(cell), t, &result);
		MemoryContextSwitchTo(r.memory);
	}
	return r.done;
}
