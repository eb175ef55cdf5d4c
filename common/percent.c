#include "private.h"

#include "percent.h"

static bool
is_safe(char c)
{
	return (unsigned char) c > ' ' && c != 0x7F && c != '%' && c != ',';
}

void
mig_percent_add(MigText *t, MigStr s)
{
	for (size_t i = 0; i < s.len;)
	{
		size_t n = 0;

		while (i + n < s.len && is_safe(s.at[i + n]))
			n++;
		mig_text_str_add(t, (MigStr){s.at + i, n});
		i += n;
		if (i < s.len)
			mig_text_fmt(t, "%%%02X", (unsigned char) s.at[i++]);
	}
}

static int
digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that %XX at s stands for; 0 if it is none. */
static int
byte_of(MigStr s)
{
	int high, low;

	if (s.len < 3 || s.at[0] != '%')
		return 0;
	high = digit_of(s.at[1]);
	low = digit_of(s.at[2]);
	return high < 0 || low < 0 ? 0 : high * 16 + low;
}

MigStr
mig_percent_text(Mig *m, MigStr word)
{
	MigText t = {m, NULL, 0, 0};

	if (word.at == NULL || memchr(word.at, '%', word.len) == NULL)
		return word;
	while (word.len > 0)
	{
		int byte = byte_of(word);

		mig_text_char(&t, byte > 0 ? (char) byte : word.at[0]);
		word = mig_str_from(word, byte > 0 ? 3 : 1);
	}
	return mig_text_str(&t);
}
