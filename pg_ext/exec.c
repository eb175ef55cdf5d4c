#include "binding.h"

#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "nodes/parsenodes.h"
#include "tcop/tcopprot.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "job.h"
#include "rows.h"

static const bool never = false;
static const bool always = true;

/* How a verify section's statement answers. */
typedef struct Answer
{
	Oid type; /* of the first column; InvalidOid: there is none */
	int64 rows;
	bool holds;
} Answer;

static bool
is_true(Oid type, Datum value)
{
	switch (type)
	{
		case BOOLOID:
			return DatumGetBool(value);
		case INT2OID:
			return DatumGetInt16(value) != 0;
		case INT4OID:
			return DatumGetInt32(value) != 0;
		case INT8OID:
			return DatumGetInt64(value) != 0;
		case FLOAT4OID:
			return DatumGetFloat4(value) != 0;
		case FLOAT8OID:
			return DatumGetFloat8(value) != 0;
		case NUMERICOID:
			return !DatumGetBool(DirectFunctionCall2(
				numeric_eq, value,
				DirectFunctionCall1(int4_numeric, Int32GetDatum(0))));
		default:
			return true;
	}
}

static void
answer_shape(PgMigRows *rows, TupleDesc shape)
{
	Answer *a = rows->arg;

	if (shape->natts > 0)
		a->type = getBaseType(TupleDescAttr(shape, 0)->atttypid);
}

static bool
answer_row(PgMigRows *rows, TupleTableSlot *slot)
{
	Answer *a = rows->arg;
	bool null = true;
	Datum value = (Datum) 0;

	a->rows++;
	if (!a->holds || a->type == InvalidOid)
		return true;
	value = slot_getattr(slot, 1, &null);
	a->holds = !null && is_true(a->type, value);
	return true;
}

static void
run_query(PgMigPlace *r, SPIPlanPtr plan, MigResult *out)
{
	Answer a = {InvalidOid, 0, true};
	PgMigRows rows = {.shape = answer_shape, .row = answer_row, .arg = &a};

	r->bare = &rows.running;
	pg_mig_rows(&rows, plan, NULL, NULL, false);
	r->bare = &never;
	out->rows = a.rows;
	out->holds = a.holds && a.rows > 0 && a.type != InvalidOid;
}

/* A statement that cannot return rows holds when it does not fail. */
static void
run_command(SPIPlanPtr plan, MigResult *out)
{
	int code = SPI_execute_plan(plan, NULL, NULL, false, 0);

	if (code == SPI_ERROR_TRANSACTION)
		ereport(ERROR, (errcode(ERRCODE_INVALID_TRANSACTION_TERMINATION),
		                errmsg("a script cannot end or begin a transaction")));
	if (code == SPI_ERROR_COPY)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("a script cannot copy to the client or from it"),
		         errhint("Write the data behind COPY ... FROM stdin, up to a"
		                 " line \\. ; or name a file on the server.")));
	if (code < 0)
		elog(ERROR, "SPI_execute_plan failed: %s",
		     SPI_result_code_string(code));
	out->rows = (int64) SPI_processed;
	out->holds = true;
	SPI_freetuptable(SPI_tuptable);
}

static void
run_statement(PgMigPlace *r, MigResult *out)
{
	SPIPlanPtr plan = SPI_prepare(r->text, 0, NULL);

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s",
		     SPI_result_code_string(SPI_result));
	if (SPI_is_cursor_plan(plan))
		run_query(r, plan, out);
	else
		run_command(plan, out);
	SPI_freeplan(plan);
}

typedef struct Exec
{
	PgMigPlace place;
	const MigStatement *statement;
	MigResult *result;
} Exec;

static void
exec_one(void *arg)
{
	Exec *e = arg;

	if (e->statement->kind == MIG_STMT_COPY_DATA)
	{
		e->place.bare = &always;
		e->result->rows = (int64) pg_mig_copy(e->statement, e->place.text);
		e->result->holds = true;
	}
	else
		run_statement(&e->place, e->result);
}

/* COPY with FREEZE wants its table made or truncated in the same
   subtransaction; so it has the table's lock already. */
static bool
is_freezing(const MigStatement *s, const char *text)
{
	CopyStmt *copy;
	List *list;
	ListCell *cell;

	if (s->kind == MIG_STMT_COPY_DATA)
		return true;
	if (pg_strncasecmp(text, "copy", 4) != 0)
		return false;
	list = pg_parse_query(text);
	copy = (CopyStmt *) linitial_node(RawStmt, list)->stmt;
	if (!IsA(copy, CopyStmt))
		return false;
	foreach (cell, copy->options)
		if (strcmp(lfirst_node(DefElem, cell)->defname, "freeze") == 0)
			return true;
	return false;
}

bool
pg_mig_exec(MigHost *host, Mig *m, const MigStatement *s, MigResult *r)
{
	PgHost *h = (PgHost *) host;
	MemoryContext own = AllocSetContextCreate(h->memory, "migrate statement",
	                                          ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(own);
	Exec e = {.place = {.place = &host->place, .memory = own, .bare = &never},
	          .statement = s,
	          .result = r};

	(void) m;
	e.place.text = pnstrdup(s->text.at, s->text.len);
	pg_mig_job_report(h, e.place.text);
	h->guard.text = h->job != NULL ? e.place.text : NULL;
	pg_mig_place_push(&e.place);
	if (is_freezing(s, e.place.text))
		exec_one(&e);
	else
		pg_mig_guard_run(h, exec_one, &e);
	pg_mig_place_pop(&e.place);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(own);
	return true;
}
