/*
 * rows.h - a query's rows as they come, none of them kept.
 *
 * SPI collects a result before it hands it over; this runs a plan through a
 * portal with a receiver of its own, in all supported versions of the server.
 */
#ifndef PG_MIG_ROWS_H
#define PG_MIG_ROWS_H

#include "executor/spi.h"
#include "executor/tuptable.h"
#include "tcop/dest.h"

#include "binding.h"

typedef struct PgMigRows PgMigRows;

struct PgMigRows
{
	/* in */
	DestReceiver receiver; /* first; pg_mig_rows() fills it */
	void (*shape)(PgMigRows *rows, TupleDesc shape);    /* before any row */
	bool (*row)(PgMigRows *rows, TupleTableSlot *slot); /* false: enough */
	void *arg;
	/* out */
	MemoryContext memory; /* current in row(), emptied after it */
	bool running;         /* it is executing: SPI tells no context */
	bool ok;              /* no row() returned false */
};

/*
 * Run a plan for which SPI_is_cursor_plan() holds. stable: see what the
 * caller's statement sees; otherwise everything done so far. Returns whether
 * every row() returned true.
 */
extern bool pg_mig_rows(PgMigRows *rows, SPIPlanPtr plan, Datum *values,
                        const char *nulls, bool stable);

#define PG_MIG_MAX_CELLS 16

/* The rows of one of the core's own queries. */
typedef struct PgMigCells
{
	int count;
	Oid types[PG_MIG_MAX_CELLS];
	FmgrInfo outputs[PG_MIG_MAX_CELLS];
	char numbers[PG_MIG_MAX_CELLS][24]; /* as text, for one row */
	Mig *m;
	MigRowFn row;
	void *arg;
} PgMigCells;

StaticAssertDecl(MIG_C_COUNT <= PG_MIG_MAX_CELLS &&
                     MIG_SS_COUNT <= PG_MIG_MAX_CELLS &&
                     MIG_SC_COUNT <= PG_MIG_MAX_CELLS,
                 "a query returns more cells than there is room for");

#endif
