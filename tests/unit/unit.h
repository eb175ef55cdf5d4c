/*
 * unit.h - the frame of the core's tests.
 *
 * A test is a function that takes a Unit. It gets its Mig from unit_mig(),
 * states what must be true with CHECK and returns at the first thing that is
 * not. The runner runs each test once plainly and then again and again with
 * the nth allocation refused, n = 1, 2, ..., until it gets through; in those
 * runs a CHECK that fails after the refusal is not counted (but returns), and
 * the sanitizers watch. A test that is too long for that says so by
 * UNIT_ONCE.
 *
 *     static void
 *     test_order(Unit *u)
 *     {
 *         Mig *m = unit_mig(u, &mig_postgresql);
 *         ...
 *         CHECK(u, mig_graph_build(&g));
 *     }
 *
 *     const UnitTest unit_graph[] = {
 *         {"order", test_order, 0},
 *         {NULL, NULL, 0},
 *     };
 *
 * Suites are listed in unit.c.
 */
#ifndef UNIT_H
#define UNIT_H

#include "mig.h"
#include "dialect.h"

typedef struct Unit Unit;

enum
{
	UNIT_ONCE = 1
};

typedef struct UnitTest
{
	const char *name;
	void (*run)(Unit *u);
	int flags;
} UnitTest;

/* A fresh Mig, given back by the runner. Every piece of memory is a block of
   its own, so that a sanitizer sees its ends. At most 4 a test. */
extern Mig *unit_mig(Unit *u, const MigDialect *dialect);

/* The first Mig of the test, given back and begun anew: for a test that makes
   call after call. What hung on it is gone. */
extern Mig *unit_again(Unit *u, const MigDialect *dialect);

/* A fresh Mig with the usual blocks, for tests of speed or size. */
extern Mig *unit_mig_blocks(Unit *u, const MigDialect *dialect);

extern bool
unit_check(Unit *u, bool holds, const char *file, int line, const char *what);
extern bool unit_check_str(Unit *u, MigStr got, const char *want,
                           const char *file, int line, const char *what);

#define CHECK(u, cond)                                                        \
	do                                                                        \
	{                                                                         \
		if (!unit_check((u), (cond), __FILE__, __LINE__, #cond))              \
			return;                                                           \
	} while (0)

/* got is a MigStr, want a C string or NULL for absent. */
#define CHECK_STR(u, got, want)                                               \
	do                                                                        \
	{                                                                         \
		if (!unit_check_str((u), (got), (want), __FILE__, __LINE__, #got))    \
			return;                                                           \
	} while (0)

/* In a loop over a table: name the row that is being looked at. */
extern void unit_row(Unit *u, const char *format, ...) MIG_PRINTF(2, 3);

#endif
