/*
 * script.h - one revision script: its header and its sections.
 *
 *     -- migrate:revision 20260129_045646
 *     -- migrate:revises 20260128_101500
 *     -- migrate:message create users
 *
 *     -- migrate:up
 *     CREATE TABLE users (id bigint PRIMARY KEY);
 *
 *     -- migrate:down
 *     DROP TABLE users;
 *
 * A directive is a line comment at the very start of a line, outside of
 * strings, dollar quotes, comments and trigger bodies: "--", any blanks,
 * "migrate:", a word, its arguments. docs/reference.md lists them.
 */
#ifndef MIG_SCRIPT_H
#define MIG_SCRIPT_H

#include "digest.h"
#include "split.h"

typedef enum MigSectionKind
{
	MIG_UP,
	MIG_DOWN,
	MIG_VERIFY
} MigSectionKind;

typedef struct MigSection
{
	MigSectionKind kind;
	MigFor target;      /* dialect:... */
	bool transactional; /* false: transaction:false */
	MigStr body;        /* behind the directive's line, to the next section */
	MigPos pos;         /* of the directive */
	MigPos from; /* from which places in it count: pos, or, with the options
	                file:NAME and line:N, its first byte in that file */
} MigSection;

/* No `created` in the header. */
#define MIG_NO_TIME INT64_MIN

typedef struct MigScript
{
	MigStr source; /* file name for messages, may be empty */
	MigStr text;   /* all of it, byte for byte */
	MigStr whole;  /* what it was cut from; positions count in it */
	MigStr revision;
	MigStr revises;  /* as written, words by blanks; absent: not given;
	                    repeatable: "*" */
	MigStr depends;  /* likewise */
	MigStr labels;   /* likewise */
	MigStr message;  /* absent: not given */
	int64_t created; /* microseconds since the epoch, or MIG_NO_TIME */
	bool repeatable; /* migrate:repeatable: runs again when it changes */
	/* migrate:origin LAYOUT VERSION [CHECKSUM]: the tool that it came from,
	   and what stands in that tool's state table; absent: not given.
	   VERSION is percent-encoded in the text (percent.h), not here. */
	MigStr origin, origin_version, origin_checksum;
	MigPos revision_pos, revises_pos;
	MigSection *sections;
	int nsections;
	unsigned char checksum[MIG_DIGEST_SIZE]; /* see checksum.h */
	int statements; /* of its up sections for m's dialect, as written */
	bool plain;     /* these and verify's are plain statements that can run
	                   in a transaction: mig_script_work() has nothing to add */
} MigScript;

/*
 * Cut concatenated scripts apart: each begins at its migrate:revision line
 * (what stands before the first belongs to the first). A text without such a
 * line is one part. Parts point into text. False: MIG_SYNTAX when something
 * in it has no end, or MIG_NOMEM.
 */
extern bool
mig_script_cut(Mig *m, MigStr source, MigStr text, MigStr **parts, int *count);

/*
 * Parse one script. `whole` is the text it was cut from and gives the
 * positions (pass text itself otherwise). The result lives in m's arena and
 * points into text, which must outlive it. A header without `revision` leaves
 * it absent; the caller decides by the file's name. `revises base` gives an
 * empty, not an absent, list.
 *
 * Returns NULL with MIG_SYNTAX (position and hint set) or MIG_NOMEM. Every
 * section is split once to find its errors now rather than in a run, in the
 * dialect of the section, or of m for a section without one; sections for
 * the other database are split too.
 */
extern MigScript *
mig_script_parse(Mig *m, MigStr source, MigStr whole, MigStr text);

/*
 * The same for the parts of one text, one after the other: *at is a position
 * of whole at or before text, and moves on to text's last directive. Finding
 * the places of all parts then costs one walk through whole, not one a part.
 *
 *     MigPos at = mig_lex_pos(source, whole, 0);
 *     for (int i = 0; i < count; i++)
 *         scripts[i] = mig_script_parse_from(m, &at, whole, parts[i]);
 */
extern MigScript *
mig_script_parse_from(Mig *m, MigPos *at, MigStr whole, MigStr text);

/* The same for those who only store it: a plain script has no sections then,
   which are a third of what a script takes. */
extern MigScript *
mig_script_skim_from(Mig *m, MigPos *at, MigStr whole, MigStr text);

/*
 * Check an identifier: letters, digits, _ . - and at most 128 bytes; not one
 * of the words head, heads, base, current. "-1" is one: an exact match wins
 * over reading it as a step. what is "revision" or "label", for the message.
 * False with MIG_SYNTAX; pos with line 0 gives no place.
 */
extern bool mig_script_id(Mig *m, const char *what, MigStr id, MigPos pos);

/*
 * revision and message that a file name gives, folders dropped:
 *
 *     20260129_045646_create_users.sql   20260129_045646   create users
 *     001_2fa.sql                        001               2fa
 *     users.sql                          users             users
 *
 * The revision is the digits and underscores that the name begins with, less
 * a last group that letters follow; without them it is all of the name. The
 * message may be empty. They live in m's arena or point into file; absent
 * after MIG_NOMEM. The revision need not be one that mig_script_id() takes.
 */
extern void
mig_script_name(Mig *m, MigStr file, MigStr *revision, MigStr *message);

/* What translation left out, or what may differ between the databases. */
typedef struct MigWorkNote
{
	MigStr text; /* ends with a zero byte */
	int line;    /* of the script; 0: it speaks of all of it */
} MigWorkNote;

/* The work of one direction in one database, in running order. */
typedef struct MigWork
{
	MigStatement *items; /* the script's own BEGIN, COMMIT, PRAGMA
	                        foreign_keys and \restrict lines are gone */
	int count;
	int nverify;           /* the last nverify of them are verify's */
	bool transactional;    /* false: a section or a statement forbids it */
	MigStatement *alone;   /* the first such statement, or NULL */
	bool foreign_keys_off; /* SQLite: the script wished so */
	bool foreign_keys_on;  /* and wants them on, wherever it says so */
	bool wrapped;          /* it had its own BEGIN ... COMMIT */
	MigWorkNote *notes;    /* what translation has to say */
	int nnotes;
} MigWork;

/*
 * Statements for `dialect`, positions in s->whole: kind MIG_UP gives up sections in file order, then
 * verify; MIG_DOWN gives down sections in reverse. A section that
 * has its own BEGIN ... COMMIT, one or several, must have all its statements
 * but PRAGMAs inside. Other transaction control, and any in a section with
 * transaction:false, is refused (MIG_SYNTAX, position set).
 */
extern bool
mig_script_work(Mig *m, const MigScript *s, const MigDialect *dialect,
                MigSectionKind kind, MigWork *out);

/*
 * The same for a run in t's target: the statements of sections for both
 * databases are translated (translate.h), places stay those of the original.
 * MIG_STMT_ALTER is then one of the kinds; consecutive ones of one table are
 * joined. What cannot be translated is MIG_SYNTAX with its place. What the
 * script makes is learned by t, so scripts are to come in their order.
 */
struct MigTranslator;
extern bool
mig_script_work_for(Mig *m, const MigScript *s, struct MigTranslator *t,
                    MigSectionKind kind, MigWork *out);

/* Whether it has a section of that kind for dialect (or for both). */
extern bool mig_script_has(const MigScript *s, const MigDialect *dialect,
                           MigSectionKind kind);

#endif
