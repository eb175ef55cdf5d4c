/*
 * rebuild_work.h - what the files of rebuild.h share. Private to rebuild*.c.
 *
 * The stored text is edited action by action and read again behind each: so
 * tokens and outlines are those of the text as it stands.
 */
#ifndef MIG_REBUILD_WORK_H
#define MIG_REBUILD_WORK_H

#include "ddl.h"
#include "rebuild.h"
#include "text.h"

/* What the rows that are there have in a column that is new, when its default
   is changed behind that. */
typedef struct MigGiven
{
	struct MigGiven *next;
	MigStr column, value;
} MigGiven;

/* The table as the actions so far have left it. */
typedef struct MigEditor
{
	Mig *m;
	const MigItem *item;
	const MigChange *action;
	MigStr text;
	MigTokens k;
	MigTable t;
	MigStr *added; /* columns that no row had before */
	size_t nadded, added_room;
	MigStr *dropped;
	size_t ndropped, dropped_room;
	MigStr *rules;
	size_t nrules, rule_room;
	MigGiven *given;
	bool changed;
	bool native;
	bool in_place;
	bool keys;
	MigProof *proofs;
	size_t nproofs, proof_room;
	MigStr *defaults;
	size_t ndefaults, default_room;
	MigStr *relabelled; /* columns in which a label gets another name */
	size_t nrelabelled, relabelled_room;
} MigEditor;

/* ---- rebuild_edit.c: Editing. False is a failure, as mig_ok() says. */

extern bool mig_r_read_table(MigEditor *e);
/* Put text in the place of bytes, and read the result. */
extern bool mig_r_splice(MigEditor *e, size_t from, size_t to, MigStr text);

extern size_t mig_r_start_of(const MigEditor *e, int i);
extern size_t mig_r_end_of(const MigEditor *e, int i);
/* Insert behind token i. */
extern bool mig_r_insert(MigEditor *e, int i, const char *before, MigStr text);

/* Insert an item of the list behind the one that ends at token i, and behind
   what a comment says of that. */
extern bool mig_r_append(MigEditor *e, int i, MigStr text);

/* Take tokens out, with the space before them. */
extern bool mig_r_take_out(MigEditor *e, MigSpan s);

/* Take an item of the list out, with one of the commas around; none when
   another constraint follows without one, as SQLite allows. Comments around it
   stay, here and above: whose they are cannot be known. */
extern bool mig_r_take_item(MigEditor *e, MigSpan s);

extern bool
mig_r_missing(MigEditor *e, const char *what, MigStr name, const char *how);
/* The column that the action names, or -1; its absence is a failure. */
extern int mig_r_column_of(MigEditor *e);

extern MigStr mig_r_bare(MigEditor *e, int i);
/* Whether a name stands in a span. */
extern bool mig_r_names(MigEditor *e, MigSpan s, MigStr name);

/* Whether an expression, if there is one, is nothing but the column itself. */
extern bool mig_r_is_itself(MigEditor *e, MigStr text, MigStr name);

/* The token behind which a constraint of the column is added. */
extern int mig_r_type_of(const MigColumnDef *c);

extern bool mig_r_name_add(MigEditor *e, MigStr **list, size_t *count,
                           size_t *room, MigStr name);
extern bool
mig_r_proof_add(MigEditor *e, bool check, MigStr name, MigStr refuted);

/* ---- rebuild_columns.c: Actions on columns. */

extern bool mig_r_add_column(MigEditor *e);
/* A column leaves with the constraints that name it, as in PostgreSQL. */
extern bool mig_r_drop_column(MigEditor *e);

extern bool mig_r_has_rowid(const MigTokens *k, const MigTable *t);
/* The column whose values are the rowids, or -1. */
extern int mig_r_rowid_column(Mig *m, const MigTokens *k, const MigTable *t);

extern bool mig_r_set_type(MigEditor *e);
extern bool mig_r_is_new(const MigEditor *e, MigStr name);
extern const MigGiven *mig_r_given_find(const MigEditor *e, MigStr column);
extern bool mig_r_set_default(MigEditor *e, bool drop);
extern bool mig_r_set_not_null(MigEditor *e, bool drop);
extern bool mig_r_drop_expression(MigEditor *e);

/* ---- rebuild_labels.c: Labels of an enum type. */

/* A CHECK that the column is one of some values, as the translator makes it
   of an enum type; a constraint of the column or of the table. */
extern const MigRule *mig_r_labels_of(MigEditor *e, int c);
extern bool mig_r_rename_type(MigEditor *e);
extern bool mig_r_add_label(MigEditor *e);
extern bool mig_r_rename_label(MigEditor *e);
/* What a column's values become, or absent. The action is the one that
   renames the label: it is the only one of its item. */
extern MigStr mig_r_relabelled(MigEditor *e, MigStr column);

/* ---- rebuild_rules.c: Actions on constraints. */

extern bool mig_r_add_rule(MigEditor *e);
/* Take a constraint out that nobody has named, but that cannot stay. */
extern bool mig_r_lose_rule(MigEditor *e, const MigRule *r);
/* One that goes with its column. */
extern bool mig_r_rule_lost(MigEditor *e, const MigRule *r);
/* The foreign keys that refer to a table. */
extern bool mig_r_drop_references(MigEditor *e);

extern bool mig_r_drop_rule(MigEditor *e);
extern bool mig_r_rename_rule(MigEditor *e);

#endif
