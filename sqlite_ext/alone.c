#include "sqlite_mig.h"

#include <string.h>

#include "lex.h"

/*
 * Statements that refuse a transaction. Most run on the calling connection,
 * with our own transaction out of the way. VACUUM does not: it needs a
 * connection without any other statement, and the one that called us is under
 * way. So it gets a connection of its own to the same file, opened and set as
 * far as SQLite tells how the first one was.
 */

/* What a VACUUM finds set in the connection and leaves no trace in the file
   by which another one would know. */
static const char *const carried[] = {
	"cache_size", "checkpoint_fullfsync", "fullfsync",  "journal_size_limit",
	"mmap_size",  "secure_delete",        "temp_store", NULL,
};

typedef struct Apart
{
	SqliteHost *s;
	Mig *m;
	sqlite3 *db;         /* the second connection */
	sqlite3_stmt *pulse; /* of the first: fails once that is interrupted */
} Apart;

static bool
next_token(MigLexer *l, MigToken *token)
{
	while (mig_lex_next(l, token))
		if (!mig_lex_blank(token))
			return true;
	token->text = mig_str("");
	return false;
}

static bool
is_vacuum(const MigStatement *statement)
{
	MigLexer l;
	MigToken token;

	mig_lex_start(&l, &mig_sqlite, statement->text);
	return next_token(&l, &token) && mig_str_word(token.text, "vacuum");
}

/* A name without its quotes is that of the call's database. */
static bool
is_ours(Apart *a, MigStr name)
{
	MigStr plain = name;

	if (name.len >= 2 && strchr("\"'`[", name.at[0]) != NULL)
		plain = (MigStr){name.at + 1, name.len - 2};
	plain = mig_copy(a->m, plain);
	return plain.at != NULL && sqlite3_stricmp(plain.at, a->s->state) == 0;
}

static bool
fail(Apart *a)
{
	SqliteHost other = *a->s;

	other.db = a->db;
	sqlite_mig_fail(&other, a->m);
	a->s->code = other.code;
	return false;
}

static bool
run(Apart *a, MigStr sql)
{
	if (sql.at == NULL)
		return false;
	return sqlite_mig_run(a->db, sql.at) == SQLITE_OK || fail(a);
}

/* PRAGMA [ours.]name = value on the second connection, where our database is
   main. One of another database has no place there. */
static bool
run_setting(Apart *a, const MigStatement *statement)
{
	MigText t = {a->m, NULL, 0, 0};
	MigLexer l;
	MigToken name, token;

	mig_lex_start(&l, &mig_sqlite, statement->text);
	next_token(&l, &token); /* PRAGMA */
	next_token(&l, &name);
	next_token(&l, &token);
	if (mig_str_is(token.text, "."))
	{
		if (!is_ours(a, name.text))
			return mig_ok(a->m);
		next_token(&l, &name);
		next_token(&l, &token);
	}
	mig_text_add(&t, "PRAGMA ");
	mig_text_str_add(&t, name.text);
	mig_text_str_add(&t, mig_str_from(statement->text, token.offset));
	return run(a, mig_text_str(&t));
}

/* VACUUM [ours] [INTO ...]. */
static bool
run_vacuum(Apart *a, const MigStatement *statement)
{
	MigText t = {a->m, NULL, 0, 0};
	MigLexer l;
	MigToken token;

	mig_lex_start(&l, &mig_sqlite, statement->text);
	next_token(&l, &token); /* VACUUM */
	mig_text_add(&t, "VACUUM");
	if (next_token(&l, &token) && !mig_str_word(token.text, "into"))
	{
		if (!is_ours(a, token.text))
			return mig_ok(a->m) && sqlite_mig_refuse_foreign(a->s, a->m);
		next_token(&l, &token);
	}
	if (token.text.len > 0)
	{
		mig_text_char(&t, ' ');
		mig_text_str_add(&t, mig_str_from(statement->text, token.offset));
	}
	return run(a, mig_text_str(&t));
}

/* The first connection's value of a pragma; absent when it has none. */
static MigStr
pragma_of(Apart *a, const char *name)
{
	MigText t = {a->m, NULL, 0, 0};
	MigStr value = {NULL, 0};
	sqlite3_stmt *stmt = NULL;
	MigStr sql;

	mig_text_add(&t, "PRAGMA ");
	mig_text_ident(&t, mig_str(a->s->state));
	mig_text_fmt(&t, ".%s", name);
	sql = mig_text_str(&t);
	if (sql.at != NULL &&
	    sqlite3_prepare_v2(a->s->db, sql.at, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		value = mig_copy(a->m,
		                 mig_str((const char *) sqlite3_column_text(stmt, 0)));
	sqlite3_finalize(stmt);
	return value;
}

static bool
carry(Apart *a, const char *name, MigStr value)
{
	MigText t = {a->m, NULL, 0, 0};

	if (value.at == NULL)
		return mig_ok(a->m);
	mig_text_fmt(&t, "PRAGMA %s = %.*s", name, MIG_S(value));
	return run(a, mig_text_str(&t));
}

/* WAL is the file's own; the other modes are the connection's. */
static bool
carry_all(Apart *a)
{
	MigStr mode = pragma_of(a, "journal_mode");
	MigStr wait = pragma_of(a, "busy_timeout");
	int64_t ms = 0;

	if (wait.at != NULL && mig_str_int(wait, &ms))
		sqlite3_busy_timeout(a->db, (int) ms);
	for (int i = 0; carried[i] != NULL; i++)
		if (!carry(a, carried[i], pragma_of(a, carried[i])))
			return false;
	if (!carry(a, "synchronous", pragma_of(a, "synchronous")))
		return false;
	return mode.at == NULL || mig_str_word(mode, "wal") ||
	       carry(a, "journal_mode", mode);
}

static void
escape(MigText *t, const char *s)
{
	for (; *s != '\0'; s++)
		if (strchr("%?#&= ", *s) != NULL)
			mig_text_fmt(t, "%%%02X", (unsigned) (unsigned char) *s);
		else
			mig_text_char(t, *s);
}

/* The file as it was opened: with its URI's parameters, if it had any. */
static MigStr
uri_of(Apart *a, const char *file)
{
	MigText t = {a->m, NULL, 0, 0};
	const char *key;

	mig_text_add(&t, "file:");
	escape(&t, file);
	mig_text_add(&t, "?mode=rw");
	for (int i = 0; (key = sqlite3_uri_key(file, i)) != NULL; i++)
	{
		const char *value = sqlite3_uri_parameter(file, key);

		if (strcmp(key, "mode") == 0 || strcmp(key, "vfs") == 0 ||
		    value == NULL)
			continue;
		mig_text_char(&t, '&');
		escape(&t, key);
		mig_text_char(&t, '=');
		escape(&t, value);
	}
	return mig_text_str(&t);
}

static bool
refuse_fileless(Apart *a)
{
	mig_fail(a->m, MIG_CONTEXT,
	         "VACUUM cannot run: database \"%s\" has no file", a->s->state);
	return mig_hint(a->m, "It needs a second connection, which a database in"
	                      " memory or a temporary one does not have.");
}

static bool
refuse_exclusive(Apart *a)
{
	mig_fail(a->m, MIG_CONTEXT,
	         "VACUUM cannot run: database \"%s\" is locked by this connection",
	         a->s->state);
	return mig_hint(a->m, "It needs a second connection; run PRAGMA"
	                      " locking_mode = normal.");
}

/* While the second connection works, an interrupt of the first one counts. */
static int
watch(void *arg)
{
	Apart *a = arg;
	int rc = sqlite3_step(a->pulse);

	sqlite3_reset(a->pulse);
	return rc != SQLITE_ROW;
}

static bool
check(Apart *a)
{
	const char *file = sqlite3_db_filename(a->s->db, a->s->state);

	if (file == NULL || file[0] == '\0')
		return refuse_fileless(a);
	return !mig_str_word(pragma_of(a, "locking_mode"), "exclusive") ||
	       refuse_exclusive(a);
}

static bool
connect(Apart *a)
{
	const char *file = sqlite3_db_filename(a->s->db, a->s->state);
	sqlite3_vfs *vfs = NULL;
	MigStr uri;

	if (!check(a))
		return false;
	uri = uri_of(a, file);
	sqlite3_file_control(a->s->db, a->s->state, SQLITE_FCNTL_VFS_POINTER,
	                     &vfs);
	if (uri.at == NULL)
		return false;
	if (sqlite3_open_v2(uri.at, &a->db,
	                    SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI,
	                    vfs ? vfs->zName : NULL) != SQLITE_OK)
		return fail(a);
	sqlite3_extended_result_codes(a->db, 1);
	if (sqlite3_prepare_v2(a->s->db, "SELECT 1", -1, &a->pulse, NULL) !=
	    SQLITE_OK)
		return sqlite_mig_fail(a->s, a->m);
	sqlite3_progress_handler(a->db, 1000, watch, a);
	return carry_all(a);
}

bool
sqlite_mig_check_alone(MigHost *h, Mig *m, const MigStatement *statement)
{
	Apart a = {(SqliteHost *) h, m, NULL, NULL};

	return !is_vacuum(statement) || check(&a);
}

static bool
exec_apart(SqliteHost *s, Mig *m, const MigAlone *alone)
{
	Apart a = {s, m, NULL, NULL};
	bool ok = connect(&a);

	for (int i = 0; ok && i < alone->nsettings; i++)
		ok = run_setting(&a, alone->settings[i]);
	ok = ok && run_vacuum(&a, alone->statement);
	sqlite3_close(a.db);
	sqlite3_finalize(a.pulse);
	return ok;
}

static bool
exec_here(MigHost *h, Mig *m, const MigAlone *alone, MigResult *r)
{
	bool ok = true;

	if (!sqlite_mig_enter(h, m, false))
		return false;
	for (int i = 0; ok && i < alone->nsettings; i++)
		ok = h->ops->exec(h, m, alone->settings[i], r);
	ok = ok && h->ops->exec(h, m, alone->statement, r);
	return sqlite_mig_leave(h, m, ok) && ok;
}

bool
sqlite_mig_exec_alone(MigHost *h, Mig *m, const MigAlone *alone, MigResult *r)
{
	SqliteHost *s = (SqliteHost *) h;

	r->rows = 0;
	r->holds = true;
	if (!sqlite_mig_pause(s, m))
		return false;
	if (!(is_vacuum(alone->statement) ? exec_apart(s, m, alone)
	                                  : exec_here(h, m, alone, r)))
		return false;
	return sqlite_mig_resume(s, m);
}
