#include "binding.h"

#include "access/tupdesc.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

/* An empty result in the caller's memory. InitMaterializedSRF() does this
   from PostgreSQL 15 on only. */
static ReturnSetInfo *
result_start(FunctionCallInfo fcinfo)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext old;
	TupleDesc shape;

	if (result == NULL || !IsA(result, ReturnSetInfo) ||
	    !(result->allowedModes & SFRM_Materialize))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("set-returning function called in a place that"
		                       " cannot take its rows"),
		                errhint("Call it in FROM.")));
	old = MemoryContextSwitchTo(result->econtext->ecxt_per_query_memory);
	if (get_call_result_type(fcinfo, NULL, &shape) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	result->returnMode = SFRM_Materialize;
	result->setResult = tuplestore_begin_heap(
		(result->allowedModes & SFRM_Materialize_Random) != 0, false,
		work_mem);
	result->setDesc = CreateTupleDescCopy(shape);
	MemoryContextSwitchTo(old);
	return result;
}

/* A text, in memory that the same column of the next row takes over. */
static Datum
result_text(StringInfo column, MigStr s)
{
	resetStringInfo(column);
	enlargeStringInfo(column, VARHDRSZ + (int) s.len);
	SET_VARSIZE(column->data, VARHDRSZ + s.len);
	memcpy(VARDATA(column->data), s.at, s.len);
	return PointerGetDatum(column->data);
}

static void
result_row(ReturnSetInfo *result, StringInfo texts, const MigValue *cells)
{
	Datum values[MIG_MAX_COLUMNS];
	bool nulls[MIG_MAX_COLUMNS];

	for (int i = 0; i < result->setDesc->natts; i++)
	{
		Oid type = TupleDescAttr(result->setDesc, i)->atttypid;

		nulls[i] = cells[i].null;
		values[i] = (Datum) 0;
		if (nulls[i])
			continue;
		values[i] = type == TEXTOID ? result_text(&texts[i], cells[i].text)
		                            : pg_mig_datum(type, &cells[i]);
	}
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

static Datum
rows(FunctionCallInfo fcinfo, MigFunctionId id)
{
	ReturnSetInfo *result = result_start(fcinfo);
	MigValue cells[MIG_MAX_COLUMNS];
	StringInfoData texts[MIG_MAX_COLUMNS];
	MemoryContext row, old;
	PgCall c;

	if (result->setDesc->natts != mig_function_ncolumns(&mig_functions[id]))
		elog(ERROR, "function %s() returns %d columns, %d are declared",
		     mig_functions[id].name, mig_function_ncolumns(&mig_functions[id]),
		     result->setDesc->natts);
	pg_mig_call(fcinfo, id, &c);
	row = AllocSetContextCreate(c.host.memory, "migrate row",
	                            ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(c.host.memory);
	for (int i = 0; i < result->setDesc->natts; i++)
		initStringInfo(&texts[i]);
	MemoryContextSwitchTo(row);
	for (int64_t i = 0; i < c.call.nrows; i++)
	{
		CHECK_FOR_INTERRUPTS();
		memset(cells, 0, sizeof(*cells) * (Size) result->setDesc->natts);
		if (!mig_call_row(&c.call, i, cells))
			pg_mig_raise(&c.m.status);
		result_row(result, texts, cells);
		MemoryContextReset(row);
	}
	MemoryContextSwitchTo(old);
	pg_mig_call_end(&c);
	return (Datum) 0;
}

#define ROWS(name, id)                                                        \
	PG_FUNCTION_INFO_V1(name);                                                \
	Datum name(PG_FUNCTION_ARGS)                                              \
	{                                                                         \
		return rows(fcinfo, id);                                              \
	}

ROWS(pg_mig_plan, MIG_FN_PLAN)
ROWS(pg_mig_status, MIG_FN_STATUS)
ROWS(pg_mig_current, MIG_FN_CURRENT)
ROWS(pg_mig_heads, MIG_FN_HEADS)
ROWS(pg_mig_bases, MIG_FN_BASES)
ROWS(pg_mig_branches, MIG_FN_BRANCHES)
ROWS(pg_mig_history, MIG_FN_HISTORY)
ROWS(pg_mig_verify, MIG_FN_VERIFY)
ROWS(pg_mig_adopt_plan, MIG_FN_ADOPT_PLAN)
ROWS(pg_mig_rehearse, MIG_FN_REHEARSE)
ROWS(pg_mig_types, MIG_FN_TYPES)
ROWS(pg_mig_type_check, MIG_FN_TYPE_CHECK)
ROWS(pg_mig_schema, MIG_FN_SCHEMA)
ROWS(pg_mig_export, MIG_FN_EXPORT)
