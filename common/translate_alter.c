#include "private.h"

#include "translate_work.h"

/* One ALTER TABLE on its way to actions. */
typedef struct Alter
{
	MigWorking *w;
	bool exists;
	int schema, table;
	MigChange *actions;
	int nactions;
	size_t room;
	bool certain; /* every action so far works natively on any table */
} Alter;

static MigChange *
action_add(Alter *a, int i, MigChangeKind kind)
{
	MigWorking *w = a->w;
	MigChange *actions;

	if (!mig_ok(w->m))
		return NULL;
	actions = mig_grow(w->m, a->actions, (size_t) a->nactions, &a->room,
	                   (size_t) a->nactions + 1, sizeof(*actions));
	if (actions == NULL)
		return NULL;
	a->actions = actions;
	memset(&actions[a->nactions], 0, sizeof(*actions));
	actions[a->nactions].kind = kind;
	actions[a->nactions].pos = mig_w_pos(w, i);
	return &actions[a->nactions++];
}

/* "ALTER TABLE name " and what follows, with the edits so far. */
static MigStr
native(Alter *a, const char *verb, MigSpan s)
{
	MigWorking *w = a->w;
	MigText t = {w->m, NULL, 0, 0};

	mig_text_add(&t, "ALTER TABLE ");
	if (a->schema >= 0 && !mig_token_is(&w->k, a->schema, "public"))
	{
		mig_text_str_add(&t, w->k.at[a->schema].text);
		mig_text_char(&t, '.');
	}
	mig_text_str_add(&t, w->k.at[a->table].text);
	mig_text_add(&t, verb);
	mig_text_str_add(&t, mig_w_text(w, s));
	return mig_text_str(&t);
}

/* Whether SQLite's ADD COLUMN takes the definition whatever the table has. */
static bool
adds_natively(MigWorking *w, const MigTable *t)
{
	const MigRule *value = mig_table_rule(t, 0, MIG_R_DEFAULT);
	bool null = true;

	if (mig_table_rule(t, 0, MIG_R_PRIMARY_KEY) != NULL ||
	    mig_table_rule(t, 0, MIG_R_UNIQUE) != NULL)
		return false;
	for (int i = 0; i < t->nrules; i++)
		if (t->rules[i].kind == MIG_R_GENERATED &&
		    mig_token_is(&w->k, t->rules[i].tail, "stored"))
			return false;
	if (value != NULL)
	{
		MigStr text = mig_w_text(w, value->expr);

		if (text.at == NULL || text.len == 0 || text.at[0] == '(' ||
		    (text.len > 8 && mig_str_word((MigStr){text.at, 8}, "current_")))
			return false;
		null = mig_str_word(text, "null");
	}
	if (!null && mig_table_rule(t, 0, MIG_R_REFERENCES) != NULL)
		return false;
	return !null || mig_table_rule(t, 0, MIG_R_NOT_NULL) == NULL;
}

static bool
add_column(Alter *a, int i, MigSpan s)
{
	MigWorking *w = a->w;
	MigTable t;
	MigChange *action;
	bool exists = mig_token_words(&w->k, s.from, "if not exists") > 0;

	s.from += exists ? 3 : 0;
	if (s.from >= s.to || !mig_token_name(&w->k, s.from))
		return true;
	if (!mig_column_read(w->m, &w->k, s, &t) || !mig_w_column_sqlite(w, &t, 0))
		return false;
	action = action_add(a, i, MIG_CH_ADD_COLUMN);
	if (action == NULL)
		return false;
	action->column = mig_token_bare(w->m, &w->k, s.from);
	action->text = mig_w_text(w, s);
	action->exists = exists;
	if (adds_natively(w, &t))
		action->native = native(a, " ADD COLUMN ", s);
	a->certain &= action->native.at != NULL && !exists;
	return mig_ok(w->m);
}

/* A primary key makes its columns NOT NULL. */
static bool
key_columns(Alter *a, const MigRule *r)
{
	MigWorking *w = a->w;

	if (r->kind != MIG_R_PRIMARY_KEY)
		return true;
	for (int i = r->expr.from; i < r->expr.to;
	     i = mig_token_comma(&w->k, i, r->expr.to) + 1)
	{
		MigChange *action = action_add(a, i, MIG_CH_SET_NOT_NULL);

		if (action == NULL)
			return false;
		action->column = mig_token_bare(w->m, &w->k, i);
	}
	return true;
}

static bool
add_rule(Alter *a, int i, MigSpan s)
{
	MigWorking *w = a->w;
	MigTable t;
	MigChange *action;
	const MigRule *r;

	if (!mig_rule_read(w->m, &w->k, s, &t))
		return false;
	r = &t.rules[0];
	if (mig_token_words(&w->k, r->head + 1, "nulls not distinct") ||
	    mig_token_words(&w->k, r->head + 1, "using index") ||
	    mig_token_words(&w->k, r->head + 2, "using index"))
		return mig_w_refuse_hint(w, r->head, "Create a unique index.",
		                         "this form of a constraint");
	if (!mig_w_rule_sqlite(w, &t, r) || !key_columns(a, r))
		return false;
	action = action_add(a, i, MIG_CH_ADD_RULE);
	if (action == NULL)
		return false;
	if (r->name >= 0)
		action->name = mig_token_bare(w->m, &w->k, r->name);
	action->text = mig_w_text(w, s);
	a->certain = false;
	return mig_ok(w->m);
}

/* DROP [COLUMN|CONSTRAINT] [IF EXISTS] name [CASCADE|RESTRICT] */
static bool
drop(Alter *a, int i, MigSpan s)
{
	MigWorking *w = a->w;
	bool rule = mig_token_is(&w->k, s.from, "constraint");
	MigChange *action;

	if (rule || mig_token_is(&w->k, s.from, "column"))
		s.from++;
	action = action_add(a, i, rule ? MIG_CH_DROP_RULE : MIG_CH_DROP_COLUMN);
	if (action == NULL)
		return false;
	action->exists = mig_token_words(&w->k, s.from, "if exists") > 0;
	s.from += action->exists ? 2 : 0;
	a->certain = false;
	if (rule)
		action->name = mig_token_bare(w->m, &w->k, s.from);
	else
	{
		action->column = mig_token_bare(w->m, &w->k, s.from);
		action->native =
			native(a, " DROP COLUMN ", (MigSpan){s.from, s.from + 1});
	}
	if (mig_token_is(&w->k, s.from + 1, "cascade"))
		mig_w_dropped(w, s.from + 1,
		              "CASCADE is left out: what uses it is an error");
	return mig_ok(w->m);
}

/* numeric(p, s) rounds what is there. */
static void
round_values(Alter *a, MigChange *action, const MigTypeName *type)
{
	MigText t = {a->w->m, NULL, 0, 0};

	if (type->family != MIG_F_NUMERIC || type->nargs == 0)
		return;
	mig_text_add(&t, "round(");
	mig_text_ident(&t, action->column);
	mig_text_fmt(&t, ", %lld)",
	             (long long) (type->nargs > 1 ? type->args[1] : 0));
	action->using = mig_text_str(&t);
}

/* A column that becomes an enum gets its CHECK. */
static bool
labels_rule(Alter *a, int i, MigStr column, MigStr labels)
{
	MigChange *action = action_add(a, i, MIG_CH_ADD_RULE);
	MigText t = {a->w->m, NULL, 0, 0};

	if (action == NULL)
		return false;
	mig_text_add(&t, "CHECK (");
	mig_text_ident(&t, column);
	mig_text_fmt(&t, " IN (%.*s))", MIG_S(labels));
	action->text = mig_text_str(&t);
	return mig_ok(a->w->m);
}

/* Behind USING: column::type, or CAST (column AS type). That says nothing new,
   and SQLite's CAST would make a 0 of any word and cut fractions off, where a
   plain copy changes what fits and the rest is an error. */
static bool
is_plain_cast(const MigWorking *w, int column, MigSpan type, MigSpan from)
{
	const MigTokens *k = &w->k;
	bool call = mig_token_is(k, from.from, "cast");
	int name = from.from + (call ? 2 : 0);
	int i = name + 1;

	while (i < from.to &&
	       (call ? mig_token_is(k, i, "as") : mig_token_char(k, i, ':')))
		i++;
	from = (MigSpan){i, from.to - call};
	return i > name + 1 && from.from < from.to &&
	       mig_name_same(mig_span_text(k, (MigSpan){name, name + 1}),
	                     mig_span_text(k, (MigSpan){column, column + 1})) &&
	       mig_name_same(mig_span_text(k, from), mig_span_text(k, type));
}

/* Whether a cast of the column is known to be more than a copy. */
static bool
is_converted(const Alter *a, int column)
{
	MigWorking *w = a->w;
	const MigKnownColumn *c = mig_w_known_column(
		mig_w_find_table(w, mig_token_bare(w->m, &w->k, a->table)),
		mig_token_bare(w->m, &w->k, column));

	return c != NULL &&
	       (c->family == MIG_F_BOOLEAN || c->family == MIG_F_NUMERIC ||
	        c->family == MIG_F_FLOAT32 || c->family == MIG_F_FLOAT64);
}

/* TYPE type [COLLATE name] [USING expression] behind the column's name. */
static bool
set_type(Alter *a, int i, int column, MigSpan s)
{
	MigWorking *w = a->w;
	int using = mig_token_find(&w->k, s, "using");
	int collate = mig_token_find(&w->k, s, "collate");
	MigSpan span = {s.from, using < 0 ? s.to : using};
	MigExpr e = {.span = {using + 1, s.to}, .using = true};
	MigStr becomes, labels, name;
	MigTypeName type;
	MigChange *action;

	if (using >= 0 &&
	    is_plain_cast(w, column, span, (MigSpan){using + 1, s.to}) &&
	    !is_converted(a, column))
		using = -1;
	if (collate >= 0 && collate < span.to)
		return mig_w_refuse(w, collate, "COLLATE of a changed type");
	if (!mig_w_type_becomes(w, span, &type, &becomes, &labels))
		return false;
	if (type.serial)
		return mig_w_refuse(w, s.from, "a change to a serial type");
	if (using >= 0 && !mig_w_expr(w, &e))
		return false;
	action = action_add(a, i, MIG_CH_SET_TYPE);
	if (action == NULL)
		return false;
	name = action->column = mig_token_bare(w->m, &w->k, column);
	action->text = becomes;
	if (using >= 0)
		action->using = mig_w_text(w, e.span);
	else
		round_values(a, action, &type);
	return labels.at == NULL || labels_rule(a, i, name, labels);
}

static bool
set_default(Alter *a, int i, int column, MigSpan s)
{
	MigWorking *w = a->w;
	MigTable t;
	MigChange *action;
	MigSpan rule = {s.from - 1, s.to};
	const MigKnownColumn *known = mig_w_known_column(
		mig_w_find_table(w, mig_token_bare(w->m, &w->k, a->table)),
		mig_token_bare(w->m, &w->k, column));

	if (known != NULL && s.to == s.from + 1 &&
	    !mig_w_default_value(w, s.from, known->family))
		return false;

	/* From the word DEFAULT on it is a constraint of a column. */
	if (!mig_rule_read(w->m, &w->k, rule, &t) ||
	    !mig_w_rule_sqlite(w, &t, &t.rules[0]))
		return false;
	action = action_add(a, i, MIG_CH_SET_DEFAULT);
	if (action == NULL)
		return false;
	action->column = mig_token_bare(w->m, &w->k, column);
	action->text = mig_w_text(w, s);
	return mig_ok(w->m);
}

/* ALTER [COLUMN] name ... */
static bool
alter_column(Alter *a, int i, MigSpan s)
{
	static const struct
	{
		const char *words;
		MigChangeKind kind;
	} plain[] = {
		{"drop default", MIG_CH_DROP_DEFAULT},
		{"set not null", MIG_CH_SET_NOT_NULL},
		{"drop not null", MIG_CH_DROP_NOT_NULL},
		{"drop expression", MIG_CH_DROP_EXPRESSION},
	};
	static const char *const needless[] = {"set statistics", "set storage",
	                                       "set compression"};
	MigWorking *w = a->w;
	int column, n;

	if (mig_token_is(&w->k, s.from, "column"))
		s.from++;
	column = s.from++;
	if (!mig_token_name(&w->k, column))
		return true;
	a->certain = false;
	n = mig_token_words(&w->k, s.from, "set data type");
	if (n == 0)
		n = mig_token_words(&w->k, s.from, "type");
	if (n > 0)
		return set_type(a, i, column, (MigSpan){s.from + n, s.to});
	if (mig_token_words(&w->k, s.from, "set default"))
		return set_default(a, i, column, (MigSpan){s.from + 2, s.to});
	for (int j = 0; j < MIG_COUNT(plain); j++)
		if (mig_token_words(&w->k, s.from, plain[j].words))
		{
			MigChange *action = action_add(a, i, plain[j].kind);

			if (action != NULL)
				action->column = mig_token_bare(w->m, &w->k, column);
			return mig_ok(w->m);
		}
	for (int j = 0; j < MIG_COUNT(needless); j++)
		if (mig_token_words(&w->k, s.from, needless[j]))
			return mig_w_dropped(w, s.from, "%s is left out", needless[j]);
	return mig_w_refuse(w, s.from, "this ALTER COLUMN");
}

static bool
rename_it(Alter *a, int i, MigSpan s)
{
	MigWorking *w = a->w;
	MigChange *action;

	if (mig_token_is(&w->k, s.from, "constraint"))
	{
		action = action_add(a, i, MIG_CH_RENAME_RULE);
		if (action == NULL)
			return false;
		a->certain = false;
		action->name = mig_token_bare(w->m, &w->k, s.from + 1);
		action->text = mig_token_bare(w->m, &w->k, s.to - 1);
		return mig_ok(w->m);
	}
	action = action_add(a, i, MIG_CH_NATIVE);
	if (action == NULL)
		return false;
	action->native = native(a, " ", (MigSpan){i, s.to});
	return mig_ok(w->m);
}

/* Actions without meaning in SQLite. */
static bool
needless_action(Alter *a, MigSpan s)
{
	static const char *const words[] = {
		"validate constraint", "cluster on",        "set without cluster",
		"replica identity",    "set without oids",  "set tablespace",
		"set logged",          "set access method",
	};
	MigWorking *w = a->w;

	for (int n = 0; n < MIG_COUNT(words); n++)
		if (mig_token_words(&w->k, s.from, words[n]))
			return mig_w_dropped(w, s.from, "%s is left out", words[n]);
	if ((mig_token_is(&w->k, s.from, "set") ||
	     mig_token_is(&w->k, s.from, "reset")) &&
	    mig_token_char(&w->k, s.from + 1, '('))
		return mig_w_dropped(w, s.from, "a storage parameter is left out");
	return mig_w_refuse(w, s.from, "this ALTER TABLE");
}

bool
mig_w_is_rule(const MigTokens *k, int i)
{
	return mig_token_is(k, i, "constraint") ||
	       mig_token_words(k, i, "primary key") ||
	       mig_token_words(k, i, "foreign key") ||
	       (mig_token_is(k, i, "unique") &&
	        (mig_token_char(k, i + 1, '(') ||
	         mig_token_is(k, i + 1, "nulls") ||
	         mig_token_is(k, i + 1, "using"))) ||
	       (mig_token_is(k, i, "check") && mig_token_char(k, i + 1, '(')) ||
	       mig_token_is(k, i, "exclude");
}

static bool
one_action(Alter *a, MigSpan s)
{
	const MigTokens *k = &a->w->k;
	int i = s.from;

	if (mig_token_is(k, i, "add"))
	{
		if (mig_w_is_rule(k, i + 1))
			return add_rule(a, i, (MigSpan){i + 1, s.to});
		i += mig_token_is(k, i + 1, "column") ? 2 : 1;
		return add_column(a, s.from, (MigSpan){i, s.to});
	}
	if (mig_token_is(k, i, "drop") && mig_token_name(k, i + 1))
		return drop(a, i, (MigSpan){i + 1, s.to});
	if (mig_token_is(k, i, "alter") && !mig_token_is(k, i + 1, "constraint"))
		return alter_column(a, i, (MigSpan){i + 1, s.to});
	if (mig_token_is(k, i, "rename"))
		return rename_it(a, i, (MigSpan){i + 1, s.to});
	return needless_action(a, s);
}

/* The table's name, behind ALTER TABLE. Behind it, or -1. */
static int
alter_head(MigWorking *w, Alter *a)
{
	int i = 2;

	a->exists = mig_token_words(&w->k, i, "if exists") > 0;
	i += a->exists ? 2 : 0;
	if (mig_token_is(&w->k, i, "only"))
	{
		if (w->sqlite)
			mig_w_drop(w, (MigSpan){i, i + 1});
		i++;
	}
	i = mig_token_qualified(&w->k, i, &a->schema, &a->table);
	if (a->table < 0)
		return -1;
	mig_w_schema(w, a->schema, a->table);
	if (w->k.at[i].kind == MIG_T_OPERATOR && mig_str_is(w->k.at[i].text, "*"))
		i++;
	return i;
}

bool
mig_w_survey_actions(MigWorking *w, int i)
{
	const MigTokens *k = &w->k;

	while (i < k->count)
	{
		int end = mig_token_comma(k, i, k->count);
		MigTable t;

		if (mig_token_is(k, i, "add") && !mig_w_is_rule(k, i + 1))
		{
			int from = i + (mig_token_is(k, i + 1, "column") ? 2 : 1);

			from += mig_token_words(k, from, "if not exists");
			if (from < end &&
			    (!mig_column_read(w->m, k, (MigSpan){from, end}, &t) ||
			     !mig_w_survey_column(w, &t, 0)))
				return false;
		}
		i = end + 1;
	}
	return true;
}

/* One statement for each action, or one item for the host. */
static bool
results(Alter *a)
{
	MigWorking *w = a->w;
	MigItem *item;

	if (a->nactions == 0)
		return true;
	if (a->certain && !a->exists)
	{
		/* One action: the statement with its edits. */
		for (int i = 0; i < a->nactions && a->nactions > 1; i++)
		{
			item = mig_w_item(w, 0, MIG_ITEM_SQL);
			if (item == NULL)
				return false;
			item->pos = a->actions[i].pos;
			item->text = a->actions[i].native;
		}
		return true;
	}
	item = mig_w_item(w, 0, MIG_ITEM_ALTER);
	if (item == NULL)
		return false;
	if (a->schema >= 0 && !mig_token_is(&w->k, a->schema, "public"))
		item->schema = mig_token_bare(w->m, &w->k, a->schema);
	item->table = mig_token_bare(w->m, &w->k, a->table);
	item->exists = a->exists;
	item->actions = a->actions;
	item->nactions = a->nactions;
	return mig_ok(w->m);
}

bool
mig_w_alter(MigWorking *w)
{
	Alter a = {.w = w, .certain = true};
	int i = alter_head(w, &a);

	if (i < 0)
		return mig_ok(w->m);
	if (!mig_w_survey_actions(w, i))
		return false;
	if (!w->sqlite)
		return mig_w_alter_postgres(w);
	if (mig_w_is_sqlite(w) && !mig_token_is(&w->k, i, "drop"))
		return true;
	while (i < w->k.count)
	{
		int end = mig_token_comma(&w->k, i, w->k.count);

		if (i == end || !one_action(&a, (MigSpan){i, end}))
			return mig_ok(w->m);
		i = end + 1;
	}
	return results(&a);
}

/* Of a constraint only what a CHECK says may need something. */
static bool
added_rule(MigWorking *w, int i)
{
	int check = mig_token_find(&w->k, (MigSpan){i, w->k.count}, "check");
	MigExpr e = {.span = {check + 2, 0}};

	if (check < 0 || !mig_token_char(&w->k, check + 1, '('))
		return true;
	e.span.to = mig_token_close(&w->k, check + 1);
	return mig_w_expr(w, &e);
}

bool
mig_w_alter_postgres(MigWorking *w)
{
	const MigTokens *k = &w->k;
	MigTable t;
	int i = 2;

	if (mig_w_is_postgres(w))
		return true;
	if (!mig_w_names(w))
		return false;
	while (i < k->count && !mig_token_is(k, i, "add"))
		i++;
	if (i < k->count && mig_w_is_rule(k, i + 1))
		return added_rule(w, i + 1);
	if (i >= k->count)
		return true;
	i += mig_token_is(k, i + 1, "column") ? 2 : 1;
	if (mig_token_words(k, i, "if not exists"))
		i += 3;
	if (mig_token_comma(k, i, k->count) < k->count || i >= k->count)
		return true;
	return mig_column_read(w->m, k, (MigSpan){i, k->count}, &t) &&
	       mig_w_column_postgres(w, &t, 0);
}
