#include "private.h"

#include "pack.h"
#include "percent.h"

typedef struct Reader
{
	Mig *m;
	MigStr text;
	size_t at;
	MigStr layout;
	MigTree *tree;
	size_t names_room, files_room;
} Reader;

bool
mig_pack_is(MigStr text)
{
	if (mig_str_starts(text, MIG_LIT("\xEF\xBB\xBF")))
		text = mig_str_from(text, 3);
	return mig_str_starts(text, MIG_LIT("-- migrate:pack"));
}

static bool
fail(Reader *r, size_t offset, const char *message)
{
	MigPos pos = mig_lex_pos(mig_str(""), r->text, offset);

	mig_fail(r->m, MIG_SYNTAX, "%s", message);
	mig_hint(r->m, "Pack the directory again with pack.sh; a text that was"
	               " cut or whose line ends were changed cannot be read.");
	return mig_at(r->m, pos);
}

/* The line at r->at, which moves behind it. */
static MigStr
take_line(Reader *r)
{
	MigStr line = mig_str_from(r->text, r->at);
	size_t n = 0;

	while (n < line.len && line.at[n] != '\n')
		n++;
	r->at += n < line.len ? n + 1 : n;
	line.len = n;
	return mig_str_trim(line);
}

/* The words behind "-- migrate:NAME". */
static bool
take_words(MigStr line, const char *name, MigStr *a, MigStr *b)
{
	MigStr word;

	if (!mig_str_starts(line, MIG_LIT("-- migrate:")))
		return false;
	line = mig_str_from(line, 11);
	if (!mig_str_next(&line, &word) || !mig_str_is(word, name))
		return false;
	*a = *b = (MigStr){NULL, 0};
	if (mig_str_next(&line, a))
		mig_str_next(&line, b);
	return true;
}

static bool
add_name(Reader *r, MigStr name)
{
	MigTree *t = r->tree;
	MigStr *grown;

	if (t->nnames == INT_MAX)
		return mig_fail(r->m, MIG_NOMEM, "out of memory");
	grown = mig_grow(r->m, t->names, (size_t) t->nnames, &r->names_room,
	                 (size_t) t->nnames + 1, sizeof(*grown));
	if (grown == NULL)
		return false;
	t->names = grown;
	grown[t->nnames++] = name;
	return true;
}

static bool
add_file(Reader *r, MigStr name, MigStr text)
{
	MigTree *t = r->tree;
	MigFile *grown;

	if (!add_name(r, name))
		return false;
	if (!mig_layout_wants(r->layout, name))
		return true;
	grown = mig_grow(r->m, t->files, (size_t) t->nfiles, &r->files_room,
	                 (size_t) t->nfiles + 1, sizeof(*grown));
	if (grown == NULL)
		return false;
	t->files = grown;
	grown[t->nfiles].name = name;
	grown[t->nfiles++].text = text;
	return true;
}

/* A file's text and the line end behind it. */
static bool
take_file(Reader *r, size_t line, MigStr name, MigStr size)
{
	MigStr text = mig_str_from(r->text, r->at);
	int64_t bytes;

	name = mig_percent_text(r->m, name);
	if (name.at == NULL)
		return mig_ok(r->m) && fail(r, line, "file of the pack has no name");
	if (size.at == NULL || !mig_str_int(size, &bytes) || bytes < 0)
		return fail(r, line, "file of the pack has no size");
	if ((uint64_t) bytes >= text.len)
		return fail(r, line, "file of the pack ends too early");
	text.len = (size_t) bytes;
	r->at += text.len;
	if (take_line(r).len > 0)
		return fail(r, line, "file of the pack is longer than its size");
	return add_file(r, name, text);
}

static int
by_name(const void *context, int32_t a, int32_t b)
{
	const MigFile *files = context;

	return mig_str_cmp(files[a].name, files[b].name);
}

/* Files in byte order, whatever order the packer's sort has. */
static bool
sort_files(Reader *r)
{
	MigTree *t = r->tree;
	size_t count = (size_t) t->nfiles;
	int32_t *order = mig_alloc_array(r->m, count, sizeof(*order));
	MigFile *sorted = mig_alloc_array(r->m, count, sizeof(*sorted));

	if (order == NULL || sorted == NULL)
		return false;
	for (int32_t i = 0; i < t->nfiles; i++)
		order[i] = i;
	if (!mig_sort(r->m, order, count, by_name, t->files))
		return false;
	for (int32_t i = 0; i < t->nfiles; i++)
	{
		sorted[i] = t->files[order[i]];
		if (i > 0 && mig_str_eq(sorted[i].name, sorted[i - 1].name))
			return mig_fail(r->m, MIG_SYNTAX,
			                "file \"%.*s\" is in the pack twice",
			                MIG_S(sorted[i].name));
	}
	t->files = sorted;
	return true;
}

bool
mig_pack_read(Mig *m, MigStr text, MigStr *layout, MigTree *tree)
{
	Reader r = {.m = m, .text = text, .tree = tree};
	MigStr name, size, path;

	if (mig_str_starts(text, MIG_LIT("\xEF\xBB\xBF")))
		r.at = 3;
	if (!take_words(take_line(&r), "pack", &r.layout, &path) ||
	    r.layout.at == NULL)
		return fail(&r, 0, "pack does not name its layout");
	*layout = r.layout;
	tree->path = path.at != NULL ? mig_percent_text(m, path) : mig_str("pack");
	for (;;)
	{
		size_t line = r.at;
		MigStr words = take_line(&r);

		if (take_words(words, "end", &name, &size))
			break;
		if (!take_words(words, "file", &name, &size))
			return fail(&r, line, "pack has no end");
		if (!take_file(&r, line, name, size))
			return false;
	}
	return mig_ok(m) && sort_files(&r);
}
