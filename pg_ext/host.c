#include "binding.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/namespace.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

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
	const char *what = scope == MIG_RUN ? "run" : "change";

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
static void
path_own(PgHost *h)
{
	h->settings = NewGUCNestLevel();
	path_set("pg_catalog, pg_temp");
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
	if (!find_schema(h, m, schema))
		return false;
	describe_caller(h);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	path_own(h);
	return true;
}

/* What is to be undone the server undoes: a failure is an error. */
static bool
host_end(MigHost *host, Mig *m, bool keep)
{
	PgHost *h = (PgHost *) host;

	(void) m;
	(void) keep;
	AtEOXact_GUC(true, h->settings);
	SPI_finish();
	return true;
}

static bool
host_enter(MigHost *host, Mig *m, bool fk_off)
{
	PgHost *h = (PgHost *) host;

	(void) m;
	(void) fk_off;
	AtEOXact_GUC(true, h->settings);
	h->settings = NewGUCNestLevel();
	if (host->key.len > 0)
		path_set(quote_identifier(host->key.at));
	return true;
}

/* As if the revision's settings had been rolled back: SET, SET LOCAL,
   set_config(), SET ROLE alike. */
static bool
host_leave(MigHost *host, Mig *m, bool done)
{
	PgHost *h = (PgHost *) host;

	(void) m;
	(void) done;
	AtEOXact_GUC(false, h->settings);
	path_own(h);
	return true;
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
	return now +
	       (int64_t) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;
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
	PG_FINALLY();
	{
		running = outer;
	}
	PG_END_TRY();
	return ok;
}

const MigHostOps pg_mig_host_ops = {
	.begin = host_begin,
	.end = host_end,
	.enter = host_enter,
	.leave = host_leave,
	.exec = pg_mig_exec,
	.query = pg_mig_query,
	.note = host_note,
	.now = host_now,
};
