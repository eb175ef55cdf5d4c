/*
 * split.h - a section's text to statements.
 *
 * A semicolon ends a statement except inside quotes, comments, dollar quotes,
 * parentheses, BEGIN ATOMIC bodies (PostgreSQL) and trigger bodies (SQLite).
 * A body ends at an END that directly follows a semicolon, so the END of a
 * CASE or a column of that name does not matter. Empty statements are left
 * out. A statement's text runs from its first token that says something to
 * its last, comments inside kept, comments before it and the semicolon left
 * out.
 *
 * PostgreSQL: COPY ... FROM stdin is followed by its data, from the next line
 * up to a line that is only \. ; that data becomes the statement's `data`.
 * psql's \restrict and \unrestrict lines are skipped, any other \command is
 * MIG_SYNTAX.
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
	MIG_STMT_OTHER_CONTROL, /* PREPARE TRANSACTION, SET TRANSACTION,
	                           COMMIT AND CHAIN ... */
	MIG_STMT_PRAGMA,        /* SQLite's PRAGMA, but for the next two; in
	                           PostgreSQL any */
	MIG_STMT_FK_OFF,        /* PRAGMA foreign_keys = off */
	MIG_STMT_FK_ON,         /* PRAGMA foreign_keys = on */
	MIG_STMT_COPY_DATA,     /* COPY ... FROM stdin, `data` set */
	MIG_STMT_ALONE,         /* refuses a transaction block (see below) */
	MIG_STMT_ALTER /* SQLite: `item` is what is to be done; only work.c
	                           makes it */
} MigStatementKind;

/*
 * MIG_STMT_ALONE. PostgreSQL: CREATE [UNIQUE] INDEX, DROP INDEX, REINDEX with
 * CONCURRENTLY; REINDEX DATABASE | SYSTEM | SCHEMA; VACUUM; CREATE, DROP
 * DATABASE | TABLESPACE; ALTER DATABASE ... SET TABLESPACE; ALTER SYSTEM;
 * CREATE, DROP SUBSCRIPTION; ALTER SUBSCRIPTION ... REFRESH or SET | ADD |
 * DROP PUBLICATION or SET (failover | two_phase ...); ALTER TABLE ... DETACH
 * PARTITION ... CONCURRENTLY | FINALIZE; CLUSTER without a table; DISCARD ALL.
 * SQLite: VACUUM; ATTACH; DETACH; PRAGMA journal_mode = ... .
 */
typedef struct MigStatement
{
	MigStatementKind kind;
	MigStr text;
	MigStr data; /* COPY's lines, without the \. line; else {NULL, 0} */
	MigPos pos;  /* of text in the whole script */
	const struct MigItem *item;      /* MIG_STMT_ALTER, see translate.h */
	const struct MigStatement *then; /* SQLite: a plain one that runs behind it
	                                    as a part of it, and so on; or NULL */
} MigStatement;

typedef struct MigStatements
{
	MigStatement *items;
	int count;
} MigStatements;

/*
 * Split `body`, which is a part of `whole` (for positions; source names it).
 * Result in m's arena, pointing into body. Returns false with MIG_SYNTAX
 * (position set: an unterminated quote, comment, parenthesis, body or COPY
 * data; a zero byte; a psql command; a stray closing parenthesis is not an
 * error, the database will say) or MIG_NOMEM.
 */
extern bool mig_split(Mig *m, const MigDialect *dialect, MigStr source,
                      MigStr whole, MigStr body, MigStatements *out);

/* The same from a position at or before body, so that splitting the parts of
   a long text one after the other costs one walk through it. */
extern bool mig_split_from(Mig *m, const MigDialect *dialect, MigPos from,
                           MigStr whole, MigStr body, MigStatements *out);

/* The kind of one statement's text; never MIG_STMT_COPY_DATA. */
extern MigStatementKind
mig_statement_kind(const MigDialect *dialect, MigStr text);

/* Whether the engine sees to it in its own way: transactions, and foreign keys
   on or off. It is nobody's flavour, and never translated. */
extern bool mig_statement_is_control(const MigStatement *s);

/*
 * Make MIG_STMT_ALONE what is MIG_STMT_PLAIN and refuses a transaction only
 * sometimes: for sections that say transaction:false. PostgreSQL: CALL and
 * DO, which may commit; REINDEX and CLUSTER, as partitioned tables need it.
 */
extern void mig_statement_loosen(const MigDialect *dialect,
                                 MigStatement *items, int count);

/*
 * The walk over tokens that the splitter and the script's reader share: each
 * token with what it means for the statement that it belongs to.
 *
 *     mig_walk_start(&w, m, &mig_postgresql, source, whole, body);
 *     while ((step = mig_walk(&w, &token)) != MIG_WALK_END)
 *         use(step, token);
 *     return mig_ok(m);
 *
 * While mig_walk_idle(), a caller may end the statement with mig_walk_close()
 * and go on in another dialect by w.lexer.dialect.
 */
typedef enum MigWalkStep
{
	MIG_WALK_END,   /* of the text, or an error in m->status */
	MIG_WALK_BLANK, /* space, comment, psql line */
	MIG_WALK_TOKEN, /* part of a statement */
	MIG_WALK_STOP,  /* the semicolon that ends a statement, empty or not */
	MIG_WALK_DATA   /* COPY's data; the \. line behind it is consumed */
} MigWalkStep;

typedef enum MigHead
{
	MIG_HEAD_NONE,    /* no token of the statement seen yet */
	MIG_HEAD_CREATE,  /* CREATE [OR REPLACE] [TEMP] */
	MIG_HEAD_ROUTINE, /* ... FUNCTION or PROCEDURE */
	MIG_HEAD_TRIGGER, /* ... TRIGGER */
	MIG_HEAD_COPY,
	MIG_HEAD_OTHER
} MigHead;

typedef struct MigWalker
{
	Mig *m;
	MigStr source;
	MigStr whole;
	MigPos from; /* places count from here: a position of whole, which a
	                caller may move on and give another file and line */
	MigLexer lexer;

	/* of the statement so far */
	MigHead head;
	MigToken last;    /* its last token */
	size_t parens;    /* how many are open, */
	size_t parens_at; /* the outermost one's offset */
	bool body;        /* inside BEGIN ATOMIC or a trigger's BEGIN, */
	size_t body_at;   /* its offset */
	bool copy;        /* COPY ... FROM stdin */
	bool data;        /* next come the data */
} MigWalker;

extern void mig_walk_start(MigWalker *w, Mig *m, const MigDialect *dialect,
                           MigStr source, MigStr whole, MigStr text);

extern MigWalkStep mig_walk(MigWalker *w, MigToken *token);

/* Whether no parenthesis or body is open: here a statement could end. */
extern bool mig_walk_idle(const MigWalker *w);

/* The statement ends here, with or without a semicolon. False with
   MIG_SYNTAX when it cannot: a parenthesis or body is open, data are missing.
   mig_walk() does it at the end of the text. */
extern bool mig_walk_close(MigWalker *w);

/* Place the failure just recorded at an offset of the text that is walked.
   Returns false. */
extern bool mig_walk_at(MigWalker *w, size_t offset);

#endif
