/*
 * export.h - the way out: the stored scripts as another tool's directory.
 *
 *     SELECT name, content FROM migrate_export('goose');
 *
 * The graph becomes one line, in the order in which everything would be
 * applied to an empty database. Versions are the revisions where these are
 * numbers of one length that rise in that order (underscores left out), else
 * 000001, 000002 and so on. When a script has sections for one database only,
 * there are two folders, postgresql/ and sqlite/, each complete.
 *
 * Sections are given as they are written. What the format cannot say is an
 * error that names it (MIG_STATE): nothing is left out in silence.
 */
#ifndef MIG_EXPORT_H
#define MIG_EXPORT_H

#include "function.h"
#include "script.h"
#include "text.h"

/* A file that is being written. */
typedef struct MigExport
{
	Mig *m;
	const MigDialect *dialect; /* of the folder */
	const MigScript *s;
	const char *layout;
	MigStr folder;  /* "", "postgresql/" or "sqlite/" */
	MigStr version; /* digits; absent: repeatable */
	MigStr slug;

	MigFile *files;
	int nfiles;
	size_t room;
} MigExport;

typedef struct MigExporter
{
	const char *name;
	/* Add the files of one script. */
	bool (*write)(MigExport *e);
	bool repeatable; /* the tool has scripts that run when they change */
} MigExporter;

/* By name; NULL: there is none. */
extern const MigExporter *mig_exporter_find(MigStr name);
extern MigStr mig_exporter_names(Mig *m);

/* What of a script goes into one file. */
typedef struct MigPiece
{
	MigText text;
	MigStatements all; /* when it was asked for */
	int sections;
	bool alone;   /* outside of a transaction */
	bool control; /* it has BEGIN ... COMMIT of its own */
} MigPiece;

/*
 * The sections of a kind for e's dialect, joined (down from the last).
 * MIG_STATE when they differ in whether they run in a transaction, or hold
 * what only this engine runs: data of COPY, statements to verify.
 */
extern bool mig_export_piece(MigExport *e, MigSectionKind kind, MigPiece *out);

/* Add a file, its name put together by the format. */
extern bool mig_export_file(MigExport *e, MigStr content, const char *format,
                            ...) MIG_PRINTF(3, 4);

/* "FORMAT cannot say WHAT"; with the revision. Returns false. */
extern bool mig_export_refuse(MigExport *e, const char *what);

extern bool mig_call_export(MigCall *c);

#endif
