/*
 * queries.h - every statement that the engine itself sends to a database.
 *
 * One text serves both where it can. Parameters are $1, $2, ... (the SQLite
 * binding writes ?1) and are text or NULL; the query casts them. Cells come
 * back as text. "@s." stands for the schema with the scripts (PostgreSQL: the
 * extension's; SQLite: main), "@a." for the schema with the state of the call
 * (PostgreSQL: the same; SQLite: the attached database that the call names).
 * Booleans go in as 1 or 0; come back as t, f, 1 or 0. Times go in as ISO 8601 and
 * come back as that or as microseconds since the epoch.
 *
 * The bindings prepare a query once and keep it. In PostgreSQL they run with
 * search_path set to pg_catalog, pg_temp.
 */
#ifndef MIG_QUERIES_H
#define MIG_QUERIES_H

#include <stdbool.h>

typedef enum MigQuery
{
	MIG_Q_SUMMARY,        /* key -> position, heads, complete */
	MIG_Q_STATE_ENSURE,   /* name, value: unless it is there */
	MIG_Q_STATE_LOCK,     /* name -> value; locked until the end */
	MIG_Q_STATE_SHARE,    /* name -> value; nobody changes it until the end */
	MIG_Q_STATE_SET,      /* name, value */
	MIG_Q_GRAPH,          /* -> the graph */
	MIG_Q_GRAPH_IDS,      /* the same, but only as far as MIG_C_LABELS */
	MIG_Q_GRAPH_SINCE,    /* key, position -> newer scripts, as far as
	                           MIG_C_APPLIED */
	MIG_Q_STATUS,         /* key -> the graph with all that is known */
	MIG_Q_APPLIED,        /* key -> revision, checksum of what is applied */
	MIG_Q_MISSING,        /* key -> applied revisions without a script */
	MIG_Q_SCRIPT,         /* revision -> script and who stored it */
	MIG_Q_SCRIPTS,        /* -> all scripts, for add, load and verify */
	MIG_Q_APPLIED_ANY,    /* -> revisions applied in any schema */
	MIG_Q_REVISION_ADD,   /* all columns */
	MIG_Q_REVISION_SET,   /* all columns, by revision */
	MIG_Q_REVISION_CHAIN, /* revision, revises, chain, position */
	MIG_Q_REVISION_DROP,  /* revision */
	MIG_Q_APPLIED_ADD,    /* key, revision, checksum, at, who, elapsed_ms */
	MIG_Q_APPLIED_DROP,   /* key, revision */
	MIG_Q_APPLIED_CHECKSUM, /* revision, checksum: every schema */
	MIG_Q_LOG_ADD, /* at, action, schema, revision, checksum, who, client, elapsed_ms, version, detail */
	MIG_Q_SETTINGS,       /* -> name, value */
	MIG_Q_SCRIPTS_NAMING, /* key, word -> revision, applied_at, script
	                         (NULL: it renames nothing) of what is
	                         applied (key NULL: of all) and has it in its
	                         script, in any order */
	MIG_Q_TABLES_NAMING,  /* SQLite: word -> stored texts of tables that have
	                         it in them */
	MIG_Q_PARTIAL, /* key, revision (NULL: all) -> revision, number, action,
	                  checksum, line, finished */
	MIG_Q_PARTIAL_ADD,    /* key, revision, number, action, checksum, line,
	                      begun_at, finished_at */
	MIG_Q_PARTIAL_FINISH, /* key, revision, number, checksum, line,
	                         finished_at */
	MIG_Q_PARTIAL_DROP,   /* key, revision */
	MIG_Q_PARTIAL_ACCEPT, /* revision: whatever its statements are now */
	MIG_Q_MARK,     /* revision -> last number of the log, chain, loaded_at */
	MIG_Q_OUTDATED, /* key -> repeatable revisions that have changed since */
	MIG_Q_APPLIED_FORGET, /* revision: in every schema */
	MIG_Q_COUNT
} MigQuery;

typedef struct MigQueryText
{
	const char *postgresql;
	const char *sqlite; /* NULL: the same */
	int nargs;
	int ncells;  /* 0: returns no rows */
	bool writes; /* so refuse it where nothing may be written */
	bool array;  /* PostgreSQL: $1 is a text[] that holds nargs arguments of
	                each of any number of rows */
} MigQueryText;

extern const MigQueryText mig_queries[MIG_Q_COUNT];

/* The text for a dialect. */
extern const char *mig_query_text(MigQuery query, bool sqlite);

/* Columns of MIG_Q_GRAPH, MIG_Q_GRAPH_SINCE and, with the rest,
   MIG_Q_STATUS. */
enum
{
	MIG_C_REVISION,
	MIG_C_REVISES,
	MIG_C_DEPENDS,
	MIG_C_LABELS,
	MIG_C_POSITION,
	MIG_C_MESSAGE,
	MIG_C_TRANSACTIONAL,
	MIG_C_STATEMENTS,
	MIG_C_APPLIED, /* the checksum that ran; NULL: not applied */
	MIG_C_CREATED,
	MIG_C_CHECKSUM,
	MIG_C_CHAIN,
	MIG_C_APPLIED_AT,
	MIG_C_APPLIED_BY,
	MIG_C_ELAPSED,
	MIG_C_COUNT
};

/* Columns of MIG_Q_SCRIPT. */
enum
{
	MIG_SC_SCRIPT,
	MIG_SC_SOURCE,
	MIG_SC_CHECKSUM,
	MIG_SC_LOADED_BY,
	MIG_SC_TRUSTED, /* whoever stored it may become the caller's role */
	MIG_SC_CHAIN,
	MIG_SC_LOADED_AT, /* in any form */
	MIG_SC_COUNT
};

/* Columns of MIG_Q_SCRIPTS. */
enum
{
	MIG_SS_REVISION,
	MIG_SS_REVISES,
	MIG_SS_DEPENDS,
	MIG_SS_LABELS,
	MIG_SS_POSITION,
	MIG_SS_CHECKSUM,
	MIG_SS_CHAIN,
	MIG_SS_SOURCE,
	MIG_SS_TRUSTED,
	MIG_SS_SCRIPT,
	MIG_SS_COUNT
};

/* Arguments of MIG_Q_REVISION_ADD and MIG_Q_REVISION_SET. */
enum
{
	MIG_A_REVISION,
	MIG_A_REVISES,
	MIG_A_DEPENDS,
	MIG_A_LABELS,
	MIG_A_MESSAGE,
	MIG_A_CREATED,
	MIG_A_CHECKSUM,
	MIG_A_CHAIN,
	MIG_A_SOURCE,
	MIG_A_LOADED_AT,
	MIG_A_LOADED_BY,
	MIG_A_POSITION,
	MIG_A_TRANSACTIONAL,
	MIG_A_STATEMENTS,
	MIG_A_SCRIPT,
	MIG_A_COUNT
};

#endif
