#include "private.h"

#include "layout.h"

bool
mig_layout_ignore(Mig *m, MigTree *tree, MigStr name, const char *why)
{
	MigIgnored *items;

	if (tree->nignored == INT_MAX)
		return mig_fail(m, MIG_NOMEM, "out of memory");
	items = mig_grow(m, tree->ignored, (size_t) tree->nignored,
	                 &tree->ignored_room, (size_t) tree->nignored + 1,
	                 sizeof(*items));
	if (items == NULL)
		return false;
	tree->ignored = items;
	items[tree->nignored].name = name;
	items[tree->nignored++].why = mig_str(why);
	return true;
}

const MigFile *
mig_layout_file_str(const MigTree *tree, MigStr name)
{
	int low = 0;
	int high = tree->nfiles;

	while (low < high)
	{
		int middle = low + (high - low) / 2;
		int side = mig_str_cmp(tree->files[middle].name, name);

		if (side == 0)
			return &tree->files[middle];
		if (side < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const MigFile *
mig_layout_file(const MigTree *tree, const char *name)
{
	return mig_layout_file_str(tree, mig_str(name));
}

MigPos
mig_layout_pos(const MigFile *file, size_t offset)
{
	return mig_lex_pos(file->name, file->text, offset);
}

static bool
fail_twice(Mig *m, const MigScript *first, const MigScript *second)
{
	mig_fail(m, MIG_GRAPH, "revision \"%.*s\" is defined twice",
	         MIG_S(second->revision));
	if (mig_str_eq(first->source, second->source))
		mig_detail(m,
		           "File \"%.*s\" defines it at line %d and again at"
		           " line %d.",
		           MIG_S(first->source), first->revision_pos.line,
		           second->revision_pos.line);
	else
		mig_detail(m, "Files \"%.*s\" and \"%.*s\" define it.",
		           MIG_S(first->source), MIG_S(second->source));
	if (second->origin.at != NULL)
		return false;
	return mig_hint(m, "Give one of them another revision, by the line"
	                   " \"-- migrate:revision\" or by the file's name.");
}

/* What a script without revises comes after. */
static const MigScript *
last_of(const MigTree *tree)
{
	for (int i = tree->nscripts; i > 0; i--)
		if (!tree->scripts[i - 1]->repeatable)
			return tree->scripts[i - 1];
	return NULL;
}

bool
mig_layout_add(Mig *m, MigTree *tree, MigScript *s)
{
	int n = tree->nscripts;
	MigScript **items;
	int32_t first;

	if (n == INT_MAX)
		return mig_fail(m, MIG_NOMEM, "out of memory");
	items = mig_grow(m, tree->scripts, (size_t) n, &tree->room, (size_t) n + 1,
	                 sizeof(*items));
	if (items == NULL || !mig_layout_complete(m, s, last_of(tree)))
		return false;
	tree->scripts = items;
	first = mig_map_put(m, &tree->revisions, s->revision, n);
	if (first < 0)
		return false;
	if (first != n)
		return fail_twice(m, items[first], s);
	items[tree->nscripts++] = s;
	return true;
}

static bool
is_sql(MigStr name)
{
	return name.len > 4 &&
	       mig_str_word(mig_str_from(name, name.len - 4), ".sql");
}

/* Only what the layout wants stays. What is left out but could be SQL is worth
   a word; that there are pictures, notes and settings is not. */
bool
mig_layout_filter(Mig *m, const MigLayout *layout, MigTree *tree)
{
	int n = 0;

	for (int i = 0; i < tree->nnames; i++)
		if (is_sql(tree->names[i]) && !layout->wants(tree->names[i]) &&
		    !mig_layout_ignore(m, tree, tree->names[i],
		                       "the layout has no such files"))
			return false;
	for (int i = 0; i < tree->nfiles; i++)
		if (layout->wants(tree->files[i].name))
			tree->files[n++] = tree->files[i];
	tree->nfiles = n;
	return true;
}

bool
mig_layout_read(Mig *m, const MigLayout *layout, MigTree *tree)
{
	if (!layout->read(m, tree))
		return false;
	if (tree->nscripts > 0)
		return true;
	mig_fail(m, MIG_FILE, "directory \"%.*s\" holds no script",
	         MIG_S(tree->path));
	return mig_hint(m, "No file in it is a script of layout \"%s\".",
	                layout->name);
}
