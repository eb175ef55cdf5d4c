/*
 * recall.h - a translator that knows what the applied revisions have made.
 *
 *     MigTranslator *t = mig_recall_translator(m, h, &mig_sqlite, NULL);
 *
 *     for (each script in its order)
 *         mig_script_work_for(own, script, t, MIG_UP, &work);
 *
 * Nothing is read until a statement uses a type or fills a table that no
 * script so far has made. Then the stored scripts that are applied and
 * mention that name are read, once for each name, in the order in which they
 * were applied: what is known is what the first script meets. A table or type
 * that was renamed is looked for under its older names, too.
 */
#ifndef MIG_RECALL_H
#define MIG_RECALL_H

#include "graph.h"
#include "host.h"
#include "translate.h"

/*
 * It lives in m's arena, and so does what it remembers. A host without state
 * tables recalls nothing. presumed: a graph whose flags say what is applied
 * where the scripts are to run, and which outlives the translator; NULL: they
 * run here. NULL is returned with MIG_NOMEM.
 */
extern MigTranslator *
mig_recall_translator(Mig *m, MigHost *h, const MigDialect *target,
                      const MigGraph *presumed);

#endif
