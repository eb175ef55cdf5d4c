#include "sqlite_mig.h"

#include <limits.h>
#include <string.h>

#include "run.h"

/* More than any query's ncells; query_row() checks. */
#define MAX_CELLS 32

/* The prepared statement of a query; kept until the end of the call. */
static sqlite3_stmt *
query_prepare(SqliteHost *s, Mig *m, MigQuery query)
{
	MigStr sql;

	if (s->queries[query] != NULL)
		return s->queries[query];
	sql = sqlite_mig_expand(s, m, mig_query_text(query, true));
	if (sql.at == NULL)
		return NULL;
	if (sqlite3_prepare_v2(s->db, sql.at, -1, &s->queries[query], NULL) !=
	    SQLITE_OK)
		sqlite_mig_fail(s, m);
	return s->queries[query];
}

static bool
query_bind(SqliteHost *s, Mig *m, sqlite3_stmt *stmt, const MigStr *args,
           int count)
{
	for (int i = 0; i < count; i++)
	{
		int rc =
			args[i].at == NULL
				? sqlite3_bind_null(stmt, i + 1)
				: sqlite3_bind_text64(stmt, i + 1, args[i].at, args[i].len,
		                              SQLITE_STATIC, SQLITE_UTF8);

		if (rc != SQLITE_OK)
			return sqlite_mig_fail(s, m);
	}
	return true;
}

/* The digits of a number, written from the end of out. */
static MigStr
number_text(sqlite3_int64 number, char out[24])
{
	uint64_t rest = number < 0 ? 0 - (uint64_t) number : (uint64_t) number;
	size_t i = 24;

	do
		out[--i] = (char) ('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (number < 0)
		out[--i] = '-';
	return (MigStr){out + i, 24 - i};
}

/*
 * Hand the row that stmt stands on to row(). A value is asked of the statement
 * once and then looked at by itself, which takes no mutex: we run inside a
 * statement of the same connection, so that it is ours already.
 */
static bool
query_row(SqliteHost *s, Mig *m, sqlite3_stmt *stmt, int count, MigRowFn row,
          void *arg)
{
	MigStr cells[MAX_CELLS];
	char numbers[MAX_CELLS][24];

	if (count > MAX_CELLS)
		return mig_fail(m, MIG_INTERNAL, "query has %d columns", count);
	for (int i = 0; i < count; i++)
	{
		sqlite3_value *value = sqlite3_column_value(stmt, i);
		int type = sqlite3_value_type(value);

		cells[i] = (MigStr){NULL, 0};
		if (type == SQLITE_NULL)
			continue;
		if (type == SQLITE_INTEGER)
		{
			cells[i] = number_text(sqlite3_value_int64(value), numbers[i]);
			continue;
		}
		cells[i].at = (const char *) sqlite3_value_text(value);
		cells[i].len = (size_t) sqlite3_value_bytes(value);
		if (cells[i].at == NULL)
			return sqlite_mig_fail(s, m);
	}
	return row(arg, m, cells);
}

/* A row of migrate_state; which of the three cells it fills, or -1. */
static int
summary_cell(MigStr name, bool scripts, bool state)
{
	if (scripts && mig_str_is(name, "position"))
		return 0;
	if (scripts && mig_str_is(name, "heads"))
		return 1;
	return state && mig_str_is(name, "complete:") ? 2 : -1;
}

static bool
summary_read(SqliteHost *s, Mig *m, bool scripts, MigStr *cells)
{
	MigStr text = sqlite_mig_expand(
		s, m,
		scripts ? "SELECT name, value FROM @s.migrate_state"
				: "SELECT name, value FROM @a.migrate_state");
	sqlite3_stmt *stmt = NULL;
	int rc;

	if (text.at == NULL)
		return false;
	rc = sqlite3_prepare_v2(s->db, text.at, -1, &stmt, NULL);
	while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
	{
		MigStr name = mig_str((const char *) sqlite3_column_text(stmt, 0));
		int i = summary_cell(name, scripts, !scripts || !s->alias);

		if (i >= 0)
			cells[i] = mig_copy(
				m, mig_str((const char *) sqlite3_column_text(stmt, 1)));
		rc = SQLITE_OK;
	}
	if (rc != SQLITE_DONE)
		sqlite_mig_fail(s, m);
	sqlite3_finalize(stmt);
	return mig_ok(m);
}

/*
 * MIG_Q_SUMMARY is all that a call does which finds nothing to do, and most of
 * its time goes into compiling it: so the three values come from the simplest
 * statement that there is. The table has a handful of rows.
 */
static bool
summary(SqliteHost *s, Mig *m, MigRowFn row, void *arg)
{
	MigStr cells[3] = {{NULL, 0}, {NULL, 0}, {NULL, 0}};

	return summary_read(s, m, true, cells) &&
	       (!s->alias || summary_read(s, m, false, cells)) &&
	       row(arg, m, cells);
}

static bool
host_query(MigHost *h, Mig *m, MigQuery query, const MigStr *args,
           MigRowFn row, void *arg)
{
	const MigQueryText *q = &mig_queries[query];
	SqliteHost *s = (SqliteHost *) h;
	sqlite3_stmt *stmt;
	bool ok = true;
	int rc = SQLITE_DONE;

	if (h->empty)
		return true;
	if (query == MIG_Q_SUMMARY)
		return summary(s, m, row, arg);
	stmt = query_prepare(s, m, query);
	if (stmt == NULL)
		return false;
	if (sqlite3_stmt_busy(stmt) || (q->writes && s->scope == MIG_READ))
		return mig_fail(m, MIG_INTERNAL, "query %d has no place here",
		                (int) query);
	ok = query_bind(s, m, stmt, args, q->nargs);
	while (ok && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		ok = row == NULL || query_row(s, m, stmt, q->ncells, row, arg);
	if (ok && rc != SQLITE_DONE)
		ok = sqlite_mig_fail(s, m);
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	return ok;
}

static bool
host_select(MigHost *h, Mig *m, MigStr sql, const MigStr *args, int nargs,
            int ncells, MigRowFn row, void *arg)
{
	SqliteHost *s = (SqliteHost *) h;
	sqlite3_stmt *stmt = NULL;
	bool ok;
	int rc;

	if (sql.len > INT_MAX)
		return mig_fail(m, MIG_INTERNAL, "query is too long");
	if (sqlite3_prepare_v2(s->db, sql.at, (int) sql.len, &stmt, NULL) !=
	    SQLITE_OK)
		return sqlite_mig_fail(s, m);
	ok = query_bind(s, m, stmt, args, nargs);
	rc = SQLITE_DONE;
	while (ok && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		ok = row == NULL || query_row(s, m, stmt, ncells, row, arg);
	if (ok && rc != SQLITE_DONE)
		ok = sqlite_mig_fail(s, m);
	sqlite3_finalize(stmt);
	return ok;
}

/* How many lines of text lie before an offset. */
static int
lines_before(MigStr text, int offset)
{
	int lines = 0;

	for (int i = 0; i < offset && (size_t) i < text.len; i++)
		lines += text.at[i] == '\n' ||
		         (text.at[i] == '\r' &&
		          ((size_t) i + 1 == text.len || text.at[i + 1] != '\n'));
	return lines;
}

/* SQLite may know where in the statement the error lies: the place is then
   that line and not the statement's first one. */
static bool
exec_fail(SqliteHost *s, Mig *m, MigStr text, size_t done)
{
#if SQLITE_VERSION_NUMBER >= 3038000
	MigPlace place = s->base.place;
	MigStatement statement;
	char context[MIG_PLACE_MAX];
	int offset = -1;

	sqlite_mig_fail(s, m);
	if (sqlite3_libversion_number() >= 3038000)
		offset = sqlite3_error_offset(s->db);
	if (offset < 0 || place.statement == NULL)
		return false;
	statement = *place.statement;
	statement.pos.line += lines_before(text, (int) done + offset);
	place.statement = &statement;
	mig_place_text(&place, context, sizeof(context));
	return mig_context(m, "%s", context);
#else
	(void) text;
	(void) done;
	(void) lines_before;
	return sqlite_mig_fail(s, m);
#endif
}

/* Not NULL and not 0; a text is true, as it is in PostgreSQL. */
static bool
is_true(sqlite3_stmt *stmt)
{
	switch (sqlite3_column_type(stmt, 0))
	{
		case SQLITE_NULL:
			return false;
		case SQLITE_INTEGER:
		case SQLITE_FLOAT:
			return sqlite3_column_double(stmt, 0) != 0;
	}
	return true;
}

static bool
exec_step(SqliteHost *s, Mig *m, sqlite3_stmt *stmt, MigResult *r)
{
	int before = sqlite3_total_changes(s->db);
	int rc;

	if (sqlite3_bind_parameter_count(stmt) > 0)
	{
		const char *name = sqlite3_bind_parameter_name(stmt, 1);

		mig_fail(m, MIG_SYNTAX, "parameter \"%s\" has no value",
		         name ? name : "?");
		return mig_hint(m, "A script has no parameters; write the value.");
	}
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
	{
		r->holds = (r->rows == 0 || r->holds) && is_true(stmt);
		r->rows++;
	}
	if (rc != SQLITE_DONE)
		return false;
	/* A statement that cannot return rows holds when it does not fail. */
	if (sqlite3_column_count(stmt) == 0)
	{
		r->holds = true;
		if (sqlite3_total_changes(s->db) != before)
			r->rows = sqlite3_changes(s->db);
	}
	return true;
}

/* A statement that ended our transaction has made what it did permanent, or
   undone all: there is no way on. */
static bool
check_transaction(SqliteHost *s, Mig *m)
{
	if (s->hold == SQLITE_HOLD_NOTHING || !sqlite3_get_autocommit(s->db))
		return true;
	return mig_fail(m, MIG_TRANSACTION, "statement ended the transaction");
}

/* text is one statement, or by SQLite's reading several. */
static bool
exec_text(SqliteHost *s, Mig *m, MigStr text, MigResult *r)
{
	const char *at = text.at;
	bool ok = true;

	if (text.len > INT_MAX)
		return mig_fail(m, MIG_SYNTAX, "statement is too long");
	while (ok && at < text.at + text.len)
	{
		size_t done = (size_t) (at - text.at);
		sqlite3_stmt *stmt = NULL;
		int rc =
			sqlite3_prepare_v2(s->db, at, (int) (text.len - done), &stmt, &at);

		ok = rc == SQLITE_OK && (stmt == NULL || exec_step(s, m, stmt, r));
		if (!ok && mig_ok(m))
			exec_fail(s, m, text, done);
		sqlite3_finalize(stmt);
		ok = ok && check_transaction(s, m);
	}
	return ok;
}

static bool
exec_any(SqliteHost *s, Mig *m, const MigStatement *statement, MigResult *r)
{
	MigStr text = statement->text;

	if (statement->kind == MIG_STMT_ALTER)
		return sqlite_mig_alter(s, m, statement, r);
	s->plain = false;
	if (s->alias)
		text = sqlite_mig_qualify(s, m, text);
	if (text.at == NULL)
		return false;
	if (statement->kind == MIG_STMT_PRAGMA)
	{
		if (!sqlite_mig_setting_save(s, m, text))
			return false;
	}
	else if (s->alias && !sqlite_mig_guard(s, m, text))
		return false;
	return exec_text(s, m, text, r);
}

static bool
host_exec(MigHost *h, Mig *m, const MigStatement *statement, MigResult *r)
{
	SqliteHost *s = (SqliteHost *) h;

	r->rows = 0;
	r->holds = false;
	if (!exec_any(s, m, statement, r))
		return false;
	for (statement = statement->then; statement != NULL;
	     statement = statement->then)
	{
		MigResult own = {0};

		if (!exec_any(s, m, statement, &own))
			return false;
	}
	return s->hold == SQLITE_HOLD_NOTHING || sqlite_mig_spare(s, m);
}

static void
host_note(MigHost *h, Mig *m, const char *text)
{
	(void) h;
	(void) m;
	sqlite3_log(SQLITE_NOTICE, "%s", text);
}

const MigHostOps sqlite_mig_host = {
	.begin = sqlite_mig_begin,
	.end = sqlite_mig_end,
	.enter = sqlite_mig_enter,
	.leave = sqlite_mig_leave,
	.exec = host_exec,
	.query = host_query,
	.select = host_select,
	.scan = sqlite_mig_scan,
	.watch = sqlite_mig_watch,
	.trial = sqlite_mig_trial,
	.commit = sqlite_mig_commit,
	.check_alone = sqlite_mig_check_alone,
	.exec_alone = sqlite_mig_exec_alone,
	.note = host_note,
	.now = sqlite_mig_now,
};
