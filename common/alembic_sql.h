/*
 * alembic_sql.h - the output of "alembic upgrade base:heads --sql" and of
 * "alembic downgrade heads:base --sql", cut back into revisions.
 *
 *     BEGIN;
 *     -- Running upgrade ae1027a6acf -> b2c3
 *     CREATE TABLE users (...);
 *     UPDATE alembic_version SET version_num='b2c3' WHERE ...;
 *     COMMIT;
 */
#ifndef MIG_ALEMBIC_SQL_H
#define MIG_ALEMBIC_SQL_H

#include "layout.h"

/* What one such line begins. */
typedef struct MigAlembicStep
{
	const MigFile *file;
	bool up;
	MigFor target;
	MigStr revision; /* that it applies or reverts */
	MigStr text;     /* up to the next such line */
	int line;        /* on which text begins */
	/* statements between a COMMIT and a BEGIN stand alone, and so what stands
	   around them are parts of their own, in running order */
	MigPart *parts;
	int nparts;
} MigAlembicStep;

/* Whether a file holds such output. */
extern bool mig_alembic_is_sql(const MigDialect *dialect, MigStr text);

/*
 * The steps of a file, without what keeps Alembic's own table and without
 * BEGIN and COMMIT. False: what mig_split() fails with.
 */
extern bool mig_alembic_sql(Mig *m, const MigFile *file, MigFor target,
                            MigAlembicStep **steps, int *count);

#endif
