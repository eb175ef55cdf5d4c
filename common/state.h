/*
 * state.h - the state tables, read into a graph, and what is written to them.
 *
 * A call that finds nothing to do must be as cheap with 100,000 applied
 * revisions as with one. Scripts are numbered as they come (`position`), and
 * each schema keeps the number up to which everything is applied
 * (`complete`). So "is anything pending" is one look at two numbers, and a
 * run to the heads reads only scripts above `complete`; what they revise
 * below it is applied, whatever it is (MIG_NODE_EXTERNAL).
 *
 * Rows of migrate_state: "position", the highest number given; "heads", the
 * revisions that nobody revises, by blanks; "complete:KEY" for each schema.
 * Adding scripts locks "position", a run locks "complete:KEY" and keeps
 * "position" from changing. In PostgreSQL these are row locks, so that a
 * transaction with an old snapshot fails instead of applying twice.
 */
#ifndef MIG_STATE_H
#define MIG_STATE_H

#include "graph.h"
#include "host.h"

/* What is known of a revision; graph nodes have its index as their tag. */
typedef struct MigRecord
{
	MigStr message;
	int64_t position;
	int32_t statements; /* of its up sections in this database */
	bool transactional;
	bool applied;
} MigRecord;

/* The rest, for those who show it (MIG_LOAD_ALL). */
typedef struct MigMore
{
	MigStr checksum, chain;
	MigStr applied; /* the checksum that ran; absent: not applied */
	MigStr applied_by;
	int64_t created, applied_at; /* microseconds, or MIG_NO_TIME */
	int64_t elapsed;             /* milliseconds, or -1 */
} MigMore;

/* Applied, but no script is known. */
typedef struct MigLost
{
	MigStr revision, checksum, applied_by;
	int64_t applied_at, elapsed;
} MigLost;

typedef enum MigLoad
{
	MIG_LOAD_IDS,   /* the graph and what is applied, no records */
	MIG_LOAD_GRAPH, /* and the records */
	MIG_LOAD_ALL,   /* and MigMore */
	MIG_LOAD_NEWER  /* only scripts above `complete` */
} MigLoad;

typedef struct MigState
{
	Mig *m;
	MigHost *h;
	MigGraph graph;
	MigRecord *records;
	MigMore *more;
	int32_t count;
	size_t room, more_room;
	MigLost *lost;
	int32_t nlost;
	size_t lost_room;

	/* the summary */
	int64_t position;
	int64_t complete;
	MigStr heads;
	bool wrote; /* mig_state_settle() was called */
} MigState;

/* Prepare s and read the summary. */
extern bool mig_state_init(MigState *s, Mig *m, MigHost *h);

/* Whether every known revision is applied, by the summary. */
extern bool mig_state_is_complete(const MigState *s);

/* Whether the summary knows exactly one head. */
extern bool mig_state_has_one_head(const MigState *s);

/* Read revisions and build the graph. */
extern bool mig_state_load(MigState *s, MigLoad how);

/* MIG_STATE when something is applied whose script is not known. */
extern bool mig_state_refuse_lost(MigState *s);

/* Take the run lock of h->key and hold the scripts still, then read the
   summary again: what it says now stays true until the end. */
extern bool mig_state_lock(MigState *s);

/* Work `complete` out again from the records, and write it; also `heads` if
   the summary does not know them. */
extern bool mig_state_settle(MigState *s);

/* Whether that would write something else than what stands there. */
extern bool mig_state_is_stale(const MigState *s);

/* Before a revision at `position` is reverted: everything below it at most is
   complete then. */
extern bool mig_state_lower(MigState *s, int64_t position);

/* Before a run: repeatable scripts that are not applied as they are now forget
   that they ran; before a revert all do, for what they made may go with what
   it stands on. */
extern bool mig_state_repeat(MigState *s, bool revert);

/* The revisions that nobody revises, by blanks, as the summary keeps them; as
   if the node `without` were not there (-1: all are). */
extern MigStr mig_state_heads(MigGraph *g, int32_t without);

/* The record of a node; the caller has checked that it is not external. */
extern MigRecord *mig_state_record(const MigState *s, int32_t node);
extern MigMore *mig_state_more(const MigState *s, int32_t node);

/* Append to migrate_log. Absent strings and elapsed < 0 are NULL. */
typedef struct MigLogEntry
{
	const char *action;
	MigStr revision, checksum, detail;
	int64_t elapsed;
} MigLogEntry;
extern bool mig_state_log(Mig *m, MigHost *h, const MigLogEntry *e);

/* The same for what was done at another moment than now. */
extern bool
mig_state_log_at(Mig *m, MigHost *h, const MigLogEntry *e, int64_t at);

/* Cells as values. */
extern bool mig_cell_bool(MigStr cell);
extern int64_t mig_cell_int(MigStr cell, int64_t absent);
extern int64_t mig_cell_time(MigStr cell);

/* The value of a setting, or absent. */
extern MigStr mig_setting(Mig *m, MigHost *h, const char *name);

/* A number as text, in the arena. */
extern MigStr mig_int_text(Mig *m, int64_t value);

#endif
