/*
 * translate_work.h - what the translator's files share. Private to
 * translate*.c.
 *
 * A statement is worked on as tokens and a list of edits: byte ranges of the
 * original and what stands there instead. What no edit touches stays.
 */
#ifndef MIG_TRANSLATE_WORK_H
#define MIG_TRANSLATE_WORK_H

#include "ddl.h"
#include "map.h"
#include "text.h"
#include "translate.h"
#include "types.h"

typedef struct MigEdit
{
	size_t from, to; /* bytes of the statement; equal: an insertion */
	MigStr text;
} MigEdit;

/* An enum type as a change has left it; versions and their numbers are as
   those of tables. */
struct MigEnumType
{
	MigEnumType *next;
	MigStr name;
	MigStr labels; /* SQLite's literals: 'a', 'b' */
	uint32_t number;
	bool gone; /* it has another name now */
};

/* A column as scripts have made it. Lists are shared between the versions of
   a table, the last column first. */
typedef struct MigKnownColumn MigKnownColumn;
struct MigKnownColumn
{
	const MigKnownColumn *before;
	MigStr name;
	MigFamily family;
	int places;     /* of numeric(p, s); -1: any */
	bool not_null;  /* in either database */
	bool key;       /* in the primary key */
	bool identity;  /* it gets numbers */
	bool of_sqlite; /* made in SQLite's flavour */
};

struct MigKnownTable
{
	MigKnownTable *older; /* of that name */
	uint32_t number;
	MigStr name;
	const MigKnownColumn *last;
	int ncolumns;    /* 0: they are not known */
	bool gone;       /* dropped, or renamed */
	bool other_keys; /* it has a UNIQUE besides the primary key */
};

/* The tables that a statement names, by the names that they have in it. */
typedef struct MigScopeTable
{
	MigStr alias;
	const MigKnownTable *known; /* NULL: it is not */
} MigScopeTable;

typedef struct MigScope
{
	MigScopeTable *tables;
	int count;
	size_t room;
	bool unknown; /* one of them is not known */
	bool outer;   /* there is an outer join */
	int *given;   /* tokens that give a name to something: AS name */
	int ngiven;
	size_t given_room;
} MigScope;

typedef struct MigWorking
{
	MigTranslator *t;
	Mig *m;
	const MigStatement *in;
	MigTokens k;
	bool sqlite;      /* the target */
	bool of_sqlite;   /* seen: something that only SQLite has */
	bool of_postgres; /* seen: something that only PostgreSQL has */
	MigEdit *edits;
	int nedits;
	size_t edit_room;
	MigTranslation *out;
	MigScope *scope; /* NULL: not asked for yet */
	size_t *offsets; /* of the tokens in the original, if names got quotes;
	                    else NULL */
} MigWorking;

/* Where an expression stands decides some of its functions. */
typedef struct MigExpr
{
	MigSpan span;
	MigFamily family;      /* of the column whose value it is; else NONE */
	bool value;            /* a default or VALUES: there are no columns */
	bool using;            /* ALTER COLUMN TYPE ... USING */
	const MigTable *table; /* its columns may be named; or NULL */
} MigExpr;

/* Edits. All are no-ops after a failure. */
extern void mig_w_replace(MigWorking *w, MigSpan s, MigStr text);
extern void mig_w_insert(MigWorking *w, size_t offset, MigStr text);
extern void mig_w_put(MigWorking *w, MigSpan s, const char *text);
extern void mig_w_cut(MigWorking *w, size_t from, size_t to);

/* Take tokens out, with the blanks behind them. */
extern void mig_w_drop(MigWorking *w, MigSpan s);

/* Insert behind, or before, a token. */
extern void mig_w_behind(MigWorking *w, int i, const char *text);
extern void mig_w_before(MigWorking *w, int i, const char *text);

/* The text of a span with the edits so far; absent after MIG_NOMEM. */
extern MigStr mig_w_text(MigWorking *w, MigSpan s);
extern MigStr mig_w_bytes(MigWorking *w, size_t from, size_t to);

/* Results. */
extern bool mig_w_emit(MigWorking *w, int i, MigStr sql);
extern MigItem *mig_w_item(MigWorking *w, int i, MigItemKind kind);
extern bool
mig_w_note(MigWorking *w, int i, MigNoteKind kind, MigStr object, MigStr text);
extern bool
mig_w_dropped(MigWorking *w, int i, const char *format, ...) MIG_PRINTF(3, 4);

/* The place of token i. */
extern MigPos mig_w_pos(const MigWorking *w, int i);

/* Fail: what stands at token i cannot be translated. The message says what;
   the hint names the sections. Returns false. */
extern bool
mig_w_refuse(MigWorking *w, int i, const char *format, ...) MIG_PRINTF(3, 4);

/* The same with a hint of its own. */
extern bool mig_w_refuse_hint(MigWorking *w, int i, const char *hint,
                              const char *format, ...) MIG_PRINTF(4, 5);

/* LIKE '..\..' at i: PostgreSQL takes a backslash for an escape where SQLite
   takes it for itself, so ESCAPE has to say which. Does nothing elsewhere. */
extern bool mig_w_like(MigWorking *w, int i);

/* Note, once for each place, that something may mean something else in the
   other database. */
extern bool
mig_w_differs(MigWorking *w, int i, const char *format, ...) MIG_PRINTF(3, 4);

/*
 * A literal at i that becomes a value of a column: what PostgreSQL reads in
 * it, as the target needs it. column may be NULL. Does nothing where another
 * thing stands there; is refused where there is no such value.
 */
extern bool mig_w_value(MigWorking *w, int i, const MigKnownColumn *column);

/* TRUE or FALSE at i for a column of numbers, which are 1 and 0 to SQLite only:
   there, for PostgreSQL. */
extern void mig_w_truth_number(MigWorking *w, int i, MigFamily family);
extern bool mig_w_is_number_type(MigFamily family);

/* An expression that becomes a value of a column: literals as above, and what
   is rounded, or becomes text, on its way. */
extern bool
mig_w_assigned(MigWorking *w, MigSpan s, const MigKnownColumn *column);

/* Whether a string at i is one of PostgreSQL's words for a moment: 'now'. */
extern bool mig_w_is_moment(MigWorking *w, int i);

/* DEFAULT at i of a column of that family, for SQLite. */
extern bool mig_w_default_value(MigWorking *w, int i, MigFamily family);

/* The literals among the values of an INSERT or behind SET, and those that
   are compared with a column. */
extern bool mig_w_values(MigWorking *w, const MigKnownTable *table,
                         MigSpan list, MigSpan body);
extern bool
mig_w_set_values(MigWorking *w, const MigKnownTable *table, MigSpan s);
extern bool mig_w_compared(MigWorking *w, const MigExpr *e);

/* What a string's quotes hold; absent when i is no string, or one with an
   escape that is not translated. */
extern MigStr mig_w_literal(MigWorking *w, int i);

/* Expressions, in the direction of the target. */
extern bool mig_w_expr(MigWorking *w, const MigExpr *e);
extern bool mig_w_expr_sqlite(MigWorking *w, const MigExpr *e);
extern bool mig_w_expr_postgres(MigWorking *w, const MigExpr *e);

/* Names in the target's quotes; "public." or "main." before a name goes. */
extern bool mig_w_names(MigWorking *w);
extern void mig_w_schema(MigWorking *w, int schema, int name);

/* What stands at a token, whatever word it is. */
typedef enum MigPlace
{
	MIG_P_ELSEWHERE, /* a type, a clause, what is not known */
	MIG_P_NAME,
	MIG_P_EXPRESSION /* in an expression or query */
} MigPlace;

typedef struct MigPlaces
{
	char *at;       /* a MigPlace for each token */
	MigTable table; /* what is made, */
	bool is_table;  /* if it is a CREATE TABLE */
	int actions;    /* of ALTER TABLE: where they begin; else 0 */
} MigPlaces;

extern bool mig_w_places(MigWorking *w, MigPlaces *out);

/* Names that one of the databases reserves: what they show of the flavour; in
   a statement that is not the target's they get quotes, and all that comes
   later sees them so. */
extern bool mig_w_reserved(MigWorking *w);
extern bool mig_w_got_quotes(const MigWorking *w, int i);

/* Statements. Each makes edits, or items of its own. */
extern bool mig_w_table(MigWorking *w, MigTable *t);
extern bool mig_w_table_sqlite(MigWorking *w, MigTable *t);
extern bool mig_w_table_postgres(MigWorking *w, MigTable *t);
extern bool mig_w_alter(MigWorking *w);
extern bool mig_w_alter_postgres(MigWorking *w);
/* What the definitions in ALTER TABLE, whose actions begin at i or behind, show
   of the flavour; whether a constraint stands behind ADD at i. */
extern bool mig_w_survey_actions(MigWorking *w, int i);
extern bool mig_w_is_rule(const MigTokens *k, int i);
extern bool mig_w_index(MigWorking *w);
extern bool mig_w_view(MigWorking *w);
extern bool mig_w_drop_objects(MigWorking *w);
extern bool mig_w_insert_rows(MigWorking *w);
extern bool mig_w_query(MigWorking *w);
extern bool mig_w_truncate(MigWorking *w);
extern bool mig_w_comment(MigWorking *w);
/* For SQLite: what a RENAME or DROP takes with it of the comments. Of tables
   and views that go, and of constraints, the host knows it. */
extern bool mig_w_comments_move(MigWorking *w);
extern bool mig_w_enum(MigWorking *w);
extern bool mig_w_alter_type(MigWorking *w);
extern bool mig_w_pragma(MigWorking *w);

/* A column's definition for SQLite: its type and constraints. */
extern bool mig_w_column_sqlite(MigWorking *w, MigTable *t, int column);
extern bool mig_w_column_postgres(MigWorking *w, MigTable *t, int column);
extern bool mig_w_rule_sqlite(MigWorking *w, MigTable *t, const MigRule *r);
extern bool mig_w_rule_postgres(MigWorking *w, MigTable *t, const MigRule *r);

/* Note what a column, or a constraint, shows of the flavour. */
extern bool mig_w_survey_table(MigWorking *w, const MigTable *t);
extern bool mig_w_survey_column(MigWorking *w, const MigTable *t, int column);
extern bool
mig_w_survey_rule(MigWorking *w, const MigRule *r, const MigTypeName *type);

/* The type at a span, as the flavour of the statement reads it. */
extern bool mig_w_type(MigWorking *w, MigSpan s, MigTypeName *out);

/* A type's name in the target, or MIG_SYNTAX. *labels is that of an enum, or
   absent. */
extern bool mig_w_type_becomes(MigWorking *w, MigSpan s, MigTypeName *type,
                               MigStr *becomes, MigStr *labels);

/* A copy of s that is remembered; absent after MIG_NOMEM. */
extern MigStr mig_w_keep(MigWorking *w, MigStr s);

/* Memory that is remembered; NULL after MIG_NOMEM. */
extern void *mig_w_keep_alloc(MigWorking *w, size_t size);

/* What is remembered, by this translator or by the scripts of long ago. NULL:
   nothing is known; or a failure, as mig_ok() says. */
extern const MigEnumType *mig_w_find_enum(const MigWorking *w, MigStr name);
extern const MigKnownTable *mig_w_find_table(const MigWorking *w, MigStr name);

/* Remember what CREATE TABLE makes, and what ALTER, DROP do to it. */
extern bool mig_w_remember(MigWorking *w, const MigTable *t);
extern bool mig_w_remember_change(MigWorking *w);

/* Ask once for a name; whether there may be something new. */
extern bool mig_w_recall(const MigWorking *w, MigStr name);

/* Take over what a translator of the past knows by a name: it was there before
   all that is known. */
extern bool
mig_w_take_table(MigWorking *w, const MigWorking *past, MigStr name);
extern bool
mig_w_take_enum(MigWorking *w, const MigWorking *past, MigStr name);

/* A column's definition as it would be remembered. False: MIG_NOMEM. */
extern bool mig_w_column_read(MigWorking *w, const MigTable *t, int column,
                              MigKnownColumn *out);

/* The column of that name, or NULL; and that at a place, from 0. */
extern const MigKnownColumn *
mig_w_known_column(const MigKnownTable *t, MigStr name);
extern const MigKnownColumn *
mig_w_column_at(const MigKnownTable *t, int place);

/* Whether the statement is in a flavour of its own: the one of the target
   needs no translation, the other one all of it. */
extern bool mig_w_is_sqlite(const MigWorking *w);
extern bool mig_w_is_postgres(const MigWorking *w);

#endif
