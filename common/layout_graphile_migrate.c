/*
 * graphile-migrate: files 000001.sql or 000001-name.sql in committed/, each
 * with a head of lines "--! Key: value" and a hash of its text and of the
 * hash before, which is checked here.
 *
 *     --! Previous: sha1:2e0b...
 *     --! Hash: sha1:fd4c...
 *
 *     CREATE TABLE ...
 */
#include "private.h"

#include "hash.h"
#include "layouts.h"
#include "lines.h"
#include "text.h"

typedef struct Entry
{
	const MigFile *file;
	MigStr digits, slug;
	/* the head; absent: not given */
	MigStr previous, hash, message;
	bool any_hash;
	MigStr body; /* to the end of the file */
	int line;    /* on which it begins */
} Entry;

static MigStr
base_of(MigStr name)
{
	MigStr folder = mig_path_folder(name);

	return folder.len == 0 || mig_str_is(folder, "committed")
	           ? mig_path_base(name)
	           : MIG_LIT("");
}

static bool
wants(MigStr name)
{
	MigStr rest = base_of(name);

	if (mig_str_digits(&rest).len == 0 || !mig_str_ends(rest, ".sql"))
		return false;
	rest.len -= 4;
	for (size_t i = 0; i < rest.len; i++)
		if (i == 0 ? rest.at[i] != '-'
		           : strchr("-_", rest.at[i]) == NULL &&
		                 !(rest.at[i] >= '0' && rest.at[i] <= '9') &&
		                 !(rest.at[i] >= 'a' && rest.at[i] <= 'z') &&
		                 !(rest.at[i] >= 'A' && rest.at[i] <= 'Z'))
			return false;
	return true;
}

static MigClaim
claims(Mig *m, const MigTree *tree)
{
	(void) m;
	for (int i = 0; i < tree->nfiles; i++)
		if (wants(tree->files[i].name) &&
		    mig_str_starts(mig_bom_off(tree->files[i].text),
		                   MIG_LIT("--! Previous:")))
			return MIG_CLAIM_SURE;
	return MIG_CLAIM_NO;
}

static bool
fail_head(Mig *m, const MigFile *file, size_t offset, const char *what)
{
	mig_fail(m, MIG_SYNTAX, "%s", what);
	mig_hint(m, "The file begins with lines \"--! Key: value\" and one empty"
	            " line, as graphile-migrate commits it.");
	return mig_at(m, mig_layout_pos(file, offset));
}

/* One line of the head, without "--!". */
static bool
head_read(Mig *m, Entry *e, MigStr line, size_t offset)
{
	MigStr value = line;
	MigStr key = mig_str_trim(mig_str_before(&value, ':'));

	value = mig_str_trim(value);
	if (mig_str_is(key, "Previous"))
		e->previous = mig_str_is(value, "-") ? MIG_LIT("") : value;
	else if (mig_str_is(key, "Hash"))
		e->hash = value;
	else if (mig_str_is(key, "Message"))
		e->message = value;
	else if (mig_str_is(key, "AllowInvalidHash"))
		e->any_hash = true;
	else
		return fail_head(m, e->file, offset,
		                 "line is none of the head's lines");
	return true;
}

static bool
entry_read(Mig *m, const MigFile *file, Entry *e)
{
	MigStr rest = mig_path_base(file->name);
	MigLines lines;
	MigStr line;
	bool more;

	e->file = file;
	e->digits = mig_str_digits(&rest);
	rest.len -= 4;
	e->slug = rest;
	mig_lines_start(&lines, file->text);
	while ((more = mig_lines_next(&lines, &line)) &&
	       mig_str_take(&line, "--!"))
		if (!head_read(m, e, line, lines.at))
			return false;
	if (e->previous.at == NULL || e->hash.at == NULL)
		return fail_head(m, file, 0,
		                 "file has no line \"--! Previous:\" or"
		                 " \"--! Hash:\"");
	if (more && mig_str_trim(line).len > 0)
		return fail_head(m, file, lines.at,
		                 "head does not end with an empty"
		                 " line");
	e->body = mig_str_from(file->text, lines.next);
	e->line = lines.number + 1;
	return true;
}

static MigStr
hash_of(Mig *m, MigStr previous, MigStr body)
{
	MigText t = {m, NULL, 0, 0};
	MigHash h;

	mig_text_fmt(&t, "%.*s\n", MIG_S(previous));
	mig_text_str_add(&t, mig_str_trim(mig_bom_off(body)));
	mig_hash_start(&h, &mig_sha1);
	mig_hash_add(&h, mig_str_trim(mig_text_str(&t)));
	mig_hash_add(&h, MIG_LIT("\n"));
	mig_text_fmt(&t, "sha1:%.*s", MIG_S(mig_hash_hex(m, &h)));
	return mig_ok(m) ? mig_str_from(mig_text_str(&t), t.len - 45)
	                 : (MigStr){NULL, 0};
}

/* The text as it is, or with the line ends that it was committed with. */
static bool
check_hash(Mig *m, const Entry *e)
{
	MigStr sum = hash_of(m, e->previous, e->body);

	if (e->any_hash || mig_str_eq(sum, e->hash))
		return mig_ok(m);
	sum = hash_of(m, e->previous, mig_lf_only(m, e->body));
	if (mig_str_eq(sum, e->hash))
		return mig_ok(m);
	mig_fail(m, MIG_FILE,
	         "file \"%.*s\" does not have the hash that it"
	         " states",
	         MIG_S(e->file->name));
	mig_detail(m, "It states \"%.*s\" and has \"%.*s\".", MIG_S(e->hash),
	           MIG_S(sum));
	return mig_hint(m, "It was changed after it had been committed. Put it"
	                   " back, or add a line \"--! AllowInvalidHash\".");
}

static bool
check_chain(Mig *m, const Entry *before, const Entry *e)
{
	MigStr want = before == NULL ? MIG_LIT("") : before->hash;

	if (mig_str_eq(e->previous, want))
		return check_hash(m, e);
	mig_fail(m, MIG_FILE, "file \"%.*s\" does not follow the one before it",
	         MIG_S(e->file->name));
	if (before == NULL)
		return mig_detail(m,
		                  "It is the first, and states that \"%.*s\" came"
		                  " before it.",
		                  MIG_S(e->previous));
	return mig_detail(m,
	                  "It states that \"%.*s\" came before it; file"
	                  " \"%.*s\" has the hash \"%.*s\".",
	                  MIG_S(e->previous), MIG_S(before->file->name),
	                  MIG_S(before->hash));
}

static bool
no_transaction(MigStr body)
{
	MigLines lines;
	MigStr line;

	mig_lines_start(&lines, body);
	while (mig_lines_next(&lines, &line))
		if (mig_str_trim(line).len > 0)
			return mig_str_take(&line, "--!") &&
			       mig_str_is(mig_str_trim(line), "no-transaction");
	return false;
}

static bool
put(Mig *m, MigTree *tree, const Entry *e)
{
	MigText version = {m, NULL, 0, 0};
	MigPart part = {MIG_UP,        MIG_FOR_BOTH, !no_transaction(e->body),
	                e->file->name, e->line,      e->body};
	MigForeign f = {.layout = "graphile-migrate",
	                .checksum = e->hash,
	                .revision = e->digits,
	                .message = e->message,
	                .created = MIG_NO_TIME,
	                .source = e->file->name,
	                .parts = &part,
	                .nparts = 1};

	mig_text_fmt(&version, "%.*s.sql", MIG_S(e->digits));
	f.version = mig_text_str(&version);
	if (f.message.at == NULL)
		f.message = mig_slug_message(m, e->slug);
	return mig_ok(m) && mig_layout_put(m, tree, &f);
}

static int
by_number(const void *context, int32_t a, int32_t b)
{
	const Entry *entries = context;

	return mig_digits_cmp(entries[a].digits, entries[b].digits);
}

static bool
read_tree(Mig *m, MigTree *tree)
{
	size_t count = (size_t) tree->nfiles;
	Entry *entries = mig_alloc_array(m, count, sizeof(*entries));
	int32_t *order = mig_alloc_array(m, count, sizeof(*order));

	if (entries == NULL || order == NULL)
		return false;
	for (int i = 0; i < tree->nfiles; i++)
	{
		order[i] = i;
		if (!entry_read(m, &tree->files[i], &entries[i]))
			return false;
	}
	if (!mig_sort(m, order, count, by_number, entries))
		return false;
	for (int i = 0; i < tree->nfiles; i++)
	{
		const Entry *before = i > 0 ? &entries[order[i - 1]] : NULL;

		if (!check_chain(m, before, &entries[order[i]]) ||
		    !put(m, tree, &entries[order[i]]))
			return false;
	}
	return true;
}

const MigLayout mig_layout_graphile_migrate = {"graphile-migrate", wants,
                                               claims, read_tree};
