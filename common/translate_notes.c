#include "private.h"

#include "translate_expr.h"

/* A string literal's value; absent: none. */
static MigStr
literal(MigWorking *w, int i)
{
	const MigToken *token = &w->k.at[i];
	MigText t = {w->m, NULL, 0, 0};
	MigStr s = token->text;

	if (token->kind == MIG_T_DOLLAR && !token->open)
		return mig_w_undollar(s);
	if (token->kind != MIG_T_STRING || token->open)
		return (MigStr){NULL, 0};
	if (s.at[0] == 'e' || s.at[0] == 'E')
		return mig_w_unescape(w, s);
	if (s.at[0] != '\'')
		return (MigStr){NULL, 0};
	for (size_t n = 1; n + 1 < s.len; n++)
	{
		mig_text_char(&t, s.at[n]);
		n += s.at[n] == '\'';
	}
	return mig_text_str(&t);
}

/* COMMENT ON object IS text */
bool
mig_w_comment(MigWorking *w)
{
	int is = w->k.count - 2;
	MigText t = {w->m, NULL, 0, 0};

	if (is < 3 || !mig_token_is(&w->k, is, "is"))
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
		mig_text_str_add(&t, mig_token_bare(w->m, &w->k, i));
	}
	return mig_w_note(w, 0, MIG_NOTE_COMMENT, mig_text_str(&t),
	                  literal(w, is + 1));
}

/* CREATE TYPE name AS ENUM (labels): nothing in SQLite, but columns of that
   type become text with a CHECK. */
bool
mig_w_enum(MigWorking *w)
{
	int schema, name;
	int i = mig_token_qualified(&w->k, 2, &schema, &name);
	int open = i + 2;
	MigEnumType *e;

	if (name < 0 || !mig_token_words(&w->k, i, "as enum") ||
	    !mig_token_char(&w->k, open, '('))
		return mig_w_refuse(w, 0, "a type that is no enum");
	e = mig_alloc(w->m, sizeof(*e));
	if (e == NULL)
		return false;
	e->name = mig_copy(w->m, mig_token_bare(w->m, &w->k, name));
	e->labels = mig_copy(
		w->m, mig_span_text(
				  &w->k, (MigSpan){open + 1, mig_token_close(&w->k, open)}));
	e->next = w->t->enums;
	w->t->enums = e;
	return mig_w_dropped(w, 0,
	                     "type \"%.*s\" is left out: columns of it are text "
	                     "with a CHECK",
	                     MIG_S(e->name));
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
