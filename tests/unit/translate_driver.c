/*
 * translate_driver.c - what becomes of the statements of a tree.
 *
 *     translate_driver sqlite < FILES
 *
 * Each file is a line "file LENGTH NAME" and so many bytes; they are in the
 * order of their tree, whose tables and types are remembered as in a run. A
 * line for each statement but BEGIN, COMMIT and the like, fields parted by
 * tabs:
 *
 *     pass      NAME  LINE               it stays byte for byte
 *     change    NAME  LINE               it is translated
 *     leave     NAME  LINE               it is left out
 *     refuse    NAME  LINE  MESSAGE
 *     note      NAME  LINE  TEXT         of the statement before this line
 *
 * tests/corpora/share.py talks to it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialect.h"
#include "translate.h"

#define NAME 512

typedef struct Driver
{
	Mig m;
	const MigDialect *dialect; /* of statements in either flavour */
	MigTranslator t;
} Driver;

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

static void
line(const char *verdict, const MigPos *pos, MigStr text)
{
	printf("%s\t%.*s\t%d", verdict, MIG_S(pos->source), pos->line);
	if (text.at != NULL)
		putchar('\t');
	for (size_t i = 0; i < text.len; i++)
		putchar(text.at[i] == '\t' || text.at[i] == '\n' ? ' ' : text.at[i]);
	putchar('\n');
}

static void
show(const MigStatement *s, const MigTranslation *out)
{
	const char *verdict = out->same ? "pass" : "change";
	MigStr none = {NULL, 0};

	line(out->count == 0 ? "leave" : verdict, &s->pos, none);
	for (int i = 0; i < out->nnotes; i++)
		if (out->notes[i].kind == MIG_NOTE_DIFFERS)
			line("note", &out->notes[i].pos, out->notes[i].text);
}

/* False: there is no memory. What is refused would stand in a section for one
   database; from there it is learned. */
static bool
translate(Driver *d, const MigStatement *s)
{
	MigTranslation out;

	if (mig_translate(&d->t, s, &out))
	{
		show(s, &out);
		return true;
	}
	if (d->m.status.code != MIG_SYNTAX)
		return false;
	line("refuse", &s->pos, mig_str(d->m.status.message));
	memset(&d->m.status, 0, sizeof(d->m.status));
	return mig_translator_learn(&d->t, s);
}

/* One file; *more is false behind the last one. */
static bool
file(Driver *d, bool *more)
{
	MigStatements all;
	char *name = mig_alloc(&d->m, NAME);
	size_t length;
	char *text;
	MigStr body;

	*more = name != NULL && scanf("file %zu %511[^\n]", &length, name) == 2;
	if (!*more)
		return mig_ok(&d->m);
	getchar();
	text = mig_alloc(&d->m, length + 1);
	if (text == NULL || fread(text, 1, length, stdin) != length)
		return false;
	body = (MigStr){text, length};
	if (!mig_split(&d->m, d->dialect, mig_str(name), body, body, &all))
		return false;
	for (int i = 0; i < all.count; i++)
		if (!mig_statement_is_control(&all.items[i]) &&
		    !translate(d, &all.items[i]))
			return false;
	return true;
}

int
main(int argc, char **argv)
{
	MigMemory memory = {get, put, NULL, 0};
	bool sqlite = argc == 2 && strcmp(argv[1], "sqlite") == 0;
	Driver d = {0};
	bool more = true;

	if (!sqlite && (argc != 2 || strcmp(argv[1], "postgresql") != 0))
	{
		fprintf(stderr, "usage: translate_driver sqlite|postgresql\n");
		return 2;
	}
	mig_init(&d.m, &memory, sqlite ? &mig_sqlite : &mig_postgresql);
	d.dialect = mig_dialect_either(d.m.dialect);
	mig_translator_init(&d.t, &d.m, d.m.dialect);
	while (more && file(&d, &more))
		;
	if (!mig_ok(&d.m))
		fprintf(stderr, "%.*s:%d: %s\n", MIG_S(d.m.status.pos.source),
		        d.m.status.pos.line, d.m.status.message);
	more = mig_ok(&d.m);
	mig_done(&d.m);
	return more ? 0 : 1;
}
