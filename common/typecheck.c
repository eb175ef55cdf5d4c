#include "private.h"

#include "typecheck.h"
#include "text.h"

static const struct
{
	const char *name;
	const char *effect;
} problems[MIG_P_COUNT] = {
	[MIG_P_NONE] = {"none", "takes"},
	[MIG_P_INTEGER] = {"not an integer", "refuses"},
	[MIG_P_NUMBER] = {"not a number", "refuses"},
	[MIG_P_RANGE] = {"out of range", "refuses"},
	[MIG_P_DIGITS] = {"too many digits", "refuses"},
	[MIG_P_ROUNDED] = {"rounded", "changes"},
	[MIG_P_LONG] = {"too long", "refuses"},
	[MIG_P_BOOLEAN] = {"not a boolean", "refuses"},
	[MIG_P_IMPOSSIBLE] = {"impossible date or time", "refuses"},
	[MIG_P_DATE] = {"not a date or time", "refuses"},
	[MIG_P_STYLE] = {"not ISO 8601", "may refuse"},
	[MIG_P_SECONDS] = {"number for a date or time", "refuses"},
	[MIG_P_TIME_LOST] = {"time of day lost", "changes"},
	[MIG_P_ZONE_LOST] = {"zone lost", "changes"},
	[MIG_P_INTERVAL] = {"not an interval", "may refuse"},
	[MIG_P_JSON] = {"not JSON", "refuses"},
	[MIG_P_UUID] = {"not a UUID", "refuses"},
	[MIG_P_ADDRESS] = {"not an address", "may refuse"},
	[MIG_P_BYTES] = {"bytes in text", "may refuse"},
	[MIG_P_ESCAPE] = {"backslash in bytes", "may refuse"},
	[MIG_P_UTF8] = {"not UTF-8", "refuses"},
	[MIG_P_ZERO] = {"zero byte", "refuses"},
	[MIG_P_NO_TYPE] = {"no type", "refuses"},
	[MIG_P_NULL] = {"NULL in a primary key", "refuses"},
	[MIG_P_DUPLICATE] = {"duplicate key", "refuses"},
	[MIG_P_ORPHAN] = {"orphan", "refuses"},
};

const char *
mig_problem_name(MigProblem p)
{
	return problems[p].name;
}

const char *
mig_problem_effect(MigProblem p)
{
	return problems[p].effect;
}

/* A number as PostgreSQL and SQLite both write it, whatever the locale. */
static MigStr
number_text(const MigStored *v, char *room, size_t size)
{
	MigStr s = {room, 0};

	if (v->storage == MIG_STORED_INTEGER)
		s.len = (size_t) snprintf(room, size, "%lld", (long long) v->integer);
	else
		s.len = (size_t) snprintf(room, size, "%.15g", v->real);
	for (size_t i = 0; i < s.len; i++)
		if (room[i] == ',')
			room[i] = '.';
	return s;
}

MigStr
mig_typecheck_text(Mig *m, const MigStored *v)
{
	char number[64];
	MigText t = {m, NULL, 0, 0};

	switch (v->storage)
	{
		case MIG_STORED_NULL:
			return MIG_LIT("NULL");
		case MIG_STORED_INTEGER:
		case MIG_STORED_REAL:
			return mig_copy(m, number_text(v, number, sizeof(number)));
		case MIG_STORED_TEXT:
			return mig_copy(m, v->text);
		case MIG_STORED_BLOB:
			break;
	}
	mig_text_add(&t, "\\x");
	mig_text_str_add(
		&t, mig_hex(m, (const unsigned char *) v->text.at, v->text.len));
	return mig_text_str(&t);
}

bool
mig_typecheck_stored(MigStr storage, MigStr text, MigStored *out)
{
	static const char *const names[] = {"null", "integer", "real", "text",
	                                    "blob"};
	char room[64];
	char *end;

	memset(out, 0, sizeof(*out));
	out->text = text.at != NULL ? text : mig_str("");
	for (int i = 0; i < MIG_COUNT(names); i++)
		if (mig_str_is(storage, names[i]))
		{
			out->storage = (MigStorage) i;
			break;
		}
		else if (i == MIG_STORED_BLOB)
			return false;
	if (text.at == NULL)
		out->storage = MIG_STORED_NULL;
	if (out->storage == MIG_STORED_INTEGER)
		return mig_str_int(text, &out->integer);
	if (out->storage != MIG_STORED_REAL)
		return true;
	if (text.len == 0 || text.len >= sizeof(room))
		return false;
	memcpy(room, text.at, text.len);
	room[text.len] = '\0';
	out->real = strtod(room, &end);
	return *end == '\0';
}

static MigProblem
check_integer(const MigTypeName *t, const MigStored *v)
{
	static const int bits[] = {16, 32, 64};
	int64_t value = v->integer;
	int64_t most = INT64_MAX >> (64 - bits[t->family - MIG_F_INT16]);

	if (v->storage == MIG_STORED_REAL)
	{
		if (!(v->real >= -9.3e18 && v->real <= 9.3e18))
			return v->real == v->real ? MIG_P_RANGE : MIG_P_INTEGER;
		if (v->real < -9223372036854775808.0 ||
		    v->real >= 9223372036854775808.0)
			return MIG_P_RANGE;
		value = (int64_t) v->real;
		if ((double) value != v->real)
			return MIG_P_INTEGER;
	}
	else if (v->storage == MIG_STORED_TEXT)
	{
		MigDigits d;

		if (!mig_digits_read(v->text, &d) || d.point < d.count ||
		    memchr(v->text.at, '.', v->text.len) != NULL ||
		    memchr(v->text.at, 'e', v->text.len) != NULL ||
		    memchr(v->text.at, 'E', v->text.len) != NULL)
			return MIG_P_INTEGER;
		if (!mig_str_int(mig_str_trim(v->text), &value))
			return MIG_P_RANGE;
	}
	return value > most || value < -most - 1 ? MIG_P_RANGE : MIG_P_NONE;
}

static bool
is_word(MigStr s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (mig_str_word(s, *words))
			return true;
	return false;
}

static const char *const not_numbers[] = {"nan", NULL};
static const char *const infinite[] = {
	"infinity", "+infinity", "-infinity", "inf", "+inf", "-inf", NULL};

static bool
read_digits(const MigStored *v, MigDigits *d)
{
	char number[64];
	MigStr s = v->text;

	if (v->storage != MIG_STORED_TEXT)
		s = number_text(v, number, sizeof(number));
	return mig_digits_read(s, d);
}

/*
 * Whether a real is a decimal of that scale, told without writing it down:
 * the quotient of two integers that a double holds is the double nearest to
 * the decimal, and of 15 digits only one decimal is nearest to it. False is
 * no answer.
 */
static bool
is_decimal(double value, const MigTypeName *t)
{
	static const double tens[] = {1e0,  1e1,  1e2,  1e3, 1e4,  1e5,
	                              1e6,  1e7,  1e8,  1e9, 1e10, 1e11,
	                              1e12, 1e13, 1e14, 1e15};
	int64_t scale = t->nargs > 1 ? t->args[1] : 0;
	int64_t digits = t->args[0] < 15 ? t->args[0] : 15;
	double scaled;
	int64_t whole;

	if (scale < 0 || scale > 15 || digits < 1)
		return false;
	scaled = value * tens[scale];
	if (!(scaled > -tens[digits] && scaled < tens[digits]))
		return false;
	whole = (int64_t) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
	return (double) whole / tens[scale] == value &&
	       (double) whole < tens[digits] && (double) whole > -tens[digits];
}

/* Infinity is numeric's since PostgreSQL 14, and never with a precision. */
static MigProblem
check_numeric(const MigTypeName *t, const MigStored *v)
{
	int64_t scale = t->nargs > 1 ? t->args[1] : 0;
	MigStr s = mig_str_trim(v->text);
	bool rounded;
	MigDigits d;

	if (v->storage == MIG_STORED_REAL && t->nargs > 0 &&
	    is_decimal(v->real, t))
		return MIG_P_NONE;
	if (v->storage == MIG_STORED_TEXT && is_word(s, not_numbers))
		return MIG_P_NONE;
	if (v->storage == MIG_STORED_TEXT && is_word(s, infinite))
		return MIG_P_RANGE;
	if (v->storage == MIG_STORED_REAL && v->real - v->real != 0)
		return MIG_P_RANGE;
	if (!read_digits(v, &d))
		return MIG_P_NUMBER;
	if (t->nargs == 0)
		return d.point > 131072 || d.point < -16383 ? MIG_P_RANGE : MIG_P_NONE;
	rounded = mig_digits_round(&d, scale);
	if (d.count > 0 && d.point > t->args[0] - scale)
		return MIG_P_DIGITS;
	return rounded ? MIG_P_ROUNDED : MIG_P_NONE;
}

/* The number nearest to a text that mig_digits_read() takes. */
static double
to_double(const MigDigits *d)
{
	char room[MIG_DIGITS_MAX + 32];

	snprintf(room, sizeof(room), "%s%.*se%lld", d->negative ? "-" : "",
	         d->count > 0 ? d->count : 1, d->count > 0 ? d->digits : "0",
	         (long long) (d->point - d->count));
	return strtod(room, NULL);
}

static MigProblem
check_float(const MigTypeName *t, const MigStored *v)
{
	double value = v->real;
	MigStr s = mig_str_trim(v->text);
	MigDigits d = {.count = 0};

	if (v->storage == MIG_STORED_INTEGER)
		return MIG_P_NONE;
	if (v->storage == MIG_STORED_TEXT)
	{
		if (is_word(s, not_numbers) || is_word(s, infinite))
			return MIG_P_NONE;
		if (!mig_digits_read(s, &d))
			return MIG_P_NUMBER;
		value = to_double(&d);
		if (value - value != 0 || (value == 0 && d.count > 0))
			return MIG_P_RANGE;
	}
	if (t->family == MIG_F_FLOAT64 || value == 0 || value - value != 0)
		return MIG_P_NONE;
	value = value < 0 ? -value : value;
	/* Half a step beyond the greatest float, half of the least one. */
	return value >= 3.4028235677973366e38 || value <= 7.0064923216240854e-46
	           ? MIG_P_RANGE
	           : MIG_P_NONE;
}

static size_t
trailing_blanks(MigStr s)
{
	size_t n = 0;

	while (n < s.len && s.at[s.len - 1 - n] == ' ')
		n++;
	return n;
}

/* char means char(1); blanks that are too many are cut without a word. */
static MigProblem
check_text(const MigTypeName *t, const MigStored *v)
{
	int64_t most = t->nargs > 0 ? t->args[0] : 1;
	size_t characters;
	char number[64];
	MigStr s = v->text;
	MigProblem p;

	if (v->storage != MIG_STORED_TEXT)
		s = number_text(v, number, sizeof(number));
	p = mig_utf8_check(s, &characters);
	if (p != MIG_P_NONE || t->family == MIG_F_TEXT ||
	    (t->nargs == 0 && t->family == MIG_F_VARCHAR) ||
	    (t->nargs == 0 && mig_str_is(t->name, "bpchar")))
		return p;
	characters -= trailing_blanks(s);
	return most > 0 && characters > (size_t) most ? MIG_P_LONG : MIG_P_NONE;
}

/* PostgreSQL takes the beginnings of true, false, yes and no, on and off. */
static bool
is_boolean(MigStr s)
{
	static const char *const words[] = {
		"t",   "tr", "tru", "true", "f", "fa", "fal", "fals", "false", "y",
		"yes", "ye", "n",   "no",   "1", "0",  "on",  "of",   "off",   NULL};

	return is_word(mig_str_trim(s), words);
}

static MigProblem
check_boolean(const MigStored *v)
{
	if (v->storage == MIG_STORED_INTEGER)
		return v->integer == 0 || v->integer == 1 ? MIG_P_NONE : MIG_P_BOOLEAN;
	if (v->storage == MIG_STORED_REAL)
		return v->real == 0 || v->real == 1 ? MIG_P_NONE : MIG_P_BOOLEAN;
	return is_boolean(v->text) ? MIG_P_NONE : MIG_P_BOOLEAN;
}

/* PostgreSQL takes times for dates and drops what it has no room for. */
static MigProblem
check_moment(const MigTypeName *t, const MigStored *v)
{
	MigMoment moment;
	MigProblem p;

	if (v->storage != MIG_STORED_TEXT)
		return MIG_P_SECONDS;
	p = mig_moment_read(v->text, t->family, &moment);
	if (p != MIG_P_NONE || moment.infinite)
		return p;
	if (t->family == MIG_F_DATE)
		return moment.micros != 0 ? MIG_P_TIME_LOST : MIG_P_NONE;
	if (t->family != MIG_F_TIMESTAMPTZ && moment.offset != 0)
		return MIG_P_ZONE_LOST;
	return MIG_P_NONE;
}

/* 32 hexadecimal digits in lower case, or false. */
static bool
uuid_digits(MigStr s, char *out)
{
	size_t n = 0;
	bool braced = s.len > 0 && s.at[0] == '{';

	if (braced && s.at[s.len - 1] != '}')
		return false;
	if (braced)
		s = (MigStr){s.at + 1, s.len - 2};
	for (size_t i = 0; i < s.len; i++)
	{
		char c = s.at[i];

		if (c >= 'A' && c <= 'F')
			c = (char) (c + 32);
		if (c == '-' && n > 0 && n % 4 == 0 && n < 32 && s.at[i - 1] != '-')
			continue;
		if (n == 32 || !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
		out[n++] = c;
	}
	return n == 32;
}

static MigProblem
check_words(const MigTypeName *t, const MigStored *v)
{
	char number[64];
	MigStr s = v->text;
	MigProblem p = MIG_P_NONE;

	if (v->storage != MIG_STORED_TEXT)
		s = number_text(v, number, sizeof(number));
	else
		p = mig_utf8_check(s, NULL);
	if (p != MIG_P_NONE)
		return p;
	if (t->family == MIG_F_JSON)
		return mig_json_valid(s, mig_str_is(t->name, "jsonb") ||
		                             mig_str_is(t->name, "jsonb text"))
		           ? MIG_P_NONE
		           : MIG_P_JSON;
	if (t->family == MIG_F_INTERVAL)
		return mig_interval_valid(s) ? MIG_P_NONE : MIG_P_INTERVAL;
	if (t->family == MIG_F_NETWORK)
		return mig_address_valid(s, t->name) ? MIG_P_NONE : MIG_P_ADDRESS;
	return MIG_P_NONE;
}

static MigProblem
check_bytes(const MigStored *v)
{
	MigProblem p;

	if (v->storage != MIG_STORED_TEXT)
		return MIG_P_NONE;
	p = mig_utf8_check(v->text, NULL);
	if (p == MIG_P_NONE && memchr(v->text.at, '\\', v->text.len) != NULL)
		p = MIG_P_ESCAPE;
	return p;
}

MigProblem
mig_typecheck_value(const MigTypeName *t, const MigStored *v)
{
	char digits[32];

	if (v->storage == MIG_STORED_NULL)
		return MIG_P_NONE;
	if (v->storage == MIG_STORED_BLOB && t->family != MIG_F_BYTES &&
	    t->family != MIG_F_NONE && t->family != MIG_F_OTHER &&
	    t->family != MIG_F_ARRAY)
		return MIG_P_BYTES;
	switch (t->family)
	{
		case MIG_F_INT16:
		case MIG_F_INT32:
		case MIG_F_INT64:
			return check_integer(t, v);
		case MIG_F_NUMERIC:
			return check_numeric(t, v);
		case MIG_F_FLOAT32:
		case MIG_F_FLOAT64:
			return check_float(t, v);
		case MIG_F_TEXT:
		case MIG_F_VARCHAR:
		case MIG_F_CHAR:
			return check_text(t, v);
		case MIG_F_BOOLEAN:
			return check_boolean(v);
		case MIG_F_DATE:
		case MIG_F_TIME:
		case MIG_F_TIMESTAMP:
		case MIG_F_TIMESTAMPTZ:
			return check_moment(t, v);
		case MIG_F_UUID:
			return v->storage == MIG_STORED_TEXT &&
			               uuid_digits(v->text, digits)
			           ? MIG_P_NONE
			           : MIG_P_UUID;
		case MIG_F_INTERVAL:
		case MIG_F_JSON:
		case MIG_F_NETWORK:
		case MIG_F_ENUM:
			return check_words(t, v);
		case MIG_F_BYTES:
			return check_bytes(v);
		case MIG_F_NONE:
		case MIG_F_ARRAY:
		case MIG_F_OTHER:
			return MIG_P_NO_TYPE;
	}
	return MIG_P_NONE;
}

/* ------------------------------------------------------------------ keys */

/* "2026-01-29 04:56:46" and its like: what the engine itself would write. */
static bool
is_plain_moment(MigFamily family, MigStr s)
{
	const char *form = family == MIG_F_DATE   ? "0000-00-00"
	                   : family == MIG_F_TIME ? "00:00:00"
	                                          : "0000-00-00 00:00:00";

	if (s.len != strlen(form))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (form[i] == '0' ? s.at[i] < '0' || s.at[i] > '9'
		                   : s.at[i] != form[i])
			return false;
	return true;
}

static bool
is_plain_uuid(MigStr s)
{
	if (s.len != 36)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if ((s.at[i] == '-') != (i == 8 || i == 13 || i == 18 || i == 23) ||
		    (s.at[i] >= 'A' && s.at[i] <= 'F'))
			return false;
	return true;
}

bool
mig_typecheck_alias(const MigTypeName *t, const MigStored *v)
{
	MigProblem p;

	if (v->storage == MIG_STORED_NULL)
		return false;
	switch (t->family)
	{
		case MIG_F_UUID:
			return v->storage == MIG_STORED_TEXT && !is_plain_uuid(v->text) &&
			       mig_typecheck_value(t, v) == MIG_P_NONE;
		case MIG_F_DATE:
		case MIG_F_TIME:
		case MIG_F_TIMESTAMP:
		case MIG_F_TIMESTAMPTZ:
			if (v->storage != MIG_STORED_TEXT ||
			    is_plain_moment(t->family, v->text))
				return false;
			p = mig_typecheck_value(t, v);
			return p == MIG_P_NONE || p == MIG_P_TIME_LOST ||
			       p == MIG_P_ZONE_LOST;
		case MIG_F_NUMERIC:
			return t->nargs > 0 && mig_typecheck_value(t, v) == MIG_P_ROUNDED;
		case MIG_F_CHAR:
			return v->storage == MIG_STORED_TEXT &&
			       trailing_blanks(v->text) > 0;
		case MIG_F_BOOLEAN:
			return v->storage == MIG_STORED_TEXT && is_boolean(v->text);
		case MIG_F_FLOAT32:
			return v->storage == MIG_STORED_REAL &&
			       check_float(t, v) == MIG_P_NONE &&
			       (double) (float) v->real != v->real;
		case MIG_F_BYTES:
			return v->storage != MIG_STORED_BLOB;
		default:
			return false;
	}
}

static MigStr
moment_key(Mig *m, const MigTypeName *t, MigStr s)
{
	MigText out = {m, NULL, 0, 0};
	MigMoment at;
	int64_t days;

	mig_moment_read(s, t->family, &at);
	if (at.infinite)
		return at.negative ? MIG_LIT("-infinity") : MIG_LIT("infinity");
	days = t->family == MIG_F_TIME ? 0 : mig_moment_days(&at);
	if (t->family == MIG_F_DATE)
		at.micros = 0;
	if (t->family == MIG_F_TIMESTAMPTZ)
		at.micros -= at.offset * INT64_C(1000000);
	/* Times of the day before or after, and 24:00. */
	while (t->family != MIG_F_TIME && at.micros < 0)
	{
		at.micros += INT64_C(86400000000);
		days--;
	}
	while (t->family != MIG_F_TIME && at.micros >= INT64_C(86400000000))
	{
		at.micros -= INT64_C(86400000000);
		days++;
	}
	mig_text_fmt(&out, "%lld %lld", (long long) days, (long long) at.micros);
	return mig_text_str(&out);
}

static MigStr
numeric_key(Mig *m, const MigTypeName *t, const MigStored *v)
{
	MigText out = {m, NULL, 0, 0};
	MigDigits d;

	if (!read_digits(v, &d))
		return mig_typecheck_text(m, v);
	if (t->nargs > 0)
		mig_digits_round(&d, t->nargs > 1 ? t->args[1] : 0);
	if (d.count == 0)
		return MIG_LIT("0");
	mig_text_fmt(&out, "%s.%.*se%lld", d.negative ? "-" : "", d.count,
	             d.digits, (long long) d.point);
	return mig_text_str(&out);
}

static bool
has_key(MigProblem p)
{
	return p == MIG_P_NONE || p == MIG_P_ROUNDED || p == MIG_P_TIME_LOST ||
	       p == MIG_P_ZONE_LOST;
}

MigStr
mig_typecheck_key(Mig *m, const MigTypeName *t, const MigStored *v)
{
	char digits[64];
	MigStr s = v->text;
	size_t n;

	if (v->storage == MIG_STORED_NULL)
		return (MigStr){NULL, 0};
	if (!has_key(mig_typecheck_value(t, v)))
		return mig_typecheck_text(m, v);
	switch (t->family)
	{
		case MIG_F_UUID:
			uuid_digits(s, digits);
			return mig_copy(m, (MigStr){digits, 32});
		case MIG_F_DATE:
		case MIG_F_TIME:
		case MIG_F_TIMESTAMP:
		case MIG_F_TIMESTAMPTZ:
			return moment_key(m, t, s);
		case MIG_F_NUMERIC:
			return numeric_key(m, t, v);
		case MIG_F_CHAR:
			s = mig_typecheck_text(m, v);
			return (MigStr){s.at, s.len - trailing_blanks(s)};
		case MIG_F_BOOLEAN:
			s = mig_str_trim(s);
			if (v->storage != MIG_STORED_TEXT)
				return v->integer != 0 || v->real != 0 ? MIG_LIT("1")
				                                       : MIG_LIT("0");
			return memchr("tTyY1", s.at[0], 5) != NULL || mig_str_word(s, "on")
			           ? MIG_LIT("1")
			           : MIG_LIT("0");
		case MIG_F_FLOAT32:
			if (v->storage == MIG_STORED_TEXT)
				return mig_typecheck_text(m, v);
			n = (size_t) snprintf(digits, sizeof(digits), "%.9g",
			                      (double) (v->storage == MIG_STORED_REAL
			                                    ? (float) v->real
			                                    : (float) v->integer));
			return mig_copy(m, (MigStr){digits, n});
		case MIG_F_BYTES:
			if (v->storage == MIG_STORED_TEXT)
				return mig_hex(m, (const unsigned char *) s.at, s.len);
			if (v->storage == MIG_STORED_BLOB)
				return mig_str_from(mig_typecheck_text(m, v), 2);
			s = mig_typecheck_text(m, v);
			return mig_hex(m, (const unsigned char *) s.at, s.len);
		default:
			return mig_typecheck_text(m, v);
	}
}
