#include <string.h>

#include "adopt.h"
#include "fake.h"
#include "pack.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct
{
	MigVersionKind kind;
	const char *a, *b;
	int order;
	const char *key; /* of a */
} versions[] = {
	{MIG_VERSION_TEXT, "10", "9", -1, "10"},
	{MIG_VERSION_NUMBER, "10", "9", 1, "10"},
	{MIG_VERSION_NUMBER, "0010", "10", 0, "10"},
	{MIG_VERSION_NUMBER, "0", "00", 0, "0"},
	{MIG_VERSION_NUMBER, "99999999999999999999", "100000000000000000000", -1,
     "99999999999999999999"},
	{MIG_VERSION_DOTTED, "1.0", "1", 0, "1"},
	{MIG_VERSION_DOTTED, "1_10", "1.9", 1, "1.10"},
	{MIG_VERSION_DOTTED, "01.002.0", "1.2", 0, "1.2"},
	{MIG_VERSION_DOTTED, "0", "0.0", 0, "0"},
	{MIG_VERSION_DOTTED, "1.2", "1.2.1", -1, "1.2"},
	{MIG_VERSION_DOTTED, "2", "1.9.9", 1, "2"},
};

static void
test_versions(Unit *u)
{
	for (size_t i = 0; i < COUNT(versions); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);
		MigStr a = mig_str(versions[i].a);
		MigStr b = mig_str(versions[i].b);
		int order = mig_version_cmp(versions[i].kind, a, b);
		MigStr key = mig_version_key(m, versions[i].kind, a);

		unit_row(u, "%s", versions[i].a);
		CHECK(u, (order > 0) - (order < 0) == versions[i].order);
		CHECK(u, mig_ok(m));
		CHECK_STR(u, key, versions[i].key);
	}
}

static const struct
{
	const char *text;
	int64_t time;
} times[] = {
	{"1546387200", INT64_C(1546387200000000)},
	{"1546387200000", INT64_C(1546387200000000)},
	{"1546387200000000", INT64_C(1546387200000000)},
	{"2019-01-02 00:00:00", INT64_C(1546387200000000)},
	{"2019-01-02T00:00:00.123456789Z", INT64_C(1546387200123456)},
	{"2019-01-02 00:00:00.5 +0000 UTC", INT64_C(1546387200500000)},
	{"2019-01-02 02:00:00 +02:00", INT64_C(1546387200000000)},
	{"2019-01-02 00:00:00.5 UTC", INT64_C(1546387200500000)},
	{"yesterday", INT64_MIN},
	{"", INT64_MIN},
};

static void
test_times(Unit *u)
{
	for (size_t i = 0; i < COUNT(times); i++)
	{
		unit_row(u, "%s", times[i].text);
		CHECK(u, mig_adopt_time(mig_str(times[i].text)) == times[i].time);
	}
}

static void
test_pack(Unit *u)
{
	static const char text[] = "-- migrate:pack native a%20b\r\n"
							   "-- migrate:file 2.sql 3\n"
							   "two\n"
							   "-- migrate:file 1%2C.sql 4\r\n"
							   "one\n\r\n"
							   "-- migrate:file notes.txt 0\n"
							   "\n"
							   "-- migrate:end";
	Mig *m = unit_mig(u, &mig_sqlite);
	MigTree tree = {0};
	MigStr layout;

	CHECK(u, mig_pack_is(mig_str(text)));
	CHECK(u, !mig_pack_is(mig_str("-- migrate:up")));
	CHECK(u, mig_pack_read(m, mig_str(text), &layout, &tree));
	CHECK_STR(u, layout, "native");
	CHECK_STR(u, tree.path, "a b");
	CHECK(u, tree.nnames == 3 && tree.nfiles == 2);
	CHECK_STR(u, tree.files[0].name, "1,.sql");
	CHECK_STR(u, tree.files[0].text, "one\n");
	CHECK_STR(u, tree.files[1].text, "two");
}

static const char *const broken[] = {
	"-- migrate:pack",
	"-- migrate:pack auto x\n",
	"-- migrate:pack auto x\n-- migrate:file\n-- migrate:end\n",
	"-- migrate:pack auto x\n-- migrate:file a.sql -1\n\n-- migrate:end\n",
	"-- migrate:pack auto x\n-- migrate:file a.sql 99\n\n-- migrate:end\n",
	"-- migrate:pack auto x\n-- migrate:file a.sql 1\nab\n-- migrate:end\n",
	"-- migrate:pack auto x\n-- migrate:file a 1\na\n-- migrate:file a 1\nb\n",
};

static void
test_broken(Unit *u)
{
	for (size_t i = 0; i < COUNT(broken); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);
		MigTree tree = {0};
		MigStr layout;

		unit_row(u, "%s", broken[i]);
		CHECK(u, !mig_pack_read(m, mig_str(broken[i]), &layout, &tree));
		CHECK(u, m->status.code == MIG_SYNTAX);
	}
}

/* A database that Flyway has left. */
static bool
flyway_select(MigHost *h, Mig *m, MigStr sql, const MigStr *args, int nargs,
              int ncells, MigRowFn row, void *arg)
{
	static const MigStr none = {NULL, 0};
	MigStr database = MIG_LIT("main");
	MigStr table[3] = {database, MIG_LIT("flyway_schema_history"),
	                   MIG_LIT("installed_rank version checksum success")};
	MigStr first[MIG_AD_COUNT] = {
		MIG_LIT("1"),   MIG_LIT("1546387200"), MIG_LIT("5"), MIG_LIT("a"),
		MIG_LIT("ann"), MIG_LIT("7"),          none};
	MigStr second[MIG_AD_COUNT] = {
		MIG_LIT("1.2"), none, MIG_LIT("6"), MIG_LIT("a"), none, none, none};

	(void) h;
	(void) sql;
	(void) args;
	if (ncells == 1)
		return row(arg, m, &database);
	if (ncells == 3 && nargs == 2)
		return row(arg, m, table);
	return row(arg, m, first) && row(arg, m, second);
}

#define SCRIPTS                                                               \
	"-- migrate:revision 1\n-- migrate:origin flyway 1 5\n"                   \
	"-- migrate:up\nSELECT 1;\n"                                              \
	"-- migrate:revision 1.2\n-- migrate:origin flyway 1.2.0 4%2C6\n"         \
	"-- migrate:up\nSELECT 2;\n"                                              \
	"-- migrate:revision 2\n-- migrate:origin flyway 2 7\n"                   \
	"-- migrate:up\nSELECT 3;\n"

static void
adopt_steps(Unit *u, Fake *f)
{
	MigCall c;

	CHECK(u, fake_call(f, unit_again(u, &mig_sqlite), MIG_FN_ADD, &c, SCRIPTS,
	                   NULL, NULL));
	CHECK(u, fake_call(f, unit_again(u, &mig_sqlite), MIG_FN_ADOPT_PLAN, &c,
	                   NULL, NULL, NULL));
	CHECK_STR(u, fake_rows(&c),
	          "flyway|1|1|1546387200000000|same|adopt|\n"
	          "flyway|1.2|1.2||same|adopt|\n");
	CHECK(u, fake_call(f, unit_again(u, &mig_sqlite), MIG_FN_ADOPT, &c, NULL,
	                   NULL, NULL));
	CHECK(u, c.result.number == 2);
	CHECK(u, f->now.applied.rows == 2);
	CHECK(u, strcmp(f->now.applied.cells[0][4], "ann") == 0);
	CHECK(u, strcmp(f->now.log.cells[1][9], "flyway 1.2, checksum 6") == 0);
	CHECK(u, fake_call(f, unit_again(u, &mig_sqlite), MIG_FN_ADOPT, &c, NULL,
	                   NULL, NULL));
	CHECK(u, c.result.number == 0);
	CHECK(u, fake_call(f, unit_again(u, &mig_sqlite), MIG_FN_EXPORT, &c,
	                   "flyway", NULL, NULL));
	CHECK(u, c.nrows == 3);
}

static void
test_adopt(Unit *u)
{
	Fake f;
	MigHostOps ops;

	fake_init(&f);
	ops = *f.base.ops;
	ops.select = flyway_select;
	f.base.ops = &ops;
	adopt_steps(u, &f);
	fake_done(&f);
}

const UnitTest unit_adopt[] = {
	{"versions", test_versions, 0}, {"times", test_times, 0},
	{"pack", test_pack, 0},         {"broken", test_broken, 0},
	{"adopt", test_adopt, 0},       {NULL, NULL, 0},
};
