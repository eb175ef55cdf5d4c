#include "private.h"

#include "rebuild.h"
#include "ddl.h"
#include "text.h"
#include "types.h"

/* What the rows that are there have in a column that is new, when its default
   is changed behind that. */
typedef struct Given
{
	struct Given *next;
	MigStr column, value;
} Given;

/* The table as the actions so far have left it. */
typedef struct Editor
{
	Mig *m;
	const MigItem *item;
	const MigChange *action;
	MigStr text;
	MigTokens k;
	MigTable t;
	MigStr *added; /* columns that no row had before */
	size_t nadded, added_room;
	MigStr *dropped;
	size_t ndropped, dropped_room;
	Given *given;
	bool changed;
	bool native;
} Editor;

static bool
read_table(Editor *e)
{
	bool is;

	if (!mig_tokens_of(e->m, &mig_sqlite, e->text, &e->k) ||
	    !mig_table_read(e->m, &e->k, &e->t, &is))
		return false;
	if (is && e->t.open >= 0 && e->t.ncolumns > 0)
		return true;
	return mig_fail(e->m, MIG_SYNTAX,
	                "stored text of table \"%.*s\" cannot be edited",
	                MIG_S(e->item->table));
}

/* Put text in the place of bytes, and read the result. */
static bool
splice(Editor *e, size_t from, size_t to, MigStr text)
{
	MigText t = {e->m, NULL, 0, 0};

	mig_text_str_add(&t, (MigStr){e->text.at, from});
	mig_text_str_add(&t, text);
	mig_text_str_add(&t, mig_str_from(e->text, to));
	e->text = mig_text_str(&t);
	e->changed = true;
	return e->text.at != NULL && read_table(e);
}

static size_t
start_of(const Editor *e, int i)
{
	return e->k.at[i].offset;
}

static size_t
end_of(const Editor *e, int i)
{
	return e->k.at[i].offset + e->k.at[i].text.len;
}

/* Insert behind token i. */
static bool
insert(Editor *e, int i, const char *before, MigStr text)
{
	MigText t = {e->m, NULL, 0, 0};
	size_t at = end_of(e, i);

	mig_text_add(&t, before);
	mig_text_str_add(&t, text);
	return splice(e, at, at, mig_text_str(&t));
}

/* Take tokens out, with the space before them. */
static bool
take_out(Editor *e, MigSpan s)
{
	return splice(e, end_of(e, s.from - 1), end_of(e, s.to - 1), MIG_LIT(""));
}

/* Take an item of the list out, with one of the commas around; none when
   another constraint follows without one, as SQLite allows. */
static bool
take_item(Editor *e, MigSpan s)
{
	if (!mig_token_char(&e->k, s.to, ',') && !mig_token_char(&e->k, s.to, ')'))
		return splice(e, start_of(e, s.from), start_of(e, s.to), MIG_LIT(""));
	if (mig_token_char(&e->k, s.from - 1, ','))
		return splice(e, start_of(e, s.from - 1), end_of(e, s.to - 1),
		              MIG_LIT(""));
	if (mig_token_char(&e->k, s.to, ','))
		return splice(e, start_of(e, s.from), start_of(e, s.to + 1),
		              MIG_LIT(""));
	return take_out(e, s);
}

static bool
missing(Editor *e, const char *what, MigStr name, const char *how)
{
	mig_fail(e->m, MIG_SYNTAX, "%s \"%.*s\" of table \"%.*s\" %s", what,
	         MIG_S(name), MIG_S(e->item->table), how);
	return mig_at(e->m, e->action->pos);
}

/* The column that the action names, or -1; its absence is a failure. */
static int
column_of(Editor *e)
{
	int c = mig_table_column(e->m, &e->k, &e->t, e->action->column);

	if (c < 0 && mig_ok(e->m))
		missing(e, "column", e->action->column, "does not exist");
	return c;
}

static MigStr
bare(Editor *e, int i)
{
	return mig_token_bare(e->m, &e->k, i);
}

/* Whether a name stands in a span. */
static bool
names(Editor *e, MigSpan s, MigStr name)
{
	for (int i = s.from; i < s.to; i++)
		if (mig_token_name(&e->k, i) && mig_name_same(bare(e, i), name))
			return true;
	return false;
}

/* The token behind which a constraint of the column is added. */
static int
type_of(const MigColumnDef *c)
{
	return c->type.to > c->type.from ? c->type.to - 1 : c->name;
}

static bool
name_add(Editor *e, MigStr **list, size_t *count, size_t *room, MigStr name)
{
	MigStr *grown =
		mig_grow(e->m, *list, *count, room, *count + 1, sizeof(**list));

	if (grown == NULL)
		return false;
	*list = grown;
	grown[(*count)++] = name;
	return true;
}

static bool
add_column(Editor *e)
{
	const MigChange *a = e->action;
	const MigColumnDef *last = &e->t.columns[e->t.ncolumns - 1];

	if (mig_table_column(e->m, &e->k, &e->t, a->column) >= 0)
		return a->exists || missing(e, "column", a->column, "exists already");
	if (!mig_ok(e->m) ||
	    !name_add(e, &e->added, &e->nadded, &e->added_room, a->column))
		return false;
	e->native &= a->native.at != NULL;
	return insert(e, last->span.to - 1, ", ", a->text);
}

/* The first constraint, of the table or another column, that would lose the
   column; NULL: there is none. */
static const MigRule *
dependent(Editor *e, int c, MigStr name)
{
	for (int i = 0; i < e->t.nrules; i++)
	{
		const MigRule *r = &e->t.rules[i];

		if (r->column == c || r->kind == MIG_R_DEFAULT ||
		    r->kind == MIG_R_COLLATE)
			continue;
		if (names(e, r->expr, name))
			return r;
	}
	return NULL;
}

/* A column leaves with the constraints that name it, as in PostgreSQL. */
static bool
drop_column(Editor *e)
{
	const MigChange *a = e->action;
	const MigRule *r;
	int c = mig_table_column(e->m, &e->k, &e->t, a->column);

	if (c < 0)
		return mig_ok(e->m) && (a->exists || missing(e, "column", a->column,
		                                             "does not exist"));
	for (int i = e->t.columns[c].rules;
	     i < e->t.columns[c].rules + e->t.columns[c].nrules; i++)
		e->native &= e->t.rules[i].kind != MIG_R_PRIMARY_KEY &&
		             e->t.rules[i].kind != MIG_R_UNIQUE &&
		             e->t.rules[i].kind != MIG_R_REFERENCES;
	while ((r = dependent(e, c, a->column)) != NULL)
	{
		e->native = false;
		if (r->kind == MIG_R_GENERATED)
			return missing(e, "column", a->column,
			               "is needed by a generated column");
		if (!(r->column < 0 ? take_item(e, r->span) : take_out(e, r->span)))
			return false;
		c = mig_table_column(e->m, &e->k, &e->t, a->column);
	}
	if (e->t.ncolumns == 1)
		return missing(e, "column", a->column, "is the only one");
	return name_add(e, &e->dropped, &e->ndropped, &e->dropped_room,
	                a->column) &&
	       take_item(e, e->t.columns[c].span);
}

static bool
is_strict(const Editor *e)
{
	for (int i = e->t.options.from; i < e->t.options.to; i++)
		if (mig_token_is(&e->k, i, "strict"))
			return true;
	return false;
}

static bool
has_rowid(const MigTokens *k, const MigTable *t)
{
	for (int i = t->options.from; i < t->options.to; i++)
		if (mig_token_words(k, i, "without rowid"))
			return false;
	return true;
}

/* The column whose values are the rowids, or -1. */
static int
rowid_column(Mig *m, const MigTokens *k, const MigTable *t)
{
	for (int c = 0; c < t->ncolumns && has_rowid(k, t); c++)
	{
		const MigRule *own = mig_table_rule(t, c, MIG_R_PRIMARY_KEY);

		if (!mig_str_word(mig_span_text(k, t->columns[c].type), "integer"))
			continue;
		if (own != NULL && !mig_token_is(k, own->tail, "desc"))
			return c;
		for (int i = t->own; i < t->nrules; i++)
			if (t->rules[i].kind == MIG_R_PRIMARY_KEY &&
			    mig_token_comma(k, t->rules[i].expr.from,
			                    t->rules[i].expr.to) == t->rules[i].expr.to &&
			    mig_name_same(mig_token_bare(m, k, t->rules[i].expr.from),
			                  mig_token_bare(m, k, t->columns[c].name)))
				return c;
	}
	return -1;
}

/* A CHECK that the column is one of some values, as the translator makes it
   of an enum type; a constraint of the column or of the table. */
static const MigRule *
labels_of(Editor *e, int c)
{
	MigStr name = bare(e, e->t.columns[c].name);

	for (int i = 0; i < e->t.nrules; i++)
	{
		const MigRule *r = &e->t.rules[i];

		if (r->kind == MIG_R_CHECK && (r->column < 0 || r->column == c) &&
		    r->expr.to > r->expr.from + 3 &&
		    mig_name_same(bare(e, r->expr.from), name) &&
		    mig_token_is(&e->k, r->expr.from + 1, "in") &&
		    mig_token_close(&e->k, r->expr.from + 2) == r->expr.to - 1)
			return r;
	}
	return NULL;
}

/* A column that was of an enum type loses its CHECK with it. */
static bool
drop_labels(Editor *e, int c)
{
	MigSpan type = e->t.columns[c].type;
	const MigRule *r;
	MigTypeName name;

	if (type.to != type.from + 2 ||
	    !mig_token_is(&e->k, type.from + 1, "text"))
		return true;
	if (!mig_type_read(e->m, MIG_FOR_POSTGRESQL, bare(e, type.from), &name))
		return false;
	r = name.family == MIG_F_OTHER ? labels_of(e, c) : NULL;
	if (r == NULL)
		return true;
	return r->column < 0 ? take_item(e, r->span) : take_out(e, r->span);
}

static bool
set_type(Editor *e)
{
	static const char *const strict[] = {"INTEGER", "TEXT", "BLOB", "REAL",
	                                     "ANY"};
	int c = column_of(e);
	MigAffinity affinity = mig_type_affinity(e->action->text);
	MigStr text = e->action->text;
	MigSpan type;

	if (c < 0)
		return false;

	/* The rowid stays what it is: it holds 64 bits. */
	if (c == rowid_column(e->m, &e->k, &e->t) &&
	    affinity == MIG_AFFINITY_INTEGER)
		return true;
	if (is_strict(e))
		text = mig_str(strict[affinity]);
	if (!drop_labels(e, c))
		return false;
	type = e->t.columns[c].type;
	if (type.from == type.to)
		return insert(e, e->t.columns[c].name, " ", text);
	return splice(e, start_of(e, type.from), end_of(e, type.to - 1), text);
}

static bool
is_new(const Editor *e, MigStr name)
{
	for (size_t i = 0; i < e->nadded; i++)
		if (mig_name_same(e->added[i], name))
			return true;
	return false;
}

static const Given *
given_find(const Editor *e, MigStr column)
{
	const Given *g = e->given;

	while (g != NULL && !mig_name_same(g->column, column))
		g = g->next;
	return g;
}

static bool
given_add(Editor *e, MigStr column, const MigRule *value)
{
	Given *g;

	if (!is_new(e, column) || given_find(e, column) != NULL)
		return true;
	g = mig_alloc(e->m, sizeof(*g));
	if (g == NULL)
		return false;
	g->column = column;
	g->value =
		value == NULL ? MIG_LIT("NULL") : mig_span_text(&e->k, value->expr);
	g->next = e->given;
	e->given = g;
	return true;
}

static bool
set_default(Editor *e, bool drop)
{
	int c = column_of(e);
	const MigRule *r = c < 0 ? NULL : mig_table_rule(&e->t, c, MIG_R_DEFAULT);

	if (c < 0 || !given_add(e, e->action->column, r))
		return false;
	if (drop)
		return r == NULL || take_out(e, r->span);
	if (r == NULL)
		return insert(e, type_of(&e->t.columns[c]), " DEFAULT ",
		              e->action->text);
	return splice(e, start_of(e, r->expr.from), end_of(e, r->expr.to - 1),
	              e->action->text);
}

/* Whether the column is in the primary key. */
static bool
in_key(Editor *e, int c)
{
	if (mig_table_rule(&e->t, c, MIG_R_PRIMARY_KEY) != NULL)
		return true;
	for (int i = e->t.own; i < e->t.nrules; i++)
		if (e->t.rules[i].kind == MIG_R_PRIMARY_KEY &&
		    names(e, e->t.rules[i].expr, bare(e, e->t.columns[c].name)))
			return true;
	return false;
}

static bool
set_not_null(Editor *e, bool drop)
{
	int c = column_of(e);
	const MigRule *r;

	if (c < 0)
		return false;
	r = mig_table_rule(&e->t, c, MIG_R_NOT_NULL);
	if (drop && in_key(e, c))
		return missing(e, "column", e->action->column,
		               "is in the primary key");
	if (drop)
		return r == NULL || take_out(e, r->span);
	if (r != NULL)
		return true;
	r = mig_table_rule(&e->t, c, MIG_R_NULL);
	if (r != NULL && !take_out(e, r->span))
		return false;
	return insert(e, type_of(&e->t.columns[c]), " ", MIG_LIT("NOT NULL"));
}

/* The column that a CHECK of the table is about, if it is one. */
static MigStr
only_column(Editor *e, const MigRule *r)
{
	MigStr one = {NULL, 0};

	for (int c = 0; c < e->t.ncolumns; c++)
	{
		MigStr name = bare(e, e->t.columns[c].name);

		if (!names(e, r->expr, name))
			continue;
		if (one.at != NULL)
			return (MigStr){NULL, 0};
		one = name;
	}
	return one;
}

/* The name that PostgreSQL gives a constraint, without a number. */
static MigStr
usual_name(Editor *e, const MigRule *r)
{
	MigText t = {e->m, NULL, 0, 0};
	const char *end;
	MigStr one = {NULL, 0};

	mig_text_str_add(&t, e->item->table);
	switch (r->kind)
	{
		case MIG_R_PRIMARY_KEY:
			mig_text_add(&t, "_pkey");
			return mig_text_str(&t);
		case MIG_R_UNIQUE:
			end = "_key";
			break;
		case MIG_R_REFERENCES:
			end = "_fkey";
			break;
		case MIG_R_CHECK:
			end = "_check";
			one = only_column(e, r);
			break;
		default:
			return (MigStr){NULL, 0};
	}
	if (r->kind == MIG_R_CHECK && one.at != NULL)
		mig_text_fmt(&t, "_%.*s", MIG_S(one));
	else if (r->kind != MIG_R_CHECK && r->column >= 0)
		mig_text_fmt(&t, "_%.*s",
		             MIG_S(bare(e, e->t.columns[r->column].name)));
	else if (r->kind != MIG_R_CHECK)
		for (int i = r->expr.from; i < r->expr.to;
		     i = mig_token_comma(&e->k, i, r->expr.to) + 1)
			mig_text_fmt(&t, "_%.*s", MIG_S(bare(e, i)));
	mig_text_add(&t, end);
	return mig_text_str(&t);
}

/* A constraint's name, given or usual; the nth of the same gets a number. */
static MigStr
rule_name(Editor *e, const MigRule *r)
{
	MigStr name;
	MigText t = {e->m, NULL, 0, 0};
	int before = 0;

	if (r->name >= 0)
		return bare(e, r->name);
	name = usual_name(e, r);
	for (const MigRule *o = e->t.rules; name.at != NULL && o < r; o++)
		before += mig_name_same(
			o->name >= 0 ? bare(e, o->name) : usual_name(e, o), name);
	if (before == 0)
		return name;
	mig_text_fmt(&t, "%.*s%d", MIG_S(name), before);
	return mig_text_str(&t);
}

static const MigRule *
rule_find(Editor *e, MigStr name)
{
	for (int usual = 0; usual < 2; usual++)
		for (int i = 0; i < e->t.nrules; i++)
			if ((e->t.rules[i].name < 0) == usual &&
			    mig_name_same(rule_name(e, &e->t.rules[i]), name))
				return &e->t.rules[i];
	return NULL;
}

static bool
add_rule(Editor *e)
{
	const MigChange *a = e->action;

	if (a->name.at != NULL && rule_find(e, a->name) != NULL)
		return missing(e, "constraint", a->name, "exists already");
	return mig_ok(e->m) && insert(e, e->t.close - 1, ", ", a->text);
}

static bool
drop_rule(Editor *e)
{
	const MigChange *a = e->action;
	const MigRule *r = rule_find(e, a->name);

	if (r == NULL)
		return mig_ok(e->m) && (a->exists || missing(e, "constraint", a->name,
		                                             "does not exist"));
	return r->column < 0 ? take_item(e, r->span) : take_out(e, r->span);
}

static bool
rename_rule(Editor *e)
{
	const MigChange *a = e->action;
	const MigRule *r = rule_find(e, a->name);
	MigText t = {e->m, NULL, 0, 0};

	if (r == NULL)
		return mig_ok(e->m) &&
		       missing(e, "constraint", a->name, "does not exist");
	mig_text_add(&t, r->name < 0 ? "CONSTRAINT " : "");
	mig_text_ident(&t, a->text);
	mig_text_add(&t, r->name < 0 ? " " : "");
	if (r->name < 0)
		return splice(e, start_of(e, r->head), start_of(e, r->head),
		              mig_text_str(&t));
	return splice(e, start_of(e, r->name), end_of(e, r->name),
	              mig_text_str(&t));
}

static bool
drop_expression(Editor *e)
{
	int c = column_of(e);
	const MigRule *r =
		c < 0 ? NULL : mig_table_rule(&e->t, c, MIG_R_GENERATED);

	if (c < 0)
		return false;
	if (r != NULL)
		return take_out(e, r->span);
	return e->action->exists || missing(e, "column", e->action->column,
	                                    "is not a generated column");
}

static bool
set_labels(Editor *e)
{
	for (int c = 0; c < e->t.ncolumns; c++)
	{
		MigSpan type = e->t.columns[c].type;
		const MigRule *r;

		if (type.to != type.from + 2 ||
		    !mig_name_same(bare(e, type.from), e->action->name) ||
		    !mig_token_is(&e->k, type.from + 1, "text"))
			continue;
		if (e->action->using.at != NULL)
		{
			e->native = false;
			if (!splice(e, start_of(e, type.from), end_of(e, type.from),
			            e->action->using))
				return false;
		}
		r = labels_of(e, c);
		if (r == NULL ||
		    mig_str_eq(mig_span_text(
						   &e->k, (MigSpan){r->expr.from + 3, r->expr.to - 1}),
		               e->action->text))
			continue;
		e->native = false;
		if (!splice(e, end_of(e, r->expr.from + 2),
		            start_of(e, r->expr.to - 1), e->action->text))
			return false;
	}
	return true;
}

static bool
act(Editor *e)
{
	switch (e->action->kind)
	{
		case MIG_CH_ADD_COLUMN:
			return add_column(e);
		case MIG_CH_DROP_COLUMN:
			return drop_column(e);
		case MIG_CH_SET_LABELS:
			return set_labels(e);
		case MIG_CH_NATIVE:
			e->changed = true;
			return true;
		default:
			break;
	}
	e->native = false;
	switch (e->action->kind)
	{
		case MIG_CH_SET_TYPE:
			return set_type(e);
		case MIG_CH_SET_DEFAULT:
		case MIG_CH_DROP_DEFAULT:
			return set_default(e, e->action->kind == MIG_CH_DROP_DEFAULT);
		case MIG_CH_SET_NOT_NULL:
		case MIG_CH_DROP_NOT_NULL:
			return set_not_null(e, e->action->kind == MIG_CH_DROP_NOT_NULL);
		case MIG_CH_ADD_RULE:
			return add_rule(e);
		case MIG_CH_DROP_RULE:
			return drop_rule(e);
		case MIG_CH_RENAME_RULE:
			return rename_rule(e);
		case MIG_CH_DROP_EXPRESSION:
			return drop_expression(e);
		default:
			return mig_fail(e->m, MIG_INTERNAL, "action without a meaning");
	}
}

/* What a column's values are made of. */
static MigStr
source(Editor *e, MigStr name)
{
	MigText t = {e->m, NULL, 0, 0};
	MigStr from = {NULL, 0};

	if (is_new(e, name))
		return given_find(e, name)->value;
	for (int i = 0; i < e->item->nactions; i++)
		if (e->item->actions[i].kind == MIG_CH_SET_TYPE &&
		    mig_name_same(e->item->actions[i].column, name))
			from = e->item->actions[i].using;
	if (from.at != NULL)
		return from;
	mig_text_ident(&t, name);
	return mig_text_str(&t);
}

/* INSERT INTO new (columns) SELECT sources FROM old. */
static bool
copy_rows(Editor *e, MigStr name, bool had_rowid, MigRebuild *out)
{
	MigText to = {e->m, NULL, 0, 0}, from = {e->m, NULL, 0, 0};
	MigText t = {e->m, NULL, 0, 0};

	out->rowid = had_rowid && has_rowid(&e->k, &e->t) &&
	             rowid_column(e->m, &e->k, &e->t) < 0 &&
	             mig_table_column(e->m, &e->k, &e->t, MIG_LIT("rowid")) < 0;
	if (out->rowid)
	{
		mig_text_add(&to, "rowid");
		mig_text_add(&from, "rowid");
	}
	for (int c = 0; c < e->t.ncolumns && mig_ok(e->m); c++)
	{
		MigStr column = bare(e, e->t.columns[c].name);

		if (mig_table_rule(&e->t, c, MIG_R_GENERATED) != NULL ||
		    (is_new(e, column) && given_find(e, column) == NULL))
			continue;
		mig_text_add(&to, to.len > 0 ? ", " : "");
		mig_text_add(&from, from.len > 0 ? ", " : "");
		mig_text_ident(&to, column);
		mig_text_str_add(&from, source(e, column));
	}
	out->copy = (MigStr){NULL, 0};
	if (to.len == 0)
		return mig_ok(e->m);
	mig_text_add(&t, "INSERT INTO ");
	if (e->item->schema.at != NULL)
	{
		mig_text_ident(&t, e->item->schema);
		mig_text_char(&t, '.');
	}
	mig_text_ident(&t, name);
	mig_text_fmt(&t, " (%.*s) SELECT %.*s FROM ", MIG_S(mig_text_str(&to)),
	             MIG_S(mig_text_str(&from)));
	if (e->item->schema.at != NULL)
	{
		mig_text_ident(&t, e->item->schema);
		mig_text_char(&t, '.');
	}
	mig_text_ident(&t, e->item->table);
	out->copy = mig_text_str(&t);
	return mig_ok(e->m);
}

/* The table under its new name. Its old one before a column, in a CHECK, goes
   away: columns are known without. */
static bool
rename_table(Editor *e, MigStr name, MigRebuild *out)
{
	MigText t = {e->m, NULL, 0, 0};
	int i = e->t.open + 1;

	while (i + 2 < e->t.close)
	{
		if (mig_token_name(&e->k, i) && mig_token_char(&e->k, i + 1, '.') &&
		    mig_name_same(bare(e, i), e->item->table))
		{
			if (!splice(e, start_of(e, i), start_of(e, i + 2), MIG_LIT("")))
				return false;
		}
		else
			i++;
	}
	for (i = e->t.open; i < e->t.close; i++)
		out->sequence |= mig_token_is(&e->k, i, "autoincrement");
	if (e->item->schema.at != NULL)
	{
		mig_text_ident(&t, e->item->schema);
		mig_text_char(&t, '.');
	}
	mig_text_ident(&t, name);
	i = e->t.schema >= 0 ? e->t.schema : e->t.name;
	if (!splice(e, start_of(e, i), end_of(e, e->t.name), mig_text_str(&t)))
		return false;
	out->create = e->text;
	return true;
}

static bool
native_statements(Editor *e, MigRebuild *out)
{
	out->statements = mig_alloc_array(e->m, (size_t) e->item->nactions + 1,
	                                  sizeof(*out->statements));
	if (out->statements == NULL)
		return false;
	for (int i = 0; i < e->item->nactions; i++)
	{
		const MigChange *a = &e->item->actions[i];
		bool wanted = a->kind == MIG_CH_NATIVE;

		for (size_t n = 0; n < e->nadded; n++)
			wanted |= a->kind == MIG_CH_ADD_COLUMN &&
			          mig_str_eq(e->added[n], a->column);
		for (size_t n = 0; n < e->ndropped; n++)
			wanted |= a->kind == MIG_CH_DROP_COLUMN &&
			          mig_str_eq(e->dropped[n], a->column);
		if (wanted)
			out->statements[out->nstatements++] = a->native;
	}
	return true;
}

bool
mig_rebuild(Mig *m, MigStr stored, MigStr name, const MigItem *item,
            MigRebuild *out)
{
	Editor e = {.m = m, .item = item, .text = stored, .native = true};
	bool had_rowid;

	memset(out, 0, sizeof(*out));
	if (!read_table(&e))
		return false;
	had_rowid = has_rowid(&e.k, &e.t) &&
	            mig_table_column(m, &e.k, &e.t, MIG_LIT("rowid")) < 0;
	for (int i = 0; i < item->nactions; i++)
	{
		e.action = &item->actions[i];
		if (!act(&e))
			return false;
	}
	out->changed = e.changed;
	out->native = e.native;
	out->dropped = e.dropped;
	out->ndropped = (int) e.ndropped;
	if (!e.changed)
		return mig_ok(m);
	if (e.native && !native_statements(&e, out))
		return false;
	return rename_table(&e, name, out) && copy_rows(&e, name, had_rowid, out);
}
