#include "private.h"

#include "translate_expr.h"

/*
 * column -> 'a' ->> 'b': text in PostgreSQL, in SQLite a number, or 1 and 0
 * for true and false. A chain with literal keys becomes calls that every
 * SQLite with JSON has:
 *
 *     CASE json_type(column, '$."a"."b"') WHEN 'true' THEN 'true'
 *     WHEN 'false' THEN 'false' WHEN 'integer' THEN its digits ... END
 *
 * Of two paths json_extract() makes an array, in which numbers are written as
 * they are in the document.
 */

/* One key as a step of a path. False: it is no literal, or one that a path
   cannot name. */
static bool
step_add(MigWorking *w, MigText *path, int i, int *behind)
{
	const MigTokens *k = &w->k;
	MigStr key = mig_w_literal(w, i);
	bool minus = mig_str_is(k->at[i].text, "-");
	int64_t number;

	*behind = i + 1 + minus;
	if (key.at != NULL)
	{
		for (size_t n = 0; n < key.len; n++)
			if (strchr("\"\\'", key.at[n]) != NULL ||
			    (unsigned char) key.at[n] < ' ')
				return false;
		mig_text_fmt(path, ".\"%.*s\"", MIG_S(key));
		return true;
	}
	if (i + minus >= k->count || k->at[i + minus].kind != MIG_T_WORD ||
	    !mig_str_int(k->at[i + minus].text, &number))
		return false;
	mig_text_fmt(path, minus ? "[#-%lld]" : "[%lld]", (long long) number);
	return true;
}

/* The chain of operators that ends with ->> at i: its path, and the first
   token of what it is applied to, which *from begins. False: it has something
   else. */
static bool
chain_read(MigWorking *w, const MigExpr *e, int i, MigText *path,
           MigSpan *base, int *end)
{
	const MigTokens *k = &w->k;
	int first = i, behind;

	while (first - 2 > e->span.from && mig_str_is(k->at[first - 2].text, "->"))
		first -= 2;
	base->to = first;
	base->from = mig_w_operand(k, first - 1, e->span.from);
	if (base->from < 0 || !mig_token_name(k, base->from) ||
	    mig_token_char(k, first - 1, ')'))
		return false;
	mig_text_char(path, '$');
	for (int n = first; n <= i; n = behind)
	{
		if (!step_add(w, path, n + 1, &behind) ||
		    (n < i && !mig_str_is(k->at[behind].text, "->") &&
		     !mig_str_is(k->at[behind].text, "->>")))
			return false;
		*end = behind;
	}
	return mig_ok(w->m);
}

static bool
json_sqlite(MigWorking *w, const MigExpr *e, int i)
{
	MigText path = {w->m, NULL, 0, 0}, t = {w->m, NULL, 0, 0};
	MigSpan base;
	MigStr of, at;
	int end = i;

	if (!chain_read(w, e, i, &path, &base, &end))
		return mig_ok(w->m) &&
		       mig_w_refuse_hint(w, i,
		                         "A column with literal keys behind it can "
		                         "be translated.",
		                         "this form of ->>");
	of = mig_span_text(&w->k, base);
	at = mig_text_str(&path);
	mig_text_fmt(&t,
	             "(CASE json_type(%.*s, '%.*s') WHEN 'true' THEN 'true' "
	             "WHEN 'false' THEN 'false' ",
	             MIG_S(of), MIG_S(at));
	for (int n = 0; n < 2; n++)
		mig_text_fmt(&t,
		             "WHEN '%s' THEN substr(json_extract(%.*s, '%.*s', "
		             "'%.*s'), 2, instr(json_extract(%.*s, '%.*s', '%.*s'), "
		             "',') - 2) ",
		             n == 0 ? "integer" : "real", MIG_S(of), MIG_S(at),
		             MIG_S(at), MIG_S(of), MIG_S(at), MIG_S(at));
	mig_text_fmt(&t, "ELSE json_extract(%.*s, '%.*s') END)", MIG_S(of),
	             MIG_S(at));
	mig_w_replace(w, (MigSpan){base.from, end}, mig_text_str(&t));
	return mig_w_differs(w, i,
	                     "->> of an object or array gives text without "
	                     "blanks in SQLite");
}

bool
mig_w_json_at(MigWorking *w, const MigExpr *e, int i)
{
	if (!mig_str_is(w->k.at[i].text, "->>") ||
	    !mig_w_is_operand_end(&w->k, i - 1))
		return true;
	if (w->sqlite && mig_w_is_foreign(w))
		return json_sqlite(w, e, i);
	return mig_w_differs(
		w, i,
		"->> gives text in PostgreSQL, and in SQLite a number "
		"or, for true and false, 1 and 0: only texts are the "
		"same");
}
