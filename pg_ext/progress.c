#include "binding.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"

/* How far a statement is, by whichever of the server's views knows it; all of
   them tell blocks or bytes of the phase that runs. */
static const char sql[] =
	"SELECT v.phase, round(100.0 * v.done / NULLIF(v.total, 0), 1) FROM ("
	"SELECT phase, blocks_done AS done, blocks_total AS total"
	" FROM pg_catalog.pg_stat_progress_create_index WHERE pid = $1"
	" UNION ALL SELECT phase, heap_blks_scanned, heap_blks_total"
	" FROM pg_catalog.pg_stat_progress_vacuum WHERE pid = $1"
	" UNION ALL SELECT phase, heap_blks_scanned, heap_blks_total"
	" FROM pg_catalog.pg_stat_progress_cluster WHERE pid = $1"
#if PG_VERSION_NUM >= 140000
	" UNION ALL SELECT 'copying', bytes_processed, bytes_total"
	" FROM pg_catalog.pg_stat_progress_copy WHERE pid = $1"
#endif
	") AS v";

PG_FUNCTION_INFO_V1(pg_mig_progress);

Datum
pg_mig_progress(PG_FUNCTION_ARGS)
{
	Oid types[1] = {INT4OID};
	Datum argument[1];
	Datum values[2] = {0};
	bool nulls[2] = {true, true};
	HeapTupleHeader row;
	TupleDesc shape;

	argument[0] = PG_GETARG_DATUM(0);
	if (get_call_result_type(fcinfo, NULL, &shape) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	shape = BlessTupleDesc(shape);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_execute_with_args(sql, 1, types, argument, NULL, true, 1) !=
	    SPI_OK_SELECT)
		elog(ERROR, "could not read the progress of a statement");
	if (SPI_processed == 1)
		for (int i = 0; i < 2; i++)
			values[i] = SPI_getbinval(SPI_tuptable->vals[0],
			                          SPI_tuptable->tupdesc, i + 1, &nulls[i]);
	row = SPI_returntuple(heap_form_tuple(shape, values, nulls), shape);
	SPI_finish();
	PG_RETURN_HEAPTUPLEHEADER(row);
}
