#include <string.h>

#include "lex.h"
#include "text.h"
#include "unit.h"

#define P &mig_postgresql
#define L &mig_sqlite

/* Tokens without space: a letter for the kind, ! if it is open, the text;
   between them blanks. */
static MigStr
tokens_of(Mig *m, const MigDialect *d, MigStr text)
{
	MigText out = {m, NULL, 0, 0};
	MigLexer l;
	MigToken t;

	mig_lex_start(&l, d, text);
	while (mig_lex_next(&l, &t))
	{
		if (t.kind == MIG_T_SPACE)
			continue;
		if (out.len > 0)
			mig_text_char(&out, ' ');
		mig_text_char(&out, "SLCHWNQDOX"[t.kind]);
		if (t.open)
			mig_text_char(&out, '!');
		mig_text_str_add(&out, t.text);
	}
	return mig_text_str(&out);
}

static const struct
{
	const MigDialect *dialect;
	const char *text;
	const char *tokens;
} cases[] = {
	{P, "", ""},
	{P, " \t\r\n\f\v", ""},
	{P, "SELECT a1,_b", "WSELECT Wa1 X, W_b"},
	{P, "1.5e-3", "W1 X. W5e O- W3"},
	{P,
     "gr\xc3\xb6\xc3\x9f"
     "e=1",
     "Wgr\xc3\xb6\xc3\x9f"
     "e O= W1"},
	{P, "a<=b||c", "Wa O<= Wb O|| Wc"},
	{P, "a--b\nc", "Wa L--b Wc"},
	{P, "a-- b\rc\r\nd", "Wa L-- b Wc Wd"},
	{P, "1+/*x*/2", "W1 O+ C/*x*/ W2"},
	{P, "1+--x", "W1 O+ L--x"},
	{P, "- -1", "O- O- W1"},
	{P, "a/b", "Wa O/ Wb"},
	{P, "/*+ hint */a", "H/*+ hint */ Wa"},
	{P, "/* + */a", "C/* + */ Wa"},
	{P, "/*/a*/b", "C/*/a*/ Wb"},
	{P, "/**/a", "C/**/ Wa"},
	{P, "/*/", "C!/*/"},

	/* Comments nest in one of them only. */
	{P, "/*a/*b*/c*/d", "C/*a/*b*/c*/ Wd"},
	{L, "/*a/*b*/c*/d", "C/*a/*b*/ Wc O*/ Wd"},
	{P, "/*a/*b*/c", "C!/*a/*b*/c"},

	/* Strings. */
	{P, "'a''b;'c", "Q'a''b;' Wc"},
	{P, "''", "Q''"},
	{P, "'a\\'b", "Q'a\\' Wb"},
	{P, "'a", "Q!'a"},
	{P, "'a''", "Q!'a''"},
	{P, "E'a\\'b''c'd", "QE'a\\'b''c' Wd"},
	{P, "e'\\\\'d", "Qe'\\\\' Wd"},
	{P, "e'a\\", "Q!e'a\\"},
	{L, "E'a\\'b", "QE'a\\' Wb"},
	{P, "xe'a\\'b", "Wxe Q'a\\' Wb"},
	{P, "x'1f'X'2'b'1'N'n'", "Qx'1f' QX'2' Qb'1' QN'n'"},
	{L, "x'1f'X'2'", "Qx'1f' QX'2'"},
	{P, "U&'a'u&\"b\"U &'c'", "QU&'a' Nu&\"b\" WU O& Q'c'"},
	{P, "u&b", "Wu O& Wb"},
	{P, "e 'a'", "We Q'a'"},
	{P, "E'a'\n 'b\\'c'd", "QE'a'\n 'b\\'c' Wd"},
	{P, "E'a' -- x\n'b\\'c'd", "QE'a' -- x\n'b\\'c' Wd"},
	{P, "E'a' 'b\\'c", "QE'a' Q'b\\' Wc"},
	{P, "'a'\n'b\\'c", "Q'a' Q'b\\' Wc"},
	{P, "E'a'\n'b\\'", "Q!E'a'\n'b\\'"},

	/* Quoted names. */
	{P, "\"a\"\"b\"c", "N\"a\"\"b\" Wc"},
	{P, "\"a", "N!\"a"},
	{P, "a[1]", "Wa X[ W1 X]"},
	{L, "[a b]c", "N[a b] Wc"},
	{L, "[a]]", "N[a] X]"},
	{L, "[a", "N![a"},
	{L, "`a``b`c", "N`a``b` Wc"},
	{P, "a`b", "Wa O` Wb"},

	/* Dollar quotes. */
	{P, "$$a;'$$b", "D$$a;'$$ Wb"},
	{P, "$x$ $$ $y$ $x$b", "D$x$ $$ $y$ $x$ Wb"},
	{P, "$x$ $X$", "D!$x$ $X$"},
	{P, "$$a$", "D!$$a$"},
	{P, "$$$$b", "D$$$$ Wb"},
	{P, "$1+$2", "W$1 O+ W$2"},
	{P, "a$b$c", "Wa$b$c"},
	{P, "a$$b", "Wa$$b"},
	{P, "$1$ $", "W$1$ W$"},
	{P, "$\xc3\xa9$a$\xc3\xa9$", "D$\xc3\xa9$a$\xc3\xa9$"},
	{L, "$$a", "W$$a"},

	{P, "a;b:c::d\\e", "Wa X; Wb X: Wc X: X: Wd X\\ We"},
	{L, "?1 @a #b", "O? W1 O@ Wa O# Wb"},
};

static void
test_tokens(Unit *u)
{
	Mig *m = unit_mig_blocks(u, P);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		unit_row(u, "%s", cases[i].text);
		CHECK_STR(u, tokens_of(m, cases[i].dialect, mig_str(cases[i].text)),
		          cases[i].tokens);
	}
}

/* Every pair of texts put together still is covered without a gap, and every
   start of a text too. */
static void
test_cover(Unit *u)
{
	Mig *m = unit_mig_blocks(u, P);
	size_t n = sizeof(cases) / sizeof(cases[0]);

	for (size_t i = 0; i < n * n; i++)
	{
		const MigDialect *d = i % 2 ? P : L;
		MigText text = {m, NULL, 0, 0};
		MigLexer l;
		MigToken t;
		size_t at = 0;

		mig_text_add(&text, cases[i / n].text);
		mig_text_add(&text, cases[i % n].text);
		unit_row(u, "%s", mig_text_str(&text).at);
		mig_lex_start(&l, d, mig_text_str(&text));
		while (mig_lex_next(&l, &t))
		{
			CHECK(u, t.offset == at && t.text.len > 0);
			CHECK(u, t.text.at == text.at + at);
			at += t.text.len;
			CHECK(u, !t.open || at == text.len);
		}
		CHECK(u, at == text.len);
	}
}

/* Lines, starts of lines and columns, with each sort of line end. */
static void
test_places(Unit *u)
{
	static const char text[] = "\xEF\xBB\xBF"
							   "a\n b\r\n'c\r\nd\n' e\rf\n\n"
							   "\xEF\xBB\xBF"
							   "g\xc3\xa9 h";
	static const struct
	{
		const char *word;
		int line, column;
		bool bol;
	} rows[] = {
		{"a", 1, 1, true},  {"b", 2, 2, false}, {"'c\r\nd\n'", 3, 1, true},
		{"e", 5, 3, false}, {"f", 6, 1, true},  {"g\xc3\xa9", 8, 1, true},
		{"h", 8, 4, false},
	};
	MigStr s = mig_str(text);
	MigPos moved = mig_lex_pos(mig_str("x.sql"), s, 0);
	MigLexer l;
	MigToken t;
	size_t i = 0;

	mig_lex_start(&l, L, s);
	while (mig_lex_next(&l, &t))
	{
		MigPos pos = mig_lex_pos(mig_str("x.sql"), s, t.offset);

		mig_lex_pos_move(&moved, s, t.offset);
		unit_row(u, "token %d", (int) i);
		CHECK(u, pos.line == t.line && pos.offset == t.offset);
		CHECK(u, moved.line == pos.line && moved.column == pos.column);
		if (mig_lex_blank(&t))
			continue;
		CHECK_STR(u, t.text, rows[i].word);
		CHECK(u, pos.line == rows[i].line && pos.column == rows[i].column);
		CHECK(u, t.bol == rows[i].bol);
		CHECK_STR(u, pos.source, "x.sql");
		i++;
	}
	CHECK(u, i == sizeof(rows) / sizeof(rows[0]));
}

static void
test_skip(Unit *u)
{
	MigLexer l;
	MigToken t;

	mig_lex_start(&l, P, mig_str("a 'b\r\n\nc d"));
	mig_lex_skip(&l, 7);
	CHECK(u, mig_lex_next(&l, &t));
	CHECK_STR(u, t.text, "c");
	CHECK(u, t.line == 3 && t.bol);
}

const UnitTest unit_lex[] = {
	{"tokens", test_tokens, UNIT_ONCE},
	{"cover", test_cover, UNIT_ONCE},
	{"places", test_places, 0},
	{"skip", test_skip, 0},
	{NULL, NULL, 0},
};
