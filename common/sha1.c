#include "private.h"

#include "hash.h"

static uint32_t
turn(uint32_t x, int n)
{
	return x << n | x >> (32 - n);
}

/* The message schedule: the block's 16 words, stretched to 80. */
static void
stretch(uint32_t *w, const unsigned char *block)
{
	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t) block[4 * i] << 24 |
		       (uint32_t) block[4 * i + 1] << 16 |
		       (uint32_t) block[4 * i + 2] << 8 | block[4 * i + 3];
	for (int i = 16; i < 80; i++)
		w[i] = turn(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
}

/* What round i mixes in, its constant included. */
static uint32_t
mix(int i, uint32_t b, uint32_t c, uint32_t d)
{
	switch (i / 20)
	{
		case 0:
			return ((b & c) | (~b & d)) + 0x5a827999;
		case 1:
			return (b ^ c ^ d) + 0x6ed9eba1;
		case 2:
			return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
		default:
			return (b ^ c ^ d) + 0xca62c1d6;
	}
}

static void
rounds(uint64_t *state, const unsigned char *block)
{
	uint32_t w[80];
	uint32_t s[5];

	stretch(w, block);
	for (int i = 0; i < 5; i++)
		s[i] = (uint32_t) state[i];
	for (int i = 0; i < 80; i++)
	{
		uint32_t t = turn(s[0], 5) + mix(i, s[1], s[2], s[3]) + s[4] + w[i];

		s[4] = s[3];
		s[3] = s[2];
		s[2] = turn(s[1], 30);
		s[1] = s[0];
		s[0] = t;
	}
	for (int i = 0; i < 5; i++)
		state[i] = (uint32_t) (state[i] + s[i]);
}

const MigHashKind mig_sha1 = {
	64,
	20,
	4,
	false,
	{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0, 0, 0, 0},
	rounds,
};
