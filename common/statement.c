#include "private.h"

#include "split.h"

/*
 * What marks a statement of a kind, by its words from the first one on:
 *
 *     a|b   one of these words
 *     ?a|b  one of them or nothing
 *     ()    a parenthesised list or nothing
 *     ..    any tokens, up to what stands behind it
 *     $     the end of the statement
 */
typedef struct Pattern
{
	MigFor dialect;
	MigStatementKind kind;
	const char *words;
} Pattern;

#define BOTH MIG_FOR_BOTH
#define PG MIG_FOR_POSTGRESQL
#define LITE MIG_FOR_SQLITE

/* The first one that fits counts. Transaction control is known in both, so
   that a script for the other database is understood too. */
static const Pattern patterns[] = {
	{BOTH, MIG_STMT_OTHER_CONTROL, "commit|rollback prepared"},
	{BOTH, MIG_STMT_OTHER_CONTROL,
     "commit|end|rollback|abort ?work|transaction and chain"},
	{BOTH, MIG_STMT_OTHER_CONTROL, "prepare transaction"},
	{BOTH, MIG_STMT_OTHER_CONTROL, "set ?local|session transaction"},
	{BOTH, MIG_STMT_BEGIN, "begin"},
	{BOTH, MIG_STMT_BEGIN, "start transaction"},
	{BOTH, MIG_STMT_COMMIT, "commit|end"},
	{BOTH, MIG_STMT_ROLLBACK, "rollback|abort"},
	{BOTH, MIG_STMT_SAVEPOINT, "savepoint|release"},

	{BOTH, MIG_STMT_ALONE, "vacuum"},
	{PG, MIG_STMT_ALONE, "create ?unique index concurrently"},
	{PG, MIG_STMT_ALONE, "drop index concurrently"},
	{PG, MIG_STMT_ALONE, "reindex () database|system|schema"},
	{PG, MIG_STMT_ALONE, "reindex .. concurrently"},
	{PG, MIG_STMT_ALONE, "create|drop database|tablespace|subscription"},
	{PG, MIG_STMT_ALONE, "alter database .. set tablespace"},
	{PG, MIG_STMT_ALONE, "alter system"},
	{PG, MIG_STMT_ALONE, "alter subscription .. refresh"},
	{PG, MIG_STMT_ALONE, "alter subscription .. set|add|drop publication"},
	{PG, MIG_STMT_ALONE,
     "alter table .. detach partition .. concurrently|finalize"},
	{PG, MIG_STMT_ALONE, "cluster () ?verbose $"},
	{PG, MIG_STMT_ALONE, "discard all"},
	{LITE, MIG_STMT_ALONE, "attach|detach"},
	{BOTH, MIG_STMT_PRAGMA, "pragma"},
};

/* The next token that says something, hints left out. */
static bool
next(MigLexer *l, MigToken *t)
{
	while (mig_lex_next(l, t))
		if (!mig_lex_blank(t) && t->kind != MIG_T_HINT)
			return true;
	return false;
}

static bool
is_char(const MigToken *t, char c)
{
	return t->kind == MIG_T_CHAR && t->text.at[0] == c;
}

/* The next element of a pattern, blanks taken off; false at its end. */
static bool
element_next(const char **words, MigStr *element)
{
	const char *at = *words;

	while (*at == ' ')
		at++;
	element->at = at;
	while (*at != ' ' && *at != '\0')
		at++;
	element->len = (size_t) (at - element->at);
	*words = at;
	return element->len > 0;
}

/* Whether the n bytes at word, in lower case, are the token. */
static bool
is_word(const MigToken *t, const char *word, size_t n)
{
	if (n != t->text.len)
		return false;
	for (size_t i = 0; i < n; i++)
	{
		char c = t->text.at[i];

		if ((c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c) != word[i])
			return false;
	}
	return true;
}

/* Whether the token is one of the words in a|b|c. */
static bool
is_any(const MigToken *t, MigStr words)
{
	size_t start = 0;

	if (t->kind != MIG_T_WORD)
		return false;
	for (size_t i = 0; i <= words.len; i++)
	{
		if (i < words.len && words.at[i] != '|')
			continue;
		if (is_word(t, words.at + start, i - start))
			return true;
		start = i + 1;
	}
	return false;
}

/* Behind a parenthesised list, if one comes next. */
static void
list_skip(MigLexer *l)
{
	MigLexer ahead = *l;
	MigToken t;
	size_t depth = 0;

	while (next(&ahead, &t))
	{
		if (is_char(&t, '('))
			depth++;
		else if (is_char(&t, ')') && depth > 0)
			depth--;
		else if (depth == 0)
			return;
		if (depth == 0)
		{
			*l = ahead;
			return;
		}
	}
}

/* Move l over one element of a pattern, if it fits. */
static bool
element_take(MigLexer *l, MigStr element)
{
	MigLexer ahead = *l;
	bool optional = element.at[0] == '?';
	MigToken t;

	if (mig_str_is(element, "()"))
	{
		list_skip(l);
		return true;
	}
	if (element.at[0] == '$')
		return !next(&ahead, &t);
	if (next(&ahead, &t) &&
	    is_any(&t, mig_str_from(element, optional ? 1 : 0)))
	{
		*l = ahead;
		return true;
	}
	return optional;
}

/* Whether the statement begins with the pattern. One place to go back to is
   enough: behind the last "..", one token further. */
static bool
fits(MigLexer l, const char *words)
{
	MigLexer back_at = l;
	const char *back = NULL;
	MigStr element;
	MigToken t;

	while (element_next(&words, &element))
	{
		if (mig_str_is(element, ".."))
		{
			back = words;
			back_at = l;
		}
		else if (!element_take(&l, element))
		{
			if (back == NULL || !next(&back_at, &t))
				return false;
			words = back;
			l = back_at;
		}
	}
	return true;
}

/* A pragma's name and what it is set to; an absent value: only read. */
static void
pragma_read(MigLexer *l, MigStr *name, MigStr *value)
{
	MigToken t;

	memset(value, 0, sizeof(*value));
	memset(name, 0, sizeof(*name));
	if (!next(l, &t))
		return;
	*name = t.text;
	if (!next(l, &t))
		return;
	if (is_char(&t, '.'))
	{
		if (!next(l, &t))
			return;
		*name = t.text;
		if (!next(l, &t))
			return;
	}
	if (!is_char(&t, '(') && !mig_str_is(t.text, "="))
		return;
	if (next(l, &t))
		*value = t.text;
}

/* What is inside quotes of any sort. */
static MigStr
unquoted(MigStr s)
{
	if (s.len >= 2 && strchr("'\"`[", s.at[0]) != NULL)
	{
		s = mig_str_from(s, 1);
		s.len--;
	}
	return s;
}

/* SQLite reads a value that it does not know as off. */
static bool
is_on(MigStr value)
{
	int64_t number;

	value = unquoted(value);
	if (mig_str_int(value, &number))
		return number > 0;
	return mig_str_word(value, "on") || mig_str_word(value, "yes") ||
	       mig_str_word(value, "true");
}

/* PostgreSQL has none: the translator leaves them out. */
static MigStatementKind
pragma_kind(MigLexer l)
{
	MigStr name, value;
	MigToken t;

	if (l.dialect->id == PG)
		return MIG_STMT_PRAGMA;
	next(&l, &t);
	pragma_read(&l, &name, &value);
	if (value.at == NULL)
		return MIG_STMT_PRAGMA;
	name = unquoted(name);
	if (mig_str_word(name, "journal_mode"))
		return MIG_STMT_ALONE;
	if (!mig_str_word(name, "foreign_keys"))
		return MIG_STMT_PRAGMA;
	return is_on(value) ? MIG_STMT_FK_ON : MIG_STMT_FK_OFF;
}

MigStatementKind
mig_statement_kind(const MigDialect *dialect, MigStr text)
{
	MigLexer l, ahead;
	MigToken first;

	mig_lex_start(&l, dialect, text);
	ahead = l;
	if (!next(&ahead, &first) || first.kind != MIG_T_WORD)
		return MIG_STMT_PLAIN;
	for (int i = 0; i < MIG_COUNT(patterns); i++)
	{
		const Pattern *p = &patterns[i];
		const char *words = p->words;
		MigStr element;

		element_next(&words, &element);
		if ((p->dialect != BOTH && p->dialect != dialect->id) ||
		    !is_any(&first, element) || !fits(ahead, words))
			continue;
		return p->kind == MIG_STMT_PRAGMA ? pragma_kind(l) : p->kind;
	}
	return MIG_STMT_PLAIN;
}
