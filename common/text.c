#include "private.h"

#include "text.h"

/* Room for more bytes and a NUL; NULL after MIG_NOMEM. */
static char *
reserve(MigText *t, size_t more)
{
	char *at;

	if (!mig_ok(t->m))
		return NULL;
	if (more > SIZE_MAX / 2 - t->len)
	{
		mig_fail(t->m, MIG_NOMEM, "out of memory");
		return NULL;
	}
	more += t->len + 1;
	if (more < 64)
		more = 64;
	at = mig_grow(t->m, t->at, t->len, &t->room, more, 1);
	if (at == NULL)
		return NULL;
	t->at = at;
	return at + t->len;
}

void
mig_text_str_add(MigText *t, MigStr s)
{
	char *to = reserve(t, s.len);

	if (to == NULL || s.len == 0)
		return;
	memcpy(to, s.at, s.len);
	t->len += s.len;
}

void
mig_text_add(MigText *t, const char *s)
{
	mig_text_str_add(t, mig_str(s));
}

void
mig_text_char(MigText *t, char c)
{
	MigStr s = {&c, 1};

	mig_text_str_add(t, s);
}

void
mig_text_int(MigText *t, int64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%lld", (long long) value);
	mig_text_add(t, digits);
}

void
mig_text_fmt(MigText *t, const char *format, ...)
{
	va_list args;
	char *to;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	to = n < 0 ? NULL : reserve(t, (size_t) n);
	if (to == NULL)
		return;
	va_start(args, format);
	vsnprintf(to, (size_t) n + 1, format, args);
	va_end(args);
	t->len += (size_t) n;
}

/* s between quotes, quotes inside doubled. */
static void
quoted(MigText *t, MigStr s, char quote)
{
	size_t start = 0;

	mig_text_char(t, quote);
	for (size_t i = 0; i < s.len; i++)
	{
		if (s.at[i] != quote)
			continue;
		mig_text_str_add(t, (MigStr){s.at + start, i + 1 - start});
		start = i;
	}
	if (s.len > start)
		mig_text_str_add(t, mig_str_from(s, start));
	mig_text_char(t, quote);
}

void
mig_text_ident(MigText *t, MigStr name)
{
	quoted(t, name, '"');
}

void
mig_text_literal(MigText *t, MigStr value)
{
	if (value.at == NULL)
		mig_text_add(t, "NULL");
	else
		quoted(t, value, '\'');
}

MigStr
mig_text_str(MigText *t)
{
	char *to = reserve(t, 0);
	MigStr s = {NULL, 0};

	if (to == NULL)
		return s;
	*to = '\0';
	s.at = t->at;
	s.len = t->len;
	return s;
}

MigStr
mig_hex(Mig *m, const unsigned char *bytes, size_t size)
{
	static const char digit[] = "0123456789abcdef";
	MigStr s = {NULL, 0};
	char *at = mig_alloc(m, size * 2 + 1);

	if (at == NULL)
		return s;
	for (size_t i = 0; i < size; i++)
	{
		at[2 * i] = digit[bytes[i] >> 4];
		at[2 * i + 1] = digit[bytes[i] & 15];
	}
	s.at = at;
	s.len = size * 2;
	return s;
}
