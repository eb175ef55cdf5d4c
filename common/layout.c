#include "private.h"

#include "layout.h"
#include "text.h"

/* 'auto' takes the first whose claim holds; the last claims everything. */
static const MigLayout *const layouts[] = {
	&mig_layout_native,
};

/* "auto, a, b" for a hint. */
static MigStr
names(Mig *m)
{
	MigText t = {m, NULL, 0, 0};

	mig_text_add(&t, "auto");
	for (int i = 0; i < MIG_COUNT(layouts); i++)
		mig_text_fmt(&t, ", %s", layouts[i]->name);
	return mig_text_str(&t);
}

const MigLayout *
mig_layout_find(Mig *m, MigStr name, const MigStr *files, int nfiles)
{
	bool any = name.at == NULL || mig_str_is(name, "auto");
	MigStr list;

	for (int i = 0; i < MIG_COUNT(layouts); i++)
		if (any ? layouts[i]->claims(files, nfiles)
		        : mig_str_is(name, layouts[i]->name))
			return layouts[i];
	list = names(m);
	mig_fail(m, MIG_ARGUMENT, "layout \"%.*s\" does not exist", MIG_S(name));
	mig_hint(m, "The layouts are %.*s.", MIG_S(list));
	return NULL;
}

/* A script that came without a file name has only its header. */
static bool
fail_nameless(Mig *m, const MigScript *s)
{
	MigPos start = {s->source, 0, 1, 1};

	mig_fail(m, MIG_SYNTAX, "script has no revision");
	mig_hint(m, "Write \"-- migrate:revision ID\" as its first line.");
	return mig_at(m, start);
}

/* The revision that the file's name gives, if it is one. */
static bool
name_revision(Mig *m, MigScript *s, MigStr revision)
{
	MigPos start = {s->source, 0, 1, 1};

	if (!mig_ok(m))
		return false;
	if (!mig_script_id(m, "revision", revision, start))
	{
		mig_detail(m, "The script has no line \"-- migrate:revision\", so its"
		              " revision comes from the file's name.");
		return false;
	}
	s->revision = revision;
	return true;
}

bool
mig_layout_complete(Mig *m, MigScript *s, const MigScript *before)
{
	MigStr revision = {NULL, 0};
	MigStr message = {NULL, 0};

	if (s->source.len > 0)
		mig_script_name(m, s->source, &revision, &message);
	else if (s->revision.at == NULL)
		return fail_nameless(m, s);
	if (s->revision.at == NULL && !name_revision(m, s, revision))
		return false;
	if (s->message.at == NULL)
		s->message = message.at == NULL ? mig_str("") : message;
	if (s->revises.at == NULL)
		s->revises = before == NULL ? mig_str("") : before->revision;
	return mig_ok(m);
}
