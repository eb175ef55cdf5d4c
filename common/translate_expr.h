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

/* What E'..' stands for; absent when it holds an escape that is not
   translated. */
extern MigStr mig_w_unescape(MigWorking *w, MigStr s);

/* What stands between dollar quotes. */
extern MigStr mig_w_undollar(MigStr s);

#endif
