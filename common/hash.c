#include "private.h"

#include "hash.h"
#include "text.h"

void
mig_hash_start(MigHash *h, const MigHashKind *kind)
{
	h->kind = kind;
	h->length = 0;
	memcpy(h->state, kind->start, sizeof(h->state));
}

void
mig_hash_add(MigHash *h, MigStr bytes)
{
	size_t block = h->kind->block;

	while (bytes.len > 0)
	{
		size_t held = (size_t) (h->length % block);
		size_t n = block - held < bytes.len ? block - held : bytes.len;

		memcpy(h->block + held, bytes.at, n);
		h->length += n;
		if (held + n == block)
			h->kind->rounds(h->state, h->block);
		bytes = mig_str_from(bytes, n);
	}
}

/* Byte i of a number of size bytes. */
static unsigned char
byte_of(uint64_t value, int i, int size, bool little)
{
	return (unsigned char) (value >> 8 * (little ? i : size - 1 - i));
}

/* A one bit, zeros, and the length in bits at the end of a block. */
static void
pad(MigHash *h)
{
	static const char zeros[256] = {(char) 0x80};
	size_t block = h->kind->block;
	uint64_t bits = h->length * 8;
	size_t held = (size_t) (h->length % block);
	size_t room = block / 8; /* the length's, of which 8 bytes are used */
	size_t fill = (held + 1 + room > block ? 2 * block : block) - held - 8;
	char tail[8];

	for (int i = 0; i < 8; i++)
		tail[i] = (char) byte_of(bits, i, 8, h->kind->little);
	mig_hash_add(h, (MigStr){zeros, fill});
	mig_hash_add(h, (MigStr){tail, sizeof(tail)});
}

void
mig_hash_end(MigHash *h, unsigned char *out)
{
	const MigHashKind *kind = h->kind;

	pad(h);
	for (size_t i = 0; i < kind->size; i++)
		out[i] =
			byte_of(h->state[i / (size_t) kind->word],
		            (int) (i % (size_t) kind->word), kind->word, kind->little);
}

MigStr
mig_hash_hex(Mig *m, MigHash *h)
{
	unsigned char out[MIG_HASH_SIZE];

	mig_hash_end(h, out);
	return mig_hex(m, out, h->kind->size);
}
