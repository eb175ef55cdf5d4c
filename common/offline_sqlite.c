#include "private.h"

#include "comment.h"
#include "ddl.h"
#include "offline_sqlite.h"
#include "text.h"
#include "translate_call.h"

/* Rows that refer to nothing, by what tells them apart. */
#define VIOLATIONS                                                            \
	"SELECT \"table\" AS child, rowid AS row_id, parent, count(*) AS n\n"     \
	"  FROM pragma_foreign_key_check GROUP BY 1, 2, 3"

/* What a revision finds violated is not its fault; what it leaves, is. */
void
mig_offline_keys_before(MigText *t)
{
	mig_text_add(t,
	             "CREATE TEMP TABLE migrate_violated AS\n" VIOLATIONS ";\n");
}

void
mig_offline_keys_after(MigText *t)
{
	mig_text_add(t, "INSERT INTO temp.migrate_verified\n"
	                "SELECT 0 FROM (" VIOLATIONS ") AS a\n"
	                " WHERE a.n > COALESCE((SELECT b.n FROM"
	                " temp.migrate_violated AS b\n"
	                "   WHERE b.child = a.child AND b.row_id IS a.row_id AND"
	                " b.parent = a.parent), 0);\n"
	                "DROP TABLE temp.migrate_violated;\n");
}

/* lower('a'), lower('b'): the tables of a DROP or TRUNCATE. */
static void
table_list(MigText *t, const MigItem *item)
{
	mig_text_char(t, '(');
	for (int i = 0; i < item->nactions; i++)
	{
		mig_text_add(t, i > 0 ? ", lower(" : "lower(");
		mig_text_literal(t, item->actions[i].name);
		mig_text_char(t, ')');
	}
	mig_text_char(t, ')');
}

/*
 * DROP TABLE and TRUNCATE with foreign keys on would take the rows of other
 * tables with them. A run looks who refers to a table; so does the script,
 * and fails where the run would fail, or do more than a script can. Tables
 * that go together may refer to each other.
 */
static void
guard(MigText *t, const MigItem *item, bool *guarded)
{
	const MigChange *a = &item->actions[0];
	MigStr schema = a->column.at != NULL ? a->column : MIG_LIT("main");

	if (a->kind != MIG_CH_DROP_TABLE && a->kind != MIG_CH_TRUNCATE)
		return;
	if (!*guarded)
		mig_text_add(t, "CREATE TEMP TABLE migrate_unreferenced (\n"
		                "  ok CONSTRAINT \"other tables refer to a table that"
		                " is dropped or emptied\"\n"
		                "  CHECK (ok <> 0)\n);\n");
	*guarded = true;
	mig_text_add(t, "INSERT INTO temp.migrate_unreferenced\n"
	                "SELECT 0 FROM ");
	mig_text_ident(t, schema);
	mig_text_add(t, ".sqlite_master AS m,"
	                " pragma_foreign_key_list(m.name, ");
	mig_text_literal(t, schema);
	mig_text_add(t, ") AS f\n"
	                " WHERE m.type = 'table' AND lower(f.\"table\") IN ");
	table_list(t, item);
	mig_text_add(t, "\n   AND lower(m.name) NOT IN ");
	table_list(t, item);
	if (a->kind == MIG_CH_DROP_TABLE && !a->cascade)
		mig_text_add(t, "\n   AND (SELECT foreign_keys FROM"
		                " pragma_foreign_keys)");
	mig_text_add(t, ";\n");
	if (item->nactions > 1)
		mig_text_add(t, "PRAGMA defer_foreign_keys = ON;\n");
}

/* What is said of tables, views and columns goes with them, as in a run:
   before, while the indexes are known. */
static void
comments_drop(Mig *m, MigText *t, const MigItem *item)
{
	MigStr rows = MIG_LIT("main.migrate_comment");
	MigStr none = {NULL, 0};

	for (int i = 0; i < item->nactions; i++)
	{
		const MigChange *a = &item->actions[i];
		MigStr schema = item->schema, sql = none;

		if (a->kind == MIG_CH_DROP_TABLE || a->kind == MIG_CH_DROP_VIEW)
			schema = a->column;
		if (schema.at != NULL && !mig_name_same(schema, MIG_LIT("main")))
			continue;
		if (a->kind == MIG_CH_DROP_TABLE || a->kind == MIG_CH_DROP_VIEW)
			sql = mig_comment_drop(m, rows, MIG_LIT("main"), a->name);
		else if (a->kind == MIG_CH_DROP_COLUMN)
			sql = mig_comment_rename(
				m, rows, mig_comment_column(m, item->table, a->column), none);
		if (sql.at != NULL)
			mig_text_fmt(t, "%.*s;\n", MIG_S(sql));
	}
}

void
mig_offline_change(Mig *m, MigText *t, const MigItem *item, bool *guarded)
{
	guard(t, item, guarded);
	comments_drop(m, t, item);
	mig_translate_native(m, item, t);
}
