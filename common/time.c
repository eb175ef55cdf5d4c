#include "private.h"

#include "text.h"

#define DAY (24 * 3600)
#define MICROS 1000000

/*
 * Days since 1970-01-01 of a date, and back; Howard Hinnant's
 * "chrono-Compatible Low-Level Date Algorithms": years begin in March, so
 * that the leap day comes last, and repeat every 400 years.
 */
static int64_t
days_of(int y, int month, int d)
{
	int64_t year = month <= 2 ? y - 1 : y;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t in_era = year - era * 400;
	int64_t in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + d - 1;

	return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year -
	       719468;
}

MigCalendar
mig_time_split(int64_t time, int offset)
{
	MigCalendar c;
	int64_t seconds = time / MICROS - (time % MICROS < 0);
	int64_t days, era, day, year, month;

	c.micros = (int) (time - seconds * MICROS);
	seconds += offset;
	days = seconds / DAY - (seconds % DAY < 0);
	seconds -= days * DAY;
	c.hour = (int) (seconds / 3600);
	c.minute = (int) (seconds / 60 % 60);
	c.second = (int) (seconds % 60);

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	day = days - era * 146097;
	year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	day -= 365 * year + year / 4 - year / 100;
	month = (5 * day + 2) / 153;
	c.day = (int) (day - (153 * month + 2) / 5 + 1);
	c.month = (int) (month < 10 ? month + 3 : month - 9);
	c.year = (int) (year + era * 400 + (c.month <= 2));
	return c;
}

/* So many digits of a number, and what follows them. */
static char *
put_digits(char *at, int number, int count, char then)
{
	for (int i = count; i > 0; i--, number /= 10)
		at[i - 1] = (char) ('0' + number % 10);
	at[count] = then;
	return at + count + 1;
}

MigStr
mig_time_iso(int64_t time, char *out)
{
	MigCalendar c = mig_time_split(time, 0);
	char *at = out;

	if (c.year < 0 || c.year > 9999)
		at += snprintf(out, 16, "%04d-", c.year);
	else
		at = put_digits(at, c.year, 4, '-');
	at = put_digits(at, c.month, 2, '-');
	at = put_digits(at, c.day, 2, 'T');
	at = put_digits(at, c.hour, 2, ':');
	at = put_digits(at, c.minute, 2, ':');
	at = put_digits(at, c.second, 2, c.micros != 0 ? '.' : 'Z');
	if (c.micros != 0)
		at = put_digits(at, c.micros, 6, 'Z');
	*at = '\0';
	return (MigStr){out, (size_t) (at - out)};
}

/* Exactly count digits off the front of s. */
static bool
digits(MigStr *s, int count, int *value)
{
	int n = 0;

	if (s->len < (size_t) count)
		return false;
	for (int i = 0; i < count; i++)
	{
		unsigned digit = (unsigned) (unsigned char) s->at[i] - '0';

		if (digit > 9)
			return false;
		n = n * 10 + (int) digit;
	}
	*s = mig_str_from(*s, (size_t) count);
	*value = n;
	return true;
}

static bool
take(MigStr *s, char c)
{
	if (s->len == 0 || s->at[0] != c)
		return false;
	*s = mig_str_from(*s, 1);
	return true;
}

static bool
clock_parse(MigStr *s, MigCalendar *c)
{
	int scale = MICROS / 10;

	if (!digits(s, 2, &c->hour) || !take(s, ':') || !digits(s, 2, &c->minute))
		return false;
	if (take(s, ':'))
	{
		if (!digits(s, 2, &c->second))
			return false;
		if (take(s, '.'))
		{
			if (s->len == 0 || (unsigned char) (s->at[0] - '0') > 9)
				return false;
			for (; s->len > 0 && (unsigned char) (s->at[0] - '0') <= 9;
			     *s = mig_str_from(*s, 1), scale /= 10)
				c->micros += (s->at[0] - '0') * scale;
		}
	}
	return c->hour < 24 && c->minute < 60 && c->second < 60;
}

static bool
zone_parse(MigStr *s, int *offset)
{
	int hours;
	int minutes = 0;
	bool west;

	*offset = 0;
	if (s->len == 0 || take(s, 'Z') || take(s, 'z'))
		return true;
	west = take(s, '-');
	if (!west && !take(s, '+'))
		return false;
	if (!digits(s, 2, &hours))
		return false;
	take(s, ':');
	if (s->len > 0 && !digits(s, 2, &minutes))
		return false;
	if (hours > 15 || minutes > 59)
		return false;
	*offset = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
	return true;
}

bool
mig_time_parse(MigStr text, int64_t *time)
{
	MigStr s = mig_str_trim(text);
	MigCalendar c = {0};
	MigCalendar back;
	int offset = 0;
	int64_t seconds;

	if (!digits(&s, 4, &c.year) || !take(&s, '-') ||
	    !digits(&s, 2, &c.month) || !take(&s, '-') || !digits(&s, 2, &c.day))
		return false;
	if (c.year < 1 || c.month < 1 || c.month > 12 || c.day < 1)
		return false;
	if (s.len > 0)
	{
		if (!take(&s, 'T') && !take(&s, 't') && !take(&s, ' '))
			return false;
		if (!clock_parse(&s, &c))
			return false;
		while (take(&s, ' '))
			;
		if (!zone_parse(&s, &offset) || s.len > 0)
			return false;
	}
	seconds = days_of(c.year, c.month, c.day) * DAY + c.hour * 3600 +
	          c.minute * 60 + c.second;
	back = mig_time_split(seconds * MICROS, 0);
	if (back.day != c.day)
		return false; /* 31 April */
	*time = (seconds - offset) * MICROS + c.micros;
	return true;
}
