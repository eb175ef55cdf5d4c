#include "private.h"

#include "typecheck.h"

/* A number of one to three digits; -1: there is none. */
static int
small_number(MigStr *s)
{
	int value = 0;
	size_t n = 0;

	while (n < s->len && n < 3 && s->at[n] >= '0' && s->at[n] <= '9')
		value = value * 10 + (s->at[n++] - '0');
	*s = mig_str_from(*s, n);
	return n > 0 ? value : -1;
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
read_v4(MigStr *s, unsigned char *out)
{
	for (int i = 0; i < 4; i++)
	{
		int value;

		if (i > 0 && !take(s, '.'))
			return false;
		value = small_number(s);
		if (value < 0 || value > 255)
			return false;
		out[i] = (unsigned char) value;
	}
	return true;
}

/* One group of up to four hexadecimal digits; -1: there is none. */
static int
hex_group(MigStr *s)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	int value = 0;
	size_t n = 0;

	while (n < s->len && n < 4)
	{
		const char *at = memchr(digits, s->at[n], sizeof(digits) - 1);

		if (at == NULL)
			break;
		value = value * 16 + (int) ((at - digits) % 16);
		n++;
	}
	*s = mig_str_from(*s, n);
	return n > 0 ? value : -1;
}

typedef struct Groups
{
	unsigned char bytes[20];
	int count; /* groups of two bytes */
	int gap;   /* how many stand before "::"; -1: there is none */
} Groups;

/* What stands between two groups. False: what stands there ends the address,
   or is wrong; *ok tells which. */
static bool
next_group(MigStr *s, Groups *g, bool *ok)
{
	*ok = true;
	if (s->len == 0 || s->at[0] == '/' || !take(s, ':'))
		return false;
	if (take(s, ':'))
	{
		*ok = g->gap < 0;
		g->gap = g->count;
		return *ok && s->len > 0 && s->at[0] != '/';
	}
	*ok = s->len > 0 && s->at[0] != '/';
	return *ok;
}

/* Groups of four digits; the last two may be written as IPv4. */
static bool
read_groups(MigStr *s, Groups *g)
{
	bool ok = true;

	do
	{
		MigStr before = *s;
		int value = hex_group(s);

		if (value >= 0 && s->len > 0 && s->at[0] == '.')
		{
			*s = before;
			g->count += 2;
			return g->count <= 8 && read_v4(s, g->bytes + 2 * (g->count - 2));
		}
		if (value < 0 || g->count == 8)
			return false;
		g->bytes[2 * g->count] = (unsigned char) (value >> 8);
		g->bytes[2 * g->count + 1] = (unsigned char) value;
		g->count++;
	} while (next_group(s, g, &ok));
	return ok;
}

static bool
read_v6(MigStr *s, unsigned char *out)
{
	Groups g = {{0}, 0, -1};
	int behind;

	if (mig_str_starts(*s, MIG_LIT("::")))
	{
		g.gap = 0;
		*s = mig_str_from(*s, 2);
	}
	if ((g.gap < 0 || (s->len > 0 && s->at[0] != '/')) && !read_groups(s, &g))
		return false;
	if (g.gap < 0 ? g.count != 8 : g.count > 7)
		return false;
	behind = g.gap < 0 ? 0 : g.count - g.gap;
	memset(out, 0, 16);
	memcpy(out, g.bytes, (size_t) (g.count - behind) * 2);
	memcpy(out + 16 - behind * 2, g.bytes + (g.count - behind) * 2,
	       (size_t) behind * 2);
	return true;
}

/* cidr names a network: no bits behind its mask. */
static bool
is_network(const unsigned char *bytes, int size, int bits)
{
	for (int i = bits; i < size; i++)
		if (bytes[i / 8] >> (7 - i % 8) & 1)
			return false;
	return true;
}

static bool
inet_valid(MigStr s, bool network)
{
	bool six = memchr(s.at, ':', s.len) != NULL;
	int size = six ? 128 : 32, bits = size;
	unsigned char bytes[16];

	if (!(six ? read_v6(&s, bytes) : read_v4(&s, bytes)))
		return false;
	if (take(&s, '/'))
		bits = small_number(&s);
	if (s.len > 0 || bits < 0 || bits > size)
		return false;
	return !network || is_network(bytes, size, bits);
}

/* Twelve digits; between them nothing, or one kind of mark. */
static bool
mac_valid(MigStr s)
{
	int digits = 0;
	char mark = '\0';
	int every = 0, marks = 0;

	for (size_t i = 0; i < s.len; i++)
	{
		char c = s.at[i];

		if (c != ':' && c != '-' && c != '.')
		{
			MigStr one = {s.at + i, 1};

			if (hex_group(&one) < 0 || ++digits > 12)
				return false;
			continue;
		}
		if (mark == '\0')
			every = digits;
		if (every == 0 || (mark != '\0' && c != mark) || digits % every != 0 ||
		    digits == 12 || s.at[i - 1] == c)
			return false;
		mark = c;
		marks++;
	}
	if (digits != 12 || (mark != '\0' && marks != 12 / every - 1))
		return false;
	return mark == '\0' || (every == 2 && mark != '.') ||
	       (every == 4 && mark != ':') || (every == 6 && mark != '.');
}

bool
mig_address_valid(MigStr s, MigStr type)
{
	if (s.len == 0)
		return false;
	if (mig_str_starts(type, MIG_LIT("macaddr")))
		return mac_valid(s);
	return inet_valid(s, mig_str_starts(type, MIG_LIT("cidr")));
}
