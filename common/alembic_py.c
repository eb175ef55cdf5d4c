#include "private.h"

#include "alembic_py.h"
#include "lines.h"
#include "text.h"

typedef struct Reader
{
	Mig *m;
	MigAlembic *out;
	MigStr text;
	size_t at;
	bool any; /* something was there, so that a string is no docstring */
} Reader;

static bool
is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || (unsigned char) c > 127;
}

static char
here(const Reader *r, size_t ahead)
{
	return r->at + ahead < r->text.len ? r->text.at[r->at + ahead] : '\0';
}

/* A string literal, of which the inside is given; backslashes in it only hide
   a quote. */
static MigStr
take_string(Reader *r)
{
	char quote = here(r, 0);
	size_t quotes = here(r, 1) == quote && here(r, 2) == quote ? 3 : 1;
	MigStr s = {r->text.at + r->at + quotes, 0};

	r->at += quotes;
	while (r->at < r->text.len)
	{
		size_t n = 0;

		while (n < quotes && here(r, n) == quote)
			n++;
		if (n == quotes)
			break;
		r->at += here(r, 0) == '\\' && r->at + 1 < r->text.len ? 2 : 1;
	}
	s.len = (size_t) (r->text.at + r->at - s.at);
	r->at = r->at + quotes < r->text.len ? r->at + quotes : r->text.len;
	return s;
}

static void
skip_comment(Reader *r)
{
	while (r->at < r->text.len && here(r, 0) != '\n' && here(r, 0) != '\r')
		r->at++;
}

static MigStr
take_word(Reader *r)
{
	MigStr word = {r->text.at + r->at, 0};

	while (r->at < r->text.len && is_word_byte(here(r, 0)))
		r->at++;
	word.len = (size_t) (r->text.at + r->at - word.at);
	return word;
}

static bool
fail_value(Reader *r, size_t at, MigStr name)
{
	mig_fail(r->m, MIG_SYNTAX, "value of \"%.*s\" does not read", MIG_S(name));
	mig_hint(r->m, "Write a string, None, or a tuple of strings.");
	return mig_at(r->m, mig_layout_pos(r->out->file, at));
}

/* r"..." and the like; its quote is next. */
static bool
is_prefix(const Reader *r, MigStr word)
{
	return word.len == 1 && strchr("rRuU", word.at[0]) != NULL &&
	       (here(r, 0) == '"' || here(r, 0) == '\'');
}

/* The strings of a value, up to the line's end outside of brackets. */
static bool
value_read(Reader *r, MigStr name, MigStr *value)
{
	MigText t = {r->m, NULL, 0, 0};
	size_t start = r->at;
	int depth = 0;

	while (r->at < r->text.len)
	{
		char c = here(r, 0);

		if (c == '#')
			skip_comment(r);
		else if (c == '"' || c == '\'')
		{
			if (t.len > 0)
				mig_text_char(&t, ' ');
			mig_text_str_add(&t, take_string(r));
		}
		else if (is_word_byte(c))
		{
			MigStr word = take_word(r);

			if (!mig_str_is(word, "None") && !is_prefix(r, word))
				return fail_value(r, start, name);
		}
		else if ((c == '\n' || c == '\r') && depth == 0)
			break;
		else
		{
			if (strchr("()[]{}, \t\r\n\\;", c) == NULL || c == '\0')
				return fail_value(r, start, name);
			depth += strchr("([{", c) != NULL;
			depth -= strchr(")]}", c) != NULL;
			r->at += c == '\\' && here(r, 1) == '\r' ? 1 : 0;
			r->at += c == '\\' ? 2 : 1;
		}
	}
	r->at = r->at < r->text.len ? r->at : r->text.len;
	*value = mig_text_str(&t);
	return mig_ok(r->m);
}

/* ": annotation =" or "=" in front of a value; false if it is none. */
static bool
take_equals(Reader *r)
{
	int depth = 0;

	for (; r->at < r->text.len; r->at++)
	{
		char c = here(r, 0);

		if (c == '"' || c == '\'')
		{
			take_string(r);
			r->at--;
		}
		else if (c == '[' || c == '(')
			depth++;
		else if (c == ']' || c == ')')
			depth--;
		else if ((c == '\n' || c == '\r') && depth == 0)
			return false;
		else if (c == '=' && depth == 0)
		{
			r->at++;
			return here(r, 0) != '=';
		}
	}
	return false;
}

/* A word at the start of a line. */
static bool
assignment_read(Reader *r)
{
	MigAlembic *out = r->out;
	MigStr name = take_word(r);
	MigStr *value = mig_str_is(name, "revision")        ? &out->revision
	                : mig_str_is(name, "down_revision") ? &out->revises
	                : mig_str_is(name, "branch_labels") ? &out->labels
	                : mig_str_is(name, "depends_on")    ? &out->depends
	                                                    : NULL;

	if (value == NULL)
		return true;
	while (here(r, 0) == ' ' || here(r, 0) == '\t')
		r->at++;
	if ((here(r, 0) != ':' && here(r, 0) != '=') || !take_equals(r))
		return true;
	return value_read(r, name, value);
}

/* Its first line that is not empty is the message; a line names the time. */
static void
docstring_read(MigStr text, MigAlembic *out)
{
	MigLines lines;
	MigStr line;

	mig_lines_start(&lines, text);
	while (mig_lines_next(&lines, &line))
	{
		line = mig_str_trim(line);
		if (out->message.len == 0)
			out->message = line;
		if (mig_str_take(&line, "Create Date:") &&
		    !mig_time_parse(line, &out->created))
			out->created = MIG_NO_TIME;
	}
}

static bool
step(Reader *r, bool bol)
{
	char c = here(r, 0);

	if (c == '#')
		skip_comment(r);
	else if (c == '"' || c == '\'')
	{
		MigStr s = take_string(r);

		if (!r->any)
			docstring_read(s, r->out);
		r->any = true;
	}
	else if (is_word_byte(c))
	{
		size_t start = r->at;
		MigStr word = take_word(r);

		if (is_prefix(r, word))
			return true;
		r->any = true;
		if (!bol)
			return true;
		r->at = start;
		return assignment_read(r);
	}
	else
	{
		r->any |= strchr(" \t\r\n", c) == NULL;
		r->at++;
	}
	return true;
}

bool
mig_alembic_py(Mig *m, const MigFile *file, MigAlembic *out)
{
	Reader r = {.m = m, .out = out, .text = file->text};
	bool bol = true;

	memset(out, 0, sizeof(*out));
	out->file = file;
	out->created = MIG_NO_TIME;
	r.at = file->text.len - mig_bom_off(file->text).len;
	while (r.at < r.text.len)
	{
		if (!step(&r, bol))
			return false;
		bol = r.at > 0 &&
		      (r.text.at[r.at - 1] == '\n' || r.text.at[r.at - 1] == '\r');
	}
	if (out->revision.at != NULL && out->revision.len == 0)
		out->revision.at = NULL;
	return mig_ok(m);
}
