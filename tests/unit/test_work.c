#include <string.h>

#include "script.h"
#include "text.h"
#include "translate.h"
#include "unit.h"

#define P &mig_postgresql
#define L &mig_sqlite
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static MigScript *
parse(Mig *m, const char *text)
{
	return mig_script_parse(m, mig_str("x.sql"), mig_str(text), mig_str(text));
}

/* What is run, between bars; then the flags: t transactional, a alone,
   f foreign keys off, w wrapped, and the number of verify statements. */
static MigStr
work_of(Mig *m, const MigDialect *d, MigSectionKind kind, const char *text)
{
	MigText out = {m, NULL, 0, 0};
	MigScript *s = parse(m, text);
	MigWork work;

	if (s == NULL || !mig_script_work(m, s, d, kind, &work))
		return (MigStr){NULL, 0};
	for (int i = 0; i < work.count; i++)
	{
		mig_text_str_add(&out, work.items[i].text);
		mig_text_char(&out, '|');
	}
	mig_text_char(&out, ' ');
	mig_text_add(&out, work.transactional ? "t" : "");
	mig_text_add(&out, work.alone ? "a" : "");
	mig_text_add(&out, work.foreign_keys_off ? "f" : "");
	mig_text_add(&out, work.wrapped ? "w" : "");
	mig_text_int(&out, work.nverify);
	return mig_text_str(&out);
}

static const struct
{
	const MigDialect *dialect;
	MigSectionKind kind;
	const char *text;
	const char *work; /* NULL: an error, */
	const char *message;
	int line, column;
} works[] = {
	{P, MIG_UP, "-- migrate:up\n", " t0", NULL, 0, 0},
	{P, MIG_UP,
     "-- migrate:verify\nv;w\n-- migrate:up\na;b\n-- migrate:down\nc;\n"
     "-- migrate:up dialect:sqlite\nd;\n-- migrate:up dialect:postgresql\ne;",
     "a|b|e|v|w| t2", NULL, 0, 0},
	{L, MIG_UP,
     "-- migrate:up\na;b\n-- migrate:up dialect:sqlite\nd;\n"
     "-- migrate:up dialect:postgresql\ne;",
     "a|b|d| t0", NULL, 0, 0},
	{P, MIG_DOWN,
     "-- migrate:up\na;b\n-- migrate:down\nc;d\n-- migrate:verify\nv;\n"
     "-- migrate:down\ne;f",
     "e|f|c|d| t0", NULL, 0, 0},

	/* No transaction. */
	{P, MIG_UP, "-- migrate:up transaction:false\na", "a| 0", NULL, 0, 0},
	{P, MIG_UP, "-- migrate:up\na\n-- migrate:up transaction:false\n", "a| t0",
     NULL, 0, 0},
	{P, MIG_UP, "-- migrate:up\na\n-- migrate:down transaction:false\nb",
     "a| t0", NULL, 0, 0},
	{P, MIG_UP, "-- migrate:up\na;vacuum;b", "a|vacuum|b| a0", NULL, 0, 0},

	/* Its own transactions. */
	{P, MIG_UP, "-- migrate:up\nBEGIN;\na;b;COMMIT;\n", "a|b| tw0", NULL, 0,
     0},
	{P, MIG_UP, "-- migrate:up\nbegin;a;end;start transaction;b;commit",
     "a|b| tw0", NULL, 0, 0},
	{L, MIG_UP,
     "-- migrate:up\nPRAGMA foreign_keys=OFF;\nBEGIN;a;COMMIT;\n"
     "PRAGMA foreign_keys=ON;",
     "a| tfw0", NULL, 0, 0},
	{L, MIG_UP,
     "-- migrate:up\npragma legacy_alter_table=on;begin;a;pragma x;commit;"
     "pragma legacy_alter_table=off",
     "pragma legacy_alter_table=on|a|pragma x|pragma legacy_alter_table=off|"
     " tw0",
     NULL, 0, 0},
	{L, MIG_UP, "-- migrate:up\npragma foreign_keys=off;a", "a| tf0", NULL, 0,
     0},
	{L, MIG_UP, "-- migrate:up\npragma foreign_keys=on;a", "a| t0", NULL, 0,
     0},
	{P, MIG_UP, "-- migrate:up\nbegin;a;commit;\n-- migrate:up\nb", "a|b| tw0",
     NULL, 0, 0},

	{P, MIG_UP, "-- migrate:up\na;\nbegin;b;commit;", NULL,
     "statement outside of the section's BEGIN ... COMMIT: \"a\"", 2, 1},
	{P, MIG_UP, "-- migrate:up\nbegin;a;commit;\n set x = 1;", NULL,
     "statement outside of the section's BEGIN ... COMMIT: \"set x = 1\"", 3,
     2},
	{P, MIG_UP, "-- migrate:up\nbegin;a;begin;b;commit;commit", NULL,
     "transaction control in a script: \"begin\"", 2, 9},
	{P, MIG_UP, "-- migrate:up\nbegin;a;", NULL,
     "transaction control in a script: \"begin\"", 2, 1},
	{P, MIG_UP, "-- migrate:up\na;commit;b", NULL,
     "transaction control in a script: \"commit\"", 2, 3},
	{P, MIG_UP, "-- migrate:up\na;rollback;", NULL,
     "transaction control in a script: \"rollback\"", 2, 3},
	{P, MIG_UP, "-- migrate:up\nbegin;savepoint\nx;commit", NULL,
     "transaction control in a script: \"savepoint\"", 2, 7},
	{L, MIG_UP, "-- migrate:up\nrelease x", NULL,
     "transaction control in a script: \"release x\"", 2, 1},
	{P, MIG_UP, "-- migrate:up\nset transaction read only", NULL,
     "transaction control in a script: \"set transaction read only\"", 2, 1},
	{P, MIG_UP, "-- migrate:up transaction:false\nbegin;a;commit", NULL,
     "transaction control in a script: \"begin\"", 2, 1},
	{P, MIG_UP, "-- migrate:up transaction:false\ncommit", NULL,
     "transaction control in a script: \"commit\"", 2, 1},
	{P, MIG_UP, "-- migrate:up\n-- migrate:verify\nabort", NULL,
     "transaction control in a script: \"abort\"", 3, 1},
};

static void
test_work(Unit *u)
{
	for (size_t i = 0; i < COUNT(works); i++)
	{
		Mig *m = unit_again(u, works[i].dialect);

		unit_row(u, "%s", works[i].text);
		CHECK_STR(u,
		          work_of(m, works[i].dialect, works[i].kind, works[i].text),
		          works[i].work);
		if (works[i].message == NULL)
			continue;
		CHECK(u, m->status.code == MIG_SYNTAX);
		CHECK_STR(u, mig_str(m->status.message), works[i].message);
		CHECK(u, m->status.hint[0] != '\0');
		CHECK(u, m->status.pos.line == works[i].line);
		CHECK(u, m->status.pos.column == works[i].column);
	}
}

/* Places of work in a script that was cut from a longer text. */
static void
test_work_places(Unit *u)
{
	static const char text[] = "-- migrate:revision a\n-- migrate:up\na;\n"
							   "-- migrate:revision b\n-- migrate:up\nb;\n c;";
	Mig *m = unit_mig(u, P);
	MigStr whole = mig_str(text);
	MigStr *parts;
	MigScript *s;
	MigWork work;
	int count;

	CHECK(u, mig_script_cut(m, mig_str("f"), whole, &parts, &count));
	CHECK(u, count == 2);
	s = mig_script_parse(m, mig_str("f"), whole, parts[1]);
	CHECK(u, s != NULL && mig_script_work(m, s, P, MIG_UP, &work));
	CHECK(u, work.count == 2);
	CHECK(u, work.items[1].pos.line == 7 && work.items[1].pos.column == 2);
	CHECK(u, mig_script_has(s, P, MIG_UP) && !mig_script_has(s, P, MIG_DOWN));
}

/* Statements as a run has them, between bars; a change of a table as its name
   and the number of its actions; notes behind them. */
static MigStr
run_of(Mig *m, MigTranslator *t, MigSectionKind kind, const char *text)
{
	MigText out = {m, NULL, 0, 0};
	MigScript *s = parse(m, text);
	MigWork work;

	if (s == NULL || !mig_script_work_for(m, s, t, kind, &work))
		return (MigStr){NULL, 0};
	for (int i = 0; i < work.count; i++)
	{
		const MigStatement *one = &work.items[i];

		if (one->kind == MIG_STMT_ALTER)
			mig_text_fmt(&out, "<%.*s %d>|", MIG_S(one->item->table),
			             one->item->nactions);
		else
			mig_text_fmt(&out, "%.*s|", MIG_S(one->text));
		while ((one = one->then) != NULL)
			mig_text_fmt(&out, "+%.*s|", MIG_S(one->text));
	}
	for (int i = 0; i < work.nnotes; i++)
		mig_text_fmt(&out, " # %.*s", MIG_S(work.notes[i].text));
	return mig_text_str(&out);
}

static const struct
{
	const MigDialect *dialect;
	const char *text;
	const char *run; /* NULL: an error, */
	const char *message;
	int line, column;
} runs[] = {
	/* Sections with a dialect stay. */
	{L,
     "-- migrate:up dialect:sqlite\nCREATE TABLE t (id serial PRIMARY KEY);\n"
     "-- migrate:up\nCREATE TABLE u (id serial PRIMARY KEY);\n",
     "CREATE TABLE t (id serial PRIMARY KEY)|"
     "CREATE TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT)|",
     NULL, 0, 0},
	{P,
     "-- migrate:up\nCREATE TABLE `t` (a blob);\n"
     "-- migrate:up dialect:postgresql\nSELECT 1;",
     "CREATE TABLE \"t\" (a bytea)|SELECT 1|", NULL, 0, 0},

	/* In either flavour, whatever database reads it. */
	{P, "-- migrate:up\nCREATE TABLE `a;b` (c int); SELECT $$;$$;",
     "CREATE TABLE \"a;b\" (c bigint)|SELECT $$;$$|", NULL, 0, 0},
	{L, "-- migrate:up\nSELECT $$;'$$, E'\\''; SELECT 2;",
     "SELECT ';''', ''''|SELECT 2|", NULL, 0, 0},
	{L, "-- migrate:up\nSELECT 1 /* a /* b; */ c */ + 1; SELECT 2;",
     "SELECT 1  + 1|SELECT 2|", NULL, 0, 0},
	{P,
     "-- migrate:up\nPRAGMA foreign_keys=OFF;\nBEGIN;\n"
     "SELECT 1;\nCOMMIT;\nPRAGMA foreign_keys=ON;",
     "SELECT 1| # \"PRAGMA foreign_keys=OFF\" is left out"
     " # \"PRAGMA foreign_keys=ON\" is left out",
     NULL, 0, 0},

	/* Verify is translated, too. */
	{L, "-- migrate:up\n-- migrate:verify\nSELECT count(*) = 0 FROM public.t;",
     "SELECT count(*) = 0 FROM t|", NULL, 0, 0},

	/* Changes of one table, one behind the other. */
	{L,
     "-- migrate:up\nALTER TABLE t ALTER a SET NOT NULL;\n"
     "ALTER TABLE t ADD CHECK (a > 0), ADD UNIQUE (a);\n"
     "ALTER TABLE u DROP CONSTRAINT x;\nSELECT 1;\n"
     "ALTER TABLE u DROP CONSTRAINT y;",
     "<t 3>|<u 1>|SELECT 1|<u 1>|", NULL, 0, 0},
	{L,
     "-- migrate:up\nALTER TABLE t ALTER a TYPE text;\n"
     "ALTER TABLE t ALTER b TYPE text USING a || '';",
     "<t 1>|<t 1>|", NULL, 0, 0},

	/* Comments and what is left out. */
	{L,
     "-- migrate:up\nCOMMENT ON TABLE public.t IS 'it''s';\n"
     "COMMENT ON COLUMN t.a IS NULL;\nCREATE EXTENSION pgcrypto;",
     "INSERT OR REPLACE INTO migrate_comment (object, comment) VALUES"
     " ('table t', 'it''s')|"
     "DELETE FROM migrate_comment WHERE object = 'column t.a'|"
     " # extension \"pgcrypto\" is left out",
     NULL, 0, 0},

	/* Comments go with names. */
	{L, "-- migrate:up\nALTER TABLE ONLY t RENAME a TO \"B\";",
     "ALTER TABLE t RENAME a TO \"B\"|+"
     "UPDATE OR REPLACE migrate_comment SET object = 'column t.B'"
     " WHERE object = 'column t.a' COLLATE NOCASE|",
     NULL, 0, 0},
	{L, "-- migrate:up\nDROP INDEX CONCURRENTLY IF EXISTS public.i, x.j;",
     "DROP INDEX IF EXISTS i|DROP INDEX IF EXISTS x.j|+"
     "DELETE FROM migrate_comment WHERE object = 'index i' COLLATE NOCASE|+"
     "DELETE FROM migrate_comment WHERE object = 'index x.j' COLLATE NOCASE|",
     NULL, 0, 0},
	{L, "-- migrate:up dialect:sqlite\nALTER TABLE t RENAME TO u;",
     "ALTER TABLE t RENAME TO u|", NULL, 0, 0},

	{L, "-- migrate:up\nSELECT 1;\nCREATE TABLE t (\n  a int,\n  b text[]);",
     NULL, "cannot translate type \"text[]\" to SQLite", 5, 5},
	{P, "-- migrate:up\nPRAGMA user_version = 3;", NULL,
     "cannot translate PRAGMA user_version to PostgreSQL", 2, 1},
};

static void
test_run_work(Unit *u)
{
	for (size_t i = 0; i < COUNT(runs); i++)
	{
		Mig *m = unit_again(u, runs[i].dialect);
		MigTranslator t;

		unit_row(u, "%s", runs[i].text);
		mig_translator_init(&t, m, runs[i].dialect);
		CHECK_STR(u, run_of(m, &t, MIG_UP, runs[i].text), runs[i].run);
		if (runs[i].message == NULL)
			continue;
		CHECK(u, m->status.code == MIG_SYNTAX);
		CHECK_STR(u, mig_str(m->status.message), runs[i].message);
		CHECK(u, m->status.pos.line == runs[i].line);
		CHECK(u, m->status.pos.column == runs[i].column);
	}
}

/* What one script makes, the next one knows. */
static void
test_learned(Unit *u)
{
	Mig *m = unit_mig(u, L);
	Mig *first = unit_mig(u, L);
	MigTranslator t;

	mig_translator_init(&t, m, L);
	CHECK_STR(u,
	          run_of(first, &t, MIG_UP,
	                 "-- migrate:up\nCREATE TYPE mood AS ENUM ('a', 'b');"),
	          " # type \"mood\" is left out: columns of it are text with a"
	          " CHECK");
	CHECK_STR(u,
	          run_of(m, &t, MIG_UP, "-- migrate:up\nCREATE TABLE t (m mood);"),
	          "CREATE TABLE t (m mood text CHECK (m IN ('a', 'b')))|");
}

/* One script has one checksum in both databases. */
static void
test_checksums(Unit *u)
{
	static const char *const texts[] = {
		"-- migrate:up\nSELECT $a$ x $a$, E'\\'', `b c`, [d e];",
		"-- migrate:up\nSELECT 1 /* a /* b */ c */;",
		"-- migrate:up\nCOPY t FROM stdin;\n1\n\\.\nSELECT 1;",
		"-- migrate:up\n\\restrict x\nSELECT 1;",
		"-- migrate:up\nCREATE TRIGGER t AFTER INSERT ON u\nBEGIN SELECT 1; END;",
	};

	for (size_t i = 0; i < COUNT(texts); i++)
	{
		Mig *m = unit_again(u, P);
		unsigned char sum[MIG_DIGEST_SIZE];
		MigScript *s = parse(m, texts[i]);

		unit_row(u, "%s", texts[i]);
		CHECK(u, s != NULL);
		memcpy(sum, s->checksum, sizeof(sum));
		m = unit_again(u, L);
		s = parse(m, texts[i]);
		CHECK(u, s != NULL);
		CHECK(u, memcmp(sum, s->checksum, sizeof(sum)) == 0);
	}
}

/* What only may refuse a transaction runs alone where the section says so. */
static void
test_loosen(Unit *u)
{
	static const struct
	{
		const char *text;
		MigStatementKind own, loose;
	} rows[] = {
		{"CALL p(1)", MIG_STMT_PLAIN, MIG_STMT_ALONE},
		{"/* why */ do $$BEGIN COMMIT; END$$", MIG_STMT_PLAIN, MIG_STMT_ALONE},
		{"REINDEX TABLE t", MIG_STMT_PLAIN, MIG_STMT_ALONE},
		{"cluster t USING i", MIG_STMT_PLAIN, MIG_STMT_ALONE},
		{"SELECT call(1)", MIG_STMT_PLAIN, MIG_STMT_PLAIN},
		{"\"do\"", MIG_STMT_PLAIN, MIG_STMT_PLAIN},
		{"ALTER SUBSCRIPTION s SET (failover)", MIG_STMT_ALONE,
	     MIG_STMT_ALONE},
		{"alter subscription set SET (slot_name = x, two_phase = on)",
	     MIG_STMT_ALONE, MIG_STMT_ALONE},
		{"ALTER SUBSCRIPTION failover SET (slot_name = NONE)", MIG_STMT_PLAIN,
	     MIG_STMT_PLAIN},
		{"COMMIT", MIG_STMT_COMMIT, MIG_STMT_COMMIT},
	};

	for (int i = 0; i < (int) (sizeof(rows) / sizeof(rows[0])); i++)
	{
		MigStatement s = {.text = mig_str(rows[i].text)};

		unit_row(u, "%s", rows[i].text);
		s.kind = mig_statement_kind(&mig_postgresql, s.text);
		CHECK(u, s.kind == rows[i].own);
		mig_statement_loosen(&mig_sqlite, &s, 1);
		CHECK(u, s.kind == rows[i].own);
		mig_statement_loosen(&mig_postgresql, &s, 1);
		CHECK(u, s.kind == rows[i].loose);
	}
}

const UnitTest unit_work[] = {
	{"work", test_work, 0},
	{"places", test_work_places, 0},
	{"run", test_run_work, 0},
	{"learned", test_learned, 0},
	{"checksums", test_checksums, 0},
	{"loosen", test_loosen, UNIT_ONCE},
	{NULL, NULL, 0},
};
