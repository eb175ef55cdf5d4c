#include "private.h"

#include "translate_expr.h"

#define UTC "now() AT TIME ZONE 'utc'"

/* Functions of SQLite: to is the name in PostgreSQL; NULL: there is no
   equal, hint says more. */
static const struct
{
	const char *name;
	const char *to;
	const char *hint;
	bool both; /* PostgreSQL has one of that name, which is another */
} functions[] = {
	{"ifnull", "coalesce", NULL, false},
	{"instr", "strpos", NULL, false},
	{"unicode", "ascii", NULL, false},
	{"char", "chr", NULL, false},
	{"json_object", "json_build_object", NULL, true},
	{"json_array", "json_build_array", NULL, true},
	{"random", NULL, "It gives fractions in PostgreSQL.", true},
	{"randomblob", NULL, "Up to 32 bytes are translated.", false},
	{"zeroblob", NULL, NULL, false},
	{"hex", NULL, "Of randomblob() and of a column of bytes it is translated.",
     false},
	{"unhex", NULL, NULL, false},
	{"quote", NULL, NULL, false},
	{"typeof", NULL, NULL, false},
	{"total", NULL, "Use coalesce(sum(...), 0).", false},
	{"printf", NULL, NULL, false},
	{"glob", NULL, NULL, false},
	{"julianday", NULL, NULL, false},
	{"timediff", NULL, NULL, false},
	{"last_insert_rowid", NULL, "Use RETURNING.", false},
	{"changes", NULL, NULL, false},
	{"total_changes", NULL, NULL, false},
	{"json", NULL, NULL, false},
	{"jsonb", NULL, NULL, false},
	{"json_extract", NULL, "The operator ->> with a key works in both.",
     false},
	{"json_set", NULL, NULL, false},
	{"json_insert", NULL, NULL, false},
	{"json_replace", NULL, NULL, false},
	{"json_remove", NULL, NULL, false},
	{"json_patch", NULL, NULL, false},
	{"json_valid", NULL, NULL, false},
	{"json_quote", NULL, NULL, false},
	{"json_type", NULL, NULL, false},
	{"json_tree", NULL, NULL, false},
	{"json_group_array", NULL, NULL, false},
	{"json_group_object", NULL, NULL, false},
	{"likelihood", NULL, NULL, false},
	{"sqlite_version", NULL, NULL, false},
};

/* What a letter of strftime is for to_char. */
static const struct
{
	char letter;
	const char *to;
} letters[] = {
	{'Y', "YYYY"},       {'m', "MM"},         {'d', "DD"},      {'H', "HH24"},
	{'M', "MI"},         {'S', "SS"},         {'f', "SS.MS"},   {'j', "DDD"},
	{'F', "YYYY-MM-DD"}, {'T', "HH24:MI:SS"}, {'R', "HH24:MI"},
};

/* A format of strftime, quotes included, to one of to_char. False: it has
   something else. */
static bool
format_of(MigText *t, MigStr s)
{
	mig_text_char(t, '\'');
	for (size_t i = 1; i + 1 < s.len; i++)
	{
		const char *to = NULL;
		char c = s.at[i];

		if (c == '%' && i + 2 < s.len)
		{
			i++;
			for (int n = 0; n < MIG_COUNT(letters); n++)
				if (letters[n].letter == s.at[i])
					to = letters[n].to;
			if (to == NULL)
				return false;
			mig_text_add(t, to);
		}
		else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
			mig_text_fmt(t, "\"%c\"", c);
		else if (strchr("-: /.,", c) != NULL)
			mig_text_char(t, c);
		else
			return false;
	}
	mig_text_char(t, '\'');
	return true;
}

/* What datetime('now'), or datetime('now', 'subsec'), is where a value of the
   family is wanted. */
static const char *
moment(MigFamily family, bool subsec)
{
	switch (family)
	{
		case MIG_F_TIMESTAMP:
			return "(" UTC ")";
		case MIG_F_TIMESTAMPTZ:
			return "CURRENT_TIMESTAMP";
		case MIG_F_TEXT:
		case MIG_F_VARCHAR:
			return subsec ? "to_char(" UTC ", 'YYYY-MM-DD HH24:MI:SS.MS')"
			              : "to_char(" UTC ", 'YYYY-MM-DD HH24:MI:SS')";
		default:
			return subsec ? "date_trunc('milliseconds', " UTC ")"
			              : "date_trunc('second', " UTC ")";
	}
}

/* Whether the arguments between i and close are 'now', or none. */
static bool
is_now(const MigTokens *k, int i, int close)
{
	return i == close ||
	       (i + 1 == close && mig_str_word(k->at[i].text, "'now'"));
}

/* datetime, date, time, unixepoch, strftime at i. */
static bool
time_at(MigWorking *w, const MigExpr *e, int i)
{
	const MigTokens *k = &w->k;
	int close = mig_token_close(k, i + 1);
	MigSpan call = {i, close + 1};
	MigText t = {w->m, NULL, 0, 0};
	bool subsec;

	if (close >= k->count)
		return true;
	if (mig_token_is(k, i, "strftime"))
	{
		bool now = mig_token_char(k, i + 3, ',') ? is_now(k, i + 4, close)
		                                         : i + 3 == close;

		if (now && mig_str_is(k->at[i + 2].text, "'%s'"))
			mig_w_put(w, call, "extract(epoch FROM now())::bigint");
		else
		{
			mig_text_add(&t, "to_char(" UTC ", ");
			if (!now || k->at[i + 2].kind != MIG_T_STRING ||
			    !format_of(&t, k->at[i + 2].text))
				return mig_w_refuse(w, i, "this call of strftime()");
			mig_text_char(&t, ')');
			mig_w_replace(w, call, mig_text_str(&t));
		}
		return true;
	}
	subsec = mig_token_is(k, i, "datetime") && close == i + 5 &&
	         mig_str_word(k->at[i + 2].text, "'now'") &&
	         (mig_str_word(k->at[i + 4].text, "'subsec'") ||
	          mig_str_word(k->at[i + 4].text, "'subsecond'"));
	if (!subsec && !is_now(k, i + 2, close))
		return mig_w_refuse(w, i, "this call of %.*s()", MIG_S(k->at[i].text));
	if (mig_token_is(k, i, "datetime"))
		mig_w_put(w, call, moment(e->family, subsec));
	else if (mig_token_is(k, i, "unixepoch"))
		mig_w_put(w, call, "extract(epoch FROM now())::bigint");
	else if (mig_token_is(k, i, "date"))
		mig_w_put(w, call, "(" UTC ")::date");
	else
		mig_w_put(w, call, "date_trunc('second', " UTC ")::time");
	return true;
}

/* iif(a, b, c) is CASE WHEN a THEN b ELSE c END. */
static bool
iif_at(MigWorking *w, int i)
{
	int close = mig_token_close(&w->k, i + 1);
	int first = mig_token_comma(&w->k, i + 2, close);
	int second = mig_token_comma(&w->k, first + 1, close);

	if (close >= w->k.count || first >= close)
		return true;
	mig_w_put(w, (MigSpan){i, i + 2}, "CASE WHEN ");
	mig_w_put(w, (MigSpan){first, first + 1}, " THEN");
	if (second < close)
		mig_w_put(w, (MigSpan){second, second + 1}, " ELSE");
	mig_w_put(w, (MigSpan){close, close + 1}, " END");
	return true;
}

static bool
group_concat_at(MigWorking *w, int i)
{
	int close = mig_token_close(&w->k, i + 1);

	if (close >= w->k.count)
		return true;
	mig_w_put(w, (MigSpan){i, i + 1}, "string_agg");
	if (mig_token_comma(&w->k, i + 2, close) == close)
		mig_w_before(w, close, ", ','");
	return true;
}

/* randomblob(16) at i: bytes of a digest of as many UUIDs as there are random
   bits in it. False: it asks for more than a digest has. */
static bool
random_bytes(MigWorking *w, int i, MigText *t)
{
	int64_t n;

	if (!mig_token_is(&w->k, i, "randomblob") ||
	    mig_token_close(&w->k, i + 1) != i + 3 ||
	    !mig_str_int(w->k.at[i + 2].text, &n) || n < 1 || n > 32)
		return false;
	mig_text_add(t, "substring(sha256(");
	for (int bytes = 0; bytes < n; bytes += 15)
		mig_text_fmt(t, "%suuid_send(gen_random_uuid())",
		             bytes > 0 ? " || " : "");
	mig_text_fmt(t, ") FROM 1 FOR %d)", (int) n);
	return true;
}

/* hex() and randomblob() of what is bytes. *done: it was. */
static bool
bytes_at(MigWorking *w, const MigExpr *e, int i, bool *done)
{
	int close = mig_token_close(&w->k, i + 1);
	bool hex = mig_token_is(&w->k, i, "hex");
	const MigKnownColumn *c;
	MigText t = {w->m, NULL, 0, 0};

	*done = false;
	if (hex)
		mig_text_add(&t, "upper(encode(");
	if (random_bytes(w, hex ? i + 2 : i, &t))
		*done = !hex || close == i + 6;
	else if (hex && (close == i + 3 || close == i + 5))
	{
		c = mig_w_resolve(w, e, close - 1, true);
		*done = c != NULL && c->family == MIG_F_BYTES;
		mig_text_fmt(&t, "coalesce(%.*s, '')",
		             MIG_S(mig_span_text(&w->k, (MigSpan){i + 2, close})));
	}
	if (hex)
		mig_text_add(&t, ", 'hex'))");
	if (*done)
		mig_w_replace(w, (MigSpan){i, close + 1}, mig_text_str(&t));
	return mig_ok(w->m);
}

/* CAST(x AS BLOB) of what is text beyond doubt: a literal, a || b. */
static bool
blob_at(MigWorking *w, int i, int as)
{
	const MigTokens *k = &w->k;
	bool text = as == i + 3 && k->at[i + 2].kind == MIG_T_STRING &&
	            k->at[i + 2].text.at[0] == '\'';
	bool other = false;

	for (int n = i + 2; n < as; n++)
	{
		if (mig_token_char(k, n, '('))
			n = mig_token_close(k, n);
		text |= mig_str_is(k->at[n].text, "||");
		other |= k->at[n].kind == MIG_T_OPERATOR &&
		         !mig_str_is(k->at[n].text, "||");
	}
	if (!text || other)
		return mig_w_refuse(w, as, "a cast to a BLOB");
	mig_w_put(w, (MigSpan){i, i + 1}, "convert_to");
	mig_w_put(w, (MigSpan){as, as + 2}, ", 'UTF8'");
	return mig_ok(w->m);
}

/* CAST(x AS type) at i. */
static bool
cast_at(MigWorking *w, int i)
{
	MigSpan in = {i + 2, mig_token_close(&w->k, i + 1)};
	int as = mig_token_find(&w->k, in, "as");
	MigTypeName type;

	if (as < 0 || in.to >= w->k.count)
		return true;
	if (mig_token_is(&w->k, as + 1, "blob") && as + 2 == in.to)
		return blob_at(w, i, as);
	if (!mig_w_is_sqlite(w))
		return true;
	if (!mig_type_read(w->m, MIG_FOR_SQLITE,
	                   mig_span_text(&w->k, (MigSpan){as + 1, in.to}), &type))
		return false;
	if (type.family == MIG_F_BYTES)
		return blob_at(w, i, as);
	if (type.family == MIG_F_INT64 &&
	    !(mig_token_is(&w->k, i + 2, "strftime") ||
	      (as == i + 3 && w->k.at[i + 2].kind == MIG_T_STRING)))
		return mig_w_refuse(w, as,
		                    "a cast to an integer, which rounds there and "
		                    "cuts here,");
	if (type.postgresql != NULL && type.postgresql[0] != '\0')
		mig_w_put(w, (MigSpan){as + 1, in.to}, type.postgresql);
	return true;
}

static bool
call_at(MigWorking *w, const MigExpr *e, int i)
{
	static const char *const times[] = {"datetime", "strftime", "unixepoch"};
	int close = mig_token_close(&w->k, i + 1);
	bool done;

	for (int n = 0; n < MIG_COUNT(times); n++)
		if (mig_token_is(&w->k, i, times[n]))
			return time_at(w, e, i);
	if ((mig_token_is(&w->k, i, "date") || mig_token_is(&w->k, i, "time")) &&
	    mig_w_is_sqlite(w))
		return time_at(w, e, i);
	if (mig_token_is(&w->k, i, "cast"))
		return cast_at(w, i);
	if (mig_token_is(&w->k, i, "json") && close == i + 3 &&
	    w->k.at[i + 2].kind == MIG_T_STRING)
	{
		mig_w_replace(w, (MigSpan){i, close + 1}, w->k.at[i + 2].text);
		return true;
	}
	if (mig_token_is(&w->k, i, "iif"))
		return iif_at(w, i);
	if (mig_token_is(&w->k, i, "hex") || mig_token_is(&w->k, i, "randomblob"))
	{
		if (!bytes_at(w, e, i, &done))
			return false;
		if (done)
			return true;
	}
	if (mig_token_is(&w->k, i, "group_concat"))
		return group_concat_at(w, i);
	if ((mig_token_is(&w->k, i, "max") || mig_token_is(&w->k, i, "min")) &&
	    mig_token_comma(&w->k, i + 2, close) < close)
		return mig_w_refuse_hint(
			w, i, "PostgreSQL's greatest() and least() leave NULL out.",
			"%.*s() of several values", MIG_S(w->k.at[i].text));
	for (int n = 0; n < MIG_COUNT(functions); n++)
	{
		if (!mig_token_is(&w->k, i, functions[n].name) ||
		    (functions[n].both && !mig_w_is_sqlite(w)))
			continue;
		if (functions[n].to == NULL)
			return mig_w_refuse_hint(
				w, i, functions[n].hint ? functions[n].hint : "",
				"function \"%s\"", functions[n].name);
		mig_w_put(w, (MigSpan){i, i + 1}, functions[n].to);
		return true;
	}
	return true;
}

/* IS between two values, which PostgreSQL knows for NULL and truth only. */
static void
is_at(MigWorking *w, int i)
{
	static const char *const fine[] = {"null",       "true",    "false",
	                                   "distinct",   "unknown", "document",
	                                   "normalized", "json",    "of"};
	bool not = mig_token_is(&w->k, i + 1, "not");
	int next = i + 1 + not ;

	for (int n = 0; n < MIG_COUNT(fine); n++)
		if (mig_token_is(&w->k, next, fine[n]))
			return;
	if (next < w->k.count)
		mig_w_put(w, (MigSpan){i, next},
		          not ? "IS DISTINCT FROM" : "IS NOT DISTINCT FROM");
}

static bool
collate_at(MigWorking *w, int i)
{
	MigStr name = mig_token_bare(w->m, &w->k, i + 1);

	if (name.at == NULL)
		return false;
	if (mig_str_word(name, "binary"))
		mig_w_put(w, (MigSpan){i + 1, i + 2}, "\"C\"");
	if (mig_str_word(name, "nocase"))
		return mig_w_refuse_hint(
			w, i, "An index on lower() of the column works in both databases.",
			"COLLATE NOCASE");
	return !mig_str_word(name, "rtrim") || mig_w_refuse(w, i, "COLLATE RTRIM");
}

static bool
word_at(MigWorking *w, const MigExpr *e, int i)
{
	if (mig_token_char(&w->k, i - 1, '.'))
		return true;
	if (mig_w_is_call(&w->k, i) && !mig_token_is(&w->k, i - 1, "as") &&
	    !mig_token_char(&w->k, i - 1, ':'))
		return call_at(w, e, i);
	if (mig_token_is(&w->k, i, "is"))
		is_at(w, i);
	if (mig_token_is(&w->k, i, "collate"))
		return collate_at(w, i);
	if (mig_token_is(&w->k, i, "glob") || mig_token_is(&w->k, i, "regexp") ||
	    mig_token_is(&w->k, i, "match"))
		return !mig_w_is_operand_end(&w->k, i - 1) ||
		       mig_w_refuse(w, i, "operator %.*s", MIG_S(w->k.at[i].text));
	if (mig_token_is(&w->k, i, "current_timestamp") && mig_w_is_sqlite(w))
		mig_w_put(w, (MigSpan){i, i + 1}, moment(e->family, false));
	return true;
}

static bool
string_at(MigWorking *w, int i)
{
	MigText t = {w->m, NULL, 0, 0};
	MigStr s = w->k.at[i].text;

	if ((s.at[0] != 'x' && s.at[0] != 'X') || w->k.at[i].open)
		return true;
	mig_text_add(&t, "'\\x");
	mig_text_str_add(&t, mig_str_from(s, 2));
	mig_text_add(&t, "::bytea");
	mig_w_replace(w, (MigSpan){i, i + 1}, mig_text_str(&t));
	return true;
}

/* "x" where only a value can stand is a string to SQLite. */
static bool
name_at(MigWorking *w, const MigExpr *e, int i)
{
	MigStr name = mig_token_bare(w->m, &w->k, i);

	if (name.at == NULL)
		return false;
	if (w->k.at[i].text.at[0] != '"' || mig_w_got_quotes(w, i) ||
	    mig_token_char(&w->k, i + 1, '(') ||
	    mig_token_char(&w->k, i + 1, '.') ||
	    mig_token_char(&w->k, i - 1, '.') ||
	    mig_token_is(&w->k, i - 1, "collate") ||
	    mig_token_is(&w->k, i - 1, "as") || mig_token_char(&w->k, i - 1, ':'))
		return true;
	if (!e->value && (e->table == NULL ||
	                  mig_table_column(w->m, &w->k, e->table, name) >= 0))
		return true;

	/* A query among the values has columns of its own. */
	for (int n = e->span.from; n < i; n++)
		if (mig_token_is(&w->k, n, "select"))
			return true;
	return mig_w_refuse_hint(w, i, "Strings stand in single quotes.",
	                         "string %.*s", MIG_S(w->k.at[i].text));
}

static bool
operator_at(MigWorking *w, int i)
{
	MigStr s = w->k.at[i].text;
	MigStr next = w->k.at[i + 1].text;

	if (mig_str_is(s, "=="))
		mig_w_put(w, (MigSpan){i, i + 1}, "=");
	if ((mig_str_is(s, "->") || mig_str_is(s, "->>")) &&
	    mig_str_starts(next, MIG_LIT("'$")))
		return mig_w_refuse_hint(w, i, "A key works in both databases.",
		                         "a path behind %.*s", MIG_S(s));
	return true;
}

bool
mig_w_expr_postgres(MigWorking *w, const MigExpr *e)
{
	for (int i = e->span.from; i < e->span.to; i++)
	{
		bool fine = true;

		switch (w->k.at[i].kind)
		{
			case MIG_T_STRING:
				fine = string_at(w, i);
				break;
			case MIG_T_NAME:
				fine = name_at(w, e, i);
				break;
			case MIG_T_OPERATOR:
				fine = operator_at(w, i);
				break;
			case MIG_T_WORD:
				fine = word_at(w, e, i);
				break;
			default:
				break;
		}
		if (!fine)
			return false;
	}
	return mig_ok(w->m);
}
