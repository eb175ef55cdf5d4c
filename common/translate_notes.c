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
