/*
 * bench.h - what both benchmarks share: rounds, medians, the table, trees of
 * scripts.
 *
 * A measurement is a pair: what migrate takes and what a baseline takes, in
 * turn, ROUNDS times after one round that is not counted. The table shows
 * the median of the pairs' ratios, since machines drift. Units: seconds.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>

#define ROUNDS 5

/* Monotonic clock. */
extern double bench_now(void);

/* f(round) returns the seconds of its part that counts; negative: failed. */
typedef double (*BenchWork)(int round);

/* Measure and print one row: name, migrate, baseline, ratio, bound. Returns
   the median ratio. bound <= 0: no bound, just a figure. */
extern double
bench_pair(const char *name, BenchWork ours, BenchWork baseline, double bound);

/* Whether a group of rows is to be measured: ONLY, from the environment, is
   empty or names it among others, "load plan". */
extern bool bench_wanted(const char *group);

extern void bench_title(const char *text);
extern void bench_die(const char *format, ...);

/* A text that grows. */
typedef struct BenchText
{
	char *at;
	size_t len, room;
} BenchText;
extern void bench_add(BenchText *t, const char *format, ...);

/* The id of revision n of a tree, "20260101_000007" and so on. */
extern const char *bench_id(int n);

/*
 * Concatenated scripts first .. last - 1, each revising the one before it
 * (the first of all: base), with CREATE TABLE and CREATE INDEX up and DROP
 * TABLE down. With branches every tenth pair of revisions is two branches
 * and a merge follows.
 */
extern void bench_tree(BenchText *t, int first, int last, bool branches);

/* The two statements of revision n, as the baseline runs them. */
extern void bench_statements(int n, char *table, char *index, size_t size);

/* Write the tree as files into a directory that exists. */
extern void bench_files(const char *directory, int count);

/* Read and hash every file of a directory in the order of its names. */
extern double bench_read_hash(const char *directory);

#endif
