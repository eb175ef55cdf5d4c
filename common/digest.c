/* The header of the SHA instructions names malloc, which private.h forbids. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&        \
	__GNUC__ >= 11
#define SHA_INSTRUCTIONS 1
#include <immintrin.h>
#endif

#include "private.h"

#include "digest.h"
#include "text.h"

#define BLOCK 64

/* The first 32 bits of the fractions of the cube roots of the first 64
   primes. */
static const uint32_t round_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* The same of the square roots of the first eight. */
static const uint32_t initial_state[8] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static uint32_t
turn(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static uint32_t
big_endian(const unsigned char *p)
{
	return (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16 |
	       (uint32_t) p[2] << 8 | p[3];
}

/* The message schedule: the block's 16 words, stretched to 64. */
static void
stretch(uint32_t *w, const unsigned char *block)
{
	for (int i = 0; i < 16; i++)
		w[i] = big_endian(block + 4 * i);
	for (int i = 16; i < 64; i++)
	{
		uint32_t a = w[i - 15];
		uint32_t b = w[i - 2];

		w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ a >> 3) + w[i - 7] +
		       (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
	}
}

static void
rounds_portable(uint32_t *state, const unsigned char *at, size_t count)
{
	for (; count > 0; count--, at += BLOCK)
	{
		uint32_t w[64];
		uint32_t s[8];

		stretch(w, at);
		memcpy(s, state, sizeof(s));
		for (int i = 0; i < 64; i++)
		{
			uint32_t e = s[4];
			uint32_t a = s[0];
			uint32_t t = s[7] + round_constants[i] + w[i] +
			             (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) +
			             ((e & s[5]) ^ (~e & s[6]));
			uint32_t u = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) +
			             ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));

			memmove(s + 1, s, 7 * sizeof(s[0]));
			s[4] += t;
			s[0] = t + u;
		}
		for (int i = 0; i < 8; i++)
			state[i] += s[i];
	}
}

#ifdef SHA_INSTRUCTIONS

/* Four rounds a step; w holds the last four vectors of the schedule. The
   instructions want the state as (a, b, e, f) and (c, d, g, h). */
__attribute__((target("sha,sse4.1"))) static void
rounds_x86(uint32_t *state, const unsigned char *at, size_t count)
{
	const __m128i swap =
		_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	uint32_t *s = state;
	__m128i x = _mm_set_epi32((int) s[0], (int) s[1], (int) s[4], (int) s[5]);
	__m128i y = _mm_set_epi32((int) s[2], (int) s[3], (int) s[6], (int) s[7]);
	__m128i w[4], k, was_x, was_y;

	for (; count > 0; count--, at += BLOCK)
	{
		was_x = x;
		was_y = y;
		for (int i = 0; i < 16; i++)
		{
			__m128i *v = &w[i % 4];
			__m128i last = w[(i + 3) % 4];

			if (i < 4)
				*v = _mm_shuffle_epi8(
					_mm_loadu_si128((const __m128i *) at + i), swap);
			else
				*v = _mm_sha256msg2_epu32(
					_mm_add_epi32(_mm_sha256msg1_epu32(*v, w[(i + 1) % 4]),
				                  _mm_alignr_epi8(last, w[(i + 2) % 4], 4)),
					last);
			k = _mm_loadu_si128((const __m128i *) round_constants + i);
			k = _mm_add_epi32(k, *v);
			y = _mm_sha256rnds2_epu32(y, x, k);
			x = _mm_sha256rnds2_epu32(x, y, _mm_shuffle_epi32(k, 0x0e));
		}
		x = _mm_add_epi32(x, was_x);
		y = _mm_add_epi32(y, was_y);
	}
	s[0] = (uint32_t) _mm_extract_epi32(x, 3);
	s[1] = (uint32_t) _mm_extract_epi32(x, 2);
	s[4] = (uint32_t) _mm_extract_epi32(x, 1);
	s[5] = (uint32_t) _mm_extract_epi32(x, 0);
	s[2] = (uint32_t) _mm_extract_epi32(y, 3);
	s[3] = (uint32_t) _mm_extract_epi32(y, 2);
	s[6] = (uint32_t) _mm_extract_epi32(y, 1);
	s[7] = (uint32_t) _mm_extract_epi32(y, 0);
}

static void
rounds(uint32_t *state, const unsigned char *at, size_t count)
{
	if (__builtin_cpu_supports("sha") && __builtin_cpu_supports("sse4.1"))
		rounds_x86(state, at, count);
	else
		rounds_portable(state, at, count);
}

#else

static void
rounds(uint32_t *state, const unsigned char *at, size_t count)
{
	rounds_portable(state, at, count);
}

#endif

void
mig_digest_start(MigDigest *d)
{
	memcpy(d->state, initial_state, sizeof(d->state));
	d->length = 0;
}

void
mig_digest_add(MigDigest *d, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	size_t held = (size_t) (d->length % BLOCK);

	if (size == 0)
		return;
	d->length += size;
	if (held > 0)
	{
		size_t n = BLOCK - held < size ? BLOCK - held : size;

		memcpy(d->block + held, at, n);
		if (held + n < BLOCK)
			return;
		rounds(d->state, d->block, 1);
		at += n;
		size -= n;
	}
	if (size >= BLOCK)
		rounds(d->state, at, size / BLOCK);
	memcpy(d->block, at + size / BLOCK * BLOCK, size % BLOCK);
}

void
mig_digest_end(MigDigest *d, unsigned char out[MIG_DIGEST_SIZE])
{
	static const unsigned char padding[BLOCK] = {0x80};
	uint64_t bits = d->length * 8;
	size_t held = (size_t) (d->length % BLOCK);
	unsigned char tail[8];

	for (int i = 0; i < 8; i++)
		tail[i] = (unsigned char) (bits >> (56 - 8 * i));
	mig_digest_add(d, padding, held < 56 ? 56 - held : 120 - held);
	mig_digest_add(d, tail, sizeof(tail));
	for (int i = 0; i < MIG_DIGEST_SIZE; i++)
		out[i] = (unsigned char) (d->state[i / 4] >> (24 - i % 4 * 8));
}

MigStr
mig_sha256_hex(Mig *m, MigStr text)
{
	unsigned char sum[MIG_DIGEST_SIZE];
	MigDigest d;

	mig_digest_start(&d);
	mig_digest_add(&d, text.at, text.len);
	mig_digest_end(&d, sum);
	return mig_hex(m, sum, sizeof(sum));
}
