/*
 * alembic_py.h - what a revision file of Alembic says about its place in the
 * graph, read as text: nothing of it is run.
 *
 *     """create users
 *
 *     Create Date: 2026-01-29 04:56:46
 *     """
 *     revision: str = "ae1027a6acf"
 *     down_revision = ("1975ea83b712", "27c6a30d7c24")
 *     branch_labels = None
 *
 * Such assignments stand at the start of a line and give strings, None, or a
 * tuple or list of strings; an annotation does not matter.
 */
#ifndef MIG_ALEMBIC_PY_H
#define MIG_ALEMBIC_PY_H

#include "layout.h"

typedef struct MigAlembic
{
	const MigFile *file;
	MigStr revision; /* absent: the file has none */
	/* words by blanks; empty for None, absent when they are not given */
	MigStr revises, labels, depends;
	MigStr message;
	int64_t created; /* or MIG_NO_TIME; without a zone it is taken for UTC */
} MigAlembic;

/* False: MIG_SYNTAX (position set) when a value is something else, or
   MIG_NOMEM. */
extern bool mig_alembic_py(Mig *m, const MigFile *file, MigAlembic *out);

#endif
