/*
 * hash.h - the digests of other tools: MD5 (RFC 1321), SHA-1 and SHA-384
 * (FIPS 180-4), streaming. They tell whether a file is the one that a tool
 * has recorded, and protect nothing; the core's own sums are digest.h's.
 *
 *     mig_hash_start(&h, &mig_sha1);
 *     mig_hash_add(&h, MIG_LIT("a"));
 *     mig_hash_add(&h, MIG_LIT("bc"));
 *     hex = mig_hash_hex(m, &h);
 */
#ifndef MIG_HASH_H
#define MIG_HASH_H

#include "mig.h"

#define MIG_HASH_SIZE 48 /* of the longest */

typedef struct MigHashKind
{
	size_t block; /* bytes that the rounds take at once: 64 or 128 */
	size_t size;  /* bytes of the sum */
	int word;     /* bytes of a word of the state: 4 or 8 */
	bool little;  /* words and length with the low byte first */
	uint64_t start[8];
	void (*rounds)(uint64_t *state, const unsigned char *block);
} MigHashKind;

extern const MigHashKind mig_md5;
extern const MigHashKind mig_sha1;
extern const MigHashKind mig_sha384;

typedef struct MigHash
{
	const MigHashKind *kind;
	uint64_t state[8]; /* words of 4 bytes use the low half */
	uint64_t length;   /* bytes so far */
	unsigned char block[128];
} MigHash;

extern void mig_hash_start(MigHash *h, const MigHashKind *kind);
extern void mig_hash_add(MigHash *h, MigStr bytes);

/* Give the sum, kind->size bytes; start h again before its next use. */
extern void mig_hash_end(MigHash *h, unsigned char *out);

/* The same in lower-case hexadecimal, in m's arena. */
extern MigStr mig_hash_hex(Mig *m, MigHash *h);

#endif
