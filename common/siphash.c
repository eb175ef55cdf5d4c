#include "private.h"

#include "siphash.h"

static uint64_t
turn(uint64_t x, int n)
{
	return x << n | x >> (64 - n);
}

static void
round_once(uint64_t *v)
{
	v[0] += v[1];
	v[1] = turn(v[1], 13) ^ v[0];
	v[0] = turn(v[0], 32);
	v[2] += v[3];
	v[3] = turn(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = turn(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = turn(v[1], 17) ^ v[2];
	v[2] = turn(v[2], 32);
}

static void
take_word(MigSipHash *s, uint64_t word)
{
	s->v[3] ^= word;
	round_once(s->v);
	s->v[0] ^= word;
}

/* The constants spell "somepseudorandomlygeneratedbytes". */
void
mig_siphash_start(MigSipHash *s)
{
	s->v[0] = 0x736f6d6570736575;
	s->v[1] = 0x646f72616e646f6d;
	s->v[2] = 0x6c7967656e657261;
	s->v[3] = 0x7465646279746573;
	s->word = 0;
	s->length = 0;
}

void
mig_siphash_add(MigSipHash *s, MigStr bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
	{
		uint64_t byte = (unsigned char) bytes.at[i];

		s->word |= byte << 8 * (s->length++ % 8);
		if (s->length % 8 == 0)
		{
			take_word(s, s->word);
			s->word = 0;
		}
	}
}

uint64_t
mig_siphash_end(MigSipHash *s)
{
	take_word(s, s->word | s->length << 56);
	s->v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		round_once(s->v);
	return s->v[0] ^ s->v[1] ^ s->v[2] ^ s->v[3];
}
