/*
 * json.h - JSON, token by token, for the small files of other tools.
 *
 *     MigJson j;
 *
 *     mig_json_start(&j, m, text);
 *     while ((kind = mig_json_next(&j, &value)) != MIG_JSON_END)
 *         use(kind, value, j.depth);
 *     return mig_ok(m);
 *
 * Commas and colons are skipped, not checked: a file that a tool wrote is
 * read, not judged. The name of a member is a MIG_JSON_NAME before its value.
 */
#ifndef MIG_JSON_H
#define MIG_JSON_H

#include "mig.h"

typedef enum MigJsonKind
{
	MIG_JSON_END,    /* of the text, or an error in m->status */
	MIG_JSON_OPEN,   /* { or [ */
	MIG_JSON_CLOSE,  /* } or ] */
	MIG_JSON_NAME,   /* a string with a colon behind it */
	MIG_JSON_STRING, /* with its escapes undone */
	MIG_JSON_WORD    /* a number, true, false, null, as written */
} MigJsonKind;

typedef struct MigJson
{
	Mig *m;
	MigStr text;
	size_t offset; /* behind the last token */
	size_t start;  /* of the last token */
	int depth;     /* how many brackets are open, behind OPEN, before CLOSE */
	bool closing;
} MigJson;

extern void mig_json_start(MigJson *j, Mig *m, MigStr text);

/* Fails with MIG_SYNTAX, without a place: j->start has it. */
extern MigJsonKind mig_json_next(MigJson *j, MigStr *value);

#endif
