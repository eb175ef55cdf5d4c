/* The stored text of a table, edited by ALTER TABLE. */
#include <string.h>

#include "rebuild.h"
#include "text.h"
#include "unit.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct
{
	const char *stored;
	const char *alter;
	const char *create; /* or the message */
	const char *copy;   /* NULL: an error; "": nothing to do */
} edits[] = {
	/* Types. */
	{"CREATE TABLE t (a int, b text COLLATE NOCASE)",
     "ALTER TABLE t ALTER a TYPE text, ALTER b TYPE varchar(5) USING upper(b)",
     "CREATE TABLE \"new\" (a text, b varchar(5) COLLATE NOCASE)",
     "INSERT INTO \"new\" (rowid, \"a\", \"b\") SELECT rowid, \"a\", "
     "migrate_type_seen(?2, upper(b)) FROM \"t\" WHERE "
     "migrate_type_seen(?1, \"a\", 1)"},
	{"CREATE TABLE t (a, b)", "ALTER TABLE t ALTER a TYPE bigint",
     "CREATE TABLE \"new\" (a bigint, b)",
     "INSERT INTO \"new\" (rowid, \"a\", \"b\") SELECT rowid, \"a\", \"b\" "
     "FROM \"t\" WHERE migrate_type_seen(?1, \"a\", 1)"},
	{"CREATE TABLE t (a TEXT, b ANY) STRICT",
     "ALTER TABLE t ALTER a TYPE bigint",
     "CREATE TABLE \"new\" (a INTEGER, b ANY) STRICT",
     "INSERT INTO \"new\" (rowid, \"a\", \"b\") SELECT rowid, \"a\", \"b\" "
     "FROM \"t\" WHERE migrate_type_seen(?1, \"a\", 1)"},
	{"CREATE TABLE t (rowid text, a int UNIQUE)",
     "ALTER TABLE t DROP CONSTRAINT t_a_key",
     "CREATE TABLE \"new\" (rowid text, a int)",
     "INSERT INTO \"new\" (oid, \"rowid\", \"a\") SELECT oid, \"rowid\", "
     "\"a\" FROM \"t\""},
	{"CREATE TABLE t (oid text, rowid text, _ROWID_ int UNIQUE)",
     "ALTER TABLE t DROP CONSTRAINT t__ROWID__key",
     "CREATE TABLE \"new\" (oid text, rowid text, _ROWID_ int)",
     "INSERT INTO \"new\" (\"oid\", \"rowid\", \"_ROWID_\") SELECT "
     "\"oid\", \"rowid\", \"_ROWID_\" FROM \"t\""},
	{"CREATE TABLE t (id INTEGER PRIMARY KEY, a int)",
     "ALTER TABLE t ALTER id TYPE bigint", "", ""},
	{"CREATE TABLE t (a int)", "ALTER TABLE t ALTER b TYPE bigint",
     "column \"b\" of table \"t\" does not exist", NULL},

	{"CREATE TABLE t (a mood text CHECK (a IN ('x')), b uuid text CHECK (b IN "
     "('y')))",
     "ALTER TABLE t ALTER a TYPE text, ALTER b TYPE text",
     "CREATE TABLE \"new\" (a text, b text CHECK (b IN ('y')))",
     "INSERT INTO \"new\" (rowid, \"a\", \"b\") SELECT rowid, \"a\", \"b\" "
     "FROM \"t\" WHERE migrate_type_seen(?1, \"a\", 1) AND "
     "migrate_type_seen(?2, \"b\", 1)"},

	/* Defaults and NULL. */
	{"CREATE TABLE t (a int DEFAULT 1 NOT NULL, b text)",
     "ALTER TABLE t ALTER a SET DEFAULT 2, ALTER b SET DEFAULT now()",
     "CREATE TABLE \"new\" (a int DEFAULT 2 NOT NULL, b text DEFAULT "
     "CURRENT_TIMESTAMP)",
     "INSERT INTO \"new\" (rowid, \"a\", \"b\") SELECT rowid, \"a\", \"b\" "
     "FROM \"t\""},
	{"CREATE TABLE t (a int DEFAULT (1 + 2) NOT NULL)",
     "ALTER TABLE t ALTER a DROP DEFAULT, ALTER a DROP NOT NULL",
     "CREATE TABLE \"new\" (a int)",
     "INSERT INTO \"new\" (rowid, \"a\") SELECT rowid, \"a\" FROM \"t\""},
	{"CREATE TABLE t (a int NULL CHECK (a > 0), b)",
     "ALTER TABLE t ALTER a SET NOT NULL, ALTER b SET NOT NULL",
     "CREATE TABLE \"new\" (a int NOT NULL CHECK (a > 0), b NOT NULL)",
     "INSERT INTO \"new\" (rowid, \"a\", \"b\") SELECT rowid, \"a\", \"b\" "
     "FROM \"t\""},
	{"CREATE TABLE t (a int NOT NULL)", "ALTER TABLE t ALTER a SET NOT NULL",
     "", ""},
	{"CREATE TABLE t (a int NOT NULL, PRIMARY KEY (a))",
     "ALTER TABLE t ALTER a DROP NOT NULL",
     "column \"a\" of table \"t\" is in the primary key", NULL},

	/* Columns. */
	{"CREATE TABLE t (a int, -- first\n b int -- last\n)",
     "ALTER TABLE t ADD c int NOT NULL DEFAULT 3, ADD d int UNIQUE",
     "CREATE TABLE \"new\" (a int, -- first\n b int -- last\n, c int NOT NULL "
     "DEFAULT 3, d int UNIQUE)",
     "INSERT INTO \"new\" (rowid, \"a\", \"b\") SELECT rowid, \"a\", \"b\" "
     "FROM \"t\""},
	{"CREATE TABLE t (a int, UNIQUE (a))", "ALTER TABLE t ADD b int UNIQUE",
     "CREATE TABLE \"new\" (a int, b int UNIQUE, UNIQUE (a))",
     "INSERT INTO \"new\" (rowid, \"a\") SELECT rowid, \"a\" FROM \"t\""},
	{"CREATE TABLE t (a int)", "ALTER TABLE t ADD A int UNIQUE",
     "column \"A\" of table \"t\" exists already", NULL},
	{"CREATE TABLE t (a int)", "ALTER TABLE t ADD IF NOT EXISTS A int", "",
     ""},
	{"CREATE TABLE t (a int, b int UNIQUE, c int CHECK (c > b), "
     "UNIQUE (a, b), CHECK (b > 0), CONSTRAINT x FOREIGN KEY (b) REFERENCES "
     "u (b), CHECK (a > 0))",
     "ALTER TABLE t DROP b",
     "CREATE TABLE \"new\" (a int, c int, CHECK (a > 0))",
     "INSERT INTO \"new\" (rowid, \"a\", \"c\") SELECT rowid, \"a\", \"c\" "
     "FROM \"t\""},
	{"CREATE TABLE t (a int UNIQUE, b int)", "ALTER TABLE t DROP a",
     "CREATE TABLE \"new\" (b int)",
     "INSERT INTO \"new\" (rowid, \"b\") SELECT rowid, \"b\" FROM \"t\""},
	{"CREATE TABLE t (a int UNIQUE)", "ALTER TABLE t DROP a",
     "column \"a\" of table \"t\" is the only one", NULL},
	{"CREATE TABLE t (a int, b int AS (a))", "ALTER TABLE t DROP a",
     "column \"a\" of table \"t\" is needed by a generated column", NULL},
	{"CREATE TABLE t (a int)", "ALTER TABLE t DROP COLUMN IF EXISTS b", "",
     ""},
	{"CREATE TABLE t (a int UNIQUE, b int)",
     "ALTER TABLE t DROP a, ADD a text UNIQUE",
     "CREATE TABLE \"new\" (b int, a text UNIQUE)",
     "INSERT INTO \"new\" (rowid, \"b\") SELECT rowid, \"b\" FROM \"t\""},
	{"CREATE TABLE t (a int)", "ALTER TABLE t ADD id serial PRIMARY KEY",
     "CREATE TABLE \"new\" (a int, id INTEGER PRIMARY KEY AUTOINCREMENT)",
     "INSERT INTO \"new\" (\"a\") SELECT \"a\" FROM \"t\""},
	{"CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED)",
     "ALTER TABLE t ALTER a SET NOT NULL",
     "CREATE TABLE \"new\" (a int NOT NULL, b int GENERATED ALWAYS AS (a + 1) "
     "STORED)",
     "INSERT INTO \"new\" (rowid, \"a\") SELECT rowid, \"a\" FROM \"t\""},
	{"CREATE TABLE t (a int, b int AS (a + 1) STORED NOT NULL)",
     "ALTER TABLE t ALTER b DROP EXPRESSION",
     "CREATE TABLE \"new\" (a int, b int NOT NULL)",
     "INSERT INTO \"new\" (rowid, \"a\", \"b\") SELECT rowid, \"a\", \"b\" "
     "FROM \"t\""},

	{"CREATE TABLE t (a int)",
     "ALTER TABLE t ADD b int GENERATED ALWAYS AS (a + 1) STORED, ALTER b "
     "DROP EXPRESSION",
     "column \"b\" of table \"t\" does not exist", NULL},
	{"CREATE TABLE t (a int)",
     "ALTER TABLE t ADD b int DEFAULT 1, ALTER b TYPE text USING a + 1",
     "column \"b\" of table \"t\" does not exist", NULL},

	/* A new column's rows have the default that it came with. */
	{"CREATE TABLE t (a int)",
     "ALTER TABLE t ADD b int NOT NULL DEFAULT 5, ALTER b DROP DEFAULT",
     "CREATE TABLE \"new\" (a int, b int NOT NULL)",
     "INSERT INTO \"new\" (rowid, \"a\", \"b\") SELECT rowid, \"a\", 5 FROM "
     "\"t\""},
	{"CREATE TABLE t (a int)",
     "ALTER TABLE t ADD b int, ALTER b SET DEFAULT 1, ALTER b SET DEFAULT 2",
     "CREATE TABLE \"new\" (a int, b int DEFAULT 2)",
     "INSERT INTO \"new\" (rowid, \"a\", \"b\") SELECT rowid, \"a\", NULL FROM "
     "\"t\""},

	/* Constraints. */
	{"CREATE TABLE t (a int /* c */)",
     "ALTER TABLE t ADD CONSTRAINT x CHECK (a > 0), ADD UNIQUE (a)",
     "CREATE TABLE \"new\" (a int /* c */, CONSTRAINT x CHECK (a > 0), "
     "UNIQUE (a))",
     "INSERT INTO \"new\" (rowid, \"a\") SELECT rowid, \"a\" FROM \"t\""},
	{"CREATE TABLE t (a int CONSTRAINT X CHECK (a > 0))",
     "ALTER TABLE t ADD CONSTRAINT x CHECK (a > 0)",
     "constraint \"x\" of table \"t\" exists already", NULL},
	{"CREATE TABLE t (a int, b int)", "ALTER TABLE t ADD PRIMARY KEY (a, b)",
     "CREATE TABLE \"new\" (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a, "
     "b))",
     "INSERT INTO \"new\" (rowid, \"a\", \"b\") SELECT rowid, \"a\", \"b\" "
     "FROM \"t\""},
	{"CREATE TABLE t (a int CONSTRAINT x CHECK (a > 0) NOT NULL, CONSTRAINT y "
     "UNIQUE (a) ON CONFLICT IGNORE, CHECK (a < 9))",
     "ALTER TABLE t DROP CONSTRAINT x, DROP CONSTRAINT y",
     "CREATE TABLE \"new\" (a int NOT NULL, CHECK (a < 9))",
     "INSERT INTO \"new\" (rowid, \"a\") SELECT rowid, \"a\" FROM \"t\""},
	{"CREATE TABLE t (a int UNIQUE CHECK (a > 0) CHECK (a < 9), b int "
     "REFERENCES u (b) ON DELETE SET NULL, CHECK (a <> b), UNIQUE (a, b))",
     "ALTER TABLE t DROP CONSTRAINT t_a_key, DROP CONSTRAINT t_a_check1, DROP "
     "CONSTRAINT t_b_fkey, DROP CONSTRAINT t_check, DROP CONSTRAINT t_a_b_key",
     "CREATE TABLE \"new\" (a int CHECK (a > 0), b int)",
     "INSERT INTO \"new\" (rowid, \"a\", \"b\") SELECT rowid, \"a\", \"b\" "
     "FROM \"t\""},
	{"CREATE TABLE t (a int, PRIMARY KEY (a))",
     "ALTER TABLE t DROP CONSTRAINT t_pkey", "CREATE TABLE \"new\" (a int)",
     "INSERT INTO \"new\" (rowid, \"a\") SELECT rowid, \"a\" FROM \"t\""},
	{"CREATE TABLE t (a int)", "ALTER TABLE t DROP CONSTRAINT t_a_check",
     "constraint \"t_a_check\" of table \"t\" does not exist", NULL},
	{"CREATE TABLE t (a int)", "ALTER TABLE t DROP CONSTRAINT IF EXISTS x", "",
     ""},
	{"CREATE TABLE t (a int UNIQUE, CONSTRAINT x CHECK (a > 0))",
     "ALTER TABLE t RENAME CONSTRAINT x TO y",
     "CREATE TABLE \"new\" (a int UNIQUE, CONSTRAINT \"y\" CHECK (a > 0))",
     "INSERT INTO \"new\" (rowid, \"a\") SELECT rowid, \"a\" FROM \"t\""},
	{"CREATE TABLE t (a int UNIQUE)",
     "ALTER TABLE t RENAME CONSTRAINT t_a_key TO y",
     "CREATE TABLE \"new\" (a int CONSTRAINT \"y\" UNIQUE)",
     "INSERT INTO \"new\" (rowid, \"a\") SELECT rowid, \"a\" FROM \"t\""},

	/* What stays. */
	{"CREATE TABLE [t t](`a` INTEGER PRIMARY KEY AUTOINCREMENT,[b c]text "
     "UNIQUE ON CONFLICT REPLACE CHECK([t t].[b c]>''),CHECK(1)FOREIGN KEY(a)"
     "REFERENCES[t t](a))",
     "ALTER TABLE \"t t\" ALTER \"b c\" SET NOT NULL, DROP CONSTRAINT \"t "
     "t_check\"",
     "CREATE TABLE \"new\"(`a` INTEGER PRIMARY KEY AUTOINCREMENT,[b c]text "
     "NOT NULL UNIQUE ON CONFLICT REPLACE CHECK([b c]>''),FOREIGN KEY(a)"
     "REFERENCES[t t](a))",
     "INSERT INTO \"new\" (\"a\", \"b c\") SELECT \"a\", \"b c\" FROM "
     "\"t t\""},
	{"CREATE TABLE t (a int, -- a, see\n b int, -- b\n c int, -- c\n d int "
     "-- d\n)",
     "ALTER TABLE t DROP b, DROP d, ADD e int UNIQUE",
     "CREATE TABLE \"new\" (a int, -- a, see\n  -- b\n c int -- c\n  -- d\n, "
     "e int UNIQUE)",
     "INSERT INTO \"new\" (rowid, \"a\", \"c\") SELECT rowid, \"a\", \"c\" "
     "FROM \"t\""},
	{"CREATE TABLE t (a int -- a\n NOT NULL, b int /* b */ UNIQUE, UNIQUE (a) "
     "/* u */ CHECK (a > 0) -- c\n, CHECK (b > 0))",
     "ALTER TABLE t ALTER a DROP NOT NULL, DROP CONSTRAINT t_b_key, DROP "
     "CONSTRAINT t_a_key, DROP CONSTRAINT t_a_check, ADD CHECK (a > b)",
     "CREATE TABLE \"new\" (a int -- a\n , b int /* b */ ,  /* u */  -- c\n"
     "CHECK (b > 0), CHECK (a > b))",
     "INSERT INTO \"new\" (rowid, \"a\", \"b\") SELECT rowid, \"a\", \"b\" "
     "FROM \"t\""},
	{"CREATE TABLE t (a text PRIMARY KEY, b) WITHOUT ROWID",
     "ALTER TABLE t ALTER b SET NOT NULL",
     "CREATE TABLE \"new\" (a text PRIMARY KEY, b NOT NULL) WITHOUT ROWID",
     "INSERT INTO \"new\" (\"a\", \"b\") SELECT \"a\", \"b\" FROM \"t\""},
};

static bool
translate(Mig *m, const char *alter, MigTranslation *out)
{
	MigStatement s = {.kind = MIG_STMT_PLAIN, .pos = {{"", 0}, 0, 1, 1}};
	MigTranslator t;

	s.text = mig_str(alter);
	mig_translator_init(&t, m, &mig_sqlite);
	return mig_translate(&t, &s, out);
}

static void
test_edits(Unit *u)
{
	for (size_t i = 0; i < COUNT(edits); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);
		MigTranslation out;
		MigRebuild r;
		bool fine;

		unit_row(u, "%s | %s", edits[i].stored, edits[i].alter);
		CHECK(u, translate(m, edits[i].alter, &out));
		CHECK(u, out.count == 1 && out.items[0].kind == MIG_ITEM_ALTER);
		fine = mig_rebuild(m, mig_str(edits[i].stored), mig_str("new"),
		                   &out.items[0], &r);
		if (edits[i].copy == NULL)
		{
			CHECK(u, !fine);
			CHECK(u, m->status.code == MIG_SYNTAX && m->status.pos.line == 1);
			CHECK_STR(u, mig_str(m->status.message), edits[i].create);
			continue;
		}
		CHECK(u, fine);
		CHECK(u, r.changed == (edits[i].copy[0] != '\0'));
		if (!r.changed)
			continue;
		CHECK_STR(u, r.create, edits[i].create);
		CHECK_STR(u, r.copy, edits[i].copy);
	}
}

/* One more label of an enum: every column of it, beside those that it has. */
static void
test_labels(Unit *u)
{
	static const char stored[] =
		"CREATE TABLE t (a mood text CHECK (a IN ('x')), b mood text, c text "
		"CHECK (c IN ('x')), CHECK (\"b\" IN ('left', 'x' /* e */)))";
	Mig *m = unit_mig(u, &mig_sqlite);
	MigChange change = {.kind = MIG_CH_ADD_LABEL};
	MigItem item = {.kind = MIG_ITEM_ALTER};
	MigStr labels = mig_str("'x', 'z'");
	MigRebuild r;

	change.name = mig_str("mood");
	change.text = mig_str("'y'");
	item.table = mig_str("t");
	item.actions = &change;
	item.nactions = 1;
	CHECK(u, mig_rebuild(m, mig_str(stored), mig_str("new"), &item, &r));
	CHECK(u, r.changed && !r.native);
	CHECK_STR(u, r.create,
	          "CREATE TABLE \"new\" (a mood text CHECK (a IN ('x', 'y')), b "
	          "mood text, c text CHECK (c IN ('x')), CHECK (\"b\" IN ('left', "
	          "'x', 'y' /* e */)))");
	change.column = mig_str("'left'");
	change.before = true;
	CHECK(u, mig_rebuild(m, mig_str(stored), mig_str("new"), &item, &r));
	CHECK_STR(u, r.create,
	          "CREATE TABLE \"new\" (a mood text CHECK (a IN ('x', 'y')), b "
	          "mood text, c text CHECK (c IN ('x')), CHECK (\"b\" IN ('y', "
	          "'left', 'x' /* e */)))");
	change.text = mig_str("'x'");
	CHECK(u, mig_rebuild(m, mig_str(stored), mig_str("new"), &item, &r));
	CHECK(u, !r.changed);
	change = (MigChange){.kind = MIG_CH_RENAME_TYPE};
	change.name = mig_str("mood");
	change.using = mig_str("temper");
	CHECK(u, mig_rebuild(m, mig_str(stored), mig_str("new"), &item, &r));
	CHECK_STR(u, r.create,
	          "CREATE TABLE \"new\" (a temper text CHECK (a IN ('x')), b "
	          "temper text, c text CHECK (c IN ('x')), CHECK (\"b\" IN "
	          "('left', 'x' /* e */)))");
	CHECK(u, mig_rebuild_labels(m, mig_str(stored), mig_str("mood"), &labels));
	CHECK_STR(u, labels, "'x', 'z', 'left'");
}

/* A label with another name: CHECK, default and values; what names it besides
   is refused. */
static void
test_rename_label(Unit *u)
{
	static const struct
	{
		const char *columns;
		const char *create; /* or the message, where copy is NULL */
		const char *copy;
	} rows[] = {
		{"a mood text DEFAULT 'x' CHECK (a IN ('x', 'z')), b text DEFAULT 'x'",
	     "a mood text DEFAULT 'y' CHECK (a IN ('y', 'z')), b text DEFAULT 'x'",
	     "\"a\", \"b\") SELECT rowid, CASE \"a\" WHEN 'x' THEN 'y' ELSE \"a\""
	     " END, \"b\""},
		{"a mood text DEFAULT (('x'))", "a mood text DEFAULT (('y'))",
	     "\"a\") SELECT rowid, CASE \"a\" WHEN 'x' THEN 'y' ELSE \"a\" END"},
		{"b hue text CHECK (b IN ('x')), a mood text CHECK (b <> 'x')",
	     "b hue text CHECK (b IN ('x')), a mood text CHECK (b <> 'x')",
	     "\"b\", \"a\") SELECT rowid, \"b\", CASE \"a\" WHEN 'x' THEN 'y' ELSE"
	     " \"a\" END"},
		{"a mood text CHECK (a IN ('x', 'z')), CHECK (a <> 'x')",
	     "cannot rename label 'x' of type \"mood\": a CHECK of table \"t\""
	     " names it",
	     NULL},
		{"a mood text, b int AS (a = \"x\")",
	     "cannot rename label 'x' of type \"mood\": a generated column of table"
	     " \"t\" names it",
	     NULL},
		{"a mood text DEFAULT (lower('x'))",
	     "cannot rename label 'x' of type \"mood\": a default of table \"t\""
	     " names it",
	     NULL},
		{"a text DEFAULT 'x'", NULL, NULL},
	};
	MigChange change = {.kind = MIG_CH_RENAME_LABEL};
	MigItem item = {.kind = MIG_ITEM_ALTER};

	change.pos.line = 1;
	change.name = mig_str("mood");
	change.column = mig_str("'x'");
	change.using = mig_str("'y'");
	item.table = mig_str("t");
	item.actions = &change;
	item.nactions = 1;
	for (size_t i = 0; i < COUNT(rows); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);
		MigText stored = {m, NULL, 0, 0}, create = stored, copy = stored;
		MigRebuild r;
		bool fine;

		unit_row(u, "%s", rows[i].columns);
		mig_text_fmt(&stored, "CREATE TABLE t (%s)", rows[i].columns);
		fine =
			mig_rebuild(m, mig_text_str(&stored), mig_str("new"), &item, &r);
		if (fine && rows[i].create == NULL)
			CHECK(u, !r.changed);
		if (rows[i].create == NULL)
			continue;
		if (rows[i].copy == NULL)
		{
			CHECK(u, !fine);
			CHECK_STR(u, mig_str(m->status.message), rows[i].create);
			continue;
		}
		CHECK(u, fine && r.changed && !r.native && !r.in_place);
		mig_text_fmt(&create, "CREATE TABLE \"new\" (%s)", rows[i].create);
		mig_text_fmt(&copy, "INSERT INTO \"new\" (rowid, %s FROM \"t\"",
		             rows[i].copy);
		CHECK(u, mig_str_eq(r.create, mig_text_str(&create)));
		CHECK(u, mig_str_eq(r.copy, mig_text_str(&copy)));
	}
}

/* What SQLite does by itself is left to it. */
static void
test_native(Unit *u)
{
	static const struct
	{
		const char *stored;
		const char *alter;
		const char *statement; /* NULL: a rebuild */
	} rows[] = {
		{"CREATE TABLE t (a int, b int)", "ALTER TABLE t DROP b",
	     "ALTER TABLE t DROP COLUMN b"},
		{"CREATE TABLE t (a int, b int UNIQUE)", "ALTER TABLE t DROP b", NULL},
		{"CREATE TABLE t (a int CHECK (a > b), b int)", "ALTER TABLE t DROP b",
	     NULL},
		{"CREATE TABLE t (a int, b int REFERENCES u)", "ALTER TABLE t DROP b",
	     NULL},
		{"CREATE TABLE t (a int)", "ALTER TABLE t ADD IF NOT EXISTS b int",
	     "ALTER TABLE t ADD COLUMN b int"},
		{"CREATE TABLE t (a int)", "ALTER TABLE t ADD b int NOT NULL", NULL},
		{"CREATE TABLE t (a int)", "ALTER TABLE IF EXISTS t RENAME TO u",
	     "ALTER TABLE t RENAME TO u"},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);
		MigTranslation out;
		MigRebuild r;

		unit_row(u, "%s | %s", rows[i].stored, rows[i].alter);
		CHECK(u, translate(m, rows[i].alter, &out));
		CHECK(u, out.count == 1 && out.items[0].kind == MIG_ITEM_ALTER);
		CHECK(u, mig_rebuild(m, mig_str(rows[i].stored), mig_str("new"),
		                     &out.items[0], &r));
		CHECK(u, r.changed && r.native == (rows[i].statement != NULL));
		if (r.native)
		{
			CHECK(u, r.nstatements == 1);
			CHECK_STR(u, r.statements[0], rows[i].statement);
		}
	}
}

/* A table that is attached, its sequence, and what was dropped. */
static void
test_parts(Unit *u)
{
	Mig *m = unit_mig(u, &mig_sqlite);
	MigTranslation out;
	MigRebuild r;

	CHECK(u,
	      translate(m, "ALTER TABLE x.t DROP b, ALTER a SET NOT NULL", &out));
	CHECK_STR(u, out.items[0].schema, "x");
	CHECK(u, mig_rebuild(m,
	                     mig_str("CREATE TABLE t (id INTEGER PRIMARY KEY "
	                             "AUTOINCREMENT, a, b)"),
	                     mig_str("n"), &out.items[0], &r));
	CHECK(u, r.sequence && !r.rowid && !r.native && r.ndropped == 1);
	CHECK_STR(u, r.dropped[0], "b");
	CHECK_STR(u, r.create,
	          "CREATE TABLE \"x\".\"n\" (id INTEGER PRIMARY KEY "
	          "AUTOINCREMENT, a NOT NULL)");
	CHECK_STR(u, r.copy,
	          "INSERT INTO \"x\".\"n\" (\"id\", \"a\") SELECT \"id\", \"a\" "
	          "FROM \"x\".\"t\"");
	CHECK(u, !mig_rebuild(m, mig_str("CREATE VIRTUAL TABLE t USING x"),
	                      mig_str("n"), &out.items[0], &r));
	CHECK(u, m->status.code == MIG_SYNTAX);
}

const UnitTest unit_rebuild[] = {
	{"edits", test_edits, 0},
	{"labels", test_labels, 0},
	{"rename label", test_rename_label, 0},
	{"native", test_native, 0},
	{"parts", test_parts, 0},
	{NULL, NULL, 0},
};
