/*
 * offline_sqlite.h - what a script for SQLite says besides the statements, so
 * that a plain sqlite3 does what a run does, or fails. Private to offline*.c.
 */
#ifndef MIG_OFFLINE_SQLITE_H
#define MIG_OFFLINE_SQLITE_H

#include "text.h"
#include "translate.h"

/* Around a revision that runs without foreign keys: what it finds violated is
   not its fault; what it leaves, is. */
extern void mig_offline_keys_before(MigText *t);
extern void mig_offline_keys_after(MigText *t);

/* A MIG_STMT_ALTER. *guarded: the table that stops the script is there. */
extern void
mig_offline_change(Mig *m, MigText *t, const MigItem *item, bool *guarded);

#endif
