#include "private.h"

#include "lines.h"
#include "text.h"

MigStr
mig_bom_off(MigStr text)
{
	mig_str_take(&text, "\xEF\xBB\xBF");
	return text;
}

void
mig_lines_start(MigLines *l, MigStr text)
{
	l->text = text;
	l->next = text.len - mig_bom_off(text).len;
	l->at = l->next;
	l->number = 0;
}

bool
mig_lines_next(MigLines *l, MigStr *line)
{
	size_t end = l->next;

	if (end >= l->text.len)
		return false;
	while (end < l->text.len && l->text.at[end] != '\n' &&
	       l->text.at[end] != '\r')
		end++;
	l->at = l->next;
	l->number++;
	*line = (MigStr){l->text.at + l->at, end - l->at};
	if (end + 1 < l->text.len && l->text.at[end] == '\r' &&
	    l->text.at[end + 1] == '\n')
		end++;
	l->next = end < l->text.len ? end + 1 : end;
	return true;
}

bool
mig_str_ends(MigStr s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.len >= n && mig_str_is(mig_str_from(s, s.len - n), suffix);
}

bool
mig_str_take(MigStr *s, const char *prefix)
{
	if (!mig_str_starts(*s, mig_str(prefix)))
		return false;
	*s = mig_str_from(*s, strlen(prefix));
	return true;
}

bool
mig_str_take_word(MigStr *s, const char *word)
{
	size_t n = strlen(word);

	if (s->len < n || !mig_str_word((MigStr){s->at, n}, word))
		return false;
	*s = mig_str_from(*s, n);
	return true;
}

void
mig_str_skip(MigStr *s)
{
	while (s->len > 0 && (s->at[0] == ' ' || s->at[0] == '\t'))
		*s = mig_str_from(*s, 1);
}

MigStr
mig_str_digits(MigStr *s)
{
	MigStr digits = {s->at, 0};

	while (digits.len < s->len && s->at[digits.len] >= '0' &&
	       s->at[digits.len] <= '9')
		digits.len++;
	*s = mig_str_from(*s, digits.len);
	return digits;
}

MigStr
mig_str_field(MigStr *s)
{
	MigStr field;

	mig_str_skip(s);
	field = (MigStr){s->at, 0};
	while (field.len < s->len && s->at[field.len] != ' ' &&
	       s->at[field.len] != '\t')
		field.len++;
	*s = mig_str_from(*s, field.len);
	return field;
}

MigStr
mig_str_before(MigStr *s, char c)
{
	MigStr all = *s;
	const char *at = all.len > 0 ? memchr(all.at, c, all.len) : NULL;

	if (at == NULL)
	{
		*s = mig_str_from(all, all.len);
		return all;
	}
	*s = mig_str_from(all, (size_t) (at - all.at) + 1);
	return (MigStr){all.at, (size_t) (at - all.at)};
}

size_t
mig_str_find(MigStr s, MigStr needle)
{
	size_t i = 0;

	if (needle.len == 0 || needle.len > s.len)
		return s.len;
	while (i + needle.len <= s.len)
	{
		const char *at =
			memchr(s.at + i, needle.at[0], s.len - needle.len + 1 - i);

		if (at == NULL)
			return s.len;
		i = (size_t) (at - s.at);
		if (memcmp(at, needle.at, needle.len) == 0)
			return i;
		i++;
	}
	return s.len;
}

MigStr
mig_path_base(MigStr path)
{
	size_t n = path.len;

	while (n > 0 && path.at[n - 1] != '/')
		n--;
	return mig_str_from(path, n);
}

MigStr
mig_path_folder(MigStr path)
{
	size_t n = path.len - mig_path_base(path).len;

	return (MigStr){path.at, n > 0 ? n - 1 : 0};
}

int
mig_digits_cmp(MigStr a, MigStr b)
{
	while (a.len > 0 && a.at[0] == '0')
		a = mig_str_from(a, 1);
	while (b.len > 0 && b.at[0] == '0')
		b = mig_str_from(b, 1);
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return mig_str_cmp(a, b);
}

MigStr
mig_slug_message(Mig *m, MigStr slug)
{
	char *at = mig_canvas(m, slug);

	if (at == NULL)
		return (MigStr){NULL, 0};
	for (size_t i = 0; i < slug.len; i++)
		if (at[i] == '_' || at[i] == '-')
			at[i] = ' ';
	return mig_str_trim((MigStr){at, slug.len});
}

char *
mig_canvas(Mig *m, MigStr text)
{
	char *at = mig_alloc(m, text.len + 1);

	if (at != NULL && text.len > 0)
		memcpy(at, text.at, text.len);
	return at;
}

/* Zero bytes are what is left out, until the text is done. */
void
mig_blank(char *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (at[i] != '\n' && at[i] != '\r')
			at[i] = '\0';
}

static bool
is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

/* What is left out becomes blanks, and nothing at the end of a line. */
MigStr
mig_canvas_text(char *canvas, size_t len, int *line)
{
	MigStr text = {canvas, 0};
	size_t gap = 0;

	for (size_t i = 0; i < len; i++)
	{
		char c = canvas[i];

		if (c == '\0')
		{
			gap++;
			continue;
		}
		if (is_line_end(c))
			gap = 0;
		for (; gap > 0; gap--)
			canvas[text.len++] = ' ';
		canvas[text.len++] = c;
	}
	while (text.len > 0 && is_line_end(text.at[0]))
	{
		bool crlf = text.len > 1 && text.at[0] == '\r' && text.at[1] == '\n';

		text = mig_str_from(text, crlf ? 2 : 1);
		++*line;
	}
	while (text.len > 1 && is_line_end(text.at[text.len - 1]) &&
	       is_line_end(text.at[text.len - 2]))
		text.len--;
	return text;
}

MigStr
mig_lf_only(Mig *m, MigStr text)
{
	char *at = mig_canvas(m, text);
	size_t n = 0;

	if (at == NULL)
		return (MigStr){NULL, 0};
	for (size_t i = 0; i < text.len; i++)
	{
		bool crlf =
			text.at[i] == '\r' && i + 1 < text.len && text.at[i + 1] == '\n';

		if (!crlf)
			at[n++] = text.at[i] == '\r' ? '\n' : text.at[i];
	}
	return (MigStr){at, n};
}

MigStr
mig_crlf_only(Mig *m, MigStr text)
{
	MigText t = {m, NULL, 0, 0};

	for (size_t i = 0; i < text.len; i++)
	{
		char c = text.at[i];

		if (c == '\n' && i > 0 && text.at[i - 1] == '\r')
			continue;
		if (is_line_end(c))
			mig_text_add(&t, "\r\n");
		else
			mig_text_char(&t, c);
	}
	return mig_text_str(&t);
}
