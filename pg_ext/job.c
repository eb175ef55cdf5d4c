#include "job.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "pgstat.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

#include "state.h"

#define WORKERS_DEFAULT 2
#define WORKERS_MAX 64
#define WAIT_MAX 200 /* milliseconds between looks */

/* --------------------------------------------------------- which schemas */

/* A list of names for a job's rows. */
typedef struct Names
{
	Datum *items;
	int count, room;
} Names;

static void
names_add(Names *n, const char *name)
{
	for (int i = 0; i < n->count; i++)
		if (strcmp(TextDatumGetCString(n->items[i]), name) == 0)
			return;
	if (n->count == n->room)
	{
		n->room = n->room == 0 ? 16 : n->room * 2;
		n->items = n->items == NULL
		               ? palloc(sizeof(Datum) * (Size) n->room)
		               : repalloc(n->items, sizeof(Datum) * (Size) n->room);
	}
	n->items[n->count++] = CStringGetTextDatum(name);
}

/* Every schema that a pattern means: % is anything, all else itself. */
static void
names_match(Names *n, Oid schema, const char *pattern)
{
	static const char sql[] =
		"SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname LIKE"
		" replace(replace($1, E'\\\\', E'\\\\\\\\'), '_', E'\\\\_')"
		" AND nspname !~ '^pg_' AND nspname <> 'information_schema'"
		" AND oid <> $2 ORDER BY nspname COLLATE \"C\"";
	Oid types[2] = {TEXTOID, OIDOID};
	Datum values[2];
	uint64 count;

	values[0] = CStringGetTextDatum(pattern);
	values[1] = ObjectIdGetDatum(schema);
	if (SPI_execute_with_args(sql, 2, types, values, NULL, true, 0) !=
	    SPI_OK_SELECT)
		elog(ERROR, "could not look for schemas");
	count = SPI_processed;
	if (count == 0)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_SCHEMA),
		                errmsg("no schema matches \"%s\"", pattern)));
	for (uint64 i = 0; i < count; i++)
		names_add(
			n, SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1));
}

/* One schema of just that name, or a list of names and patterns. */
static void
names_of(Names *n, Oid schema, const char *text)
{
	MigStr list = mig_str(text);
	MigStr word;

	if (text == NULL || OidIsValid(get_namespace_oid(text, true)))
	{
		names_add(n, text == NULL ? "" : text);
		return;
	}
	while (mig_str_next(&list, &word))
	{
		char *name = pnstrdup(word.at, word.len);

		if (strchr(name, '%') != NULL)
			names_match(n, schema, name);
		else if (OidIsValid(get_namespace_oid(name, true)))
			names_add(n, name);
		else
			ereport(ERROR, (errcode(ERRCODE_UNDEFINED_SCHEMA),
			                errmsg("schema \"%s\" does not exist", name)));
	}
	if (n->count == 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("no schema is named")));
}

/* --------------------------------------------------------------- the rights */

/* A run would fail at once; say so to whoever is still here to hear it. */
static void
check_table(Oid schema, const char *name, AclMode mode)
{
	Oid table = get_relname_relid(name, schema);
	AclResult result = pg_class_aclcheck(table, GetUserId(), mode);

	if (result != ACLCHECK_OK)
		aclcheck_error(result, OBJECT_TABLE, name);
}

static void
check_start(Oid schema)
{
	pg_mig_session_check("start a job");
	if (RecoveryInProgress())
		ereport(ERROR, (errcode(ERRCODE_READ_ONLY_SQL_TRANSACTION),
		                errmsg("cannot run migrations on a standby server"),
		                errhint("Connect to the primary server.")));
	PreventCommandIfReadOnly("migrate_start()");
	check_table(schema, "migrate_revision", ACL_SELECT);
	check_table(schema, "migrate_applied", ACL_INSERT);
}

/* --------------------------------------------------------------- the workers */

typedef struct Starting
{
	dsm_segment *seg;
	PgMigJobShared *shared;
	BackgroundWorkerHandle *handles[WORKERS_MAX];
	uint32 count;
} Starting;

static void
shared_make(Starting *s, Oid schema, int64 job)
{
	Size session = pg_mig_session_size();

	s->seg = dsm_create(offsetof(PgMigJobShared, session) + session, 0);
	s->shared = dsm_segment_address(s->seg);
	s->shared->magic = PG_MIG_JOB_MAGIC;
	s->shared->schema = schema;
	s->shared->job = job;
	s->shared->starter = GetTopTransactionId();
	pg_atomic_init_u32(&s->shared->ready, 0);
	pg_mig_session_save(&s->shared->session, session);
}

/* Whether a worker has ended before it was ready. */
static bool
one_is_gone(const Starting *s)
{
	pid_t pid;

	for (uint32 i = 0; i < s->count; i++)
		if (GetBackgroundWorkerPid(s->handles[i], &pid) == BGWH_STOPPED)
			return true;
	return false;
}

/* From then on the job is seen to be alive. */
static void
wait_until_ready(Starting *s)
{
	while (pg_atomic_read_u32(&s->shared->ready) < s->count)
	{
		if (one_is_gone(s) && pg_atomic_read_u32(&s->shared->ready) < s->count)
			ereport(ERROR, (errcode(ERRCODE_OPERATOR_INTERVENTION),
			                errmsg("a background worker ended before it began"
			                       " to work"),
			                errhint("The server's log says why.")));
		(void) WaitLatch(MyLatch,
		                 WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, 2,
		                 PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
	}
}

/* As many as there are slots for, but one at least. */
static void
start_workers(Oid schema, int64 job, int wanted)
{
	char name[BGW_MAXLEN];
	Starting s = {0};

	snprintf(name, sizeof(name), "migrate job %lld", (long long) job);
	shared_make(&s, schema, job);
	while (s.count < (uint32) wanted)
	{
		s.handles[s.count] =
			pg_mig_worker_start("pg_mig_job_main", name, s.seg);
		if (s.handles[s.count] == NULL)
			break;
		s.count++;
	}
	if (s.count == 0)
		pg_mig_worker_none("A job runs in a process of its own.");
	wait_until_ready(&s);
	dsm_detach(s.seg);
}

/* ------------------------------------------------------------- the functions */

/* A number of migrate_setting. */
static int
setting(Oid schema, const char *name, int standard, int least, int most)
{
	char *sql =
		psprintf("SELECT value FROM %s.migrate_setting WHERE name = %s",
	             quote_identifier(get_namespace_name(schema)),
	             quote_literal_cstr(name));
	Oid table = get_relname_relid("migrate_setting", schema);
	char *value = NULL;
	int number = standard;

	if (pg_class_aclcheck(table, GetUserId(), ACL_SELECT) != ACLCHECK_OK)
		return standard;
	if (SPI_execute(sql, true, 1) == SPI_OK_SELECT && SPI_processed == 1)
		value = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
	if (value != NULL && (!parse_int(value, &number, 0, NULL) ||
	                      number < least || number > most))
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("value \"%s\" of setting \"%s\" is not valid", value,
		                name),
		         errhint("Write a number from %d to %d.", least, most)));
	return number;
}

static char *
text_argument(FunctionCallInfo fcinfo, int i, char *standard)
{
	return PG_ARGISNULL(i) ? standard : text_to_cstring(PG_GETARG_TEXT_PP(i));
}

static Oid
own_schema(FunctionCallInfo fcinfo)
{
	return get_func_namespace(fcinfo->flinfo->fn_oid);
}

/* SPI with a path on which nobody can put anything. */
static int
open_spi(void)
{
	int settings = NewGUCNestLevel();

	set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET,
	                  PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	return settings;
}

static void
close_spi(int settings)
{
	SPI_finish();
	AtEOXact_GUC(false, settings);
}

PG_FUNCTION_INFO_V1(pg_mig_start);

Datum
pg_mig_start(PG_FUNCTION_ARGS)
{
	Oid schema = own_schema(fcinfo);
	Names names = {NULL, 0, 0};
	int settings, workers, canaries;
	int64 job;
	ArrayType *array;

	check_start(schema);
	settings = open_spi();
	names_of(&names, schema, text_argument(fcinfo, 1, NULL));
	workers = setting(schema, "job_workers", WORKERS_DEFAULT, 1, WORKERS_MAX);
	canaries = setting(schema, "job_canary", 0, 0, INT_MAX);
	array = construct_array(names.items, names.count, TEXTOID, -1, false,
	                        TYPALIGN_INT);
	job = pg_mig_job_add(schema, text_argument(fcinfo, 0, "head"),
	                     text_argument(fcinfo, 2, "apply"),
	                     PointerGetDatum(array),
	                     names.count > canaries ? canaries : 0);
	/* What the job gets is the session's, not ours. */
	close_spi(settings);
	start_workers(schema, job, Min(workers, names.count));
	PG_RETURN_INT64(job);
}

/* Cancel what its workers do now. */
static bool
cancel_workers(Oid schema, int64 job)
{
	ListCell *cell;
	LOCKTAG tag;
	bool any = false;

	pg_mig_job_tag(&tag, schema, job);
	foreach (cell, pg_mig_lock_pids(&tag))
		any |= kill(lfirst_int(cell), SIGINT) == 0;
	return any;
}

PG_FUNCTION_INFO_V1(pg_mig_cancel);

Datum
pg_mig_cancel(PG_FUNCTION_ARGS)
{
	Oid schema = own_schema(fcinfo);
	int64 job = PG_GETARG_INT64(0);
	int settings = open_spi();
	bool any;

	PreventCommandIfReadOnly("migrate_cancel()");
	pg_mig_job_check(schema, job);
	any = pg_mig_job_cancel(schema, job);
	any |= cancel_workers(schema, job);
	close_spi(settings);
	PG_RETURN_BOOL(any);
}

/* ------------------------------------------------------------------ waiting */

static void
refuse_block(FunctionCallInfo fcinfo)
{
	const CallContext *context = (const CallContext *) fcinfo->context;

	if (context == NULL || !IsA(context, CallContext) || context->atomic ||
	    IsSubTransaction())
		ereport(ERROR,
		        (errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
		         errmsg("migrate_wait cannot run inside a transaction block"),
		         errhint("Call it outside of BEGIN ... COMMIT, as a statement"
		                 " of its own.")));
}

/* Until no process works for it any more; without a snapshot. */
static void
wait_for_workers(Oid schema, int64 job)
{
	long pause = 5;
	LOCKTAG tag;

	pg_mig_job_tag(&tag, schema, job);
	SPI_commit();
	SPI_start_transaction();
	InvalidateCatalogSnapshot();
	while (LockAcquire(&tag, ExclusiveLock, false, true) ==
	       LOCKACQUIRE_NOT_AVAIL)
	{
		(void) WaitLatch(MyLatch,
		                 WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
		                 pause, PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
		pause = Min(pause * 2, WAIT_MAX);
	}
	LockRelease(&tag, ExclusiveLock, false);
}

static int
code_of(const char *sqlstate)
{
	if (sqlstate == NULL || strlen(sqlstate) != 5)
		return ERRCODE_OPERATOR_INTERVENTION;
	return MAKE_SQLSTATE(sqlstate[0], sqlstate[1], sqlstate[2], sqlstate[3],
	                     sqlstate[4]);
}

static void
raise_failure(int64 job, const PgMigJobFailure *f)
{
	bool error = f->error != NULL;

	ereport(ERROR, (errcode(code_of(f->sqlstate)),
	                f->schema == NULL || f->schema[0] == '\0'
	                    ? errmsg("job %lld: %s", (long long) job, f->state)
	                    : errmsg("job %lld in schema \"%s\": %s",
	                             (long long) job, f->schema, f->state),
	                error ? errdetail_internal("%s", f->error) : 0,
	                f->count > 1 ? errhint("%d schemas are not done;"
	                                       " migrate_job lists them.",
	                                       f->count)
	                             : 0));
}

PG_FUNCTION_INFO_V1(pg_mig_wait);

Datum
pg_mig_wait(PG_FUNCTION_ARGS)
{
	Oid schema = own_schema(fcinfo);
	int64 job = PG_GETARG_INT64(0);
	PgMigJobFailure failure = {.memory = CurrentMemoryContext};
	int settings;

	refuse_block(fcinfo);
	settings = open_spi();
	pg_mig_job_check(schema, job);
	close_spi(settings);
	if (SPI_connect_ext(SPI_OPT_NONATOMIC) != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	wait_for_workers(schema, job);
	SPI_finish();
	settings = open_spi();
	if (pg_mig_job_failure(schema, job, &failure))
		raise_failure(job, &failure);
	close_spi(settings);
	PG_RETURN_VOID();
}
