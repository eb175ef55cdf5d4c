/*
 * The nth allocation fails, once or from then on, n = 1, 2, ...: loading, a
 * first run, a rebuild without foreign keys, a run on an attached database,
 * looking. After each try the database holds all or nothing of a call, the
 * connection closes, and no memory is left.
 */
#include "test.h"

static sqlite3_mem_methods plain;
static long countdown; /* to the failure; 0: none */
static bool lasting;
static bool refused;

static bool
refuse(void)
{
	if (countdown == 0)
		return false;
	if (countdown > 1)
	{
		countdown--;
		return false;
	}
	if (!lasting)
		countdown = 0;
	refused = true;
	return true;
}

static void *
memory_get(int size)
{
	return refuse() ? NULL : plain.xMalloc(size);
}

static void *
memory_resize(void *old, int size)
{
	return refuse() ? NULL : plain.xRealloc(old, size);
}

static const char *const calls[] = {
	"SELECT migrate_add('-- migrate:revision 1\n"
	"-- migrate:revises base\n-- migrate:up\n"
	"CREATE TABLE p (x PRIMARY KEY);\n"
	"CREATE TABLE c (x REFERENCES p);\n"
	"INSERT INTO p VALUES (1); INSERT INTO c VALUES (1);\n"
	"-- migrate:down\nDROP TABLE c; DROP TABLE p;\n"
	"-- migrate:revision 2\n"
	"-- migrate:revises 1\n-- migrate:up\n"
	"PRAGMA foreign_keys = off;\n"
	"CREATE TABLE n (x PRIMARY KEY);\n"
	"INSERT INTO n SELECT x FROM p;\n"
	"DROP TABLE p;\n"
	"ALTER TABLE n RENAME TO p;\n"
	"PRAGMA foreign_keys = on;\n"
	"PRAGMA recursive_triggers = on;\n"
	"CREATE INDEX i ON c (x);\n"
	"-- migrate:verify\nSELECT count(*) FROM p;\n"
	"-- migrate:down\n')",
	"SELECT migrate_rehearse('head', NULL, 'round trip')",
	"SELECT migrate_apply('head')",
	"SELECT migrate_apply('head')",
	"SELECT migrate_revert('-1')",
	"SELECT migrate_apply('head', 'other')",
	"BEGIN",
	"SELECT migrate_revert('-1')",
	"SELECT migrate_stamp('head')",
	"COMMIT",
	"SELECT * FROM migrate_status('other') AS s, migrate_plan('base',"
	" 'revert') AS p WHERE s.revision = p.revision",
	"SELECT migrate_graph('svg')",
	"SELECT migrate_check()",
	NULL};

/* What must hold, whatever failed. */
static const char *
wrong(sqlite3 *db)
{
	static const char *const rules[] = {
		"SELECT count(*) IN (0, 2) FROM %s.migrate_revision",
		"SELECT (SELECT count(*) FROM %1$s.migrate_applied) BETWEEN"
		" (SELECT count(*) FROM %1$s.sqlite_master WHERE name = 'p') AND 2",
		"SELECT count(*) IN (0, 2) FROM %s.sqlite_master"
		" WHERE name IN ('p', 'c')",
		"SELECT count(*) = 0 FROM %s.sqlite_master WHERE name = 'n'",
	};
	static char sql[512];

	if (number(db, "PRAGMA foreign_keys") != 1)
		return "foreign_keys stays off";
	for (int i = 0; i < 8; i++)
	{
		const char *name = i < 4 ? "main" : "other";

		snprintf(sql, sizeof(sql),
		         "SELECT 1 FROM %s.sqlite_master"
		         " WHERE name = 'migrate_state'",
		         name);
		if (number(db, sql) != 1)
			continue;
		snprintf(sql, sizeof(sql), rules[i % 4], name);
		if (number(db, sql) != 1)
			return sql;
	}
	return NULL;
}

/* One try; false when nothing was refused any more. */
static bool
attempt(const char *name, long n)
{
	sqlite3_int64 used = sqlite3_memory_used();
	const char *what = NULL;
	sqlite3 *db = NULL;
	int rc;

	sqlite3_open(":memory:", &db);
	sqlite3_extended_result_codes(db, 1);
	run(db, "PRAGMA foreign_keys = on; ATTACH ':memory:' AS other");
	refused = false;
	countdown = n;
	rc = load(db);
	if (rc == SQLITE_OK)
		for (int i = 0; calls[i] != NULL; i++)
			run(db, calls[i]);
	countdown = 0;
	if (rc != SQLITE_OK && !refused)
		what = "it does not load";
	else if (rc != SQLITE_OK && load(db) != SQLITE_OK)
		what = "it does not load afterwards";
	else if (!refused && number(db, "SELECT migrate_check()") != 0)
		what = "the calls went wrong";
	/* The caller's own transaction is his to end. */
	if (!sqlite3_get_autocommit(db))
		run(db, "ROLLBACK");
	if (what == NULL)
		what = wrong(db);
	if (sqlite3_close(db) != SQLITE_OK)
		what = "the connection does not close";
	else if (sqlite3_memory_used() != used)
		what = "memory is left";
	if (what != NULL)
	{
		printf("not ok %s - allocation %ld: %s\n", name, n, what);
		failures++;
	}
	return refused;
}

static void
sweep(const char *name, bool last, int step)
{
	int before = failures;
	long n = 1;

	lasting = last;
	while (attempt(name, n) && failures < before + 20)
		n += step;
	CHECK(name, n > 500);
	if (failures == before)
		printf("ok %s\n", name);
}

static void
test_once(void)
{
	sweep("memory-once", false, 13);
}

static void
test_lasting(void)
{
	sweep("memory-lasting", true, 61);
}

int
main(int argc, char **argv)
{
	static void (*const tests[])(void) = {test_once, test_lasting, NULL};
	sqlite3_mem_methods methods;

	sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain);
	methods = plain;
	methods.xMalloc = memory_get;
	methods.xRealloc = memory_resize;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
	return test_main(argc, argv, tests);
}
