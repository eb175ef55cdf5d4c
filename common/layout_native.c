#include "private.h"

#include "layout.h"
#include "map.h"

static bool
wants(MigStr name)
{
	MigStr end = MIG_LIT(".sql");
	size_t base = name.len;

	while (base > 0 && name.at[base - 1] != '/')
		base--;
	name = mig_str_from(name, base);
	return name.len > end.len && name.at[0] != '.' &&
	       mig_str_eq(mig_str_from(name, name.len - end.len), end);
}

static bool
claims(const MigStr *files, int nfiles)
{
	(void) files;
	(void) nfiles;
	return true;
}

static int
by_name(const void *context, int32_t a, int32_t b)
{
	const MigFile *files = context;

	return mig_str_cmp(files[a].name, files[b].name);
}

/* The wanted files in the byte order of their names. */
static int32_t *
sorted(Mig *m, const MigTree *tree, int *count)
{
	int32_t *order = mig_alloc_array(m, (size_t) tree->nfiles, sizeof(*order));
	int n = 0;

	if (order == NULL)
		return NULL;
	for (int i = 0; i < tree->nfiles; i++)
		if (wants(tree->files[i].name))
			order[n++] = i;
	*count = n;
	return mig_sort(m, order, (size_t) n, by_name, tree->files) ? order : NULL;
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
	return mig_hint(m, "Give one of them another revision, by the line"
	                   " \"-- migrate:revision\" or by the file's name.");
}

/* The scripts of one file, behind those that the tree has already. */
static bool
read_file(Mig *m, MigTree *tree, size_t *room, MigMap *seen,
          const MigFile *file)
{
	MigPos at = mig_lex_pos(file->name, file->text, 0);
	MigStr *parts;
	int nparts;

	if (!mig_script_cut(m, file->name, file->text, &parts, &nparts))
		return false;
	tree->scripts = mig_grow(m, tree->scripts, (size_t) tree->nscripts, room,
	                         (size_t) tree->nscripts + (size_t) nparts,
	                         sizeof(MigScript *));
	for (int i = 0; i < nparts && mig_ok(m); i++)
	{
		int n = tree->nscripts;
		MigScript *s = mig_script_parse_from(m, &at, file->text, parts[i]);
		int first;

		if (s == NULL ||
		    !mig_layout_complete(m, s, n > 0 ? tree->scripts[n - 1] : NULL))
			return false;
		first = mig_map_put(m, seen, s->revision, n);
		if (first >= 0 && first != n)
			return fail_twice(m, tree->scripts[first], s);
		tree->scripts[tree->nscripts++] = s;
	}
	return mig_ok(m);
}

static bool
read_tree(Mig *m, MigTree *tree)
{
	MigMap seen = {NULL, 0, 0};
	size_t room = 0;
	int count = 0;
	int32_t *order = sorted(m, tree, &count);

	tree->scripts = NULL;
	tree->nscripts = 0;
	if (order == NULL || !mig_map_init(m, &seen, (size_t) count))
		return false;
	for (int i = 0; i < count; i++)
		if (!read_file(m, tree, &room, &seen, &tree->files[order[i]]))
			return false;
	if (tree->nscripts > 0)
		return true;
	mig_fail(m, MIG_FILE, "directory \"%.*s\" holds no script",
	         MIG_S(tree->path));
	return mig_hint(m, "Scripts are files whose names end in .sql.");
}

const MigLayout mig_layout_native = {"native", wants, claims, read_tree};
