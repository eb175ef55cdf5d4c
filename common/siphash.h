/*
 * siphash.h - SipHash-1-3 with both halves of the key zero (Aumasson and
 * Bernstein, "SipHash: a fast short-input PRF", with one and three rounds).
 *
 *     mig_siphash_start(&s);
 *     mig_siphash_add(&s, bytes);
 *     value = mig_siphash_end(&s);
 */
#ifndef MIG_SIPHASH_H
#define MIG_SIPHASH_H

#include "mig.h"

typedef struct MigSipHash
{
	uint64_t v[4];
	uint64_t word; /* bytes that do not fill eight yet */
	uint64_t length;
} MigSipHash;

extern void mig_siphash_start(MigSipHash *s);
extern void mig_siphash_add(MigSipHash *s, MigStr bytes);
extern uint64_t mig_siphash_end(MigSipHash *s);

#endif
