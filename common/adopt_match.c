#include "private.h"

#include "adopt.h"
#include "lines.h"
#include "percent.h"
#include "text.h"

/* The arguments of a directive, if the line is that one. */
static bool
directive(MigStr line, const char *name, MigStr *rest)
{
	MigStr word;

	if (!mig_str_starts(line, MIG_LIT("--")))
		return false;
	*rest = mig_str_from(line, 2);
	return mig_str_next(rest, &word) && mig_str_is(word, name);
}

static MigStr
take_line(MigStr *text)
{
	MigStr line = {text->at, 0};

	while (line.len < text->len && text->at[line.len] != '\n' &&
	       text->at[line.len] != '\r')
		line.len++;
	*text =
		mig_str_from(*text, line.len < text->len ? line.len + 1 : line.len);
	return line;
}

/* What a header says of where its script comes from; it ends at the first
   section. */
static void
read_header(Mig *m, MigStr text, MigAdoptScript *s)
{
	MigStr rest, word;

	while (text.len > 0)
	{
		MigStr line = take_line(&text);

		if (directive(line, "migrate:up", &rest))
			return;
		if (directive(line, "migrate:repeatable", &rest))
			s->repeatable = true;
		if (!directive(line, "migrate:origin", &rest))
			continue;
		if (mig_str_next(&rest, &word))
			s->layout = mig_copy(m, word);
		if (mig_str_next(&rest, &word))
			s->version = mig_copy(m, mig_percent_text(m, word));
		if (mig_str_next(&rest, &word))
			s->checksum = mig_copy(m, mig_percent_text(m, word));
	}
}

/* A file's name without folders and without its suffix. */
static MigStr
stem_of(MigStr source)
{
	size_t base = source.len;
	size_t end = source.len;

	while (base > 0 && source.at[base - 1] != '/')
		base--;
	while (end > base && source.at[end - 1] != '.')
		end--;
	if (end > base + 1)
		source.len = end - 1;
	return mig_str_from(source, base);
}

static bool
script_row(void *arg, Mig *m, const MigStr *cells)
{
	MigAdopt *a = arg;
	MigAdoptScript *s =
		mig_grow(m, a->scripts, (size_t) a->nscripts, &a->scripts_room,
	             (size_t) a->nscripts + 1, sizeof(*a->scripts));

	if (s == NULL)
		return false;
	a->scripts = s;
	s += a->nscripts++;
	memset(s, 0, sizeof(*s));
	s->revision = mig_copy(m, cells[MIG_SS_REVISION]);
	s->sum = mig_copy(m, cells[MIG_SS_CHECKSUM]);
	if (cells[MIG_SS_SOURCE].at != NULL)
		s->stem = mig_copy(m, stem_of(cells[MIG_SS_SOURCE]));
	read_header(m, cells[MIG_SS_SCRIPT], s);
	return mig_ok(m);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The digits that a name begins with. */
static MigStr
leading_digits(MigStr name)
{
	size_t n = 0;

	while (n < name.len && is_digit(name.at[n]))
		n++;
	name.len = n;
	return name;
}

static MigStr
without_zeros(MigStr digits)
{
	while (digits.len > 1 && digits.at[0] == '0')
		digits = mig_str_from(digits, 1);
	return digits;
}

/* The next part of a dotted version, without its leading zeros; whether
   there was one. '_' is a point too. */
static bool
next_part(MigStr *version, MigStr *part)
{
	size_t n = 0;

	if (version->len == 0)
		return false;
	while (n < version->len && version->at[n] != '.' && version->at[n] != '_')
		n++;
	*part = without_zeros((MigStr){version->at, n});
	*version = mig_str_from(*version, n < version->len ? n + 1 : n);
	return true;
}

MigStr
mig_version_key(Mig *m, MigVersionKind kind, MigStr version)
{
	MigText t = {m, NULL, 0, 0};
	size_t end = 0;
	MigStr part;

	if (kind == MIG_VERSION_TEXT)
		return version;
	if (kind == MIG_VERSION_NUMBER)
		return without_zeros(version);
	while (next_part(&version, &part))
	{
		mig_text_str_add(&t, part);
		if (end == 0 || !mig_str_is(part, "0"))
			end = t.len;
		mig_text_char(&t, '.');
	}
	version = mig_text_str(&t);
	version.len = end;
	return version;
}

/* Numbers of any length. */
static int
number_cmp(MigStr a, MigStr b)
{
	a = without_zeros(a);
	b = without_zeros(b);
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return mig_str_cmp(a, b);
}

int
mig_version_cmp(MigVersionKind kind, MigStr a, MigStr b)
{
	MigStr none = MIG_LIT("0");
	bool more = true;
	int order = 0;

	if (kind == MIG_VERSION_TEXT)
		return mig_str_cmp(a, b);
	if (kind == MIG_VERSION_NUMBER)
		return number_cmp(a, b);
	while (more && order == 0)
	{
		MigStr x = none, y = none;
		bool has_x = next_part(&a, &x);
		bool has_y = next_part(&b, &y);

		more = has_x || has_y;
		order = number_cmp(x, y);
	}
	return order;
}

/* Enter a key; one that another script has too is noted. */
static bool
put_key(MigAdopt *a, MigMap *map, MigStr key, int32_t script)
{
	int32_t at;

	if (key.at == NULL || key.len == 0)
		return mig_ok(a->m);
	at = mig_map_put(a->m, map, key, script);
	if (at < 0)
		return false;
	return at == script || mig_map_put(a->m, &a->twice, key, 0) >= 0;
}

bool
mig_adopt_is_own(const MigAdopt *a, const MigAdoptScript *s)
{
	return s->layout.at != NULL && (a->tool->flags & MIG_ADOPT_ANY ||
	                                mig_str_is(s->layout, a->tool->name));
}

/* Liquibase: "path::id::author", where a path depends on the folder from which
   one looks. Take the first folder off; false when there is none. */
static bool
take_folder(MigStr *version)
{
	for (size_t i = 0; i + 1 < version->len && version->at[i] != ':'; i++)
		if (version->at[i] == '/')
		{
			MigStr rest = mig_str_from(*version, i + 1);

			if (mig_str_find(rest, MIG_LIT("::")) == rest.len)
				return false;
			*version = rest;
			return true;
		}
	return false;
}

/* "path::id::author" without the path; other versions as they are. */
static MigStr
without_path(MigStr version)
{
	for (size_t i = 0; i + 1 < version.len; i++)
		if (version.at[i] == ':' && version.at[i + 1] == ':')
			return mig_str_from(version, i + 2);
	return version;
}

/* Where a tool's script is found: by version, and by its checksums or what
   else the tool calls it. */
static bool
index_own(MigAdopt *a, int32_t i)
{
	MigAdoptScript *s = &a->scripts[i];
	MigVersionKind kind = s->repeatable ? MIG_VERSION_TEXT : a->tool->kind;
	MigMap *map = s->repeatable ? &a->names : &a->versions;
	MigStr rest = s->checksum;
	MigStr path = s->version;
	MigStr word;

	a->norigins++;
	if (!put_key(a, map, mig_version_key(a->m, kind, s->version), i) ||
	    !put_key(a, &a->names, without_path(s->version), i) ||
	    !put_key(a, &a->names, s->stem, i))
		return false;
	while (mig_str_next(&rest, &word))
		if (!put_key(a, &a->names, word, i))
			return false;
	while (take_folder(&path))
		if (!put_key(a, &a->names, path, i))
			return false;
	return true;
}

/* A native script says only its revision; its file's name may say more. */
static bool
index_native(MigAdopt *a, int32_t i)
{
	MigAdoptScript *s = &a->scripts[i];
	MigStr digits = leading_digits(s->stem.len > 0 ? s->stem : s->revision);

	return put_key(a, &a->versions,
	               mig_version_key(a->m, a->tool->kind, s->revision), i) &&
	       put_key(a, &a->names, s->stem, i) &&
	       put_key(a, &a->numbers,
	               mig_version_key(a->m, a->tool->kind, digits), i);
}

static bool
find_nodes(MigAdopt *a)
{
	for (int32_t i = 0; i < a->nscripts; i++)
	{
		MigAdoptScript *s = &a->scripts[i];

		s->node = mig_graph_find(&a->s->graph, s->revision);
		if (s->node >= 0)
			s->applied = mig_state_record(a->s, s->node)->applied;
	}
	return true;
}

static int
by_revision(const void *context, int32_t a, int32_t b)
{
	const MigAdoptScript *s = context;

	return mig_str_cmp(s[a].revision, s[b].revision);
}

/* The order of the rows that a query gives is not fixed; this is. */
static bool
sort_scripts(MigAdopt *a)
{
	size_t count = (size_t) a->nscripts;
	int32_t *order = mig_alloc_array(a->m, count, sizeof(*order));
	MigAdoptScript *sorted = mig_alloc_array(a->m, count, sizeof(*sorted));

	if (order == NULL || sorted == NULL)
		return false;
	for (int32_t i = 0; i < a->nscripts; i++)
		order[i] = i;
	if (!mig_sort(a->m, order, count, by_revision, a->scripts))
		return false;
	for (int32_t i = 0; i < a->nscripts; i++)
		sorted[i] = a->scripts[order[i]];
	a->scripts = sorted;
	return true;
}

bool
mig_adopt_scripts(MigAdopt *a)
{
	if (!a->h->empty &&
	    !a->h->ops->query(a->h, a->m, MIG_Q_SCRIPTS, NULL, script_row, a))
		return false;
	if (!sort_scripts(a) || !find_nodes(a) ||
	    !mig_map_init(a->m, &a->versions, (size_t) a->nscripts) ||
	    !mig_map_init(a->m, &a->names, (size_t) a->nscripts) ||
	    !mig_map_init(a->m, &a->numbers, (size_t) a->nscripts) ||
	    !mig_map_init(a->m, &a->twice, 1))
		return false;
	for (int32_t i = 0; i < a->nscripts; i++)
	{
		const MigAdoptScript *s = &a->scripts[i];

		if (mig_adopt_is_own(a, s)
		        ? !index_own(a, i)
		        : s->layout.at == NULL && !index_native(a, i))
			return false;
	}
	return true;
}

static int32_t
look_up(const MigAdopt *a, const MigMap *map, MigStr key)
{
	int32_t at;

	if (key.at == NULL || key.len == 0)
		return -1;
	at = mig_map_get(map, key);
	return at >= 0 && mig_map_get(&a->twice, key) >= 0 ? -2 : at;
}

/* By the longest end of its path that a script has too. */
static int32_t
look_up_path(const MigAdopt *a, MigStr version)
{
	int32_t at;

	mig_str_take(&version, "classpath:");
	do
	{
		at = look_up(a, &a->versions, version);
		if (at == -1)
			at = look_up(a, &a->names, version);
	} while (at == -1 && take_folder(&version));
	return at;
}

/* "20260101_users.js" is the script whose file was named so before it was
   rewritten in SQL. */
int32_t
mig_adopt_match(MigAdopt *a, const MigAdoptRow *row)
{
	MigStr version = row->version;
	MigStr tries[4];
	const MigMap *maps[4] = {&a->versions, &a->names, &a->names, &a->names};
	int32_t at = -1;

	if (row->state == MIG_ADOPT_REPEATABLE)
		return look_up(a, &a->names, row->name);
	if (mig_str_find(version, MIG_LIT("::")) < version.len)
		at = look_up_path(a, version);
	tries[0] = mig_version_key(a->m, a->tool->kind, version);
	tries[1] = row->name;
	tries[2] = version;
	tries[3] = stem_of(version);
	for (int i = 0; at == -1 && i < MIG_COUNT(tries); i++)
		at = look_up(a, maps[i], tries[i]);
	if (at == -1)
		at = look_up(a, &a->numbers,
		             mig_version_key(a->m, a->tool->kind,
		                             a->tool->kind == MIG_VERSION_TEXT
		                                 ? leading_digits(version)
		                                 : version));
	return at;
}

static MigStr
without_prefix(MigStr sum)
{
	return mig_str_starts(sum, MIG_LIT("h1:")) ? mig_str_from(sum, 3) : sum;
}

/* Values of an algorithm that the tool has given up: Liquibase before 4.22
   (another number before the colon), the first releases of Prisma. */
static bool
is_opaque(const MigAdopt *a, MigStr sum)
{
	if (strcmp(a->tool->name, "liquibase") == 0)
		return !mig_str_starts(sum, MIG_LIT("9:"));
	return strcmp(a->tool->name, "prisma") == 0 && sum.len != 64;
}

MigVerdict
mig_adopt_compare(const MigAdopt *a, const MigAdoptRow *row,
                  const MigAdoptScript *script)
{
	MigStr rest = script->checksum;
	MigStr word;

	if (row->checksum.at == NULL || row->checksum.len == 0 ||
	    script->checksum.at == NULL)
		return MIG_SUM_NONE;
	while (mig_str_next(&rest, &word))
		if (mig_str_eq(without_prefix(word), without_prefix(row->checksum)))
			return MIG_SUM_SAME;
	return is_opaque(a, row->checksum) ? MIG_SUM_OPAQUE : MIG_SUM_DIFFERS;
}
