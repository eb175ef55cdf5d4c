#include "private.h"

#include "fill.h"
#include "text.h"

/* Where filling is: the current line. */
typedef struct State
{
	MigFilling *f;
	MigText out;
	size_t start; /* of the line, in out */
	int nfilled;  /* placeholders in it so far */
	int nabsent;  /* of them, those that stand for nothing */
} State;

static bool
fail_placeholder(Mig *m, const MigFilling *f, MigStr name)
{
	MigText list = {m, NULL, 0, 0};
	MigStr names;

	for (int i = 0; i < f->nplaces; i++)
	{
		if (i > 0)
			mig_text_add(&list, i + 1 == f->nplaces ? " and " : ", ");
		mig_text_fmt(&list, "{%s}", f->places[i].name);
	}
	names = mig_text_str(&list);
	mig_fail(m, MIG_ARGUMENT,
	         "placeholder \"{%.*s}\" of setting \"%s\" does not exist",
	         MIG_S(name), f->setting);
	return mig_hint(m, "The placeholders are %.*s.", MIG_S(names));
}

static bool
fail_brace(Mig *m, const MigFilling *f)
{
	mig_fail(m, MIG_ARGUMENT, "setting \"%s\" has a brace without its partner",
	         f->setting);
	return mig_hint(m, "Write {{ and }} for braces that belong to no"
	                   " placeholder.");
}

static bool
is_separator(char c)
{
	return c == '_' || c == '-' || c == '.' || c == ' ';
}

static bool
put_value(Mig *m, State *s, MigStr name)
{
	MigText *out = &s->out;

	for (int i = 0; i < s->f->nplaces; i++)
	{
		MigPlaceholder *p = &s->f->places[i];

		if (!mig_str_is(name, p->name))
			continue;
		p->used = true;
		s->nfilled++;
		s->nabsent += p->text.at == NULL;
		if (p->text.at != NULL)
			mig_text_str_add(out, p->text);
		else if (!s->f->lines && out->len > 0 &&
		         is_separator(out->at[out->len - 1]))
			out->len--;
		return true;
	}
	return fail_placeholder(m, s->f, name);
}

static void
end_line(State *s)
{
	if (s->f->lines && s->nfilled == 1 && s->nabsent == 1)
		s->out.len = s->start;
	s->start = s->out.len;
	s->nfilled = s->nabsent = 0;
}

/* An ordinary byte of the template. */
static void
put_byte(State *s, char c)
{
	if (!s->f->lines && s->out.len == 0 && s->nabsent > 0 && is_separator(c))
		return;
	mig_text_char(&s->out, c);
	if (c == '\n')
		end_line(s);
}

/* The bytes in a brace's pair; false if it has no partner on its line. */
static bool
braced(MigStr template, MigStr *name)
{
	size_t end = 1;

	while (end < template.len && strchr("{}\n", template.at[end]) == NULL)
		end++;
	if (template.at[0] == '}' || end == template.len ||
	    template.at[end] != '}')
		return false;
	name->at = template.at + 1;
	name->len = end - 1;
	return true;
}

bool
mig_fill(Mig *m, MigFilling *f, MigStr template, MigStr *out)
{
	State s = {f, {m, NULL, 0, 0}, 0, 0, 0};

	while (template.len > 0 && mig_ok(m))
	{
		char c = template.at[0];
		MigStr name;
		size_t taken = 1;

		if (c != '{' && c != '}')
			put_byte(&s, c);
		else if (template.len > 1 && template.at[1] == c)
		{
			put_byte(&s, c);
			taken = 2;
		}
		else if (!braced(template, &name))
			return fail_brace(m, f);
		else
		{
			put_value(m, &s, name);
			taken = name.len + 2;
		}
		template = mig_str_from(template, taken);
	}
	end_line(&s);
	*out = mig_text_str(&s.out);
	return mig_ok(m);
}
