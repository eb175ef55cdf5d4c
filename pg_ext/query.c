#include "binding.h"

#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "tcop/pquery.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/portal.h"

#include "insert.h"
#include "rows.h"

/*
 * Plans are kept for the session. They name the extension's schema, so they
 * go when that is another one or bears another name; the server plans again
 * by itself when the tables were made anew.
 */
static struct
{
	char schema[NAMEDATALEN];
	SPIPlanPtr plans[MIG_Q_COUNT];
} cache;

static void
cache_check(const PgHost *h)
{
	char *name = get_namespace_name(h->schema);

	if (name == NULL)
		elog(ERROR, "cache lookup failed for schema %u", h->schema);
	if (strcmp(name, cache.schema) != 0)
	{
		for (int i = 0; i < MIG_Q_COUNT; i++)
		{
			SPIPlanPtr plan = cache.plans[i];

			cache.plans[i] = NULL;
			if (plan != NULL)
				SPI_freeplan(plan);
		}
		strlcpy(cache.schema, name, sizeof(cache.schema));
	}
	pfree(name);
}

/* "@s." and "@a." both stand for the extension's schema. */
static char *
query_text(MigQuery query)
{
	const char *s = mig_query_text(query, false);
	const char *schema = quote_identifier(cache.schema);
	StringInfoData text;

	initStringInfo(&text);
	for (; *s != '\0'; s++)
	{
		if (s[0] == '@' && (s[1] == 's' || s[1] == 'a') && s[2] == '.')
		{
			appendStringInfoString(&text, schema);
			s++;
		}
		else
			appendStringInfoChar(&text, *s);
	}
	return text.data;
}

static SPIPlanPtr
plan_of(const PgHost *h, MigQuery query)
{
	const MigQueryText *q = &mig_queries[query];
	Oid types[MIG_A_COUNT];
	SPIPlanPtr plan;

	cache_check(h);
	if (cache.plans[query] != NULL)
		return cache.plans[query];
	for (int i = 0; i < MIG_A_COUNT; i++)
		types[i] = q->array ? TEXTARRAYOID : TEXTOID;
	/* A plan of its own for each array would have it copied, flat. */
	plan = SPI_prepare_cursor(query_text(query), q->array ? 1 : q->nargs,
	                          types, q->array ? CURSOR_OPT_GENERIC_PLAN : 0);
	if (plan == NULL || SPI_keepplan(plan) != 0)
		elog(ERROR, "could not prepare query %d: %s", (int) query,
		     SPI_result_code_string(SPI_result));
	cache.plans[query] = plan;
	return plan;
}

/* One cell as text, without a copy where it is text. */
static MigStr
cell_text(PgMigCells *c, int i, Datum value)
{
	text *t;

	switch (c->types[i])
	{
		case TEXTOID:
			t = (text *) PG_DETOAST_DATUM_PACKED(value);
			return (MigStr){VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t)};
		case BOOLOID:
			return DatumGetBool(value) ? MIG_LIT("t") : MIG_LIT("f");
		case INT4OID:
			pg_ltoa(DatumGetInt32(value), c->numbers[i]);
			return mig_str(c->numbers[i]);
		case INT8OID:
			pg_lltoa(DatumGetInt64(value), c->numbers[i]);
			return mig_str(c->numbers[i]);
		default:
			return mig_str(OutputFunctionCall(&c->outputs[i], value));
	}
}

static bool
cells_row(PgMigRows *rows, TupleTableSlot *slot)
{
	PgMigCells *c = rows->arg;
	MigStr cells[PG_MIG_MAX_CELLS];

	slot_getallattrs(slot);
	for (int i = 0; i < c->count; i++)
	{
		cells[i] = (MigStr){NULL, 0};
		if (!slot->tts_isnull[i])
			cells[i] = cell_text(c, i, slot->tts_values[i]);
	}
	return c->row == NULL || c->row(c->arg, c->m, cells);
}

static void
cells_shape(PgMigRows *rows, TupleDesc shape)
{
	PgMigCells *c = rows->arg;
	Oid output;
	bool varlena;

	if (shape->natts != c->count)
		elog(ERROR, "query returns %d columns, not %d", shape->natts,
		     c->count);
	for (int i = 0; i < c->count; i++)
	{
		c->types[i] = TupleDescAttr(shape, i)->atttypid;
		if (c->types[i] == TEXTOID || c->types[i] == BOOLOID ||
		    c->types[i] == INT4OID || c->types[i] == INT8OID)
			continue;
		getTypeOutputInfo(c->types[i], &output, &varlena);
		fmgr_info(output, &c->outputs[i]);
	}
}

static bool
run_rows(PgHost *h, SPIPlanPtr plan, Datum *values, const char *nulls,
         PgMigCells *cells)
{
	PgMigRows rows = {.shape = cells_shape, .row = cells_row, .arg = cells};

	return pg_mig_rows(&rows, plan, values, nulls, h->stable);
}

static void
run_plain(SPIPlanPtr plan, Datum *values, const char *nulls)
{
	int code = SPI_execute_plan(plan, values, nulls, false, 0);

	if (code < 0)
		elog(ERROR, "SPI_execute_plan failed: %s",
		     SPI_result_code_string(code));
}

static void
bind_text(const MigStr *args, int nargs, Datum *values, char *nulls)
{
	for (int i = 0; i < nargs; i++)
	{
		nulls[i] = args[i].at == NULL ? 'n' : ' ';
		if (args[i].at != NULL)
			values[i] = PointerGetDatum(
				cstring_to_text_with_len(args[i].at, (int) args[i].len));
	}
}

/* Texts as an array in the form in which a subscript costs the same wherever
   it points. */
static Datum
array_of(const MigStr *args, int count)
{
	Datum *values = palloc(sizeof(*values) * (Size) count);
	bool *nulls = palloc(sizeof(*nulls) * (Size) count);
	int size[1] = {count}, first[1] = {1};
	ArrayType *flat;
	Datum array;

	for (int i = 0; i < count; i++)
	{
		nulls[i] = args[i].at == NULL;
		values[i] = nulls[i] ? (Datum) 0
		                     : PointerGetDatum(cstring_to_text_with_len(
								   args[i].at, (int) args[i].len));
	}
	flat = construct_md_array(values, nulls, 1, size, first, TEXTOID, -1,
	                          false, TYPALIGN_INT);
	array = expand_array(PointerGetDatum(flat), CurrentMemoryContext, NULL);
	return EOHPGetRODatum(DatumGetEOHP(array));
}

/* About what a batch of common scripts takes. */
#define BATCH_KEPT (256 * 1024)

bool
pg_mig_query_rows(MigHost *host, Mig *m, MigQuery query, const MigStr *args,
                  int nrows)
{
	PgHost *h = (PgHost *) host;
	const MigQueryText *q = &mig_queries[query];
	MemoryContext old;
	Datum array;

	Assert(q->ncells == 0);
	if (!q->array)
	{
		for (int i = 0; i < nrows; i++)
			if (!pg_mig_query(host, m, query, args + i * q->nargs, NULL, NULL))
				return false;
		return true;
	}
	/* Memory that comes from the system anew for each batch costs as much as
	   a batch's rows do. */
	if (h->batch == NULL)
		h->batch = AllocSetContextCreate(h->memory, "migrate batch", 0,
		                                 BATCH_KEPT, ALLOCSET_DEFAULT_MAXSIZE);
	old = MemoryContextSwitchTo(h->batch);
	if (query != MIG_Q_REVISION_ADD || !pg_mig_insert(h, args, nrows))
	{
		array = array_of(args, nrows * q->nargs);
		run_plain(plan_of(h, query), &array, " ");
	}
	MemoryContextSwitchTo(old);
	MemoryContextReset(h->batch);
	return true;
}

bool
pg_mig_query(MigHost *host, Mig *m, MigQuery query, const MigStr *args,
             MigRowFn row, void *arg)
{
	PgHost *h = (PgHost *) host;
	const MigQueryText *q = &mig_queries[query];
	MemoryContext own = AllocSetContextCreate(h->memory, "migrate query",
	                                          ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(own);
	SPIPlanPtr plan = plan_of(h, query);
	PgMigCells cells = {.count = q->ncells, .m = m, .row = row, .arg = arg};
	Datum values[MIG_A_COUNT] = {0};
	char nulls[MIG_A_COUNT] = {0};
	bool ok = true;

	Assert(!q->array);
	bind_text(args, q->nargs, values, nulls);
	if (q->ncells > 0)
		ok = run_rows(h, plan, values, nulls, &cells);
	else
		run_plain(plan, values, nulls);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(own);
	return ok;
}

bool
pg_mig_select(MigHost *host, Mig *m, MigStr sql, const MigStr *args, int nargs,
              int ncells, MigRowFn row, void *arg)
{
	PgHost *h = (PgHost *) host;
	MemoryContext own = AllocSetContextCreate(h->memory, "migrate query",
	                                          ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(own);
	PgMigCells cells = {.count = ncells, .m = m, .row = row, .arg = arg};
	Oid types[MIG_A_COUNT];
	Datum values[MIG_A_COUNT] = {0};
	char nulls[MIG_A_COUNT] = {0};
	SPIPlanPtr plan;
	bool ok = true;

	if (nargs > MIG_A_COUNT || ncells > PG_MIG_MAX_CELLS)
		elog(ERROR, "query with %d arguments and %d columns", nargs, ncells);
	for (int i = 0; i < nargs; i++)
		types[i] = TEXTOID;
	plan = SPI_prepare(pnstrdup(sql.at, sql.len), nargs, types);
	if (plan == NULL)
		elog(ERROR, "could not prepare a query: %s",
		     SPI_result_code_string(SPI_result));
	bind_text(args, nargs, values, nulls);
	if (ncells > 0)
		ok = run_rows(h, plan, values, nulls, &cells);
	else
		run_plain(plan, values, nulls);
	SPI_freeplan(plan);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(own);
	return ok;
}
