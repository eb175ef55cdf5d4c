#include "sqlite_mig.h"

/* What to do about some of SQLite's errors. */
typedef struct Advice
{
	int code;
	const char *hint;
} Advice;

static const Advice advices[] = {
	{SQLITE_BUSY, "Another connection is writing or, outside of WAL mode,"
                  " reading; PRAGMA busy_timeout says how long to wait."},
	{SQLITE_LOCKED, "Finish other statements of this connection first."},
	{SQLITE_READONLY, "Open the database for writing, and see that PRAGMA"
                      " query_only is off."},
};

bool
sqlite_mig_fail(SqliteHost *s, Mig *m)
{
	int code = sqlite3_extended_errcode(s->db);

	if (s->code == SQLITE_OK)
		s->code = code;
	if ((code & 0xff) == SQLITE_NOMEM)
		return mig_fail(m, MIG_NOMEM, "out of memory");
	mig_fail(m, MIG_HOST, "%s", sqlite3_errmsg(s->db));
	for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++)
		if (advices[i].code == (code & 0xff))
			mig_hint(m, "%s", advices[i].hint);
	return false;
}

int
sqlite_mig_code(const SqliteCall *c)
{
	if (c->m.status.code == MIG_NOMEM)
		return SQLITE_NOMEM;
	if (c->m.status.code != MIG_HOST)
		return SQLITE_ERROR;
	switch (c->host.code & 0xff)
	{
		case SQLITE_OK:
		case SQLITE_ROW:
		case SQLITE_DONE:
		case SQLITE_SCHEMA: /* the caller's statement would run again */
			return SQLITE_ERROR;
		default:
			return c->host.code;
	}
}

int
sqlite_mig_run(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	if (rc != SQLITE_OK)
		return rc;
	do
		rc = sqlite3_step(stmt);
	while (rc == SQLITE_ROW);
	rc = sqlite3_finalize(stmt);
	return rc;
}
