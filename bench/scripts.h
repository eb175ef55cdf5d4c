/*
 * scripts.h - how a baseline reads a directory of scripts: no graph, no
 * lexer, just the text below "migrate:up" and below "migrate:down".
 *
 *     BenchScript *s;
 *     int count = bench_scripts("tree", &s);
 *     for (int i = 0; i < count; i++)
 *         puts(s[i].up);
 *
 * Ends the process when something cannot be read. Nothing is freed: the
 * process is short.
 */
#ifndef SCRIPTS_H
#define SCRIPTS_H

typedef struct BenchScript
{
	char *id;
	char *up, *down;
} BenchScript;

/* Read every *.sql of a directory in the order of its names. */
extern int bench_scripts(const char *directory, BenchScript **out);

#endif
