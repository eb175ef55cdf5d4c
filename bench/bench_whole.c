/*
 * bench_whole.c - whole processes: psql or the sqlite3 shell with migrate,
 * against a C program that does the least (base_pg.c, base_sqlite.c). Start,
 * connection and end of the process count; making the databases does not.
 *
 *     bench_whole sqlite DIRECTORY BASE MODULE [part]
 *     bench_whole pg DIRECTORY BASE [part]
 *
 * DIRECTORY is empty and the server can read in it, BASE is the C program.
 * "psql" and "sqlite3" are found on the path.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

static const char *folder, *base, *module;
static int history = 10000;
static int revisions = 1000;
static int schemas = 200;
static int files = 1000;
static char tree[512], short_tree[512], long_tree[512];

/* What the last process complained about, if it failed. */
static void
complain(const char *path)
{
	char line[512];
	FILE *f = fopen(path, "r");

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strstr(line, "NOTICE:") == NULL)
			fputs(line, stderr);
	if (f != NULL)
		fclose(f);
}

/* Run a program to its end, what it prints thrown away. Arguments end with
   NULL. Returns seconds, negative if it failed. */
static double
process(const char *const *args)
{
	char log[512];
	double start = bench_now(), end;
	int status;
	pid_t child;

	snprintf(log, sizeof(log), "%s/stderr", folder);
	child = fork();
	if (child < 0)
		bench_die("could not start a process");
	if (child == 0)
	{
		int null = open("/dev/null", O_RDWR);

		dup2(null, 0);
		dup2(null, 1);
		dup2(open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600), 2);
		execvp(args[0], (char *const *) args);
		_exit(127);
	}
	if (waitpid(child, &status, 0) != child)
		return -1;
	end = bench_now();
	if (status == 0)
		return end - start;
	complain(log);
	return -1;
}

/* A new text; the process is too short to give it back. */
static const char *
text(const char *format, const char *a, const char *b)
{
	size_t size = strlen(format) + strlen(a) + strlen(b) + 1;
	char *t = malloc(size);

	if (t == NULL)
		bench_die("out of memory");
	snprintf(t, size, format, a, b);
	return t;
}

static double
base_run(const char *verb, const char *what, const char *where,
         const char *count)
{
	const char *args[] = {base, verb, what, where, count, NULL};

	return process(args);
}

static void
make_trees(void)
{
	snprintf(tree, sizeof(tree), "%s/tree", folder);
	snprintf(short_tree, sizeof(short_tree), "%s/short", folder);
	snprintf(long_tree, sizeof(long_tree), "%s/long", folder);
	mkdir(tree, 0755);
	mkdir(short_tree, 0755);
	mkdir(long_tree, 0755);
	bench_files(tree, revisions);
	bench_files(short_tree, 20);
	bench_files(long_tree, history);
}

static const char *
count_text(int n)
{
	static char t[16];

	snprintf(t, sizeof(t), "%d", n);
	return t;
}

#define ONE_QUERY                                                             \
	"SELECT checksum FROM migrate_applied WHERE schema = ''"                  \
	" AND revision = '%s'"

static const char *
one_query(void)
{
	return text(ONE_QUERY, bench_id(history - 1), "");
}

/* SQLite: a shell for each call. */

static const char *
file_of(const char *name)
{
	return text("%s/%s", folder, name);
}

static const char *
fresh_file(const char *name)
{
	const char *path = file_of(name);

	unlink(path);
	unlink(text("%s-wal", path, ""));
	unlink(text("%s-shm", path, ""));
	return path;
}

/* first may be a PRAGMA or any other statement. */
static double
shell(const char *path, const char *first, const char *second,
      const char *third)
{
	const char *load = text(".load %s", module, "");
	const char *args[] = {"sqlite3", "-batch", "-bail", path, load,
	                      first,     second,   third,   NULL, NULL};

	return process(args);
}

#define WAL "PRAGMA journal_mode = wal"

static double
file_apply(const char *path)
{
	return shell(path, WAL, text("SELECT migrate_load('%s')", tree, ""),
	             "SELECT migrate_apply('heads')");
}

static double
sqlite_apply(int round)
{
	(void) round;
	return file_apply(fresh_file("a.db"));
}

static double
sqlite_apply_base(int round)
{
	(void) round;
	return base_run("up", tree, fresh_file("b.db"), NULL);
}

static double
sqlite_revert(int round)
{
	const char *path = fresh_file("a.db");

	(void) round;
	if (file_apply(path) < 0)
		return -1;
	return shell(path, "SELECT migrate_revert('base')", NULL, NULL);
}

static double
sqlite_revert_base(int round)
{
	const char *path = fresh_file("b.db");

	(void) round;
	if (base_run("up", tree, path, NULL) < 0)
		return -1;
	return base_run("down", tree, path, NULL);
}

static double
sqlite_again(int round)
{
	(void) round;
	return shell(file_of("again.db"), "SELECT migrate_apply('head')", NULL,
	             NULL);
}

static double
sqlite_again_base(int round)
{
	(void) round;
	return base_run("query", one_query(), file_of("again.db"), NULL);
}

static double
sqlite_again_shell(int round)
{
	const char *args[] = {"sqlite3",           "-batch",    "-bail",
	                      file_of("again.db"), one_query(), NULL};

	(void) round;
	return process(args);
}

static void
fresh_tenants(const char *format)
{
	char name[64];

	for (int i = 0; i < files; i++)
	{
		snprintf(name, sizeof(name), format, i);
		fresh_file(name);
	}
}

/* One shell opens one file after the other. */
static double
sqlite_tenants(int round)
{
	const char *script = file_of("tenants.sql");
	const char *read = text(".read %s", script, "");
	const char *args[] = {"sqlite3",  "-batch", "-bail",
	                      ":memory:", read,     NULL};
	FILE *f = fopen(script, "w");

	(void) round;
	if (f == NULL)
		bench_die("could not write %s", script);
	for (int i = 0; i < files; i++)
		fprintf(f,
		        ".open %s/m%d.db\n.load %s\n" WAL ";\n"
		        "SELECT migrate_load('%s');\nSELECT migrate_apply('head');\n",
		        folder, i, module, short_tree);
	fclose(f);
	fresh_tenants("m%d.db");
	return process(args);
}

static double
sqlite_tenants_base(int round)
{
	(void) round;
	fresh_tenants("c%d.db");
	return base_run("up", short_tree, file_of("c%.db"), count_text(files));
}

static void
sqlite(void)
{
	bench_title("SQLite, whole processes");
	bench_pair("load and apply 1,000 | C, a commit each", sqlite_apply,
	           sqlite_apply_base, 0.6);
	bench_pair("revert 1,000 | C, a commit each", sqlite_revert,
	           sqlite_revert_base, 0.6);
	if (shell(fresh_file("again.db"), WAL,
	          text("SELECT migrate_load('%s')", long_tree, ""),
	          "SELECT migrate_stamp('heads')") < 0)
		bench_die("could not make again.db");
	bench_pair("apply again, 10,000 applied | C, one query", sqlite_again,
	           sqlite_again_base, 1.5);
	bench_pair("apply again, 10,000 applied | sqlite3, one query",
	           sqlite_again, sqlite_again_shell, 1.5);
	bench_pair("20 revisions for 1,000 files | the same from C",
	           sqlite_tenants, sqlite_tenants_base, 0.6);
}

/* PostgreSQL: a psql for each call. */

static double
psql(const char *database, const char *first, const char *second)
{
	const char *more = second != NULL ? "-c" : NULL;
	const char *args[] = {
		"psql", "-Xqv", "ON_ERROR_STOP=1", "-d", database, "-c", first, more,
		second, NULL};

	return process(args);
}

static void
sql(const char *database, const char *first, const char *second)
{
	if (psql(database, first, second) < 0)
		bench_die("%s: %s failed", database, first);
}

/* A new database; then what stands ready before the clock starts. */
static void
fresh(const char *name, bool ours)
{
	sql("postgres", text("DROP DATABASE IF EXISTS %s", name, ""),
	    text("CREATE DATABASE %s", name, ""));
	sql(name,
	    ours ? "CREATE EXTENSION migrate"
	         : "CREATE TABLE state (tenant text, revision text,"
	           " checksum text DEFAULT 'x', applied_at text DEFAULT 'now',"
	           " PRIMARY KEY (tenant, revision))",
	    "CHECKPOINT");
}

static double
database_apply(void)
{
	fresh("bench_a", true);
	return psql("bench_a", text("SELECT migrate_load('%s')", tree, ""),
	            "SELECT migrate_apply('heads')");
}

static double
database_apply_base(void)
{
	fresh("bench_b", false);
	return base_run("up", tree, "bench_b", NULL);
}

static double
pg_apply(int round)
{
	(void) round;
	return database_apply();
}

static double
pg_apply_base(int round)
{
	(void) round;
	return database_apply_base();
}

static double
pg_revert(int round)
{
	(void) round;
	if (database_apply() < 0)
		return -1;
	sql("bench_a", "CHECKPOINT", NULL);
	return psql("bench_a", "SELECT migrate_revert('base')", NULL);
}

static double
pg_revert_base(int round)
{
	(void) round;
	if (database_apply_base() < 0)
		return -1;
	sql("bench_b", "CHECKPOINT", NULL);
	return base_run("down", tree, "bench_b", NULL);
}

static double
pg_again(int round)
{
	(void) round;
	return psql("bench_again", "SELECT migrate_apply('head')", NULL);
}

static double
pg_again_base(int round)
{
	(void) round;
	return base_run("query", one_query(), "bench_again", NULL);
}

static double
pg_again_psql(int round)
{
	(void) round;
	return psql("bench_again", one_query(), NULL);
}

static void
fresh_schemas(const char *name, bool ours)
{
	char make[160];

	fresh(name, ours);
	snprintf(make, sizeof(make),
	         "DO $$ BEGIN FOR i IN 0 .. %d LOOP"
	         " EXECUTE 'CREATE SCHEMA tenant' || i; END LOOP; END $$",
	         schemas - 1);
	sql(name, make, "CHECKPOINT");
}

/* One psql, a transaction for each schema. */
static double
pg_tenants(int round)
{
	const char *script = text("%s/%s", folder, "tenants.sql");
	const char *args[] = {"psql", "-Xqv",     "ON_ERROR_STOP=1",
	                      "-d",   "bench_ta", "-f",
	                      script, NULL};
	FILE *f = fopen(script, "w");

	(void) round;
	if (f == NULL)
		bench_die("could not write %s", script);
	fprintf(f, "SELECT migrate_load('%s');\n", short_tree);
	for (int i = 0; i < schemas; i++)
		fprintf(f, "SELECT migrate_apply('head', 'tenant%d');\n", i);
	fclose(f);
	fresh_schemas("bench_ta", true);
	return process(args);
}

static double
pg_tenants_base(int round)
{
	(void) round;
	fresh_schemas("bench_tb", false);
	return base_run("up", short_tree, "bench_tb", count_text(schemas));
}

static void
pg(void)
{
	bench_title("PostgreSQL, whole processes");
	bench_pair("load and apply 1,000 | C, a commit each", pg_apply,
	           pg_apply_base, 1.0);
	bench_pair("revert 1,000 | C, a commit each", pg_revert, pg_revert_base,
	           0.9);
	fresh("bench_again", true);
	sql("bench_again", text("SELECT migrate_load('%s')", long_tree, ""),
	    "SELECT migrate_stamp('heads')");
	sql("bench_again", "VACUUM ANALYZE", NULL);
	bench_pair("apply again, 10,000 applied | C, one query", pg_again,
	           pg_again_base, 1.2);
	bench_pair("apply again, 10,000 applied | psql, one query", pg_again,
	           pg_again_psql, 1.2);
	bench_pair("20 revisions for 200 schemas | the same from C", pg_tenants,
	           pg_tenants_base, 1.3);
}

int
main(int argc, char **argv)
{
	bool lite = argc > 1 && strcmp(argv[1], "sqlite") == 0;
	int least = lite ? 5 : 4;

	if (argc < least)
		bench_die("usage: bench_whole pg|sqlite DIRECTORY BASE [MODULE]"
		          " [part]");
	folder = argv[2];
	base = argv[3];
	module = argv[4];
	if (argc > least)
	{
		history = 1000;
		revisions = 100;
		schemas = 20;
		files = 100;
	}
	make_trees();
	if (lite)
		sqlite();
	else
		pg();
	return 0;
}
