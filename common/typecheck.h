/*
 * typecheck.h - would PostgreSQL take a value that SQLite stores? Pure.
 *
 *     MigTypeName t;
 *     MigProblem p;
 *
 *     mig_type_read(m, MIG_FOR_SQLITE, mig_str("date"), &t);
 *     p = mig_typecheck_value(&t, &stored);
 *     if (p != MIG_P_NONE)
 *         say(mig_problem_name(p));
 *
 * SQLite keeps any value in any column; PostgreSQL keeps what its type
 * allows. The judge is what PostgreSQL makes of the value's text: numbers and
 * text go there as a literal without a type ('12'), bytes as bytea, and a
 * number where a date or time is declared as a number.
 */
#ifndef MIG_TYPECHECK_H
#define MIG_TYPECHECK_H

#include "host.h"
#include "types.h"

typedef enum MigProblem
{
	MIG_P_NONE,
	MIG_P_INTEGER,    /* "not an integer" */
	MIG_P_NUMBER,     /* "not a number" */
	MIG_P_RANGE,      /* "out of range" */
	MIG_P_DIGITS,     /* "too many digits" */
	MIG_P_ROUNDED,    /* "rounded": taken, but changed to fit the scale */
	MIG_P_LONG,       /* "too long" */
	MIG_P_BOOLEAN,    /* "not a boolean" */
	MIG_P_IMPOSSIBLE, /* "impossible date or time" */
	MIG_P_DATE,       /* "not a date or time" */
	MIG_P_STYLE,      /* "not ISO 8601": refused, or read by DateStyle */
	MIG_P_SECONDS,    /* "number for a date or time" */
	MIG_P_TIME_LOST,  /* "time of day lost": taken without it */
	MIG_P_ZONE_LOST,  /* "zone lost": taken without it */
	MIG_P_INTERVAL,   /* "not an interval" */
	MIG_P_JSON,       /* "not JSON" */
	MIG_P_UUID,       /* "not a UUID" */
	MIG_P_ADDRESS,    /* "not an address" */
	MIG_P_BYTES,      /* "bytes in text" */
	MIG_P_ESCAPE,     /* "backslash in bytes": read as an escape */
	MIG_P_UTF8,       /* "not UTF-8" */
	MIG_P_ZERO,       /* "zero byte" */
	MIG_P_NO_TYPE,    /* "no type": PostgreSQL has none for the column */
	MIG_P_NULL,       /* "NULL in a primary key" */
	MIG_P_DUPLICATE,  /* "duplicate key": equal in PostgreSQL */
	MIG_P_ORPHAN,     /* "orphan": refers to a row that is not there */
	MIG_P_COUNT
} MigProblem;

extern const char *mig_problem_name(MigProblem p);

/* What PostgreSQL does with it: "refuses", "changes", "may refuse". */
extern const char *mig_problem_effect(MigProblem p);

/* What is wrong with a value in a column of that type, read in SQLite. NULL
   is always right. */
extern MigProblem
mig_typecheck_value(const MigTypeName *t, const MigStored *v);

/*
 * Whether two different values of SQLite can be one in PostgreSQL, of which
 * this is not the plain one: 'ABC..' and 'abc..' of a UUID, '2026-01-29' and
 * '2026-01-29 00:00:00' of a timestamp. False for a value with a problem.
 */
extern bool mig_typecheck_alias(const MigTypeName *t, const MigStored *v);

/*
 * A text that is the same for values that PostgreSQL takes for one. A value
 * with a problem stays as it is. NULL is absent, as after MIG_NOMEM.
 */
extern MigStr
mig_typecheck_key(Mig *m, const MigTypeName *t, const MigStored *v);

/* A value as text, as SQLite's quote() would not: without quotes; bytes in
   hexadecimal digits behind \x. */
extern MigStr mig_typecheck_text(Mig *m, const MigStored *v);

/* A value from its text and typeof(): "null", "integer", "real", "text",
   "blob" (bytes as they are). False: no such storage, or no number. */
extern bool mig_typecheck_stored(MigStr storage, MigStr text, MigStored *out);

/* ---------------------------------------- the parts, for typecheck_*.c */

/* A number's digits: 0.00123 is "123" with point -2. */
#define MIG_DIGITS_MAX 400

typedef struct MigDigits
{
	bool negative;
	char digits[MIG_DIGITS_MAX]; /* without zeros at either end */
	int count;                   /* 0: the value is 0 */
	int64_t point;               /* behind how many digits it stands */
} MigDigits;

/* Read "-12.5e3". False when it is no number, or has too many digits. */
extern bool mig_digits_read(MigStr s, MigDigits *out);

/* Round to a scale, half away from zero, as numeric does; whether that has
   changed the value. */
extern bool mig_digits_round(MigDigits *d, int64_t scale);

/* A date, a time, or both. */
typedef struct MigMoment
{
	bool date, time, zone; /* what there is */
	bool infinite, negative;
	int64_t year; /* 0 and less: before Christ */
	int month, day;
	int64_t micros; /* of the day, rounded */
	int offset;     /* from UTC in seconds */
} MigMoment;

/* MIG_P_NONE, MIG_P_DATE, MIG_P_IMPOSSIBLE or MIG_P_STYLE. */
extern MigProblem mig_moment_read(MigStr s, MigFamily family, MigMoment *out);

/* Days since 1970-01-01. */
extern int64_t mig_moment_days(const MigMoment *t);

extern bool mig_interval_valid(MigStr s);
extern bool mig_json_valid(MigStr s, bool binary);
extern bool mig_address_valid(MigStr s, MigStr type);

/* UTF-8 as PostgreSQL reads it: MIG_P_NONE, MIG_P_UTF8 or MIG_P_ZERO; and how
   many characters there are. */
extern MigProblem mig_utf8_check(MigStr s, size_t *characters);

#endif
