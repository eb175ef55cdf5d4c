#include "private.h"

#include "digest.h"
#include "json.h"
#include "layout_names.h"
#include "layouts.h"
#include "text.h"

/*
 * Drizzle: TAG.sql in the order of meta/_journal.json; its 1.0 has folders
 * TIME_NAME/migration.sql with a snapshot.json each and no journal. The state
 * table has the time of the journal's entry in milliseconds and the SHA-256
 * of the file.
 *
 * "--> statement-breakpoint" ends a statement, with or without a semicolon.
 */

#define BREAKPOINT "--> statement-breakpoint"

static const char journal_name[] = "meta/_journal.json";

typedef struct Entry
{
	MigStr tag;
	MigStr when; /* milliseconds, in digits */
} Entry;

/* The folder of a migration of 1.0; empty if the file is none. */
static MigStr
folder_of(MigStr name)
{
	MigStr folder = mig_path_folder(name);

	if (memchr(folder.at, '/', folder.len) != NULL ||
	    !mig_str_is(mig_path_base(name), "migration.sql"))
		folder.len = 0;
	return folder;
}

static bool
wants(MigStr name)
{
	if (mig_str_is(name, journal_name) || folder_of(name).len > 0)
		return true;
	return memchr(name.at, '/', name.len) == NULL && name.len > 4 &&
	       mig_str_ends(name, ".sql");
}

/* Breakpoints stay as comments in scripts that were made of Drizzle's. */
static bool
has_breakpoint(MigStr text)
{
	return mig_str_find(text, mig_str(BREAKPOINT)) < text.len &&
	       mig_str_find(text, MIG_LIT("-- migrate:up")) == text.len;
}

static MigClaim
claims(Mig *m, const MigTree *tree)
{
	bool folders = false;
	bool snapshots = false;

	(void) m;
	if (mig_layout_file(tree, journal_name) != NULL)
		return MIG_CLAIM_SURE;
	for (int i = 0; i < tree->nnames; i++)
	{
		MigStr name = tree->names[i];

		folders |= folder_of(name).len > 0;
		snapshots |= mig_str_is(mig_path_base(name), "snapshot.json");
	}
	if (folders)
		return snapshots ? MIG_CLAIM_SURE : MIG_CLAIM_NO;
	for (int i = 0; i < tree->nfiles; i++)
		if (wants(tree->files[i].name) && has_breakpoint(tree->files[i].text))
			return MIG_CLAIM_SURE;
	return MIG_CLAIM_NO;
}

/* The text with a semicolon before each breakpoint that has none. */
static MigStr
ended(Mig *m, MigStr text)
{
	MigStr mark = mig_str(BREAKPOINT);
	MigText t = {m, NULL, 0, 0};
	size_t at;

	while ((at = mig_str_find(text, mark)) < text.len)
	{
		MigStr before = mig_str_trim((MigStr){text.at, at});

		mig_text_str_add(&t, (MigStr){text.at, at});
		if (before.len > 0 && before.at[before.len - 1] != ';')
			mig_text_char(&t, ';');
		mig_text_str_add(&t, mark);
		text = mig_str_from(text, at + mark.len);
	}
	mig_text_str_add(&t, text);
	return mig_text_str(&t);
}

static bool
put(Mig *m, MigTree *tree, const MigFile *f, MigStr tag, MigStr when)
{
	MigPart part = {MIG_UP, MIG_FOR_BOTH, true, f->name, 1, {NULL, 0}};
	MigForeign foreign = {.layout = "drizzle",
	                      .version = when.len > 0 ? when : tag,
	                      .revision = tag,
	                      .created = MIG_NO_TIME,
	                      .source = f->name,
	                      .parts = &part,
	                      .nparts = 1};
	MigStr title = tag;
	int64_t millis;

	if (mig_str_int(when, &millis) && millis < INT64_MAX / 1000)
		foreign.created = millis * 1000;
	mig_str_digits(&title);
	foreign.message = mig_slug_message(m, title);
	foreign.checksum = mig_layout_sums(m, mig_sha256_hex, f->text);
	part.text = ended(m, f->text);
	return mig_ok(m) && mig_layout_put(m, tree, &foreign);
}

static bool
fail_journal(Mig *m, const MigFile *journal, size_t offset)
{
	if (mig_ok(m))
		mig_fail(m, MIG_SYNTAX, "entry of the journal has no tag");
	return mig_at(m, mig_layout_pos(journal, offset));
}

/* One entry has ended: its file becomes a script. */
static bool
entry_put(Mig *m, MigTree *tree, const Entry *e)
{
	MigText t = {m, NULL, 0, 0};
	const MigFile *f;
	MigStr name;

	mig_text_str_add(&t, e->tag);
	mig_text_add(&t, ".sql");
	name = mig_text_str(&t);
	if (name.at == NULL)
		return false;
	f = mig_layout_file_str(tree, name);
	if (f != NULL)
		return put(m, tree, f, e->tag, e->when);
	mig_fail(m, MIG_FILE, "file \"%.*s\" is missing", MIG_S(name));
	return mig_detail(m, "%s names it.", journal_name);
}

/* Read {"entries": [{"tag": ..., "when": ...}, ...]}. */
static bool
read_journal(Mig *m, MigTree *tree, const MigFile *journal)
{
	Entry e = {{NULL, 0}, {NULL, 0}};
	MigStr name = {NULL, 0};
	bool entries = false;
	MigJsonKind kind;
	MigStr value;
	MigJson j;

	mig_json_start(&j, m, journal->text);
	while ((kind = mig_json_next(&j, &value)) != MIG_JSON_END)
	{
		if (kind == MIG_JSON_NAME)
			name = value;
		if (kind == MIG_JSON_NAME && j.depth == 1)
			entries = mig_str_is(value, "entries");
		if (!entries || j.depth != 3)
			continue;
		if (kind == MIG_JSON_OPEN)
			e = (Entry){{NULL, 0}, {NULL, 0}};
		else if (kind == MIG_JSON_STRING && mig_str_is(name, "tag"))
			e.tag = value;
		else if (kind == MIG_JSON_WORD && mig_str_is(name, "when"))
			e.when = value;
		else if (kind == MIG_JSON_CLOSE && e.tag.len == 0)
			return fail_journal(m, journal, j.start);
		else if (kind == MIG_JSON_CLOSE && !entry_put(m, tree, &e))
			return false;
	}
	return mig_ok(m) || fail_journal(m, journal, j.start);
}

/* Files beside the journal are of no migration. */
static bool
ignore_others(Mig *m, MigTree *tree)
{
	MigMap known = {NULL, 0, 0};

	for (int i = 0; i < tree->nscripts; i++)
		if (mig_map_put(m, &known, tree->scripts[i]->source, i) < 0)
			return false;
	for (int i = 0; i < tree->nfiles; i++)
	{
		MigStr name = tree->files[i].name;

		if (mig_str_ends(name, ".sql") && mig_map_get(&known, name) < 0 &&
		    !mig_layout_ignore(m, tree, name, "the journal has no such entry"))
			return false;
	}
	return true;
}

/* YYYYMMDDHHMMSS at the start of a name, as milliseconds. */
static MigStr
when_of(Mig *m, MigStr name)
{
	MigStr digits = mig_str_digits(&name);
	MigStr none = {NULL, 0};
	MigText t = {m, NULL, 0, 0};
	const char *d = digits.at;
	char iso[32];
	int64_t time;

	if (digits.len != 14)
		return none;
	snprintf(iso, sizeof(iso), "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", d, d + 4,
	         d + 6, d + 8, d + 10, d + 12);
	if (!mig_time_parse(mig_str(iso), &time))
		return none;
	mig_text_int(&t, time / 1000);
	return mig_text_str(&t);
}

/* Without a journal: by name. */
static bool
read_names(Mig *m, MigTree *tree)
{
	for (int i = 0; i < tree->nfiles; i++)
	{
		const MigFile *f = &tree->files[i];
		MigStr tag = folder_of(f->name);

		if (tag.len == 0)
			tag = f->name;
		mig_str_cut(&tag, ".sql");
		if (mig_str_ends(f->name, ".sql") &&
		    !put(m, tree, f, tag, when_of(m, tag)))
			return false;
	}
	return true;
}

static bool
read_tree(Mig *m, MigTree *tree)
{
	const MigFile *journal = mig_layout_file(tree, journal_name);

	if (journal == NULL)
		return read_names(m, tree);
	return read_journal(m, tree, journal) && ignore_others(m, tree);
}

const MigLayout mig_layout_drizzle = {"drizzle", wants, claims, read_tree};
