#include "sqlite_mig.h"

#include <string.h>

#include "sqlite_sql.h"

/*
 * The state tables. They are in the database that they tell about, so that
 * they travel with its file. Scripts are kept in main; an attached database
 * gets a copy of them with each run.
 */

/* "@a.NAME" where there is no such table: as empty as if there was. */
static size_t
expand_missing(SqliteHost *s, MigText *t, const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz_");

	mig_text_add(t, "(SELECT * FROM ");
	mig_text_ident(t, mig_str(s->scripts));
	mig_text_fmt(t, ".%.*s WHERE 0)", (int) n, name);
	return n;
}

MigStr
sqlite_mig_expand(SqliteHost *s, Mig *m, const char *sql)
{
	MigText t = {m, NULL, 0, 0};

	while (*sql != '\0')
	{
		size_t n = strcspn(sql, "@$");

		mig_text_str_add(&t, (MigStr){sql, n});
		sql += n;
		if (strncmp(sql, "@a.", 3) == 0 && s->stateless)
			sql += 3 + expand_missing(s, &t, sql + 3);
		else if (strncmp(sql, "@a.", 3) == 0 || strncmp(sql, "@s.", 3) == 0)
		{
			mig_text_ident(&t, mig_str(sql[1] == 'a' ? s->state : s->scripts));
			sql += 2; /* the dot comes next */
		}
		else if (*sql != '\0')
			mig_text_char(&t, *sql++ == '$' ? '?' : '@');
	}
	return mig_text_str(&t);
}

/*
 * Whether a database has our tables. The connection's own idea of the schema
 * answers at once; only when it says no, the database is asked, for another
 * connection may have made them since.
 */
static bool
has_tables(SqliteHost *s, Mig *m, const char *database, bool *yes)
{
	MigText t = {m, NULL, 0, 0};
	sqlite3_stmt *stmt = NULL;
	MigStr sql;
	int rc;

	*yes = sqlite3_table_column_metadata(s->db, database, "migrate_state",
	                                     NULL, NULL, NULL, NULL, NULL,
	                                     NULL) == SQLITE_OK;
	if (*yes)
		return true;
	mig_text_add(&t, "SELECT 1 FROM ");
	mig_text_ident(&t, mig_str(database));
	mig_text_add(&t, ".sqlite_master WHERE type = 'table' AND name ="
	                 " 'migrate_state'");
	sql = mig_text_str(&t);
	if (sql.at == NULL)
		return false;
	rc = sqlite3_prepare_v2(s->db, sql.at, -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	*yes = rc == SQLITE_ROW;
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		sqlite_mig_fail(s, m);
	sqlite3_finalize(stmt);
	return mig_ok(m);
}

/* Several statements that return nothing. */
static bool
run_all(SqliteHost *s, Mig *m, const char *text)
{
	MigStr sql = sqlite_mig_expand(s, m, text);

	if (sql.at == NULL)
		return false;
	return sqlite3_exec(s->db, sql.at, NULL, NULL, NULL) == SQLITE_OK ||
	       sqlite_mig_fail(s, m);
}

static bool
make_tables(SqliteHost *s, Mig *m)
{
	return run_all(s, m, sqlite_mig_tables);
}

/* Scripts come from main. A database that was attached to one without any
   brings its own. */
bool
sqlite_mig_find_tables(SqliteHost *s, Mig *m)
{
	bool here;
	bool in_main = false;

	if (!has_tables(s, m, s->state, &here) ||
	    (s->alias && !has_tables(s, m, "main", &in_main)))
		return false;
	s->scripts = in_main ? "main" : s->state;
	s->stateless = !here;
	s->base.empty = !here && !in_main;
	if (here || s->scope == MIG_READ)
		return true;
	s->stateless = s->base.empty = false;
	return make_tables(s, m);
}

/* What an attached database needs to know its own history without main:
   scripts that are new or changed, and those that are gone unless they are
   applied here; these keep out of the way of main's positions. */
static const char sync[] =
	"DELETE FROM @a.migrate_revision WHERE revision NOT IN"
	" (SELECT revision FROM @s.migrate_revision) AND revision NOT IN"
	" (SELECT revision FROM @a.migrate_applied);"
	"UPDATE @a.migrate_revision SET position = position + (SELECT"
	" MAX(position) FROM (SELECT position FROM @a.migrate_revision UNION ALL"
	" SELECT position FROM @s.migrate_revision)) WHERE revision NOT IN"
	" (SELECT revision FROM @s.migrate_revision) AND position IN"
	" (SELECT position FROM @s.migrate_revision);"
	"INSERT OR REPLACE INTO @a.migrate_revision"
	" SELECT * FROM @s.migrate_revision AS r WHERE NOT EXISTS"
	" (SELECT 1 FROM @a.migrate_revision AS a WHERE a.revision = r.revision"
	" AND a.position = r.position AND a.loaded_at = r.loaded_at"
	" AND a.chain = r.chain);"
	"INSERT OR REPLACE INTO @a.migrate_state"
	" SELECT name, value FROM @s.migrate_state"
	" WHERE name IN ('position', 'heads');"
	"UPDATE @a.migrate_state SET value = (SELECT MAX(position) FROM"
	" @a.migrate_revision) WHERE name = 'position' AND CAST(value AS integer)"
	" < (SELECT MAX(position) FROM @a.migrate_revision);";

bool
sqlite_mig_sync(SqliteHost *s, Mig *m)
{
	return s->scripts == s->state || run_all(s, m, sync);
}
