#include "private.h"

#include "layout.h"

static bool
wants(MigStr name)
{
	MigStr end = MIG_LIT(".sql");

	return name.len > end.len && name.at[0] != '.' &&
	       memchr(name.at, '/', name.len) == NULL &&
	       mig_str_eq(mig_str_from(name, name.len - end.len), end);
}

/* Whether a line of the text begins a section or a header. */
static bool
has_directive(MigStr text)
{
	static const char *const words[] = {"up", "down", "revision"};
	MigStr mark = MIG_LIT("migrate:");

	while (text.len > 0)
	{
		const char *end = memchr(text.at, '\n', text.len);
		MigStr line = {text.at, end ? (size_t) (end - text.at) : text.len};

		text = mig_str_from(text, end ? line.len + 1 : line.len);
		if (mig_str_starts(line, MIG_LIT("\xEF\xBB\xBF")))
			line = mig_str_from(line, 3);
		if (!mig_str_starts(line, MIG_LIT("--")))
			continue;
		line = mig_str_trim(mig_str_from(line, 2));
		if (!mig_str_starts(line, mark))
			continue;
		line = mig_str_from(line, mark.len);
		for (int i = 0; i < MIG_COUNT(words); i++)
			if (mig_str_starts(line, mig_str(words[i])))
				return true;
	}
	return false;
}

static MigClaim
claims(Mig *m, const MigTree *tree)
{
	int looked = 0;

	(void) m;
	for (int i = 0; i < tree->nfiles && looked < 8; i++)
	{
		if (!wants(tree->files[i].name))
			continue;
		if (has_directive(tree->files[i].text))
			return MIG_CLAIM_SURE;
		looked++;
	}
	return MIG_CLAIM_NO;
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

/* The scripts of one file, behind those that the tree has already. */
static bool
read_file(Mig *m, MigTree *tree, const MigFile *file)
{
	MigPos at = mig_lex_pos(file->name, file->text, 0);
	MigStr *parts;
	int nparts;

	if (!mig_script_cut(m, file->name, file->text, &parts, &nparts))
		return false;
	for (int i = 0; i < nparts; i++)
	{
		MigScript *s = mig_script_skim_from(m, &at, file->text, parts[i]);

		if (s == NULL || !mig_layout_add(m, tree, s))
			return false;
	}
	return true;
}

static bool
read_tree(Mig *m, MigTree *tree)
{
	int count = 0;
	int32_t *order = sorted(m, tree, &count);

	if (order == NULL || !mig_map_init(m, &tree->revisions, (size_t) count))
		return false;
	for (int i = 0; i < count; i++)
		if (!read_file(m, tree, &tree->files[order[i]]))
			return false;
	if (tree->nscripts > 0)
		return true;
	mig_fail(m, MIG_FILE, "directory \"%.*s\" holds no script",
	         MIG_S(tree->path));
	return mig_hint(m, "Scripts are files whose names end in .sql.");
}

const MigLayout mig_layout_native = {"native", wants, claims, read_tree};
