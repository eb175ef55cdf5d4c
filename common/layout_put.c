#include "private.h"

#include "layout.h"
#include "percent.h"

#define ID_MAX 128

static bool
is_id_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '-';
}

static bool
is_reserved(MigStr id)
{
	return mig_str_is(id, "base") || mig_str_is(id, "current") ||
	       mig_str_is(id, "head") || mig_str_is(id, "heads");
}

MigStr
mig_layout_id(Mig *m, MigStr name)
{
	MigText t = {m, NULL, 0, 0};

	if (is_reserved(name))
		mig_text_char(&t, '_');
	for (size_t i = 0; i < name.len && t.len < ID_MAX && mig_ok(m); i++)
		mig_text_char(&t, is_id_byte(name.at[i]) ? name.at[i] : '_');
	return mig_text_str(&t);
}

/* One line of the header; nothing for an absent value. */
static void
header_add(MigText *t, const char *word, MigStr value)
{
	if (value.at == NULL)
		return;
	mig_text_fmt(t, "-- migrate:%s", word);
	if (value.len > 0)
		mig_text_char(t, ' ');
	mig_text_str_add(t, value);
	mig_text_char(t, '\n');
}

static MigStr
first_line(MigStr s)
{
	size_t n = 0;

	while (n < s.len && s.at[n] != '\n' && s.at[n] != '\r')
		n++;
	s.len = n;
	return mig_str_trim(s);
}

static void
origin_add(MigText *t, const MigForeign *f)
{
	mig_text_fmt(t, "-- migrate:origin %s ", f->layout);
	mig_percent_add(t, f->version);
	if (f->checksum.len > 0)
	{
		mig_text_char(t, ' ');
		mig_percent_add(t, f->checksum);
	}
	mig_text_char(t, '\n');
}

static void
head_add(MigText *t, const MigForeign *f)
{
	MigStr message = first_line(f->message);
	char time[40];

	header_add(t, "revision", mig_layout_id(t->m, f->revision));
	if (f->revises.at != NULL)
		header_add(t, "revises",
		           f->revises.len > 0 ? f->revises : mig_str("base"));
	if (f->depends.len > 0)
		header_add(t, "depends", f->depends);
	if (f->labels.len > 0)
		header_add(t, "labels", f->labels);
	header_add(t, "message", message.at != NULL ? message : mig_str(""));
	if (f->created != MIG_NO_TIME)
		header_add(t, "created", mig_time_iso(f->created, time));
	if (f->repeatable)
		header_add(t, "repeatable", mig_str(""));
	origin_add(t, f);
}

static const char *
kind_name(MigSectionKind kind)
{
	switch (kind)
	{
		case MIG_UP:
			return "up";
		case MIG_DOWN:
			return "down";
		case MIG_VERIFY:
			return "verify";
	}
	return "up";
}

static const char *
target_option(MigFor target)
{
	switch (target)
	{
		case MIG_FOR_POSTGRESQL:
			return " dialect:postgresql";
		case MIG_FOR_SQLITE:
			return " dialect:sqlite";
		case MIG_FOR_BOTH:
			return "";
	}
	return "";
}

/* One section; *body is the offset of its text in t. */
static void
part_add(MigText *t, const MigPart *p, size_t *body)
{
	MigStr bom = MIG_LIT("\xEF\xBB\xBF");
	MigStr text = p->text;

	mig_text_fmt(t, "\n-- migrate:%s%s", kind_name(p->kind),
	             target_option(p->target));
	if (!p->transactional && p->kind != MIG_VERIFY)
		mig_text_add(t, " transaction:false");
	mig_text_add(t, " file:");
	mig_percent_add(t, p->source);
	mig_text_fmt(t, " line:%d\n", p->line);
	*body = t->len;
	if (mig_str_starts(text, bom))
		text = mig_str_from(text, bom.len);
	mig_text_str_add(t, text);
	if (text.len > 0 && text.at[text.len - 1] != '\n')
		mig_text_char(t, '\n');
}

/* A line of the body that reads as a directive has begun a section. */
static bool
refuse_directive(Mig *m, const MigScript *s, const MigSection *inside,
                 const MigSection *extra)
{
	MigPos pos = inside->from;

	mig_lex_pos_move(&pos, s->whole, extra->pos.offset);
	mig_fail(m, MIG_SYNTAX, "the line reads as a directive of migrate");
	mig_hint(m, "Change the comment: \"-- migrate:\" at the start of a line"
	            " begins a directive.");
	return mig_at(m, pos);
}

/* Each part has become one section, and all of it. */
static bool
check_sections(Mig *m, const MigScript *s, const size_t *bodies, int count)
{
	for (int i = 0; i < s->nsections; i++)
	{
		size_t body = (size_t) (s->sections[i].body.at - s->whole.at);

		if (i >= count || body != bodies[i])
			return refuse_directive(m, s, &s->sections[i > 0 ? i - 1 : 0],
			                        &s->sections[i]);
	}
	return true;
}

static bool
has_up(const MigForeign *f)
{
	for (int i = 0; i < f->nparts; i++)
		if (f->parts[i].kind == MIG_UP)
			return true;
	return false;
}

bool
mig_layout_put(Mig *m, MigTree *tree, const MigForeign *f)
{
	MigText t = {m, NULL, 0, 0};
	MigPart empty = {MIG_UP, MIG_FOR_BOTH, true, f->source, 1, {"", 0}};
	size_t *bodies =
		mig_alloc_array(m, (size_t) f->nparts + 1, sizeof(*bodies));
	int count = 0;
	MigStr text;
	MigScript *s;

	if (bodies == NULL)
		return false;
	head_add(&t, f);
	if (!has_up(f))
		part_add(&t, &empty, &bodies[count++]);
	for (int i = 0; i < f->nparts; i++)
		part_add(&t, &f->parts[i], &bodies[count++]);
	text = mig_text_str(&t);
	if (text.at == NULL)
		return false;
	s = mig_script_parse(m, f->source, text, text);
	return s != NULL && check_sections(m, s, bodies, count) &&
	       mig_layout_add(m, tree, s);
}
