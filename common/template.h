/*
 * template.h - the name and the text of a new revision. Pure.
 */
#ifndef MIG_TEMPLATE_H
#define MIG_TEMPLATE_H

#include "mig.h"

/* What stands in migrate_setting; absent: the default. */
typedef struct MigTemplateSettings
{
	MigStr
		file_template; /* "{year}{month}{day}_{hour}{minute}{second}_{slug}" */
	MigStr slug_length;     /* "40" */
	MigStr timezone;        /* "UTC", "local", "+02:00" */
	MigStr script_template; /* see mig_template_script_default */
} MigTemplateSettings;

typedef struct MigNewRevision
{
	/* in */
	MigStr message;
	MigStr revision;  /* absent: from the file name */
	MigStr revises;   /* list by blanks; empty: base */
	MigStr labels;    /* absent: none */
	MigStr depends;   /* absent: none */
	int64_t now;      /* microseconds since the epoch */
	int local_offset; /* seconds, for timezone local */

	/* out */
	MigStr file; /* "20260129_045646_create_users.sql" */
	MigStr text;
} MigNewRevision;

/*
 * Make file, revision (unless given) and text. Placeholders of the file
 * template: year month day hour minute second epoch slug rev; of the script
 * template: revision revises depends labels message created. A line of the
 * script template whose only placeholder is depends or labels is left out
 * when that is absent. "{{" and "}}" stand for braces. A slug is the
 * message's words (letters, digits, _; other scripts' letters are kept),
 * lower case, joined by _, cut at slug_length at a word. False: MIG_ARGUMENT
 * (a placeholder, zone or length that does not exist, a name with a folder in
 * it), MIG_SYNTAX (an identifier that is not one), MIG_NOMEM.
 */
extern bool
mig_template_make(Mig *m, const MigTemplateSettings *s, MigNewRevision *r);

/* Check one setting before it is used: false with MIG_ARGUMENT. */
extern bool mig_template_check(Mig *m, MigStr name, MigStr value);

extern const char *const mig_template_file_default;
extern const char *const mig_template_script_default;

#endif
