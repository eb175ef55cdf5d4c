#include "private.h"

#define BLOCK_MIN 8192
#define BLOCK_LARGE (256 << 10) /* behind one of it they are of BLOCK_MAX */
#define BLOCK_MAX (8 << 20)
#define PAGE 4096
#define PAGE_LARGE (2 << 20)

struct MigBlock
{
	MigBlock *next;
	size_t size; /* bytes behind the header */
	size_t used;
};

/* Enough for any type on the platforms we know. */
typedef union Align
{
	long double d;
	int64_t i;
	void *p;
} Align;

#define ALIGN_TO sizeof(Align)
#define HEADER ((sizeof(MigBlock) + ALIGN_TO - 1) / ALIGN_TO * ALIGN_TO)

void *
mig_memory_pages(void *memory, size_t size, size_t *length)
{
	size_t before = (PAGE - (uintptr_t) memory % PAGE) % PAGE;

	*length = 0;
	if (memory == NULL || size < PAGE_LARGE)
		return NULL;
	*length = (size - before) / PAGE * PAGE;
	return (char *) memory + before;
}

void
mig_init(Mig *m, const MigMemory *memory, const MigDialect *dialect)
{
	memset(m, 0, sizeof(*m));
	m->memory = *memory;
	m->dialect = dialect;
}

void
mig_done(Mig *m)
{
	while (m->blocks != NULL)
	{
		MigBlock *next = m->blocks->next;

		m->memory.put(m->memory.context, m->blocks);
		m->blocks = next;
	}
}

/* Begin where a large page may: what lies before would be small ones. It is
   never touched. */
static void
align_large(MigBlock *b, size_t size)
{
	uintptr_t at = (uintptr_t) b + HEADER;
	size_t before = (PAGE_LARGE - at % PAGE_LARGE) % PAGE_LARGE;

	if (b->size == BLOCK_MAX && b->size - before >= size)
		b->used = before;
}

/* A block that holds at least size bytes; it becomes the current one unless
   it was made for one big piece and the current one has more room left. */
static MigBlock *
block_new(Mig *m, size_t size)
{
	size_t want = m->memory.block;
	MigBlock *b;

	if (want == 0)
		want = m->blocks ? m->blocks->size * 2 : BLOCK_MIN;
	if (want > BLOCK_LARGE)
		want = BLOCK_MAX;
	if (want < size)
		want = size;
	b = m->memory.get(m->memory.context, HEADER + want);
	if (b == NULL)
		return NULL;
	m->used += HEADER;
	b->size = want;
	b->used = 0;
	align_large(b, size);
	if (m->blocks &&
	    b->size - b->used - size < m->blocks->size - m->blocks->used)
	{
		b->next = m->blocks->next;
		m->blocks->next = b;
	}
	else
	{
		b->next = m->blocks;
		m->blocks = b;
	}
	return b;
}

void *
mig_alloc(Mig *m, size_t size)
{
	MigBlock *b = m->blocks;
	char *p;

	if (size > SIZE_MAX / 2)
		b = NULL;
	else
	{
		size = (size + ALIGN_TO - 1) / ALIGN_TO * ALIGN_TO;
		if (b == NULL || b->size - b->used < size)
			b = block_new(m, size);
	}
	if (b == NULL)
	{
		mig_fail(m, MIG_NOMEM, "out of memory");
		return NULL;
	}
	p = (char *) b + HEADER + b->used;
	b->used += size;
	m->used += size;
	memset(p, 0, size);
	return p;
}

void *
mig_alloc_array(Mig *m, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / 2 / size)
	{
		mig_fail(m, MIG_NOMEM, "out of memory");
		return NULL;
	}
	return mig_alloc(m, count * size);
}

void *
mig_grow(Mig *m, void *old, size_t used, size_t *room, size_t need,
         size_t size)
{
	size_t least = size < 64 ? 8 : 2;
	size_t more = *room < least ? least : *room;
	void *p;

	if (need <= *room)
		return old;
	while (more < need)
	{
		if (more > SIZE_MAX / 2)
			break;
		more *= 2;
	}
	p = mig_alloc_array(m, more, size);
	if (p == NULL)
		return NULL;
	if (used > 0)
		memcpy(p, old, used * size);
	*room = more;
	return p;
}

MigStr
mig_copy(Mig *m, MigStr s)
{
	MigStr copy = {NULL, 0};
	char *p;

	if (s.at == NULL)
		return copy;
	p = mig_alloc(m, s.len + 1);
	if (p == NULL)
		return copy;
	memcpy(p, s.at, s.len);
	copy.at = p;
	copy.len = s.len;
	return copy;
}

/* Cut a text that filled its array back to whole UTF-8 characters. */
static void
cut(char *text, size_t room)
{
	size_t n = strlen(text);
	size_t start;

	if (n + 1 < room)
		return;
	for (start = n; start > 0 && n - start < 4; start--)
		if (((unsigned char) text[start - 1] & 0xC0) != 0x80)
			break;
	if (start > 0)
	{
		unsigned char lead = (unsigned char) text[start - 1];
		size_t want = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

		if (n - (start - 1) < want)
			text[start - 1] = '\0';
	}
}

static void
fill(char *text, size_t room, const char *format, va_list args)
{
	vsnprintf(text, room, format, args);
	cut(text, room);
}

bool
mig_fail(Mig *m, MigCode code, const char *format, ...)
{
	va_list args;

	if (m->status.code != MIG_OK)
		return false;
	m->status.code = code;
	va_start(args, format);
	fill(m->status.message, sizeof(m->status.message), format, args);
	va_end(args);
	return false;
}

bool
mig_detail(Mig *m, const char *format, ...)
{
	va_list args;

	if (m->status.code == MIG_OK || m->status.detail[0] != '\0')
		return false;
	va_start(args, format);
	fill(m->status.detail, sizeof(m->status.detail), format, args);
	va_end(args);
	return false;
}

bool
mig_hint(Mig *m, const char *format, ...)
{
	va_list args;

	if (m->status.code == MIG_OK || m->status.hint[0] != '\0')
		return false;
	va_start(args, format);
	fill(m->status.hint, sizeof(m->status.hint), format, args);
	va_end(args);
	return false;
}

bool
mig_context(Mig *m, const char *format, ...)
{
	va_list args;

	if (m->status.code == MIG_OK || m->status.context[0] != '\0')
		return false;
	va_start(args, format);
	fill(m->status.context, sizeof(m->status.context), format, args);
	va_end(args);
	return false;
}

bool
mig_at(Mig *m, MigPos pos)
{
	if (m->status.code == MIG_OK || m->status.pos.line != 0 || pos.line == 0)
		return false;
	m->status.pos = pos;
	if (pos.source.len > 0)
		return mig_context(m, "%.*s line %d, column %d", MIG_S(pos.source),
		                   pos.line, pos.column);
	return mig_context(m, "line %d, column %d", pos.line, pos.column);
}

MigStr
mig_str(const char *s)
{
	MigStr r = {s, s ? strlen(s) : 0};

	return r;
}

bool
mig_str_eq(MigStr a, MigStr b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool
mig_str_is(MigStr a, const char *b)
{
	return mig_str_eq(a, mig_str(b));
}

int
mig_str_cmp(MigStr a, MigStr b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n > 0 ? memcmp(a.at, b.at, n) : 0;

	if (c != 0)
		return c;
	return a.len < b.len ? -1 : a.len > b.len;
}

bool
mig_str_starts(MigStr s, MigStr prefix)
{
	return s.len >= prefix.len &&
	       (prefix.len == 0 || memcmp(s.at, prefix.at, prefix.len) == 0);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' ||
	       c == '\v';
}

MigStr
mig_str_trim(MigStr s)
{
	while (s.len > 0 && is_blank(s.at[0]))
		s = mig_str_from(s, 1);
	while (s.len > 0 && is_blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

MigStr
mig_str_from(MigStr s, size_t offset)
{
	MigStr r = {s.at + offset, s.len - offset};

	return r;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
}

bool
mig_str_word(MigStr s, const char *word)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (lower(s.at[i]) != word[i] || word[i] == '\0')
			return false;
	return word[i] == '\0';
}

bool
mig_str_next(MigStr *list, MigStr *word)
{
	size_t i = 0;
	size_t start;

	while (i < list->len && (is_blank(list->at[i]) || list->at[i] == ','))
		i++;
	start = i;
	while (i < list->len && !is_blank(list->at[i]) && list->at[i] != ',')
		i++;
	if (i == start)
		return false;
	word->at = list->at + start;
	word->len = i - start;
	*list = mig_str_from(*list, i);
	return true;
}

bool
mig_str_int(MigStr s, int64_t *value)
{
	bool minus = s.len > 0 && s.at[0] == '-';
	uint64_t limit = minus ? (uint64_t) INT64_MAX + 1 : INT64_MAX;
	uint64_t n = 0;
	size_t i = minus || (s.len > 0 && s.at[0] == '+') ? 1 : 0;

	if (i == s.len)
		return false;
	for (; i < s.len; i++)
	{
		unsigned digit = (unsigned) (unsigned char) s.at[i] - '0';

		if (digit > 9 || n > (limit - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*value = minus ? (int64_t) (0 - n) : (int64_t) n;
	return true;
}

#define NEAR_MAX 128

/* Levenshtein's distance of two short strings, one row of the table kept. The
   case of ASCII letters does not count. */
static int
distance_of(MigStr a, MigStr b)
{
	int row[NEAR_MAX + 1];

	for (size_t j = 0; j <= b.len; j++)
		row[j] = (int) j;
	for (size_t i = 0; i < a.len; i++)
	{
		int corner = row[0];

		row[0] = (int) i + 1;
		for (size_t j = 0; j < b.len; j++)
		{
			int best = corner + (lower(a.at[i]) != lower(b.at[j]));

			corner = row[j + 1];
			if (corner + 1 < best)
				best = corner + 1;
			if (row[j] + 1 < best)
				best = row[j] + 1;
			row[j + 1] = best;
		}
	}
	return row[b.len];
}

void
mig_nearest(MigStr word, MigStr candidate, MigStr *best, int *distance)
{
	size_t gap = word.len > candidate.len ? word.len - candidate.len
	                                      : candidate.len - word.len;
	int limit = (int) (word.len / 3) + 1;
	int d;

	if (best->at != NULL && *distance < limit)
		limit = *distance;
	if (word.len > NEAR_MAX || candidate.len > NEAR_MAX ||
	    gap > (size_t) limit)
		return;
	d = distance_of(word, candidate);
	if (best->at == NULL
	        ? d > limit
	        : d > *distance ||
	              (d == *distance && mig_str_cmp(candidate, *best) >= 0))
		return;
	*best = candidate;
	*distance = d;
}
