/*
 * partial.h - revisions that are half done: migrate_partial.
 *
 * A revision that refuses a transaction is committed statement by statement.
 * Each finished one leaves a row: its number in the revision (from 1), what
 * it was (SHA-256 over its tokens) and its line. One that must run outside of
 * a transaction cannot be committed together with its row, so that it leaves
 * one before it begins, without `finished_at`; a run that is cut off between
 * the two may have done it or not. The rows go when the revision is recorded
 * as applied or reverted.
 */
#ifndef MIG_PARTIAL_H
#define MIG_PARTIAL_H

#include "prepare.h"

typedef struct MigPartial
{
	MigStr revision;
	MigStr checksum; /* empty: accepted by migrate_replace(), whatever it is */
	int32_t number;
	int32_t line;
	bool revert;
	bool finished;
} MigPartial;

/* Rows by revision and number. */
typedef struct MigPartials
{
	MigPartial *items;
	int32_t count;
	size_t room;
} MigPartials;

/* How far a revision is. */
typedef struct MigProgress
{
	bool any;         /* something has begun */
	bool revert;      /* of its down sections */
	int32_t finished; /* so many statements, the first ones */
	bool begun;       /* the next one has begun */
} MigProgress;

/* Read the rows of h->key; of one revision, or of all if it is absent. */
extern bool
mig_partial_load(Mig *m, MigHost *h, MigStr revision, MigPartials *out);

extern MigProgress mig_partial_of(const MigPartials *p, MigStr revision);

/*
 * What is half reverted is not there to build on, and what is half applied is
 * there to be reverted: turn around whether a revision that is half done in
 * the other direction counts as applied, so that a plan goes over it and is
 * refused. To be called again behind the plan, which turns it back.
 */
extern void
mig_partial_turn(const MigState *s, const MigPartials *p, MigAction action);

/*
 * MIG_STATE when a plan meets a revision that is half done: with MIG_RUN one
 * of the plan's own; in any case one that is half done in the other direction
 * and that the plan's are, build on, or the reverse. What remains half
 * reverted then does not count as applied in the summary of the state.
 */
extern bool mig_partial_refuse(const MigState *s, const MigPartials *p,
                               const MigPlan *plan, MigScope scope);

/* MIG_STATE when a finished statement of a revision is not what it was. */
extern bool mig_partial_check(Mig *m, const MigPartials *p, MigStr revision,
                              const MigWork *work);

/* A statement has begun, or finished. */
extern bool
mig_partial_add(Mig *m, MigHost *h, MigStr revision, MigAction action,
                int32_t number, const MigStatement *statement, bool finished);

/* One that has begun is finished; it may be another than it was then. */
extern bool mig_partial_finish(Mig *m, MigHost *h, MigStr revision,
                               int32_t number, const MigStatement *statement);

/* The rows of a revision go. */
extern bool mig_partial_drop(Mig *m, MigHost *h, MigStr revision);

/* SHA-256 over a statement's tokens and its COPY data, in hexadecimal. */
extern MigStr mig_partial_checksum(Mig *m, const MigStatement *statement);

#endif
