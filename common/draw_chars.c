#include "private.h"

#include "draw_layout.h"

typedef struct Range
{
	uint32_t first, last;
} Range;

/* Characters that take no column of their own. */
static const Range marks[] = {
	{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},
	{0x64b, 0x65f},   {0x93c, 0x93c},   {0x941, 0x948},   {0xe31, 0xe31},
	{0xe34, 0xe3a},   {0xe47, 0xe4e},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
	{0x200b, 0x200d}, {0x20d0, 0x20ff}, {0x302a, 0x302d}, {0x3099, 0x309a},
	{0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0xe0100, 0xe01ef},
};

/* East Asian wide and full-width ones, and the emoji. */
static const Range wides[] = {
	{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x33ff},
	{0x3400, 0x4dbf},   {0x4e00, 0xa4cf},   {0xa960, 0xa97f},
	{0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
	{0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x17000, 0x18cff},
	{0x1b000, 0x1b2ff}, {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff},
	{0x1f900, 0x1faff}, {0x20000, 0x3fffd},
};

static bool
within(const Range *ranges, int count, uint32_t c)
{
	int low = 0, high = count;

	while (low < high)
	{
		int middle = (low + high) / 2;

		if (c > ranges[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && c >= ranges[low].first;
}

int
mig_draw_cells(uint32_t c)
{
	if (c < 0x300)
		return 1;
	if (within(marks, MIG_COUNT(marks), c))
		return 0;
	return within(wides, MIG_COUNT(wides), c) ? 2 : 1;
}

/* The length that a first byte announces and the bits that it brings. */
static size_t
lead_byte(unsigned char b, uint32_t *bits)
{
	if (b < 0x80)
	{
		*bits = b;
		return 1;
	}
	if (b >= 0xc2 && b < 0xe0)
	{
		*bits = b & 0x1fu;
		return 2;
	}
	if (b >= 0xe0 && b < 0xf0)
	{
		*bits = b & 0x0fu;
		return 3;
	}
	*bits = b & 0x07u;
	return b >= 0xf0 && b < 0xf5 ? 4 : 0;
}

/* One character of UTF-8, and its length; a byte that is none gives 1. */
static uint32_t
decode(MigStr s, size_t *len)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t c;
	size_t n = lead_byte((unsigned char) s.at[0], &c);

	*len = 1;
	if (n == 0 || n > s.len)
		return MIG_NO_CHAR;
	for (size_t i = 1; i < n; i++)
	{
		unsigned char b = (unsigned char) s.at[i];

		if ((b & 0xc0) != 0x80)
			return MIG_NO_CHAR;
		c = c << 6 | (b & 0x3fu);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return MIG_NO_CHAR;
	*len = n;
	return c;
}

/* Controls of C0 and C1, line ends, and what turns the writing round. */
static bool
is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

bool
mig_draw_char(MigStr *s, uint32_t *c)
{
	size_t len;

	if (s->len == 0)
		return false;
	*c = decode(*s, &len);
	*s = mig_str_from(*s, len);
	if (is_control(*c))
		*c = ' ';
	else if ((*c & 0xfffe) == 0xfffe)
		*c = MIG_NO_CHAR;
	return true;
}

int64_t
mig_draw_width(MigStr s)
{
	int64_t width = 0;
	uint32_t c;

	while (mig_draw_char(&s, &c))
		width += mig_draw_cells(c);
	return width;
}

void
mig_draw_text(MigText *t, MigStr s, int64_t width, MigPut put)
{
	bool whole = width == MIG_DRAW_ALL || mig_draw_width(s) <= width;
	int64_t room = whole ? width : width - 3;
	uint32_t c;

	while (mig_draw_char(&s, &c))
	{
		if (!whole && (room -= mig_draw_cells(c)) < 0)
			break;
		put(t, c);
	}
	if (!whole)
		for (int i = 0; i < 3; i++)
			put(t, '.');
}

void
mig_draw_utf8(MigText *t, uint32_t c)
{
	char bytes[4];
	MigStr s = {bytes, 1};

	if (c < 0x80)
		bytes[0] = (char) c;
	else if (c < 0x800)
	{
		bytes[0] = (char) (0xc0 | c >> 6);
		s.len = 2;
	}
	else if (c < 0x10000)
	{
		bytes[0] = (char) (0xe0 | c >> 12);
		s.len = 3;
	}
	else
	{
		bytes[0] = (char) (0xf0 | c >> 18);
		s.len = 4;
	}
	for (size_t i = 1; i < s.len; i++)
		bytes[i] = (char) (0x80 | (c >> 6 * (s.len - 1 - i) & 0x3f));
	mig_text_str_add(t, s);
}
