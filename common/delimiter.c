#include "private.h"

#include "delimiter.h"
#include "lex.h"
#include "text.h"

MigStr
mig_delimiter_read(Mig *m, MigStr written)
{
	static const char letters[][2] = {{'n', '\n'}, {'r', '\r'}, {'t', '\t'}};
	MigText t = {m, NULL, 0, 0};

	for (size_t i = 0; i < written.len; i++)
	{
		char c = written.at[i];

		for (int k = 0; k < MIG_COUNT(letters) && c == '\\'; k++)
			if (i + 1 < written.len && written.at[i + 1] == letters[k][0])
			{
				c = letters[k][1];
				i++;
			}
		mig_text_char(&t, c);
	}
	return mig_text_str(&t);
}

/* How many bytes of text at an offset are the delimiter; 0: they are not. */
static size_t
match(MigStr text, size_t offset, MigStr delimiter)
{
	size_t at = offset;

	for (size_t i = 0; i < delimiter.len; i++)
	{
		if (delimiter.at[i] == '\n' && at + 1 < text.len &&
		    text.at[at] == '\r' && text.at[at + 1] == '\n')
			at++;
		if (at == text.len || text.at[at] != delimiter.at[i])
			return 0;
		at++;
	}
	return at - offset;
}

/* The semicolon stands behind the first line end, which may be a comment's
   own, but on a line that was not there for a statement, if one is. */
static void
put(MigText *t, MigStr found)
{
	bool done = false;

	for (size_t i = 0; i < found.len; i++)
	{
		char c = found.at[i];
		bool end = c == '\n' || c == '\r';

		if (!end)
			mig_text_char(t, done ? ' ' : ';');
		else
			mig_text_char(t, c);
		done |= !end;
		if (c == '\n' && !done &&
		    (i + 1 == found.len || found.at[i + 1] == '\n' ||
		     found.at[i + 1] == '\r'))
		{
			mig_text_char(t, ';');
			done = true;
		}
	}
}

/* How far into a token a delimiter may begin. */
static size_t
reach(const MigToken *token)
{
	switch (token->kind)
	{
		case MIG_T_SPACE:
		case MIG_T_OPERATOR:
			return token->text.len;
		case MIG_T_LINE_COMMENT:
		case MIG_T_WORD:
		case MIG_T_CHAR:
			return 1;
		case MIG_T_COMMENT:
		case MIG_T_HINT:
		case MIG_T_NAME:
		case MIG_T_STRING:
		case MIG_T_DOLLAR:
			break;
	}
	return 0;
}

MigStr
mig_delimiter(Mig *m, MigStr text, MigStr delimiter)
{
	MigText t = {m, NULL, 0, 0};
	size_t done = 0;
	MigLexer lexer;
	MigToken token;

	if (mig_str_is(delimiter, ";"))
		return text;
	mig_lex_start(&lexer, m->dialect, text);
	while (mig_lex_next(&lexer, &token))
		for (size_t i = 0; i < reach(&token); i++)
		{
			size_t at = token.offset + i;
			size_t n = match(text, at, delimiter);

			if (n == 0)
				continue;
			mig_text_str_add(&t, (MigStr){text.at + done, at - done});
			put(&t, (MigStr){text.at + at, n});
			done = at + n;
			mig_lex_skip(&lexer, done);
			break;
		}
	mig_text_str_add(&t, mig_str_from(text, done));
	return mig_text_str(&t);
}
