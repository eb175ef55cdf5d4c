/*
 * replace.h - placeholders of other tools. Their values are rows of
 * migrate_setting whose names begin with "placeholder.": for ${schema} the
 * row placeholder.schema.
 *
 * Both fail with MIG_SYNTAX at the placeholder when it has no value, naming
 * the row that would give it one. pos is the place of text's first byte in
 * its file.
 */
#ifndef MIG_REPLACE_H
#define MIG_REPLACE_H

#include "layout.h"
#include "text.h"

/* ${name}, in Flyway's way: names in any case, the row's in lower case or as
   written. What stands in given (name to value) counts before the rows. */
typedef struct MigGiven
{
	const char *name;
	MigStr value;
} MigGiven;

extern bool
mig_replace_braces(Mig *m, const MigTree *tree, MigPos pos, MigStr text,
                   const MigGiven *given, int ngiven, MigText *out);

/* $NAME, ${NAME}, ${NAME:-default}, ${NAME-default}, ${NAME?message}, in the
   way of goose's ENVSUB; $$ and \$ are a dollar sign. */
extern bool mig_replace_shell(Mig *m, const MigTree *tree, MigPos pos,
                              MigStr text, MigText *out);

#endif
