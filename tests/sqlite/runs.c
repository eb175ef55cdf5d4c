/*
 * migrate_run where a shell cannot go: processes that run at the same moment,
 * a file that is busy between two revisions, an interrupt at every moment, a
 * file that was opened by a URI and another VFS.
 */
#include "test.h"

#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES 4
#define ROUNDS 5

static const char *const scripts =
	"SELECT migrate_add('-- migrate:revision 1\n"
	"-- migrate:revises base\n-- migrate:up\n"
	"CREATE TABLE a (x);\nINSERT INTO a VALUES (1);\n"
	"-- migrate:revision 2\n"
	"-- migrate:revises 1\n-- migrate:up transaction:false\n"
	"UPDATE a SET x = x + 1;\n"
	"VACUUM;\n"
	"UPDATE a SET x = x * 3;\n"
	"VACUUM;\n"
	"-- migrate:verify\nSELECT x = 6 FROM a;\n"
	"-- migrate:revision 3\n"
	"-- migrate:revises 2\n-- migrate:up\n"
	"UPDATE a SET x = x * 2;\nCREATE TABLE b (x);\n')";

/* One of them; its exit status is the number of revisions that it ran. */
static int
migrate(int start)
{
	sqlite3 *db = test_open("runs.db");
	char byte;
	int done;

	sqlite3_busy_timeout(db, 60000);
	if (read(start, &byte, 1) != 0 || run(db, scripts) != SQLITE_OK)
		return 100;
	done = number(db, "SELECT migrate_run('head')");
	if (done < 0)
		fprintf(stderr, "%s\n", sqlite3_errmsg(db));
	if (done < 0 || number(db, "SELECT x FROM a") != 12)
		return 101;
	return sqlite3_close(db) == SQLITE_OK ? done : 102;
}

static bool
whole(sqlite3 *db)
{
	return number(db, "SELECT x FROM a") == 12 &&
	       number(db, "SELECT count(*) FROM migrate_log WHERE action ="
	                  " 'apply'") == 3 &&
	       number(db, "SELECT count(*) FROM migrate_partial") == 0 &&
	       number(db, "SELECT count(*) FROM migrate_verify()") == 0;
}

static bool
race(const char *mode)
{
	int pipes[2];
	int status, ran = 0;
	sqlite3 *db;
	bool ok;

	test_remove("runs.db");
	if (sqlite3_open(test_path("runs.db"), &db) != SQLITE_OK ||
	    run(db, mode) != SQLITE_OK || sqlite3_close(db) != SQLITE_OK ||
	    pipe(pipes) != 0)
		return false;
	for (int i = 0; i < PROCESSES; i++)
		if (fork() == 0)
		{
			close(pipes[1]);
			_exit(migrate(pipes[0]));
		}
	close(pipes[0]);
	close(pipes[1]);
	for (int i = 0; i < PROCESSES; i++)
	{
		wait(&status);
		ran += WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
	}
	db = test_open("runs.db");
	ok = ran == 3 && whole(db);
	sqlite3_close(db);
	return ok;
}

static void
test_race(void)
{
	for (int i = 0; i < ROUNDS; i++)
		CHECK("runs-rollback", race("PRAGMA journal_mode = delete"));
	printf("ok runs-rollback\n");
	for (int i = 0; i < ROUNDS; i++)
		CHECK("runs-wal", race("PRAGMA journal_mode = wal"));
	printf("ok runs-wal\n");
}

/* Somebody takes the write lock at the moment when the second revision is
   about to begin. */
static sqlite3 *rival;
static int begins;

static int
rival_enters(unsigned kind, void *context, void *stmt, void *text)
{
	(void) kind;
	(void) context;
	(void) stmt;
	if (strstr(text, "BEGIN IMMEDIATE") != NULL && ++begins == 2)
		run(rival, "BEGIN IMMEDIATE");
	return 0;
}

/* Whoever waits sees it go. */
static int
rival_leaves(void *context, int tries)
{
	(void) context;
	(void) tries;
	return run(rival, "ROLLBACK") == SQLITE_OK;
}

static void
busy(const char *name, bool waits, const char *mode)
{
	sqlite3 *db;
	int rc;

	test_remove("runs.db");
	db = test_open("runs.db");
	rival = test_open("runs.db");
	CHECK(name, run(db, mode) == SQLITE_OK);
	CHECK(name, run(db, scripts) == SQLITE_OK);
	begins = 0;
	sqlite3_trace_v2(db, SQLITE_TRACE_STMT, rival_enters, NULL);
	if (waits)
		sqlite3_busy_handler(db, rival_leaves, NULL);
	rc = run(db, "SELECT migrate_run('head')");
	sqlite3_trace_v2(db, 0, NULL, NULL);
	CHECK(name, begins >= 2 && sqlite3_get_autocommit(db));
	if (!waits)
	{
		CHECK(name, rc == SQLITE_BUSY);
		CHECK(name, says(db, "revision \"2\"; the revisions before it are"
		                     " committed"));
		CHECK(name, number(db, "SELECT count(*) FROM migrate_applied") == 1);
		run(rival, "ROLLBACK");
		rc = run(db, "SELECT migrate_run('head')");
	}
	CHECK(name, rc == SQLITE_OK && whole(db));
	sqlite3_close(rival);
	CHECK(name, sqlite3_close(db) == SQLITE_OK);
}

static void
test_busy(void)
{
	int before = failures;

	busy("runs-busy", false, "PRAGMA journal_mode = delete");
	busy("runs-busy", false, "PRAGMA journal_mode = wal");
	busy("runs-busy", true, "PRAGMA journal_mode = delete");
	busy("runs-busy", true, "PRAGMA journal_mode = wal");
	if (failures == before)
		printf("ok runs-busy\n");
}

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

/* One run that is interrupted at the nth statement that SQLite sees. */
static bool
interrupted(int n)
{
	const char *name = "runs-interrupt";
	sqlite3 *db;
	int rc;

	test_remove("runs.db");
	db = test_open("runs.db");
	run(db, scripts);
	sqlite3_trace_v2(db, SQLITE_TRACE_STMT, traced, db);
	countdown = n;
	asked = false;
	rc = run(db, "SELECT migrate_run('head')");
	sqlite3_trace_v2(db, 0, NULL, NULL);
	countdown = 0;
	if ((rc != SQLITE_OK && (rc & 0xff) != SQLITE_INTERRUPT) ||
	    !sqlite3_get_autocommit(db))
	{
		printf("not ok %s - at %d: code %d, %s\n", name, n, rc,
		       sqlite3_errmsg(db));
		failures++;
	}
	if (rc != SQLITE_OK && number(db, "SELECT migrate_run('head')") < 0)
	{
		printf("not ok %s - at %d: no run afterwards: %s\n", name, n,
		       sqlite3_errmsg(db));
		failures++;
	}
	if (!whole(db))
	{
		printf("not ok %s - at %d: it is not whole\n", name, n);
		failures++;
	}
	if (sqlite3_close(db) != SQLITE_OK)
	{
		printf("not ok %s - at %d: close\n", name, n);
		failures++;
	}
	return asked;
}

static void
test_interrupt(void)
{
	int n = 1;
	int before = failures;

	while (interrupted(n) && failures < 20)
		n++;
	CHECK("runs-interrupt", n > 30);
	if (failures == before)
		printf("ok runs-interrupt\n");
}

/* While the second connection works the first one is asked, by a statement
   that does nothing, whether it is interrupted. */
static int
pulse(unsigned kind, void *context, void *stmt, void *text)
{
	(void) kind;
	(void) stmt;
	if (strcmp(text, "-- SELECT 1") == 0)
		sqlite3_interrupt(context);
	return 0;
}

static void
test_interrupt_vacuum(void)
{
	const char *name = "runs-interrupt-vacuum";
	sqlite3 *db;

	test_remove("runs.db");
	db = test_open("runs.db");
	CHECK(name,
	      run(db, "CREATE TABLE big AS WITH RECURSIVE n (i) AS (SELECT 1"
	              " UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
	              " SELECT i, hex(randomblob(40)) AS h FROM n") == SQLITE_OK);
	CHECK(name, run(db, scripts) == SQLITE_OK);
	sqlite3_trace_v2(db, SQLITE_TRACE_STMT, pulse, db);
	CHECK(name, run(db, "SELECT migrate_run('head')") == SQLITE_INTERRUPT);
	sqlite3_trace_v2(db, 0, NULL, NULL);
	CHECK(name, number(db, "SELECT count(*) FROM migrate_partial") == 2);
	CHECK(name, number(db, "SELECT count(*) FROM migrate_partial WHERE"
	                       " finished_at IS NULL") == 1);
	CHECK(name, number(db, "SELECT migrate_run('head')") == 2 && whole(db));
	CHECK(name, sqlite3_close(db) == SQLITE_OK);
	printf("ok %s\n", name);
}

/* The second connection finds the file under an odd name, by the same VFS and
   with the same parameters. */
static void
test_uri(void)
{
	const char *name = "runs-uri";
	char uri[1200];
	sqlite3 *db = NULL;

	test_remove("odd %&?#=.db");
	snprintf(uri, sizeof(uri), "file:%s?psow=0&vfs=unix-dotfile",
	         test_path("odd%20%25%26%3F%23%3D.db"));
	CHECK(name, sqlite3_open_v2(uri, &db,
	                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
	                                SQLITE_OPEN_URI,
	                            NULL) == SQLITE_OK);
	CHECK(name, load(db) == SQLITE_OK && run(db, scripts) == SQLITE_OK);
	CHECK(name, number(db, "SELECT migrate_run('head')") == 3 && whole(db));
	CHECK(name, sqlite3_close(db) == SQLITE_OK);
	printf("ok %s\n", name);
}

int
main(int argc, char **argv)
{
	static void (*const tests[])(void) = {
		test_race, test_busy, test_interrupt, test_interrupt_vacuum,
		test_uri,  NULL};

	return test_main(argc, argv, tests);
}
