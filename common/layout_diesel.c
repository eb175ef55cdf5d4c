/*
 * Diesel: a folder a migration, with up.sql, perhaps down.sql and
 * metadata.toml. Its version is the folder's name up to the first '_',
 * without hyphens; they come in the byte order of their versions.
 */
#include "private.h"

#include "layouts.h"
#include "lines.h"
#include "text.h"

/* A folder right below the root. */
typedef struct Folder
{
	MigStr name;
	MigStr version;
	const MigFile *up, *down, *metadata;
} Folder;

static bool
wants(MigStr name)
{
	MigStr base = mig_path_base(name);
	MigStr folder = mig_path_folder(name);

	return folder.len > 0 && memchr(folder.at, '/', folder.len) == NULL &&
	       folder.at[0] != '.' &&
	       (mig_str_is(base, "up.sql") || mig_str_is(base, "down.sql") ||
	        mig_str_is(base, "metadata.toml"));
}

/* "2018-01-14-171611_create_tables", as "diesel migration generate" names
   it, or the set-up's folder. */
static bool
is_generated(MigStr folder)
{
	static const char form[] = "dddd-dd-dd-dddddd";
	size_t i = 0;

	if (mig_str_is(folder, "00000000000000_diesel_initial_setup"))
		return true;
	for (; form[i] != '\0' && i < folder.len; i++)
		if (form[i] == '-' ? folder.at[i] != '-'
		                   : folder.at[i] < '0' || folder.at[i] > '9')
			return false;
	return form[i] == '\0';
}

static MigClaim
claims(Mig *m, const MigTree *tree)
{
	MigClaim claim = MIG_CLAIM_NO;

	(void) m;
	for (int i = 0; i < tree->nfiles; i++)
	{
		MigStr name = tree->files[i].name;

		if (!wants(name) || mig_str_ends(name, "/down.sql"))
			continue;
		if (mig_str_ends(name, ".toml") || is_generated(name))
			return MIG_CLAIM_SURE;
		/* Names of digits alone are Hasura's. */
		if (memchr(name.at, '-', mig_str_find(name, MIG_LIT("_"))) != NULL)
			claim = MIG_CLAIM_NAMES;
	}
	return claim;
}

static MigStr
version_of(Mig *m, MigStr folder)
{
	MigText t = {m, NULL, 0, 0};
	MigStr head = mig_str_before(&folder, '_');

	for (size_t i = 0; i < head.len; i++)
		if (head.at[i] != '-')
			mig_text_char(&t, head.at[i]);
	return mig_text_str(&t);
}

static bool
fail_no_up(Mig *m, MigStr folder)
{
	mig_fail(m, MIG_FILE, "folder \"%.*s\" has no file \"up.sql\"",
	         MIG_S(folder));
	return mig_hint(m, "Each folder of the layout diesel is one migration.");
}

/* Take a file into the folder that it is in, which is the last one or new. */
static bool
collect(Mig *m, const MigFile *file, Folder *folders, int *n)
{
	MigStr base = mig_path_base(file->name);
	MigStr name = mig_path_folder(file->name);
	Folder *f = *n > 0 ? &folders[*n - 1] : NULL;

	if (f == NULL || !mig_str_eq(f->name, name))
	{
		f = &folders[(*n)++];
		f->name = name;
		f->version = version_of(m, name);
	}
	if (mig_str_is(base, "up.sql"))
		f->up = file;
	else if (mig_str_is(base, "down.sql"))
		f->down = file;
	else
		f->metadata = file;
	return mig_ok(m);
}

/*
 * What metadata.toml says. Diesel takes a file that it cannot read for none
 * at all, which means true, and one without the key for false.
 */
static bool
in_transaction(const MigFile *file)
{
	MigLines lines;
	MigStr line, value;
	bool result = false;

	if (file == NULL)
		return true;
	mig_lines_start(&lines, file->text);
	while (mig_lines_next(&lines, &line))
	{
		line = mig_str_trim(mig_str_before(&line, '#'));
		if (line.len == 0)
			continue;
		if (line.at[0] == '[')
			return result; /* a table, whose keys are others */
		value = line;
		line = mig_str_trim(mig_str_before(&value, '='));
		value = mig_str_trim(value);
		if (value.len == 0)
			return true;
		if (!mig_str_is(line, "run_in_transaction") &&
		    !mig_str_is(line, "\"run_in_transaction\""))
			continue;
		if (!mig_str_is(value, "true") && !mig_str_is(value, "false"))
			return true;
		result = mig_str_is(value, "true");
	}
	return result;
}

/* Diesel runs no file of nothing at all; an empty down.sql cannot be run
   either, so there is none. */
static bool
put(Mig *m, MigTree *tree, const Folder *f)
{
	MigStr slug = f->name;
	MigPart parts[2];
	MigForeign foreign = {.layout = "diesel",
	                      .version = f->version,
	                      .revision = f->version,
	                      .created = MIG_NO_TIME,
	                      .parts = parts};
	bool transactional = in_transaction(f->metadata);

	if (f->up == NULL)
		return fail_no_up(m, f->name);
	if (f->up->text.len == 0)
	{
		mig_fail(m, MIG_SYNTAX, "file \"%.*s\" is empty", MIG_S(f->up->name));
		return mig_hint(m, "A comment in it is enough to say that there is "
		                   "nothing to do.");
	}
	mig_str_before(&slug, '_');
	foreign.message = mig_slug_message(m, slug);
	foreign.source = f->up->name;
	parts[foreign.nparts++] = (MigPart){
		MIG_UP, MIG_FOR_BOTH, transactional, f->up->name, 1, f->up->text};
	if (f->down != NULL && f->down->text.len > 0)
		parts[foreign.nparts++] =
			(MigPart){MIG_DOWN, MIG_FOR_BOTH, transactional, f->down->name,
		              1,        f->down->text};
	return mig_layout_put(m, tree, &foreign);
}

static int
by_version(const void *context, int32_t a, int32_t b)
{
	const Folder *folders = context;

	return mig_str_cmp(folders[a].version, folders[b].version);
}

/* Folders that hold something else: Diesel refuses them, unless it is for
   somebody else, deeper down. */
static bool
check_names(Mig *m, MigTree *tree)
{
	for (int i = 0; i < tree->nnames; i++)
	{
		MigStr name = tree->names[i];
		MigStr folder = mig_path_folder(name);
		MigText up = {m, NULL, 0, 0};

		if (folder.len == 0 || folder.at[0] == '.' || wants(name) ||
		    memchr(folder.at, '/', folder.len) != NULL)
			continue;
		mig_text_fmt(&up, "%.*s/up.sql", MIG_S(folder));
		if (mig_layout_file_str(tree, mig_text_str(&up)) == NULL)
			return mig_ok(m) && fail_no_up(m, folder);
	}
	return mig_ok(m);
}

static bool
read_tree(Mig *m, MigTree *tree)
{
	size_t count = (size_t) tree->nfiles;
	Folder *folders = mig_alloc_array(m, count, sizeof(*folders));
	int32_t *order = mig_alloc_array(m, count, sizeof(*order));
	int n = 0;

	if (folders == NULL || order == NULL || !check_names(m, tree))
		return false;
	for (int i = 0; i < tree->nfiles; i++)
		if (!collect(m, &tree->files[i], folders, &n))
			return false;
	for (int i = 0; i < n; i++)
		order[i] = i;
	if (!mig_sort(m, order, (size_t) n, by_version, folders))
		return false;
	for (int i = 0; i < n; i++)
		if (!put(m, tree, &folders[order[i]]))
			return false;
	return true;
}

const MigLayout mig_layout_diesel = {"diesel", wants, claims, read_tree};
