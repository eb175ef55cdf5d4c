/*
 * fake.h - a host without a database, for tests of the engine's loop.
 *
 * The state tables are arrays here, a statement of a script is only noted in
 * `ran`, and end(keep = false) puts everything back as it was at begin, or at
 * the last commit. A statement that contains the word "fail" fails, one with
 * "refuse" returns a row that is false; one with "count" is noted with the number of
 * revisions that are recorded as applied. What runs outside of a transaction is
 * noted as "alone:..." or "again:...", and stays.
 */
#ifndef FAKE_H
#define FAKE_H

#include "function.h"
#include "unit.h"

#define FAKE_ROWS 64
#define FAKE_CELLS 16

typedef struct FakeTable
{
	char *cells[FAKE_ROWS][FAKE_CELLS]; /* NULL: NULL */
	int rows;
	int columns;
} FakeTable;

typedef struct FakeTables
{
	FakeTable revision; /* MIG_A_... */
	FakeTable applied;  /* schema, revision, checksum, at, who, elapsed */
	FakeTable log;
	FakeTable state; /* name, value */
	FakeTable setting;
	FakeTable partial; /* schema, revision, number, action, checksum, line,
	                      begun, finished */
} FakeTables;

typedef struct Fake
{
	MigHost base; /* first */
	FakeTables now, before;
	char ran[4096];   /* statements, each with ";" behind it */
	char notes[2048]; /* likewise */
	int64_t clock;    /* a second more at each look */
	bool untrusted;   /* scripts were stored by somebody else */
	int begun;        /* begins without their end */
	size_t ran_kept;  /* of ran at the last commit */
	bool block;       /* the caller has a transaction open */
	int cut;          /* so many steps more until the host is cut off: an
	                     exec, before and after an exec_alone, a commit; 0:
	                     never */
	int commits;
	void (*between)(struct Fake *f); /* after a commit: what others do */
	int entered;
	MigFile files[8];
	int nfiles;
} Fake;

extern void fake_init(Fake *f);
extern void fake_done(Fake *f);

/*
 * Call a function by number with text arguments (NULL: left out; a boolean is
 * given as "1"). The result is in *c, whose Mig is m.
 */
extern bool fake_call(Fake *f, Mig *m, MigFunctionId id, MigCall *c,
                      const char *a, const char *b, const char *d);

/* A Mig of the test's own, for what others do meanwhile; mig_done() it. */
extern void fake_mig(Mig *m);

/* fake_tables.c: MigHostOps.query, and all tables at once. */
extern bool fake_query(MigHost *h, Mig *m, MigQuery query, const MigStr *args,
                       MigRowFn row, void *arg);
extern void fake_copy(FakeTables *to, const FakeTables *from);
extern void fake_clear(FakeTables *t);

/* How often a word is in a text. */
extern int fake_count(MigStr text, const char *word);

/* All rows of c as text: cells separated by |, rows by a line end. */
extern MigStr fake_rows(MigCall *c);

#endif
