/* The schema as a list of objects: reading it from text, telling two apart. */
#include <string.h>

#include "schema.h"
#include "text.h"
#include "unit.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct
{
	const char *sql, *want;
} canonicals[] = {
	{"CREATE  TABLE\n\"t\" ( a INT -- c\n )", "create table t (a int)"},
	{"[a b], `c`, \"D\", x . y", "\"a b\", c, d, x.y"},
	{"'It''s' || X'00' /* c */ >= - 1", "'It''s' || X'00' >= - 1"},
	{"\"a\"\"b\" (\"1\")", "\"a\"\"b\" (\"1\")"},
	{"", ""},
};

static void
test_canonical(Unit *u)
{
	for (size_t i = 0; i < COUNT(canonicals); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);

		unit_row(u, "%s", canonicals[i].sql);
		CHECK_STR(u, mig_schema_canonical(m, mig_str(canonicals[i].sql)),
		          canonicals[i].want);
	}
}

static const struct
{
	const char *sql, *want;
} unqualifieds[] = {
	{"app.users", "users"},
	{"\"app\".users(app.id)", "users(id)"},
	{"x.app.users", "x.app.users"},
	{"'app.users'", "'app.users'"},
	{"nextval('app.s'::regclass)", "nextval('s'::regclass)"},
	{"nextval('\"app\".s'::regclass)", "nextval('s'::regclass)"},
	{"nextval('apple.s'::regclass)", "nextval('apple.s'::regclass)"},
	{"nextval('ap'::regclass)", "nextval('ap'::regclass)"},
	{"apple.users, app", "apple.users, app"},
	{"$$app.f$$ app.g", "$$app.f$$ g"},
};

static void
test_unqualified(Unit *u)
{
	for (size_t i = 0; i < COUNT(unqualifieds); i++)
	{
		Mig *m = unit_again(u, &mig_postgresql);

		unit_row(u, "%s", unqualifieds[i].sql);
		CHECK_STR(u,
		          mig_schema_unqualified(m, mig_str(unqualifieds[i].sql),
		                                 mig_str("app")),
		          unqualifieds[i].want);
	}
}

/* A row of sqlite_schema: type, name, table, statement. */
static bool
add(Mig *m, MigSchema *s, const char *type, const char *name,
    const char *table, const char *sql)
{
	return mig_schema_add_sqlite(m, s, mig_str(type), mig_str(name),
	                             mig_str(table), mig_str(sql));
}

static MigStr
listed(Mig *m, const MigSchema *s)
{
	MigText t = {m, NULL, 0, 0};

	for (size_t i = 0; i < s->count; i++)
		mig_text_fmt(&t, "%.*s|%.*s|%.*s|%.*s\n", MIG_S(s->objects[i].kind),
		             (int) s->objects[i].table.len,
		             s->objects[i].table.at ? s->objects[i].table.at : "",
		             MIG_S(s->objects[i].name),
		             MIG_S(s->objects[i].definition));
	return mig_text_str(&t);
}

static void
test_sqlite(Unit *u)
{
	Mig *m = unit_mig(u, &mig_sqlite);
	MigSchema s = {NULL, 0, 0};

	CHECK(u,
	      add(m, &s, "table", "T", "T",
	          "CREATE TABLE \"T\" (\"Id\" INTEGER PRIMARY KEY, b TEXT"
	          " DEFAULT 'X' /* c */, CONSTRAINT k UNIQUE (b), CHECK (b > 1))"
	          " STRICT"));
	CHECK(u, add(m, &s, "index", "i", "T",
	             "CREATE UNIQUE INDEX i ON T(b) WHERE b>0"));
	CHECK(u, add(m, &s, "trigger", "g", "T",
	             "CREATE TRIGGER g AFTER INSERT ON T BEGIN SELECT 1; END"));
	CHECK(u, add(m, &s, "view", "v", "v", "CREATE VIEW v AS SELECT 1"));
	CHECK(u, add(m, &s, "table", "f", "f",
	             "CREATE VIRTUAL TABLE f USING fts5(a)"));
	CHECK(u, mig_schema_sort(m, &s));
	CHECK_STR(u, listed(m, &s),
	          "column|t|b|text default 'X'\n"
	          "column|t|id|integer primary key\n"
	          "constraint|t|check (b > 1)|check (b > 1)\n"
	          "constraint|t|k|unique (b)\n"
	          "index|t|i|unique on t (b) where b > 0\n"
	          "table||f|create virtual table f using fts5 (a)\n"
	          "table||t|(id, b) strict\n"
	          "trigger|t|g|after insert on t begin select 1 ; end\n"
	          "view||v|as select 1\n");
}

static bool
build(Mig *m, MigSchema *s, const char *const *rows)
{
	memset(s, 0, sizeof(*s));
	for (; *rows != NULL; rows += 4)
	{
		MigObject o = {mig_str(rows[0]), mig_str(rows[1]), mig_str(rows[2]),
		               mig_str(rows[3])};

		if (!mig_schema_add(m, s, &o))
			return false;
	}
	return mig_schema_sort(m, s);
}

static MigStr
changes(Mig *m, const MigSchema *a, const MigSchema *b)
{
	MigText t = {m, NULL, 0, 0};
	MigDifferences c;

	if (!mig_schema_diff(m, a, b, &c))
		return (MigStr){NULL, 0};
	for (int i = 0; i < c.count; i++)
	{
		mig_text_str_add(&t, mig_schema_change(m, &c.at[i]));
		mig_text_char(&t, '\n');
	}
	return mig_text_str(&t);
}

static void
test_diff(Unit *u)
{
	static const char *const before[] = {
		"table",     NULL,        "t",         "(a, b)",     "column",
		"t",         "a",         "int",       "column",     "t",
		"b",         "text",      "index",     "t",          "t_b",
		"(b)",       "table",     NULL,        "gone",       "(x)",
		"column",    "gone",      "x",         "int",        "constraint",
		"t",         "check (a)", "check (a)", "constraint", "t",
		"check (a)", "check (a)", "view",      NULL,         "v",
		"select 1",  NULL};
	static const char *const after[] = {
		"view",       NULL,    "v",         "select 1",
		"constraint", "t",     "check (a)", "check (a)",
		"column",     "t",     "b",         "text not null",
		"column",     "t",     "a",         "int",
		"table",      NULL,    "t",         "(a, b)",
		"table",      NULL,    "fresh",     "(y)",
		"column",     "fresh", "y",         "int",
		"trigger",    "t",     "g",         "x",
		NULL};
	Mig *m = unit_mig(u, &mig_sqlite);
	MigSchema a, b;

	CHECK(u, build(m, &a, before) && build(m, &b, after));
	CHECK_STR(u, changes(m, &a, &b),
	          "column \"b\" of table \"t\" is \"text not null\" and was"
	          " \"text\"\n"
	          "constraint \"check (a)\" of table \"t\" is missing\n"
	          "index \"t_b\" is missing\n"
	          "table \"fresh\" is new\n"
	          "table \"gone\" is missing\n"
	          "trigger \"g\" of table \"t\" is new\n");
	CHECK_STR(u, changes(m, &a, &a), "");
}

static void
test_fingerprint(Unit *u)
{
	static const char *const one[] = {"table", NULL, "t", "(a)", "view",
	                                  NULL,    "v",  "x", NULL};
	static const char *const turned[] = {"view", NULL, "v",   "x", "table",
	                                     NULL,   "t",  "(a)", NULL};
	static const char *const other[] = {"table", NULL, "t(", "a)", "view",
	                                    NULL,    "v",  "x",  NULL};
	static const char *const none[] = {NULL};
	Mig *m = unit_mig(u, &mig_sqlite);
	MigSchema a, b;
	MigStr sum;

	CHECK(u, build(m, &a, one) && build(m, &b, turned));
	sum = mig_schema_fingerprint(m, &a);
	CHECK(u, sum.len == 64);
	CHECK(u, mig_str_eq(sum, mig_schema_fingerprint(m, &b)));
	CHECK(u, build(m, &b, other));
	CHECK(u, !mig_str_eq(sum, mig_schema_fingerprint(m, &b)));
	CHECK(u, build(m, &b, none));
	CHECK_STR(u, mig_schema_fingerprint(m, &b),
	          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8"
	          "55");
}

const UnitTest unit_schema[] = {
	{"canonical", test_canonical, 0},     {"unqualified", test_unqualified, 0},
	{"sqlite", test_sqlite, 0},           {"diff", test_diff, 0},
	{"fingerprint", test_fingerprint, 0}, {NULL, NULL, 0},
};
