/*
 * atlas_sum.h - atlas.sum, the file in which Atlas keeps the hashes of a
 * directory:
 *
 *     h1:<of the lines below>
 *     1_users.sql h1:<of this name and text>
 *     2_posts.sql h1:<of both names and texts so far>
 *
 * each the base64 of a SHA-256. A file whose first line has the directive
 * "atlas:sum ignore" adds only its name, and has no line.
 */
#ifndef MIG_ATLAS_SUM_H
#define MIG_ATLAS_SUM_H

#include "layout.h"

/*
 * The hash of each file, in base64; absent for one that is ignored. files are
 * those of the directory in the byte order of their names. NULL: MIG_NOMEM.
 */
extern MigStr *
mig_atlas_hashes(Mig *m, const MigFile *const *files, int nfiles);

/*
 * Compare with what atlas.sum says. False: MIG_FILE naming the first file that
 * was added, removed or changed.
 */
extern bool
mig_atlas_sum(Mig *m, const MigFile *sum, const MigFile *const *files,
              const MigStr *hashes, int nfiles);

#endif
