/*
 * mig.h - the core's base: strings, positions, errors, memory.
 *
 * Everything the core does happens inside a Mig, which the caller makes for
 * one call from SQL and throws away after it:
 *
 *     Mig m;
 *     mig_init(&m, &memory, &mig_postgresql);
 *     script = mig_script_parse(&m, source, text);
 *     if (script == NULL)
 *         report(&m.status);
 *     mig_done(&m);
 *
 * There are no globals, so two connections, or a nested call, never meet.
 */
#ifndef MIG_H
#define MIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__) || defined(__clang__)
#define MIG_PRINTF(f, a) __attribute__((__format__(__printf__, f, a)))
#else
#define MIG_PRINTF(f, a)
#endif

/*
 * A run of bytes that somebody else owns. Not NUL-terminated. at == NULL is
 * SQL's NULL (absent), which differs from an empty string.
 */
typedef struct MigStr
{
	const char *at;
	size_t len;
} MigStr;

/* For "%.*s". */
#define MIG_S(s) (int) (s).len, (s).at

/* A MigStr of a string literal. */
#define MIG_LIT(s) ((MigStr){(s), sizeof(s) - 1})

/* What kind of failure it was; each binding maps it to its own codes. */
typedef enum MigCode
{
	MIG_OK,
	MIG_NOMEM,    /* the host's allocator refused */
	MIG_SYNTAX,   /* a script that does not read: directive, quote, section */
	MIG_ARGUMENT, /* a call with arguments that make no sense */
	MIG_GRAPH,    /* cycle, missing parent, duplicate, label taken */
	MIG_TARGET,   /* a target that names nothing, or more than one thing */
	MIG_STATE,    /* what is applied forbids it */
	MIG_TRANSACTION, /* a statement that a transaction block refuses */
	MIG_CONTEXT,     /* called where it cannot work: nested, read-only, busy */
	MIG_PERMISSION,  /* the role may not, or a script is not trusted */
	MIG_REFUTED,     /* a verify section said no */
	MIG_FILE,    /* a file or directory that could not be read or written */
	MIG_HOST,    /* the database's own error, text in the status */
	MIG_INTERNAL /* a defect of this software */
} MigCode;

/* A place in a script. line and column count from 1; line 0: no place. */
typedef struct MigPos
{
	MigStr source; /* file name, or empty */
	size_t offset; /* bytes from the start of the text */
	int line;
	int column; /* in characters (UTF-8), not bytes */
} MigPos;

/*
 * The first failure of a Mig. The texts are fixed arrays, so that they work
 * after MIG_NOMEM; a text that is too long is cut at a character. Style: the
 * PostgreSQL message guide. context is the place: a script's file, line and
 * column, or the revision that was running.
 */
typedef struct MigStatus
{
	MigCode code;
	MigPos pos;
	char message[512];
	char detail[512];
	char hint[512];
	char context[512];
} MigStatus;

/*
 * The host's allocator. get may return NULL; sizes are in bytes. block is the
 * size of the arena's first block, 0 for the usual one; tests set 1, so that
 * every allocation reaches get.
 */
typedef struct MigMemory
{
	void *(*get)(void *context, size_t size);
	void (*put)(void *context, void *memory);
	void *context;
	size_t block;
} MigMemory;

/*
 * The whole pages, of 4096 bytes, of a block that get is about to return; none
 * (*length is 0) if it has no room for a large one, of 2 MB, or is NULL. A host
 * may ask its system for large pages there: the first touch of a small one
 * costs a fault, on a virtual machine as much as to read a file, and such a
 * block is only wanted when a megabyte has been used before.
 */
extern void *mig_memory_pages(void *memory, size_t size, size_t *length);

typedef struct MigBlock MigBlock;
typedef struct MigDialect MigDialect;

typedef struct Mig
{
	MigMemory memory;
	MigBlock *blocks; /* arena: every byte the core owns */
	size_t used;      /* bytes taken of it so far, for tests and bench */
	MigStatus status;
	const MigDialect *dialect; /* of the database that runs us */
} Mig;

/* Prepare m. Nothing is allocated. */
extern void
mig_init(Mig *m, const MigMemory *memory, const MigDialect *dialect);

/* Give every block back. m->status stays readable. */
extern void mig_done(Mig *m);

/*
 * size bytes from the arena, zeroed, aligned for any type; NULL and MIG_NOMEM
 * when the host has none. Lives until mig_done(). size 0 gives a valid
 * pointer.
 */
extern void *mig_alloc(Mig *m, size_t size);

/* count * size bytes likewise; an overflow of the product is MIG_NOMEM. */
extern void *mig_alloc_array(Mig *m, size_t count, size_t size);

/*
 * Grow an array in the arena: a block with room for at least need elements of
 * size bytes whose first used ones are copied from old. *room is updated.
 * Returns old when it is large enough; NULL on MIG_NOMEM (old stays valid).
 */
extern void *mig_grow(Mig *m, void *old, size_t used, size_t *room,
                      size_t need, size_t size);

/* A copy of s in the arena, with a NUL behind it; {NULL, 0} on MIG_NOMEM. */
extern MigStr mig_copy(Mig *m, MigStr s);

/*
 * Record a failure, unless one is recorded already (the first is the cause).
 * Always returns false, so that callers write return mig_fail(...).
 */
extern bool
mig_fail(Mig *m, MigCode code, const char *format, ...) MIG_PRINTF(3, 4);

/*
 * Add to the failure just recorded; no-ops when that text is set already or
 * nothing has failed. They return false as well. mig_at() also writes the
 * context: "file.sql line 3, column 7" or "line 3, column 7"; a pos without a
 * line is none.
 */
extern bool mig_detail(Mig *m, const char *format, ...) MIG_PRINTF(2, 3);
extern bool mig_hint(Mig *m, const char *format, ...) MIG_PRINTF(2, 3);
extern bool mig_context(Mig *m, const char *format, ...) MIG_PRINTF(2, 3);
extern bool mig_at(Mig *m, MigPos pos);

/* Whether nothing has failed so far. */
#define mig_ok(m) ((m)->status.code == MIG_OK)

/* Strings. Comparison is by bytes; a prefix sorts first. */
extern MigStr mig_str(const char *s); /* {NULL, 0} for NULL */
extern bool mig_str_eq(MigStr a, MigStr b);
extern bool mig_str_is(MigStr a, const char *b);
extern int mig_str_cmp(MigStr a, MigStr b);
extern bool mig_str_starts(MigStr s, MigStr prefix);
extern MigStr mig_str_trim(MigStr s); /* blanks, tabs and line ends */
extern MigStr mig_str_from(MigStr s, size_t offset);

/* ASCII case-insensitive comparison, for keywords. word in lower case. */
extern bool mig_str_word(MigStr s, const char *word);

/*
 * Take the next word off a list that is separated by blanks, commas or line
 * ends. False at its end. An absent list is an empty one.
 */
extern bool mig_str_next(MigStr *list, MigStr *word);

/* A decimal number with nothing around it; false if it is none or too big. */
extern bool mig_str_int(MigStr s, int64_t *value);

/*
 * The candidate nearest to word, to say in a hint; false when none is near
 * (edit distance over a third of the word; case does not count). Start with *best = {NULL, 0} and
 * *distance = 0, and offer each candidate in turn.
 */
extern void
mig_nearest(MigStr word, MigStr candidate, MigStr *best, int *distance);

#endif
