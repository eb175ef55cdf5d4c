/*
 * directive.h - one line comment of a script: is it a directive, and which?
 *
 *     -- migrate:up dialect:postgresql transaction:false
 *        `prefix`word `args`
 */
#ifndef MIG_DIRECTIVE_H
#define MIG_DIRECTIVE_H

#include "dialect.h"
#include "split.h"

/* Header directives come before sections. */
typedef enum MigDirectiveKind
{
	MIG_D_REVISION,
	MIG_D_REVISES,
	MIG_D_DEPENDS,
	MIG_D_LABELS,
	MIG_D_MESSAGE,
	MIG_D_CREATED,
	MIG_D_ORIGIN,
	MIG_D_REPEATABLE,
	MIG_D_UP,
	MIG_D_DOWN,
	MIG_D_VERIFY,
	MIG_D_COUNT /* no such directive */
} MigDirectiveKind;

typedef struct MigDirective
{
	MigDirectiveKind kind;
	MigStr comment; /* all of it */
	MigStr word;    /* behind the colon */
	MigStr args;    /* the rest, trimmed; maybe empty */
	bool exact;     /* "--", blanks, "migrate:", word; else it is one only
	                   to a reader: "-- Migrate: Up" */
} MigDirective;

/*
 * Read a line comment. False when it is none and does not look like one. An
 * exact one may still have kind MIG_D_COUNT; one that is not exact never has.
 */
extern bool mig_directive_read(MigStr comment, MigDirective *d);

/* The word of a directive, as it is to be written. */
extern const char *mig_directive_name(MigDirectiveKind kind);

/* Whether it begins a section. */
extern bool mig_directive_section(const MigDirective *d);

/* Whether nobody would write this line but as a directive, wherever it
   stands: its arguments make sense. For those that are misplaced. */
extern bool mig_directive_meant(const MigDirective *d);

/* The databases that a section's options name; BOTH if they do not say. */
extern MigFor mig_directive_for(const MigDirective *d);

/* What the options of a section say. */
typedef struct MigOptions
{
	MigFor target;
	bool transactional;
	MigStr file; /* file:NAME as written, percent-encoded; absent: none */
	int line;    /* line:N; 0: none */
} MigOptions;

/* Read a section's options. False: MIG_SYNTAX, and *bad is the part of the
   arguments that is wrong. */
extern bool mig_directive_options(Mig *m, const MigDirective *d,
                                  MigOptions *options, MigStr *bad);

/* Fail with MIG_SYNTAX because there is no such directive; hints at the
   nearest. Returns false. */
extern bool mig_directive_unknown(Mig *m, const MigDirective *d);

#endif
