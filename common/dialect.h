/*
 * dialect.h - what differs between PostgreSQL and SQLite, as data.
 */
#ifndef MIG_DIALECT_H
#define MIG_DIALECT_H

#include "mig.h"

/* Which databases a section is for. */
typedef enum MigFor
{
	MIG_FOR_BOTH,
	MIG_FOR_POSTGRESQL,
	MIG_FOR_SQLITE
} MigFor;

struct MigDialect
{
	const char *name; /* "postgresql", "sqlite" */
	MigFor id;

	/* lexical */
	bool dollar_quotes;   /* $tag$ ... $tag$ */
	bool escape_strings;  /* E'..\'..' */
	bool nested_comments; /* comments count their nesting */
	bool bracket_names;   /* [name] */
	bool backtick_names;  /* `name` */
	bool psql_commands;   /* a line that begins with a backslash */
	bool copy_data;       /* COPY ... FROM stdin; data; \. */
	bool trigger_bodies;  /* CREATE TRIGGER ... BEGIN ... END */
	bool atomic_bodies;   /* BEGIN ATOMIC ... END */
};

extern const MigDialect mig_postgresql;
extern const MigDialect mig_sqlite;

/*
 * The lexical rules of a section for both databases, which may be in either
 * flavour. They are the same whatever database reads it, so that a script has
 * one meaning and one checksum: comments nest, COPY brings its data along,
 * names may stand in backticks. Only `name` and `id` say which database it
 * is. Brackets are told apart later (ddl.h).
 */
extern const MigDialect mig_either_postgresql;
extern const MigDialect mig_either_sqlite;

/* By name ("postgresql", "sqlite"); NULL if there is none. */
extern const MigDialect *mig_dialect_find(MigStr name);

/* The dialect in which a section for these databases is read in m: for BOTH
   one of mig_either_. */
extern const MigDialect *mig_dialect_of(const Mig *m, MigFor id);

/* The rules for both flavours that go with a database's own. */
extern const MigDialect *mig_dialect_either(const MigDialect *dialect);

#endif
