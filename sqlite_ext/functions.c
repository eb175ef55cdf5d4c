#include "sqlite_mig.h"

void
sqlite_mig_error(sqlite3_context *context, SqliteCall *c)
{
	if (c->m.status.code == MIG_NOMEM)
	{
		sqlite3_result_error_nomem(context);
		return;
	}
	/* In this order: the code alone would bring its own text. */
	sqlite3_result_error(context, mig_status_text(&c->m), -1);
	sqlite3_result_error_code(context, sqlite_mig_code(c));
}

void
sqlite_mig_function(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	SqliteEntry *entry = sqlite3_user_data(context);
	SqliteCall c;

	if (sqlite_mig_call_start(&c, entry, sqlite3_context_db_handle(context),
	                          argc, argv) &&
	    mig_call(&c.call))
		sqlite_mig_result(context, entry->function->result, &c.call.result);
	else
		sqlite_mig_error(context, &c);
	sqlite_mig_call_done(&c);
}
