#include "binding.h"

#include "access/heapam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "parser/parse_node.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "insert.h"
#include "state.h"
#include "text.h"

/* What the extension makes of each argument of MIG_Q_REVISION_ADD. */
static const struct
{
	const char *name;
	Oid type;
} columns[MIG_A_COUNT] = {
	[MIG_A_REVISION] = {"revision", TEXTOID},
	[MIG_A_REVISES] = {"revises", TEXTOID},
	[MIG_A_DEPENDS] = {"depends", TEXTOID},
	[MIG_A_LABELS] = {"labels", TEXTOID},
	[MIG_A_MESSAGE] = {"message", TEXTOID},
	[MIG_A_CREATED] = {"created_at", TIMESTAMPTZOID},
	[MIG_A_CHECKSUM] = {"checksum", TEXTOID},
	[MIG_A_CHAIN] = {"chain", TEXTOID},
	[MIG_A_SOURCE] = {"source", TEXTOID},
	[MIG_A_LOADED_AT] = {"loaded_at", TIMESTAMPTZOID},
	[MIG_A_LOADED_BY] = {"loaded_by", TEXTOID},
	[MIG_A_POSITION] = {"position", INT8OID},
	[MIG_A_TRANSACTIONAL] = {"transactional", BOOLOID},
	[MIG_A_STATEMENTS] = {"statements", INT4OID},
	[MIG_A_SCRIPT] = {"script", TEXTOID},
};

/* One call: the table, and where each argument goes in a row. */
typedef struct Insert
{
	Relation table;
	int at[MIG_A_COUNT]; /* from 0 */
	Datum author;
	EState *state;
	ResultRelInfo *result;
} Insert;

/* Exactly the extension's columns, which it fills all, so that no default has
   to be worked out. */
static bool
find_columns(Insert *in)
{
	TupleDesc shape = RelationGetDescr(in->table);

	if (shape->natts != MIG_A_COUNT)
		return false;
	for (int i = 0; i < MIG_A_COUNT; i++)
	{
		Form_pg_attribute column;
		int at = 0;

		while (at < shape->natts &&
		       strcmp(NameStr(TupleDescAttr(shape, at)->attname),
		              columns[i].name) != 0)
			at++;
		if (at == shape->natts)
			return false;
		column = TupleDescAttr(shape, at);
		if (column->attisdropped || column->attgenerated ||
		    column->attidentity || column->atttypid != columns[i].type)
			return false;
		in->at[i] = at;
	}
	return true;
}

/* Nothing but the guard and indexes has a say in what a new row does. */
static bool
is_ours(Relation table)
{
	const FormData_pg_class *class = table->rd_rel;
	const TupleConstr *constraints = RelationGetDescr(table)->constr;

	return class->relkind == RELKIND_RELATION && !class->relispartition &&
	       !class->relhasrules &&
	       (constraints == NULL || constraints->num_check == 0) &&
	       check_enable_rls(RelationGetRelid(table), InvalidOid, true) !=
	           RLS_ENABLED &&
	       pg_mig_guard_alone(table);
}

static void
check_rights(Insert *in)
{
	ParseState *state = make_parsestate(NULL);
	Bitmapset *filled = NULL;

	for (int i = 0; i < MIG_A_COUNT; i++)
		filled = bms_add_member(
			filled, in->at[i] + 1 - FirstLowInvalidHeapAttributeNumber);
	pg_mig_check_insert(state, in->table, filled);
	free_parsestate(state);
}

/* False: the server's own conversion has to say what it thinks of it. */
static bool
value_of(Insert *in, int i, MigStr arg, Datum *value)
{
	int64_t time;

	if (i == MIG_A_LOADED_BY)
		*value = in->author;
	else if (columns[i].type == TEXTOID)
		*value =
			PointerGetDatum(cstring_to_text_with_len(arg.at, (int) arg.len));
	else if (columns[i].type == BOOLOID)
		*value = BoolGetDatum(mig_cell_bool(arg));
	else if (columns[i].type == INT4OID)
		*value = Int32GetDatum((int32) mig_cell_int(arg, 0));
	else if (columns[i].type == INT8OID)
		*value = Int64GetDatum(mig_cell_int(arg, 0));
	else if (mig_time_parse(arg, &time))
		*value = TimestampTzGetDatum(time - PG_MIG_EPOCH_GAP);
	else
		return false;
	return true;
}

static bool
slot_fill(Insert *in, TupleTableSlot *slot, const MigStr *args)
{
	TupleDesc shape = RelationGetDescr(in->table);

	ExecClearTuple(slot);
	for (int i = 0; i < MIG_A_COUNT; i++)
	{
		int at = in->at[i];

		slot->tts_isnull[at] = args[i].at == NULL;
		if (slot->tts_isnull[at])
		{
			if (TupleDescAttr(shape, at)->attnotnull)
				return false;
			slot->tts_values[at] = (Datum) 0;
		}
		else if (!value_of(in, i, args[i], &slot->tts_values[at]))
			return false;
	}
	ExecStoreVirtualTuple(slot);
	return true;
}

static void
indexes_open(Insert *in)
{
	in->state = CreateExecutorState();
	in->result = makeNode(ResultRelInfo);
	InitResultRelInfo(in->result, in->table, 0, NULL, 0);
	ExecOpenIndices(in->result, false);
#if PG_VERSION_NUM < 140000
	in->state->es_result_relations = in->result;
	in->state->es_num_result_relations = 1;
	in->state->es_result_relation_info = in->result;
#endif
}

static void
indexes_fill(Insert *in, TupleTableSlot *slot)
{
#if PG_VERSION_NUM >= 160000
	ExecInsertIndexTuples(in->result, slot, in->state, false, false, NULL, NIL,
	                      false);
#elif PG_VERSION_NUM >= 140000
	ExecInsertIndexTuples(in->result, slot, in->state, false, false, NULL,
	                      NIL);
#else
	ExecInsertIndexTuples(slot, in->state, false, NULL, NIL);
#endif
	ResetPerTupleExprContext(in->state);
}

static void
rows_insert(Insert *in, TupleTableSlot **slots, int nrows)
{
	BulkInsertState bulk = GetBulkInsertState();

	PushActiveSnapshot(GetTransactionSnapshot());
	indexes_open(in);
	table_multi_insert(in->table, slots, nrows, GetCurrentCommandId(true), 0,
	                   bulk);
	for (int i = 0; i < nrows; i++)
		if (in->result->ri_NumIndices > 0)
			indexes_fill(in, slots[i]);
	ExecCloseIndices(in->result);
	FreeExecutorState(in->state);
	PopActiveSnapshot();
	FreeBulkInsertState(bulk);
	table_finish_bulk_insert(in->table, 0);
	CommandCounterIncrement();
}

/* As slots: the access method wants those of its own kind. */
static bool
rows_add(Insert *in, const MigStr *args, int nrows)
{
	TupleTableSlot **slots = palloc(sizeof(*slots) * (Size) nrows);
	bool ok = true;
	int n = 0;

	in->author = pg_mig_guard_author();
	while (ok && n < nrows)
	{
		slots[n] = table_slot_create(in->table, NULL);
		ok = slot_fill(in, slots[n], args + n * MIG_A_COUNT);
		n++;
	}
	if (ok)
		rows_insert(in, slots, nrows);
	while (n > 0)
		ExecDropSingleTupleTableSlot(slots[--n]);
	return ok;
}

bool
pg_mig_insert(const PgHost *h, const MigStr *args, int nrows)
{
	Insert in = {0};
	Oid table = get_relname_relid("migrate_revision", h->schema);
	bool ok;

	if (!OidIsValid(table) || get_rel_relkind(table) != RELKIND_RELATION)
		return false;
	in.table = table_open(table, RowExclusiveLock);
	ok = is_ours(in.table) && find_columns(&in);
	if (ok)
	{
		check_rights(&in);
		ok = rows_add(&in, args, nrows);
	}
	table_close(in.table, NoLock);
	return ok;
}
