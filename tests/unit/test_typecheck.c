/* Values of SQLite, and what PostgreSQL would say to them. tests/types asks
   PostgreSQL itself. */
#include <string.h>

#include "typecheck.h"
#include "unit.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct
{
	const char *type, *storage, *value, *problem; /* NULL: none */
} values[] = {
	{"INTEGER", "integer", "9223372036854775807", NULL},
	{"SMALLINT", "integer", "32767", NULL},
	{"SMALLINT", "integer", "32768", "out of range"},
	{"SMALLINT", "integer", "-32768", NULL},
	{"SMALLINT", "integer", "-32769", "out of range"},
	{"INT4", "integer", "2147483648", "out of range"},
	{"INTEGER", "real", "1.5", "not an integer"},
	{"INTEGER", "real", "1e19", "out of range"},
	{"INTEGER", "text", "x", "not an integer"},
	{"INTEGER", "text", "1.5", "not an integer"},
	{"INTEGER", "text", " 12 ", NULL},
	{"INTEGER", "text", "9223372036854775808", "out of range"},
	{"INTEGER", "blob", "1", "bytes in text"},
	{"INTEGER", "null", NULL, NULL},
	{"NUMERIC", "text", "1e5", NULL},
	{"NUMERIC", "text", "NaN", NULL},
	{"NUMERIC", "text", "1,5", "not a number"},
	{"NUMERIC", "text", "1e200000", "out of range"},
	{"NUMERIC(5,2)", "real", "999.99", NULL},
	{"NUMERIC(5,2)", "real", "999.994", "rounded"},
	{"NUMERIC(5,2)", "real", "999.995", "too many digits"},
	{"NUMERIC(5,2)", "integer", "1000", "too many digits"},
	{"NUMERIC(5,2)", "real", "0.004", "rounded"},
	{"NUMERIC(5)", "integer", "99999", NULL},
	{"REAL", "text", "1e400", "out of range"},
	{"REAL", "text", "x", "not a number"},
	{"REAL", "text", "Infinity", NULL},
	{"TEXT", "text", "\xc3\xa9", NULL},
	{"TEXT", "text", "\xc3", "not UTF-8"},
	{"TEXT", "text", "\xed\xa0\x80", "not UTF-8"},
	{"TEXT", "text", "\xf4\x90\x80\x80", "not UTF-8"},
	{"TEXT", "text", "\xc0\x80", "not UTF-8"},
	{"VARCHAR(2)", "text", "\xc3\xa9\xc3\xa9", NULL},
	{"VARCHAR(2)", "text", "abc", "too long"},
	{"VARCHAR(2)", "text", "ab  ", NULL},
	{"VARCHAR", "text", "abc", NULL},
	{"CHAR", "text", "ab", "too long"},
	{"BOOLEAN", "integer", "2", "not a boolean"},
	{"BOOLEAN", "text", "tRu", NULL},
	{"BOOLEAN", "text", "o", "not a boolean"},
	{"DATE", "text", "2024-02-29", NULL},
	{"DATE", "text", "2026-02-29", "impossible date or time"},
	{"DATE", "text", "1900-02-29", "impossible date or time"},
	{"DATE", "text", "2026-13-01", "impossible date or time"},
	{"DATE", "text", "20261301", "impossible date or time"},
	{"DATE", "text", "0000-01-01", "impossible date or time"},
	{"DATE", "text", "2026-01-29 00:00:00", NULL},
	{"DATE", "text", "2026-01-29 00:00:01", "time of day lost"},
	{"DATE", "text", "29.1.2026", "not ISO 8601"},
	{"DATE", "text", "today", "not ISO 8601"},
	{"DATE", "text", "soon", "not a date or time"},
	{"DATE", "text", "", "not a date or time"},
	{"DATE", "text", "infinity", NULL},
	{"DATE", "integer", "1700000000", "number for a date or time"},
	{"TIMESTAMP", "text", "2026-01-29T04:56:46Z", NULL},
	{"TIMESTAMP", "text", "2026-01-29 24:00:00", NULL},
	{"TIMESTAMP", "text", "2026-01-29 24:00:01", "impossible date or time"},
	{"TIMESTAMP", "text", "2026-01-29 04:60:00", "impossible date or time"},
	{"TIMESTAMP", "text", "2026-01-29 04:56:46+02", "zone lost"},
	{"TIMESTAMP", "text", "294277-01-01", "impossible date or time"},
	{"timestamptz text", "text", "2026-01-29 04:56:46+02", NULL},
	{"timestamptz text", "text", "2026-01-29 04:56:46+16",
     "impossible date or time"},
	{"TIME", "text", "23:59:60", NULL},
	{"TIME", "text", "23:59:61", "impossible date or time"},
	{"TIME", "text", "infinity", "not a date or time"},
	{"duration text", "text", "P1DT2H", NULL},
	{"duration text", "text", "1 day 02:00", NULL},
	{"duration text", "text", "1 fortnight", "not an interval"},
	{"json text", "text", " {\"a\": [1, 2.5e3, null]} ", NULL},
	{"json text", "text", "\"\\u0000\"", NULL},
	{"jsonb text", "text", "\"\\u0000\"", "not JSON"},
	{"jsonb text", "text", "\"\\ud83d\\ude00\"", NULL},
	{"jsonb text", "text", "\"\\ud83d\"", "not JSON"},
	{"json text", "text", "[1,]", "not JSON"},
	{"json text", "text", "{\"a\":1}}", "not JSON"},
	{"json text", "text", "[}", "not JSON"},
	{"json text", "text", "01", "not JSON"},
	{"json text", "text", "", "not JSON"},
	{"uuid text", "text", "{ABCDEF00-1111-2222-3333-444444444444}", NULL},
	{"uuid text", "text", "abcdef0-01111-2222-3333-444444444444",
     "not a UUID"},
	{"uuid text", "integer", "12", "not a UUID"},
	{"BLOB", "blob", "a\\b", NULL},
	{"BLOB", "text", "a\\b", "backslash in bytes"},
	{"inet text", "text", "10.1.2.3/8", NULL},
	{"cidr text", "text", "10.1.2.3/8", "not an address"},
	{"inet text", "text", "2001:db8::1", NULL},
	{"inet text", "text", "2001:db8:::1", "not an address"},
	{"macaddr text", "text", "08:00:2b:01:02:03", NULL},
	{"macaddr text", "text", "08:00:2b:01:0203", "not an address"},
	{"geometry", "text", "x", "no type"},
	{"", "integer", "1", "no type"},
};

static bool
read(Mig *m, const char *type, const char *storage, const char *value,
     MigTypeName *t, MigStored *v)
{
	return mig_type_read(m, MIG_FOR_SQLITE, mig_str(type), t) &&
	       mig_typecheck_stored(mig_str(storage), mig_str(value), v);
}

static void
test_values(Unit *u)
{
	for (size_t i = 0; i < COUNT(values); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);
		MigProblem p;
		MigTypeName t;
		MigStored v;

		unit_row(u, "%s %s", values[i].type,
		         values[i].value ? values[i].value : "NULL");
		CHECK(u, read(m, values[i].type, values[i].storage, values[i].value,
		              &t, &v));
		p = mig_typecheck_value(&t, &v);
		CHECK_STR(u, mig_str(mig_problem_name(p)),
		          values[i].problem ? values[i].problem : "none");
	}
}

static void
test_zero(Unit *u)
{
	static const char *const types[] = {"TEXT", "VARCHAR(9)", "json text",
	                                    "DATE", "BLOB"};

	for (size_t i = 0; i < COUNT(types); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);
		MigStored v = {MIG_STORED_TEXT, 0, 0, {"a\0b", 3}};
		MigTypeName t;

		unit_row(u, "%s", types[i]);
		CHECK(u, mig_type_read(m, MIG_FOR_SQLITE, mig_str(types[i]), &t));
		CHECK(u, mig_typecheck_value(&t, &v) == MIG_P_ZERO);
	}
}

/* Values that PostgreSQL takes for one, and some that it does not. */
static const struct
{
	const char *type, *storage, *one, *other;
	bool same;
} keys[] = {
	{"uuid text", "text", "ABCDEF00-1111-2222-3333-444444444444",
     "abcdef00111122223333444444444444", true},
	{"uuid text", "text", "abcdef00111122223333444444444444",
     "abcdef00111122223333444444444445", false},
	{"DATETIME", "text", "2026-01-29", "2026-01-29 00:00:00", true},
	{"DATETIME", "text", "2026-01-28 24:00", "2026-01-29T00:00:00Z", true},
	{"DATETIME", "text", "2026-01-29 00:00:00.0000004", "20260129", true},
	{"DATETIME", "text", "2026-01-29 00:00:00.1", "2026-01-29", false},
	{"timestamptz text", "text", "2026-01-29 00:00+02", "2026-01-28 22:00:00Z",
     true},
	{"DATE", "text", "2024-3-1", "2024-03-01 05:00", true},
	{"DATE", "text", "2024-02-29", "2024-03-01", false},
	{"TIME", "text", "4:05", "04:05:00", true},
	{"TIME", "text", "24:00", "00:00", false},
	{"NUMERIC(5,2)", "real", "1.001", "1", true},
	{"NUMERIC(5,2)", "real", "99.995", "100", true},
	{"NUMERIC(5,2)", "real", "-1.01", "1.01", false},
	{"CHAR(5)", "text", "a", "a  ", true},
	{"CHAR(5)", "text", " a", "a", false},
	{"BOOLEAN", "text", "on", "yes", true},
	{"BOOLEAN", "text", "off", "on", false},
	{"TEXT", "text", "a", "A", false},
};

static void
test_keys(Unit *u)
{
	for (size_t i = 0; i < COUNT(keys); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);
		MigStr a, b;
		MigTypeName t;
		MigStored v, w;

		unit_row(u, "%s %s %s", keys[i].type, keys[i].one, keys[i].other);
		CHECK(u, read(m, keys[i].type, keys[i].storage, keys[i].one, &t, &v));
		CHECK(u,
		      read(m, keys[i].type, keys[i].storage, keys[i].other, &t, &w));
		a = mig_typecheck_key(m, &t, &v);
		b = mig_typecheck_key(m, &t, &w);
		CHECK(u, a.at != NULL && b.at != NULL);
		CHECK(u, mig_str_eq(a, b) == keys[i].same);
		/* Without an alias among them nobody would look. */
		CHECK(u, !keys[i].same || mig_typecheck_alias(&t, &v) ||
		             mig_typecheck_alias(&t, &w));
	}
}

static void
test_stored(Unit *u)
{
	MigStored v;

	(void) u;
	CHECK(u, !mig_typecheck_stored(mig_str("number"), mig_str("1"), &v));
	CHECK(u, !mig_typecheck_stored(mig_str("integer"), mig_str("x"), &v));
	CHECK(u, !mig_typecheck_stored(mig_str("real"), mig_str(""), &v));
	CHECK(u, mig_typecheck_stored(mig_str("real"), mig_str("1.5"), &v) &&
	             v.real == 1.5);
	CHECK(u, mig_typecheck_stored(mig_str("text"), mig_str(NULL), &v) &&
	             v.storage == MIG_STORED_NULL);
}

const UnitTest unit_typecheck[] = {
	{"values", test_values, 0}, {"zero", test_zero, 0}, {"keys", test_keys, 0},
	{"stored", test_stored, 0}, {NULL, NULL, 0},
};
