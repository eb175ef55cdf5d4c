#include "private.h"

#include "checksum.h"

void
mig_checksum_start(MigChecksum *c)
{
	memset(c, 0, sizeof(*c));
	mig_digest_start(&c->digest);
}

void
mig_checksum_section(MigChecksum *c, const MigSection *section)
{
	c->target = section->target;
	c->transactional = section->transactional;
	c->any = false;
	c->semicolon = false;
}

/* What tells this section from a plain one. */
static void
marks_add(MigChecksum *c)
{
	static const char *const marks[] = {
		[MIG_FOR_BOTH] = "",
		[MIG_FOR_POSTGRESQL] = "@postgresql\n",
		[MIG_FOR_SQLITE] = "@sqlite\n",
	};
	const char *mark = marks[c->target];

	mig_digest_add(&c->digest, mark, strlen(mark));
	if (!c->transactional)
		mig_digest_add(&c->digest, "@alone\n", 7);
}

static void
length_add(MigChecksum *c, size_t n)
{
	char digits[24];
	size_t i = sizeof(digits);

	digits[--i] = ':';
	do
		digits[--i] = (char) ('0' + n % 10);
	while ((n /= 10) > 0);
	mig_digest_add(&c->digest, digits + i, sizeof(digits) - i);
}

/* The CRLF at or behind i; s.len if there is none. */
static size_t
next_crlf(MigStr s, size_t i)
{
	while (i < s.len)
	{
		const char *at = memchr(s.at + i, '\r', s.len - i);

		if (at == NULL)
			break;
		i = (size_t) (at - s.at);
		if (i + 1 < s.len && s.at[i + 1] == '\n')
			return i;
		i++;
	}
	return s.len;
}

static void
bytes_add(MigChecksum *c, MigStr s)
{
	size_t length = s.len;
	size_t start = 0;

	for (size_t i = next_crlf(s, 0); i < s.len; i = next_crlf(s, i + 1))
		length--;
	length_add(c, length);
	while (start < s.len)
	{
		size_t end = next_crlf(s, start);

		mig_digest_add(&c->digest, s.at + start, end - start);
		start = end < s.len ? end + 1 : end;
	}
}

void
mig_checksum_token(MigChecksum *c, const MigToken *token)
{
	if (token->kind == MIG_T_CHAR && token->text.at[0] == ';')
	{
		c->semicolon = true;
		return;
	}
	if (!c->any)
		marks_add(c);
	else if (c->semicolon)
		mig_digest_add(&c->digest, "1:;", 3);
	if (token->kind == MIG_T_WORD || token->kind == MIG_T_CHAR)
	{
		length_add(c, token->text.len);
		mig_digest_add(&c->digest, token->text.at, token->text.len);
	}
	else
		bytes_add(c, token->text);
	c->any = true;
	c->semicolon = false;
}

void
mig_checksum_section_end(MigChecksum *c)
{
	if (c->any)
		mig_digest_add(&c->digest, "\n", 1);
	c->any = false;
}

void
mig_checksum_end(MigChecksum *c, unsigned char out[MIG_DIGEST_SIZE])
{
	mig_digest_end(&c->digest, out);
}
