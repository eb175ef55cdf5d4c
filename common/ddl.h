/*
 * ddl.h - the outlines of a statement: its tokens, and what a CREATE TABLE
 * consists of. Either flavour, and mixtures of both, are read.
 *
 *     MigTokens k;
 *     MigTable table;
 *
 *     if (mig_tokens(m, MIG_FOR_SQLITE, text, &k) &&
 *         mig_table_read(m, &k, &table))
 *         use(table.columns[0].type);
 *
 * Outlines point at tokens by number, tokens into the text; so what is not
 * understood is kept as it stands.
 */
#ifndef MIG_DDL_H
#define MIG_DDL_H

#include "lex.h"

/* Tokens that say something. at[count] is an empty one of kind SPACE, so
   that one token may always be looked at ahead. */
typedef struct MigTokens
{
	MigStr text;
	MigToken *at;
	int count;
} MigTokens;

/* Tokens from (included) to to (not included). */
typedef struct MigSpan
{
	int from, to;
} MigSpan;

/*
 * Cut a statement that is in either flavour (dialect.h). Names in brackets
 * are told from arrays: those stand directly behind a name, a type or ARRAY,
 * or hold a number or nothing. False: MIG_NOMEM.
 */
extern bool mig_tokens(Mig *m, MigFor target, MigStr text, MigTokens *out);

/* Cut a text by the rules of one dialect. False: MIG_NOMEM. */
extern bool
mig_tokens_of(Mig *m, const MigDialect *dialect, MigStr text, MigTokens *out);

/* Token i is this word (lower case), is this character; any i is allowed. */
extern bool mig_token_is(const MigTokens *k, int i, const char *word);
extern bool mig_token_char(const MigTokens *k, int i, char c);

/* Words one behind the other, separated by blanks. Returns the number of
   words when all stand at i and behind, else 0. */
extern int mig_token_words(const MigTokens *k, int i, const char *words);

/* Whether it may be a name: a word or a quoted identifier. */
extern bool mig_token_name(const MigTokens *k, int i);

/* The parenthesis that closes the one at i; k->count if there is none. */
extern int mig_token_close(const MigTokens *k, int i);

/* The first comma, or the end `to`, outside of parentheses from i on. */
extern int mig_token_comma(const MigTokens *k, int i, int to);

/* The first place of a word outside of parentheses in a span, or -1. */
extern int mig_token_find(const MigTokens *k, MigSpan s, const char *word);

/* A name without its quotes. Points into the text unless quotes are doubled
   in it; absent after MIG_NOMEM. */
extern MigStr mig_token_bare(Mig *m, const MigTokens *k, int i);

/* Whether two names are the same: case does not count, quotes are off. */
extern bool mig_name_same(MigStr a, MigStr b);

/* The bytes of a span, from its first token to its last. */
extern MigStr mig_span_text(const MigTokens *k, MigSpan s);

/* A possibly qualified name at i: *schema is the token before the point, or
   -1. Returns the token behind the name; *name is -1 if there is none. */
extern int
mig_token_qualified(const MigTokens *k, int i, int *schema, int *name);

typedef enum MigRuleKind
{
	MIG_R_NULL,
	MIG_R_NOT_NULL,
	MIG_R_DEFAULT,
	MIG_R_PRIMARY_KEY,
	MIG_R_UNIQUE,
	MIG_R_CHECK,
	MIG_R_REFERENCES,
	MIG_R_COLLATE,
	MIG_R_GENERATED, /* GENERATED ALWAYS AS (...), AS (...) */
	MIG_R_IDENTITY,
	MIG_R_EXCLUDE,
	MIG_R_LIKE,
	MIG_R_OTHER /* what the outline does not know */
} MigRuleKind;

/* A constraint, of a column or of the table. */
typedef struct MigRule
{
	MigRuleKind kind;
	MigSpan span; /* with CONSTRAINT name and the tail */
	int name;     /* the token behind CONSTRAINT, or -1 */
	int head;     /* the first token behind CONSTRAINT name */
	int column;   /* whose it is, or -1 */
	MigSpan expr; /* inside of parentheses: the columns of a key, of FOREIGN
	                 KEY, the condition, what is generated, the options of an
	                 identity; DEFAULT's value and COLLATE's name as such */
	int schema, table;  /* REFERENCES: tokens, or -1 */
	MigSpan references; /* its columns, inside of parentheses; maybe empty */
	int tail;           /* the first token behind all that */
} MigRule;

typedef struct MigColumnDef
{
	int name;
	MigSpan type; /* maybe empty */
	MigSpan span;
	int rules, nrules; /* table.rules[rules..] */
} MigColumnDef;

typedef struct MigTable
{
	int create;       /* token CREATE */
	int head;         /* token TABLE */
	bool exists;      /* IF NOT EXISTS */
	int schema, name; /* tokens; schema may be -1 */
	int open, close;  /* the parentheses around columns; -1: there are none */
	MigColumnDef *columns;
	int ncolumns;
	size_t column_room;
	MigRule *rules; /* of columns in their order, then of the table */
	int nrules;
	int own; /* the first of the table's own */
	size_t rule_room;
	MigSpan options; /* behind the closing parenthesis, or the name */
} MigTable;

/*
 * Read CREATE ... TABLE. *is is false when the statement is none, or has a
 * form that the outline does not cover. False: MIG_NOMEM.
 */
extern bool
mig_table_read(Mig *m, const MigTokens *k, MigTable *out, bool *is);

/* Read one column's definition, or one constraint of a table, at the span,
   as ALTER TABLE has them, into an empty outline. False: MIG_NOMEM. */
extern bool
mig_column_read(Mig *m, const MigTokens *k, MigSpan s, MigTable *out);
extern bool
mig_rule_read(Mig *m, const MigTokens *k, MigSpan s, MigTable *out);

/* Where an expression that begins at i ends: before the word that begins the
   next constraint, outside of parentheses; at least one token. */
extern int mig_expr_end(const MigTokens *k, int i, int to);

/* Whether token i begins a constraint of a column. */
extern bool mig_rule_starts(const MigTokens *k, int i);

/* The column of that name, or -1. */
extern int
mig_table_column(Mig *m, const MigTokens *k, const MigTable *t, MigStr name);

/* The first constraint of a column of that kind, or NULL. */
extern const MigRule *
mig_table_rule(const MigTable *t, int column, MigRuleKind kind);

#endif
