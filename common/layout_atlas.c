/*
 * Atlas: files VERSION_description.sql directly in the directory, in the byte
 * order of their names, with hashes in atlas.sum, which are checked, and with
 * directives "-- atlas:WORD" in the comment that a file begins with.
 *
 * Checkpoints: Atlas lets a new database begin at the newest one and an old
 * one pass them over. What a directory means must not hang on the database
 * that reads it, so that here the whole history counts and checkpoints are
 * left out, but for one that is the first file, because what it sums up is
 * gone. The setting atlas.checkpoint names one (its version or tag, or
 * "newest") to begin at.
 */
#include "private.h"

#include "atlas_sum.h"
#include "delimiter.h"
#include "layouts.h"
#include "lines.h"
#include "text.h"

typedef struct Entry
{
	const MigFile *file;
	MigStr version, slug;
	MigStr hash;
	/* what the directives say */
	bool transactional;
	bool checkpoint;
	bool sections; /* atlas:txtar */
	MigStr tag;
	MigStr delimiter; /* absent: a semicolon */
	size_t head;      /* length of the comment that they are in */
} Entry;

static bool
wants(MigStr name)
{
	return memchr(name.at, '/', name.len) == NULL && name.at[0] != '.' &&
	       (mig_str_ends(name, ".sql") || mig_str_is(name, "atlas.sum"));
}

static MigClaim
claims(Mig *m, const MigTree *tree)
{
	(void) m;
	return mig_layout_file(tree, "atlas.sum") != NULL ? MIG_CLAIM_SURE
	                                                  : MIG_CLAIM_NO;
}

static bool
fail_directive(Mig *m, const MigFile *file, size_t offset, MigStr word,
               MigStr args)
{
	mig_fail(m, MIG_SYNTAX, "directive \"atlas:%.*s\" cannot be kept",
	         MIG_S(word));
	if (mig_str_is(word, "txmode"))
		mig_detail(m, "Its value is \"%.*s\"; it takes none, file or all.",
		           MIG_S(args));
	return mig_at(m, mig_layout_pos(file, offset));
}

/* One line of the head that has a directive. */
static bool
directive_read(Mig *m, Entry *e, MigStr word, MigStr args, size_t offset)
{
	args = mig_str_trim(args);
	if (mig_str_is(word, "checkpoint"))
	{
		e->checkpoint = true;
		e->tag = args;
	}
	else if (mig_str_is(word, "txtar"))
		e->sections = true;
	else if (mig_str_is(word, "txmode") && mig_str_is(args, "none"))
		e->transactional = false;
	else if (mig_str_is(word, "txmode")
	             ? !mig_str_is(args, "file") && !mig_str_is(args, "all")
	             : mig_str_is(word, "import"))
		return fail_directive(m, e->file, offset, word, args);
	return true;
}

/* A comment's line up to "atlas:", which is taken off with its word. */
static bool
take_directive(MigStr *line, MigStr *word)
{
	MigStr mark = MIG_LIT("atlas:");
	size_t at = mig_str_find(*line, mark);

	if (at == line->len)
		return false;
	*line = mig_str_from(*line, at + mark.len);
	*word = mig_str_field(line);
	return true;
}

/* The comment that the file begins with, if an empty line or nothing follows;
   directives anywhere else are those of a statement. */
static bool
head_read(Mig *m, Entry *e)
{
	MigStr text = e->file->text;
	MigLines lines;
	MigStr line, word;

	mig_lines_start(&lines, text);
	while (mig_lines_next(&lines, &line))
	{
		if (line.len == 0 || mig_str_trim(line).len == 0)
			break;
		if (line.at[0] != '#' && !mig_str_starts(line, MIG_LIT("--")))
		{
			e->head = 0;
			return true;
		}
		e->head = lines.next;
	}
	mig_lines_start(&lines, (MigStr){text.at, e->head});
	while (mig_lines_next(&lines, &line))
	{
		if (lines.number == 1 && mig_str_take(&line, "-- atlas:delimiter "))
			e->delimiter = mig_delimiter_read(m, line);
		else if (take_directive(&line, &word) &&
		         !directive_read(m, e, word, line, lines.at))
			return false;
	}
	return mig_ok(m);
}

static bool
entry_read(Mig *m, const MigFile *file, MigStr hash, Entry *e)
{
	MigStr stem = {file->name.at, file->name.len - 4};

	e->file = file;
	e->hash = hash;
	e->transactional = true;
	e->version = mig_str_before(&stem, '_');
	e->slug = stem;
	return head_read(m, e);
}

static bool
is_named(const Entry *e, MigStr name)
{
	return e->checkpoint &&
	       (mig_str_is(name, "newest") || mig_str_eq(name, e->version) ||
	        (e->tag.len > 0 && mig_str_eq(name, e->tag)));
}

/* The file to begin at; -1 with a failure. */
static int
first_of(Mig *m, const MigTree *tree, const Entry *entries, int n)
{
	MigStr name = {NULL, 0};
	int first = -1;

	if (tree->setting != NULL)
		name =
			tree->setting(tree->setting_arg, m, MIG_LIT("atlas.checkpoint"));
	if (name.len == 0)
		return mig_ok(m) ? 0 : -1;
	for (int i = 0; i < n; i++)
		if (is_named(&entries[i], name))
			first = i;
	if (first < 0)
	{
		mig_fail(m, MIG_FILE, "checkpoint \"%.*s\" does not exist",
		         MIG_S(name));
		mig_hint(m, "The setting \"atlas.checkpoint\" names it: a version, a"
		            " tag or \"newest\".");
	}
	return first;
}

/* The section that a line "-- NAME --" begins, into kind. */
static bool
is_section(MigStr line, MigStr *name)
{
	line = mig_str_trim(line);
	if (!mig_str_take(&line, "-- ") || !mig_str_ends(line, " --"))
		return false;
	line.len -= 3;
	*name = line;
	return mig_str_ends(line, ".sql");
}

/* Checks run before the migration and would stop it. Nothing here does. */
static bool
fail_checks(Mig *m, const Entry *e, size_t offset)
{
	mig_fail(m, MIG_SYNTAX, "checks before a migration cannot be kept");
	mig_hint(m, "Take the section out, or write it as a script of its own.");
	return mig_at(m, mig_layout_pos(e->file, offset));
}

static bool
is_blank(Mig *m, MigStr text)
{
	MigLexer lexer;
	MigToken token;

	mig_lex_start(&lexer, m->dialect, text);
	while (mig_lex_next(&lexer, &token))
		if (!mig_lex_blank(&token))
			return false;
	return true;
}

/* A section that ends at an offset becomes a part, or an error. */
static bool
section_end(Mig *m, const Entry *e, MigStr name, MigPart *part, size_t end,
            MigPart *parts, int *n)
{
	size_t start = (size_t) (part->text.at - e->file->text.at);

	part->text.len = end - start;
	if (mig_str_is(name, "migration.sql"))
		part->kind = MIG_UP;
	else if (mig_str_is(name, "down.sql"))
		part->kind = MIG_DOWN;
	else
		return is_blank(m, part->text) || fail_checks(m, e, start);
	if (*n == 2 || (*n == 1 && parts[0].kind == part->kind))
	{
		mig_fail(m, MIG_SYNTAX, "section \"%.*s\" stands twice in the file",
		         MIG_S(name));
		return mig_at(m, mig_layout_pos(e->file, start));
	}
	parts[(*n)++] = *part;
	return true;
}

static bool
sections_read(Mig *m, const Entry *e, MigPart part, MigPart *parts, int *n)
{
	MigStr text = e->file->text;
	MigStr name = {NULL, 0};
	MigLines lines;
	MigStr line, next;

	mig_lines_start(&lines, text);
	while (mig_lines_next(&lines, &line))
	{
		if (!is_section(line, &next))
			continue;
		if (name.at != NULL &&
		    !section_end(m, e, name, &part, lines.at, parts, n))
			return false;
		name = next;
		part.line = lines.number + 1;
		part.text = mig_str_from(text, lines.next);
	}
	return name.at == NULL ||
	       section_end(m, e, name, &part, text.len, parts, n);
}

/* '#' comments of the head are none in SQL. */
static void
head_off(Mig *m, const Entry *e, MigPart *part)
{
	char *at = mig_canvas(m, e->file->text);

	if (at == NULL)
		return;
	mig_blank(at, e->head);
	part->text = mig_canvas_text(at, e->file->text.len, &part->line);
}

static bool
put(Mig *m, MigTree *tree, const Entry *e)
{
	MigPart part = {MIG_UP, MIG_FOR_BOTH, e->transactional, e->file->name,
	                1,      e->file->text};
	MigPart parts[2];
	MigForeign f = {.layout = "atlas",
	                .version = e->version,
	                .checksum = e->hash,
	                .revision = e->version,
	                .message = mig_slug_message(m, e->slug),
	                .created = MIG_NO_TIME,
	                .source = e->file->name,
	                .parts = parts};

	if (e->sections)
	{
		if (!sections_read(m, e, part, parts, &f.nparts))
			return false;
	}
	else
	{
		head_off(m, e, &part);
		parts[f.nparts++] = part;
	}
	for (int i = 0; i < f.nparts && e->delimiter.len > 0; i++)
		parts[i].text = mig_delimiter(m, parts[i].text, e->delimiter);
	return mig_ok(m) && mig_layout_put(m, tree, &f);
}

static bool
put_all(Mig *m, MigTree *tree, const Entry *entries, int n)
{
	int first = first_of(m, tree, entries, n);

	if (first < 0)
		return false;
	for (int i = 0; i < n; i++)
	{
		bool ok;

		if (i < first)
			ok = mig_layout_ignore(m, tree, entries[i].file->name,
			                       "it is before the checkpoint that the"
			                       " setting \"atlas.checkpoint\" names");
		else if (i > first && entries[i].checkpoint)
			ok = mig_layout_ignore(m, tree, entries[i].file->name,
			                       "it is a checkpoint of the files before"
			                       " it");
		else
			ok = put(m, tree, &entries[i]);
		if (!ok)
			return false;
	}
	return true;
}

static bool
read_tree(Mig *m, MigTree *tree)
{
	size_t room = (size_t) tree->nfiles;
	const MigFile **files = mig_alloc_array(m, room, sizeof(*files));
	Entry *entries = mig_alloc_array(m, room, sizeof(*entries));
	const MigFile *sum = mig_layout_file(tree, "atlas.sum");
	MigStr *hashes;
	int n = 0;

	if (files == NULL || entries == NULL)
		return false;
	for (int i = 0; i < tree->nfiles; i++)
		if (&tree->files[i] != sum)
			files[n++] = &tree->files[i];
	hashes = mig_atlas_hashes(m, files, n);
	if (hashes == NULL ||
	    (sum != NULL && !mig_atlas_sum(m, sum, files, hashes, n)))
		return false;
	for (int i = 0; i < n; i++)
		if (!entry_read(m, files[i], hashes[i], &entries[i]))
			return false;
	return put_all(m, tree, entries, n);
}

const MigLayout mig_layout_atlas = {"atlas", wants, claims, read_tree};
