#include "private.h"

#include "typecheck.h"

static bool
take(MigStr *s, char c)
{
	if (s->len == 0 || s->at[0] != c)
		return false;
	*s = mig_str_from(*s, 1);
	return true;
}

static bool
is_digit(MigStr s)
{
	return s.len > 0 && s.at[0] >= '0' && s.at[0] <= '9';
}

/* Digits at the start as a number; how many there are. */
static size_t
take_number(MigStr *s, int64_t *value)
{
	size_t n = 0;

	*value = 0;
	while (n < s->len && s->at[n] >= '0' && s->at[n] <= '9')
	{
		if (*value < INT64_C(100000000000))
			*value = *value * 10 + (s->at[n] - '0');
		n++;
	}
	*s = mig_str_from(*s, n);
	return n;
}

static int
days_in(int64_t year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : days[month - 1];
}

int64_t
mig_moment_days(const MigMoment *t)
{
	int64_t year = t->month <= 2 ? t->year - 1 : t->year;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t of_era = year - era * 400;
	int64_t month = (t->month + 9) % 12;
	int64_t day = (153 * month + 2) / 5 + t->day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + day -
	       719468;
}

/* Year, month and day with hyphens, or eight digits. STYLE: neither. */
static MigProblem
read_date(MigStr *s, MigMoment *t)
{
	int64_t year, month, day;
	size_t n = take_number(s, &year);

	t->date = true;
	if (n == 8 && (s->len == 0 || s->at[0] != '-'))
	{
		day = year % 100;
		month = year / 100 % 100;
		year = year / 10000;
	}
	else
	{
		if (n < 4 || !take(s, '-') || (n = take_number(s, &month)) == 0 ||
		    n > 2 || !take(s, '-') || (n = take_number(s, &day)) == 0 || n > 2)
			return MIG_P_STYLE;
	}
	if (year < 1 || month < 1 || month > 12 || day < 1 ||
	    day > days_in(year, (int) month))
		return MIG_P_IMPOSSIBLE;
	t->year = year;
	t->month = (int) month;
	t->day = (int) day;
	return MIG_P_NONE;
}

/* Microseconds from the digits behind the point, rounded. */
static int64_t
take_fraction(MigStr *s)
{
	int64_t micros = 0;
	int n = 0;

	for (; is_digit(*s); n++)
	{
		int digit = s->at[0] - '0';

		if (n < 6)
			micros = micros * 10 + digit;
		else if (n == 6 && digit >= 5)
			micros++;
		*s = mig_str_from(*s, 1);
	}
	for (; n < 6; n++)
		micros *= 10;
	return micros;
}

static MigProblem
read_time(MigStr *s, MigMoment *t)
{
	int64_t hour, minute, second = 0, micros = 0;

	t->time = true;
	if (take_number(s, &hour) > 2 || !take(s, ':') || !is_digit(*s) ||
	    take_number(s, &minute) > 2)
		return MIG_P_STYLE;
	if (take(s, ':'))
	{
		if (!is_digit(*s) || take_number(s, &second) > 2)
			return MIG_P_STYLE;
		if (take(s, '.'))
			micros = take_fraction(s);
	}
	if (hour > 24 || minute > 59 || second > 60 ||
	    (hour == 24 && (minute > 0 || second > 0 || micros > 0)))
		return MIG_P_IMPOSSIBLE;
	t->micros = ((hour * 60 + minute) * 60 + second) * 1000000 + micros;
	return MIG_P_NONE;
}

/* Z, UTC, +02, +0200, +02:00, +02:00:00; nothing is fine, too. */
static MigProblem
read_zone(MigStr *s, MigMoment *t)
{
	MigStr word = mig_str_trim(*s);
	int64_t hour, minute = 0, second = 0;
	bool west;
	size_t n;

	if (word.len == 0 || mig_str_word(word, "z") ||
	    mig_str_word(word, "utc") || mig_str_word(word, "gmt"))
	{
		t->zone = word.len > 0;
		return MIG_P_NONE;
	}
	west = word.at[0] == '-';
	if (!take(&word, '+') && !take(&word, '-'))
		return MIG_P_STYLE;
	n = take_number(&word, &hour);
	if (n == 4)
	{
		minute = hour % 100;
		hour /= 100;
	}
	else if (n == 0 || n > 2)
		return MIG_P_STYLE;
	if (n <= 2 && take(&word, ':') && take_number(&word, &minute) != 2)
		return MIG_P_STYLE;
	if (n <= 2 && take(&word, ':') && take_number(&word, &second) != 2)
		return MIG_P_STYLE;
	if (word.len > 0)
		return MIG_P_STYLE;
	if (hour > 15 || minute > 59 || second > 59)
		return MIG_P_IMPOSSIBLE;
	t->zone = true;
	t->offset = (int) ((hour * 60 + minute) * 60 + second) * (west ? -1 : 1);
	return MIG_P_NONE;
}

/* Anywhere: PostgreSQL skips marks around them. */
static bool
has_date_word(MigStr s)
{
	static const char *const words[] = {"now",      "today", "yesterday",
	                                    "tomorrow", "epoch", "infinity",
	                                    "allballs"};

	for (size_t at = 0; at < s.len; at++)
		for (int i = 0; i < MIG_COUNT(words); i++)
		{
			size_t n = strlen(words[i]);

			if (at + n <= s.len &&
			    mig_str_word((MigStr){s.at + at, n}, words[i]))
				return true;
		}
	return false;
}

/* Words that stand for a date; those of today are STYLE: the value would be
   that of the day on which it moves. */
static bool
read_word(MigStr s, MigFamily family, MigMoment *out, MigProblem *p)
{
	*p = MIG_P_NONE;
	if (is_digit(s))
		return false;
	out->infinite =
		mig_str_word(s, "infinity") || mig_str_word(s, "-infinity");
	out->negative = s.len > 0 && s.at[0] == '-';
	if (out->infinite && family == MIG_F_TIME)
		*p = MIG_P_DATE;
	if (out->infinite)
		return true;
	if (mig_str_word(s, "epoch") && family != MIG_F_TIME)
	{
		*out = (MigMoment){.date = true, .year = 1970, .month = 1, .day = 1};
		return true;
	}
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] >= '0' && s.at[i] <= '9')
			return false;
	*p = has_date_word(s) ? MIG_P_STYLE : MIG_P_DATE;
	return true;
}

/* " BC" at the end. */
static bool
take_era(MigStr *s)
{
	size_t n = s->len;

	if (n < 3 || !mig_str_word((MigStr){s->at + n - 2, 2}, "bc") ||
	    s->at[n - 3] != ' ')
		return false;
	*s = mig_str_trim((MigStr){s->at, n - 3});
	return true;
}

static MigProblem
check_years(const MigMoment *t, MigFamily family)
{
	int64_t last = family == MIG_F_DATE ? 5874897 : 294276;

	if (t->year > last || t->year < -4713)
		return MIG_P_IMPOSSIBLE;
	/* The very ends: the first day is one of November, the last date one of
	   December 5874897 and the last time one of the same of 294276. */
	if (t->year == -4713 && mig_moment_days(t) < -2440588)
		return MIG_P_IMPOSSIBLE;
	return MIG_P_NONE;
}

MigProblem
mig_moment_read(MigStr s, MigFamily family, MigMoment *out)
{
	MigProblem p;
	bool before;

	memset(out, 0, sizeof(*out));
	p = mig_utf8_check(s, NULL);
	if (p != MIG_P_NONE)
		return p;
	s = mig_str_trim(s);
	if (read_word(s, family, out, &p))
		return p;
	if (family == MIG_F_TIME)
	{
		p = is_digit(s) ? read_time(&s, out) : MIG_P_STYLE;
		return p == MIG_P_NONE ? read_zone(&s, out) : p;
	}
	before = take_era(&s);
	p = read_date(&s, out);
	if (p != MIG_P_NONE)
		return p;
	if (before)
		out->year = 1 - out->year;
	if (before && out->day > days_in(out->year, out->month))
		return MIG_P_IMPOSSIBLE;
	if (take(&s, 'T') || take(&s, 't') || take(&s, ' '))
	{
		s = mig_str_trim(s);
		p = is_digit(s) ? read_time(&s, out) : MIG_P_STYLE;
	}
	else if (s.len > 0)
		return MIG_P_STYLE;
	if (p == MIG_P_NONE)
		p = read_zone(&s, out);
	return p != MIG_P_NONE ? p : check_years(out, family);
}

/* ------------------------------------------------------------- intervals */

static size_t
letters(MigStr s)
{
	size_t n = 0;

	while (n < s.len && ((s.at[n] | 32) >= 'a' && (s.at[n] | 32) <= 'z'))
		n++;
	return n;
}

static bool
is_unit(MigStr s)
{
	static const char *const units[] = {"microsecond", "microseconds",
	                                    "us",          "usec",
	                                    "millisecond", "milliseconds",
	                                    "ms",          "msec",
	                                    "second",      "seconds",
	                                    "sec",         "secs",
	                                    "s",           "minute",
	                                    "minutes",     "min",
	                                    "mins",        "m",
	                                    "hour",        "hours",
	                                    "hr",          "hrs",
	                                    "h",           "day",
	                                    "days",        "d",
	                                    "week",        "weeks",
	                                    "w",           "month",
	                                    "months",      "mon",
	                                    "mons",        "year",
	                                    "years",       "yr",
	                                    "yrs",         "y",
	                                    "decade",      "decades",
	                                    "century",     "centuries",
	                                    "millennium",  "millennia"};

	for (int i = 0; i < MIG_COUNT(units); i++)
		if (mig_str_word(s, units[i]))
			return true;
	return false;
}

/* A number with a fraction, or hh:mm[:ss]; false when there is none. */
static bool
take_amount(MigStr *s, bool *clock)
{
	int64_t value;

	*clock = false;
	if (!take(s, '-'))
		take(s, '+');
	if (!is_digit(*s))
		return false;
	take_number(s, &value);
	for (int i = 0; i < 2 && s->len > 1 && s->at[0] == ':'; i++)
	{
		*s = mig_str_from(*s, 1);
		if (take_number(s, &value) == 0 || value > 59)
			return false;
		*clock = true;
	}
	return !take(s, '.') || take_number(s, &value) > 0;
}

/* P1Y2M3DT4H5M6S */
static bool
iso_interval(MigStr s)
{
	const char *units = "YMWD";
	bool any = false, clock;

	while (s.len > 0)
	{
		const char *unit;

		if (units[0] != 'H' && units[1] != 'H' && take(&s, 'T'))
		{
			units = "HMS";
			any = false;
			continue;
		}
		if (!take_amount(&s, &clock) || clock || s.len == 0)
			return false;
		unit = strchr(units, s.at[0]);
		if (unit == NULL || s.at[0] == '\0')
			return false;
		s = mig_str_from(s, 1);
		any = true;
	}
	return any;
}

bool
mig_interval_valid(MigStr s)
{
	bool any = false;

	s = mig_str_trim(s);
	if (take(&s, 'P'))
		return iso_interval(s);
	take(&s, '@');
	for (s = mig_str_trim(s); s.len > 0; s = mig_str_trim(s))
	{
		bool clock;
		size_t n;

		if (any && mig_str_word(s, "ago"))
			return true;
		if (!take_amount(&s, &clock))
			return false;
		if (!clock)
		{
			/* Seconds need no unit where they are all. */
			s = mig_str_trim(s);
			n = letters(s);
			if (n > 0 ? !is_unit((MigStr){s.at, n}) : any || s.len > 0)
				return false;
			s = mig_str_from(s, n);
		}
		if (s.len > 0 && s.at[0] != ' ')
			return false;
		any = true;
	}
	return any;
}
