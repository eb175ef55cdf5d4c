#include "private.h"

#include "script.h"
#include "directive.h"

typedef struct Cutter
{
	Mig *m;
	MigWalker walker;
	MigStr *parts;
	int count;
	size_t room;
	size_t start; /* of the part that is open */
	bool named;   /* it has its migrate:revision line */
} Cutter;

/* The open part ends before this offset. */
static bool
part_end(Cutter *c, size_t offset)
{
	MigStr *parts;

	if (c->count == INT_MAX)
		return mig_fail(c->m, MIG_NOMEM, "out of memory");
	parts = mig_grow(c->m, c->parts, (size_t) c->count, &c->room,
	                 (size_t) c->count + 1, sizeof(*parts));
	if (parts == NULL)
		return false;
	c->parts = parts;
	parts[c->count].at = c->walker.lexer.text.at + c->start;
	parts[c->count++].len = offset - c->start;
	c->start = offset;
	return true;
}

/* Where the directive's line begins: its byte order mark goes with it. */
static size_t
line_of(const Cutter *c, const MigToken *token)
{
	static const char bom[] = {'\xEF', '\xBB', '\xBF'};

	if (token->offset - c->start >= sizeof(bom) &&
	    memcmp(token->text.at - sizeof(bom), bom, sizeof(bom)) == 0)
		return token->offset - sizeof(bom);
	return token->offset;
}

/* A line comment: a revision's begins a part, a section's sets the dialect in
   which one goes on. */
static bool
comment_step(Cutter *c, const MigToken *token)
{
	MigLexer *l = &c->walker.lexer;
	MigDirective d;

	if (!mig_directive_read(token->text, &d) || !d.exact)
		return true;
	if (mig_directive_section(&d))
	{
		l->dialect = mig_dialect_of(c->m, mig_directive_for(&d));
		return mig_walk_close(&c->walker);
	}
	if (d.kind != MIG_D_REVISION)
		return true;
	if (!mig_walk_close(&c->walker) ||
	    (c->named && !part_end(c, line_of(c, token))))
		return false;
	c->named = true;
	l->dialect = mig_dialect_of(c->m, MIG_FOR_BOTH);
	return true;
}

/* Whether the word stands there more than once, in whatever place: mostly it
   does not, and then there is nothing to cut. */
static bool
may_be_several(MigStr text)
{
	static const char word[] = "migrate:revision";
	size_t size = sizeof(word) - 1;
	bool seen = false;

	while (text.len >= size)
	{
		const char *at = memchr(text.at, word[0], text.len - size + 1);

		if (at == NULL)
			return false;
		text = mig_str_from(text, (size_t) (at - text.at));
		if (memcmp(text.at, word, size) != 0)
			text = mig_str_from(text, 1);
		else if (seen)
			return true;
		else
		{
			seen = true;
			text = mig_str_from(text, size);
		}
	}
	return false;
}

bool
mig_script_cut(Mig *m, MigStr source, MigStr text, MigStr **parts, int *count)
{
	Cutter c = {.m = m};
	MigWalkStep step;
	MigToken token;

	mig_walk_start(&c.walker, m, mig_dialect_of(m, MIG_FOR_BOTH), source, text,
	               text);
	if (!may_be_several(text))
	{
		*count = 1;
		*parts = mig_alloc(m, sizeof(**parts));
		if (*parts == NULL)
			return false;
		**parts = text;
		return true;
	}
	while ((step = mig_walk(&c.walker, &token)) != MIG_WALK_END)
		if (step == MIG_WALK_BLANK && token.kind == MIG_T_LINE_COMMENT &&
		    token.bol && mig_walk_idle(&c.walker) && !comment_step(&c, &token))
			return false;
	if (!mig_ok(m) || !part_end(&c, text.len))
		return false;
	*parts = c.parts;
	*count = c.count;
	return true;
}
