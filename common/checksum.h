/*
 * checksum.h - the checksum of a script.
 *
 * SHA-256 over the `up` sections in file order, whatever database they are
 * for. A section without a token gives nothing. Any other gives:
 *
 *     "@postgresql\n" or "@sqlite\n", if it has a dialect: option,
 *     "@alone\n", if it says transaction:false,
 *     its tokens, each as its length in bytes (decimal), ":" and its bytes,
 *     "\n".
 *
 * Tokens are those of lex.h that say something (hints do, space and comments
 * do not), cut in the section's dialect; in a section without one by rules
 * that are the same in both databases (mig_dialect_of()). CRLF inside a token
 * counts as LF. Semicolons at the start and the end of a section do not
 * count, and several in a row count as one. The data behind a COPY statement are one token, without the \. line;
 * psql's \restrict lines do not count.
 */
#ifndef MIG_CHECKSUM_H
#define MIG_CHECKSUM_H

#include "script.h"

typedef struct MigChecksum
{
	MigDigest digest;
	MigFor target;
	bool transactional;
	bool any;       /* the section has given a token, */
	bool semicolon; /* and one or more semicolons after it */
} MigChecksum;

extern void mig_checksum_start(MigChecksum *c);

/* The tokens to come are section's, until mig_checksum_section_end(). */
extern void mig_checksum_section(MigChecksum *c, const MigSection *section);
extern void mig_checksum_token(MigChecksum *c, const MigToken *token);
extern void mig_checksum_section_end(MigChecksum *c);

extern void
mig_checksum_end(MigChecksum *c, unsigned char out[MIG_DIGEST_SIZE]);

#endif
