#include "private.h"

#include "translate_expr.h"

typedef struct Index
{
	bool unique;
	bool exists;
	int name; /* -1: none */
	int on, table, schema;
	int open, close;
} Index;

/* CREATE [UNIQUE] INDEX [CONCURRENTLY] [IF NOT EXISTS] [name] ON table ... (.
   False: it is not read. */
static bool
index_read(MigWorking *w, Index *x)
{
	const MigTokens *k = &w->k;
	int schema, i = 1;

	memset(x, 0, sizeof(*x));
	x->unique = mig_token_is(k, i, "unique");
	i += x->unique ? 2 : 1;
	if (mig_token_is(k, i, "concurrently"))
	{
		if (w->sqlite)
			mig_w_drop(w, (MigSpan){i, i + 1});
		i++;
	}
	x->exists = mig_token_words(k, i, "if not exists") > 0;
	i += x->exists ? 3 : 0;
	x->name = -1;
	if (!mig_token_is(k, i, "on"))
	{
		i = mig_token_qualified(k, i, &schema, &x->name);
		mig_w_schema(w, schema, x->name);
	}
	x->on = i;
	if (!mig_token_is(k, i++, "on"))
		return false;
	if (mig_token_is(k, i, "only"))
	{
		if (w->sqlite)
			mig_w_drop(w, (MigSpan){i, i + 1});
		i++;
	}
	i = mig_token_qualified(k, i, &x->schema, &x->table);
	if (x->table < 0)
		return false;
	mig_w_schema(w, x->schema, x->table);
	x->open = i;
	while (x->open < k->count && !mig_token_char(k, x->open, '('))
		x->open++;
	x->close = mig_token_close(k, x->open);
	return x->close < k->count;
}

/* Where the expression of one item ends: its name, call or parentheses. */
static int
item_end(const MigTokens *k, int i, int to)
{
	if (mig_token_char(k, i, '('))
		return mig_token_close(k, i) + 1;
	if (mig_w_is_call(k, i))
		return mig_token_close(k, i + 1) + 1;
	return i + 1 < to ? i + 1 : to;
}

/* What stands behind it: COLLATE, a class of operators, ASC, NULLS. */
static bool
item_tail(MigWorking *w, int i, int to)
{
	while (i < to)
	{
		MigStr name;

		if (mig_token_is(&w->k, i, "asc") || mig_token_is(&w->k, i, "desc"))
			i++;
		else if (mig_token_is(&w->k, i, "nulls"))
		{
			mig_w_drop(w, (MigSpan){i, i + 2});
			i += 2;
		}
		else if (mig_token_is(&w->k, i, "collate") && i + 1 < to)
		{
			name = mig_token_bare(w->m, &w->k, i + 1);
			if (name.at == NULL)
				return false;
			if (mig_str_word(name, "c") || mig_str_word(name, "posix"))
				mig_w_put(w, (MigSpan){i + 1, i + 2}, "BINARY");
			else if (!mig_str_word(name, "nocase") &&
			         !mig_str_word(name, "binary") &&
			         !mig_str_word(name, "rtrim"))
				return mig_w_refuse(w, i, "collation \"%.*s\"", MIG_S(name));
			i += 2;
		}
		else if (mig_token_name(&w->k, i))
			return mig_w_refuse(w, i, "operator class \"%.*s\"",
			                    MIG_S(w->k.at[i].text));
		else
			return true;
	}
	return true;
}

/* NULLS NOT DISTINCT: as for a constraint, each column becomes two
   expressions. */
static bool
item_nulls(MigWorking *w, MigSpan item)
{
	MigText t = {w->m, NULL, 0, 0};
	MigStr text = mig_w_text(w, item);

	mig_text_add(&t, "ifnull(");
	mig_text_str_add(&t, text);
	mig_text_add(&t, ", 0), (");
	mig_text_str_add(&t, text);
	mig_text_add(&t, " IS NULL)");
	mig_w_replace(w, item, mig_text_str(&t));
	return mig_ok(w->m);
}

static bool
items_sqlite(MigWorking *w, const Index *x, bool nulls)
{
	int i = x->open + 1;

	while (i < x->close)
	{
		int end = mig_token_comma(&w->k, i, x->close);
		int last = item_end(&w->k, i, end);
		MigExpr e = {.span = {i, last < end ? last : end}};

		if (!mig_w_expr(w, &e) || !item_tail(w, last, end))
			return false;
		if (nulls && !item_nulls(w, e.span))
			return false;
		i = end + 1;
	}
	return true;
}

/* PostgreSQL wants parentheses around what is no name and no call. */
static bool
items_postgres(MigWorking *w, const Index *x)
{
	int i = x->open + 1;

	while (i < x->close)
	{
		int end = mig_token_comma(&w->k, i, x->close);
		int last = item_end(&w->k, i, end);
		MigExpr e = {.span = {i, end}};

		if (last < end && !mig_token_name(&w->k, last))
		{
			while (last < end && !mig_token_is(&w->k, last, "collate") &&
			       !mig_token_is(&w->k, last, "asc") &&
			       !mig_token_is(&w->k, last, "desc"))
				last++;
			mig_w_before(w, i, "(");
			mig_w_behind(w, last - 1, ")");
		}
		if (!mig_w_expr(w, &e))
			return false;
		i = end + 1;
	}
	return true;
}

/* The name that PostgreSQL would give. */
static void
index_name(MigWorking *w, const Index *x)
{
	MigText t = {w->m, NULL, 0, 0};
	MigText quoted = {w->m, NULL, 0, 0};

	mig_text_str_add(&t, mig_token_bare(w->m, &w->k, x->table));
	for (int i = x->open + 1; i < x->close;
	     i = mig_token_comma(&w->k, i, x->close) + 1)
	{
		mig_text_char(&t, '_');
		if (mig_token_name(&w->k, i))
			mig_text_str_add(&t, mig_token_bare(w->m, &w->k, i));
		else
			mig_text_add(&t, "expr");
	}
	mig_text_add(&t, "_idx");
	mig_text_ident(&quoted, mig_text_str(&t));
	mig_text_char(&quoted, ' ');
	mig_w_insert(w, w->k.at[x->on].offset, mig_text_str(&quoted));
}

/* Between the list and WHERE. *nulls: NULLS NOT DISTINCT. */
static bool
index_options(MigWorking *w, const Index *x, int where, bool *nulls)
{
	int i = x->close + 1;

	*nulls = false;
	while (i < where)
	{
		int start = i;

		if (mig_token_words(&w->k, i, "nulls not distinct"))
		{
			*nulls = x->unique;
			i += 3;
		}
		else if (mig_token_words(&w->k, i, "nulls distinct"))
			i += 2;
		else if (mig_token_is(&w->k, i, "with") &&
		         mig_token_char(&w->k, i + 1, '('))
			i = mig_token_close(&w->k, i + 1) + 1;
		else if (mig_token_is(&w->k, i, "tablespace"))
			i += 2;
		else if (mig_token_is(&w->k, i, "include"))
		{
			mig_w_dropped(w, i, "INCLUDE of an index is left out");
			i = mig_token_close(&w->k, i + 1) + 1;
		}
		else
			return mig_w_refuse(w, i, "%.*s of an index",
			                    MIG_S(w->k.at[i].text));
		if (i > where)
			i = where;
		mig_w_drop(w, (MigSpan){start, i});
	}
	return true;
}

static bool
index_sqlite(MigWorking *w, Index *x)
{
	int using = x->table + 1;
	MigSpan rest = {x->close + 1, w->k.count};
	int where = mig_token_find(&w->k, rest, "where");
	MigExpr e = {.span = {where, w->k.count}};
	bool nulls;

	if (mig_token_is(&w->k, using, "using"))
	{
		if (mig_token_is(&w->k, using + 1, "hash"))
			mig_w_dropped(w, using, "a hash index becomes an ordinary one");
		else if (!mig_token_is(&w->k, using + 1, "btree"))
			return mig_w_refuse(w, using, "an index of the kind \"%.*s\"",
			                    MIG_S(w->k.at[using + 1].text));
		mig_w_drop(w, (MigSpan){using, using + 2});
	}
	if (x->name < 0)
		index_name(w, x);
	return index_options(w, x, where < 0 ? w->k.count : where, &nulls) &&
	       items_sqlite(w, x, nulls) && (where < 0 || mig_w_expr(w, &e));
}

bool
mig_w_index(MigWorking *w)
{
	MigExpr e = {.family = MIG_F_NONE};
	Index x;

	if ((w->sqlite && mig_w_is_sqlite(w)) ||
	    (!w->sqlite && mig_w_is_postgres(w)))
		return true;
	if (!index_read(w, &x))
		return mig_ok(w->m);
	if (w->sqlite)
		return index_sqlite(w, &x);
	e.span = (MigSpan){x.close + 1, w->k.count};
	return mig_w_names(w) && items_postgres(w, &x) && mig_w_expr(w, &e);
}

bool
mig_w_view(MigWorking *w)
{
	const MigTokens *k = &w->k;
	MigText t = {w->m, NULL, 0, 0};
	MigExpr e = {.family = MIG_F_NONE};
	int schema, name, i = 1;
	bool replace = mig_token_words(k, 1, "or replace") > 0;

	while (i < k->count && !mig_token_is(k, i, "view"))
		i++;
	if (mig_token_is(k, i - 1, "recursive") && w->sqlite)
		return mig_w_refuse(w, i - 1, "a recursive view");
	i++;
	if (mig_token_words(k, i, "if not exists"))
	{
		if (!w->sqlite)
			return mig_w_refuse(w, i, "IF NOT EXISTS of a view");
		i += 3;
	}
	i = mig_token_qualified(k, i, &schema, &name);
	if (name < 0)
		return true;
	mig_w_schema(w, schema, name);
	if (w->sqlite && mig_token_is(k, i, "with"))
		return mig_w_refuse(w, i, "WITH of a view");
	if (w->sqlite && mig_token_words(k, k->count - 2, "check option"))
		return mig_w_refuse(w, k->count - 2, "CHECK OPTION of a view");
	e.span = (MigSpan){i, k->count};
	if (!(w->sqlite || mig_w_names(w)) || !mig_w_expr(w, &e))
		return false;
	if (!replace || !w->sqlite)
		return true;
	mig_w_drop(w, (MigSpan){1, 3});
	mig_text_add(&t, "DROP VIEW IF EXISTS ");
	mig_text_str_add(&t, k->at[name].text);
	return mig_w_emit(w, 0, mig_text_str(&t)) &&
	       mig_w_emit(w, 0, mig_w_bytes(w, 0, k->text.len));
}

/* One object of a DROP that names several. */
static bool
drop_one(MigWorking *w, int names, MigSpan s)
{
	MigText t = {w->m, NULL, 0, 0};

	mig_text_str_add(&t, mig_w_text(w, (MigSpan){0, names}));
	mig_text_char(&t, ' ');
	mig_text_str_add(&t, mig_w_text(w, s));
	return mig_w_emit(w, s.from, mig_text_str(&t));
}

/* A table or view that goes, in the host's hands: SQLite deletes the rows of a
   table before it drops it, and with them those that refer to them, and it
   looks at no view that uses what goes. */
static bool
drop_it(MigWorking *w, int names, MigSpan s, MigChange *change)
{
	MigText t = {w->m, NULL, 0, 0};
	int schema, name;

	mig_token_qualified(&w->k, s.from, &schema, &name);
	if (name < 0)
		return mig_w_refuse(w, s.from, "this form of DROP");
	change->kind =
		mig_token_is(&w->k, 1, "view") ? MIG_CH_DROP_VIEW : MIG_CH_DROP_TABLE;
	change->pos = mig_w_pos(w, s.from);
	change->name = mig_token_bare(w->m, &w->k, name);
	if (schema >= 0 && !mig_token_is(&w->k, schema, "public"))
		change->column = mig_token_bare(w->m, &w->k, schema);
	change->exists = names > 2;
	change->cascade = mig_token_is(&w->k, w->k.count - 1, "cascade");
	mig_text_str_add(&t, mig_w_text(w, (MigSpan){0, names}));
	mig_text_char(&t, ' ');
	mig_text_str_add(&t, mig_w_text(w, s));
	change->native = mig_text_str(&t);
	return mig_ok(w->m);
}

static bool
drop_them(MigWorking *w, int names)
{
	MigItem *item = mig_w_item(w, 0, MIG_ITEM_ALTER);
	int end = w->k.count;
	int count = 0;

	if (mig_token_is(&w->k, end - 1, "cascade") ||
	    mig_token_is(&w->k, end - 1, "restrict"))
		end--;
	if (item == NULL)
		return false;
	item->actions =
		mig_alloc_array(w->m, (size_t) (end - names), sizeof(MigChange));
	for (int i = names; item->actions != NULL && i < end;)
	{
		int comma = mig_token_comma(&w->k, i, end);
		int schema, name;

		mig_token_qualified(&w->k, i, &schema, &name);
		mig_w_schema(w, schema, name);
		if (!drop_it(w, names, (MigSpan){i, comma}, &item->actions[count++]))
			return false;
		i = comma + 1;
	}
	item->nactions = count;
	if (mig_ok(w->m) && count > 0)
		item->table = item->actions[0].name;
	return mig_ok(w->m);
}

/* CASCADE, RESTRICT and a trigger's table behind the names. */
static int
drop_tail(MigWorking *w, int end)
{
	if (mig_token_is(&w->k, end - 1, "cascade") ||
	    mig_token_is(&w->k, end - 1, "restrict"))
	{
		end--;
		mig_w_drop(w, (MigSpan){end, end + 1});
		if (mig_token_is(&w->k, end, "cascade"))
			mig_w_dropped(w, end, "CASCADE is left out");
	}
	if (mig_token_is(&w->k, 1, "trigger"))
		for (int i = 2; i < end; i++)
			if (mig_token_is(&w->k, i, "on"))
			{
				mig_w_drop(w, (MigSpan){i, end});
				return i;
			}
	return end;
}

bool
mig_w_drop_objects(MigWorking *w)
{
	int i = 2, end = w->k.count, names, schema, name;
	bool several;

	if (w->sqlite && (mig_token_is(&w->k, 1, "type") ||
	                  mig_token_is(&w->k, 1, "extension")))
		return mig_w_dropped(w, 0, "\"%.*s\" is left out", MIG_S(w->k.text));
	if (!w->sqlite)
	{
		if (!mig_w_names(w))
			return false;
	}
	else if (mig_token_is(&w->k, i, "concurrently"))
	{
		mig_w_drop(w, (MigSpan){i, i + 1});
		i++;
	}
	i += mig_token_words(&w->k, i, "if exists");
	names = i;
	if (w->sqlite && i < end &&
	    (mig_token_is(&w->k, 1, "table") || mig_token_is(&w->k, 1, "view")))
		return drop_them(w, names);
	if (w->sqlite)
		end = drop_tail(w, end);
	several = w->sqlite && mig_token_comma(&w->k, i, end) < end;
	while (i < end && mig_ok(w->m))
	{
		int comma = mig_token_comma(&w->k, i, end);

		mig_token_qualified(&w->k, i, &schema, &name);
		mig_w_schema(w, schema, name);
		if (several && !drop_one(w, names, (MigSpan){i, comma}))
			return false;
		i = comma + 1;
	}
	return mig_ok(w->m);
}
