#include "private.h"

#include "translate_expr.h"

/*
 * What runs in both databases and may mean something else in one of them.
 * In a statement of the other database it is translated or refused; in one
 * that shows no flavour it stays and is noted, with the same words in both.
 */

bool
mig_w_is_foreign(const MigWorking *w)
{
	return w->sqlite ? mig_w_is_postgres(w) : mig_w_is_sqlite(w);
}

/* Functions of both that differ for some values. */
static const struct
{
	const char *name;
	const char *text;
} functions[] = {
	{"lower", "lower() changes ASCII letters only in SQLite"},
	{"upper", "upper() changes ASCII letters only in SQLite"},
};

/* Whether the only argument of the call at i is a literal in ASCII, or the
   digits of hex(). */
static bool
is_ascii(MigWorking *w, int i)
{
	MigStr s = mig_w_literal(w, i + 2);

	if (mig_token_is(&w->k, i + 2, "hex") &&
	    mig_token_char(&w->k, i + 3, '(') &&
	    mig_token_close(&w->k, i + 3) + 1 == mig_token_close(&w->k, i + 1))
		return true;
	for (size_t n = 0; n < s.len; n++)
		if (((unsigned char) s.at[n] & 0x80) != 0)
			return false;
	return s.at != NULL && mig_token_char(&w->k, i + 3, ')');
}

/* substr(text, -2): from the end in SQLite, from before the first character
   in PostgreSQL. */
static bool
substr_at(MigWorking *w, int i)
{
	int close = mig_token_close(&w->k, i + 1);
	int comma = mig_token_comma(&w->k, i + 2, close);

	if (comma >= close || !mig_str_is(w->k.at[comma + 1].text, "-"))
		return true;
	if (mig_w_is_foreign(w))
		return mig_w_refuse_hint(w, i, "Count from length().",
		                         "substr() with a negative start");
	return mig_w_differs(w, i,
	                     "substr() with a negative start counts from the end "
	                     "in SQLite only: count from length()");
}

/* round(x) of a float: halves go to the even number in PostgreSQL. */
static bool
round_at(MigWorking *w, const MigExpr *e, int i)
{
	int close = mig_token_close(&w->k, i + 1);
	const MigKnownColumn *c;

	if (close != i + 3 && close != i + 5)
		return true;
	c = mig_w_resolve(w, e, close - 1, false);
	if (c == NULL ||
	    (c->family != MIG_F_FLOAT32 && c->family != MIG_F_FLOAT64))
		return mig_ok(w->m);
	if (mig_w_is_foreign(w))
		return mig_w_refuse_hint(w, i, "Use floor(x + 0.5) or a CASE.",
		                         "round() of a float, whose halves go to the "
		                         "even number in PostgreSQL only,");
	return mig_w_differs(w, i,
	                     "round() of a float gives the even number for halves "
	                     "in PostgreSQL, the one away from zero in SQLite");
}

static bool
function_at(MigWorking *w, const MigExpr *e, int i)
{
	if (mig_token_char(&w->k, i + 1, '(') &&
	    (mig_token_is(&w->k, i, "substr") ||
	     mig_token_is(&w->k, i, "substring")))
		return substr_at(w, i);
	if (mig_token_char(&w->k, i + 1, '(') && mig_token_is(&w->k, i, "round"))
		return round_at(w, e, i);
	if (!mig_token_char(&w->k, i + 1, '(') || is_ascii(w, i))
		return true;
	for (int n = 0; n < MIG_COUNT(functions); n++)
		if (mig_token_is(&w->k, i, functions[n].name))
			return mig_w_differs(w, i, "%s", functions[n].text);
	return true;
}

bool
mig_w_differences(MigWorking *w, const MigExpr *e)
{
	for (int i = e->span.from; i < e->span.to; i++)
	{
		bool fine = true;

		switch (w->k.at[i].kind)
		{
			case MIG_T_WORD:
				fine = mig_w_like_at(w, e, i) && mig_w_order_at(w, e, i) &&
				       mig_w_clause_at(w, i) && function_at(w, e, i) &&
				       mig_w_convert_at(w, e, i);
				break;
			case MIG_T_OPERATOR:
				fine = mig_w_json_at(w, e, i) && mig_w_divide_at(w, e, i) &&
				       mig_w_convert_at(w, e, i);
				break;
			default:
				break;
		}
		if (!fine)
			return false;
	}
	return mig_ok(w->m);
}
