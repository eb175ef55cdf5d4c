/*
 * comment.h - what COMMENT ON says, on SQLite, which has no comments.
 *
 *     migrate_comment: "table t", "column t.a", "constraint c on t", "index i"
 *
 * They are rows of a table of the state, known by names whose case does not
 * count. What a statement does to the things, these do to the rows: each gives
 * a statement in m's arena, absent with MIG_NOMEM. `rows` is what it calls the
 * table, database included where it has to be.
 */
#ifndef MIG_COMMENT_H
#define MIG_COMMENT_H

#include "translate.h"

/* COMMENT ON object IS text; IS NULL where the note's text is absent. */
extern MigStr mig_comment_put(Mig *m, const MigNote *note);

/* A MIG_NOTE_MOVED: object has the name text now, or is gone. */
extern MigStr mig_comment_move(Mig *m, const MigNote *note);

/* The same, of one thing by its whole name; to is absent: it is gone. */
extern MigStr
mig_comment_rename(Mig *m, MigStr rows, MigStr object, MigStr to);

/* A table or view with all that is its own, before it is dropped: its indexes
   are looked up in the database's sqlite_master. */
extern MigStr
mig_comment_drop(Mig *m, MigStr rows, MigStr database, MigStr table);

/* Names of things. */
extern MigStr mig_comment_column(Mig *m, MigStr table, MigStr column);
extern MigStr mig_comment_rule(Mig *m, MigStr rule, MigStr table);

#endif
