/*
 * text.h - growable text in the arena.
 *
 *     MigText t = {m};
 *     mig_text_add(&t, "DROP TABLE ");
 *     mig_text_ident(&t, name);
 *     sql = mig_text_str(&t);
 *
 * After a failed allocation every call is a no-op; m->status says so.
 */
#ifndef MIG_TEXT_H
#define MIG_TEXT_H

#include "mig.h"

typedef struct MigText
{
	Mig *m;
	char *at;
	size_t len;
	size_t room;
} MigText;

extern void mig_text_add(MigText *t, const char *s);
extern void mig_text_str_add(MigText *t, MigStr s);
extern void mig_text_char(MigText *t, char c);
extern void mig_text_int(MigText *t, int64_t value);
extern void mig_text_fmt(MigText *t, const char *format, ...) MIG_PRINTF(2, 3);

/* An SQL identifier, always in double quotes. */
extern void mig_text_ident(MigText *t, MigStr name);

/* An SQL string literal in single quotes; NULL for an absent string. */
extern void mig_text_literal(MigText *t, MigStr value);

/*
 * What was written so far, NUL-terminated, valid until the next call on t;
 * an empty string, not NULL, for an empty text. {NULL, 0} after MIG_NOMEM.
 */
extern MigStr mig_text_str(MigText *t);

/* Lower-case hexadecimal of size bytes. */
extern MigStr mig_hex(Mig *m, const unsigned char *bytes, size_t size);

/*
 * Microseconds since the Unix epoch (UTC) as "2026-01-29T04:56:46Z", with a
 * fraction of six digits when it has one. out has room for 40 bytes.
 */
extern MigStr mig_time_iso(int64_t time, char *out);

/*
 * Read "2026-01-29T04:56:46Z", "2026-01-29 04:56:46.5+02:00", "2026-01-29":
 * date, optional time, fraction and offset (none: UTC). False when it is not
 * a date of the proleptic Gregorian calendar in the years 1 to 9999.
 */
extern bool mig_time_parse(MigStr text, int64_t *time);

/* Calendar fields of a time at an offset from UTC in seconds. */
typedef struct MigCalendar
{
	int year, month, day, hour, minute, second, micros;
} MigCalendar;

extern MigCalendar mig_time_split(int64_t time, int offset);

#endif
