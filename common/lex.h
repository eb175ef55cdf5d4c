/*
 * lex.h - bytes to tokens, driven by a dialect.
 *
 *     MigLexer lexer;
 *     MigToken token;
 *
 *     mig_lex_start(&lexer, &mig_sqlite, text);
 *     while (mig_lex_next(&lexer, &token))
 *         use(token);
 *
 * Tokens cover the text without gap or overlap: joined, they are its bytes.
 * It never fails: an unterminated quote or comment is one token to the end of
 * the text with the flag `open`. A UTF-8 byte order mark at the start of a
 * line (files that were joined have one in the middle) is a MIG_T_SPACE token
 * that does not count as a column.
 *
 * A word is a run of letters, digits, _, $ and bytes over 127 (so numbers are
 * words; 1.5 is three tokens). An operator is the longest run of
 * + - * / < > = ~ ! @ # % ^ & | ? (and ` in PostgreSQL), cut before -- and
 * slash-star. Any other byte is a token of its own. So both dialects cut
 * ordinary SQL alike. Backslashes escape in E'..' only, and only in
 * PostgreSQL, where such a string goes on behind a line end ('..' LF '..');
 * then all of it is one token.
 */
#ifndef MIG_LEX_H
#define MIG_LEX_H

#include "dialect.h"

typedef enum MigTokenKind
{
	MIG_T_SPACE,        /* blanks, tabs, line ends */
	MIG_T_LINE_COMMENT, /* -- to the end of line, which is not part of it */
	MIG_T_COMMENT,      /* slash-star comment */
	MIG_T_HINT,         /* the same with a + directly behind the star */
	MIG_T_WORD,
	MIG_T_NAME,   /* a quoted identifier, also U&"..." */
	MIG_T_STRING, /* '..', also with prefix E B X N U& */
	MIG_T_DOLLAR, /* $tag$..$tag$, with its quotes */
	MIG_T_OPERATOR,
	MIG_T_CHAR /* ( ) [ ] , ; . : \ and whatever else there is */
} MigTokenKind;

typedef struct MigToken
{
	MigTokenKind kind;
	MigStr text;
	size_t offset; /* of its first byte in the text */
	int line;      /* of its first byte, from 1 */
	bool bol;      /* its first byte stands at the start of a line, or
	                  behind a byte order mark there */
	bool open;     /* unterminated */
} MigToken;

typedef struct MigLexer
{
	const MigDialect *dialect;
	MigStr text;
	size_t offset;
	int line;
} MigLexer;

extern void mig_lex_start(MigLexer *l, const MigDialect *dialect, MigStr text);

/* False at the end of the text. Line ends are LF, CRLF or a lone CR. */
extern bool mig_lex_next(MigLexer *l, MigToken *token);

/* Go on at a later offset; lines between are counted. */
extern void mig_lex_skip(MigLexer *l, size_t offset);

/* Whether the token says nothing: space or comment, but not a hint. */
extern bool mig_lex_blank(const MigToken *token);

/* The position of a byte of text, column counted in characters. */
extern MigPos mig_lex_pos(MigStr source, MigStr text, size_t offset);

/* Move a position of text on to a later offset; so a row of positions costs
   one walk through text. */
extern void mig_lex_pos_move(MigPos *pos, MigStr text, size_t offset);

#endif
