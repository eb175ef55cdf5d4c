#include "private.h"

#include "directory.h"
#include "text.h"

#define DEPTH_MAX 16
#define NAMES_MAX 1000000

/* Names found so far; folders still to be listed. */
typedef struct Walk
{
	Mig *m;
	MigHost *h;
	MigStr root;
	MigStr *names;
	size_t nnames, names_room;
	MigStr *folders;
	size_t nfolders, folders_room;
} Walk;

static void
join_into(MigText *t, MigStr directory, MigStr name)
{
	mig_text_str_add(t, directory);
	if (directory.len > 0 && directory.at[directory.len - 1] != '/')
		mig_text_char(t, '/');
	mig_text_str_add(t, name);
}

MigStr
mig_directory_join(Mig *m, MigStr directory, MigStr name)
{
	MigText t = {m, NULL, 0, 0};

	if (directory.len == 0)
		return name;
	if (name.len == 0)
		return directory;
	join_into(&t, directory, name);
	return mig_text_str(&t);
}

static int
depth_of(MigStr name)
{
	int depth = 0;

	for (size_t i = 0; i < name.len; i++)
		depth += name.at[i] == '/';
	return depth;
}

static bool
refuse_depth(Walk *w, MigStr folder)
{
	mig_fail(w->m, MIG_FILE, "directory \"%.*s\" is nested too deeply",
	         MIG_S(w->root));
	mig_detail(w->m, "Folder \"%.*s\" lies more than %d folders deep.",
	           MIG_S(folder), DEPTH_MAX);
	return mig_hint(w->m, "Name the directory that holds the scripts.");
}

static bool
refuse_many(Walk *w)
{
	mig_fail(w->m, MIG_FILE, "directory \"%.*s\" holds more than %d files",
	         MIG_S(w->root), NAMES_MAX);
	return mig_hint(w->m, "Name the directory that holds the scripts.");
}

static bool
put(Walk *w, MigStr **items, size_t *count, size_t *room, MigStr item)
{
	MigStr *grown =
		mig_grow(w->m, *items, *count, room, *count + 1, sizeof(*grown));

	if (grown == NULL || item.at == NULL)
		return false;
	*items = grown;
	grown[(*count)++] = item;
	return true;
}

/* One entry of a folder; a folder's name ends in a slash. */
static bool
entry_put(Walk *w, MigStr folder, MigStr entry)
{
	MigStr name = mig_directory_join(w->m, folder, entry);

	if (w->nnames + w->nfolders >= NAMES_MAX)
		return refuse_many(w);
	if (entry.len == 0 || entry.at[entry.len - 1] != '/')
		return put(w, &w->names, &w->nnames, &w->names_room, name);
	if (entry.at[0] == '.' || mig_str_is(entry, "node_modules/"))
		return true;
	if (depth_of(name) > DEPTH_MAX)
		return refuse_depth(w, name);
	return put(w, &w->folders, &w->nfolders, &w->folders_room, name);
}

static bool
folder_list(Walk *w, MigStr folder)
{
	MigStr path = folder;
	MigStr *entries;
	int count;

	if (path.len > 0)
		path.len--; /* its slash */
	path = mig_directory_join(w->m, w->root, path);
	if (path.at == NULL ||
	    !w->h->files->list(w->h, w->m, w->root, path, &entries, &count))
		return false;
	for (int i = 0; i < count; i++)
		if (!entry_put(w, folder, entries[i]))
			return false;
	return true;
}

static int
by_name(const void *context, int32_t a, int32_t b)
{
	const MigStr *names = context;

	return mig_str_cmp(names[a], names[b]);
}

static bool
names_sort(Walk *w, MigTree *tree)
{
	int32_t *order = mig_alloc_array(w->m, w->nnames, sizeof(*order));

	tree->names = mig_alloc_array(w->m, w->nnames, sizeof(*tree->names));
	if (order == NULL || tree->names == NULL)
		return false;
	for (size_t i = 0; i < w->nnames; i++)
		order[i] = (int32_t) i;
	if (!mig_sort(w->m, order, w->nnames, by_name, w->names))
		return false;
	for (size_t i = 0; i < w->nnames; i++)
		tree->names[i] = w->names[order[i]];
	tree->nnames = (int) w->nnames;
	return true;
}

/* The files that the layout wants. */
static bool
files_read(Walk *w, MigStr layout, MigTree *tree)
{
	Mig *m = w->m;
	MigText t = {m, NULL, 0, 0};

	tree->files =
		mig_alloc_array(m, (size_t) tree->nnames, sizeof(*tree->files));
	tree->nfiles = 0;
	if (tree->files == NULL)
		return false;
	for (int i = 0; i < tree->nnames; i++)
	{
		MigFile *f = &tree->files[tree->nfiles];
		MigStr path;

		if (!mig_layout_wants(layout, tree->names[i]))
			continue;
		t.len = 0; /* one piece of memory for all paths */
		join_into(&t, tree->path, tree->names[i]);
		path = mig_text_str(&t);
		f->name = tree->names[i];
		if (path.at == NULL || !w->h->files->read(w->h, m, path, &f->text))
			return false;
		tree->nfiles++;
	}
	return true;
}

bool
mig_directory_read(Mig *m, MigHost *h, MigStr layout, MigTree *tree)
{
	Walk w = {.m = m, .h = h, .root = tree->path};

	if (!folder_list(&w, mig_str("")))
		return false;
	while (w.nfolders > 0)
		if (!folder_list(&w, w.folders[--w.nfolders]))
			return false;
	return names_sort(&w, tree) && files_read(&w, layout, tree);
}
