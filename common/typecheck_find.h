/*
 * typecheck_find.h - what migrate_type_check() finds: one row for each
 * column (or key) and problem, with how many values have it, where the first
 * ones are, one of them, and the query that lists them all.
 *
 *     MigFindings found;
 *
 *     mig_findings_start(&found, m, host, &live);
 *     mig_find_sqlite(&found);
 *     use(found.rows[0].problem);
 */
#ifndef MIG_TYPECHECK_FIND_H
#define MIG_TYPECHECK_FIND_H

#include "text.h"
#include "typecheck.h"
#include "typecheck_live.h"

/* So many rows are named. */
#define MIG_FIND_KEYS 5

typedef struct MigFinding
{
	MigStr table, column; /* of a key of several columns: all, by commas */
	const char *problem;
	const char *effect;
	int64_t count;
	MigText keys; /* "12, 17"; of keys of several columns "(a, 1), (b, 2)" */
	MigStr example;
	MigStr query;
} MigFinding;

typedef struct MigFindings
{
	Mig *m;
	MigHost *host;
	const MigLive *live;
	MigFinding *rows;
	size_t count, room;
} MigFindings;

extern void
mig_findings_start(MigFindings *f, Mig *m, MigHost *host, const MigLive *live);

/* A new row at the end; NULL on MIG_NOMEM. The pointer is good until the
   next one. */
extern MigFinding *mig_findings_add(MigFindings *f);

/* Add a key to a row's first ones; n is how many it has so far. */
extern void mig_finding_key(MigFinding *row, int64_t n, MigStr key);

/* A value to show: at most 60 characters, and nothing that is no text. */
extern MigStr mig_finding_example(Mig *m, MigStr value);

/* SQLite: read all values of a table; then the keys and the references of
   all tables, or of one. */
extern bool mig_find_values(MigFindings *f, const MigLiveTable *t);
extern bool mig_find_keys(MigFindings *f, const MigLiveTable *only);
extern bool mig_find_orphans(MigFindings *f, const MigLiveTable *only);

/* PostgreSQL: what values would lose in SQLite. */
extern bool mig_find_losses(MigFindings *f, const MigLiveTable *t);

/* A unique key of SQLite, by its columns. */
typedef struct MigUnique
{
	const MigLiveTable *table;
	int columns[32];
	int count;
} MigUnique;

/* The row key's columns as a list: "rowid", or the primary key quoted; both
   end with a comma unless there is none. Returns how many there are. */
extern int mig_find_row_key(MigText *sql, const MigLiveTable *t);

/*
 * Run a query that lists rows with a problem (row key, then the values), and
 * add a row with what it found, if anything. The query is the one shown.
 */
extern bool
mig_find_listed(MigFindings *f, const MigLiveTable *t, MigStr column,
                MigProblem p, MigStr query, int nvalues);

#endif
