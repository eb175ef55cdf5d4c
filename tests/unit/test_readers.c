#include <string.h>

#include "delimiter.h"
#include "layouts.h"
#include "lines.h"
#include "liquibase_filter.h"
#include "sqitch_verify.h"
#include "text.h"
#include "unit.h"

#define FILES 6

/* A directory and what it becomes: a line for each script (revision, revises,
   depends, labels, message, sections with their lines) and for each file that
   is left out. */
typedef struct Case
{
	const MigLayout *layout;
	const char *name;
	const char *files[FILES][2]; /* name and text, in byte order */
	const char *want;
} Case;

static void
section_add(MigText *t, const MigSection *s)
{
	static const char kinds[] = "udv";
	static const char *const targets[] = {"", "p", "s"};

	mig_text_fmt(t, " %c%s%s%d", kinds[s->kind], targets[s->target],
	             s->transactional ? "" : "!", s->from.line);
}

static MigStr
dump(Mig *m, const MigTree *tree)
{
	MigText t = {m, NULL, 0, 0};

	for (int i = 0; i < tree->nscripts; i++)
	{
		const MigScript *s = tree->scripts[i];

		mig_text_fmt(&t, "%.*s<%.*s|%.*s|%.*s|%.*s|", MIG_S(s->revision),
		             MIG_S(s->revises), MIG_S(s->depends), MIG_S(s->labels),
		             MIG_S(s->message));
		for (int k = 0; k < s->nsections; k++)
			section_add(&t, &s->sections[k]);
		mig_text_add(&t, s->repeatable ? " again\n" : "\n");
	}
	for (int i = 0; i < tree->nignored; i++)
		mig_text_fmt(&t, "%.*s: %.*s\n", MIG_S(tree->ignored[i].name),
		             MIG_S(tree->ignored[i].why));
	return mig_text_str(&t);
}

static bool
read_case(Mig *m, const Case *c, MigTree *tree)
{
	memset(tree, 0, sizeof(*tree));
	tree->path = MIG_LIT("dir");
	tree->names = mig_alloc_array(m, FILES, sizeof(MigStr));
	tree->files = mig_alloc_array(m, FILES, sizeof(MigFile));
	if (tree->names == NULL || tree->files == NULL ||
	    !mig_map_init(m, &tree->revisions, 8))
		return false;
	for (int i = 0; i < FILES && c->files[i][0] != NULL; i++)
	{
		MigStr name = mig_str(c->files[i][0]);

		tree->names[tree->nnames++] = name;
		if (c->layout->wants(name))
			tree->files[tree->nfiles++] =
				(MigFile){name, mig_str(c->files[i][1])};
	}
	return c->layout->read(m, tree);
}

static const Case cases[] = {
	{&mig_layout_sqitch,
     "rework, tags, conflicts, scripts of nobody",
     {{"deploy/a.sql", "SELECT 1;"},
      {"deploy/a@v2.sql", "SELECT 2;"},
      {"deploy/b.sql", "SELECT 3;"},
      {"deploy/c.sql", "SELECT 4;"},
      {"sqitch.plan",
       "%project=p\n\na 2026-01-29T04:56:46Z A <a@b>\n"
       "@v1 2026-01-29T04:56:46Z A <a@b>\n@v2 2026-01-29T04:56:46Z A <a@b>\n"
       "b [a@v1 q:x !q:y] 2026-01-29T04:56:46Z A <a@b> # note\n"
       "@b 2026-01-29T04:56:46Z A <a@b>\n"
       "a [a] 2026-01-29T04:56:46Z A <a@b>\n"},
      {"verify/b.sql", "DO $$ BEGIN INSERT INTO t VALUES (1); END $$;"}},
     "a<||v1 v2|| u1\n"
     "b<a|a x||note| u1\n"
     "a.2<b|a||| u1\n"
     "sqitch.plan: line 6: conflict \"q:y\" with another project is not checked\n"
     "sqitch.plan: line 7: tag \"b\" is no label, because its name is taken\n"
     "verify/b.sql: it writes, which Sqitch would roll back\n"
     "deploy/c.sql: no change of the plan has it\n"},
	{&mig_layout_diesel,
     "hidden and deeper folders",
     {{".x/up.sql", "SELECT 1;"},
      {"1-2_a/down.sql", ""},
      {"1-2_a/metadata.toml", "x = 1\n"},
      {"1-2_a/up.sql", "SELECT 1;"},
      {"1-2_a/x/y.sql", "SELECT 1;"}},
     "12<|||a| u!1\n"},
	{&mig_layout_sqlx,
     "a down file alone",
     {{"1_a.down.sql", "SELECT 1;"}, {"2_b_c.sql", "SELECT 2;\r\n"}},
     "2<|||b c| u1\n"
     "1_a.down.sql: there is no up file of its version\n"},
	{&mig_layout_refinery,
     "other names",
     {{"V1__a.sql", "SELECT 1;"},
      {"V2_b.sql", "SELECT 1;"},
      {"x/U3__c.sql", "SELECT 1;"}},
     "1<|||a| u1\n"
     "3<1|||c| u1\n"
     "V2_b.sql: its name is not like V1__name.sql\n"},
	{&mig_layout_node_pg_migrate,
     "parts",
     {{"1_a.sql", "-- up migration\nSELECT 1;\n-- down migration\nSELECT 2;"}},
     "1_a<|||a| u1 d3\n"},
	{&mig_layout_graphile_migrate,
     "any hash",
     {{"committed/000001-a-b.sql",
       "--! Previous: -\n--! Hash: x\n--! AllowInvalidHash\n\nSELECT 1;\n"}},
     "000001<|||a b| u5\n"},
	{&mig_layout_supabase,
     "the first file, if it is old enough",
     {{"20211208235959_init.sql", "SELECT 1;"},
      {"20211209000000_init.sql", "SELECT 2;"}},
     "20211209000000<|||init| u1\n"
     "20211208235959_init.sql: a dump that Supabase never runs\n"},
	{&mig_layout_sql_migrate,
     "marks",
     {{"1_a.sql",
       "-- +migrate Down\nSELECT 2;\n--+migrate Up notransaction\nSELECT 1;"}},
     "1_a<|||a| d2 u!4\n"},
	{&mig_layout_atlas,
     "checkpoint left out",
     {{"1.sql", "SELECT 1;"},
      {"2_a.sql", "-- atlas:checkpoint\n\nSELECT 1;"},
      {"3_b.sql", "-- atlas:delimiter //\n-- atlas:txmode none\n\nSELECT 1//"
                  "SELECT 2"}},
     "1<|||| u1\n"
     "3<1|||b| u!4\n"
     "2_a.sql: it is a checkpoint of the files before it\n"},
	{&mig_layout_liquibase,
     "changesets and files that are none",
     {{"a.sql", "--liquibase formatted sql\n--property name:x value:1 "
                "dbms:sqlite\n--changeset a:1 dbms:oracle\nx;\n--changeset "
                "a:2 runAlways:true\nSELECT ${x};\n--rollback SELECT "
                "2;\n--changeset a:3 failOnError:false\nSELECT 3;"},
      {"b.sql", "SELECT 1;"},
      {"c.yaml", ""}},
     "a_2<*|||2| up6 us6 d7 again\n"
     "a_3<|||3| u9\n"
     "b.sql: it does not begin with \"--liquibase formatted sql\"\n"
     "c.yaml: only changelogs in SQL are read, in the order of their names\n"
     "a.sql: changeset a:1: it is for other databases\n"
     "a.sql: changeset a:2: it runs when it changes, not always\n"
     "a.sql: changeset a:3: an error in it ends the run\n"},
	{&mig_layout_alembic,
     "a merge",
     {{"a.py", "revision='a'\ndown_revision=None\n"},
      {"b.py", "revision='b'\ndown_revision=None\nbranch_labels=('l','m')\n"},
      {"c.py", "'''join'''\nrevision='c'\ndown_revision=('a','b')\n"},
      {"env.py", "x"},
      {"note.sql", "SELECT 1;"},
      {"u.sql", "BEGIN;\n-- Running upgrade  -> a\nSELECT 1;\nCOMMIT;\n"
                "VACUUM;\nBEGIN;\n-- Running upgrade  -> b\nSELECT 2;\n"}},
     "a<|||| u3 u!5\n"
     "b<||l m|| u8\n"
     "c<a b|||join| u1 d1\n"
     "env.py: it has no revision\n"
     "note.sql: it is no output of \"alembic upgrade --sql\" or \"alembic downgrade --sql\"\n"},
};

static void
test_cases(Unit *u)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		const Case *c = &cases[i];
		Mig *m = unit_again(u, &mig_postgresql);
		MigTree tree;

		unit_row(u, "%s: %s", c->layout->name, c->name);
		CHECK(u, read_case(m, c, &tree));
		CHECK_STR(u, dump(m, &tree), c->want);
	}
}

/* What each file alone says of whose it is. */
static void
test_claims(Unit *u)
{
	static const struct
	{
		const MigLayout *layout;
		const char *name, *text;
		MigClaim claim;
	} rows[] = {
		{&mig_layout_sqitch, "sqitch.plan", "", MIG_CLAIM_SURE},
		{&mig_layout_sqitch, "deploy/a.sql", "", MIG_CLAIM_NO},
		{&mig_layout_diesel, "a/up.sql", "", MIG_CLAIM_NO},
		{&mig_layout_diesel, "1-2_a/up.sql", "", MIG_CLAIM_NAMES},
		{&mig_layout_diesel, "a/b/up.sql", "", MIG_CLAIM_NO},
		{&mig_layout_diesel, "2024-01-01-000000_a/up.sql", "", MIG_CLAIM_SURE},
		{&mig_layout_diesel, "2024-01-01-00000_a/up.sql", "", MIG_CLAIM_NAMES},
		{&mig_layout_diesel, "a/metadata.toml", "", MIG_CLAIM_SURE},
		{&mig_layout_sqlx, "1_a.sql", "", MIG_CLAIM_NAMES},
		{&mig_layout_sqlx, "1_a.up.sql", "", MIG_CLAIM_NO},
		{&mig_layout_sqlx, "a_1.sql", "-- no-transaction", MIG_CLAIM_NO},
		{&mig_layout_sqlx, "1_a.sql", "-- no-transaction", MIG_CLAIM_SURE},
		{&mig_layout_refinery, "V1__a.sql", "", MIG_CLAIM_NAMES},
		{&mig_layout_refinery, "V1_2__a.sql", "", MIG_CLAIM_NO},
		{&mig_layout_refinery, "V01__a-b.sql", "", MIG_CLAIM_NO},
		{&mig_layout_refinery, "V1.2__a.sql", "", MIG_CLAIM_NO},
		{&mig_layout_refinery, "V1__a.sql.conf", "", MIG_CLAIM_NO},
		{&mig_layout_refinery, "x/U1__a.sql", "", MIG_CLAIM_SURE},
		{&mig_layout_refinery, "R__a.sql", "", MIG_CLAIM_NO},
		{&mig_layout_refinery, "V1__a.sql", "SELECT ${x};", MIG_CLAIM_NO},
		{&mig_layout_refinery, "refinery.toml", "", MIG_CLAIM_SURE},
		{&mig_layout_node_pg_migrate, "1.sql", "\n  --  UP  migration",
	     MIG_CLAIM_SURE},
		{&mig_layout_node_pg_migrate, "1.sql", "-- upmigration", MIG_CLAIM_NO},
		{&mig_layout_graphile_migrate, "committed/1.sql", "--! Previous: -",
	     MIG_CLAIM_SURE},
		{&mig_layout_graphile_migrate, "other/1.sql", "--! Previous: -",
	     MIG_CLAIM_NO},
		{&mig_layout_atlas, "atlas.sum", "", MIG_CLAIM_SURE},
		{&mig_layout_atlas, "1_a.sql", "", MIG_CLAIM_NO},
		{&mig_layout_sql_migrate, "1.sql", "x\n-- +migrate Up\n",
	     MIG_CLAIM_SURE},
		{&mig_layout_sql_migrate, "1.sql", "-- +migrateUp", MIG_CLAIM_NO},
		{&mig_layout_liquibase, "x/1.sql", "\n\n -- Liquibase  FORMATTED SQL",
	     MIG_CLAIM_SURE},
		{&mig_layout_liquibase, "1.sql", "x\n--liquibase formatted sql",
	     MIG_CLAIM_NO},
		{&mig_layout_alembic, "v/1.py", "x = 1\ndown_revision = None",
	     MIG_CLAIM_SURE},
		{&mig_layout_alembic, "v/1.py", "x = 1\n", MIG_CLAIM_NO},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);
		MigFile file = {mig_str(rows[i].name), mig_str(rows[i].text)};
		MigTree tree = {
			.names = &file.name, .nnames = 1, .files = &file, .nfiles = 1};

		unit_row(u, "%s %s", rows[i].layout->name, rows[i].name);
		CHECK(u, rows[i].layout->claims(m, &tree) == rows[i].claim);
	}
}

static void
test_delimiter(Unit *u)
{
	static const struct
	{
		const char *text, *written, *want;
	} rows[] = {
		{"a;b", ";", "a;b"},
		{"a//b//", "//", "a; b; "},
		{"a '//' // b", "//", "a '//' ;  b"},
		{"a $$//$$ // \"//\" /* // */ b", "//",
	     "a $$//$$ ;  \"//\" /* // */ b"},
		{"a -- //\n// b", "//", "a -- //\n;  b"},
		{"a\nGO\nb\nGO", "\\nGO", "a\n; \nb\n; "},
		{"a -- x\r\nGO\r\nb", "\\nGO", "a -- x\r\n; \r\nb"},
		{"a\n\n\nb", "\\n\\n\\n", "a\n;\n\nb"},
		{"a\nb", "\\n", "a\n;b"},
		{"a\n-- end\nb", "-- end", "a\n;     \nb"},
		{"a\tb", "\\t", "a;b"},
		{"GOTO a GO b", "GO", "; TO a ;  b"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		Mig *m = unit_again(u, &mig_postgresql);
		MigStr delimiter = mig_delimiter_read(m, mig_str(rows[i].written));

		unit_row(u, "%s", rows[i].text);
		CHECK(u, mig_ok(m));
		CHECK_STR(u, mig_delimiter(m, mig_str(rows[i].text), delimiter),
		          rows[i].want);
	}
}

static void
test_filter(Unit *u)
{
	static const struct
	{
		const char *expression, *list;
		int holds; /* -1: it does not read */
	} rows[] = {
		{"", "a", 1},
		{"a", NULL, 1},
		{"a", "", 0},
		{"a", "b, A", 1},
		{"!a", "b", 1},
		{"not a", "a", 0},
		{"a and b", "a", 0},
		{"a or b", "b", 1},
		{"a,b and c", "a", 1},
		{"(a,b) and c", "a", 0},
		{"a and (b or !c)", "a,c", 0},
		{"! ! a", "a", 1},
		{"!(a or b) and c", "c", 1},
		{"a and", "a", -1},
		{"(a", "a", -1},
		{"a)", "a", -1},
		{"a b", "a", -1},
		{"and", "a", -1},
		{"!", "a", -1},
		{"()", "a", -1},
		{"@a", NULL, 0},
		{"@a", "a", 1},
		{"b or @a", NULL, 1},
		{"b and @a", NULL, 0},
		{"b and !@a", NULL, 1},
		{"!b and !@a", NULL, 1},
		{"@a,b", "b", 1},
	};
	static const struct
	{
		const char *list;
		bool any;
		MigFor target;
	} dbms[] = {
		{NULL, true, MIG_FOR_BOTH},
		{"all", true, MIG_FOR_BOTH},
		{"postgresql, sqlite", true, MIG_FOR_BOTH},
		{"PostgreSQL", true, MIG_FOR_POSTGRESQL},
		{"h2,sqlite", true, MIG_FOR_SQLITE},
		{"!h2", true, MIG_FOR_BOTH},
		{"!sqlite", true, MIG_FOR_POSTGRESQL},
		{"!sqlite, !postgresql", false, MIG_FOR_BOTH},
		{"none", false, MIG_FOR_BOTH},
		{"oracle", false, MIG_FOR_BOTH},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);
		bool holds = false;
		bool ok = mig_liquibase_holds(m, mig_str(rows[i].expression),
		                              mig_str(rows[i].list), &holds);

		unit_row(u, "%s for %s", rows[i].expression,
		         rows[i].list ? rows[i].list : "none");
		CHECK(u, ok == (rows[i].holds >= 0));
		CHECK(u, !ok || holds == (rows[i].holds == 1));
	}
	for (size_t i = 0; i < sizeof(dbms) / sizeof(dbms[0]); i++)
	{
		MigFor target;
		bool any = mig_liquibase_dbms(mig_str(dbms[i].list), &target);

		unit_row(u, "%s", dbms[i].list ? dbms[i].list : "none");
		CHECK(u, any == dbms[i].any);
		CHECK(u, !any || target == dbms[i].target);
	}
}

static void
test_verify(Unit *u)
{
	static const struct
	{
		const MigDialect *dialect;
		const char *text;
		const char *want; /* NULL: it writes */
	} rows[] = {
		{&mig_postgresql, "BEGIN;\n\nSELECT 1/0 -- x\n FROM t;\nROLLBACK;\n",
	     ";\n\nDO $migrate_verify$DECLARE migrate_row record;BEGIN FOR"
	     " migrate_row IN SELECT 1/0 -- x\n FROM t LOOP NULL; END LOOP;"
	     " END$migrate_verify$;\n;\n"},
		{&mig_sqlite, "SELECT a\nFROM t;",
	     "SELECT count(*) >= 0 FROM (SELECT a\nFROM t);"},
		{&mig_postgresql,
	     "SAVEPOINT a; DO $$BEGIN ASSERT 'insert' = x; END$$;"
	     "ROLLBACK TO a;",
	     "; DO $$BEGIN ASSERT 'insert' = x; END$$;;"},
		{&mig_postgresql, "SELECT has_table_privilege('t', 'INSERT');",
	     "DO $migrate_verify$DECLARE migrate_row record;BEGIN FOR migrate_row"
	     " IN SELECT has_table_privilege('t', 'INSERT') LOOP NULL; END LOOP;"
	     " END$migrate_verify$;"},
		{&mig_postgresql, "DO $a$ BEGIN EXECUTE 'x'; END $a$;", NULL},
		{&mig_postgresql, "BEGIN; INSERT INTO t VALUES (1); ROLLBACK;", NULL},
		{&mig_sqlite, "DELETE FROM t;", NULL},
		{&mig_sqlite, "", ""},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		Mig *m = unit_again(u, &mig_postgresql);
		MigFile file = {MIG_LIT("v.sql"), mig_str(rows[i].text)};
		MigStr text = {NULL, 0};
		bool writes = false;

		unit_row(u, "%s", rows[i].text);
		CHECK(u, mig_sqitch_verify(m, &file, rows[i].dialect, &text, &writes));
		CHECK(u, writes == (rows[i].want == NULL));
		CHECK_STR(u, text, rows[i].want);
	}
}

static void
test_lines(Unit *u)
{
	Mig *m = unit_mig(u, &mig_sqlite);
	MigStr text = MIG_LIT("\xEF\xBB\xBF"
	                      "a\r\nb\rc\n\nd");
	static const char *const want[] = {"a", "b", "c", "", "d"};
	char *canvas;
	MigLines lines;
	MigStr line;
	int at = 1;

	mig_lines_start(&lines, text);
	for (int i = 0; i < 5; i++)
	{
		CHECK(u, mig_lines_next(&lines, &line));
		CHECK_STR(u, line, want[i]);
		CHECK(u, lines.number == i + 1);
	}
	CHECK(u, !mig_lines_next(&lines, &line));
	CHECK_STR(u, mig_lf_only(m, text),
	          "\xEF\xBB\xBF"
	          "a\nb\nc\n\nd");
	CHECK_STR(u, mig_crlf_only(m, text),
	          "\xEF\xBB\xBF"
	          "a\r\nb\r\nc\r\n\r\nd");
	text = MIG_LIT("no\r\nab no \nno ab\nno\n\n");
	canvas = mig_canvas(m, text);
	CHECK(u, canvas != NULL);
	mig_blank(canvas, 3);
	mig_blank(canvas + 7, 3);
	mig_blank(canvas + 11, 2);
	mig_blank(canvas + 17, 2);
	CHECK_STR(u, mig_canvas_text(canvas, text.len, &at), "ab \n   ab\n");
	CHECK(u, at == 2);
	CHECK(u, mig_digits_cmp(MIG_LIT("009"), MIG_LIT("10")) < 0);
	CHECK(u, mig_digits_cmp(MIG_LIT("010"), MIG_LIT("10")) == 0);
	CHECK(u, mig_str_find(MIG_LIT("aab"), MIG_LIT("ab")) == 1);
	CHECK(u, mig_str_find(MIG_LIT("aab"), MIG_LIT("b ")) == 3);
}

const UnitTest unit_readers[] = {
	{"cases", test_cases, 0},
	{"claims", test_claims, 0},
	{"delimiter", test_delimiter, 0},
	{"filter", test_filter, 0},
	{"verify", test_verify, 0},
	{"lines", test_lines, 0},
	{NULL, NULL, 0},
};
