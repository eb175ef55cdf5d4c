#include "private.h"

#include "ddl.h"

typedef struct Reader
{
	Mig *m;
	const MigTokens *k;
	MigTable *t;
} Reader;

/* Words that end a type or a default's value. */
static const char *const starts[] = {
	"constraint", "not",         "null",       "primary",   "unique",
	"check",      "default",     "references", "collate",   "generated",
	"as",         "exclude",     "deferrable", "initially", "autoincrement",
	"on",         "compression", "storage",
};

bool
mig_rule_starts(const MigTokens *k, int i)
{
	for (int n = 0; n < MIG_COUNT(starts); n++)
		if (mig_token_is(k, i, starts[n]))
			return true;
	return false;
}

/* Behind the token or the parentheses at i. */
static int
step(const MigTokens *k, int i, int to)
{
	if (mig_token_char(k, i, '('))
		i = mig_token_close(k, i);
	return i + 1 < to ? i + 1 : to;
}

int
mig_expr_end(const MigTokens *k, int i, int to)
{
	if (i < to)
		i = step(k, i, to);
	while (i < to && !mig_rule_starts(k, i))
		i = step(k, i, to);
	return i;
}

static MigRule *
rule_add(Reader *r, int from, int column)
{
	MigTable *t = r->t;
	MigRule *rules =
		mig_grow(r->m, t->rules, (size_t) t->nrules, &t->rule_room,
	             (size_t) t->nrules + 1, sizeof(*rules));
	MigRule *rule;

	if (rules == NULL)
		return NULL;
	t->rules = rules;
	rule = &rules[t->nrules++];
	memset(rule, 0, sizeof(*rule));
	rule->span.from = rule->span.to = rule->head = from;
	rule->column = column;
	rule->name = rule->schema = rule->table = -1;
	rule->kind = MIG_R_OTHER;
	if (mig_token_is(r->k, from, "constraint") &&
	    mig_token_name(r->k, from + 1))
	{
		rule->name = from + 1;
		rule->head = from + 2;
	}
	return rule;
}

/* The parentheses at i become the rule's expression. Behind them, or i. */
static int
inside(const MigTokens *k, int i, int to, MigSpan *out)
{
	int close;

	out->from = out->to = i;
	if (!mig_token_char(k, i, '('))
		return i;
	close = mig_token_close(k, i);
	out->from = i + 1;
	out->to = close < to ? close : to;
	return close + 1 < to ? close + 1 : to;
}

/* REFERENCES at i. */
static int
references(const MigTokens *k, int i, int to, MigRule *rule)
{
	i = mig_token_qualified(k, i + 1, &rule->schema, &rule->table);
	return inside(k, i, to, &rule->references);
}

static int
generated(const MigTokens *k, int i, int to, MigRule *rule)
{
	while (i < to && !mig_token_is(k, i, "as"))
		i++;
	i++;
	if (mig_token_is(k, i, "identity"))
	{
		rule->kind = MIG_R_IDENTITY;
		return inside(k, i + 1, to, &rule->expr);
	}
	rule->kind = MIG_R_GENERATED;
	return inside(k, i, to, &rule->expr);
}

/* What a constraint is, from its first word behind CONSTRAINT name at i. */
static int
rule_body(const MigTokens *k, int i, int to, MigRule *rule)
{
	static const struct
	{
		const char *words;
		MigRuleKind kind;
	} keys[] = {
		{"primary key", MIG_R_PRIMARY_KEY},
		{"unique", MIG_R_UNIQUE},
		{"check", MIG_R_CHECK},
		{"exclude", MIG_R_EXCLUDE},
		{"not null", MIG_R_NOT_NULL},
		{"null", MIG_R_NULL},
	};
	int n;

	for (int j = 0; j < MIG_COUNT(keys); j++)
		if ((n = mig_token_words(k, i, keys[j].words)) > 0)
		{
			rule->kind = keys[j].kind;
			i += n;
			if (mig_token_words(k, i, "nulls not distinct"))
				i += 3;
			else if (mig_token_words(k, i, "nulls distinct"))
				i += 2;
			return inside(k, i, to, &rule->expr);
		}
	if (mig_token_words(k, i, "foreign key"))
	{
		rule->kind = MIG_R_REFERENCES;
		i = inside(k, i + 2, to, &rule->expr);
		return mig_token_is(k, i, "references") ? references(k, i, to, rule)
		                                        : i;
	}
	if (mig_token_is(k, i, "references"))
	{
		rule->kind = MIG_R_REFERENCES;
		return references(k, i, to, rule);
	}
	if (mig_token_is(k, i, "default"))
	{
		rule->kind = MIG_R_DEFAULT;
		rule->expr.from = i + 1;
		return rule->expr.to = mig_expr_end(k, i + 1, to);
	}
	if (mig_token_is(k, i, "collate"))
	{
		rule->kind = MIG_R_COLLATE;
		rule->expr.from = i + 1;
		i = step(k, i + 1, to);
		if (mig_token_char(k, i, '.'))
			i += 2;
		return rule->expr.to = i < to ? i : to;
	}
	if (mig_token_is(k, i, "generated") || mig_token_is(k, i, "as"))
		return generated(k, i, to, rule);
	if (mig_token_is(k, i, "like"))
	{
		rule->kind = MIG_R_LIKE;
		return to;
	}
	return i;
}

/* Whether what stands at i belongs to the constraint before it. */
static bool
is_tail(const MigTokens *k, int i, const MigRule *rule)
{
	if (mig_token_words(k, i, "not deferrable") ||
	    mig_token_words(k, i, "not valid"))
		return true;
	if (mig_token_words(k, i, "not null") && mig_token_is(k, i - 1, "set"))
		return true;
	if ((mig_token_is(k, i, "null") || mig_token_is(k, i, "default")) &&
	    mig_token_is(k, i - 1, "set"))
		return true;
	if (mig_token_is(k, i, "on") || mig_token_is(k, i, "deferrable") ||
	    mig_token_is(k, i, "initially") || mig_token_is(k, i, "autoincrement"))
		return true;
	return rule->kind != MIG_R_OTHER && !mig_rule_starts(k, i);
}

/* Whether the item at i is a constraint of the table. A column may be called
   like one, quoted. */
static bool
is_table_rule(const MigTokens *k, int i)
{
	static const char *const heads[] = {"constraint", "primary", "unique",
	                                    "check",      "foreign", "like"};

	for (int n = 0; n < MIG_COUNT(heads); n++)
		if (mig_token_is(k, i, heads[n]))
			return true;

	/* Which may also be a column's name. */
	return mig_token_is(k, i, "exclude") &&
	       (mig_token_is(k, i + 1, "using") || mig_token_char(k, i + 1, '('));
}

/* The constraint at i of a column, or of the table when column < 0. Behind
   it; -1: MIG_NOMEM. */
static int
rule_read(Reader *r, int i, int to, int column)
{
	const MigTokens *k = r->k;
	MigRule *rule = rule_add(r, i, column);

	if (rule == NULL)
		return -1;
	i = rule_body(k, rule->head, to, rule);
	if (i > to)
		i = to;
	rule->tail = i;
	if (rule->kind == MIG_R_OTHER && i < to)
		i = step(k, i, to);
	while (i < to && (column < 0 ? !is_table_rule(k, i) : is_tail(k, i, rule)))
		i = step(k, i, to);
	rule->span.to = i;
	return i;
}

static bool
column_read(Reader *r, int i, int to)
{
	MigTable *t = r->t;
	MigColumnDef *columns =
		mig_grow(r->m, t->columns, (size_t) t->ncolumns, &t->column_room,
	             (size_t) t->ncolumns + 1, sizeof(*columns));
	MigColumnDef *c;

	if (columns == NULL)
		return false;
	t->columns = columns;
	c = &columns[t->ncolumns++];
	memset(c, 0, sizeof(*c));
	c->name = i;
	c->span.from = i;
	c->span.to = to;
	c->rules = t->nrules;
	c->type.from = i + 1;
	i++;
	while (i < to && !mig_rule_starts(r->k, i))
		i = step(r->k, i, to);
	c->type.to = i;
	while (i < to)
	{
		i = rule_read(r, i, to, t->ncolumns - 1);
		if (i < 0)
			return false;
	}
	c->nrules = t->nrules - c->rules;
	return true;
}

/* Between the parentheses. Columns come first; a constraint of the table that
   stands before a column is no outline we know. */
static bool
items_read(Reader *r, bool *is)
{
	MigTable *t = r->t;
	int i = t->open + 1;

	while (i < t->close)
	{
		int end = mig_token_comma(r->k, i, t->close);

		if (i == end)
			*is = false;
		else if (is_table_rule(r->k, i))
		{
			/* SQLite takes constraints without commas between them. */
			while (i >= 0 && i < end)
				i = rule_read(r, i, end, -1);
			if (i < 0)
				return false;
		}
		else if (t->nrules > t->own || !mig_token_name(r->k, i))
			*is = false;
		else if (!column_read(r, i, end))
			return false;
		else
			t->own = t->nrules;
		if (!*is)
			return true;
		i = end + 1;
	}
	return true;
}

/* CREATE ... TABLE [IF NOT EXISTS] name at the start. Behind it, or -1. */
static int
head_read(const MigTokens *k, MigTable *out)
{
	int i = 1;

	if (!mig_token_is(k, 0, "create"))
		return -1;
	while (mig_token_is(k, i, "temp") || mig_token_is(k, i, "temporary") ||
	       mig_token_is(k, i, "global") || mig_token_is(k, i, "local") ||
	       mig_token_is(k, i, "unlogged"))
		i++;
	if (!mig_token_is(k, i, "table"))
		return -1;
	out->head = i++;
	if (mig_token_words(k, i, "if not exists"))
	{
		out->exists = true;
		i += 3;
	}
	i = mig_token_qualified(k, i, &out->schema, &out->name);
	return out->name < 0 ? -1 : i;
}

bool
mig_table_read(Mig *m, const MigTokens *k, MigTable *out, bool *is)
{
	Reader r = {m, k, out};
	int i;

	memset(out, 0, sizeof(*out));
	out->open = out->close = -1;
	i = head_read(k, out);
	*is = i >= 0;
	if (!*is)
		return true;
	if (mig_token_char(k, i, '('))
	{
		out->open = i;
		out->close = mig_token_close(k, i);
		*is = out->close < k->count;
		if (!*is)
			return true;
		i = out->close + 1;
	}
	out->options.from = i;
	out->options.to = k->count;
	return out->open < 0 || items_read(&r, is);
}

bool
mig_column_read(Mig *m, const MigTokens *k, MigSpan s, MigTable *out)
{
	Reader r = {m, k, out};

	memset(out, 0, sizeof(*out));
	out->open = out->close = out->schema = out->name = -1;
	return column_read(&r, s.from, s.to);
}

bool
mig_rule_read(Mig *m, const MigTokens *k, MigSpan s, MigTable *out)
{
	Reader r = {m, k, out};

	memset(out, 0, sizeof(*out));
	out->open = out->close = out->schema = out->name = -1;
	return rule_read(&r, s.from, s.to, -1) >= 0;
}

int
mig_table_column(Mig *m, const MigTokens *k, const MigTable *t, MigStr name)
{
	for (int i = 0; i < t->ncolumns; i++)
		if (mig_name_same(mig_token_bare(m, k, t->columns[i].name), name))
			return i;
	return -1;
}

const MigRule *
mig_table_rule(const MigTable *t, int column, MigRuleKind kind)
{
	const MigColumnDef *c = &t->columns[column];

	for (int i = c->rules; i < c->rules + c->nrules; i++)
		if (t->rules[i].kind == kind)
			return &t->rules[i];
	return NULL;
}
