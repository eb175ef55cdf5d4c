/*
 * base_pg.c - what a process over libpq must do at least. Connects as libpq's
 * environment says; the table "state" exists.
 *
 *     base_pg up DIRECTORY DATABASE     run all scripts, each its own commit
 *     base_pg down DIRECTORY DATABASE   take them back, newest first
 *     base_pg up DIRECTORY DATABASE N   the same in schemas tenant0, tenant1...
 *     base_pg query SQL DATABASE        one query
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "bench.h"
#include "scripts.h"

static void
check(PGconn *db, const char *sql, PGresult *r)
{
	if (PQresultStatus(r) != PGRES_COMMAND_OK &&
	    PQresultStatus(r) != PGRES_TUPLES_OK)
		bench_die("%.200s: %.500s", sql, PQerrorMessage(db));
	PQclear(r);
}

static void
run(PGconn *db, const char *sql)
{
	check(db, sql, PQexec(db, sql));
}

static PGconn *
open_db(const char *name)
{
	const char *keys[] = {"dbname", NULL};
	const char *values[] = {name, NULL};
	PGconn *db = PQconnectdbParams(keys, values, 0);

	if (PQstatus(db) != CONNECTION_OK)
		bench_die("%s", PQerrorMessage(db));
	return db;
}

/* A script's statements go to the server in one message. */
static void
one(PGconn *db, const char *sql, const char *record, const char *tenant,
    const char *id)
{
	const char *values[] = {tenant, id};

	run(db, "BEGIN");
	run(db, sql);
	check(db, record, PQexecPrepared(db, record, 2, values, NULL, NULL, 0));
	run(db, "COMMIT");
}

static void
all(PGconn *db, const char *tenant, const BenchScript *s, int count, bool up)
{
	for (int i = 0; i < count; i++)
	{
		const BenchScript *now = up ? &s[i] : &s[count - 1 - i];

		one(db, up ? now->up : now->down, "record", tenant, now->id);
	}
}

static void
each(PGconn *db, int tenants, const BenchScript *s, int count)
{
	for (int i = 0; i < tenants; i++)
	{
		char tenant[32], sql[80];

		snprintf(tenant, sizeof(tenant), "tenant%d", i);
		snprintf(sql, sizeof(sql), "SET search_path = %s", tenant);
		run(db, sql);
		all(db, tenant, s, count, true);
	}
}

int
main(int argc, char **argv)
{
	BenchScript *s;
	PGconn *db;
	bool up;

	if (argc < 4)
		bench_die("usage: base_pg up|down|query DIRECTORY|SQL DATABASE [N]");
	db = open_db(argv[3]);
	up = strcmp(argv[1], "up") == 0;
	if (strcmp(argv[1], "query") == 0)
		run(db, argv[2]);
	else
	{
		int count = bench_scripts(argv[2], &s);
		const char *sql = up ? "INSERT INTO public.state VALUES ($1, $2)"
		                     : "DELETE FROM public.state WHERE tenant = $1"
		                       " AND revision = $2";

		check(db, sql, PQprepare(db, "record", sql, 2, NULL));
		if (argc > 4)
			each(db, atoi(argv[4]), s, count);
		else
			all(db, "", s, count, up);
	}
	PQfinish(db);
	return 0;
}
