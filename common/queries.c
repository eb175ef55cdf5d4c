#include "private.h"

#include "queries.h"

#define GRAPH_IDS "SELECT r.revision, r.revises, r.depends, r.labels"

#define GRAPH_COLUMNS                                                         \
	GRAPH_IDS ", r.position, r.message, r.transactional, r.statements"

#define GRAPH_FROM " FROM @s.migrate_revision AS r"

#define APPLIED_JOIN                                                          \
	" LEFT JOIN @a.migrate_applied AS a ON a.schema = $1"                     \
	" AND a.revision = r.revision"                                            \
	" AND (a.checksum = r.checksum OR r.revises IS NULL OR r.revises <> '*')"

/* Whoever stored a script could as well become the role that runs it: then
   running it gives nobody a right that he had not. */
#define TRUSTED                                                               \
	"(r.loaded_by = CURRENT_USER OR EXISTS (SELECT 1 FROM"                    \
	" pg_catalog.pg_roles AS p WHERE p.rolname = r.loaded_by AND"             \
	" pg_catalog.pg_has_role(p.oid, CURRENT_USER, 'MEMBER')))"

#define MICROS(column)                                                        \
	"CAST(EXTRACT(epoch FROM " column ") * 1000000 AS bigint)"

#define REVISION_COLUMNS                                                      \
	"revision, revises, depends, labels, message, created_at, checksum,"      \
	" chain, source, loaded_at, loaded_by, position, transactional,"          \
	" statements, script"

#define NAMING                                                                \
	" FROM @s.migrate_revision AS r LEFT JOIN @a.migrate_applied AS a"        \
	" ON a.schema = $1 AND a.revision = r.revision"                           \
	" WHERE ($1 IS NULL OR a.revision IS NOT NULL)"

const MigQueryText mig_queries[MIG_Q_COUNT] = {
	[MIG_Q_SUMMARY] =
		{.postgresql =
             "SELECT (SELECT value FROM @s.migrate_state WHERE name = 'position'),"
             " (SELECT value FROM @s.migrate_state WHERE name = 'heads'),"
             " (SELECT value FROM @a.migrate_state WHERE name = 'complete:' || $1)",
         .nargs = 1,
         .ncells = 3},
	[MIG_Q_STATE_ENSURE] = {.postgresql =
                                "INSERT INTO @a.migrate_state (name, value)"
                                " VALUES ($1, $2) ON CONFLICT DO NOTHING",
                            .nargs = 2,
                            .writes = true},
	[MIG_Q_STATE_LOCK] =
		{.postgresql =
             "SELECT value FROM @a.migrate_state WHERE name = $1 FOR UPDATE",
         .sqlite = "SELECT value FROM @a.migrate_state WHERE name = $1",
         .nargs = 1,
         .ncells = 1,
         .writes = true},
	[MIG_Q_STATE_SHARE] = {.postgresql = "SELECT value FROM @s.migrate_state"
                                         " WHERE name = $1 FOR SHARE",
                           .sqlite = "SELECT value FROM @s.migrate_state"
                                     " WHERE name = $1",
                           .nargs = 1,
                           .ncells = 1,
                           .writes = true},
	[MIG_Q_STATE_SET] =
		{.postgresql =
             "UPDATE @a.migrate_state SET value = $2 WHERE name = $1",
         .sqlite = "INSERT INTO @a.migrate_state (name, value) VALUES ($1, $2)"
                   " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
         .nargs = 2,
         .writes = true},
	[MIG_Q_GRAPH] = {.postgresql = GRAPH_COLUMNS GRAPH_FROM,
                     .nargs = 0,
                     .ncells = MIG_C_STATEMENTS + 1},
	[MIG_Q_GRAPH_IDS] = {.postgresql = GRAPH_IDS GRAPH_FROM,
                         .nargs = 0,
                         .ncells = MIG_C_LABELS + 1},
	[MIG_Q_GRAPH_SINCE] =
		{.postgresql = GRAPH_COLUMNS
         ", a.checksum" GRAPH_FROM APPLIED_JOIN
         " WHERE r.position > CAST($2 AS bigint) ORDER BY r.position",
         .nargs = 2,
         .ncells = MIG_C_APPLIED + 1},
	[MIG_Q_STATUS] =
		{.postgresql = GRAPH_COLUMNS
         ", a.checksum, " MICROS("r.created_at") ", r.checksum, r.chain, " MICROS(
			 "a.applied_at") ", a.applied_by, a.elapsed_ms" GRAPH_FROM
             APPLIED_JOIN,
         .sqlite = GRAPH_COLUMNS
         ", a.checksum, r.created_at, r.checksum, r.chain,"
         " a.applied_at, a.applied_by, a.elapsed_ms" GRAPH_FROM APPLIED_JOIN,
         .nargs = 1,
         .ncells = MIG_C_COUNT},
	[MIG_Q_APPLIED] = {.postgresql =
                           "SELECT a.revision, a.checksum FROM"
                           " @a.migrate_applied AS a WHERE a.schema = $1",
                       .nargs = 1,
                       .ncells = 2},
	[MIG_Q_MISSING] =
		{.postgresql = "SELECT a.revision, a.checksum, " MICROS(
			 "a.applied_at") ", a.applied_by, a.elapsed_ms FROM @a.migrate_applied AS a"
                             " WHERE a.schema = $1 AND NOT EXISTS (SELECT 1 FROM"
                             " @s.migrate_revision AS r WHERE r.revision = a.revision)"
                             " ORDER BY a.revision",
         .sqlite = "SELECT a.revision, a.checksum, a.applied_at, a.applied_by,"
                   " a.elapsed_ms FROM @a.migrate_applied AS a"
                   " WHERE a.schema = $1 AND NOT EXISTS (SELECT 1 FROM"
                   " @s.migrate_revision AS r WHERE r.revision = a.revision)"
                   " ORDER BY a.revision",
         .nargs = 1,
         .ncells = 5},
	[MIG_Q_SCRIPT] =
		{.postgresql =
             "SELECT r.script, r.source, r.checksum, r.loaded_by, " TRUSTED
             ", r.chain, " MICROS(
				 "r.loaded_at") " FROM @s.migrate_revision AS r WHERE r.revision = $1",
         .sqlite =
             "SELECT r.script, r.source, r.checksum, r.loaded_by, 1,"
             " r.chain, r.loaded_at FROM @s.migrate_revision AS r WHERE r.revision = $1",
         .nargs = 1,
         .ncells = MIG_SC_COUNT},
	[MIG_Q_SCRIPTS] =
		{.postgresql = "SELECT r.revision, r.revises, r.depends, r.labels,"
                       " r.position, r.checksum, r.chain, r.source, " TRUSTED
                       ", r.script"
                       " FROM @s.migrate_revision AS r",
         .sqlite = "SELECT r.revision, r.revises, r.depends, r.labels,"
                   " r.position, r.checksum, r.chain, r.source, 1, r.script"
                   " FROM @s.migrate_revision AS r",
         .ncells = MIG_SS_COUNT},
	[MIG_Q_APPLIED_ANY] =
		{.postgresql = "SELECT DISTINCT revision FROM @a.migrate_applied",
         .ncells = 1},
	[MIG_Q_REVISION_ADD] =
		{.postgresql =
             "INSERT INTO @s.migrate_revision (" REVISION_COLUMNS ")"
             " SELECT $1[i], $1[i + 1], $1[i + 2], $1[i + 3], $1[i + 4],"
             " CAST($1[i + 5] AS timestamptz), $1[i + 6], $1[i + 7],"
             " $1[i + 8], (SELECT CAST($1[10] AS timestamptz)), $1[i + 10],"
             " CAST($1[i + 11] AS bigint), CAST($1[i + 12] AS boolean),"
             " CAST($1[i + 13] AS integer), $1[i + 14]"
             " FROM generate_series(1, cardinality($1), 15) AS i",
         .sqlite =
             "INSERT INTO @s.migrate_revision (" REVISION_COLUMNS ")"
             " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
             " $14, $15)",
         .nargs = MIG_A_COUNT,
         .writes = true,
         .array = true},
	[MIG_Q_REVISION_SET] =
		{.postgresql =
             "UPDATE @s.migrate_revision SET revises = $2,"
             " depends = $3, labels = $4, message = $5,"
             " created_at = CAST($6 AS timestamptz), checksum = $7, chain = $8,"
             " source = $9, loaded_at = CAST($10 AS timestamptz), loaded_by = $11,"
             " position = CAST($12 AS bigint), transactional ="
             " CAST($13 AS boolean), statements = CAST($14 AS integer),"
             " script = $15 WHERE revision = $1",
         .sqlite =
             "UPDATE @s.migrate_revision SET revises = $2, depends = $3,"
             " labels = $4, message = $5, created_at = $6, checksum = $7,"
             " chain = $8, source = $9, loaded_at = $10, loaded_by = $11,"
             " position = $12, transactional = $13, statements = $14, script = $15"
             " WHERE revision = $1",
         .nargs = MIG_A_COUNT,
         .writes = true},
	[MIG_Q_REVISION_CHAIN] =
		{.postgresql =
             "UPDATE @s.migrate_revision SET revises = $2, chain = $3,"
             " position = CAST($4 AS bigint) WHERE revision = $1",
         .nargs = 4,
         .writes = true},
	[MIG_Q_REVISION_DROP] =
		{.postgresql = "DELETE FROM @s.migrate_revision WHERE revision = $1",
         .nargs = 1,
         .writes = true},
	[MIG_Q_APPLIED_ADD] =
		{.postgresql =
             "INSERT INTO @a.migrate_applied (schema, revision,"
             " checksum, applied_at, applied_by, elapsed_ms) VALUES ($1, $2, $3,"
             " CAST($4 AS timestamptz), $5, CAST($6 AS bigint))",
         .sqlite =
             "INSERT INTO @a.migrate_applied (schema, revision,"
             " checksum, applied_at, applied_by, elapsed_ms) VALUES ($1, $2, $3,"
             " $4, $5, $6)",
         .nargs = 6,
         .writes = true},
	[MIG_Q_APPLIED_DROP] = {.postgresql =
                                "DELETE FROM @a.migrate_applied"
                                " WHERE schema = $1 AND revision = $2",
                            .nargs = 2,
                            .writes = true},
	[MIG_Q_APPLIED_CHECKSUM] =
		{.postgresql = "UPDATE @a.migrate_applied SET checksum = $2"
                       " WHERE revision = $1",
         .nargs = 2,
         .writes = true},
	[MIG_Q_LOG_ADD] =
		{.postgresql =
             "INSERT INTO @a.migrate_log (at, action, schema,"
             " revision, checksum, who, client, elapsed_ms, version, detail)"
             " VALUES (CAST($1 AS timestamptz), $2, $3, $4, $5, $6, $7,"
             " CAST($8 AS bigint), $9, $10)",
         .sqlite =
             "INSERT INTO @a.migrate_log (at, action, schema,"
             " revision, checksum, who, client, elapsed_ms, version, detail)"
             " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
         .nargs = 10,
         .writes = true},
	[MIG_Q_SETTINGS] = {.postgresql =
                            "SELECT name, value FROM @s.migrate_setting",
                        .ncells = 2},
	[MIG_Q_PARTIAL] =
		{.postgresql =
             "SELECT p.revision, p.number, p.action, p.checksum, p.line,"
             " p.finished_at IS NOT NULL FROM @a.migrate_partial AS p"
             " WHERE p.schema = $1 AND (CAST($2 AS text) IS NULL"
             " OR p.revision = $2) ORDER BY p.revision, p.number",
         .nargs = 2,
         .ncells = 6},
	[MIG_Q_PARTIAL_ADD] =
		{.postgresql =
             "INSERT INTO @a.migrate_partial (schema, revision, number, action,"
             " checksum, line, begun_at, finished_at) VALUES ($1, $2,"
             " CAST($3 AS integer), $4, $5, CAST($6 AS integer),"
             " CAST($7 AS timestamptz), CAST($8 AS timestamptz))",
         .sqlite =
             "INSERT INTO @a.migrate_partial (schema, revision, number, action,"
             " checksum, line, begun_at, finished_at)"
             " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
         .nargs = 8,
         .writes = true},
	[MIG_Q_PARTIAL_FINISH] =
		{.postgresql =
             "UPDATE @a.migrate_partial SET checksum = $4,"
             " line = CAST($5 AS integer),"
             " finished_at = CAST($6 AS timestamptz) WHERE schema = $1"
             " AND revision = $2 AND number = CAST($3 AS integer)",
         .sqlite = "UPDATE @a.migrate_partial SET checksum = $4, line = $5,"
                   " finished_at = $6 WHERE schema = $1 AND revision = $2"
                   " AND number = CAST($3 AS integer)",
         .nargs = 6,
         .writes = true},
	[MIG_Q_PARTIAL_DROP] = {.postgresql =
                                "DELETE FROM @a.migrate_partial"
                                " WHERE schema = $1 AND revision = $2",
                            .nargs = 2,
                            .writes = true},
	[MIG_Q_PARTIAL_ACCEPT] = {.postgresql =
                                  "UPDATE @a.migrate_partial SET checksum = ''"
                                  " WHERE revision = $1",
                              .nargs = 1,
                              .writes = true},
	[MIG_Q_MARK] =
		{.postgresql =
             "SELECT (SELECT max(l.id) FROM @a.migrate_log AS l), r.chain,"
             " " MICROS("r.loaded_at") " FROM @s.migrate_revision AS r"
                                       " WHERE r.revision = $1",
         .sqlite = "SELECT (SELECT max(l.id) FROM @a.migrate_log AS l),"
                   " r.chain, r.loaded_at FROM @s.migrate_revision AS r"
                   " WHERE r.revision = $1",
         .nargs = 1,
         .ncells = 3},
	[MIG_Q_SCRIPTS_NAMING] =
		{.postgresql = "SELECT r.revision, " MICROS(
			 "a.applied_at") ", CASE WHEN"
                             " strpos(lower(r.script), 'rename') > 0 THEN r.script END" NAMING
                             " AND strpos(lower(r.script), lower($2)) > 0",
         .sqlite =
             "SELECT r.revision, a.applied_at, CASE WHEN"
             " instr(lower(r.script), 'rename') > 0 THEN r.script END" NAMING
             " AND instr(lower(r.script), lower($2)) > 0",
         .nargs = 2,
         .ncells = 3},
	[MIG_Q_TABLES_NAMING] =
		{.postgresql = "SELECT CAST($1 AS text) WHERE false",
         .sqlite = "SELECT t.sql FROM @a.sqlite_master AS t"
                   " WHERE t.type = 'table'"
                   " AND instr(lower(t.sql), lower($1)) > 0 ORDER BY t.rowid",
         .nargs = 1,
         .ncells = 1},
	[MIG_Q_OUTDATED] = {.postgresql =
                            "SELECT a.revision FROM @a.migrate_applied AS a,"
                            " @s.migrate_revision AS r WHERE a.schema = $1 AND"
                            " r.revision = a.revision AND r.revises = '*' AND"
                            " a.checksum <> r.checksum",
                        .nargs = 1,
                        .ncells = 1},
	[MIG_Q_APPLIED_FORGET] =
		{.postgresql = "DELETE FROM @a.migrate_applied WHERE revision = $1",
         .nargs = 1,
         .writes = true},
};

const char *
mig_query_text(MigQuery query, bool sqlite)
{
	const MigQueryText *q = &mig_queries[query];

	return sqlite && q->sqlite ? q->sqlite : q->postgresql;
}
