/*
 * percent.h - text that has to be one word: %XX for the bytes that a
 * directive's arguments cannot have.
 */
#ifndef MIG_PERCENT_H
#define MIG_PERCENT_H

#include "text.h"

/* Add s with its blanks, control characters, commas and percent signs as %20,
   %0A, %2C, %25. */
extern void mig_percent_add(MigText *t, MigStr s);

/* The text that a word stands for. A percent sign that two hexadecimal digits
   do not follow, or that would give a zero byte, stands for itself. {NULL, 0}
   on MIG_NOMEM; an absent word stays absent. */
extern MigStr mig_percent_text(Mig *m, MigStr word);

#endif
