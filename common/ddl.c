#include "private.h"

#include "ddl.h"
#include "text.h"

bool
mig_token_is(const MigTokens *k, int i, const char *word)
{
	return i >= 0 && i < k->count && k->at[i].kind == MIG_T_WORD &&
	       mig_str_word(k->at[i].text, word);
}

bool
mig_token_char(const MigTokens *k, int i, char c)
{
	return i >= 0 && i < k->count && k->at[i].kind == MIG_T_CHAR &&
	       k->at[i].text.at[0] == c;
}

bool
mig_token_name(const MigTokens *k, int i)
{
	return i >= 0 && i < k->count &&
	       (k->at[i].kind == MIG_T_WORD || k->at[i].kind == MIG_T_NAME);
}

int
mig_token_words(const MigTokens *k, int i, const char *words)
{
	int n = 0;

	while (*words != '\0')
	{
		size_t len = strcspn(words, " ");
		char word[32];

		if (len >= sizeof(word))
			return 0;
		memcpy(word, words, len);
		word[len] = '\0';
		if (!mig_token_is(k, i + n, word))
			return 0;
		n++;
		words += len + (words[len] == ' ');
	}
	return n;
}

int
mig_token_close(const MigTokens *k, int i)
{
	int depth = 0;

	for (; i < k->count; i++)
	{
		if (mig_token_char(k, i, '('))
			depth++;
		else if (mig_token_char(k, i, ')') && --depth <= 0)
			return i;
	}
	return k->count;
}

int
mig_token_comma(const MigTokens *k, int i, int to)
{
	while (i < to && !mig_token_char(k, i, ','))
		i = mig_token_char(k, i, '(') ? mig_token_close(k, i) + 1 : i + 1;
	return i < to ? i : to;
}

int
mig_token_find(const MigTokens *k, MigSpan s, const char *word)
{
	for (int i = s.from; i < s.to; i++)
	{
		if (mig_token_is(k, i, word))
			return i;
		if (mig_token_char(k, i, '('))
			i = mig_token_close(k, i);
	}
	return -1;
}

MigStr
mig_token_bare(Mig *m, const MigTokens *k, int i)
{
	MigStr s = k->at[i].text;
	MigText t = {m, NULL, 0, 0};
	char quote;

	if (k->at[i].kind != MIG_T_NAME || k->at[i].open || s.len < 2)
		return s;
	quote = s.at[s.len - 1];
	if (s.at[0] != quote && s.at[0] != '[')
		return s;
	s = (MigStr){s.at + 1, s.len - 2};
	if (quote == ']' || s.len == 0 || memchr(s.at, quote, s.len) == NULL)
		return s;
	for (size_t n = 0; n < s.len; n++)
	{
		mig_text_char(&t, s.at[n]);
		n += s.at[n] == quote;
	}
	return mig_text_str(&t);
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
}

bool
mig_name_same(MigStr a, MigStr b)
{
	if (a.len != b.len || a.at == NULL || b.at == NULL)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	return true;
}

MigStr
mig_span_text(const MigTokens *k, MigSpan s)
{
	const MigToken *first, *last;

	if (s.from >= s.to)
		return (MigStr){"", 0};
	first = &k->at[s.from];
	last = &k->at[s.to - 1];
	return (MigStr){first->text.at,
	                last->offset + last->text.len - first->offset};
}

int
mig_token_qualified(const MigTokens *k, int i, int *schema, int *name)
{
	*schema = -1;
	*name = mig_token_name(k, i) ? i : -1;
	if (*name < 0)
		return i;
	if (mig_token_char(k, i + 1, '.') && mig_token_name(k, i + 2))
	{
		*schema = i;
		*name = i + 2;
		return i + 3;
	}
	return i + 1;
}

/* Where the subscript or name in brackets that opens at offset closes; 0 when
   it does not. */
static size_t
bracket_end(MigStr text, size_t offset)
{
	const char *at = memchr(text.at + offset, ']', text.len - offset);

	return at == NULL ? 0 : (size_t) (at - text.at) + 1;
}

/* Whether the bracket is that of an array or a subscript, by what stands
   before and in it. */
static bool
is_subscript(const MigTokens *k, MigStr text, size_t offset, size_t end)
{
	const MigToken *last = k->count > 0 ? &k->at[k->count - 1] : NULL;
	MigStr inside = {text.at + offset + 1, end - offset - 2};
	int64_t number;

	inside = mig_str_trim(inside);
	if (inside.len == 0 || mig_str_int(inside, &number))
		return true;
	if (last == NULL)
		return false;
	if (mig_token_is(k, k->count - 1, "array"))
		return true;
	return last->offset + last->text.len == offset &&
	       (last->kind == MIG_T_WORD || last->kind == MIG_T_NAME ||
	        mig_token_char(k, k->count - 1, ')') ||
	        mig_token_char(k, k->count - 1, ']'));
}

/* A bracket that opens a name makes one token up to its end. */
static void
join_brackets(const MigTokens *k, MigLexer *lexer, MigToken *t)
{
	size_t end;

	if (t->kind != MIG_T_CHAR || t->text.at[0] != '[')
		return;
	end = bracket_end(lexer->text, t->offset);
	if (end == 0 || is_subscript(k, lexer->text, t->offset, end))
		return;
	t->kind = MIG_T_NAME;
	t->text.len = end - t->offset;
	mig_lex_skip(lexer, end);
}

bool
mig_tokens(Mig *m, MigFor target, MigStr text, MigTokens *out)
{
	return mig_tokens_of(m,
	                     target == MIG_FOR_SQLITE ? &mig_either_sqlite
	                                              : &mig_either_postgresql,
	                     text, out);
}

bool
mig_tokens_of(Mig *m, const MigDialect *dialect, MigStr text, MigTokens *out)
{
	MigLexer lexer;
	MigToken t;
	size_t room = 0;

	memset(out, 0, sizeof(*out));
	out->text = text;
	mig_lex_start(&lexer, dialect, text);
	for (;;)
	{
		MigToken *at = mig_grow(m, out->at, (size_t) out->count, &room,
		                        (size_t) out->count + 1, sizeof(*at));
		bool more;

		if (at == NULL || out->count == INT_MAX - 1)
			return mig_fail(m, MIG_NOMEM, "out of memory");
		out->at = at;
		do
			more = mig_lex_next(&lexer, &t);
		while (more && (mig_lex_blank(&t) || t.kind == MIG_T_HINT));
		if (!more)
			break;
		if (!dialect->bracket_names)
			join_brackets(out, &lexer, &t);
		at[out->count++] = t;
	}
	out->at[out->count] = (MigToken){.kind = MIG_T_SPACE,
	                                 .text = {text.at + text.len, 0},
	                                 .offset = text.len};
	return true;
}
