/*
 * shape.h - small graphs and plans as text, for the tests of the graph.
 *
 *     "a*; b* < a; c < b ^ x : users; x"
 *
 * is four revisions: b revises a, c revises b, depends on x and has the label
 * users; a and b are applied. A text that begins with ~ is a partial graph.
 */
#ifndef SHAPE_H
#define SHAPE_H

#include "plan.h"
#include "unit.h"

/* Forget m's last failure, make the graph, set the applied flags. False: the
   build failed; m->status says why. */
extern bool shape_build(Mig *m, MigGraph *g, const char *text);

/* Ids by blanks. Absent after MIG_NOMEM. */
extern MigStr shape_ids(MigGraph *g, const int32_t *nodes, int count);

/* Steps by blanks: "+id" for apply and stamp, "-id" for the others. */
extern MigStr shape_steps(MigGraph *g, const MigPlan *plan);

/* Fold a failure into one line: "message | detail | hint". */
extern MigStr shape_failure(const Mig *m, char *out, size_t size);

#endif
