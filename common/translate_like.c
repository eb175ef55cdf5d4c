#include "private.h"

#include "translate_expr.h"

/* LIKE, which looks at case in PostgreSQL and not in SQLite. */

static bool
has_letter(MigStr s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((s.at[i] >= 'a' && s.at[i] <= 'z') ||
		    (s.at[i] >= 'A' && s.at[i] <= 'Z'))
			return true;
	return false;
}

/* A LIKE. */
typedef struct Like
{
	int like;       /* its token */
	int left;       /* the first token of the left operand, or -1 */
	MigSpan right;  /* the pattern */
	MigSpan escape; /* behind ESCAPE; empty: there is none */
	MigStr pattern; /* of a literal; absent: it is none */
	int letter;     /* what escapes; 0: nothing, -1: it is not known */
} Like;

/* Operators that bind tighter than LIKE in both databases. */
static bool
is_tight(const MigTokens *k, int i)
{
	static const char *const signs[] = {"||", "+", "-",  "*",
	                                    "/",  "%", "->", "->>"};

	if (i >= k->count || k->at[i].kind != MIG_T_OPERATOR)
		return false;
	for (int n = 0; n < MIG_COUNT(signs); n++)
		if (mig_str_is(k->at[i].text, signs[n]))
			return true;
	return false;
}

/* Behind an operand that begins at i with its casts and collations; -1: it is
   some other thing. */
static int
operand_end(const MigTokens *k, int i, int to)
{
	if (i >= to)
		return -1;
	if (mig_w_is_call(k, i))
		i = mig_token_close(k, i + 1) + 1;
	else if (mig_token_char(k, i, '('))
		i = mig_token_close(k, i) + 1;
	else if (k->at[i].kind == MIG_T_STRING || k->at[i].kind == MIG_T_DOLLAR)
		i++;
	else if (mig_token_name(k, i) && !mig_token_is(k, i, "case") &&
	         !mig_token_is(k, i, "any") && !mig_token_is(k, i, "all") &&
	         !mig_token_is(k, i, "some"))
		for (i++; mig_token_char(k, i, '.'); i += 2)
			;
	else
		return -1;
	while (mig_token_is(k, i, "collate"))
		i += 2;
	while (mig_token_char(k, i, ':') && mig_token_char(k, i + 1, ':'))
		i += 3;
	return i <= to ? i : -1;
}

static bool
like_read(MigWorking *w, const MigExpr *e, int i, Like *x)
{
	const MigTokens *k = &w->k;
	int not = mig_token_is(k, i - 1, "not");
	int end = operand_end(k, i + 1, e->span.to);
	MigStr letter;

	memset(x, 0, sizeof(*x));
	x->like = i;
	x->left = mig_w_operand(k, i - 1 - not, e->span.from);
	x->letter = '\\';
	while (end > 0 && is_tight(k, end))
		end = operand_end(k, end + 1, e->span.to);
	if (end < 0)
		return false;
	x->right = (MigSpan){i + 1, end};
	x->escape = (MigSpan){end, end};
	if (end == i + 2 || (end == i + 5 && mig_token_char(k, i + 2, ':')))
		x->pattern = mig_w_literal(w, i + 1);
	if (end < e->span.to && mig_token_is(k, end, "escape"))
	{
		x->escape = (MigSpan){end, end + 2};
		letter = mig_w_literal(w, end + 1);
		x->letter = letter.at == NULL || letter.len > 1 ? -1
		            : letter.len == 0                   ? 0
		                                                : letter.at[0];
	}
	return mig_ok(w->m);
}

/* Whether parts that || joins are all calls of a function, or literals without
   the letters from that one on. */
static bool
is_folded_by(MigWorking *w, MigSpan s, const char *function, char letter)
{
	const MigTokens *k = &w->k;

	for (int i = s.from; i < s.to; i++)
	{
		MigStr text = mig_w_literal(w, i);

		if (text.at == NULL &&
		    !(mig_token_is(k, i, function) && mig_token_char(k, i + 1, '(')))
			return false;
		for (size_t n = 0; n < text.len; n++)
			if (text.at[n] >= letter && text.at[n] <= letter + 25)
				return false;
		i = text.at != NULL ? i + 1 : mig_token_close(k, i + 1) + 1;
		if (i < s.to && !mig_str_is(k->at[i].text, "||"))
			return false;
	}
	return true;
}

/* Whether case does not matter: both sides are small letters, or both large
   ones. */
static bool
is_folded(MigWorking *w, const Like *x)
{
	MigSpan left = {x->left, x->like};

	if (x->left < 0)
		return false;
	left.to -= mig_token_is(&w->k, x->like - 1, "not");
	return (mig_token_is(&w->k, x->left, "lower") &&
	        is_folded_by(w, left, "lower", 'A') &&
	        is_folded_by(w, x->right, "lower", 'A')) ||
	       (mig_token_is(&w->k, x->left, "upper") &&
	        is_folded_by(w, left, "upper", 'a') &&
	        is_folded_by(w, x->right, "upper", 'a'));
}

/* A pattern of LIKE as one of GLOB, which looks at case. False: it ends with
   what escapes. */
static bool
glob_of(const Like *x, MigText *t)
{
	MigStr s = x->pattern;

	for (size_t i = 0; i < s.len; i++)
	{
		bool escaped = x->letter > 0 && s.at[i] == (char) x->letter;

		i += escaped;
		if (i >= s.len)
			return false;
		if (!escaped && s.at[i] == '%')
			mig_text_char(t, '*');
		else if (!escaped && s.at[i] == '_')
			mig_text_char(t, '?');
		else if (strchr("*?[", s.at[i]) != NULL)
			mig_text_fmt(t, "[%c]", s.at[i]);
		else
			mig_text_char(t, s.at[i]);
	}
	return true;
}

static bool
like_sqlite(MigWorking *w, const Like *x)
{
	MigText glob = {w->m, NULL, 0, 0}, t = {w->m, NULL, 0, 0};
	bool plain = memchr(x->pattern.at == NULL ? "\\" : x->pattern.at, '\\',
	                    x->pattern.at == NULL ? 1 : x->pattern.len) == NULL;

	if (is_folded(w, x) && x->letter >= 0)
	{
		if (!plain && x->escape.from == x->escape.to)
			mig_w_behind(w, x->right.to - 1, " ESCAPE '\\'");
		return mig_ok(w->m);
	}
	if (x->pattern.at == NULL || x->letter < 0)
		return mig_w_refuse_hint(
			w, x->right.from,
			"LIKE does not look at case in SQLite. Compare lower() of both"
			" sides, or write the pattern as a literal.",
			"LIKE with a pattern that is no literal");
	if (!has_letter(x->pattern) && (plain || x->escape.from < x->escape.to))
		return true;
	if (!glob_of(x, &glob))
		return mig_w_refuse(w, x->right.from, "this pattern of LIKE");
	mig_text_literal(&t, mig_text_str(&glob));
	mig_w_put(w, (MigSpan){x->like, x->like + 1}, "GLOB");
	mig_w_replace(w, x->right, mig_text_str(&t));
	if (x->escape.from < x->escape.to)
		mig_w_drop(w, x->escape);
	return mig_ok(w->m);
}

static bool
like_postgres(MigWorking *w, const Like *x)
{
	if (x->pattern.at == NULL || has_letter(x->pattern))
	{
		mig_w_put(w, (MigSpan){x->like, x->like + 1}, "ILIKE");
		mig_w_behind(w, x->right.to - 1, " COLLATE \"C\"");
	}
	if (x->pattern.at == NULL && x->escape.from == x->escape.to)
		mig_w_behind(w, x->right.to - 1, " ESCAPE ''");
	return mig_ok(w->m);
}

/* Of a statement that stays as it is. */
static bool
like_note(MigWorking *w, const Like *x)
{
	if (x->pattern.at == NULL && x->escape.from == x->escape.to &&
	    !mig_w_differs(w, x->like,
	                   "a backslash in the pattern of LIKE escapes in "
	                   "PostgreSQL only: write ESCAPE '\\' behind it"))
		return false;
	if (is_folded(w, x) || (x->pattern.at != NULL && !has_letter(x->pattern)))
		return true;
	return mig_w_differs(
		w, x->like,
		"LIKE looks at the case of ASCII letters in "
		"PostgreSQL only: write lower() on its left and small "
		"letters on its right, or substr(...) = '...'");
}

bool
mig_w_like_at(MigWorking *w, const MigExpr *e, int i)
{
	int not = mig_token_is(&w->k, i - 1, "not");
	bool foreign = mig_w_is_foreign(w);
	Like x;

	if (!mig_token_is(&w->k, i, "like") ||
	    !mig_w_is_operand_end(&w->k, i - 1 - not ))
		return true;
	if (!like_read(w, e, i, &x))
		return mig_ok(w->m) && ((!foreign && !w->sqlite) ||
		                        mig_w_refuse(w, i, "this form of LIKE"));
	if (foreign && w->sqlite)
		return like_sqlite(w, &x);
	if ((w->sqlite || foreign) && !mig_w_like(w, i))
		return false;
	return foreign ? like_postgres(w, &x) : like_note(w, &x);
}
