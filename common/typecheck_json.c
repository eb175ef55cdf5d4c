#include "private.h"

#include "typecheck.h"

/* How many bytes the character at s has; 0: it is none that PostgreSQL
   takes (too long a form, a surrogate, beyond U+10FFFF). */
static size_t
character(const unsigned char *s, size_t left)
{
	size_t n = s[0] < 0x80                    ? 1
	           : s[0] >= 0xc2 && s[0] <= 0xdf ? 2
	           : s[0] >= 0xe0 && s[0] <= 0xef ? 3
	           : s[0] >= 0xf0 && s[0] <= 0xf4 ? 4
	                                          : 0;

	if (n == 0 || n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

/* Eight bytes of ASCII, none of them zero. */
static bool
is_plain_run(const unsigned char *at)
{
	uint64_t w;

	memcpy(&w, at, sizeof(w));
	return ((w | (w - UINT64_C(0x0101010101010101))) &
	        UINT64_C(0x8080808080808080)) == 0;
}

MigProblem
mig_utf8_check(MigStr s, size_t *characters)
{
	const unsigned char *at = (const unsigned char *) s.at;
	size_t count = 0;

	for (size_t i = 0; i < s.len; count++)
	{
		size_t n;

		while (s.len - i >= 8 && is_plain_run(at + i))
		{
			i += 8;
			count += 8;
		}
		if (i == s.len)
			break;
		n = at[i] < 0x80 ? 1 : character(at + i, s.len - i);

		if (at[i] == 0)
			return MIG_P_ZERO;
		if (n == 0)
			return MIG_P_UTF8;
		i += n;
	}
	if (characters != NULL)
		*characters = count;
	return MIG_P_NONE;
}

/*
 * JSON (RFC 8259) by a loop. Each open array or object is a bit: what is in
 * it decides what may come behind a value.
 *
 *     VALUE    a value must come
 *     FIRST    a value, or the end of an empty array
 *     KEY      a key must come
 *     FIRST_KEY a key, or the end of an empty object
 *     AFTER    a comma or an end; at the top only the end of the text
 */
typedef enum JsonState
{
	JSON_VALUE,
	JSON_FIRST,
	JSON_KEY,
	JSON_FIRST_KEY,
	JSON_AFTER
} JsonState;

/* PostgreSQL's own limit is its stack: with the 2 MB that it takes unless it
   is told otherwise some 10,000 levels. */
#define JSON_DEPTH 8192

typedef struct Json
{
	MigStr s;
	size_t at;
	bool binary; /* jsonb: escapes are checked, too */
	JsonState state;
	int depth;
	unsigned char objects[JSON_DEPTH / 8];
} Json;

static void
skip_blanks(Json *j)
{
	while (j->at < j->s.len && memchr(" \t\r\n", j->s.at[j->at], 4) != NULL)
		j->at++;
}

static bool
in_object(const Json *j)
{
	int i = j->depth - 1;

	return j->depth > 0 && (j->objects[i / 8] >> (i % 8) & 1);
}

static bool
open_level(Json *j, bool object)
{
	int i = j->depth;

	if (i == JSON_DEPTH)
		return false;
	j->objects[i / 8] =
		(unsigned char) ((j->objects[i / 8] & ~(1 << (i % 8))) |
	                     (object ? 1 << (i % 8) : 0));
	j->depth++;
	j->at++;
	j->state = object ? JSON_FIRST_KEY : JSON_FIRST;
	return true;
}

static bool
close_level(Json *j, bool object)
{
	if (j->depth == 0 || in_object(j) != object)
		return false;
	j->depth--;
	j->at++;
	j->state = JSON_AFTER;
	return true;
}

/* Four hexadecimal digits at an offset; -1: they are none. */
static int
hex4(const Json *j, size_t at)
{
	int value = 0;

	if (at + 4 > j->s.len)
		return -1;
	for (size_t i = at; i < at + 4; i++)
	{
		char c = j->s.at[i];
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

/* Behind a backslash. jsonb has no zero characters and no half pairs. */
static bool
read_escape(Json *j)
{
	int code;

	if (j->at >= j->s.len)
		return false;
	if (j->s.at[j->at] != 'u')
		return memchr("\"\\/bfnrt", j->s.at[j->at++], 8) != NULL;
	code = hex4(j, j->at + 1);
	j->at += 5;
	if (code < 0 || (j->binary && (code == 0 || code >> 10 == 0xdc00 >> 10)))
		return false;
	if (!j->binary || code >> 10 != 0xd800 >> 10)
		return true;
	if (j->at + 1 >= j->s.len || memcmp(j->s.at + j->at, "\\u", 2) != 0 ||
	    hex4(j, j->at + 2) >> 10 != 0xdc00 >> 10)
		return false;
	j->at += 6;
	return true;
}

static bool
read_string(Json *j)
{
	j->at++;
	while (j->at < j->s.len)
	{
		unsigned char c = (unsigned char) j->s.at[j->at++];

		if (c == '"')
			return true;
		if (c < 0x20 || (c == '\\' && !read_escape(j)))
			return false;
	}
	return false;
}

static size_t
read_run(Json *j)
{
	size_t start = j->at;

	while (j->at < j->s.len && j->s.at[j->at] >= '0' && j->s.at[j->at] <= '9')
		j->at++;
	return j->at - start;
}

static bool
read_number(Json *j)
{
	size_t digits;
	char first;

	if (j->s.at[j->at] == '-')
		j->at++;
	first = j->at < j->s.len ? j->s.at[j->at] : '\0';
	digits = read_run(j);
	if (digits == 0 || (first == '0' && digits > 1))
		return false;
	if (j->at < j->s.len && j->s.at[j->at] == '.')
	{
		j->at++;
		if (read_run(j) == 0)
			return false;
	}
	if (j->at < j->s.len && (j->s.at[j->at] | 32) == 'e')
	{
		j->at++;
		if (j->at < j->s.len &&
		    (j->s.at[j->at] == '+' || j->s.at[j->at] == '-'))
			j->at++;
		return read_run(j) > 0;
	}
	return true;
}

static bool
read_word(Json *j)
{
	static const char *const words[] = {"true", "false", "null"};

	for (int i = 0; i < MIG_COUNT(words); i++)
		if (mig_str_starts(mig_str_from(j->s, j->at), mig_str(words[i])))
		{
			j->at += strlen(words[i]);
			return true;
		}
	return false;
}

static bool
read_value(Json *j, char c)
{
	bool ok;

	if (c == '{' || c == '[')
		return open_level(j, c == '{');
	ok = c == '"'                             ? read_string(j)
	     : c == '-' || (c >= '0' && c <= '9') ? read_number(j)
	                                          : read_word(j);
	j->state = JSON_AFTER;
	return ok;
}

static bool
read_key(Json *j, char c)
{
	if (c != '"' || !read_string(j))
		return false;
	skip_blanks(j);
	if (j->at == j->s.len || j->s.at[j->at] != ':')
		return false;
	j->at++;
	j->state = JSON_VALUE;
	return true;
}

static bool
json_step(Json *j)
{
	char c = j->s.at[j->at];

	switch (j->state)
	{
		case JSON_FIRST:
			if (c == ']')
				return close_level(j, false);
			return read_value(j, c);
		case JSON_VALUE:
			return read_value(j, c);
		case JSON_FIRST_KEY:
			if (c == '}')
				return close_level(j, true);
			return read_key(j, c);
		case JSON_KEY:
			return read_key(j, c);
		case JSON_AFTER:
			break;
	}
	if (c == ']' || c == '}')
		return close_level(j, c == '}');
	if (c != ',' || j->depth == 0)
		return false;
	j->at++;
	j->state = in_object(j) ? JSON_KEY : JSON_VALUE;
	return true;
}

bool
mig_json_valid(MigStr s, bool binary)
{
	Json j = {.s = s, .binary = binary, .state = JSON_VALUE};

	for (skip_blanks(&j); j.at < s.len; skip_blanks(&j))
		if (!json_step(&j))
			return false;
	return j.state == JSON_AFTER && j.depth == 0;
}
