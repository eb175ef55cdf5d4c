#include "private.h"

#include "keywords.h"
#include "translate_expr.h"

/* Names that are reserved words of one database. */
typedef struct Reserved
{
	MigWorking *w;
	MigPlaces places;
	bool *names; /* what the words were found to be */
} Reserved;

/* Whether an operand has to begin at i, by what stands before it. */
static bool
begins_operand(const MigTokens *k, int i)
{
	static const char *const before[] = {
		"select", "distinct", "all",  "where",     "and",     "or",   "on",
		"having", "by",       "when", "then",      "else",    "case", "set",
		"from",   "join",     "into", "returning", "between", "like", "limit",
	};

	if (i > 0 && k->at[i - 1].kind == MIG_T_OPERATOR)
		return !mig_str_is(k->at[i - 1].text, "*");
	for (int n = 0; n < MIG_COUNT(before); n++)
		if (mig_token_is(k, i - 1, before[n]))
			return true;
	return mig_token_char(k, i - 1, '(') || mig_token_char(k, i - 1, ',');
}

/* DELETE, INSERT, UPDATE begin a statement in parentheses, and stand behind
   ON, which operands do as well. */
static bool
begins_statement(const MigTokens *k, int i)
{
	if (!mig_token_is(k, i, "delete") && !mig_token_is(k, i, "insert") &&
	    !mig_token_is(k, i, "update"))
		return false;
	return mig_token_is(k, i - 1, "on") ||
	       (mig_token_char(k, i - 1, '(') && mig_token_name(k, i + 1));
}

/* AS word: the name of something, but for a type and what begins a query. */
static bool
is_alias(const MigTokens *k, int i)
{
	int open = mig_w_around(k, i);

	return !mig_token_is(k, i, "with") && !mig_token_is(k, open - 1, "cast");
}

/* Whether a point and a name, or all columns, follow. */
static bool
is_qualifier(const MigTokens *k, int i)
{
	return mig_token_char(k, i + 1, '.') && i + 2 < k->count &&
	       !(k->at[i + 2].text.at[0] >= '0' && k->at[i + 2].text.at[0] <= '9');
}

/* WITH name (columns) AS (, which looks like a call. */
static bool
names_query(const MigTokens *k, int i)
{
	int as;

	if (mig_token_is(k, i - 1, "with") || mig_token_is(k, i - 1, "recursive"))
		return true;
	if (!mig_token_is(k, 0, "with") || !mig_token_char(k, i - 1, ','))
		return false;
	as = mig_token_close(k, i + 1) + 1;
	return mig_token_is(k, as, "as") && mig_token_char(k, as + 1, '(');
}

/* Whether the word at i is a name for the database that takes it as one. */
static bool
is_name(const Reserved *r, int i, const MigKeyword *word)
{
	const MigTokens *k = &r->w->k;

	if (r->places.at[i] != MIG_P_EXPRESSION)
		return r->places.at[i] == MIG_P_NAME;
	if (mig_token_char(k, i - 1, '.'))
		return true;
	if (mig_token_char(k, i + 1, '('))
		return names_query(k, i);
	if (mig_token_char(k, i + 1, '[') || mig_token_is(k, i - 1, "collate") ||
	    mig_token_is(k, i - 1, "default"))
		return false;
	if (is_qualifier(k, i))
		return true;
	if (mig_token_is(k, i - 1, "as"))
		return is_alias(k, i);
	if (word->use == MIG_K_ROLE)
		return begins_operand(k, i) && !begins_statement(k, i);
	return word->use != MIG_K_VAGUE;
}

/* Whether the database that reserves the word refuses it there: so that the
   statement is the other one's. */
static bool
is_sure(const Reserved *r, int i, const MigKeyword *word)
{
	return word->reserved == MIG_FOR_SQLITE || r->places.at[i] == MIG_P_NAME ||
	       (is_qualifier(&r->w->k, i) &&
	        !mig_token_char(&r->w->k, i - 1, '.'));
}

static const MigKeyword *
keyword(const Reserved *r, int i)
{
	const MigToken *t = &r->w->k.at[i];

	return t->kind == MIG_T_WORD ? mig_keyword(t->text) : NULL;
}

/* Find the names, and what they show of the flavour. *found: there are some. */
static bool
survey(Reserved *r, bool *found)
{
	MigWorking *w = r->w;

	*found = false;
	for (int i = 0; i < w->k.count; i++)
	{
		const MigKeyword *word = keyword(r, i);

		if (word == NULL || !is_name(r, i, word))
			continue;
		*found = r->names[i] = true;
		if (!is_sure(r, i, word))
			continue;
		w->of_sqlite |= word->reserved == MIG_FOR_POSTGRESQL;
		w->of_postgres |= word->reserved == MIG_FOR_SQLITE;
	}
	if (!*found)
		return true;
	if (r->places.is_table)
		return mig_w_survey_table(w, &r->places.table);
	return r->places.actions == 0 ||
	       mig_w_survey_actions(w, r->places.actions);
}

/* Whether the word at i is known as a column, or as a table that is read. */
static bool
is_known(Reserved *r, int i)
{
	MigWorking *w = r->w;
	MigExpr e = {.table = r->places.is_table ? &r->places.table : NULL};

	if (mig_w_resolve(w, &e, i, false) != NULL)
		return true;
	return (mig_token_is(&w->k, i - 1, "from") ||
	        mig_token_is(&w->k, i - 1, "join")) &&
	       mig_w_find_table(w, w->k.at[i].text) != NULL;
}

/* What is a name in SQLite, and something else in PostgreSQL, without an error
   in either. */
static bool
note_values(Reserved *r)
{
	MigWorking *w = r->w;

	for (int i = 0; i < w->k.count; i++)
	{
		const MigKeyword *word = r->names[i] ? keyword(r, i) : NULL;

		if (word == NULL || word->use != MIG_K_VALUE ||
		    mig_token_char(&w->k, i - 1, '.') ||
		    mig_token_is(&w->k, i - 1, "as") || !is_known(r, i))
			continue;
		if (!mig_w_differs(w, i,
		                   "%s without quotes is a name in SQLite only, in "
		                   "PostgreSQL a value of its own: write \"%s\"",
		                   word->word, word->word))
			return false;
	}
	return mig_ok(w->m);
}

/* The name at i, in quotes. PostgreSQL has it in lower case. */
static void
quote(Reserved *r, int i, MigText *t)
{
	MigStr s = r->w->k.at[i].text;

	mig_text_ident(t, r->w->sqlite ? s : mig_str(keyword(r, i)->word));
}

/* The statement with quotes around its names: the tokens stay, but for their
   places. */
static bool
rewrite(Reserved *r, const bool *quoted)
{
	MigWorking *w = r->w;
	MigTokens *k = &w->k;
	MigText t = {w->m, NULL, 0, 0};
	size_t room = (size_t) k->count + 1, done = 0;
	MigToken *at = mig_alloc_array(w->m, room, sizeof(*at));

	w->offsets = mig_alloc_array(w->m, room, sizeof(*w->offsets));
	if (at == NULL || w->offsets == NULL)
		return false;
	for (int i = 0; i <= k->count; i++)
	{
		const MigToken *old = &k->at[i];

		mig_text_str_add(&t, (MigStr){k->text.at + done, old->offset - done});
		if (quoted[i] && t.len > 0 && t.at[t.len - 1] == '&')
			mig_text_char(&t, ' '); /* U&"name" would be one token */
		w->offsets[i] = old->offset;
		at[i] = *old;
		at[i].offset = t.len;
		if (quoted[i])
			quote(r, i, &t);
		else
			mig_text_str_add(&t, old->text);
		at[i].text.len = t.len - at[i].offset;
		at[i].kind = quoted[i] ? MIG_T_NAME : old->kind;
		done = old->offset + old->text.len;
	}
	k->text = mig_text_str(&t);
	for (int i = 0; i <= k->count && mig_ok(w->m); i++)
		at[i].text.at = k->text.at + at[i].offset;
	k->at = at;
	return mig_ok(w->m);
}

bool
mig_w_reserved(MigWorking *w)
{
	Reserved r = {.w = w};
	size_t room = (size_t) w->k.count + 1;
	bool found = false, any = false, whole;

	for (int i = 0; i < w->k.count && !found; i++)
		found = keyword(&r, i) != NULL;
	if (!found)
		return true;
	r.names = mig_alloc_array(w->m, room, sizeof(bool));
	if (r.names == NULL || !mig_w_places(w, &r.places) || !survey(&r, &found))
		return false;
	if (!found)
		return true;
	if (!w->of_sqlite && !w->of_postgres && w->t->from == MIG_FOR_BOTH)
		return note_values(&r);
	if (w->sqlite ? mig_w_is_sqlite(w) : mig_w_is_postgres(w))
		return true;
	whole = mig_w_is_foreign(w);
	for (int i = 0; i < w->k.count; i++)
	{
		const MigKeyword *word = r.names[i] ? keyword(&r, i) : NULL;

		r.names[i] = word != NULL && word->reserved == w->t->target->id &&
		             (whole || is_sure(&r, i, word));
		any |= r.names[i];
	}
	return !any || rewrite(&r, r.names);
}

bool
mig_w_got_quotes(const MigWorking *w, int i)
{
	return w->offsets != NULL && w->k.at[i].kind == MIG_T_NAME &&
	       w->in->text.at[w->offsets[i]] != w->k.at[i].text.at[0];
}
