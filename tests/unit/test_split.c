#include <string.h>

#include "split.h"
#include "text.h"
#include "unit.h"

#define P &mig_postgresql
#define L &mig_sqlite
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* Statements between bars; data behind a tilde. */
static MigStr
statements_of(Mig *m, const MigDialect *d, const char *text)
{
	MigText out = {m, NULL, 0, 0};
	MigStatements all;

	if (!mig_split(m, d, mig_str(""), mig_str(text), mig_str(text), &all))
		return (MigStr){NULL, 0};
	for (int i = 0; i < all.count; i++)
	{
		if (i > 0)
			mig_text_char(&out, '|');
		mig_text_str_add(&out, all.items[i].text);
		if (all.items[i].data.at != NULL)
			mig_text_char(&out, '~');
		mig_text_str_add(&out, all.items[i].data);
	}
	return mig_text_str(&out);
}

static const struct
{
	const MigDialect *dialect;
	const char *text;
	const char *statements;
} splits[] = {
	{P, "", ""},
	{P, " ; ;\n;-- a;b\n", ""},
	{P, "a;b", "a|b"},
	{P, "a b ; c\n", "a b|c"},
	{P, "-- x\na /* y; */ b -- z\n;c", "a /* y; */ b|c"},
	{P, "/*+ h */ a;/*+ h */;b", "/*+ h */ a|b"},
	{P, "a /*+ h */;b", "a /*+ h */|b"},
	{P, "a 'x;''y;' \"z;\" $$;$$;b", "a 'x;''y;' \"z;\" $$;$$|b"},
	{P, "create rule r do (a; b);c", "create rule r do (a; b)|c"},
	{P, "a);b", "a)|b"},
	{P, "((a;);b);c", "((a;);b)|c"},

	/* Bodies of routines. */
	{P,
     "create function f() begin atomic select case when a then 1 end; b; end"
     " ; c",
     "create function f() begin atomic select case when a then 1 end; b; end"
     "|c"},
	{P, "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC END; c",
     "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC END|c"},
	{P, "create function f(begin atomic) begin; c",
     "create function f(begin atomic) begin|c"},
	{P, "create function f() begin atomic select t.end; a as end; end; c",
     "create function f() begin atomic select t.end; a as end; end|c"},
	{P, "create table begin(atomic int); c",
     "create table begin(atomic int)|c"},
	{P, "begin; end; c", "begin|end|c"},
	{P, "create trigger t before update on x begin a; end; c",
     "create trigger t before update on x begin a|end|c"},

	/* Bodies of triggers. */
	{L,
     "create trigger t after update on x when case when 1 then 2 end begin"
     " update y set end = case when 1 then 2 end; delete from z; END ; c",
     "create trigger t after update on x when case when 1 then 2 end begin"
     " update y set end = case when 1 then 2 end; delete from z; END|c"},
	{L, "create temp trigger [t;] before delete on x begin a;/*;*/end;c",
     "create temp trigger [t;] before delete on x begin a;/*;*/end|c"},
	{L, "create trigger t on x execute function f(); c",
     "create trigger t on x execute function f()|c"},
	{L, "create table trigger(begin); end; c",
     "create table trigger(begin)|end|c"},
	{L, "begin immediate; a; end; c", "begin immediate|a|end|c"},
	{L, "a `;` [;] \";\";b", "a `;` [;] \";\"|b"},
	{L, "copy t from stdin; b", "copy t from stdin|b"},
	{L, "a\\b; c", "a\\b|c"},

	/* Data. */
	{P, "copy t from stdin;\n1\t;'\n\\.\nb", "copy t from stdin~1\t;'\n|b"},
	{P, "copy t (a, b) from STDIN with (format csv); -- x\r\n1\r\n\\.\r\nb;",
     "copy t (a, b) from STDIN with (format csv)~1\r\n|b"},
	{P, "copy t from stdin;\n\\.", "copy t from stdin~"},
	{P, "copy t from stdin;\n \\.\n\\.x\n\\.\n",
     "copy t from stdin~ \\.\n\\.x\n"},
	{P, "copy t from 'stdin'; b", "copy t from 'stdin'|b"},
	{P, "copy (select 1 from stdin) to stdout; b",
     "copy (select 1 from stdin) to stdout|b"},
	{P, "copy t from stdin;\n-- migrate:down\n\\.\n;",
     "copy t from stdin~-- migrate:down\n"},

	/* psql's lines. */
	{P, "\\restrict aB'c\na;\n \\unrestrict aB'c\n", "a"},
	{P, "a; \\restrict x\nb;", "a|b"},
};

static void
test_splits(Unit *u)
{
	for (size_t i = 0; i < COUNT(splits); i++)
	{
		Mig *m = unit_again(u, P);

		unit_row(u, "%s", splits[i].text);
		CHECK_STR(u, statements_of(m, splits[i].dialect, splits[i].text),
		          splits[i].statements);
	}
}

static const struct
{
	const MigDialect *dialect;
	const char *text;
	const char *message;
	int line, column;
} errors[] = {
	{P, "a;\n 'b", "unterminated quoted string", 2, 2},
	{P, "a;\n E'b\\'", "unterminated quoted string", 2, 2},
	{P, "\"b", "unterminated quoted identifier", 1, 1},
	{L, "\n\n[b", "unterminated quoted identifier", 3, 1},
	{P, "a /* b /* c */", "unterminated comment", 1, 3},
	{P, "a /*+ b", "unterminated comment", 1, 3},
	{P, "do $x$ $y$", "unterminated dollar-quoted string", 1, 4},
	{P, "a (b) (c (d); e", "unterminated parenthesis", 1, 7},
	{P, "create function f() begin atomic a; b;", "unterminated routine body",
     1, 27},
	{L, "create trigger t on x begin a; b;", "unterminated trigger body", 1,
     23},
	{L, "create trigger t on x begin a end;", "unterminated trigger body", 1,
     23},
	{P, "\ncopy t from stdin;\n1\n", "unterminated COPY data", 2, 18},
	{P, "copy t from stdin;", "unterminated COPY data", 1, 18},
	{P, "copy t from stdin", "COPY FROM stdin without data", 1, 13},
	{P, "copy t from stdin; 1\n\\.\n", "text behind the semicolon of COPY", 1,
     20},
	{P, "a;\n\\gexec\n", "\"\\gexec\" is a command of psql, not SQL", 2, 1},
	{P, "a \\restrict x\n", "\"\\restrict\" is a command of psql, not SQL", 1,
     3},
	{P, "a;\n\\.\n", "\"\\.\" is a command of psql, not SQL", 2, 1},
	{P, "a \\", "\"\\\" is a command of psql, not SQL", 1, 3},
};

static void
test_errors(Unit *u)
{
	for (size_t i = 0; i < COUNT(errors); i++)
	{
		Mig *m = unit_again(u, P);

		unit_row(u, "%s", errors[i].text);
		CHECK_STR(u, statements_of(m, errors[i].dialect, errors[i].text),
		          NULL);
		CHECK(u, m->status.code == MIG_SYNTAX);
		CHECK_STR(u, mig_str(m->status.message), errors[i].message);
		CHECK(u, m->status.hint[0] != '\0');
		CHECK(u, m->status.pos.line == errors[i].line);
		CHECK(u, m->status.pos.column == errors[i].column);
	}
}

static void
test_zero(Unit *u)
{
	Mig *m = unit_mig(u, L);
	MigStr text = {"a;\n\0b", 5};
	MigStatements all;

	CHECK(u, !mig_split(m, L, mig_str("f"), text, text, &all));
	CHECK_STR(u, mig_str(m->status.message), "zero byte in the script");
	CHECK(u, m->status.pos.line == 2);
}

static const struct
{
	MigFor dialect;
	MigStatementKind kind;
	const char *text;
} kinds[] = {
	{MIG_FOR_BOTH, MIG_STMT_PLAIN, "select 1"},
	{MIG_FOR_BOTH, MIG_STMT_PLAIN, "(select 1)"},
	{MIG_FOR_BOTH, MIG_STMT_PLAIN, "\"begin\""},
	{MIG_FOR_BOTH, MIG_STMT_BEGIN, "BEGIN"},
	{MIG_FOR_BOTH, MIG_STMT_BEGIN, "begin transaction"},
	{MIG_FOR_BOTH, MIG_STMT_BEGIN, "begin immediate"},
	{MIG_FOR_BOTH, MIG_STMT_BEGIN, "begin isolation level serializable"},
	{MIG_FOR_BOTH, MIG_STMT_BEGIN, "start /* x */ transaction"},
	{MIG_FOR_BOTH, MIG_STMT_BEGIN, "/*+ x */ begin"},
	{MIG_FOR_BOTH, MIG_STMT_PLAIN, "start x"},
	{MIG_FOR_BOTH, MIG_STMT_COMMIT, "Commit work"},
	{MIG_FOR_BOTH, MIG_STMT_COMMIT, "end"},
	{MIG_FOR_BOTH, MIG_STMT_COMMIT, "commit and no chain"},
	{MIG_FOR_BOTH, MIG_STMT_OTHER_CONTROL, "commit and chain"},
	{MIG_FOR_BOTH, MIG_STMT_OTHER_CONTROL, "end transaction and chain"},
	{MIG_FOR_BOTH, MIG_STMT_OTHER_CONTROL, "commit prepared 'x'"},
	{MIG_FOR_BOTH, MIG_STMT_OTHER_CONTROL, "prepare transaction 'x'"},
	{MIG_FOR_BOTH, MIG_STMT_PLAIN, "prepare x as select 1"},
	{MIG_FOR_BOTH, MIG_STMT_OTHER_CONTROL, "set transaction read only"},
	{MIG_FOR_BOTH, MIG_STMT_OTHER_CONTROL, "set local transaction read only"},
	{MIG_FOR_BOTH, MIG_STMT_PLAIN, "set local search_path = transaction"},
	{MIG_FOR_BOTH, MIG_STMT_ROLLBACK, "rollback"},
	{MIG_FOR_BOTH, MIG_STMT_ROLLBACK, "rollback to x"},
	{MIG_FOR_BOTH, MIG_STMT_ROLLBACK, "abort"},
	{MIG_FOR_BOTH, MIG_STMT_SAVEPOINT, "savepoint x"},
	{MIG_FOR_BOTH, MIG_STMT_SAVEPOINT, "release savepoint x"},
	{MIG_FOR_BOTH, MIG_STMT_ALONE, "vacuum"},
	{MIG_FOR_BOTH, MIG_STMT_PLAIN, "vacuum_all"},

	{MIG_FOR_POSTGRESQL, MIG_STMT_ALONE,
     "create unique index concurrently if not exists i on t (a)"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_ALONE, "CREATE INDEX CONCURRENTLY on t (a)"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_PLAIN, "create index i on t (concurrently)"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_PLAIN, "create index \"concurrently\" on t"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_ALONE, "drop index concurrently i"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_ALONE,
     "reindex (verbose) table "
     "concurrently t"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_ALONE, "reindex (verbose) schema s"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_ALONE, "reindex database"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_PLAIN, "reindex table t"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_PLAIN,
     "refresh materialized view "
     "concurrently v"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_ALONE, "create database d"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_ALONE, "drop tablespace d"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_ALONE, "alter database d set tablespace t"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_PLAIN, "alter database d set x = 1"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_ALONE, "alter system reset x"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_ALONE,
     "alter subscription s refresh "
     "publication"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_ALONE,
     "alter subscription set set "
     "publication p"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_PLAIN, "alter subscription s disable"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_ALONE,
     "alter table if exists s.t detach partition s.p concurrently"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_ALONE,
     "alter table detach detach partition p finalize"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_PLAIN, "alter table t detach partition p"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_ALONE, "cluster"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_ALONE, "cluster (verbose)"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_ALONE, "cluster verbose -- all"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_PLAIN, "cluster t using i"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_ALONE, "discard all"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_PLAIN, "discard temp"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_PRAGMA, "pragma foreign_keys = off"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_PRAGMA, "pragma journal_mode = wal"},
	{MIG_FOR_POSTGRESQL, MIG_STMT_PLAIN, "attach 'a' as b"},
	{MIG_FOR_SQLITE, MIG_STMT_PLAIN, "create index concurrently on t (a)"},

	{MIG_FOR_SQLITE, MIG_STMT_ALONE, "attach 'a' as b"},
	{MIG_FOR_SQLITE, MIG_STMT_ALONE, "detach b"},
	{MIG_FOR_SQLITE, MIG_STMT_ALONE, "pragma journal_mode = wal"},
	{MIG_FOR_SQLITE, MIG_STMT_ALONE, "pragma main.journal_mode(delete)"},
	{MIG_FOR_SQLITE, MIG_STMT_PRAGMA, "pragma journal_mode"},
	{MIG_FOR_SQLITE, MIG_STMT_PRAGMA, "pragma foreign_keys"},
	{MIG_FOR_SQLITE, MIG_STMT_PRAGMA, "pragma"},
	{MIG_FOR_SQLITE, MIG_STMT_PRAGMA, "pragma main."},
	{MIG_FOR_SQLITE, MIG_STMT_PRAGMA, "pragma foreign_keys ="},
	{MIG_FOR_SQLITE, MIG_STMT_PRAGMA, "pragma defer_foreign_keys = on"},
	{MIG_FOR_SQLITE, MIG_STMT_PRAGMA, "pragma legacy_alter_table=ON"},
	{MIG_FOR_SQLITE, MIG_STMT_FK_OFF, "PRAGMA foreign_keys=OFF"},
	{MIG_FOR_SQLITE, MIG_STMT_FK_OFF, "pragma foreign_keys(0)"},
	{MIG_FOR_SQLITE, MIG_STMT_FK_OFF, "pragma main.\"Foreign_Keys\" = 'no'"},
	{MIG_FOR_SQLITE, MIG_STMT_FK_ON, "pragma foreign_keys = 1"},
	{MIG_FOR_SQLITE, MIG_STMT_FK_ON, "pragma foreign_keys = 'True'"},
	{MIG_FOR_SQLITE, MIG_STMT_FK_ON, "pragma foreign_keys(yes)"},
};

static void
test_kinds(Unit *u)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
	{
		MigStr text = mig_str(kinds[i].text);

		unit_row(u, "%s", kinds[i].text);
		if (kinds[i].dialect != MIG_FOR_SQLITE)
			CHECK(u, mig_statement_kind(P, text) == kinds[i].kind);
		if (kinds[i].dialect != MIG_FOR_POSTGRESQL)
			CHECK(u, mig_statement_kind(L, text) == kinds[i].kind);
	}
}

/* Kinds and places as the splitter gives them, in a part of a text. */
static void
test_places(Unit *u)
{
	static const char text[] = "x\n-- y\n\xc3\xa9; begin;\r\n  copy t from "
							   "stdin;\n1\n\\.\nend";
	static const struct
	{
		MigStatementKind kind;
		int line, column;
		size_t offset;
	} rows[] = {
		{MIG_STMT_PLAIN, 3, 1, 7},
		{MIG_STMT_BEGIN, 3, 4, 11},
		{MIG_STMT_COPY_DATA, 4, 3, 21},
		{MIG_STMT_COMMIT, 7, 1, 45},
	};
	Mig *m = unit_mig(u, P);
	MigStr whole = mig_str(text);
	MigStatements all;

	CHECK(u, mig_split(m, P, mig_str("f.sql"), whole, mig_str_from(whole, 2),
	                   &all));
	CHECK(u, all.count == (int) COUNT(rows));
	for (int i = 0; i < all.count; i++)
	{
		const MigStatement *s = &all.items[i];

		unit_row(u, "statement %d", i);
		CHECK(u, s->kind == rows[i].kind);
		CHECK(u, s->pos.line == rows[i].line);
		CHECK(u, s->pos.column == rows[i].column);
		CHECK(u, s->pos.offset == rows[i].offset);
		CHECK(u, s->text.at == whole.at + s->pos.offset);
		CHECK_STR(u, s->pos.source, "f.sql");
		CHECK(u, (s->data.at != NULL) == (s->kind == MIG_STMT_COPY_DATA));
	}
}

/* Many statements on one line: nothing here may be quadratic. */
static void
test_many(Unit *u)
{
	enum
	{
		MANY = 200000
	};
	Mig *m = unit_mig_blocks(u, P);
	MigText text = {m, NULL, 0, 0};
	MigStr s;
	MigStatements all;

	for (int i = 0; i < MANY; i++)
		mig_text_add(&text, "alter table a detach b(c);");
	s = mig_text_str(&text);
	CHECK(u, mig_split(m, P, mig_str(""), s, s, &all));
	CHECK(u, all.count == MANY);
	CHECK(u, all.items[MANY - 1].pos.column == (MANY - 1) * 26 + 1);
}

const UnitTest unit_split[] = {
	{"splits", test_splits, 0},
	{"errors", test_errors, 0},
	{"zero", test_zero, 0},
	{"kinds", test_kinds, 0},
	{"places", test_places, 0},
	{"many", test_many, UNIT_ONCE},
	{NULL, NULL, 0},
};
