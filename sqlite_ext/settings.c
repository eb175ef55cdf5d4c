#include "sqlite_mig.h"

#include <string.h>

#include "lex.h"
#include "run.h"

/*
 * A pragma that a script sets for the connection does not outlive the
 * revision; one that is written into the database file (user_version,
 * application_id, auto_vacuum, ...) does, and is not listed here.
 */
static const char *const settings[] = {
	"analysis_limit",
	"automatic_index",
	"busy_timeout",
	"cache_size",
	"cache_spill",
	"cell_size_check",
	"checkpoint_fullfsync",
	"count_changes",
	"defer_foreign_keys",
	"empty_result_callbacks",
	"full_column_names",
	"fullfsync",
	"hard_heap_limit",
	"ignore_check_constraints",
	"journal_size_limit",
	"legacy_alter_table",
	"locking_mode",
	"max_page_count",
	"mmap_size",
	"query_only",
	"read_uncommitted",
	"recursive_triggers",
	"reverse_unordered_selects",
	"secure_delete",
	"short_column_names",
	"soft_heap_limit",
	"synchronous",
	"temp_store",
	"threads",
	"trusted_schema",
	"wal_autocheckpoint",
	"writable_schema",
	NULL,
};

/* PRAGMA [schema .] name = value, the names without quotes. */
typedef struct Pragma
{
	MigStr schema; /* absent: not given */
	MigStr name;
	bool sets;
} Pragma;

static bool
next_token(MigLexer *lexer, MigToken *token)
{
	while (mig_lex_next(lexer, token))
		if (!mig_lex_blank(token))
			return true;
	token->text = mig_str("");
	return false;
}

/* Without quotes; a doubled quote inside is no pragma's name anyway. */
static MigStr
unquoted(MigStr name)
{
	if (name.len < 2 || strchr("\"'`[", name.at[0]) == NULL)
		return name;
	return (MigStr){name.at + 1, name.len - 2};
}

static void
pragma_read(MigStr text, Pragma *p)
{
	MigLexer lexer;
	MigToken token;

	memset(p, 0, sizeof(*p));
	mig_lex_start(&lexer, &mig_sqlite, text);
	next_token(&lexer, &token); /* PRAGMA */
	next_token(&lexer, &token);
	p->name = token.text;
	next_token(&lexer, &token);
	if (mig_str_is(token.text, "."))
	{
		p->schema = p->name;
		next_token(&lexer, &token);
		p->name = token.text;
		next_token(&lexer, &token);
	}
	p->name = unquoted(p->name);
	p->schema = unquoted(p->schema);
	p->sets = mig_str_is(token.text, "=") || mig_str_is(token.text, "(");
}

static bool
is_setting(MigStr name)
{
	for (int i = 0; settings[i] != NULL; i++)
		if (mig_str_word(name, settings[i]))
			return true;
	return false;
}

/*
 * The statement that sets a pragma back to what `query` says. It holds no
 * blank, for the reason that transaction.c gives; a pragma takes effect while
 * it is compiled.
 */
static bool
remember(SqliteHost *s, Mig *m, const char *query, const char *name)
{
	SqliteSetting *setting = mig_alloc(m, sizeof(*setting));
	MigText t = {m, NULL, 0, 0};
	sqlite3_stmt *stmt = NULL;
	bool known = false;
	int rc;

	if (setting == NULL)
		return false;
	rc = sqlite3_prepare_v2(s->db, query, -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW && sqlite3_column_text(stmt, 0) != NULL)
	{
		known = true;
		mig_text_fmt(&t, "PRAGMA%s=%s;", name,
		             (const char *) sqlite3_column_text(stmt, 0));
	}
	else if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		sqlite_mig_fail(s, m);
	sqlite3_finalize(stmt);
	if (!known)
		return mig_ok(m); /* a build without that pragma */
	setting->undo = mig_text_str(&t).at;
	setting->next = s->settings;
	s->settings = setting;
	return mig_ok(m);
}

/* The call's database, or temp. */
static bool
is_ours(SqliteHost *s, Mig *m, MigStr schema)
{
	MigStr name = mig_copy(m, schema);

	return name.at != NULL && (sqlite3_stricmp(name.at, s->state) == 0 ||
	                           sqlite3_stricmp(name.at, "temp") == 0);
}

/* SQLite cannot replace a function while a statement runs, and says nothing. */
static bool
refuse_like(Mig *m)
{
	mig_fail(m, MIG_STATE, "PRAGMA case_sensitive_like has no effect here");
	return mig_hint(m, "Use GLOB instead of LIKE.");
}

bool
sqlite_mig_setting_save(SqliteHost *s, Mig *m, MigStr pragma)
{
	MigText name = {m, NULL, 0, 0};
	MigText query = {m, NULL, 0, 0};
	Pragma p;

	pragma_read(pragma, &p);
	if (s->alias && p.schema.at != NULL && !is_ours(s, m, p.schema))
		return mig_ok(m) && sqlite_mig_refuse_foreign(s, m);
	if (!p.sets)
		return true;
	if (mig_str_word(p.name, "case_sensitive_like"))
		return refuse_like(m);
	if (!is_setting(p.name))
		return true;
	if (p.schema.at != NULL)
	{
		mig_text_ident(&name, p.schema);
		mig_text_char(&name, '.');
	}
	mig_text_ident(&name, p.name);
	mig_text_add(&query, "PRAGMA");
	mig_text_str_add(&query, mig_text_str(&name));
	if (!mig_ok(m))
		return false;
	return remember(s, m, mig_text_str(&query).at, mig_text_str(&name).at);
}

/* Last changed, first put back: so the oldest value wins. */
static void
put_back(SqliteHost *s)
{
	for (; s->settings != NULL; s->settings = s->settings->next)
		if (s->settings->undo != NULL)
			sqlite_mig_run(s->db, s->settings->undo);
}

/* A failure between two statements: in which revision. */
static bool
blame(SqliteHost *s, Mig *m)
{
	char place[MIG_PLACE_MAX];

	mig_place_text(&s->base.place, place, sizeof(place));
	return mig_context(m, "%s", place);
}

bool
sqlite_mig_enter(MigHost *h, Mig *m, bool fk_off)
{
	SqliteHost *s = (SqliteHost *) h;

	s->settings = NULL;
	s->broken = NULL;
	memset(&s->keys, 0, sizeof(s->keys));
	return !fk_off || sqlite_mig_keys_before(s, m) || blame(s, m);
}

bool
sqlite_mig_leave(MigHost *h, Mig *m, bool done)
{
	SqliteHost *s = (SqliteHost *) h;
	bool ok = true;

	if (done && !sqlite_mig_broken_check(s, m))
	{
		put_back(s);
		return false;
	}
	if (done && s->keys.watch)
		ok = sqlite_mig_keys_after(s, m);
	put_back(s);
	if (!done || !ok)
		return ok || blame(s, m); /* foreign keys: end, see transaction.c */
	if (s->hold != SQLITE_HOLD_NOTHING && !sqlite_mig_spare(s, m))
		return blame(s, m);
	if (s->keys.off &&
	    !sqlite_mig_switch(s, m, SQLITE_DBCONFIG_ENABLE_FKEY, 1))
		return blame(s, m);
	memset(&s->keys, 0, sizeof(s->keys));
	return true;
}
