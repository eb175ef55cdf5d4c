#include "binding.h"

#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "rows.h"
#include "run.h"

static const bool never = false;
static const bool always = true;

/* What the error context needs. */
typedef struct Running
{
	const MigPlace *place;
	const char *text;
	MemoryContext memory;
	const bool *bare; /* true: SPI does not name the statement by itself */
} Running;

/* Lines before the character at position (from 1) of text. */
static int
lines_before(const char *text, int position)
{
	int lines = 0;

	for (; position > 1 && *text != '\0'; position--)
	{
		if (*text == '\n' || (*text == '\r' && text[1] != '\n'))
			lines++;
		text += pg_mblen(text);
	}
	return lines;
}

/* The server tells a place in this very statement: count its lines. Nested
   statements have positions of their own. */
static int
lines_to_error(const Running *r)
{
	MemoryContext old;
	ErrorData *e;
	int lines = 0;

	if (getinternalerrposition() <= 0)
		return 0;
	old = MemoryContextSwitchTo(r->memory);
	e = CopyErrorData();
	if (e->internalquery != NULL && strcmp(e->internalquery, r->text) == 0)
		lines = lines_before(r->text, e->internalpos);
	FreeErrorData(e);
	MemoryContextSwitchTo(old);
	return lines;
}

/* Adds the place; the server's message, code and fields stay as they are. */
static void
add_place(void *arg)
{
	const Running *r = arg;
	MigStatement statement = *r->place->statement;
	MigPlace place = *r->place;
	char text[MIG_PLACE_MAX];
	int position = geterrposition();

	if (position > 0)
	{
		errposition(0);
		internalerrposition(position);
		internalerrquery(r->text);
	}
	else if (*r->bare)
		errcontext("SQL statement \"%s\"", r->text);
	statement.pos.line += lines_to_error(r);
	place.statement = &statement;
	mig_place_text(&place, text, sizeof(text));
	errcontext("%s", text);
	if (geterrcode() == ERRCODE_UNSAFE_NEW_ENUM_VALUE_USAGE)
		errhint("Commit the revision that adds the value first: run"
		        " migrate_apply() for it alone, then for the rest.");
}

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
run_query(Running *r, SPIPlanPtr plan, MigResult *out)
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
run_statement(Running *r, MigResult *out)
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

bool
pg_mig_exec(MigHost *host, Mig *m, const MigStatement *s, MigResult *r)
{
	PgHost *h = (PgHost *) host;
	MemoryContext own = AllocSetContextCreate(h->memory, "migrate statement",
	                                          ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(own);
	Running running = {&host->place, NULL, own, &never};
	ErrorContextCallback context = {error_context_stack, add_place, &running};

	(void) m;
	running.text = pnstrdup(s->text.at, s->text.len);
	error_context_stack = &context;
	if (s->kind == MIG_STMT_COPY_DATA)
	{
		running.bare = &always;
		r->rows = (int64) pg_mig_copy(s, running.text);
		r->holds = true;
	}
	else
		run_statement(&running, r);
	error_context_stack = context.previous;
	MemoryContextSwitchTo(old);
	MemoryContextDelete(own);
	return true;
}
