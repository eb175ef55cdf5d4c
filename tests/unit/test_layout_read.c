#include <stdio.h>
#include <string.h>

#include "crc.h"
#include "fake.h"
#include "json.h"
#include "layouts.h"
#include "percent.h"
#include "replace.h"
#include "unit.h"

#define FILES 6

#define F(name, text)                                                         \
	{                                                                         \
		{name, sizeof(name) - 1},                                             \
		{                                                                     \
			text, sizeof(text) - 1                                            \
		}                                                                     \
	}

/* What a layout makes of files, which are in byte order. */
typedef struct Case
{
	const MigLayout *layout;
	MigClaim claim;
	MigFile files[FILES]; /* ends at an absent name */
	const char *scripts;  /* "revision<revises[checksum] message, ..." */
	const char *ignored;  /* names by blanks */
	const char *failure;  /* message | context; then scripts are not read */
} Case;

static const Case cases[] = {
	{&mig_layout_golang_migrate,
     MIG_CLAIM_NAMES,
     {F("10_c.up.sql", "SELECT 10;\n"), F("2_b_x.down.sql", "SELECT 2;"),
      F("2_b_x.up.sql", "\xEF\xBB\xBFSELECT 1;\r\n"), F("README.sql", "")},
     "2<[] b x, 10<2[] c, ",
     "README.sql",
     NULL},
	{&mig_layout_golang_migrate,
     MIG_CLAIM_NAMES,
     {F("1_a.up.postgres.sql", "SELECT 1;"), F("1_b.up.sql", "SELECT 1;")},
     NULL,
     NULL,
     "version \"1\" is defined twice | "},
	{&mig_layout_goose,
     MIG_CLAIM_SURE,
     {F("1_a.sql", "-- +goose Up\n-- +goose StatementBegin\nSELECT 1\n"
                   "-- +goose StatementEnd\n-- +goose Down\nSELECT 2;\n"),
      F("2_b.go", "package x"), F("x_test.go", "package x")},
     "1<[] a, 2<1[] b, ",
     "2_b.go",
     NULL},
	{&mig_layout_goose,
     MIG_CLAIM_SURE,
     {F("1_a.sql", "\r\n-- +goose Up\r\n -- +goose Down\r\n")},
     NULL,
     NULL,
     "misplaced annotation \"+goose Down\" | 1_a.sql line 3,"
     " column 1"},
	{&mig_layout_goose,
     MIG_CLAIM_SURE,
     {F("1_a.sql", "-- +goose Up\n-- +goose ENVSUB ON\nSELECT '$one$two';\n")},
     NULL,
     NULL,
     "placeholder \"two\" has no value | 1_a.sql line 3,"
     " column 13"},
	{&mig_layout_flyway,
     MIG_CLAIM_NAMES,
     {F("R__v.sql", "SELECT 'r';\n"), F("U2__b.sql", "SELECT 1;\n"),
      F("V1_10__a.sql", "SELECT '${ONE}';\n"), F("V2.0__b.sql", "a\r\nb\rc\n"),
      F("afterMigrate.sql", "")},
     "1.10<[140259308] a, 2.0<1.10[891568578] b, R__v<*[-1980727218] v, ",
     "afterMigrate.sql",
     NULL},
	{&mig_layout_prisma,
     MIG_CLAIM_SURE,
     {F("1_a/migration.sql", "SELECT 1;\n"), F("1_a_b/migration.sql", "abc"),
      F("migration_lock.toml", "")},
     "1_a<["
     "b4e0497804e46e0a0b0b8c31975b062152d551bac49c3c2e80932567b4085dcd%2C"
     "d3cd5042f97738960d802ad6b3a548dfa18152215118ba18f04493bc6944b0e4"
     "] a, 1_a_b<1_a["
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
     "] a b, ",
     "",
     NULL},
	{&mig_layout_drizzle,
     MIG_CLAIM_SURE,
     {F("0000_b.sql", "abc"), F("0001_a.sql", "abc"), F("0002_c.sql", "x"),
      F("meta/_journal.json",
        "{\"entries\":[{\"when\":7,\"tag\":\"0001_a\"},"
        "{\"tag\":\"0000_\\u0062\",\"more\":{\"tag\":\"x\"}}]}")},
     "0001_a<["
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
     "] a, 0000_b<0001_a["
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
     "] b, ",
     "0002_c.sql",
     NULL},
	{&mig_layout_drizzle,
     MIG_CLAIM_SURE,
     {F("meta/_journal.json", "{\"entries\":[{}]}")},
     NULL,
     NULL,
     "entry of the journal has no tag | meta/_journal.json line 1,"
     " column 14"},
	{&mig_layout_supabase,
     MIG_CLAIM_SURE,
     {F("supabase/migrations/20200101000000_init.sql", "x"),
      F("supabase/migrations/20240101000000_a.sql", "SELECT 1;"),
      F("supabase/seed.sql", "x")},
     "20240101000000<[] a, ",
     "supabase/seed.sql supabase/migrations/20200101000000_init.sql",
     NULL},
	{&mig_layout_hasura,
     MIG_CLAIM_NAMES,
     {F("d/10_b/up.sql", "SELECT 1;"), F("d/9_a/down.sql", ""),
      F("d/9_a/up.sql", "SELECT 1;")},
     "9<[] a, 10<9[] b, ",
     "",
     NULL},
	{&mig_layout_hasura,
     MIG_CLAIM_NAMES,
     {F("10_b/up.yaml", "x"), F("9_a/up.sql", "SELECT 1;\n-- migrate:up\n")},
     NULL,
     NULL,
     "migration \"10_b/up.yaml\" is not SQL | 10_b/up.yaml line 1,"
     " column 1"},
	{&mig_layout_hasura,
     MIG_CLAIM_NAMES,
     {F("9_a/up.sql", "SELECT 1;\n-- migrate:up\n")},
     NULL,
     NULL,
     "the line reads as a directive of migrate | 9_a/up.sql line"
     " 2, column 1"},
};

static MigStr
setting(void *arg, Mig *m, MigStr name)
{
	MigStr none = {NULL, 0};

	(void) arg;
	(void) m;
	return mig_str_is(name, "placeholder.one") ? MIG_LIT("1") : none;
}

static bool
tree_of(Mig *m, const Case *c, MigTree *tree)
{
	MigFile *files = mig_alloc(m, sizeof(c->files));
	MigStr *names = mig_alloc(m, FILES * sizeof(*names));

	memset(tree, 0, sizeof(*tree));
	if (files == NULL || names == NULL)
		return false;
	memcpy(files, c->files, sizeof(c->files));
	tree->path = MIG_LIT("migrations");
	tree->files = files;
	tree->names = names;
	tree->setting = setting;
	for (int i = 0; i < FILES && files[i].name.at != NULL; i++)
	{
		names[tree->nnames++] = files[i].name;
		tree->nfiles++;
	}
	return true;
}

static MigStr
scripts_of(Mig *m, const MigTree *tree)
{
	MigText t = {m, NULL, 0, 0};

	for (int i = 0; i < tree->nscripts; i++)
	{
		const MigScript *s = tree->scripts[i];

		mig_text_fmt(&t, "%.*s<%.*s[%.*s] %.*s, ", MIG_S(s->revision),
		             MIG_S(s->revises), MIG_S(s->origin_checksum),
		             MIG_S(s->message));
	}
	return mig_text_str(&t);
}

static MigStr
ignored_of(Mig *m, const MigTree *tree)
{
	MigText t = {m, NULL, 0, 0};

	for (int i = 0; i < tree->nignored; i++)
		mig_text_fmt(&t, "%s%.*s", i > 0 ? " " : "",
		             MIG_S(tree->ignored[i].name));
	return mig_text_str(&t);
}

static void
check_case(Unit *u, const Case *c)
{
	Mig *m = unit_again(u, &mig_sqlite);
	char failure[1200];
	MigTree tree;
	bool ok;

	CHECK(u, tree_of(m, c, &tree));
	CHECK(u, c->layout->claims(m, &tree) == c->claim);
	ok = mig_layout_filter(m, c->layout, &tree) &&
	     mig_layout_read(m, c->layout, &tree);
	snprintf(failure, sizeof(failure), "%s | %s", m->status.message,
	         m->status.context);
	if (c->failure != NULL)
	{
		CHECK(u, !ok);
		CHECK_STR(u, mig_str(failure), c->failure);
		return;
	}
	CHECK(u, ok);
	CHECK_STR(u, scripts_of(m, &tree), c->scripts);
	CHECK_STR(u, ignored_of(m, &tree), c->ignored);
}

static void
test_trees(Unit *u)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		unit_row(u, "%s %d", cases[i].layout->name, (int) i);
		check_case(u, &cases[i]);
	}
}

/* What stands in a body's place is told of its own file. */
static void
test_put(Unit *u)
{
	static const MigPart parts[] = {
		{MIG_UP, MIG_FOR_POSTGRESQL, false, MIG_LIT("a b%.sql"), 7,
	     MIG_LIT("\nSELECT 1;\nSELECT 2")},
		{MIG_DOWN, MIG_FOR_BOTH, true, MIG_LIT("c.sql"), 1, MIG_LIT("")},
	};
	Mig *m = unit_mig(u, &mig_postgresql);
	MigForeign f = {.layout = "x",
	                .version = MIG_LIT("a,b"),
	                .revision = MIG_LIT("head"),
	                .message = MIG_LIT("one\ntwo"),
	                .created = 0,
	                .source = MIG_LIT("a b%.sql"),
	                .parts = parts,
	                .nparts = 2};
	MigTree tree = {.path = MIG_LIT("d")};
	MigStatement *second;
	MigWork work;

	CHECK(u, mig_layout_put(m, &tree, &f));
	CHECK_STR(u, tree.scripts[0]->text,
	          "-- migrate:revision _head\n-- migrate:message one\n"
	          "-- migrate:created 1970-01-01T00:00:00Z\n"
	          "-- migrate:origin x a%2Cb\n\n"
	          "-- migrate:up dialect:postgresql transaction:false"
	          " file:a%20b%25.sql line:7\n\nSELECT 1;\nSELECT 2\n\n"
	          "-- migrate:down file:c.sql line:1\n");
	CHECK_STR(u, tree.scripts[0]->origin_version, "a,b");
	CHECK(u,
	      mig_script_work(m, tree.scripts[0], &mig_postgresql, MIG_UP, &work));
	second = &work.items[1];
	CHECK_STR(u, second->pos.source, "a b%.sql");
	CHECK(u, second->pos.line == 9 && second->pos.column == 1);
	CHECK(u, !mig_layout_put(m, &tree, &f));
	CHECK_STR(u, mig_str(m->status.message),
	          "revision \"_head\" is defined twice");
}

static void
test_doubt(Unit *u)
{
	static const Case c = {&mig_layout_native,
	                       MIG_CLAIM_SURE,
	                       {F("1_a.sql", "-- +goose Up\n-- migrate:up\n")},
	                       NULL,
	                       NULL,
	                       NULL};
	Mig *m = unit_mig(u, &mig_sqlite);
	MigTree tree;

	CHECK(u, tree_of(m, &c, &tree));
	CHECK(u, mig_layout_find(m, mig_str("auto"), &tree) == NULL);
	CHECK_STR(u, mig_str(m->status.message),
	          "directory \"migrations\" could be of more than one layout");
	CHECK_STR(u, mig_str(m->status.detail),
	          "It could be one of: native, goose.");
}

/* Of a tree that is ours the others see a few scripts: one far behind does not
   make it theirs. */
static void
test_few(Unit *u)
{
	Mig *m = unit_mig(u, &mig_sqlite);
	MigFile files[20];
	MigStr names[20];
	MigTree tree = {.path = MIG_LIT("migrations"),
	                .names = names,
	                .nnames = 20,
	                .files = files,
	                .nfiles = 20};

	for (int i = 0; i < 20; i++)
	{
		MigText t = {m, NULL, 0, 0};

		mig_text_fmt(&t, "%02d_a.sql", i);
		names[i] = files[i].name = mig_text_str(&t);
		files[i].text = mig_str("-- migrate:up\nSELECT 1;\n");
	}
	files[15].text = mig_str("-- migrate:up\n-- +migrate Up\nSELECT 1;\n");
	if (mig_ok(m))
		CHECK(u, mig_layout_find(m, mig_str("auto"), &tree) ==
		             &mig_layout_native);
	names[15] = files[15].name = mig_str("atlas.sum");
	if (mig_ok(m))
		CHECK(u, mig_layout_find(m, mig_str("auto"), &tree) == NULL);
}

/* Which layout it was, and what was not read, is told. */
static void
test_notes(Unit *u)
{
	Mig *m = unit_mig(u, &mig_sqlite);
	MigCall c;
	Fake f;

	fake_init(&f);
	f.files[0] = (MigFile) F("1_a.up.sql", "SELECT 1;");
	f.files[1] = (MigFile) F("x.sql", "SELECT 1;");
	f.nfiles = 2;
	CHECK(u, fake_call(&f, m, MIG_FN_LOAD, &c, "m", NULL, NULL));
	CHECK_STR(u, mig_str(f.notes),
	          "directory \"m\" has the layout golang-migrate;"
	          "ignored 1 file of directory \"m\": \"x.sql\" (the layout has no"
	          " such files);");
	fake_done(&f);
}

static void
test_crc(Unit *u)
{
	CHECK(u, mig_crc32(0, MIG_LIT("123456789")) == 0xCBF43926);
	CHECK(u, mig_crc32(mig_crc32(0, MIG_LIT("1234")), MIG_LIT("56789")) ==
	             0xCBF43926);
	CHECK(u, mig_crc32(0, MIG_LIT("")) == 0);
	CHECK(u, mig_crc32(0, MIG_LIT("\xFF\xFF\xFF\xFF")) == 0xFFFFFFFF);
}

static void
test_percent(Unit *u)
{
	static const char *const rows[][2] = {
		{"plain/name-1.sql", "plain/name-1.sql"},
		{"a b,c%\n\x7F", "a%20b%2Cc%25%0A%7F"},
		{"\xC3\xA4", "\xC3\xA4"},
	};
	Mig *m = unit_mig(u, &mig_sqlite);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		MigText t = {m, NULL, 0, 0};

		mig_percent_add(&t, mig_str(rows[i][0]));
		CHECK_STR(u, mig_text_str(&t), rows[i][1]);
		CHECK_STR(u, mig_percent_text(m, mig_str(rows[i][1])), rows[i][0]);
	}
	CHECK_STR(u, mig_percent_text(m, mig_str("%")), "%");
	CHECK_STR(u, mig_percent_text(m, mig_str("%2")), "%2");
	CHECK_STR(u, mig_percent_text(m, mig_str("%zz%00%2c")), "%zz%00,");
}

static MigStr
json_of(Mig *m, const char *text)
{
	static const char kinds[] = ".{}nsw";
	MigText t = {m, NULL, 0, 0};
	MigJsonKind kind;
	MigStr value;
	MigJson j;

	mig_json_start(&j, m, mig_str(text));
	while ((kind = mig_json_next(&j, &value)) != MIG_JSON_END)
	{
		mig_text_fmt(&t, "%c%d", kinds[kind], j.depth);
		if (kind >= MIG_JSON_NAME)
			mig_text_fmt(&t, ":%.*s ", MIG_S(value));
	}
	if (!mig_ok(m))
		return mig_str(m->status.message);
	return mig_text_str(&t);
}

static void
test_json(Unit *u)
{
	static const char *const rows[][2] = {
		{"{\"a\" : [1, true], \"b\":\"x\"}",
	     "{1n1:a {2w2:1 w2:true }2n1:b s1:x }1"},
		{"\"\\u00e4\\ud83d\\ude00\\n\\\"\"",
	     "s0:\xC3\xA4\xF0\x9F\x98\x80\n\" "},
		{"\xEF\xBB\xBF[]", "{1}1"},
		{"", ""},
		{"[", "missing bracket in JSON"},
		{"]", "stray bracket in JSON"},
		{"\"a", "unterminated string in JSON"},
		{"\"\\ud83d\"", "wrong escape in JSON"},
		{"\"\\x\"", "wrong escape in JSON"},
		{"\"\\u00\"", "wrong escape in JSON"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);

		unit_row(u, "%s", rows[i][0]);
		CHECK_STR(u, json_of(m, rows[i][0]), rows[i][1]);
	}
}

static void
test_replace(Unit *u)
{
	static const char *const rows[][2] = {
		{"a $one ${one}b ${x:-2} ${x-3} ${one:-4}", "a 1 1b 2 3 1"},
		{"$$ \\$one $1 $ ${", "$ $one $1 $ ${"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);
		MigPos pos = {MIG_LIT("a.sql"), 0, 3, 1};
		MigTree tree = {.setting = setting};
		MigText t = {m, NULL, 0, 0};

		unit_row(u, "%s", rows[i][0]);
		CHECK(u, mig_replace_shell(m, &tree, pos, mig_str(rows[i][0]), &t));
		CHECK_STR(u, mig_text_str(&t), rows[i][1]);
	}
}

const UnitTest unit_layout_read[] = {
	{"trees", test_trees, 0}, {"put", test_put, 0},
	{"doubt", test_doubt, 0}, {"notes", test_notes, 0},
	{"crc", test_crc, 0},     {"percent", test_percent, 0},
	{"json", test_json, 0},   {"replace", test_replace, 0},
	{"few", test_few, 0},     {NULL, NULL, 0},
};
