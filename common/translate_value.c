#include "private.h"

#include "translate_expr.h"

/*
 * Literals that become values of a column whose type is known. PostgreSQL
 * reads a string as the column's type, where SQLite keeps its text.
 */

/* Whether a literal's text is a truth value to PostgreSQL: 't', 'Yes', 'of'. */
static bool
is_truth(MigStr s, bool *truth)
{
	static const struct
	{
		const char *word;
		size_t least; /* letters that tell it from the others */
		bool truth;
	} words[] = {
		{"true", 1, true}, {"yes", 1, true},    {"on", 2, true},
		{"1", 1, true},    {"false", 1, false}, {"no", 1, false},
		{"off", 2, false}, {"0", 1, false},
	};

	for (int i = 0; i < MIG_COUNT(words); i++)
	{
		const char *word = words[i].word;

		*truth = words[i].truth;
		if (s.len >= words[i].least && s.len <= strlen(word) &&
		    mig_name_same(s, (MigStr){word, s.len}))
			return true;
	}
	return false;
}

/* What a string means in a column of bytes: '\x00ff' its digits, other text
   its bytes; absent where it has escapes. */
static MigStr
bytes_of(MigWorking *w, MigStr s)
{
	MigText t = {w->m, NULL, 0, 0};
	bool digits = s.len >= 2 && s.at[0] == '\\' && s.at[1] == 'x';

	mig_text_add(&t, "X'");
	for (size_t i = digits ? 2 : 0; i < s.len; i++)
	{
		unsigned char c = (unsigned char) s.at[i];

		if (digits ? strchr("0123456789abcdefABCDEF", c) == NULL || c == 0
		           : c == '\\')
			return (MigStr){NULL, 0};
		if (digits)
			mig_text_char(&t, (char) c);
		else
			mig_text_fmt(&t, "%02x", c);
	}
	if (digits && s.len % 2 != 0)
		return (MigStr){NULL, 0};
	mig_text_char(&t, '\'');
	return mig_text_str(&t);
}

/* Words for a moment, to what SQLite calls it; "": nothing. */
static const struct
{
	const char *word;
	MigFamily family;
	const char *to;
} moments[] = {
	{"now", MIG_F_TIMESTAMP, "CURRENT_TIMESTAMP"},
	{"now", MIG_F_TIMESTAMPTZ, "CURRENT_TIMESTAMP"},
	{"now", MIG_F_DATE, "CURRENT_DATE"},
	{"now", MIG_F_TIME, "CURRENT_TIME"},
	{"today", MIG_F_DATE, "CURRENT_DATE"},
	{"epoch", MIG_F_TIMESTAMP, "'1970-01-01 00:00:00'"},
	{"epoch", MIG_F_TIMESTAMPTZ, "'1970-01-01 00:00:00+00'"},
	{"epoch", MIG_F_DATE, "'1970-01-01'"},
};

/* The others that PostgreSQL knows. */
static bool
is_moment(MigStr s)
{
	static const char *const words[] = {
		"now",       "today",    "epoch",     "tomorrow",
		"yesterday", "infinity", "-infinity", "allballs",
	};

	for (int i = 0; i < MIG_COUNT(words); i++)
		if (mig_str_word(s, words[i]))
			return true;
	return false;
}

bool
mig_w_is_moment(MigWorking *w, int i)
{
	MigStr s = mig_w_literal(w, i);

	return s.at != NULL && is_moment(mig_str_trim(s));
}

/* What a string is in a column of the family, as SQLite writes it: absent
   where its text is that. False: there is no such value. */
static bool
value_of(MigWorking *w, MigStr s, MigFamily family, MigStr *to)
{
	MigStr trimmed = mig_str_trim(s);
	bool truth;

	*to = (MigStr){NULL, 0};
	switch (family)
	{
		case MIG_F_BOOLEAN:
			if (!is_truth(trimmed, &truth))
				return false;
			*to = truth ? MIG_LIT("TRUE") : MIG_LIT("FALSE");
			return true;
		case MIG_F_BYTES:
			*to = bytes_of(w, s);
			return to->at != NULL;
		case MIG_F_DATE:
		case MIG_F_TIME:
		case MIG_F_TIMESTAMP:
		case MIG_F_TIMESTAMPTZ:
			for (int i = 0; i < MIG_COUNT(moments); i++)
				if (moments[i].family == family &&
				    mig_str_word(trimmed, moments[i].word))
					*to = mig_str(moments[i].to);
			return to->at != NULL || !is_moment(trimmed);
		default:
			return true;
	}
}

static const char *
kind_of(MigFamily family)
{
	if (family == MIG_F_BOOLEAN)
		return "truth value";
	return family == MIG_F_BYTES ? "bytes" : "moment";
}

static bool
value_sqlite(MigWorking *w, int i, MigFamily family, bool of_sqlite)
{
	MigStr s = mig_w_literal(w, i), to;

	if (s.at == NULL)
		return mig_ok(w->m);
	if (!value_of(w, s, family, &to))
		return of_sqlite || !mig_ok(w->m) ||
		       mig_w_refuse(w, i, "%s %.*s", kind_of(family),
		                    MIG_S(w->k.at[i].text));
	if (to.at == NULL)
		return mig_ok(w->m);
	if (of_sqlite)
		return mig_w_differs(w, i,
		                     "%.*s is text in SQLite, %.*s in PostgreSQL",
		                     MIG_S(w->k.at[i].text), MIG_S(to));
	mig_w_replace(w, (MigSpan){i, i + 1}, to);
	return mig_ok(w->m);
}

/* A number where PostgreSQL takes none. */
static bool
value_postgres(MigWorking *w, int i, MigFamily family, bool of_sqlite)
{
	MigStr s = w->k.at[i].text, to;
	int64_t number;

	if (w->k.at[i].kind != MIG_T_WORD || !mig_str_int(s, &number))
	{
		s = mig_w_literal(w, i);
		of_sqlite |= mig_w_is_sqlite(w);
		return s.at == NULL || !of_sqlite || !value_of(w, s, family, &to) ||
		       to.at == NULL ||
		       mig_w_differs(w, i,
		                     "%.*s is text in SQLite, %.*s in PostgreSQL",
		                     MIG_S(w->k.at[i].text), MIG_S(to));
	}
	if (family == MIG_F_BOOLEAN && (number == 0 || number == 1))
		mig_w_put(w, (MigSpan){i, i + 1}, number == 0 ? "false" : "true");
	else if (family == MIG_F_BOOLEAN)
		return mig_w_refuse_hint(w, i, "Booleans are 0 and 1.",
		                         "number %.*s for a boolean", MIG_S(s));
	else if (family == MIG_F_DATE || family == MIG_F_TIME ||
	         family == MIG_F_TIMESTAMP || family == MIG_F_TIMESTAMPTZ)
		return mig_w_refuse_hint(w, i,
		                         "Write it as text, as '2026-01-29 04:56:46'.",
		                         "number %.*s for a date or time", MIG_S(s));
	return mig_ok(w->m);
}

/* Whether a date is written as it is compared: 2026-01-29. */
static bool
is_iso(MigStr s)
{
	static const char shape[] = "0000-00-00";

	for (size_t i = 0; i < sizeof(shape) - 1; i++)
		if (i >= s.len || (shape[i] == '-' ? s.at[i] != '-'
		                                   : s.at[i] < '0' || s.at[i] > '9'))
			return false;
	return true;
}

/* A date in another form than that which SQLite can compare. */
static bool
date_value(MigWorking *w, int i, MigFamily family)
{
	MigStr s = mig_w_literal(w, i);

	if (s.at == NULL || is_iso(s) || is_moment(mig_str_trim(s)) ||
	    (family != MIG_F_DATE && family != MIG_F_TIMESTAMP &&
	     family != MIG_F_TIMESTAMPTZ))
		return mig_ok(w->m);
	if (mig_w_is_foreign(w))
		return mig_w_refuse_hint(w, i, "Write it as 2026-01-29.", "date %.*s",
		                         MIG_S(w->k.at[i].text));
	return mig_w_differs(w, i,
	                     "%.*s is a date in PostgreSQL and a text in SQLite: "
	                     "write it as 2026-01-29",
	                     MIG_S(w->k.at[i].text));
}

/* Whether literals of the family are read otherwise in the two databases. */
static bool
is_read(MigFamily family)
{
	return family == MIG_F_BOOLEAN || family == MIG_F_BYTES ||
	       family == MIG_F_DATE || family == MIG_F_TIME ||
	       family == MIG_F_TIMESTAMP || family == MIG_F_TIMESTAMPTZ;
}

bool
mig_w_is_number_type(MigFamily family)
{
	return family == MIG_F_INT16 || family == MIG_F_INT32 ||
	       family == MIG_F_INT64 || family == MIG_F_NUMERIC ||
	       family == MIG_F_FLOAT32 || family == MIG_F_FLOAT64;
}

void
mig_w_truth_number(MigWorking *w, int i, MigFamily family)
{
	if (!w->sqlite && mig_w_is_number_type(family) &&
	    (mig_token_is(&w->k, i, "true") || mig_token_is(&w->k, i, "false")))
		mig_w_put(w, (MigSpan){i, i + 1},
		          mig_token_is(&w->k, i, "true") ? "1" : "0");
}

bool
mig_w_value(MigWorking *w, int i, const MigKnownColumn *column)
{
	bool of_sqlite;

	if (column == NULL || i >= w->k.count || w->k.at[i].open)
		return mig_ok(w->m);
	mig_w_truth_number(w, i, column->family);
	if (!is_read(column->family))
		return mig_ok(w->m);
	if (!(w->sqlite ? mig_w_is_sqlite(w) : mig_w_is_postgres(w)) &&
	    !date_value(w, i, column->family))
		return false;
	of_sqlite = column->of_sqlite && !mig_w_is_postgres(w) && !w->of_postgres;
	if (!w->sqlite)
		return mig_w_is_postgres(w) ||
		       value_postgres(w, i, column->family, of_sqlite);
	return mig_w_is_sqlite(w) || value_sqlite(w, i, column->family, of_sqlite);
}

/* The columns that values go to, in the order of the values; NULL for one
   that is not known. */
static const MigKnownColumn **
targets(MigWorking *w, const MigKnownTable *table, MigSpan list, int *count)
{
	size_t most = (size_t) (list.to - list.from) + (size_t) table->ncolumns;
	const MigKnownColumn **found =
		mig_alloc_array(w->m, most + 1, sizeof(MigKnownColumn *));
	const MigKnownColumn *c = table->last;

	*count = 0;
	for (int i = list.from; found != NULL && i < list.to;
	     i = mig_token_comma(&w->k, i, list.to) + 1)
		found[(*count)++] =
			mig_w_known_column(table, mig_token_bare(w->m, &w->k, i));
	if (found == NULL || *count > 0)
		return found;
	*count = table->ncolumns;
	for (int i = table->ncolumns - 1; i >= 0 && c != NULL; i--)
	{
		found[i] = c;
		c = c->before;
	}
	return found;
}

/* Values one behind the other up to the span's end, each to its column. */
static bool
row(MigWorking *w, const MigKnownColumn **to, int count, MigSpan s)
{
	const MigTokens *k = &w->k;

	for (int n = 0; n < count && s.from < s.to; n++)
	{
		int end = mig_token_comma(k, s.from, s.to);
		MigSpan value = {s.from, end};

		/* SELECT 'x' AS name */
		if (end - s.from > 2 && mig_token_is(k, end - 2, "as"))
			value.to = end - 2;
		if (!mig_w_assigned(w, value, to[n]))
			return false;
		s.from = end + 1;
	}
	return mig_ok(w->m);
}

/* The end of what is selected from i on. */
static int
selected(const MigTokens *k, int i, int to)
{
	static const char *const words[] = {"from",  "where",  "union",
	                                    "group", "having", "except",
	                                    "order", "limit",  "intersect"};

	for (; i < to; i++)
	{
		if (mig_token_char(k, i, '('))
			i = mig_token_close(k, i);
		for (int n = 0; n < MIG_COUNT(words); n++)
			if (mig_token_is(k, i, words[n]))
				return i;
	}
	return to;
}

bool
mig_w_values(MigWorking *w, const MigKnownTable *table, MigSpan list,
             MigSpan body)
{
	const MigKnownColumn **to;
	const MigTokens *k = &w->k;
	int count;

	if (table == NULL || table->ncolumns == 0)
		return mig_ok(w->m);
	to = targets(w, table, list, &count);
	if (to == NULL)
		return false;
	if (mig_token_is(k, body.from, "values"))
	{
		for (int i = body.from + 1; i < body.to; i++)
		{
			int close;

			if (!mig_token_char(k, i, '('))
				continue;
			close = mig_token_close(k, i);
			if (!row(w, to, count, (MigSpan){i + 1, close}))
				return false;
			i = close;
		}
		return true;
	}
	for (int i = body.from; i < body.to; i++)
		if (mig_token_char(k, i, '('))
			i = mig_token_close(k, i);
		else if (mig_token_is(k, i, "select") &&
		         !row(w, to, count,
		              (MigSpan){i + 1, selected(k, i + 1, body.to)}))
			return false;
	return true;
}

bool
mig_w_set_values(MigWorking *w, const MigKnownTable *table, MigSpan s)
{
	static const char *const words[] = {"from", "where", "returning"};
	const MigTokens *k = &w->k;

	for (int n = 0; n < MIG_COUNT(words); n++)
	{
		int at = mig_token_find(k, s, words[n]);

		if (at >= 0)
			s.to = at;
	}
	while (s.from < s.to && table != NULL)
	{
		int end = mig_token_comma(k, s.from, s.to);

		if (end >= s.from + 3 && mig_str_is(k->at[s.from + 1].text, "=") &&
		    !mig_w_assigned(
				w, (MigSpan){s.from + 2, end},
				mig_w_known_column(table, mig_token_bare(w->m, k, s.from))))
			return false;
		s.from = end + 1;
	}
	return mig_ok(w->m);
}

/* The column that a name which ends at i means, where the name is all that
   stands there. */
static const MigKnownColumn *
alone(MigWorking *w, const MigExpr *e, int i)
{
	int first = i;

	while (first - 2 >= e->span.from && mig_token_char(&w->k, first - 1, '.'))
		first -= 2;
	if (first > e->span.from && w->k.at[first - 1].kind == MIG_T_OPERATOR)
		return NULL;
	return mig_w_resolve(w, e, i, true);
}

/* Whether more than the literal at i stands there. */
static bool
goes_on(const MigTokens *k, int i)
{
	return mig_token_char(k, i + 1, ':') ||
	       (i + 1 < k->count && k->at[i + 1].kind == MIG_T_OPERATOR);
}

/* column = literal, column IN (literals): of booleans, bytes, times. */
bool
mig_w_compared(MigWorking *w, const MigExpr *e)
{
	static const char *const signs[] = {"=", "==", "<>", "!="};
	const MigTokens *k = &w->k;

	for (int i = e->span.from + 2; i < e->span.to; i++)
	{
		bool sign = false;

		for (int n = 0; n < MIG_COUNT(signs); n++)
			sign |= mig_str_is(k->at[i - 1].text, signs[n]);
		if (sign && !goes_on(k, i) && !mig_w_value(w, i, alone(w, e, i - 2)))
			return false;
		if (mig_token_is(k, i - 1, "in") && mig_token_char(k, i, '('))
		{
			int name = i - 2 - mig_token_is(k, i - 2, "not");
			const MigKnownColumn *c = name < 0 ? NULL : alone(w, e, name);
			int close = mig_token_close(k, i);

			for (int n = i + 1; c != NULL && n < close; n += 2)
				if (!mig_w_value(w, n, c))
					return false;
		}
	}
	return mig_ok(w->m);
}
