#define SQLITE_MIG_MODULE
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT1

#include "sqlite_mig.h"

#include <string.h>

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#elif defined(__GNUC__) || defined(__clang__)
#define EXPORT __attribute__((visibility("default")))
#else
#define EXPORT
#endif

/* RETURNING, ALTER TABLE ... DROP COLUMN; and sqlite3_txn_state() of 3.34. */
#define OLDEST 3035000

static void
release(void *p)
{
	SqliteMig *own = ((SqliteEntry *) p)->owner;

	if (--own->references == 0)
		sqlite3_free(own);
}

/* How far SQLite trusts a function: one that writes or touches files is not
   for views, triggers or the schema; one that looks is, whoever wrote them. */
static int
function_flags(const MigFunction *f)
{
	if (f->flags & (MIG_FN_WRITES | MIG_FN_FILES))
		return SQLITE_UTF8 | SQLITE_DIRECTONLY;
	if (f->flags & MIG_FN_PURE)
		return SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
	return SQLITE_UTF8 | SQLITE_INNOCUOUS;
}

/* A table-valued function cannot run DDL: one that returns rows and writes is
   a scalar function. */
static bool
is_table(const MigFunction *f)
{
	return (f->flags & MIG_FN_ROWS) && !(f->flags & MIG_FN_WRITES);
}

/* -1 arguments: call.c counts them, and names the missing one. */
static int
add(sqlite3 *db, SqliteEntry *e)
{
	const MigFunction *f = e->function;

	e->owner->references++; /* release() is called on failure too */
	if (is_table(f))
		return sqlite3_create_module_v2(db, f->name, &sqlite_mig_table, e,
		                                release);
	return sqlite3_create_function_v2(db, f->name, -1, function_flags(f), e,
	                                  f->flags & MIG_FN_ROWS
	                                      ? sqlite_mig_rows_function
	                                      : sqlite_mig_function,
	                                  NULL, NULL, release);
}

/* The library goes when loading fails, so nothing may point into it. */
static void
take_back(sqlite3 *db, const SqliteEntry *e)
{
	const MigFunction *f = e->function;

	if (is_table(f))
		sqlite3_create_module_v2(db, f->name, NULL, NULL, NULL);
	else
		sqlite3_create_function_v2(db, f->name, -1, SQLITE_UTF8, NULL, NULL,
		                           NULL, NULL, NULL);
}

static int
add_all(sqlite3 *db, SqliteMig *own)
{
	int rc = sqlite_mig_seen_add(db);
	int done = 0;

	while (done < MIG_FN_COUNT && rc == SQLITE_OK)
	{
		SqliteEntry *e = &own->entries[done];

		e->owner = own;
		e->function = &mig_functions[done];
		rc = add(db, e);
		if (rc == SQLITE_OK)
			done++;
	}
	while (rc != SQLITE_OK && done > 0)
		take_back(db, &own->entries[--done]);
	if (rc != SQLITE_OK)
		sqlite_mig_seen_take_back(db);
	return rc;
}

EXPORT int
sqlite3_migrate_init(sqlite3 *db, char **error,
                     const sqlite3_api_routines *api)
{
	SqliteEntry first;
	SqliteMig *own;
	int rc;

	SQLITE_EXTENSION_INIT2(api);
	if (sqlite3_libversion_number() < OLDEST)
	{
		*error =
			sqlite3_mprintf("migrate needs SQLite 3.35.0 or newer, this is %s",
		                    sqlite3_libversion());
		return SQLITE_ERROR;
	}
	own = sqlite3_malloc64(sizeof(*own));
	if (own == NULL)
		return SQLITE_NOMEM;
	memset(own, 0, sizeof(*own));
	own->references = 1; /* ours, until everything is registered */
	rc = add_all(db, own);
	if (rc != SQLITE_OK)
		*error = sqlite3_mprintf("could not register the functions of"
		                         " migrate: %s",
		                         sqlite3_errmsg(db));
	first.owner = own;
	release(&first);
	return rc;
}
