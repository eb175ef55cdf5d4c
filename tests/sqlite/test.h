/*
 * test.h - the frame of the SQLite binding's tests in C, for what the shell
 * cannot do. Each test file is a program: it gets the module's path and
 * prints "ok NAME" or "not ok NAME - why".
 */
#ifndef TEST_H
#define TEST_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *module;
static int failures;

#define CHECK(name, condition)                                                \
	do                                                                        \
	{                                                                         \
		if (!(condition))                                                     \
		{                                                                     \
			printf("not ok %s - line %d: %s\n", (name), __LINE__,             \
			       #condition);                                               \
			failures++;                                                       \
			return;                                                           \
		}                                                                     \
	} while (0)

/* A file for this test in its own folder. */
static inline const char *
test_path(const char *name)
{
	static char path[1024];
	const char *folder = getenv("MIGRATE_TMP");

	snprintf(path, sizeof(path), "%s/%s", folder ? folder : ".", name);
	return path;
}

static inline void
test_remove(const char *name)
{
	static const char *const suffixes[] = {"", "-journal", "-wal", "-shm"};
	char path[1100];

	for (int i = 0; i < 4; i++)
	{
		snprintf(path, sizeof(path), "%s%s", test_path(name), suffixes[i]);
		remove(path);
	}
}

/* Run all statements of a text; SQLite's code. */
static inline int
run(sqlite3 *db, const char *sql)
{
	int rc = SQLITE_OK;

	while (rc == SQLITE_OK && *sql != '\0')
	{
		sqlite3_stmt *stmt = NULL;

		rc = sqlite3_prepare_v2(db, sql, -1, &stmt, &sql);
		if (rc != SQLITE_OK || stmt == NULL)
			continue;
		do
			rc = sqlite3_step(stmt);
		while (rc == SQLITE_ROW);
		rc = sqlite3_finalize(stmt);
	}
	return rc;
}

/* The first column of the first row as a number; -1 for an error. */
static inline int
number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int value = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int(stmt, 0);
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		return -1;
	return value;
}

static inline int
load(sqlite3 *db)
{
	int rc;

	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, NULL);
	rc = sqlite3_load_extension(db, module, NULL, NULL);
	return rc;
}

/* Open a file of this test (or :memory:) with the module. */
static inline sqlite3 *
test_open(const char *name)
{
	bool memory = strcmp(name, ":memory:") == 0;
	sqlite3 *db = NULL;

	if (sqlite3_open(memory ? name : test_path(name), &db) != SQLITE_OK ||
	    load(db) != SQLITE_OK)
	{
		printf("not ok open - %s: %s\n", name, sqlite3_errmsg(db));
		exit(1);
	}
	return db;
}

/* Whether the connection's last message says that. */
static inline bool
says(sqlite3 *db, const char *text)
{
	return strstr(sqlite3_errmsg(db), text) != NULL;
}

static inline int
test_main(int argc, char **argv, void (*const *tests)(void))
{
	if (argc < 2)
		return 2;
	module = argv[1];
	setvbuf(stdout, NULL, _IONBF, 0);
	for (; *tests != NULL; tests++)
		(*tests)();
	return failures > 0;
}

#endif
