/*
 * split_print.c - the splitter as a program.
 *
 *     split_print postgresql|sqlite < SCRIPT
 *
 * Prints each statement with a line "-- end --" between two of them, or the
 * error with its place and status 1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "split.h"

static void *
get(void *context, size_t size)
{
	(void) context;
	return malloc(size);
}

static void
put(void *context, void *memory)
{
	(void) context;
	free(memory);
}

/* All of standard input; a test's script is small. */
static MigStr
read_all(void)
{
	size_t room = 1 << 20;
	char *text = malloc(room);
	size_t length = text == NULL ? 0 : fread(text, 1, room, stdin);

	return (MigStr){text, length};
}

static int
print(Mig *m, const MigDialect *dialect, MigStr text)
{
	MigStatements out;

	if (!mig_split(m, dialect, mig_str(NULL), text, text, &out))
	{
		fprintf(stderr, "%s, %s\n", m->status.message, m->status.context);
		return 1;
	}
	for (int i = 0; i < out.count; i++)
		printf("%s%.*s", i > 0 ? "\n-- end --\n" : "",
		       MIG_S(out.items[i].text));
	printf("\n");
	return 0;
}

int
main(int argc, char **argv)
{
	MigMemory memory = {get, put, NULL, 0};
	const MigDialect *dialect = mig_dialect_find(mig_str(argv[argc - 1]));
	MigStr text = read_all();
	Mig m;
	int status = 2;

	if (argc != 2 || dialect == NULL || text.at == NULL)
		fprintf(stderr, "split_print postgresql|sqlite < SCRIPT\n");
	else
	{
		mig_init(&m, &memory, dialect);
		status = print(&m, dialect, text);
		mig_done(&m);
	}
	free((char *) text.at);
	return status;
}
