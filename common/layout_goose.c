#include "private.h"

#include "layout_names.h"
#include "layouts.h"
#include "replace.h"
#include "text.h"

/*
 * goose: VERSION_NAME.sql in the order of the numbers, its parts marked by
 * lines "-- +goose Up", Down, StatementBegin, StatementEnd, NO TRANSACTION,
 * ENVSUB ON and ENVSUB OFF. The marks stay in the text: they are comments. A
 * .go file is a revision too, which no database can run: its verify section
 * says so.
 */

typedef enum Mark
{
	MARK_UP,
	MARK_DOWN,
	MARK_BEGIN,
	MARK_END,
	MARK_ALONE,
	MARK_ENV_ON,
	MARK_ENV_OFF,
	MARK_COUNT /* no such mark */
} Mark;

static const char *const marks[MARK_COUNT] = {
	[MARK_UP] = "up",
	[MARK_DOWN] = "down",
	[MARK_BEGIN] = "statementbegin",
	[MARK_END] = "statementend",
	[MARK_ALONE] = "no transaction",
	[MARK_ENV_ON] = "envsub on",
	[MARK_ENV_OFF] = "envsub off",
};

/* A file while it is read. */
typedef struct Goose
{
	Mig *m;
	const MigTree *tree;
	const MigFile *file;
	MigLines lines;
	MigText text; /* of the part that is open */
	int first;    /* the line on which it begins */
	MigPart parts[2];
	int nparts;
	bool open;       /* a part is */
	bool alone;      /* NO TRANSACTION */
	bool env;        /* ENVSUB ON */
	int block;       /* line of the StatementBegin that is open, or 0 */
	size_t block_at; /* in text, where the block begins */
} Goose;

/* Whether a line is a mark, and what it says. */
static bool
is_mark(MigStr line, MigStr *word, Mig *m)
{
	MigStr s = mig_str_trim(line);
	MigStr tag = MIG_LIT("+goose");
	MigText t = {m, NULL, 0, 0};
	bool tagged = false;

	if (!mig_str_starts(s, MIG_LIT("--")) || mig_str_find(s, tag) == s.len)
		return false;
	while (s.len > 0)
	{
		size_t n = 1;

		if (mig_str_starts(s, MIG_LIT("--")))
			n = 2;
		else if (!tagged && mig_str_starts(s, tag))
			n = tag.len;
		else
			mig_text_char(&t, s.at[0]);
		tagged |= n == tag.len;
		s = mig_str_from(s, n);
	}
	*word = mig_str_trim(mig_text_str(&t));
	return mig_ok(m);
}

static Mark
mark_of(MigStr word)
{
	int i = 0;

	while (i < MARK_COUNT && !mig_str_word(word, marks[i]))
		i++;
	return (Mark) i;
}

/* The place of the line that was read last. */
static MigPos
here(const Goose *g)
{
	const char *line = g->lines.text.at + g->lines.at;

	return mig_layout_pos(g->file, (size_t) (line - g->file->text.at));
}

static bool
fail_line(Goose *g, const char *hint)
{
	mig_hint(g->m, "%s", hint);
	return mig_at(g->m, here(g));
}

static bool
fail_mark(Goose *g, MigStr word, const char *hint)
{
	mig_fail(g->m, MIG_SYNTAX, "misplaced annotation \"+goose %.*s\"",
	         MIG_S(word));
	return fail_line(g, hint);
}

/* The open part ends. */
static bool
part_end(Goose *g)
{
	MigPart *p = &g->parts[g->nparts > 0 ? g->nparts - 1 : 0];

	if (!g->open)
		return true;
	if (g->block > 0)
	{
		mig_fail(g->m, MIG_SYNTAX,
		         "annotation \"+goose StatementBegin\" has no end");
		mig_hint(g->m,
		         "Its line is %d; \"-- +goose StatementEnd\" has to"
		         " follow.",
		         g->block);
		return mig_at(g->m, here(g));
	}
	p->text = mig_text_str(&g->text);
	g->open = false;
	return mig_ok(g->m);
}

static bool
part_begin(Goose *g, MigSectionKind kind, MigStr word)
{
	int wanted = kind == MIG_UP ? 0 : 1;

	if (g->nparts != wanted)
		return fail_mark(g, word,
		                 "A file has one Up and behind it, if any,"
		                 " one Down.");
	if (!part_end(g))
		return false;
	g->parts[g->nparts++] =
		(MigPart){kind,          MIG_FOR_BOTH,        true,
	              g->file->name, g->lines.number + 1, {NULL, 0}};
	g->text = (MigText){g->m, NULL, 0, 0};
	g->open = true;
	return true;
}

/* What a block says ends with it, semicolon or not. */
static void
block_end(Goose *g)
{
	MigStr all = {g->text.at, g->text.len};
	MigStr block = mig_str_trim(mig_str_from(all, g->block_at));

	if (block.len > 0 && block.at[block.len - 1] != ';')
		mig_text_char(&g->text, ';');
	g->block = 0;
}

static bool
mark_step(Goose *g, MigStr line, MigStr word)
{
	Mark mark = mark_of(word);

	if (line.at[0] == ' ' || line.at[0] == '\t')
		return fail_mark(g, word,
		                 "Nothing may stand before an annotation on"
		                 " its line, not even blanks.");
	switch (mark)
	{
		case MARK_UP:
			return part_begin(g, MIG_UP, word);
		case MARK_DOWN:
			return part_begin(g, MIG_DOWN, word);
		case MARK_BEGIN:
			if (!g->open || g->block > 0)
				return fail_mark(g, word,
				                 "It belongs behind Up or Down, and"
				                 " not inside another block.");
			g->block = g->lines.number;
			g->block_at = g->text.len;
			return true;
		case MARK_END:
			if (g->block == 0)
				return fail_mark(g, word,
				                 "There is no StatementBegin before"
				                 " it.");
			block_end(g);
			return true;
		case MARK_ALONE:
			g->alone = true;
			return true;
		case MARK_ENV_ON:
		case MARK_ENV_OFF:
			g->env = mark == MARK_ENV_ON;
			return true;
		case MARK_COUNT:
			break;
	}
	mig_fail(g->m, MIG_SYNTAX, "annotation \"+goose %.*s\" does not exist",
	         MIG_S(word));
	return fail_line(g, "goose knows Up, Down, StatementBegin, StatementEnd,"
	                    " NO TRANSACTION, ENVSUB ON and ENVSUB OFF.");
}

/* A line that is no mark, with the end that it had. */
static bool
line_step(Goose *g, MigStr line)
{
	MigStr whole = {line.at, g->lines.next - g->lines.at};
	MigStr trimmed = mig_str_trim(line);

	if (!g->open)
	{
		if (trimmed.len == 0 || mig_str_starts(trimmed, MIG_LIT("--")))
			return true;
		mig_fail(g->m, MIG_SYNTAX, "text before annotation \"+goose Up\"");
		return fail_line(g, "Write \"-- +goose Up\" on a line of its own"
		                    " before it.");
	}
	if (g->env)
	{
		MigPos pos = here(g);

		return mig_replace_shell(g->m, g->tree, pos, whole, &g->text);
	}
	mig_text_str_add(&g->text, whole);
	return mig_ok(g->m);
}

static bool
fail_up(Goose *g)
{
	mig_fail(g->m, MIG_SYNTAX, "file has no annotation \"+goose Up\"");
	mig_hint(g->m, "Write \"-- +goose Up\" on a line of its own before the"
	               " statements.");
	return mig_at(g->m, mig_layout_pos(g->file, 0));
}

static bool
file_parse(Goose *g)
{
	MigStr line, word;

	mig_lines_start(&g->lines, g->file->text);
	while (mig_lines_next(&g->lines, &line))
	{
		bool mark = is_mark(line, &word, g->m);

		if (mark && !mark_step(g, line, word))
			return false;
		/* A mark keeps its line, as the comment that it is. */
		if (!mark || (g->open && mark_of(word) > MARK_DOWN))
			if (!line_step(g, line))
				return false;
	}
	return mig_ok(g->m) && part_end(g) && (g->nparts > 0 || fail_up(g));
}

static bool
is_go(MigStr name)
{
	return mig_str_ends(name, ".go");
}

/* The name behind a folder for one database. */
static MigStr
name_of(MigStr name, MigFor *target)
{
	const char *slash = memchr(name.at, '/', name.len);
	MigStr copy = name;

	*target = slash != NULL ? mig_path_target(&copy) : MIG_FOR_BOTH;
	return copy;
}

static bool
wants(MigStr name)
{
	MigStr digits;
	MigFor target;

	name = name_of(name, &target);
	if (memchr(name.at, '/', name.len) != NULL || name.len < 4)
		return false;
	if (is_go(name))
		return !mig_str_ends(name, "_test.go") &&
		       mig_str_version(&name, &digits);
	return mig_str_ends(name, ".sql");
}

static MigClaim
claims(Mig *m, const MigTree *tree)
{
	MigStr tag = MIG_LIT("+goose");
	int looked = 0;

	(void) m;
	for (int i = 0; i < tree->nfiles && looked < 8; i++)
	{
		const MigFile *f = &tree->files[i];

		if (!wants(f->name) || is_go(f->name))
			continue;
		if (mig_str_find(f->text, tag) < f->text.len)
			return MIG_CLAIM_SURE;
		looked++;
	}
	return MIG_CLAIM_NO;
}

static bool
fail_name(Mig *m, const MigFile *f)
{
	mig_fail(m, MIG_SYNTAX, "file name \"%.*s\" has no version",
	         MIG_S(f->name));
	mig_hint(m, "goose wants a number above zero and an underscore before the"
	            " name.");
	return mig_at(m, mig_layout_pos(f, 0));
}

/* A migration written in Go: known, but nothing that we could run. */
static bool
put_go(Mig *m, MigTree *tree, MigPieces *all, MigPiece *piece)
{
	MigText sentence = {m, NULL, 0, 0};
	MigText t = {m, NULL, 0, 0};

	mig_text_fmt(&sentence, "%.*s is a Go migration, which only goose can run",
	             MIG_S(piece->part.source));
	mig_text_add(&t, "SELECT ");
	mig_text_literal(&t, mig_text_str(&sentence));
	mig_text_add(&t, " IS NULL;\n");
	piece->part.kind = MIG_VERIFY;
	piece->part.text = mig_text_str(&t);
	return mig_ok(m) && mig_piece_put(m, all, piece) &&
	       mig_layout_ignore(m, tree, piece->part.source,
	                         "a Go migration, which only goose can run");
}

static bool
read_file(Mig *m, MigTree *tree, MigPieces *all, const MigFile *f)
{
	Goose g = {.m = m, .tree = tree, .file = f};
	MigPiece piece = {.digits = {NULL, 0}};
	MigFor target;

	piece.name = name_of(f->name, &target);
	if (!mig_str_version(&piece.name, &piece.digits) ||
	    mig_str_is(mig_digits_short(piece.digits), "0"))
		return fail_name(m, f);
	if (!mig_digits_check(m, piece.digits, "9223372036854775807", f->name))
		return false;
	piece.version = mig_digits_short(piece.digits);
	piece.part.source = f->name;
	piece.part.line = 1;
	piece.part.target = target;
	piece.part.transactional = true;
	if (is_go(f->name))
	{
		piece.name.len -= 3;
		return put_go(m, tree, all, &piece);
	}
	piece.name.len -= 4;
	if (!file_parse(&g))
		return false;
	for (int i = 0; i < g.nparts; i++)
	{
		piece.part = g.parts[i];
		piece.part.target = target;
		piece.part.transactional = !g.alone;
		if (!mig_piece_put(m, all, &piece))
			return false;
	}
	return true;
}

static bool
read_tree(Mig *m, MigTree *tree)
{
	MigPieces all = {NULL, 0, 0};

	for (int i = 0; i < tree->nfiles; i++)
		if (!read_file(m, tree, &all, &tree->files[i]))
			return false;
	return mig_pieces_read(m, tree, "goose", &all);
}

const MigLayout mig_layout_goose = {"goose", wants, claims, read_tree};
