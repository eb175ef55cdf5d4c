#include <string.h>

#include "base64.h"
#include "hash.h"
#include "siphash.h"
#include "text.h"
#include "unit.h"

/* RFC 1321's suite, FIPS 180-4's examples, and edges of the padding. */
static void
test_vectors(Unit *u)
{
	static const struct
	{
		const MigHashKind *kind;
		const char *text;
		const char *hex;
	} rows[] = {
		{&mig_md5, "", "d41d8cd98f00b204e9800998ecf8427e"},
		{&mig_md5, "abc", "900150983cd24fb0d6963f7d28e17f72"},
		{&mig_md5, "message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
		{&mig_md5,
	     "12345678901234567890123456789012345678901234567890123456789012345678"
	     "901234567890",
	     "57edf4a22be3c955ac49da2e2107b67a"},
		{&mig_sha1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
		{&mig_sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
		{&mig_sha1, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	     "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
		{&mig_sha384, "",
	     "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"
	     "274edebfe76f65fbd51ad2f14898b95b"},
		{&mig_sha384, "abc",
	     "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
	     "8086072ba1e7cc2358baeca134c825a7"},
		{&mig_sha384,
	     "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
	     "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
	     "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712"
	     "fcc7c71a557e2db966c3e9fa91746039"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);
		MigHash h;

		unit_row(u, "%s", rows[i].text);
		mig_hash_start(&h, rows[i].kind);
		mig_hash_add(&h, mig_str(rows[i].text));
		CHECK_STR(u, mig_hash_hex(m, &h), rows[i].hex);
	}
}

/* One million times "a", in pieces of every size from 0 to 200. */
static void
test_pieces(Unit *u)
{
	static const struct
	{
		const MigHashKind *kind;
		const char *hex;
	} rows[] = {
		{&mig_md5, "7707d6ae4e027c70eea2a935c2296f21"},
		{&mig_sha1, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"},
		{&mig_sha384,
	     "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b"
	     "07b8b3dc38ecc4ebae97ddd87f3d8985"},
	};
	char many[200];

	memset(many, 'a', sizeof(many));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);
		size_t left = 1000000;
		size_t piece = 0;
		MigHash h;

		mig_hash_start(&h, rows[i].kind);
		while (left > 0)
		{
			MigStr s = {many, piece < left ? piece : left};

			mig_hash_add(&h, s);
			left -= s.len;
			piece = (piece + 1) % (sizeof(many) + 1);
		}
		CHECK_STR(u, mig_hash_hex(m, &h), rows[i].hex);
	}
}

/* Values that CPython's SipHash-1-3 gives with a zero key. */
static void
test_siphash(Unit *u)
{
	static const struct
	{
		const char *text;
		uint64_t value;
	} rows[] = {
		{"a", UINT64_C(4644417185603328019)},
		{"1234567", UINT64_C(11762668945129975425)},
		{"12345678", UINT64_C(3785724242978802311)},
		{"some text that is longer", UINT64_C(11548077842654947055)},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		MigStr text = mig_str(rows[i].text);
		MigSipHash s;

		unit_row(u, "%s", rows[i].text);
		mig_siphash_start(&s);
		mig_siphash_add(&s, (MigStr){text.at, 1});
		mig_siphash_add(&s, mig_str_from(text, 1));
		CHECK(u, mig_siphash_end(&s) == rows[i].value);
	}
}

/* RFC 4648's. */
static void
test_base64(Unit *u)
{
	static const char *const rows[][2] = {
		{"", ""},
		{"f", "Zg=="},
		{"fo", "Zm8="},
		{"foo", "Zm9v"},
		{"foob", "Zm9vYg=="},
		{"fooba", "Zm9vYmE="},
		{"foobar", "Zm9vYmFy"},
		{"\xFB\xFF\xFE", "+//+"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);

		unit_row(u, "%s", rows[i][0]);
		CHECK_STR(u,
		          mig_base64(m, (const unsigned char *) rows[i][0],
		                     strlen(rows[i][0])),
		          rows[i][1]);
	}
}

const UnitTest unit_hash[] = {
	{"vectors", test_vectors, 0},
	{"pieces", test_pieces, UNIT_ONCE},
	{"siphash", test_siphash, 0},
	{"base64", test_base64, 0},
	{NULL, NULL, 0},
};
