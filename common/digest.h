/*
 * digest.h - SHA-256 (FIPS 180-4), streaming. Uses the processor's SHA
 * instructions where it has them.
 *
 *     mig_digest_start(&d);
 *     mig_digest_add(&d, "a", 1);
 *     mig_digest_add(&d, "bc", 2);
 *     mig_digest_end(&d, out);
 */
#ifndef MIG_DIGEST_H
#define MIG_DIGEST_H

#include "mig.h"

#define MIG_DIGEST_SIZE 32

typedef struct MigDigest
{
	uint32_t state[8];
	uint64_t length; /* bytes so far */
	unsigned char block[64];
} MigDigest;

extern void mig_digest_start(MigDigest *d);
extern void mig_digest_add(MigDigest *d, const void *bytes, size_t size);

/* Give the sum; d must be started again before its next use. */
extern void mig_digest_end(MigDigest *d, unsigned char out[MIG_DIGEST_SIZE]);

/* The sum of one text, in lower-case hexadecimal in m's arena. */
extern MigStr mig_sha256_hex(Mig *m, MigStr text);

#endif
