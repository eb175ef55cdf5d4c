#include "private.h"

#include "slug.h"
#include "text.h"

/* Capitals from lo to hi, every step-th one; add gives the small letter. */
static const struct
{
	int32_t lo, hi, add, step;
} capitals[] = {
	{0x41, 0x5A, 32, 1},
	/* Latin-1 and Latin Extended-A */
	{0xC0, 0xD6, 32, 1},
	{0xD8, 0xDE, 32, 1},
	{0x100, 0x12E, 1, 2},
	{0x130, 0x130, -199, 1},
	{0x132, 0x136, 1, 2},
	{0x139, 0x147, 1, 2},
	{0x14A, 0x176, 1, 2},
	{0x178, 0x178, -121, 1},
	{0x179, 0x17D, 1, 2},
	/* Greek */
	{0x386, 0x386, 38, 1},
	{0x388, 0x38A, 37, 1},
	{0x38C, 0x38C, 64, 1},
	{0x38E, 0x38F, 63, 1},
	{0x391, 0x3A1, 32, 1},
	{0x3A3, 0x3AB, 32, 1},
	/* Cyrillic */
	{0x400, 0x40F, 80, 1},
	{0x410, 0x42F, 32, 1},
	{0x460, 0x480, 1, 2},
	{0x48A, 0x4BE, 1, 2},
	{0x4C0, 0x4C0, 15, 1},
	{0x4C1, 0x4CD, 1, 2},
	{0x4D0, 0x52E, 1, 2},
};

/* Characters beyond ASCII that part words: controls and punctuation. */
static const struct
{
	int32_t lo, hi;
} blanks[] = {
	{0x80, 0xBF},     {0xD7, 0xD7},     {0xF7, 0xF7},
	{0x2000, 0x206F}, {0x3000, 0x303F}, {0xFE00, 0xFE0F},
	{0xFEFF, 0xFEFF}, {0xFFF0, 0xFFFF}, {0xE0000, 0xE01EF},
};

static int32_t
small(int32_t c)
{
	for (int i = 0; i < MIG_COUNT(capitals); i++)
		if (c >= capitals[i].lo && c <= capitals[i].hi)
			return (c - capitals[i].lo) % capitals[i].step == 0
			           ? c + capitals[i].add
			           : c;
	return c;
}

static bool
is_word(int32_t c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '_';
	for (int i = 0; i < MIG_COUNT(blanks); i++)
		if (c >= blanks[i].lo && c <= blanks[i].hi)
			return false;
	return true;
}

/* Take one character off s, which is not empty. A byte that begins none is
   taken alone and counts as a blank. */
static int32_t
take(MigStr *s)
{
	static const int32_t least[] = {0, 0x80, 0x800, 0x10000};
	unsigned char lead = (unsigned char) s->at[0];
	int more = lead < 0xC0 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
	int32_t c = lead < 0x80 ? lead : lead & (0x3F >> more);

	if ((lead >= 0x80 && more == 0) || lead > 0xF4 || (size_t) more >= s->len)
	{
		*s = mig_str_from(*s, 1);
		return lead < 0x80 ? lead : ' ';
	}
	for (int i = 1; i <= more; i++)
	{
		unsigned char byte = (unsigned char) s->at[i];

		if ((byte & 0xC0) != 0x80)
			c = -1;
		c = c < 0 ? c : c << 6 | (byte & 0x3F);
	}
	if (c < least[more] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
	{
		*s = mig_str_from(*s, 1);
		return ' ';
	}
	*s = mig_str_from(*s, (size_t) more + 1);
	return c;
}

static void
put(MigText *t, int32_t c)
{
	if (c < 0x80)
		mig_text_char(t, (char) c);
	else if (c < 0x800)
		mig_text_char(t, (char) (0xC0 | c >> 6));
	else
	{
		if (c < 0x10000)
			mig_text_char(t, (char) (0xE0 | c >> 12));
		else
		{
			mig_text_char(t, (char) (0xF0 | c >> 18));
			mig_text_char(t, (char) (0x80 | (c >> 12 & 0x3F)));
		}
		mig_text_char(t, (char) (0x80 | (c >> 6 & 0x3F)));
	}
	if (c >= 0x80)
		mig_text_char(t, (char) (0x80 | (c & 0x3F)));
}

/* Cut s to its first len bytes, and then back to before its last _. */
static MigStr
cut(MigStr s, size_t len)
{
	s.len = len;
	for (size_t i = len; i > 1; i--)
		if (s.at[i - 1] == '_')
		{
			s.len = i - 1;
			break;
		}
	return s;
}

MigStr
mig_slug(Mig *m, MigStr message, int64_t limit)
{
	MigText t = {m, NULL, 0, 0};
	int64_t count = 0;
	size_t full = 0;
	bool apart = false;
	MigStr slug;

	while (message.len > 0 && count <= limit)
	{
		int32_t c = small(take(&message));

		if (!is_word(c))
		{
			apart = t.len > 0;
			continue;
		}
		for (int i = apart ? 0 : 1; i < 2; i++)
		{
			if (count++ == limit)
				full = t.len;
			put(&t, i == 0 ? '_' : c);
		}
		apart = false;
	}
	slug = mig_text_str(&t);
	if (slug.at != NULL && count > limit)
		slug = cut(slug, full);
	while (slug.len > 0 && slug.at[slug.len - 1] == '_')
		slug.len--;
	return slug;
}
