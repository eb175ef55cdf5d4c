/*
 * bench_pg.c - migrate in PostgreSQL against the least that any correct tool
 * must do, over libpq. Connects as libpq's environment says, and makes and
 * drops databases named bench_*. Arguments: a directory that the server can
 * read, to put scripts in, and "part" for smaller sizes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <libpq-fe.h>

#include "bench.h"

static const char *folder;
static int history = 10000;
static int graph = 100000;

static void
quiet(void *arg, const PGresult *res)
{
	(void) arg;
	(void) res;
}

static PGconn *
open_db(const char *name)
{
	const char *keys[] = {"dbname", NULL};
	const char *values[] = {name, NULL};
	PGconn *db = PQconnectdbParams(keys, values, 0);

	if (PQstatus(db) != CONNECTION_OK)
		bench_die("%s", PQerrorMessage(db));
	PQsetNoticeReceiver(db, quiet, NULL);
	return db;
}

/* How many rows came. text, if any, is parameter 1. */
static int
call(PGconn *db, const char *sql, const char *text)
{
	PGresult *r = text ? PQexecParams(db, sql, 1, NULL, &text, NULL, NULL, 0)
	                   : PQexec(db, sql);
	int rows = PQntuples(r);

	if (PQresultStatus(r) != PGRES_COMMAND_OK &&
	    PQresultStatus(r) != PGRES_TUPLES_OK)
		bench_die("%.200s: %.500s", sql, PQerrorMessage(db));
	PQclear(r);
	return rows;
}

/* A database of that name, new, with the extension. */
static PGconn *
fresh(const char *name)
{
	PGconn *db = open_db("postgres");
	char sql[200];

	snprintf(sql, sizeof(sql), "DROP DATABASE IF EXISTS %s", name);
	call(db, sql, NULL);
	snprintf(sql, sizeof(sql), "CREATE DATABASE %s", name);
	call(db, sql, NULL);
	call(db, "CHECKPOINT", NULL);
	PQfinish(db);
	db = open_db(name);
	call(db, "CREATE EXTENSION migrate", NULL);
	return db;
}

static void
add_tree(PGconn *db, int first, int last, bool branches)
{
	BenchText t = {0};

	bench_tree(&t, first, last, branches);
	call(db, "SELECT migrate_add($1)", t.at);
	free(t.at);
}

/* 1. A thousand revisions in one call. */

static double
apply_ours(int round)
{
	PGconn *db = fresh("bench_a");
	double start;

	(void) round;
	add_tree(db, 0, 1000, false);
	start = bench_now();
	call(db, "SELECT migrate_apply('heads')", NULL);
	start = bench_now() - start;
	PQfinish(db);
	return start;
}

static double
apply_base(int round)
{
	PGconn *db = fresh("bench_b");
	double start;

	(void) round;
	call(db,
	     "CREATE TABLE state (revision text PRIMARY KEY, checksum text,"
	     " applied_at text)",
	     NULL);
	start = bench_now();
	call(db, "BEGIN", NULL);
	for (int n = 0; n < 1000; n++)
	{
		char table[160], index[160];

		bench_statements(n, table, index, sizeof(table));
		call(db, table, NULL);
		call(db, index, NULL);
		call(db, "INSERT INTO state VALUES ($1, 'x', 'now')", bench_id(n));
	}
	call(db, "COMMIT", NULL);
	start = bench_now() - start;
	PQfinish(db);
	return start;
}

/* 2. Apply again. */

static PGconn *again_db;
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
	char sql[200];
	double start = bench_now();

	(void) round;
	snprintf(sql, sizeof(sql),
	         "SELECT checksum FROM migrate_applied WHERE"
	         " schema = '' AND revision = '%s'",
	         bench_id(again_size - 1));
	for (int i = 0; i < AGAIN; i++)
		call(again_db, sql, NULL);
	return (bench_now() - start) / AGAIN;
}

static PGconn *
stamped(const char *name, int count)
{
	PGconn *db = fresh(name);

	add_tree(db, 0, count, false);
	call(db, "SELECT migrate_stamp('heads')", NULL);
	call(db, "VACUUM ANALYZE", NULL);
	return db;
}

static double
again_first(int round)
{
	PGconn *keep = again_db;
	double t;

	again_db = open_db("bench_h1");
	call(again_db, "SELECT migrate_apply('head')", NULL);
	t = again_ours(round);
	PQfinish(again_db);
	again_db = keep;
	return t;
}

static void
again(void)
{
	again_size = history;
	again_db = stamped("bench_h10", history);
	bench_pair("apply again, 10,000 applied | one indexed SELECT", again_ours,
	           again_base, 3.0);
	PQfinish(again_db);
	PQfinish(stamped("bench_h1", 1000));
	again_size = graph;
	again_db = stamped("bench_h100", graph);
	bench_pair("apply again, 100,000 applied | 1,000 applied", again_ours,
	           again_first, 1.5);
	PQfinish(again_db);
}

/* 3. One pending on many, on none. */

static double
one_on(const char *name, int count)
{
	PGconn *db = open_db(name);
	char revert[64];
	double start;

	if (call(db, "SELECT 1 FROM migrate_revision WHERE revision = $1",
	         bench_id(count)) == 0)
		add_tree(db, count, count + 1, false);
	/* What a session's first call loads is not what is compared. */
	call(db, "SELECT migrate_apply('base')", NULL);
	start = bench_now();
	call(db, "SELECT migrate_apply('head')", NULL);
	start = bench_now() - start;
	snprintf(revert, sizeof(revert), "SELECT migrate_revert('%s')",
	         count > 0 ? bench_id(count - 1) : "base");
	call(db, revert, NULL);
	PQfinish(db);
	return start;
}

static double
one_ours(int round)
{
	(void) round;
	return one_on("bench_h10", history);
}

static double
one_base(int round)
{
	(void) round;
	return one_on("bench_one", 0);
}

/* 4. A directory. */

static char tree[512];
static PGconn *load_db;

/* The session is one that has worked before, as the baseline's process has:
   the server's memory is mapped into it. */
static double
load_ours(int round)
{
	double start;

	(void) round;
	call(load_db, "DROP EXTENSION migrate CASCADE", NULL);
	call(load_db, "CREATE EXTENSION migrate", NULL);
	start = bench_now();
	call(load_db, "SELECT migrate_load($1)", tree);
	return bench_now() - start;
}

static double
load_first(int round)
{
	PGconn *db = fresh("bench_load_first");
	double start;

	(void) round;
	call(db, "SELECT 1", NULL);
	start = bench_now();
	call(db, "SELECT migrate_load($1)", tree);
	start = bench_now() - start;
	PQfinish(db);
	return start;
}

static double
load_again(int round)
{
	PGconn *db = open_db("bench_load");
	double start;

	(void) round;
	call(db, "SELECT migrate_load($1)", tree);
	start = bench_now();
	call(db, "SELECT migrate_load($1)", tree);
	start = bench_now() - start;
	PQfinish(db);
	return start;
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
	load_db = fresh("bench_load");
	bench_pair("load 10,000 scripts | read and hash the files", load_ours,
	           load_base, 2.0);
	PQfinish(load_db);
	bench_pair("the same, the first call of a session", load_first, load_base,
	           0);
	bench_pair("load them again | read and hash the files", load_again,
	           load_base, 1.2);
}

/* 5. A plan of a large graph. */

static PGconn *plan_db;

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
	plan_db = fresh("bench_graph");
	add_tree(plan_db, 0, graph, true);
	call(plan_db, "VACUUM ANALYZE", NULL);
	bench_pair("plan heads of 100,000 | SELECT of ids and parents", plan_ours,
	           plan_base, 2.0);
	PQfinish(plan_db);
}

/* 6. A million rows in one revision. */

#define ROWS                                                                  \
	"INSERT INTO big SELECT i, 'row ' || i FROM generate_series(1, 1000000)"  \
	" AS i"

static double
rows_ours(int round)
{
	PGconn *db = fresh("bench_rows");
	double start;

	(void) round;
	call(db, "CREATE TABLE big (id integer PRIMARY KEY, name text)", NULL);
	call(db,
	     "SELECT migrate_add('-- migrate:revision r1\n-- migrate:up\n"
	     "INSERT INTO big SELECT i, ''row '' || i FROM"
	     " generate_series(1, 1000000) AS i;\n')",
	     NULL);
	start = bench_now();
	call(db, "SELECT migrate_apply('head')", NULL);
	start = bench_now() - start;
	PQfinish(db);
	return start;
}

static double
rows_base(int round)
{
	PGconn *db = fresh("bench_rows");
	double start;

	(void) round;
	call(db, "CREATE TABLE big (id integer PRIMARY KEY, name text)", NULL);
	start = bench_now();
	call(db, ROWS, NULL);
	start = bench_now() - start;
	PQfinish(db);
	return start;
}

int
main(int argc, char **argv)
{
	if (argc < 2)
		bench_die("usage: bench_pg DIRECTORY [part]");
	folder = argv[1];
	if (argc > 2)
	{
		history = 1000;
		graph = 10000;
	}
	bench_title("PostgreSQL");
	if (bench_wanted("apply"))
		bench_pair("apply 1,000 revisions | the same over libpq", apply_ours,
		           apply_base, 1.10);
	if (bench_wanted("again"))
	{
		again();
		PQfinish(fresh("bench_one"));
		bench_pair("one pending on 10,000 | on none", one_ours, one_base, 2.0);
	}
	if (bench_wanted("load"))
		load();
	if (bench_wanted("plan"))
		plan();
	if (bench_wanted("rows"))
		bench_pair("a revision of 1,000,000 rows | the statement", rows_ours,
		           rows_base, 1.02);
	return 0;
}
