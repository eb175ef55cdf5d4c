#include "job.h"

#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

/* Statements about migrate_background, "@." standing for the extension's
   schema, run with the rights of its owner. */
typedef struct Owner
{
	Oid user;
	int context;
	int settings;
} Owner;

static void
owner_become(Owner *o, Oid schema)
{
	Oid table = get_relname_relid("migrate_background", schema);
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(table));

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		                errmsg("extension \"migrate\" was dropped")));
	o->settings = NewGUCNestLevel();
	set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET,
	                  PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	GetUserIdAndSecContext(&o->user, &o->context);
	SetUserIdAndSecContext(((Form_pg_class) GETSTRUCT(tuple))->relowner,
	                       o->context | SECURITY_LOCAL_USERID_CHANGE);
	ReleaseSysCache(tuple);
}

static void
owner_leave(const Owner *o)
{
	SetUserIdAndSecContext(o->user, o->context);
	AtEOXact_GUC(false, o->settings);
}

static char *
text_of(Oid schema, const char *sql)
{
	const char *name = quote_identifier(get_namespace_name(schema));
	StringInfoData text;

	initStringInfo(&text);
	for (; *sql != '\0'; sql++)
	{
		if (sql[0] == '@' && sql[1] == '.')
			appendStringInfoString(&text, name);
		else
			appendStringInfoChar(&text, *sql);
	}
	return text.data;
}

/* The number of rows; what RETURNING gave is in SPI_tuptable. */
static uint64
run(Oid schema, const char *sql, int nargs, Oid *types, Datum *values,
    const char *nulls)
{
	Owner owner;
	int code;

	owner_become(&owner, schema);
	code = SPI_execute_with_args(text_of(schema, sql), nargs, types, values,
	                             nulls, false, 0);
	if (code < 0)
		elog(ERROR, "SPI_execute_with_args failed: %s",
		     SPI_result_code_string(code));
	owner_leave(&owner);
	return SPI_processed;
}

static int64
first_number(void)
{
	bool null;

	return DatumGetInt64(
		SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &null));
}

int64
pg_mig_job_add(Oid schema, const char *target, const char *action,
               Datum schemas, int canaries)
{
	static const char sql[] =
		"WITH n AS MATERIALIZED (SELECT nextval('@.migrate_background_job')"
		" AS job)"
		" INSERT INTO @.migrate_background (job, number, schema, target,"
		" canary, role, action, state, requested_at)"
		" SELECT n.job, s.number, s.name, $2, s.number <= $3, $4, $5,"
		" 'waiting', clock_timestamp()"
		" FROM n, unnest($1) WITH ORDINALITY AS s (name, number)"
		" RETURNING job";
	Oid types[5] = {TEXTARRAYOID, TEXTOID, INT4OID, OIDOID, TEXTOID};
	Datum values[5];

	values[0] = schemas;
	values[1] = CStringGetTextDatum(target);
	values[2] = Int32GetDatum(canaries);
	values[3] = ObjectIdGetDatum(GetUserId());
	values[4] = CStringGetTextDatum(action);
	if (run(schema, sql, 5, types, values, NULL) == 0)
		elog(ERROR, "a job without schemas");
	return first_number();
}

/* ------------------------------------------------ transactions of their own */

/* Whatever the session's settings say about transactions. */
static void
begin(void)
{
	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	XactReadOnly = false;
	XactIsoLevel = XACT_READ_COMMITTED;
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	PushActiveSnapshot(GetTransactionSnapshot());
}

static void
end(void)
{
	SPI_finish();
	PopActiveSnapshot();
	CommitTransactionCommand();
}

static char *
cell(int column, MemoryContext memory)
{
	char *value =
		SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column);

	return value != NULL ? MemoryContextStrdup(memory, value) : NULL;
}

static bool
take(const PgMigJob *j, PgMigJobRow *row, MemoryContext memory)
{
	static const char sql[] =
		"UPDATE @.migrate_background SET state = 'running', pid = $2,"
		" started_at = clock_timestamp() WHERE job = $1 AND number ="
		" (SELECT b.number FROM @.migrate_background AS b WHERE b.job = $1"
		" AND b.state = 'waiting' AND (b.canary OR NOT EXISTS (SELECT 1"
		" FROM @.migrate_background AS c WHERE c.job = $1 AND c.canary"
		" AND c.state IN ('waiting', 'running')))"
		" ORDER BY b.number LIMIT 1 FOR UPDATE SKIP LOCKED)"
		" RETURNING number, NULLIF(schema, ''), target, action";
	Oid types[2] = {INT8OID, INT4OID};
	Datum values[2];

	values[0] = Int64GetDatum(j->job);
	values[1] = Int32GetDatum(MyProcPid);
	if (run(j->schema, sql, 2, types, values, NULL) == 0)
		return false;
	row->number = atoi(cell(1, memory));
	row->schema = cell(2, memory);
	row->target = cell(3, memory);
	row->action = cell(4, memory);
	return true;
}

static bool
any_waits(const PgMigJob *j)
{
	Oid types[1] = {INT8OID};
	Datum values[1];

	values[0] = Int64GetDatum(j->job);
	return run(j->schema,
	           "SELECT 1 FROM @.migrate_background WHERE job = $1"
	           " AND state = 'waiting' LIMIT 1",
	           1, types, values, NULL) > 0;
}

PgMigClaim
pg_mig_job_claim(const PgMigJob *j, PgMigJobRow *row)
{
	MemoryContext memory = CurrentMemoryContext;
	PgMigClaim claim = PG_MIG_CLAIMED;

	begin();
	if (!take(j, row, memory))
		claim = any_waits(j) ? PG_MIG_LATER : PG_MIG_NONE;
	end();
	MemoryContextSwitchTo(memory);
	return claim;
}

/* As psql prints it. */
static char *
error_text(const ErrorData *e)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfoString(&text, e->message != NULL ? e->message : "");
	if (e->detail != NULL)
		appendStringInfo(&text, "\nDETAIL:  %s", e->detail);
	if (e->hint != NULL)
		appendStringInfo(&text, "\nHINT:  %s", e->hint);
	if (e->context != NULL)
		appendStringInfo(&text, "\nCONTEXT:  %s", e->context);
	return text.data;
}

/* A canary that fails keeps the others from starting. */
static void
skip_others(const PgMigJob *j)
{
	Oid types[2] = {INT8OID, INT4OID};
	Datum values[2];

	values[0] = Int64GetDatum(j->job);
	values[1] = Int32GetDatum(j->number);
	run(j->schema,
	    "UPDATE @.migrate_background SET state = 'skipped',"
	    " ended_at = clock_timestamp()"
	    " WHERE job = $1 AND state = 'waiting' AND EXISTS (SELECT 1"
	    " FROM @.migrate_background AS c WHERE c.job = $1 AND c.number = $2"
	    " AND c.canary)",
	    2, types, values, NULL);
}

void
pg_mig_job_finish(const PgMigJob *j, const ErrorData *failure, int64_t applied)
{
	Oid types[7] = {INT8OID, INT4OID, TEXTOID, INT8OID,
	                TEXTOID, TEXTOID, TEXTOID};
	Datum values[7] = {0};
	char nulls[8] = "    nnn";
	const char *state = "done";

	begin();
	if (failure != NULL)
	{
		state = failure->sqlerrcode == ERRCODE_QUERY_CANCELED ? "canceled"
		                                                      : "failed";
		values[4] = CStringGetTextDatum(unpack_sql_state(failure->sqlerrcode));
		values[5] = CStringGetTextDatum(error_text(failure));
		memset(nulls + 4, ' ', 2);
		nulls[3] = 'n';
	}
	if (j->revision[0] != '\0')
	{
		values[6] = CStringGetTextDatum(j->revision);
		nulls[6] = ' ';
	}
	values[0] = Int64GetDatum(j->job);
	values[1] = Int32GetDatum(j->number);
	values[2] = CStringGetTextDatum(state);
	values[3] = Int64GetDatum(applied);
	run(j->schema,
	    "UPDATE @.migrate_background SET state = $3, applied = $4,"
	    " sqlstate = $5, error = $6, revision = COALESCE($7, revision),"
	    " ended_at = clock_timestamp() WHERE job = $1 AND number = $2",
	    7, types, values, nulls);
	if (failure != NULL)
		skip_others(j);
	end();
}

void
pg_mig_job_mark(const PgMigJob *j, const char *revision)
{
	Oid types[3] = {INT8OID, INT4OID, TEXTOID};
	Datum values[3];

	values[0] = Int64GetDatum(j->job);
	values[1] = Int32GetDatum(j->number);
	values[2] = CStringGetTextDatum(revision);
	run(j->schema,
	    "UPDATE @.migrate_background SET revision = $3"
	    " WHERE job = $1 AND number = $2 AND revision IS DISTINCT FROM $3",
	    3, types, values, NULL);
}

/* ------------------------------------------------------------- what is asked */

bool
pg_mig_job_cancel(Oid schema, int64 job)
{
	Oid types[1] = {INT8OID};
	Datum values[1];

	values[0] = Int64GetDatum(job);
	return run(schema,
	           "UPDATE @.migrate_background SET state = 'canceled',"
	           " ended_at = clock_timestamp()"
	           " WHERE job = $1 AND state = 'waiting'",
	           1, types, values, NULL) > 0;
}

/* The role that started it; InvalidOid: there is no such job. */
static Oid
role_of(Oid schema, int64 job)
{
	Oid types[1] = {INT8OID};
	Datum values[1];
	bool null;

	values[0] = Int64GetDatum(job);
	if (run(schema,
	        "SELECT role FROM @.migrate_background WHERE job = $1 LIMIT 1", 1,
	        types, values, NULL) == 0)
		return InvalidOid;
	return DatumGetObjectId(
		SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &null));
}

void
pg_mig_job_check(Oid schema, int64 job)
{
	Oid role = role_of(schema, job);

	if (!OidIsValid(role))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
		                errmsg("job %lld does not exist", (long long) job)));
	if (!superuser() &&
	    (!SearchSysCacheExists1(AUTHOID, ObjectIdGetDatum(role)) ||
	     !has_privs_of_role(GetUserId(), role)))
		ereport(ERROR,
		        (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		         errmsg("permission denied for job %lld", (long long) job)));
}

/* The rows as the view shows them, the caller being allowed to. */
bool
pg_mig_job_failure(Oid schema, int64 job, PgMigJobFailure *f)
{
	static const char sql[] =
		"SELECT state, schema, sqlstate, error, count(*) OVER ()"
		" FROM @.migrate_job WHERE job = $1 AND state <> 'done'"
		" ORDER BY state = 'failed' DESC, number LIMIT 1";
	MemoryContext memory = f->memory;
	Oid types[1] = {INT8OID};
	Datum values[1];

	values[0] = Int64GetDatum(job);
	if (SPI_execute_with_args(text_of(schema, sql), 1, types, values, NULL,
	                          false, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read the view migrate_job");
	if (SPI_processed == 0)
		return false;
	f->state = cell(1, memory);
	f->schema = cell(2, memory);
	f->sqlstate = cell(3, memory);
	f->error = cell(4, memory);
	f->count = atoi(cell(5, memory));
	return true;
}
