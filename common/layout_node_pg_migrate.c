/*
 * node-pg-migrate, of which the files in SQL: their up part begins at a
 * comment "-- Up Migration", their down part at "-- Down Migration"; without
 * either, all of a file is its up part. They come in the order of the number
 * that their names begin with. A name is the file's without its suffix.
 */
#include "private.h"

#include "layouts.h"
#include "lines.h"
#include "text.h"

typedef struct Entry
{
	const MigFile *file;
	MigStr name;
	int64_t number; /* milliseconds since the epoch, or just a number */
} Entry;

/* Where a part begins: its mark's line, which is a comment. */
typedef struct Mark
{
	bool there;
	size_t at;
	int line;
} Mark;

static bool
wants(MigStr name)
{
	return memchr(name.at, '/', name.len) == NULL && name.at[0] != '.' &&
	       mig_str_ends(name, ".sql");
}

/* "-- Up Migration", with blanks and hyphens as one likes. */
static bool
is_mark(MigStr line, const char *word)
{
	line = mig_str_trim(line);
	if (!mig_str_take(&line, "--"))
		return false;
	while (line.len > 0 &&
	       (line.at[0] == '-' || line.at[0] == ' ' || line.at[0] == '\t'))
		line = mig_str_from(line, 1);
	if (!mig_str_take_word(&line, word) || line.len == 0 ||
	    (line.at[0] != ' ' && line.at[0] != '\t'))
		return false;
	mig_str_skip(&line);
	return mig_str_take_word(&line, "migration");
}

static void
find_marks(MigStr text, Mark *up, Mark *down)
{
	MigLines lines;
	MigStr line;

	*up = *down = (Mark){false, 0, 1};
	mig_lines_start(&lines, text);
	while (mig_lines_next(&lines, &line))
	{
		if (!up->there && is_mark(line, "up"))
			*up = (Mark){true, lines.at, lines.number};
		if (!down->there && is_mark(line, "down"))
			*down = (Mark){true, lines.at, lines.number};
	}
}

static MigClaim
claims(Mig *m, const MigTree *tree)
{
	Mark up, down;

	(void) m;
	for (int i = 0; i < tree->nfiles; i++)
	{
		if (!wants(tree->files[i].name))
			continue;
		find_marks(tree->files[i].text, &up, &down);
		if (up.there)
			return MIG_CLAIM_SURE;
	}
	return MIG_CLAIM_NO;
}

/* What a time of 17 digits, YYYYMMDDhhmmssmmm in UTC, is in milliseconds. */
static bool
read_utc(MigStr digits, int64_t *number)
{
	const char *d = digits.at;
	char iso[40];
	int64_t time;

	snprintf(iso, sizeof(iso), "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s.%.3sZ", d, d + 4,
	         d + 6, d + 8, d + 10, d + 12, d + 14);
	if (!mig_time_parse(mig_str(iso), &time))
		return false;
	*number = time / 1000;
	return true;
}

static bool
entry_read(Mig *m, const MigFile *file, Entry *e)
{
	MigStr rest = file->name;
	MigStr digits = mig_str_digits(&rest);

	e->file = file;
	e->name = (MigStr){file->name.at, file->name.len - 4};
	if (digits.len == 17 && read_utc(digits, &e->number))
		return true;
	if (mig_str_int(digits, &e->number))
		return true;
	mig_fail(m, MIG_FILE, "file name \"%.*s\" has no version",
	         MIG_S(file->name));
	return mig_hint(m, "Files of the layout node-pg-migrate begin with the"
	                   " number that orders them.");
}

static int
by_number(const void *context, int32_t a, int32_t b)
{
	const Entry *x = &((const Entry *) context)[a];
	const Entry *y = &((const Entry *) context)[b];

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return mig_str_cmp(x->name, y->name);
}

/* From a mark to the other one, if that comes later, else to the end. */
static MigPart
part_of(const MigFile *file, MigSectionKind kind, Mark from, Mark other)
{
	MigPart part = {kind,       MIG_FOR_BOTH, true,
	                file->name, from.line,    file->text};
	size_t end = other.there && other.at > from.at ? other.at : part.text.len;

	part.text = (MigStr){file->text.at + from.at, end - from.at};
	return part;
}

static bool
put(Mig *m, MigTree *tree, const Entry *e)
{
	MigPart parts[2];
	MigForeign f = {.layout = "node-pg-migrate",
	                .version = e->name,
	                .revision = e->name,
	                .created = MIG_NO_TIME,
	                .source = e->file->name,
	                .parts = parts};
	MigStr slug = e->name;
	Mark up, down;

	find_marks(e->file->text, &up, &down);
	if (down.there && !up.there)
	{
		mig_fail(m, MIG_SYNTAX, "down part without an up part");
		mig_hint(m, "Write \"-- Up Migration\" on a line of its own before"
		            " the statements that go up.");
		return mig_at(m, mig_layout_pos(e->file, down.at));
	}
	if (mig_str_digits(&slug).len == 13)
		f.created = e->number * 1000;
	f.message = mig_slug_message(m, slug);
	parts[f.nparts++] = part_of(e->file, MIG_UP, up, down);
	if (down.there)
		parts[f.nparts++] = part_of(e->file, MIG_DOWN, down, up);
	return mig_layout_put(m, tree, &f);
}

/* Migrations that are programs: without them the rest means something else. */
static bool
check_programs(Mig *m, const MigTree *tree)
{
	static const char *const ends[] = {".js", ".cjs", ".mjs",
	                                   ".ts", ".cts", ".mts"};

	for (int i = 0; i < tree->nnames; i++)
	{
		MigStr name = tree->names[i];

		if (name.at[0] < '0' || name.at[0] > '9' ||
		    memchr(name.at, '/', name.len) != NULL)
			continue;
		for (int k = 0; k < MIG_COUNT(ends); k++)
			if (mig_str_ends(name, ends[k]))
			{
				mig_fail(m, MIG_FILE, "file \"%.*s\" is a program",
				         MIG_S(name));
				return mig_hint(m, "Only migrations in SQL can be read: put"
				                   " one of the same name in its place.");
			}
	}
	return true;
}

static bool
read_tree(Mig *m, MigTree *tree)
{
	size_t count = (size_t) tree->nfiles;
	Entry *entries = mig_alloc_array(m, count, sizeof(*entries));
	int32_t *order = mig_alloc_array(m, count, sizeof(*order));

	if (entries == NULL || order == NULL || !check_programs(m, tree))
		return false;
	for (int i = 0; i < tree->nfiles; i++)
	{
		order[i] = i;
		if (!entry_read(m, &tree->files[i], &entries[i]))
			return false;
	}
	if (!mig_sort(m, order, count, by_number, entries))
		return false;
	for (int i = 0; i < tree->nfiles; i++)
		if (!put(m, tree, &entries[order[i]]))
			return false;
	return true;
}

const MigLayout mig_layout_node_pg_migrate = {"node-pg-migrate", wants, claims,
                                              read_tree};
