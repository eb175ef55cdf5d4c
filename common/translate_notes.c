#include "private.h"

#include "translate_expr.h"

/* The kind of an object, which is a keyword. */
static void
kind_add(MigText *t, MigStr word)
{
	for (size_t i = 0; i < word.len; i++)
		mig_text_char(t, word.at[i] >= 'A' && word.at[i] <= 'Z'
		                     ? (char) (word.at[i] + 32)
		                     : word.at[i]);
}

/* COMMENT ON object IS text */
bool
mig_w_comment(MigWorking *w)
{
	int is = mig_token_find(&w->k, (MigSpan){2, w->k.count}, "is");
	int to = is < 0 ? 0 : is + 2;
	MigStr text = {NULL, 0};
	MigText t = {w->m, NULL, 0, 0};
	bool kind = true;

	if (is >= 3 && is + 1 < w->k.count)
		text = mig_w_literals(w, is + 1, &to);
	if (is < 3 || to != w->k.count)
		return mig_w_refuse(w, 0, "this form of COMMENT");
	for (int i = 2; i < is; i++)
	{
		if (mig_token_is(&w->k, i, "public") &&
		    mig_token_char(&w->k, i + 1, '.'))
		{
			i++;
			continue;
		}
		if (t.len > 0 && t.at[t.len - 1] != '.' &&
		    !mig_token_char(&w->k, i, '.'))
			mig_text_char(&t, ' ');
		if (kind)
			kind_add(&t, w->k.at[i].text);
		else
			mig_text_str_add(&t, mig_token_bare(w->m, &w->k, i));
		kind = kind && mig_token_is(&w->k, i, "materialized");
	}
	return mig_w_note(w, 0, MIG_NOTE_COMMENT, mig_text_str(&t), text);
}

/* "kind schema.name.more", as COMMENT ON calls it. */
static MigStr
object_of(MigWorking *w, const char *kind, int schema, int name, MigStr more)
{
	MigText t = {w->m, NULL, 0, 0};

	mig_text_fmt(&t, "%s ", kind);
	if (schema >= 0 && !mig_token_is(&w->k, schema, "public"))
		mig_text_fmt(&t, "%.*s.", MIG_S(mig_token_bare(w->m, &w->k, schema)));
	mig_text_str_add(&t, mig_token_bare(w->m, &w->k, name));
	if (more.at != NULL)
		mig_text_fmt(&t, ".%.*s", MIG_S(more));
	return mig_text_str(&t);
}

static bool
moved(MigWorking *w, MigStr from, MigStr to)
{
	return mig_ok(w->m) && mig_w_note(w, 0, MIG_NOTE_MOVED, from, to);
}

/* RENAME TO, in the table that is named at `name`. */
static bool
table_moved(MigWorking *w, int schema, int name, int to)
{
	static const char *const kinds[] = {"table", "column", "on"};
	MigStr none = {NULL, 0};

	for (int i = 0; i < MIG_COUNT(kinds); i++)
	{
		MigStr more = i == 1 ? MIG_LIT("") : none;

		if (!moved(w, object_of(w, kinds[i], schema, name, more),
		           object_of(w, kinds[i], schema, to, more)))
			return false;
	}
	return true;
}

static bool
column_moved(MigWorking *w, int schema, int name, int column)
{
	MigStr from = mig_token_bare(w->m, &w->k, column);
	MigStr to = mig_token_bare(w->m, &w->k, column + 2);

	return moved(w, object_of(w, "column", schema, name, from),
	             object_of(w, "column", schema, name, to));
}

static bool
alter_moves(MigWorking *w)
{
	const MigTokens *k = &w->k;
	int i = 2 + mig_token_words(k, 2, "if exists");
	int schema, name;

	i += mig_token_is(k, i, "only");
	i = mig_token_qualified(k, i, &schema, &name);
	for (; name >= 0 && i < k->count; i = mig_token_comma(k, i, k->count) + 1)
	{
		int column = i + 1 + mig_token_is(k, i + 1, "column");

		if (!mig_token_is(k, i, "rename") ||
		    mig_token_is(k, i + 1, "constraint"))
			continue;
		if (mig_token_is(k, i + 1, "to") && mig_token_name(k, i + 2))
		{
			if (!table_moved(w, schema, name, i + 2))
				return false;
		}
		else if (mig_token_is(k, column + 1, "to") &&
		         mig_token_name(k, column + 2) &&
		         !column_moved(w, schema, name, column))
			return false;
	}
	return mig_ok(w->m);
}

/* DROP INDEX or TYPE: the names, without what the words before them say. */
static bool
drop_moves(MigWorking *w, const char *kind)
{
	const MigTokens *k = &w->k;
	MigStr none = {NULL, 0};
	int i = 2 + mig_token_is(k, 2, "concurrently");

	i += mig_token_words(k, i, "if exists");
	for (; i < k->count; i = mig_token_comma(k, i, k->count) + 1)
	{
		int schema, name;

		mig_token_qualified(k, i, &schema, &name);
		if (name >= 0 &&
		    !moved(w, object_of(w, kind, schema, name, none), none))
			return false;
	}
	return mig_ok(w->m);
}

bool
mig_w_comments_move(MigWorking *w)
{
	const MigTokens *k = &w->k;

	if (!w->sqlite)
		return true;
	if (mig_token_words(k, 0, "alter table"))
		return alter_moves(w);
	if (mig_token_words(k, 0, "drop index"))
		return drop_moves(w, "index");
	return !mig_token_words(k, 0, "drop type") || drop_moves(w, "type");
}

/* Pragmas that say nothing about what SQL means or the data. */
static const char *const harmless[] = {
	"analysis_limit",     "automatic_index",
	"auto_vacuum",        "busy_timeout",
	"cache_size",         "cache_spill",
	"cell_size_check",    "checkpoint_fullfsync",
	"encoding",           "foreign_keys",
	"foreign_key_check",  "fullfsync",
	"hard_heap_limit",    "incremental_vacuum",
	"integrity_check",    "journal_mode",
	"journal_size_limit", "locking_mode",
	"mmap_size",          "optimize",
	"page_size",          "quick_check",
	"secure_delete",      "shrink_memory",
	"soft_heap_limit",    "synchronous",
	"temp_store",         "threads",
	"wal_autocheckpoint", "wal_checkpoint",
};

bool
mig_w_pragma(MigWorking *w)
{
	int schema, name;

	mig_token_qualified(&w->k, 1, &schema, &name);
	for (int i = 0; name >= 0 && i < MIG_COUNT(harmless); i++)
		if (mig_token_is(&w->k, name, harmless[i]))
			return mig_w_dropped(w, 0, "\"%.*s\" is left out",
			                     MIG_S(w->k.text));
	return mig_w_refuse(w, 0, "PRAGMA %.*s",
	                    MIG_S(w->k.at[name < 0 ? 0 : name].text));
}
