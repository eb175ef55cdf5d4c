/*
 * sqlx: files VERSION_DESCRIPTION.sql, or .up.sql with .down.sql, directly in
 * the directory, in the order of their numbers. A file whose first bytes are
 * "-- no-transaction" runs outside of a transaction. The checksum is the
 * SHA-384 of the up file's bytes.
 */
#include "private.h"

#include "hash.h"
#include "layout_names.h"
#include "layouts.h"
#include "text.h"

typedef struct Entry
{
	const MigFile *file;
	MigStr digits; /* as in the name */
	int64_t version;
	MigStr slug;
	bool down;
} Entry;

static bool
wants(MigStr name)
{
	return memchr(name.at, '/', name.len) == NULL &&
	       memchr(name.at, '_', name.len) != NULL &&
	       mig_str_ends(name, ".sql") && name.at[0] != '.';
}

static bool
is_no_transaction(MigStr text)
{
	return mig_str_starts(text, MIG_LIT("-- no-transaction"));
}

/* All of its files begin with a number; one of them says what only sqlx
   understands. Pairs of up and down are other tools' as well, more often. */
static MigClaim
claims(Mig *m, const MigTree *tree)
{
	MigClaim claim = MIG_CLAIM_NO;
	bool pairs = false;

	(void) m;
	for (int i = 0; i < tree->nfiles; i++)
	{
		MigStr name = tree->files[i].name;

		if (!mig_str_ends(name, ".sql"))
			continue;
		if (!wants(name) || mig_str_digits(&name).len == 0 ||
		    name.at[0] != '_')
			return MIG_CLAIM_NO;
		if (is_no_transaction(tree->files[i].text))
			return MIG_CLAIM_SURE;
		pairs |= mig_str_ends(name, ".up.sql");
		claim = MIG_CLAIM_NAMES;
	}
	return pairs ? MIG_CLAIM_NO : claim;
}

static bool
fail_version(Mig *m, const MigFile *file, MigStr version)
{
	mig_fail(m, MIG_FILE, "file name \"%.*s\" has no version",
	         MIG_S(file->name));
	mig_detail(m,
	           "What stands before the first underscore, \"%.*s\", is not a"
	           " number of at most 64 bits.",
	           MIG_S(version));
	return mig_hint(m, "Files of the layout sqlx are called"
	                   " VERSION_DESCRIPTION.sql.");
}

static bool
entry_read(Mig *m, const MigFile *file, Entry *e)
{
	MigStr rest = file->name;

	e->file = file;
	e->digits = mig_str_before(&rest, '_');
	if (!mig_str_int(e->digits, &e->version))
		return fail_version(m, file, e->digits);
	e->down = mig_str_ends(rest, ".down.sql");
	rest.len -= e->down ? 9 : mig_str_ends(rest, ".up.sql") ? 7 : 4;
	e->slug = rest;
	return true;
}

/* By number; up before down. */
static int
by_version(const void *context, int32_t a, int32_t b)
{
	const Entry *x = &((const Entry *) context)[a];
	const Entry *y = &((const Entry *) context)[b];

	if (x->version != y->version)
		return x->version < y->version ? -1 : 1;
	return (int) x->down - (int) y->down;
}

static bool
fail_twice(Mig *m, const Entry *a, const Entry *b)
{
	mig_fail(m, MIG_GRAPH, "version \"%lld\" is defined twice",
	         (long long) a->version);
	return mig_detail(m, "Files \"%.*s\" and \"%.*s\" define it.",
	                  MIG_S(a->file->name), MIG_S(b->file->name));
}

static MigPart
part_of(const Entry *e)
{
	return (MigPart){.kind = e->down ? MIG_DOWN : MIG_UP,
	                 .target = MIG_FOR_BOTH,
	                 .transactional = !is_no_transaction(e->file->text),
	                 .source = e->file->name,
	                 .line = 1,
	                 .text = e->file->text};
}

static MigStr
sha384_hex(Mig *m, MigStr text)
{
	MigHash hash;

	mig_hash_start(&hash, &mig_sha384);
	mig_hash_add(&hash, text);
	return mig_hash_hex(m, &hash);
}

static bool
put(Mig *m, MigTree *tree, const Entry *up, const Entry *down)
{
	char version[24];
	MigPart parts[2];
	MigForeign f = {.layout = "sqlx",
	                .revision = up->digits,
	                .created = MIG_NO_TIME,
	                .source = up->file->name,
	                .parts = parts};

	snprintf(version, sizeof(version), "%lld", (long long) up->version);
	f.version = mig_str(version);
	f.message = mig_slug_message(m, up->slug);
	f.checksum = mig_layout_sums(m, sha384_hex, up->file->text);
	parts[f.nparts++] = part_of(up);
	if (down != NULL)
		parts[f.nparts++] = part_of(down);
	return mig_layout_put(m, tree, &f);
}

/* Those of one version, n of them; the first is not a down unless all are. */
static bool
put_version(Mig *m, MigTree *tree, Entry *const *same, int n)
{
	const Entry *down = n > 1 ? same[1] : NULL;

	if (n > 1 && !same[1]->down)
		return fail_twice(m, same[0], same[1]);
	if (n > 2)
		return fail_twice(m, same[1], same[2]);
	if (!same[0]->down)
		return put(m, tree, same[0], down);
	if (n > 1)
		return fail_twice(m, same[0], same[1]);
	return mig_layout_ignore(m, tree, same[0]->file->name,
	                         "there is no up file of its version");
}

static bool
read_tree(Mig *m, MigTree *tree)
{
	size_t count = (size_t) tree->nfiles;
	Entry *entries = mig_alloc_array(m, count, sizeof(*entries));
	Entry **sorted = mig_alloc_array(m, count, sizeof(*sorted));
	int32_t *order = mig_alloc_array(m, count, sizeof(*order));

	if (entries == NULL || sorted == NULL || order == NULL)
		return false;
	for (int i = 0; i < tree->nfiles; i++)
	{
		order[i] = i;
		if (!entry_read(m, &tree->files[i], &entries[i]))
			return false;
	}
	if (!mig_sort(m, order, count, by_version, entries))
		return false;
	for (int i = 0; i < tree->nfiles; i++)
		sorted[i] = &entries[order[i]];
	for (int i = 0, n; i < tree->nfiles; i += n)
	{
		n = 1;
		while (i + n < tree->nfiles &&
		       sorted[i + n]->version == sorted[i]->version)
			n++;
		if (!put_version(m, tree, sorted + i, n))
			return false;
	}
	return true;
}

const MigLayout mig_layout_sqlx = {"sqlx", wants, claims, read_tree};
