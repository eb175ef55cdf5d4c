#include "private.h"

#include "keywords.h"
#include "translate_expr.h"

/*
 * Functions of PostgreSQL. to: what the name becomes; with arguments left out
 * (`whole`), what the call becomes. NULL: there is no equal, hint says more.
 */
typedef struct Function
{
	const char *name;
	const char *to;
	bool whole;
	const char *hint;
} Function;

/* SQLite has functions of these names, which are others: they are refused
   only in a statement that shows that it is PostgreSQL's. */
static const char *const both[] = {"random", "concat", "concat_ws",
                                   "generate_series"};

#define UUID4                                                                 \
	"(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || "      \
	"substr(hex(randomblob(2)), 2) || '-' || "                                \
	"substr('89ab', 1 + (abs(random()) % 4), 1) || "                          \
	"substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))"

static const Function functions[] = {
	{"now", "CURRENT_TIMESTAMP", true, NULL},
	{"transaction_timestamp", "CURRENT_TIMESTAMP", true, NULL},
	{"statement_timestamp", "CURRENT_TIMESTAMP", true, NULL},
	{"clock_timestamp", "CURRENT_TIMESTAMP", true, NULL},
	{"gen_random_uuid", UUID4, true, NULL},
	{"uuid_generate_v4", UUID4, true, NULL},
	{"char_length", "length", false, NULL},
	{"character_length", "length", false, NULL},
	{"btrim", "trim", false, NULL},
	{"strpos", "instr", false, NULL},
	{"jsonb_array_length", "json_array_length", false, NULL},
	{"jsonb_build_object", "json_object", false, NULL},
	{"json_build_object", "json_object", false, NULL},
	{"jsonb_build_array", "json_array", false, NULL},
	{"json_build_array", "json_array", false, NULL},
	{"chr", "char", false, NULL},
	{"ascii", "unicode", false, NULL},
	{"random", NULL, false, "It gives integers in SQLite."},
	{"greatest", NULL, false, "SQLite's max() gives NULL when one is NULL."},
	{"least", NULL, false, "SQLite's min() gives NULL when one is NULL."},
	{"nextval", NULL, false, "Use an identity column."},
	{"currval", NULL, false, "Use RETURNING."},
	{"setval", NULL, false, "Use an identity column."},
	{"lastval", NULL, false, "Use RETURNING."},
	{"pg_get_serial_sequence", NULL, false, NULL},
	{"to_char", NULL, false, NULL},
	{"to_date", NULL, false, NULL},
	{"to_timestamp", NULL, false, NULL},
	{"to_number", NULL, false, NULL},
	{"to_tsvector", NULL, false, NULL},
	{"to_tsquery", NULL, false, NULL},
	{"setweight", NULL, false, NULL},
	{"date_trunc", NULL, false, NULL},
	{"date_part", NULL, false, NULL},
	{"extract", NULL, false, NULL},
	{"age", NULL, false, NULL},
	{"make_interval", NULL, false, NULL},
	{"make_date", NULL, false, NULL},
	{"timezone", NULL, false, NULL},
	{"concat", NULL, false, "The operator || joins text in both."},
	{"concat_ws", NULL, false, "The operator || joins text in both."},
	{"left", NULL, false, "Use substr()."},
	{"right", NULL, false, "Use substr()."},
	{"lpad", NULL, false, NULL},
	{"rpad", NULL, false, NULL},
	{"repeat", NULL, false, NULL},
	{"reverse", NULL, false, NULL},
	{"initcap", NULL, false, NULL},
	{"position", NULL, false, "Use strpos()."},
	{"quote_literal", NULL, false, NULL},
	{"quote_ident", NULL, false, NULL},
	{"to_hex", NULL, false, NULL},
	{"bit_length", NULL, false, NULL},
	{"overlay", NULL, false, NULL},
	{"split_part", NULL, false, NULL},
	{"translate", NULL, false, NULL},
	{"md5", NULL, false, NULL},
	{"sha256", NULL, false, NULL},
	{"digest", NULL, false, NULL},
	{"encode", NULL, false, NULL},
	{"decode", NULL, false, NULL},
	{"convert_from", NULL, false, NULL},
	{"convert_to", NULL, false, NULL},
	{"regexp_replace", NULL, false, NULL},
	{"regexp_match", NULL, false, NULL},
	{"regexp_matches", NULL, false, NULL},
	{"array_agg", NULL, false, NULL},
	{"array_length", NULL, false, NULL},
	{"array_to_string", NULL, false, NULL},
	{"string_to_array", NULL, false, NULL},
	{"unnest", NULL, false, NULL},
	{"cardinality", NULL, false, NULL},
	{"generate_series", NULL, false, NULL},
	{"jsonb_typeof", NULL, false, "Its words differ from json_type()'s."},
	{"json_typeof", NULL, false, "Its words differ from json_type()'s."},
	{"jsonb_set", NULL, false, NULL},
	{"jsonb_agg", NULL, false, "It gives NULL where SQLite gives []."},
	{"jsonb_object_agg", NULL, false, NULL},
	{"json_object_agg", NULL, false, NULL},
	{"json_agg", NULL, false, "It gives NULL where SQLite gives []."},
	{"jsonb_array_elements", NULL, false, NULL},
	{"jsonb_array_elements_text", NULL, false, NULL},
	{"jsonb_each", NULL, false, NULL},
	{"to_json", NULL, false, NULL},
	{"to_jsonb", NULL, false, NULL},
	{"row_to_json", NULL, false, NULL},
	{"bool_and", NULL, false, "Use min()."},
	{"bool_or", NULL, false, "Use max()."},
	{"every", NULL, false, "Use min()."},
	{"num_nonnulls", NULL, false, NULL},
	{"num_nulls", NULL, false, NULL},
	{"current_setting", NULL, false, NULL},
	{"set_config", NULL, false, NULL},
	{"div", NULL, false, NULL},
	{"isfinite", NULL, false, NULL},
	{"similarity", NULL, false, NULL},
	{"hashtext", NULL, false, NULL},
	{"uuid_generate_v1", NULL, false, "Use gen_random_uuid()."},
	{"uuidv7", NULL, false, "Use gen_random_uuid()."},
};

/* Operators of PostgreSQL that SQLite does not have, or reads otherwise. */
static const char *const operators[] = {
	"~",  "~*", "!~",  "!~*", "~~", "!~~", "~~*", "!~~*", "@>",
	"<@", "?",  "?|",  "?&",  "#>", "#>>", "#-",  "&&",   "@@",
	"^",  "|/", "||/", "<->", "@?", "-|-", "^@",  "#",
};

static bool
is_both(const char *name)
{
	for (int i = 0; i < MIG_COUNT(both); i++)
		if (strcmp(both[i], name) == 0)
			return true;
	return false;
}

/* substring(a FROM b FOR c) is substr(a, b, c); the FROM of a pattern is
   another. */
static bool
substring_at(MigWorking *w, int i, int close)
{
	MigSpan in = {i + 2, close};
	int from = mig_token_find(&w->k, in, "from");
	int with = mig_token_find(&w->k, in, "for");

	if (close >= w->k.count || (from < 0 && with < 0))
		return true;
	if (from < 0 || (with >= 0 && with < from) ||
	    w->k.at[from + 1].kind == MIG_T_STRING)
		return mig_w_refuse_hint(w, i, "Use substr().",
		                         "this form of substring()");
	mig_w_put(w, (MigSpan){i, i + 1}, "substr");
	mig_w_put(w, (MigSpan){from, from + 1}, ",");
	if (with >= 0)
		mig_w_put(w, (MigSpan){with, with + 1}, ",");
	return mig_ok(w->m);
}

/* octet_length(x) is length(CAST(x AS BLOB)), but for the blanks of char(n). */
static bool
octets_at(MigWorking *w, const MigExpr *e, int i, int close)
{
	const MigKnownColumn *c = mig_w_resolve(w, e, close - 1, false);

	if (close >= w->k.count)
		return true;
	if (c != NULL && c->family == MIG_F_CHAR)
		return mig_w_refuse(w, i, "octet_length() of a char(n)");
	mig_w_put(w, (MigSpan){i, i + 2}, "length(CAST(");
	mig_w_put(w, (MigSpan){close, close + 1}, " AS BLOB))");
	return mig_ok(w->m);
}

/* A call at i. */
static bool
call_at(MigWorking *w, const MigExpr *e, int i)
{
	int close = mig_token_close(&w->k, i + 1);

	if (mig_token_is(&w->k, i, "cast"))
		return mig_w_cast_call(w, e, i);
	if (mig_token_is(&w->k, i, "substring"))
		return substring_at(w, i, close);
	if (mig_token_is(&w->k, i, "octet_length"))
		return octets_at(w, e, i, close);
	if (mig_token_is(&w->k, i, "string_agg"))
		return mig_w_string_agg(w, i, close);
	if (mig_token_is(&w->k, i, "trim") && close < w->k.count &&
	    mig_token_find(&w->k, (MigSpan){i + 2, close}, "from") >= 0)
		return mig_w_refuse_hint(w, i, "Write trim(text, characters).",
		                         "trim(... FROM ...)");
	if (mig_token_is(&w->k, i, "timezone") && close == i + 7 &&
	    mig_str_word(w->k.at[i + 2].text, "'utc'") &&
	    mig_token_is(&w->k, i + 4, "now"))
	{
		mig_w_put(w, (MigSpan){i, close + 1}, "CURRENT_TIMESTAMP");
		return true;
	}
	for (int n = 0; n < MIG_COUNT(functions); n++)
	{
		const Function *f = &functions[n];

		if (!mig_token_is(&w->k, i, f->name))
			continue;
		if (is_both(f->name) && !mig_w_is_postgres(w) && !w->of_postgres)
			return true;
		if (f->to == NULL)
			return mig_w_refuse_hint(w, i, f->hint ? f->hint : "",
			                         "function \"%s\"", f->name);
		if (!f->whole)
			mig_w_put(w, (MigSpan){i, i + 1}, f->to);
		else if (close == i + 2)
			mig_w_put(w, (MigSpan){i, close + 1}, f->to);
		return true;
	}
	return true;
}

/* Words that have no equal, wherever they stand in an expression or query. */
static const struct
{
	const char *words;
	const char *hint;
	bool foreign; /* only in a statement that is PostgreSQL's: in another one
	                 it may be a column */
} refused[] = {
	{"ilike", "LIKE does not look at case in SQLite.", false},
	{"similar to", "", false},
	{"lateral", "", false},
	{"distinct on", "", false},
	{"for update", "A migration has the database to itself.", false},
	{"for share", "A migration has the database to itself.", false},
	{"for no key", "A migration has the database to itself.", false},
	{"fetch first", "Use LIMIT.", false},
	{"fetch next", "Use LIMIT.", false},
	{"grouping sets", "", false},
	{"current_user", "", false},
	{"session_user", "", false},
	{"current_role", "", false},
	{"user", "", true},
	{"current_catalog", "", true},
	{"current_schema", "", true},
	{"system_user", "", true},
	{"localtimestamp", "Use CURRENT_TIMESTAMP.", false},
	{"localtime", "", false},
	{"tablesample", "", false},
};

/* AT TIME ZONE at i: only a moment of now in UTC is the same. */
static int
zone_at(MigWorking *w, const MigExpr *e, int i)
{
	MigStr zone = w->k.at[i + 3].text;
	int start = mig_w_operand(&w->k, i - 1, e->span.from);
	bool utc = i + 3 < w->k.count &&
	           (mig_str_word(zone, "'utc'") || mig_str_word(zone, "'gmt'"));
	bool now =
		mig_token_is(&w->k, i - 1, "current_timestamp") ||
		(start >= 0 && mig_token_words(&w->k, start, "now") && start == i - 3);

	if (!utc || !now)
	{
		mig_w_refuse(w, i, "AT TIME ZONE");
		return -1;
	}
	mig_w_put(w, (MigSpan){start, i + 4}, "CURRENT_TIMESTAMP");
	return i + 4;
}

/* IS [NOT] DISTINCT FROM: IS [NOT] says the same, the other way round. */
static int
distinct_at(MigWorking *w, int i)
{
	if (mig_token_words(&w->k, i, "is distinct from"))
	{
		mig_w_put(w, (MigSpan){i, i + 3}, "IS NOT");
		return i + 3;
	}
	if (mig_token_words(&w->k, i, "is not distinct from"))
	{
		mig_w_put(w, (MigSpan){i, i + 4}, "IS");
		return i + 4;
	}
	return 0;
}

/* = ANY (ARRAY[a, b]) is IN (a, b). */
static int
any_at(MigWorking *w, int i, MigCasts *last)
{
	int open = i + 1, close = mig_token_close(&w->k, open);
	int array = open;
	int end = close - 1;

	if (i > 0 && mig_str_is(w->k.at[i - 1].text, "=") &&
	    mig_token_is(&w->k, i, "any"))
	{
		/* pg_dump casts the array: (ARRAY[..])::text[]. */
		while (mig_token_char(&w->k, array, '('))
			array++;
		if (mig_token_is(&w->k, array, "array") &&
		    mig_token_char(&w->k, array + 1, '['))
		{
			int to = array + 2;

			while (to < close && !mig_token_char(&w->k, to, ']'))
				to++;
			end = to + 1;
			while (end < close && mig_token_char(&w->k, end, ')'))
				end++;
			if (end < close && mig_token_char(&w->k, end, ':'))
				end = mig_w_type_end(&w->k, end + 2, close);
			if (end == close && to < close)
			{
				mig_w_put(w, (MigSpan){i - 1, array + 2}, "IN (");
				mig_w_put(w, (MigSpan){to, close + 1}, ")");
				last->skip = to;
				last->skip_to = close + 1;
				return array + 2;
			}
		}
	}
	mig_w_refuse_hint(w, i, "Use IN.", "%.*s with an array or query",
	                  MIG_S(w->k.at[i].text));
	return -1;
}

/* date '2020-01-01' and the like; interval '1 day' has no equal. */
static int
typed_literal(MigWorking *w, int i)
{
	static const char *const names[] = {"date", "time", "timestamp",
	                                    "timestamptz"};

	if (mig_w_is_operand_end(&w->k, i - 1) ||
	    w->k.at[i + 1].kind != MIG_T_STRING || i + 1 >= w->k.count)
		return 0;
	if (mig_token_is(&w->k, i, "interval") ||
	    mig_w_is_moving(w->k.at[i + 1].text))
	{
		mig_w_refuse(w, i, "%.*s %.*s", MIG_S(w->k.at[i].text),
		             MIG_S(w->k.at[i + 1].text));
		return -1;
	}
	for (int n = 0; n < MIG_COUNT(names); n++)
		if (mig_token_is(&w->k, i, names[n]))
		{
			mig_w_drop(w, (MigSpan){i, i + 1});
			return i + 2;
		}
	return 0;
}

/* A value of the session, as user, is one in PostgreSQL; behind AS it is a
   name, and in a statement that is not PostgreSQL's it may be a column. */
static bool
is_column(MigWorking *w, const MigExpr *e, int i)
{
	const MigKeyword *word = mig_keyword(w->k.at[i].text);

	return word != NULL && word->use == MIG_K_VALUE &&
	       (mig_token_is(&w->k, i - 1, "as") ||
	        (!mig_w_is_foreign(w) && mig_w_resolve(w, e, i, false) != NULL));
}

static int
word_at(MigWorking *w, const MigExpr *e, int i, MigCasts *last)
{
	int next;

	if (mig_token_char(&w->k, i - 1, '.'))
		return i + 1;
	if ((mig_token_is(&w->k, i, "public") ||
	     mig_token_is(&w->k, i, "pg_catalog")) &&
	    mig_token_char(&w->k, i + 1, '.'))
	{
		mig_w_put(w, (MigSpan){i, i + 2}, "");
		return mig_w_is_call(&w->k, i + 2) && !call_at(w, e, i + 2) ? -1
		                                                            : i + 3;
	}
	if (mig_w_is_call(&w->k, i))
		return call_at(w, e, i) ? i + 1 : -1;
	if (mig_token_words(&w->k, i, "at time zone"))
		return zone_at(w, e, i);
	if (mig_token_char(&w->k, i + 1, '(') &&
	    (mig_token_is(&w->k, i, "any") || mig_token_is(&w->k, i, "some")))
		return any_at(w, i, last);
	if (mig_token_is(&w->k, i, "array") && mig_token_char(&w->k, i + 1, '['))
	{
		mig_w_refuse(w, i, "an array");
		return -1;
	}
	if (mig_token_is(&w->k, i, "only") &&
	    (mig_token_is(&w->k, i - 1, "from") ||
	     mig_token_is(&w->k, i - 1, "update")))
	{
		mig_w_drop(w, (MigSpan){i, i + 1});
		return i + 1;
	}
	for (int n = 0; n < MIG_COUNT(refused); n++)
		if (mig_token_words(&w->k, i, refused[n].words) &&
		    (!refused[n].foreign || mig_w_is_foreign(w)) &&
		    !is_column(w, e, i))
		{
			mig_w_refuse_hint(w, i, refused[n].hint, "%s", refused[n].words);
			return -1;
		}
	next = distinct_at(w, i);
	if (next == 0)
		next = typed_literal(w, i);
	return next == 0 ? i + 1 : next;
}

/* Strings that SQLite does not know. */
static int
string_at(MigWorking *w, int i)
{
	const MigToken *token = &w->k.at[i];
	int to;
	MigText t = {w->m, NULL, 0, 0};
	MigStr value = mig_w_literals(w, i, &to);

	if (token->open)
		return i + 1;
	if (strchr("'xX", token->text.at[0]) != NULL && to == i + 1)
		return to;
	if (value.at == NULL)
	{
		mig_w_refuse(w, i, "string %.*s", MIG_S(token->text));
		return -1;
	}
	mig_text_literal(&t, value);
	mig_w_replace(w, (MigSpan){i, to}, mig_text_str(&t));
	return to;
}

static int
operator_at(MigWorking *w, int i)
{
	for (int n = 0; n < MIG_COUNT(operators); n++)
		if (mig_str_is(w->k.at[i].text, operators[n]) &&
		    mig_w_is_operand_end(&w->k, i - 1))
		{
			mig_w_refuse(w, i, "operator %s", operators[n]);
			return -1;
		}
	return i + 1;
}

static int
char_at(MigWorking *w, const MigExpr *e, int i, MigCasts *last)
{
	if (mig_token_char(&w->k, i, ':') && mig_token_char(&w->k, i + 1, ':'))
		return mig_w_cast_at(w, e, i, last);
	if (mig_token_char(&w->k, i, '['))
	{
		mig_w_refuse(w, i, "an array");
		return -1;
	}
	return i + 1;
}

bool
mig_w_expr_sqlite(MigWorking *w, const MigExpr *e)
{
	MigCasts last = {-1, -1, -1, -1};
	int i = e->span.from;

	while (i >= 0 && i < e->span.to)
	{
		if (i == last.skip)
		{
			i = last.skip_to;
			continue;
		}
		switch (w->k.at[i].kind)
		{
			case MIG_T_STRING:
			case MIG_T_DOLLAR:
				i = string_at(w, i);
				break;
			case MIG_T_OPERATOR:
				i = operator_at(w, i);
				break;
			case MIG_T_CHAR:
				i = char_at(w, e, i, &last);
				break;
			case MIG_T_WORD:
				i = word_at(w, e, i, &last);
				break;
			default:
				i++;
		}
	}
	return mig_ok(w->m);
}
