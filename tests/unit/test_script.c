#include <string.h>

#include "script.h"
#include "text.h"
#include "unit.h"

#define P &mig_postgresql
#define L &mig_sqlite
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static MigScript *
parse(Mig *m, const char *text)
{
	return mig_script_parse(m, mig_str("x.sql"), mig_str(text), mig_str(text));
}

static void
test_header(Unit *u)
{
	static const char text[] = "-- a plain comment\r\n"
							   "-- migrate:revision 2026_a.b-c\r\n"
							   "--migrate:revises a,b  c\r\n"
							   "--\tmigrate:depends d\r\n"
							   "-- migrate:labels l1, l2\r\n"
							   "-- migrate:message  create  users \r\n"
							   "-- migrate:created 2026-01-29T04:56:46Z\r\n"
							   "/* more */\r\n"
							   "-- migrate:up\r\n"
							   "a;\r\n";
	Mig *m = unit_mig(u, P);
	MigScript *s = parse(m, text);

	CHECK(u, s != NULL);
	CHECK_STR(u, s->source, "x.sql");
	CHECK_STR(u, s->text, text);
	CHECK_STR(u, s->revision, "2026_a.b-c");
	CHECK_STR(u, s->revises, "a b c");
	CHECK_STR(u, s->depends, "d");
	CHECK_STR(u, s->labels, "l1 l2");
	CHECK_STR(u, s->message, "create  users");
	CHECK(u, s->created == INT64_C(1769662606) * 1000000);
	CHECK(u, s->revision_pos.line == 2 && s->revises_pos.line == 3);
	CHECK(u, s->nsections == 1 && s->sections[0].pos.line == 9);
	CHECK_STR(u, s->sections[0].body, "a;\r\n");
}

static void
test_defaults(Unit *u)
{
	Mig *m = unit_mig(u, P);
	MigScript *s = parse(m, "\xEF\xBB\xBF-- migrate:up");

	CHECK(u, s != NULL);
	CHECK_STR(u, s->revision, NULL);
	CHECK_STR(u, s->revises, NULL);
	CHECK_STR(u, s->depends, NULL);
	CHECK_STR(u, s->labels, NULL);
	CHECK_STR(u, s->message, NULL);
	CHECK(u, s->created == MIG_NO_TIME);
	CHECK(u, s->revision_pos.line == 0 && s->revises_pos.line == 0);
	CHECK(u, s->nsections == 1);
	CHECK_STR(u, s->sections[0].body, "");
	s = parse(m, "-- migrate:revises base\n-- migrate:message\n"
	             "-- migrate:up\n");
	CHECK(u, s != NULL);
	CHECK_STR(u, s->revises, "");
	CHECK_STR(u, s->message, "");
}

/* Sections as kind letter, dialect letter, ! when alone, body in brackets. */
static MigStr
sections_of(Mig *m, const char *text)
{
	MigText out = {m, NULL, 0, 0};
	MigScript *s = parse(m, text);

	if (s == NULL)
		return (MigStr){NULL, 0};
	for (int i = 0; i < s->nsections; i++)
	{
		const MigSection *section = &s->sections[i];

		mig_text_char(&out, "udv"[section->kind]);
		mig_text_char(&out, "bps"[section->target]);
		if (!section->transactional)
			mig_text_char(&out, '!');
		mig_text_char(&out, '[');
		mig_text_str_add(&out, section->body);
		mig_text_char(&out, ']');
	}
	return mig_text_str(&out);
}

static const struct
{
	const char *text;
	const char *sections;
} sections[] = {
	{"-- migrate:up\na;\n-- migrate:down\nb;\n", "ub[a;\n]db[b;\n]"},
	{"-- migrate:up\ra\r-- migrate:down\rb", "ub[a\r]db[b]"},
	{"-- migrate:down\n-- migrate:up\n-- migrate:verify\nv", "db[]ub[]vb[v]"},
	{"-- migrate:up dialect:postgresql transaction:false\na\n"
     "-- migrate:up\t transaction:true  dialect:sqlite \nb\n",
     "up![a\n]us[b\n]"},

	/* A directive ends a statement that lacks its semicolon, */
	{"-- migrate:up\na\n-- migrate:down\nb", "ub[a\n]db[b]"},
	/* but none that goes on, */
	{"-- migrate:up\n(a\n-- migrate:down\n);b",
     "ub[(a\n-- migrate:down\n);b]"},
	{"-- migrate:up\n$$\n-- migrate:down\n$$", "ub[$$\n-- migrate:down\n$$]"},
	{"-- migrate:up\n/*\n-- migrate:down\n*/", "ub[/*\n-- migrate:down\n*/]"},
	{"-- migrate:up\n'\n-- migrate:down\n'", "ub['\n-- migrate:down\n']"},
	{"-- migrate:up\ncopy t from stdin;\n-- migrate:down\n\\.\n-- migrate:down",
     "ub[copy t from stdin;\n-- migrate:down\n\\.\n]db[]"},
	{"-- migrate:up\ncreate function f() begin atomic\n-- migrate:down\nend;",
     "ub[create function f() begin atomic\n-- migrate:down\nend;]"},
	{"-- migrate:up dialect:sqlite\ncreate trigger t on x begin a;\n"
     "-- migrate:down\nend;\n-- migrate:down\n",
     "us[create trigger t on x begin a;\n-- migrate:down\nend;\n]db[]"},
	/* and plain comments that resemble one are comments. */
	{"-- migrate: users\n-- Migrate the rest\n-- migrate:up\n -- migrate:up to"
     " now\n-- migrate: down the line\n-- migrate\na",
     "ub[ -- migrate:up to now\n-- migrate: down the line\n-- migrate\n"
     "a]"},

	/* Each section is read in its own dialect. */
	{"-- migrate:up dialect:sqlite\n[']\n-- migrate:up dialect:postgresql\n"
     "$$'$$\n-- migrate:down\n",
     "us[[']\n]up[$$'$$\n]db[]"},
	{"\\restrict a'b\n-- migrate:up\na", "ub[a]"},
	{"/*+--- banner ---+*/\n-- migrate:up\na", "ub[a]"},
};

static void
test_sections(Unit *u)
{
	for (size_t i = 0; i < COUNT(sections); i++)
	{
		Mig *m = unit_again(u, P);

		unit_row(u, "%s", sections[i].text);
		CHECK_STR(u, sections_of(m, sections[i].text), sections[i].sections);
	}
}

/* More sections than their array's first room: none loses its end. */
static void
test_sections_many(Unit *u)
{
	Mig *m = unit_mig(u, P);
	MigText text = {m, NULL, 0, 0};
	MigScript *s;
	MigStr whole;

	for (int i = 0; i < 40; i++)
		mig_text_add(&text, "-- migrate:up\na;\n");
	whole = mig_text_str(&text);
	s = mig_script_parse(m, mig_str(""), whole, whole);
	CHECK(u, s != NULL && s->nsections == 40);
	for (int i = 0; i < s->nsections; i++)
		CHECK_STR(u, s->sections[i].body, "a;\n");
}

#define LONG                                                                  \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct
{
	const char *text;
	const char *message;
	const char *hint; /* its start */
	int line, column;
} errors[] = {
	{"", "script has no \"migrate:up\" section", "Write \"-- migrate:up\"", 1,
     1},
	{"-- a\n-- migrate:revision x\n-- migrate:down\nb",
     "script has no \"migrate:up\" section", "Write \"-- migrate:up\"", 2, 1},
	{"-- a\n\nCREATE TABLE t (\na);",
     "text before the first section: "
     "\"CREATE TABLE t (\"",
     "Write \"-- migrate:up\" on a line", 3, 1},
	{";\n-- migrate:up", "text before the first section: \";\"", "Write", 1,
     1},
	{"-- migrate:\n", "directive \"migrate:\" has no word",
     "The directives are revision", 1, 1},
	{"-- migrate:up\n--migrate: \t\na;", "directive \"migrate:\" has no word",
     "The directives are", 2, 1},
	{"-- migrate:upp\n", "directive \"migrate:upp\" does not exist",
     "The closest directive is \"migrate:up\".", 1, 1},
	{"-- migrate:frobnicate\n",
     "directive \"migrate:frobnicate\" does not"
     " exist",
     "The directives are revision", 1, 1},
	{"-- migrate:up\na;\n-- migrate:dwn\n",
     "directive \"migrate:dwn\" does not exist",
     "The closest directive is \"migrate:down\".", 3, 1},
	{"-- migrate: up\n", "misspelled directive \"-- migrate: up\"",
     "Write \"-- migrate:up\".", 1, 1},
	{"-- Migrate:Up\n", "misspelled directive \"-- Migrate:Up\"",
     "Write \"-- migrate:up\".", 1, 1},
	{"-- migrate:Up\n", "misspelled directive \"-- migrate:Up\"",
     "Write \"-- migrate:up\".", 1, 1},
	{"-- migrate:up\na;\n-- MIGRATE:DOWN transaction:false\n",
     "misspelled directive \"-- MIGRATE:DOWN transaction:false\"",
     "Write \"-- migrate:down\".", 3, 1},
	{"-- migrate : revises x\n",
     "misspelled directive \"-- migrate : revises"
     " x\"",
     "Write \"-- migrate:revises\".", 1, 1},
	{"  -- migrate:up\n", "directive \"migrate:up\" does not begin its line",
     "Nothing may stand before it", 1, 3},
	{"-- migrate:up\na;-- migrate:revision b\n",
     "directive \"migrate:revision\" does not begin its line", "Nothing", 2,
     3},
	{"-- migrate:up\na -- migrate:down\n",
     "directive \"migrate:down\" does not begin its line", "Nothing", 2, 3},

	{"-- migrate:revision\n",
     "directive \"migrate:revision\" has no "
     "identifier",
     "Write the revision's identifier", 1, 1},
	{"-- migrate:revision a b\n", "\"b\" behind the revision's identifier",
     "A script is one revision", 1, 23},
	{"-- migrate:revision a@b\n", "revision \"a@b\" is not an identifier",
     "Use letters, digits", 1, 21},
	{"-- migrate:revision head\n", "revision \"head\" has a reserved name",
     "The words head", 1, 21},
	{"-- migrate:revision " LONG LONG "\n",
     "revision \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aa...\" is longer than 128 bytes",
     "Use letters", 1, 21},
	{"-- migrate:revises\n", "directive \"migrate:revises\" names nothing",
     "Write the revisions that it comes after, or base", 1, 1},
	{"-- migrate:depends  \n", "directive \"migrate:depends\" names nothing",
     "Write names behind it", 1, 1},
	{"-- migrate:revises base x\n", "\"base\" does not stand alone",
     "Write either base", 1, 20},
	{"-- migrate:revises x base\n", "\"base\" does not stand alone",
     "Write either base", 1, 22},
	{"-- migrate:revises x heads\n", "revision \"heads\" has a reserved name",
     "The words head", 1, 22},
	{"-- migrate:depends base\n", "revision \"base\" has a reserved name",
     "The words head", 1, 20},
	{"-- migrate:labels a b+c\n", "label \"b+c\" is not an identifier",
     "Use letters", 1, 21},
	{"-- migrate:created today\n", "\"today\" is not a time",
     "Write it as 2026-01-29T04:56:46Z.", 1, 20},
	{"-- migrate:created\n", "\"\" is not a time", "Write it as", 1, 1},
	{"-- migrate:message a\n-- migrate:message a\n",
     "directive \"migrate:message\" is given twice", "Leave one of them out.",
     2, 1},
	{"-- migrate:revision a\n-- migrate:revision b\n",
     "directive \"migrate:revision\" is given twice", "Leave one", 2, 1},
	{"-- migrate:up\n-- migrate:revises x\n",
     "directive \"migrate:revises\" stands behind the first section",
     "Header directives stand before", 2, 1},

	{"-- migrate:up dialect:postgres\n",
     "value \"postgres\" of option \"dialect\" does not exist",
     "Write dialect:postgresql or dialect:sqlite.", 1, 15},
	{"-- migrate:up transaction:off\n",
     "value \"off\" of option \"transaction\" does not exist",
     "Write transaction:false or transaction:true.", 1, 15},
	{"-- migrate:up transaction:\n", "option \"transaction\" has no value",
     "Write transaction:false", 1, 15},
	{"-- migrate:up  dialect\n", "option \"dialect\" has no value",
     "Write dialect:postgresql", 1, 16},
	{"-- migrate:up transactional:false\n",
     "option \"transactional\" does not exist",
     "The closest option is \"transaction\".", 1, 15},
	{"-- migrate:up x\n", "option \"x\" does not exist",
     "A section takes the options", 1, 15},
	{"-- migrate:up transaction:false transaction:true\n",
     "option \"transaction\" is given twice", "Leave one of them out.", 1, 33},
	{"-- migrate:verify transaction:false\n",
     "option \"transaction\" does not apply to a verify section",
     "A verify section runs in", 1, 19},

	{"-- migrate:up\na (\n-- migrate:down\n", "unterminated parenthesis",
     "It begins here", 2, 3},
	{"-- migrate:up\ncopy t from stdin\n-- migrate:down\n",
     "COPY FROM stdin without data", "A semicolon ends", 2, 13},
	{"-- migrate:up\na 'b\n-- migrate:down\n", "unterminated quoted string",
     "It begins here", 2, 3},
	{"-- migrate:up\n\\i x.sql\n", "\"\\i\" is a command of psql, not SQL",
     "Write SQL in its place", 2, 1},
};

static void
test_errors(Unit *u)
{
	for (size_t i = 0; i < COUNT(errors); i++)
	{
		Mig *m = unit_again(u, P);
		MigStr hint;

		unit_row(u, "%s", errors[i].text);
		CHECK(u, parse(m, errors[i].text) == NULL);
		CHECK(u, m->status.code == MIG_SYNTAX);
		CHECK_STR(u, mig_str(m->status.message), errors[i].message);
		hint = mig_str(m->status.hint);
		CHECK(u, mig_str_starts(hint, mig_str(errors[i].hint)));
		CHECK(u, m->status.pos.line == errors[i].line);
		CHECK(u, m->status.pos.column == errors[i].column);
		CHECK_STR(u, m->status.pos.source, "x.sql");
	}
}

/* A section for the other database is read too. */
static void
test_other(Unit *u)
{
	Mig *m = unit_mig(u, L);

	CHECK(u, parse(m, "-- migrate:up dialect:postgresql\n$$ ' $$;\n") != NULL);
	CHECK(u, parse(m, "-- migrate:up dialect:postgresql\n$$ '\n") == NULL);
	CHECK(u, m->status.pos.line == 2);
}

/* The pieces and, of each script, the line of its first section. */
static void
test_cut(Unit *u)
{
	static const char text[] =
		"-- first\n-- migrate:revision a\n-- migrate:up\n"
		"select '\n-- migrate:revision no\n';\n"
		"\xEF\xBB\xBF-- migrate:revision b\r\n"
		"-- migrate:up dialect:sqlite\r\n[']; copy t from stdin;\r\n"
		"-- migrate:revision c\n-- migrate:up\n"
		"copy t from stdin;\n-- migrate:revision no\n\\.\n";
	static const char *const revisions[] = {"a", "b", "c"};
	static const int lines[] = {3, 8, 11};
	Mig *m = unit_mig(u, P);
	MigStr whole = mig_str(text);
	MigPos at = mig_lex_pos(mig_str("all"), whole, 0);
	MigStr *parts;
	int count;
	size_t length = 0;

	CHECK(u, mig_script_cut(m, mig_str("all"), whole, &parts, &count));
	CHECK(u, count == 3);
	for (int i = 0; i < count; i++)
	{
		MigScript *s, *again;

		unit_row(u, "part %d", i);
		CHECK(u, parts[i].at == whole.at + length);
		length += parts[i].len;
		s = mig_script_parse_from(m, &at, whole, parts[i]);
		CHECK(u, s != NULL);
		CHECK_STR(u, s->revision, revisions[i]);
		CHECK(u, s->sections[0].pos.line == lines[i]);
		again = mig_script_parse(m, mig_str("all"), whole, parts[i]);
		CHECK(u, again != NULL);
		CHECK(u, again->sections[0].pos.line == lines[i]);
		CHECK(u, again->sections[0].pos.column == 1);
	}
	CHECK(u, length == whole.len);
	CHECK(u, mig_str_starts(parts[1], MIG_LIT("\xEF\xBB\xBF--")));
}

/* Sections are there for whoever needs them, also a few too many. */
static void
test_skim(Unit *u)
{
	static const struct
	{
		const char *text;
		int sections, kept; /* read whole, skimmed */
	} rows[] = {
		{"-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n", 2, 0},
		{"-- migrate:up\nPRAGMA foreign_keys = off;\n", 1, 1},
		{"-- migrate:up\n-- migrate:up transaction:false\nVACUUM;\n", 2, 2},
		{"-- migrate:up\n-- migrate:up\n-- migrate:up\n-- migrate:up\n"
	     "-- migrate:up\nSELECT 1;\n",
	     5, 5},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		Mig *m = unit_mig(u, L);
		MigStr text = mig_str(rows[i].text);
		MigPos at = mig_lex_pos(mig_str("x.sql"), text, 0);
		MigScript *s, *skimmed;
		MigWork work, again;

		unit_row(u, "%s", rows[i].text);
		s = mig_script_parse(m, at.source, text, text);
		skimmed = mig_script_skim_from(m, &at, text, text);
		CHECK(u, s != NULL && skimmed != NULL);
		CHECK(u, s->nsections == rows[i].sections);
		CHECK(u, skimmed->nsections == rows[i].kept);
		CHECK(u, skimmed->statements == s->statements);
		CHECK(u, memcmp(skimmed->checksum, s->checksum, MIG_DIGEST_SIZE) == 0);
		if (skimmed->plain)
			continue;
		CHECK(u, mig_script_work(m, s, L, MIG_UP, &work) &&
		             mig_script_work(m, skimmed, L, MIG_UP, &again));
		CHECK(u, work.count == again.count);
	}
}

static void
test_cut_one(Unit *u)
{
	static const char *const texts[] = {
		"",
		"a",
		"-- migrate:up\na",
		"-- x\n-- migrate:revision a\nb",
		"-- migrate:revision a\nb; -- migrate:revision c\n-- Migrate:Revision d",
	};

	for (size_t i = 0; i < COUNT(texts); i++)
	{
		Mig *m = unit_again(u, L);
		MigStr *parts;
		int count;

		unit_row(u, "%s", texts[i]);
		CHECK(u, mig_script_cut(m, mig_str(""), mig_str(texts[i]), &parts,
		                        &count));
		CHECK(u, count == 1);
		CHECK_STR(u, parts[0], texts[i]);
	}
}

/* Scripts with the same checksum as the first of their group, or another. */
static const struct
{
	const char *text;
	bool same;
} sums[] = {
	{"-- migrate:up\nCREATE TABLE t (a int);\nINSERT INTO t VALUES ('x');\n",
     true},
	{"-- migrate:up\nCREATE TABLE t(a int) ; ; INSERT INTO t VALUES('x')",
     true},
	{"-- migrate:revision x\r\n-- migrate:up\r\n;-- c\r\nCREATE TABLE t\r\n"
     "(a /*c*/ int);\r\nINSERT INTO t VALUES ('x');\r\n;-- migrate\r\n"
     "-- migrate:down\r\nDROP TABLE t;\r\n-- migrate:verify\r\nSELECT 1\r\n",
     true},
	{"-- migrate:up\n\\restrict x\nCREATE TABLE t (a int);\n"
     "INSERT INTO t VALUES ('x');\n\\unrestrict x\n-- migrate:up\n",
     true},
	{"-- migrate:up dialect:sqlite\n-- migrate:up\nCREATE TABLE t (a int);\n"
     "INSERT INTO t VALUES ('x');\n",
     true},
	{"-- migrate:up\ncreate TABLE t (a int);\nINSERT INTO t VALUES ('x');\n",
     false},
	{"-- migrate:up\nCREATE TABLE t (a int)\nINSERT INTO t VALUES ('x');\n",
     false},
	{"-- migrate:up\nCREATE TABLE t (a int);\nINSERT INTO t VALUES ('x ');\n",
     false},
	{"-- migrate:up\nCREATE TABLE t (aint);\nINSERT INTO t VALUES ('x');\n",
     false},
	{"-- migrate:up\nCREATE TABLE t (a int);\nINSERT /*+ h */ INTO t VALUES "
     "('x');\n",
     false},
	{"-- migrate:up transaction:false\nCREATE TABLE t (a int);\nINSERT INTO t "
     "VALUES ('x');\n",
     false},
	{"-- migrate:up dialect:sqlite\nCREATE TABLE t (a int);\nINSERT INTO t "
     "VALUES ('x');\n",
     false},
	{"-- migrate:up\nCREATE TABLE t (a int);\n-- migrate:up\nINSERT INTO t "
     "VALUES ('x');\n",
     false},
	{"-- migrate:up\n", false},
};

static void
test_same(Unit *u)
{
	Mig *m = unit_mig_blocks(u, P);
	MigScript *first = parse(m, sums[0].text);

	CHECK(u, first != NULL);
	for (size_t i = 0; i < COUNT(sums); i++)
	{
		MigScript *s = parse(m, sums[i].text);

		unit_row(u, "%s", sums[i].text);
		CHECK(u, s != NULL);
		CHECK(u, (memcmp(s->checksum, first->checksum, MIG_DIGEST_SIZE) ==
		          0) == sums[i].same);
	}
}

/* The rule of checksum.h, by what it feeds to the digest. */
static void
test_checksums(Unit *u)
{
	static const struct
	{
		const char *text;
		const char *fed;
	} rows[] = {
		{"-- migrate:up\n", ""},
		{"-- migrate:up\n-- c\n;\n", ""},
		{"-- migrate:up\na;;b;\n-- migrate:down\nc;", "1:a1:;1:b\n"},
		{"-- migrate:up dialect:sqlite transaction:false\n'x\r\ny\rz\n\r';\n"
	     "-- migrate:up dialect:postgresql\n$$\r\n$$",
	     "@sqlite\n@alone\n9:'x\ny\rz\n\r'\n@postgresql\n5:$$\n$$\n"},
		{"-- migrate:up\ncopy t from stdin;\n1\r\n2\n\\.\n;a",
	     "4:copy1:t4:from5:stdin1:;4:1\n2\n1:;1:a\n"},
		{"-- migrate:up\ncopy t from stdin;\n\\.\n",
	     "4:copy1:t4:from5:stdin1:;0:\n"},
		{"-- migrate:up\n/*+ h */a", "8:/*+ h */1:a\n"},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
	{
		Mig *m = unit_again(u, P);
		MigScript *s = parse(m, rows[i].text);
		unsigned char out[MIG_DIGEST_SIZE];
		MigDigest d;

		unit_row(u, "%s", rows[i].text);
		CHECK(u, s != NULL);
		mig_digest_start(&d);
		mig_digest_add(&d, rows[i].fed, strlen(rows[i].fed));
		mig_digest_end(&d, out);
		CHECK(u, memcmp(out, s->checksum, sizeof(out)) == 0);
	}
}

static void
test_ids(Unit *u)
{
	static const struct
	{
		const char *id;
		bool ok;
	} rows[] = {
		{"a", true},         {"2026_01", true},  {"A.b-c_9", true},
		{"-1", true},        {"Head", true},     {"headless", true},
		{"", false},         {"+1", false},      {"a b", false},
		{"\xc3\xa9", false}, {"base", false},    {"head", false},
		{"heads", false},    {"current", false}, {"a@b", false},
	};
	MigPos nowhere = {.line = 0};

	for (size_t i = 0; i < COUNT(rows); i++)
	{
		Mig *m = unit_again(u, P);

		unit_row(u, "%s", rows[i].id);
		CHECK(u, mig_script_id(m, "label", mig_str(rows[i].id), nowhere) ==
		             rows[i].ok);
		CHECK(u, mig_ok(m) == rows[i].ok);
		CHECK(u, rows[i].ok || m->status.hint[0] != '\0');
		CHECK(u, m->status.context[0] == '\0');
	}
}

static void
test_names(Unit *u)
{
	static const struct
	{
		const char *file, *revision, *message;
	} rows[] = {
		{"20260129_045646_create_users.sql", "20260129_045646",
	     "create users"},
		{"a/b/001_init.sql", "001", "init"},
		{"a\\001_init.sql", "001", "init"},
		{"20151129054053_x.sql", "20151129054053", "x"},
		{"users.sql", "users", "users"},
		{"create_users", "create_users", "create users"},
		{"2024_01_02_x.SQL", "2024_01_02", "x"},
		{"001_2fa_tokens.sql", "001", "2fa tokens"},
		{"001init.sql", "001", "init"},
		{"001__x_.sql", "001", "x"},
		{"001-x.sql", "001", "x"},
		{"001.sql", "001", ""},
		{"001_.sql", "001", ""},
		{"_001.sql", "_001", "001"},
		{".sql", ".sql", "sql"},
		{"", "", ""},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
	{
		Mig *m = unit_again(u, P);
		MigStr revision, message;

		unit_row(u, "%s", rows[i].file);
		mig_script_name(m, mig_str(rows[i].file), &revision, &message);
		CHECK_STR(u, revision, rows[i].revision);
		CHECK_STR(u, message, rows[i].message);
	}
}

/* Many revisions in one text: nothing here may be quadratic. */
static void
test_many(Unit *u)
{
	enum
	{
		MANY = 50000
	};
	Mig *m = unit_mig_blocks(u, L);
	MigText text = {m, NULL, 0, 0};
	MigStr whole;
	MigPos at;
	MigStr *parts;
	int count;

	for (int i = 0; i < MANY; i++)
		mig_text_fmt(&text,
		             "-- migrate:revision r%d\n-- migrate:up\n"
		             "CREATE TABLE t%d (a integer);\n-- migrate:down\n"
		             "DROP TABLE t%d;\n",
		             i, i, i);
	whole = mig_text_str(&text);
	at = mig_lex_pos(mig_str(""), whole, 0);
	CHECK(u, mig_script_cut(m, mig_str(""), whole, &parts, &count));
	CHECK(u, count == MANY);
	for (int i = 0; i < count; i++)
	{
		MigScript *s = mig_script_parse_from(m, &at, whole, parts[i]);
		MigWork work;

		CHECK(u, s != NULL && mig_script_work(m, s, L, MIG_UP, &work));
		CHECK(u, work.count == 1 && work.items[0].pos.line == i * 5 + 3);
	}
}

const UnitTest unit_script[] = {
	{"header", test_header, 0},
	{"defaults", test_defaults, 0},
	{"sections", test_sections, 0},
	{"sections_many", test_sections_many, 0},
	{"errors", test_errors, 0},
	{"other", test_other, 0},
	{"cut", test_cut, 0},
	{"cut_one", test_cut_one, 0},
	{"skim", test_skim, 0},
	{"same", test_same, UNIT_ONCE},
	{"checksums", test_checksums, 0},
	{"ids", test_ids, 0},
	{"names", test_names, 0},
	{"many", test_many, UNIT_ONCE},
	{NULL, NULL, 0},
};
