#include "alter.h"

#include <string.h>

#include "ddl.h"
#include "run.h"

void
sqlite_mig_name(MigText *t, MigStr database, MigStr name)
{
	mig_text_ident(t, database);
	mig_text_char(t, '.');
	mig_text_ident(t, name);
}

/* What came before it has often made `spare` stale. */
bool
sqlite_mig_alter_run(SqliteAlter *a, MigStr sql)
{
	if (sql.at == NULL || !sqlite_mig_spare(a->s, a->m))
		return false;
	return sqlite3_exec(a->s->db, sql.at, NULL, NULL, NULL) == SQLITE_OK ||
	       sqlite_mig_fail(a->s, a->m);
}

bool
sqlite_mig_alter_cell(void *arg, Mig *m, const MigStr *cells)
{
	*(MigStr *) arg = mig_copy(m, cells[0]);
	return mig_ok(m);
}

/* One value; absent when there is no row. */
bool
sqlite_mig_alter_value(SqliteAlter *a, MigStr sql, MigStr arg, MigStr *out)
{
	MigHost *h = &a->s->base;

	*out = (MigStr){NULL, 0};
	return sql.at != NULL && h->ops->select(h, a->m, sql, &arg, arg.at != NULL,
	                                        1, sqlite_mig_alter_cell, out);
}

int64_t
sqlite_mig_alter_number(MigStr text)
{
	int64_t n;

	return text.at != NULL && mig_str_int(text, &n) ? n : 0;
}

/* SELECT what FROM database.sqlite_master WHERE condition */
MigStr
sqlite_mig_alter_master(SqliteAlter *a, const char *what, MigStr database,
                        const char *where)
{
	MigText t = {a->m, NULL, 0, 0};

	mig_text_fmt(&t, "SELECT %s FROM ", what);
	sqlite_mig_name(&t, database, MIG_LIT("sqlite_master"));
	mig_text_fmt(&t, " WHERE %s", where);
	return mig_text_str(&t);
}

typedef struct Found
{
	MigStr name, sql;
} Found;

static bool
found_row(void *arg, Mig *m, const MigStr *cells)
{
	Found *f = arg;

	f->name = mig_copy(m, cells[0]);
	f->sql = mig_copy(m, cells[1]);
	return mig_ok(m);
}

static bool
find_in(SqliteAlter *a, MigStr database, Found *f)
{
	MigHost *h = &a->s->base;
	MigStr sql =
		sqlite_mig_alter_master(a, "name, sql", database,
	                            "type = 'table' AND name = ?1 COLLATE NOCASE");

	f->name = f->sql = (MigStr){NULL, 0};
	return sql.at != NULL &&
	       h->ops->select(h, a->m, sql, &a->item.table, 1, 2, found_row, f);
}

/* A name without a database means temp's table first, then the call's. */
bool
sqlite_mig_alter_find(SqliteAlter *a, bool *is)
{
	bool named = a->item.schema.at != NULL;
	MigStr databases[] = {named ? a->item.schema : MIG_LIT("temp"),
	                      mig_str(a->s->state)};
	Found f = {{NULL, 0}, {NULL, 0}};

	*is = false;
	for (int i = 0; i < (named ? 1 : 2); i++)
	{
		if (!find_in(a, databases[i], &f))
			return false;
		if (f.sql.at == NULL)
			continue;
		*is = true;
		a->item.schema = databases[i];
		a->item.table = f.name;
		a->sql = f.sql;
		return true;
	}
	return a->item.exists || mig_fail(a->m, MIG_HOST, "no such table: %.*s",
	                                  MIG_S(a->item.table));
}

static bool
reference_row(void *arg, Mig *m, const MigStr *cells)
{
	(void) m;
	*(bool *) arg |= cells[0].at != NULL &&
	                 sqlite3_strlike("%references%", cells[0].at, 0) == 0;
	return true;
}

/* Whether any table has foreign keys: they cannot be written without the word.
   To ask for a table's keys costs a statement of its own. */
static bool
has_references(SqliteAlter *a, MigStr database, bool *yes)
{
	MigHost *h = &a->s->base;
	MigStr sql = sqlite_mig_alter_master(a, "sql", database, "type = 'table'");

	*yes = false;
	return sql.at != NULL &&
	       h->ops->select(h, a->m, sql, NULL, 0, 1, reference_row, yes);
}

/* What was looked through is the state's database. */
bool
sqlite_mig_is_plain(const SqliteAlter *a, MigStr database)
{
	return a->s->plain && mig_str_is(database, a->s->state);
}

bool
sqlite_mig_referring(SqliteAlter *a, MigStr database, MigStr table,
                     MigRowFn row, void *arg)
{
	MigHost *h = &a->s->base;
	MigText t = {a->m, NULL, 0, 0};
	MigStr args[2] = {table, database};
	bool any = false;

	if (!sqlite_mig_is_plain(a, database) &&
	    !has_references(a, database, &any))
		return false;
	a->free = !any;
	if (!any)
		return true;
	mig_text_add(&t, "SELECT DISTINCT m.name FROM ");
	sqlite_mig_name(&t, database, MIG_LIT("sqlite_master"));
	mig_text_add(&t, " AS m, pragma_foreign_key_list(m.name, ?2) AS f"
	                 " WHERE m.type = 'table'"
	                 " AND instr(lower(m.sql), 'references') > 0"
	                 " AND f.\"table\" = ?1 COLLATE NOCASE ORDER BY 1");
	return mig_ok(a->m) &&
	       h->ops->select(h, a->m, mig_text_str(&t), args, 2, 1, row, arg);
}

/* A name that nothing has. */
static bool
fresh_name(SqliteAlter *a)
{
	MigStr sql = sqlite_mig_alter_master(a, "1", a->item.schema,
	                                     "name = ?1 COLLATE NOCASE");

	for (int n = 0; n < 1000; n++)
	{
		MigText t = {a->m, NULL, 0, 0};
		MigStr there;

		mig_text_fmt(&t, "migrate_new_%.*s", MIG_S(a->item.table));
		if (n > 0)
			mig_text_fmt(&t, "_%d", n);
		a->fresh = mig_text_str(&t);
		if (!sqlite_mig_alter_value(a, sql, a->fresh, &there))
			return false;
		if (there.at == NULL)
			return true;
	}
	return mig_fail(a->m, MIG_STATE,
	                "no name is left for a new table \"%.*s\"",
	                MIG_S(a->item.table));
}

static bool
part_row(void *arg, Mig *m, const MigStr *cells)
{
	SqliteParts *p = arg;
	SqlitePart *items = mig_grow(m, p->items, p->count, &p->room, p->count + 1,
	                             sizeof(*items));

	if (items == NULL)
		return false;
	p->items = items;
	items[p->count] =
		(SqlitePart){mig_copy(m, cells[1]), mig_copy(m, cells[2]),
	                 mig_str_is(cells[0], "trigger"), p->temporary};
	p->count++;
	return mig_ok(m);
}

/* Indexes and triggers go with the old table. */
static bool
parts_read(SqliteAlter *a, SqliteParts *p)
{
	MigHost *h = &a->s->base;
	MigStr sql = sqlite_mig_alter_master(
		a, "type, name, sql", a->item.schema,
		"tbl_name = ?1 COLLATE NOCASE AND sql IS NOT NULL AND"
		" type IN ('index', 'trigger') ORDER BY rowid");
	MigStr temp = sqlite_mig_alter_master(
		a, "type, name, sql", MIG_LIT("temp"),
		"tbl_name = ?1 COLLATE NOCASE AND type = 'trigger'"
		" ORDER BY rowid");

	memset(p, 0, sizeof(*p));
	if (sql.at == NULL || temp.at == NULL ||
	    !h->ops->select(h, a->m, sql, &a->item.table, 1, 3, part_row, p))
		return false;
	p->temporary = true;
	return mig_str_is(a->item.schema, "temp") ||
	       h->ops->select(h, a->m, temp, &a->item.table, 1, 3, part_row, p);
}

/* Whether an index is made of a column that is gone. */
static bool
uses_dropped(SqliteAlter *a, MigStr sql)
{
	MigTokens k;
	int on;

	if (a->r.ndropped == 0 || !mig_tokens_of(a->m, &mig_sqlite, sql, &k))
		return false;
	on = mig_token_find(&k, (MigSpan){0, k.count}, "on");
	for (int i = on < 0 ? k.count : on + 2; i < k.count; i++)
		for (int n = 0; n < a->r.ndropped && mig_token_name(&k, i); n++)
			if (mig_name_same(mig_token_bare(a->m, &k, i), a->r.dropped[n]))
				return true;
	return false;
}

static bool
goes(SqliteAlter *a, const SqlitePart *p)
{
	return !p->trigger && uses_dropped(a, p->sql);
}

/* "CREATE INDEX name ..." with the database before the name. */
static MigStr
placed(SqliteAlter *a, const SqlitePart *p)
{
	MigText t = {a->m, NULL, 0, 0};
	MigTokens k;
	int i = 0;

	if (!mig_tokens_of(a->m, &mig_sqlite, p->sql, &k))
		return (MigStr){NULL, 0};
	while (i < k.count &&
	       !mig_token_is(&k, i, p->trigger ? "trigger" : "index"))
		i++;
	i += 1 + mig_token_words(&k, i + 1, "if not exists");
	if (i >= k.count)
		return p->sql;
	mig_text_str_add(&t, (MigStr){p->sql.at, k.at[i].offset});
	mig_text_ident(&t, p->temporary ? MIG_LIT("temp") : a->item.schema);
	mig_text_char(&t, '.');
	mig_text_str_add(&t, mig_str_from(p->sql, k.at[i].offset));
	return mig_text_str(&t);
}

static bool
part_make(SqliteAlter *a, const SqlitePart *p)
{
	MigStr there = {NULL, 0};

	if (goes(a, p))
		return sqlite_mig_comment_drop_index(a, p->name);
	/* A trigger of temp may be another table's of the same name. */
	if (p->temporary &&
	    !sqlite_mig_alter_value(
			a, sqlite_mig_alter_master(a, "1", MIG_LIT("temp"), "name = ?1"),
			p->name, &there))
		return false;
	return there.at != NULL || sqlite_mig_alter_run(a, placed(a, p));
}

static bool
parts_make(SqliteAlter *a, const SqliteParts *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (!part_make(a, &p->items[i]))
			return false;
	return mig_ok(a->m);
}

/* Whether others may refer to one of the indexes that go. */
static bool
key_goes(SqliteAlter *a, const SqliteParts *p)
{
	for (size_t i = 0; i < p->count; i++)
	{
		MigTokens k;

		if (goes(a, &p->items[i]) &&
		    mig_tokens_of(a->m, &mig_sqlite, p->items[i].sql, &k) &&
		    mig_token_is(&k, 1, "unique"))
			return true;
	}
	return false;
}

/* SQLite drops no column that an index has. */
static bool
indexes_drop(SqliteAlter *a, const SqliteParts *p)
{
	for (size_t i = 0; i < p->count; i++)
	{
		MigText t = {a->m, NULL, 0, 0};

		if (!goes(a, &p->items[i]))
			continue;
		mig_text_add(&t, "DROP INDEX ");
		sqlite_mig_name(&t, a->item.schema, p->items[i].name);
		if (!sqlite_mig_alter_run(a, mig_text_str(&t)) ||
		    !sqlite_mig_comment_drop_index(a, p->items[i].name))
			return false;
	}
	return mig_ok(a->m);
}

/* SQLite's own DROP COLUMN looks at views, too, but not for strings that were
   names. */
static bool
native(SqliteAlter *a, const SqliteParts *p)
{
	SqliteWatch watch = {.users = NULL};

	if ((key_goes(a, p) &&
	     !sqlite_mig_watch_keys_look(a, &watch, &a->item.table, 1)) ||
	    (a->r.ndropped > 0 && !sqlite_mig_users_begin(a, &watch)) ||
	    !indexes_drop(a, p))
		return false;
	for (int i = 0; mig_ok(a->m) && i < a->r.nstatements; i++)
	{
		MigStr sql = a->r.statements[i];

		if (a->s->alias)
			sql = sqlite_mig_qualify(a->s, a->m, sql);
		if (!sqlite_mig_alter_run(a, mig_copy(a->m, sql)))
			return false;
	}
	return mig_ok(a->m) && sqlite_mig_watch_check(a, &watch);
}

bool
sqlite_mig_alter_has(SqliteAlter *a, const char *name, bool *yes)
{
	MigStr there;

	if (!sqlite_mig_alter_value(
			a, sqlite_mig_alter_master(a, "1", a->item.schema, "name = ?1"),
			mig_str(name), &there))
		return false;
	*yes = there.at != NULL;
	return true;
}

/* The old way to rename looks at no view or trigger, which have known the
   table by that name all along. */
static bool
take_place(SqliteAlter *a)
{
	MigText drop = {a->m, NULL, 0, 0}, rename = {a->m, NULL, 0, 0};
	int before = 0;
	bool ok;

	mig_text_add(&drop, "DROP TABLE ");
	sqlite_mig_name(&drop, a->item.schema, a->item.table);
	mig_text_add(&rename, "ALTER TABLE ");
	sqlite_mig_name(&rename, a->item.schema, a->fresh);
	mig_text_add(&rename, " RENAME TO ");
	mig_text_ident(&rename, a->item.table);
	sqlite3_db_config(a->s->db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, -1,
	                  &before);
	a->s->keys.legacy = !before;
	ok = (before || sqlite_mig_switch(
						a->s, a->m, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 1)) &&
	     sqlite_mig_alter_run(a, mig_text_str(&drop)) &&
	     sqlite_mig_alter_run(a, mig_text_str(&rename)) &&
	     (before || sqlite_mig_switch(a->s, a->m,
	                                  SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0));
	if (ok)
		a->s->keys.legacy = false;
	return ok;
}

static bool
rebuild(SqliteAlter *a, const SqliteParts *p, MigResult *r)
{
	SqliteWatch watch;
	bool alike = true;
	bool ok =
		sqlite_mig_watch_begin(a, &watch) &&
		sqlite_mig_alter_run(a, a->r.create) &&
		sqlite_mig_alter_alike(a, true, &alike) &&
		sqlite_mig_alter_fill(a, p, &r->rows) &&
		(!a->r.sequence || sqlite_mig_kept_sequence(a)) &&
		sqlite_mig_kept_rename(a, a->item.table, a->fresh) && take_place(a) &&
		sqlite_mig_kept_rename(a, a->fresh, a->item.table) &&
		parts_make(a, p) && sqlite_mig_kept_prune(a, alike) &&
		sqlite_mig_spare(a->s, a->m) && sqlite_mig_watch_check(a, &watch);

	return sqlite_mig_watch_end(a, &watch, ok) && ok;
}

/* What is said of columns and constraints goes with them. */
static bool
comments_move(SqliteAlter *a)
{
	for (int i = 0; i < a->r.ndropped; i++)
		if (!sqlite_mig_comment_drop_column(a, a->r.dropped[i]))
			return false;
	return sqlite_mig_comment_rules(a);
}

/* The failure's place is the action's, shown as that of a statement. */
bool
sqlite_mig_alter_placed_failure(SqliteAlter *a, const MigStatement *st)
{
	MigStatement copy = *st;
	MigPlace place = a->s->base.place;
	char text[MIG_PLACE_MAX];

	if (a->m->status.pos.line == 0 || place.statement == NULL)
		return false;
	copy.pos = a->m->status.pos;
	place.statement = &copy;
	mig_place_text(&place, text, sizeof(text));
	a->m->status.context[0] = '\0';
	return mig_context(a->m, "%s", text);
}

bool
sqlite_mig_alter_edit(SqliteAlter *a, MigStr name, const MigStatement *st)
{
	return mig_rebuild(a->m, a->sql, name, &a->item, &a->r) ||
	       sqlite_mig_alter_placed_failure(a, st);
}

bool
sqlite_mig_alter_table(SqliteAlter *a, const MigStatement *st, MigResult *r)
{
	SqliteParts parts;
	bool is, done;

	if (!sqlite_mig_alter_find(a, &is) || !is)
		return mig_ok(a->m);
	if (!fresh_name(a) || !parts_read(a, &parts))
		return false;
	if (!sqlite_mig_alter_edit(a, a->fresh, st))
		return false;
	if (!a->r.changed)
		return true;
	if (a->r.native)
		return native(a, &parts) && comments_move(a);
	if (!sqlite_mig_alter_in_place(a, &done))
		return sqlite_mig_alter_placed_failure(a, st);
	if ((!done && !rebuild(a, &parts, r)) || !comments_move(a))
		return false;
	return sqlite_mig_alter_types(a) || sqlite_mig_alter_placed_failure(a, st);
}

static bool
act(SqliteAlter *a, const MigStatement *st, MigResult *r)
{
	bool drops = a->item.actions[0].kind == MIG_CH_DROP_TABLE;

	a->s->plain &= drops && a->s->scope != MIG_REHEARSE;
	switch (a->item.actions[0].kind)
	{
		case MIG_CH_DROP_TABLE:
		case MIG_CH_DROP_VIEW:
		case MIG_CH_TRUNCATE:
			return sqlite_mig_drop(a->s, a->m, st, r);
		default:
			break;
	}
	return a->item.table.at == NULL ? sqlite_mig_alter_type(a, st, r)
	                                : sqlite_mig_alter_table(a, st, r);
}

/* All of it or nothing, also where no transaction is open: the savepoint is
   one then, and if it cannot be closed the call's end has to. */
bool
sqlite_mig_alter(SqliteHost *s, Mig *m, const MigStatement *st, MigResult *r)
{
	SqliteAlter a = {.s = s, .m = m, .item = *st->item};
	bool alone = sqlite3_get_autocommit(s->db) != 0;
	bool ok;

	if (sqlite_mig_run(s->db, "SAVEPOINT migrate_alter") != SQLITE_OK)
		return sqlite_mig_fail(s, m);
	ok = act(&a, st, r);
	s->plain &= ok && !alone;
	if (!ok && !sqlite3_get_autocommit(s->db))
		sqlite_mig_run(s->db, "ROLLBACK TO migrate_alter");
	if (!sqlite3_get_autocommit(s->db) &&
	    sqlite_mig_run(s->db, "RELEASE migrate_alter") != SQLITE_OK && ok)
		ok = sqlite_mig_fail(s, m);
	if (alone && !sqlite3_get_autocommit(s->db))
		s->hold = SQLITE_HOLD_TRANSACTION;
	else if (alone && !ok)
		sqlite_mig_keys_on(s);
	return ok;
}
