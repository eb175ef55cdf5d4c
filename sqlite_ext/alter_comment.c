#include "alter.h"

/*
 * COMMENT ON leaves rows of migrate_comment, by names: "table t",
 * "column t.a". They go with what they are about, and are renamed with it.
 */

/* Where the rows are; absent when there is no such table. */
static MigStr
place(SqliteAlter *a, MigStr database)
{
	MigText t = {a->m, NULL, 0, 0};
	MigStr none = {NULL, 0};
	int rc;

	if (!mig_str_is(database, a->s->state))
		return none;
	rc =
		sqlite3_table_column_metadata(a->s->db, a->s->state, "migrate_comment",
	                                  NULL, NULL, NULL, NULL, NULL, NULL);
	if (rc != SQLITE_OK && rc != SQLITE_ERROR)
		sqlite_mig_fail(a->s, a->m);
	if (rc != SQLITE_OK)
		return none;
	sqlite_mig_name(&t, mig_str(a->s->state), MIG_LIT("migrate_comment"));
	return mig_text_str(&t);
}

/* substr(object, 1, n) = 'text', whatever the case, n being its length. */
static void
begins(MigText *t, MigStr text)
{
	mig_text_add(t, "substr(object, 1, length(");
	mig_text_literal(t, text);
	mig_text_add(t, ")) = ");
	mig_text_literal(t, text);
	mig_text_add(t, " COLLATE NOCASE");
}

static MigStr
object(SqliteAlter *a, const char *kind, MigStr table, MigStr column)
{
	MigText t = {a->m, NULL, 0, 0};

	mig_text_fmt(&t, "%s %.*s", kind, MIG_S(table));
	if (column.at != NULL)
		mig_text_fmt(&t, ".%.*s", MIG_S(column));
	return mig_text_str(&t);
}

bool
sqlite_mig_comment_drop(SqliteAlter *a, MigStr database, MigStr table)
{
	MigText t = {a->m, NULL, 0, 0};
	MigStr none = {NULL, 0};
	MigStr rows = place(a, database);

	if (rows.at == NULL)
		return mig_ok(a->m);
	mig_text_fmt(&t, "DELETE FROM %.*s WHERE object COLLATE NOCASE IN (",
	             MIG_S(rows));
	mig_text_literal(&t, object(a, "table", table, none));
	mig_text_add(&t, ", ");
	mig_text_literal(&t, object(a, "view", table, none));
	mig_text_add(&t, ") OR ");
	begins(&t, object(a, "column", table, MIG_LIT("")));
	return sqlite_mig_alter_run(a, mig_text_str(&t));
}

bool
sqlite_mig_comment_drop_column(SqliteAlter *a, MigStr column)
{
	MigText t = {a->m, NULL, 0, 0};
	MigStr rows = place(a, a->item.schema);

	if (rows.at == NULL)
		return mig_ok(a->m);
	mig_text_fmt(
		&t, "DELETE FROM %.*s WHERE object COLLATE NOCASE = ", MIG_S(rows));
	mig_text_literal(&t, object(a, "column", a->item.table, column));
	return sqlite_mig_alter_run(a, mig_text_str(&t));
}
