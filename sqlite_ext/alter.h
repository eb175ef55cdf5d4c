/*
 * alter.h - ALTER TABLE as PostgreSQL's users write it, on SQLite.
 *
 * The core has made actions of the statement (translate.h) and edits the
 * stored CREATE TABLE (rebuild.h); here the edited table takes the place of
 * the old one, with its rows, rowids, indexes, triggers, statistics and the
 * number that AUTOINCREMENT keeps. Views and triggers elsewhere stay as they
 * are; one that no longer compiles behind it is an error that names it.
 */
#ifndef SQLITE_ALTER_H
#define SQLITE_ALTER_H

#include "sqlite_mig.h"

#include "rebuild.h"

/* One rebuild on its way. */
typedef struct SqliteAlter
{
	SqliteHost *s;
	Mig *m;
	MigItem item; /* with the database's and the table's true names */
	MigStr sql;   /* the stored CREATE TABLE */
	MigStr fresh; /* the new table's name until it takes the old one's */
	MigRebuild r;
} SqliteAlter;

/* alter_check.c: what else has to work as before. */

/* A view, or a table whose triggers compile with its statements. */
typedef struct SqliteUser
{
	struct SqliteUser *next;
	MigStr database, name;
	bool view;
	bool works; /* before */
} SqliteUser;

typedef struct SqliteWatch
{
	SqliteUser *users;

	/* Foreign keys of the table and of those that refer to it. */
	MigStr *tables;
	int64_t *violations; /* before; -1: they cannot be checked */
	int ntables;
	bool referenced; /* by any table */
	bool off;        /* switched off here */
} SqliteWatch;

/* Before a rebuild. Refuses one that foreign keys do not allow. */
extern bool sqlite_mig_watch_begin(SqliteAlter *a, SqliteWatch *w);

/* Behind it: MIG_HOST with what is broken. */
extern bool sqlite_mig_watch_check(SqliteAlter *a, SqliteWatch *w);

/* Switch foreign keys on again; always. */
extern void sqlite_mig_watch_end(SqliteAlter *a, SqliteWatch *w);

/* "database"."name" */
extern void sqlite_mig_name(MigText *t, MigStr database, MigStr name);

#endif
