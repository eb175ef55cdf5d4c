/*
 * tally.h - how many statements a script has, told while it is parsed.
 *
 * Most scripts hold nothing but plain statements: what is stored of them
 * beside the text, how many there are and that they can run in a transaction,
 * is then known without splitting them a second time.
 */
#ifndef MIG_TALLY_H
#define MIG_TALLY_H

#include "script.h"

typedef struct MigTally
{
	int statements; /* of the up sections for this database, as written */
	bool special;   /* a statement of theirs, or of verify's, is more than
	                   plain, or its section is not transactional */

	/* of the section that is open */
	const MigDialect *dialect; /* NULL: it does not count */
	bool up, transactional;

	/* of the statement so far */
	MigStr text;
	bool says; /* a token that is not a hint */
} MigTally;

/* A section begins; m's dialect is the running database's. */
extern void mig_tally_section(MigTally *t, const Mig *m, const MigSection *s);

/* The next step of the walk through the section. */
extern void
mig_tally_step(MigTally *t, MigWalkStep step, const MigToken *token);

/* The section ends, and with it a statement without a semicolon. */
extern void mig_tally_end(MigTally *t);

#endif
