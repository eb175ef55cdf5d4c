#include "alter.h"

/*
 * What SQLite keeps of a table in tables of its own: statistics, and the
 * number of AUTOINCREMENT.
 */

/* UPDATE system table SET column = new name WHERE column = old name */
static bool
rename_rows(SqliteAlter *a, const char *table, const char *column, MigStr from,
            MigStr to)
{
	MigText t = {a->m, NULL, 0, 0};
	bool there;

	if (!sqlite_mig_alter_has(a, table, &there))
		return false;
	if (!there)
		return true;
	mig_text_add(&t, "UPDATE ");
	sqlite_mig_name(&t, a->item.schema, mig_str(table));
	mig_text_fmt(&t, " SET %s = ", column);
	mig_text_literal(&t, to);
	mig_text_fmt(&t, " WHERE %s = ", column);
	mig_text_literal(&t, from);
	return sqlite_mig_alter_run(a, mig_text_str(&t));
}

/* What ANALYZE has found goes with the table that it names. */
bool
sqlite_mig_kept_rename(SqliteAlter *a, MigStr from, MigStr to)
{
	return rename_rows(a, "sqlite_stat1", "tbl", from, to) &&
	       rename_rows(a, "sqlite_stat4", "tbl", from, to);
}

static bool
forget_indexes(SqliteAlter *a, const char *table, const char *which)
{
	MigText t = {a->m, NULL, 0, 0};
	bool there;

	if (!sqlite_mig_alter_has(a, table, &there))
		return false;
	if (!there)
		return true;
	mig_text_add(&t, "DELETE FROM ");
	sqlite_mig_name(&t, a->item.schema, mig_str(table));
	mig_text_add(&t, " WHERE tbl = ");
	mig_text_literal(&t, a->item.table);
	mig_text_fmt(&t, " AND %s", which);
	return sqlite_mig_alter_run(a, mig_text_str(&t));
}

/* Nothing is known of indexes that are gone, nor of those of keys when they
   are others: they go by numbers. */
bool
sqlite_mig_kept_prune(SqliteAlter *a, bool alike)
{
	MigText t = {a->m, NULL, 0, 0};
	MigStr which;

	mig_text_add(&t, "idx <> tbl AND idx NOT IN (SELECT name FROM ");
	sqlite_mig_name(&t, a->item.schema, MIG_LIT("sqlite_master"));
	mig_text_add(&t, " WHERE type = 'index')");
	if (!alike)
		mig_text_add(&t, " OR idx GLOB 'sqlite_autoindex_*' AND tbl = ");
	if (!alike)
		mig_text_literal(&t, a->item.table);
	which = mig_text_str(&t);
	return which.at != NULL && forget_indexes(a, "sqlite_stat1", which.at) &&
	       forget_indexes(a, "sqlite_stat4", which.at);
}

/* The number that AUTOINCREMENT keeps may be above every row's. */
bool
sqlite_mig_kept_sequence(SqliteAlter *a)
{
	MigText read = {a->m, NULL, 0, 0}, drop = {a->m, NULL, 0, 0};
	MigText put = {a->m, NULL, 0, 0};
	MigStr kept;

	mig_text_add(&read, "SELECT seq FROM ");
	sqlite_mig_name(&read, a->item.schema, MIG_LIT("sqlite_sequence"));
	mig_text_add(&read, " WHERE name = ?1");
	if (!sqlite_mig_alter_value(a, mig_text_str(&read), a->item.table, &kept))
		return false;
	if (kept.at == NULL)
		return true;
	mig_text_add(&drop, "DELETE FROM ");
	sqlite_mig_name(&drop, a->item.schema, MIG_LIT("sqlite_sequence"));
	mig_text_add(&drop, " WHERE name = ");
	mig_text_literal(&drop, a->fresh);
	mig_text_add(&put, "INSERT INTO ");
	sqlite_mig_name(&put, a->item.schema, MIG_LIT("sqlite_sequence"));
	mig_text_add(&put, " (name, seq) VALUES (");
	mig_text_literal(&put, a->fresh);
	mig_text_fmt(&put, ", %lld)", (long long) sqlite_mig_alter_number(kept));
	return sqlite_mig_alter_run(a, mig_text_str(&drop)) &&
	       sqlite_mig_alter_run(a, mig_text_str(&put));
}
