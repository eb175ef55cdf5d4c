/*
 * fill.h - a template with {placeholders} to text. Pure.
 *
 *     MigPlaceholder p[] = {{"year", year}, {"slug", slug}};
 *     MigFilling f = {"file_template", p, 2, false};
 *
 *     if (!mig_fill(m, &f, mig_str("{year}_{slug}"), &name))
 *         return false;
 *
 * {{ and }} stand for braces.
 */
#ifndef MIG_FILL_H
#define MIG_FILL_H

#include "mig.h"

typedef struct MigPlaceholder
{
	const char *name;
	MigStr text; /* absent: it stands for nothing */
	bool used;   /* out: the template has it */
} MigPlaceholder;

typedef struct MigFilling
{
	const char *setting; /* where the template comes from, for messages */
	MigPlaceholder *places;
	int nplaces;

	/*
	 * What goes away together with a placeholder that stands for nothing.
	 * True: its line, if it is the line's only placeholder. False: the
	 * separator (_ - . or a blank) before it, or behind it at the start.
	 */
	bool lines;
} MigFilling;

/* The filled template, in the arena. False: MIG_ARGUMENT (a placeholder that
   does not exist, a brace alone), MIG_NOMEM. */
extern bool mig_fill(Mig *m, MigFilling *f, MigStr template, MigStr *out);

#endif
