#include "private.h"

#include "translate_work.h"

/* The parts of an INSERT; -1: not there. */
typedef struct Insert
{
	int into;     /* INTO */
	int table;    /* its token */
	MigSpan list; /* the columns, inside of parentheses; empty: none */
	int body;     /* VALUES, SELECT, WITH or DEFAULT */
	int on;       /* ON CONFLICT */
	int returning;
	int end; /* of the body */
} Insert;

static bool
insert_read(MigWorking *w, Insert *x)
{
	const MigTokens *k = &w->k;
	MigSpan all = {0, k->count};
	int schema, i;

	x->into = mig_token_find(k, all, "into");
	if (x->into < 0)
		return false;
	i = mig_token_qualified(k, x->into + 1, &schema, &x->table);
	if (x->table < 0)
		return false;
	mig_w_schema(w, schema, x->table);
	if (mig_token_is(k, i, "as"))
		i += 2;
	x->list = (MigSpan){i, i};
	if (mig_token_char(k, i, '('))
	{
		x->list = (MigSpan){i + 1, mig_token_close(k, i)};
		i = x->list.to + 1;
	}
	x->body = i;
	x->on = -1;
	x->returning = mig_token_find(k, (MigSpan){i, k->count}, "returning");
	x->end = x->returning < 0 ? k->count : x->returning;
	for (int n = i; n < x->end; n++)
	{
		if (mig_token_char(k, n, '('))
			n = mig_token_close(k, n);
		else if (x->on < 0 && mig_token_words(k, n, "on conflict"))
			x->on = n;
	}
	if (x->on >= 0)
		x->end = x->on;
	return true;
}

/* SQLite reads ON behind a bare FROM as that of a join. */
static void
part_select(MigWorking *w, const Insert *x)
{
	static const char *const words[] = {"where", "group", "order", "limit"};
	MigSpan body = {x->body, x->end};

	if (x->on < 0 || mig_token_is(&w->k, x->body, "values") ||
	    mig_token_find(&w->k, body, "from") < 0)
		return;
	for (int i = 0; i < MIG_COUNT(words); i++)
		if (mig_token_find(&w->k, body, words[i]) >= 0)
			return;
	mig_w_before(w, x->on, "WHERE true ");
}

/* DEFAULT among values. */
static bool
no_defaults(MigWorking *w, const Insert *x)
{
	for (int i = x->body + 1; i < x->end; i++)
		if (mig_token_is(&w->k, i, "default") &&
		    (mig_token_char(&w->k, i - 1, '(') ||
		     mig_token_char(&w->k, i - 1, ',')))
			return mig_w_refuse_hint(w, i, "Leave the column out.",
			                         "DEFAULT among values");
	return true;
}

static bool
insert_sqlite(MigWorking *w, Insert *x)
{
	if (mig_token_is(&w->k, x->body, "overriding"))
	{
		if (!mig_token_is(&w->k, x->body + 1, "system"))
			return mig_w_refuse(w, x->body, "OVERRIDING USER VALUE");
		mig_w_drop(w, (MigSpan){x->body, x->body + 3});
		x->body += 3;
	}
	if (x->on >= 0 && mig_token_words(&w->k, x->on, "on conflict on"))
		return mig_w_refuse_hint(w, x->on, "Name the columns.",
		                         "ON CONFLICT ON CONSTRAINT");
	if (mig_token_is(&w->k, x->body, "values") && !no_defaults(w, x))
		return false;
	part_select(w, x);
	return mig_ok(w->m);
}

/* A list of the quoted names of a table's columns: of its key, or " = excluded"
   of the others. Returns how many there are. */
static int
column_list(const MigKnownTable *known, bool key, MigText *t)
{
	int n = 0;

	for (int i = 0; i < known->ncolumns; i++)
	{
		const MigKnownColumn *c = mig_w_column_at(known, i);

		if (c->key != key)
			continue;
		if (n++ > 0)
			mig_text_add(t, ", ");
		mig_text_ident(t, c->name);
		if (key)
			continue;
		mig_text_add(t, " = excluded.");
		mig_text_ident(t, c->name);
	}
	return n;
}

/* INSERT OR REPLACE of whole rows into a table with one key: an update of
   what is there. */
static bool
replace_clause(MigWorking *w, const Insert *x, MigText *t)
{
	const MigKnownTable *known =
		mig_w_find_table(w, mig_token_bare(w->m, &w->k, x->table));
	MigText key = {w->m, NULL, 0, 0}, set = {w->m, NULL, 0, 0};
	int n = 0;

	for (int i = x->list.from; i < x->list.to;
	     i = mig_token_comma(&w->k, i, x->list.to) + 1)
		n++;
	if (known == NULL || known->other_keys ||
	    (n > 0 && n != known->ncolumns) || column_list(known, true, &key) == 0)
		return mig_ok(w->m) &&
		       mig_w_refuse_hint(
				   w, 0,
				   "Use ON CONFLICT (...) DO UPDATE; a replacement can be "
				   "translated only of whole rows of a table that scripts "
				   "make and that has one key.",
				   "INSERT OR REPLACE");
	mig_text_fmt(t, " ON CONFLICT (%.*s) DO ", MIG_S(mig_text_str(&key)));
	if (column_list(known, false, &set) == 0)
		mig_text_add(t, "NOTHING");
	else
		mig_text_fmt(t, "UPDATE SET %.*s", MIG_S(mig_text_str(&set)));
	return mig_ok(w->m);
}

/* OR ... before INTO, or REPLACE. */
static bool
insert_or(MigWorking *w, const Insert *x)
{
	MigText t = {w->m, NULL, 0, 0};
	bool replace = mig_token_is(&w->k, 0, "replace");
	int i = 1;

	if (!replace && !mig_token_is(&w->k, 1, "or"))
		return true;
	if (x->on >= 0)
		return mig_w_refuse(w, x->on, "OR together with ON CONFLICT");
	if (!replace)
	{
		replace = mig_token_is(&w->k, 2, "replace");
		i = 3;
		mig_w_drop(w, (MigSpan){1, 3});
	}
	else
		mig_w_put(w, (MigSpan){0, 1}, "INSERT");
	if (replace)
	{
		if (!replace_clause(w, x, &t))
			return false;
	}
	else if (mig_token_is(&w->k, i - 1, "ignore"))
		mig_text_add(&t, " ON CONFLICT DO NOTHING");
	else if (!mig_token_is(&w->k, i - 1, "abort"))
		return mig_w_refuse(w, i - 1, "INSERT OR %.*s",
		                    MIG_S(w->k.at[i - 1].text));
	mig_w_insert(w, w->k.at[x->end - 1].offset + w->k.at[x->end - 1].text.len,
	             mig_text_str(&t));
	return mig_ok(w->m);
}

/* Rows with explicit numbers: those to come begin behind them. */
static bool
set_sequence(MigWorking *w, const Insert *x)
{
	MigStr table = mig_token_bare(w->m, &w->k, x->table);
	const MigKnownTable *known = mig_w_find_table(w, table);
	MigText name = {w->m, NULL, 0, 0};
	MigText seq = {w->m, NULL, 0, 0};
	MigText id = {w->m, NULL, 0, 0};
	MigText t = {w->m, NULL, 0, 0};
	const MigKnownColumn *c = known == NULL ? NULL : known->last;
	bool named = x->list.from == x->list.to;

	while (c != NULL && !c->identity)
		c = c->before;
	if (c == NULL || mig_token_is(&w->k, x->body, "default"))
		return mig_ok(w->m);
	for (int i = x->list.from; i < x->list.to; i++)
		named |= mig_name_same(mig_token_bare(w->m, &w->k, i), c->name);
	if (!named)
		return true;
	mig_text_str_add(&name, mig_w_text(w, (MigSpan){x->table, x->table + 1}));
	mig_text_ident(&id, c->name);
	mig_text_add(&seq, "pg_get_serial_sequence(");
	mig_text_literal(&seq, mig_text_str(&name));
	mig_text_add(&seq, ", ");
	mig_text_literal(&seq, c->name);
	mig_text_char(&seq, ')');
	mig_text_fmt(&t,
	             "SELECT setval(%.*s, greatest(max(%.*s), nextval(%.*s))) "
	             "FROM %.*s HAVING max(%.*s) IS NOT NULL",
	             MIG_S(mig_text_str(&seq)), MIG_S(mig_text_str(&id)),
	             MIG_S(mig_text_str(&seq)), MIG_S(mig_text_str(&name)),
	             MIG_S(mig_text_str(&id)));
	return mig_w_emit(w, 0, mig_w_bytes(w, 0, w->k.text.len)) &&
	       mig_w_emit(w, 0, mig_text_str(&t));
}

/* Values whose columns are known, also those of DO UPDATE SET. */
static bool
values(MigWorking *w, const Insert *x)
{
	MigSpan rest = {x->end, w->k.count};
	const MigKnownTable *known;
	int set = mig_token_find(&w->k, rest, "set");

	if (!w->sqlite && mig_w_is_postgres(w))
		return true;
	known = mig_w_find_table(w, mig_token_bare(w->m, &w->k, x->table));
	rest.from = set + 1;
	return mig_w_values(w, known, x->list, (MigSpan){x->body, x->end}) &&
	       (set < 0 || mig_w_set_values(w, known, rest));
}

bool
mig_w_insert_rows(MigWorking *w)
{
	MigExpr body = {.family = MIG_F_NONE}, rest = body;
	Insert x;

	if (w->sqlite && mig_w_is_sqlite(w))
		return true;
	if (!w->sqlite && !mig_w_names(w))
		return false;
	if (!insert_read(w, &x))
		return mig_w_query(w);
	if (w->sqlite && !insert_sqlite(w, &x))
		return false;
	if (!values(w, &x))
		return false;
	body.span = (MigSpan){x.body, x.end};
	body.value = mig_token_is(&w->k, x.body, "values");
	rest.span = (MigSpan){x.end, w->k.count};
	if (!mig_w_expr(w, &body) || !mig_w_expr(w, &rest))
		return false;
	return w->sqlite || (insert_or(w, &x) && set_sequence(w, &x));
}

/* UPDATE t x SET, DELETE FROM t x: SQLite wants AS before another name. */
static void
other_name(MigWorking *w)
{
	int schema, name, i = 1;

	if (!mig_token_is(&w->k, 0, "update") && !mig_token_is(&w->k, 0, "delete"))
		return;
	i += mig_token_is(&w->k, i, "from");
	i += mig_token_is(&w->k, i, "only");
	i = mig_token_qualified(&w->k, i, &schema, &name);
	if (name < 0 || !mig_token_name(&w->k, i) ||
	    mig_token_is(&w->k, i, "as") || mig_token_is(&w->k, i, "set") ||
	    mig_token_is(&w->k, i, "where") ||
	    mig_token_is(&w->k, i, "returning") ||
	    mig_token_is(&w->k, i, "indexed") || mig_token_is(&w->k, i, "not") ||
	    mig_token_is(&w->k, i, "using") || mig_token_is(&w->k, 1, "or"))
		return;
	mig_w_before(w, i, "AS ");
}

/* UPDATE t SET column = literal, whatever WITH stands before it. */
static bool
set_values(MigWorking *w)
{
	MigSpan s = {0, w->k.count};
	int schema, name;

	if (!mig_token_is(&w->k, 0, "update") && !mig_token_is(&w->k, 0, "with"))
		return true;
	s.from = mig_token_find(&w->k, s, "update");
	if (s.from < 0 || (w->sqlite ? mig_w_is_sqlite(w) : mig_w_is_postgres(w)))
		return true;
	s.from += mig_token_is(&w->k, s.from + 1, "only") ? 2 : 1;
	s.from = mig_token_qualified(&w->k, s.from, &schema, &name);
	s.from = name < 0 ? -1 : mig_token_find(&w->k, s, "set");
	if (s.from < 0)
		return true;
	s.from++;
	return mig_w_set_values(
		w, mig_w_find_table(w, mig_token_bare(w->m, &w->k, name)), s);
}

/* DELETE FROM t USING u WHERE ...: those for which there is such a row of u. */
static bool
delete_using(MigWorking *w)
{
	MigSpan all = {0, w->k.count};
	int using, where, end;

	all.from = mig_token_is(&w->k, 0, "with")
	               ? mig_token_find(&w->k, all, "delete")
	               : 0;
	if (all.from < 0 || !mig_token_is(&w->k, all.from, "delete") ||
	    mig_w_is_sqlite(w))
		return true;
	using = mig_token_find(&w->k, all, "using");
	where = mig_token_find(&w->k, all, "where");
	end = mig_token_find(&w->k, all, "returning");
	if (using < 0 || (where >= 0 && using > where))
		return true;
	if (end >= 0)
		return mig_w_refuse_hint(w, all.from, "Use a subquery.",
		                         "DELETE ... USING ... RETURNING");
	w->of_postgres = true;
	mig_w_put(w, (MigSpan){using, using + 1}, "WHERE EXISTS (SELECT 1 FROM");
	mig_w_behind(w, w->k.count - 1, ")");
	return mig_ok(w->m);
}

bool
mig_w_query(MigWorking *w)
{
	MigExpr e = {.span = {0, w->k.count}};

	if (!set_values(w))
		return false;
	if (w->sqlite && !delete_using(w))
		return false;
	/* pg_dump begins with it. */
	if (w->sqlite && mig_token_words(&w->k, 0, "select pg_catalog") == 2 &&
	    mig_token_is(&w->k, 3, "set_config") && w->k.count > 5 &&
	    mig_str_word(w->k.at[5].text, "'search_path'"))
		return mig_w_dropped(w, 0, "\"%.*s\" is left out", MIG_S(w->k.text));
	if (w->sqlite && !mig_w_is_sqlite(w))
		other_name(w);
	if (!w->sqlite && mig_token_words(&w->k, 0, "update or"))
		return mig_w_refuse(w, 1, "UPDATE OR");
	if (!w->sqlite && !mig_w_names(w))
		return false;
	return mig_w_expr(w, &e);
}

static MigStr
truncate_text(MigWorking *w, int name, bool restart)
{
	MigText t = {w->m, NULL, 0, 0};

	mig_text_fmt(&t, "DELETE FROM %.*s", MIG_S(w->k.at[name].text));
	if (restart)
	{
		mig_text_add(&t, ";\nDELETE FROM sqlite_sequence WHERE name = ");
		mig_text_literal(&t, mig_token_bare(w->m, &w->k, name));
	}
	return mig_text_str(&t);
}

/* Whether the words behind the names ask to begin the numbers again; *end
   leaves them out. */
static bool
truncate_tail(MigWorking *w, int *end, bool *cascade)
{
	bool restart = false;

	*cascade = mig_token_is(&w->k, *end - 1, "cascade");
	if (*cascade || mig_token_is(&w->k, *end - 1, "restrict"))
		(*end)--;
	if (mig_token_is(&w->k, *end - 1, "identity"))
	{
		restart = mig_token_is(&w->k, *end - 2, "restart");
		*end -= 2;
	}
	return restart;
}

/* The host looks who refers to the tables: deleting their rows would take
   those of others with them. */
bool
mig_w_truncate(MigWorking *w)
{
	int i = mig_token_is(&w->k, 1, "table") ? 2 : 1;
	int end = w->k.count;
	bool cascade, restart = truncate_tail(w, &end, &cascade);
	MigItem *item;
	int count = 0;

	if (i >= end)
		return true;
	item = mig_w_item(w, 0, MIG_ITEM_ALTER);
	if (item == NULL)
		return false;
	item->actions =
		mig_alloc_array(w->m, (size_t) (end - i), sizeof(MigChange));
	while (item->actions != NULL && i < end)
	{
		MigChange *change = &item->actions[count];
		int comma = mig_token_comma(&w->k, i, end);
		int schema, name;

		i += mig_token_is(&w->k, i, "only");
		mig_token_qualified(&w->k, i, &schema, &name);
		if (name < 0)
			return mig_w_refuse(w, i, "this form of TRUNCATE");
		change->kind = MIG_CH_TRUNCATE;
		change->pos = mig_w_pos(w, i);
		change->name = mig_token_bare(w->m, &w->k, name);
		change->cascade = cascade;
		change->restart = restart;
		change->native = truncate_text(w, name, restart);
		item->nactions = ++count;
		i = comma + 1;
	}
	if (mig_ok(w->m))
		item->table = item->actions[0].name;
	return mig_ok(w->m);
}
