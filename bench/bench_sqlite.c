/*
 * bench_sqlite.c - migrate in SQLite against the least that any correct tool
 * must do. Arguments: the module, an empty directory to work in, and "part"
 * for smaller sizes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "bench.h"

static const char *module;
static const char *folder;
static int history = 10000;
static int graph = 100000;

static void
run(sqlite3 *db, const char *sql)
{
	char *error = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
		bench_die("%s: %.300s", sql, error);
}

static const char *
path_of(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static sqlite3 *
open_db(const char *name, bool fresh)
{
	const char *path = path_of(name);
	char side[600];
	sqlite3 *db;

	if (fresh)
	{
		unlink(path);
		snprintf(side, sizeof(side), "%s-wal", path);
		unlink(side);
	}
	if (sqlite3_open(path, &db) != SQLITE_OK)
		bench_die("could not open %s", path);
	sqlite3_enable_load_extension(db, 1);
	run(db, "PRAGMA journal_mode = wal; PRAGMA synchronous = normal");
	return db;
}

static sqlite3 *
open_migrate(const char *name, bool fresh)
{
	sqlite3 *db = open_db(name, fresh);
	char *error = NULL;

	if (sqlite3_load_extension(db, module, NULL, &error) != SQLITE_OK)
		bench_die("%s", error);
	return db;
}

/* One text argument, steps to the end; how many rows came. */
static int
call(sqlite3 *db, const char *sql, const char *text)
{
	sqlite3_stmt *s;
	int rows = 0, rc;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		bench_die("%s: %s", sql, sqlite3_errmsg(db));
	if (text != NULL)
		sqlite3_bind_text(s, 1, text, -1, SQLITE_STATIC);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW)
	{
		for (int i = 0; i < sqlite3_column_count(s); i++)
			(void) sqlite3_column_text(s, i);
		rows++;
	}
	if (rc != SQLITE_DONE)
		bench_die("%s: %.500s", sql, sqlite3_errmsg(db));
	sqlite3_finalize(s);
	return rows;
}

static void
add_tree(sqlite3 *db, int first, int last, bool branches)
{
	BenchText t = {0};

	bench_tree(&t, first, last, branches);
	call(db, "SELECT migrate_add(?1)", t.at);
	free(t.at);
}

/* 1. A thousand revisions in one call. */

static double
apply_ours(int round)
{
	sqlite3 *db = open_migrate("apply.db", true);
	double start;

	(void) round;
	add_tree(db, 0, 1000, false);
	start = bench_now();
	call(db, "SELECT migrate_apply('heads')", NULL);
	start = bench_now() - start;
	sqlite3_close(db);
	return start;
}

static double
apply_base(int round)
{
	sqlite3 *db = open_db("base.db", true);
	sqlite3_stmt *s;
	double start;

	(void) round;
	run(db, "CREATE TABLE state (revision text PRIMARY KEY, checksum text,"
	        " applied_at text)");
	start = bench_now();
	run(db, "BEGIN IMMEDIATE");
	sqlite3_prepare_v2(db, "INSERT INTO state VALUES (?1, 'x', 'now')", -1, &s,
	                   NULL);
	for (int n = 0; n < 1000; n++)
	{
		char table[160], index[160];

		bench_statements(n, table, index, sizeof(table));
		run(db, table);
		run(db, index);
		sqlite3_bind_text(s, 1, bench_id(n), -1, SQLITE_TRANSIENT);
		sqlite3_step(s);
		sqlite3_reset(s);
	}
	sqlite3_finalize(s);
	run(db, "COMMIT");
	start = bench_now() - start;
	sqlite3_close(db);
	return start;
}

/* 2. Apply again. */

static sqlite3 *again_db;
static int again_size;

#define AGAIN 2000

static double
again_ours(int round)
{
	double start = bench_now();

	(void) round;
	for (int i = 0; i < AGAIN; i++)
		call(again_db, "SELECT migrate_apply('head')", NULL);
	return (bench_now() - start) / AGAIN;
}

static double
again_base(int round)
{
	double start = bench_now();

	(void) round;
	for (int i = 0; i < AGAIN; i++)
		call(again_db,
		     "SELECT checksum FROM migrate_applied WHERE schema = ''"
		     " AND revision = ?1",
		     bench_id(again_size - 1));
	return (bench_now() - start) / AGAIN;
}

static sqlite3 *
stamped(const char *name, int count)
{
	sqlite3 *db = open_migrate(name, true);

	add_tree(db, 0, count, false);
	call(db, "SELECT migrate_stamp('heads')", NULL);
	return db;
}

static double
again_first(int round)
{
	sqlite3 *keep = again_db;
	double t;

	again_db = open_migrate("h1.db", false);
	t = again_ours(round);
	sqlite3_close(again_db);
	again_db = keep;
	return t;
}

static void
again(void)
{
	again_size = history;
	again_db = stamped("h10.db", history);
	bench_pair("apply again, 10,000 applied | one indexed SELECT", again_ours,
	           again_base, 3.0);
	sqlite3_close(again_db);
	sqlite3_close(stamped("h1.db", 1000));
	again_size = graph;
	again_db = stamped("h100.db", graph);
	bench_pair("apply again, 100,000 applied | 1,000 applied", again_ours,
	           again_first, 1.5);
	sqlite3_close(again_db);
}

/* 3. One pending on many, on none. */

/* On a connection that has done nothing yet, as a deployment's has. */
static double
one_on(const char *name, int count)
{
	sqlite3 *db = open_migrate(name, count == 0);
	char revert[64];
	double start;

	if (call(db, "SELECT 1 FROM pragma_table_list('migrate_revision')",
	         NULL) == 0 ||
	    call(db, "SELECT 1 FROM migrate_revision WHERE revision = ?1",
	         bench_id(count)) == 0)
		add_tree(db, count, count + 1, false);
	sqlite3_close(db);
	db = open_migrate(name, false);
	start = bench_now();
	call(db, "SELECT migrate_apply('head')", NULL);
	start = bench_now() - start;
	snprintf(revert, sizeof(revert), "SELECT migrate_revert('%s')",
	         count > 0 ? bench_id(count - 1) : "base");
	call(db, revert, NULL);
	sqlite3_close(db);
	return start;
}

static double
one_ours(int round)
{
	(void) round;
	return one_on("h10.db", history);
}

static double
one_base(int round)
{
	(void) round;
	return one_on("one.db", 0);
}

/* 4. A directory. */

static char tree[512];
static sqlite3 *load_db;

static double
load_ours(int round)
{
	sqlite3 *db = open_migrate("load.db", true);
	double start = bench_now();

	(void) round;
	call(db, "SELECT migrate_load(?1)", tree);
	start = bench_now() - start;
	sqlite3_close(db);
	return start;
}

static double
load_again(int round)
{
	double start = bench_now();

	(void) round;
	call(load_db, "SELECT migrate_load(?1)", tree);
	return bench_now() - start;
}

static double
load_base(int round)
{
	(void) round;
	return bench_read_hash(tree);
}

static void
load(void)
{
	snprintf(tree, sizeof(tree), "%s/tree", folder);
	mkdir(tree, 0755);
	bench_files(tree, history);
	bench_pair("load 10,000 scripts | read and hash the files", load_ours,
	           load_base, 2.0);
	load_db = open_migrate("load.db", false);
	bench_pair("load them again | read and hash the files", load_again,
	           load_base, 1.2);
	sqlite3_close(load_db);
}

/* 5. A plan of a large graph. */

static sqlite3 *plan_db;

static double
plan_ours(int round)
{
	double start = bench_now();

	(void) round;
	if (call(plan_db, "SELECT revision FROM migrate_plan('heads')", NULL) !=
	    graph)
		bench_die("the plan is not whole");
	return bench_now() - start;
}

static double
plan_base(int round)
{
	double start = bench_now();

	(void) round;
	call(plan_db, "SELECT revision, revises, depends FROM migrate_revision",
	     NULL);
	return bench_now() - start;
}

static void
plan(void)
{
	plan_db = open_migrate("graph.db", true);
	add_tree(plan_db, 0, graph, true);
	bench_pair("plan heads of 100,000 | SELECT of ids and parents", plan_ours,
	           plan_base, 2.0);
	sqlite3_close(plan_db);
}

/* 6. A million rows in one revision. */

#define ROWS                                                                  \
	"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"         \
	" WHERE i < 1000000) INSERT INTO big SELECT i, 'row ' || i FROM n"

static double
rows_ours(int round)
{
	sqlite3 *db = open_migrate("rows.db", true);
	double start;

	(void) round;
	run(db, "CREATE TABLE big (id integer PRIMARY KEY, name text)");
	call(db, "SELECT migrate_add(?1)",
	     "-- migrate:revision r1\n-- migrate:up\n" ROWS ";\n");
	start = bench_now();
	call(db, "SELECT migrate_apply('head')", NULL);
	start = bench_now() - start;
	sqlite3_close(db);
	return start;
}

static double
rows_base(int round)
{
	sqlite3 *db = open_db("rowsbase.db", true);
	double start;

	(void) round;
	run(db, "CREATE TABLE big (id integer PRIMARY KEY, name text)");
	start = bench_now();
	run(db, ROWS);
	start = bench_now() - start;
	sqlite3_close(db);
	return start;
}

/* 7. The values of a million rows of ten columns. */

static sqlite3 *types_db;

#define TYPES                                                                 \
	"CREATE TABLE t (id INTEGER PRIMARY KEY, email VARCHAR(80), made"         \
	" DATETIME, born DATE, ok BOOLEAN, amount NUMERIC(10,2), token"           \
	" \"uuid text\", doc \"json text\", score REAL, note TEXT);"              \
	"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE"   \
	" i < 1000000) INSERT INTO t SELECT i, 'user' || i || '@example.org',"    \
	" datetime(1600000000 + i, 'unixepoch'), date(1000000000 + i * 100,"      \
	" 'unixepoch'), i % 2, i % 100000 / 100.0,"                               \
	" printf('%08x-1111-2222-3333-444444444444', i),"                         \
	" '{\"a\": ' || i || ', \"b\": [1, 2]}', i / 7.0, 'note ' || i FROM n"

static double
types_ours(int round)
{
	double start = bench_now();

	(void) round;
	if (call(types_db, "SELECT * FROM migrate_type_check()", NULL) != 0)
		bench_die("a value has a problem");
	return bench_now() - start;
}

static double
types_base(int round)
{
	double start = bench_now();

	(void) round;
	call(types_db,
	     "SELECT count(*), count(typeof(id)), count(typeof(email)),"
	     " count(typeof(made)), count(typeof(born)), count(typeof(ok)),"
	     " count(typeof(amount)), count(typeof(token)), count(typeof(doc)),"
	     " count(typeof(score)), count(typeof(note)) FROM t",
	     NULL);
	return bench_now() - start;
}

static void
types(void)
{
	types_db = open_migrate("types.db", true);
	run(types_db, TYPES);
	bench_pair("check 1,000,000 rows of 10 columns | count(typeof())",
	           types_ours, types_base, 3.0);
	sqlite3_close(types_db);
}

int
main(int argc, char **argv)
{
	if (argc < 3)
		bench_die("usage: bench_sqlite MODULE DIRECTORY [part]");
	module = argv[1];
	folder = argv[2];
	if (argc > 3)
	{
		history = 1000;
		graph = 10000;
	}
	bench_title("SQLite");
	if (bench_wanted("apply"))
		bench_pair("apply 1,000 revisions | the same from C", apply_ours,
		           apply_base, 1.25);
	if (bench_wanted("again"))
	{
		again();
		bench_pair("one pending on 10,000 | on none", one_ours, one_base, 2.0);
	}
	if (bench_wanted("load"))
		load();
	if (bench_wanted("plan"))
		plan();
	if (bench_wanted("rows"))
		bench_pair("a revision of 1,000,000 rows | the statement", rows_ours,
		           rows_base, 1.02);
	if (bench_wanted("types"))
		types();
	return 0;
}
