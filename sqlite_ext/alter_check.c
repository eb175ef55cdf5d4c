#include "alter.h"

#include <string.h>

/*
 * What a rebuild must leave as it was:
 *
 *     views and triggers of the database, and triggers of temp: they compile
 *     behind it if they did before it
 *     foreign keys: no row of the table, or of one that refers to it, has
 *     become an orphan
 *
 * Dropping a table that others refer to would delete their rows or fail, so
 * foreign keys are off while that is done. In a transaction of the caller's
 * they stay on, and such a table is refused.
 */

/* Whether a statement compiles. */
static bool
compiles(SqliteAlter *a, const char *before, MigStr database, MigStr name,
         MigStr behind)
{
	MigText t = {a->m, NULL, 0, 0};
	sqlite3_stmt *stmt = NULL;
	MigStr sql;
	int rc;

	mig_text_add(&t, before);
	sqlite_mig_name(&t, database, name);
	mig_text_str_add(&t, behind);
	sql = mig_text_str(&t);
	if (sql.at == NULL)
		return false;
	rc = sqlite3_prepare_v2(a->s->db, sql.at, -1, &stmt, NULL);
	sqlite3_finalize(stmt);
	if (rc == SQLITE_NOMEM)
		sqlite_mig_fail(a->s, a->m);
	return rc == SQLITE_OK;
}

static bool
name_row(void *arg, Mig *m, const MigStr *cells)
{
	*(MigStr *) arg = mig_copy(m, cells[0]);
	return mig_ok(m);
}

/* " SET c = c" for some column of a table that can be set. */
static bool
any_setting(SqliteAlter *a, const SqliteUser *u, MigStr *out)
{
	MigHost *h = &a->s->base;
	MigStr args[2] = {u->name, u->database};
	MigText t = {a->m, NULL, 0, 0};
	MigStr column = {NULL, 0};

	if (!h->ops->select(h, a->m,
	                    MIG_LIT("SELECT name FROM"
	                            " pragma_table_info(?1, ?2) LIMIT 1"),
	                    args, 2, 1, name_row, &column))
		return false;
	*out = MIG_LIT("");
	if (column.at == NULL)
		return true;
	mig_text_add(&t, " SET ");
	mig_text_ident(&t, column);
	mig_text_add(&t, " = ");
	mig_text_ident(&t, column);
	*out = mig_text_str(&t);
	return mig_ok(a->m);
}

/* A trigger compiles with the statement that fires it. */
bool
sqlite_mig_user_works(SqliteAlter *a, const SqliteUser *u, bool *yes)
{
	MigStr set;

	if (u->view)
	{
		*yes =
			compiles(a, "SELECT * FROM ", u->database, u->name, MIG_LIT(""));
		return mig_ok(a->m);
	}
	*yes = compiles(a, "DELETE FROM ", u->database, u->name, MIG_LIT("")) &&
	       compiles(a, "INSERT INTO ", u->database, u->name,
	                MIG_LIT(" DEFAULT VALUES"));
	if (!*yes)
		return mig_ok(a->m);
	/* A view whose columns are unknown cannot be asked. */
	if (!any_setting(a, u, &set))
		return false;
	*yes = set.len == 0 || compiles(a, "UPDATE ", u->database, u->name, set);
	return mig_ok(a->m);
}

typedef struct Users
{
	SqliteWatch *w;
	MigStr database;
} Users;

static bool
user_row(void *arg, Mig *m, const MigStr *cells)
{
	Users *users = arg;
	SqliteUser *u = mig_alloc(m, sizeof(*u));

	if (u == NULL)
		return false;
	u->view = mig_str_is(cells[0], "view");
	u->name = mig_copy(m, cells[1]);
	u->database = users->database;
	u->next = users->w->users;
	users->w->users = u;
	return mig_ok(m);
}

static bool
users_read(SqliteAlter *a, SqliteWatch *w, MigStr database)
{
	MigHost *h = &a->s->base;
	MigText t = {a->m, NULL, 0, 0};
	Users users = {w, database};

	mig_text_add(&t, "SELECT DISTINCT type, tbl_name FROM ");
	sqlite_mig_name(&t, database, MIG_LIT("sqlite_master"));
	mig_text_add(&t, " WHERE type IN ('view', 'trigger') ORDER BY 1, 2");
	return h->ops->select(h, a->m, mig_text_str(&t), NULL, 0, 2, user_row,
	                      &users);
}

/*
 * SQLite takes a name in double quotes that is no column for a string. So what
 * uses a column would go on with its name when it is dropped; whether that
 * happens is seen where there are no such strings.
 */
static bool
users_plain(SqliteAlter *a, SqliteWatch *w)
{
	sqlite3 *db = a->s->db;
	bool ok;

	if (a->r.ndropped == 0 || w->users == NULL)
		return true;
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, -1, &w->strings);
	if (!w->strings)
		return true;
	ok = sqlite_mig_switch(a->s, a->m, SQLITE_DBCONFIG_DQS_DML, 0);
	for (SqliteUser *u = w->users; ok && u != NULL; u = u->next)
		ok = !u->works || sqlite_mig_user_works(a, u, &u->plain);
	ok = ok && sqlite_mig_switch(a->s, a->m, SQLITE_DBCONFIG_DQS_DML, 1);
	if (!ok)
		sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 1, NULL);
	return ok;
}

bool
sqlite_mig_users_begin(SqliteAlter *a, SqliteWatch *w)
{
	if (sqlite_mig_is_plain(a, a->item.schema))
		return true;
	if (!users_read(a, w, a->item.schema) ||
	    (!mig_str_is(a->item.schema, "temp") &&
	     !users_read(a, w, MIG_LIT("temp"))))
		return false;
	for (SqliteUser *u = w->users; u != NULL; u = u->next)
		if (!sqlite_mig_user_works(a, u, &u->works))
			return false;
	return users_plain(a, w);
}

/* SQLite's own words, which name a trigger: renaming any table makes it look
   at them all. */
static bool
name_broken(SqliteAlter *a)
{
	MigText make = {a->m, NULL, 0, 0}, rename = {a->m, NULL, 0, 0};
	sqlite3 *db = a->s->db;

	mig_text_add(&make, "CREATE TABLE ");
	sqlite_mig_name(&make, a->item.schema, a->fresh);
	mig_text_add(&make, " (a)");
	mig_text_add(&rename, "ALTER TABLE ");
	sqlite_mig_name(&rename, a->item.schema, a->fresh);
	mig_text_add(&rename, " RENAME TO migrate_looked");
	if (mig_text_str(&make).at == NULL || mig_text_str(&rename).at == NULL)
		return false;
	return sqlite3_exec(db, make.at, NULL, NULL, NULL) == SQLITE_OK &&
	       sqlite3_exec(db, rename.at, NULL, NULL, NULL) != SQLITE_OK;
}

static bool
fail_user(SqliteAlter *a, const SqliteUser *u)
{
	MigStr why = mig_copy(a->m, mig_str(sqlite3_errmsg(a->s->db)));

	if (why.at == NULL)
		return false;
	a->s->code = SQLITE_ERROR;
	if (u->view)
		mig_fail(a->m, MIG_HOST, "view \"%.*s\" would not work any more: %.*s",
		         MIG_S(u->name), MIG_S(why));
	else
	{
		if (name_broken(a))
			why = mig_copy(a->m, mig_str(sqlite3_errmsg(a->s->db)));
		mig_fail(a->m, MIG_HOST,
		         "a trigger of \"%.*s\" would not work any more: %.*s",
		         MIG_S(u->name), MIG_S(why));
	}
	return mig_hint(a->m, "Drop it before, and make it again behind the"
	                      " change.");
}

static bool
users_work(SqliteAlter *a, const SqliteWatch *w, bool plain)
{
	bool works;

	for (const SqliteUser *u = w->users; u != NULL; u = u->next)
	{
		if (!(plain ? u->plain : u->works))
			continue;
		if (!sqlite_mig_user_works(a, u, &works))
			return false;
		if (!works)
			return fail_user(a, u);
	}
	return true;
}

static bool
users_check(SqliteAlter *a, const SqliteWatch *w)
{
	bool ok = users_work(a, w, false);

	if (!ok || !w->strings)
		return ok;
	ok = sqlite_mig_switch(a->s, a->m, SQLITE_DBCONFIG_DQS_DML, 0) &&
	     users_work(a, w, true) &&
	     sqlite_mig_switch(a->s, a->m, SQLITE_DBCONFIG_DQS_DML, 1);
	if (!ok)
		sqlite3_db_config(a->s->db, SQLITE_DBCONFIG_DQS_DML, 1, NULL);
	return ok;
}

typedef struct Tables
{
	SqliteWatch *w;
	size_t room;
} Tables;

static bool
table_row(void *arg, Mig *m, const MigStr *cells)
{
	Tables *t = arg;
	MigStr *tables =
		mig_grow(m, t->w->tables, (size_t) t->w->ntables, &t->room,
	             (size_t) t->w->ntables + 1, sizeof(*tables));

	if (tables == NULL)
		return false;
	t->w->tables = tables;
	tables[t->w->ntables++] = mig_copy(m, cells[0]);
	return mig_ok(m);
}

/* Tables, each with those that refer to it. */
static bool
tables_read(SqliteAlter *a, SqliteWatch *w, const MigStr *names, size_t count)
{
	Tables tables = {w, 0};

	for (size_t i = 0; i < count; i++)
	{
		int own = w->ntables + 1;

		if (!table_row(&tables, a->m, &names[i]) ||
		    !sqlite_mig_referring(a, a->item.schema, names[i], table_row,
		                          &tables))
			return false;
		if (w->ntables == own || w->referenced)
			continue;
		w->referenced = true;
		w->referred = names[i];
		w->referring = w->tables[own];
	}
	return true;
}

bool
sqlite_mig_violations(SqliteAlter *a, MigStr table, int64_t *count,
                      MigStr *orphan, MigStr *parent)
{
	MigText t = {a->m, NULL, 0, 0};
	sqlite3_stmt *stmt = NULL;
	int rc;

	mig_text_add(&t, "PRAGMA ");
	mig_text_ident(&t, a->item.schema);
	mig_text_add(&t, ".foreign_key_check(");
	mig_text_ident(&t, table);
	mig_text_char(&t, ')');
	if (mig_text_str(&t).at == NULL)
		return false;
	*count = 0;
	*orphan = *parent = (MigStr){NULL, 0};
	rc = sqlite3_prepare_v2(a->s->db, t.at, -1, &stmt, NULL);
	while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
	{
		if ((*count)++ == 0)
		{
			*orphan = mig_copy(
				a->m, mig_str((const char *) sqlite3_column_text(stmt, 1)));
			*parent = mig_copy(
				a->m, mig_str((const char *) sqlite3_column_text(stmt, 2)));
		}
		rc = SQLITE_OK;
	}
	if (rc == SQLITE_ERROR)
		*count = -1;
	else if (rc != SQLITE_DONE && rc != SQLITE_OK)
		sqlite_mig_fail(a->s, a->m);
	sqlite3_finalize(stmt);
	return mig_ok(a->m);
}

bool
sqlite_mig_fail_orphan(SqliteAlter *a, MigStr table, MigStr orphan,
                       MigStr parent)
{
	a->s->code = SQLITE_CONSTRAINT_FOREIGNKEY;
	if (orphan.at == NULL)
		return mig_fail(a->m, MIG_HOST,
		                "foreign key violated: a row of table \"%.*s\" refers"
		                " to a missing row of \"%.*s\"",
		                MIG_S(table), MIG_S(parent));
	return mig_fail(a->m, MIG_HOST,
	                "foreign key violated: row %.*s of table \"%.*s\" refers"
	                " to a missing row of \"%.*s\"",
	                MIG_S(orphan), MIG_S(table), MIG_S(parent));
}

bool
sqlite_mig_watch_keys_check(SqliteAlter *a, const SqliteWatch *w)
{
	for (int i = 0; i < w->ntables; i++)
	{
		MigStr orphan, parent;
		int64_t now;

		if (!sqlite_mig_violations(a, w->tables[i], &now, &orphan, &parent))
			return false;
		if (now < 0 && w->violations[i] >= 0)
			return sqlite_mig_fail(a->s, a->m);
		if (w->violations[i] >= 0 && now > w->violations[i])
			return sqlite_mig_fail_orphan(a, w->tables[i], orphan, parent);
	}
	return true;
}

static bool
refuse_on(SqliteAlter *a, const SqliteWatch *w)
{
	mig_fail(a->m, MIG_CONTEXT,
	         "table \"%.*s\" cannot be rebuilt inside a transaction with"
	         " foreign keys on",
	         MIG_S(w->referred));
	mig_detail(a->m, "Table \"%.*s\" refers to it.", MIG_S(w->referring));
	return mig_hint(a->m, "Call migrate outside of a transaction, or run"
	                      " PRAGMA foreign_keys = off before BEGIN.");
}

/* Off, if they are on and anybody cares. */
static bool
keys_off(SqliteAlter *a, SqliteWatch *w)
{
	sqlite3 *db = a->s->db;
	int on = 0, pending = 0, most = 0;

	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &on);
	if (!on || !w->referenced)
		return true;
	if (a->s->hold == SQLITE_HOLD_SAVEPOINT)
		return refuse_on(a, w);
	sqlite3_db_status(db, SQLITE_DBSTATUS_DEFERRED_FKS, &pending, &most, 0);
	if (pending)
		return mig_fail(a->m, MIG_CONTEXT,
		                "foreign keys cannot be switched off while deferred"
		                " ones are violated");
	w->off = true;
	return sqlite_mig_switch(a->s, a->m, SQLITE_DBCONFIG_ENABLE_FKEY, 0);
}

static bool
violations_read(SqliteAlter *a, SqliteWatch *w)
{
	w->violations =
		mig_alloc_array(a->m, (size_t) w->ntables, sizeof(*w->violations));
	for (int i = 0; w->violations != NULL && i < w->ntables; i++)
	{
		MigStr orphan, parent;

		if (!sqlite_mig_violations(a, w->tables[i], &w->violations[i], &orphan,
		                           &parent))
			return false;
	}
	return mig_ok(a->m);
}

static bool
watch_keys(SqliteAlter *a, SqliteWatch *w, const MigStr *tables, size_t count)
{
	return tables_read(a, w, tables, count) && keys_off(a, w) &&
	       violations_read(a, w);
}

bool
sqlite_mig_watch_keys_look(SqliteAlter *a, SqliteWatch *w,
                           const MigStr *tables, size_t count)
{
	memset(w, 0, sizeof(*w));
	return tables_read(a, w, tables, count) && violations_read(a, w);
}

bool
sqlite_mig_watch_keys_begin(SqliteAlter *a, SqliteWatch *w,
                            const MigStr *tables, size_t count)
{
	memset(w, 0, sizeof(*w));
	return watch_keys(a, w, tables, count);
}

bool
sqlite_mig_watch_begin(SqliteAlter *a, SqliteWatch *w)
{
	memset(w, 0, sizeof(*w));
	if (!sqlite_mig_users_begin(a, w))
		return false;
	if (a->together)
		return true;
	return watch_keys(a, w, &a->item.table, 1);
}

bool
sqlite_mig_watch_check(SqliteAlter *a, SqliteWatch *w)
{
	return users_check(a, w) && sqlite_mig_watch_keys_check(a, w);
}

bool
sqlite_mig_watch_end(SqliteAlter *a, SqliteWatch *w, bool done)
{
	if (!w->off)
		return true;
	if (done && sqlite_mig_switch(a->s, a->m, SQLITE_DBCONFIG_ENABLE_FKEY, 1))
		return true;
	a->s->keys.off = true;
	return false;
}
