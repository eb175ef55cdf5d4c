#include "private.h"

#include "translate_expr.h"

/*
 * Values that change their type on the way: a column that becomes text or a
 * whole number, numbers with more decimals than the column takes.
 */

static bool
is_whole(MigFamily f)
{
	return f == MIG_F_INT16 || f == MIG_F_INT32 || f == MIG_F_INT64;
}

static bool
is_fraction(MigFamily f)
{
	return f == MIG_F_NUMERIC || f == MIG_F_FLOAT32 || f == MIG_F_FLOAT64;
}

static bool
is_text(MigFamily f)
{
	return f == MIG_F_TEXT || f == MIG_F_VARCHAR || f == MIG_F_CHAR;
}

/* Whether a span is a number, with its sign; how many decimals say something,
   and whether zeros stand behind them. */
static bool
number_read(const MigTokens *k, MigSpan s, int *places, bool *zeros)
{
	MigStr digits = {NULL, 0};

	*places = 0;
	*zeros = false;
	if (s.from < s.to && k->at[s.from].kind == MIG_T_OPERATOR &&
	    (mig_str_is(k->at[s.from].text, "-") ||
	     mig_str_is(k->at[s.from].text, "+")))
		s.from++;
	if (s.to == s.from + 3 && mig_token_char(k, s.from + 1, '.'))
		digits = k->at[s.from + 2].text;
	else if (s.to != s.from + 1)
		return false;
	for (int i = s.from; i < s.to; i += 2)
		for (size_t n = 0; n < k->at[i].text.len; n++)
			if (k->at[i].text.at[n] < '0' || k->at[i].text.at[n] > '9')
				return false;
	for (size_t n = 0; n < digits.len; n++)
		if (digits.at[n] != '0')
			*places = (int) (n + 1 < 1000 ? n + 1 : 1000);
	*zeros = digits.len > (size_t) *places;
	return true;
}

/* 1.50 as text, in a statement of the other database. */
static bool
number_text(MigWorking *w, MigSpan s)
{
	MigText t = {w->m, NULL, 0, 0};

	if (!w->sqlite)
		return mig_w_refuse_hint(w, s.from, "Write it in quotes.",
		                         "number %.*s as text",
		                         MIG_S(mig_span_text(&w->k, s)));
	mig_text_literal(&t, mig_span_text(&w->k, s));
	mig_w_replace(w, s, mig_text_str(&t));
	return mig_ok(w->m);
}

static bool
number_value(MigWorking *w, MigSpan s, const MigKnownColumn *to)
{
	MigStr text = mig_span_text(&w->k, s);
	int places;
	bool zeros;

	if (!number_read(&w->k, s, &places, &zeros))
		return true;
	if (is_text(to->family) && zeros && mig_w_is_foreign(w))
		return number_text(w, s);
	if (is_text(to->family) && zeros)
		return mig_w_differs(w, s.from,
		                     "%.*s is text with its zeros in PostgreSQL and "
		                     "without them in SQLite: write it in quotes",
		                     MIG_S(text));
	if (!(is_whole(to->family) && places > 0) &&
	    !(to->family == MIG_F_NUMERIC && to->places >= 0 &&
	      places > to->places))
		return true;
	if (mig_w_is_foreign(w))
		return mig_w_refuse_hint(w, s.from, "Write it rounded.",
		                         "number %.*s, which PostgreSQL rounds "
		                         "and SQLite does not,",
		                         MIG_S(text));
	return mig_w_differs(w, s.from,
	                     "%.*s is rounded in PostgreSQL and not in SQLite: "
	                     "write it rounded",
	                     MIG_S(text));
}

/* The text of a boolean, as its own database gives it. */
static bool
truth_text(MigWorking *w, MigSpan s, MigSpan all)
{
	MigText t = {w->m, NULL, 0, 0};
	MigStr name = mig_span_text(&w->k, s);

	mig_text_fmt(&t, "CASE WHEN %.*s THEN '%s' WHEN NOT %.*s THEN '%s' END",
	             MIG_S(name), w->sqlite ? "true" : "1", MIG_S(name),
	             w->sqlite ? "false" : "0");
	mig_w_replace(w, all, mig_text_str(&t));
	return mig_ok(w->m);
}

bool
mig_w_as_text(MigWorking *w, MigSpan s, MigSpan all, MigFamily from,
              bool *done)
{
	*done = false;
	if (from == MIG_F_BOOLEAN && mig_w_is_foreign(w))
	{
		*done = true;
		return truth_text(w, s, all);
	}
	if (from == MIG_F_BOOLEAN)
		return mig_w_differs(w, s.from,
		                     "a boolean as text is 'true' in PostgreSQL and "
		                     "'1' in SQLite: write CASE WHEN ... THEN 'true' "
		                     "ELSE 'false' END");
	if (!is_fraction(from))
		return mig_ok(w->m);
	if (mig_w_is_foreign(w))
		return mig_w_refuse(w, s.from,
		                    "the text of a number with fractions, whose zeros "
		                    "differ,");
	return mig_w_differs(w, s.from,
	                     "the text of a number with fractions differs in its "
	                     "zeros between PostgreSQL and SQLite");
}

/* A column alone that becomes the value of another. */
static bool
column_value(MigWorking *w, MigSpan s, const MigKnownColumn *to)
{
	const MigKnownColumn *from;
	bool done;

	if (s.to != s.from + 1 &&
	    !(s.to == s.from + 3 && mig_token_char(&w->k, s.from + 1, '.')))
		return true;
	from = mig_w_resolve(w, NULL, s.to - 1, false);
	if (from == NULL)
		return mig_ok(w->m);
	if (is_text(to->family))
		return mig_w_as_text(w, s, s, from->family, &done);
	if (!is_whole(to->family) || !is_fraction(from->family))
		return true;
	if (mig_w_is_foreign(w))
		return mig_w_refuse_hint(
			w, s.from, "Say how with round() or CASE.",
			"fractions for whole numbers, which PostgreSQL rounds,");
	return mig_w_differs(w, s.from,
	                     "fractions for a column of whole numbers are rounded "
	                     "in PostgreSQL and kept in SQLite");
}

/* The literals that a CASE at s gives. */
static bool
case_values(MigWorking *w, MigSpan s, const MigKnownColumn *to)
{
	const MigTokens *k = &w->k;
	int depth = 0;

	for (int i = s.from; i + 1 < s.to; i++)
	{
		if (mig_token_char(k, i, '('))
			i = mig_token_close(k, i);
		depth += mig_token_is(k, i, "case") - mig_token_is(k, i, "end");
		if (depth == 1 &&
		    (mig_token_is(k, i, "then") || mig_token_is(k, i, "else")) &&
		    (mig_token_is(k, i + 2, "when") ||
		     mig_token_is(k, i + 2, "else") ||
		     mig_token_is(k, i + 2, "end")) &&
		    !mig_w_value(w, i + 1, to))
			return false;
	}
	return mig_ok(w->m);
}

bool
mig_w_assigned(MigWorking *w, MigSpan s, const MigKnownColumn *to)
{
	bool query;

	do
	{
		while (s.from < s.to && mig_token_char(&w->k, s.from, '(') &&
		       mig_token_close(&w->k, s.from) == s.to - 1)
			s = (MigSpan){s.from + 1, s.to - 1};
		query = s.from < s.to && mig_token_is(&w->k, s.from, "select");
		if (query)
		{
			int from = mig_token_find(&w->k, s, "from");

			s = (MigSpan){s.from + 1, from < 0 ? s.to : from};
		}
	} while (query);
	if (to == NULL || s.from >= s.to)
		return true;
	if (s.to == s.from + 1 && !mig_w_value(w, s.from, to))
		return false;
	if (mig_token_is(&w->k, s.from, "case") && !case_values(w, s, to))
		return false;
	return number_value(w, s, to) && column_value(w, s, to);
}

/* CAST(column AS text) of a statement that stays. */
static bool
cast_at(MigWorking *w, const MigExpr *e, int i)
{
	int close = mig_token_close(&w->k, i + 1);
	MigSpan s = {i + 2, mig_token_find(&w->k, (MigSpan){i + 2, close}, "as")};
	const MigKnownColumn *from;
	MigTypeName type;
	bool done;

	if (mig_w_is_foreign(w) || s.to < 0 || close >= w->k.count ||
	    !(s.to == s.from + 1 || s.to == s.from + 3))
		return true;
	if (!mig_type_read(w->m, MIG_FOR_POSTGRESQL,
	                   mig_span_text(&w->k, (MigSpan){s.to + 1, close}),
	                   &type))
		return false;
	from = mig_w_resolve(w, e, s.to - 1, false);
	return from == NULL || !is_text(type.family) ||
	       mig_w_as_text(w, s, s, from->family, &done);
}

/* a || b, where one of them is a column that is no text. */
static bool
joined_at(MigWorking *w, const MigExpr *e, int i)
{
	const MigTokens *k = &w->k;
	int start = mig_w_operand(k, i - 1, e->span.from);
	MigSpan sides[2] = {{start, i}, {i + 1, i + 2}};
	bool done;

	while (mig_token_char(k, sides[1].to, '.'))
		sides[1].to += 2;
	for (int n = 0; n < 2; n++)
	{
		MigSpan s = sides[n];
		const MigKnownColumn *from;

		if (s.from < 0 || s.to > e->span.to ||
		    (s.to != s.from + 1 && s.to != s.from + 3) ||
		    (n == 0 && mig_token_char(k, s.to - 1, ')')) ||
		    (n == 1 && mig_token_char(k, s.to, ':')))
			continue;
		from = mig_w_resolve(w, e, s.to - 1, false);
		if (from != NULL && !mig_w_as_text(w, s, s, from->family, &done))
			return false;
		if (from != NULL && done)
		{
			mig_w_before(w, s.from, "(");
			mig_w_behind(w, s.to - 1, ")");
		}
	}
	return mig_ok(w->m);
}

static bool
is_time(MigFamily f)
{
	return f == MIG_F_DATE || f == MIG_F_TIME || f == MIG_F_TIMESTAMP ||
	       f == MIG_F_TIMESTAMPTZ;
}

/* + and - of a column of dates or times. */
static bool
time_at(MigWorking *w, const MigExpr *e, int i)
{
	const MigTokens *k = &w->k;
	bool found = false;

	for (int n = i - 1; n <= i + 1; n += 2)
	{
		int at = n;
		const MigKnownColumn *c;

		while (n > i && mig_token_char(k, at + 1, '.'))
			at += 2;
		if (at < e->span.from || at >= e->span.to || !mig_token_name(k, at))
			continue;
		c = mig_w_resolve(w, e, at, false);
		found |= (c != NULL && is_time(c->family)) ||
		         mig_token_is(k, at, "current_date") ||
		         mig_token_is(k, at, "current_timestamp");
	}
	if (!found)
		return mig_ok(w->m);
	if (mig_w_is_foreign(w))
		return mig_w_refuse(w, i, "%.*s with a date or time",
		                    MIG_S(k->at[i].text));
	return mig_w_differs(w, i,
	                     "%.*s with a date or time counts days in PostgreSQL "
	                     "and the number that the text begins with in SQLite",
	                     MIG_S(k->at[i].text));
}

/* '1' = 1: a number in PostgreSQL, never equal in SQLite. */
static bool
literals_at(MigWorking *w, int i)
{
	const MigTokens *k = &w->k;

	for (int n = 0; n < 2; n++)
	{
		MigStr number = k->at[n == 0 ? i - 1 : i + 1].text;

		if (k->at[n == 0 ? i + 1 : i - 1].kind != MIG_T_STRING ||
		    number.len == 0 || number.at[0] < '0' || number.at[0] > '9')
			continue;
		if (mig_w_is_foreign(w))
			return mig_w_refuse(w, i, "a string compared with a number");
		return mig_w_differs(w, i,
		                     "a string compared with a number is a number in "
		                     "PostgreSQL and never equal in SQLite");
	}
	return true;
}

bool
mig_w_convert_at(MigWorking *w, const MigExpr *e, int i)
{
	MigStr s = w->k.at[i].text;

	if (mig_token_is(&w->k, i, "cast") && mig_token_char(&w->k, i + 1, '('))
		return cast_at(w, e, i);
	if (w->k.at[i].kind != MIG_T_OPERATOR ||
	    !mig_w_is_operand_end(&w->k, i - 1))
		return true;
	if (mig_str_is(s, "||"))
		return joined_at(w, e, i);
	if (mig_str_is(s, "+") || mig_str_is(s, "-"))
		return time_at(w, e, i);
	if (mig_str_is(s, "=") || mig_str_is(s, "<>") || mig_str_is(s, "!="))
		return literals_at(w, i);
	if (mig_str_is(s, "<<"))
		return mig_w_differs(w, i,
		                     "<< of a number under 2147483648 gives 32 bits "
		                     "in PostgreSQL and 64 in SQLite");
	return true;
}
