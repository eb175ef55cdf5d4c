#include "private.h"

#include "translate_expr.h"

/*
 * ORDER BY: NULLs come last in PostgreSQL and first in SQLite, with DESC the
 * other way round. That matters where the order decides: before LIMIT, in a
 * window, in an aggregate, in a query that is a part of something.
 */

int
mig_w_around(const MigTokens *k, int i)
{
	int depth = 0;

	for (i--; i >= 0; i--)
	{
		if (mig_token_char(k, i, ')'))
			depth++;
		else if (mig_token_char(k, i, '(') && depth-- == 0)
			return i;
	}
	return -1;
}

/* Where the list of ORDER BY that begins at i ends. */
static int
list_end(const MigTokens *k, int i)
{
	static const char *const words[] = {
		"limit",  "offset", "fetch",     "for",       "rows", "range",
		"groups", "on",     "returning", "separator", "with"};

	int start = i;

	for (; i < k->count && !mig_token_char(k, i, ')') &&
	       !mig_token_char(k, i, ';');
	     i++)
	{
		if (mig_token_char(k, i, '('))
			i = mig_token_close(k, i);
		for (int n = 0; n < MIG_COUNT(words); n++)
			if (i > start && mig_token_is(k, i, words[n]) &&
			    !mig_token_char(k, i - 1, '.') &&
			    !mig_token_char(k, i - 1, ','))
				return i;
	}
	return i < k->count ? i : k->count;
}

/* Whether the order of the query at hand says more than in which order rows
   are seen. */
static bool
decides(const MigWorking *w, int open, int end)
{
	const MigTokens *k = &w->k;

	if (open >= 0 || mig_token_is(k, 0, "insert") ||
	    mig_token_is(k, 0, "replace") || mig_token_is(k, 0, "create"))
		return true;
	return mig_token_is(k, end, "limit") || mig_token_is(k, end, "offset") ||
	       mig_token_is(k, end, "fetch");
}

/* Whether the list of what is selected gives the name to something, which
   ORDER BY then means. */
static bool
is_selected_as(MigWorking *w, int order, MigStr name)
{
	const MigTokens *k = &w->k;

	for (int i = mig_w_around(k, order) + 1; i < order; i++)
	{
		if (mig_token_char(k, i, '('))
			i = mig_token_close(k, i);
		if (mig_token_is(k, i, "from"))
			return false;
		if (mig_token_name(k, i) && !mig_token_is(k, i - 1, "distinct") &&
		    !mig_token_is(k, i - 1, "all") &&
		    (mig_token_is(k, i - 1, "as") || mig_w_is_operand_end(k, i - 1)) &&
		    mig_name_same(mig_token_bare(w->m, k, i), name))
			return true;
	}
	return false;
}

/* WHERE ... name IS NOT NULL, and nothing else may be true instead. */
static bool
is_filtered(MigWorking *w, int order, MigStr name)
{
	const MigTokens *k = &w->k;
	bool where = false, found = false;

	for (int i = mig_w_around(k, order) + 1; i < order; i++)
	{
		if (mig_token_char(k, i, '('))
			i = mig_token_close(k, i);
		where |= mig_token_is(k, i, "where");
		if (mig_token_is(k, i, "or") || mig_token_is(k, i, "union") ||
		    mig_token_is(k, i, "group") || mig_token_is(k, i, "case"))
			return false;
		found |= where && mig_token_words(k, i, "is not null") > 0 &&
		         (mig_token_is(k, i - 2, "where") ||
		          mig_token_is(k, i - 2, "and")) &&
		         mig_name_same(mig_token_bare(w->m, k, i - 1), name);
	}
	return found;
}

/* Whether an item of the list at `order` is never NULL. */
static bool
is_never_null(MigWorking *w, const MigExpr *e, int order, MigSpan s)
{
	const MigTokens *k = &w->k;
	const MigScope *scope;
	const MigKnownColumn *c;
	MigStr name;

	while (s.to > s.from && (mig_token_is(k, s.to - 1, "asc") ||
	                         mig_token_is(k, s.to - 1, "desc")))
		s.to--;
	if (s.to > s.from + 1 && mig_token_is(k, s.from, "count") &&
	    mig_token_close(k, s.from + 1) == s.to - 1)
		return true;
	if (s.to > s.from + 4 && mig_token_is(k, s.from, "coalesce") &&
	    mig_token_close(k, s.from + 1) == s.to - 1 &&
	    mig_token_char(k, s.to - 3, ',') &&
	    (mig_w_literal(w, s.to - 2).at != NULL ||
	     (k->at[s.to - 2].text.at[0] >= '0' &&
	      k->at[s.to - 2].text.at[0] <= '9')))
		return true;
	if (s.to != s.from + 1 && s.to != s.from + 3)
		return false;
	name = mig_token_bare(w->m, k, s.to - 1);
	if (name.at == NULL ||
	    (s.to == s.from + 1 && is_selected_as(w, order, name)))
		return false;
	if (is_filtered(w, order, name))
		return true;
	c = mig_w_resolve(w, e, s.to - 1, true);
	scope = mig_w_scope(w);
	return c != NULL && c->not_null && scope != NULL && !scope->outer;
}

static bool
item_at(MigWorking *w, const MigExpr *e, int order, MigSpan s)
{
	const MigTokens *k = &w->k;
	bool desc = mig_token_is(k, s.to - 1, "desc");
	MigStr first;

	if (s.from >= s.to || mig_token_find(k, s, "nulls") > s.from)
		return true;
	if (mig_token_find(k, s, "using") > s.from)
		return !w->sqlite || mig_w_refuse(w, s.from, "ORDER BY ... USING");
	if (is_never_null(w, e, order, s) || !mig_ok(w->m))
		return mig_ok(w->m);
	if (!mig_w_is_foreign(w))
		return mig_w_differs(w, s.from,
		                     "NULLs come last in PostgreSQL and first in "
		                     "SQLite, with DESC the other way round: write "
		                     "NULLS FIRST or NULLS LAST in ORDER BY");
	first =
		desc == w->sqlite ? MIG_LIT(" NULLS FIRST") : MIG_LIT(" NULLS LAST");
	mig_w_behind(w, s.to - 1, first.at);
	return mig_ok(w->m);
}

bool
mig_w_order_at(MigWorking *w, const MigExpr *e, int i)
{
	const MigTokens *k = &w->k;
	MigSpan s = {i + 2, 0};

	if (!mig_token_words(k, i, "order by"))
		return true;
	s.to = list_end(k, s.from);
	if (!decides(w, mig_w_around(k, i), s.to))
		return true;
	while (s.from < s.to)
	{
		int end = mig_token_comma(k, s.from, s.to);

		if (!item_at(w, e, i, (MigSpan){s.from, end}))
			return false;
		s.from = end + 1;
	}
	return true;
}
