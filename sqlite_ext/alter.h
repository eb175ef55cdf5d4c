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
	bool settled;  /* the copy has seen that no value is refused */
	bool together; /* foreign keys are watched by whoever changes several */
	bool free;     /* no table was found that has foreign keys */
} SqliteAlter;

/* An index or a trigger, to be made again. */
typedef struct SqlitePart
{
	MigStr name, sql;
	bool trigger;
	bool temporary; /* a trigger of the connection's own */
} SqlitePart;

typedef struct SqliteParts
{
	SqlitePart *items;
	size_t count, room;
	bool temporary;
} SqliteParts;

/* alter.c, for the files around it. */

/* SELECT what FROM database.sqlite_master WHERE condition */
extern MigStr sqlite_mig_alter_master(SqliteAlter *a, const char *what,
                                      MigStr database, const char *where);

/* What a query gave as text; 0 when it is none. */
extern int64_t sqlite_mig_alter_number(MigStr text);

/* Carry out the actions of a->item on the table that it names. */
extern bool
sqlite_mig_alter_table(SqliteAlter *a, const MigStatement *st, MigResult *r);

/* Edit the stored text into a->r, calling the table `name`. */
extern bool
sqlite_mig_alter_edit(SqliteAlter *a, MigStr name, const MigStatement *st);

/* False; the failure's place, if it has one, is shown as a statement's. */
extern bool
sqlite_mig_alter_placed_failure(SqliteAlter *a, const MigStatement *st);

/* The true names of a->item's database and table, and the stored text. *is:
   there is one; else a failure, unless IF EXISTS. */
extern bool sqlite_mig_alter_find(SqliteAlter *a, bool *is);

/* Whether a database is known to have no foreign key, view or trigger. */
extern bool sqlite_mig_is_plain(const SqliteAlter *a, MigStr database);

/* The names of the tables of a database that refer to one of its tables, that
   one included, a row each. */
extern bool sqlite_mig_referring(SqliteAlter *a, MigStr database, MigStr table,
                                 MigRowFn row, void *arg);

/* Run a statement; MIG_HOST with SQLite's error. */
extern bool sqlite_mig_alter_run(SqliteAlter *a, MigStr sql);

/* One value of a query with one parameter, or none if arg is absent; absent
   when there is no row. */
extern bool
sqlite_mig_alter_value(SqliteAlter *a, MigStr sql, MigStr arg, MigStr *out);

/* A MigRowFn that copies the first cell to the MigStr at arg. */
extern bool sqlite_mig_alter_cell(void *arg, Mig *m, const MigStr *cells);

/* Whether a->item's database has a table of that name. */
extern bool sqlite_mig_alter_has(SqliteAlter *a, const char *name, bool *yes);

/* alter_place.c: put the edited text in the place of the stored one, where no
   row needs to be touched (rebuild.h). *done is false when it takes a rebuild
   after all: temporary tables, connections in defensive mode, rows that lack
   a value. */
extern bool sqlite_mig_alter_in_place(SqliteAlter *a, bool *done);

/* Whether the columns, or the indexes of keys, of the two tables are stored
   alike. */
extern bool sqlite_mig_alter_alike(SqliteAlter *a, bool indexes, bool *yes);

/* alter_drop.c: DROP TABLE and TRUNCATE. */
extern bool
sqlite_mig_drop(SqliteHost *s, Mig *m, const MigStatement *st, MigResult *r);

/* alter_labels.c: carry out the action on every table that has columns of its
   enum type. */
extern bool
sqlite_mig_alter_type(SqliteAlter *a, const MigStatement *st, MigResult *r);

/* alter_types.c: after a change of types, a value that the new one refuses in
   PostgreSQL is MIG_HOST, with the value. */
extern bool sqlite_mig_alter_types(SqliteAlter *a);

/* alter_copy.c: copy the rows into the new table, and empty the old one where
   that counts them. *rows: how many. */
extern bool
sqlite_mig_alter_fill(SqliteAlter *a, const SqliteParts *p, int64_t *rows);

/* Run a->r.copy. Sets a->settled when each value of another type was surely
   one that the type takes, so that they need not be looked at again. */
extern bool sqlite_mig_alter_values(SqliteAlter *a);

/* alter_kept.c: what ANALYZE has found, with the name of another table. */
extern bool sqlite_mig_kept_rename(SqliteAlter *a, MigStr from, MigStr to);

/* Without indexes that are gone; not alike: without those of keys, too. */
extern bool sqlite_mig_kept_prune(SqliteAlter *a, bool alike);

/* The new table goes on from the number that the old one has come to. */
extern bool sqlite_mig_kept_sequence(SqliteAlter *a);

/* alter_comment.c: rows of migrate_comment about what is gone. */
extern bool
sqlite_mig_comment_drop(SqliteAlter *a, MigStr database, MigStr table);
extern bool sqlite_mig_comment_drop_column(SqliteAlter *a, MigStr column);
extern bool sqlite_mig_comment_drop_index(SqliteAlter *a, MigStr index);

/* Of constraints that the actions drop, also with columns, or rename, and of a
   type with another name. */
extern bool sqlite_mig_comment_rules(SqliteAlter *a);
extern bool sqlite_mig_comment_type(SqliteAlter *a, MigStr from, MigStr to);

/* alter_check.c: what else has to work as before. */

/* A view, or a table whose triggers compile with its statements. */
typedef struct SqliteUser
{
	struct SqliteUser *next;
	MigStr database, name;
	bool view;
	bool works; /* before */
	bool plain; /* also where strings cannot stand in double quotes */
} SqliteUser;

typedef struct SqliteWatch
{
	SqliteUser *users;
	int strings; /* whether they can, and it matters */

	/* Foreign keys of the table and of those that refer to it. */
	MigStr *tables;
	int64_t *violations; /* before; -1: they cannot be checked */
	int ntables;
	bool referenced; /* a table, by another one */
	MigStr referred, referring;
	bool off; /* switched off here */
} SqliteWatch;

/* Before a rebuild. Refuses one that foreign keys do not allow. */
extern bool sqlite_mig_watch_begin(SqliteAlter *a, SqliteWatch *w);

/* Behind it: MIG_HOST with what is broken. */
extern bool sqlite_mig_watch_check(SqliteAlter *a, SqliteWatch *w);

/* The same of the foreign keys alone, of several tables that change together
   and of those that refer to them. */
extern bool sqlite_mig_watch_keys_begin(SqliteAlter *a, SqliteWatch *w,
                                        const MigStr *tables, size_t count);
extern bool sqlite_mig_watch_keys_check(SqliteAlter *a, const SqliteWatch *w);

/* The same without a say in whether foreign keys are on. */
extern bool sqlite_mig_watch_keys_look(SqliteAlter *a, SqliteWatch *w,
                                       const MigStr *tables, size_t count);

/* Switch foreign keys on again; when the rebuild has failed, that is left to
   whoever undoes it. */
extern bool sqlite_mig_watch_end(SqliteAlter *a, SqliteWatch *w, bool done);

/* The views and triggers, and whether each works now. */
extern bool sqlite_mig_users_begin(SqliteAlter *a, SqliteWatch *w);
extern bool
sqlite_mig_user_works(SqliteAlter *a, const SqliteUser *u, bool *yes);

/* alter_views.c: the views that worked when the watch began and do not now:
   dropped, with what is known of them, or remembered until the revision ends;
   where there is none, a failure. */
extern bool sqlite_mig_views_drop(SqliteAlter *a, const SqliteWatch *w);
extern bool
sqlite_mig_views_remember(SqliteAlter *a, const SqliteWatch *w,
                          const MigChange *by, const MigStatement *st);

/* How many rows of a table refer to nothing; -1 when that cannot be said,
   because a key fits nothing. *orphan: the rowid of one, or absent. */
extern bool sqlite_mig_violations(SqliteAlter *a, MigStr table, int64_t *count,
                                  MigStr *orphan, MigStr *parent);
extern bool sqlite_mig_fail_orphan(SqliteAlter *a, MigStr table, MigStr orphan,
                                   MigStr parent);

/* "database"."name" */
extern void sqlite_mig_name(MigText *t, MigStr database, MigStr name);

#endif
