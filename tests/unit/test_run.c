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

/* b refuses a transaction; VACUUM runs alone, and finds what was set. */
static const char parts[] =
	"-- migrate:revision a\n-- migrate:revises base\n"
	"-- migrate:up\nup a;\n-- migrate:down\ndown a;\n"
	"-- migrate:revision b\n-- migrate:revises a\n"
	"-- migrate:up transaction:false\n"
	"up b1;\nPRAGMA p = 1;\nVACUUM;\nup b4;\n"
	"-- migrate:verify\ncheck b;\n"
	"-- migrate:down transaction:false\ndown b1;\nVACUUM;\n"
	"-- migrate:revision c\n-- migrate:revises b\n"
	"-- migrate:up\nup c;\n-- migrate:down\ndown c;\n";

#define RAN_B                                                                 \
	"up b1;PRAGMA p = 1;PRAGMA p = 1;alone:VACUUM;PRAGMA p = 1;up b4;"        \
	"PRAGMA p = 1;check b;"

/* A commit per revision, and in the one that refuses a transaction: one per
   statement, two for the one that runs alone. */
static void
body_each(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD, parts, NULL, NULL);
	FAILS(u, f, &c, MIG_FN_APPLY, NULL, NULL,
	      "revision \"b\" cannot run inside a transaction");
	f->block = true;
	FAILS(u, f, &c, MIG_FN_RUN, NULL, NULL,
	      "migrate_run cannot run inside a transaction block");
	f->block = false;
	CALL(u, f, &c, MIG_FN_RUN, NULL, NULL, NULL);
	CHECK(u, c.result.number == 3);
	CHECK_STR(u, mig_str(f->ran), "up a;" RAN_B "up c;");
	CHECK(u, f->commits == 7);
	CHECK(u, f->now.applied.rows == 3 && f->now.partial.rows == 0);
	CALL(u, f, &c, MIG_FN_CHECK, NULL, NULL, NULL);
	CALL(u, f, &c, MIG_FN_RUN, NULL, NULL, NULL);
	CHECK(u, c.result.number == 0);
	f->ran[0] = '\0';
	CALL(u, f, &c, MIG_FN_RUN, "base", NULL, "revert");
	CHECK(u, c.result.number == 3);
	CHECK_STR(u, mig_str(f->ran), "down c;down b1;alone:VACUUM;down a;");
	CHECK(u, f->now.applied.rows == 0 && f->now.partial.rows == 0);
}

/* What an error leaves, and how it goes on. */
static void
body_unfinished(Unit *u, Fake *f)
{
	static const char broken[] =
		"-- migrate:revision b\n-- migrate:revises a\n"
		"-- migrate:up transaction:false\nup b1;\nVACUUM;\nfail b3;\n"
		"-- migrate:down\n";
	static const char other[] =
		"-- migrate:revision b\n-- migrate:revises a\n"
		"-- migrate:up transaction:false\n\nup b2;\nVACUUM;\nup b3;\n"
		"-- migrate:down\n";
	MigCall c;
	Mig *m;

	CALL(u, f, &c, MIG_FN_ADD,
	     "-- migrate:revision a\n-- migrate:revises base\n-- migrate:up\n"
	     "up a;\n-- migrate:down\ndown a;\n",
	     NULL, NULL);
	CALL(u, f, &c, MIG_FN_ADD, broken, NULL, NULL);
	m = unit_fresh(u);
	CHECK(u, !fake_call(f, m, MIG_FN_RUN, &c, NULL, NULL, NULL));
	CHECK_STR(u, mig_str(m->status.message), "it failed");
	CHECK_STR(
		u, mig_str(m->status.context),
		"revision \"b\", line 6; the statements before it are committed");
	CHECK_STR(u, mig_str(f->ran), "up a;up b1;alone:VACUUM;");
	CHECK(u, f->now.applied.rows == 1 && f->now.partial.rows == 2);
	FAILS(u, f, &c, MIG_FN_APPLY, NULL, NULL,
	      "revision \"b\" is half applied");
	FAILS(u, f, &c, MIG_FN_REVERT, "base", NULL,
	      "revision \"b\" is half applied");
	CALL(u, f, &c, MIG_FN_VERIFY, NULL, NULL, NULL);
	CHECK_STR(u, fake_rows(&c), "b|unfinished|2 of 3 statements are done\n");

	CALL(u, f, &c, MIG_FN_ADD, other, NULL, NULL);
	m = unit_fresh(u);
	CHECK(u, !fake_call(f, m, MIG_FN_RUN, &c, NULL, NULL, NULL));
	CHECK_STR(u, mig_str(m->status.message),
	          "finished statement of revision \"b\" has changed");
	CHECK_STR(u, mig_str(m->status.detail),
	          "Statement 1, in line 5, has run already as another one.");
	CALL(u, f, &c, MIG_FN_REPLACE, other, NULL, NULL);
	CALL(u, f, &c, MIG_FN_RUN, NULL, NULL, NULL);
	CHECK(u, c.result.number == 1);
	CHECK_STR(u, mig_str(f->ran), "up a;up b1;alone:VACUUM;up b3;");
	CHECK(u, f->now.applied.rows == 2 && f->now.partial.rows == 0);
}

/* Half reverted: nothing is put on top of it. */
static void
body_half_reverted(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD, parts, NULL, NULL);
	CALL(u, f, &c, MIG_FN_RUN, "b", NULL, NULL);
	f->ran[0] = '\0';
	f->cut = 3;
	{
		Mig *m = unit_fresh(u);

		CHECK(u, !fake_call(f, m, MIG_FN_RUN, &c, "base", NULL, "revert"));
		CHECK_STR(u, mig_str(m->status.message), "cut off");
	}
	f->cut = 0;
	CHECK_STR(u, mig_str(f->ran), "down b1;");
	FAILS(u, f, &c, MIG_FN_APPLY, NULL, NULL,
	      "revision \"b\" is half reverted");
	FAILS(u, f, &c, MIG_FN_RUN, NULL, NULL, "revision \"b\" is half reverted");
	CALL(u, f, &c, MIG_FN_RUN, "a", NULL, "revert");
	CHECK_STR(u, mig_str(f->ran), "down b1;alone:VACUUM;");
	/* Or a stamp says that it is done. */
	CALL(u, f, &c, MIG_FN_RUN, NULL, NULL, NULL);
	CHECK(u, f->now.partial.rows == 0 && f->now.applied.rows == 3);
}

static void
run_fails(Unit *u, Fake *f, const char *target, const char *action,
          const char *want)
{
	Mig *m = unit_fresh(u);
	MigCall c;

	unit_row(u, "%s %s", action == NULL ? "apply" : action, target);
	CHECK(u, !fake_call(f, m, MIG_FN_RUN, &c, target, NULL, action));
	CHECK_STR(u, mig_str(m->status.message), want);
	CHECK(u, f->begun == 0);
}

#define HIDDEN(word)                                                          \
	"-- migrate:revision b\n-- migrate:revises a\n-- migrate:up\nup b;\n"     \
	"-- migrate:down transaction:false\ndown b1;\n" word " b2;\n"
#define HALF "revision \"b\" is half reverted"

/* Half reverted or half applied: no success for those who want it otherwise,
   where nothing else is to be done and whatever the summary of the state
   says. */
static void
body_hidden(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD,
	     "-- migrate:revision a\n-- migrate:revises base\n-- migrate:up\n"
	     "up a;\n-- migrate:down\ndown a;\n",
	     NULL, NULL);
	CALL(u, f, &c, MIG_FN_ADD, HIDDEN("fail"), NULL, NULL);
	CALL(u, f, &c, MIG_FN_RUN, NULL, NULL, NULL);
	run_fails(u, f, "a", "revert", "it failed");
	run_fails(u, f, "head", NULL, HALF);
	run_fails(u, f, "heads", NULL, HALF);
	run_fails(u, f, "b", NULL, HALF);
	FAILS(u, f, &c, MIG_FN_APPLY, NULL, NULL, HALF);
	CALL(u, f, &c, MIG_FN_RUN, "a", NULL, NULL);
	CHECK(u, c.result.number == 0);
	run_fails(u, f, "head", NULL, HALF);
	/* Another branch: not in its way, but in that of all heads. */
	CALL(u, f, &c, MIG_FN_ADD,
	     "-- migrate:revision d\n-- migrate:revises a\n-- migrate:up\n"
	     "up d;\n-- migrate:down\ndown d;\n",
	     NULL, NULL);
	run_fails(u, f, "heads", NULL, HALF);
	CALL(u, f, &c, MIG_FN_RUN, "d", NULL, NULL);
	CHECK(u, c.result.number == 1);
	run_fails(u, f, "heads", NULL, HALF);
	FAILS(u, f, &c, MIG_FN_APPLY, "heads", NULL, HALF);
	CALL(u, f, &c, MIG_FN_ADD, HIDDEN("down"), NULL, NULL);
	CALL(u, f, &c, MIG_FN_RUN, "a", NULL, "revert");
	CHECK_STR(u, mig_str(f->ran), "up a;up b;down b1;up d;down d;down b2;");
	CHECK(u, f->now.partial.rows == 0 && f->now.applied.rows == 1);
}

/* The same for what is half applied and is to be gone. */
static void
body_hidden_up(Unit *u, Fake *f)
{
	static const char half[] = "revision \"b\" is half applied";
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD,
	     "-- migrate:revision a\n-- migrate:revises base\n-- migrate:up\n"
	     "up a;\n-- migrate:down\ndown a;\n"
	     "-- migrate:revision b\n-- migrate:revises a\n"
	     "-- migrate:up transaction:false\nup b1;\nfail b2;\n"
	     "-- migrate:down\ndown b;\n",
	     NULL, NULL);
	run_fails(u, f, "head", NULL, "it failed");
	run_fails(u, f, "a", "revert", half);
	run_fails(u, f, "base", "revert", half);
	FAILS(u, f, &c, MIG_FN_REVERT, "a", NULL, half);
	CALL(u, f, &c, MIG_FN_RUN, "a", NULL, NULL);
	CHECK(u, c.result.number == 0);
	CALL(u, f, &c, MIG_FN_STAMP, "b", NULL, NULL);
	CALL(u, f, &c, MIG_FN_RUN, "base", NULL, "revert");
	CHECK_STR(u, mig_str(f->ran), "up a;up b1;down b;down a;");
}

/* Cut off at any step, and begun anew: whatever ran inside a transaction ran
   once, what ran alone perhaps twice, and then it was told so. */
static void
body_cut(Unit *u, Fake *f, int n, bool *again)
{
	FakeTables *now = &f->now;
	MigCall c;
	MigStr ran;
	bool whole;

	*again = false;
	CALL(u, f, &c, MIG_FN_ADD, parts, NULL, NULL);
	f->cut = n;
	whole = fake_call(f, unit_fresh(u), MIG_FN_RUN, &c, NULL, NULL, NULL);
	f->cut = 0;
	unit_row(u, "cut at %d", n);
	if (!whole)
		CALL(u, f, &c, MIG_FN_RUN, NULL, NULL, NULL);
	CHECK(u, now->applied.rows == 3 && now->partial.rows == 0);
	CHECK(u, now->log.rows == 3);
	ran = mig_str(f->ran);
	CHECK(u, fake_count(ran, "up a;") == 1);
	CHECK(u, fake_count(ran, "up b1;") == 1);
	CHECK(u, fake_count(ran, "up b4;") == 1);
	CHECK(u, fake_count(ran, "up c;") == 1);
	CHECK(u, fake_count(ran, "alone:") <= 1);
	CHECK(u, fake_count(ran, "VACUUM") ==
	             fake_count(ran, "alone:") + fake_count(ran, "again:"));
	CHECK(u, fake_count(ran, "VACUUM") >= 1);
	*again = !whole;
}

static void
test_cut(Unit *u)
{
	bool again = true;
	int n = 0;

	while (again)
	{
		Fake f;

		fake_init(&f);
		body_cut(u, &f, ++n, &again);
		fake_done(&f);
	}
	CHECK(u, n > 15);
}

/* Others come between two commits. */
static void
add_late(Fake *f)
{
	MigCall c;
	Mig m;

	if (f->commits != 1)
		return;
	fake_mig(&m);
	f->between = NULL;
	fake_call(f, &m, MIG_FN_ADD, &c,
	          "-- migrate:revision c\n-- migrate:revises b\n"
	          "-- migrate:up\nup c, changed;\n-- migrate:down\n"
	          "-- migrate:revision d\n-- migrate:revises c\n"
	          "-- migrate:up\nup d;\n-- migrate:down\n",
	          NULL, NULL);
	mig_done(&m);
}

/* Only the script that comes next is another one. */
static void
change_late(Fake *f)
{
	MigCall c;
	Mig m;

	if (f->commits != 1)
		return;
	fake_mig(&m);
	f->between = NULL;
	fake_call(f, &m, MIG_FN_ADD, &c,
	          "-- migrate:revision c\n-- migrate:revises b\n"
	          "-- migrate:up\nup c, changed;\n-- migrate:down\n",
	          NULL, NULL);
	mig_done(&m);
}

/* Another run applies what comes next. */
static void
apply_next(Fake *f)
{
	MigCall c;
	Mig m;

	if (f->commits != 1)
		return;
	fake_mig(&m);
	f->between = NULL;
	fake_call(f, &m, MIG_FN_APPLY, &c, "b", NULL, NULL);
	mig_done(&m);
}

/* Another run does one statement of b, and is cut off. */
static void
part_meanwhile(Fake *f)
{
	MigCall c;
	Mig m;

	if (f->commits != 2)
		return;
	fake_mig(&m);
	f->between = NULL;
	f->cut = 3;
	fake_call(f, &m, MIG_FN_RUN, &c, "b", NULL, NULL);
	f->cut = 0;
	mig_done(&m);
}

static void
apply_meanwhile(Fake *f)
{
	MigCall c;
	Mig m;

	if (f->commits != 3)
		return;
	fake_mig(&m);
	f->between = NULL;
	f->begun--;
	fake_call(f, &m, MIG_FN_RUN, &c, "b", NULL, NULL);
	f->begun++;
	mig_done(&m);
}

static void
body_others(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD, parts, NULL, NULL);
	f->between = add_late;
	CALL(u, f, &c, MIG_FN_RUN, NULL, NULL, NULL);
	CHECK(u, c.result.number == 4);
	CHECK_STR(u, mig_str(f->ran), "up a;" RAN_B "up c, changed;up d;");
}

static void
body_changed(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD, parts, NULL, NULL);
	f->between = change_late;
	CALL(u, f, &c, MIG_FN_RUN, NULL, NULL, NULL);
	CHECK_STR(u, mig_str(f->ran), "up a;" RAN_B "up c, changed;");
}

static void
body_next(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD, tree, NULL, NULL);
	f->between = apply_next;
	CALL(u, f, &c, MIG_FN_RUN, NULL, NULL, NULL);
	CHECK(u, c.result.number == 3);
	CHECK_STR(u, mig_str(f->ran), "up a;up b;check b;up c;up c2;up d;");
	CHECK(u, f->now.applied.rows == 4 && f->now.log.rows == 4);
}

static void
body_part(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD, parts, NULL, NULL);
	f->between = part_meanwhile;
	CALL(u, f, &c, MIG_FN_RUN, NULL, NULL, NULL);
	CHECK(u, c.result.number == 3);
	CHECK_STR(u, mig_str(f->ran), "up a;" RAN_B "up c;");
}

/* Another run does the rest of b while this one is between two commits. */
static void
body_overtaken(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD, parts, NULL, NULL);
	f->between = apply_meanwhile;
	CALL(u, f, &c, MIG_FN_RUN, NULL, NULL, NULL);
	CHECK(u, c.result.number == 2);
	CHECK_STR(u, mig_str(f->ran), "up a;" RAN_B "up c;");
	CHECK(u, f->now.log.rows == 3);
}

/* A script that looks at what is recorded sees what came before it. */
static void
body_looks(Unit *u, Fake *f)
{
	MigCall c;

	CALL(u, f, &c, MIG_FN_ADD,
	     "-- migrate:revision a\n-- migrate:revises base\n-- migrate:up\n"
	     "up a;\n-- migrate:revision b\n-- migrate:revises a\n-- migrate:up\n"
	     "count Migrate_Applied;\n-- migrate:revision c\n"
	     "-- migrate:revises b\n-- migrate:up\ncount others;\n",
	     NULL, NULL);
	CALL(u, f, &c, MIG_FN_APPLY, NULL, NULL, NULL);
	CHECK_STR(u, mig_str(f->ran),
	          "up a;count Migrate_Applied 1;count others 1;");
	CHECK(u, f->now.applied.rows == 3 && f->now.log.rows == 3);
	CHECK_STR(u, mig_str(f->now.log.cells[2][3]), "c");
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
TEST(each)
TEST(unfinished)
TEST(half_reverted)
TEST(hidden)
TEST(hidden_up)
TEST(others)
TEST(overtaken)
TEST(changed)
TEST(next)
TEST(part)
TEST(looks)

const UnitTest unit_run[] = {
	{"story", test_story, 0},
	{"newer", test_newer, 0},
	{"failures", test_failures, 0},
	{"verify", test_verify, 0},
	{"load", test_load, 0},
	{"gone", test_gone, 0},
	{"author", test_author, 0},
	{"each", test_each, 0},
	{"unfinished", test_unfinished, 0},
	{"half reverted", test_half_reverted, 0},
	{"hidden", test_hidden, 0},
	{"hidden up", test_hidden_up, 0},
	{"cut", test_cut, UNIT_ONCE},
	{"others", test_others, 0},
	{"overtaken", test_overtaken, 0},
	{"changed", test_changed, 0},
	{"next", test_next, 0},
	{"part", test_part, 0},
	{"looks", test_looks, 0},
	{NULL, NULL, 0},
};
