/*
 * prepare.h - the work of a plan's steps, made before the first one runs.
 *
 *     mig_prepare(&s, &plan, MIG_RUN, &prepared);
 *     for (i = 0; i < plan.count; i++)
 *         mig_prepare_step(&prepared, i, &own, &ready);
 *
 * Every step's script is read and cut into statements first, in the order of
 * the plan, so that whatever can be known to fail does so before anything has
 * run. Works stay in memory up to MIG_PREPARE_KEEP bytes; those of the steps
 * beyond are made again, each once and in the same order, when they come.
 */
#ifndef MIG_PREPARE_H
#define MIG_PREPARE_H

#include "plan.h"
#include "recall.h"
#include "script.h"
#include "state.h"

#define MIG_PREPARE_KEEP ((size_t) 16 * 1024 * 1024)

/* What a step runs. */
typedef struct MigReady
{
	MigStr source;   /* file name without folders, or empty */
	MigStr checksum; /* as it is stored */
	MigStr version;  /* MIG_EACH: see mig_prepare_version() */
	MigWork work;
	bool kept;      /* source, checksum and work live in the state's arena */
	uint32_t known; /* what the translator knew before it */
} MigReady;

typedef struct MigPrepared
{
	MigState *s;
	const MigPlan *plan;
	MigReady *steps;  /* those that are kept; the others are empty */
	size_t left;      /* bytes that may still be kept */
	MigTranslator *t; /* of sections for both databases */
} MigPrepared;

/*
 * Make the work of every step. Fails when a script is gone, was stored by a
 * role that the caller is not to trust, has no down section for a revert;
 * with MIG_RUN also when it refuses a transaction.
 */
extern bool mig_prepare(MigState *s, const MigPlan *plan, MigScope scope,
                        MigPrepared *out);

/* Step i's work: the kept one, or one that is made again in own's arena; own
   has the failure then. */
extern bool
mig_prepare_step(const MigPrepared *p, int i, Mig *own, MigReady *out);

/* What tells a stored script, with all that it builds on, from any other: its
   chain hash and when it was stored. In m's arena. */
extern bool
mig_prepare_version(Mig *m, MigStr chain, MigStr loaded_at, MigStr *out);

/* The stored checksum of a revision, copied into m's arena; absent when it is
   not known. */
extern bool
mig_prepare_checksum(Mig *m, MigHost *h, MigStr revision, MigStr *out);

/* What a step would run: its statements, and whether in a transaction. */
typedef struct MigMeasure
{
	bool transactional;
	int32_t statements;
} MigMeasure;

/* Read the scripts of a plan's steps and measure their work in the step's
   direction; *out by step, in the arena. */
extern bool
mig_prepare_measure(MigState *s, const MigPlan *plan, MigMeasure **out);

#endif
