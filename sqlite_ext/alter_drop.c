#include "alter.h"

#include <string.h>

#include "ddl.h"

/*
 * DROP TABLE and TRUNCATE as PostgreSQL has them. SQLite deletes the rows of
 * a table before it drops it, and what refers to them with ON DELETE CASCADE
 * goes, too: here nothing is deleted but what the statement names.
 *
 * Without CASCADE a table that others refer to stays. With it DROP TABLE takes
 * their foreign keys and the views that use the table; TRUNCATE empties them,
 * too.
 */

typedef struct Table
{
	MigStr database, name;
	const MigChange *action; /* NULL: it came by CASCADE */
} Table;

typedef struct Drop
{
	SqliteAlter a; /* for its helpers */
	const MigStatement *st;
	const MigChange *first;
	bool truncate;
	Table *items; /* what goes, or is emptied */
	size_t count, room;
	Table *others; /* what refers to it besides */
	size_t nothers, others_room;
	bool among; /* some of those that go refer to others that go */
} Drop;

static bool
table_add(Mig *m, Table **list, size_t *count, size_t *room, Table table)
{
	Table *grown =
		mig_grow(m, *list, *count, room, *count + 1, sizeof(**list));

	if (grown == NULL)
		return false;
	*list = grown;
	grown[(*count)++] = table;
	return true;
}

static bool
is_among(const Table *list, size_t count, MigStr database, MigStr name)
{
	for (size_t i = 0; i < count; i++)
		if (mig_str_eq(list[i].database, database) &&
		    mig_name_same(list[i].name, name))
			return true;
	return false;
}

/* The statement's tables, by their true names. */
static bool
tables_find(Drop *d)
{
	Mig *m = d->a.m;

	for (int i = 0; i < d->st->item->nactions; i++)
	{
		const MigChange *action = &d->st->item->actions[i];
		SqliteAlter one = {.s = d->a.s, .m = m};
		bool is;

		one.item.schema = action->column;
		one.item.table = action->name;
		one.item.exists = action->exists;
		if (!sqlite_mig_alter_find(&one, &is))
			return false;
		if (is &&
		    !is_among(d->items, d->count, one.item.schema, one.item.table) &&
		    !table_add(m, &d->items, &d->count, &d->room,
		               (Table){one.item.schema, one.item.table, action}))
			return false;
	}
	return true;
}

typedef struct Referring
{
	Drop *d;
	MigStr database;
} Referring;

static bool
referring_row(void *arg, Mig *m, const MigStr *cells)
{
	Referring *r = arg;
	Drop *d = r->d;
	Table table = {r->database, mig_copy(m, cells[0]), NULL};

	if (!mig_ok(m))
		return false;
	if (is_among(d->items, d->count, r->database, table.name))
	{
		d->among = true;
		return true;
	}
	if (is_among(d->others, d->nothers, r->database, table.name))
		return true;
	return table_add(m, &d->others, &d->nothers, &d->others_room, table);
}

/* The tables that refer to item i, and are none. */
static bool
referring_find(Drop *d, size_t i)
{
	Referring r = {d, d->items[i].database};

	return sqlite_mig_referring(&d->a, d->items[i].database, d->items[i].name,
	                            referring_row, &r);
}

static bool
referring_all(Drop *d)
{
	for (size_t i = 0; i < d->count; i++)
	{
		if (!referring_find(d, i))
			return false;
		/* Those that are emptied with it have others of their own. */
		d->among |= d->truncate && d->nothers > 0;
		for (size_t n = 0; d->truncate && d->first->cascade && n < d->nothers;
		     n++)
			if (!table_add(d->a.m, &d->items, &d->count, &d->room,
			               d->others[n]))
				return false;
		if (d->truncate && d->first->cascade)
			d->nothers = 0;
	}
	return true;
}

static MigStr
others_text(const Drop *d)
{
	MigText t = {d->a.m, NULL, 0, 0};

	for (size_t i = 0; i < d->nothers; i++)
		mig_text_fmt(&t, "%s\"%.*s\"", i > 0 ? ", " : "",
		             MIG_S(d->others[i].name));
	return mig_text_str(&t);
}

static bool
refuse(const Drop *d)
{
	Mig *m = d->a.m;
	MigStr others = others_text(d);
	MigStr name = d->items[0].name;

	if (others.at == NULL)
		return false;
	d->a.s->code = SQLITE_CONSTRAINT_FOREIGNKEY;
	if (d->truncate)
	{
		mig_fail(m, MIG_HOST,
		         "cannot truncate table \"%.*s\", which others refer to",
		         MIG_S(name));
		mig_hint(m, "Truncate them at the same time, or use TRUNCATE ..."
		            " CASCADE.");
	}
	else
	{
		mig_fail(m, MIG_HOST,
		         "cannot drop table \"%.*s\" because other objects depend on"
		         " it",
		         MIG_S(name));
		mig_hint(m, "Use DROP TABLE ... CASCADE to drop the foreign keys"
		            " that refer to it, or PRAGMA foreign_keys = off before"
		            " it where another table takes its place.");
	}
	return mig_detail(m, "Foreign keys of %.*s refer to it.", MIG_S(others));
}

/* The others lose what refers to the tables, and keep their rows. */
static bool
references_drop(Drop *d, MigResult *r)
{
	Mig *m = d->a.m;
	MigChange *actions = mig_alloc_array(m, d->count, sizeof(*actions));

	if (actions == NULL)
		return false;
	for (size_t i = 0; i < d->count; i++)
	{
		actions[i].kind = MIG_CH_DROP_REFERENCES;
		actions[i].pos = d->first->pos;
		actions[i].name = d->items[i].name;
	}
	for (size_t i = 0; i < d->nothers; i++)
	{
		SqliteAlter one = {.s = d->a.s, .m = m};

		one.item.schema = d->others[i].database;
		one.item.table = d->others[i].name;
		one.item.pos = d->first->pos;
		one.item.actions = actions;
		one.item.nactions = (int) d->count;
		if (!sqlite_mig_alter_table(&one, d->st, r))
			return false;
	}
	return true;
}

static bool
drop_one(Drop *d, const Table *table)
{
	MigText t = {d->a.m, NULL, 0, 0};

	mig_text_add(&t, "DROP TABLE ");
	sqlite_mig_name(&t, table->database, table->name);
	/* While its indexes are there. */
	return sqlite_mig_comment_drop(&d->a, table->database, table->name) &&
	       sqlite_mig_alter_run(&d->a, mig_text_str(&t));
}

static bool
empty_one(Drop *d, const Table *table)
{
	MigText t = {d->a.m, NULL, 0, 0}, reset = {d->a.m, NULL, 0, 0};
	bool numbered;

	mig_text_add(&t, "DELETE FROM ");
	sqlite_mig_name(&t, table->database, table->name);
	if (!sqlite_mig_alter_run(&d->a, mig_text_str(&t)))
		return false;
	d->a.item.schema = table->database;
	if (!d->first->restart)
		return true;
	if (!sqlite_mig_alter_has(&d->a, "sqlite_sequence", &numbered))
		return false;
	mig_text_add(&reset, "DELETE FROM ");
	sqlite_mig_name(&reset, table->database, MIG_LIT("sqlite_sequence"));
	mig_text_add(&reset, " WHERE name = ");
	mig_text_literal(&reset, table->name);
	return !numbered || sqlite_mig_alter_run(&d->a, mig_text_str(&reset));
}

/* Nothing that stays refers to the tables, so that foreign keys have no say:
   not in the order of the tables either. While deferred ones are violated
   SQLite has to count which of them go. */
static bool
carry_out(Drop *d)
{
	sqlite3 *db = d->a.s->db;
	SqliteWatch watch = {.off = false};
	int keys = 0, pending = 0, most = 0;
	bool ok = true;

	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &keys);
	sqlite3_db_status(db, SQLITE_DBSTATUS_DEFERRED_FKS, &pending, &most, 0);
	watch.off = keys && !pending && d->among;
	if (watch.off)
		ok = sqlite_mig_switch(d->a.s, d->a.m, SQLITE_DBCONFIG_ENABLE_FKEY, 0);
	for (size_t i = 0; ok && i < d->count; i++)
		ok = d->truncate ? empty_one(d, &d->items[i])
		                 : drop_one(d, &d->items[i]);
	return sqlite_mig_watch_end(&d->a, &watch, ok) && ok;
}

static bool
drop_all(Drop *d, MigResult *r)
{
	SqliteWatch watch = {.users = NULL};
	bool cascade = d->first->cascade;

	if (d->nothers > 0 && !references_drop(d, r))
		return false;
	d->a.item.schema = d->items[0].database;
	if (!sqlite_mig_users_begin(&d->a, &watch))
		return false;
	/* Where the state is, and temp. */
	d->a.s->plain = d->count == 1 && d->a.free && watch.users == NULL &&
	                mig_str_is(d->a.item.schema, d->a.s->state);
	return carry_out(d) &&
	       (cascade
	            ? sqlite_mig_views_drop(&d->a, &watch)
	            : sqlite_mig_views_remember(&d->a, &watch, d->first, d->st));
}

/* The views of a statement, then those that used them. */
static bool
drop_views(SqliteAlter *a, const MigStatement *st)
{
	SqliteWatch watch = {.users = NULL};
	const MigItem *item = st->item;
	const MigChange *first = &item->actions[0];

	a->item.schema =
		first->column.at != NULL ? first->column : mig_str(a->s->state);
	if (!sqlite_mig_users_begin(a, &watch))
		return false;
	for (int i = 0; i < item->nactions; i++)
	{
		MigStr sql = item->actions[i].native;

		if (a->s->alias)
			sql = sqlite_mig_qualify(a->s, a->m, sql);
		if (!sqlite_mig_alter_run(a, mig_copy(a->m, sql)) ||
		    !sqlite_mig_comment_drop(a, a->item.schema, item->actions[i].name))
			return false;
	}
	return first->cascade ? sqlite_mig_views_drop(a, &watch)
	                      : sqlite_mig_views_remember(a, &watch, first, st);
}

/* With foreign keys off no row of another table can be lost, and SQLite's
   scripts put a table in another's place that way: then a plain DROP TABLE is
   taken as it stands. */
bool
sqlite_mig_drop(SqliteHost *s, Mig *m, const MigStatement *st, MigResult *r)
{
	Drop d = {.a = {.s = s, .m = m}, .st = st};
	int keys = 0;

	d.first = &st->item->actions[0];
	if (d.first->kind == MIG_CH_DROP_VIEW)
		return drop_views(&d.a, st);
	d.truncate = d.first->kind == MIG_CH_TRUNCATE;
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &keys);
	if (!tables_find(&d) || !referring_all(&d))
		return false;
	if (d.count == 0)
		return true;
	if (d.nothers > 0 && !d.first->cascade && !keys && !d.truncate)
		d.nothers = 0;
	if (d.nothers > 0 && !d.first->cascade)
		return refuse(&d);
	return d.truncate ? carry_out(&d) : drop_all(&d, r);
}
