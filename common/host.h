/*
 * host.h - what the core needs of a database: the seam of the two bindings.
 *
 * A binding embeds MigHost as the first member of its own struct. A callback
 * fails by returning false with m's status set, or by not returning
 * (PostgreSQL's ereport jumps). So while one runs, the core owns arena
 * memory and nothing else. Strings that a callback hands over live in m's
 * arena, except a row's cells.
 */
#ifndef MIG_HOST_H
#define MIG_HOST_H

#include "queries.h"
#include "split.h"

typedef struct MigHost MigHost;

/* One row of a query; cells[i].at == NULL is NULL. Cells die on return. */
typedef bool (*MigRowFn)(void *arg, Mig *m, const MigStr *cells);

/* What a failure at a place leaves behind. */
typedef enum MigKept
{
	MIG_KEPT_NOTHING,  /* the call is undone as a whole */
	MIG_KEPT_REVISION, /* the revisions before this one are committed */
	MIG_KEPT_STATEMENT /* and the statements before this one */
} MigKept;

/* A value as SQLite stores it: any kind in any column. */
typedef enum MigStorage
{
	MIG_STORED_NULL,
	MIG_STORED_INTEGER,
	MIG_STORED_REAL,
	MIG_STORED_TEXT,
	MIG_STORED_BLOB
} MigStorage;

typedef struct MigStored
{
	MigStorage storage;
	int64_t integer;
	double real;
	MigStr text; /* of text and blobs; dies with the row */
} MigStored;

/* One row of stored values. */
typedef bool (*MigStoredFn)(void *arg, Mig *m, const MigStored *cells);

/* Where a run is; the binding adds it to the database's own errors. */
typedef struct MigPlace
{
	MigStr revision;
	MigStr source;                 /* file name without folders, or empty */
	const MigStatement *statement; /* NULL between statements */
	MigKept kept;
	int number, count; /* the statement is the first, second ... of so many
	                      that the step runs, those of verify sections too */
} MigPlace;

/* What a statement did. */
typedef struct MigResult
{
	int64_t rows; /* affected or returned */
	bool holds;   /* verify: returned a row, and no row's first column is
	                 NULL, false or 0 */
} MigResult;

/*
 * A statement that refuses a transaction, in the place that enter and leave
 * would give it.
 *
 * again: a try before was cut off. What it did may be there as a whole, in
 * part or not at all. PostgreSQL, CREATE INDEX CONCURRENTLY: an invalid index
 * of that name is dropped and built anew, a valid one of exactly that
 * definition is taken as done. DROP INDEX CONCURRENTLY of an index that is
 * not there is done. Anything else runs again, as everything does in SQLite.
 *
 * settings: statements of the revision that came before and set something for
 * the session (SET, RESET, PRAGMA name = value). They did not outlive their
 * own transaction, so they run again, before this one and in its session, and
 * are put back after it.
 */
typedef struct MigAlone
{
	const MigStatement *statement;
	bool again;
	const MigStatement *const *settings;
	int nsettings;
} MigAlone;

typedef enum MigScope
{
	MIG_READ,    /* only looks */
	MIG_WRITE,   /* changes state tables, runs no script */
	MIG_RUN,     /* runs scripts, all in one transaction */
	MIG_EACH,    /* runs scripts, a commit per revision */
	MIG_REHEARSE /* runs scripts, and undoes it: end with keep checks what a
	                commit would check */
} MigScope;

/* What a rehearsed statement did beside its rows; absent: nothing, or this
   database does not tell. */
typedef struct MigSeen
{
	int64_t elapsed;  /* microseconds; set by the core */
	int64_t bytes;    /* PostgreSQL: of write-ahead log. SQLite: of pages, in
	                    WAL mode those written, else by how many the file
	                    grew. -1: not known */
	MigStr locks;     /* on what was there before, strongest first */
	MigStr rewritten; /* tables and indexes that got a new file */
	MigStr sequences; /* whose values moved: that is not undone */
} MigSeen;

typedef struct MigHostOps
{
	/*
	 * Begin a call. schema is the argument of that name, or absent. Sets
	 * h->key. Refuses (MIG_CONTEXT) a nested call, a read-only transaction
	 * or server, in SQLite a statement that reads tables; (MIG_ARGUMENT) a
	 * schema that does not exist. MIG_READ of a call that goes on with
	 * MIG_EACH refuses an open transaction as that does. SQLite with MIG_WRITE or MIG_RUN: takes
	 * the write lock (BEGIN IMMEDIATE, or SAVEPOINT inside the caller's
	 * transaction) and makes the state tables if they are missing; with
	 * MIG_READ h->empty is set when they are missing.
	 */
	bool (*begin)(MigHost *h, Mig *m, MigScope scope, MigStr schema);

	/* End it; keep: commit, else roll back what it did (SQLite). Always
	   called after a begin that succeeded, unless a callback jumped. */
	bool (*end)(MigHost *h, Mig *m, bool keep);

	/* Before and after a revision's statements: names resolve as in the
	   scripts between the two, settings that a script changes are put back
	   by leave. fk_off: SQLite, run it without foreign keys and check them
	   in leave. done is false when a statement failed (SQLite only;
	   PostgreSQL has jumped). */
	bool (*enter)(MigHost *h, Mig *m, bool fk_off);
	bool (*leave)(MigHost *h, Mig *m, bool done);

	/* Run one statement of a script. */
	bool (*exec)(MigHost *h, Mig *m, const MigStatement *s, MigResult *r);

	/* Run one of the core's own queries; row (may be NULL) sees each row.
	   Arguments are text; the query's text casts them. */
	bool (*query)(MigHost *h, Mig *m, MigQuery query, const MigStr *args,
	              MigRowFn row, void *arg);

	/* Run a query that returns no rows once for each row of arguments: args
	   holds them one row after the other. NULL: query is as good. */
	bool (*query_rows)(MigHost *h, Mig *m, MigQuery query, const MigStr *args,
	                   int nrows);

	/* Run one query whose text the core made, its names quoted; arguments and
	   cells are text. PostgreSQL: names resolve in pg_catalog only. */
	bool (*select)(MigHost *h, Mig *m, MigStr sql, const MigStr *args,
	               int nargs, int ncells, MigRowFn row, void *arg);

	/* The same for values as they are stored; SQLite only. */
	bool (*scan)(MigHost *h, Mig *m, MigStr sql, int ncells, MigStoredFn row,
	             void *arg);

	/*
	 * MIG_EACH: make permanent what was done, and go on in a new
	 * transaction. The scripts and what is applied may be others then: read
	 * them again. begin with MIG_EACH refuses a transaction that is open, by
	 * mig_run_refuse_block(); in PostgreSQL it takes a lock that holds other
	 * runs off until end.
	 */
	bool (*commit)(MigHost *h, Mig *m);

	/* MIG_EACH, before anything runs: refuse a statement that exec_alone can
	   never run here. May be NULL. */
	bool (*check_alone)(MigHost *h, Mig *m, const MigStatement *s);

	/* MIG_EACH, directly after commit: run a statement that refuses a
	   transaction outside of any. log, or NULL: whom it gave way to. */
	bool (*exec_alone)(MigHost *h, Mig *m, const MigAlone *alone,
	                   MigResult *r);
	bool (*log)(MigHost *h, Mig *m);

	/* MIG_REHEARSE: before and after a statement; what it tells lives as long
	   as the call. */
	bool (*watch)(MigHost *h, Mig *m, bool after, MigSeen *seen);

	/* MIG_REHEARSE: begin something that is undone before the rest goes on;
	   and undo it. Not nested. */
	bool (*trial)(MigHost *h, Mig *m, bool begin);

	/* Tell the user: NOTICE in PostgreSQL, sqlite3_log in SQLite. */
	void (*note)(MigHost *h, Mig *m, const char *text);

	/* Microseconds since the Unix epoch; *offset (may be NULL) is local
	   time's distance from UTC in seconds at that moment. */
	int64_t (*now)(MigHost *h, int *offset);
} MigHostOps;

/* One file of a directory. */
typedef struct MigFile
{
	MigStr name; /* relative to the directory, folders by / */
	MigStr text;
} MigFile;

typedef struct MigFileOps
{
	/* May this caller read (write: and write) files on the host? */
	bool (*allowed)(MigHost *h, Mig *m, bool write);

	/* Whether path is a directory, else it is a regular file. False with
	   MIG_FILE if it is neither, or not there. */
	bool (*is_directory)(MigHost *h, Mig *m, MigStr path, bool *yes);

	/* Names of what is directly in a directory, any order: regular files, and
	   directories with a / behind their names, but for "." and "..". Symbolic
	   links count as what they lead to if that is a file below root, the
	   directory that is read as a whole; all others are left out. */
	bool (*list)(MigHost *h, Mig *m, MigStr root, MigStr path, MigStr **names,
	             int *count);

	/* A whole file, that is_directory or list has found. At most 1 GiB. */
	bool (*read)(MigHost *h, Mig *m, MigStr path, MigStr *text);

	/* A new file; MIG_FILE if it exists. Written whole or not at all. */
	bool (*write)(MigHost *h, Mig *m, MigStr path, MigStr text);
} MigFileOps;

struct MigHost
{
	const MigHostOps *ops;
	const MigFileOps *files;
	const char *version; /* of this software */
	int release;         /* SQLite's, as 3045001; 0: it is another database */
	bool exclusive; /* whoever writes is alone in the database: no row has to
	                   be there to be locked */

	/* set by begin */
	MigStr who;    /* the role, or the operating system's user */
	MigStr client; /* from where: address and application */
	MigStr key;    /* what migrate_applied.schema holds for this call */
	bool empty;    /* there are no state tables yet */

	/* counted by commit, as soon as something is permanent: it can fail
	   after that */
	int64_t commits;

	/* set by the core */
	MigPlace place;
};

#endif
