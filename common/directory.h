/*
 * directory.h - what lies in a directory on the host, its folders included.
 *
 * Folders whose names begin with a dot, and node_modules, are left out; a
 * symbolic link to a directory is not followed. Deeper than 16 folders or
 * more than a million files are an error, so that a call for "/" ends soon.
 */
#ifndef MIG_DIRECTORY_H
#define MIG_DIRECTORY_H

#include "layout.h"

/*
 * Fill in the names of all files below tree->path, and the files that the
 * layout (auto: any) wants, both in byte order. False: MIG_FILE, MIG_NOMEM.
 */
extern bool
mig_directory_read(Mig *m, MigHost *h, MigStr layout, MigTree *tree);

/* directory/name, in the arena; an empty directory or name adds nothing. */
extern MigStr mig_directory_join(Mig *m, MigStr directory, MigStr name);

#endif
