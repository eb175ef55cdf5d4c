/*
 * layout_names.h - what the readers of several layouts share: names taken
 * apart, numbers compared, and files that are grouped to scripts.
 */
#ifndef MIG_LAYOUT_NAMES_H
#define MIG_LAYOUT_NAMES_H

#include "layout.h"
#include "lines.h"

/* Take an ending off, ASCII case ignored; end in lower case. */
extern bool mig_str_cut(MigStr *name, const char *end);

/*
 * The checksums that a tool may have recorded of a file whose line ends have
 * changed since: of the text as it is, with LF only and with CRLF only, by
 * commas, each once.
 */
typedef MigStr (*MigSumFn)(Mig *m, MigStr text);
extern MigStr mig_layout_sums(Mig *m, MigSumFn sum, MigStr text);

/* Take the digits and the underscore that a name begins with off it. False:
   it does not begin so. */
extern bool mig_str_version(MigStr *name, MigStr *digits);

/* Without leading zeros; "0" stays. */
extern MigStr mig_digits_short(MigStr digits);

/* A number up to max, or MIG_SYNTAX at the start of the file. */
extern bool
mig_digits_check(Mig *m, MigStr digits, const char *max, MigStr file);

/*
 * For which database a file is, by a folder at the start of its path
 * (sqlite/, postgres/) or by the last part of its name behind a dot
 * (x.postgres). That part is taken off the name; postgresql, pg, pgsql and
 * sqlite3 do as well.
 */
extern MigFor mig_path_target(MigStr *name);

/* One file, or a part of one, as a piece of a script. */
typedef struct MigPiece
{
	MigStr digits;  /* pieces with the same number are one script */
	MigStr version; /* as the tool's state table has it */
	MigStr name;    /* what stands behind the number */
	MigPart part;
} MigPiece;

typedef struct MigPieces
{
	MigPiece *items;
	int count;
	size_t room;
} MigPieces;

extern bool mig_piece_put(Mig *m, MigPieces *all, const MigPiece *piece);

/*
 * Scripts from pieces: by number, then by the name of their files. The
 * revision is the digits, the message the name. Two pieces of a script that
 * do the same for the same database are MIG_GRAPH, naming both files.
 */
extern bool
mig_pieces_read(Mig *m, MigTree *tree, const char *layout, MigPieces *all);

#endif
