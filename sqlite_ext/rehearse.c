#include "sqlite_mig.h"

#include <string.h>

/*
 * A function that returns rows and runs scripts: a table-valued function
 * cannot run DDL, so here it is a scalar one, which leaves its rows in a
 * temporary table.
 */

static const char table[] = "migrate_rehearsal";

static const char *
type_name(MigType type)
{
	switch (type)
	{
		case MIG_TYPE_INT:
		case MIG_TYPE_BOOL:
			return "INTEGER";
		case MIG_TYPE_MS:
			return "REAL";
		case MIG_TYPE_TEXT:
		case MIG_TYPE_TIME:
			break;
	}
	return "TEXT";
}

/* Empty, whatever a call before left in it. */
static int
table_make(sqlite3 *db, const MigFunction *f)
{
	sqlite3_str *s = sqlite3_str_new(db);
	char *sql;
	int rc;

	sqlite3_str_appendf(s, "CREATE TEMP TABLE IF NOT EXISTS %s (", table);
	for (int i = 0; i < mig_function_ncolumns(f); i++)
		sqlite3_str_appendf(s, "%s\"%w\" %s", i > 0 ? ", " : "",
		                    f->columns[i].name, type_name(f->columns[i].type));
	sqlite3_str_appendf(s, "); DELETE FROM temp.%s", table);
	sql = sqlite3_str_finish(s);
	rc = sql ? sqlite3_exec(db, sql, NULL, NULL, NULL) : SQLITE_NOMEM;
	sqlite3_free(sql);
	return rc;
}

/* INSERT with a parameter for each column; sqlite3_finalize() it. */
static int
insert_make(sqlite3 *db, const MigFunction *f, sqlite3_stmt **stmt)
{
	sqlite3_str *s = sqlite3_str_new(db);
	char *sql;
	int rc;

	sqlite3_str_appendf(s, "INSERT INTO temp.%s VALUES (?", table);
	for (int i = 1; i < mig_function_ncolumns(f); i++)
		sqlite3_str_appendall(s, ", ?");
	sqlite3_str_appendall(s, ")");
	sql = sqlite3_str_finish(s);
	rc = sql ? sqlite3_prepare_v2(db, sql, -1, stmt, NULL) : SQLITE_NOMEM;
	sqlite3_free(sql);
	return rc;
}

static int
bind(sqlite3_stmt *stmt, int i, MigType type, const MigValue *v)
{
	char time[40];
	MigStr s = v->text;

	if (v->null)
		return sqlite3_bind_null(stmt, i);
	switch (type)
	{
		case MIG_TYPE_INT:
		case MIG_TYPE_BOOL:
			return sqlite3_bind_int64(stmt, i, v->number);
		case MIG_TYPE_MS:
			return sqlite3_bind_double(stmt, i, (double) v->number / 1000);
		case MIG_TYPE_TIME:
			s = mig_time_iso(v->number, time);
			break;
		case MIG_TYPE_TEXT:
			break;
	}
	return sqlite3_bind_text64(stmt, i, s.at ? s.at : "", s.len,
	                           SQLITE_TRANSIENT, SQLITE_UTF8);
}

static int
insert_rows(MigCall *c, sqlite3_stmt *stmt)
{
	const MigFunction *f = c->function;
	int rc = SQLITE_OK;

	for (int64_t i = 0; i < c->nrows && rc == SQLITE_OK; i++)
	{
		MigValue cells[MIG_MAX_COLUMNS];

		memset(cells, 0, sizeof(cells));
		if (!mig_call_row(c, i, cells))
			return SQLITE_NOMEM;
		for (int k = 0; k < mig_function_ncolumns(f) && rc == SQLITE_OK; k++)
			rc = bind(stmt, k + 1, f->columns[k].type, &cells[k]);
		if (rc == SQLITE_OK)
			sqlite3_step(stmt);
		if (rc == SQLITE_OK)
			rc = sqlite3_reset(stmt);
	}
	return rc;
}

/* All rows or none. Where no transaction was open none stays open: `spare`
   ends it without memory, as transaction.c says; the table comes first, for
   making it makes all prepared statements stale. */
static int
keep_rows(sqlite3 *db, MigCall *c)
{
	bool alone = sqlite3_get_autocommit(db) != 0;
	sqlite3_stmt *stmt = NULL;
	sqlite3_stmt *spare = NULL;
	int rc = table_make(db, c->function);

	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(db, "VACUUM", -1, &spare, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite_mig_run(db, "SAVEPOINT migrate_rows");
	if (rc == SQLITE_OK)
	{
		rc = insert_make(db, c->function, &stmt);
		if (rc == SQLITE_OK)
			rc = insert_rows(c, stmt);
		sqlite3_finalize(stmt);
		if (rc != SQLITE_OK)
			sqlite_mig_run(db, "ROLLBACK TO migrate_rows");
		if (sqlite_mig_run(db, "RELEASE migrate_rows") != SQLITE_OK &&
		    rc == SQLITE_OK)
			rc = SQLITE_NOMEM;
	}
	if (alone && !sqlite3_get_autocommit(db))
	{
		sqlite3_interrupt(db);
		sqlite3_step(spare);
	}
	sqlite3_finalize(spare);
	return rc;
}

void
sqlite_mig_rows_function(sqlite3_context *context, int argc,
                         sqlite3_value **argv)
{
	SqliteEntry *entry = sqlite3_user_data(context);
	sqlite3 *db = sqlite3_context_db_handle(context);
	SqliteCall c;

	if (!sqlite_mig_call_start(&c, entry, db, argc, argv) ||
	    !mig_call(&c.call))
		sqlite_mig_error(context, &c);
	else if (keep_rows(db, &c.call) != SQLITE_OK)
		sqlite3_result_error(context, sqlite3_errmsg(db), -1);
	else
		sqlite3_result_int64(context, c.call.result.number);
	sqlite_mig_call_done(&c);
}

/* A number from a PRAGMA of the call's database; -1 when it fails. */
static int64_t
pragma_number(SqliteHost *s, const char *name)
{
	char *sql = sqlite3_mprintf("PRAGMA \"%w\".%s", s->state, name);
	sqlite3_stmt *stmt = NULL;
	int64_t value = -1;

	if (sql != NULL &&
	    sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_free(sql);
	return value;
}

static bool
is_wal(SqliteHost *s)
{
	char *sql = sqlite3_mprintf("PRAGMA \"%w\".journal_mode", s->state);
	sqlite3_stmt *stmt = NULL;
	bool wal = false;

	if (sql != NULL &&
	    sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		wal = sqlite3_stricmp((const char *) sqlite3_column_text(stmt, 0),
		                      "wal") == 0;
	sqlite3_finalize(stmt);
	sqlite3_free(sql);
	return wal;
}

/*
 * Pages so far. In WAL mode they can be written out at once, which disturbs
 * nobody, and are counted; with a rollback journal that would lock readers
 * out, so there the size of the file has to do.
 */
static int64_t
pages(SqliteHost *s)
{
	int count = 0;
	int high = 0;

	if (!is_wal(s))
		return pragma_number(s, "page_count");
	sqlite3_db_cacheflush(s->db);
	if (sqlite3_db_status(s->db, SQLITE_DBSTATUS_CACHE_WRITE, &count, &high,
	                      0) != SQLITE_OK)
		return -1;
	return count;
}

bool
sqlite_mig_watch(MigHost *h, Mig *m, bool after, MigSeen *seen)
{
	SqliteHost *s = (SqliteHost *) h;
	int64_t now = pages(s);

	if (!after)
		s->pages = now;
	else if (s->pages >= 0 && now >= 0)
		seen->bytes = (now - s->pages) * pragma_number(s, "page_size");
	return mig_ok(m);
}

bool
sqlite_mig_trial(MigHost *h, Mig *m, bool begin)
{
	SqliteHost *s = (SqliteHost *) h;
	int rc;

	if (begin)
		rc = sqlite_mig_run(s->db, "SAVEPOINT migrate_trial");
	else
	{
		rc = sqlite_mig_run(s->db, "ROLLBACK TO migrate_trial");
		if (rc == SQLITE_OK && !sqlite_mig_spare(s, m)) /* stale by that */
			return false;
		if (rc == SQLITE_OK)
			rc = sqlite_mig_run(s->db, "RELEASE migrate_trial");
	}
	return rc == SQLITE_OK || sqlite_mig_fail(s, m);
}

bool
sqlite_mig_deferred(SqliteHost *s, Mig *m)
{
	int count = 0;
	int high = 0;

	sqlite3_db_status(s->db, SQLITE_DBSTATUS_DEFERRED_FKS, &count, &high, 0);
	if (count == 0)
		return true;
	mig_fail(m, MIG_HOST, "FOREIGN KEY constraint failed");
	return mig_detail(m, "A deferred foreign key does not hold at the end of"
	                     " the run; COMMIT would fail.");
}
