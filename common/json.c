#include "private.h"

#include "json.h"
#include "lines.h"
#include "text.h"

void
mig_json_start(MigJson *j, Mig *m, MigStr text)
{
	memset(j, 0, sizeof(*j));
	j->m = m;
	j->text = text;
	j->offset = text.len - mig_bom_off(text).len;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
is_mark(char c)
{
	return strchr("{}[]\",:", c) != NULL;
}

static MigJsonKind
fail(MigJson *j, const char *what)
{
	mig_fail(j->m, MIG_SYNTAX, "%s in JSON", what);
	return MIG_JSON_END;
}

static void
skip(MigJson *j, bool marks)
{
	while (j->offset < j->text.len)
	{
		char c = j->text.at[j->offset];

		if (!is_space(c) && !(marks && (c == ',' || c == ':')))
			break;
		j->offset++;
	}
}

/* Four hexadecimal digits at i; -1 if they are none. */
static long
hex4(MigStr s, size_t i)
{
	long value = 0;

	if (i > s.len || s.len - i < 4)
		return -1;
	for (size_t k = i; k < i + 4; k++)
	{
		char c = s.at[k];
		int digit = c >= '0' && c <= '9'   ? c - '0'
		            : c >= 'a' && c <= 'f' ? c - 'a' + 10
		            : c >= 'A' && c <= 'F' ? c - 'A' + 10
		                                   : -1;

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

static void
utf8_add(MigText *t, long c)
{
	if (c < 0x80)
		mig_text_char(t, (char) c);
	else if (c < 0x800)
	{
		mig_text_char(t, (char) (0xC0 | c >> 6));
		mig_text_char(t, (char) (0x80 | (c & 0x3F)));
	}
	else if (c < 0x10000)
	{
		mig_text_char(t, (char) (0xE0 | c >> 12));
		mig_text_char(t, (char) (0x80 | (c >> 6 & 0x3F)));
		mig_text_char(t, (char) (0x80 | (c & 0x3F)));
	}
	else
	{
		mig_text_char(t, (char) (0xF0 | c >> 18));
		mig_text_char(t, (char) (0x80 | (c >> 12 & 0x3F)));
		mig_text_char(t, (char) (0x80 | (c >> 6 & 0x3F)));
		mig_text_char(t, (char) (0x80 | (c & 0x3F)));
	}
}

/* An escape \u with four digits at i, or two of them that are one character;
   *i comes behind it. */
static bool
unicode_add(MigText *t, MigStr s, size_t *i)
{
	long c = hex4(s, *i + 2);
	long low = -1;

	if (c <= 0)
		return false;
	*i += 6;
	if (c < 0xD800 || c > 0xDFFF)
	{
		utf8_add(t, c);
		return true;
	}
	if (*i + 1 < s.len && s.at[*i] == '\\' && s.at[*i + 1] == 'u')
		low = hex4(s, *i + 2);
	if (c > 0xDBFF || low < 0xDC00 || low > 0xDFFF)
		return false;
	*i += 6;
	utf8_add(t, 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00));
	return true;
}

/* A string's text; s is what stands between its quotes. */
static bool
unescape(MigJson *j, MigStr s, MigStr *value)
{
	static const char from[] = "\"\\/bfnrt";
	static const char to[] = "\"\\/\b\f\n\r\t";
	MigText t = {j->m, NULL, 0, 0};
	size_t i = 0;

	*value = s;
	if (memchr(s.at, '\\', s.len) == NULL)
		return true;
	while (i < s.len)
	{
		const char *known;

		if (s.at[i] != '\\')
		{
			mig_text_char(&t, s.at[i++]);
			continue;
		}
		if (i + 1 < s.len && s.at[i + 1] == 'u')
		{
			if (!unicode_add(&t, s, &i))
				return false;
			continue;
		}
		known = i + 1 < s.len && s.at[i + 1] != '\0'
		            ? strchr(from, s.at[i + 1])
		            : NULL;
		if (known == NULL)
			return false;
		mig_text_char(&t, to[known - from]);
		i += 2;
	}
	*value = mig_text_str(&t);
	return true;
}

static MigJsonKind
string_next(MigJson *j, MigStr *value)
{
	MigStr s = j->text;
	size_t i = j->start + 1;

	while (i < s.len && s.at[i] != '"')
		i += s.at[i] == '\\' && i + 1 < s.len ? 2 : 1;
	if (i >= s.len)
		return fail(j, "unterminated string");
	j->offset = i + 1;
	if (!unescape(j, (MigStr){s.at + j->start + 1, i - j->start - 1}, value))
		return fail(j, "wrong escape");
	skip(j, false);
	if (j->offset < s.len && s.at[j->offset] == ':')
		return MIG_JSON_NAME;
	return mig_ok(j->m) ? MIG_JSON_STRING : MIG_JSON_END;
}

MigJsonKind
mig_json_next(MigJson *j, MigStr *value)
{
	char c;

	if (!mig_ok(j->m))
		return MIG_JSON_END;
	if (j->closing)
		j->depth--;
	j->closing = false;
	skip(j, true);
	j->start = j->offset;
	*value = mig_str_from(j->text, j->start);
	if (value->len == 0)
		return j->depth == 0 ? MIG_JSON_END : fail(j, "missing bracket");
	c = value->at[0];
	if (c == '"')
		return string_next(j, value);
	j->offset++;
	if (c == '{' || c == '[')
	{
		if (j->depth == INT_MAX)
			return fail(j, "too many brackets");
		j->depth++;
		return MIG_JSON_OPEN;
	}
	if (c == '}' || c == ']')
	{
		j->closing = true;
		return j->depth > 0 ? MIG_JSON_CLOSE : fail(j, "stray bracket");
	}
	while (j->offset < j->text.len && !is_space(j->text.at[j->offset]) &&
	       !is_mark(j->text.at[j->offset]))
		j->offset++;
	value->len = j->offset - j->start;
	return MIG_JSON_WORD;
}
