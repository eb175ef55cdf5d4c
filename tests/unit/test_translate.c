/* The catalogue of tests/translate, and what it cannot say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ddl.h"
#include "keywords.h"
#include "text.h"
#include "translate.h"
#include "unit.h"

#define P &mig_postgresql
#define L &mig_sqlite
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* An action as a line, to compare. */
static void
show_action(MigText *t, const MigChange *a)
{
	static const char *const names[] = {
		"add column",        "drop column",     "set type",
		"set default",       "drop default",    "set not null",
		"drop not null",     "add constraint",  "drop constraint",
		"rename constraint", "drop expression", "rename type",
		"add label",         "rename label",    "native",
		"drop table",        "drop view",       "truncate",
		"drop references",
	};

	mig_text_fmt(t, "\n-- %s", names[a->kind]);
	if (a->exists)
		mig_text_add(t, " if");
	if (a->before)
		mig_text_add(t, " before");
	if (a->column.at != NULL)
		mig_text_fmt(t, " [%.*s]", MIG_S(a->column));
	if (a->name.at != NULL)
		mig_text_fmt(t, " [%.*s]", MIG_S(a->name));
	if (a->text.at != NULL)
		mig_text_fmt(t, " %.*s", MIG_S(a->text));
	if (a->using.at != NULL)
		mig_text_fmt(t, " using %.*s", MIG_S(a->using));
	if (a->native.at != NULL)
		mig_text_fmt(t, " or %.*s", MIG_S(a->native));
}

/* Tables that go are shown as statements: so they run. */
static bool
show_tables(MigText *t, const MigItem *item)
{
	for (int i = 0; i < item->nactions; i++)
	{
		const MigChange *a = &item->actions[i];

		if (a->kind != MIG_CH_DROP_TABLE && a->kind != MIG_CH_DROP_VIEW &&
		    a->kind != MIG_CH_TRUNCATE)
			return false;
		mig_text_fmt(t, "%s%s%.*s", i > 0 ? ";\n" : "",
		             a->cascade ? "-- cascade\n" : "", MIG_S(a->native));
	}
	return item->nactions > 0;
}

static void
show_item(MigText *t, const MigItem *item)
{
	if (t->len > 0)
		mig_text_add(t, ";\n");
	if (item->kind == MIG_ITEM_SQL)
	{
		mig_text_str_add(t, item->text);
		return;
	}
	if (show_tables(t, item))
		return;
	mig_text_fmt(t, "-- alter%s", item->exists ? " if" : "");
	if (item->schema.at != NULL)
		mig_text_fmt(t, " [%.*s].[%.*s]", MIG_S(item->schema),
		             MIG_S(item->table));
	else if (item->table.at != NULL)
		mig_text_fmt(t, " [%.*s]", MIG_S(item->table));
	for (int i = 0; i < item->nactions; i++)
		show_action(t, &item->actions[i]);
}

static void
show_note(MigText *t, const MigNote *note)
{
	if (note->kind == MIG_NOTE_MOVED)
		return;
	if (note->kind == MIG_NOTE_COMMENT)
		mig_text_fmt(t, "# %.*s: %.*s\n", MIG_S(note->object),
		             note->text.at == NULL ? 4 : (int) note->text.len,
		             note->text.at == NULL ? "NULL" : note->text.at);
	else
		mig_text_fmt(t, "# %.*s\n", MIG_S(note->text));
}

/* Translate all statements of a text; absent on failure. */
static MigStr
show(Mig *m, const MigDialect *target, MigFor from, MigStr in, MigStr *notes)
{
	MigText t = {m, NULL, 0, 0}, n = {m, NULL, 0, 0};
	MigStr none = {NULL, 0};
	MigTranslator translator;
	MigTranslation out;
	MigStatements all;

	mig_translator_init(&translator, m, target);
	translator.from = from;
	if (!mig_split(m,
	               target == L ? &mig_either_sqlite : &mig_either_postgresql,
	               mig_str(""), in, in, &all))
		return none;
	for (int i = 0; i < all.count; i++)
	{
		if (!mig_translate(&translator, &all.items[i], &out))
			return none;
		for (int j = 0; j < out.count; j++)
			show_item(&t, &out.items[j]);
		for (int j = 0; j < out.nnotes; j++)
			show_note(&n, &out.notes[j]);
	}
	*notes = mig_text_str(&n);
	return mig_text_str(&t);
}

/* One case of the catalogue. */
typedef struct Case
{
	char name[8192];
	char in[8192];
	char want[8192]; /* the output; notes and errors behind it */
	MigFor from;
	bool same;
} Case;

/* A file of cases that is being read. */
typedef struct Book
{
	FILE *file;
	char line[8192];
	bool held; /* line begins the next case */
} Book;

static void
line_add(char *to, size_t room, const char *line)
{
	size_t n = strlen(to);

	snprintf(to + n, room - n, "%s%s", n > 0 ? "\n" : "", line);
}

/* Read the next case. False at the end. */
static bool
case_read(Book *b, Case *c)
{
	char *line = b->line;

	memset(c, 0, sizeof(*c));
	while (b->held || fgets(line, sizeof(b->line), b->file) != NULL)
	{
		b->held = false;
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '[' && c->name[0] != '\0')
		{
			b->held = true;
			return true;
		}
		if (line[0] == '[')
			snprintf(c->name, sizeof(c->name), "%s", line);
		else if (c->name[0] == '\0')
			continue;
		else if (strcmp(line, "from sqlite") == 0)
			c->from = MIG_FOR_SQLITE;
		else if (strncmp(line, "< ", 2) == 0)
			line_add(c->in, sizeof(c->in), line + 2);
		else if (strncmp(line, "> ", 2) == 0)
			line_add(c->want, sizeof(c->want), line + 2);
		else if (strncmp(line, "# ", 2) == 0 || strncmp(line, "! ", 2) == 0 ||
		         strncmp(line, "@ ", 2) == 0)
			line_add(c->want, sizeof(c->want), line);
		else if (strcmp(line, "=") == 0)
			c->same = true;
	}
	return c->name[0] != '\0';
}

/* What became of it, in the catalogue's form. */
static MigStr
case_result(Mig *m, const MigDialect *target, const Case *c)
{
	MigText t = {m, NULL, 0, 0};
	MigStr out, notes;

	out = show(m, target, c->from, mig_str(c->in), &notes);
	if (m->status.code == MIG_SYNTAX)
	{
		Mig other;

		/* The failure stays in m, so that its text is kept apart. */
		other = *m;
		other.status.code = MIG_OK;
		t.m = &other;
		mig_text_fmt(&t, "! %s\n@ %d:%d", m->status.message,
		             m->status.pos.line, m->status.pos.column);
		out = mig_text_str(&t);
		m->blocks = other.blocks;
		return out;
	}
	if (out.at == NULL || notes.len == 0)
		return out;
	mig_text_str_add(&t, out);
	if (out.len > 0)
		mig_text_char(&t, '\n');
	mig_text_str_add(&t, (MigStr){notes.at, notes.len - 1});
	return mig_text_str(&t);
}

static void
catalogue(Unit *u, const char *file, const MigDialect *target, int least)
{
	Book b = {.file = fopen(file, "r")};
	Case c;
	int n = 0;

	unit_row(u, "%s", file);
	CHECK(u, b.file != NULL);
	while (case_read(&b, &c))
	{
		Mig *m = unit_again(u, target);
		MigStr got;

		n++;
		unit_row(u, "%s %s", file, c.name);
		if (c.same)
			memcpy(c.want, c.in, sizeof(c.want));
		got = case_result(m, target, &c);
		if (!unit_check_str(u, got, c.want, __FILE__, __LINE__, c.name))
			break;
		if (m->status.code == MIG_SYNTAX && m->status.hint[0] == '\0' &&
		    !unit_check(u, false, __FILE__, __LINE__, "a hint"))
			break;
	}
	fclose(b.file);
	CHECK(u, n >= least);
}

static void
test_to_sqlite(Unit *u)
{
	catalogue(u, "tests/translate/sqlite.txt", L, 170);
}

static void
test_to_postgresql(Unit *u)
{
	catalogue(u, "tests/translate/postgresql.txt", P, 100);
}

/* Everything at once, for the runs in which memory is refused. */
static void
test_refused(Unit *u)
{
	static const char *const to_sqlite =
		"CREATE TYPE mood AS ENUM ('a', 'b');"
		"CREATE TABLE public.t (id bigserial, u uuid DEFAULT "
		"gen_random_uuid(), m mood, a int UNIQUE NULLS NOT DISTINCT, t text "
		"DEFAULT E'\\n' CHECK (t::text = ANY (ARRAY['x'])), PRIMARY KEY "
		"(id));"
		"ALTER TABLE t ADD b int NOT NULL, ALTER a TYPE numeric(8, 2), DROP "
		"c, ADD PRIMARY KEY (a), RENAME CONSTRAINT a TO b;"
		"CREATE INDEX ON t (a, (b + 1));"
		"DROP TABLE a, b CASCADE;"
		"TRUNCATE t RESTART IDENTITY;"
		"COMMENT ON TABLE t IS 'it''s';"
		"CREATE OR REPLACE VIEW v AS SELECT t::text FROM t;"
		"INSERT INTO t SELECT $$x$$ FROM u ON CONFLICT DO NOTHING;"
		"CREATE TABLE w (id int PRIMARY KEY, f boolean, y bytea, x numeric, s "
		"text, d jsonb, at timestamp);"
		"INSERT INTO w VALUES (1, 't', '\\x00', 1, 's', '{}', 'now');"
		"UPDATE public.w AS q SET f = 'no', s = q.f WHERE q.y = 'a' AND s "
		"LIKE 'a\\_%' AND lower(s) LIKE lower(q.s);"
		"CREATE VIEW z AS SELECT x / 2, d -> 'a' ->> 1, s || f FROM public.w "
		"WHERE f IN ('t', 'f') ORDER BY x, id DESC LIMIT 1;"
		"ALTER TABLE w RENAME COLUMN f TO g, DROP x, ADD z bool;"
		"ALTER TABLE w ALTER z TYPE int USING z::int * 1;"
		"ALTER TABLE w RENAME TO y; DROP TABLE y;"
		"CREATE TABLE x (id serial PRIMARY KEY, index int, \"user\" text);"
		"SELECT user FROM x; INSERT INTO x (index) SELECT x.index FROM "
		"x;"
		"SELECT id FROM v WHERE a LIKE b ORDER BY id LIMIT 1";
	static const char *const to_postgresql =
		"CREATE TABLE `t` (id INTEGER PRIMARY KEY AUTOINCREMENT, b BOOLEAN "
		"DEFAULT 0 CHECK (b IN (0, 1)), d TEXT DEFAULT (datetime('now')));"
		"INSERT OR REPLACE INTO t VALUES (1, 1, strftime('%Y', 'now'));"
		"CREATE INDEX i ON t (ifnull(a, X'00') || 1);"
		"ALTER TABLE t ADD COLUMN x DATETIME;"
		"PRAGMA synchronous = off;"
		"CREATE TABLE w (id int, f boolean);"
		"INSERT INTO w VALUES (1, 0);"
		"UPDATE w SET f = 1 WHERE f = 0 AND ifnull(s, '') LIKE 'x' || '_';"
		"CREATE TABLE `x` (user TEXT); UPDATE x SET user = ifnull(user, '');"
		"SELECT ifnull(a, 0) FROM w ORDER BY a LIMIT 1";
	MigStr notes;

	CHECK(
		u,
		show(unit_mig(u, L), L, MIG_FOR_BOTH, mig_str(to_sqlite), &notes).at !=
			NULL);
	CHECK(u,
	      show(unit_mig(u, P), P, MIG_FOR_BOTH, mig_str(to_postgresql), &notes)
	              .at != NULL);
}

/* An enum type that an earlier script made. */
static void
test_learn(Unit *u)
{
	Mig *m = unit_mig(u, L);
	MigTranslator t;
	MigTranslation out;
	MigStatement s = {.kind = MIG_STMT_PLAIN, .pos = {{"", 0}, 0, 1, 1}};

	mig_translator_init(&t, m, L);
	s.text = mig_str("CREATE TYPE mood AS ENUM ('a')");
	CHECK(u, mig_translator_learn(&t, &s));
	s.text = mig_str("CREATE TYPE pair AS (a int)");
	CHECK(u, mig_translator_learn(&t, &s));
	s.text = mig_str("CREATE TABLE t (m mood)");
	CHECK(u, mig_translate(&t, &s, &out));
	CHECK(u, out.count == 1 && !out.same);
	CHECK_STR(u, out.items[0].text,
	          "CREATE TABLE t (m mood text CHECK (m IN ('a')))");
}

/* A script of long ago that names t makes the type, too; one that adds a label
   does not name t. */
static bool
recall_mood(MigTranslator *t, MigStr name, MigTranslator *past)
{
	MigStatement s = {.kind = MIG_STMT_PLAIN, .pos = {{"", 0}, 0, 1, 1}};

	(void) t;
	s.text = mig_str("CREATE TYPE mood AS ENUM ('a')");
	if (!mig_translator_learn(past, &s))
		return false;
	s.text = mig_str("CREATE TABLE t (m mood)");
	if (!mig_translator_learn(past, &s))
		return false;
	s.text = mig_str("ALTER TYPE mood ADD VALUE 'b'");
	return mig_str_is(name, "t") || mig_translator_learn(past, &s);
}

/* The type is known with all that happened to it, whatever was asked for
   first; what is translated once more sees what it saw before. */
static void
test_recall_enum(Unit *u)
{
	static const char *const changes[] = {
		"INSERT INTO t VALUES ('a')",
		"ALTER TYPE mood RENAME VALUE 'a' TO 'c'",
		"ALTER TYPE mood RENAME TO temper",
		"ALTER TYPE temper RENAME TO mood",
	};
	Mig *m = unit_mig(u, L);
	MigTranslator t;
	MigTranslation out;
	MigStatement s = {.kind = MIG_STMT_PLAIN, .pos = {{"", 0}, 0, 1, 1}};

	mig_translator_init(&t, m, L);
	t.recall = recall_mood;
	for (int n = 0; n < 2; n++)
	{
		t.known = 0;
		for (size_t i = 0; i < COUNT(changes); i++)
		{
			unit_row(u, "%d %s", n, changes[i]);
			s.text = mig_str(changes[i]);
			CHECK(u, mig_translate(&t, &s, &out));
		}
		s.text = mig_str("CREATE TABLE x (m mood)");
		CHECK(u, mig_translate(&t, &s, &out) && out.count == 1);
		CHECK_STR(u, out.items[0].text,
		          "CREATE TABLE x (m mood text CHECK (m IN ('c', 'b')))");
	}
}

/* The words that one database reserves. */
static void
test_keywords(Unit *u)
{
	char word[32];

	for (int i = 0; i < mig_keyword_count; i++)
	{
		unit_row(u, "%s", mig_keywords[i].word);
		snprintf(word, sizeof(word), "%s", mig_keywords[i].word);
		CHECK(u, mig_keyword(mig_str(word)) == &mig_keywords[i]);
		word[0] -= 'a' - 'A';
		CHECK(u, mig_keyword(mig_str(word)) == &mig_keywords[i]);
		snprintf(word, sizeof(word), "%sx", mig_keywords[i].word);
		CHECK(u, mig_keyword(mig_str(word)) == NULL);
		word[strlen(word) - 2] = '\0';
		CHECK(u, mig_keyword(mig_str(word)) == NULL);
	}
	CHECK(u, mig_keyword(mig_str("")) == NULL);
	CHECK(u, mig_keyword(mig_str("select")) == NULL);
}

/* A name that gets quotes is no string, also where there is no such column:
   that is the database's to say. */
static void
test_got_quotes(Unit *u)
{
	MigStr notes;

	CHECK_STR(u,
	          show(unit_mig(u, P), P, MIG_FOR_BOTH,
	               mig_str("CREATE TABLE `t` (a TEXT CHECK (user <> ''))"),
	               &notes),
	          "CREATE TABLE \"t\" (a TEXT CHECK (\"user\" <> ''))");
}

/* What depends on which SQLite it is. */
static void
test_release(Unit *u)
{
	Mig *m = unit_mig(u, L);
	MigTranslator t;
	MigTranslation out;
	MigStatement s = {.kind = MIG_STMT_PLAIN, .pos = {{"", 0}, 0, 1, 1}};

	s.text = mig_str("SELECT string_agg(a, ',' ORDER BY 1) FROM t");
	mig_translator_init(&t, m, L);
	CHECK(u, mig_translate(&t, &s, &out) && out.nnotes == 1);
	CHECK_STR(u, out.notes[0].text,
	          "ORDER BY in string_agg() needs SQLite 3.44");
	t.release = 3044000;
	CHECK(u, mig_translate(&t, &s, &out) && out.nnotes == 0);
	CHECK_STR(u, out.items[0].text,
	          "SELECT group_concat(a, ',' ORDER BY 1 NULLS LAST) FROM t");
	t.release = 3043002;
	CHECK(u, !mig_translate(&t, &s, &out));
	CHECK_STR(u, mig_str(m->status.message),
	          "cannot translate ORDER BY in string_agg() to SQLite");
	CHECK_STR(u, mig_str(m->status.hint),
	          "It needs SQLite 3.44. Or write this part in a section "
	          "\"-- migrate:up dialect:sqlite\" and its counterpart for "
	          "postgresql.");
	CHECK(u, m->status.pos.column == 26);
}

/* Positions count in the whole script; hints name both sections. */
static void
test_places(Unit *u)
{
	Mig *m = unit_mig(u, L);
	MigStr text = mig_str("-- one\nSELECT 1;\nALTER TABLE t\n  ADD a text[],\n"
	                      "  ADD b int;");
	MigTranslator t;
	MigTranslation out;
	MigStatements all;

	CHECK(u, mig_split(m, L, mig_str("a.sql"), text, text, &all));
	mig_translator_init(&t, m, L);
	CHECK(u, mig_translate(&t, &all.items[0], &out) && out.same);
	CHECK(u, out.items[0].pos.line == 2);
	CHECK(u, !mig_translate(&t, &all.items[1], &out));
	CHECK(u, m->status.pos.line == 4 && m->status.pos.column == 9);
	CHECK(u, m->status.pos.offset == 39);
	CHECK_STR(u, mig_str(m->status.hint),
	          "Write this part in a section \"-- migrate:up dialect:sqlite\" "
	          "and its counterpart for postgresql.");
}

const UnitTest unit_translate[] = {
	{"to sqlite", test_to_sqlite, UNIT_ONCE},
	{"to postgresql", test_to_postgresql, UNIT_ONCE},
	{"refused", test_refused, 0},
	{"learn", test_learn, 0},
	{"recall of an enum", test_recall_enum, 0},
	{"keywords", test_keywords, 0},
	{"got quotes", test_got_quotes, 0},
	{"release", test_release, 0},
	{"places", test_places, 0},
	{NULL, NULL, 0},
};
