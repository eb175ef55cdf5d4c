#include "binding.h"

#include "access/xact.h"
#include "tcop/pquery.h"
#include "utils/memutils.h"
#include "utils/portal.h"

#include "rows.h"

static void
receive_start(DestReceiver *self, int operation, TupleDesc shape)
{
	PgMigRows *rows = (PgMigRows *) self;

	(void) operation;
	rows->shape(rows, shape);
}

static bool
receive_row(TupleTableSlot *slot, DestReceiver *self)
{
	PgMigRows *rows = (PgMigRows *) self;
	MemoryContext old = MemoryContextSwitchTo(rows->memory);

	if (!rows->row(rows, slot))
		rows->ok = false;
	MemoryContextSwitchTo(old);
	MemoryContextReset(rows->memory);
	return rows->ok;
}

static void
receive_nothing(DestReceiver *self)
{
	(void) self;
}

bool
pg_mig_rows(PgMigRows *rows, SPIPlanPtr plan, Datum *values, const char *nulls,
            bool stable)
{
	Portal portal;

	rows->receiver = (DestReceiver){.receiveSlot = receive_row,
	                                .rStartup = receive_start,
	                                .rShutdown = receive_nothing,
	                                .rDestroy = receive_nothing,
	                                .mydest = DestNone};
	rows->ok = true;
	rows->memory = AllocSetContextCreate(CurrentMemoryContext, "migrate row",
	                                     ALLOCSET_DEFAULT_SIZES);
	portal = SPI_cursor_open(NULL, plan, values, nulls, stable);
	rows->running = true;
	PortalRunFetch(portal, FETCH_FORWARD, FETCH_ALL, &rows->receiver);
	rows->running = false;
	SPI_cursor_close(portal);
	MemoryContextDelete(rows->memory);
	if (!stable)
		CommandCounterIncrement();
	return rows->ok;
}
