#include "sqlite_mig.h"

#include <string.h>

#include "run.h"

/*
 * What a call opens:
 *
 *     reads                       a statement that is under way on each
 *                                 database, so that all queries see one state
 *     writes, no transaction      BEGIN IMMEDIATE ... COMMIT
 *     writes, in a transaction    SAVEPOINT migrate ... RELEASE migrate
 *     runs one by one             BEGIN IMMEDIATE ... COMMIT, again and again
 *
 * The caller's own statement is under way all the time. COMMIT works within
 * it as long as that statement does not write, DROP TABLE and its like only
 * when it does not even read.
 *
 * After sqlite3_interrupt(), and when SQLite has run out of memory, nothing
 * runs, not even ROLLBACK, until that outer statement is over; and SQLite
 * itself rolls back only when it was a writing statement that met the trouble.
 * So end lets one meet it: VACUUM, which would not run inside a transaction
 * anyway. After an interrupt SQLite still parses a text without blanks that
 * ends with a semicolon; without memory it does not even do that, so one is
 * kept prepared. Some statements of a script make all prepared ones stale:
 * it is made anew behind each. When memory ends just there, the transaction
 * stays open behind the call, and COMMIT rolls it back.
 */

static bool
refuse_outer(SqliteHost *s, Mig *m)
{
	const char *name = s->entry->function->name;

	mig_fail(m, MIG_CONTEXT,
	         "%s must be the only thing that its statement does", name);
	mig_detail(m, "Another statement of this connection is under way, or this"
	              " one reads or writes tables as well.");
	return mig_hint(m,
	                "Write SELECT %s(...) without FROM, and finish other"
	                " statements of this connection first.",
	                name);
}

/* Whether a statement reads tables: then its program opens a transaction. */
static bool
is_reader(sqlite3 *db, sqlite3_stmt *busy)
{
	const char *sql = sqlite3_sql(busy);
	char *text = sql ? sqlite3_mprintf("EXPLAIN %s", sql) : NULL;
	sqlite3_stmt *stmt = NULL;
	bool found = false;

	if (text != NULL)
		sqlite3_prepare_v2(db, text, -1, &stmt, NULL);
	while (stmt != NULL && !found && sqlite3_step(stmt) == SQLITE_ROW)
	{
		const char *opcode = (const char *) sqlite3_column_text(stmt, 1);

		found = opcode != NULL && strcmp(opcode, "Transaction") == 0;
	}
	sqlite3_finalize(stmt);
	sqlite3_free(text);
	return found;
}

static bool
has_reader(sqlite3 *db)
{
	sqlite3_stmt *stmt = sqlite3_next_stmt(db, NULL);

	for (; stmt != NULL; stmt = sqlite3_next_stmt(db, stmt))
		if (sqlite3_stmt_busy(stmt) && is_reader(db, stmt))
			return true;
	return false;
}

/* Outside of a transaction whoever reads has opened one of his own. A call
   that looks first whether there is anything to run is refused at once, so
   that a wrong call does not work until the day on which it matters. */
static bool
check_outer(SqliteHost *s, Mig *m)
{
	bool alone = sqlite3_get_autocommit(s->db) != 0;
	int state = alone ? sqlite3_txn_state(s->db, NULL) : SQLITE_TXN_NONE;

	if (s->scope != MIG_WRITE &&
	    (state != SQLITE_TXN_NONE || (!alone && has_reader(s->db))))
		return refuse_outer(s, m);
	if (state == SQLITE_TXN_WRITE)
		return refuse_outer(s, m);
	return true;
}

/* One value of a query, which is a number; -1 when it fails. */
static int
number_of(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int value = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

static bool
check_writable(SqliteHost *s, Mig *m)
{
	if (sqlite3_db_readonly(s->db, s->state) == 1)
		return mig_fail(m, MIG_CONTEXT, "database \"%s\" is read-only",
		                s->state);
	if (number_of(s->db, "PRAGMA query_only") != 1)
		return true;
	mig_fail(m, MIG_CONTEXT, "connection is read-only");
	return mig_hint(m, "Run PRAGMA query_only = off.");
}

bool
sqlite_mig_spare(SqliteHost *s, Mig *m)
{
	sqlite3_stmt *spare = NULL;

	if (sqlite3_prepare_v2(s->db, "VACUUM", -1, &spare, NULL) != SQLITE_OK)
		return sqlite_mig_fail(s, m);
	sqlite3_finalize(s->spare);
	s->spare = spare;
	return true;
}

/* Each DROP TABLE makes a page cache of 90 kB and gives it back. glibc returns
   the end of its heap to the system every time, and faults it in again; it
   leaves that once the process has freed a piece that is larger. */
static void
keep_heap(void)
{
	sqlite3_free(sqlite3_malloc(2 << 20));
}

static bool
open_write(SqliteHost *s, Mig *m)
{
	bool alone = sqlite3_get_autocommit(s->db) != 0;
	int rc;

	if (s->scope == MIG_EACH && !alone)
		return mig_run_refuse_block(m);
	if (!check_outer(s, m) || !check_writable(s, m) || !sqlite_mig_spare(s, m))
		return false;
	rc =
		sqlite_mig_run(s->db, alone ? "BEGIN IMMEDIATE" : "SAVEPOINT migrate");
	if (!alone && (rc & 0xff) == SQLITE_BUSY)
		return refuse_outer(s, m); /* a statement that writes is under way */
	if (rc != SQLITE_OK)
		return sqlite_mig_fail(s, m);
	s->hold = alone ? SQLITE_HOLD_TRANSACTION : SQLITE_HOLD_SAVEPOINT;
	keep_heap();
	return true;
}

/* Keep what a database shows until the end of the call, by a statement that
   is left under way: PRAGMA schema_version reads, and returns a row. */
static bool
watch(SqliteHost *s, Mig *m, const char *database, sqlite3_stmt **stmt)
{
	MigText t = {m, NULL, 0, 0};
	MigStr sql;

	if (!sqlite3_get_autocommit(s->db) ||
	    sqlite3_txn_state(s->db, database) != SQLITE_TXN_NONE)
		return true;
	mig_text_add(&t, "PRAGMA ");
	mig_text_ident(&t, mig_str(database));
	mig_text_add(&t, ".schema_version");
	sql = mig_text_str(&t);
	if (sql.at == NULL)
		return false;
	if (sqlite3_prepare_v2(s->db, sql.at, -1, stmt, NULL) != SQLITE_OK ||
	    sqlite3_step(*stmt) != SQLITE_ROW)
		return sqlite_mig_fail(s, m);
	return true;
}

/* A call that writes only looks first whether there is anything to do, and
   reads all of it again under the lock. */
static bool
open_read(SqliteHost *s, Mig *m)
{
	if (s->entry->function == &mig_functions[MIG_FN_RUN] &&
	    !sqlite3_get_autocommit(s->db))
		return mig_run_refuse_block(m);
	if (s->entry->function->flags & MIG_FN_WRITES)
		return check_outer(s, m);
	return watch(s, m, "main", &s->watch[0]) &&
	       (!s->alias || watch(s, m, s->state, &s->watch[1]));
}

/* Close what the call holds without writing. */
static void
let_go(SqliteHost *s)
{
	for (int i = 0; i < MIG_Q_COUNT; i++)
		sqlite3_finalize(s->queries[i]);
	memset(s->queries, 0, sizeof(s->queries));
	for (int i = 0; i < 2; i++)
		sqlite3_finalize(s->watch[i]);
	memset(s->watch, 0, sizeof(s->watch));
}

static int
refuse_commit(void *arg)
{
	(void) arg;
	return 1;
}

static void
allow_commit(void *arg)
{
	sqlite3_commit_hook(arg, NULL, NULL);
	sqlite3_rollback_hook(arg, NULL, NULL);
}

/* Make COMMIT roll back, until a transaction has been. Nothing else is left
   that needs no memory, though hooks of the caller's give way to these. */
static void
condemn(sqlite3 *db)
{
	sqlite3_commit_hook(db, refuse_commit, NULL);
	sqlite3_rollback_hook(db, allow_commit, db);
}

/* Whether nothing of it is left. */
static bool
roll_back(SqliteHost *s)
{
	int rc;

	if (sqlite3_get_autocommit(s->db))
		return true; /* SQLite has done it */
	if (s->hold == SQLITE_HOLD_TRANSACTION)
		rc = sqlite_mig_run(s->db, "ROLLBACK");
	else
	{
		rc = sqlite_mig_run(s->db, "ROLLBACK TO migrate");
		if (rc == SQLITE_OK)
			rc = sqlite_mig_run(s->db, "RELEASE migrate");
	}
	if (rc == SQLITE_OK || sqlite3_get_autocommit(s->db))
		return true;
	/* Interrupted, or out of memory: then nothing of the transaction can
	   stay, the caller's part included. */
	sqlite3_interrupt(s->db);
	sqlite3_step(s->spare);
	sqlite3_reset(s->spare);
	if (!sqlite3_get_autocommit(s->db))
		sqlite_mig_run(s->db, "VACUUM;");
	if (sqlite3_get_autocommit(s->db))
		return true;
	condemn(s->db);
	return false;
}

static void
tell_open(Mig *m)
{
	mig_fail(m, MIG_NOMEM, "out of memory"); /* if nothing was wrong so far */
	mig_hint(m, "The transaction is still open and cannot be committed: run"
	            " ROLLBACK.");
}

/* SQLite ends some transactions by itself: when the disk is full, for one.
   The caller has to know that it was his, too. */
static void
tell_lost(SqliteHost *s, Mig *m)
{
	if (s->hold != SQLITE_HOLD_SAVEPOINT || !sqlite3_get_autocommit(s->db))
		return;
	if (mig_ok(m))
		mig_fail(m, MIG_TRANSACTION, "transaction was rolled back");
	mig_detail(m, "SQLite has rolled back the whole transaction, with what was"
	              " done before this call.");
}

static bool
keep_work(SqliteHost *s, Mig *m)
{
	const char *sql =
		s->hold == SQLITE_HOLD_TRANSACTION ? "COMMIT" : "RELEASE migrate";

	if (sqlite3_get_autocommit(s->db))
		return mig_fail(m, MIG_TRANSACTION, "transaction was rolled back");
	if (s->alias && !sqlite_mig_sync(s, m))
		return false;
	return sqlite_mig_run(s->db, sql) == SQLITE_OK || sqlite_mig_fail(s, m);
}

bool
sqlite_mig_pause(SqliteHost *s, Mig *m)
{
	if (sqlite3_get_autocommit(s->db))
		return mig_fail(m, MIG_TRANSACTION, "transaction was rolled back");
	if (sqlite_mig_run(s->db, "COMMIT") != SQLITE_OK)
		return sqlite_mig_fail(s, m);
	s->hold = SQLITE_HOLD_NOTHING;
	s->plain = false;
	return true;
}

bool
sqlite_mig_resume(SqliteHost *s, Mig *m)
{
	if (!sqlite_mig_spare(s, m))
		return false;
	if (sqlite_mig_run(s->db, "BEGIN IMMEDIATE") != SQLITE_OK)
		return sqlite_mig_fail(s, m);
	s->hold = SQLITE_HOLD_TRANSACTION;
	return true;
}

/* An attached database gets the scripts with the first commit, so that it
   knows its history whatever comes; and with the last one, for those that
   were added meanwhile. */
bool
sqlite_mig_commit(MigHost *h, Mig *m)
{
	SqliteHost *s = (SqliteHost *) h;

	if (s->alias && !s->synced && !sqlite_mig_sync(s, m))
		return false;
	s->synced = true;
	if (!sqlite_mig_pause(s, m))
		return false;
	h->commits++;
	return sqlite_mig_resume(s, m);
}

bool
sqlite_mig_end(MigHost *h, Mig *m, bool keep)
{
	SqliteHost *s = (SqliteHost *) h;
	bool ok = true;

	let_go(s);
	if (s->hold != SQLITE_HOLD_NOTHING)
	{
		bool undo = s->scope == MIG_REHEARSE;
		bool open;

		ok = keep && (undo ? sqlite_mig_deferred(s, m) : keep_work(s, m));
		open = (!ok || undo) && !roll_back(s);
		if (open)
			tell_open(m);
		else
			tell_lost(s, m);
		sqlite_mig_keys_on(s);
		ok = (ok || !keep) && !open;
	}
	if (s->owns)
		s->entry->owner->running = s->owns = false;
	sqlite3_finalize(s->spare);
	s->spare = NULL;
	s->hold = SQLITE_HOLD_NOTHING;
	s->plain = false;
	return ok;
}

/* h->key is empty: what is applied to a database stands in that database. */
static bool
find_database(SqliteHost *s, Mig *m, MigStr schema)
{
	MigStr name = schema.at != NULL ? mig_copy(m, schema) : mig_str("main");

	if (name.at == NULL)
		return false;
	if (mig_str_word(name, "temp"))
	{
		mig_fail(m, MIG_ARGUMENT, "database \"temp\" cannot be migrated");
		return mig_hint(m, "What it holds goes with the connection.");
	}
	if (memchr(name.at, '\0', name.len) != NULL ||
	    sqlite3_db_readonly(s->db, name.at) < 0)
	{
		mig_fail(m, MIG_ARGUMENT, "database \"%.*s\" is not attached",
		         MIG_S(name));
		return mig_hint(m, "The schema is the name of an attached database.");
	}
	s->alias = !mig_str_word(name, "main");
	s->state = s->alias ? name.at : "main";
	s->scripts = "main";
	s->base.key = mig_str("");
	return true;
}

bool
sqlite_mig_begin(MigHost *h, Mig *m, MigScope scope, MigStr schema)
{
	SqliteHost *s = (SqliteHost *) h;

	if (s->entry->owner->running && scope != MIG_READ)
	{
		mig_fail(m, MIG_CONTEXT, "a migration is running in this session");
		return mig_hint(m, "A script cannot add, run or record migrations.");
	}
	s->scope = scope;
	s->stateless = h->empty = false;
	if (!find_database(s, m, schema))
		return false;
	if (scope != MIG_READ)
	{
		h->who = sqlite_mig_user(m);
		h->client = sqlite_mig_client(m);
	}
	if (!mig_ok(m) ||
	    !(scope == MIG_READ ? open_read(s, m) : open_write(s, m)) ||
	    !sqlite_mig_find_tables(s, m) ||
	    (scope != MIG_READ && !sqlite_mig_spare(s, m)))
	{
		sqlite_mig_end(h, m, false);
		return false;
	}
	if (scope != MIG_READ)
		s->entry->owner->running = s->owns = true;
	return true;
}
