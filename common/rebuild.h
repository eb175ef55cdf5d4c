/*
 * rebuild.h - ALTER TABLE for SQLite, by editing the stored CREATE TABLE.
 *
 *     MigRebuild r;
 *
 *     if (mig_rebuild(m, stored, mig_str("new"), item, &r) && r.changed)
 *         run(r.create), run(r.copy), drop the old, rename the new;
 *
 * The text is edited, not made anew: what no action touches stays byte for
 * byte, comments, conflict clauses, collations, STRICT and WITHOUT ROWID
 * included. Indexes, triggers, views and foreign keys are the host's part.
 *
 * A constraint without a name answers to the one that PostgreSQL would have
 * given it: users_email_key, users_check1.
 */
#ifndef MIG_REBUILD_H
#define MIG_REBUILD_H

#include "translate.h"

/* What has to hold for every row before a table may be edited in place. */
typedef struct MigProof
{
	MigPos pos;
	MigStr refuted; /* the condition of a row for which it does not hold */
	MigStr name;    /* the column that is to be NOT NULL, or the CHECK */
	bool check;
} MigProof;

typedef struct MigRebuild
{
	bool changed; /* false: IF [NOT] EXISTS left nothing to do */
	bool native;  /* `statements` do it; indexes, triggers and views that
	                   use a dropped column are for the host to look at */
	MigStr *statements;
	int nstatements;
	MigStr create;   /* CREATE TABLE under the new name */
	MigStr copy;     /* INSERT INTO new ... SELECT ... FROM old. What is put
	                    into a column of another type, by action n, shows
	                    itself: MIG_SEEN(?n+1, value) gives it back, and
	                    MIG_SEEN(?n+1, column, 1) is true */
	bool rowid;      /* copy keeps the rowids */
	bool sequence;   /* the table has AUTOINCREMENT: copy the number kept in
	                   sqlite_sequence */
	MigStr *dropped; /* columns that are gone, without quotes */
	int ndropped;
	MigStr *rules; /* constraints that went with those, or with what they
	                  refer to, by the names that they answer to */
	int nrules;

	/* No stored row would be another one: the text may be replaced, if the
	   proofs hold and no row lacks a value that a default stands for. */
	bool in_place;
	MigStr stored; /* the edited text under the table's own name */
	MigProof *proofs;
	int nproofs;
	bool keys;        /* a foreign key was added: to be checked */
	MigStr *defaults; /* columns whose default is another one */
	int ndefaults;
	MigStr probe; /* the old text with MIG_PROBE as their default: a row that
	                 shows it has no value of its own, which happens when
	                 the column was added behind it. Absent: no defaults */
} MigRebuild;

#define MIG_PROBE "migrate: no value"

/* The function that sees what is copied into a column of another type. */
#define MIG_SEEN "migrate_type_seen"

/*
 * Carry out the actions of a MIG_ITEM_ALTER on a table whose stored text is
 * `stored`, calling it `name` (without quotes). False: MIG_SYNTAX with the
 * action's place (a column or constraint that is not there, is there already,
 * or cannot go), MIG_NOMEM.
 */
extern bool mig_rebuild(Mig *m, MigStr stored, MigStr name,
                        const MigItem *item, MigRebuild *out);

/* Whether a statement has a string that is a label, which is a literal. */
extern bool
mig_rebuild_names_label(Mig *m, MigStr sql, MigStr label, bool *yes);

/* Put the labels of a table's columns of an enum type, as their CHECKs say
   them, behind those of *labels, each once. It stays absent when there is no
   such column. */
extern bool
mig_rebuild_labels(Mig *m, MigStr stored, MigStr type, MigStr *labels);

/* For what names a label that gets another name. */
#define MIG_LABEL_HINT                                                        \
	"Drop it before, and make it again with the new label behind the change."

#endif
