#include "private.h"

#include "translate_expr.h"

/*
 * a / b cuts in both databases when both are integers. A numeric column keeps
 * the fraction in PostgreSQL; in SQLite its whole values are integers, too.
*/

/* What both sides, or several values, make together. */
static MigNumber
both(MigNumber a, MigNumber b)
{
	if (a == MIG_N_REAL || b == MIG_N_REAL)
		return MIG_N_REAL;
	if (a == MIG_N_NUMERIC || b == MIG_N_NUMERIC)
		return MIG_N_NUMERIC;
	return a == MIG_N_INTEGER && b == MIG_N_INTEGER ? MIG_N_INTEGER
	                                                : MIG_N_UNKNOWN;
}

static MigNumber
of_family(MigFamily family)
{
	switch (family)
	{
		case MIG_F_INT16:
		case MIG_F_INT32:
		case MIG_F_INT64:
			return MIG_N_INTEGER;
		case MIG_F_NUMERIC:
			return MIG_N_NUMERIC;
		case MIG_F_FLOAT32:
		case MIG_F_FLOAT64:
			return MIG_N_REAL;
		default:
			return MIG_N_UNKNOWN;
	}
}

/* Behind :: or AS, the type's first word. */
static MigNumber
of_type(MigWorking *w, int i)
{
	MigTypeName type;

	if (!mig_type_read(w->m, MIG_FOR_POSTGRESQL, w->k.at[i].text, &type))
		return MIG_N_UNKNOWN;
	return mig_token_is(&w->k, i, "double") ? MIG_N_REAL
	                                        : of_family(type.family);
}

/* Functions whose number is that of what is in them, and others. */
static const struct
{
	const char *name;
	MigNumber number; /* UNKNOWN: of its arguments */
} functions[] = {
	{"count", MIG_N_INTEGER},       {"length", MIG_N_INTEGER},
	{"char_length", MIG_N_INTEGER}, {"avg", MIG_N_REAL},
	{"round", MIG_N_NUMERIC},       {"trunc", MIG_N_NUMERIC},
	{"ceil", MIG_N_NUMERIC},        {"ceiling", MIG_N_NUMERIC},
	{"floor", MIG_N_NUMERIC},       {"sum", MIG_N_UNKNOWN},
	{"abs", MIG_N_UNKNOWN},         {"min", MIG_N_UNKNOWN},
	{"max", MIG_N_UNKNOWN},         {"coalesce", MIG_N_UNKNOWN},
	{"nullif", MIG_N_UNKNOWN},      {"ifnull", MIG_N_UNKNOWN},
	{"power", MIG_N_REAL},          {"sqrt", MIG_N_REAL},
};

/* What a word stands for that is no function. */
static MigNumber
of_word(MigWorking *w, const MigExpr *e, int i)
{
	const MigKnownColumn *c;
	char first = w->k.at[i].text.at[0];

	if (first >= '0' && first <= '9')
		return mig_token_char(&w->k, i + 1, '.') ||
		               mig_token_char(&w->k, i - 1, '.')
		           ? MIG_N_REAL
		           : MIG_N_INTEGER;
	c = mig_w_resolve(w, e, i, false);
	return c == NULL ? MIG_N_UNKNOWN : of_family(c->family);
}

/* All that stands in a span, taken together: no recursion, since what is in
   parentheses counts likewise. *any: there is something. */
MigNumber
mig_w_number(MigWorking *w, const MigExpr *e, MigSpan s)
{
	const MigTokens *k = &w->k;
	MigNumber all = MIG_N_INTEGER;
	bool any = false;

	for (int i = s.from; i < s.to; i++)
	{
		MigNumber n = MIG_N_UNKNOWN;
		int known = -1;

		if (mig_token_char(k, i, ':') && mig_token_char(k, i - 1, ':'))
			return of_type(w, i + 1);
		if (!mig_token_name(k, i) || mig_token_char(k, i + 1, '.') ||
		    mig_token_is(k, i, "null") || mig_token_is(k, i, "distinct"))
			continue;
		for (int f = 0; f < MIG_COUNT(functions); f++)
			if (mig_token_is(k, i, functions[f].name) &&
			    mig_token_char(k, i + 1, '('))
				known = f;
		if (known >= 0 && functions[known].number == MIG_N_UNKNOWN)
			continue;
		if (mig_token_is(k, i, "cast") && mig_token_char(k, i + 1, '('))
		{
			int close = mig_token_close(k, i + 1);
			int as = mig_token_find(k, (MigSpan){i + 2, close}, "as");

			n = as < 0 ? MIG_N_UNKNOWN : of_type(w, as + 1);
			i = close;
		}
		else if (known >= 0)
		{
			n = functions[known].number;
			i = mig_token_close(k, i + 1);
		}
		else
			n = of_word(w, e, i);
		all = any ? both(all, n) : n;
		any = true;
	}
	return any ? all : MIG_N_UNKNOWN;
}

/* sum() of 64 bits is numeric in PostgreSQL. */
static bool
sums_wide(MigWorking *w, const MigExpr *e, MigSpan s)
{
	for (int i = s.from; i + 2 < s.to; i++)
		if (mig_token_is(&w->k, i, "sum") && mig_token_char(&w->k, i + 1, '('))
			for (int n = i + 2; n < s.to; n++)
			{
				const MigKnownColumn *c = mig_w_resolve(w, e, n, false);

				if (c != NULL && c->family == MIG_F_INT64)
					return true;
			}
	return false;
}

static MigSpan
right_of(const MigTokens *k, int i, int to)
{
	MigSpan s = {i + 1, i + 2};

	if (mig_token_char(k, s.from, '('))
		s.to = mig_token_close(k, s.from) + 1;
	else if (mig_w_is_call(k, s.from))
		s.to = mig_token_close(k, s.from + 1) + 1;
	while (mig_token_char(k, s.to, '.'))
		s.to += 2;
	if (mig_token_char(k, s.to, ':'))
		s.to += 3;
	if (s.to > to)
		s.to = to;
	return s;
}

/* The left operand with the factors before it: a * b / c. */
static MigSpan
left_of(const MigTokens *k, int i, int from)
{
	MigSpan s = {i, i};
	int last = i - 1;

	while (last >= from)
	{
		/* Over a cast. */
		if (last - 2 > from && mig_token_char(k, last - 1, ':') &&
		    mig_token_char(k, last - 2, ':'))
			last -= 3;
		last = mig_w_operand(k, last, from);
		if (last < 0)
			break;
		s.from = last;
		if (last - 1 < from || k->at[last - 1].kind != MIG_T_OPERATOR ||
		    strchr("*/%", k->at[last - 1].text.at[0]) == NULL)
			break;
		last -= 2;
	}
	return s;
}

bool
mig_w_divide_at(MigWorking *w, const MigExpr *e, int i)
{
	const MigTokens *k = &w->k;
	MigStr sign = k->at[i].text;
	bool cut = mig_str_starts(sign, MIG_LIT("%"));
	MigSpan left, right;
	MigNumber a, b, n;

	if ((!cut && !mig_str_starts(sign, MIG_LIT("/"))) ||
	    !mig_w_is_operand_end(k, i - 1) ||
	    (sign.len > 1 && sign.at[1] != '-' && sign.at[1] != '+'))
		return true;
	left = left_of(k, i, e->span.from);
	right = right_of(k, i, e->span.to);
	a = mig_w_number(w, e, left);
	b = mig_w_number(w, e, right);
	n = both(a, b);
	if (n == MIG_N_INTEGER && sums_wide(w, e, left))
		n = MIG_N_NUMERIC;
	if (!mig_ok(w->m) || n == MIG_N_INTEGER || (n == MIG_N_REAL && !cut))
		return mig_ok(w->m);
	if (cut)
		return n == MIG_N_UNKNOWN || !mig_w_is_foreign(w)
		           ? n == MIG_N_UNKNOWN ||
		                 mig_w_differs(w, i,
		                               "%% keeps fractions in PostgreSQL and "
		                               "cuts them off in SQLite")
		           : mig_w_refuse(w, i, "%% of numbers with fractions");
	if (n == MIG_N_NUMERIC && mig_w_is_foreign(w) && w->sqlite)
	{
		mig_w_before(w, i, "* 1.0 ");
		return mig_w_differs(w, i,
		                     "/ gives 15 digits in SQLite, in PostgreSQL all "
		                     "that numeric has");
	}
	if (n == MIG_N_NUMERIC && mig_w_is_foreign(w))
		return mig_w_refuse_hint(w, i, "Write * 1.0 / for a fraction.",
		                         "/ of a numeric column");
	return mig_w_differs(w, i,
	                     "/ of whole numbers cuts in SQLite, and in "
	                     "PostgreSQL unless one of them is numeric: write "
	                     "* 1.0 / for a fraction");
}
