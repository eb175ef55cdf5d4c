#include "alter.h"

/*
 * COMMENT ON leaves rows of migrate_comment, by names: "table t",
 * "column t.a", "constraint c on t". They go with what they are about, and are renamed with it.
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

/* object = 'constraint c on t', or any constraint or trigger where c is
   absent. */
static void
on_table(SqliteAlter *a, MigText *t, MigStr rule, MigStr table)
{
	MigText tail = {a->m, NULL, 0, 0};
	MigStr end;

	mig_text_fmt(&tail, " on %.*s", MIG_S(table));
	end = mig_text_str(&tail);
	mig_text_char(t, '(');
	if (rule.at != NULL)
	{
		MigText one = {a->m, NULL, 0, 0};

		mig_text_fmt(&one, "constraint %.*s%.*s", MIG_S(rule), MIG_S(end));
		mig_text_add(t, "object = ");
		mig_text_literal(t, mig_text_str(&one));
		mig_text_add(t, " COLLATE NOCASE)");
		return;
	}
	mig_text_add(t, "substr(object, -length(");
	mig_text_literal(t, end);
	mig_text_add(t, ")) = ");
	mig_text_literal(t, end);
	mig_text_add(t, " COLLATE NOCASE AND (");
	begins(t, MIG_LIT("constraint "));
	mig_text_add(t, " OR ");
	begins(t, MIG_LIT("trigger "));
	mig_text_add(t, "))");
}

/* The rows of a constraint that is gone, or has another name. */
static bool
rule_moves(SqliteAlter *a, const MigChange *c)
{
	MigText t = {a->m, NULL, 0, 0};
	MigStr rows = place(a, a->item.schema);

	if (rows.at == NULL)
		return mig_ok(a->m);
	if (c->kind == MIG_CH_DROP_RULE)
		mig_text_fmt(&t, "DELETE FROM %.*s", MIG_S(rows));
	else
	{
		MigText to = {a->m, NULL, 0, 0};

		mig_text_fmt(&to, "constraint %.*s on %.*s", MIG_S(c->text),
		             MIG_S(a->item.table));
		mig_text_fmt(&t, "UPDATE OR REPLACE %.*s SET object = ", MIG_S(rows));
		mig_text_literal(&t, mig_text_str(&to));
	}
	mig_text_add(&t, " WHERE ");
	on_table(a, &t, c->name, a->item.table);
	return sqlite_mig_alter_run(a, mig_text_str(&t));
}

bool
sqlite_mig_comment_rules(SqliteAlter *a)
{
	for (int i = 0; i < a->item.nactions; i++)
		if ((a->item.actions[i].kind == MIG_CH_DROP_RULE ||
		     a->item.actions[i].kind == MIG_CH_RENAME_RULE) &&
		    !rule_moves(a, &a->item.actions[i]))
			return false;
	return mig_ok(a->m);
}

bool
sqlite_mig_comment_type(SqliteAlter *a, MigStr from, MigStr to)
{
	MigText t = {a->m, NULL, 0, 0};
	MigStr none = {NULL, 0};
	MigStr rows = place(a, mig_str(a->s->state));

	if (rows.at == NULL)
		return mig_ok(a->m);
	mig_text_fmt(&t, "UPDATE OR REPLACE %.*s SET object = ", MIG_S(rows));
	mig_text_literal(&t, object(a, "type", to, none));
	mig_text_add(&t, " WHERE object COLLATE NOCASE = ");
	mig_text_literal(&t, object(a, "type", from, none));
	return sqlite_mig_alter_run(a, mig_text_str(&t));
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
	mig_text_add(&t, " OR ");
	on_table(a, &t, none, table);
	mig_text_add(&t, " OR object COLLATE NOCASE IN (SELECT 'index ' || name"
	                 " FROM ");
	sqlite_mig_name(&t, database, MIG_LIT("sqlite_master"));
	mig_text_add(&t, " WHERE type = 'index' AND tbl_name = ");
	mig_text_literal(&t, table);
	mig_text_add(&t, " COLLATE NOCASE)");
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
