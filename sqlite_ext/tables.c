#include "sqlite_mig.h"

#include <string.h>

/*
 * Every function that returns rows is an eponymous virtual table; its
 * arguments are hidden columns behind those that one sees, so that
 *     SELECT * FROM migrate_history('base:head')
 * reaches best_index() as an equality on the first of them.
 */
typedef struct Table
{
	sqlite3_vtab base; /* first */
	sqlite3 *db;
	SqliteEntry *entry;
	int ncolumns; /* that one sees */
} Table;

typedef struct Cursor
{
	sqlite3_vtab_cursor base; /* first */
	bool open;                /* call is in use */
	SqliteCall call;
	int64_t row;
	int64_t read; /* the row that is in cells, or -1 */
	MigValue cells[MIG_MAX_COLUMNS];
} Cursor;

static const char *
type_name(MigType type)
{
	switch (type)
	{
		case MIG_TYPE_INT:
			return "INTEGER";
		case MIG_TYPE_BOOL:
			return "BOOLEAN";
		case MIG_TYPE_MS:
			return "REAL";
		case MIG_TYPE_TEXT:
		case MIG_TYPE_TIME:
			return "TEXT";
	}
	return "TEXT";
}

static bool
is_column(const MigFunction *f, const char *name)
{
	for (int i = 0; i < mig_function_ncolumns(f); i++)
		if (strcmp(f->columns[i].name, name) == 0)
			return true;
	return false;
}

/* The table as SQLite sees it; sqlite3_free() it. */
static char *
declaration(const MigFunction *f)
{
	sqlite3_str *s = sqlite3_str_new(NULL);

	sqlite3_str_appendall(s, "CREATE TABLE x(");
	for (int i = 0; i < mig_function_ncolumns(f); i++)
		sqlite3_str_appendf(s, "%s\"%w\" %s", i > 0 ? ", " : "",
		                    f->columns[i].name, type_name(f->columns[i].type));
	for (int i = 0; i < mig_function_nargs(f); i++)
		sqlite3_str_appendf(s, ", \"%w%s\" %s HIDDEN", f->args[i].name,
		                    is_column(f, f->args[i].name) ? "_argument" : "",
		                    type_name(f->args[i].type));
	sqlite3_str_appendall(s, ")");
	return sqlite3_str_finish(s);
}

static int
table_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
              sqlite3_vtab **out, char **error)
{
	SqliteEntry *entry = aux;
	const MigFunction *f = entry->function;
	char *sql = declaration(f);
	int rc = sql != NULL ? sqlite3_declare_vtab(db, sql) : SQLITE_NOMEM;
	Table *t;

	(void) argc;
	(void) argv;
	(void) error;
	sqlite3_free(sql);
	/* One that only looks may stand in a view, whoever wrote the view: it
	   changes nothing and shows nothing but what the databases hold. */
	if (rc == SQLITE_OK && (f->flags & (MIG_FN_WRITES | MIG_FN_FILES)))
		rc = sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
	else if (rc == SQLITE_OK)
		rc = sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
	if (rc != SQLITE_OK)
		return rc;
	t = sqlite3_malloc64(sizeof(*t));
	if (t == NULL)
		return SQLITE_NOMEM;
	memset(t, 0, sizeof(*t));
	t->db = db;
	t->entry = entry;
	t->ncolumns = mig_function_ncolumns(f);
	*out = &t->base;
	return SQLITE_OK;
}

static int
table_disconnect(sqlite3_vtab *table)
{
	sqlite3_free(table);
	return SQLITE_OK;
}

/*
 * Arguments go to filter() in their order; idxNum tells, bit by bit, which
 * ones there are. An argument that is a column of a table further right in
 * the join has to wait for that table: no such plan is good.
 */
static int
table_best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
	const MigFunction *f = ((Table *) table)->entry->function;
	int hidden = mig_function_ncolumns(f);
	int from[MIG_MAX_ARGS];
	int count = 0;

	memset(from, -1, sizeof(from));
	for (int i = 0; i < info->nConstraint; i++)
	{
		int arg = info->aConstraint[i].iColumn - hidden;

		if (arg < 0 || arg >= MIG_MAX_ARGS ||
		    info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
			continue;
		if (!info->aConstraint[i].usable)
			return SQLITE_CONSTRAINT;
		if (from[arg] < 0)
			from[arg] = i;
	}
	info->idxNum = 0;
	for (int arg = 0; arg < MIG_MAX_ARGS; arg++)
	{
		if (from[arg] < 0)
			continue;
		info->aConstraintUsage[from[arg]].argvIndex = ++count;
		info->aConstraintUsage[from[arg]].omit = 1;
		info->idxNum |= 1 << arg;
	}
	/* Behind them the columns that nobody asks for. */
	info->idxNum |= (int) (~info->colUsed & ((1u << hidden) - 1))
	                << MIG_MAX_ARGS;
	info->estimatedCost = 1000;
	info->estimatedRows = 100;
	return SQLITE_OK;
}

static int
table_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
	Cursor *c = sqlite3_malloc64(sizeof(*c));

	(void) table;
	if (c == NULL)
		return SQLITE_NOMEM;
	memset(c, 0, sizeof(*c));
	*out = &c->base;
	return SQLITE_OK;
}

static void
cursor_clear(Cursor *c)
{
	if (c->open)
		sqlite_mig_call_done(&c->call);
	c->open = false;
	c->row = 0;
	c->read = -1;
}

static int
table_close(sqlite3_vtab_cursor *cursor)
{
	cursor_clear((Cursor *) cursor);
	sqlite3_free(cursor);
	return SQLITE_OK;
}

static int
cursor_fail(Cursor *c)
{
	sqlite3_vtab *table = c->base.pVtab;

	if (c->call.m.status.code == MIG_NOMEM)
		return SQLITE_NOMEM;
	sqlite3_free(table->zErrMsg);
	table->zErrMsg = sqlite3_mprintf("%s", mig_status_text(&c->call.m));
	return table->zErrMsg ? sqlite_mig_code(&c->call) : SQLITE_NOMEM;
}

/* All of the call happens here; the rows are read from memory then. */
static int
table_filter(sqlite3_vtab_cursor *cursor, int which, const char *text,
             int argc, sqlite3_value **argv)
{
	Cursor *c = (Cursor *) cursor;
	Table *t = (Table *) cursor->pVtab;
	sqlite3_value *args[MIG_MAX_ARGS] = {NULL};
	int next = 0;

	(void) text;
	for (int arg = 0; arg < MIG_MAX_ARGS; arg++)
		if ((which & 1 << arg) && next < argc)
			args[arg] = argv[next++];
	cursor_clear(c);
	c->open = true;
	if (!sqlite_mig_call_start(&c->call, t->entry, t->db,
	                           mig_function_nargs(t->entry->function), args))
		return cursor_fail(c);
	c->call.call.unwanted = (uint32_t) which >> MIG_MAX_ARGS;
	if (!mig_call(&c->call.call))
		return cursor_fail(c);
	return SQLITE_OK;
}

static int
table_next(sqlite3_vtab_cursor *cursor)
{
	((Cursor *) cursor)->row++;
	return SQLITE_OK;
}

static int
table_eof(sqlite3_vtab_cursor *cursor)
{
	Cursor *c = (Cursor *) cursor;

	return c->row >= c->call.call.nrows;
}

static int
table_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int i)
{
	Cursor *c = (Cursor *) cursor;
	const MigFunction *f = c->call.call.function;
	int hidden = ((Table *) cursor->pVtab)->ncolumns;

	if (i >= hidden)
	{
		sqlite_mig_result(context, f->args[i - hidden].type,
		                  &c->call.call.args[i - hidden]);
		return SQLITE_OK;
	}
	if (c->read != c->row)
	{
		memset(c->cells, 0, sizeof(*c->cells) * (size_t) hidden);
		if (!mig_call_row(&c->call.call, c->row, c->cells))
			return cursor_fail(c);
		c->read = c->row;
	}
	sqlite_mig_result(context, f->columns[i].type, &c->cells[i]);
	return SQLITE_OK;
}

static int
table_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid)
{
	*rowid = ((Cursor *) cursor)->row + 1;
	return SQLITE_OK;
}

/* Without xCreate it is eponymous only. */
const sqlite3_module sqlite_mig_table = {
	.iVersion = 0,
	.xConnect = table_connect,
	.xBestIndex = table_best_index,
	.xDisconnect = table_disconnect,
	.xOpen = table_open,
	.xClose = table_close,
	.xFilter = table_filter,
	.xNext = table_next,
	.xEof = table_eof,
	.xColumn = table_column,
	.xRowid = table_rowid,
};
