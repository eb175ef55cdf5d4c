#include "private.h"

#include "translate_work.h"

/*
 * Tables as scripts have made and changed them. Nothing is changed in place:
 * a change makes a version, so that statements which are translated once more
 * see what they saw before.
 */

/* A name as the key of the map. */
static MigStr
lower(Mig *m, MigStr name)
{
	MigText t = {m, NULL, 0, 0};

	for (size_t i = 0; i < name.len; i++)
		mig_text_char(&t, name.at[i] >= 'A' && name.at[i] <= 'Z'
		                      ? (char) (name.at[i] + 32)
		                      : name.at[i]);
	return mig_text_str(&t);
}

/* The version of a table that is seen now, gone or not; NULL: none is. */
static const MigKnownTable *
version_find(const MigWorking *w, MigStr name)
{
	const MigTranslator *t = w->t;
	const MigKnownTable *k = NULL;
	MigStr key = lower(w->m, name);
	int32_t at = key.at == NULL || t->names.slots == NULL
	                 ? -1
	                 : mig_map_get(&t->names, key);

	if (at >= 0 && at < t->ntables)
		k = t->tables[at];
	while (k != NULL && k->number > t->known)
		k = k->older;
	return k;
}

const MigKnownTable *
mig_w_find_table(const MigWorking *w, MigStr name)
{
	const MigKnownTable *k;

	if (name.at == NULL)
		return NULL;
	do
		k = version_find(w, name);
	while (k == NULL && mig_w_recall(w, name));
	return k == NULL || k->gone ? NULL : k;
}

/* A place among the tables for a name that is new. */
static int32_t
name_add(MigWorking *w, MigStr name)
{
	MigTranslator *t = w->t;
	Mig *m = t->keep;
	MigStr key = lower(m, name);
	MigKnownTable **tables;
	int32_t at;

	if (key.at == NULL ||
	    (t->names.slots == NULL && !mig_map_init(m, &t->names, 16)))
		return -1;
	at = mig_map_put(m, &t->names, key, t->ntables);
	if (at != t->ntables)
		return at;
	tables = mig_grow(m, t->tables, (size_t) t->ntables, &t->table_room,
	                  (size_t) t->ntables + 1, sizeof(MigKnownTable *));
	if (tables == NULL)
		return -1;
	t->tables = tables;
	tables[t->ntables++] = NULL;
	return at;
}

/* A version of a table, in front of its others. What is translated once more
   only counts: its versions are there. */
static bool
version_add(MigWorking *w, const MigKnownTable *like)
{
	MigTranslator *t = w->t;
	MigKnownTable *k;
	int32_t at;

	if (!mig_ok(w->m))
		return false;
	if (++t->known <= t->newest)
		return true;
	k = mig_w_keep_alloc(w, sizeof(*k));
	at = k == NULL ? -1 : name_add(w, like->name);
	if (at < 0)
		return mig_fail(w->m, MIG_NOMEM, "out of memory");
	*k = *like;
	k->name = mig_w_keep(w, like->name);
	k->number = t->newest = t->known;
	k->older = t->tables[at];
	t->tables[at] = k;
	return mig_ok(w->m);
}

/* Columns in memory of their own. */
static bool
columns_keep(MigWorking *w, MigKnownTable *k)
{
	MigKnownColumn *all =
		mig_w_keep_alloc(w, (size_t) k->ncolumns * sizeof(*all));
	const MigKnownColumn *c = k->last;

	if (all == NULL)
		return false;
	k->last = &all[k->ncolumns - 1];
	for (int i = k->ncolumns - 1; i >= 0; i--, c = c->before)
	{
		all[i] = *c;
		all[i].name = mig_w_keep(w, c->name);
		all[i].before = i > 0 ? &all[i - 1] : NULL;
	}
	return mig_ok(w->m);
}

bool
mig_w_take_table(MigWorking *w, const MigWorking *past, MigStr name)
{
	const MigKnownTable *like = mig_w_find_table(past, name);
	MigKnownTable *k, **last;
	int32_t at;

	if (like == NULL)
		return mig_ok(past->m);
	k = mig_w_keep_alloc(w, sizeof(*k));
	at = k == NULL ? -1 : name_add(w, name);
	if (at < 0)
		return mig_fail(w->m, MIG_NOMEM, "out of memory");
	*k = *like;
	k->name = mig_w_keep(w, like->name);
	k->number = 0;
	k->older = NULL;
	for (last = &w->t->tables[at]; *last != NULL;)
		last = &(*last)->older;
	*last = k;
	return (k->ncolumns == 0 || columns_keep(w, k)) && mig_ok(w->m);
}

const MigKnownColumn *
mig_w_known_column(const MigKnownTable *t, MigStr name)
{
	const MigKnownColumn *c = t == NULL || name.at == NULL ? NULL : t->last;

	while (c != NULL && !mig_name_same(c->name, name))
		c = c->before;
	return c;
}

const MigKnownColumn *
mig_w_column_at(const MigKnownTable *t, int place)
{
	const MigKnownColumn *c = t->last;

	for (int i = t->ncolumns - 1; c != NULL && i > place; i--)
		c = c->before;
	return place < t->ncolumns ? c : NULL;
}

/* A column behind the others. */
static bool
column_put(MigWorking *w, MigKnownTable *to, const MigKnownColumn *like)
{
	MigKnownColumn *c = mig_w_keep_alloc(w, sizeof(*c));

	if (c == NULL)
		return false;
	*c = *like;
	c->before = to->last;
	to->last = c;
	to->ncolumns++;
	return true;
}

/* The column that SQLite numbers: INTEGER, alone in the primary key. */
static bool
is_numbered(MigWorking *w, const MigTable *t, int c)
{
	const MigRule *key = mig_table_rule(t, c, MIG_R_PRIMARY_KEY);
	MigStr type = mig_span_text(&w->k, t->columns[c].type);

	if (!mig_str_word(type, "integer"))
		return mig_table_rule(t, c, MIG_R_IDENTITY) != NULL;
	if (key != NULL)
		return !mig_token_is(&w->k, key->tail, "desc");
	for (int i = t->own; i < t->nrules; i++)
	{
		const MigRule *r = &t->rules[i];

		if (r->kind == MIG_R_PRIMARY_KEY && r->expr.to == r->expr.from + 1 &&
		    mig_name_same(mig_token_bare(w->m, &w->k, r->expr.from),
		                  mig_token_bare(w->m, &w->k, t->columns[c].name)))
			return true;
	}
	return false;
}

/* Whether the table's own primary key has the column. */
static bool
in_key(MigWorking *w, const MigTable *t, MigStr name)
{
	for (int n = t->own; n < t->nrules; n++)
	{
		const MigRule *r = &t->rules[n];

		if (r->kind != MIG_R_PRIMARY_KEY)
			continue;
		for (int i = r->expr.from; i < r->expr.to;
		     i = mig_token_comma(&w->k, i, r->expr.to) + 1)
			if (mig_name_same(mig_token_bare(w->m, &w->k, i), name))
				return true;
	}
	return false;
}

static void
type_set(MigKnownColumn *to, const MigTypeName *type)
{
	to->family = type->family;
	to->places = -1;
	if (type->family == MIG_F_NUMERIC && type->nargs > 0 &&
	    type->args[0] < 1000)
		to->places =
			type->nargs > 1 && type->args[1] >= 0 && type->args[1] < 1000
				? (int) type->args[1]
				: 0;
}

/* Column c of an outline. A key of SQLite's may be NULL, unless it is a
   number. */
bool
mig_w_column_read(MigWorking *w, const MigTable *t, int c, MigKnownColumn *out)
{
	MigStr name = mig_token_bare(w->m, &w->k, t->columns[c].name);
	MigTypeName type;
	bool numbered;

	memset(out, 0, sizeof(*out));
	if (!mig_w_type(w, t->columns[c].type, &type))
		return false;
	numbered = is_numbered(w, t, c);
	type_set(out, &type);
	/* What a section for SQLite makes is of both flavours: the other
	   database has a section of its own for it. */
	out->of_sqlite = mig_w_is_sqlite(w) && w->t->from != w->t->target->id;
	out->name = mig_w_keep(w, name);
	out->key =
		mig_table_rule(t, c, MIG_R_PRIMARY_KEY) != NULL || in_key(w, t, name);
	out->not_null = mig_table_rule(t, c, MIG_R_NOT_NULL) != NULL ||
	                type.serial || numbered ||
	                (out->key && !mig_w_is_sqlite(w));
	out->identity = !w->sqlite && numbered && w->of_sqlite;
	return mig_ok(w->m);
}

bool
mig_w_remember(MigWorking *w, const MigTable *t)
{
	MigStr name = mig_token_bare(w->m, &w->k, t->name);
	MigKnownTable known = {.name = name};

	/* A table that is there stays what it is. */
	if (name.at == NULL || (t->exists && mig_w_find_table(w, name) != NULL))
		return mig_ok(w->m);
	for (int c = 0; c < t->ncolumns; c++)
	{
		MigKnownColumn column;

		if (!mig_w_column_read(w, t, c, &column) ||
		    !column_put(w, &known, &column))
			return false;
		known.other_keys |= mig_table_rule(t, c, MIG_R_UNIQUE) != NULL;
	}
	for (int i = t->own; i < t->nrules; i++)
	{
		known.other_keys |= t->rules[i].kind == MIG_R_UNIQUE;
		if (t->rules[i].kind == MIG_R_LIKE)
			known.ncolumns = 0;
	}
	for (int i = t->options.from; i < t->options.to; i++)
		if (mig_token_is(&w->k, i, "inherits") ||
		    mig_token_words(&w->k, i, "partition of"))
			known.ncolumns = 0;
	if (known.ncolumns == 0)
		known.last = NULL;
	return version_add(w, &known);
}

/* A list of columns with one of them changed: the columns before it are
   shared. change: what it becomes; NULL: it goes. */
static bool
column_change(MigWorking *w, MigKnownTable *k, const MigKnownColumn *old,
              const MigKnownColumn *change)
{
	const MigKnownColumn **behind = mig_alloc_array(
		w->m, (size_t) k->ncolumns + 1, sizeof(MigKnownColumn *));
	int n = 0;

	if (behind == NULL)
		return false;
	for (const MigKnownColumn *c = k->last; c != old; c = c->before)
		behind[n++] = c;
	k->last = old->before;
	k->ncolumns -= n + 1;
	if (change != NULL && !column_put(w, k, change))
		return false;
	while (n > 0)
		if (!column_put(w, k, behind[--n]))
			return false;
	return true;
}

static bool
added(MigWorking *w, MigKnownTable *k, MigSpan s)
{
	MigKnownColumn column;
	MigTable t;

	s.from += mig_token_words(&w->k, s.from, "if not exists");
	if (s.from >= s.to || !mig_token_name(&w->k, s.from) || k->ncolumns == 0)
		return true;
	if (mig_w_known_column(k, mig_token_bare(w->m, &w->k, s.from)) != NULL)
		return true;
	if (!mig_column_read(w->m, &w->k, s, &t) ||
	    !mig_w_column_read(w, &t, 0, &column))
		return false;
	k->other_keys |= mig_table_rule(&t, 0, MIG_R_UNIQUE) != NULL;
	return column_put(w, k, &column);
}

/* ALTER [COLUMN] name ... */
static bool
altered(MigWorking *w, MigKnownTable *k, MigSpan s)
{
	const MigKnownColumn *old;
	MigKnownColumn column;
	MigTypeName type;
	int n;

	s.from += mig_token_is(&w->k, s.from, "column");
	old = mig_w_known_column(k, mig_token_bare(w->m, &w->k, s.from));
	if (old == NULL)
		return mig_ok(w->m);
	column = *old;
	s.from++;
	n = mig_token_words(&w->k, s.from, "set data type");
	if (n == 0)
		n = mig_token_words(&w->k, s.from, "type");
	if (n > 0)
	{
		int using = mig_token_find(&w->k, s, "using");

		s.from += n;
		if (using > s.from)
			s.to = using;
		if (!mig_w_type(w, s, &type))
			return false;
		type_set(&column, &type);
	}
	else if (mig_token_words(&w->k, s.from, "set not null"))
		column.not_null = true;
	else if (mig_token_words(&w->k, s.from, "drop not null"))
		column.not_null = false;
	else
		return true;
	return column_change(w, k, old, &column);
}

/* RENAME [COLUMN] a TO b, RENAME TO b. */
static bool
renamed(MigWorking *w, MigKnownTable *k, MigSpan s)
{
	const MigKnownColumn *old;
	MigKnownColumn column;

	if (mig_token_is(&w->k, s.from, "constraint") || s.to - s.from < 2)
		return true;
	if (mig_token_is(&w->k, s.from, "to"))
	{
		MigKnownTable left = {.name = k->name, .gone = true};

		k->name = mig_token_bare(w->m, &w->k, s.from + 1);
		return k->name.at != NULL && version_add(w, &left);
	}
	s.from += mig_token_is(&w->k, s.from, "column");
	old = mig_w_known_column(k, mig_token_bare(w->m, &w->k, s.from));
	if (old == NULL || s.to - s.from < 3)
		return mig_ok(w->m);
	column = *old;
	column.name = mig_w_keep(w, mig_token_bare(w->m, &w->k, s.from + 2));
	return column.name.at != NULL && column_change(w, k, old, &column);
}

/* Words behind ADD and DROP that are no column's name. */
static bool
is_rule(const MigTokens *k, int i)
{
	return mig_token_is(k, i, "constraint") ||
	       mig_token_words(k, i, "primary key") ||
	       mig_token_words(k, i, "foreign key") ||
	       ((mig_token_is(k, i, "unique") || mig_token_is(k, i, "check") ||
	         mig_token_is(k, i, "exclude")) &&
	        !mig_token_name(k, i + 1));
}

static bool
one_change(MigWorking *w, MigKnownTable *k, MigSpan s)
{
	const MigTokens *t = &w->k;
	MigSpan rest = {s.from + 1, s.to};
	bool rule = is_rule(t, rest.from);

	if (mig_token_is(t, s.from, "alter"))
		return altered(w, k, rest);
	if (mig_token_is(t, s.from, "rename"))
		return renamed(w, k, rest);
	rest.from += mig_token_is(t, rest.from, "column");
	if (mig_token_is(t, s.from, "add") && rule)
		k->other_keys |= mig_token_find(t, rest, "unique") >= 0 ||
		                 mig_token_find(t, rest, "primary") >= 0;
	else if (mig_token_is(t, s.from, "add"))
		return added(w, k, rest);
	else if (mig_token_is(t, s.from, "drop") && !rule)
	{
		const MigKnownColumn *old;

		rest.from += mig_token_words(t, rest.from, "if exists");
		old = mig_w_known_column(k, mig_token_bare(w->m, t, rest.from));
		if (old == NULL)
			return mig_ok(w->m);
		k->other_keys |= old->key;
		return column_change(w, k, old, NULL);
	}
	return true;
}

static bool
table_changed(MigWorking *w)
{
	int i = 2 + mig_token_words(&w->k, 2, "if exists");
	const MigKnownTable *old;
	MigKnownTable k;
	int schema, name;

	i += mig_token_is(&w->k, i, "only");
	i = mig_token_qualified(&w->k, i, &schema, &name);
	if (name < 0)
		return true;
	old = mig_w_find_table(w, mig_token_bare(w->m, &w->k, name));
	if (old == NULL)
		return mig_ok(w->m);
	k = *old;
	while (i < w->k.count)
	{
		int end = mig_token_comma(&w->k, i, w->k.count);

		if (i < end && !one_change(w, &k, (MigSpan){i, end}))
			return false;
		i = end + 1;
	}
	return version_add(w, &k);
}

static bool
tables_dropped(MigWorking *w)
{
	int i = 2 + mig_token_words(&w->k, 2, "if exists");

	while (i < w->k.count)
	{
		MigKnownTable gone = {.gone = true};
		int schema, name;

		mig_token_qualified(&w->k, i, &schema, &name);
		if (name < 0)
			return true;
		gone.name = mig_token_bare(w->m, &w->k, name);
		if (gone.name.at == NULL || !version_add(w, &gone))
			return false;
		i = mig_token_comma(&w->k, i, w->k.count) + 1;
	}
	return true;
}

bool
mig_w_remember_change(MigWorking *w)
{
	if (mig_token_words(&w->k, 0, "alter table"))
		return table_changed(w);
	if (mig_token_words(&w->k, 0, "drop table"))
		return tables_dropped(w);
	return true;
}
