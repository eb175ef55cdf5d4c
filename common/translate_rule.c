#include "private.h"

#include "translate_work.h"

/* Whether SQLite takes a text as DEFAULT's value without parentheses: one
   literal, a signed number, or parentheses already. */
static bool
is_plain_value(Mig *m, MigStr text)
{
	static const char *const words[] = {"null",         "true",
	                                    "false",        "current_timestamp",
	                                    "current_date", "current_time"};
	MigTokens k;
	int i = 0;

	if (!mig_tokens(m, MIG_FOR_SQLITE, text, &k))
		return true;
	if (mig_token_char(&k, 0, '('))
		return mig_token_close(&k, 0) == k.count - 1;
	if (k.count > 0 && k.at[0].kind == MIG_T_OPERATOR &&
	    (mig_str_is(k.at[0].text, "-") || mig_str_is(k.at[0].text, "+")))
		i = 1;
	if (i == 0 && k.count == 1 && k.at[0].kind == MIG_T_STRING)
		return true;
	for (int n = 0; n < MIG_COUNT(words) && k.count == 1; n++)
		if (mig_token_is(&k, 0, words[n]))
			return true;
	/* A number may be three tokens: 1 . 5 */
	for (; i < k.count; i++)
		if (!mig_token_char(&k, i, '.') &&
		    !(k.at[i].kind == MIG_T_WORD && k.at[i].text.at[0] >= '0' &&
		      k.at[i].text.at[0] <= '9'))
			return false;
	return true;
}

bool
mig_w_default_value(MigWorking *w, int i, MigFamily family)
{
	MigKnownColumn column = {.family = family};
	bool moment = family == MIG_F_DATE || family == MIG_F_TIME ||
	              family == MIG_F_TIMESTAMP || family == MIG_F_TIMESTAMPTZ;

	if (mig_w_is_sqlite(w))
		return true;
	if ((family == MIG_F_TEXT || family == MIG_F_VARCHAR) &&
	    (mig_token_is(&w->k, i, "current_timestamp") ||
	     mig_token_is(&w->k, i, "now")))
		return mig_w_differs(w, i,
		                     "CURRENT_TIMESTAMP as text has a fraction and a "
		                     "zone in PostgreSQL only");
	/* PostgreSQL takes the moment at which the default is set. */
	if (moment && mig_w_is_moment(w, i))
		return !w->sqlite ||
		       mig_w_refuse_hint(w, i, "Use CURRENT_TIMESTAMP.",
		                         "default %.*s", MIG_S(w->k.at[i].text));
	return mig_w_value(w, i, &column);
}

static bool
default_sqlite(MigWorking *w, const MigTable *t, const MigRule *r)
{
	MigExpr e = {.span = r->expr, .value = true};
	MigTypeName type;
	MigStr text;

	if (r->expr.from >= r->expr.to)
		return true;
	if (r->column >= 0)
	{
		if (!mig_w_type(w, t->columns[r->column].type, &type))
			return false;
		e.family = type.family;
		if ((r->expr.to == r->expr.from + 1 ||
		     mig_token_is(&w->k, r->expr.from, "now")) &&
		    !mig_w_default_value(w, r->expr.from, type.family))
			return false;
	}
	if (!mig_w_expr(w, &e))
		return false;
	text = mig_w_text(w, r->expr);
	if (text.at == NULL)
		return false;
	if (!is_plain_value(w->m, text) && mig_ok(w->m))
	{
		mig_w_before(w, r->expr.from, "(");
		mig_w_behind(w, r->expr.to - 1, ")");
	}
	return mig_ok(w->m);
}

/* Tails that say what SQLite does anyway, or that say nothing there. */
static const struct
{
	MigRuleKind kind;
	const char *words;
	bool note;
} needless[] = {
	{MIG_R_CHECK, "no inherit", true},
	{MIG_R_CHECK, "not valid", true},
	{MIG_R_REFERENCES, "not valid", true},
	{MIG_R_UNIQUE, "not deferrable", false},
	{MIG_R_UNIQUE, "initially immediate", false},
	{MIG_R_PRIMARY_KEY, "not deferrable", false},
	{MIG_R_PRIMARY_KEY, "initially immediate", false},
	{MIG_R_CHECK, "not deferrable", false},
};

/* Tails that PostgreSQL does not let stand, or SQLite not follow. */
static const struct
{
	MigRuleKind kind;
	const char *words;
} refused[] = {
	{MIG_R_UNIQUE, "include"},        {MIG_R_PRIMARY_KEY, "include"},
	{MIG_R_UNIQUE, "deferrable"},     {MIG_R_PRIMARY_KEY, "deferrable"},
	{MIG_R_UNIQUE, "using"},          {MIG_R_PRIMARY_KEY, "using"},
	{MIG_R_UNIQUE, "with"},           {MIG_R_PRIMARY_KEY, "with"},
	{MIG_R_REFERENCES, "match full"},
};

static bool
tail_sqlite(MigWorking *w, const MigRule *r)
{
	for (int i = r->tail; i < r->span.to; i++)
	{
		bool gone = false;
		int n;

		for (int j = 0; j < MIG_COUNT(needless) && !gone; j++)
			if (needless[j].kind == r->kind &&
			    (n = mig_token_words(&w->k, i, needless[j].words)) > 0)
			{
				mig_w_drop(w, (MigSpan){i, i + n});
				if (needless[j].note)
					mig_w_dropped(w, i, "%s is left out", needless[j].words);
				gone = true;
				i += n - 1;
			}
		for (int j = 0; j < MIG_COUNT(refused) && !gone; j++)
			if (refused[j].kind == r->kind &&
			    mig_token_words(&w->k, i, refused[j].words) > 0)
				return mig_w_refuse(w, i, "%s of a constraint",
				                    refused[j].words);
		if (r->kind == MIG_R_REFERENCES && mig_token_char(&w->k, i, '('))
			return mig_w_refuse(w, i, "columns behind SET NULL");
	}
	return true;
}

static bool
collate_sqlite(MigWorking *w, const MigRule *r)
{
	MigStr name;

	if (r->expr.from >= r->expr.to)
		return true;
	name = mig_token_bare(w->m, &w->k, r->expr.to - 1);
	if (name.at == NULL)
		return false;
	if (mig_str_word(name, "c") || mig_str_word(name, "posix") ||
	    mig_str_word(name, "ucs_basic"))
		mig_w_put(w, r->expr, "BINARY");
	else if (mig_str_word(name, "default"))
		mig_w_drop(w, r->span);
	else if (!mig_str_word(name, "binary") && !mig_str_word(name, "nocase") &&
	         !mig_str_word(name, "rtrim"))
		return mig_w_refuse(w, r->head, "collation \"%.*s\"", MIG_S(name));
	return true;
}

bool
mig_w_rule_sqlite(MigWorking *w, MigTable *t, const MigRule *r)
{
	MigExpr e = {.span = r->expr, .table = t};

	switch (r->kind)
	{
		case MIG_R_DEFAULT:
			return default_sqlite(w, t, r);
		case MIG_R_CHECK:
		case MIG_R_GENERATED:
			return mig_w_expr(w, &e) && tail_sqlite(w, r);
		case MIG_R_COLLATE:
			return collate_sqlite(w, r);
		case MIG_R_REFERENCES:
			mig_w_schema(w, r->schema, r->table);
			return tail_sqlite(w, r);
		case MIG_R_PRIMARY_KEY:
		case MIG_R_UNIQUE:
			if (mig_token_words(&w->k, r->head + 1, "nulls distinct"))
				mig_w_drop(w, (MigSpan){r->head + 1, r->head + 3});
			return tail_sqlite(w, r);
		case MIG_R_EXCLUDE:
			return mig_w_refuse(w, r->head, "an exclusion constraint");
		case MIG_R_LIKE:
			return mig_w_refuse(w, r->head, "LIKE of a table");
		case MIG_R_OTHER:
			if (mig_token_is(&w->k, r->head, "storage") ||
			    mig_token_is(&w->k, r->head, "compression"))
				mig_w_drop(w, r->span);
			return true;
		case MIG_R_IDENTITY:
		case MIG_R_NULL:
		case MIG_R_NOT_NULL:
			return true;
	}
	return true;
}

/* ON CONFLICT of a constraint; ABORT is what PostgreSQL does. */
static bool
conflict_postgres(MigWorking *w, const MigRule *r)
{
	for (int i = r->tail; i < r->span.to; i++)
	{
		if (!mig_token_words(&w->k, i, "on conflict"))
			continue;
		if (!mig_token_is(&w->k, i + 2, "abort"))
			return mig_w_refuse(w, i, "ON CONFLICT of a constraint");
		mig_w_drop(w, (MigSpan){i, i + 3});
	}
	return true;
}

/* Order and collation in the list of a key. */
static bool
key_postgres(MigWorking *w, const MigRule *r)
{
	for (int i = r->expr.from; i < r->expr.to; i++)
	{
		if (mig_token_is(&w->k, i, "collate"))
			return mig_w_refuse(w, i, "COLLATE in a key");
		if (mig_token_is(&w->k, i, "asc") || mig_token_is(&w->k, i, "desc"))
			if (i > r->expr.from && !mig_token_char(&w->k, i - 1, ','))
				mig_w_drop(w, (MigSpan){i, i + 1});
	}
	for (int i = r->tail; i < r->span.to; i++)
		if (mig_token_is(&w->k, i, "asc") || mig_token_is(&w->k, i, "desc"))
			mig_w_drop(w, (MigSpan){i, i + 1});
	return true;
}

static bool
generated_postgres(MigWorking *w, MigTable *t, const MigRule *r)
{
	MigExpr e = {.span = r->expr, .table = t};

	if (mig_w_is_postgres(w))
		return true;
	if (!mig_token_is(&w->k, r->tail, "stored"))
		return mig_w_refuse_hint(w, r->head, "Write STORED.",
		                         "a generated column that is not stored");
	if (mig_token_is(&w->k, r->head, "as"))
		mig_w_before(w, r->head, "GENERATED ALWAYS ");
	return mig_w_expr(w, &e);
}

static bool
default_postgres(MigWorking *w, const MigTable *t, const MigRule *r)
{
	MigExpr e = {.span = r->expr, .value = true};
	MigTypeName type = {.family = MIG_F_NONE};
	MigStr value = mig_span_text(&w->k, r->expr);

	if (r->column >= 0 && !mig_w_type(w, t->columns[r->column].type, &type))
		return false;
	e.family = type.family;
	if (r->expr.to == r->expr.from + 1 && !mig_w_is_postgres(w) &&
	    !mig_w_is_sqlite(w) &&
	    !mig_w_default_value(w, r->expr.from, type.family))
		return false;
	if (type.family == MIG_F_BOOLEAN && mig_str_is(value, "0"))
		mig_w_put(w, r->expr, "false");
	else if (type.family == MIG_F_BOOLEAN && mig_str_is(value, "1"))
		mig_w_put(w, r->expr, "true");
	else if (r->expr.to == r->expr.from + 1)
		mig_w_truth_number(w, r->expr.from, type.family);
	return mig_w_expr(w, &e);
}

/* CHECK (flag IN (0, 1)), where flag is a boolean: every value passes. */
static bool
check_postgres(MigWorking *w, MigTable *t, const MigRule *r)
{
	MigExpr e = {.span = r->expr, .table = t};
	MigTypeName type;
	int i = r->expr.from;
	int c;

	if (r->expr.to - i == 7 && mig_token_name(&w->k, i) &&
	    mig_token_is(&w->k, i + 1, "in") && mig_token_char(&w->k, i + 4, ','))
	{
		c = mig_table_column(w->m, &w->k, t, mig_token_bare(w->m, &w->k, i));
		if (!mig_ok(w->m))
			return false;
		if (c >= 0 && !mig_w_type(w, t->columns[c].type, &type))
			return false;
		for (int n = i + 3; c >= 0 && n <= i + 5; n += 2)
			if (type.family == MIG_F_BOOLEAN &&
			    (mig_str_is(w->k.at[n].text, "0") ||
			     mig_str_is(w->k.at[n].text, "1")))
				mig_w_put(w, (MigSpan){n, n + 1},
				          w->k.at[n].text.at[0] == '0' ? "false" : "true");
	}
	return mig_w_expr(w, &e);
}

bool
mig_w_rule_postgres(MigWorking *w, MigTable *t, const MigRule *r)
{
	MigExpr e = {.span = r->span};

	if (!conflict_postgres(w, r))
		return false;
	switch (r->kind)
	{
		case MIG_R_DEFAULT:
			return default_postgres(w, t, r);
		case MIG_R_CHECK:
			return check_postgres(w, t, r);
		case MIG_R_GENERATED:
			return generated_postgres(w, t, r);
		case MIG_R_COLLATE:
			return mig_w_expr(w, &e);
		case MIG_R_PRIMARY_KEY:
		case MIG_R_UNIQUE:
			return mig_w_is_postgres(w) || key_postgres(w, r);
		case MIG_R_REFERENCES:
		case MIG_R_EXCLUDE:
		case MIG_R_LIKE:
		case MIG_R_OTHER:
		case MIG_R_IDENTITY:
		case MIG_R_NULL:
		case MIG_R_NOT_NULL:
			return true;
	}
	return true;
}
