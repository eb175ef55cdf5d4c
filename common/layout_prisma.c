#include "private.h"

#include "digest.h"
#include "layout_names.h"
#include "layouts.h"
#include "text.h"

/*
 * Prisma: NAME/migration.sql by the byte order of the names, which begin with
 * a time; migration_lock.toml says for which database. Its state table has
 * the folder's name and the SHA-256 of the file.
 */

static bool
is_lock(MigStr name)
{
	return mig_str_is(name, "migration_lock.toml");
}

/* The folder of a migration, absent if the file is none. */
static MigStr
folder_of(MigStr name)
{
	MigStr none = {NULL, 0};
	MigStr folder = mig_path_folder(name);

	if (folder.len == 0 || memchr(folder.at, '/', folder.len) != NULL ||
	    !mig_str_is(mig_path_base(name), "migration.sql"))
		return none;
	return folder;
}

static bool
wants(MigStr name)
{
	return is_lock(name) || folder_of(name).at != NULL;
}

static MigClaim
claims(Mig *m, const MigTree *tree)
{
	MigClaim claim = MIG_CLAIM_NO;

	(void) m;
	if (mig_layout_file(tree, "migration_lock.toml") != NULL)
		return MIG_CLAIM_SURE;
	for (int i = 0; i < tree->nnames; i++)
		if (mig_str_is(mig_path_base(tree->names[i]), "snapshot.json"))
			return MIG_CLAIM_NO;
	for (int i = 0; i < tree->nfiles; i++)
		if (folder_of(tree->files[i].name).at != NULL)
			claim = MIG_CLAIM_NAMES;
	return claim;
}

static bool
put(Mig *m, MigTree *tree, const MigFile *f, MigStr folder)
{
	MigPart part = {MIG_UP, MIG_FOR_BOTH, true, f->name, 1, f->text};
	MigStr title = folder;
	MigForeign foreign = {.layout = "prisma",
	                      .version = folder,
	                      .revision = folder,
	                      .created = MIG_NO_TIME,
	                      .source = f->name,
	                      .parts = &part,
	                      .nparts = 1};

	foreign.checksum = mig_layout_sums(m, mig_sha256_hex, f->text);
	mig_str_digits(&title);
	foreign.message = mig_slug_message(m, title);
	return mig_ok(m) && mig_layout_put(m, tree, &foreign);
}

static bool
read_tree(Mig *m, MigTree *tree)
{
	for (int i = 0; i < tree->nfiles; i++)
	{
		const MigFile *f = &tree->files[i];
		MigStr folder = folder_of(f->name);

		if (folder.at != NULL && !put(m, tree, f, folder))
			return false;
	}
	return true;
}

const MigLayout mig_layout_prisma = {"prisma", wants, claims, read_tree};
