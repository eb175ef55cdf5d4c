#include "private.h"

#include "translate_expr.h"

/*
 * Clauses that only one of the databases knows. There is no flavour to look
 * at: in the other one they are no SQL at all.
 */

/* Where a clause that begins before i ends: at a word that begins the next, or
   where its query ends. */
static int
clause_end(const MigTokens *k, int i)
{
	static const char *const words[] = {
		"limit", "offset", "on",    "returning", "for",    "fetch",
		"union", "except", "order", "intersect", "from",   "where",
		"group", "having", "with",  "window",    "values",
	};

	for (; i < k->count && !mig_token_char(k, i, ')'); i++)
	{
		if (mig_token_char(k, i, '('))
			i = mig_token_close(k, i);
		for (int n = 0; n < MIG_COUNT(words); n++)
			if (mig_token_is(k, i, words[n]) && !mig_token_char(k, i - 1, '.'))
				return i;
	}
	return i < k->count ? i : k->count;
}

static bool
is_number(const MigTokens *k, int i)
{
	MigStr s = k->at[i].text;

	return i < k->count && k->at[i].kind == MIG_T_WORD && s.at[0] >= '0' &&
	       s.at[0] <= '9';
}

/* LIMIT 5, 10 is OFFSET 5 LIMIT 10; a negative number is no limit. */
static bool
limit_postgres(MigWorking *w, int i)
{
	const MigTokens *k = &w->k;
	int end = clause_end(k, i + 1);
	int comma = mig_token_comma(k, i + 1, end);
	int count = comma < end ? comma + 1 : i + 1;

	if (comma < end)
	{
		bool apart = k->at[count].offset > k->at[comma].offset + 1;

		mig_w_put(w, (MigSpan){i, i + 1}, "OFFSET");
		mig_w_put(w, (MigSpan){comma, count}, apart ? " LIMIT" : " LIMIT ");
	}
	if (end == count + 2 && mig_str_is(k->at[count].text, "-") &&
	    is_number(k, count + 1))
		mig_w_put(w, (MigSpan){count, end}, "ALL");
	return mig_ok(w->m);
}

static bool
limit_sqlite(MigWorking *w, int i)
{
	if (mig_token_is(&w->k, i + 1, "all") ||
	    mig_token_is(&w->k, i + 1, "null"))
		mig_w_put(w, (MigSpan){i + 1, i + 2}, "-1");
	return mig_ok(w->m);
}

/* OFFSET stands behind a LIMIT in SQLite, and says no ROWS. */
static bool
offset_sqlite(MigWorking *w, int i)
{
	const MigTokens *k = &w->k;
	bool rows =
		mig_token_is(k, i + 2, "row") || mig_token_is(k, i + 2, "rows");
	int depth = 0;

	if (!is_number(k, i + 1))
		return true;
	if (mig_token_is(k, i + 2 + rows, "limit"))
		return mig_w_refuse_hint(w, i, "Write LIMIT first.",
		                         "OFFSET before LIMIT");
	if (rows)
		mig_w_drop(w, (MigSpan){i + 2, i + 3});
	for (int n = i - 1; n >= 0 && depth >= 0; n--)
	{
		depth += mig_token_char(k, n, ')') - mig_token_char(k, n, '(');
		if (depth == 0 && mig_token_is(k, n, "limit"))
			return mig_ok(w->m);
	}
	mig_w_before(w, i, "LIMIT -1 ");
	return mig_ok(w->m);
}

/* x IN () is false, also when x is NULL: = ANY of an empty array is, too. */
static bool
in_nothing(MigWorking *w, int i)
{
	bool not = mig_token_is(&w->k, i - 1, "not");

	if (mig_token_char(&w->k, i + 1, '(') && mig_token_char(&w->k, i + 2, ')'))
		mig_w_put(w, (MigSpan){i - not, i + 3},
		          not ? "<> ALL ('{}')" : "= ANY ('{}')");
	return mig_ok(w->m);
}

/* The names that stand in a list, and those of the columns without one. */
static MigStr
named_columns(MigWorking *w, MigSpan list, MigSpan row)
{
	MigText t = {w->m, NULL, 0, 0};
	int n = 0;

	mig_text_add(&t, "(SELECT ");
	for (int i = row.from; i < row.to;
	     i = mig_token_comma(&w->k, i, row.to) + 1)
	{
		mig_text_fmt(&t, "%scolumn%d", n > 0 ? ", " : "", n + 1);
		n++;
		if (list.from >= list.to)
			continue;
		mig_text_fmt(&t, " AS %.*s", MIG_S(w->k.at[list.from].text));
		list.from += 2;
	}
	mig_text_add(&t, " FROM ");
	return mig_text_str(&t);
}

/* (VALUES ...) AS name (columns), and other queries, at the parenthesis. */
static bool
names_at(MigWorking *w, int open)
{
	const MigTokens *k = &w->k;
	int close = mig_token_close(k, open);
	int name = close + 1 + mig_token_is(k, close + 1, "as");
	int list = name + 1, end;

	if (!(mig_token_is(k, open - 1, "from") ||
	      mig_token_is(k, open - 1, "join") ||
	      mig_token_char(k, open - 1, ',')) ||
	    !mig_w_is_call(k, name))
		return true;
	end = mig_token_close(k, list);
	if (!mig_token_is(k, open + 1, "values") ||
	    !mig_token_char(k, open + 2, '(') || end >= k->count)
		return mig_w_refuse_hint(w, name, "Name the columns in the query.",
		                         "names of columns behind a query");
	mig_w_insert(
		w, k->at[open].offset,
		named_columns(w, (MigSpan){list + 1, end},
	                  (MigSpan){open + 3, mig_token_close(k, open + 2)}));
	mig_w_behind(w, close, ")");
	mig_w_cut(w, k->at[name].offset + k->at[name].text.len,
	          k->at[end].offset + 1);
	return mig_ok(w->m);
}

/* The SELECT whose rows end before i; -1: something else stands there. */
static int
select_before(const MigTokens *k, int i)
{
	int depth = 0;

	for (i--; i >= 0 && depth >= 0; i--)
	{
		depth += mig_token_char(k, i, ')') - mig_token_char(k, i, '(');
		if (depth == 0 && mig_token_is(k, i, "select"))
			return i;
		if (depth == 0 && mig_token_is(k, i, "values"))
			return -1;
	}
	return -1;
}

/* The list of a SELECT at i. */
static MigSpan
selected(const MigTokens *k, int i)
{
	i += 1 +
	     (mig_token_is(k, i + 1, "all") || mig_token_is(k, i + 1, "distinct"));
	return (MigSpan){i, clause_end(k, i)};
}

/* 'n' a number, 's' a string in quotes, alone or with AS name; else 0. */
static char
literal_kind(const MigTokens *k, MigSpan s)
{
	if (s.to > s.from && mig_str_is(k->at[s.from].text, "-"))
		s.from++;
	if (s.to > s.from + 1 && mig_token_is(k, s.from + 1, "as"))
		s.to = s.from + 1;
	if (s.to != s.from + 1)
		return 0;
	if (k->at[s.from].kind == MIG_T_STRING && k->at[s.from].text.at[0] == '\'')
		return 's';
	return is_number(k, s.from) ? 'n' : 0;
}

/* SELECT 1 UNION SELECT '1': one number in PostgreSQL, two values in SQLite. */
static bool
union_at(MigWorking *w, int i)
{
	const MigTokens *k = &w->k;
	int from = select_before(k, i);
	int to =
		i + 1 +
		(mig_token_is(k, i + 1, "all") || mig_token_is(k, i + 1, "distinct"));
	MigSpan a, b;

	if (from < 0 || !mig_token_is(k, to, "select"))
		return true;
	a = selected(k, from);
	b = selected(k, to);
	while (a.from < a.to && b.from < b.to)
	{
		int ea = mig_token_comma(k, a.from, a.to);
		int eb = mig_token_comma(k, b.from, b.to);
		int kinds = literal_kind(k, (MigSpan){a.from, ea}) +
		            literal_kind(k, (MigSpan){b.from, eb});

		if (kinds == 'n' + 's' && mig_w_is_foreign(w))
			return mig_w_refuse(w, b.from,
			                    "a string and a number in the same column");
		if (kinds == 'n' + 's' &&
		    !mig_w_differs(w, b.from,
		                   "a string and a number in the same column are "
		                   "numbers in PostgreSQL and stay apart in SQLite"))
			return false;
		a.from = ea + 1;
		b.from = eb + 1;
	}
	return true;
}

bool
mig_w_clause_at(MigWorking *w, int i)
{
	const MigTokens *k = &w->k;

	if (mig_token_char(k, i - 1, '.'))
		return true;
	if (mig_token_is(k, i, "limit"))
		return w->sqlite ? limit_sqlite(w, i) : limit_postgres(w, i);
	if (w->sqlite && mig_token_is(k, i, "offset"))
		return offset_sqlite(w, i);
	if (!w->sqlite && mig_token_is(k, i, "in"))
		return in_nothing(w, i);
	if (w->sqlite && mig_token_char(k, i - 1, '(') &&
	    (mig_token_is(k, i, "values") || mig_token_is(k, i, "select") ||
	     mig_token_is(k, i, "with")))
		return names_at(w, i - 1);
	if (mig_token_is(k, i, "union") || mig_token_is(k, i, "except") ||
	    mig_token_is(k, i, "intersect"))
		return union_at(w, i);
	return true;
}

/* Since when an aggregate of SQLite takes ORDER BY. */
#define ORDERED 3044000

static bool
order_at(MigWorking *w, int i)
{
	if (w->t->release == 0)
		return mig_w_differs(w, i,
		                     "ORDER BY in string_agg() needs SQLite 3.44");
	if (w->t->release < ORDERED)
		return mig_w_refuse_hint(w, i, "It needs SQLite 3.44.",
		                         "ORDER BY in string_agg()");
	return true;
}

/* DISTINCT takes no separator in SQLite: it is a comma there. */
bool
mig_w_string_agg(MigWorking *w, int i, int close)
{
	const MigTokens *k = &w->k;
	MigSpan s = {i + 2, close < k->count ? close : k->count};
	int order = mig_token_find(k, s, "order");
	int comma = mig_token_comma(k, s.from, s.to);
	int end = order < 0 ? s.to : order;

	mig_w_put(w, (MigSpan){i, i + 1}, "group_concat");
	if (mig_token_words(k, order < 0 ? k->count : order, "order by") &&
	    !order_at(w, order))
		return false;
	if (!mig_token_is(k, s.from, "distinct") || comma >= end)
		return mig_ok(w->m);
	if (end != comma + 2 || !mig_str_is(k->at[comma + 1].text, "','"))
		return mig_w_refuse_hint(w, i, "SQLite takes no separator there.",
		                         "string_agg(DISTINCT ...) with another "
		                         "separator than ','");
	mig_w_cut(w, k->at[comma].offset,
	          k->at[comma + 1].offset + k->at[comma + 1].text.len);
	return mig_ok(w->m);
}
