#include "private.h"

#include "lines.h"
#include "replace.h"

/* The value of a row, absent if there is none. */
static MigStr
row_value(Mig *m, const MigTree *tree, MigStr name, bool lower)
{
	MigText t = {m, NULL, 0, 0};
	MigStr none = {NULL, 0};
	MigStr key;

	mig_text_add(&t, "placeholder.");
	for (size_t i = 0; i < name.len; i++)
	{
		char c = name.at[i];

		mig_text_char(&t, lower && c >= 'A' && c <= 'Z' ? (char) (c | 32) : c);
	}
	key = mig_text_str(&t);
	if (key.at == NULL || tree->setting == NULL)
		return none;
	return tree->setting(tree->setting_arg, m, key);
}

static bool
fail_value(Mig *m, MigPos pos, MigStr text, size_t offset, MigStr name)
{
	size_t base = pos.offset;

	if (!mig_ok(m))
		return false;
	mig_fail(m, MIG_SYNTAX, "placeholder \"%.*s\" has no value", MIG_S(name));
	mig_hint(m,
	         "Give it one: INSERT INTO migrate_setting (name, value)"
	         " VALUES ('placeholder.%.*s', '...').",
	         MIG_S(name));
	/* Offsets count in text here. */
	pos.offset = 0;
	mig_lex_pos_move(&pos, text, offset);
	pos.offset += base;
	return mig_at(m, pos);
}

/* ASCII letters in any case. */
static bool
same_name(MigStr name, const char *other)
{
	if (name.len != strlen(other))
		return false;
	for (size_t i = 0; i < name.len; i++)
	{
		char a = name.at[i];
		char b = other[i];

		a = a >= 'A' && a <= 'Z' ? (char) (a | 32) : a;
		b = b >= 'A' && b <= 'Z' ? (char) (b | 32) : b;
		if (a != b)
			return false;
	}
	return true;
}

static MigStr
braces_value(Mig *m, const MigTree *tree, MigStr name, const MigGiven *given,
             int ngiven)
{
	MigStr value;

	for (int i = 0; i < ngiven; i++)
		if (same_name(name, given[i].name))
			return given[i].value;
	value = row_value(m, tree, name, false);
	return value.at != NULL || !mig_ok(m) ? value
	                                      : row_value(m, tree, name, true);
}

bool
mig_replace_braces(Mig *m, const MigTree *tree, MigPos pos, MigStr text,
                   const MigGiven *given, int ngiven, MigText *out)
{
	MigStr rest = text;
	size_t at;

	while ((at = mig_str_find(rest, MIG_LIT("${"))) < rest.len)
	{
		MigStr name = mig_str_from(rest, at + 2);
		size_t end = mig_str_find(name, MIG_LIT("}"));
		MigStr value;

		if (end == name.len)
			break;
		name.len = end;
		value = braces_value(m, tree, name, given, ngiven);
		if (value.at == NULL)
			return fail_value(m, pos, text, (size_t) (rest.at + at - text.at),
			                  name);
		mig_text_str_add(out, (MigStr){rest.at, at});
		mig_text_str_add(out, value);
		rest = mig_str_from(rest, at + 2 + end + 1);
	}
	mig_text_str_add(out, rest);
	return mig_ok(m);
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Letters, digits and underscores at the start of s. */
static size_t
name_length(MigStr s)
{
	size_t n = 0;

	while (n < s.len &&
	       (is_letter(s.at[n]) || (n > 0 && s.at[n] >= '0' && s.at[n] <= '9')))
		n++;
	return n;
}

/* What stands behind a dollar sign. */
typedef struct Shell
{
	MigStr name;
	MigStr instead; /* default; absent: none */
	size_t length;  /* of all of it, 0: it is no placeholder */
} Shell;

static Shell
shell_read(MigStr s)
{
	Shell p = {{NULL, 0}, {NULL, 0}, 0};
	bool braces = s.len > 0 && s.at[0] == '{';
	MigStr inside = braces ? mig_str_from(s, 1) : s;
	size_t n = name_length(inside);

	p.name = (MigStr){inside.at, n};
	if (n == 0)
		return p;
	p.length = n;
	if (!braces)
		return p;
	p.length = mig_str_find(inside, MIG_LIT("}"));
	if (p.length == inside.len)
	{
		p.length = 0;
		return p;
	}
	inside.len = p.length;
	p.length += 2;
	inside = mig_str_from(inside, n);
	if (mig_str_take(&inside, ":-") || mig_str_take(&inside, "-"))
		p.instead = inside;
	return p;
}

bool
mig_replace_shell(Mig *m, const MigTree *tree, MigPos pos, MigStr text,
                  MigText *out)
{
	size_t i = 0;

	while (i < text.len && mig_ok(m))
	{
		MigStr here = mig_str_from(text, i);
		MigStr value;
		Shell p;

		if (mig_str_starts(here, MIG_LIT("$$")) ||
		    mig_str_starts(here, MIG_LIT("\\$")))
		{
			mig_text_char(out, '$');
			i += 2;
			continue;
		}
		p = here.at[0] == '$' ? shell_read(mig_str_from(here, 1)) : (Shell){0};
		if (p.length == 0)
		{
			mig_text_char(out, text.at[i++]);
			continue;
		}
		value = row_value(m, tree, p.name, false);
		if (value.at == NULL && mig_ok(m))
			value = p.instead;
		if (value.at == NULL)
			return fail_value(m, pos, text, i, p.name);
		mig_text_str_add(out, value);
		i += 1 + p.length;
	}
	return mig_ok(m);
}
