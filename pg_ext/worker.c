#include "worker.h"

#include "access/xact.h"
#include "libpq/pqsignal.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "tcop/tcopprot.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/resowner.h"
#include "utils/syscache.h"
#if PG_VERSION_NUM < 170000
#include "catalog/pg_authid.h"
#include "access/htup_details.h"
#endif

Size
pg_mig_session_size(void)
{
	return offsetof(PgMigSession, settings) + EstimateGUCStateSpace();
}

void
pg_mig_session_save(PgMigSession *s, Size size)
{
	s->database = MyDatabaseId;
	s->login = GetSessionUserId();
	s->role = GetCurrentRoleId();
	s->size = size - offsetof(PgMigSession, settings);
	SerializeGUCState(s->size, s->settings);
}

#if PG_VERSION_NUM < 170000
/* Only newer servers let a worker pass here. */
static void
check_login(const char *what)
{
	HeapTuple role =
		SearchSysCache1(AUTHOID, ObjectIdGetDatum(GetSessionUserId()));
	bool may;

	if (!HeapTupleIsValid(role))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
		                errmsg("the role of the session was dropped")));
	may = ((Form_pg_authid) GETSTRUCT(role))->rolcanlogin;
	ReleaseSysCache(role);
	if (!may)
		ereport(ERROR,
		        (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		         errmsg("cannot %s as role \"%s\", which may not log in", what,
		                GetUserNameFromId(GetSessionUserId(), false)),
		         errhint("Log in as another role, and use SET ROLE.")));
}
#endif

void
pg_mig_session_check(const char *what)
{
	if (GetUserId() != GetOuterUserId() || InSecurityRestrictedOperation())
		ereport(ERROR,
		        (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		         errmsg("cannot %s inside a security-definer function", what),
		         errhint("A background worker has the rights of a session;"
		                 " let the session itself do it.")));
#if PG_VERSION_NUM < 170000
	check_login(what);
#endif
}

void
pg_mig_session_connect(const PgMigSession *s)
{
	uint32 flags = BGWORKER_BYPASS_ALLOWCONN;

#if PG_VERSION_NUM >= 170000
	flags |= BGWORKER_BYPASS_ROLELOGINCHECK;
#endif
	BackgroundWorkerInitializeConnectionByOid(s->database, s->login, flags);
}

void
pg_mig_session_restore(const PgMigSession *s)
{
	const char *role = "none";

	StartTransactionCommand();
	RestoreGUCState((void *) s->settings);
	if (OidIsValid(s->role))
		role = GetUserNameFromId(s->role, false);
	SetConfigOption("role", role, PGC_USERSET, PGC_S_SESSION);
	CommitTransactionCommand();
}

dsm_segment *
pg_mig_worker_attach(Datum arg)
{
	dsm_segment *seg;

	pqsignal(SIGTERM, die);
	BackgroundWorkerUnblockSignals();
	CurrentResourceOwner = ResourceOwnerCreate(NULL, "migrate");
	seg = dsm_attach(DatumGetUInt32(arg));
	if (seg == NULL) /* whoever wanted us is gone */
		proc_exit(0);
	return seg;
}

BackgroundWorkerHandle *
pg_mig_worker_start(const char *function, const char *name, dsm_segment *seg)
{
	BackgroundWorkerHandle *handle;
	BackgroundWorker worker;

	memset(&worker, 0, sizeof(worker));
	worker.bgw_flags =
		BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
	worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
	worker.bgw_restart_time = BGW_NEVER_RESTART;
	strlcpy(worker.bgw_library_name, "$libdir/migrate",
	        sizeof(worker.bgw_library_name));
	strlcpy(worker.bgw_function_name, function,
	        sizeof(worker.bgw_function_name));
	strlcpy(worker.bgw_name, name, sizeof(worker.bgw_name));
	strlcpy(worker.bgw_type, "migrate", sizeof(worker.bgw_type));
	worker.bgw_main_arg = UInt32GetDatum(dsm_segment_handle(seg));
	worker.bgw_notify_pid = MyProcPid;
	return RegisterDynamicBackgroundWorker(&worker, &handle) ? handle : NULL;
}

void
pg_mig_worker_none(const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
	                errmsg("could not start a background worker"),
	                errdetail_internal("%s", detail),
	                errhint("All slots are taken: try again later, or raise"
	                        " max_worker_processes and restart the server.")));
}
