/*
 * sqlite3_interrupt() at every moment of a run: at the start of the nth
 * statement that SQLite sees, and in the midst of the nth one that works.
 * Nothing of the run may stay, and no transaction may be left open; the
 * caller's own goes as a whole, as it does when SQLite's own statements are
 * interrupted.
 */
#include "test.h"

static int countdown;
static bool asked;

static void
tick(sqlite3 *db)
{
	if (countdown > 0 && --countdown == 0)
	{
		asked = true;
		sqlite3_interrupt(db);
	}
}

static int
traced(unsigned kind, void *context, void *stmt, void *text)
{
	(void) kind;
	(void) stmt;
	(void) text;
	tick(context);
	return 0;
}

static int
progressed(void *context)
{
	tick(context);
	return 0;
}

static const char *const scripts =
	"SELECT migrate_add('-- migrate:revision 1\n"
	"-- migrate:revises base\n-- migrate:up\n"
	"CREATE TABLE a (x PRIMARY KEY);\n"
	"INSERT INTO a WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
	" FROM n WHERE i < 60) SELECT i FROM n;\n"
	"PRAGMA legacy_alter_table = on;\n"
	"CREATE INDEX ai ON a (x, x + 1);\n"
	"ANALYZE;\n"
	"SELECT count(*) FROM a;\n"
	"-- migrate:revision 2\n"
	"-- migrate:revises 1\n-- migrate:up\n"
	"PRAGMA foreign_keys = off;\n"
	"CREATE TABLE b AS SELECT * FROM a;\n"
	"DROP TABLE a;\n"
	"ALTER TABLE b RENAME TO a;\n"
	"PRAGMA foreign_keys = on;\n"
	"-- migrate:verify\nSELECT count(*) = 60 FROM a;\n')";

/* One run that is interrupted at the nth tick; false: it was over before. */
static bool
interrupted(const char *name, bool inside, bool progress, int n)
{
	sqlite3 *db = test_open(":memory:");
	char text[2048];
	bool done;
	int rc;

	run(db, "PRAGMA foreign_keys = on; CREATE TABLE t (x)");
	run(db, scripts);
	if (inside)
		run(db, "PRAGMA foreign_keys = off; BEGIN; INSERT INTO t VALUES (1)");
	if (progress)
		sqlite3_progress_handler(db, 3, progressed, db);
	else
		sqlite3_trace_v2(db, SQLITE_TRACE_STMT, traced, db);
	countdown = n;
	asked = false;
	rc = run(db, "SELECT migrate_apply('head')");
	snprintf(text, sizeof(text), "%s", sqlite3_errmsg(db));
	sqlite3_progress_handler(db, 0, NULL, NULL);
	sqlite3_trace_v2(db, 0, NULL, NULL);
	countdown = 0;
	done = number(db, "SELECT count(*) = 2 FROM migrate_applied") == 1;
	if (asked && !done &&
	    /* ALTER TABLE ... RENAME makes a plain error of it. */
	    ((rc != SQLITE_INTERRUPT &&
	      !(rc == SQLITE_ERROR && strstr(text, "interrupted"))) ||
	     !(sqlite3_get_autocommit(db) || inside) ||
	     number(db, "SELECT count(*) FROM sqlite_master WHERE name IN"
	                " ('a', 'b', 'ai')") != 0 ||
	     number(db, "SELECT count(*) FROM migrate_applied") != 0 ||
	     number(db, "SELECT count(*) FROM t") !=
	         (sqlite3_get_autocommit(db) ? 0 : 1)))
	{
		printf("not ok %s - interrupt at %d: code %d, autocommit %d, %s\n",
		       name, n, rc, sqlite3_get_autocommit(db), text);
		failures++;
	}
	if (number(db, "PRAGMA legacy_alter_table") != 0 ||
	    number(db, "PRAGMA foreign_keys") != !inside)
	{
		printf("not ok %s - interrupt at %d: a setting stays\n", name, n);
		failures++;
	}
	/* The connection is as good as before. */
	if (!sqlite3_get_autocommit(db))
		run(db, "ROLLBACK");
	if (!done && number(db, "SELECT migrate_apply('head')") != 2)
	{
		printf("not ok %s - interrupt at %d: no run afterwards: %s\n", name, n,
		       sqlite3_errmsg(db));
		failures++;
	}
	if (sqlite3_close(db) != SQLITE_OK)
	{
		printf("not ok %s - interrupt at %d: close\n", name, n);
		failures++;
	}
	return asked;
}

/* From the first moment to the last. */
static void
sweep(const char *name, bool inside, bool progress)
{
	int n = 1;
	int before = failures;

	while (interrupted(name, inside, progress, n) && failures < 20)
		n += progress ? 7 : 1; /* every moment would take its time */
	CHECK(name, n > 30);
	if (failures == before)
		printf("ok %s\n", name);
}

static void
test_statements(void)
{
	sweep("interrupt-statements", false, false);
	sweep("interrupt-statements-inside", true, false);
}

static void
test_progress(void)
{
	sweep("interrupt-work", false, true);
	sweep("interrupt-work-inside", true, true);
}

int
main(int argc, char **argv)
{
	static void (*const tests[])(void) = {test_statements, test_progress,
	                                      NULL};

	return test_main(argc, argv, tests);
}
