#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "scripts.h"

#define MOST 65536

static int
is_sql(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 4 && strcmp(d->d_name + n - 4, ".sql") == 0;
}

static char *
read_all(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = malloc(MOST);
	size_t n;

	if (f == NULL || text == NULL)
		bench_die("could not open %s", path);
	n = fread(text, 1, MOST - 1, f);
	fclose(f);
	text[n] = '\0';
	return realloc(text, n + 1);
}

/* What follows a directive; the directive itself becomes the end of what
   stands before it. */
static char *
cut(char *text, const char *directive, const char *path)
{
	char *found = strstr(text, directive);

	if (found == NULL)
		bench_die("%s: there is no %s", path, directive);
	*found = '\0';
	return found + strlen(directive);
}

static void
read_script(BenchScript *s, const char *path)
{
	s->id = cut(read_all(path), "-- migrate:revision ", path);
	s->up = cut(s->id, "-- migrate:up\n", path);
	s->down = cut(s->up, "-- migrate:down\n", path);
	s->id[strcspn(s->id, "\n")] = '\0';
}

int
bench_scripts(const char *directory, BenchScript **out)
{
	struct dirent **names;
	int count = scandir(directory, &names, is_sql, alphasort);
	BenchScript *all;

	if (count <= 0)
	{
		bench_die("could not read %s", directory);
		return 0;
	}
	all = calloc((size_t) count, sizeof(*all));
	if (all == NULL)
		bench_die("out of memory");
	for (int i = 0; i < count; i++)
	{
		char path[768];

		snprintf(path, sizeof(path), "%s/%s", directory, names[i]->d_name);
		read_script(&all[i], path);
	}
	*out = all;
	return count;
}
