/*
 * The engine on a host without a database: store, run, look, verify,
 * offline. Every test is also run with each allocation refused; then nothing
 * may be left behind by the call that failed.
 */
#include <stdio.h>
#include <string.h>

#include "fake.h"

/* a <- b (branch x), a <- c; d merges b and c. */
static const char tree[] =
	"-- migrate:revision a\n"
	"-- migrate:revises base\n"
	"-- migrate:message first\n"
	"-- migrate:up\nup a;\n-- migrate:down\ndown a;\n"
	"-- migrate:revision b\n-- migrate:revises a\n-- migrate:labels x\n"
	"-- migrate:up\nup b;\n-- migrate:verify\ncheck b;\n"
	"-- migrate:down\ndown b;\n"
	"-- migrate:revision c\n-- migrate:revises a\n"
	"-- migrate:up\nup c; up c2;\n-- migrate:down\ndown c;\n"
	"-- migrate:revision d\n-- migrate:revises b c\n"
	"-- migrate:up\nup d;\n-- migrate:down\ndown d;\n";

/* A call that is expected to work; its memory is the test's. */
#define CALL(u, f, c, id, a, b, d)                                            \
	CHECK(u, fake_call((f), unit_fresh(u), (id), (c), (a), (b), (d)))

#define FAILS(u, f, c, id, a, b, want)                                        \
	do                                                                        \
	{                                                                         \
		Mig *failed = unit_fresh(u);                                          \
		CHECK(u, !fake_call((f), failed, (id), (c), (a), (b), NULL));         \
		CHECK_STR(u, mig_str(failed->status.message), want);                  \
		CHECK(u, (f)->begun == 0);                                            \
	} while (0)

static Mig *
unit_fresh(Unit *u)
{
	return unit_again(u, &mig_sqlite);
}

static void
body_story(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD, tree, NULL, NULL);
	CHECK(u, c.result.number == 4);
	CALL(u, f, &c, MIG_FN_ADD, tree, NULL, NULL);
	CHECK(u, c.result.number == 0);

	CALL(u, f, &c, MIG_FN_PLAN, NULL, NULL, NULL);
	CHECK_STR(u, fake_rows(&c),
	          "1|apply|a|first|1|1\n2|apply|b||1|1\n"
	          "3|apply|c||1|2\n4|apply|d||1|1\n");
	CALL(u, f, &c, MIG_FN_APPLY, "x", NULL, NULL);
	CHECK(u, c.result.number == 2);
	CHECK_STR(u, mig_str(f->ran), "up a;up b;check b;");
	CHECK_STR(u, mig_str(f->notes), "applying a first;applying b;");
	CALL(u, f, &c, MIG_FN_CURRENT, NULL, NULL, NULL);
	CHECK_STR(u, fake_rows(&c), "b||x|0\n");

	f->ran[0] = '\0';
	CALL(u, f, &c, MIG_FN_APPLY, NULL, NULL, NULL);
	CHECK(u, c.result.number == 2);
	CHECK_STR(u, mig_str(f->ran), "up c;up c2;up d;");
	CALL(u, f, &c, MIG_FN_APPLY, NULL, NULL, NULL);
	CHECK(u, c.result.number == 0);
	CALL(u, f, &c, MIG_FN_CHECK, NULL, NULL, NULL);

	f->ran[0] = '\0';
	CALL(u, f, &c, MIG_FN_REVERT, "a", NULL, NULL);
	CHECK(u, c.result.number == 3);
	CHECK_STR(u, mig_str(f->ran), "down d;down c;down b;");
	CHECK(u, f->now.log.rows == 7);
	CHECK(u, f->now.applied.rows == 1);
}

/* One that is pending on top of a complete state is found by its position. */
static void
body_newer(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD, tree, NULL, NULL);
	CALL(u, f, &c, MIG_FN_APPLY, NULL, NULL, NULL);
	f->ran[0] = '\0';
	CALL(u, f, &c, MIG_FN_ADD,
	     "-- migrate:revision e\n-- migrate:revises d\n-- migrate:up\nup e;\n",
	     NULL, NULL);
	/* And one that comes late, below all of them. */
	CALL(u, f, &c, MIG_FN_ADD,
	     "-- migrate:revision 0\n-- migrate:revises a\n-- migrate:up\nup 0;\n",
	     NULL, NULL);
	CALL(u, f, &c, MIG_FN_APPLY, "heads", NULL, NULL);
	CHECK(u, c.result.number == 2);
	CHECK_STR(u, mig_str(f->ran), "up 0;up e;");
	FAILS(u, f, &c, MIG_FN_REVERT, "d", NULL,
	      "revision \"e\" has no down section");
	FAILS(u, f, &c, MIG_FN_REMOVE, "0", NULL,
	      "revision \"0\" cannot be removed: it is applied");
}

static void
body_failures(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD, tree, NULL, NULL);
	CALL(u, f, &c, MIG_FN_ADD,
	     "-- migrate:revision e\n-- migrate:revises d\n-- migrate:up\nup e;\n"
	     "fail here;\n",
	     NULL, NULL);
	FAILS(u, f, &c, MIG_FN_APPLY, NULL, NULL, "it failed");
	CHECK(u, f->entered == 0);
	CHECK(u, f->now.applied.rows == 0 && f->now.log.rows == 0);
	FAILS(u, f, &c, MIG_FN_APPLY, "nothing", NULL,
	      "revision \"nothing\" does not exist");
	FAILS(u, f, &c, MIG_FN_APPLY, NULL, "nowhere",
	      "schema \"nowhere\" does not exist");
	f->untrusted = true;
	FAILS(u, f, &c, MIG_FN_APPLY, NULL, NULL,
	      "script of revision \"a\" was stored by role \"tester\","
	      " which has not the rights of role \"tester\"");
}

static void
body_verify(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD, tree, NULL, NULL);
	FAILS(u, f, &c, MIG_FN_CHECK, NULL, NULL, "4 revisions are pending");
	CALL(u, f, &c, MIG_FN_STAMP, "heads", NULL, NULL);
	CHECK(u, c.result.number == 4);
	CALL(u, f, &c, MIG_FN_CHECK, NULL, NULL, NULL);
	FAILS(u, f, &c, MIG_FN_ADD,
	      "-- migrate:revision a\n-- migrate:up\nup other;\n", NULL,
	      "script of revision \"a\" differs from the one that was applied");
	CALL(u, f, &c, MIG_FN_REPLACE,
	     "-- migrate:revision a\n-- migrate:up\nup other;\n", NULL, NULL);
	CHECK(u, c.result.number == 1);
	CALL(u, f, &c, MIG_FN_CHECK, NULL, NULL, NULL);
	CALL(u, f, &c, MIG_FN_SQL, "heads", "base", "postgresql");
	CALL(u, f, &c, MIG_FN_SHOW, "a", NULL, NULL);
	CALL(u, f, &c, MIG_FN_GRAPH, "text", NULL, NULL);
}

static void
body_load(Unit *u, Fake *f)
{
	MigCall c;

	f->nfiles = 2;
	f->files[0].name = mig_str("2_two.sql");
	f->files[0].text = mig_str("-- migrate:up\nup 2;\n-- migrate:down\n");
	f->files[1].name = mig_str("1_one.sql");
	f->files[1].text = mig_str("-- migrate:up\nup 1;\n-- migrate:down\n");
	CALL(u, f, &c, MIG_FN_LOAD, "dir/", NULL, NULL);
	CHECK(u, c.result.number == 2);
	CALL(u, f, &c, MIG_FN_LOAD, "dir", NULL, NULL);
	CHECK(u, c.result.number == 0);
	CALL(u, f, &c, MIG_FN_APPLY, "1", NULL, NULL);
	f->nfiles = 1;
	f->files[0].name = mig_str("3_three.sql");
	CALL(u, f, &c, MIG_FN_LOAD, "dir", NULL, NULL);
	CHECK(u, c.result.number == 2);
	CALL(u, f, &c, MIG_FN_STATUS, NULL, NULL, NULL);
	CHECK(u, c.nrows == 2);
}

/* A file that is gone but applied still stands between its neighbours. */
static void
body_gone(Unit *u, Fake *f)
{
	MigCall c;

	f->nfiles = 3;
	for (int i = 0; i < 3; i++)
		f->files[i].text = mig_str("-- migrate:up\n-- migrate:down\n");
	f->files[0].name = mig_str("1_one.sql");
	f->files[1].name = mig_str("2_two.sql");
	f->files[2].name = mig_str("3_three.sql");
	CALL(u, f, &c, MIG_FN_LOAD, "dir", NULL, NULL);
	CALL(u, f, &c, MIG_FN_APPLY, NULL, NULL, NULL);
	f->nfiles = 1;
	f->files[0].name = mig_str("3_three.sql");
	f->files[0].text = mig_str("-- migrate:up\n-- migrate:down\n-- new\n");
	CALL(u, f, &c, MIG_FN_LOAD, "dir", NULL, NULL);
	CALL(u, f, &c, MIG_FN_HISTORY, NULL, NULL, NULL);
	CHECK_STR(u, fake_rows(&c),
	          "3|2|||three||1|0|0\n2|1|||two||0|0|0\n"
	          "1||||one||0|0|0\n");
}

static void
body_author(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD, tree, NULL, NULL);
	CALL(u, f, &c, MIG_FN_REVISION, "Add a colour", "dir", NULL);
	CHECK_STR(u, mig_str(f->ran), "dir/19700101_000002_add_a_colour.sql;");
	CALL(u, f, &c, MIG_FN_MERGE, "b c", NULL, NULL);
	FAILS(u, f, &c, MIG_FN_REVISION, NULL, NULL,
	      "argument \"message\" of migrate_revision() is missing");
}

static void
with_fake(Unit *u, void (*body)(Unit *u, Fake *f))
{
	Fake f;

	fake_init(&f);
	body(u, &f);
	fake_done(&f);
}

#define TEST(name)                                                            \
	static void test_##name(Unit *u)                                          \
	{                                                                         \
		with_fake(u, body_##name);                                            \
	}

TEST(story)
TEST(newer)
TEST(failures)
TEST(verify)
TEST(load)
TEST(gone)
TEST(author)

const UnitTest unit_run[] = {
	{"story", test_story, 0},       {"newer", test_newer, 0},
	{"failures", test_failures, 0}, {"verify", test_verify, 0},
	{"load", test_load, 0},         {"gone", test_gone, 0},
	{"author", test_author, 0},     {NULL, NULL, 0},
};
