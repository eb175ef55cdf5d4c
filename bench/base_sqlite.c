/*
 * base_sqlite.c - what a process over SQLite must do at least.
 *
 *     base_sqlite up DIRECTORY FILE     run all scripts, each its own commit
 *     base_sqlite down DIRECTORY FILE   take them back, newest first
 *     base_sqlite up DIRECTORY FILE% N  the same for N files, % is a number
 *     base_sqlite query SQL FILE        one query
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "bench.h"
#include "scripts.h"

static void
run(sqlite3 *db, const char *sql)
{
	char *error = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
		bench_die("%.200s: %.300s", sql, error);
}

static sqlite3 *
open_db(const char *path)
{
	sqlite3 *db;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		bench_die("could not open %s", path);
	return db;
}

static void
one(sqlite3 *db, sqlite3_stmt *s, const char *sql, const char *id)
{
	run(db, "BEGIN IMMEDIATE");
	run(db, sql);
	sqlite3_bind_text(s, 1, id, -1, SQLITE_STATIC);
	if (sqlite3_step(s) != SQLITE_DONE || sqlite3_reset(s) != SQLITE_OK)
		bench_die("%s", sqlite3_errmsg(db));
	run(db, "COMMIT");
}

static void
all(const char *path, const BenchScript *s, int count, bool up)
{
	sqlite3 *db = open_db(path);
	sqlite3_stmt *record;

	run(db, "PRAGMA journal_mode = wal; CREATE TABLE IF NOT EXISTS state ("
	        "revision text PRIMARY KEY, checksum text, applied_at text)");
	if (sqlite3_prepare_v2(db,
	                       up ? "INSERT INTO state VALUES (?1, 'x', 'now')"
	                          : "DELETE FROM state WHERE revision = ?1",
	                       -1, &record, NULL) != SQLITE_OK)
		bench_die("%s", sqlite3_errmsg(db));
	for (int i = 0; i < count; i++)
	{
		const BenchScript *now = up ? &s[i] : &s[count - 1 - i];

		one(db, record, up ? now->up : now->down, now->id);
	}
	sqlite3_finalize(record);
	sqlite3_close(db);
}

static void
each(const char *pattern, int files, const BenchScript *s, int count)
{
	const char *percent = strchr(pattern, '%');

	if (percent == NULL)
		bench_die("%s has no %%", pattern);
	for (int i = 0; i < files; i++)
	{
		char path[600];

		snprintf(path, sizeof(path), "%.*s%d%s", (int) (percent - pattern),
		         pattern, i, percent + 1);
		all(path, s, count, true);
	}
}

int
main(int argc, char **argv)
{
	BenchScript *s;
	int count;

	if (argc < 4)
		bench_die("usage: base_sqlite up|down|query DIRECTORY|SQL FILE [N]");
	if (strcmp(argv[1], "query") == 0)
	{
		sqlite3 *db = open_db(argv[3]);

		run(db, argv[2]);
		sqlite3_close(db);
		return 0;
	}
	count = bench_scripts(argv[2], &s);
	if (argc > 4)
		each(argv[3], atoi(argv[4]), s, count);
	else
		all(argv[3], s, count, strcmp(argv[1], "up") == 0);
	return 0;
}
