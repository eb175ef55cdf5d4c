/*
 * split.h - a section's text to statements.
 *
 * A semicolon ends a statement except inside quotes, comments, dollar quotes,
 * parentheses, BEGIN ATOMIC bodies (PostgreSQL) and trigger bodies (SQLite:
 * CREATE TRIGGER ends at END and a semicolon; CASE ... END nests in both).
 * Empty statements are left out. A statement's text runs from its first
 * token that says something to its last, comments inside kept, comments
 * before it and the semicolon left out.
 *
 * PostgreSQL: COPY ... FROM stdin is followed by its data up to a line that
 * is only \. ; that data becomes the statement's `data`. psql's \restrict and
 * \unrestrict lines are skipped, any other \command is MIG_SYNTAX.
 */
#ifndef MIG_SPLIT_H
#define MIG_SPLIT_H

#include "lex.h"

/* What the engine must know of a statement; everything else is PLAIN. */
typedef enum MigStatementKind
{
	MIG_STMT_PLAIN,
	MIG_STMT_BEGIN,         /* BEGIN, START TRANSACTION */
	MIG_STMT_COMMIT,        /* COMMIT, END */
	MIG_STMT_ROLLBACK,      /* ROLLBACK, ABORT, also ROLLBACK TO */
	MIG_STMT_SAVEPOINT,     /* SAVEPOINT, RELEASE */
	MIG_STMT_OTHER_CONTROL, /* PREPARE TRANSACTION, SET TRANSACTION ... */
	MIG_STMT_PRAGMA,        /* SQLite's PRAGMA, but for the next two */
	MIG_STMT_FK_OFF,        /* PRAGMA foreign_keys = off */
	MIG_STMT_FK_ON,         /* PRAGMA foreign_keys = on */
	MIG_STMT_COPY_DATA,     /* COPY ... FROM stdin, `data` set */
	MIG_STMT_ALONE          /* refuses a transaction block (see below) */
} MigStatementKind;

/*
 * MIG_STMT_ALONE. PostgreSQL: CREATE [UNIQUE] INDEX, DROP INDEX, REINDEX with
 * CONCURRENTLY; REINDEX DATABASE | SYSTEM | SCHEMA; VACUUM; CREATE, DROP
 * DATABASE | TABLESPACE; ALTER DATABASE ... SET TABLESPACE; ALTER SYSTEM;
 * CREATE, DROP SUBSCRIPTION; ALTER SUBSCRIPTION ... REFRESH or SET
 * PUBLICATION; ALTER TABLE ... DETACH PARTITION ... CONCURRENTLY | FINALIZE;
 * CLUSTER without a table; DISCARD ALL. SQLite: VACUUM; ATTACH; DETACH;
 * PRAGMA journal_mode = ... .
 */
typedef struct MigStatement
{
	MigStatementKind kind;
	MigStr text;
	MigStr data; /* COPY's lines, without the \. line; else {NULL, 0} */
	MigPos pos;  /* of text in the whole script */
} MigStatement;

typedef struct MigStatements
{
	MigStatement *items;
	int count;
} MigStatements;

/*
 * Split `body`, which is a part of `whole` (for positions; source names it).
 * Result in m's arena, pointing into body. Returns false with MIG_SYNTAX
 * (position set: an unterminated quote, comment, body or COPY data; a psql
 * command; a stray closing parenthesis is not an error, the database will
 * say) or MIG_NOMEM.
 */
extern bool mig_split(Mig *m, const MigDialect *dialect, MigStr source,
                      MigStr whole, MigStr body, MigStatements *out);

#endif
