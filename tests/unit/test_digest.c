#include <string.h>

#include "digest.h"
#include "text.h"
#include "unit.h"

/* FIPS 180-4's examples and others of the same suite. */
static void
test_vectors(Unit *u)
{
	static const struct
	{
		const char *text;
		const char *hex;
	} rows[] = {
		{"", "e3b0c44298fc1c149afbf4c8996fb924"
	         "27ae41e4649b934ca495991b7852b855"},
		{"abc", "ba7816bf8f01cfea414140de5dae2223"
	            "b00361a396177a9cb410ff61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	     "248d6a61d20638b8e5c026930c3e6039"
	     "a33ce45964ff2167f6ecedd419db06c1"},
		{"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
	     "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
	     "cf5b16a778af8380036ce59e7b049237"
	     "0b249b11e8f07a51afac45037afee9d1"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		Mig *m = unit_mig(u, &mig_sqlite);
		unsigned char out[MIG_DIGEST_SIZE];
		MigDigest d;

		unit_row(u, "%s", rows[i].text);
		mig_digest_start(&d);
		mig_digest_add(&d, rows[i].text, strlen(rows[i].text));
		mig_digest_end(&d, out);
		CHECK_STR(u, mig_hex(m, out, sizeof(out)), rows[i].hex);
	}
}

/* One million times "a", in pieces of every size from 0 to 200. */
static void
test_pieces(Unit *u)
{
	Mig *m = unit_mig(u, &mig_sqlite);
	unsigned char out[MIG_DIGEST_SIZE];
	char many[200];
	size_t left = 1000000;
	size_t piece = 0;
	MigDigest d;

	memset(many, 'a', sizeof(many));
	mig_digest_start(&d);
	while (left > 0)
	{
		size_t n = piece < left ? piece : left;

		mig_digest_add(&d, many, n);
		left -= n;
		piece = (piece + 1) % (sizeof(many) + 1);
	}
	mig_digest_end(&d, out);
	CHECK_STR(u, mig_hex(m, out, sizeof(out)),
	          "cdc76e5c9914fb9281a1c7e284d73e67"
	          "f1809a48a497200e046d39ccc7112cd0");
}

/* Every length around the padding's edges, whole and cut in two. */
static void
test_edges(Unit *u)
{
	unsigned char bytes[200];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char) (i * 7);
	for (size_t len = 0; len < sizeof(bytes); len++)
	{
		unsigned char whole[MIG_DIGEST_SIZE], cut[MIG_DIGEST_SIZE];
		MigDigest d;

		mig_digest_start(&d);
		mig_digest_add(&d, bytes, len);
		mig_digest_end(&d, whole);
		mig_digest_start(&d);
		mig_digest_add(&d, bytes, len / 3);
		mig_digest_add(&d, bytes + len / 3, len - len / 3);
		mig_digest_end(&d, cut);
		unit_row(u, "%d bytes", (int) len);
		CHECK(u, memcmp(whole, cut, sizeof(cut)) == 0);
	}
}

const UnitTest unit_digest[] = {
	{"vectors", test_vectors, 0},
	{"pieces", test_pieces, UNIT_ONCE},
	{"edges", test_edges, UNIT_ONCE},
	{NULL, NULL, 0},
};
