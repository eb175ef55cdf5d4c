/*
 * liquibase_filter.h - which changesets run where: dbms, contexts, labels.
 */
#ifndef MIG_LIQUIBASE_FILTER_H
#define MIG_LIQUIBASE_FILTER_H

#include "layout.h"

/* "postgresql, sqlite", "!h2", "all", or absent for all. False: it runs on
   neither of the two. */
extern bool mig_liquibase_dbms(MigStr list, MigFor *target);

/*
 * Whether an expression holds for a list of words: "test and !(dev or ci)";
 * a comma is a weaker "or". The words of the list are separated by commas. An
 * empty expression holds, and so does any for an absent list, but for its words
 * that begin with "@": they hold only when the list has them. False with
 * MIG_SYNTAX (no place) when it does not read.
 */
extern bool
mig_liquibase_holds(Mig *m, MigStr expression, MigStr list, bool *holds);

#endif
