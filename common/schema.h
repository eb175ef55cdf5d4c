/*
 * schema.h - what a database's schema consists of, as a sorted list of
 * objects, so that two states of it can be told apart.
 *
 *     MigSchema before, after;
 *     MigDifferences found;
 *
 *     mig_schema_read(m, host, schema, &before);
 *     ... something runs ...
 *     mig_schema_read(m, host, schema, &after);
 *     mig_schema_diff(m, &before, &after, &found);
 *     for (int i = 0; i < found.count; i++)
 *         say(mig_schema_change(m, &found.at[i]));
 *
 * An object is a kind, a name, the table that it belongs to, and a definition
 * as the database words it, freed of what means nothing: layout, comments,
 * quotes, letter case of names in SQLite, the schema's own name in
 * PostgreSQL. Two schemas with equal lists behave the same; it is no dump.
 * The order of a table's columns is part of it.
 *
 * Left out are the engine's own tables (SQLite: whatever is called
 * "migrate_..."; PostgreSQL: what belongs to an extension), rows, statistics,
 * owners, and in PostgreSQL operators, casts, collations, text search and
 * what is not in a schema.
 */
#ifndef MIG_SCHEMA_H
#define MIG_SCHEMA_H

#include "host.h"

typedef struct MigObject
{
	MigStr kind;  /* "table", "column", "index", "constraint", ... */
	MigStr table; /* whose it is; absent: it stands for itself */
	MigStr name;  /* of a constraint without one, its text */
	MigStr definition;
} MigObject;

typedef struct MigSchema
{
	MigObject *objects; /* sorted by kind, table, name, definition */
	size_t count, room;
} MigSchema;

/* Add an object; the strings are not copied, those that are absent count as
   empty but for table. False: MIG_NOMEM. */
extern bool mig_schema_add(Mig *m, MigSchema *s, const MigObject *object);

/* Sort what was added; needed before anything below. False: MIG_NOMEM. */
extern bool mig_schema_sort(Mig *m, MigSchema *s);

/*
 * Read the live schema. schema is the argument of that name: a schema of
 * PostgreSQL or an attached database of SQLite; absent: all schemas, where
 * names outside of "public" are qualified, or "main". Between begin and end
 * of a call; sees what the call has done so far. The result lives as long as
 * m, whatever happens to the database.
 */
extern bool
mig_schema_read(Mig *m, MigHost *host, MigStr schema, MigSchema *out);

/* SHA-256 over the list, 64 hexadecimal digits; absent after MIG_NOMEM. */
extern MigStr mig_schema_fingerprint(Mig *m, const MigSchema *s);

typedef struct MigDifference
{
	const MigObject *before; /* NULL: it is new */
	const MigObject *after;  /* NULL: it is gone */
} MigDifference;

typedef struct MigDifferences
{
	MigDifference *at;
	int count;
} MigDifferences;

/*
 * What differs, in the order of the lists. What belongs to a table that came
 * or went is not told by itself. False: MIG_NOMEM.
 */
extern bool mig_schema_diff(Mig *m, const MigSchema *before,
                            const MigSchema *after, MigDifferences *out);

/* 'index "users_email"', 'column "email" of table "users"'. */
extern MigStr mig_schema_object(Mig *m, const MigObject *object);

/*
 * A change in words: 'index "users_email" is missing', 'table "x" is new',
 * 'column "email" of table "users" is "text" and was "text not null"'.
 * Absent after MIG_NOMEM.
 */
extern MigStr mig_schema_change(Mig *m, const MigDifference *change);

/* schema_sqlite.c, schema_postgresql.c: the parts of mig_schema_read(). */
extern bool
mig_schema_read_sqlite(Mig *m, MigHost *host, MigStr schema, MigSchema *out);
extern bool mig_schema_read_postgresql(Mig *m, MigHost *host, MigStr schema,
                                       MigSchema *out);

/* A definition of SQLite in one form: tokens with one blank between them,
   words and names in lower case and without needless quotes. */
extern MigStr mig_schema_canonical(Mig *m, MigStr sql);

/* The objects that one row of sqlite_schema stands for. */
extern bool mig_schema_add_sqlite(Mig *m, MigSchema *s, MigStr type,
                                  MigStr name, MigStr table, MigStr sql);

/* A definition of PostgreSQL without the name of a schema before others. */
extern MigStr mig_schema_unqualified(Mig *m, MigStr sql, MigStr schema);

#endif
