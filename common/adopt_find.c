#include "private.h"

#include "adopt.h"
#include "text.h"

/*
 * One look at the catalog: every table whose name or columns may be some
 * tool's. Only ordinary tables count: what a view says is its author's wish.
 */
static const char tables_postgresql[] =
	"SELECT CAST(n.nspname AS text), CAST(c.relname AS text),"
	" (SELECT string_agg(lower(CAST(a.attname AS text)), ' ')"
	" FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0"
	" AND NOT a.attisdropped) FROM pg_class AS c"
	" JOIN pg_namespace AS n ON n.oid = c.relnamespace"
	" WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%'"
	" AND n.nspname <> 'information_schema'"
	" AND lower(CAST(c.relname AS text)) = ANY (string_to_array($1, ' '))"
	" ORDER BY CAST(n.nspname AS text) COLLATE \"C\"";

static const char databases_sqlite[] =
	"SELECT name FROM pragma_database_list WHERE name <> 'temp' ORDER BY seq";

static void
text_lower(MigText *t, const char *s)
{
	for (; *s != '\0'; s++)
		mig_text_char(t, *s >= 'A' && *s <= 'Z' ? (char) (*s + 32) : *s);
}

/* The part of `where` before or behind its point. */
static MigStr
where_part(const MigAdopt *a, bool schema)
{
	MigStr none = {NULL, 0};
	size_t i = 0;

	if (a->where.at == NULL)
		return none;
	while (i < a->where.len && a->where.at[i] != '.')
		i++;
	if (schema)
		return i < a->where.len ? (MigStr){a->where.at, i} : none;
	if (i == a->where.len)
		return a->where;
	return i + 1 < a->where.len ? mig_str_from(a->where, i + 1) : none;
}

/* Every name worth asking for, in lower case, by blanks. */
static MigStr
wanted_names(const MigAdopt *a)
{
	MigText t = {a->m, NULL, 0, 0};
	MigStr own = where_part(a, false);
	int count;
	const MigAdoptTool *tools = mig_adopt_tools(&count);

	for (int i = 0; i < count; i++)
	{
		if (tools[i].tables == NULL)
			continue;
		text_lower(&t, tools[i].tables);
		mig_text_char(&t, ' ');
		if (tools[i].lock_table != NULL)
			mig_text_fmt(&t, "%s ", tools[i].lock_table);
	}
	mig_text_add(&t, "ar_internal_metadata");
	if (own.at != NULL)
	{
		MigStr copy = mig_copy(a->m, own);

		mig_text_char(&t, ' ');
		if (copy.at != NULL)
			text_lower(&t, copy.at);
	}
	return mig_text_str(&t);
}

static bool
table_row(void *arg, Mig *m, const MigStr *cells)
{
	MigAdopt *a = arg;
	MigText t = {m, NULL, 0, 0};
	MigAdoptTable *table =
		mig_grow(m, a->tables, (size_t) a->ntables, &a->tables_room,
	             (size_t) a->ntables + 1, sizeof(*a->tables));

	if (table == NULL)
		return false;
	a->tables = table;
	table += a->ntables++;
	table->schema = mig_copy(m, cells[0]);
	table->name = mig_copy(m, cells[1]);
	mig_text_char(&t, ' ');
	mig_text_str_add(&t, cells[2]);
	mig_text_char(&t, ' ');
	table->columns = mig_text_str(&t);
	return mig_ok(m);
}

typedef struct Names
{
	MigStr *items;
	int count;
	size_t room;
} Names;

static bool
name_row(void *arg, Mig *m, const MigStr *cells)
{
	Names *n = arg;
	MigStr *grown = mig_grow(m, n->items, (size_t) n->count, &n->room,
	                         (size_t) n->count + 1, sizeof(*n->items));

	if (grown == NULL)
		return false;
	n->items = grown;
	n->items[n->count++] = mig_copy(m, cells[0]);
	return mig_ok(m);
}

/* The tables of one database. */
static bool
read_database(MigAdopt *a, MigStr database)
{
	MigText t = {a->m, NULL, 0, 0};
	MigStr args[2] = {database, wanted_names(a)};

	mig_text_add(&t, "SELECT $1, m.name, (SELECT group_concat(lower(i.name),"
	                 " ' ') FROM pragma_table_info(m.name, $1) AS i) FROM ");
	mig_text_ident(&t, database);
	mig_text_add(&t, ".sqlite_master AS m WHERE m.type = 'table' AND"
	                 " instr(' ' || $2 || ' ', ' ' || lower(m.name) || ' ')"
	                 " > 0 ORDER BY m.name");
	return args[1].at != NULL &&
	       a->h->ops->select(a->h, a->m, mig_text_str(&t), args, 2, 3,
	                         table_row, a);
}

static bool
read_sqlite(MigAdopt *a)
{
	Names n = {NULL, 0, 0};

	if (!a->h->ops->select(a->h, a->m, mig_str(databases_sqlite), NULL, 0, 1,
	                       name_row, &n))
		return false;
	for (int i = 0; i < n.count; i++)
		if (!read_database(a, n.items[i]))
			return false;
	return true;
}

static bool
read_tables(MigAdopt *a)
{
	MigStr names;

	if (a->m->dialect == &mig_sqlite)
		return read_sqlite(a);
	names = wanted_names(a);
	return names.at != NULL &&
	       a->h->ops->select(a->h, a->m, mig_str(tables_postgresql), &names, 1,
	                         3, table_row, a);
}

/* Whether a lower-case word stands in a list by blanks, case not counted. */
static bool
has_word(const char *list, MigStr word)
{
	MigStr rest = mig_str(list);
	MigStr one;

	while (mig_str_next(&rest, &one))
	{
		size_t i = 0;

		while (one.len == word.len && i < one.len &&
		       (one.at[i] | 0x20) == (word.at[i] | 0x20))
			i++;
		if (one.len == word.len && i == one.len)
			return true;
	}
	return false;
}

const MigAdoptTable *
mig_adopt_table(const MigAdopt *a, MigStr schema, const char *name)
{
	for (int i = 0; i < a->ntables; i++)
		if (mig_str_eq(a->tables[i].schema, schema) &&
		    has_word(name, a->tables[i].name))
			return &a->tables[i];
	return NULL;
}

/* Whether a table has the columns of `needs`, and not those with a !. */
static bool
has_columns(const MigAdoptTable *table, const char *needs)
{
	MigStr rest = mig_str(needs);
	MigStr word;

	while (mig_str_next(&rest, &word))
	{
		bool not = word.at[0] == '!';
		MigStr name = mig_str_from(word, not );
		MigStr columns = table->columns;
		bool found = false;
		MigStr one;

		while (!found && mig_str_next(&columns, &one))
			found = mig_str_eq(one, name);
		if (found == not )
			return false;
	}
	return true;
}

/* The database or schema in which to look, or absent: any. */
static MigStr
only_schema(const MigAdopt *a, const MigAdoptTool *tool)
{
	MigStr own = where_part(a, true);
	MigStr none = {NULL, 0};

	if (own.at != NULL)
		return own;
	if (a->m->dialect == &mig_sqlite)
	{
		if (tool->flags & MIG_ADOPT_ANYWHERE)
			return none;
		return a->schema.at != NULL ? a->schema : mig_str("main");
	}
	return mig_str(tool->schema);
}

/* A table in a schema that another tool has to itself is not this one's. */
static bool
is_taken(const MigAdopt *a, const MigAdoptTool *tool,
         const MigAdoptTable *table)
{
	return a->m->dialect != &mig_sqlite && tool->schema == NULL &&
	       where_part(a, true).at == NULL &&
	       (mig_str_is(table->schema, "hdb_catalog") ||
	        mig_str_is(table->schema, "supabase_migrations") ||
	        mig_str_is(table->schema, "graphile_migrate"));
}

static bool
fits(const MigAdopt *a, const MigAdoptTool *tool, const MigAdoptTable *table)
{
	MigStr schema = only_schema(a, tool);
	MigStr own = where_part(a, false);
	const char *beside = tool->beside;
	bool found;

	if (own.at != NULL ? !mig_str_eq(own, table->name)
	                   : !has_word(tool->tables, table->name))
		return false;
	if ((schema.at != NULL && !mig_str_eq(schema, table->schema)) ||
	    is_taken(a, tool, table) || !has_columns(table, tool->needs))
		return false;
	if (beside == NULL)
		return true;
	found = mig_adopt_table(a, table->schema, beside + (beside[0] == '!'));
	return found == (beside[0] != '!');
}

/* The call's schema wins over others when a tool keeps one table in each. */
static bool
is_elsewhere(const MigAdopt *a, const MigAdoptTool *tool,
             const MigAdoptTable *table)
{
	if (a->schema.at == NULL || a->m->dialect == &mig_sqlite ||
	    mig_str_eq(table->schema, a->schema))
		return false;
	for (int i = 0; i < a->ntables; i++)
		if (mig_str_eq(a->tables[i].schema, a->schema) &&
		    fits(a, tool, &a->tables[i]))
			return true;
	return false;
}

static bool
in_use(const MigAdoptTool *tool, const MigDialect *dialect)
{
	return tool->flags &
	       (dialect == &mig_sqlite ? MIG_ADOPT_SQLITE : MIG_ADOPT_POSTGRESQL);
}

static bool
version_row(void *arg, Mig *m, const MigStr *cells)
{
	(void) m;
	*(int64_t *) arg = mig_cell_int(cells[0], 0);
	return true;
}

bool
mig_adopt_user_version(MigAdopt *a)
{
	MigText t = {a->m, NULL, 0, 0};

	mig_text_add(&t, "PRAGMA ");
	mig_text_ident(&t, a->schema.at != NULL ? a->schema : mig_str("main"));
	mig_text_add(&t, ".user_version");
	return mig_text_str(&t).at != NULL &&
	       a->h->ops->select(a->h, a->m, mig_text_str(&t), NULL, 0, 1,
	                         version_row, &a->user_version);
}

/* What was found so far. */
typedef struct Found
{
	int count;
	MigText list; /* "flyway in public.flyway_schema_history" */
} Found;

static void
find_tool(MigAdopt *a, const MigAdoptTool *tool, Found *f)
{
	for (int i = 0; i < a->ntables; i++)
	{
		const MigAdoptTable *table = &a->tables[i];

		if (tool->tables == NULL || !fits(a, tool, table) ||
		    is_elsewhere(a, tool, table))
			continue;
		if (f->count++ > 0)
			mig_text_add(&f->list, ", ");
		mig_text_fmt(&f->list, "%s in %.*s.%.*s", tool->name,
		             MIG_S(table->schema), MIG_S(table->name));
		a->tool = tool;
		a->table = table;
	}
}

/* PRAGMA user_version, when it is asked for or nothing else is there. */
static bool
find_user_version(MigAdopt *a, const MigAdoptTool *tool, Found *f)
{
	if (!mig_adopt_user_version(a))
		return false;
	if (!mig_str_is(a->wanted, tool->name) && a->user_version == 0)
		return true;
	f->count = 1;
	a->tool = tool;
	a->table = NULL;
	return true;
}

static bool
fail_unknown(MigAdopt *a, bool other)
{
	MigText t = {a->m, NULL, 0, 0};
	const char *last = "";
	MigStr list;
	int count;
	const MigAdoptTool *tools = mig_adopt_tools(&count);

	for (int i = 0; i < count; i++)
	{
		if (!in_use(&tools[i], a->m->dialect) ||
		    strcmp(tools[i].name, last) == 0)
			continue;
		mig_text_fmt(&t, ", %s", tools[i].name);
		last = tools[i].name;
	}
	list = mig_text_str(&t);
	mig_fail(a->m, MIG_ARGUMENT,
	         other ? "tool \"%.*s\" does not work with this database"
	               : "tool \"%.*s\" is not known",
	         MIG_S(a->wanted));
	return mig_hint(a->m, "The tools are auto%.*s.", MIG_S(list));
}

static bool
fail_none(MigAdopt *a)
{
	bool any = mig_str_is(a->wanted, "auto");

	if (any)
		mig_fail(a->m, MIG_STATE, "no tool's state table was found");
	else
		mig_fail(a->m, MIG_STATE, "no state table of %.*s was found",
		         MIG_S(a->wanted));
	if (a->m->dialect == &mig_sqlite && mig_str_is(a->wanted, "sqitch"))
		return mig_hint(a->m, "Sqitch keeps its state in a second file: run"
		                      " ATTACH 'sqitch.db' AS sqitch.");
	return mig_hint(a->m, "Name the table as the second argument if it has"
	                      " another name than usual.");
}

static bool
fail_several(MigAdopt *a, Found *f)
{
	MigStr list = mig_text_str(&f->list);

	mig_fail(a->m, MIG_STATE, "%d state tables were found", f->count);
	mig_detail(a->m, "They are: %.*s.", MIG_S(list));
	return mig_hint(a->m, "Name the tool as the first argument, the table as"
	                      " the second.");
}

bool
mig_adopt_find(MigAdopt *a)
{
	Found f = {0, {a->m, NULL, 0, 0}};
	bool any = mig_str_is(a->wanted, "auto");
	bool known = any;
	bool fitting = any;
	const MigAdoptTool *version = NULL;
	int count;
	const MigAdoptTool *tools = mig_adopt_tools(&count);

	if (!read_tables(a))
		return false;
	for (int i = 0; i < count; i++)
	{
		if (!any && !mig_str_is(a->wanted, tools[i].name))
			continue;
		known = true;
		if (!in_use(&tools[i], a->m->dialect))
			continue;
		fitting = true;
		if (tools[i].tables == NULL)
			version = &tools[i];
		find_tool(a, &tools[i], &f);
	}
	if (!mig_ok(a->m))
		return false;
	if (!known || !fitting)
		return fail_unknown(a, known);
	if (f.count == 0 && version != NULL && a->where.at == NULL &&
	    !find_user_version(a, version, &f))
		return false;
	if (f.count == 0)
		return fail_none(a);
	return f.count == 1 || fail_several(a, &f);
}

MigStr
mig_adopt_sql(Mig *m, const char *sql, const MigAdoptTable *table)
{
	MigText t = {m, NULL, 0, 0};
	const char *at;

	while ((at = strstr(sql, "@t")) != NULL)
	{
		mig_text_str_add(&t, (MigStr){sql, (size_t) (at - sql)});
		mig_text_ident(&t, table->schema);
		mig_text_char(&t, '.');
		mig_text_ident(&t, table->name);
		sql = at + 2;
	}
	mig_text_add(&t, sql);
	return mig_text_str(&t);
}
