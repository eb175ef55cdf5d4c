/* Type names, what becomes of them, and how they compare. */
#include <string.h>

#include "types.h"
#include "unit.h"

#define P MIG_FOR_POSTGRESQL
#define L MIG_FOR_SQLITE
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct
{
	MigFor in;
	const char *declared;
	const char *family;
	const char *becomes; /* in the other database; NULL: nothing */
	const char *verdict;
} names[] = {
	{P, "integer", "integer 32", "integer", "wider"},
	{P, "INT8", "integer 64", "INT8", "wider"},
	{P, "bigserial", "integer 64", "integer", "wider"},
	{P, "numeric ( 10 , 2 )", "numeric", "numeric ( 10 , 2 )", "lossy"},
	{P, "double  precision", "float 64", "double  precision", "wider"},
	{P, "character varying(20)", "varchar", "character varying(20)", "wider"},
	{P, "timestamp (3) with time zone", "timestamp with time zone",
     "timestamptz text(3)", "lossy"},
	{P, "timestamp without time zone", "timestamp", "timestamp", "wider"},
	{P, "UUID", "uuid", "uuid text", "lossy"},
	{P, "jsonb", "json", "jsonb text", "lossy"},
	{P, "bytea", "bytes", "bytea blob", "same"},
	{P, "pg_catalog.int4", "integer 32", "int4", "wider"},
	{P, "pg_catalog.\"timestamptz\"", "timestamp with time zone",
     "timestamptz text", "lossy"},
	{P, "text[]", "array", NULL, "none"},
	{P, "int ARRAY[3]", "array", NULL, "none"},
	{P, "tsvector", "other", NULL, "none"},
	{P, "", "none", NULL, "none"},
	{P, "a_name_that_is_longer_than_any_name_that_a_table_of_types_could_have",
     "other", NULL, "none"},
	{L, "INTEGER", "integer 64", "bigint", "narrower"},
	{L, "int", "integer 64", "bigint", "narrower"},
	{L, "SMALLINT", "integer 16", "SMALLINT", "narrower"},
	{L, "INTEGER(11)", "integer 64", "bigint", "narrower"},
	{L, "REAL", "float 64", "double precision", "narrower"},
	{L, "NVARCHAR(7)", "varchar", "varchar(7)", "narrower"},
	{L, "DATETIME", "timestamp", "timestamp", "narrower"},
	{L, "uuid text", "uuid", "uuid", "narrower"},
	{L, "timestamptz text(3)", "timestamp with time zone", "timestamptz(3)",
     "narrower"},
	{L, "bytea blob", "bytes", "bytea", "narrower"},
	{L, "mood text", "text", "text", "narrower"},
	{L, "anything int like", "integer 64", "bigint", "narrower"},
	{L, "geometry", "other", NULL, "none"},
	{L, "", "none", NULL, "none"},
};

static void
test_names(Unit *u)
{
	for (size_t i = 0; i < COUNT(names); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);
		MigFor to = names[i].in == L ? P : L;
		MigTypeName t;
		MigTypeFate fate;

		unit_row(u, "%s", names[i].declared);
		CHECK(u,
		      mig_type_read(m, names[i].in, mig_str(names[i].declared), &t));
		CHECK_STR(u, mig_str(mig_type_family(t.family)), names[i].family);
		CHECK(u, mig_type_fate(m, &t, to, &fate));
		CHECK_STR(u, fate.becomes, names[i].becomes);
		CHECK_STR(u, mig_str(mig_type_verdict(fate.verdict)),
		          names[i].verdict);
		CHECK(u, fate.why != NULL || fate.verdict == MIG_V_SAME ||
		             fate.verdict == MIG_V_NONE);
	}
}

/* What a name of PostgreSQL becomes in SQLite is read there as its family,
   and has an affinity that keeps its values. */
static void
test_round_trip(Unit *u)
{
	static const struct
	{
		const char *name;
		MigAffinity affinity;
	} rows[] = {
		{"uuid", MIG_AFFINITY_TEXT},
		{"json", MIG_AFFINITY_TEXT},
		{"jsonb", MIG_AFFINITY_TEXT},
		{"timestamptz", MIG_AFFINITY_TEXT},
		{"interval", MIG_AFFINITY_TEXT},
		{"inet", MIG_AFFINITY_TEXT},
		{"bytea", MIG_AFFINITY_BLOB},
		{"bigint", MIG_AFFINITY_INTEGER},
		{"smallint", MIG_AFFINITY_INTEGER},
		{"varchar(3)", MIG_AFFINITY_TEXT},
		{"char(3)", MIG_AFFINITY_TEXT},
		{"numeric(3, 1)", MIG_AFFINITY_NUMERIC},
		{"boolean", MIG_AFFINITY_NUMERIC},
		{"double precision", MIG_AFFINITY_REAL},
		{"date", MIG_AFFINITY_NUMERIC},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);
		MigTypeName there, back;
		MigTypeFate fate;

		unit_row(u, "%s", rows[i].name);
		CHECK(u, mig_type_read(m, P, mig_str(rows[i].name), &there));
		CHECK(u, mig_type_fate(m, &there, L, &fate));
		CHECK(u, mig_type_affinity(fate.becomes) == rows[i].affinity);
		CHECK(u, mig_type_read(m, L, fate.becomes, &back));
		CHECK(u, back.family == there.family);
		CHECK(u, mig_type_fate(m, &back, P, &fate));
		CHECK(u, fate.becomes.at != NULL);
	}
}

static const struct
{
	MigFor a_in;
	const char *a;
	MigFor b_in;
	const char *b;
	const char *verdict;
} pairs[] = {
	{P, "integer", P, "int4", "same"},
	{P, "integer", P, "bigint", "wider"},
	{P, "bigint", P, "integer", "narrower"},
	{P, "integer", L, "INTEGER", "wider"},
	{L, "INTEGER", P, "integer", "narrower"},
	{P, "uuid", L, "uuid text", "lossy"},
	{L, "uuid text", P, "uuid", "narrower"},
	{P, "varchar(10)", P, "varchar(20)", "wider"},
	{P, "varchar(20)", P, "varchar(10)", "narrower"},
	{P, "varchar(20)", P, "varchar", "wider"},
	{P, "varchar", P, "varchar(10)", "narrower"},
	{P, "varchar(20)", P, "text", "wider"},
	{P, "text", P, "varchar(20)", "narrower"},
	{P, "numeric(10, 2)", P, "numeric(12, 4)", "wider"},
	{P, "numeric(10, 4)", P, "numeric(12, 2)", "lossy"},
	{P, "numeric(10, 2)", P, "numeric(10, 4)", "narrower"},
	{P, "timestamptz", P, "timestamp", "lossy"},
	{P, "date", P, "timestamp", "wider"},
	{P, "uuid", P, "integer", "none"},
	{P, "tsvector", P, "tsvector", "same"},
	{P, "tsvector", P, "text", "none"},
};

static void
test_compare(Unit *u)
{
	for (size_t i = 0; i < COUNT(pairs); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);
		MigTypeName a, b;
		const char *why;

		unit_row(u, "%s to %s", pairs[i].a, pairs[i].b);
		CHECK(u, mig_type_read(m, pairs[i].a_in, mig_str(pairs[i].a), &a));
		CHECK(u, mig_type_read(m, pairs[i].b_in, mig_str(pairs[i].b), &b));
		CHECK_STR(u, mig_str(mig_type_verdict(mig_type_compare(&a, &b, &why))),
		          pairs[i].verdict);
	}
}

const UnitTest unit_types[] = {
	{"names", test_names, 0},
	{"round trip", test_round_trip, 0},
	{"compare", test_compare, 0},
	{NULL, NULL, 0},
};
