#include "sqlite_mig.h"

#include <string.h>

/*
 * A rebuild of a table that others refer to must not cascade, so it runs
 * without foreign keys. PRAGMA foreign_keys does nothing inside a
 * transaction, and the engine is in one; sqlite3_db_config() works there. In
 * the caller's own transaction it is not used: what he has deferred would be
 * counted wrongly.
 *
 * Rows that referred to nothing before the revision are not its fault: they
 * are counted before and after, by table, rowid and parent.
 */

/* Find or make the record of a violation; its index, or -1. */
static int32_t
record_of(SqliteKeys *k, Mig *m, MigStr key)
{
	SqliteViolation *found;
	int32_t i = mig_map_get(&k->map, key);

	if (i >= 0)
		return i;
	found = mig_grow(m, k->found, k->count, &k->room, k->count + 1,
	                 sizeof(*found));
	if (found == NULL)
		return -1;
	k->found = found;
	memset(&found[k->count], 0, sizeof(*found));
	found[k->count].key = mig_copy(m, key);
	if (!mig_ok(m))
		return -1;
	i = mig_map_put(m, &k->map, found[k->count].key, (int32_t) k->count);
	k->count++;
	return i;
}

static MigStr
key_of(Mig *m, sqlite3_stmt *stmt)
{
	MigText t = {m, NULL, 0, 0};

	for (int i = 0; i < 3; i++)
	{
		const char *cell = (const char *) sqlite3_column_text(stmt, i);

		mig_text_literal(&t, mig_str(cell));
		mig_text_char(&t, ' ');
	}
	return mig_text_str(&t);
}

static bool
fail_violated(Mig *m, sqlite3_stmt *stmt)
{
	const char *table = (const char *) sqlite3_column_text(stmt, 0);
	const char *rowid = (const char *) sqlite3_column_text(stmt, 1);
	const char *parent = (const char *) sqlite3_column_text(stmt, 2);

	if (table == NULL || parent == NULL)
		return mig_fail(m, MIG_NOMEM, "out of memory");
	if (rowid == NULL)
		mig_fail(m, MIG_HOST,
		         "foreign key violated: a row of table \"%s\" refers to a"
		         " missing row of \"%s\"",
		         table, parent);
	else
		mig_fail(m, MIG_HOST,
		         "foreign key violated: row %s of table \"%s\" refers to a"
		         " missing row of \"%s\"",
		         rowid, table, parent);
	return mig_hint(m, "The script asked to run with foreign keys off; they"
	                   " are checked at its end.");
}

/* One row of foreign_key_check; a new violation fails. */
static bool
check_row(SqliteHost *s, Mig *m, sqlite3_stmt *stmt, bool after)
{
	SqliteKeys *k = &s->keys;
	MigStr key = key_of(m, stmt);
	int32_t i = key.at != NULL ? record_of(k, m, key) : -1;

	if (i < 0)
		return false;
	if (!after)
		k->found[i].before++;
	else if (++k->found[i].after > k->found[i].before)
	{
		s->code = SQLITE_CONSTRAINT_FOREIGNKEY;
		return fail_violated(m, stmt);
	}
	return true;
}

static sqlite3_stmt *
check_prepare(SqliteHost *s, Mig *m)
{
	MigText t = {m, NULL, 0, 0};
	sqlite3_stmt *stmt = NULL;
	MigStr sql;

	mig_text_add(&t, "PRAGMA ");
	mig_text_ident(&t, mig_str(s->state));
	mig_text_add(&t, ".foreign_key_check");
	sql = mig_text_str(&t);
	if (sql.at != NULL)
		sqlite3_prepare_v2(s->db, sql.at, -1, &stmt, NULL);
	return stmt;
}

/* A schema whose foreign keys fit nothing ("foreign key mismatch") cannot be
   checked: an error when the revision made it so. */
static bool
check_all(SqliteHost *s, Mig *m, bool after)
{
	sqlite3_stmt *stmt = check_prepare(s, m);
	int rc = SQLITE_DONE;
	bool ok = mig_ok(m);

	if (!ok)
		return false;
	if (stmt == NULL)
	{
		bool fits = sqlite3_errcode(s->db) != SQLITE_ERROR;

		if (fits || (after && !s->keys.broken))
			return sqlite_mig_fail(s, m);
		s->keys.broken = true;
		return true;
	}
	while (ok && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		ok = check_row(s, m, stmt, after);
	if (ok && rc != SQLITE_DONE)
		ok = sqlite_mig_fail(s, m);
	sqlite3_finalize(stmt);
	return ok;
}

static bool
refuse_on(Mig *m)
{
	mig_fail(m, MIG_CONTEXT,
	         "foreign keys cannot be switched off inside a transaction");
	mig_detail(m, "The script asks to run with foreign keys off.");
	return mig_hint(m, "Call migrate outside of a transaction, or run PRAGMA"
	                   " foreign_keys = off before BEGIN.");
}

bool
sqlite_mig_keys_before(SqliteHost *s, Mig *m)
{
	int on = 0;
	int pending = 0;
	int most = 0;

	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &on);
	if (on && s->hold != SQLITE_HOLD_TRANSACTION)
		return refuse_on(m);
	sqlite3_db_status(s->db, SQLITE_DBSTATUS_DEFERRED_FKS, &pending, &most, 0);
	if (on && pending)
		return mig_fail(m, MIG_CONTEXT,
		                "foreign keys cannot be switched off while deferred"
		                " ones are violated");
	s->keys.watch = true;
	if (!mig_map_init(m, &s->keys.map, 16) || !check_all(s, m, false))
		return false;
	s->keys.off = on != 0;
	return !on || sqlite_mig_switch(s, m, SQLITE_DBCONFIG_ENABLE_FKEY, 0);
}

bool
sqlite_mig_keys_after(SqliteHost *s, Mig *m)
{
	return check_all(s, m, true);
}

/*
 * A value that is open for writing is a statement under way, which need not
 * be compiled again to meet the trouble that makes SQLite roll back. It would
 * be in the way of a script's DROP TABLE, so it is closed at once. Only where
 * something was written can something stay.
 */
static bool
pin(SqliteHost *s, Mig *m, sqlite3_blob **blob)
{
	bool main = sqlite3_txn_state(s->db, s->scripts) == SQLITE_TXN_WRITE;
	MigStr sql = sqlite_mig_expand(
		s, m,
		main ? "SELECT position FROM @s.migrate_revision LIMIT 1"
			 : "SELECT position FROM @a.migrate_revision LIMIT 1");
	sqlite3_stmt *stmt = NULL;
	int rc;

	if (sql.at == NULL)
		return false;
	if (!main && sqlite3_txn_state(s->db, s->state) != SQLITE_TXN_WRITE)
		return true;
	rc = sqlite3_prepare_v2(s->db, sql.at, -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		rc = sqlite3_blob_open(s->db, main ? s->scripts : s->state,
		                       "migrate_revision", "script",
		                       sqlite3_column_int64(stmt, 0), 1, blob);
	else if (rc == SQLITE_DONE)
		rc = SQLITE_OK;
	if (rc != SQLITE_OK)
		sqlite_mig_fail(s, m);
	sqlite3_finalize(stmt);
	return rc == SQLITE_OK;
}

bool
sqlite_mig_switch(SqliteHost *s, Mig *m, int setting, int value)
{
	sqlite3_blob *blob = NULL;
	bool ok = pin(s, m, &blob);

	if (ok)
		sqlite3_db_config(s->db, setting, value, NULL);
	ok = ok && sqlite_mig_spare(s, m);
	sqlite3_blob_close(blob);
	return ok;
}

void
sqlite_mig_keys_on(SqliteHost *s)
{
	if (s->keys.off)
		sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	if (s->keys.legacy)
		sqlite3_db_config(s->db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0, NULL);
	memset(&s->keys, 0, sizeof(s->keys));
}
