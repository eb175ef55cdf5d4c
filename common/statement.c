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
	const char *initials; /* of the words that it may begin with */
	const char *words;
} Pattern;

#define BOTH MIG_FOR_BOTH
#define PG MIG_FOR_POSTGRESQL
#define LITE MIG_FOR_SQLITE

/* The first one that fits counts. Transaction control is known in both, so
   that a script for the other database is understood too. */
static const Pattern patterns[] = {
	{BOTH, MIG_STMT_OTHER_CONTROL, "cr", "commit|rollback prepared"},
	{BOTH, MIG_STMT_OTHER_CONTROL, "cera",
     "commit|end|rollback|abort ?work|transaction and chain"},
	{BOTH, MIG_STMT_OTHER_CONTROL, "p", "prepare transaction"},
	{BOTH, MIG_STMT_OTHER_CONTROL, "s", "set ?local|session transaction"},
	{BOTH, MIG_STMT_BEGIN, "b", "begin"},
	{BOTH, MIG_STMT_BEGIN, "s", "start transaction"},
	{BOTH, MIG_STMT_COMMIT, "ce", "commit|end"},
	{BOTH, MIG_STMT_ROLLBACK, "ra", "rollback|abort"},
	{BOTH, MIG_STMT_SAVEPOINT, "sr", "savepoint|release"},

	{BOTH, MIG_STMT_ALONE, "v", "vacuum"},
	{PG, MIG_STMT_ALONE, "c", "create ?unique index concurrently"},
	{PG, MIG_STMT_ALONE, "d", "drop index concurrently"},
	{PG, MIG_STMT_ALONE, "r", "reindex () database|system|schema"},
	{PG, MIG_STMT_ALONE, "r", "reindex .. concurrently"},
	{PG, MIG_STMT_ALONE, "cd", "create|drop database|tablespace|subscription"},
	{PG, MIG_STMT_ALONE, "a", "alter database .. set tablespace"},
	{PG, MIG_STMT_ALONE, "a", "alter system"},
	{PG, MIG_STMT_ALONE, "a", "alter subscription .. refresh"},
	{PG, MIG_STMT_ALONE, "a",
     "alter subscription .. set|add|drop publication"},
	{PG, MIG_STMT_ALONE, "a",
     "alter subscription .. set .. failover|two_phase"},
	{PG, MIG_STMT_ALONE, "a",
     "alter table .. detach partition .. concurrently|finalize"},
	{PG, MIG_STMT_ALONE, "c", "cluster () ?verbose $"},
	{PG, MIG_STMT_ALONE, "d", "discard all"},
	{LITE, MIG_STMT_ALONE, "ad", "attach|detach"},
	{BOTH, MIG_STMT_PRAGMA, "p", "pragma"},
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

/* Every script goes through here: most patterns fall at the first letter. */
static bool
may_fit(const Pattern *p, const MigDialect *dialect, char initial)
{
	const char *c = p->initials;

	while (*c != '\0' && *c != initial)
		c++;
	return *c != '\0' && (p->dialect == BOTH || p->dialect == dialect->id);
}

MigStatementKind
mig_statement_kind(const MigDialect *dialect, MigStr text)
{
	MigLexer l, ahead;
	MigToken first;
	char initial;

	mig_lex_start(&l, dialect, text);
	ahead = l;
	if (!next(&ahead, &first) || first.kind != MIG_T_WORD)
		return MIG_STMT_PLAIN;
	initial = first.text.at[0];
	if (initial >= 'A' && initial <= 'Z')
		initial = (char) (initial - 'A' + 'a');
	for (int i = 0; i < MIG_COUNT(patterns); i++)
	{
		const Pattern *p = &patterns[i];
		const char *words = p->words;
		MigStr element;

		if (!may_fit(p, dialect, initial))
			continue;
		element_next(&words, &element);
		if (!is_any(&first, element) || !fits(ahead, words))
			continue;
		return p->kind == MIG_STMT_PRAGMA ? pragma_kind(l) : p->kind;
	}
	return MIG_STMT_PLAIN;
}

bool
mig_statement_is_control(const MigStatement *s)
{
	switch (s->kind)
	{
		case MIG_STMT_BEGIN:
		case MIG_STMT_COMMIT:
		case MIG_STMT_ROLLBACK:
		case MIG_STMT_SAVEPOINT:
		case MIG_STMT_OTHER_CONTROL:
		case MIG_STMT_FK_OFF:
		case MIG_STMT_FK_ON:
			return true;
		case MIG_STMT_PLAIN:
		case MIG_STMT_PRAGMA:
		case MIG_STMT_COPY_DATA:
		case MIG_STMT_ALONE:
		case MIG_STMT_ALTER:
			break;
	}
	return false;
}

void
mig_statement_loosen(const MigDialect *dialect, MigStatement *items, int count)
{
	const MigStr words = MIG_LIT("call|do|reindex|cluster");

	for (int i = 0; i < count; i++)
	{
		MigLexer l;
		MigToken first;

		if (items[i].kind != MIG_STMT_PLAIN || dialect->id != PG)
			continue;
		mig_lex_start(&l, dialect, items[i].text);
		if (next(&l, &first) && is_any(&first, words))
			items[i].kind = MIG_STMT_ALONE;
	}
}
