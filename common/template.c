#include "private.h"

#include "fill.h"
#include "script.h"
#include "slug.h"
#include "template.h"
#include "text.h"

#define NAME_ROOM 251 /* file systems take 255 bytes, with .sql */
#define SLUG_LENGTH 40
#define SLUG_LENGTH_MAX 200

const char *const mig_template_file_default =
	"{year}{month}{day}_{hour}{minute}{second}_{slug}";

const char *const mig_template_script_default =
	"-- migrate:revision {revision}\n"
	"-- migrate:revises {revises}\n"
	"-- migrate:depends {depends}\n"
	"-- migrate:labels {labels}\n"
	"-- migrate:message {message}\n"
	"-- migrate:created {created}\n"
	"\n"
	"-- migrate:up\n"
	"\n"
	"\n"
	"-- migrate:down\n";

/* "+2", "+02", "+0200", "+02:00" in seconds. */
static bool
offset_parse(MigStr zone, int *offset)
{
	int digits[4] = {0};
	int n = 0;
	int hours, minutes;

	if (zone.len < 2 || (zone.at[0] != '+' && zone.at[0] != '-'))
		return false;
	for (size_t i = 1; i < zone.len; i++)
	{
		if (zone.at[i] == ':' && i + 3 == zone.len && n > 0)
			continue;
		if (zone.at[i] < '0' || zone.at[i] > '9' || n == 4)
			return false;
		digits[n++] = zone.at[i] - '0';
	}
	if (n == 1 || n == 3) /* one digit of hours */
	{
		memmove(digits + 1, digits, 3 * sizeof(digits[0]));
		digits[0] = 0;
	}
	hours = digits[0] * 10 + digits[1];
	minutes = digits[2] * 10 + digits[3];
	if (hours > 15 || minutes > 59)
		return false;
	*offset = (hours * 60 + minutes) * (zone.at[0] == '-' ? -60 : 60);
	return true;
}

static bool
read_zone(Mig *m, MigStr zone, int local, int *offset)
{
	*offset = 0;
	if (zone.at == NULL || mig_str_word(zone, "utc"))
		return true;
	if (mig_str_word(zone, "local"))
	{
		*offset = local;
		return true;
	}
	if (offset_parse(zone, offset))
		return true;
	mig_fail(m, MIG_ARGUMENT, "setting \"timezone\" cannot be \"%.*s\"",
	         MIG_S(zone));
	return mig_hint(m, "Write UTC, local or an offset such as +02:00.");
}

static bool
read_slug_length(Mig *m, MigStr text, int64_t *length)
{
	*length = SLUG_LENGTH;
	if (text.at == NULL || (mig_str_int(text, length) && *length >= 1 &&
	                        *length <= SLUG_LENGTH_MAX))
		return true;
	mig_fail(m, MIG_ARGUMENT, "setting \"slug_length\" cannot be \"%.*s\"",
	         MIG_S(text));
	return mig_hint(m, "Write a number from 1 to %d.", SLUG_LENGTH_MAX);
}

/* A name must be safe to write in a directory, on every platform. */
static bool
check_name(Mig *m, MigStr stem)
{
	bool safe = stem.len > 0 && strchr(".- ", stem.at[0]) == NULL;

	for (size_t i = 0; i < stem.len; i++)
	{
		unsigned char c = (unsigned char) stem.at[i];

		if (c < ' ' || c == 127 || strchr("/\\:*?\"<>|", c) != NULL ||
		    (c == '.' && (i + 1 == stem.len || stem.at[i + 1] == '.')))
			safe = false;
	}
	if (safe && stem.len <= NAME_ROOM)
		return true;
	if (safe)
	{
		mig_fail(m, MIG_ARGUMENT, "file name \"%.*s.sql\" is too long",
		         MIG_S(stem));
		return mig_hint(m, "Lower setting \"slug_length\".");
	}
	mig_fail(m, MIG_ARGUMENT,
	         "setting \"file_template\" gives \"%.*s\", which is not a plain"
	         " file name",
	         MIG_S(stem));
	return mig_hint(m, "Write letters, digits, _ and placeholders, without"
	                   " folders and without .sql at the end.");
}

static MigStr
number(Mig *m, int width, int64_t value)
{
	MigText t = {m, NULL, 0, 0};

	mig_text_fmt(&t, "%0*lld", width, (long long) value);
	return mig_text_str(&t);
}

/* The places of a file template; rev is the revision if it is given, else
   the time. */
enum
{
	YEAR,
	MONTH,
	DAY,
	HOUR,
	MINUTE,
	SECOND,
	EPOCH,
	SLUG,
	REV,
	FILE_PLACES
};

static void
file_places(Mig *m, const MigNewRevision *r, int offset, int64_t length,
            MigPlaceholder *p)
{
	static const char *const names[FILE_PLACES] = {
		"year",   "month", "day",  "hour", "minute",
		"second", "epoch", "slug", "rev",
	};
	MigCalendar c = mig_time_split(r->now, offset);
	MigText time = {m, NULL, 0, 0};
	MigStr slug = mig_slug(m, r->message, length);

	for (int i = 0; i < FILE_PLACES; i++)
		p[i] = (MigPlaceholder){names[i], {NULL, 0}, false};
	p[YEAR].text = number(m, 4, c.year);
	p[MONTH].text = number(m, 2, c.month);
	p[DAY].text = number(m, 2, c.day);
	p[HOUR].text = number(m, 2, c.hour);
	p[MINUTE].text = number(m, 2, c.minute);
	p[SECOND].text = number(m, 2, c.second);
	p[EPOCH].text = number(m, 1, (r->now - c.micros) / 1000000);
	if (slug.len > 0)
		p[SLUG].text = slug;
	p[REV].text = r->revision;
	if (r->revision.at == NULL)
	{
		mig_text_fmt(&time, "%04d%02d%02d_%02d%02d%02d", c.year, c.month,
		             c.day, c.hour, c.minute, c.second);
		p[REV].text = mig_text_str(&time);
	}
}

/* The file's name, and the revision unless it is given. */
static bool
make_name(Mig *m, const MigTemplateSettings *s, MigNewRevision *r)
{
	MigStr template = s->file_template;
	MigPlaceholder places[FILE_PLACES];
	MigFilling filling = {"file_template", places, FILE_PLACES, false};
	MigText file = {m, NULL, 0, 0};
	MigStr stem, message;
	int64_t length;
	int offset;

	if (!read_zone(m, s->timezone, r->local_offset, &offset) ||
	    !read_slug_length(m, s->slug_length, &length))
		return false;
	if (template.at == NULL)
		template = mig_str(mig_template_file_default);
	file_places(m, r, offset, length, places);
	if (!mig_fill(m, &filling, template, &stem) || !check_name(m, stem))
		return false;
	mig_text_str_add(&file, stem);
	mig_text_add(&file, ".sql");
	r->file = mig_text_str(&file);
	if (!mig_ok(m) || r->revision.at != NULL)
		return mig_ok(m);
	if (places[REV].used)
		r->revision = places[REV].text;
	else
		mig_script_name(m, r->file, &r->revision, &message);
	return mig_ok(m);
}

/* The words of a list with one blank between them, each of them a valid name;
   absent if there are none. */
static bool
words(Mig *m, const char *what, MigStr list, MigStr *out)
{
	MigText t = {m, NULL, 0, 0};
	MigPos nowhere = {{NULL, 0}, 0, 0, 0};
	MigStr word;

	*out = (MigStr){NULL, 0};
	while (mig_str_next(&list, &word))
	{
		if (!mig_script_id(m, what, word, nowhere))
			return false;
		if (t.len > 0)
			mig_text_char(&t, ' ');
		mig_text_str_add(&t, word);
	}
	if (t.len > 0)
		*out = mig_text_str(&t);
	return mig_ok(m);
}

/* The message as one line; absent if nothing is left of it. */
static MigStr
one_line(Mig *m, MigStr message)
{
	MigStr trimmed = mig_str_trim(message);
	MigText t = {m, NULL, 0, 0};

	if (trimmed.len == 0)
		return (MigStr){NULL, 0};
	for (size_t i = 0; i < trimmed.len; i++)
	{
		unsigned char c = (unsigned char) trimmed.at[i];

		mig_text_char(&t, c < ' ' || c == 127 ? ' ' : (char) c);
	}
	return mig_text_str(&t);
}

/* What the template makes must be a script, and this revision's. */
static bool
check_text(Mig *m, const MigNewRevision *r)
{
	MigScript *script = mig_script_parse(m, r->file, r->text, r->text);
	MigStr revision, message;

	if (script == NULL)
		return mig_detail(m, "This is what setting \"script_template\""
		                     " gives.");
	revision = script->revision;
	if (revision.at == NULL)
		mig_script_name(m, r->file, &revision, &message);
	if (!mig_ok(m) || mig_str_eq(revision, r->revision))
		return mig_ok(m);
	mig_fail(m, MIG_ARGUMENT,
	         "setting \"script_template\" does not name the revision");
	return mig_hint(m, "Add the line \"-- migrate:revision {revision}\".");
}

/* The places of a script template. */
enum
{
	REVISION,
	REVISES,
	DEPENDS,
	LABELS,
	MESSAGE,
	CREATED,
	SCRIPT_PLACES
};

static bool
make_text(Mig *m, const MigTemplateSettings *s, MigNewRevision *r)
{
	MigStr template = s->script_template;
	MigPlaceholder places[SCRIPT_PLACES] = {
		[REVISION] = {"revision", r->revision, false},
		[REVISES] = {"revises", {NULL, 0}, false},
		[DEPENDS] = {"depends", {NULL, 0}, false},
		[LABELS] = {"labels", {NULL, 0}, false},
		[MESSAGE] = {"message", one_line(m, r->message), false},
		[CREATED] = {"created", {NULL, 0}, false},
	};
	MigFilling filling = {"script_template", places, SCRIPT_PLACES, true};
	MigPos nowhere = {{NULL, 0}, 0, 0, 0};
	int micros = mig_time_split(r->now, 0).micros;
	char created[40];

	if (!mig_script_id(m, "revision", r->revision, nowhere) ||
	    !words(m, "revision", r->revises, &places[REVISES].text) ||
	    !words(m, "dependency", r->depends, &places[DEPENDS].text) ||
	    !words(m, "label", r->labels, &places[LABELS].text))
		return false;
	if (places[REVISES].text.at == NULL)
		places[REVISES].text = mig_str("base");
	places[CREATED].text = mig_time_iso(r->now - micros, created);
	if (template.at == NULL)
		template = mig_str(mig_template_script_default);
	return mig_fill(m, &filling, template, &r->text) && check_text(m, r);
}

bool
mig_template_make(Mig *m, const MigTemplateSettings *s, MigNewRevision *r)
{
	return make_name(m, s, r) && make_text(m, s, r);
}

/* One setting tried on a revision that has everything. */
bool
mig_template_check(Mig *m, MigStr name, MigStr value)
{
	MigTemplateSettings s = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
	MigNewRevision r;

	memset(&r, 0, sizeof(r));
	r.message = MIG_LIT("sample");
	r.revises = MIG_LIT("before");
	r.labels = MIG_LIT("label");
	r.depends = MIG_LIT("other");
	if (mig_str_is(name, "file_template"))
		s.file_template = value;
	else if (mig_str_is(name, "slug_length"))
		s.slug_length = value;
	else if (mig_str_is(name, "timezone"))
		s.timezone = value;
	else if (mig_str_is(name, "script_template"))
		s.script_template = value;
	else
	{
		mig_fail(m, MIG_ARGUMENT, "setting \"%.*s\" does not exist",
		         MIG_S(name));
		return mig_hint(m, "The settings are file_template, slug_length,"
		                   " timezone and script_template.");
	}
	return mig_template_make(m, &s, &r);
}
