#include "private.h"

#include "layouts.h"
#include "text.h"

/* clang-format off */
static const MigLayout *const layouts[] = {
	&mig_layout_native,
	&mig_layout_goose,
	&mig_layout_golang_migrate,
	&mig_layout_flyway,
	&mig_layout_prisma,
	&mig_layout_drizzle,
	&mig_layout_supabase,
	&mig_layout_hasura,
	&mig_layout_sqitch,
	&mig_layout_diesel,
	&mig_layout_sqlx,
	&mig_layout_refinery,
	&mig_layout_node_pg_migrate,
	&mig_layout_graphile_migrate,
	&mig_layout_atlas,
	&mig_layout_sql_migrate,
	&mig_layout_liquibase,
	&mig_layout_alembic,
};
/* clang-format on */

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

static bool
is_auto(MigStr name)
{
	return name.at == NULL || mig_str_is(name, "auto");
}

static const MigLayout *
refuse_doubt(Mig *m, const MigTree *tree, const MigClaim *claims,
             MigClaim best)
{
	MigText t = {m, NULL, 0, 0};
	const char *first = NULL;
	MigStr list;

	for (int i = 0; i < MIG_COUNT(layouts); i++)
	{
		if (claims[i] != best)
			continue;
		if (first == NULL)
			first = layouts[i]->name;
		mig_text_fmt(&t, "%s%s", t.len > 0 ? ", " : "", layouts[i]->name);
	}
	list = mig_text_str(&t);
	mig_fail(m, MIG_ARGUMENT,
	         "directory \"%.*s\" could be of more than one layout",
	         MIG_S(tree->path));
	mig_detail(m, "It could be one of: %.*s.", MIG_S(list));
	mig_hint(m, "Name the layout: migrate_load('%.*s', '%s').",
	         MIG_S(tree->path), first);
	return NULL;
}

/* Scripts of ours that the others still look at in a tree of ours. */
#define SAMPLE 8

/* What the others look at where the native layout is sure: a few of its
   scripts, and everything else. Most trees are large, and ours. */
static bool
thin(Mig *m, const MigTree *tree, MigTree *few)
{
	bool (*ours)(MigStr name) = mig_layout_native.wants;
	MigStr *names = NULL;
	MigFile *files = NULL;
	size_t nnames = 0, names_room = 0, nfiles = 0, files_room = 0;

	for (int i = 0, kept = 0; i < tree->nnames; i++)
	{
		if (ours(tree->names[i]) && kept++ >= SAMPLE)
			continue;
		names = mig_grow(m, names, nnames, &names_room, nnames + 1,
		                 sizeof(*names));
		if (names == NULL)
			return false;
		names[nnames++] = tree->names[i];
	}
	for (int i = 0, kept = 0; i < tree->nfiles; i++)
	{
		if (ours(tree->files[i].name) && kept++ >= SAMPLE)
			continue;
		files = mig_grow(m, files, nfiles, &files_room, nfiles + 1,
		                 sizeof(*files));
		if (files == NULL)
			return false;
		files[nfiles++] = tree->files[i];
	}
	*few = *tree;
	few->names = names;
	few->nnames = (int) nnames;
	few->files = files;
	few->nfiles = (int) nfiles;
	return true;
}

/* The surest claim; nobody's: a plain directory. */
static const MigLayout *
find_claim(Mig *m, const MigTree *tree)
{
	MigClaim claims[MIG_COUNT(layouts)];
	MigClaim best = MIG_CLAIM_NO;
	const MigLayout *found = &mig_layout_native;
	MigTree few;
	int count = 0;

	if (mig_layout_native.claims(m, tree) == MIG_CLAIM_SURE)
	{
		if (!thin(m, tree, &few))
			return NULL;
		tree = &few;
	}
	for (int i = 0; i < MIG_COUNT(layouts); i++)
	{
		claims[i] = layouts[i]->claims(m, tree);
		if (claims[i] > best)
		{
			best = claims[i];
			count = 0;
		}
		if (claims[i] == MIG_CLAIM_NO || claims[i] < best)
			continue;
		found = layouts[i];
		count++;
	}
	if (!mig_ok(m))
		return NULL;
	return count > 1 ? refuse_doubt(m, tree, claims, best) : found;
}

static const MigLayout *
by_name(MigStr name)
{
	for (int i = 0; i < MIG_COUNT(layouts); i++)
		if (mig_str_is(name, layouts[i]->name))
			return layouts[i];
	return NULL;
}

const MigLayout *
mig_layout_find(Mig *m, MigStr name, const MigTree *tree)
{
	const MigLayout *found;
	MigStr list;

	if (is_auto(name))
		return find_claim(m, tree);
	found = by_name(name);
	if (found != NULL)
		return found;
	list = names(m);
	mig_fail(m, MIG_ARGUMENT, "layout \"%.*s\" does not exist", MIG_S(name));
	mig_hint(m, "The layouts are %.*s.", MIG_S(list));
	return NULL;
}

bool
mig_layout_wants(MigStr layout, MigStr file)
{
	const MigLayout *named = is_auto(layout) ? NULL : by_name(layout);

	if (named != NULL)
		return named->wants(file);
	for (int i = 0; i < MIG_COUNT(layouts); i++)
		if (layouts[i]->wants(file))
			return true;
	return false;
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
	bool named = s->revision.at != NULL && s->message.at != NULL;
	MigStr revision = {NULL, 0};
	MigStr message = {NULL, 0};

	if (s->source.len > 0 && !named)
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
