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
 * Make file, revision (unless given) and text.
 *
 * Placeholders of the file template: year month day hour minute second epoch
 * slug (slug.h) and rev, which is the revision if it is given, else the time
 * as year, month, day, _, hour, minute, second. A slug without a word takes
 * its separator along: "20260129_045646.sql". The revision of a template
 * without {rev} is what mig_script_name() reads from the file's name.
 *
 * Placeholders of the script template: revision revises depends labels
 * message created (UTC, whole seconds). A line whose only placeholder is
 * depends, labels or message is left out when there is none. What comes out
 * is a valid script of that revision.
 *
 * "{{" and "}}" stand for braces. False: MIG_ARGUMENT (a placeholder, zone or
 * length that does not exist, a name that is no plain file name), MIG_SYNTAX
 * (an identifier or a script that is not one), MIG_NOMEM.
 */
extern bool
mig_template_make(Mig *m, const MigTemplateSettings *s, MigNewRevision *r);

/* Check one setting before it is used: false with MIG_ARGUMENT. */
extern bool mig_template_check(Mig *m, MigStr name, MigStr value);

extern const char *const mig_template_file_default;
extern const char *const mig_template_script_default;

#endif
