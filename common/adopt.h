/*
 * adopt.h - taking over what another tool has applied: its state table is
 * read, its rows are matched with the stored scripts, and exactly those are
 * recorded as applied. The tool's tables are never written to.
 *
 *     1. Find the tables: one look at the catalog, then each tool's row in
 *        adopt_tools.c says whether a table is its own.
 *     2. Read its rows by the tool's SELECT, whose cells are the same for all
 *        tools (MIG_AD_...).
 *     3. Settle what several rows, a baseline or an ancestry mean, and match
 *        versions with scripts: by origin ("-- migrate:origin flyway 1.2"),
 *        or else by revision, file name or number.
 *     4. A row that cannot be taken over is marked with the reason. The plan
 *        shows all of them; migrate_adopt() fails with the first.
 *
 * A new tool is a row in one of the tables in adopt_tools.c, and a function
 * in adopt_settle.c if its rows need one.
 */
#ifndef MIG_ADOPT_H
#define MIG_ADOPT_H

#include "function.h"
#include "state.h"

/* Cells of a tool's SELECT. */
enum
{
	MIG_AD_VERSION,
	MIG_AD_TIME, /* any of the forms of mig_adopt_time(); NULL: not known */
	MIG_AD_CHECKSUM, /* NULL: the tool has none */
	MIG_AD_STATE,    /* one letter, see MigAdoptState */
	MIG_AD_WHO,      /* NULL: whoever adopts */
	MIG_AD_ELAPSED,  /* milliseconds, or NULL */
	MIG_AD_NAME,     /* another name by which a script may be found, or NULL */
	MIG_AD_COUNT
};

typedef enum MigAdoptState
{
	MIG_ADOPT_APPLIED,    /* a */
	MIG_ADOPT_FAILED,     /* f: failed, dirty or under way */
	MIG_ADOPT_UNDONE,     /* u: cancels earlier rows of its version */
	MIG_ADOPT_BASELINE,   /* b: everything up to this version is done */
	MIG_ADOPT_LATEST,     /* l: the same, and the version must be there */
	MIG_ADOPT_REPEATABLE, /* r: found by name, a changed one runs again */
	MIG_ADOPT_IGNORED     /* x: says nothing about scripts */
} MigAdoptState;

typedef enum MigVerdict
{
	MIG_SUM_NONE, /* the tool keeps no checksum, or kept none here */
	MIG_SUM_SAME,
	MIG_SUM_OPAQUE, /* by an algorithm of an older release: accepted */
	MIG_SUM_DIFFERS
} MigVerdict;

/* One row of the tool's, or one revision that such a row implies. */
typedef struct MigAdoptRow
{
	MigStr version; /* as the tool has it */
	MigStr name;
	MigStr checksum;
	MigStr who;
	int64_t time; /* microseconds, or MIG_NO_TIME */
	int64_t elapsed;
	MigAdoptState state;
	int32_t script; /* index in MigAdopt.scripts, or -1 */
	MigVerdict verdict;
	bool adopt;           /* to be recorded */
	bool known;           /* is recorded already */
	MigStr problem, hint; /* why it cannot be, and the way out */
	MigStr note;          /* what else there is to say */
	int32_t place;        /* in the order of the graph */
} MigAdoptRow;

/* A stored script, as far as adoption needs it. */
typedef struct MigAdoptScript
{
	MigStr revision;
	MigStr sum;      /* the engine's own checksum */
	MigStr stem;     /* its file's name without folders and suffix */
	MigStr layout;   /* origin, absent: a native script */
	MigStr version;  /* likewise */
	MigStr checksum; /* likewise; several by commas */
	int32_t node;    /* or -1: it is not in the graph */
	bool repeatable;
	bool applied; /* is recorded already */
	bool taken;   /* some row stands for it */
	bool adopted; /* such a row is taken over */
} MigAdoptScript;

/* A table that may be some tool's. */
typedef struct MigAdoptTable
{
	MigStr schema, name;
	MigStr columns; /* lower case, by blanks, one before and behind */
} MigAdoptTable;

/* How versions compare. */
typedef enum MigVersionKind
{
	MIG_VERSION_TEXT,
	MIG_VERSION_NUMBER, /* leading zeros do not count */
	MIG_VERSION_DOTTED  /* 1.0 = 1, 1_10 > 1_9 */
} MigVersionKind;

typedef struct MigAdopt MigAdopt;

/* Flags of a tool. */
enum
{
	MIG_ADOPT_POSTGRESQL = 1, /* works with */
	MIG_ADOPT_SQLITE = 2,
	MIG_ADOPT_BOTH = 3,
	MIG_ADOPT_GAPS = 4,     /* may apply what is older than the newest */
	MIG_ADOPT_ANYWHERE = 8, /* SQLite: in any attached database */
	MIG_ADOPT_ANY = 16      /* has no layout: scripts of any will do */
};

typedef struct MigAdoptTool
{
	const char *name; /* as the user says it */
	int flags;
	MigVersionKind kind;
	const char *tables; /* usual names, by blanks */
	const char *schema; /* PostgreSQL: only there; NULL: in any */
	const char *needs;  /* columns by blanks; !x: must not be there */
	const char *beside; /* a table in the same schema; !x: must not be there */
	/* "@t" is the table. sqlite NULL: the same. */
	const char *postgresql;
	const char *sqlite;
	/* A table by which the tool locks, and a SELECT of who holds it ("@t");
	   no row: nobody. NULL: it has none. */
	const char *lock_table;
	const char *lock_owner;
	/* PostgreSQL: its advisory locks, 0: none; or a factor by which the
	   CRC-32 of the database's name is multiplied, 0: none. */
	int64_t locks[2];
	int64_t lock_factor;
	bool (*settle)(MigAdopt *a); /* NULL: every row for itself */
} MigAdoptTool;

struct MigAdopt
{
	Mig *m;
	MigHost *h;
	MigState *s;
	MigStr wanted; /* the tool's name, or auto */
	MigStr where;  /* "schema.table", "table", "schema." or absent */
	MigStr schema; /* the call's argument */

	MigAdoptTable *tables;
	int ntables;
	size_t tables_room;

	const MigAdoptTool *tool;
	const MigAdoptTable *table; /* its state table; NULL: user_version */
	int64_t user_version;

	MigAdoptRow *rows;
	int nrows;
	size_t rows_room;

	MigAdoptScript *scripts;
	int nscripts;
	size_t scripts_room;
	int norigins;    /* how many are from a directory of the tool's */
	MigMap versions; /* key to script */
	MigMap names;
	MigMap numbers;
	MigMap twice; /* keys of more than one script */
};

extern bool mig_call_adopt(MigCall *c);
extern bool mig_call_adopt_plan(MigCall *c);

/* adopt_tools.c: all tools; *count of them. */
extern const MigAdoptTool *mig_adopt_tools(int *count);

/*
 * adopt_find.c: look at the catalog and find the tool and its table. False:
 * MIG_ARGUMENT (no such tool; it is another database's), MIG_STATE (no table,
 * or several, which are listed).
 */
extern bool mig_adopt_find(MigAdopt *a);

/* Read SQLite's PRAGMA user_version into a->user_version. */
extern bool mig_adopt_user_version(MigAdopt *a);

/* A table by name in the schema of the tool's own, or NULL. */
extern const MigAdoptTable *
mig_adopt_table(const MigAdopt *a, MigStr schema, const char *name);

/* sql with "@t" replaced by a table's quoted name. */
extern MigStr
mig_adopt_sql(Mig *m, const char *sql, const MigAdoptTable *table);

/* adopt_lock.c: keep the tool from running until the end of the transaction.
   False: MIG_STATE, who holds its lock. look: only look at its lock table. */
extern bool mig_adopt_lock(MigAdopt *a, bool look);

/* adopt_match.c: read what the scripts say of themselves and index it. */
extern bool mig_adopt_scripts(MigAdopt *a);

/*
 * The script that a row stands for: by version, else by name. -1: none; -2:
 * more than one has this name or number.
 */
extern int32_t mig_adopt_match(MigAdopt *a, const MigAdoptRow *row);

/* Whether a script came from a directory of the tool's. */
extern bool mig_adopt_is_own(const MigAdopt *a, const MigAdoptScript *s);

/* Versions in the tool's order: less than, equal to, greater than 0. */
extern int mig_version_cmp(MigVersionKind kind, MigStr a, MigStr b);

/* A version in the one form in which equal ones have equal bytes. */
extern MigStr mig_version_key(Mig *m, MigVersionKind kind, MigStr version);

/* The tool's checksum of a row against the script's. */
extern MigVerdict mig_adopt_compare(const MigAdopt *a, const MigAdoptRow *row,
                                    const MigAdoptScript *script);

/* adopt_settle.c: what a tool's rows mean together. */
extern bool mig_settle_rows(MigAdopt *a);     /* the last row a version wins */
extern bool mig_settle_baseline(MigAdopt *a); /* the same, and baselines */
extern bool mig_settle_ancestors(MigAdopt *a); /* with all that is below */
extern bool mig_settle_sqitch(MigAdopt *a);    /* rows of other projects */

/* A row behind the others; NULL: MIG_NOMEM. */
extern MigAdoptRow *mig_adopt_row(MigAdopt *a);

/* Mark a row as one that cannot be taken over. Returns true unless memory is
   short. */
extern bool mig_adopt_refuse(MigAdopt *a, MigAdoptRow *row, const char *hint,
                             const char *format, ...) MIG_PRINTF(4, 5);

/*
 * A time as tools write it: a number of seconds, milliseconds or microseconds
 * since the epoch (by its size), or a date that mig_time_parse() reads, with
 * more than six digits of a fraction, " UTC" or a second blank before the
 * offset allowed. MIG_NO_TIME when it is none of these.
 */
extern int64_t mig_adopt_time(MigStr cell);

#endif
