#include "private.h"

#include "translate_expr.h"

/* Words that may stand behind a table's name and are no other name of it. */
static bool
ends_table(const MigTokens *k, int i)
{
	static const char *const words[] = {
		"set",       "where",  "on",          "join",       "inner",
		"left",      "right",  "full",        "cross",      "natural",
		"using",     "order",  "group",       "having",     "limit",
		"offset",    "fetch",  "union",       "except",     "window",
		"intersect", "values", "select",      "default",    "for",
		"indexed",   "not",    "with",        "returning",  "begin",
		"execute",   "when",   "add",         "drop",       "alter",
		"rename",    "do",     "tablesample", "overriding",
	};

	for (int n = 0; n < MIG_COUNT(words); n++)
		if (mig_token_is(k, i, words[n]))
			return true;
	return !mig_token_name(k, i);
}

static bool
scope_add(MigWorking *w, MigScope *s, MigStr alias, const MigKnownTable *known)
{
	MigScopeTable *tables;

	if (known != NULL && known->ncolumns == 0)
		known = NULL;
	tables = mig_grow(w->m, s->tables, (size_t) s->count, &s->room,
	                  (size_t) s->count + 1, sizeof(*tables));

	if (tables == NULL)
		return false;
	s->tables = tables;
	tables[s->count].alias = alias;
	tables[s->count++].known = known;
	s->unknown |= known == NULL;
	return true;
}

/* Whether WITH gives the name another meaning: name AS (, name (..) AS (. */
static bool
is_of_with(MigWorking *w, MigStr name)
{
	const MigTokens *k = &w->k;

	for (int i = 1; i + 1 < k->count; i++)
	{
		int n = i + 1;

		if (!mig_token_name(k, i) ||
		    !(mig_token_is(k, i - 1, "with") ||
		      mig_token_is(k, i - 1, "recursive") ||
		      mig_token_char(k, i - 1, ',')) ||
		    !mig_name_same(mig_token_bare(w->m, k, i), name))
			continue;
		if (mig_token_char(k, n, '('))
			n = mig_token_close(k, n) + 1;
		if (n < k->count && mig_token_is(k, n, "as"))
			return true;
	}
	return false;
}

/* One table with its other name at i, or a query. Behind it; -1: MIG_NOMEM. */
static int
table_at(MigWorking *w, MigScope *s, int i)
{
	const MigTokens *k = &w->k;
	const MigKnownTable *known = NULL;
	MigStr alias = {"", 0};
	int schema, name;

	while (mig_token_is(k, i, "only") || mig_token_is(k, i, "lateral") ||
	       mig_token_words(k, i, "if exists") || mig_token_is(k, i, "exists"))
		i++;
	if (mig_token_char(k, i, '('))
		i = mig_token_close(k, i) + 1;
	else
	{
		i = mig_token_qualified(k, i, &schema, &name);
		if (name < 0)
			return i + 1;
		alias = mig_token_bare(w->m, k, name);
		if (mig_token_char(k, i, '(') && !mig_token_is(k, name - 1, "into") &&
		    !mig_token_is(k, name - 1, "on"))
			i = mig_token_close(k, i) + 1;
		else if (!is_of_with(w, alias))
			known = mig_w_find_table(w, alias);
	}
	if (i > k->count)
		i = k->count;
	if (mig_token_is(k, i, "as") && mig_token_name(k, i + 1) &&
	    !mig_token_is(k, i + 1, "select") && !mig_token_is(k, i + 1, "with"))
		i++;
	else if (ends_table(k, i))
		return scope_add(w, s, alias, known) ? i : -1;
	alias = mig_token_bare(w->m, k, i);
	return scope_add(w, s, alias, known) ? i + 1 : -1;
}

/* Whether a table's name follows token i. */
static bool
begins_table(const MigTokens *k, int i)
{
	if (mig_token_char(k, i - 1, '.'))
		return false;
	if (mig_token_is(k, i, "from"))
		return !mig_token_is(k, i - 1, "distinct") ||
		       !mig_token_is(k, i - 2, "is");
	if (mig_token_is(k, i, "update"))
		return !mig_token_is(k, i - 1, "for") &&
		       !mig_token_is(k, i - 1, "on") && !ends_table(k, i + 1) &&
		       !mig_token_is(k, i + 1, "or");
	if (mig_token_is(k, i, "on") && mig_token_is(k, 0, "create"))
		return !mig_token_is(k, 1, "table") && !mig_token_is(k, 1, "view") &&
		       mig_token_find(k, (MigSpan){0, i}, "on") < 0 &&
		       mig_token_find(k, (MigSpan){0, i}, "as") < 0;
	return mig_token_is(k, i, "join") || mig_token_is(k, i, "into") ||
	       (mig_token_is(k, i, "table") && i <= 2);
}

/* Token i, if it is the name that something gets. */
static bool
given_add(MigWorking *w, MigScope *s, int i)
{
	const MigTokens *k = &w->k;
	int *given;

	if (i == 0 || !mig_token_name(k, i) || mig_token_char(k, i + 1, '(') ||
	    !(mig_token_is(k, i - 1, "as") || mig_w_is_operand_end(k, i - 1)))
		return true;
	given = mig_grow(w->m, s->given, (size_t) s->ngiven, &s->given_room,
	                 (size_t) s->ngiven + 1, sizeof(*given));
	if (given == NULL)
		return false;
	s->given = given;
	given[s->ngiven++] = i;
	return true;
}

const MigScope *
mig_w_scope(MigWorking *w)
{
	const MigTokens *k = &w->k;
	MigScope *s = w->scope;

	if (s != NULL)
		return s;
	s = w->scope = mig_alloc(w->m, sizeof(*s));
	for (int i = 0; s != NULL && i < k->count; i++)
	{
		bool list = mig_token_is(k, i, "from");
		int n = i;

		if (mig_token_is(k, i, "left") || mig_token_is(k, i, "right") ||
		    mig_token_is(k, i, "full"))
			s->outer |= !mig_token_char(k, i + 1, '(');
		if (!given_add(w, s, i))
			return NULL;
		if (!begins_table(k, i))
			continue;
		do
			n = table_at(w, s, n + 1);
		while (n > 0 && list && mig_token_char(k, n, ','));
		if (n < 0)
			return NULL;
	}
	return mig_ok(w->m) ? s : NULL;
}

/* Whether the statement gives a name to something: AS name. */
static bool
is_given(MigWorking *w, const MigScope *s, MigStr name, int but)
{
	for (int i = 0; i < s->ngiven; i++)
		if (s->given[i] != but &&
		    mig_name_same(mig_token_bare(w->m, &w->k, s->given[i]), name))
			return true;
	return false;
}

/* A column of the table that is being made. */
static const MigKnownColumn *
own_column(MigWorking *w, const MigTable *t, MigStr name)
{
	int c = mig_table_column(w->m, &w->k, t, name);
	MigKnownColumn *column = c < 0 ? NULL : mig_alloc(w->m, sizeof(*column));

	return column != NULL && mig_w_column_read(w, t, c, column) ? column
	                                                            : NULL;
}

/* The column of a table by the name that it has here. */
static const MigKnownColumn *
qualified(MigWorking *w, const MigScope *s, MigStr of, MigStr name)
{
	const MigKnownColumn *found = NULL;
	bool target = mig_str_word(of, "excluded") || mig_str_word(of, "new") ||
	              mig_str_word(of, "old");
	int n = 0;

	for (int i = 0; i < s->count; i++)
		if (mig_name_same(s->tables[i].alias, of) || (target && i == 0))
		{
			found = mig_w_known_column(s->tables[i].known, name);
			n++;
		}
	return n == 1 && mig_ok(w->m) ? found : NULL;
}

const MigKnownColumn *
mig_w_resolve(MigWorking *w, const MigExpr *e, int i, bool sure)
{
	MigStr name = mig_token_bare(w->m, &w->k, i);
	const MigKnownColumn *found = NULL;
	const MigScope *s;

	if (name.at == NULL || !mig_token_name(&w->k, i) ||
	    mig_token_char(&w->k, i + 1, '('))
		return NULL;
	if (e != NULL && e->table != NULL &&
	    mig_table_column(w->m, &w->k, e->table, name) >= 0)
		return own_column(w, e->table, name);
	s = mig_w_scope(w);
	if (s == NULL)
		return NULL;
	if (mig_token_char(&w->k, i - 1, '.'))
		return i < 2
		           ? NULL
		           : qualified(w, s, mig_token_bare(w->m, &w->k, i - 2), name);
	for (int n = 0; n < s->count; n++)
	{
		const MigKnownColumn *c = mig_w_known_column(s->tables[n].known, name);

		if (c != NULL && found != NULL &&
		    (c->family != found->family || c->not_null != found->not_null))
			return NULL;
		found = found == NULL ? c : found;
	}
	if (sure && found != NULL && (s->unknown || is_given(w, s, name, i)))
		return NULL;
	return found;
}
