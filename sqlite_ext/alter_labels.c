#include "alter.h"

#include "ddl.h"

/*
 * ALTER TYPE of an enum: each table with columns of it gets their CHECK. A
 * label with another name changes rows, too, and what else names it: that is
 * looked for before anything is done. In PostgreSQL such a thing follows; here
 * it is text, in which the same word may be about something else.
 */

typedef struct Names
{
	MigStr *items;
	size_t count, room;
} Names;

static bool
name_add(Mig *m, Names *n, MigStr name)
{
	MigStr *items = mig_grow(m, n->items, n->count, &n->room, n->count + 1,
	                         sizeof(*items));

	if (items == NULL)
		return false;
	n->items = items;
	items[n->count++] = name;
	return true;
}

static bool
has_name(const Names *n, MigStr name)
{
	for (size_t i = 0; i < n->count; i++)
		if (mig_name_same(n->items[i], name))
			return true;
	return false;
}

static bool
name_row(void *arg, Mig *m, const MigStr *cells)
{
	MigStr name = mig_copy(m, cells[0]);

	return mig_ok(m) && name_add(m, arg, name);
}

/* The tables whose text has the name of the type that is changed. */
static bool
tables_find(SqliteAlter *a, MigStr database, Names *names)
{
	MigHost *h = &a->s->base;
	MigStr sql = sqlite_mig_alter_master(
		a, "name", database,
		"type = 'table' AND instr(lower(sql), lower(?1))"
		" ORDER BY rowid");

	return sql.at != NULL &&
	       h->ops->select(h, a->m, sql, &a->item.actions[0].name, 1, 1,
	                      name_row, names);
}

static SqliteAlter
alter_of(const SqliteAlter *a, MigStr database, MigStr table)
{
	SqliteAlter one = {.s = a->s, .m = a->m, .item = a->item};

	one.item.schema = database;
	one.item.table = table;
	return one;
}

static bool
each_table(SqliteAlter *a, MigStr database, const Names *names, bool together,
           const MigStatement *st, MigResult *r)
{
	for (size_t i = 0; i < names->count; i++)
	{
		SqliteAlter one = alter_of(a, database, names->items[i]);

		one.together = together;
		if (!sqlite_mig_alter_table(&one, st, r))
			return false;
	}
	return true;
}

/* Those of the tables that have columns of the type. */
static bool
tables_of_type(SqliteAlter *a, MigStr database, const Names *all,
               const MigStatement *st, Names *out)
{
	for (size_t i = 0; i < all->count; i++)
	{
		SqliteAlter one = alter_of(a, database, all->items[i]);
		bool is;

		if (!sqlite_mig_alter_find(&one, &is) ||
		    !sqlite_mig_alter_edit(&one, MIG_LIT("migrate_new"), st))
			return false;
		if (one.r.changed && !name_add(a->m, out, all->items[i]))
			return false;
	}
	return true;
}

/* An index, a trigger or a view. */
typedef struct Object
{
	struct Object *next;
	MigStr type, name, table, sql;
	bool uses; /* a table of the type, also by views */
} Object;

static bool
object_row(void *arg, Mig *m, const MigStr *cells)
{
	Object **list = arg;
	Object *o = mig_alloc(m, sizeof(*o));

	if (o == NULL)
		return false;
	*o = (Object){*list,
	              mig_copy(m, cells[0]),
	              mig_copy(m, cells[1]),
	              mig_copy(m, cells[2]),
	              mig_copy(m, cells[3]),
	              false};
	*list = o;
	return mig_ok(m);
}

static bool
objects_read(SqliteAlter *a, MigStr database, Object **list)
{
	MigHost *h = &a->s->base;
	MigStr sql = sqlite_mig_alter_master(
		a, "type, name, tbl_name, sql", database,
		"type IN ('index', 'trigger', 'view') AND sql IS NOT NULL"
		" ORDER BY rowid");

	return sql.at != NULL &&
	       h->ops->select(h, a->m, sql, NULL, 0, 4, object_row, list);
}

static bool
uses_any(SqliteAlter *a, const Object *o, const Names *names, bool *yes)
{
	MigTokens k;

	*yes = has_name(names, o->table);
	if (!mig_tokens_of(a->m, &mig_sqlite, o->sql, &k))
		return false;
	for (int i = 0; i < k.count && !*yes; i++)
		*yes = mig_token_name(&k, i) &&
		       has_name(names, mig_token_bare(a->m, &k, i));
	return mig_ok(a->m);
}

/* A view that uses a table is one itself for those that use the view. */
static bool
users_mark(SqliteAlter *a, Object *list, Names *names)
{
	size_t before;

	do
	{
		before = names->count;
		for (Object *o = list; o != NULL; o = o->next)
		{
			if (o->uses)
				continue;
			if (!uses_any(a, o, names, &o->uses))
				return false;
			if (o->uses && mig_str_is(o->type, "view") &&
			    !name_add(a->m, names, o->name))
				return false;
		}
	} while (names->count > before);
	return true;
}

static bool
fail_named(SqliteAlter *a, const Object *o)
{
	const MigChange *c = &a->item.actions[0];

	a->s->code = SQLITE_ERROR;
	mig_fail(a->m, MIG_HOST,
	         "cannot rename label %.*s of type \"%.*s\": %.*s \"%.*s\" names"
	         " it",
	         MIG_S(c->column), MIG_S(c->name), MIG_S(o->type), MIG_S(o->name));
	mig_hint(a->m, MIG_LABEL_HINT);
	return mig_at(a->m, c->pos);
}

/* Nothing that uses the tables may name the label. */
static bool
check_users(SqliteAlter *a, MigStr database, const Names *tables,
            const MigStatement *st)
{
	Object *list = NULL;
	Names names = {NULL, 0, 0};

	for (size_t i = 0; i < tables->count; i++)
		if (!name_add(a->m, &names, tables->items[i]))
			return false;
	if (!objects_read(a, database, &list) ||
	    !objects_read(a, MIG_LIT("temp"), &list) ||
	    !users_mark(a, list, &names))
		return false;
	for (const Object *o = list; o != NULL; o = o->next)
	{
		bool named;

		if (!mig_rebuild_names_label(a->m, o->sql, a->item.actions[0].column,
		                             &named))
			return false;
		if (o->uses && named)
			return fail_named(a, o) || sqlite_mig_alter_placed_failure(a, st);
	}
	return true;
}

/* Keys of the type refer to each other: they are looked at when all of them
   have the new label. */
static bool
rename_label(SqliteAlter *a, MigStr database, const Names *all,
             const MigStatement *st, MigResult *r)
{
	Names names = {NULL, 0, 0};
	SqliteWatch watch;
	bool ok;

	if (!tables_of_type(a, database, all, st, &names) ||
	    !check_users(a, database, &names, st))
		return false;
	if (names.count == 0)
		return true;
	a->item.schema = database;
	a->item.table = names.items[0];
	ok = sqlite_mig_watch_keys_begin(a, &watch, names.items, names.count) &&
	     each_table(a, database, &names, true, st, r) &&
	     sqlite_mig_watch_keys_check(a, &watch);
	return sqlite_mig_watch_end(a, &watch, ok) && ok;
}

bool
sqlite_mig_alter_type(SqliteAlter *a, const MigStatement *st, MigResult *r)
{
	const MigChange *c = &a->item.actions[0];
	MigStr database = mig_str(a->s->state);
	Names names = {NULL, 0, 0};

	if (!tables_find(a, database, &names))
		return false;
	if (c->kind == MIG_CH_RENAME_LABEL)
		return rename_label(a, database, &names, st, r);
	return each_table(a, database, &names, false, st, r) &&
	       (c->using.at == NULL ||
	        sqlite_mig_comment_type(a, c->name, c->using));
}
