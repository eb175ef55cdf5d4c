/*
 * sql-migrate: files of SQL with lines "-- +migrate Up" and "-- +migrate
 * Down", behind which the word notransaction may stand. They come in the
 * order of the number that their names begin with, those without one by name;
 * a file's name is its id.
 */
#include "private.h"

#include "layouts.h"
#include "lines.h"
#include "text.h"

typedef struct Entry
{
	const MigFile *file;
	MigStr digits;
} Entry;

static bool
wants(MigStr name)
{
	return memchr(name.at, '/', name.len) == NULL && name.at[0] != '.' &&
	       mig_str_ends(name, ".sql");
}

/* Whether a line is a mark; the line goes on behind it. */
static bool
take_mark(MigStr *line)
{
	if (!mig_str_take(line, "--"))
		return false;
	mig_str_skip(line);
	return mig_str_take(line, "+migrate ");
}

static MigClaim
claims(Mig *m, const MigTree *tree)
{
	MigLines lines;
	MigStr line;

	(void) m;
	for (int i = 0; i < tree->nfiles; i++)
	{
		if (!wants(tree->files[i].name))
			continue;
		mig_lines_start(&lines, tree->files[i].text);
		while (mig_lines_next(&lines, &line))
			if (take_mark(&line))
				return MIG_CLAIM_SURE;
	}
	return MIG_CLAIM_NO;
}

/* By number where both have one that differs, else by name. */
static int
by_number(const void *context, int32_t a, int32_t b)
{
	const Entry *x = &((const Entry *) context)[a];
	const Entry *y = &((const Entry *) context)[b];
	int side = 0;

	if (x->digits.len > 0 && y->digits.len > 0)
		side = mig_digits_cmp(x->digits, y->digits);
	return side != 0 ? side : mig_str_cmp(x->file->name, y->file->name);
}

/* The parts of one file while its lines are read. */
typedef struct Reader
{
	Mig *m;
	const MigFile *file;
	MigPart parts[2];
	int nparts;
} Reader;

static bool
fail_mark(Reader *r, size_t offset, const char *what, const char *hint)
{
	mig_fail(r->m, MIG_SYNTAX, "%s", what);
	mig_hint(r->m, "%s", hint);
	return mig_at(r->m, mig_layout_pos(r->file, offset));
}

static bool
part_begin(Reader *r, MigSectionKind kind, MigStr options,
           const MigLines *lines)
{
	MigPart *part = &r->parts[r->nparts];

	if (r->nparts == 2 || (r->nparts == 1 && r->parts[0].kind == kind))
		return fail_mark(r, lines->at, "mark stands twice in the file",
		                 "A file has one \"-- +migrate Up\" and one"
		                 " \"-- +migrate Down\".");
	r->nparts++;
	*part = (MigPart){.kind = kind,
	                  .target = MIG_FOR_BOTH,
	                  .transactional = true,
	                  .source = r->file->name,
	                  .line = lines->number + 1,
	                  .text = mig_str_from(r->file->text, lines->next)};
	options = mig_str_trim(options);
	if (mig_str_is(options, "notransaction"))
		part->transactional = false;
	else if (options.len > 0)
		return fail_mark(r, lines->at, "option of the mark does not exist",
		                 "The only option is notransaction.");
	return true;
}

/* StatementBegin and StatementEnd hold together what the splitter here does
   not cut apart anyway. */
static bool
mark_read(Reader *r, MigStr mark, const MigLines *lines)
{
	MigStr word = mig_str_field(&mark);

	if (mig_str_is(word, "StatementBegin") || mig_str_is(word, "StatementEnd"))
		return true;
	if (r->nparts > 0)
	{
		MigStr *text = &r->parts[r->nparts - 1].text;

		text->len = (size_t) (r->file->text.at + lines->at - text->at);
	}
	if (mig_str_is(word, "Up"))
		return part_begin(r, MIG_UP, mark, lines);
	if (mig_str_is(word, "Down"))
		return part_begin(r, MIG_DOWN, mark, lines);
	return fail_mark(r, lines->at, "mark does not exist",
	                 "The marks are Up, Down, StatementBegin and"
	                 " StatementEnd.");
}

static bool
put(Mig *m, MigTree *tree, const Entry *e)
{
	Reader r = {.m = m, .file = e->file};
	MigForeign f = {.layout = "sql-migrate",
	                .version = e->file->name,
	                .created = MIG_NO_TIME,
	                .source = e->file->name,
	                .parts = r.parts};
	MigLines lines;
	MigStr line, slug;

	mig_lines_start(&lines, e->file->text);
	while (mig_lines_next(&lines, &line))
		if (take_mark(&line) && !mark_read(&r, line, &lines))
			return false;
	if (r.nparts == 0)
		return fail_mark(&r, 0, "file has no mark",
		                 "Write \"-- +migrate Up\" on a line of its own"
		                 " before the statements.");
	f.nparts = r.nparts;
	f.revision = (MigStr){e->file->name.at, e->file->name.len - 4};
	slug = f.revision;
	mig_str_digits(&slug);
	f.message = mig_slug_message(m, slug);
	return mig_layout_put(m, tree, &f);
}

static bool
read_tree(Mig *m, MigTree *tree)
{
	size_t count = (size_t) tree->nfiles;
	Entry *entries = mig_alloc_array(m, count, sizeof(*entries));
	int32_t *order = mig_alloc_array(m, count, sizeof(*order));

	if (entries == NULL || order == NULL)
		return false;
	for (int i = 0; i < tree->nfiles; i++)
	{
		MigStr rest = tree->files[i].name;

		order[i] = i;
		entries[i].file = &tree->files[i];
		entries[i].digits = mig_str_digits(&rest);
	}
	if (!mig_sort(m, order, count, by_number, entries))
		return false;
	for (int i = 0; i < tree->nfiles; i++)
		if (!put(m, tree, &entries[order[i]]))
			return false;
	return true;
}

const MigLayout mig_layout_sql_migrate = {"sql-migrate", wants, claims,
                                          read_tree};
