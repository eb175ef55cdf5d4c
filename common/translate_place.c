#include "private.h"

#include "translate_work.h"

/* Where names stand in a statement whatever they are called, and where there
   are expressions and queries. */

typedef struct Places
{
	MigWorking *w;
	MigPlaces *out;
} Places;

static void
name_at(Places *r, int i)
{
	if (i >= 0 && i < r->w->k.count)
		r->out->at[i] = MIG_P_NAME;
}

static void
expression(Places *r, MigSpan s)
{
	for (int i = s.from; i < s.to; i++)
		if (r->out->at[i] == MIG_P_ELSEWHERE)
			r->out->at[i] = MIG_P_EXPRESSION;
}

/* A possibly qualified name at i, or behind ONLY, which may be one. Behind
   it. */
static int
qualified(Places *r, int i)
{
	int schema, name;

	i += mig_token_is(&r->w->k, i, "only") &&
	     mig_token_name(&r->w->k, i + 1) &&
	     !mig_token_is(&r->w->k, i + 1, "set") &&
	     !mig_token_is(&r->w->k, i + 1, "as");
	i = mig_token_qualified(&r->w->k, i, &schema, &name);
	name_at(r, schema);
	name_at(r, name);
	return i;
}

/* Columns, or expressions, of a key, an index, an INSERT; there may be a query
   instead. */
static void
list(Places *r, MigSpan s)
{
	const MigTokens *k = &r->w->k;

	for (int i = s.from; i < s.to; i = mig_token_comma(k, i, s.to) + 1)
		if (!mig_token_char(k, i + 1, '(') &&
		    !(mig_token_is(k, i, "with") && mig_token_name(k, i + 1)))
			name_at(r, i);
	expression(r, s);
}

/* The list in parentheses at i, if there is one. Behind it. */
static int
parentheses(Places *r, int i)
{
	int close = mig_token_close(&r->w->k, i);

	if (!mig_token_char(&r->w->k, i, '(') || close >= r->w->k.count)
		return i;
	list(r, (MigSpan){i + 1, close});
	return close + 1;
}

static void
rule(Places *r, const MigRule *rule)
{
	name_at(r, rule->name);
	name_at(r, rule->schema);
	name_at(r, rule->table);
	list(r, rule->references);
	if (rule->kind == MIG_R_CHECK || rule->kind == MIG_R_GENERATED ||
	    (rule->kind == MIG_R_DEFAULT &&
	     mig_token_char(&r->w->k, rule->expr.from, '(')))
		expression(r, rule->expr);
	else if (rule->kind == MIG_R_PRIMARY_KEY || rule->kind == MIG_R_UNIQUE ||
	         rule->kind == MIG_R_REFERENCES)
		list(r, rule->expr);
}

static void
definitions(Places *r, const MigTable *t)
{
	for (int i = 0; i < t->ncolumns; i++)
		name_at(r, t->columns[i].name);
	for (int i = 0; i < t->nrules; i++)
		rule(r, &t->rules[i]);
}

static bool
create_table(Places *r)
{
	if (!mig_table_read(r->w->m, &r->w->k, &r->out->table, &r->out->is_table))
		return false;
	if (!r->out->is_table)
		return true;
	name_at(r, r->out->table.schema);
	name_at(r, r->out->table.name);
	definitions(r, &r->out->table);
	if (r->out->table.open < 0)
	{
		int as = mig_token_find(&r->w->k, r->out->table.options, "as");

		if (as > 0)
			expression(r, (MigSpan){as, r->w->k.count});
	}
	return true;
}

static void
create_index(Places *r, int i)
{
	const MigTokens *k = &r->w->k;

	i += mig_token_is(k, i, "concurrently");
	i += mig_token_words(k, i, "if not exists");
	if (!mig_token_is(k, i, "on"))
		i = qualified(r, i);
	i += mig_token_is(k, i, "on");
	i = qualified(r, i);
	i += mig_token_is(k, i, "using") ? 2 : 0;
	i = parentheses(r, i);
	expression(r, (MigSpan){i, k->count});
}

static void
create_view(Places *r, int i)
{
	i += mig_token_words(&r->w->k, i, "if not exists");
	i = parentheses(r, qualified(r, i));
	expression(r, (MigSpan){i, r->w->k.count});
}

/* The names of DROP and TRUNCATE. */
static void
names(Places *r, int i)
{
	const MigTokens *k = &r->w->k;

	i += mig_token_is(k, i, "concurrently");
	i += mig_token_words(k, i, "if exists");
	for (; i < k->count; i = mig_token_comma(k, i, k->count) + 1)
		qualified(r, i);
}

/* One action of ALTER TABLE. */
static bool
action(Places *r, MigSpan s)
{
	const MigTokens *k = &r->w->k;
	int i = s.from + 1;
	bool add = mig_token_is(k, s.from, "add");
	MigTable t;

	if (add && mig_w_is_rule(k, i))
	{
		if (!mig_rule_read(r->w->m, k, (MigSpan){i, s.to}, &t))
			return false;
		definitions(r, &t);
		return true;
	}
	if (!add && !mig_token_is(k, s.from, "drop") &&
	    !mig_token_is(k, s.from, "alter") &&
	    !mig_token_is(k, s.from, "rename"))
		return true;
	i += mig_token_is(k, i, "column") || mig_token_is(k, i, "constraint");
	i += mig_token_words(k, i, "if not exists");
	i += mig_token_words(k, i, "if exists");
	if (i >= s.to)
		return true;
	if (!mig_token_is(k, i, "to"))
		name_at(r, i++);
	if (mig_token_is(k, s.from, "rename"))
		name_at(r, i + 1);
	if (mig_token_find(k, s, "using") > 0)
		expression(r, (MigSpan){mig_token_find(k, s, "using") + 1, s.to});
	if (!add)
		return true;
	if (!mig_column_read(r->w->m, k, (MigSpan){i - 1, s.to}, &t))
		return false;
	definitions(r, &t);
	return true;
}

static bool
alter_table(Places *r)
{
	const MigTokens *k = &r->w->k;
	int i = 2 + mig_token_words(k, 2, "if exists");

	i = qualified(r, i);
	r->out->actions = i;
	while (i < k->count)
	{
		int end = mig_token_comma(k, i, k->count);

		if (i < end && !action(r, (MigSpan){i, end}))
			return false;
		i = end + 1;
	}
	return true;
}

/* Columns behind SET: those before "=". */
static void
set_columns(Places *r, MigSpan s)
{
	const MigTokens *k = &r->w->k;

	for (int i = s.from; i < s.to; i = mig_token_comma(k, i, s.to) + 1)
	{
		int end = mig_token_char(k, i, '(') ? mig_token_close(k, i) : i;

		if (end + 1 >= s.to || !mig_str_is(k->at[end + 1].text, "="))
			continue;
		if (end == i)
			name_at(r, i);
		parentheses(r, i);
	}
}

/* A query, or a change of rows. */
static void
rows(Places *r)
{
	const MigTokens *k = &r->w->k;
	MigSpan all = {0, k->count};
	int into = mig_token_find(k, all, "into");
	int conflict = mig_token_find(k, all, "conflict");
	int update = mig_token_find(k, all, "update");
	int i;

	if (into > 0)
	{
		i = qualified(r, into + 1);
		i += mig_token_is(k, i, "as") ? 2 : 0;
		parentheses(r, i);
	}
	if (conflict > 0)
		parentheses(r, conflict + 1);
	if (update >= 0)
	{
		i = update + 1;
		i += mig_token_is(k, i, "or") ? 2 : 0;
		if (!mig_token_is(k, update - 1, "do") &&
		    !mig_token_is(k, update - 1, "for"))
			i = qualified(r, i);
		all.from = mig_token_find(k, (MigSpan){i, k->count}, "set") + 1;
		if (all.from > 0)
			set_columns(r, all);
	}
	expression(r, (MigSpan){0, k->count});
}

static bool
read(Places *r)
{
	static const char *const queries[] = {"with",    "select", "values",
	                                      "update",  "delete", "insert",
	                                      "replace", NULL};
	const MigTokens *k = &r->w->k;
	int i = 1;

	for (int n = 0; queries[n] != NULL; n++)
		if (mig_token_is(k, 0, queries[n]))
		{
			rows(r);
			return true;
		}
	if (mig_token_words(k, 0, "alter table"))
		return alter_table(r);
	if (mig_token_is(k, 0, "truncate"))
		names(r, 1 + mig_token_is(k, 1, "table"));
	else if (mig_token_is(k, 0, "drop") &&
	         (mig_token_is(k, 1, "table") || mig_token_is(k, 1, "view") ||
	          mig_token_is(k, 1, "index")))
		names(r, 2);
	if (!mig_token_is(k, 0, "create"))
		return true;
	i += mig_token_words(k, i, "or replace");
	i += mig_token_is(k, i, "temp") || mig_token_is(k, i, "temporary") ||
	     mig_token_is(k, i, "unique") || mig_token_is(k, i, "unlogged");
	if (mig_token_is(k, i, "table"))
		return create_table(r);
	if (mig_token_is(k, i, "index"))
		create_index(r, i + 1);
	else if (mig_token_is(k, i, "view"))
		create_view(r, i + 1);
	return true;
}

bool
mig_w_places(MigWorking *w, MigPlaces *out)
{
	Places r = {w, out};

	memset(out, 0, sizeof(*out));
	out->at = mig_alloc(w->m, (size_t) w->k.count + 1);
	return out->at != NULL && read(&r);
}
