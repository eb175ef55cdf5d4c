#include "private.h"

#include "atlas_sum.h"
#include "base64.h"
#include "digest.h"
#include "lines.h"

static MigStr
end_base64(Mig *m, MigDigest d)
{
	unsigned char out[MIG_DIGEST_SIZE];

	mig_digest_end(&d, out);
	return mig_base64(m, out, sizeof(out));
}

static bool
is_ignored(MigStr text)
{
	MigLines lines;
	MigStr line;
	size_t at;

	mig_lines_start(&lines, text);
	if (!mig_lines_next(&lines, &line))
		return false;
	at = mig_str_find(line, MIG_LIT("atlas:sum "));
	return at < line.len &&
	       mig_str_is(mig_str_trim(mig_str_from(line, at + 10)), "ignore");
}

MigStr *
mig_atlas_hashes(Mig *m, const MigFile *const *files, int nfiles)
{
	MigStr *hashes = mig_alloc_array(m, (size_t) nfiles, sizeof(*hashes));
	MigDigest d;

	if (hashes == NULL)
		return NULL;
	mig_digest_start(&d);
	for (int i = 0; i < nfiles; i++)
	{
		mig_digest_add(&d, files[i]->name.at, files[i]->name.len);
		if (is_ignored(files[i]->text))
			continue;
		mig_digest_add(&d, files[i]->text.at, files[i]->text.len);
		hashes[i] = end_base64(m, d);
	}
	return mig_ok(m) ? hashes : NULL;
}

static bool
fail_hint(Mig *m)
{
	return mig_hint(m, "Put the file back, or run \"atlas migrate hash\" if"
	                   " the change is wanted.");
}

static bool
fail_extra(Mig *m, MigStr name)
{
	mig_fail(m, MIG_FILE, "file \"%.*s\" is not in atlas.sum", MIG_S(name));
	return fail_hint(m);
}

static bool
fail_lost(Mig *m, MigStr name)
{
	mig_fail(m, MIG_FILE, "file \"%.*s\" of atlas.sum does not exist",
	         MIG_S(name));
	return fail_hint(m);
}

/* The next line "NAME h1:HASH"; names may hold blanks. False at the end. */
static bool
next_line(MigLines *lines, MigStr *name, MigStr *hash)
{
	MigStr line;

	while (mig_lines_next(lines, &line))
	{
		size_t at = line.len;

		while (at > 0 && line.at[at - 1] != ' ')
			at--;
		if (at == 0)
			continue;
		*name = mig_str_trim((MigStr){line.at, at});
		*hash = mig_str_from(line, at);
		mig_str_take(hash, "h1:");
		return true;
	}
	return false;
}

/* Both lists are in the same order, so that the first difference tells. */
static bool
compare(Mig *m, MigStr want, MigStr hash, const MigFile *file, MigStr sum)
{
	int side = mig_str_cmp(want, file->name);

	if (side < 0)
		return fail_lost(m, want);
	if (side > 0)
		return fail_extra(m, file->name);
	if (mig_str_eq(hash, sum))
		return true;
	mig_fail(m, MIG_FILE, "file \"%.*s\" does not match its hash in atlas.sum",
	         MIG_S(file->name));
	mig_detail(m, "atlas.sum says \"%.*s\", the file has \"%.*s\".",
	           MIG_S(hash), MIG_S(sum));
	return fail_hint(m);
}

/* The first line is the hash of the others. */
static bool
check_total(Mig *m, const MigFile *sum, const MigDigest *d)
{
	MigStr total = end_base64(m, *d);
	MigLines lines;
	MigStr line;

	mig_lines_start(&lines, sum->text);
	if (!mig_lines_next(&lines, &line))
		line = MIG_LIT("");
	line = mig_str_trim(line);
	mig_str_take(&line, "h1:");
	if (!mig_ok(m) || mig_str_eq(line, total))
		return mig_ok(m);
	mig_fail(m, MIG_FILE, "file \"%.*s\" does not match its own first line",
	         MIG_S(sum->name));
	mig_detail(m, "It says \"%.*s\", its lines have \"%.*s\".", MIG_S(line),
	           MIG_S(total));
	return fail_hint(m);
}

bool
mig_atlas_sum(Mig *m, const MigFile *sum, const MigFile *const *files,
              const MigStr *hashes, int nfiles)
{
	MigLines lines;
	MigStr name, hash;
	MigDigest d;
	int i = 0;

	mig_digest_start(&d);
	mig_lines_start(&lines, sum->text);
	mig_lines_next(&lines, &name);
	while (next_line(&lines, &name, &hash))
	{
		while (i < nfiles && hashes[i].at == NULL)
			i++;
		if (i == nfiles)
			return fail_lost(m, name);
		if (!compare(m, name, hash, files[i], hashes[i]))
			return false;
		mig_digest_add(&d, name.at, name.len);
		mig_digest_add(&d, hash.at, hash.len);
		i++;
	}
	for (; i < nfiles; i++)
		if (hashes[i].at != NULL)
			return fail_extra(m, files[i]->name);
	return check_total(m, sum, &d);
}
