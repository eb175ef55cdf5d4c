/*
 * Repeatable scripts on a host without a database: they run behind all
 * revisions, again when they have changed, and again after a revert.
 */
#include <string.h>

#include "fake.h"
#include "text.h"

#define HISTORY                                                               \
	"-- migrate:revision a\n-- migrate:revises base\n"                        \
	"-- migrate:up\nup a;\n-- migrate:down\ndown a;\n"                        \
	"-- migrate:revision b\n-- migrate:revises a\n"                           \
	"-- migrate:up\nup b;\n-- migrate:down\ndown b;\n"

#define AGAIN(id, head, up)                                                   \
	"-- migrate:revision " id "\n-- migrate:repeatable\n" head                \
	"-- migrate:up\n" up "\n"

/* By id x, y, z, but y needs z. */
static const char scripts[] =
	AGAIN("z", "", "make z;") AGAIN("y", "-- migrate:depends z\n", "make y;")
		AGAIN("x", "", "make x;") HISTORY;

#define CALL(u, f, c, id, a, b, d)                                            \
	CHECK(u, fake_call((f), unit_again((u), &mig_sqlite), (id), (c), (a),     \
	                   (b), (d)))

#define FAILS(u, f, c, id, a, want)                                           \
	do                                                                        \
	{                                                                         \
		Mig *failed = unit_again((u), &mig_sqlite);                           \
		CHECK(u, !fake_call((f), failed, (id), (c), (a), NULL, NULL));        \
		CHECK_STR(u, mig_str(failed->status.message), want);                  \
	} while (0)

/* What a run to a target did, and how many steps it had. */
#define RAN(u, f, c, id, target, action, steps, want)                         \
	do                                                                        \
	{                                                                         \
		(f)->ran[0] = '\0';                                                   \
		CALL(u, f, c, id, target, NULL, action);                              \
		CHECK(u, (c)->result.number == (steps));                              \
		CHECK_STR(u, mig_str((f)->ran), want);                                \
	} while (0)

static void
body_order(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD, scripts, NULL, NULL);
	CHECK(u, c.result.number == 5);
	CALL(u, f, &c, MIG_FN_PLAN, NULL, NULL, NULL);
	CHECK_STR(u, fake_rows(&c),
	          "1|apply|a||1|1\n2|apply|b||1|1\n3|apply|x||1|1\n"
	          "4|apply|z||1|1\n5|apply|y||1|1\n");
	/* Only the end of the history has them behind it. */
	RAN(u, f, &c, MIG_FN_APPLY, "b", NULL, 2, "up a;up b;");
	FAILS(u, f, &c, MIG_FN_CHECK, NULL, "3 revisions are pending");
	RAN(u, f, &c, MIG_FN_APPLY, NULL, NULL, 3, "make x;make z;make y;");
	RAN(u, f, &c, MIG_FN_APPLY, NULL, NULL, 0, "");
	CALL(u, f, &c, MIG_FN_CHECK, NULL, NULL, NULL);
	CALL(u, f, &c, MIG_FN_HEADS, NULL, NULL, NULL);
	CHECK_STR(u, fake_rows(&c), "b||\n");
	CALL(u, f, &c, MIG_FN_CURRENT, NULL, NULL, NULL);
	CHECK_STR(u, fake_rows(&c), "b|||1\n");
}

static MigStr
states(MigCall *c)
{
	MigText t = {c->m, NULL, 0, 0};

	for (int64_t i = 0; i < c->nrows; i++)
	{
		MigValue cells[MIG_MAX_COLUMNS];

		if (!mig_call_row(c, i, cells))
			break;
		mig_text_fmt(&t, "%.*s %.*s%s;", MIG_S(cells[0].text),
		             MIG_S(cells[5].text), cells[7].null ? "" : " at");
	}
	return mig_text_str(&t);
}

/* A changed one runs again, and behind it what depends on it; an untouched one
   does not, nor one with another comment. */
static void
body_change(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD, scripts, NULL, NULL);
	CALL(u, f, &c, MIG_FN_APPLY, NULL, NULL, NULL);
	CALL(u, f, &c, MIG_FN_ADD, AGAIN("z", "", "make /* now */ z;"), NULL,
	     NULL);
	RAN(u, f, &c, MIG_FN_APPLY, NULL, NULL, 0, "");
	CALL(u, f, &c, MIG_FN_ADD, AGAIN("z", "", "make new z;"), NULL, NULL);
	CALL(u, f, &c, MIG_FN_VERIFY, NULL, NULL, NULL);
	CHECK(u, c.nrows == 0);
	FAILS(u, f, &c, MIG_FN_CHECK, NULL, "2 revisions are pending");
	CALL(u, f, &c, MIG_FN_PLAN, NULL, NULL, NULL);
	CHECK_STR(u, fake_rows(&c), "1|apply|z||1|1\n2|apply|y||1|1\n");
	CALL(u, f, &c, MIG_FN_STATUS, NULL, NULL, NULL);
	CHECK_STR(u, states(&c),
	          "a applied at;b applied at;x applied at;z pending;y pending;");
	RAN(u, f, &c, MIG_FN_APPLY, "heads", NULL, 2, "make new z;make y;");
	CHECK(u, f->now.applied.rows == 5 && f->now.log.rows == 7);
	/* Back to the first text: it is not the one that ran last. */
	CALL(u, f, &c, MIG_FN_ADD, AGAIN("z", "", "make z;"), NULL, NULL);
	RAN(u, f, &c, MIG_FN_RUN, NULL, NULL, 2, "make z;make y;");
	CALL(u, f, &c, MIG_FN_ADD,
	     AGAIN("y", "-- migrate:depends z\n", "make new y;"), NULL, NULL);
	RAN(u, f, &c, MIG_FN_RUN, NULL, NULL, 1, "make new y;");
	CALL(u, f, &c, MIG_FN_CHECK, NULL, NULL, NULL);
}

/* What fails stays pending; of a run that commits each, what depends on a
   finished one too. */
static void
body_fail(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD, scripts, NULL, NULL);
	CALL(u, f, &c, MIG_FN_APPLY, NULL, NULL, NULL);
	CALL(u, f, &c, MIG_FN_ADD,
	     AGAIN("z", "", "make new z;")
	         AGAIN("y", "-- migrate:depends z\n", "fail y;"),
	     NULL, NULL);
	FAILS(u, f, &c, MIG_FN_APPLY, NULL, "it failed");
	FAILS(u, f, &c, MIG_FN_CHECK, NULL, "2 revisions are pending");
	FAILS(u, f, &c, MIG_FN_RUN, NULL, "it failed");
	FAILS(u, f, &c, MIG_FN_CHECK, NULL, "1 revision is pending");
	/* Though it is the one that ran before. */
	CALL(u, f, &c, MIG_FN_ADD, AGAIN("y", "-- migrate:depends z\n", "make y;"),
	     NULL, NULL);
	RAN(u, f, &c, MIG_FN_RUN, NULL, NULL, 1, "make y;");
}

/* A revert runs none of them, but they are to run again behind it. */
static void
body_revert(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD, scripts, NULL, NULL);
	CALL(u, f, &c, MIG_FN_APPLY, NULL, NULL, NULL);
	CALL(u, f, &c, MIG_FN_STATUS, NULL, NULL, NULL);
	CHECK_STR(u, states(&c),
	          "a applied at;b applied at;x applied at;z applied at;"
	          "y applied at;");
	RAN(u, f, &c, MIG_FN_REVERT, "a", NULL, 1, "down b;");
	CALL(u, f, &c, MIG_FN_STATUS, NULL, NULL, NULL);
	CHECK_STR(u, states(&c),
	          "a applied at;b pending;x pending;z pending;y pending;");
	RAN(u, f, &c, MIG_FN_APPLY, NULL, NULL, 4, "up b;make x;make z;make y;");
	RAN(u, f, &c, MIG_FN_RUN, "base", "revert", 2, "down b;down a;");
	CHECK(u, f->now.applied.rows == 0);
	RAN(u, f, &c, MIG_FN_RUN, NULL, NULL, 5,
	    "up a;up b;make x;make z;make y;");
	/* A revert that fails, or has nothing to do, changes nothing. */
	FAILS(u, f, &c, MIG_FN_REVERT, "x",
	      "nothing above revision \"x\" is applied");
	RAN(u, f, &c, MIG_FN_REVERT, "heads", NULL, 0, "");
	CALL(u, f, &c, MIG_FN_CHECK, NULL, NULL, NULL);
	/* Nor does a stamp, unless it is told to forget. */
	CALL(u, f, &c, MIG_FN_STAMP, "a", NULL, NULL);
	CHECK(u, f->now.applied.rows == 4);
	CALL(u, f, &c, MIG_FN_STAMP, "base", "1", NULL);
	CHECK(u, f->now.applied.rows == 0);
}

static void
body_remove(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD, scripts, NULL, NULL);
	CALL(u, f, &c, MIG_FN_APPLY, NULL, NULL, NULL);
	FAILS(u, f, &c, MIG_FN_REMOVE, "z",
	      "revision \"z\" cannot be removed: revision \"y\" depends on it");
	CHECK(u, f->now.applied.rows == 5);
	CALL(u, f, &c, MIG_FN_REMOVE, "x", NULL, NULL);
	CHECK(u, f->now.applied.rows == 4 && f->now.revision.rows == 4);
	CALL(u, f, &c, MIG_FN_CHECK, NULL, NULL, NULL);
	/* It is a new one when it comes again. */
	CALL(u, f, &c, MIG_FN_ADD, AGAIN("x", "", "make x;"), NULL, NULL);
	RAN(u, f, &c, MIG_FN_APPLY, NULL, NULL, 1, "make x;");
}

/* Each schema has its own. */
static void
body_tenants(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD, scripts, NULL, NULL);
	CALL(u, f, &c, MIG_FN_APPLY, NULL, NULL, NULL);
	CALL(u, f, &c, MIG_FN_APPLY, NULL, "t", NULL);
	CALL(u, f, &c, MIG_FN_ADD, AGAIN("x", "", "make new x;"), NULL, NULL);
	f->ran[0] = '\0';
	CALL(u, f, &c, MIG_FN_APPLY, NULL, "t", NULL);
	CHECK_STR(u, mig_str(f->ran), "make new x;");
	CALL(u, f, &c, MIG_FN_REVERT, "a", "t", NULL);
	CHECK(u, f->now.applied.rows == 6);
	RAN(u, f, &c, MIG_FN_APPLY, NULL, NULL, 1, "make new x;");
	CALL(u, f, &c, MIG_FN_CHECK, NULL, NULL, NULL);
}

/* The script for a database that is elsewhere. */
static void
body_offline(Unit *u, Fake *f)
{
	static const char *const dialects[] = {"sqlite", "postgresql"};
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD, scripts, NULL, NULL);
	for (int i = 0; i < 2; i++)
	{
		MigStr sql;

		CALL(u, f, &c, MIG_FN_SQL, NULL, NULL, dialects[i]);
		sql = c.result.text;
		/* Each once to run, and once in the script that is stored. */
		CHECK(u, fake_count(sql, "\nmake ") == 6);
		CHECK(u, fake_count(sql, "MAX(position), 0) + 1, 'z', '*', ") == 1);
		CHECK(u, fake_count(sql, "DO UPDATE SET position") == 3);
		CHECK(u, fake_count(sql, "DO NOTHING;\nINSERT") == 2);
		CHECK(u, fake_count(sql, "revises = '*'") == 0);
		CALL(u, f, &c, MIG_FN_SQL, "a", "b", dialects[i]);
		sql = c.result.text;
		CHECK(u, fake_count(sql, "\nmake ") == 0);
		CHECK(u, fake_count(sql, "down b;") == 1);
		CHECK(u, fake_count(sql, "revises = '*'") == 1);
	}
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

TEST(order)
TEST(change)
TEST(fail)
TEST(revert)
TEST(remove)
TEST(tenants)
TEST(offline)

const UnitTest unit_repeatable[] = {
	{"order", test_order, 0},     {"change", test_change, 0},
	{"fail", test_fail, 0},       {"revert", test_revert, 0},
	{"remove", test_remove, 0},   {"tenants", test_tenants, 0},
	{"offline", test_offline, 0}, {NULL, NULL, 0},
};
