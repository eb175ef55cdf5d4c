/*
 * function.h - the SQL interface as a table: every function's name,
 * arguments, result and code. Both bindings walk it, so that the two
 * databases cannot differ: SQLite registers each entry, PostgreSQL's
 * functions (declared in sql/migrate.sql) find theirs by its number.
 */
#ifndef MIG_FUNCTION_H
#define MIG_FUNCTION_H

#include "host.h"

typedef enum MigType
{
	MIG_TYPE_TEXT,
	MIG_TYPE_INT,
	MIG_TYPE_BOOL,
	MIG_TYPE_TIME, /* microseconds since the epoch in `number` */
	MIG_TYPE_MS    /* milliseconds with a fraction; microseconds in `number` */
} MigType;

typedef struct MigValue
{
	bool null;
	MigStr text;    /* MIG_TYPE_TEXT */
	int64_t number; /* the others; booleans are 0 or 1 */
} MigValue;

typedef struct MigArg
{
	const char *name;
	MigType type;
	bool required;        /* NULL is an error */
	const char *standard; /* what NULL or leaving it out means; may be NULL */
} MigArg;

typedef struct MigColumn
{
	const char *name;
	MigType type;
} MigColumn;

enum
{
	MIG_FN_WRITES = 1, /* DIRECTONLY in SQLite, VOLATILE in PostgreSQL */
	MIG_FN_FILES = 2,  /* reads or writes files: DIRECTONLY too */
	MIG_FN_PURE = 4,   /* looks at nothing but its arguments */
	MIG_FN_ROWS = 8    /* a set-returning or table-valued function */
};

#define MIG_MAX_ARGS 8
#define MIG_MAX_COLUMNS 16

typedef struct MigCall MigCall;

typedef struct MigFunction
{
	const char *name;
	int flags;
	MigType result; /* of a function without MIG_FN_ROWS */
	bool (*code)(MigCall *c);
	MigArg args[MIG_MAX_ARGS];          /* ends at name == NULL */
	MigColumn columns[MIG_MAX_COLUMNS]; /* ends at name == NULL */
} MigFunction;

struct MigCall
{
	/* in: the binding sets them */
	Mig *m;
	MigHost *host;
	const MigFunction *function;
	MigValue args[MIG_MAX_ARGS]; /* those left out are null */
	uint32_t unwanted; /* columns, by bits, whose cells nobody will read */

	/* out */
	MigValue result;
	int64_t nrows;
	void *rows; /* the function's own */
	bool (*row)(MigCall *c, int64_t i, MigValue *cells);
};

typedef enum MigFunctionId
{
	MIG_FN_ADD,
	MIG_FN_LOAD,
	MIG_FN_REMOVE,
	MIG_FN_REPLACE,
	MIG_FN_SCRIPT,
	MIG_FN_REVISION,
	MIG_FN_MERGE,
	MIG_FN_APPLY,
	MIG_FN_REVERT,
	MIG_FN_STAMP,
	MIG_FN_SQL,
	MIG_FN_PLAN,
	MIG_FN_STATUS,
	MIG_FN_CURRENT,
	MIG_FN_HEADS,
	MIG_FN_BASES,
	MIG_FN_BRANCHES,
	MIG_FN_HISTORY,
	MIG_FN_SHOW,
	MIG_FN_GRAPH,
	MIG_FN_VERIFY,
	MIG_FN_CHECK,
	MIG_FN_FINGERPRINT,
	MIG_FN_DIALECT,
	MIG_FN_VERSION,
	MIG_FN_RUN,
	MIG_FN_ADOPT,
	MIG_FN_ADOPT_PLAN,
	MIG_FN_EXPORT,
	MIG_FN_REHEARSE,
	MIG_FN_TRANSLATE,
	MIG_FN_TYPES,
	MIG_FN_TYPE_CHECK,
	MIG_FN_TYPE_PROBLEM,
	MIG_FN_TYPE_KEY,
	MIG_FN_SCHEMA,
	MIG_FN_SCHEMA_FINGERPRINT,
	MIG_FN_COUNT
} MigFunctionId;

extern const MigFunction mig_functions[MIG_FN_COUNT];

/*
 * Fill in defaults, check required arguments, run the code. On success the
 * result or the rows are in c, alive as long as m; rows are read with
 * mig_call_row() and touch no database. False: m->status says why, and in
 * SQLite everything that the call did is undone.
 */
extern bool mig_call(MigCall *c);

/* Row i of the result: one value a column. */
extern bool mig_call_row(MigCall *c, int64_t i, MigValue *cells);

extern int mig_function_nargs(const MigFunction *f);
extern int mig_function_ncolumns(const MigFunction *f);

/*
 * The failure as one text, as psql prints it: the message, then lines
 * "DETAIL:  ", "HINT:  ", "CONTEXT:  ". In the arena, or the bare message
 * when there is no memory.
 */
extern const char *mig_status_text(Mig *m);

#endif
