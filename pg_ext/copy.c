#include "binding.h"

#include "access/table.h"
#include "access/xact.h"
#include "catalog/catalog.h"
#include "commands/copy.h"
#include "commands/defrem.h"
#include "executor/executor.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "parser/parse_node.h"
#include "parser/parse_relation.h"
#include "tcop/tcopprot.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

#include "insert.h"

/* The server's callback has no argument to pass these in. Only one COPY of a
   script runs at a time, since runs do not nest. */
static MigStr source;

static int
source_read(void *out, int least, int most)
{
	size_t n = Min(source.len, (size_t) most);

	(void) least;
	memcpy(out, source.at, n);
	source = mig_str_from(source, n);
	return (int) n;
}

static CopyStmt *
parse(const char *text)
{
	List *list = pg_parse_query(text);
	Node *node = NULL;
	CopyStmt *copy;

	if (list_length(list) == 1)
		node = linitial_node(RawStmt, list)->stmt;
	if (node == NULL || !IsA(node, CopyStmt))
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("data follows a statement that is not COPY ..."
		                       " FROM stdin")));
	copy = (CopyStmt *) node;
	if (!copy->is_from || copy->filename != NULL || copy->relation == NULL)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("data follows a COPY that does not read from"
		                       " stdin")));
	if (copy->whereClause != NULL)
		ereport(
			ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		     errmsg("COPY ... WHERE cannot take its data from a script"),
		     errhint("Copy into a temporary table, then insert from it.")));
	return copy;
}

/* Scripts are stored in the database's encoding, whatever they were in. */
static List *
options_of(const CopyStmt *copy)
{
	List *options = NIL;
	ListCell *cell;

	foreach (cell, copy->options)
	{
		DefElem *option = lfirst_node(DefElem, cell);

		if (strcmp(option->defname, "encoding") != 0)
			options = lappend(options, option);
	}
	return lappend(
		options,
		makeDefElem("encoding",
	                (Node *) makeString(pstrdup(GetDatabaseEncodingName())),
	                -1));
}

/* The columns that are filled, as the rights of a range table count them. A
   name that is none of the table's is left to COPY itself. */
static Bitmapset *
columns_of(Relation table, const CopyStmt *copy)
{
	TupleDesc shape = RelationGetDescr(table);
	Bitmapset *columns = NULL;
	ListCell *cell;

	foreach (cell, copy->attlist)
		columns =
			bms_add_member(columns, get_attnum(RelationGetRelid(table),
		                                       strVal(lfirst(cell))) -
		                                FirstLowInvalidHeapAttributeNumber);
	if (copy->attlist != NIL)
		return columns;
	for (int i = 0; i < shape->natts; i++)
		if (!TupleDescAttr(shape, i)->attisdropped &&
		    !TupleDescAttr(shape, i)->attgenerated)
			columns = bms_add_member(
				columns, i + 1 - FirstLowInvalidHeapAttributeNumber);
	return columns;
}

void
pg_mig_check_insert(ParseState *state, Relation table, Bitmapset *columns)
{
	ParseNamespaceItem *item = addRangeTableEntryForRelation(
		state, table, RowExclusiveLock, NULL, false, false);

#if PG_VERSION_NUM >= 160000
	item->p_perminfo->requiredPerms = ACL_INSERT;
	item->p_perminfo->insertedCols = columns;
	ExecCheckPermissions(state->p_rtable, list_make1(item->p_perminfo), true);
#else
	item->p_rte->requiredPerms = ACL_INSERT;
	item->p_rte->insertedCols = columns;
	ExecCheckRTPerms(state->p_rtable, true);
#endif
}

/* The rights that COPY asks for, and the range table that it works with. */
static void
check_rights(ParseState *state, Relation table, const CopyStmt *copy)
{
	pg_mig_check_insert(state, table, columns_of(table, copy));
	if (check_enable_rls(RelationGetRelid(table), InvalidOid, false) ==
	    RLS_ENABLED)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("COPY FROM not supported with row-level security"),
		         errhint("Use INSERT statements instead.")));
}

static uint64
copy_rows(const CopyStmt *copy, const char *text)
{
	ParseState *state = make_parsestate(NULL);
	Relation table = table_openrv(copy->relation, RowExclusiveLock);
	List *options = options_of(copy);
	uint64 rows;

	state->p_sourcetext = text;
	check_rights(state, table, copy);
	{
#if PG_VERSION_NUM >= 140000
		CopyFromState from =
			BeginCopyFrom(state, table, NULL, NULL, false, source_read,
		                  copy->attlist, options);
#else
		CopyState from = BeginCopyFrom(state, table, NULL, false, source_read,
		                               copy->attlist, options);
#endif

		rows = CopyFrom(from);
		EndCopyFrom(from);
	}
	free_parsestate(state);
	table_close(table, NoLock);
	return rows;
}

uint64
pg_mig_copy(const MigStatement *s, const char *text)
{
	CopyStmt *copy = parse(text);
	uint64 rows;

	source = s->data;
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	rows = copy_rows(copy, text);
	PopActiveSnapshot();
	CommandCounterIncrement();
	return rows;
}
