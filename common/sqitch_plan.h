/*
 * sqitch_plan.h - sqitch.plan: pragmas, changes and tags, and the ids that
 * Sqitch gives the changes.
 *
 *     %project=flipr
 *
 *     users 2026-01-29T04:56:46Z Anna <a@example.org> # Create users.
 *     lists [users !other:lists] 2026-01-29T05:00:00Z Anna <a@example.org>
 *     @v1.0 2026-01-29T05:01:00Z Anna <a@example.org> # Tag it.
 *
 * A name that comes back after a tag is the same change reworked. An id is
 * the SHA-1 of what the line says and of the id before.
 */
#ifndef MIG_SQITCH_PLAN_H
#define MIG_SQITCH_PLAN_H

#include "layout.h"

typedef struct MigSqitchDep
{
	bool conflict;
	MigStr text;    /* without "!" and the plan's own project */
	MigStr project; /* absent: the plan's own */
	MigStr change;  /* name or id; absent: only a tag */
	MigStr tag;     /* without "@"; absent: none */
	MigPos pos;
} MigSqitchDep;

typedef struct MigSqitchChange
{
	MigStr name;
	MigStr revision; /* the name; of the nth rework with ".n" behind it */
	MigStr id;       /* 40 digits */
	MigStr note;
	MigStr planner; /* "Anna <a@example.org>" */
	MigStr date;
	const MigSqitchDep *deps;
	int ndeps;
	int instance; /* 1, or more for a rework */
	int next;     /* index of its rework, or -1 */
	MigPos pos;
} MigSqitchChange;

typedef struct MigSqitchTag
{
	MigStr name; /* without "@" */
	int change;  /* index of the change that it stands behind */
	MigPos pos;
} MigSqitchTag;

typedef struct MigSqitchPlan
{
	const MigFile *file;
	MigStr project, uri;
	MigSqitchChange *changes;
	int nchanges;
	MigSqitchTag *tags;
	int ntags;
	MigMap by_name; /* the first change of a name */
	MigMap by_id;
	MigMap by_tag;
} MigSqitchPlan;

/* Everything lives in m's arena and points into the file. False: MIG_SYNTAX
   (position set) or MIG_NOMEM. */
extern bool mig_sqitch_plan(Mig *m, const MigFile *file, MigSqitchPlan *plan);

/* The change that a dependency of change i on this project means: its latest
   form before i or, with a tag, before the tag. -1: there is none. */
extern int
mig_sqitch_find(const MigSqitchPlan *plan, const MigSqitchDep *dep, int i);

#endif
