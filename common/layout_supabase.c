#include "private.h"

#include "layout_names.h"
#include "layouts.h"

/*
 * Supabase: VERSION_NAME.sql in supabase/migrations, by the byte order of
 * their names. The directory may be migrations itself or one above it.
 */

/* The name behind the folders that lead to the migrations. */
static bool
inside(MigStr *name)
{
	static const char *const folders[] = {"supabase/migrations/",
	                                      "migrations/"};

	for (int i = 0; i < MIG_COUNT(folders); i++)
		if (mig_str_starts(*name, mig_str(folders[i])))
		{
			*name = mig_str_from(*name, strlen(folders[i]));
			break;
		}
	return memchr(name->at, '/', name->len) == NULL;
}

static bool
name_read(MigStr name, MigStr *digits, MigStr *title)
{
	if (!inside(&name) || name.len < 4 ||
	    !mig_str_is(mig_str_from(name, name.len - 4), ".sql"))
		return false;
	name.len -= 4;
	*title = name;
	return mig_str_version(title, digits);
}

static bool
wants(MigStr name)
{
	MigStr digits, title;

	return name_read(name, &digits, &title);
}

/* Names as other tools have them, too. */
static bool
may_be(MigStr name)
{
	MigStr digits, title;

	return memchr(name.at, '/', name.len) == NULL &&
	       name_read(name, &digits, &title) && digits.len == 14;
}

static bool
is_pair(MigStr name)
{
	return mig_str_ends(name, ".up.sql") || mig_str_ends(name, ".down.sql");
}

static MigClaim
claims(Mig *m, const MigTree *tree)
{
	MigStr path = tree->path;
	bool own = mig_str_cut(&path, "supabase/migrations") ||
	           mig_str_cut(&path, "supabase");
	MigClaim claim = MIG_CLAIM_NO;
	bool pairs = false;

	(void) m;
	if (own && path.len > 0 && path.at[path.len - 1] != '/')
		own = false;
	for (int i = 0; i < tree->nfiles; i++)
	{
		MigStr name = tree->files[i].name;

		if (!wants(name))
			continue;
		if (own || mig_str_starts(name, MIG_LIT("supabase/")))
			return MIG_CLAIM_SURE;
		pairs |= is_pair(name);
		if (may_be(name))
			claim = MIG_CLAIM_NAMES;
	}
	return pairs ? MIG_CLAIM_NO : claim;
}

/* The dump that its first versions wrote, which it never runs. */
static bool
is_old_dump(MigStr digits, MigStr title)
{
	return digits.len == 14 && mig_str_is(title, "init") &&
	       mig_str_cmp(digits, MIG_LIT("20211209000000")) < 0;
}

static bool
read_tree(Mig *m, MigTree *tree)
{
	for (int i = 0; i < tree->nfiles; i++)
	{
		const MigFile *f = &tree->files[i];
		MigPart part = {MIG_UP, MIG_FOR_BOTH, true, f->name, 1, f->text};
		MigForeign foreign = {.layout = "supabase",
		                      .created = MIG_NO_TIME,
		                      .source = f->name,
		                      .parts = &part,
		                      .nparts = 1};
		MigStr title;

		if (!name_read(f->name, &foreign.version, &title))
			continue;
		if (tree->nscripts == 0 && is_old_dump(foreign.version, title))
		{
			if (!mig_layout_ignore(m, tree, f->name,
			                       "a dump that Supabase never runs"))
				return false;
			continue;
		}
		foreign.revision = foreign.version;
		foreign.message = mig_slug_message(m, title);
		if (!mig_layout_put(m, tree, &foreign))
			return false;
	}
	return true;
}

const MigLayout mig_layout_supabase = {"supabase", wants, claims, read_tree};
