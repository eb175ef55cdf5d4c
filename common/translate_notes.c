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

/* CREATE TYPE name AS ENUM (labels): nothing in SQLite, but columns of that
   type become text with a CHECK. PostgreSQL takes it as it stands. */
bool
mig_w_enum(MigWorking *w)
{
	int schema, name;
	int i = mig_token_qualified(&w->k, 2, &schema, &name);
	int open = i + 2;
	MigEnumType *e;

	if (name < 0 || !mig_token_words(&w->k, i, "as enum") ||
	    !mig_token_char(&w->k, open, '('))
		return !w->sqlite || mig_w_refuse(w, 0, "a type that is no enum");
	e = mig_w_keep_alloc(w, sizeof(*e));
	if (e == NULL)
		return false;
	e->name = mig_w_keep(w, mig_token_bare(w->m, &w->k, name));
	e->labels = mig_w_keep(
		w, mig_span_text(&w->k,
	                     (MigSpan){open + 1, mig_token_close(&w->k, open)}));
	e->next = w->t->enums;
	w->t->enums = e;
	if (!w->sqlite)
		return mig_ok(w->m);
	return mig_w_dropped(w, 0,
	                     "type \"%.*s\" is left out: columns of it are text "
	                     "with a CHECK",
	                     MIG_S(e->name));
}

static bool
add_value(MigWorking *w, MigEnumType *e, int i)
{
	MigText t = {w->m, NULL, 0, 0};
	MigStr label = w->k.at[i].text;
	MigTokens known;

	if (w->k.at[i].kind != MIG_T_STRING)
		return mig_w_refuse(w, i, "this ALTER TYPE");
	if (!mig_tokens(w->m, MIG_FOR_SQLITE, e->labels, &known))
		return false;
	for (int n = 0; n < known.count; n++)
		if (mig_str_eq(known.at[n].text, label))
			return true;
	mig_text_fmt(&t, "%.*s, %.*s", MIG_S(e->labels), MIG_S(label));
	e->labels = mig_w_keep(w, mig_text_str(&t));
	return mig_ok(w->m);
}

/* Of every table that has columns of the type; another name, or absent. */
static bool
labels_item(MigWorking *w, const MigEnumType *e, MigStr old)
{
	MigItem *item = mig_w_item(w, 0, MIG_ITEM_ALTER);
	MigChange *change = mig_alloc(w->m, sizeof(*change));

	if (item == NULL || change == NULL)
		return false;
	change->kind = MIG_CH_SET_LABELS;
	change->pos = mig_w_pos(w, 0);
	change->name = old.at != NULL ? old : e->name;
	change->text = e->labels;
	if (old.at != NULL)
		change->using = e->name;
	item->actions = change;
	item->nactions = 1;
	return true;
}

/* ALTER TYPE name ADD VALUE [IF NOT EXISTS] label [BEFORE | AFTER label], or
   RENAME TO name. What else there is would change rows. */
bool
mig_w_alter_type(MigWorking *w)
{
	MigStr none = {NULL, 0};
	int schema, name;
	int i = mig_token_qualified(&w->k, 2, &schema, &name);
	bool add = mig_token_words(&w->k, i, "add value") > 0;
	MigEnumType *e = NULL;
	MigStr old;

	if (name >= 0 && (add || mig_token_words(&w->k, i, "rename to")))
		e = (MigEnumType *) mig_w_find_enum(w,
		                                    mig_token_bare(w->m, &w->k, name));
	if (e == NULL)
		return mig_w_refuse(w, 0, "this ALTER statement");
	if (add)
	{
		i += 2 + mig_token_words(&w->k, i + 2, "if not exists");
		return add_value(w, e, i) && labels_item(w, e, none);
	}
	old = e->name;
	e->name = mig_w_keep(w, mig_token_bare(w->m, &w->k, i + 2));
	return mig_ok(w->m) && labels_item(w, e, old);
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
