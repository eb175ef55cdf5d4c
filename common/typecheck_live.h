/*
 * typecheck_live.h - the tables of a live database with the types of their
 * columns, their keys and references, as the type functions need them.
 *
 *     MigLive live;
 *
 *     if (mig_live_read(m, host, schema, &live))
 *         for (int i = 0; i < live.ntables; i++)
 *             use(&live.tables[i]);
 *
 * The engine's own tables, those of extensions, virtual ones, views and
 * partitions (their parent stands for them) are left out.
 */
#ifndef MIG_TYPECHECK_LIVE_H
#define MIG_TYPECHECK_LIVE_H

#include "host.h"
#include "types.h"

typedef struct MigLiveColumn
{
	MigStr name;
	MigStr declared;
	MigTypeName type; /* of what a domain stands for */
	bool not_null;
	int key; /* place in the primary key from 1; 0: not in it */
} MigLiveColumn;

typedef struct MigLiveTable
{
	MigStr name; /* PostgreSQL: with its schema, when that has to be said */
	MigStr from; /* quoted, for FROM */
	MigLiveColumn *columns;
	int ncolumns;
	size_t room;
	int nkey;          /* columns of the primary key */
	const char *rowid; /* SQLite: a name of it; NULL: it has none */
} MigLiveTable;

typedef struct MigLive
{
	MigLiveTable *tables; /* by name */
	int ntables;
	size_t room;
	MigStr schema; /* SQLite: of the database, never absent */
} MigLive;

/* Between begin and end of a call; schema is the argument of that name. */
extern bool mig_live_read(Mig *m, MigHost *host, MigStr schema, MigLive *out);

/* By name, case aside as in SQLite; NULL when there is none. */
extern const MigLiveTable *mig_live_table(const MigLive *live, MigStr name);
extern int mig_live_column(const MigLiveTable *t, MigStr name);

/* The column that is at that place (from 1) of the primary key, or -1. */
extern int mig_live_key(const MigLiveTable *t, int place);

#endif
