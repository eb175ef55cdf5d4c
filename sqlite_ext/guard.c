#include "sqlite_mig.h"

#include <string.h>

/*
 * A run on an attached database must not touch another one. The names were
 * put right before (qualify.c); here SQLite itself says, by EXPLAIN, which
 * databases a statement works on. (An authorizer would take the place of the
 * application's own.)
 */

/* The number by which a statement's program knows a database. */
static int
number_of(sqlite3 *db, const char *name)
{
	sqlite3_stmt *stmt = NULL;
	int number = -1;

	if (sqlite3_prepare_v2(db, "PRAGMA database_list", -1, &stmt, NULL) ==
	    SQLITE_OK)
		while (number < 0 && sqlite3_step(stmt) == SQLITE_ROW)
			if (sqlite3_stricmp((const char *) sqlite3_column_text(stmt, 1),
			                    name) == 0)
				number = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return number;
}

/*
 * Whether one instruction touches a database other than temp and ours. A
 * table-valued function opens a reading transaction on main, whatever it
 * reads, so reading counts by the tables that are opened.
 */
static bool
is_foreign(sqlite3_stmt *stmt, int ours)
{
	const char *opcode = (const char *) sqlite3_column_text(stmt, 1);
	int database;

	if (opcode == NULL)
		return false;
	if (strcmp(opcode, "Transaction") == 0 && sqlite3_column_int(stmt, 3) != 0)
		database = sqlite3_column_int(stmt, 2);
	else if (strcmp(opcode, "OpenRead") == 0 ||
	         strcmp(opcode, "OpenWrite") == 0)
		database = sqlite3_column_int(stmt, 4);
	else
		return false;
	return database != ours && database != 1;
}

bool
sqlite_mig_refuse_foreign(SqliteHost *s, Mig *m)
{
	mig_fail(m, MIG_STATE, "statement touches another database than \"%s\"",
	         s->state);
	return mig_hint(m, "A script that runs on an attached database names only"
	                   " tables of that database.");
}

bool
sqlite_mig_guard(SqliteHost *s, Mig *m, MigStr text)
{
	int ours = number_of(s->db, s->state);
	MigText t = {m, NULL, 0, 0};
	sqlite3_stmt *stmt = NULL;
	bool foreign = false;
	MigStr sql;

	mig_text_add(&t, "EXPLAIN ");
	mig_text_str_add(&t, text);
	sql = mig_text_str(&t);
	if (sql.at == NULL)
		return false;
	/* One that does not compile is reported when it is to run. */
	if (sqlite3_prepare_v2(s->db, sql.at, -1, &stmt, NULL) == SQLITE_OK)
		while (!foreign && sqlite3_step(stmt) == SQLITE_ROW)
			foreign = is_foreign(stmt, ours);
	sqlite3_finalize(stmt);
	if (!foreign)
		return true;
	return sqlite_mig_refuse_foreign(s, m);
}
