#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "digest.h"

double
bench_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

void
bench_die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *) a, y = *(const double *) b;

	return x < y ? -1 : x > y;
}

static double
median(double *values)
{
	qsort(values, ROUNDS, sizeof(*values), by_size);
	return values[ROUNDS / 2];
}

double
bench_pair(const char *name, BenchWork ours, BenchWork baseline, double bound)
{
	double a[ROUNDS], b[ROUNDS], ratio[ROUNDS], r;

	for (int i = -1; i < ROUNDS; i++)
	{
		double x = ours(i), y = baseline(i);

		if (x < 0 || y < 0)
			bench_die("%s failed", name);
		if (i < 0)
			continue;
		a[i] = x;
		b[i] = y;
		ratio[i] = x / y;
	}
	r = median(ratio);
	printf("%-52s %10.3f %10.3f %7.2f", name, median(a) * 1e3, median(b) * 1e3,
	       r);
	if (bound > 0)
		printf("  %5.2f %s", bound, r <= bound ? "reached" : "MISSED");
	printf("\n");
	fflush(stdout);
	return r;
}

bool
bench_wanted(const char *group)
{
	const char *only = getenv("ONLY");
	size_t length = strlen(group);

	if (only == NULL || *only == '\0')
		return true;
	for (; *only != '\0'; only++)
		if (strncmp(only, group, length) == 0 &&
		    strchr(" ,", only[length]) != NULL)
			return true;
	return false;
}

void
bench_title(const char *text)
{
	printf("\n%-52s %10s %10s %7s  %s\n", text, "migrate ms", "base ms",
	       "ratio", "bound");
}

void
bench_add(BenchText *t, const char *format, ...)
{
	va_list args;
	int n;

	for (;;)
	{
		size_t left = t->room - t->len;

		va_start(args, format);
		n = vsnprintf(left ? t->at + t->len : NULL, left, format, args);
		va_end(args);
		if (left > (size_t) n)
			break;
		t->room = (t->room + (size_t) n + 1) * 2;
		t->at = realloc(t->at, t->room);
		if (t->at == NULL)
			bench_die("out of memory");
	}
	t->len += (size_t) n;
}

const char *
bench_id(int n)
{
	static char ids[4][32];
	static int next;
	char *id = ids[next++ % 4];

	snprintf(id, sizeof(ids[0]), "20260101_%06d", n);
	return id;
}

void
bench_statements(int n, char *table, char *index, size_t size)
{
	snprintf(table, size,
	         "CREATE TABLE t%d (id bigint PRIMARY KEY, name text NOT NULL,"
	         " made timestamp)",
	         n);
	snprintf(index, size, "CREATE INDEX t%d_name ON t%d (name)", n, n);
}

/* What revision n revises: mostly the one before. Of ten, 4 and 5 both
   revise 3, and 6 merges them. */
static void
parents(BenchText *t, int n, bool branches)
{
	int k = n % 10;

	if (n == 0)
		bench_add(t, "base");
	else if (branches && k == 5)
		bench_add(t, "%s", bench_id(n - 2));
	else if (branches && k == 6)
		bench_add(t, "%s %s", bench_id(n - 2), bench_id(n - 1));
	else
		bench_add(t, "%s", bench_id(n - 1));
}

static void
one(BenchText *t, int n, bool branches)
{
	char table[160], index[160];

	bench_statements(n, table, index, sizeof(table));
	bench_add(t, "-- migrate:revision %s\n-- migrate:revises ", bench_id(n));
	parents(t, n, branches);
	bench_add(t,
	          "\n-- migrate:message create table t%d\n"
	          "-- migrate:created 2026-01-01T00:00:00Z\n\n"
	          "-- migrate:up\n%s;\n%s;\n\n"
	          "-- migrate:down\nDROP TABLE t%d;\n\n",
	          n, table, index, n);
}

void
bench_tree(BenchText *t, int first, int last, bool branches)
{
	for (int n = first; n < last; n++)
		one(t, n, branches);
}

void
bench_files(const char *directory, int count)
{
	for (int n = 0; n < count; n++)
	{
		BenchText t = {0};
		char path[512];
		FILE *f;

		one(&t, n, false);
		snprintf(path, sizeof(path), "%s/%s_create_table.sql", directory,
		         bench_id(n));
		f = fopen(path, "w");
		if (f == NULL || fwrite(t.at, 1, t.len, f) != t.len || fclose(f) != 0)
			bench_die("could not write %s", path);
		free(t.at);
	}
}

static int
is_sql(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 4 && strcmp(d->d_name + n - 4, ".sql") == 0;
}

/* One file into a buffer that is as large as it. */
static char *
read_file(const char *path, size_t *size)
{
	struct stat st;
	int fd = open(path, O_RDONLY);
	char *bytes;

	if (fd < 0 || fstat(fd, &st) != 0)
		bench_die("could not open %s", path);
	bytes = malloc((size_t) st.st_size + 1);
	if (bytes == NULL || read(fd, bytes, (size_t) st.st_size) != st.st_size)
		bench_die("could not read %s", path);
	close(fd);
	*size = (size_t) st.st_size;
	return bytes;
}

double
bench_read_hash(const char *directory)
{
	double start = bench_now();
	struct dirent **names;
	unsigned char out[MIG_DIGEST_SIZE];
	int count = scandir(directory, &names, is_sql, alphasort);

	for (int i = 0; i < count; i++)
	{
		char path[768];
		MigDigest d;
		size_t size;
		char *bytes;

		snprintf(path, sizeof(path), "%s/%s", directory, names[i]->d_name);
		bytes = read_file(path, &size);
		mig_digest_start(&d);
		mig_digest_add(&d, bytes, size);
		mig_digest_end(&d, out);
		free(bytes);
		free(names[i]);
	}
	free(names);
	return bench_now() - start;
}
