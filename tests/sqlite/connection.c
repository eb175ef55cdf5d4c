/* What a connection sees: loading, closing, codes, texts, locks. */

#include <stddef.h>

#include "test.h"

#include <dlfcn.h>

#define SQLITE_CORE /* calls stay calls; only the table's type is wanted */
#include <sqlite3ext.h>

static const char *const scripts =
	"SELECT migrate_add('-- migrate:revision 1\n"
	"-- migrate:revises base\n"
	"-- migrate:up\n"
	"CREATE TABLE a (x UNIQUE);\n"
	"-- migrate:down\n"
	"DROP TABLE a;\n"
	"-- migrate:revision 2\n"
	"-- migrate:revises 1\n"
	"-- migrate:up\n"
	"INSERT INTO a VALUES (1);\n"
	"INSERT INTO a VALUES (1);\n')";

/* sqlite3_close(), unlike its second version, wants every statement gone. */
static void
test_close(void)
{
	sqlite3 *db = test_open(":memory:");

	CHECK("close", run(db, scripts) == SQLITE_OK);
	CHECK("close", run(db, "SELECT migrate_apply('1')") == SQLITE_OK);
	CHECK("close", run(db, "SELECT migrate_apply('heads')") != SQLITE_OK);
	CHECK("close", run(db, "SELECT * FROM migrate_status()") == SQLITE_OK);
	CHECK("close", sqlite3_next_stmt(db, NULL) == NULL);
	CHECK("close", sqlite3_close(db) == SQLITE_OK);
	printf("ok close\n");
}

/* Loading again puts new functions into the place of the old ones. */
static void
test_load_twice(void)
{
	sqlite3 *db = test_open(":memory:");
	sqlite3_stmt *stmt;

	CHECK("load-twice", run(db, scripts) == SQLITE_OK);
	CHECK("load-twice", load(db) == SQLITE_OK);
	CHECK("load-twice", number(db, "SELECT migrate_apply('1')") == 1);
	CHECK("load-twice",
	      number(db, "SELECT count(*) FROM migrate_status()") == 2);
	/* Not while one of them runs. */
	sqlite3_prepare_v2(db, "SELECT revision FROM migrate_status()", -1, &stmt,
	                   NULL);
	CHECK("load-twice", sqlite3_step(stmt) == SQLITE_ROW);
	CHECK("load-twice", load(db) != SQLITE_OK);
	CHECK("load-twice", sqlite3_step(stmt) == SQLITE_ROW);
	CHECK("load-twice", sqlite3_finalize(stmt) == SQLITE_OK);
	CHECK("load-twice", number(db, "SELECT migrate_revert('base')") == 1);
	CHECK("load-twice", sqlite3_close(db) == SQLITE_OK);
	printf("ok load-twice\n");
}

static const sqlite3_api_routines *found_api;

static int
catch_api(sqlite3 *db, char **error, const sqlite3_api_routines *api)
{
	(void) db;
	(void) error;
	found_api = api;
	return SQLITE_OK;
}

static int
old_number(void)
{
	return 3034001;
}

static const char *
old_version(void)
{
	return "3.34.1";
}

/* An older SQLite is refused before any of its functions is missed. */
static void
test_version(void)
{
	int (*init)(sqlite3 *, char **, const sqlite3_api_routines *);
	sqlite3_api_routines old;
	char path[1024];
	char *error = NULL;
	sqlite3 *db;
	void *library;
	int rc;

	sqlite3_auto_extension((void (*)(void)) catch_api);
	sqlite3_open(":memory:", &db);
	sqlite3_cancel_auto_extension((void (*)(void)) catch_api);
	snprintf(path, sizeof(path), "%s.so", module);
	library = dlopen(path, RTLD_NOW);
	if (library == NULL)
		library = dlopen(module, RTLD_NOW);
	CHECK("version", found_api != NULL && library != NULL);
	*(void **) &init = dlsym(library, "sqlite3_migrate_init");
	CHECK("version", init != NULL);
	memset(&old, 0, sizeof(old));
	memcpy(&old, found_api,
	       offsetof(sqlite3_api_routines, create_window_function));
	old.libversion_number = old_number;
	old.libversion = old_version;
	rc = init(db, &error, &old);
	CHECK("version", rc == SQLITE_ERROR && error != NULL);
	CHECK("version",
	      strcmp(error,
	             "migrate needs SQLite 3.35.0 or newer, this is 3.34.1") == 0);
	sqlite3_free(error);
	CHECK("version", init(db, &error, found_api) == SQLITE_OK);
	CHECK("version", sqlite3_close(db) == SQLITE_OK);
	dlclose(library);
	printf("ok version\n");
}

/* The database's own code reaches the client, and so does the text. */
static void
test_codes(void)
{
	sqlite3 *db = test_open(":memory:");
	int rc;

	sqlite3_extended_result_codes(db, 1);
	CHECK("codes", run(db, scripts) == SQLITE_OK);
	rc = run(db, "SELECT migrate_apply('head')");
	CHECK("codes", rc == SQLITE_CONSTRAINT_UNIQUE);
	CHECK("codes", says(db, "UNIQUE constraint failed: a.x\n"
	                        "CONTEXT:  revision \"2\", line 5"));
	CHECK("codes", number(db, "SELECT count(*) FROM migrate_applied") == 0);
	CHECK("codes", sqlite3_get_autocommit(db));
	CHECK("codes", run(db, "SELECT migrate_apply('nix')") == SQLITE_ERROR);
	CHECK("codes",
	      run(db, "SELECT * FROM migrate_plan('nix')") == SQLITE_ERROR);
	CHECK("codes", says(db, "nix"));
	CHECK("codes", sqlite3_close(db) == SQLITE_OK);
	printf("ok codes\n");
}

/* A statement that reads and is not finished. */
static void
test_unfinished(void)
{
	sqlite3 *db = test_open(":memory:");
	sqlite3_stmt *stmt;
	const char *name = "unfinished";

	CHECK(name, run(db, scripts) == SQLITE_OK);
	CHECK(name, run(db, "CREATE TABLE t AS SELECT 1 AS x UNION SELECT 2") ==
	                SQLITE_OK);
	for (int i = 0; i < 2; i++)
	{
		if (i == 1)
			run(db, "BEGIN");
		sqlite3_prepare_v2(db, "SELECT x FROM t", -1, &stmt, NULL);
		CHECK(name, sqlite3_step(stmt) == SQLITE_ROW);
		CHECK(name, run(db, "SELECT migrate_apply('1')") == SQLITE_ERROR);
		CHECK(name, says(db, "migrate_apply must be the only thing"));
		/* Storing scripts and looking at them work. */
		CHECK(name, number(db, "SELECT migrate_stamp('1')") == 1);
		CHECK(name, number(db, "SELECT count(*) FROM migrate_current()") == 1);
		CHECK(name, number(db, "SELECT migrate_stamp('base')") == 1);
		CHECK(name, sqlite3_step(stmt) == SQLITE_ROW);
		CHECK(name, sqlite3_step(stmt) == SQLITE_DONE);
		CHECK(name, number(db, "SELECT migrate_apply('1')") == 1);
		CHECK(name, number(db, "SELECT migrate_revert('base')") == 1);
		sqlite3_finalize(stmt);
		/* One that does not read is no matter. */
		sqlite3_prepare_v2(db, "VALUES (1), (2)", -1, &stmt, NULL);
		CHECK(name, sqlite3_step(stmt) == SQLITE_ROW);
		CHECK(name, number(db, "SELECT migrate_apply('1')") == 1);
		CHECK(name, number(db, "SELECT migrate_revert('base')") == 1);
		sqlite3_finalize(stmt);
		CHECK(name, sqlite3_get_autocommit(db) == (i == 0));
	}
	CHECK(name, run(db, "COMMIT") == SQLITE_OK);
	CHECK(name, sqlite3_close(db) == SQLITE_OK);
	printf("ok %s\n", name);
}

/* Two connections: who comes second is told, or waits for the first. */
static void
test_busy(void)
{
	sqlite3 *a, *b;
	const char *name = "busy";

	test_remove("busy.db");
	a = test_open("busy.db");
	b = test_open("busy.db");
	CHECK(name, run(a, scripts) == SQLITE_OK);
	CHECK(name, run(a, "BEGIN IMMEDIATE") == SQLITE_OK);
	CHECK(name, run(b, "SELECT migrate_apply('1')") == SQLITE_BUSY);
	CHECK(name, says(b, "database is locked\nHINT:"));
	CHECK(name, sqlite3_get_autocommit(b));
	CHECK(name, run(a, "COMMIT") == SQLITE_OK);
	CHECK(name, number(b, "SELECT migrate_apply('1')") == 1);
	/* The other connection's idea of the schema is old by now. */
	CHECK(name, number(a, "SELECT migrate_apply('1')") == 0);

	/* A reader lets us write but not commit. */
	CHECK(name, run(a, "BEGIN; SELECT * FROM a") == SQLITE_OK);
	CHECK(name, run(b, "SELECT migrate_revert('base')") == SQLITE_BUSY);
	CHECK(name, says(b, "database is locked"));
	CHECK(name, sqlite3_get_autocommit(b));
	CHECK(name, run(a, "COMMIT") == SQLITE_OK);
	CHECK(name, number(b, "SELECT count(*) FROM migrate_current()") == 1);
	CHECK(name, number(b, "SELECT migrate_revert('base')") == 1);
	CHECK(name, sqlite3_close(a) == SQLITE_OK);
	CHECK(name, sqlite3_close(b) == SQLITE_OK);
	printf("ok %s\n", name);
}

/* State tables that another connection made after we looked. */
static void
test_made_elsewhere(void)
{
	sqlite3 *a, *b;
	const char *name = "made-elsewhere";

	test_remove("made.db");
	a = test_open("made.db");
	b = test_open("made.db");
	CHECK(name, number(a, "SELECT count(*) FROM migrate_status()") == 0);
	CHECK(name, number(b, "SELECT count(*) FROM migrate_status()") == 0);
	CHECK(name, run(b, scripts) == SQLITE_OK);
	CHECK(name, number(a, "SELECT count(*) FROM migrate_status()") == 2);
	CHECK(name, number(a, "SELECT migrate_apply('1')") == 1);
	CHECK(name, sqlite3_close(a) == SQLITE_OK);
	CHECK(name, sqlite3_close(b) == SQLITE_OK);
	printf("ok %s\n", name);
}

static void
test_read_only(void)
{
	const char *name = "read-only";
	sqlite3 *db;

	test_remove("ro.db");
	db = test_open("ro.db");
	CHECK(name, run(db, scripts) == SQLITE_OK);
	CHECK(name, number(db, "SELECT migrate_apply('1')") == 1);
	CHECK(name, sqlite3_close(db) == SQLITE_OK);
	CHECK(name, sqlite3_open_v2(test_path("ro.db"), &db, SQLITE_OPEN_READONLY,
	                            NULL) == SQLITE_OK);
	CHECK(name, load(db) == SQLITE_OK);
	CHECK(name, number(db, "SELECT count(*) FROM migrate_status()") == 2);
	CHECK(name, run(db, "SELECT migrate_revert('base')") == SQLITE_ERROR);
	CHECK(name, says(db, "database \"main\" is read-only"));
	CHECK(name, sqlite3_get_autocommit(db));
	CHECK(name, sqlite3_close(db) == SQLITE_OK);
	printf("ok %s\n", name);
}

/* Blobs are bytes, whatever the encoding of the database. */
static void
test_utf16(void)
{
	const char *name = "utf16";
	sqlite3 *db = test_open(":memory:");

	CHECK(name, run(db, "PRAGMA encoding = 'UTF-16'") == SQLITE_OK);
	CHECK(name, run(db, "CREATE TABLE f (b)") == SQLITE_OK);
	CHECK(name,
	      run(db, "INSERT INTO f VALUES (CAST('-- migrate:revision 1' || "
	              "char(10) || '-- migrate:revises base' || char(10) ||"
	              "'-- migrate:message h\xc3\xa9' || char(10) ||"
	              "'-- migrate:up' || char(10) AS TEXT))") == SQLITE_OK);
	CHECK(name, number(db, "SELECT migrate_add(b) FROM f") == 1);
	CHECK(name, number(db, "SELECT message = 'h\xc3\xa9' FROM"
	                       " migrate_status()") == 1);
	CHECK(name, number(db, "SELECT migrate_script('1') = b FROM f") == 1);
	/* The bytes of "-- migrate:revision 2 ..." as readfile() gives them. */
	CHECK(name,
	      number(db,
	             "SELECT migrate_add(x'2d2d206d6967726174653a7265766973696f"
	             "6e20320a2d2d206d6967726174653a7265766973657320310a2d2d20"
	             "6d6967726174653a75700a')") == 1);
	CHECK(name, number(db, "SELECT migrate_apply('head')") == 2);
	CHECK(name, sqlite3_close(db) == SQLITE_OK);
	printf("ok %s\n", name);
}

/* The transaction that is gone when the disk is full was the caller's. */
static void
test_full(void)
{
	const char *name = "full";
	sqlite3 *db;

	test_remove("full.db");
	db = test_open("full.db");
	CHECK(name, run(db, "CREATE TABLE t (x)") == SQLITE_OK);
	CHECK(name,
	      run(db, "SELECT migrate_add('-- migrate:revision 1\n"
	              "-- migrate:revises base\n-- migrate:up\n"
	              "CREATE TABLE big AS WITH RECURSIVE n(i) AS (SELECT 1 UNION"
	              " ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT"
	              " randomblob(1000) FROM n;\n')") == SQLITE_OK);
	CHECK(name, run(db, "PRAGMA max_page_count = 40") == SQLITE_OK);
	CHECK(name, run(db, "SELECT migrate_apply('head')") == SQLITE_FULL);
	CHECK(name, says(db, "database or disk is full\nCONTEXT:"));
	CHECK(name, sqlite3_get_autocommit(db));
	CHECK(name, run(db, "BEGIN; INSERT INTO t VALUES (1)") == SQLITE_OK);
	CHECK(name, run(db, "SELECT migrate_apply('head')") == SQLITE_FULL);
	if (sqlite3_get_autocommit(db))
		CHECK(name, says(db, "rolled back the whole transaction"));
	else
		CHECK(name, run(db, "ROLLBACK") == SQLITE_OK);
	CHECK(name, number(db, "SELECT count(*) FROM t") == 0);
	CHECK(name, number(db, "SELECT count(*) FROM sqlite_master"
	                       " WHERE name = 'big'") == 0);
	CHECK(name, number(db, "SELECT count(*) FROM migrate_current()") == 0);
	CHECK(name, sqlite3_close(db) == SQLITE_OK);
	printf("ok %s\n", name);
}

/* INSERT OR ROLLBACK takes the caller's transaction with it. */
static void
test_or_rollback(void)
{
	const char *name = "or-rollback";
	sqlite3 *db = test_open(":memory:");

	CHECK(name, run(db, "CREATE TABLE t (x UNIQUE); INSERT INTO t"
	                    " VALUES (1)") == SQLITE_OK);
	CHECK(name,
	      run(db, "SELECT migrate_add('-- migrate:revision 1\n"
	              "-- migrate:revises base\n-- migrate:up\n"
	              "CREATE TABLE u (x);\n"
	              "INSERT OR ROLLBACK INTO t VALUES (1);\n')") == SQLITE_OK);
	CHECK(name, run(db, "SELECT migrate_apply('head')") == SQLITE_CONSTRAINT);
	CHECK(name, sqlite3_get_autocommit(db));
	CHECK(name, !says(db, "before this call"));
	CHECK(name, run(db, "BEGIN; INSERT INTO t VALUES (2)") == SQLITE_OK);
	CHECK(name, run(db, "SELECT migrate_apply('head')") == SQLITE_CONSTRAINT);
	CHECK(name, sqlite3_get_autocommit(db));
	CHECK(name, says(db, "before this call"));
	CHECK(name, number(db, "SELECT count(*) FROM t") == 1);
	CHECK(name, number(db, "SELECT migrate_stamp('head')") == 1);
	CHECK(name, sqlite3_close(db) == SQLITE_OK);
	printf("ok %s\n", name);
}

/* A deferred foreign key that is still violated at COMMIT. */
static void
test_deferred(void)
{
	const char *name = "deferred";
	sqlite3 *db = test_open(":memory:");

	CHECK(name, run(db, "PRAGMA foreign_keys = on") == SQLITE_OK);
	CHECK(name,
	      run(db, "SELECT migrate_add('-- migrate:revision 1\n"
	              "-- migrate:revises base\n-- migrate:up\n"
	              "CREATE TABLE p (x PRIMARY KEY);\n"
	              "CREATE TABLE c (x REFERENCES p DEFERRABLE INITIALLY"
	              " DEFERRED);\nINSERT INTO c VALUES (1);\n')") == SQLITE_OK);
	CHECK(name, run(db, "SELECT migrate_apply('head')") == SQLITE_CONSTRAINT);
	CHECK(name, says(db, "FOREIGN KEY constraint failed"));
	CHECK(name, sqlite3_get_autocommit(db));
	CHECK(name, number(db, "SELECT count(*) FROM migrate_current()") == 0);
	/* The next one asks for foreign keys off while it is pending. */
	CHECK(name, run(db, "SELECT migrate_add('-- migrate:revision 2\n"
	                    "-- migrate:revises 1\n-- migrate:up\n"
	                    "PRAGMA foreign_keys = off;\nDELETE FROM c;\n"
	                    "PRAGMA foreign_keys = on;\n')") == SQLITE_OK);
	CHECK(name, run(db, "SELECT migrate_apply('head')") == SQLITE_ERROR);
	CHECK(name, says(db, "while deferred ones are violated"));
	CHECK(name, number(db, "PRAGMA foreign_keys") == 1);
	CHECK(name, sqlite3_close(db) == SQLITE_OK);
	printf("ok %s\n", name);
}

/* What a script may not do. */
static void
test_script(void)
{
	static const char *const bad[][2] = {
		{"SELECT migrate_apply(''head'')",
	     "a migration is running in this session"},
		{"SELECT migrate_stamp(''head'')",
	     "a migration is running in this session"},
		{"SELECT ?1", "parameter \"?1\" has no value"},
		{"SELECT :name", "parameter \":name\" has no value"},
		{"SELECT ?", "parameter \"?\" has no value"},
	};
	const char *name = "script";
	char sql[512];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		sqlite3 *db = test_open(":memory:");

		snprintf(sql, sizeof(sql),
		         "SELECT migrate_add('-- migrate:revision 1\n"
		         "-- migrate:revises base\n-- migrate:up\n"
		         "CREATE TABLE u (x);\n%s;\n')",
		         bad[i][0]);
		CHECK(name, run(db, sql) == SQLITE_OK);
		CHECK(name, run(db, "SELECT migrate_apply('head')") == SQLITE_ERROR);
		CHECK(name, says(db, bad[i][1]));
		CHECK(name, says(db, "revision \"1\", line 5"));
		CHECK(name, sqlite3_get_autocommit(db));
		CHECK(name, number(db, "SELECT count(*) FROM sqlite_master WHERE"
		                       " name = 'u'") == 0);
		CHECK(name, sqlite3_close(db) == SQLITE_OK);
	}
	printf("ok %s\n", name);
}

/* A script may look at what is applied. */
static void
test_look(void)
{
	const char *name = "look";
	sqlite3 *db = test_open(":memory:");

	CHECK(name, run(db, "SELECT migrate_add('-- migrate:revision 1\n"
	                    "-- migrate:revises base\n-- migrate:up\n"
	                    "-- migrate:revision 2\n"
	                    "-- migrate:revises 1\n-- migrate:up\n"
	                    "CREATE TABLE seen AS SELECT revision FROM"
	                    " migrate_current();\n-- migrate:verify\n"
	                    "SELECT count(*) = 1 FROM migrate_status() WHERE"
	                    " state = ''applied'';\n')") == SQLITE_OK);
	CHECK(name, number(db, "SELECT migrate_apply('head')") == 2);
	CHECK(name, number(db, "SELECT revision FROM seen") == 1);
	CHECK(name, sqlite3_close(db) == SQLITE_OK);
	printf("ok %s\n", name);
}

int
main(int argc, char **argv)
{
	static void (*const tests[])(void) = {
		test_close,          test_load_twice,  test_version,
		test_codes,          test_unfinished,  test_busy,
		test_made_elsewhere, test_read_only,   test_utf16,
		test_full,           test_or_rollback, test_deferred,
		test_script,         test_look,        NULL};

	return test_main(argc, argv, tests);
}
