/*
 * refinery: files V1__name.sql and U1__name.sql, in folders or not, in the
 * order of their numbers. (U is a migration that may come late.) The checksum
 * is SipHash-1-3 over name, number and text, as a decimal number.
 */
#include "private.h"

#include "layout_names.h"
#include "layouts.h"
#include "siphash.h"

typedef struct Entry
{
	const MigFile *file;
	MigStr digits;
	int64_t version;
	MigStr name;
	bool fraction;
} Entry;

static bool
wants(MigStr name)
{
	return mig_str_ends(name, ".sql") || mig_str_is(name, "refinery.toml");
}

static bool
is_word(MigStr s)
{
	for (size_t i = 0; i < s.len; i++)
	{
		unsigned char c = (unsigned char) s.at[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') &&
		    !(c >= 'A' && c <= 'Z') && c != '_' && c < 128)
			return false;
	}
	return s.len > 0;
}

static bool
fail_version(Mig *m, const MigFile *file)
{
	mig_fail(m, MIG_FILE, "file name \"%.*s\" has no version",
	         MIG_S(file->name));
	return mig_hint(m, "A version of the layout refinery is a whole number of"
	                   " at most 64 bits.");
}

/* Take a name apart. False: the file is none. */
static bool
entry_take(const MigFile *file, Entry *e)
{
	MigStr rest = mig_path_base(file->name);

	e->file = file;
	e->fraction = false;
	if (!mig_str_take(&rest, "V") && !mig_str_take(&rest, "U"))
		return false;
	e->digits = mig_str_digits(&rest);
	if (e->digits.len > 0 && mig_str_take(&rest, "."))
		e->fraction = mig_str_digits(&rest).len > 0;
	rest.len -= 4;
	if (e->digits.len == 0 || !mig_str_take(&rest, "__") || !is_word(rest))
		return false;
	e->name = rest;
	return true;
}

/* False with a good status: the file is none. */
static bool
entry_read(Mig *m, const MigFile *file, Entry *e)
{
	if (!entry_take(file, e))
		return false;
	if (e->fraction || !mig_str_int(e->digits, &e->version))
		return fail_version(m, file);
	return true;
}

static int
by_version(const void *context, int32_t a, int32_t b)
{
	int64_t x = ((const Entry *) context)[a].version;
	int64_t y = ((const Entry *) context)[b].version;

	return (x > y) - (x < y);
}

/* What only Flyway has: R__x.sql, settings of a script, versions of several
   parts, names with other characters than those of a word. */
static bool
is_flyway(MigStr path)
{
	MigStr name = mig_path_base(path);
	size_t at;

	if (mig_str_starts(name, MIG_LIT("R__")) || mig_str_ends(name, ".conf"))
		return true;
	if (!mig_str_cut(&name, ".sql") || !mig_str_take(&name, "V") ||
	    mig_str_digits(&name).len == 0)
		return false;
	at = mig_str_find(name, MIG_LIT("__"));
	if (at > 0)
		return at < name.len;
	return name.len > 2 && !is_word(mig_str_from(name, 2));
}

/* Numbers of V files: a U file of the same number is Flyway's undo. False:
   one stands there twice, as in folders for several databases. */
static bool
read_numbers(Mig *m, const MigTree *tree, MigMap *numbers)
{
	for (int i = 0; i < tree->nnames; i++)
	{
		MigStr name = mig_path_base(tree->names[i]);
		MigStr digits;

		if (!mig_str_take(&name, "V"))
			continue;
		digits = mig_digits_short(mig_str_digits(&name));
		if (mig_map_put(m, numbers, digits, i) != i)
			return false;
	}
	return true;
}

static bool
has_placeholder(const MigTree *tree)
{
	for (int i = 0; i < tree->nfiles; i++)
		if (mig_str_find(tree->files[i].text, MIG_LIT("${")) <
		    tree->files[i].text.len)
			return true;
	return false;
}

/* The names are Flyway's too, but for few; a U without a V is refinery's. */
static MigClaim
claims(Mig *m, const MigTree *tree)
{
	MigClaim claim = MIG_CLAIM_NO;
	MigMap numbers;
	Entry e;

	if (mig_layout_file(tree, "refinery.toml") != NULL)
		return MIG_CLAIM_SURE;
	if (!mig_map_init(m, &numbers, (size_t) tree->nnames) ||
	    !read_numbers(m, tree, &numbers))
		return MIG_CLAIM_NO;
	for (int i = 0; i < tree->nnames; i++)
	{
		MigFile file = {tree->names[i], {"", 0}};
		bool undo = mig_path_base(file.name).at[0] == 'U';

		if (is_flyway(file.name))
			return MIG_CLAIM_NO;
		if (!mig_str_ends(file.name, ".sql") || !entry_take(&file, &e))
			continue;
		if (claim == MIG_CLAIM_NO)
			claim = MIG_CLAIM_NAMES;
		if (!undo)
			continue;
		if (mig_map_get(&numbers, mig_digits_short(e.digits)) >= 0)
			return MIG_CLAIM_NO;
		claim = MIG_CLAIM_SURE;
	}
	return claim == MIG_CLAIM_NAMES && has_placeholder(tree) ? MIG_CLAIM_NO
	                                                         : claim;
}

/* A number of 32 bits; more only where it does not fit, which takes another
   build of refinery. */
static MigStr
checksum(const Entry *e, char *out)
{
	int size = e->version > INT32_MAX ? 8 : 4;
	MigSipHash h;

	mig_siphash_start(&h);
	mig_siphash_add(&h, e->name);
	mig_siphash_add(&h, MIG_LIT("\xFF"));
	for (int i = 0; i < size; i++)
	{
		char byte = (char) ((uint64_t) e->version >> 8 * i);

		mig_siphash_add(&h, (MigStr){&byte, 1});
	}
	mig_siphash_add(&h, e->file->text);
	mig_siphash_add(&h, MIG_LIT("\xFF"));
	snprintf(out, 24, "%llu", (unsigned long long) mig_siphash_end(&h));
	return mig_str(out);
}

static bool
put(Mig *m, MigTree *tree, const Entry *e)
{
	char version[24], sum[24];
	MigPart part = {MIG_UP, MIG_FOR_BOTH, true, e->file->name,
	                1,      e->file->text};
	MigForeign f = {.layout = "refinery",
	                .checksum = checksum(e, sum),
	                .revision = e->digits,
	                .message = mig_slug_message(m, e->name),
	                .created = MIG_NO_TIME,
	                .source = e->file->name,
	                .parts = &part,
	                .nparts = 1};

	snprintf(version, sizeof(version), "%lld", (long long) e->version);
	f.version = mig_str(version);
	return mig_layout_put(m, tree, &f);
}

static bool
put_all(Mig *m, MigTree *tree, const Entry *entries, const int32_t *order,
        int count)
{
	for (int i = 0; i < count; i++)
	{
		const Entry *e = &entries[order[i]];
		const Entry *before = i > 0 ? &entries[order[i - 1]] : NULL;

		if (before != NULL && before->version == e->version)
		{
			mig_fail(m, MIG_GRAPH, "version \"%lld\" is defined twice",
			         (long long) e->version);
			return mig_detail(m, "Files \"%.*s\" and \"%.*s\" define it.",
			                  MIG_S(before->file->name), MIG_S(e->file->name));
		}
		if (!put(m, tree, e))
			return false;
	}
	return true;
}

static bool
read_tree(Mig *m, MigTree *tree)
{
	size_t room = (size_t) tree->nfiles;
	Entry *entries = mig_alloc_array(m, room, sizeof(*entries));
	int32_t *order = mig_alloc_array(m, room, sizeof(*order));
	int n = 0;

	if (entries == NULL || order == NULL)
		return false;
	for (int i = 0; i < tree->nfiles; i++)
	{
		const MigFile *file = &tree->files[i];

		if (!mig_str_ends(file->name, ".sql"))
			continue;
		order[n] = n;
		if (entry_read(m, file, &entries[n]))
			n++;
		else if (!mig_ok(m) ||
		         !mig_layout_ignore(m, tree, file->name,
		                            "its name is not like V1__name.sql"))
			return false;
	}
	return mig_sort(m, order, (size_t) n, by_version, entries) &&
	       put_all(m, tree, entries, order, n);
}

const MigLayout mig_layout_refinery = {"refinery", wants, claims, read_tree};
