#include <string.h>

#include "script.h"
#include "slug.h"
#include "template.h"
#include "unit.h"

/* 2026-01-29T04:56:46.789Z */
#define NOW ((int64_t) 1769662606789000)

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static void
test_slugs(Unit *u)
{
	static const struct
	{
		const char *message;
		int64_t limit;
		const char *slug;
	} rows[] = {
		{"create users", 40, "create_users"},
		{"  Add users' e-mail (unique)! ", 40, "add_users_e_mail_unique"},
		{"snake_case stays", 40, "snake_case_stays"},
		{"_private_", 40, "_private"},
		{"a/../b\\c", 40, "a_b_c"},
		{"", 40, ""},
		{" -- !", 40, ""},
		{"___", 40, ""},

		/* letters beyond ASCII */
		{"Größe ÄNDERN", 40, "größe_ändern"},
		{"ŽLUŤOUČKÝ KŮŇ Ÿ İ", 40, "žluťoučký_kůň_ÿ_i"},
		{"ΆΈΌΏ ΑΩΣ Ϋ", 40, "άέόώ_αωσ_ϋ"},
		{"ЂЙЯ Ӂ Ԯ Ӏ", 40, "ђйя_ӂ_ԯ_ӏ"},
		{"ťžśŵ ёӂԯ", 40, "ťžśŵ_ёӂԯ"},
		{"注文 テーブル", 40, "注文_テーブル"},
		{"🚀 launch", 40, "🚀_launch"},

		/* punctuation beyond ASCII */
		{"a—b…c", 40, "a_b_c"},
		{"「注文」、表", 40, "注文_表"},
		{"«a» 2×3 ÷", 40, "a_2_3"},
		{"a\u00a0b\u202ec", 40, "a_b_c"},

		/* not UTF-8: stray, overlong, cut off, surrogate, too large */
		{"a\x80\xff/", 40, "a"},
		{"a\xc1\xa1/z", 40, "a_z"},
		{"a\xe0\x81\xa1/z", 40, "a_z"},
		{"a\xe2\x82", 40, "a"},
		{"a\xe2\x82/z", 40, "a_z"},
		{"a\xed\xa0\x80/z", 40, "a_z"},
		{"a\xf4\x90\x80\x80/z", 40, "a_z"},

		/* cut */
		{"aaa bbb", 7, "aaa_bbb"},
		{"aaa bbb ccc", 7, "aaa"},
		{"aaa bbb ccc", 8, "aaa_bbb"},
		{"aaa bbb ccc", 11, "aaa_bbb_ccc"},
		{"aaaabbbb", 4, "aaaa"},
		{"aaaa bbbb", 4, "aaaa"},
		{"a__ bb", 4, "a"},
		{"ääää öööö üüüü", 6, "ääää"},
		{"ääääöööö", 3, "äää"},
		{"__aaaa", 3, ""},
	};
	Mig *m = unit_mig(u, &mig_sqlite);

	for (size_t i = 0; i < ROWS(rows); i++)
	{
		unit_row(u, "%s, %d", rows[i].message, (int) rows[i].limit);
		CHECK_STR(u, mig_slug(m, mig_str(rows[i].message), rows[i].limit),
		          rows[i].slug);
	}
	unit_row(u, "a character that the message's end cuts");
	CHECK_STR(u, mig_slug(m, (MigStr){"a\xe2\x82\xac", 3}, 40), "a");
}

static void
test_default(Unit *u)
{
	Mig *m = unit_mig(u, &mig_postgresql);
	MigTemplateSettings s = {0};
	MigNewRevision r = {.message = MIG_LIT(" Create users\r\nand rôles "),
	                    .revises = MIG_LIT("20260128_101500,b"),
	                    .labels = MIG_LIT("accounts,  people"),
	                    .depends = MIG_LIT("c"),
	                    .now = NOW};
	MigScript *script;

	CHECK(u, mig_template_make(m, &s, &r));
	CHECK_STR(u, r.file, "20260129_045646_create_users_and_rôles.sql");
	CHECK_STR(u, r.revision, "20260129_045646");
	CHECK_STR(u, r.text,
	          "-- migrate:revision 20260129_045646\n"
	          "-- migrate:revises 20260128_101500 b\n"
	          "-- migrate:depends c\n"
	          "-- migrate:labels accounts people\n"
	          "-- migrate:message Create users  and rôles\n"
	          "-- migrate:created 2026-01-29T04:56:46Z\n"
	          "\n"
	          "-- migrate:up\n"
	          "\n"
	          "\n"
	          "-- migrate:down\n");

	script = mig_script_parse(m, r.file, r.text, r.text);
	CHECK(u, script != NULL);
	CHECK_STR(u, script->revision, "20260129_045646");
	CHECK_STR(u, script->revises, "20260128_101500 b");
	CHECK_STR(u, script->depends, "c");
	CHECK_STR(u, script->labels, "accounts people");
	CHECK_STR(u, script->message, "Create users  and rôles");
	CHECK(u, script->created == NOW - 789000);
	CHECK(u, script->nsections == 2);
	CHECK(u, script->sections[0].kind == MIG_UP);
	CHECK(u, script->sections[1].kind == MIG_DOWN);
}

static void
test_least(Unit *u)
{
	Mig *m = unit_mig(u, &mig_sqlite);
	MigTemplateSettings s = {0};
	MigNewRevision r = {.now = NOW};
	MigScript *script;

	CHECK(u, mig_template_make(m, &s, &r));
	CHECK_STR(u, r.file, "20260129_045646.sql");
	CHECK_STR(u, r.revision, "20260129_045646");
	CHECK_STR(u, r.text,
	          "-- migrate:revision 20260129_045646\n"
	          "-- migrate:revises base\n"
	          "-- migrate:created 2026-01-29T04:56:46Z\n"
	          "\n"
	          "-- migrate:up\n"
	          "\n"
	          "\n"
	          "-- migrate:down\n");
	script = mig_script_parse(m, r.file, r.text, r.text);
	CHECK(u, script != NULL);
	CHECK_STR(u, script->revises, "");
	CHECK_STR(u, script->labels, NULL);
}

static void
test_files(Unit *u)
{
	static const struct
	{
		const char *template;
		const char *message;
		const char *revision; /* given */
		const char *file;
		const char *made; /* the revision */
	} rows[] = {
		{"{year}{month}{day}{hour}{minute}{second}_{slug}", "a b", NULL,
	     "20260129045646_a_b.sql", "20260129045646"},
		{"{epoch}_{slug}", "a", NULL, "1769662606_a.sql", "1769662606"},
		{"V{epoch}", "a", NULL, "V1769662606.sql", "V1769662606"},
		{"{slug}", "users", NULL, "users.sql", "users"},
		{"{rev}_{slug}", "a", NULL, "20260129_045646_a.sql",
	     "20260129_045646"},
		{"{slug}-{rev}", "a", NULL, "a-20260129_045646.sql",
	     "20260129_045646"},
		{"{rev}_{slug}", "a", "ab12", "ab12_a.sql", "ab12"},
		{"{year}_{slug}", "a", "ab12", "2026_a.sql", "ab12"},
		{"{{{year}}}_{slug}", "a", "x", "{2026}_a.sql", "x"},

		/* an empty slug takes a separator along */
		{"{year}_{slug}", "!", NULL, "2026.sql", "2026"},
		{"{year}-{slug}.x", "!", NULL, "2026.x.sql", "2026"},
		{"{slug}_{year}", "!", NULL, "2026.sql", "2026"},
		{"{slug}__{year}", "!", NULL, "2026.sql", "2026"},
		{"{slug}{year}", "!", NULL, "2026.sql", "2026"},
	};
	Mig *m = unit_mig(u, &mig_sqlite);

	for (size_t i = 0; i < ROWS(rows); i++)
	{
		MigTemplateSettings s = {.file_template = mig_str(rows[i].template)};
		MigNewRevision r = {.message = mig_str(rows[i].message),
		                    .revision = mig_str(rows[i].revision),
		                    .now = NOW};

		unit_row(u, "%s %s", rows[i].template, rows[i].message);
		CHECK(u, mig_template_make(m, &s, &r));
		CHECK_STR(u, r.file, rows[i].file);
		CHECK_STR(u, r.revision, rows[i].made);
	}
}

static void
test_zones(Unit *u)
{
	static const struct
	{
		const char *zone;
		const char *file; /* NULL: an error */
	} rows[] = {
		{"UTC", "0456.sql"},
		{"utc", "0456.sql"},
		{"local", "0356.sql"},
		{"+02:00", "0656.sql"},
		{"-0330", "0126.sql"},
		{"+2", "0656.sql"},
		{"+02", "0656.sql"},
		{"-5", "2356.sql"},
		{"+130", "0626.sql"},
		{"+05:45", "1041.sql"},
		{"", NULL},
		{"+", NULL},
		{"2", NULL},
		{"+2:", NULL},
		{"+:30", NULL},
		{"+02:0", NULL},
		{"+0:200", NULL},
		{"+16", NULL},
		{"+00:60", NULL},
		{"+02000", NULL},
		{"Europe/Berlin", NULL},
		{"+0x", NULL},
	};
	Mig *m = unit_mig(u, &mig_sqlite);

	for (size_t i = 0; i < ROWS(rows); i++)
	{
		MigTemplateSettings s = {.file_template = MIG_LIT("{hour}{minute}"),
		                         .timezone = mig_str(rows[i].zone)};
		MigNewRevision r = {.now = NOW, .local_offset = -3600};
		bool made;

		unit_row(u, "%s", rows[i].zone);
		made = mig_template_make(m, &s, &r);
		CHECK(u, made == (rows[i].file != NULL));
		if (made)
			CHECK_STR(u, r.file, rows[i].file);
		else
			CHECK(u, m->status.code == MIG_ARGUMENT);
		memset(&m->status, 0, sizeof(m->status));
	}
}

static void
test_scripts(Unit *u)
{
	static const struct
	{
		const char *template;
		const char *text;
	} rows[] = {
		{"-- migrate:revision {revision}\n-- migrate:up\nSELECT '{{}}';\n",
	     "-- migrate:revision 2026\n-- migrate:up\nSELECT '{}';\n"},
		/* two placeholders, or other lines: they stay */
		{"-- {labels} {depends}\n-- {labels}\n-- {message}\n-- migrate:up",
	     "--  \n-- migrate:up"},
		{"-- migrate:up\n-- {depends}", "-- migrate:up\n"},
		{"-- migrate:up\n-- {revision} {depends}", "-- migrate:up\n-- 2026 "},
		{"-- migrate:up\r\n-- {depends}\r\n-- x\r\n",
	     "-- migrate:up\r\n-- x\r\n"},
	};
	Mig *m = unit_mig(u, &mig_sqlite);

	for (size_t i = 0; i < ROWS(rows); i++)
	{
		MigTemplateSettings s = {.file_template = MIG_LIT("{year}"),
		                         .script_template = mig_str(rows[i].template)};
		MigNewRevision r = {.now = NOW};

		unit_row(u, "%s", rows[i].template);
		CHECK(u, mig_template_make(m, &s, &r));
		CHECK_STR(u, r.text, rows[i].text);
	}
}

static void
test_settings(Unit *u)
{
	static const struct
	{
		const char *name;
		const char *value;
		const char *message; /* NULL: none */
	} rows[] = {
		{"file_template", "{rev}_{slug}", NULL},
		{"slug_length", "1", NULL},
		{"slug_length", "200", NULL},
		{"timezone", "local", NULL},
		{"script_template", "-- migrate:revision {revision}\n-- migrate:up",
	     NULL},
		{"colour", "blue", "setting \"colour\" does not exist"},
		{"file_template", "{yaer}",
	     "placeholder \"{yaer}\" of setting \"file_template\" does not exist"},
		{"file_template", "{}",
	     "placeholder \"{}\" of setting \"file_template\" does not exist"},
		{"file_template", "{year",
	     "setting \"file_template\" has a brace without its partner"},
		{"file_template", "year}",
	     "setting \"file_template\" has a brace without its partner"},
		{"file_template", "a}b}",
	     "setting \"file_template\" has a brace without its partner"},
		{"file_template", "{year{slug}}",
	     "setting \"file_template\" has a brace without its partner"},
		{"file_template", "a/{slug}",
	     "setting \"file_template\" gives \"a/sample\", which is not a plain"
	     " file name"},
		{"file_template", "a\\b",
	     "setting \"file_template\" gives \"a\\b\", which is not a plain"
	     " file name"},
		{"file_template", "..a",
	     "setting \"file_template\" gives \"..a\", which is not a plain"
	     " file name"},
		{"file_template", "a..b",
	     "setting \"file_template\" gives \"a..b\", which is not a plain"
	     " file name"},
		{"file_template", "a.",
	     "setting \"file_template\" gives \"a.\", which is not a plain"
	     " file name"},
		{"file_template", ".a",
	     "setting \"file_template\" gives \".a\", which is not a plain"
	     " file name"},
		{"file_template", "-a",
	     "setting \"file_template\" gives \"-a\", which is not a plain"
	     " file name"},
		{"file_template", "",
	     "setting \"file_template\" gives \"\", which is not a plain"
	     " file name"},
		{"file_template", "a\nb",
	     "setting \"file_template\" gives \"a\nb\", which is not a plain"
	     " file name"},
		{"slug_length", "0", "setting \"slug_length\" cannot be \"0\""},
		{"slug_length", "201", "setting \"slug_length\" cannot be \"201\""},
		{"slug_length", "long", "setting \"slug_length\" cannot be \"long\""},
		{"timezone", "Mars", "setting \"timezone\" cannot be \"Mars\""},
		{"script_template", "-- {slug}\n-- migrate:up",
	     "placeholder \"{slug}\" of setting \"script_template\" does not"
	     " exist"},
		{"script_template", "-- migrate:revision x\n-- migrate:up\n",
	     "setting \"script_template\" does not name the revision"},
	};
	Mig *m = unit_mig(u, &mig_sqlite);

	for (size_t i = 0; i < ROWS(rows); i++)
	{
		unit_row(u, "%s = %s", rows[i].name, rows[i].value);
		CHECK(u, mig_template_check(m, mig_str(rows[i].name),
		                            mig_str(rows[i].value)) ==
		             (rows[i].message == NULL));
		if (rows[i].message != NULL)
		{
			CHECK_STR(u, mig_str(m->status.message), rows[i].message);
			CHECK(u, m->status.code == MIG_ARGUMENT);
			CHECK(u, m->status.hint[0] != '\0');
		}
		memset(&m->status, 0, sizeof(m->status));
	}
}

static void
test_errors(Unit *u)
{
	static const char long_name[] =
		"äöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöü"
		"äöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöü";
	static const struct
	{
		MigTemplateSettings s;
		MigNewRevision r;
		MigCode code;
		const char *hint;
	} rows[] = {
		{{.file_template = MIG_LIT("{yaer}")},
	     {.now = NOW},
	     MIG_ARGUMENT,
	     "The placeholders are {year}, {month}, {day}, {hour}, {minute},"
	     " {second}, {epoch}, {slug} and {rev}."},
		{{.timezone = MIG_LIT("Europe/Berlin")},
	     {.now = NOW},
	     MIG_ARGUMENT,
	     "Write UTC, local or an offset such as +02:00."},
		{{.slug_length = MIG_LIT("200")},
	     {.message = MIG_LIT(long_name), .now = NOW},
	     MIG_ARGUMENT,
	     "Lower setting \"slug_length\"."},
		{{.script_template = MIG_LIT("-- nothing")},
	     {.now = NOW},
	     MIG_SYNTAX,
	     NULL},
		{{0}, {.labels = MIG_LIT("a b:c"), .now = NOW}, MIG_SYNTAX, NULL},
		{{0}, {.depends = MIG_LIT("a@b"), .now = NOW}, MIG_SYNTAX, NULL},
		{{0}, {.revises = MIG_LIT("a+b"), .now = NOW}, MIG_SYNTAX, NULL},
		{{0}, {.revision = MIG_LIT("head"), .now = NOW}, MIG_SYNTAX, NULL},
		{{0}, {.revision = MIG_LIT("a b"), .now = NOW}, MIG_SYNTAX, NULL},
		{{.file_template = MIG_LIT("{slug}")},
	     {.message = MIG_LIT("größe"), .now = NOW},
	     MIG_SYNTAX,
	     NULL},
	};
	Mig *m = unit_mig(u, &mig_sqlite);

	for (size_t i = 0; i < ROWS(rows); i++)
	{
		MigNewRevision r = rows[i].r;

		unit_row(u, "%d", (int) i);
		CHECK(u, !mig_template_make(m, &rows[i].s, &r));
		CHECK(u, m->status.code == rows[i].code);
		if (rows[i].hint != NULL)
			CHECK_STR(u, mig_str(m->status.hint), rows[i].hint);
		memset(&m->status, 0, sizeof(m->status));
	}
}

const UnitTest unit_template[] = {
	{"slugs", test_slugs, 0},
	{"default", test_default, 0},
	{"least", test_least, 0},
	{"files", test_files, 0},
	{"zones", test_zones, 0},
	{"scripts", test_scripts, 0},
	{"settings", test_settings, 0},
	{"errors", test_errors, 0},
	{NULL, NULL, 0},
};
