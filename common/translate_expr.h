/*
 * translate_expr.h - what the two directions of expressions share. Private
 * to translate*.c.
 */
#ifndef MIG_TRANSLATE_EXPR_H
#define MIG_TRANSLATE_EXPR_H

#include "translate_work.h"

/* Whether token i is the name of a function that is called. */
extern bool mig_w_is_call(const MigTokens *k, int i);

/* Whether an operand may end with token i: so that an operator behind it has
   two. */
extern bool mig_w_is_operand_end(const MigTokens *k, int i);

/* The first token of the operand that ends with token last: a literal, a
   qualified name, a call, what is in parentheses; not before from. -1: some
   other thing. */
extern int mig_w_operand(const MigTokens *k, int last, int from);

/* The column that the name which ends at token i means, or NULL. sure: only
   where it can be no other one. e may be NULL. */
extern const MigKnownColumn *
mig_w_resolve(MigWorking *w, const MigExpr *e, int i, bool sure);

/* The tables that the statement names; NULL after MIG_NOMEM. */
extern const MigScope *mig_w_scope(MigWorking *w);

/* Whether the statement is the other database's: then it is translated, or
   refused. One that shows no flavour stays, and is noted. */
extern bool mig_w_is_foreign(const MigWorking *w);

/* What runs in both databases and may mean something else in one of them:
   LIKE, ORDER BY, ->>, / and others, wherever they stand in e. */
extern bool mig_w_differences(MigWorking *w, const MigExpr *e);
extern bool mig_w_like_at(MigWorking *w, const MigExpr *e, int i);
extern bool mig_w_order_at(MigWorking *w, const MigExpr *e, int i);
extern bool mig_w_json_at(MigWorking *w, const MigExpr *e, int i);
extern bool mig_w_divide_at(MigWorking *w, const MigExpr *e, int i);

/* What only one of them knows: LIMIT a, b and others. */
extern bool mig_w_clause_at(MigWorking *w, int i);

/* string_agg() at i, for SQLite. */
extern bool mig_w_string_agg(MigWorking *w, int i, int close);

extern bool mig_w_convert_at(MigWorking *w, const MigExpr *e, int i);

/* A column at s, of that family, becomes text in place of `all`. *done: it
   says how; else it is not touched. */
extern bool mig_w_as_text(MigWorking *w, MigSpan s, MigSpan all,
                          MigFamily from, bool *done);

/* What kind of number stands in a span. */
typedef enum MigNumber
{
	MIG_N_UNKNOWN,
	MIG_N_INTEGER, /* in both */
	MIG_N_NUMERIC, /* maybe an integer in SQLite */
	MIG_N_REAL     /* never one */
} MigNumber;

extern MigNumber mig_w_number(MigWorking *w, const MigExpr *e, MigSpan s);

/* The last cast of a chain x::a::b. */
typedef struct MigCasts
{
	int start;   /* first token of the operand, */
	int end;     /* the token behind the type */
	int skip;    /* what ends an ANY that became IN, */
	int skip_to; /* and the token behind it */
} MigCasts;

/* Casts for SQLite: x::type with the first colon at i (behind it, or -1), and
   CAST(x AS type) with CAST at i. */
extern int
mig_w_cast_at(MigWorking *w, const MigExpr *e, int i, MigCasts *last);
extern bool mig_w_cast_call(MigWorking *w, const MigExpr *e, int i);

/* Where a type that begins at i ends: words, a point, arguments, brackets. */
extern int mig_w_type_end(const MigTokens *k, int i, int to);

/* A literal '..' that stands for a moving time. */
extern bool mig_w_is_moving(MigStr s);

/* The parenthesis that opens around token i; -1: there is none. */
extern int mig_w_around(const MigTokens *k, int i);

/* What E'..' stands for; absent when it holds an escape that is not
   translated. */
extern MigStr mig_w_unescape(MigWorking *w, MigStr s);

/* What the strings hold that stand at i, one on each line, and the token
   behind them; absent as mig_w_literal(). */
extern MigStr mig_w_literals(MigWorking *w, int i, int *to);

/* What stands between dollar quotes. */
extern MigStr mig_w_undollar(MigStr s);

#endif
