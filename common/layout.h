/*
 * layout.h - how a directory of files becomes revisions: one reader a layout,
 * files in, scripts out. Pure; the binding lists and reads the files.
 *
 * A new layout is one new file with a MigLayout and one line in layout.c.
 */
#ifndef MIG_LAYOUT_H
#define MIG_LAYOUT_H

#include "host.h"
#include "map.h"
#include "script.h"

/* A file that no revision comes from, and why: shown by migrate_load(). */
typedef struct MigIgnored
{
	MigStr name;
	MigStr why; /* "its name does not begin with a version" */
} MigIgnored;

typedef struct MigTree
{
	MigStr path;   /* of the directory, as the user gave it */
	MigStr *names; /* every file below it, folders by /, in byte order */
	int nnames;
	MigFile *files; /* those that a layout wants to see, in byte order */
	int nfiles;
	/* A row of migrate_setting, absent if there is none: placeholders. NULL:
	   there are no settings. */
	MigStr (*setting)(void *arg, Mig *m, MigStr name);
	void *setting_arg;

	/* out: scripts in the order in which they come, revision and revises
	   filled in; source is the file's name. Put in by mig_layout_add() and
	   mig_layout_put(). */
	MigScript **scripts;
	int nscripts;
	size_t room;
	MigMap revisions; /* revision to index in scripts */
	MigIgnored *ignored;
	int nignored;
	size_t ignored_room;
} MigTree;

/* How sure a layout is that a tree is its own. */
typedef enum MigClaim
{
	MIG_CLAIM_NO,
	MIG_CLAIM_NAMES, /* the files are called as its files are */
	MIG_CLAIM_SURE   /* something that only this tool writes is there */
} MigClaim;

typedef struct MigLayout
{
	const char *name;
	/* Which files it wants to see, by name. */
	bool (*wants)(MigStr name);
	/* Whether a tree speaks for it, for 'auto'; looks at few files. The
	   tree's files are those that any layout wants. */
	MigClaim (*claims)(Mig *m, const MigTree *tree);
	/* files to scripts; sets tree->scripts and tree->ignored. */
	bool (*read)(Mig *m, MigTree *tree);
} MigLayout;

/* Say that a file gives no revision. why is not copied. False: MIG_NOMEM. */
extern bool
mig_layout_ignore(Mig *m, MigTree *tree, MigStr name, const char *why);

/* A file by its name, or NULL. files are in byte order. */
extern const MigFile *mig_layout_file(const MigTree *tree, const char *name);
extern const MigFile *mig_layout_file_str(const MigTree *tree, MigStr name);

/* A part of a foreign script. */
typedef struct MigPart
{
	MigSectionKind kind;
	MigFor target;
	bool transactional;
	MigStr source; /* the file that text is from */
	int line;      /* the line of that file on which text begins */
	MigStr text;   /* a byte order mark at its start is left out */
} MigPart;

/* A foreign script, as its reader understands it. */
typedef struct MigForeign
{
	const char *layout;
	MigStr version;  /* as the tool's state table has it */
	MigStr checksum; /* as the tool would store it, or absent */
	MigStr revision, revises, depends, labels, message; /* as in a header;
	                   revises absent: the script before it in the tree */
	int64_t created;                                    /* or MIG_NO_TIME */
	bool repeatable;
	MigStr source; /* the (first) file */
	const MigPart *parts;
	int nparts;
} MigForeign;

/*
 * Write a foreign script as a native one and put it behind those that the
 * tree has:
 *
 *     -- migrate:revision 1.2
 *     -- migrate:message create users
 *     -- migrate:origin flyway 1.2 -1862273241
 *
 *     -- migrate:up file:V1.2__create_users.sql line:1
 *     ...
 *
 * What runs, is shown and is kept is this text; its places are those of the
 * original files, by the options file and line (blanks and % as %20, %25).
 * A revision that is no identifier gets '_' for each byte that cannot be in
 * one; version in origin stays as it was (percent-encoded). Without an up
 * part it gets an empty one. A message is cut at its first line end.
 * False: MIG_SYNTAX with the place in the original file (so when a line of a
 * part would be read as a directive), MIG_GRAPH when the revision is there
 * twice, MIG_NOMEM.
 */
extern bool mig_layout_put(Mig *m, MigTree *tree, const MigForeign *f);

/* The identifier that mig_layout_put() makes of a name: '_' for each byte that
   cannot be in one, at most 128 bytes, '_' before a reserved word. For the
   words of revises, depends and labels. */
extern MigStr mig_layout_id(Mig *m, MigStr name);

/* Put a script that is parsed already behind those that the tree has; what its
   header leaves out is filled in. MIG_GRAPH when the revision is there twice,
   and what mig_layout_complete() fails with. */
extern bool mig_layout_add(Mig *m, MigTree *tree, MigScript *s);

/* The place of a byte of a file, for mig_at(). */
extern MigPos mig_layout_pos(const MigFile *file, size_t offset);

/*
 * By name. 'auto', or an absent name, takes the surest claim; several that
 * are as sure as each other are an error (MIG_ARGUMENT) that lists them; the
 * native layout if nobody claims the tree. NULL with MIG_ARGUMENT naming the
 * layouts when there is none of that name.
 */
extern const MigLayout *
mig_layout_find(Mig *m, MigStr name, const MigTree *tree);

/* Whether any layout (named: that one) wants to see a file. */
extern bool mig_layout_wants(MigStr layout, MigStr file);

/* Take the files that the layout does not want out of tree->files; those that
   are SQL are reported as ignored. False: MIG_NOMEM. */
extern bool mig_layout_filter(Mig *m, const MigLayout *layout, MigTree *tree);

/* Read a tree that is filtered. Fails with what the layout fails with, and
   with MIG_FILE when there is no script. */
extern bool mig_layout_read(Mig *m, const MigLayout *layout, MigTree *tree);

/*
 * The native layout, which is dbmate's too: files directly in the directory
 * that end in .sql and do not begin with a dot, by the byte order of their
 * names; a file may hold several scripts. Header fields that are missing come
 * from the name, revises from the script before it. Fails with what a script
 * fails with (position set), with MIG_GRAPH when two scripts have one
 * revision, with MIG_FILE when there is no script.
 */
extern const MigLayout mig_layout_native;

/*
 * What a header leaves out, filled in: revision and message from the file's
 * name (without one: an empty message), revises from the script before (NULL:
 * base). False: MIG_SYNTAX (no revision, or the name gives none), MIG_NOMEM.
 */
extern bool mig_layout_complete(Mig *m, MigScript *s, const MigScript *before);

#endif
