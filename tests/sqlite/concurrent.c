/*
 * Several processes migrate one file at the same moment, in both journal
 * modes: each revision runs once, nobody fails, and all see the end.
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
	"-- migrate:revises 1\n-- migrate:up\n"
	"UPDATE a SET x = x + 1;\n"
	"-- migrate:revision 3\n"
	"-- migrate:revises 2\n-- migrate:up\n"
	"UPDATE a SET x = x * 2;\n')";

/* One of them; its exit status is the number of revisions that it ran. */
static int
migrate(int start)
{
	sqlite3 *db = test_open("concurrent.db");
	char byte;
	int done;

	sqlite3_busy_timeout(db, 60000);
	/* The end of the pipe is the signal for all of them. */
	if (read(start, &byte, 1) != 0 || run(db, scripts) != SQLITE_OK)
		return 100;
	done = number(db, "SELECT migrate_apply('head')");
	if (done < 0 || number(db, "SELECT x FROM a") != 4)
		return 101;
	return sqlite3_close(db) == SQLITE_OK ? done : 102;
}

static bool
race(const char *mode)
{
	int pipes[2];
	int status, ran = 0;
	sqlite3 *db;
	bool ok;

	test_remove("concurrent.db");
	if (sqlite3_open(test_path("concurrent.db"), &db) != SQLITE_OK ||
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
	db = test_open("concurrent.db");
	ok = ran == 3 && number(db, "SELECT x FROM a") == 4 &&
	     number(db, "SELECT count(*) FROM migrate_log WHERE action ="
	                " 'apply'") == 3 &&
	     number(db, "SELECT count(*) FROM migrate_verify()") == 0;
	sqlite3_close(db);
	return ok;
}

static void
test_rollback(void)
{
	for (int i = 0; i < ROUNDS; i++)
		CHECK("concurrent-rollback", race("PRAGMA journal_mode = delete"));
	printf("ok concurrent-rollback\n");
}

static void
test_wal(void)
{
	for (int i = 0; i < ROUNDS; i++)
		CHECK("concurrent-wal", race("PRAGMA journal_mode = wal"));
	printf("ok concurrent-wal\n");
}

int
main(int argc, char **argv)
{
	static void (*const tests[])(void) = {test_rollback, test_wal, NULL};

	return test_main(argc, argv, tests);
}
