#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

extern const UnitTest unit_adopt[];
extern const UnitTest unit_digest[];
extern const UnitTest unit_draw[];
extern const UnitTest unit_graph[];
extern const UnitTest unit_hash[];
extern const UnitTest unit_layout[];
extern const UnitTest unit_layout_read[];
extern const UnitTest unit_lex[];
extern const UnitTest unit_mig_h[];
extern const UnitTest unit_plan[];
extern const UnitTest unit_readers[];
extern const UnitTest unit_rebuild[];
extern const UnitTest unit_repeatable[];
extern const UnitTest unit_run[];
extern const UnitTest unit_schema[];
extern const UnitTest unit_script[];
extern const UnitTest unit_split[];
extern const UnitTest unit_target[];
extern const UnitTest unit_template[];
extern const UnitTest unit_translate[];
extern const UnitTest unit_typecheck[];
extern const UnitTest unit_types[];
extern const UnitTest unit_work[];
extern const UnitTest unit_tally[];

static const struct
{
	const char *name;
	const UnitTest *tests;
} suites[] = {
	{"adopt", unit_adopt},
	{"digest", unit_digest},
	{"draw", unit_draw},
	{"graph", unit_graph},
	{"hash", unit_hash},
	{"layout", unit_layout},
	{"layout-read", unit_layout_read},
	{"lex", unit_lex},
	{"mig", unit_mig_h},
	{"plan", unit_plan},
	{"readers", unit_readers},
	{"rebuild", unit_rebuild},
	{"repeatable", unit_repeatable},
	{"run", unit_run},
	{"schema", unit_schema},
	{"script", unit_script},
	{"split", unit_split},
	{"target", unit_target},
	{"template", unit_template},
	{"translate", unit_translate},
	{"typecheck", unit_typecheck},
	{"types", unit_types},
	{"work", unit_work},
	{"tally", unit_tally},
};

#define MIGS 4

struct Unit
{
	Mig migs[MIGS];
	int nmigs;
	long allocations; /* so far in this run */
	long refuse;      /* the one to refuse; 0: none */
	bool refused;
	bool failed;
	const char *suite;
	const char *test;
	char row[256];
};

static void *
unit_get(void *context, size_t size)
{
	Unit *u = context;

	if (++u->allocations == u->refuse)
	{
		u->refused = true;
		return NULL;
	}
	return malloc(size);
}

static void
unit_put(void *context, void *memory)
{
	(void) context;
	free(memory);
}

static Mig *
begin(Unit *u, const MigDialect *dialect, size_t block)
{
	MigMemory memory = {unit_get, unit_put, u, block};

	if (u->nmigs == MIGS)
		abort();
	mig_init(&u->migs[u->nmigs], &memory, dialect);
	return &u->migs[u->nmigs++];
}

Mig *
unit_mig(Unit *u, const MigDialect *dialect)
{
	return begin(u, dialect, 1);
}

Mig *
unit_again(Unit *u, const MigDialect *dialect)
{
	MigMemory memory = {unit_get, unit_put, u, 1};

	if (u->nmigs == 0)
		return unit_mig(u, dialect);
	mig_done(&u->migs[0]);
	mig_init(&u->migs[0], &memory, dialect);
	return &u->migs[0];
}

Mig *
unit_mig_blocks(Unit *u, const MigDialect *dialect)
{
	return begin(u, dialect, 0);
}

void
unit_row(Unit *u, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(u->row, sizeof(u->row), format, args);
	va_end(args);
}

bool
unit_check(Unit *u, bool holds, const char *file, int line, const char *what)
{
	if (holds || u->refused)
		return holds;
	u->failed = true;
	printf("%s:%d: %s/%s: %s\n", file, line, u->suite, u->test, what);
	if (u->row[0] != '\0')
		printf("\tin row: %s\n", u->row);
	for (int i = 0; i < u->nmigs; i++)
		if (u->migs[i].status.code != MIG_OK)
			printf("\tstatus: %s | %s | %s | %s\n", u->migs[i].status.message,
			       u->migs[i].status.detail, u->migs[i].status.hint,
			       u->migs[i].status.context);
	return false;
}

bool
unit_check_str(Unit *u, MigStr got, const char *want, const char *file,
               int line, const char *what)
{
	bool same = want == NULL ? got.at == NULL
	                         : got.at != NULL && mig_str_is(got, want);

	if (!unit_check(u, same, file, line, what))
	{
		if (!u->refused)
			printf("\tgot:  %.*s\n\twant: %s\n", got.at ? (int) got.len : 6,
			       got.at ? got.at : "(null)", want ? want : "(null)");
		return false;
	}
	return true;
}

static void
run(Unit *u, const UnitTest *t, long refuse)
{
	u->nmigs = 0;
	u->allocations = 0;
	u->refuse = refuse;
	u->refused = false;
	u->row[0] = '\0';
	t->run(u);
	for (int i = 0; i < u->nmigs; i++)
		mig_done(&u->migs[i]);
}

/* Plainly, then with each allocation refused in turn. */
static bool
sweep(Unit *u, const UnitTest *t)
{
	run(u, t, 0);
	for (long n = 1; !u->failed && !(t->flags & UNIT_ONCE); n++)
	{
		run(u, t, n);
		if (!u->refused)
			break;
	}
	return !u->failed;
}

/* Arguments: names of suites to run; none: all. */
int
main(int argc, char **argv)
{
	int passed = 0, failed = 0;

	for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++)
	{
		bool wanted = argc == 1;

		for (int a = 1; a < argc; a++)
			wanted |= strcmp(argv[a], suites[i].name) == 0;
		for (const UnitTest *t = suites[i].tests; wanted && t->name; t++)
		{
			Unit u = {0};

			u.suite = suites[i].name;
			u.test = t->name;
			if (sweep(&u, t))
				passed++;
			else
				failed++;
		}
	}
	printf("unit: %d passed, %d failed\n", passed, failed);
	return failed != 0;
}
