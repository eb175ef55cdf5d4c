#include "private.h"

#include "translate_expr.h"

bool
mig_w_expr(MigWorking *w, const MigExpr *e)
{
	if (w->sqlite ? mig_w_is_sqlite(w) : mig_w_is_postgres(w))
		return true;
	if (!mig_w_compared(w, e) || !mig_w_differences(w, e))
		return false;
	return w->sqlite ? mig_w_expr_sqlite(w, e) : mig_w_expr_postgres(w, e);
}

bool
mig_w_like(MigWorking *w, int i)
{
	const MigToken *pattern = &w->k.at[i + 1];

	if (!mig_token_is(&w->k, i, "like") || i + 1 >= w->k.count ||
	    pattern->kind != MIG_T_STRING || pattern->text.at[0] != '\'' ||
	    memchr(pattern->text.at, '\\', pattern->text.len) == NULL ||
	    mig_token_is(&w->k, i + 2, "escape"))
		return true;
	return mig_w_refuse_hint(w, i + 1, "Write ESCAPE '\\' behind it.",
	                         "backslash in LIKE without ESCAPE");
}

static int
octal(MigStr s, size_t i, size_t *used)
{
	int value = 0;

	for (*used = 0; *used < 3 && i + *used < s.len && s.at[i + *used] >= '0' &&
	                s.at[i + *used] <= '7';
	     (*used)++)
		value = value * 8 + (s.at[i + *used] - '0');
	return value;
}

/* x and one or two digits of base 16. */
static int
hexadecimal(MigStr s, size_t i, size_t *used)
{
	static const char digits[] = "0123456789abcdef";
	int value = 0;

	for (*used = 1; *used < 3 && i + *used < s.len; (*used)++)
	{
		char c = s.at[i + *used];
		const char *at = strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c);

		if (c == '\0' || at == NULL)
			break;
		value = value * 16 + (int) (at - digits);
	}
	return value;
}

/* One escape behind a backslash at i; a letter without a meaning is itself.
   Returns the bytes used; 0: one that is not translated. */
static size_t
unescape(MigText *t, MigStr s, size_t i)
{
	static const char from[] = "bfnrt";
	static const char to[] = "\b\f\n\r\t";
	char c = s.at[i];
	const char *at = c == '\0' ? NULL : strchr(from, c);
	size_t used = 0;
	int value;

	if (c == 'u' || c == 'U')
		return 0;
	value = c == 'x' ? hexadecimal(s, i, &used) : octal(s, i, &used);
	if (at != NULL || used == 0 || (c == 'x' && used == 1))
	{
		mig_text_char(t, at != NULL ? to[at - from] : c);
		return 1;
	}
	if (value == 0 || value > 127)
		return 0;
	mig_text_char(t, (char) value);
	return used;
}

/* A quote at i: doubled, or the string goes on in another line. Returns the
   bytes used; 0: neither. */
static size_t
quote(MigText *t, MigStr s, size_t i)
{
	size_t n = i + 1;

	if (n < s.len && s.at[n] == '\'')
	{
		mig_text_char(t, '\'');
		return 2;
	}
	while (n < s.len && memchr(" \t\r\n\f", s.at[n], 5) != NULL)
		n++;
	return n < s.len && s.at[n] == '\'' ? n + 1 - i : 0;
}

/* E'..' to its bytes; absent when an escape is not translated. */
MigStr
mig_w_unescape(MigWorking *w, MigStr s)
{
	MigText t = {w->m, NULL, 0, 0};
	size_t used;

	s = (MigStr){s.at + 2, s.len - 3};
	for (size_t i = 0; i < s.len; i += used)
	{
		bool escape = s.at[i] == '\\' && i + 1 < s.len;

		used = 1;
		if (s.at[i] == '\'')
			used = quote(&t, s, i);
		else if (escape)
			used = unescape(&t, s, i + 1);
		else
			mig_text_char(&t, s.at[i]);
		if (used == 0)
			return (MigStr){NULL, 0};
		used += escape;
	}
	return mig_text_str(&t);
}

/* $tag$..$tag$ to what is between. */
MigStr
mig_w_undollar(MigStr s)
{
	const char *at = memchr(s.at + 1, '$', s.len - 1);
	size_t tag = (size_t) (at - s.at) + 1;

	return (MigStr){s.at + tag, s.len - 2 * tag};
}

MigStr
mig_w_literal(MigWorking *w, int i)
{
	const MigToken *token = &w->k.at[i];
	MigText t = {w->m, NULL, 0, 0};
	MigStr s = token->text;

	if (token->kind == MIG_T_DOLLAR && !token->open)
		return mig_w_undollar(s);
	if (token->kind != MIG_T_STRING || token->open)
		return (MigStr){NULL, 0};
	if (s.at[0] == 'e' || s.at[0] == 'E')
		return mig_w_unescape(w, s);
	if (s.at[0] != '\'')
		return (MigStr){NULL, 0};
	for (size_t n = 1; n + 1 < s.len; n++)
	{
		mig_text_char(&t, s.at[n]);
		n += s.at[n] == '\'';
	}
	return mig_text_str(&t);
}

/* Whether the string at i goes on in the next one: 'a', a new line, 'b'. */
static bool
goes_on(const MigTokens *k, int i)
{
	size_t end = k->at[i].offset + k->at[i].text.len;

	return i + 1 < k->count && k->at[i].kind == MIG_T_STRING &&
	       k->at[i + 1].kind == MIG_T_STRING && !k->at[i + 1].open &&
	       k->at[i + 1].text.at[0] == '\'' &&
	       memchr(k->text.at + end, '\n', k->at[i + 1].offset - end) != NULL;
}

MigStr
mig_w_literals(MigWorking *w, int i, int *to)
{
	const MigTokens *k = &w->k;
	bool escapes = k->at[i].text.at[0] == 'e' || k->at[i].text.at[0] == 'E';
	MigStr part = mig_w_literal(w, i);
	MigText t = {w->m, NULL, 0, 0};

	*to = i + 1;
	if (part.at == NULL || !goes_on(k, i))
		return part;
	for (mig_text_str_add(&t, part); goes_on(k, i); i++)
	{
		part = mig_w_literal(w, i + 1);
		if (part.at == NULL ||
		    (escapes && memchr(part.at, '\\', part.len) != NULL))
			return (MigStr){NULL, 0};
		mig_text_str_add(&t, part);
		*to = i + 2;
	}
	return mig_text_str(&t);
}

/* Words before a parenthesis that are no function. */
static bool
is_keyword(const MigTokens *k, int i)
{
	static const char *const words[] = {
		"in",     "and",    "or",        "not",  "check",  "default",
		"values", "using",  "select",    "when", "then",   "else",
		"as",     "on",     "where",     "from", "case",   "between",
		"like",   "is",     "set",       "by",   "having", "returning",
		"limit",  "offset", "union",     "all",  "exists", "distinct",
		"join",   "over",   "filter",    "with", "end",    "glob",
		"any",    "some",   "array",     "key",  "unique", "ilike",
		"into",   "only",   "generated", "do",   "row",    "references",
	};

	for (int n = 0; n < MIG_COUNT(words); n++)
		if (mig_token_is(k, i, words[n]))
			return true;
	return false;
}

bool
mig_w_is_call(const MigTokens *k, int i)
{
	return mig_token_name(k, i) && mig_token_char(k, i + 1, '(') &&
	       !is_keyword(k, i);
}

bool
mig_w_is_operand_end(const MigTokens *k, int i)
{
	if (i < 0)
		return false;
	switch (k->at[i].kind)
	{
		case MIG_T_WORD:
			return !is_keyword(k, i) || mig_token_is(k, i, "end");
		case MIG_T_NAME:
		case MIG_T_STRING:
		case MIG_T_DOLLAR:
			return true;
		default:
			return mig_token_char(k, i, ')') || mig_token_char(k, i, ']');
	}
}

/* The parenthesis that opens what the one at i closes; -1 if there is none. */
static int
opening(const MigTokens *k, int i)
{
	int depth = 0;

	for (; i >= 0; i--)
	{
		if (mig_token_char(k, i, ')'))
			depth++;
		else if (mig_token_char(k, i, '(') && --depth <= 0)
			return i;
	}
	return -1;
}

int
mig_w_operand(const MigTokens *k, int last, int from)
{
	int i = last;

	if (!mig_w_is_operand_end(k, last) || mig_token_char(k, last, ']') ||
	    mig_token_is(k, last, "end"))
		return -1;
	if (mig_token_char(k, last, ')'))
	{
		i = opening(k, last);
		if (i < 0)
			return -1;
		if (i > from && mig_w_is_call(k, i - 1))
			i--;
		else
			return i;
	}
	while (i - 2 >= from && mig_token_char(k, i - 1, '.') &&
	       mig_token_name(k, i - 2))
		i -= 2;
	return i < from ? -1 : i;
}
