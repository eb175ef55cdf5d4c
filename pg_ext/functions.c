#include "binding.h"

#include "catalog/pg_type.h"

/* The types of scalar results; sql/migrate.sql declares them so. */
static Oid
result_type(MigType type)
{
	switch (type)
	{
		case MIG_TYPE_TEXT:
			return TEXTOID;
		case MIG_TYPE_INT:
			return INT4OID;
		case MIG_TYPE_BOOL:
			return BOOLOID;
		case MIG_TYPE_TIME:
			return TIMESTAMPTZOID;
		case MIG_TYPE_MS:
			return FLOAT8OID;
	}
	pg_unreachable();
}

static Datum
scalar(FunctionCallInfo fcinfo, MigFunctionId id)
{
	PgCall c;
	bool null;
	Datum result = (Datum) 0;

	pg_mig_call(fcinfo, id, &c);
	null = c.call.result.null;
	if (!null)
		result =
			pg_mig_datum(result_type(c.call.function->result), &c.call.result);
	pg_mig_call_end(&c);
	if (null)
		PG_RETURN_NULL();
	return result;
}

#define SCALAR(name, id)                                                      \
	PG_FUNCTION_INFO_V1(name);                                                \
	Datum name(PG_FUNCTION_ARGS)                                              \
	{                                                                         \
		return scalar(fcinfo, id);                                            \
	}

SCALAR(pg_mig_add, MIG_FN_ADD)
SCALAR(pg_mig_load, MIG_FN_LOAD)
SCALAR(pg_mig_remove, MIG_FN_REMOVE)
SCALAR(pg_mig_replace, MIG_FN_REPLACE)
SCALAR(pg_mig_script, MIG_FN_SCRIPT)
SCALAR(pg_mig_revision, MIG_FN_REVISION)
SCALAR(pg_mig_merge, MIG_FN_MERGE)
SCALAR(pg_mig_apply, MIG_FN_APPLY)
SCALAR(pg_mig_revert, MIG_FN_REVERT)
SCALAR(pg_mig_stamp, MIG_FN_STAMP)
SCALAR(pg_mig_sql, MIG_FN_SQL)
SCALAR(pg_mig_show, MIG_FN_SHOW)
SCALAR(pg_mig_graph, MIG_FN_GRAPH)
SCALAR(pg_mig_check, MIG_FN_CHECK)
SCALAR(pg_mig_fingerprint, MIG_FN_FINGERPRINT)
SCALAR(pg_mig_dialect, MIG_FN_DIALECT)
SCALAR(pg_mig_version, MIG_FN_VERSION)
SCALAR(pg_mig_adopt, MIG_FN_ADOPT)
SCALAR(pg_mig_translate, MIG_FN_TRANSLATE)
SCALAR(pg_mig_type_problem, MIG_FN_TYPE_PROBLEM)
SCALAR(pg_mig_type_key, MIG_FN_TYPE_KEY)
SCALAR(pg_mig_schema_fingerprint, MIG_FN_SCHEMA_FINGERPRINT)

/* A procedure has no result. */
PG_FUNCTION_INFO_V1(pg_mig_run_each);

Datum
pg_mig_run_each(PG_FUNCTION_ARGS)
{
	PgCall c;

	pg_mig_call(fcinfo, MIG_FN_RUN, &c);
	pg_mig_call_end(&c);
	PG_RETURN_VOID();
}
