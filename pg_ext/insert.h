/*
 * insert.h - many new rows of migrate_revision at once.
 *
 * What COPY does: the table's access method gets them in one go, then each
 * goes into the indexes. A row costs about a third of what an INSERT costs.
 * That is right as long as nobody else has a say in what a new row does: with
 * a trigger of somebody's own, a rule, a policy, a check, a further column
 * the INSERT has to run.
 */
#ifndef PG_MIG_INSERT_H
#define PG_MIG_INSERT_H

#include "nodes/bitmapset.h"
#include "parser/parse_node.h"
#include "utils/relcache.h"

#include "binding.h"

/*
 * Insert rows of the arguments of MIG_Q_REVISION_ADD. Errors are those of an
 * INSERT: rights, uniqueness. False: the statement has to do it; nothing has
 * happened.
 */
extern bool pg_mig_insert(const PgHost *h, const MigStr *args, int nrows);

/* copy.c: the right to fill these columns, numbered as the server's range
   table numbers them; the table comes into state's. */
extern void
pg_mig_check_insert(ParseState *state, Relation table, Bitmapset *columns);

/* guard.c: whether the guard, working as it was made, is the table's only
   trigger; and what it would write into loaded_by for a row that says that
   the caller stored it. */
extern bool pg_mig_guard_alone(Relation table);
extern Datum pg_mig_guard_author(void);

#endif
