/*
 * pack.h - a directory as one text, for a database that cannot see the
 * directory. sql/pack.sh writes it, migrate_add() takes it, and what follows
 * is as if migrate_load() had read the files.
 *
 *     -- migrate:pack flyway sql%2Fmigrations
 *     -- migrate:file V1__users.sql 42
 *     CREATE TABLE users (id bigint PRIMARY KEY)
 *     -- migrate:file notes.txt 0
 *
 *     -- migrate:end
 *
 * The first line has the layout (or auto) and the directory's path, each file
 * its name and its size in bytes; its text follows, and a line end that is
 * not counted. Paths and names are percent-encoded. Lines may end in CRLF but
 * inside of files.
 */
#ifndef MIG_PACK_H
#define MIG_PACK_H

#include "layout.h"

/* Whether a text begins as a packed directory does. */
extern bool mig_pack_is(MigStr text);

/*
 * Read one. *layout is its layout's name; of tree, path, names and those
 * files are set that the layout wants. Texts point into text. False:
 * MIG_SYNTAX with the line; MIG_NOMEM.
 */
extern bool mig_pack_read(Mig *m, MigStr text, MigStr *layout, MigTree *tree);

#endif
