/*
 * sqlite_mig.h - the SQLite binding's own types.
 *
 *     sqlite3_migrate_init()          module.c
 *         a function is called        functions.c, tables.c
 *             sqlite_mig_call_start() call.c: a Mig and a host on the stack
 *             mig_call()              the core, which calls back into host.c
 *             error.c                 a failure as SQLite's error
 *
 * Nothing lives longer than one call from SQL but SqliteMig, one for each
 * connection. In particular no prepared statement does: sqlite3_close()
 * refuses to close a connection that has one.
 */
#ifndef SQLITE_MIG_H
#define SQLITE_MIG_H

#include <sqlite3ext.h>

#include "function.h"
#include "map.h"
#include "text.h"

/* Behind SQLite's own macro for files other than module.c. */
#ifndef SQLITE_MIG_MODULE
SQLITE_EXTENSION_INIT3
#endif

/* Since 3.37. */
#ifndef SQLITE_CONSTRAINT_DATATYPE
#define SQLITE_CONSTRAINT_DATATYPE (SQLITE_CONSTRAINT | (12 << 8))
#endif

typedef struct SqliteMig SqliteMig;

/* A function as registered: what sqlite3_user_data() gives. */
typedef struct SqliteEntry
{
	SqliteMig *owner;
	const MigFunction *function;
} SqliteEntry;

/* One connection's. Freed when the last registration goes. */
struct SqliteMig
{
	int references;
	bool running; /* a call that writes is under way */
	SqliteEntry entries[MIG_FN_COUNT];
};

/* What begin opened and end has to close. */
typedef enum SqliteHold
{
	SQLITE_HOLD_NOTHING,
	SQLITE_HOLD_TRANSACTION, /* our own BEGIN IMMEDIATE */
	SQLITE_HOLD_SAVEPOINT    /* inside the caller's transaction */
} SqliteHold;

/* A pragma that a script has changed, and the statement that undoes it. */
typedef struct SqliteSetting
{
	struct SqliteSetting *next;
	const char *undo;
} SqliteSetting;

/* How many rows of `table` referred to nothing before a revision. */
typedef struct SqliteViolation
{
	MigStr key;
	int64_t before, after;
} SqliteViolation;

/* Foreign keys while a revision runs without them. */
typedef struct SqliteKeys
{
	bool off;    /* leave or end has to switch them on again */
	bool legacy; /* end has to switch off PRAGMA legacy_alter_table */
	bool watch;  /* leave has to check them */
	bool broken; /* the check failed before the revision ran */
	MigMap map;  /* key to index in found */
	SqliteViolation *found;
	size_t count, room;
} SqliteKeys;

/* A view that works no more because of a statement, which may be made good
   again before the revision ends. */
typedef struct SqliteBroken
{
	struct SqliteBroken *next;
	MigStr database, view;
	MigStr kind, name; /* what the statement drops */
	MigStatement by;
} SqliteBroken;

typedef struct SqliteHost
{
	MigHost base; /* first */
	sqlite3 *db;
	SqliteEntry *entry;
	int code; /* SQLite's extended code of the failure, or SQLITE_OK */

	/* from begin to end */
	MigScope scope;
	SqliteHold hold;
	const char *scripts;    /* database of "@s.", always "main" but for a
	                           database that brings its own scripts */
	const char *state;      /* database of "@a." */
	bool alias;             /* state is not main */
	bool stateless;         /* MIG_READ: state has no tables yet */
	bool owns;              /* this call has set owner->running */
	bool synced;            /* MIG_EACH: state has main's scripts */
	sqlite3_stmt *spare;    /* see transaction.c */
	sqlite3_stmt *watch[2]; /* MIG_READ: keep the snapshot */
	sqlite3_stmt *queries[MIG_Q_COUNT];

	int64_t pages; /* before a statement that is rehearsed */

	/* `state` was looked through in this transaction, and has no foreign key,
	   view or trigger; nothing has run since but DROP TABLE. A downgrade
	   of many tables looks once then. */
	bool plain;

	/* from enter to leave */
	SqliteSetting *settings;
	SqliteKeys keys;
	SqliteBroken *broken;
} SqliteHost;

/* Everything of one call from SQL. */
typedef struct SqliteCall
{
	Mig m;
	SqliteHost host;
	MigCall call;
} SqliteCall;

/* call.c */

/* Prepare a call and fetch its arguments. The call has to be given back with
   sqlite_mig_call_done(), also when this fails. */
extern bool sqlite_mig_call_start(SqliteCall *c, SqliteEntry *entry,
                                  sqlite3 *db, int argc, sqlite3_value **argv);
extern void sqlite_mig_call_done(SqliteCall *c);
extern void sqlite_mig_result(sqlite3_context *context, MigType type,
                              const MigValue *value);

/* functions.c, tables.c */
extern void
sqlite_mig_function(sqlite3_context *context, int argc, sqlite3_value **argv);
extern const sqlite3_module sqlite_mig_table;

/* The failure of a call as the result of its function. */
extern void sqlite_mig_error(sqlite3_context *context, SqliteCall *c);

/* rehearse.c: a function that runs scripts and returns rows. It returns the
   number of revisions or statements, and leaves the rows in a temporary
   table. */
extern void sqlite_mig_rows_function(sqlite3_context *context, int argc,
                                     sqlite3_value **argv);
extern bool sqlite_mig_watch(MigHost *h, Mig *m, bool after, MigSeen *seen);
extern bool sqlite_mig_trial(MigHost *h, Mig *m, bool begin);

/* What COMMIT would find wrong. */
extern bool sqlite_mig_deferred(SqliteHost *s, Mig *m);

/* host.c, files.c */
extern const MigHostOps sqlite_mig_host;
extern const MigFileOps sqlite_mig_files;

/* scan.c: MigHostOps.scan */
extern bool sqlite_mig_scan(MigHost *h, Mig *m, MigStr sql, int ncells,
                            MigStoredFn row, void *arg);

/* transaction.c */
extern bool
sqlite_mig_begin(MigHost *h, Mig *m, MigScope scope, MigStr schema);
extern bool sqlite_mig_end(MigHost *h, Mig *m, bool keep);

extern bool sqlite_mig_commit(MigHost *h, Mig *m);

/* MIG_EACH: out of the transaction, in which nothing was done, and into a new
   one. */
extern bool sqlite_mig_pause(SqliteHost *s, Mig *m);
extern bool sqlite_mig_resume(SqliteHost *s, Mig *m);

/* Make anew the statement by which a transaction is undone that SQLite does
   not let us roll back. */
extern bool sqlite_mig_spare(SqliteHost *s, Mig *m);

/* alone.c */
extern bool
sqlite_mig_check_alone(MigHost *h, Mig *m, const MigStatement *statement);
extern bool
sqlite_mig_exec_alone(MigHost *h, Mig *m, const MigAlone *alone, MigResult *r);

/* state.c */

/* A query's text for this call: "@s.", "@a." and parameters replaced. */
extern MigStr sqlite_mig_expand(SqliteHost *s, Mig *m, const char *sql);

/* Find the state tables; a call that writes makes them if they are missing. */
extern bool sqlite_mig_find_tables(SqliteHost *s, Mig *m);

/* Copy the scripts of main to the attached database that was migrated. */
extern bool sqlite_mig_sync(SqliteHost *s, Mig *m);

/* settings.c */
extern bool sqlite_mig_enter(MigHost *h, Mig *m, bool fk_off);
extern bool sqlite_mig_leave(MigHost *h, Mig *m, bool done);

/* Before a script's PRAGMA runs: remember what it changes. Refuses one of
   another database than the call's. */
extern bool sqlite_mig_setting_save(SqliteHost *s, Mig *m, MigStr pragma);

/* keys.c: before and after a revision that runs without foreign keys. */
extern bool sqlite_mig_keys_before(SqliteHost *s, Mig *m);
extern bool sqlite_mig_keys_after(SqliteHost *s, Mig *m);

/* Switch a setting of sqlite3_db_config() that makes all prepared statements
   stale. There is no moment in which the transaction could not be undone. */
extern bool sqlite_mig_switch(SqliteHost *s, Mig *m, int setting, int value);

/* Back to what was before, where that has not been done: also without memory,
   but all prepared statements are stale then, `spare` too. */
extern void sqlite_mig_keys_on(SqliteHost *s);

/*
 * qualify.c: a statement with its unqualified names put into the database
 * `state`, so that a script runs on an attached database as it does on main.
 * Names of temporary objects and of common table expressions stay.
 */
extern MigStr sqlite_mig_qualify(SqliteHost *s, Mig *m, MigStr text);

/* alter.c: carry out a MIG_STMT_ALTER. r->rows: how many were copied. */
extern bool
sqlite_mig_alter(SqliteHost *s, Mig *m, const MigStatement *st, MigResult *r);

/* alter_types.c: the function that a rebuild's copy hands its values to. */
extern int sqlite_mig_seen_add(sqlite3 *db);
extern void sqlite_mig_seen_take_back(sqlite3 *db);

/* alter_views.c: at the end of a revision, what its DROPs have broken for good
   fails. */
extern bool sqlite_mig_broken_check(SqliteHost *s, Mig *m);

/* guard.c: refuse a statement that touches another database. Not for PRAGMA,
   which SQLite carries out while it compiles it. */
extern bool sqlite_mig_guard(SqliteHost *s, Mig *m, MigStr text);
extern bool sqlite_mig_refuse_foreign(SqliteHost *s, Mig *m);

/* system.c */
extern MigStr sqlite_mig_user(Mig *m);
extern MigStr sqlite_mig_client(Mig *m);
extern int64_t sqlite_mig_now(MigHost *h, int *offset);

/* error.c */

/* The connection's last error as m's failure; returns false. */
extern bool sqlite_mig_fail(SqliteHost *s, Mig *m);

/* SQLite's code for a call that failed. */
extern int sqlite_mig_code(const SqliteCall *c);

/* Run one statement without rows; SQLite's code. */
extern int sqlite_mig_run(sqlite3 *db, const char *sql);

#endif
