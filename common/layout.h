/*
 * layout.h - how a directory of files becomes revisions: one reader a layout,
 * files in, scripts out. Pure; the binding lists and reads the files.
 *
 * A new layout is one new file with a MigLayout and one line in layout.c.
 */
#ifndef MIG_LAYOUT_H
#define MIG_LAYOUT_H

#include "host.h"
#include "script.h"

typedef struct MigTree
{
	MigStr path; /* of the directory, as the user gave it */
	MigFile *files;
	int nfiles;

	/* out: scripts in the directory's order, revision and revises filled in;
	   source is the file's name */
	MigScript **scripts;
	int nscripts;
} MigTree;

typedef struct MigLayout
{
	const char *name;
	/* Which files it wants to see, by name. */
	bool (*wants)(MigStr name);
	/* Whether the names of a directory's files speak for it, for 'auto'. */
	bool (*claims)(const MigStr *files, int nfiles);
	/* files to scripts; sets tree->scripts. */
	bool (*read)(Mig *m, MigTree *tree);
} MigLayout;

/* By name; NULL with MIG_ARGUMENT naming the layouts. 'auto', or an absent
   name, decides by the names of the files. */
extern const MigLayout *
mig_layout_find(Mig *m, MigStr name, const MigStr *files, int nfiles);

/*
 * The native layout, which is dbmate's too: files that end in .sql and do not
 * begin with a dot, by the byte order of their names; a file may hold several
 * scripts. Header fields that are missing come from the name, revises from
 * the script before it. Fails with what a script fails with (position set),
 * with MIG_GRAPH when two scripts have one revision, with MIG_FILE when there
 * is no script.
 */
extern const MigLayout mig_layout_native;

/*
 * What a header leaves out, filled in: revision and message from the file's
 * name (without one: an empty message), revises from the script before (NULL:
 * base). False: MIG_SYNTAX (no revision, or the name gives none), MIG_NOMEM.
 */
extern bool mig_layout_complete(Mig *m, MigScript *s, const MigScript *before);

#endif
