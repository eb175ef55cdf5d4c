/*
 * perform.h - one revision's statements, and its records.
 *
 * The only caller of host.h's enter, exec and leave.
 */
#ifndef MIG_PERFORM_H
#define MIG_PERFORM_H

#include "prepare.h"

/* The place of the run from here on, and the note about it. from: how many of
   its statements are done already. */
extern bool mig_perform_start(Mig *m, MigHost *h, MigAction action, MigStr id,
                              MigStr message, const MigReady *ready, int from);

/* Run statements from to before `to` of a work; those of its verify sections
   must hold. enter and leave are around them, and what statements before
   `from` have set is set again. */
extern bool
mig_perform(Mig *m, MigHost *h, const MigWork *work, int from, int to);

/* Enough for any place. */
#define MIG_PLACE_MAX 512

/*
 * Where the run is, as both databases show it:
 * revision "20260129_045646", 20260129_045646_create_users.sql line 12
 */
extern void mig_place_text(const MigPlace *place, char *out, size_t size);

/* Put the place of the run into a failure; returns false. */
extern bool mig_perform_blame(Mig *m, MigHost *h);

/* The first words of a statement, for a detail. */
extern MigStr mig_perform_glimpse(MigStr text);

/* Whether a statement sets something for the session that a later one may
   count on: SET, RESET, PRAGMA name = value. */
extern bool
mig_perform_sets(const MigDialect *dialect, const MigStatement *statement);

/*
 * What was done, to be recorded in migrate_applied and migrate_log. Within
 * one transaction that may wait until the end: in SQLite every statement that
 * changes the schema makes prepared ones stale, so that to write in one go
 * saves compiling them again and again.
 */
typedef struct MigDone
{
	MigAction action;
	MigStr id, checksum;
	int64_t at;      /* microseconds since the epoch */
	int64_t elapsed; /* milliseconds; -1: nothing ran */
	bool again;      /* a repeatable script: it may be recorded already */
} MigDone;

typedef struct MigRecords
{
	MigDone *items;
	size_t count, room;
} MigRecords;

/* Note one in m's arena, its strings copied. */
extern bool mig_records_add(Mig *m, MigRecords *r, const MigDone *done);

/* Write all, in order, and forget them. */
extern bool mig_records_write(Mig *m, MigHost *h, MigRecords *r);

/* Write one at once. */
extern bool mig_record_write(Mig *m, MigHost *h, const MigDone *done);

/* Whether a statement of the work may look at what is recorded: it has a name
   that begins with migrate_ in it. */
extern bool mig_perform_looks(const MigWork *work);

#endif
