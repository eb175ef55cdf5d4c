#include "private.h"

#include "liquibase_filter.h"
#include "lines.h"

bool
mig_liquibase_dbms(MigStr list, MigFor *target)
{
	bool any = false, all = true;
	bool pg = false, sqlite = false;
	bool not_pg = false, not_sqlite = false;

	while (list.len > 0)
	{
		MigStr name = mig_str_trim(mig_str_before(&list, ','));
		bool negative = mig_str_take(&name, "!");
		bool every = mig_str_word(name, "all");

		if (name.len == 0)
			continue;
		any = true;
		all &= negative;
		pg |= !negative && (every || mig_str_word(name, "postgresql"));
		sqlite |= !negative && (every || mig_str_word(name, "sqlite"));
		not_pg |= negative && mig_str_word(name, "postgresql");
		not_sqlite |= negative && mig_str_word(name, "sqlite");
	}
	pg = (pg || !any || all) && !not_pg;
	sqlite = (sqlite || !any || all) && !not_sqlite;
	*target = pg && sqlite ? MIG_FOR_BOTH
	          : pg         ? MIG_FOR_POSTGRESQL
	                       : MIG_FOR_SQLITE;
	return pg || sqlite;
}

/* Operators by how strongly they bind. */
typedef enum Operator
{
	OPEN,
	COMMA,
	OR,
	AND,
	NOT,
	WORD
} Operator;

#define DEPTH 64

/* Values and operators that wait, as in the shunting-yard algorithm. */
typedef struct Stack
{
	bool values[DEPTH];
	Operator operators[DEPTH];
	int nvalues, noperators;
} Stack;

/* Do the operators on top that bind at least so strongly. False: a value is
   missing. */
static bool
reduce(Stack *s, Operator least)
{
	while (s->noperators > 0 && s->operators[s->noperators - 1] >= least &&
	       s->operators[s->noperators - 1] != OPEN)
	{
		Operator o = s->operators[--s->noperators];
		bool *top;

		if (s->nvalues < (o == NOT ? 1 : 2))
			return false;
		top = &s->values[s->nvalues - 1];
		if (o == NOT)
			*top = !*top;
		else
		{
			top[-1] = o == AND ? top[-1] && *top : top[-1] || *top;
			s->nvalues--;
		}
	}
	return true;
}

static bool
is_listed(MigStr word, MigStr list)
{
	while (list.len > 0)
	{
		MigStr item = mig_str_trim(mig_str_before(&list, ','));

		if (item.len == word.len)
		{
			size_t i = 0;

			while (i < item.len && (item.at[i] | 32) == (word.at[i] | 32))
				i++;
			if (i == item.len)
				return true;
		}
	}
	return false;
}

/* The next word or sign off the front. */
static MigStr
take(MigStr *s)
{
	static const char signs[] = "()!,";
	MigStr word;

	*s = mig_str_trim(*s);
	word = (MigStr){s->at, 0};
	while (word.len < s->len && strchr("()!, \t", s->at[word.len]) == NULL)
		word.len++;
	if (word.len == 0 && s->len > 0 && strchr(signs, s->at[0]) != NULL)
		word.len = 1;
	*s = mig_str_from(*s, word.len);
	return word;
}

/* "@word" holds only where it is asked for, a plain word and its opposite
   also where nothing is. */
static bool
word_holds(const Stack *s, MigStr word, MigStr list)
{
	bool asked = mig_str_take(&word, "@");

	if (asked || list.at != NULL)
		return is_listed(word, list);
	return s->noperators == 0 || s->operators[s->noperators - 1] != NOT;
}

/* One word or sign. */
static bool
step(Stack *s, MigStr word, MigStr list)
{
	Operator o = mig_str_is(word, "(")                                ? OPEN
	             : mig_str_is(word, ",")                              ? COMMA
	             : mig_str_word(word, "or")                           ? OR
	             : mig_str_word(word, "and")                          ? AND
	             : mig_str_is(word, "!") || mig_str_word(word, "not") ? NOT
	                                                                  : WORD;

	if (s->nvalues == DEPTH || s->noperators == DEPTH)
		return false;
	if (mig_str_is(word, ")"))
		return reduce(s, COMMA) && s->noperators-- > 0;
	if (o == WORD)
	{
		s->values[s->nvalues++] = word_holds(s, word, list);
		return true;
	}
	if (o != OPEN && o != NOT && !reduce(s, o))
		return false;
	s->operators[s->noperators++] = o;
	return true;
}

bool
mig_liquibase_holds(Mig *m, MigStr expression, MigStr list, bool *holds)
{
	Stack s = {.nvalues = 0};
	MigStr rest = mig_str_trim(expression);

	*holds = true;
	if (rest.len == 0 ||
	    (list.at == NULL && memchr(rest.at, '@', rest.len) == NULL))
		return true;
	while (rest.len > 0)
		if (!step(&s, take(&rest), list))
		{
			s.nvalues = 0;
			break;
		}
	if (s.nvalues == 0 || !reduce(&s, COMMA) || s.nvalues != 1 ||
	    s.noperators != 0)
		return mig_fail(m, MIG_SYNTAX, "expression \"%.*s\" does not read",
		                MIG_S(expression));
	*holds = s.values[0];
	return true;
}
