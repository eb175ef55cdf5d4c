#include "binding.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/namespace.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "pgtime.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

#include "run.h"

/* Whether a call that writes is under way in this session. */
static bool running;

static bool
refuse_nested(Mig *m)
{
	mig_fail(m, MIG_CONTEXT, "a migration is running in this session");
	return mig_hint(m, "A script cannot add, run or record migrations.");
}

/* The codes are those of the server's own refusals. */
static void
refuse_read_only(MigScope scope)
{
	const char *what = scope == MIG_WRITE ? "change" : "run";

	if (RecoveryInProgress())
		ereport(ERROR,
		        (errcode(ERRCODE_READ_ONLY_SQL_TRANSACTION),
		         errmsg("cannot %s migrations on a standby server", what),
		         errhint("Connect to the primary server.")));
	if (XactReadOnly)
		ereport(
			ERROR,
			(errcode(ERRCODE_READ_ONLY_SQL_TRANSACTION),
		     errmsg("cannot %s migrations in a read-only transaction", what)));
}

/* The schema must be there, and usable by the caller. */
static bool
find_schema(PgHost *h, Mig *m, MigStr schema)
{
	h->host.key = MIG_LIT("");
	if (schema.at == NULL)
		return true;
	h->host.key = mig_copy(m, schema);
	if (h->host.key.at == NULL)
		return false;
	if (!OidIsValid(get_namespace_oid(h->host.key.at, true)))
		return mig_fail(m, MIG_ARGUMENT, "schema \"%s\" does not exist",
		                h->host.key.at);
	LookupExplicitNamespace(h->host.key.at, false);
	return true;
}

static const char *
address(void)
{
	LOCAL_FCINFO(call, 0);
	Datum from;

	if (MyBackendType == B_BG_WORKER)
		return "background worker";
	InitFunctionCallInfoData(*call, NULL, 0, InvalidOid, NULL, NULL);
	from = inet_client_addr(call);
	if (call->isnull)
		return "local";
	return DatumGetCString(DirectFunctionCall1(inet_out, from));
}

static void
describe_caller(PgHost *h)
{
	MemoryContext old = MemoryContextSwitchTo(h->memory);
	const char *from = address();

	if (application_name != NULL && application_name[0] != '\0')
		from = psprintf("%s %s", from, application_name);
	h->host.who = mig_str(GetUserNameFromId(GetUserId(), false));
	h->host.client = mig_str(from);
	MemoryContextSwitchTo(old);
}

static void
path_set(const char *path)
{
	set_config_option("search_path", path, PGC_USERSET, PGC_S_SESSION,
	                  GUC_ACTION_SAVE, true, 0, false);
}

/* The core's own queries name every table, and their operators and functions
   are the server's, whatever the caller's search_path. */
void
pg_mig_path_own(PgHost *h)
{
	h->settings = NewGUCNestLevel();
	path_set("pg_catalog, pg_temp");
}

/* As the caller's own statements would, but for the schema that he names. */
void
pg_mig_path_script(PgHost *h)
{
	AtEOXact_GUC(true, h->settings);
	h->settings = NewGUCNestLevel();
	if (h->host.key.len > 0)
		path_set(quote_identifier(h->host.key.at));
}

static void
connect_spi(PgHost *h)
{
	bool own = h->each && h->from == PG_MIG_PROCEDURE;

	if (SPI_connect_ext(own ? SPI_OPT_NONATOMIC : 0) != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (h->rehearse)
		pg_mig_rehearse_begin(h);
	pg_mig_path_own(h);
}

/* Every revision's commit is the run's own, and others are held off. */
static void
begin_each(PgHost *h, Mig *m)
{
	pg_mig_run_lock(h);
	pg_mig_path_own(h);
	pg_mig_guard_read(h, m);
}

static bool
host_begin(MigHost *host, Mig *m, MigScope scope, MigStr schema)
{
	PgHost *h = (PgHost *) host;

	if (scope != MIG_READ)
	{
		if (h->nested)
			return refuse_nested(m);
		refuse_read_only(scope);
		running = true;
	}
	h->each = scope == MIG_EACH;
	h->rehearse = scope == MIG_REHEARSE;
	if (h->commits && h->from == PG_MIG_FUNCTION)
		return mig_run_refuse_block(m);
	if (!find_schema(h, m, schema))
		return false;
	describe_caller(h);
	connect_spi(h);
	if (h->each)
		begin_each(h, m);
	else if (scope == MIG_RUN || scope == MIG_REHEARSE || h->stamps)
		pg_mig_run_share(h);
	if (h->rehearse)
		pg_mig_rehearse_guard(h, m);
	return true;
}

/* What is to be undone the server undoes: a failure is an error. */
static bool
host_end(MigHost *host, Mig *m, bool keep)
{
	PgHost *h = (PgHost *) host;

	if (h->each && keep && !pg_mig_commit(host, m))
		return false;
	if (h->rehearse)
		pg_mig_rehearse_end(h, keep);
	else
		AtEOXact_GUC(true, h->settings);
	if (h->each && mig_ok(m))
		pg_mig_run_unlock(h);
	SPI_finish();
	return true;
}

/* A run that commits each revision gives way to others that wait for locks,
   unless the session or the script has a time-out of its own. */
static bool
host_enter(MigHost *host, Mig *m, bool fk_off)
{
	PgHost *h = (PgHost *) host;

	(void) m;
	(void) fk_off;
	pg_mig_path_script(h);
	if (h->guard.tries > 0 && LockTimeout == 0)
		set_config_option("lock_timeout", psprintf("%d", h->guard.timeout),
		                  PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
		                  false);
	return true;
}

/* As if the revision's settings had been rolled back: SET, SET LOCAL,
   set_config(), SET ROLE alike. */
static bool
host_leave(MigHost *host, Mig *m, bool done)
{
	PgHost *h = (PgHost *) host;

	(void) done;
	AtEOXact_GUC(false, h->settings);
	pg_mig_path_own(h);
	return pg_mig_guard_log(host, m);
}

static void
host_note(MigHost *host, Mig *m, const char *text)
{
	(void) host;
	(void) m;
	ereport(NOTICE, (errmsg_internal("%s", text)));
}

static int64_t
host_now(MigHost *host, int *offset)
{
	TimestampTz now = GetCurrentTimestamp();
	struct pg_tm fields;
	fsec_t fraction;
	int west = 0;

	(void) host;
	if (offset != NULL)
	{
		if (timestamp2tm(now, &west, &fields, &fraction, NULL, NULL) != 0)
			west = 0;
		*offset = -west;
	}
	return now + PG_MIG_EPOCH_GAP;
}

void
pg_mig_run_mark(void)
{
	running = true;
}

bool
pg_mig_run(PgHost *h, MigCall *c)
{
	bool outer = running;
	volatile bool ok = false;

	h->nested = outer;
	PG_TRY();
	{
		ok = mig_call(c);
	}
	PG_CATCH();
	{
		running = outer;
		pg_mig_rehearse_abort(h);
		PG_RE_THROW();
	}
	PG_END_TRY();
	running = outer;
	return ok;
}

const MigHostOps pg_mig_host_ops = {
	.begin = host_begin,
	.end = host_end,
	.enter = host_enter,
	.leave = host_leave,
	.exec = pg_mig_exec,
	.query = pg_mig_query,
	.query_rows = pg_mig_query_rows,
	.select = pg_mig_select,
	.commit = pg_mig_commit,
	.exec_alone = pg_mig_exec_alone,
	.log = pg_mig_guard_log,
	.watch = pg_mig_watch,
	.trial = pg_mig_trial,
	.note = host_note,
	.now = host_now,
};
