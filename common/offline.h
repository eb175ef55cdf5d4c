/*
 * offline.h - migrate_sql: a plan as one script that a plain psql or sqlite3
 * runs, with all that the engine would have recorded.
 *
 * The script is one transaction. It stores the scripts that it runs as well,
 * so that the other database can revert them later.
 */
#ifndef MIG_OFFLINE_H
#define MIG_OFFLINE_H

#include "look.h"

extern bool mig_call_sql(MigCall *c);

#endif
