/*
 * keywords.h - words that are a name without quotes in one database only.
 *
 *     const MigKeyword *word = mig_keyword(text);
 *
 *     if (word != NULL && word->reserved == MIG_FOR_SQLITE)
 *         quote(text);
 *
 * PostgreSQL's: those of pg_get_keywords() with catcode R or T, of PostgreSQL
 * 13 to 18, that SQLite takes as the name of a column. SQLite's: those of
 * https://sqlite.org/lang_keywords.html that CREATE TABLE t (word int) refuses
 * and that PostgreSQL takes (U, C, or no keyword). Words that both refuse are
 * not here: nobody uses them without quotes. tests/translate/run.sh
 * asks both databases.
 */
#ifndef MIG_KEYWORDS_H
#define MIG_KEYWORDS_H

#include "dialect.h"

/* What the word is in an expression or query of the other database, which
   takes it as a name. */
typedef enum MigKeywordUse
{
	MIG_K_NAME,  /* nothing but a name */
	MIG_K_VALUE, /* likewise; in the one that reserves it a value, as user */
	MIG_K_ROLE,  /* it says something, but never where an operand begins */
	MIG_K_VAGUE  /* the place does not tell */
} MigKeywordUse;

typedef struct MigKeyword
{
	const char *word; /* in lower case */
	MigFor reserved;  /* where it is no name */
	MigKeywordUse use;
} MigKeyword;

/* Sorted by the word. */
extern const MigKeyword mig_keywords[];
extern const int mig_keyword_count;

/* The word, in any case, or NULL. */
extern const MigKeyword *mig_keyword(MigStr word);

#endif
