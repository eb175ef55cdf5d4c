/*
 * The nth allocation fails, once or from then on, n = 1, 2, ...: what a
 * scenario calls either happens as a whole or not at all, whatever the caller
 * commits behind it, the connection closes, and no memory is left.
 *
 * To try more than the suite has the time for: MEMORY_STEP=1 tries every n,
 * MEMORY_ONLY names a scenario, MEMORY_FROM is the first n.
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

/* What is called, in order, between what is made ready before and what must
   hold behind it. A rule is a query whose one value is not 0; "@" in it is
   "main" and then "other". */
typedef struct Scenario
{
	const char *name;
	const char *before;
	const char *calls[8];
	const char *rules[6];
	const char *done; /* holds when nothing has failed */
	int step[2];      /* failing once, and from then on */
} Scenario;

/* A table that others refer to, rebuilt by the script itself. */
#define SCRIPTS                                                               \
	"SELECT migrate_add('-- migrate:revision 1\n"                             \
	"-- migrate:revises base\n-- migrate:up\n"                                \
	"CREATE TABLE p (x PRIMARY KEY);\n"                                       \
	"CREATE TABLE c (x REFERENCES p);\n"                                      \
	"INSERT INTO p VALUES (1); INSERT INTO c VALUES (1);\n"                   \
	"-- migrate:down\nDROP TABLE c; DROP TABLE p;\n"                          \
	"-- migrate:revision 2\n"                                                 \
	"-- migrate:revises 1\n-- migrate:up\n"                                   \
	"PRAGMA foreign_keys = off;\n"                                            \
	"CREATE TABLE n (x PRIMARY KEY);\n"                                       \
	"INSERT INTO n SELECT x FROM p;\n"                                        \
	"DROP TABLE p;\n"                                                         \
	"ALTER TABLE n RENAME TO p;\n"                                            \
	"PRAGMA foreign_keys = on;\n"                                             \
	"PRAGMA recursive_triggers = on;\n"                                       \
	"CREATE INDEX i ON c (x);\n"                                              \
	"-- migrate:verify\nSELECT count(*) FROM p;\n"                            \
	"-- migrate:down\n');"

/* And by the engine: in a transaction, and outside of one. */
#define REBUILDS                                                              \
	"SELECT migrate_add('-- migrate:revision 1\n"                             \
	"-- migrate:revises base\n-- migrate:up\n"                                \
	"CREATE TABLE p (x integer PRIMARY KEY, y text);\n"                       \
	"CREATE TABLE c (x integer REFERENCES p);\n"                              \
	"CREATE VIEW v AS SELECT x FROM p;\n"                                     \
	"INSERT INTO p VALUES (1, ''a''); INSERT INTO c VALUES (1);\n"            \
	"-- migrate:down\nDROP VIEW v; DROP TABLE c; DROP TABLE p;\n"             \
	"-- migrate:revision 2\n"                                                 \
	"-- migrate:revises 1\n-- migrate:up\n"                                   \
	"ALTER TABLE p ALTER COLUMN y SET NOT NULL;\n"                            \
	"CREATE INDEX i ON p (y);\n"                                              \
	"-- migrate:down\nDROP INDEX i;\n"                                        \
	"ALTER TABLE p ALTER COLUMN y DROP NOT NULL;\n"                           \
	"-- migrate:revision 3\n"                                                 \
	"-- migrate:revises 2\n-- migrate:up transaction:false\n"                 \
	"ALTER TABLE c ADD CONSTRAINT positive CHECK (x > 0);\n"                  \
	"-- migrate:down\nALTER TABLE c DROP CONSTRAINT positive;\n');"

#define TABLES                                                                \
	"SELECT (SELECT count(*) FROM @.migrate_applied) BETWEEN"                 \
	" (SELECT count(*) FROM @.sqlite_master WHERE name = 'p') AND 2",         \
		"SELECT count(*) IN (0, 2) FROM @.sqlite_master"                      \
		" WHERE name IN ('p', 'c')",                                          \
		"SELECT count(*) = 0 FROM @.sqlite_master WHERE name = 'n'"

static const Scenario scenarios[] = {
	{"add",
     "",
     {"LOAD", SCRIPTS},
     {"SELECT count(*) IN (0, 2) FROM @.migrate_revision"},
     "SELECT count(*) = 2 FROM migrate_revision",
     {7, 13}},
	{"rehearse",
     SCRIPTS,
     {"SELECT migrate_rehearse('head', NULL, 'round trip')"},
     {"SELECT count(*) = 0 FROM @.migrate_applied",
      "SELECT count(*) = 0 FROM @.sqlite_master WHERE name IN ('p', 'c', 'n')",
      "SELECT count(*) = 0 FROM temp.sqlite_master WHERE name = 'open'"},
     "SELECT count(*) > 5 FROM temp.migrate_rehearsal",
     {43, 83}},
	{"apply",
     SCRIPTS,
     {"SELECT migrate_apply('head')", "SELECT migrate_apply('head')",
      "SELECT migrate_revert('-1')", "SELECT migrate_stamp('head')"},
     {TABLES},
     "SELECT migrate_check() = 0",
     {19, 43}},
	{"attached",
     SCRIPTS,
     {"SELECT migrate_apply('head', 'other')", "BEGIN",
      "SELECT migrate_revert('-1', 'other')",
      "SELECT migrate_stamp('head', false, 'other')", "COMMIT"},
     {TABLES},
     "SELECT migrate_check('other') = 0",
     {37, 97}},
	{"run",
     REBUILDS,
     {"SELECT migrate_run('head')",
      "SELECT migrate_run('base', NULL, 'revert')"},
     {"SELECT count(*) IN (0, 3) FROM @.sqlite_master"
      " WHERE name IN ('p', 'c', 'v')",
      "SELECT count(*) = 0 FROM @.sqlite_master"
      " WHERE name LIKE 'migrate_new%'",
      "SELECT count(*) IN (0, 1) FROM @.sqlite_master, @.migrate_applied AS a"
      " WHERE a.revision = '1' AND name = 'p'",
      "SELECT (SELECT count(*) FROM @.sqlite_master WHERE name = 'i') ="
      " (SELECT count(*) FROM @.migrate_applied WHERE revision = '2')",
      "SELECT (SELECT count(*) FROM @.sqlite_master WHERE name = 'p') ="
      " (SELECT count(*) FROM @.migrate_applied WHERE revision = '1')"},
     "SELECT count(*) = 0 FROM migrate_applied",
     {97, 211}},
	{"rebuild",
     REBUILDS "SELECT migrate_apply('1');",
     {"SELECT migrate_apply('2')"},
     {"SELECT count(*) = 3 FROM @.sqlite_master WHERE name IN ('p', 'c', 'v')",
      "SELECT count(*) = 0 FROM @.sqlite_master"
      " WHERE name LIKE 'migrate_new%'",
      "SELECT count(*) = 1 FROM c JOIN v USING (x)",
      "SELECT (SELECT count(*) FROM @.sqlite_master WHERE name = 'i') ="
      " (SELECT count(*) FROM @.migrate_applied WHERE revision = '2')",
      "SELECT (SELECT \"notnull\" FROM pragma_table_info('p')"
      " WHERE name = 'y') ="
      " (SELECT count(*) FROM migrate_applied WHERE revision = '2')"},
     "SELECT count(*) = 2 FROM migrate_applied",
     {17, 37}},
	{"look",
     SCRIPTS "SELECT migrate_apply('1', 'other');"
             "CREATE TABLE schema_migrations (version varchar(128) PRIMARY"
             " KEY); INSERT INTO schema_migrations VALUES ('1');",
     {"SELECT * FROM migrate_status('other') AS s, migrate_plan('base',"
      " 'revert') AS p WHERE s.revision = p.revision",
      "SELECT migrate_graph('svg')", "SELECT migrate_check()",
      "SELECT * FROM migrate_adopt_plan('dbmate')",
      "SELECT * FROM migrate_types('other')",
      "SELECT * FROM migrate_type_check()",
      "SELECT migrate_translate('CREATE TABLE t (a serial, b jsonb)',"
      " 'sqlite')",
      "SELECT migrate_adopt('dbmate')"},
     {"SELECT count(*) IN (0, 1) FROM migrate_applied",
      "SELECT count(*) = 1 FROM other.migrate_applied"},
     "SELECT count(*) = 1 FROM migrate_applied",
     {53, 97}},
};

/* The value of a rule; 1 where the tables are not made yet. */
static int
holds(sqlite3 *db, const char *rule, const char *database)
{
	char sql[512];
	size_t n = 0;

	snprintf(sql, sizeof(sql),
	         "SELECT 1 FROM %s.sqlite_master WHERE name = 'migrate_state'",
	         database);
	if (number(db, sql) != 1)
		return 1;
	for (; *rule != '\0' && n < sizeof(sql) - 16; rule++)
		if (*rule == '@')
			n += (size_t) snprintf(sql + n, 16, "%s", database);
		else
			sql[n++] = *rule;
	sql[n] = '\0';
	return number(db, sql);
}

/* What does not hold, or NULL. */
static const char *
wrong(sqlite3 *db, const Scenario *s)
{
	if (number(db, "PRAGMA foreign_keys") != 1)
		return "foreign_keys stays off";
	if (number(db, "PRAGMA main.integrity_check") == -1)
		return "the database is damaged";
	for (int i = 0; i < 6 && s->rules[i] != NULL; i++)
		if (holds(db, s->rules[i], "main") != 1 ||
		    holds(db, s->rules[i], "other") != 1)
			return s->rules[i];
	return NULL;
}

/* Tries in which a call has left a transaction open, which COMMIT rolls back. */
static long opened;

static int
call_all(sqlite3 *db, const Scenario *s)
{
	int rc = SQLITE_OK;
	bool own = false;
	bool open = false;

	for (int i = 0; i < 8 && s->calls[i] != NULL; i++)
	{
		const char *sql = s->calls[i];

		rc = strcmp(sql, "LOAD") == 0 ? load(db) : run(db, sql);
		own = own || strcmp(sql, "BEGIN") == 0;
		if (!own && !sqlite3_get_autocommit(db))
			open = true;
	}
	countdown = 0;
	opened += open;
	/* One who does not look. */
	if (!sqlite3_get_autocommit(db))
		run(db, "COMMIT");
	if (!sqlite3_get_autocommit(db))
		run(db, "ROLLBACK");
	return rc;
}

/* One try; false when nothing was refused any more. */
static bool
attempt(const Scenario *s, long n)
{
	sqlite3_int64 used = sqlite3_memory_used();
	bool loads = strcmp(s->calls[0], "LOAD") == 0;
	const char *what = NULL;
	sqlite3 *db = NULL;

	sqlite3_open(":memory:", &db);
	sqlite3_extended_result_codes(db, 1);
	run(db, "PRAGMA foreign_keys = on; ATTACH ':memory:' AS other");
	if ((!loads && load(db) != SQLITE_OK) || run(db, s->before) != SQLITE_OK)
		what = "it cannot be made ready";
	refused = false;
	countdown = n;
	call_all(db, s);
	if (loads && load(db) != SQLITE_OK)
		what = "it does not load afterwards";
	if (what == NULL && !refused && number(db, s->done) != 1)
		what = "the calls went wrong";
	if (what == NULL)
		what = wrong(db, s);
	/* What failed leaves nothing behind that keeps others from working. */
	if (what == NULL &&
	    run(db, "BEGIN; CREATE TABLE after (x); COMMIT") != SQLITE_OK)
		what = "the connection does not work afterwards";
	if (sqlite3_close(db) != SQLITE_OK)
		what = "the connection does not close";
	else if (sqlite3_memory_used() != used)
		what = "memory is left";
	if (what != NULL)
	{
		printf("not ok memory-%s%s - allocation %ld: %s\n", s->name,
		       lasting ? "-lasting" : "", n, what);
		failures++;
	}
	return refused;
}

static long
setting(const char *name, long other)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? atol(value) : other;
}

static void
sweep(const Scenario *s)
{
	long step = setting("MEMORY_STEP", s->step[lasting]);
	long n = setting("MEMORY_FROM", 1);
	int before = failures;

	opened = 0;
	while (attempt(s, n) && failures < before + 20)
		n += step;
	CHECK(s->name, n > 200);
	if (failures == before)
		printf("ok memory-%s%s\n", s->name, lasting ? "-lasting" : "");
	if (getenv("MEMORY_STEP") != NULL)
		printf("# %ld allocations, %ld transactions left open\n", n, opened);
}

static void
test_all(void)
{
	const char *only = getenv("MEMORY_ONLY");

	for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
		if (only == NULL || strcmp(only, scenarios[i].name) == 0)
			sweep(&scenarios[i]);
}

static void
test_once(void)
{
	lasting = false;
	test_all();
}

static void
test_lasting(void)
{
	lasting = true;
	test_all();
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
