/*
 * sqitch_verify.h - a verify script of Sqitch as a verify section.
 *
 * There, a script fails by an error only, whatever rows it gives, and what it
 * does is rolled back at its end. Here, the first column of each row is
 * judged, and nothing is rolled back. So each query is wrapped (its rows are
 * read and thrown away), BEGIN, ROLLBACK and savepoints are left out, and a
 * script that writes is not taken over.
 */
#ifndef MIG_SQITCH_VERIFY_H
#define MIG_SQITCH_VERIFY_H

#include "layout.h"

/*
 * The section's text, lines where they were, for one dialect. *writes is set,
 * and the result absent, when the script changes something. False: what
 * mig_split() fails with.
 */
extern bool
mig_sqitch_verify(Mig *m, const MigFile *file, const MigDialect *dialect,
                  MigStr *text, bool *writes);

#endif
