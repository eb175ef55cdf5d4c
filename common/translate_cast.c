#include "private.h"

#include "translate_expr.h"

/*
 * Casts of PostgreSQL, x::type and CAST(x AS type), in SQLite, whose CAST takes
 * what a text begins with and cuts fractions off.
 */

static bool
is_text_like(MigFamily f)
{
	switch (f)
	{
		case MIG_F_TEXT:
		case MIG_F_VARCHAR:
		case MIG_F_DATE:
		case MIG_F_TIME:
		case MIG_F_TIMESTAMP:
		case MIG_F_TIMESTAMPTZ:
		case MIG_F_INTERVAL:
		case MIG_F_JSON:
		case MIG_F_UUID:
		case MIG_F_ENUM:
		case MIG_F_NETWORK:
			return true;
		default:
			return false;
	}
}

static bool
is_integer(MigFamily f)
{
	return f == MIG_F_INT16 || f == MIG_F_INT32 || f == MIG_F_INT64;
}

int
mig_w_type_end(const MigTokens *k, int i, int to)
{
	if (mig_token_name(k, i))
		i++;
	while (i + 1 < to && mig_token_char(k, i, '.'))
		i += 2;
	if (mig_token_is(k, i - 1, "double") && mig_token_is(k, i, "precision"))
		i++;
	else if (mig_token_is(k, i, "varying"))
		i++;
	if (mig_token_char(k, i, '('))
		i = mig_token_close(k, i) + 1;
	if (mig_token_words(k, i, "with time zone") ||
	    mig_token_words(k, i, "without time zone"))
		i += 3;
	while (mig_token_char(k, i, '['))
	{
		while (i < to && !mig_token_char(k, i, ']'))
			i++;
		i++;
	}
	return i < to ? i : to;
}

bool
mig_w_is_moving(MigStr s)
{
	static const char *const words[] = {"'now'", "'today'", "'tomorrow'",
	                                    "'yesterday'"};

	for (int i = 0; i < MIG_COUNT(words); i++)
		if (mig_str_word(s, words[i]))
			return true;
	return false;
}

/* '\x00ff' to X'00ff'. */
static bool
cast_bytes(MigWorking *w, MigSpan all, MigStr s)
{
	MigText t = {w->m, NULL, 0, 0};

	if (mig_str_is(s, "''"))
	{
		mig_w_put(w, all, "X''");
		return true;
	}
	if (s.len < 5 || s.at[1] != '\\' || s.at[2] != 'x')
		return false;
	mig_text_add(&t, "X'");
	mig_text_str_add(&t, mig_str_from(s, 3));
	mig_w_replace(w, all, mig_text_str(&t));
	return true;
}

/* The literal at i cast to a type: true when that is the literal itself, or
   something that is written here. */
static bool
cast_literal(MigWorking *w, int i, MigSpan cast, const MigTypeName *type)
{
	MigStr s = w->k.at[i].text;
	bool string = w->k.at[i].kind == MIG_T_STRING && s.at[0] == '\'';
	int64_t number;

	if (mig_token_is(&w->k, i, "null"))
	{
		mig_w_put(w, cast, "");
		return true;
	}
	if (string && type->family == MIG_F_BYTES)
		return cast_bytes(w, (MigSpan){i, cast.to}, s);
	if (string && type->family == MIG_F_BOOLEAN)
	{
		bool yes = mig_str_word(s, "'t'") || mig_str_word(s, "'true'");

		if (!yes && !mig_str_word(s, "'f'") && !mig_str_word(s, "'false'"))
			return false;
		mig_w_put(w, (MigSpan){i, cast.to}, yes ? "TRUE" : "FALSE");
		return true;
	}
	if (string && is_text_like(type->family) && !mig_w_is_moving(s) &&
	    (type->nargs == 0 || type->family != MIG_F_VARCHAR ||
	     (int64_t) s.len - 2 <= type->args[0]))
	{
		mig_w_put(w, cast, "");
		return true;
	}
	if (string && s.len > 2 && is_integer(type->family) &&
	    mig_str_int((MigStr){s.at + 1, s.len - 2}, &number))
	{
		mig_w_replace(w, (MigSpan){i, cast.to}, (MigStr){s.at + 1, s.len - 2});
		return true;
	}
	if ((is_integer(type->family) || type->family == MIG_F_NUMERIC) &&
	    w->k.at[i].kind == MIG_T_WORD && mig_str_int(s, &number))
	{
		mig_w_put(w, cast, "");
		return true;
	}
	return (mig_token_is(&w->k, i, "true") ||
	        mig_token_is(&w->k, i, "false")) &&
	       type->family == MIG_F_BOOLEAN && (mig_w_put(w, cast, ""), true);
}

/* The name that CAST takes in SQLite for a family; NULL: there is none. "":
   the value as it is. */
static const char *
cast_name(const MigTypeName *type, bool using)
{
	switch (type->family)
	{
		case MIG_F_TEXT:
			return "TEXT";
		case MIG_F_VARCHAR:
			return type->nargs == 0 || using ? "TEXT" : NULL;
		case MIG_F_NUMERIC:
			return type->nargs == 0 || using ? "NUMERIC" : NULL;
		case MIG_F_FLOAT32:
		case MIG_F_FLOAT64:
			return "REAL";
		case MIG_F_INT16:
		case MIG_F_INT32:
		case MIG_F_INT64:
			return using ? "INTEGER" : NULL;
		case MIG_F_TIMESTAMP:
		case MIG_F_TIMESTAMPTZ:
		case MIG_F_JSON:
		case MIG_F_UUID:
		case MIG_F_ENUM:
			return using ? "" : NULL;
		default:
			return NULL;
	}
}

static bool
read_cast_type(MigWorking *w, MigSpan s, MigTypeName *type)
{
	if (!mig_type_read(w->m, MIG_FOR_POSTGRESQL, mig_span_text(&w->k, s),
	                   type))
		return false;
	if (type->family == MIG_F_OTHER && mig_w_find_enum(w, type->name) != NULL)
		type->family = MIG_F_ENUM;
	return true;
}

/* x::integer in USING: PostgreSQL rounds, and refuses what is no number. What
   stands there alone is left to the column: a value that it does not take is
   an error. *done: something was written. */
static bool
cast_whole(MigWorking *w, const MigExpr *e, MigSpan s, MigSpan cast,
           bool *done)
{
	MigSpan all = {e->span.from, e->span.to};
	const MigKnownColumn *c = s.to == s.from + 1 || s.to == s.from + 3
	                              ? mig_w_resolve(w, e, s.to - 1, false)
	                              : NULL;
	MigNumber n = mig_w_number(w, e, s);
	MigStr x;
	MigText t = {w->m, NULL, 0, 0};

	while (mig_token_char(&w->k, all.from, '(') &&
	       mig_token_close(&w->k, all.from) == all.to - 1 && all.from < s.from)
		all = (MigSpan){all.from + 1, all.to - 1};
	if (n == MIG_N_INTEGER || (c != NULL && c->family == MIG_F_BOOLEAN))
		return true;
	*done = true;
	if (n == MIG_N_NUMERIC || (n == MIG_N_REAL && c == NULL))
	{
		mig_w_before(w, s.from, "CAST(round(");
		mig_w_put(w, cast, ") AS INTEGER)");
		return mig_ok(w->m);
	}
	if (n == MIG_N_REAL)
	{
		x = mig_span_text(&w->k, s);
		mig_text_fmt(&t,
		             "CAST(CASE WHEN abs(%.*s - CAST(%.*s AS INTEGER)) = 0.5 "
		             "THEN round(%.*s / 2.0) * 2 ELSE round(%.*s) END AS "
		             "INTEGER)",
		             MIG_S(x), MIG_S(x), MIG_S(x), MIG_S(x));
		mig_w_replace(w, (MigSpan){s.from, cast.to}, mig_text_str(&t));
		return mig_ok(w->m);
	}
	if (all.from == s.from && all.to == cast.to)
	{
		mig_w_put(w, cast, "");
		return mig_ok(w->m);
	}
	return mig_w_refuse_hint(
		w, cast.from,
		"Only a column of numbers can be rounded in a larger expression.",
		"cast to an integer of what may be no number");
}

/* Whether every value of the family has the type already. */
static bool
has_type(MigFamily f, const MigTypeName *type)
{
	if (type->nargs > 0)
		return false;
	if (is_integer(f) && is_integer(type->family))
		return f == type->family || f == MIG_F_INT16 ||
		       type->family == MIG_F_INT64;
	return f == type->family &&
	       (f == MIG_F_TIMESTAMP || f == MIG_F_TIMESTAMPTZ ||
	        f == MIG_F_DATE || f == MIG_F_UUID || f == MIG_F_BOOLEAN);
}

/* A cast of something whose type is known, where SQLite's CAST does something
   else. */
static bool
cast_column(MigWorking *w, const MigExpr *e, MigSpan s, MigSpan cast,
            const MigTypeName *type, bool *done)
{
	const MigKnownColumn *c;

	if (e->using && is_integer(type->family))
		return cast_whole(w, e, s, cast, done);
	if (s.to != s.from + 1 && s.to != s.from + 3)
		return true;
	c = mig_w_resolve(w, e, s.to - 1, false);
	if (c != NULL && has_type(c->family, type))
	{
		*done = true;
		mig_w_put(w, cast, "");
		return mig_ok(w->m);
	}
	if (type->family != MIG_F_TEXT && type->family != MIG_F_VARCHAR)
		return mig_ok(w->m);
	return c == NULL ||
	       mig_w_as_text(w, s, (MigSpan){s.from, cast.to}, c->family, done);
}

int
mig_w_cast_at(MigWorking *w, const MigExpr *e, int i, MigCasts *last)
{
	MigSpan type = {i + 2, mig_w_type_end(&w->k, i + 2, e->span.to)};
	MigSpan cast = {i, type.to};
	int start = last->end == i ? last->start
	                           : mig_w_operand(&w->k, i - 1, e->span.from);
	MigTypeName name;
	bool done = false;
	const char *to;
	char end[32];

	if (!read_cast_type(w, type, &name))
		return -1;
	last->start = start;
	last->end = type.to;
	if (start == i - 1 && cast_literal(w, start, cast, &name))
		return type.to;
	if (start >= 0 &&
	    !cast_column(w, e, (MigSpan){start, i}, cast, &name, &done))
		return -1;
	if (done)
		return type.to;
	to = cast_name(&name, e->using);
	if (start < 0 || to == NULL)
	{
		mig_w_refuse(w, i, "cast to \"%.*s\"",
		             MIG_S(mig_span_text(&w->k, type)));
		return -1;
	}
	if (to[0] == '\0')
		mig_w_put(w, cast, "");
	else
	{
		mig_w_before(w, start, "CAST(");
		snprintf(end, sizeof(end), " AS %s)", to);
		mig_w_replace(w, cast, mig_copy(w->m, mig_str(end)));
	}
	return type.to;
}

bool
mig_w_cast_call(MigWorking *w, const MigExpr *e, int i)
{
	int close = mig_token_close(&w->k, i + 1);
	MigSpan in = {i + 2, close};
	int as = mig_token_find(&w->k, in, "as");
	MigTypeName name;
	const char *to;

	if (as < 0 || close >= w->k.count)
		return true;
	in.from = as + 1;
	if (mig_w_is_sqlite(w) && !w->of_postgres)
		return true;
	if (!read_cast_type(w, in, &name))
		return false;
	if (name.family == MIG_F_OTHER)
		return true;
	to = cast_name(&name, e->using);
	if (mig_str_word(name.name, "integer") && !w->of_postgres)
		return true;
	if (to == NULL || to[0] == '\0')
		return name.where == MIG_FOR_SQLITE ||
		       mig_w_refuse(w, as, "cast to \"%.*s\"",
		                    MIG_S(mig_span_text(&w->k, in)));
	if (!mig_name_same(name.name, mig_str(to)))
		mig_w_put(w, in, to);
	return true;
}
