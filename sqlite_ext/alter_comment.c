#include "alter.h"

#include "comment.h"

/* Rows of migrate_comment go with what they are about, and are renamed with
   it (comment.h). */

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

static MigStr
object(SqliteAlter *a, const char *kind, MigStr name)
{
	MigText t = {a->m, NULL, 0, 0};

	mig_text_fmt(&t, "%s %.*s", kind, MIG_S(name));
	return mig_text_str(&t);
}

/* The rows of one thing that is gone, or has another name. */
static bool
one_moves(SqliteAlter *a, MigStr database, MigStr object, MigStr to)
{
	MigStr rows = place(a, database);

	return rows.at == NULL
	           ? mig_ok(a->m)
	           : sqlite_mig_alter_run(
					 a, mig_comment_rename(a->m, rows, object, to));
}

static bool
rule_moves(SqliteAlter *a, MigStr rule, MigStr to)
{
	MigStr table = a->item.table;

	return one_moves(a, a->item.schema, mig_comment_rule(a->m, rule, table),
	                 to.at == NULL ? to : mig_comment_rule(a->m, to, table));
}

bool
sqlite_mig_comment_rules(SqliteAlter *a)
{
	MigStr none = {NULL, 0};

	for (int i = 0; i < a->item.nactions; i++)
	{
		const MigChange *c = &a->item.actions[i];
		bool dropped = c->kind == MIG_CH_DROP_RULE;

		if ((dropped || c->kind == MIG_CH_RENAME_RULE) &&
		    !rule_moves(a, c->name, dropped ? none : c->text))
			return false;
	}
	for (int i = 0; i < a->r.nrules; i++)
		if (!rule_moves(a, a->r.rules[i], none))
			return false;
	return mig_ok(a->m);
}

bool
sqlite_mig_comment_type(SqliteAlter *a, MigStr from, MigStr to)
{
	return one_moves(a, mig_str(a->s->state), object(a, "type", from),
	                 object(a, "type", to));
}

bool
sqlite_mig_comment_drop(SqliteAlter *a, MigStr database, MigStr table)
{
	MigStr rows = place(a, database);

	return rows.at == NULL
	           ? mig_ok(a->m)
	           : sqlite_mig_alter_run(
					 a, mig_comment_drop(a->m, rows, database, table));
}

bool
sqlite_mig_comment_drop_column(SqliteAlter *a, MigStr column)
{
	MigStr none = {NULL, 0};

	return one_moves(a, a->item.schema,
	                 mig_comment_column(a->m, a->item.table, column), none);
}

bool
sqlite_mig_comment_drop_index(SqliteAlter *a, MigStr index)
{
	MigStr none = {NULL, 0};

	return one_moves(a, a->item.schema, object(a, "index", index), none);
}
