#include "private.h"

#include "rebuild_work.h"
#include "types.h"

bool
mig_r_add_column(MigEditor *e)
{
	const MigChange *a = e->action;
	const MigColumnDef *last = &e->t.columns[e->t.ncolumns - 1];

	e->in_place = false;

	if (mig_table_column(e->m, &e->k, &e->t, a->column) >= 0)
		return a->exists ||
		       mig_r_missing(e, "column", a->column, "exists already");
	if (!mig_ok(e->m) ||
	    !mig_r_name_add(e, &e->added, &e->nadded, &e->added_room, a->column))
		return false;
	e->native &= a->native.at != NULL;
	return mig_r_append(e, last->span.to - 1, a->text);
}

/* The first constraint, of the table or another column, that would lose the
   column; NULL: there is none. */
static const MigRule *
dependent(MigEditor *e, int c, MigStr name)
{
	for (int i = 0; i < e->t.nrules; i++)
	{
		const MigRule *r = &e->t.rules[i];

		if (r->column == c || r->kind == MIG_R_DEFAULT ||
		    r->kind == MIG_R_COLLATE)
			continue;
		if (mig_r_names(e, r->expr, name))
			return r;
	}
	return NULL;
}

bool
mig_r_drop_column(MigEditor *e)
{
	const MigChange *a = e->action;
	const MigRule *r;
	int c = mig_table_column(e->m, &e->k, &e->t, a->column);

	e->in_place = false;
	if (c < 0)
		return mig_ok(e->m) &&
		       (a->exists ||
		        mig_r_missing(e, "column", a->column, "does not exist"));
	for (int i = e->t.columns[c].rules;
	     i < e->t.columns[c].rules + e->t.columns[c].nrules; i++)
	{
		if (!mig_r_rule_lost(e, &e->t.rules[i]))
			return false;
		e->native &= e->t.rules[i].kind != MIG_R_PRIMARY_KEY &&
		             e->t.rules[i].kind != MIG_R_UNIQUE &&
		             e->t.rules[i].kind != MIG_R_REFERENCES;
	}
	while ((r = dependent(e, c, a->column)) != NULL)
	{
		e->native = false;
		if (r->kind == MIG_R_GENERATED)
			return mig_r_missing(e, "column", a->column,
			                     "is needed by a generated column");
		if (!mig_r_lose_rule(e, r))
			return false;
		c = mig_table_column(e->m, &e->k, &e->t, a->column);
	}
	if (e->t.ncolumns == 1)
		return mig_r_missing(e, "column", a->column, "is the only one");
	return mig_r_name_add(e, &e->dropped, &e->ndropped, &e->dropped_room,
	                      a->column) &&
	       mig_r_take_item(e, e->t.columns[c].span);
}

static bool
is_strict(const MigEditor *e)
{
	for (int i = e->t.options.from; i < e->t.options.to; i++)
		if (mig_token_is(&e->k, i, "strict"))
			return true;
	return false;
}

bool
mig_r_has_rowid(const MigTokens *k, const MigTable *t)
{
	for (int i = t->options.from; i < t->options.to; i++)
		if (mig_token_words(k, i, "without rowid"))
			return false;
	return true;
}

int
mig_r_rowid_column(Mig *m, const MigTokens *k, const MigTable *t)
{
	for (int c = 0; c < t->ncolumns && mig_r_has_rowid(k, t); c++)
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

/* A column that was of an enum type loses its CHECK with it. */
static bool
drop_labels(MigEditor *e, int c)
{
	MigSpan type = e->t.columns[c].type;
	const MigRule *r;
	MigTypeName name;

	if (type.to != type.from + 2 ||
	    !mig_token_is(&e->k, type.from + 1, "text"))
		return true;
	if (!mig_type_read(e->m, MIG_FOR_POSTGRESQL, mig_r_bare(e, type.from),
	                   &name))
		return false;
	r = name.family == MIG_F_OTHER ? mig_r_labels_of(e, c) : NULL;
	if (r == NULL)
		return true;
	return r->column < 0 ? mig_r_take_item(e, r->span)
	                     : mig_r_take_out(e, r->span);
}

/* SQLite's texts of numbers and booleans are not PostgreSQL's: '1' for true,
   '12.0' for 12. */
static bool
refuse_text(MigEditor *e, MigStr declared)
{
	MigTypeName old, new;

	if (e->action->using.at != NULL)
		return true;
	if (!mig_type_read(e->m, MIG_FOR_SQLITE, declared, &old) ||
	    !mig_type_read(e->m, MIG_FOR_SQLITE, e->action->text, &new))
		return false;
	if ((old.family != MIG_F_BOOLEAN && old.family != MIG_F_NUMERIC &&
	     old.family != MIG_F_FLOAT32 && old.family != MIG_F_FLOAT64) ||
	    mig_type_affinity(e->action->text) != MIG_AFFINITY_TEXT)
		return true;
	mig_fail(e->m, MIG_SYNTAX,
	         "cannot change column \"%.*s\" from %.*s to %.*s on SQLite",
	         MIG_S(e->action->column), MIG_S(declared),
	         MIG_S(e->action->text));
	mig_hint(e->m, "Say with USING what the text is made of.");
	return mig_at(e->m, e->action->pos);
}

bool
mig_r_is_new(const MigEditor *e, MigStr name)
{
	for (size_t i = 0; i < e->nadded; i++)
		if (mig_name_same(e->added[i], name))
			return true;
	return false;
}

/* To PostgreSQL it is not there yet, wherever it stands in the statement. */
static bool
too_new(MigEditor *e)
{
	return mig_r_missing(e, "column", e->action->column, "does not exist");
}

bool
mig_r_set_type(MigEditor *e)
{
	static const char *const strict[] = {"INTEGER", "TEXT", "BLOB", "REAL",
	                                     "ANY"};
	int c = mig_r_column_of(e);
	MigAffinity affinity = mig_type_affinity(e->action->text);
	MigStr text = e->action->text;
	MigSpan type;

	if (c < 0)
		return false;
	if (mig_r_is_new(e, e->action->column))
		return too_new(e);

	/* The rowid stays what it is: it holds 64 bits. */
	if (c == mig_r_rowid_column(e->m, &e->k, &e->t) &&
	    affinity == MIG_AFFINITY_INTEGER)
		return true;
	if (is_strict(e))
		text = mig_str(strict[affinity]);
	type = e->t.columns[c].type;

	/* To PostgreSQL nothing happens, whatever the rows hold. */
	if (mig_r_is_itself(e, e->action->using, e->action->column) &&
	    mig_r_labels_of(e, c) == NULL && type.from < type.to &&
	    mig_name_same(mig_span_text(&e->k, type), text))
		return mig_ok(e->m);
	if (!drop_labels(e, c))
		return false;
	type = e->t.columns[c].type;
	if (type.from < type.to && !refuse_text(e, mig_span_text(&e->k, type)))
		return false;
	e->in_place &=
		mig_r_is_itself(e, e->action->using, e->action->column) &&
		mig_type_affinity(mig_span_text(&e->k, type)) == affinity &&
		(!is_strict(e) || mig_name_same(mig_span_text(&e->k, type), text));
	if (type.from == type.to)
		return mig_r_insert(e, e->t.columns[c].name, " ", text);
	return mig_r_splice(e, mig_r_start_of(e, type.from),
	                    mig_r_end_of(e, type.to - 1), text);
}

const MigGiven *
mig_r_given_find(const MigEditor *e, MigStr column)
{
	const MigGiven *g = e->given;

	while (g != NULL && !mig_name_same(g->column, column))
		g = g->next;
	return g;
}

static bool
given_add(MigEditor *e, MigStr column, const MigRule *value)
{
	MigGiven *g;

	if (!mig_r_is_new(e, column) || mig_r_given_find(e, column) != NULL)
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

bool
mig_r_set_default(MigEditor *e, bool drop)
{
	int c = mig_r_column_of(e);
	const MigRule *r = c < 0 ? NULL : mig_table_rule(&e->t, c, MIG_R_DEFAULT);

	if (c < 0 || !given_add(e, e->action->column, r) ||
	    !mig_r_name_add(e, &e->defaults, &e->ndefaults, &e->default_room,
	                    e->action->column))
		return false;
	if (drop)
		return r == NULL || mig_r_take_out(e, r->span);
	if (r == NULL)
		return mig_r_insert(e, mig_r_type_of(&e->t.columns[c]), " DEFAULT ",
		                    e->action->text);
	return mig_r_splice(e, mig_r_start_of(e, r->expr.from),
	                    mig_r_end_of(e, r->expr.to - 1), e->action->text);
}

/* Whether the column is in the primary key. */
static bool
in_key(MigEditor *e, int c)
{
	if (mig_table_rule(&e->t, c, MIG_R_PRIMARY_KEY) != NULL)
		return true;
	for (int i = e->t.own; i < e->t.nrules; i++)
		if (e->t.rules[i].kind == MIG_R_PRIMARY_KEY &&
		    mig_r_names(e, e->t.rules[i].expr,
		                mig_r_bare(e, e->t.columns[c].name)))
			return true;
	return false;
}

bool
mig_r_set_not_null(MigEditor *e, bool drop)
{
	int c = mig_r_column_of(e);
	MigText null = {e->m, NULL, 0, 0};
	const MigRule *r;

	if (c < 0)
		return false;
	r = mig_table_rule(&e->t, c, MIG_R_NOT_NULL);
	if (drop && in_key(e, c))
		return mig_r_missing(e, "column", e->action->column,
		                     "is in the primary key");
	if (drop)
		return r == NULL || mig_r_take_out(e, r->span);
	if (r != NULL)
		return true;
	r = mig_table_rule(&e->t, c, MIG_R_NULL);
	if (r != NULL && !mig_r_take_out(e, r->span))
		return false;
	mig_text_ident(&null, e->action->column);
	mig_text_add(&null, " IS NULL");
	return mig_r_proof_add(e, false, e->action->column, mig_text_str(&null)) &&
	       mig_r_insert(e, mig_r_type_of(&e->t.columns[c]), " ",
	                    MIG_LIT("NOT NULL"));
}

bool
mig_r_drop_expression(MigEditor *e)
{
	int c = mig_r_column_of(e);
	const MigRule *r =
		c < 0 ? NULL : mig_table_rule(&e->t, c, MIG_R_GENERATED);

	e->in_place = false;
	if (c < 0)
		return false;
	if (mig_r_is_new(e, e->action->column))
		return too_new(e);
	if (r != NULL)
		return mig_r_take_out(e, r->span);
	return e->action->exists || mig_r_missing(e, "column", e->action->column,
	                                          "is not a generated column");
}
