#include "private.h"

#include "typecheck.h"

/* Digits with at most one point among them, put into out; how many bytes. */
static size_t
read_mantissa(MigStr s, MigDigits *out, bool *any, bool *long_one)
{
	bool point = false;
	size_t i;

	for (i = 0; i < s.len; i++)
	{
		char c = s.at[i];

		if (c == '.' && !point)
		{
			point = true;
			continue;
		}
		if (c < '0' || c > '9')
			break;
		*any = true;
		if (c == '0' && out->count == 0)
		{
			out->point -= point ? 1 : 0; /* a zero at the start */
			continue;
		}
		out->point += point ? 0 : 1;
		if (out->count == MIG_DIGITS_MAX)
			*long_one = *long_one || c != '0';
		else
			out->digits[out->count++] = c;
	}
	return i;
}

/* e12; false when something else stands there. */
static bool
read_exponent(MigStr s, int64_t *exponent)
{
	bool negative = false;
	size_t i = 1;

	*exponent = 0;
	if (s.len == 0)
		return true;
	if (s.at[0] != 'e' && s.at[0] != 'E')
		return false;
	if (i < s.len && (s.at[i] == '+' || s.at[i] == '-'))
		negative = s.at[i++] == '-';
	if (i == s.len)
		return false;
	for (; i < s.len; i++)
	{
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
		if (*exponent < 100000000)
			*exponent = *exponent * 10 + (s.at[i] - '0');
	}
	if (negative)
		*exponent = -*exponent;
	return true;
}

static void
drop_zeros(MigDigits *d)
{
	while (d->count > 0 && d->digits[d->count - 1] == '0')
		d->count--;
	if (d->count == 0)
		d->point = 0;
}

bool
mig_digits_read(MigStr s, MigDigits *out)
{
	bool any = false, long_one = false;
	int64_t exponent;
	size_t n;

	out->negative = false;
	out->count = 0;
	out->point = 0;
	s = mig_str_trim(s);
	if (s.len > 0 && (s.at[0] == '+' || s.at[0] == '-'))
	{
		out->negative = s.at[0] == '-';
		s = mig_str_from(s, 1);
	}
	n = read_mantissa(s, out, &any, &long_one);
	if (!any || !read_exponent(mig_str_from(s, n), &exponent) || long_one)
		return false;
	out->point += exponent;
	drop_zeros(out);
	return true;
}

bool
mig_digits_round(MigDigits *d, int64_t scale)
{
	int64_t keep = d->point + scale;
	bool up;

	if (keep >= d->count)
		return false;
	if (keep < 0)
		keep = -1;
	up = keep >= 0 && d->digits[keep] >= '5';
	d->count = keep > 0 ? (int) keep : 0;
	while (up && d->count > 0 && d->digits[d->count - 1] == '9')
		d->count--;
	if (up && d->count > 0)
		d->digits[d->count - 1]++;
	else if (up)
	{
		d->digits[0] = '1';
		d->count = 1;
		d->point++;
	}
	drop_zeros(d);
	return true;
}
