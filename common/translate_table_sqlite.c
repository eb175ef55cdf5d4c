#include "private.h"

#include "translate_work.h"

/* A constraint of the table leaves with the comma before it. */
static void
drop_item(MigWorking *w, const MigRule *r)
{
	MigSpan s = r->span;

	if (mig_token_char(&w->k, s.from - 1, ','))
		s.from--;
	else if (mig_token_char(&w->k, s.to, ','))
		s.to++;
	mig_w_drop(w, s);
}

/* The table's primary key when it is this column alone, or NULL. */
static const MigRule *
table_key(MigWorking *w, const MigTable *t, int c, bool alone)
{
	MigStr name = mig_token_bare(w->m, &w->k, t->columns[c].name);

	for (int n = t->own; n < t->nrules; n++)
	{
		const MigRule *r = &t->rules[n];

		if (r->kind != MIG_R_PRIMARY_KEY ||
		    (alone && r->expr.to != r->expr.from + 1))
			continue;
		for (int i = r->expr.from; i < r->expr.to;
		     i = mig_token_comma(&w->k, i, r->expr.to) + 1)
			if (mig_name_same(mig_token_bare(w->m, &w->k, i), name))
				return r;
	}
	return NULL;
}

/* Options of an identity column: those that say what is so anyway. */
static bool
identity_options(MigWorking *w, const MigRule *r)
{
	for (int i = r->expr.from; i < r->expr.to; i++)
	{
		bool start = mig_token_is(&w->k, i, "start");
		bool step = mig_token_is(&w->k, i, "increment");

		if (mig_token_is(&w->k, i, "cache"))
		{
			i++;
			continue;
		}
		if (mig_token_words(&w->k, i, "no minvalue") ||
		    mig_token_words(&w->k, i, "no maxvalue") ||
		    mig_token_words(&w->k, i, "no cycle"))
		{
			i++;
			continue;
		}
		if (!start && !step)
			return mig_w_refuse(w, i, "this option of an identity column");
		i++;
		if (mig_token_is(&w->k, i, start ? "with" : "by"))
			i++;
		if (!mig_str_is(w->k.at[i].text, "1"))
			return mig_w_refuse(w, i, "this option of an identity column");
	}
	return true;
}

/* An identity or serial column is SQLite's numbered key, which must be called
   INTEGER. AUTOINCREMENT, so that no number comes twice. */
static bool
identity(MigWorking *w, MigTable *t, int c)
{
	const MigColumnDef *col = &t->columns[c];
	const MigRule *rule = mig_table_rule(t, c, MIG_R_IDENTITY);
	const MigRule *own = mig_table_rule(t, c, MIG_R_PRIMARY_KEY);
	const MigRule *key = table_key(w, t, c, true);
	MigText text = {w->m, NULL, 0, 0};

	if (own == NULL && key == NULL)
		return mig_w_refuse(w, col->name,
		                    "an identity column that is not the primary key");
	if (rule != NULL && !identity_options(w, rule))
		return false;
	mig_w_put(w, col->type, "INTEGER");
	if (rule != NULL)
		mig_w_drop(w, rule->span);
	if (own != NULL)
	{
		mig_w_behind(w, own->head + 1, " AUTOINCREMENT");
		return mig_ok(w->m);
	}
	if (key->name >= 0)
	{
		mig_text_add(&text, " CONSTRAINT ");
		mig_text_str_add(&text, w->k.at[key->name].text);
	}
	mig_text_add(&text, " PRIMARY KEY AUTOINCREMENT");
	mig_w_insert(w,
	             w->k.at[col->type.to - 1].offset +
	                 w->k.at[col->type.to - 1].text.len,
	             mig_text_str(&text));
	drop_item(w, key);
	return mig_ok(w->m);
}

/* The type, by the shortest edit: what is added to a name that stays. */
static bool
column_type(MigWorking *w, const MigColumnDef *col, MigTypeName *type,
            MigStr *labels)
{
	MigStr becomes, rest;

	if (!mig_w_type_becomes(w, col->type, type, &becomes, labels))
		return false;
	rest = becomes;
	if (becomes.len > type->declared.len)
		rest.len = type->declared.len;
	if (mig_str_eq(becomes, type->declared))
		return true;
	if (mig_name_same(rest, type->declared))
		mig_w_insert(w,
		             w->k.at[col->type.to - 1].offset +
		                 w->k.at[col->type.to - 1].text.len,
		             mig_str_from(becomes, rest.len));
	else
		mig_w_replace(w, col->type, becomes);
	return true;
}

static bool
without_rowid(const MigTokens *k, const MigTable *t)
{
	for (int i = t->options.from; i < t->options.to; i++)
		if (mig_token_words(k, i, "without rowid"))
			return true;
	return false;
}

static void
key_not_null(MigWorking *w, const MigTable *t, int c)
{
	const MigColumnDef *col = &t->columns[c];
	const MigRule *own = mig_table_rule(t, c, MIG_R_PRIMARY_KEY);
	bool alone = own != NULL || table_key(w, t, c, true) != NULL;

	if ((own == NULL && table_key(w, t, c, false) == NULL) ||
	    mig_table_rule(t, c, MIG_R_NOT_NULL) != NULL ||
	    without_rowid(&w->k, t))
		return;
	if (alone && mig_str_word(mig_span_text(&w->k, col->type), "integer"))
		return;
	mig_w_behind(w, col->type.to - 1, " NOT NULL");
}

/* "a" IN (labels), for a column of an enum type. */
static void
labels_check(MigWorking *w, const MigColumnDef *col, MigStr labels)
{
	MigText t = {w->m, NULL, 0, 0};

	mig_text_add(&t, " CHECK (");
	mig_text_str_add(&t, w->k.at[col->name].text);
	mig_text_add(&t, " IN (");
	mig_text_str_add(&t, labels);
	mig_text_add(&t, "))");
	mig_w_insert(w,
	             w->k.at[col->span.to - 1].offset +
	                 w->k.at[col->span.to - 1].text.len,
	             mig_text_str(&t));
}

bool
mig_w_column_sqlite(MigWorking *w, MigTable *t, int c)
{
	const MigColumnDef *col = &t->columns[c];
	MigTypeName type;
	MigStr labels = {NULL, 0};

	if (!mig_w_type(w, col->type, &type))
		return false;
	if (type.family == MIG_F_NONE)
		key_not_null(w, t, c);
	else if (type.serial || mig_table_rule(t, c, MIG_R_IDENTITY) != NULL)
	{
		if (!identity(w, t, c))
			return false;
	}
	else
	{
		if (!column_type(w, col, &type, &labels))
			return false;
		key_not_null(w, t, c);
	}
	for (int i = col->rules; i < col->rules + col->nrules; i++)
		if (!mig_w_rule_sqlite(w, t, &t->rules[i]))
			return false;
	if (labels.at != NULL)
		labels_check(w, col, labels);
	return mig_ok(w->m);
}

/* UNIQUE NULLS NOT DISTINCT: an index on the values, NULL made a value of its
   own by a second expression. */
static bool
nulls_index(MigWorking *w, const MigTable *t, const MigRule *r)
{
	MigText sql = {w->m, NULL, 0, 0};
	MigText name = {w->m, NULL, 0, 0};
	MigText keys = {w->m, NULL, 0, 0};
	MigStr table = mig_token_bare(w->m, &w->k, t->name);
	MigSpan s = r->expr;

	if (r->column >= 0)
		s = (MigSpan){t->columns[r->column].name,
		              t->columns[r->column].name + 1};
	mig_text_str_add(&name, table);
	for (int i = s.from; i < s.to && mig_ok(w->m);)
	{
		MigStr column = mig_token_bare(w->m, &w->k, i);
		MigText quoted = {w->m, NULL, 0, 0};

		mig_text_char(&name, '_');
		mig_text_str_add(&name, column);
		mig_text_ident(&quoted, column);
		mig_text_fmt(&keys, "%sifnull(%.*s, 0), (%.*s IS NULL)",
		             i > s.from ? ", " : "", MIG_S(mig_text_str(&quoted)),
		             MIG_S(mig_text_str(&quoted)));
		i = mig_token_comma(&w->k, i, s.to) + 1;
	}
	mig_text_add(&name, "_key");
	mig_text_fmt(&sql, "CREATE UNIQUE INDEX %s",
	             t->exists ? "IF NOT EXISTS " : "");
	mig_text_ident(&sql, r->name >= 0 ? mig_token_bare(w->m, &w->k, r->name)
	                                  : mig_text_str(&name));
	mig_text_add(&sql, " ON ");
	mig_text_ident(&sql, table);
	mig_text_add(&sql, " (");
	mig_text_str_add(&sql, mig_text_str(&keys));
	mig_text_char(&sql, ')');
	return mig_w_emit(w, r->span.from, mig_text_str(&sql));
}

static bool
is_nulls(const MigTokens *k, const MigRule *r)
{
	return r->kind == MIG_R_UNIQUE &&
	       mig_token_words(k, r->head + 1, "nulls not distinct") > 0;
}

/* What stands behind the parentheses. */
static bool
options(MigWorking *w, const MigTable *t)
{
	const MigTokens *k = &w->k;
	int i = t->options.from;

	while (i < t->options.to)
	{
		int start = i;

		if (mig_token_words(k, i, "without rowid") ||
		    mig_token_is(k, i, "strict") || mig_token_char(k, i, ','))
		{
			i += mig_token_is(k, i, "without") ? 2 : 1;
			continue;
		}
		if (mig_token_is(k, i, "as"))
		{
			MigExpr e = {.span = {i, t->options.to}};

			return mig_w_expr(w, &e);
		}
		if (mig_token_is(k, i, "with") && mig_token_char(k, i + 1, '('))
			i = mig_token_close(k, i + 1) + 1;
		else if (mig_token_words(k, i, "without oids") ||
		         mig_token_is(k, i, "tablespace") ||
		         mig_token_words(k, i, "using heap"))
			i += 2;
		else
			return mig_w_refuse(w, i, "%.*s of a table", MIG_S(k->at[i].text));
		if (i > t->options.to)
			i = t->options.to;
		mig_w_drop(w, (MigSpan){start, i});
		mig_w_dropped(w, start, "%.*s of a table is left out",
		              MIG_S(k->at[start].text));
	}
	return true;
}

bool
mig_w_table_sqlite(MigWorking *w, MigTable *t)
{
	bool apart = false;

	for (int i = 1; i < t->head; i++)
		if (!mig_token_is(&w->k, i, "temp") &&
		    !mig_token_is(&w->k, i, "temporary"))
			mig_w_drop(w, (MigSpan){i, i + 1});
	mig_w_schema(w, t->schema, t->name);
	for (int c = 0; c < t->ncolumns; c++)
		if (!mig_w_column_sqlite(w, t, c))
			return false;
	for (int i = t->own; i < t->nrules; i++)
		if (!mig_w_rule_sqlite(w, t, &t->rules[i]))
			return false;
	if (!options(w, t))
		return false;
	for (int i = 0; i < t->nrules; i++)
		if (is_nulls(&w->k, &t->rules[i]))
		{
			if (t->rules[i].column >= 0)
				mig_w_drop(w, t->rules[i].span);
			else
				drop_item(w, &t->rules[i]);
			apart = true;
		}
	if (apart && !mig_w_emit(w, 0, mig_w_bytes(w, 0, w->k.text.len)))
		return false;
	for (int i = 0; i < t->nrules && apart; i++)
		if (is_nulls(&w->k, &t->rules[i]) && !nulls_index(w, t, &t->rules[i]))
			return false;
	return mig_ok(w->m);
}
