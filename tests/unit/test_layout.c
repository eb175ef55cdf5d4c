#include <string.h>

#include "layout.h"
#include "unit.h"

#define FILES 4

typedef struct Case
{
	const char *name;
	MigFile files[FILES]; /* ends at an absent name */
} Case;

#define F(name, text)                                                         \
	{                                                                         \
		{name, sizeof(name) - 1},                                             \
		{                                                                     \
			text, sizeof(text) - 1                                            \
		}                                                                     \
	}

static bool
read_case(Mig *m, const Case *c, MigTree *tree)
{
	MigFile *files = mig_alloc(m, sizeof(c->files));

	memset(tree, 0, sizeof(*tree));
	if (files == NULL)
		return false;
	memcpy(files, c->files, sizeof(c->files));
	tree->path = MIG_LIT("migrations");
	tree->files = files;
	while (tree->nfiles < FILES && files[tree->nfiles].name.at != NULL)
		tree->nfiles++;
	return mig_layout_native.read(m, tree);
}

static void
test_find(Unit *u)
{
	Mig *m = unit_mig(u, &mig_sqlite);
	MigFile files[] = {F("a.sql", "\xEF\xBB\xBF--  migrate:up\nSELECT 1;\n"),
	                   F("b.sql", "SELECT 1;\n")};
	MigTree empty = {.path = MIG_LIT("migrations")};
	MigTree tree = {
		.path = MIG_LIT("migrations"), .files = files, .nfiles = 2};
	MigTree plain = {
		.path = MIG_LIT("migrations"), .files = files + 1, .nfiles = 1};

	CHECK(u, mig_layout_native.claims(m, &tree) == MIG_CLAIM_SURE);
	CHECK(u, mig_layout_native.claims(m, &plain) == MIG_CLAIM_NO);
	CHECK(u,
	      mig_layout_find(m, mig_str("native"), &plain) == &mig_layout_native);
	CHECK(u,
	      mig_layout_find(m, mig_str("auto"), &plain) == &mig_layout_native);
	CHECK(u,
	      mig_layout_find(m, mig_str("auto"), &empty) == &mig_layout_native);
	CHECK(u, mig_layout_find(m, mig_str(NULL), &tree) == &mig_layout_native);
	CHECK(u, mig_layout_find(m, mig_str("Native"), &tree) == NULL);
	CHECK(u, m->status.code == MIG_ARGUMENT);
	CHECK_STR(u, mig_str(m->status.message),
	          "layout \"Native\" does not exist");
	CHECK(u, mig_str_starts(mig_str(m->status.hint),
	                        MIG_LIT("The layouts are auto, native")));
}

static void
test_wants(Unit *u)
{
	static const struct
	{
		const char *name;
		bool wanted;
	} rows[] = {
		{"1_a.sql", true},
		{"a.sql", true},
		{"sub/a.sql", false},
		{"a.sql.bak", false},
		{".hidden.sql", false},
		{"sub/.a.sql", false},
		{".sql", false},
		{"sub/.sql", false},
		{"a.SQL", false},
		{"asql", false},
		{"", false},
		{"a.sql/", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		unit_row(u, "%s", rows[i].name);
		CHECK(u, mig_layout_native.wants(mig_str(rows[i].name)) ==
		             rows[i].wanted);
	}
}

/* Order by bytes, what is not wanted left out, gaps of headers filled. */
static void
test_dbmate(Unit *u)
{
	static const Case c = {
		"dbmate",
		{F("9_last.sql", "-- migrate:up\nSELECT 9;\n-- migrate:down\n"),
	     F("10_add_rôles.sql", "-- migrate:up\nSELECT 10;\n"),
	     F("README.md", "not SQL"), F("10.sql.swp", "not SQL")},
	};
	Mig *m = unit_mig(u, &mig_postgresql);
	MigTree tree;

	CHECK(u, read_case(m, &c, &tree));
	CHECK(u, tree.nscripts == 2);
	CHECK_STR(u, tree.scripts[0]->revision, "10");
	CHECK_STR(u, tree.scripts[0]->revises, "");
	CHECK_STR(u, tree.scripts[0]->message, "add rôles");
	CHECK_STR(u, tree.scripts[0]->source, "10_add_rôles.sql");
	CHECK_STR(u, tree.scripts[1]->revision, "9");
	CHECK_STR(u, tree.scripts[1]->revises, "10");
	CHECK_STR(u, tree.scripts[1]->message, "last");
	CHECK_STR(u, tree.scripts[1]->depends, NULL);
}

static void
test_headers(Unit *u)
{
	static const Case c = {
		"headers",
		{F("a.sql", "-- migrate:revision x\n-- migrate:revises base\n"
	                "-- migrate:message first\n-- migrate:up\nSELECT 1;\n"),
	     F("b.sql", "-- migrate:revision y\n-- migrate:up\nSELECT 2;\n"
	                "-- migrate:revision z\n-- migrate:revises x\n"
	                "-- migrate:up\nSELECT 3;\n"),
	     F("c_d.sql", "-- migrate:up\nSELECT 4;\n")},
	};
	static const char *const want[][3] = {
		{"x", "", "first"},
		{"y", "x", "b"},
		{"z", "x", "b"},
		{"c_d", "z", "c d"},
	};
	Mig *m = unit_mig(u, &mig_sqlite);
	MigTree tree;

	CHECK(u, read_case(m, &c, &tree));
	CHECK(u, tree.nscripts == 4);
	for (int i = 0; i < 4; i++)
	{
		unit_row(u, "%s", want[i][0]);
		CHECK_STR(u, tree.scripts[i]->revision, want[i][0]);
		CHECK_STR(u, tree.scripts[i]->revises, want[i][1]);
		CHECK_STR(u, tree.scripts[i]->message, want[i][2]);
	}
}

static void
test_errors(Unit *u)
{
	static const struct
	{
		Case c;
		MigCode code;
		const char *message; /* NULL: the parser's own */
		const char *detail;
		const char *context;
	} rows[] = {
		{{"empty", {{{NULL, 0}, {NULL, 0}}}},
	     MIG_FILE,
	     "directory \"migrations\" holds no script",
	     "",
	     ""},
		{{"nothing wanted", {F(".a.sql", "-- migrate:up\n"), F("b", "")}},
	     MIG_FILE,
	     "directory \"migrations\" holds no script",
	     "",
	     ""},
		{{"twice",
	      {F("2_b.sql", "-- migrate:up\nSELECT 1;\n"),
	       F("2_a.sql", "-- migrate:up\nSELECT 1;\n")}},
	     MIG_GRAPH,
	     "revision \"2\" is defined twice",
	     "Files \"2_a.sql\" and \"2_b.sql\" define it.",
	     ""},
		{{"twice in one file",
	      {F("a.sql", "-- migrate:revision x\n-- migrate:up\nSELECT 1;\n"
	                  "-- migrate:revision x\n-- migrate:up\nSELECT 1;\n")}},
	     MIG_GRAPH,
	     "revision \"x\" is defined twice",
	     "File \"a.sql\" defines it at line 1 and again at line 4.",
	     ""},
		{{"name that is no revision",
	      {F("größe ändern.sql", "-- migrate:up\nSELECT 1;\n")}},
	     MIG_SYNTAX,
	     NULL,
	     "The script has no line \"-- migrate:revision\", so its revision"
	     " comes from the file's name.",
	     "größe ändern.sql line 1, column 1"},
		{{"syntax",
	      {F("1_a.sql", "-- migrate:up\nSELECT 1;\n"),
	       F("2_b.sql", "-- migrate:up\nSELECT 1;\nSELECT 'x;\n")}},
	     MIG_SYNTAX,
	     NULL,
	     NULL,
	     "2_b.sql line 3, column 8"},
	};

	Mig *m = unit_mig(u, &mig_sqlite);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		MigTree tree;

		unit_row(u, "%s", rows[i].c.name);
		CHECK(u, !read_case(m, &rows[i].c, &tree));
		CHECK(u, m->status.code == rows[i].code);
		if (rows[i].message != NULL)
			CHECK_STR(u, mig_str(m->status.message), rows[i].message);
		if (rows[i].detail != NULL)
			CHECK_STR(u, mig_str(m->status.detail), rows[i].detail);
		CHECK_STR(u, mig_str(m->status.context), rows[i].context);
		memset(&m->status, 0, sizeof(m->status));
	}
}

/* Scripts that came over the wire have no file name. */
static void
test_nameless(Unit *u)
{
	Mig *m = unit_mig(u, &mig_sqlite);
	MigScript s = {.revision = MIG_LIT("a")};
	MigScript next = {.revision = {NULL, 0}};

	CHECK(u, mig_layout_complete(m, &s, NULL));
	CHECK_STR(u, s.message, "");
	CHECK_STR(u, s.revises, "");
	CHECK(u, !mig_layout_complete(m, &next, &s));
	CHECK(u, m->status.code == MIG_SYNTAX);
	CHECK_STR(u, mig_str(m->status.message), "script has no revision");
	CHECK_STR(u, mig_str(m->status.context), "line 1, column 1");
}

const UnitTest unit_layout[] = {
	{"find", test_find, 0},
	{"wants", test_wants, 0},
	{"dbmate", test_dbmate, 0},
	{"headers", test_headers, 0},
	{"errors", test_errors, 0},
	{"nameless", test_nameless, 0},
	{NULL, NULL, 0},
};
