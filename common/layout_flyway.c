#include "private.h"

#include "crc.h"
#include "layout_names.h"
#include "layouts.h"
#include "replace.h"

/*
 * Flyway: V<version>__<description>.sql in the order of the versions, U for
 * their undo, R__<description>.sql to be repeated, in any folder; settings of
 * a script in a file of its name with .conf behind it. The state table has
 * the version as written, with periods, and a CRC-32 over the lines.
 */
typedef struct Script
{
	const MigFile *file;
	char type;          /* V, U or R */
	MigStr version;     /* as written; R: empty */
	MigStr description; /* as written */
	MigFor target;
	bool transactional;
	bool replace; /* placeholders */
} Script;

typedef struct Scripts
{
	Script *items;
	int count;
	size_t room;
} Scripts;

/* Digits, with periods or underscores between them. */
static bool
is_version(MigStr s)
{
	bool digit = false;

	for (size_t i = 0; i < s.len; i++)
	{
		char c = s.at[i];
		bool now = c >= '0' && c <= '9';

		if (!now && ((c != '.' && c != '_') || !digit))
			return false;
		digit = now;
	}
	return digit;
}

/* Take a file's name apart; why not is told by *why. */
static bool
name_read(const MigFile *file, Script *s, const char **why)
{
	MigStr path = file->name;
	MigStr name;
	size_t at;

	memset(s, 0, sizeof(*s));
	s->file = file;
	s->target =
		memchr(path.at, '/', path.len) ? mig_path_target(&path) : MIG_FOR_BOTH;
	name = mig_path_base(path);
	mig_str_cut(&name, ".sql");
	at = mig_str_find(name, MIG_LIT("__"));
	*why = "its name is not V, U or R, a version, two underscores and a"
		   " description";
	if (name.len == 0 || strchr("VURB", name.at[0]) == NULL)
	{
		if (mig_str_starts(name, MIG_LIT("before")) ||
		    mig_str_starts(name, MIG_LIT("after")))
			*why = "a callback, which belongs to no revision";
		return false;
	}
	s->type = name.at[0];
	if (at == name.len)
		return false;
	s->version = mig_str_from((MigStr){name.at, at}, 1);
	s->description = mig_str_from(name, at + 2);
	if (s->type == 'R')
	{
		*why = "a repeatable script has no version";
		return s->version.len == 0;
	}
	if (!is_version(s->version))
		return false;
	*why = "a baseline: the versions below it are read instead";
	return s->type != 'B';
}

static bool
wants(MigStr name)
{
	MigStr end = name;

	return mig_str_cut(&end, ".sql") || mig_str_cut(&end, ".sql.conf");
}

static MigClaim
claims(Mig *m, const MigTree *tree)
{
	MigClaim claim = MIG_CLAIM_NO;

	(void) m;
	for (int i = 0; i < tree->nnames; i++)
	{
		MigFile file = {tree->names[i], {"", 0}};
		const char *why;
		Script s;

		if (!wants(file.name))
			continue;
		if (mig_str_ends(file.name, ".conf"))
			return MIG_CLAIM_SURE;
		if (name_read(&file, &s, &why))
			claim = MIG_CLAIM_NAMES;
	}
	return claim;
}

/* One part of a version, without its leading zeros. */
static MigStr
version_part(MigStr *s)
{
	MigStr part = mig_str_digits(s);

	if (s->len > 0)
		*s = mig_str_from(*s, 1);
	return part;
}

/* A part that is missing counts as zero, so zeros at the end do not count. */
static int
version_cmp(MigStr a, MigStr b)
{
	while (a.len > 0 || b.len > 0)
	{
		MigStr x = version_part(&a);
		MigStr y = version_part(&b);
		int side = mig_digits_cmp(x, y);

		if (side != 0)
			return side;
	}
	return 0;
}

/* Whether two are parts of one script, and if not, which comes first:
   versions, then what is repeated. */
static int
script_cmp(const Script *a, const Script *b)
{
	bool x = a->type == 'R';
	bool y = b->type == 'R';

	if (x != y)
		return x ? 1 : -1;
	return x ? mig_str_cmp(a->description, b->description)
	         : version_cmp(a->version, b->version);
}

static int
by_version(const void *context, int32_t a, int32_t b)
{
	const Script *items = context;
	const Script *x = &items[a];
	const Script *y = &items[b];
	int side = script_cmp(x, y);

	if (side == 0)
		side = (x->type == 'U') - (y->type == 'U');
	if (side == 0)
		side = (int) x->target - (int) y->target;
	return side != 0 ? side : mig_str_cmp(x->file->name, y->file->name);
}

static bool
fail_setting(Mig *m, const MigFile *conf, size_t offset, MigStr key,
             MigStr value)
{
	mig_fail(m, MIG_SYNTAX,
	         "value \"%.*s\" of setting \"%.*s\" has no meaning", MIG_S(value),
	         MIG_S(key));
	return mig_at(m, mig_layout_pos(conf, offset));
}

/* One line key=value of a script's settings. *skip: it is not to run. */
static bool
setting_step(Mig *m, const MigFile *conf, MigLines *lines, MigStr line,
             Script *s, bool *skip)
{
	size_t offset = (size_t) (line.at - conf->text.at);
	MigStr value = line;
	MigStr key = mig_str_trim(mig_str_before(&value, '='));
	bool yes;

	(void) lines;
	value = mig_str_trim(value);
	yes = mig_str_word(value, "true");
	if (key.len == 0 || key.at[0] == '#')
		return true;
	if (mig_str_is(key, "encoding"))
		return mig_str_word(value, "utf-8") || mig_str_word(value, "utf8") ||
		       fail_setting(m, conf, offset, key, value);
	if (!yes && !mig_str_word(value, "false"))
		return fail_setting(m, conf, offset, key, value);
	if (mig_str_is(key, "executeInTransaction"))
		s->transactional = yes;
	else if (mig_str_is(key, "placeholderReplacement"))
		s->replace = yes;
	else if (mig_str_is(key, "shouldExecute"))
		*skip = !yes;
	return true;
}

/* The settings of a script: of its own file, or of the row for all. */
static bool
settings_read(Mig *m, const MigTree *tree, Script *s, bool *skip)
{
	MigText t = {m, NULL, 0, 0};
	const MigFile *conf;
	MigLines lines;
	MigStr line, name, all = {NULL, 0};

	if (tree->setting != NULL)
		all = tree->setting(tree->setting_arg, m,
		                    MIG_LIT("flyway.placeholderReplacement"));
	*skip = false;
	s->transactional = true;
	s->replace = !mig_str_word(all, "false");
	mig_text_str_add(&t, s->file->name);
	mig_text_add(&t, ".conf");
	name = mig_text_str(&t);
	conf = mig_ok(m) ? mig_layout_file_str(tree, name) : NULL;
	if (conf == NULL)
		return mig_ok(m);
	mig_lines_start(&lines, conf->text);
	while (mig_lines_next(&lines, &line))
		if (!setting_step(m, conf, &lines, line, s, skip))
			return false;
	return true;
}

/* The text with the values of its placeholders. */
static MigStr
text_of(Mig *m, const MigTree *tree, const Script *s)
{
	MigGiven given = {"flyway:filename", mig_path_base(s->file->name)};
	MigText t = {m, NULL, 0, 0};

	if (!s->replace)
		return s->file->text;
	mig_replace_braces(m, tree, mig_layout_pos(s->file, 0), s->file->text,
	                   &given, 1, &t);
	return mig_text_str(&t);
}

/* Over the lines without their ends, as a signed number. */
static MigStr
checksum_of(Mig *m, MigStr text)
{
	MigText t = {m, NULL, 0, 0};
	uint32_t crc = 0;
	MigLines lines;
	MigStr line;

	mig_lines_start(&lines, text);
	while (mig_lines_next(&lines, &line))
		crc = mig_crc32(crc, line);
	mig_text_int(&t, crc > INT32_MAX ? (int64_t) crc - ((int64_t) 1 << 32)
	                                 : (int64_t) crc);
	return mig_text_str(&t);
}

static bool
fail_twice(Mig *m, const Script *a, const Script *b)
{
	if (a->type == 'R')
		mig_fail(m, MIG_GRAPH, "repeatable script \"%.*s\" is defined twice",
		         MIG_S(a->description));
	else
		mig_fail(m, MIG_GRAPH, "version \"%.*s\" is defined twice",
		         MIG_S(a->version));
	return mig_detail(m, "Files \"%.*s\" and \"%.*s\" define it.",
	                  MIG_S(a->file->name), MIG_S(b->file->name));
}

/* Two files for the same database. */
static bool
check_twice(Mig *m, const Scripts *all, const int32_t *order, int count)
{
	for (int i = 1; i < count; i++)
		for (int k = 0; k < i; k++)
		{
			const Script *a = &all->items[order[k]];
			const Script *b = &all->items[order[i]];

			if (a->type == b->type &&
			    (a->target == b->target || a->target == MIG_FOR_BOTH ||
			     b->target == MIG_FOR_BOTH))
				return fail_twice(m, a, b);
		}
	return true;
}

/* Periods for underscores. */
static MigStr
version_text(Mig *m, MigStr version)
{
	char *at = mig_canvas(m, version);

	for (size_t i = 0; at != NULL && i < version.len; i++)
		if (at[i] == '_')
			at[i] = '.';
	return (MigStr){at, version.len};
}

/* The file whose checksum the state table of this database has. */
static const Script *
main_script(Mig *m, const Scripts *all, const int32_t *order, int count)
{
	const Script *found = &all->items[order[0]];

	for (int i = 0; i < count; i++)
	{
		const Script *s = &all->items[order[i]];

		if (s->type != 'U' && s->target == m->dialect->id)
			found = s;
	}
	return found;
}

/* What has one version, or one description, becomes one script. */
static bool
put(Mig *m, MigTree *tree, const Scripts *all, const int32_t *order, int count)
{
	const Script *s = main_script(m, all, order, count);
	MigPart *parts = mig_alloc_array(m, (size_t) count, sizeof(*parts));
	MigForeign f = {.layout = "flyway", .created = MIG_NO_TIME};

	if (s->type == 'U')
		return mig_layout_ignore(m, tree, s->file->name,
		                         "there is no script that it would undo");
	if (parts == NULL || !check_twice(m, all, order, count))
		return false;
	for (int i = 0; i < count; i++)
	{
		const Script *one = &all->items[order[i]];

		parts[i] = (MigPart){one->type == 'U' ? MIG_DOWN : MIG_UP,
		                     one->target,
		                     one->transactional,
		                     one->file->name,
		                     1,
		                     text_of(m, tree, one)};
	}
	f.repeatable = s->type == 'R';
	f.message = mig_slug_message(m, s->description);
	f.version = f.repeatable ? f.message : version_text(m, s->version);
	f.revision = f.version;
	if (f.repeatable)
	{
		f.revision = mig_path_base(s->file->name);
		mig_str_cut(&f.revision, ".sql");
	}
	f.checksum =
		checksum_of(m, f.repeatable ? text_of(m, tree, s) : s->file->text);
	f.source = s->file->name;
	f.parts = parts;
	f.nparts = count;
	return mig_ok(m) && mig_layout_put(m, tree, &f);
}

static bool
collect(Mig *m, MigTree *tree, Scripts *all)
{
	all->items = mig_alloc_array(m, (size_t) tree->nfiles, sizeof(Script));
	if (all->items == NULL)
		return false;
	for (int i = 0; i < tree->nfiles; i++)
	{
		Script *s = &all->items[all->count];
		const char *why;
		bool skip;

		if (mig_str_ends(tree->files[i].name, ".conf"))
			continue;
		if (!name_read(&tree->files[i], s, &why))
		{
			if (!mig_layout_ignore(m, tree, tree->files[i].name, why))
				return false;
			continue;
		}
		if (!settings_read(m, tree, s, &skip))
			return false;
		if (!skip)
			all->count++;
		else if (!mig_layout_ignore(m, tree, s->file->name,
		                            "its settings say shouldExecute=false"))
			return false;
	}
	return true;
}

static bool
read_tree(Mig *m, MigTree *tree)
{
	Scripts all = {NULL, 0, 0};
	int32_t *order;
	int end;

	if (!collect(m, tree, &all))
		return false;
	order = mig_alloc_array(m, (size_t) all.count, sizeof(*order));
	if (order == NULL)
		return false;
	for (int i = 0; i < all.count; i++)
		order[i] = i;
	if (!mig_sort(m, order, (size_t) all.count, by_version, all.items))
		return false;
	for (int i = 0; i < all.count; i = end)
	{
		end = i + 1;
		while (end < all.count &&
		       script_cmp(&all.items[order[i]], &all.items[order[end]]) == 0)
			end++;
		if (!put(m, tree, &all, order + i, end - i))
			return false;
	}
	return true;
}

const MigLayout mig_layout_flyway = {"flyway", wants, claims, read_tree};
