#include "private.h"

#include "script.h"
#include "checksum.h"
#include "directive.h"
#include "percent.h"
#include "tally.h"
#include "text.h"

/* Where the reader is: in the header while there are no sections. */
typedef struct Reader
{
	Mig *m;
	MigScript *s;
	MigWalker walker;
	MigPos *at; /* of the last directive */
	MigPos labels_at;
	MigChecksum checksum;
	MigTally tally;
	MigSection few[4];       /* s->sections, while there are no more */
	size_t room;             /* of s->sections */
	bool given[MIG_D_COUNT]; /* which header directives */
} Reader;

/* Place a failure at a part of the text. */
static bool
fail_at(Reader *r, MigStr part)
{
	return mig_walk_at(&r->walker, (size_t) (part.at - r->s->text.at));
}

static MigSection *
section_now(Reader *r)
{
	int n = r->s->nsections;

	return n > 0 ? &r->s->sections[n - 1] : NULL;
}

/* The section that is open, if one is, ends before this offset. */
static void
section_end(Reader *r, size_t offset)
{
	MigSection *section = section_now(r);

	if (section == NULL)
		return;
	section->body.len = (size_t) (r->s->text.at + offset - section->body.at);
	mig_checksum_section_end(&r->checksum);
	mig_tally_end(&r->tally);
}

/* Places count in the file that the section's text came from. */
static bool
section_from(Reader *r, MigSection *section, const MigOptions *options)
{
	if (options->file.at != NULL || options->line > 0)
	{
		section->from.offset = (size_t) (section->body.at - r->s->whole.at);
		section->from.column = 1;
		section->from.line = options->line > 0 ? options->line : 1;
		if (options->file.at != NULL)
			section->from.source = mig_percent_text(r->m, options->file);
	}
	r->walker.from = section->from;
	return mig_ok(r->m);
}

static bool
section_begin(Reader *r, const MigDirective *d, const MigToken *token)
{
	MigScript *s = r->s;
	MigLexer *l = &r->walker.lexer;
	MigSection *items, *section;
	MigOptions options;
	MigStr bad;
	size_t next = l->offset;

	if (!mig_directive_options(r->m, d, &options, &bad))
		return fail_at(r, bad);
	if (s->nsections == INT_MAX)
		return mig_fail(r->m, MIG_NOMEM, "out of memory");
	section_end(r, token->offset);
	items = mig_grow(r->m, s->sections, (size_t) s->nsections, &r->room,
	                 (size_t) s->nsections + 1, sizeof(*items));
	if (items == NULL)
		return false;
	if (next < s->text.len && s->text.at[next] == '\r')
		next++;
	if (next < s->text.len && s->text.at[next] == '\n')
		next++;
	s->sections = items;
	section = &items[s->nsections++];
	section->kind = (MigSectionKind) (d->kind - MIG_D_UP + MIG_UP);
	section->target = options.target;
	section->transactional = options.transactional;
	section->body = mig_str_from(s->text, next);
	section->pos = *r->at;
	section->from = section->pos;
	if (!section_from(r, section, &options))
		return false;
	mig_checksum_section(&r->checksum, section);
	mig_tally_section(&r->tally, r->m, section);
	l->dialect = mig_dialect_of(r->m, section->target);
	return true;
}

static bool
list_empty(Reader *r, const MigDirective *d)
{
	mig_fail(r->m, MIG_SYNTAX, "directive \"migrate:%.*s\" names nothing",
	         MIG_S(d->word));
	if (d->kind == MIG_D_REVISES)
		mig_hint(r->m, "Write the revisions that it comes after, or base if "
		               "there are none.");
	else
		mig_hint(r->m, "Write names behind it, or leave the line out.");
	return fail_at(r, d->comment);
}

/* "base", which stands alone: no revisions at all. */
static bool
base_read(Reader *r, MigStr base, MigStr args, MigStr *out)
{
	if (mig_str_eq(base, args))
	{
		*out = MIG_LIT("");
		return true;
	}
	mig_fail(r->m, MIG_SYNTAX, "\"base\" does not stand alone");
	mig_hint(r->m, "Write either base or the revisions that it comes after.");
	return fail_at(r, base);
}

/* A list of identifiers, to be kept with one blank between them. One by itself
   stays where it is. */
static bool
list_read(Reader *r, const MigDirective *d, MigStr *out)
{
	const char *what = d->kind == MIG_D_LABELS ? "label" : "revision";
	MigStr args = d->args;
	MigText text = {.m = r->m};
	MigStr word;

	while (mig_str_next(&args, &word))
	{
		if (d->kind == MIG_D_REVISES && mig_str_is(word, "base"))
			return base_read(r, word, d->args, out);
		if (!mig_script_id(r->m, what, word, (MigPos){.line = 0}))
			return fail_at(r, word);
		*out = word;
		if (text.len == 0 && args.len == 0)
			return true;
		if (text.len > 0)
			mig_text_char(&text, ' ');
		mig_text_str_add(&text, word);
	}
	if (text.len == 0 && mig_ok(r->m))
		return list_empty(r, d);
	*out = mig_text_str(&text);
	return mig_ok(r->m);
}

static bool
revision_read(Reader *r, const MigDirective *d)
{
	MigStr args = d->args;
	MigStr more;

	r->s->revision_pos = *r->at;
	if (!mig_str_next(&args, &r->s->revision))
	{
		mig_fail(r->m, MIG_SYNTAX,
		         "directive \"migrate:revision\" has no "
		         "identifier");
		mig_hint(r->m, "Write the revision's identifier behind it.");
		return fail_at(r, d->comment);
	}
	if (mig_str_next(&args, &more))
	{
		mig_fail(r->m, MIG_SYNTAX, "\"%.*s\" behind the revision's identifier",
		         MIG_S(more));
		mig_hint(r->m, "A script is one revision; what it is about belongs "
		               "to \"-- migrate:message\".");
		return fail_at(r, more);
	}
	if (!mig_script_id(r->m, "revision", r->s->revision, (MigPos){.line = 0}))
		return fail_at(r, r->s->revision);
	return true;
}

static bool
created_read(Reader *r, const MigDirective *d)
{
	if (mig_time_parse(d->args, &r->s->created))
		return true;
	mig_fail(r->m, MIG_SYNTAX, "\"%.*s\" is not a time", MIG_S(d->args));
	mig_hint(r->m, "Write it as 2026-01-29T04:56:46Z.");
	return fail_at(r, d->args.len > 0 ? d->args : d->comment);
}

/* LAYOUT VERSION [CHECKSUM] */
static bool
origin_read(Reader *r, const MigDirective *d)
{
	MigScript *s = r->s;
	MigStr args = d->args;
	MigStr more;

	if (!mig_str_next(&args, &s->origin) ||
	    !mig_str_next(&args, &s->origin_version))
	{
		mig_fail(r->m, MIG_SYNTAX,
		         "directive \"migrate:origin\" names no layout and version");
		mig_hint(r->m, "Write the layout that the script was read from, its"
		               " version there and, if there is one, its checksum.");
		return fail_at(r, d->comment);
	}
	s->origin_version = mig_percent_text(r->m, s->origin_version);
	if (!mig_str_next(&args, &s->origin_checksum))
		s->origin_checksum = (MigStr){NULL, 0};
	if (!mig_str_next(&args, &more))
		return mig_ok(r->m);
	mig_fail(r->m, MIG_SYNTAX, "\"%.*s\" behind the origin's checksum",
	         MIG_S(more));
	mig_hint(r->m, "Blanks in a version or checksum are written as %%20.");
	return fail_at(r, more);
}

static bool
repeatable_read(Reader *r, const MigDirective *d)
{
	r->s->repeatable = true;
	if (d->args.len == 0)
		return true;
	mig_fail(r->m, MIG_SYNTAX,
	         "\"%.*s\" behind directive \"migrate:repeatable\"",
	         MIG_S(d->args));
	mig_hint(r->m, "It takes no arguments.");
	return fail_at(r, d->args);
}

static bool
header_read(Reader *r, const MigDirective *d)
{
	MigScript *s = r->s;

	switch (d->kind)
	{
		case MIG_D_REVISION:
			return revision_read(r, d);
		case MIG_D_REVISES:
			s->revises_pos = *r->at;
			return list_read(r, d, &s->revises);
		case MIG_D_DEPENDS:
			return list_read(r, d, &s->depends);
		case MIG_D_LABELS:
			r->labels_at = *r->at;
			return list_read(r, d, &s->labels);
		case MIG_D_MESSAGE:
			s->message = d->args;
			return true;
		case MIG_D_CREATED:
			return created_read(r, d);
		case MIG_D_ORIGIN:
			return origin_read(r, d);
		case MIG_D_REPEATABLE:
			return repeatable_read(r, d);
		case MIG_D_UP:
		case MIG_D_DOWN:
		case MIG_D_VERIFY:
		case MIG_D_COUNT:
			break;
	}
	return true;
}

/* A header directive in its place. */
static bool
header_step(Reader *r, const MigDirective *d)
{
	if (r->s->nsections > 0)
	{
		mig_fail(r->m, MIG_SYNTAX,
		         "directive \"migrate:%.*s\" stands behind the first section",
		         MIG_S(d->word));
		mig_hint(r->m, "Header directives stand before \"-- migrate:up\"; of "
		               "those of a new script \"-- migrate:revision\" is the "
		               "first.");
		return fail_at(r, d->comment);
	}
	if (r->given[d->kind])
	{
		mig_fail(r->m, MIG_SYNTAX, "directive \"migrate:%.*s\" is given twice",
		         MIG_S(d->word));
		mig_hint(r->m, "Leave one of them out.");
		return fail_at(r, d->comment);
	}
	r->given[d->kind] = true;
	return header_read(r, d);
}

/* A line that is a directive but for its spelling or its place. */
static bool
misplaced(Reader *r, const MigDirective *d)
{
	if (d->exact)
	{
		mig_fail(r->m, MIG_SYNTAX,
		         "directive \"migrate:%.*s\" does not begin its line",
		         MIG_S(d->word));
		mig_hint(r->m, "Nothing may stand before it on the line, not even "
		               "blanks.");
	}
	else
	{
		mig_fail(r->m, MIG_SYNTAX, "misspelled directive \"%.*s\"",
		         MIG_S(d->comment));
		mig_hint(r->m, "Write \"-- migrate:%s\".",
		         mig_directive_name(d->kind));
	}
	return fail_at(r, d->comment);
}

/* A line comment where a directive may stand. */
static bool
comment_step(Reader *r, const MigToken *token)
{
	MigDirective d;

	if (!mig_directive_read(token->text, &d))
		return true;
	if (!d.exact || !token->bol)
	{
		bool header = r->s->nsections == 0 && d.kind != MIG_D_COUNT;

		return !header && !mig_directive_meant(&d) ? true : misplaced(r, &d);
	}
	if (d.kind == MIG_D_COUNT)
	{
		mig_directive_unknown(r->m, &d);
		return fail_at(r, d.comment);
	}
	if (!mig_walk_close(&r->walker))
		return false;
	mig_lex_pos_move(r->at, r->s->whole,
	                 (size_t) (token->text.at - r->s->whole.at));
	return mig_directive_section(&d) ? section_begin(r, &d, token)
	                                 : header_step(r, &d);
}

/* The line that a byte is in, from that byte on, not too long to show. */
static MigStr
line_from(MigStr s)
{
	size_t n = 0;

	while (n < s.len && n < 60 && s.at[n] != '\n' && s.at[n] != '\r')
		n++;
	while (n > 0 && n < s.len && ((unsigned char) s.at[n] & 0xC0) == 0x80)
		n--;
	s.len = n;
	return mig_str_trim(s);
}

static bool
text_before(Reader *r, const MigToken *token)
{
	MigStr line = line_from(mig_str_from(r->s->text, token->offset));

	mig_fail(r->m, MIG_SYNTAX, "text before the first section: \"%.*s\"",
	         MIG_S(line));
	mig_hint(r->m, "Write \"-- migrate:up\" on a line of its own before it.");
	return fail_at(r, token->text);
}

static bool
token_read(Reader *r, MigWalkStep step, const MigToken *token)
{
	const MigSection *section = section_now(r);

	if (step == MIG_WALK_BLANK)
		return token->kind != MIG_T_LINE_COMMENT ||
		       !mig_walk_idle(&r->walker) || comment_step(r, token);
	if (section == NULL)
		return token->kind == MIG_T_HINT || text_before(r, token);
	mig_tally_step(&r->tally, step, token);
	if (section->kind == MIG_UP)
		mig_checksum_token(&r->checksum, token);
	return true;
}

/* A repeatable script is no part of the graph. */
static bool
finish_repeatable(Reader *r)
{
	MigScript *s = r->s;
	bool revises = s->revises.at != NULL;

	if (!revises && s->labels.at == NULL)
	{
		s->revises = MIG_LIT("*");
		return true;
	}
	mig_fail(r->m, MIG_SYNTAX,
	         "directive \"migrate:%s\" in a repeatable script",
	         revises ? "revises" : "labels");
	mig_hint(r->m, "A repeatable script runs behind all others; it may name"
	               " what it needs with \"-- migrate:depends\".");
	return mig_at(r->m, revises ? s->revises_pos : r->labels_at);
}

/* What can only be said at the end. */
static bool
finish(Reader *r)
{
	MigScript *s = r->s;
	bool up = false;

	section_end(r, s->text.len);
	for (int i = 0; i < s->nsections; i++)
		up |= s->sections[i].kind == MIG_UP;
	mig_checksum_end(&r->checksum, s->checksum);
	s->statements = r->tally.statements;
	s->plain = !r->tally.special;
	if (up)
		return !s->repeatable || finish_repeatable(r);
	mig_fail(r->m, MIG_SYNTAX, "script has no \"migrate:up\" section");
	mig_hint(r->m, "Write \"-- migrate:up\" on a line of its own before the "
	               "statements; the section may be empty.");
	if (s->revision_pos.line > 0)
		return mig_at(r->m, s->revision_pos);
	return mig_walk_at(&r->walker, 0);
}

/* Sections that are wanted move to where they can stay. */
static bool
sections_keep(Reader *r, bool skim)
{
	MigScript *s = r->s;
	size_t size = (size_t) s->nsections * sizeof(*s->sections);

	if (s->sections != r->few)
		return true;
	if (skim && s->plain)
		s->nsections = 0;
	s->sections = s->nsections > 0 ? mig_alloc(r->m, size) : NULL;
	if (s->sections != NULL)
		memcpy(s->sections, r->few, size);
	return mig_ok(r->m);
}

static MigScript *
parse(Mig *m, MigPos *at, MigStr whole, MigStr text, bool skim)
{
	Reader r = {.m = m, .at = at};
	MigWalkStep step;
	MigToken token;

	r.s = mig_alloc(m, sizeof(*r.s));
	if (r.s == NULL)
		return NULL;
	r.s->sections = r.few;
	r.room = MIG_COUNT(r.few);
	r.s->source = at->source;
	r.s->text = text;
	r.s->whole = whole;
	r.s->created = MIG_NO_TIME;
	mig_checksum_start(&r.checksum);
	mig_walk_start(&r.walker, m, mig_dialect_of(m, MIG_FOR_BOTH), at->source,
	               whole, text);
	while ((step = mig_walk(&r.walker, &token)) != MIG_WALK_END)
		if (!token_read(&r, step, &token))
			return NULL;
	return mig_ok(m) && finish(&r) && sections_keep(&r, skim) ? r.s : NULL;
}

MigScript *
mig_script_parse_from(Mig *m, MigPos *at, MigStr whole, MigStr text)
{
	return parse(m, at, whole, text, false);
}

MigScript *
mig_script_skim_from(Mig *m, MigPos *at, MigStr whole, MigStr text)
{
	return parse(m, at, whole, text, true);
}

MigScript *
mig_script_parse(Mig *m, MigStr source, MigStr whole, MigStr text)
{
	MigPos at = mig_lex_pos(source, whole, 0);

	return mig_script_parse_from(m, &at, whole, text);
}
