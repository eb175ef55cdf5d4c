#include "private.h"

#include "typecheck_live.h"
#include "ddl.h"
#include "schema.h"
#include "text.h"

/* Cells: table, from, column, declared, its base type, kind, not null, key;
   in SQLite the sixth is the table's statement. */
enum
{
	C_TABLE,
	C_FROM,
	C_COLUMN,
	C_DECLARED,
	C_BASE,
	C_MORE,
	C_NOT_NULL,
	C_KEY,
	C_COUNT
};

static const char postgresql[] =
	"SELECT CASE WHEN n.nspname = coalesce($1, 'public') THEN '' ELSE"
	" n.nspname || '.' END || c.relname AS name, CASE c.relkind WHEN 'r' THEN"
	" 'ONLY ' ELSE '' END || quote_ident(n.nspname) || '.' ||"
	" quote_ident(c.relname), a.attname::text, format_type(a.atttypid,"
	" a.atttypmod), CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype,"
	" t.typtypmod) ELSE format_type(a.atttypid, a.atttypmod) END,"
	" coalesce(b.typtype, t.typtype)::text, a.attnotnull, coalesce("
	"array_position(i.indkey::smallint[], a.attnum), -1) + 1 FROM"
	" pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN"
	" pg_attribute AS a ON a.attrelid = c.oid JOIN pg_type AS t ON t.oid ="
	" a.atttypid LEFT JOIN pg_type AS b ON b.oid = t.typbasetype AND"
	" t.typtype = 'd' LEFT JOIN pg_index AS i ON i.indrelid = c.oid AND"
	" i.indisprimary WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition"
	" AND a.attnum > 0 AND NOT a.attisdropped AND CASE WHEN $1 IS NULL THEN"
	" n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE"
	" n.nspname = $1 END AND NOT EXISTS (SELECT FROM pg_depend WHERE classid"
	" = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')"
	" ORDER BY n.nspname, c.relname, a.attnum";

typedef struct Reader
{
	MigLive *out;
	MigStr schema; /* PostgreSQL: whose name need not be said */
	bool sqlite;
} Reader;

/* Behind the last parenthesis of CREATE TABLE stands WITHOUT ROWID. */
static bool
has_rowid(Mig *m, MigStr sql)
{
	MigTokens k;

	if (!mig_tokens_of(m, &mig_sqlite, sql, &k))
		return false;
	for (int i = k.count - 1; i > 0 && !mig_token_char(&k, i, ')'); i--)
		if (mig_token_words(&k, i, "without rowid"))
			return false;
	return true;
}

/* A table may have a column that is called rowid, and even one of each. */
static const char *
rowid_of(const MigLiveTable *t)
{
	static const char *const names[] = {"rowid", "_rowid_", "oid"};

	if (t->rowid == NULL)
		return NULL;
	for (int i = 0; i < MIG_COUNT(names); i++)
		if (mig_live_column(t, mig_str(names[i])) < 0)
			return names[i];
	return NULL;
}

static MigLiveTable *
add_table(Mig *m, Reader *r, const MigStr *cells)
{
	MigLive *live = r->out;
	MigLiveTable *grown =
		mig_grow(m, live->tables, (size_t) live->ntables, &live->room,
	             (size_t) live->ntables + 1, sizeof(*grown));
	MigLiveTable *t;

	if (grown == NULL)
		return NULL;
	live->tables = grown;
	t = &live->tables[live->ntables];
	memset(t, 0, sizeof(*t));
	t->name = mig_copy(m, cells[C_TABLE]);
	if (r->sqlite)
	{
		MigText from = {m, NULL, 0, 0};

		mig_text_ident(&from, live->schema);
		mig_text_char(&from, '.');
		mig_text_ident(&from, t->name);
		t->from = mig_text_str(&from);
		t->rowid = has_rowid(m, cells[C_MORE]) ? "rowid" : NULL;
	}
	else
		t->from = mig_copy(m, cells[C_FROM]);
	live->ntables++;
	return mig_ok(m) ? t : NULL;
}

/* An enum's labels are text in SQLite. */
static bool
read_type(Mig *m, const Reader *r, const MigStr *cells, MigLiveColumn *c)
{
	MigStr base;

	c->declared = mig_copy(m, cells[C_DECLARED]);
	if (r->sqlite)
		return c->declared.at != NULL &&
		       mig_type_read(m, MIG_FOR_SQLITE, c->declared, &c->type);
	c->declared = mig_schema_unqualified(m, c->declared, r->schema);
	base = mig_schema_unqualified(m, mig_copy(m, cells[C_BASE]), r->schema);
	if (base.at == NULL || c->declared.at == NULL ||
	    !mig_type_read(m, MIG_FOR_POSTGRESQL, base, &c->type))
		return false;
	if (mig_str_is(cells[C_MORE], "e"))
	{
		c->type.family = MIG_F_ENUM;
		c->type.sqlite = "text";
	}
	return true;
}

static bool
read_row(void *arg, Mig *m, const MigStr *cells)
{
	Reader *r = arg;
	MigLive *live = r->out;
	MigLiveTable *t =
		live->ntables > 0 ? &live->tables[live->ntables - 1] : NULL;
	MigLiveColumn *grown;
	int64_t key = 0;

	if (t == NULL || !mig_str_eq(t->name, cells[C_TABLE]))
		t = add_table(m, r, cells);
	if (t == NULL)
		return false;
	grown = mig_grow(m, t->columns, (size_t) t->ncolumns, &t->room,
	                 (size_t) t->ncolumns + 1, sizeof(*grown));
	if (grown == NULL)
		return false;
	t->columns = grown;
	grown = &t->columns[t->ncolumns++];
	memset(grown, 0, sizeof(*grown));
	mig_str_int(cells[C_KEY], &key);
	grown->name = mig_copy(m, cells[C_COLUMN]);
	grown->key = (int) key;
	grown->not_null = mig_str_is(cells[C_NOT_NULL], r->sqlite ? "1" : "t");
	t->nkey += key > 0 ? 1 : 0;
	return read_type(m, r, cells, grown) && mig_ok(m);
}

static MigStr
sqlite_query(Mig *m, MigStr schema)
{
	MigText t = {m, NULL, 0, 0};

	mig_text_add(&t, "SELECT m.name, NULL, x.name, x.type, NULL, m.sql,"
	                 " x.\"notnull\", x.pk FROM ");
	mig_text_ident(&t, schema);
	mig_text_add(&t, ".sqlite_master AS m JOIN pragma_table_xinfo(m.name, ");
	mig_text_literal(&t, schema);
	mig_text_add(&t, ") AS x WHERE m.type = 'table' AND m.rootpage > 0 AND"
	                 " x.hidden <> 1 AND m.name NOT LIKE 'sqlite\\_%' ESCAPE"
	                 " '\\' AND m.name NOT LIKE 'migrate\\_%' ESCAPE '\\'"
	                 " ORDER BY m.name, x.cid");
	return mig_text_str(&t);
}

bool
mig_live_read(Mig *m, MigHost *host, MigStr schema, MigLive *out)
{
	Reader r = {out, schema, m->dialect->id == MIG_FOR_SQLITE};
	MigStr sql;

	memset(out, 0, sizeof(*out));
	out->schema = schema.at != NULL ? schema : MIG_LIT("main");
	if (schema.at == NULL)
		r.schema = MIG_LIT("public");
	sql = r.sqlite ? sqlite_query(m, out->schema) : mig_str(postgresql);
	if (sql.at == NULL ||
	    !host->ops->select(host, m, sql, &schema, r.sqlite ? 0 : 1, C_COUNT,
	                       read_row, &r))
		return false;
	for (int i = 0; i < out->ntables; i++)
		out->tables[i].rowid = rowid_of(&out->tables[i]);
	return true;
}

const MigLiveTable *
mig_live_table(const MigLive *live, MigStr name)
{
	for (int i = 0; i < live->ntables; i++)
		if (mig_name_same(live->tables[i].name, name))
			return &live->tables[i];
	return NULL;
}

int
mig_live_column(const MigLiveTable *t, MigStr name)
{
	for (int i = 0; i < t->ncolumns; i++)
		if (mig_name_same(t->columns[i].name, name))
			return i;
	return -1;
}

int
mig_live_key(const MigLiveTable *t, int place)
{
	for (int i = 0; i < t->ncolumns; i++)
		if (t->columns[i].key == place)
			return i;
	return -1;
}
