/*
 * translate.h - a statement in either flavour to what one database needs.
 *
 *     MigTranslator t;
 *     MigTranslation out;
 *
 *     mig_translator_init(&t, m, &mig_sqlite);
 *     for (each statement of the script)
 *         if (mig_translate(&t, &statement, &out))
 *             run(out.items, out.count);
 *
 * A statement that is right for the target as it stands passes byte for byte.
 * Of any other only the tokens that must change are changed; comments and
 * layout stay. What cannot be said in the target is MIG_SYNTAX with its place
 * and a hint at the sections to write instead. docs/portable-sql.md has the
 * whole list.
 *
 * Some things mean one thing in each database: INTEGER, REAL, INTEGER PRIMARY
 * KEY, a primary key that may be NULL. There the statement's own flavour
 * decides: it is SQLite's if it has something that only SQLite has (and
 * nothing that only PostgreSQL has), and the other way round. A statement
 * without either is taken as it stands, but for what would go wrong silently
 * on SQLite: json, jsonb, uuid, and the NULL in a primary key.
 */
#ifndef MIG_TRANSLATE_H
#define MIG_TRANSLATE_H

#include "map.h"
#include "split.h"

/* What an ALTER TABLE asks of a table in SQLite. */
typedef enum MigChangeKind
{
	MIG_CH_ADD_COLUMN,      /* text: the definition */
	MIG_CH_DROP_COLUMN,     /* column */
	MIG_CH_SET_TYPE,        /* column, text: the type, using */
	MIG_CH_SET_DEFAULT,     /* column, text: the value as DEFAULT takes it */
	MIG_CH_DROP_DEFAULT,    /* column */
	MIG_CH_SET_NOT_NULL,    /* column */
	MIG_CH_DROP_NOT_NULL,   /* column */
	MIG_CH_ADD_RULE,        /* text: the constraint; name, if it has one */
	MIG_CH_DROP_RULE,       /* name */
	MIG_CH_RENAME_RULE,     /* name, text: the new name */
	MIG_CH_DROP_EXPRESSION, /* column: no longer generated */
	MIG_CH_RENAME_TYPE,  /* name: an enum type, using: its new name. Of every
	                           table that has columns of it: the item names
	                           none */
	MIG_CH_ADD_LABEL,    /* likewise; text: the literal of a label, column:
	                           that of the one beside it, or absent; before */
	MIG_CH_RENAME_LABEL, /* likewise; column: the literal of a label, using:
	                           that of the new one */
	MIG_CH_NATIVE,       /* native, whenever the table is there */
	MIG_CH_DROP_TABLE,   /* table `column`.`name` (`column` is the schema,
	                           or absent), exists, cascade. Only such, one for
	                           each table that the statement names */
	MIG_CH_DROP_VIEW,    /* likewise */
	MIG_CH_TRUNCATE,     /* likewise; restart: of its numbers, too */
	MIG_CH_DROP_REFERENCES, /* the foreign keys that refer to table `name`; only
	                           the host makes it */
	MIG_CH_COUNT
} MigChangeKind;

/* All texts are SQLite's. Names are without quotes. */
typedef struct MigChange
{
	MigChangeKind kind;
	MigPos pos;
	MigStr column;
	MigStr name;
	MigStr text;
	MigStr using;  /* what the new value is made of; absent: the old value */
	MigStr native; /* a statement that does it where the table allows; absent:
	                  there is none */
	bool exists;   /* IF [NOT] EXISTS: nothing to do is no error */
	bool cascade;  /* CASCADE; else what uses it is an error */
	bool restart;  /* RESTART IDENTITY */
	bool before;   /* the new label stands before the other one */
} MigChange;

typedef enum MigItemKind
{
	MIG_ITEM_SQL,  /* run text */
	MIG_ITEM_ALTER /* SQLite: read the stored CREATE TABLE and carry out the
	                  actions, natively or by a rebuild (rebuild.h) */
} MigItemKind;

typedef struct MigItem
{
	MigItemKind kind;
	MigPos pos;  /* in the original */
	MigStr text; /* MIG_ITEM_SQL */

	/* MIG_ITEM_ALTER */
	MigStr schema; /* without quotes, or absent */
	MigStr table;  /* without quotes */
	bool exists;   /* IF EXISTS */
	MigChange *actions;
	int nactions;
} MigItem;

typedef enum MigNoteKind
{
	MIG_NOTE_DROPPED, /* left out without harm: text says what and why */
	MIG_NOTE_COMMENT, /* COMMENT ON object IS text; absent text: IS NULL */
	MIG_NOTE_MOVED,  /* SQLite: what is said of an object goes with it: text is
	                     its new name, absent: it is gone. "column t." are all
	                     columns of t, "on t" what is said to be on it */
	MIG_NOTE_DIFFERS /* it may mean something else in the other database:
	                     text says what, and what to write instead */
} MigNoteKind;

typedef struct MigNote
{
	MigNoteKind kind;
	MigPos pos;
	MigStr object; /* "column users.email" */
	MigStr text;
} MigNote;

/* What became of one statement: maybe nothing but notes. */
typedef struct MigTranslation
{
	bool same; /* one item, the original's bytes */
	MigItem *items;
	int count;
	size_t room;
	MigNote *notes;
	int nnotes;
	size_t note_room;
} MigTranslation;

typedef struct MigEnumType MigEnumType;
typedef struct MigKnownTable MigKnownTable;

typedef struct MigTranslator MigTranslator;

/* What is remembered from statement to statement of one target: enum types,
   and tables with the families of their columns. */
struct MigTranslator
{
	Mig *m;    /* results live here; the caller may put another one here for
	              each script */
	Mig *keep; /* what is remembered lives here */
	const MigDialect *target;
	int release; /* of the SQLite that runs it, as 3045001; 0: any */
	MigFor from; /* the flavour where a statement does not show it; BOTH: it
	                is taken as it stands */
	MigEnumType *enums; /* a list */

	/* Tables by their names in lower case, each with what it was before. A
	   version has the number of the change that made it (0: a script of long
	   ago did), and only those up to `known` are seen. So to translate once
	   more what has been translated: set `known` back to what it was. */
	MigMap names;
	MigKnownTable **tables;
	int ntables;
	size_t table_room;
	uint32_t known;
	uint32_t newest; /* the highest number so far */

	/* Called when a name is met that is not known, once for each: whoever
	   knows what ran long ago lets `past` learn all that made the thing of
	   that name what it is. May be NULL. */
	bool (*recall)(MigTranslator *t, MigStr name, MigTranslator *past);
	void *context; /* recall's own */
	MigMap asked;  /* the names that were asked for */
};

/* m and keep are the same Mig. */
extern void
mig_translator_init(MigTranslator *t, Mig *m, const MigDialect *target);

/*
 * Translate one statement. out and what it points to live in the arena, or
 * point into the statement. COPY data, transaction control and PRAGMA
 * foreign_keys, which the engine deals with, pass. False: MIG_SYNTAX with its
 * place, MIG_NOMEM.
 */
extern bool
mig_translate(MigTranslator *t, const MigStatement *in, MigTranslation *out);

/*
 * Remember what a statement makes that is not translated, because it ran long
 * ago or is for this database alone, and fail for nothing it says: so that a
 * later script may use an enum type that an earlier one made. False:
 * MIG_NOMEM.
 */
extern bool mig_translator_learn(MigTranslator *t, const MigStatement *in);

/* Whether a name is that of an enum type, as far as is known. */
extern bool mig_translator_knows_enum(MigTranslator *t, MigStr name);

/* An enum type that is known has these labels, as SQLite's literals, whatever
   scripts say. False: MIG_NOMEM. */
extern bool
mig_translator_learn_labels(MigTranslator *t, MigStr type, MigStr labels);

/*
 * What a table or type was called before a statement that gives it `name`;
 * absent: the statement does not. In t->m's arena. False: MIG_NOMEM.
 */
extern bool mig_translator_renames(MigTranslator *t, const MigStatement *in,
                                   MigStr name, MigStr *old);

#endif
