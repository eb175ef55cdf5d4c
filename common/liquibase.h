/*
 * liquibase.h - a changelog of Liquibase in formatted SQL: its lines.
 *
 *     --liquibase formatted sql
 *     --property name:type value:text
 *
 *     --changeset anna:1 dbms:postgresql runInTransaction:false
 *     CREATE TABLE users (name ${type});
 *     --rollback DROP TABLE users;
 *
 * A directive is a line that begins with "--", whatever its case and with
 * blanks before and behind the hyphens.
 */
#ifndef MIG_LIQUIBASE_H
#define MIG_LIQUIBASE_H

#include "layout.h"
#include "lines.h"

/* What follows a word and a colon, in quotes or up to a blank. */
typedef struct MigLiquibaseSet
{
	const MigFile *file;
	MigStr path; /* the file's name, or logicalFilePath in its plain form */
	MigStr author, id;
	MigStr attributes;      /* the rest of the changeset's line */
	MigStr message;         /* of --comment, or absent */
	int line;               /* of the changeset's own line */
	size_t at;              /* offset of the next line */
	MigStr up, down;        /* its text, less what is not for this direction */
	int up_line, down_line; /* on which they begin */
	bool rollback;          /* there is something for down, if only "empty" */
	MigStr rollback_of; /* "changesetId:... changesetAuthor:...", or absent */
	MigStr warn;        /* a precondition that only warns */
} MigLiquibaseSet;

typedef struct MigLiquibaseProperty
{
	const MigFile *file;
	MigStr name, value, dbms, context;
	bool local; /* to its file */
} MigLiquibaseProperty;

/* What all files together give. */
typedef struct MigLiquibase
{
	MigLiquibaseSet *sets;
	int nsets;
	size_t room;
	MigLiquibaseProperty *properties;
	int nproperties;
	size_t properties_room;
	bool no_preconditions; /* they are not to be kept */
} MigLiquibase;

/* Whether the first line that is not blank says so. */
extern bool mig_liquibase_is(MigStr text);

/* Add what a file has. False: MIG_SYNTAX (position set) or MIG_NOMEM. */
extern bool mig_liquibase_read(Mig *m, const MigFile *file, MigLiquibase *all);

/* The value of name:value in a line, quotes off; absent if it is not there.
   name in lower case; in the line its case does not count. */
extern MigStr mig_liquibase_attribute(MigStr line, const char *name);

/*
 * A set's text with ${name} replaced, for one of the two databases, whatever
 * the name's case. The tree's settings placeholder.NAME count, then the first
 * property of the name in the set's file and those before it. What has no
 * value stays.
 */
extern MigStr
mig_liquibase_expand(Mig *m, const MigTree *tree, const MigLiquibase *all,
                     const MigLiquibaseSet *set, MigStr text, MigFor target);

#endif
