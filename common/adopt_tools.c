#include "private.h"

#include "adopt.h"

/* clang-format off */

/* A time as microseconds since the epoch. */
#define MICROS(x)                                                             \
	"CAST(EXTRACT(epoch FROM CAST(" x " AS timestamptz)) * 1000000 AS bigint)"

/* SELECT with the cells MIG_AD_VERSION, TIME, CHECKSUM, STATE, WHO, ELAPSED,
   NAME. */
#define ROWS(version, time, sum, state, who, elapsed, name, rest)             \
	"SELECT " version ", " time ", " sum ", " state ", " who ", " elapsed     \
	", " name " FROM @t " rest

/* Nothing but a list of versions. */
#define LIST(version)                                                         \
	ROWS(version, "NULL", "NULL", "'a'", "NULL", "NULL", "NULL", "ORDER BY 1")

/* Versions and when they were applied. */
#define DATED(version, time, order)                                           \
	ROWS(version, time, "NULL", "'a'", "NULL", "NULL", "NULL",                \
	     "ORDER BY " order)

#define FLYWAY(time)                                                          \
	ROWS("version", time, "checksum",                                         \
	     "CASE WHEN NOT success THEN 'f'"                                     \
	     " WHEN type LIKE '%BASELINE' THEN 'b'"                               \
	     " WHEN type = 'SCHEMA' THEN 'x'"                                     \
	     " WHEN type LIKE 'UNDO%' OR type = 'DELETE' THEN 'u'"                \
	     " WHEN version IS NULL THEN 'r' ELSE 'a' END",                       \
	     "installed_by", "execution_time", "description",                     \
	     "ORDER BY installed_rank")

#define LIQUIBASE(time)                                                       \
	ROWS("filename || '::' || id || '::' || author", time, "md5sum",          \
	     "CASE exectype WHEN 'FAILED' THEN 'f' WHEN 'SKIPPED' THEN 'u'"       \
	     " ELSE 'a' END", "NULL", "NULL", "id || '::' || author",             \
	     "ORDER BY orderexecuted, dateexecuted")

#define PRISMA(time)                                                          \
	ROWS("migration_name", time, "checksum",                                  \
	     "CASE WHEN rolled_back_at IS NOT NULL THEN 'u'"                      \
	     " WHEN finished_at IS NULL THEN 'f' ELSE 'a' END",                   \
	     "NULL", "NULL", "NULL", "ORDER BY started_at")

#define SQITCH(time)                                                          \
	ROWS("change_id", time,                                                   \
	     "CASE WHEN script_hash <> change_id THEN script_hash END", "'a'",    \
	     "committer_name", "NULL", "project || ':' || \"change\"",            \
	     "ORDER BY committed_at")

#define ATLAS(time)                                                           \
	ROWS("version", time, "hash",                                             \
	     "CASE WHEN version LIKE '.%' THEN 'x'"                               \
	     " WHEN (type & 1) <> 0 THEN 'b' WHEN (type & 4) <> 0 THEN 'a'"       \
	     " WHEN error <> '' OR applied < total THEN 'f' ELSE 'a' END",        \
	     "NULL", "execution_time / 1000000", "NULL", "ORDER BY version")

#define SQLX(time, sum)                                                       \
	ROWS("version", time, sum, "CASE WHEN success THEN 'a' ELSE 'f' END",     \
	     "NULL", "CASE WHEN execution_time >= 0 THEN"                         \
	     " execution_time / 1000000 END", "NULL", "ORDER BY version")

/* created_at is when the file was generated, not when it ran. */
#define DRIZZLE(version)                                                      \
	ROWS(version, "NULL", "hash", "'a'", "NULL", "NULL", "hash",              \
	     "ORDER BY created_at")

#define GOLANG "CASE WHEN dirty THEN 'f' ELSE 'l' END"

static const MigAdoptTool tools[] = {
	{
		.name = "alembic",
		.flags = MIG_ADOPT_BOTH,
		.tables = "alembic_version",
		.needs = "version_num",
		.postgresql = LIST("version_num"),
		.settle = mig_settle_ancestors,
	},
	{
		.name = "atlas",
		.flags = MIG_ADOPT_BOTH,
		.tables = "atlas_schema_revisions",
		.needs = "version type applied total hash",
		.postgresql = ATLAS(MICROS("executed_at")),
		.sqlite = ATLAS("executed_at"),
		.settle = mig_settle_baseline,
	},
	{
		.name = "dbmate",
		.flags = MIG_ADOPT_BOTH | MIG_ADOPT_GAPS,
		.tables = "schema_migrations",
		.needs = "version !dirty !inserted_at !statements",
		.beside = "!ar_internal_metadata",
		.postgresql = LIST("version"),
	},
	{
		.name = "diesel",
		.flags = MIG_ADOPT_BOTH | MIG_ADOPT_GAPS,
		.tables = "__diesel_schema_migrations",
		.needs = "version run_on",
		.postgresql = DATED("version", MICROS("run_on"), "version"),
		.sqlite = DATED("version", "run_on", "version"),
	},
	{
		.name = "drizzle",
		.flags = MIG_ADOPT_BOTH,
		.tables = "__drizzle_migrations",
		.needs = "hash created_at !name",
		.postgresql = DRIZZLE("created_at"),
	},
	{
		.name = "drizzle",
		.flags = MIG_ADOPT_BOTH,
		.tables = "__drizzle_migrations",
		.needs = "hash created_at name",
		.postgresql = DRIZZLE("COALESCE(name, CAST(created_at AS text))"),
	},
	{
		.name = "ecto",
		.flags = MIG_ADOPT_BOTH | MIG_ADOPT_GAPS | MIG_ADOPT_ANY,
		.kind = MIG_VERSION_NUMBER,
		.tables = "schema_migrations",
		.needs = "version inserted_at",
		.postgresql = DATED("version",
		                    MICROS("inserted_at AT TIME ZONE 'UTC'"),
		                    "version"),
		.sqlite = DATED("version", "inserted_at", "version"),
	},
	{
		.name = "flyway",
		.flags = MIG_ADOPT_BOTH | MIG_ADOPT_GAPS,
		.kind = MIG_VERSION_DOTTED,
		.tables = "flyway_schema_history schema_version",
		.needs = "installed_rank version checksum success",
		.postgresql = FLYWAY(MICROS("installed_on")),
		.sqlite = FLYWAY("installed_on"),
		.settle = mig_settle_baseline,
	},
	{
		.name = "golang-migrate",
		.flags = MIG_ADOPT_BOTH,
		.kind = MIG_VERSION_NUMBER,
		.tables = "schema_migrations",
		.needs = "version dirty",
		.postgresql = ROWS("version", "NULL", "NULL", GOLANG, "NULL", "NULL",
		                   "NULL", "ORDER BY version"),
		.settle = mig_settle_baseline,
	},
	{
		.name = "goose",
		.flags = MIG_ADOPT_BOTH | MIG_ADOPT_GAPS,
		.kind = MIG_VERSION_NUMBER,
		.tables = "goose_db_version",
		.needs = "version_id is_applied tstamp",
		.postgresql = ROWS("version_id", MICROS("tstamp"), "NULL",
		                   "CASE WHEN is_applied THEN 'a' ELSE 'u' END",
		                   "NULL", "NULL", "NULL",
		                   "WHERE version_id > 0 ORDER BY id"),
		.sqlite = ROWS("version_id", "tstamp", "NULL",
		               "CASE WHEN is_applied THEN 'a' ELSE 'u' END", "NULL",
		               "NULL", "NULL", "WHERE version_id > 0 ORDER BY id"),
		.lock_table = "goose_lock",
		.lock_owner = "SELECT locked_by FROM @t WHERE locked",
		.locks = {4097083626, INT64_C(5887940537704921958)},
		.settle = mig_settle_rows,
	},
	{
		.name = "graphile-migrate",
		.flags = MIG_ADOPT_POSTGRESQL,
		.tables = "migrations",
		.schema = "graphile_migrate",
		.needs = "hash previous_hash filename date",
		.postgresql = ROWS("filename", MICROS("date"), "hash", "'a'", "NULL",
		                   "NULL", "hash", "ORDER BY filename"),
	},
	{
		.name = "hasura",
		.flags = MIG_ADOPT_POSTGRESQL | MIG_ADOPT_GAPS,
		.kind = MIG_VERSION_NUMBER,
		.tables = "schema_migrations",
		.schema = "hdb_catalog",
		.needs = "version dirty",
		.postgresql = ROWS("version", "NULL", "NULL",
		                   "CASE WHEN dirty THEN 'f' ELSE 'a' END", "NULL",
		                   "NULL", "NULL", "ORDER BY version"),
	},
	{
		.name = "hasura",
		.flags = MIG_ADOPT_POSTGRESQL | MIG_ADOPT_GAPS,
		.kind = MIG_VERSION_NUMBER,
		.tables = "hdb_version",
		.schema = "hdb_catalog",
		.needs = "cli_state",
		.beside = "!schema_migrations",
		.postgresql =
			"SELECT v.key, NULL, NULL, CASE WHEN v.value = 'true' THEN 'f'"
			" ELSE 'a' END, NULL, NULL, NULL FROM @t AS t"
			" CROSS JOIN LATERAL jsonb_each(t.cli_state -> 'migrations') AS d"
			" CROSS JOIN LATERAL jsonb_each_text(d.value) AS v ORDER BY 1",
	},
	{
		.name = "knex",
		.flags = MIG_ADOPT_BOTH | MIG_ADOPT_ANY,
		.tables = "knex_migrations",
		.needs = "name batch migration_time",
		.postgresql = DATED("name", MICROS("migration_time"), "id"),
		.sqlite = DATED("name", "migration_time", "id"),
		.lock_table = "knex_migrations_lock",
		.lock_owner = "SELECT 'another run' FROM @t WHERE is_locked = 1",
	},
	{
		.name = "liquibase",
		.flags = MIG_ADOPT_BOTH | MIG_ADOPT_GAPS,
		.tables = "databasechangelog",
		.needs = "id author filename exectype md5sum",
		.postgresql = LIQUIBASE(MICROS("dateexecuted")),
		.sqlite = LIQUIBASE("dateexecuted"),
		.lock_table = "databasechangeloglock",
		.lock_owner = "SELECT COALESCE(lockedby, 'another run')"
		              " FROM @t WHERE locked",
		.settle = mig_settle_rows,
	},
	{
		.name = "node-pg-migrate",
		.flags = MIG_ADOPT_POSTGRESQL | MIG_ADOPT_GAPS,
		.tables = "pgmigrations",
		.needs = "id name run_on",
		.postgresql = DATED("name", MICROS("run_on"), "run_on, id"),
		.locks = {INT64_C(7241865325823964)},
	},
	{
		.name = "prisma",
		.flags = MIG_ADOPT_BOTH | MIG_ADOPT_GAPS,
		.tables = "_prisma_migrations",
		.needs = "checksum finished_at migration_name rolled_back_at",
		.postgresql = PRISMA(MICROS("finished_at")),
		.sqlite = PRISMA("finished_at"),
		.locks = {72707369},
		.settle = mig_settle_rows,
	},
	{
		.name = "rails",
		.flags = MIG_ADOPT_BOTH | MIG_ADOPT_GAPS | MIG_ADOPT_ANY,
		.tables = "schema_migrations",
		.needs = "version !dirty !inserted_at !statements",
		.beside = "ar_internal_metadata",
		.postgresql = LIST("version"),
		.lock_factor = 2053462845,
	},
	{
		.name = "refinery",
		.flags = MIG_ADOPT_BOTH,
		.kind = MIG_VERSION_NUMBER,
		.tables = "refinery_schema_history",
		.needs = "version name applied_on checksum",
		.postgresql = ROWS("version", MICROS("applied_on"), "checksum", "'a'",
		                   "NULL", "NULL", "NULL", "ORDER BY version"),
		.sqlite = ROWS("version", "applied_on", "checksum", "'a'", "NULL",
		               "NULL", "NULL", "ORDER BY version"),
	},
	{
		.name = "sqitch",
		.flags = MIG_ADOPT_BOTH | MIG_ADOPT_ANYWHERE,
		.tables = "changes",
		.needs = "change_id script_hash change project committed_at",
		.postgresql = SQITCH(MICROS("committed_at")),
		.sqlite = SQITCH("committed_at"),
		.locks = {75474063},
		.settle = mig_settle_sqitch,
	},
	{
		.name = "sql-migrate",
		.flags = MIG_ADOPT_BOTH | MIG_ADOPT_GAPS,
		.tables = "gorp_migrations",
		.needs = "id applied_at",
		.postgresql = DATED("id", MICROS("applied_at"), "id"),
		.sqlite = DATED("id", "applied_at", "id"),
	},
	{
		.name = "sqlx",
		.flags = MIG_ADOPT_BOTH | MIG_ADOPT_GAPS,
		.kind = MIG_VERSION_NUMBER,
		.tables = "_sqlx_migrations",
		.needs = "version installed_on success checksum execution_time",
		.postgresql = SQLX(MICROS("installed_on"), "encode(checksum, 'hex')"),
		.sqlite = SQLX("installed_on", "lower(hex(checksum))"),
		.lock_factor = 0x3d32ad9e,
	},
	{
		.name = "supabase",
		.flags = MIG_ADOPT_POSTGRESQL | MIG_ADOPT_GAPS,
		.tables = "schema_migrations",
		.schema = "supabase_migrations",
		.needs = "version !dirty",
		.postgresql = LIST("version"),
	},
	{
		.name = "umzug",
		.flags = MIG_ADOPT_BOTH | MIG_ADOPT_GAPS | MIG_ADOPT_ANY,
		.tables = "SequelizeMeta",
		.needs = "name",
		.postgresql = LIST("name"),
	},
	{
		.name = "user_version",
		.flags = MIG_ADOPT_SQLITE | MIG_ADOPT_ANY,
		.kind = MIG_VERSION_NUMBER,
		.settle = mig_settle_baseline,
	},
};
/* clang-format on */

const MigAdoptTool *
mig_adopt_tools(int *count)
{
	*count = MIG_COUNT(tools);
	return tools;
}
