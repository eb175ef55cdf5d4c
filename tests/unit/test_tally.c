#include "script.h"
#include "unit.h"

#define P &mig_postgresql
#define L &mig_sqlite
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct
{
	const MigDialect *dialect;
	const char *text;
	int statements;
	bool plain;
} tallies[] = {
	{P, "-- migrate:up\n", 0, true},
	{P, "-- migrate:up\n;;\n-- nothing\n;", 0, true},
	{P, "-- migrate:up\nSELECT 1; SELECT 2", 2, true},
	{P, "-- migrate:up\n/*+ hint */;\nSELECT /*+ hint */ 1;", 1, true},
	{P,
     "-- migrate:up\nSELECT 1;\n-- migrate:verify\nSELECT 2;\n"
     "-- migrate:up\nSELECT 3\n-- migrate:down\nSELECT 4; COMMIT;\n",
     2, true},
	{L,
     "-- migrate:up dialect:sqlite\nSELECT 1;\n"
     "-- migrate:up dialect:postgresql\nSELECT 2; VACUUM;\n",
     1, true},
	{P,
     "-- migrate:up dialect:sqlite\nSELECT 1;\n"
     "-- migrate:up dialect:postgresql\nSELECT 2; SELECT 3;\n",
     2, true},
	{L,
     "-- migrate:up\nCREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1;"
     " SELECT 2; END; SELECT 3;\n",
     2, true},
	{P,
     "-- migrate:up\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n"
     "SELECT 1; SELECT 2 $$;\n",
     1, true},

	{P, "-- migrate:up\nBEGIN; SELECT 1; COMMIT;\n", 3, false},
	{P, "-- migrate:up\nSELECT 1; VACUUM\n", 2, false},
	{P, "-- migrate:up\nCREATE INDEX CONCURRENTLY i ON t (a)\n", 1, false},
	{P, "-- migrate:up transaction:false\nSELECT 1;\n", 1, false},
	{P, "-- migrate:up transaction:false\n-- nothing\n", 0, true},
	{P, "-- migrate:up\nCOPY t FROM stdin;\n1\n\\.\nSELECT 1;\n", 2, false},
	{P, "-- migrate:up\nSELECT 1;\n-- migrate:verify\nROLLBACK;\n", 1, false},
	{L, "-- migrate:up\nPRAGMA foreign_keys = off; SELECT 1;\n", 2, false},
	{L, "-- migrate:up\n/* so */ pragma user_version = 3;\n", 1, false},
};

/* What is plain has to be what a second, whole reading says as well. */
static void
test_tally(Unit *u)
{
	for (size_t i = 0; i < COUNT(tallies); i++)
	{
		Mig *m = unit_again(u, tallies[i].dialect);
		MigStr text = mig_str(tallies[i].text);
		MigScript *s = mig_script_parse(m, mig_str("x.sql"), text, text);
		MigWork work;

		unit_row(u, "%s", tallies[i].text);
		CHECK(u, s != NULL);
		CHECK(u, s->statements == tallies[i].statements);
		CHECK(u, s->plain == tallies[i].plain);
		if (!s->plain)
			continue;
		CHECK(u, mig_script_work(m, s, m->dialect, MIG_UP, &work));
		CHECK(u, work.transactional);
		CHECK(u, work.count - work.nverify == s->statements);
	}
}

const UnitTest unit_tally[] = {
	{"tally", test_tally, 0},
	{NULL, NULL, 0},
};
