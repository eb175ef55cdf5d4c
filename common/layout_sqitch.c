/*
 * Sqitch: the plan gives order, dependencies and tags; deploy/, revert/ and
 * verify/ hold a script for each change. sqitch.conf may say that they are
 * elsewhere.
 *
 * A change's revision is its name, and its first rework is "name.2". Each
 * revises the change before it in the plan. What it requires are its
 * dependencies; a tag is a label.
 */
#include "private.h"

#include "hash.h"
#include "layouts.h"
#include "lines.h"
#include "sqitch_plan.h"
#include "sqitch_verify.h"
#include "text.h"

/* Kinds of scripts, in the order of MigSectionKind. */
enum
{
	DEPLOY,
	REVERT,
	VERIFY,
	KINDS
};

static const char *const kinds[KINDS] = {"deploy", "revert", "verify"};

/* What sqitch.conf says. */
typedef struct Conf
{
	MigStr engine;
	MigStr plan;           /* path of the plan */
	MigStr top;            /* folder, empty for the root */
	MigStr extension;      /* without its dot */
	MigStr folders[KINDS]; /* of scripts */
	MigStr reworked[KINDS];
} Conf;

typedef struct Reader
{
	Mig *m;
	MigTree *tree;
	Conf conf;
	MigSqitchPlan plan;
	MigMap used;  /* files that a change has */
	MigMap taken; /* revisions and labels */
	MigStr *depends, *labels;
} Reader;

static bool
wants(MigStr name)
{
	MigStr base = mig_path_base(name);
	MigStr rest = mig_path_folder(name);

	if (mig_str_ends(base, ".plan") || mig_str_is(base, "sqitch.conf") ||
	    mig_str_ends(base, ".sql"))
		return base.at[0] != '.';
	while (rest.len > 0)
	{
		MigStr part = mig_str_before(&rest, '/');

		for (int i = 0; i < KINDS; i++)
			if (mig_str_is(part, kinds[i]))
				return true;
	}
	return false;
}

static MigClaim
claims(Mig *m, const MigTree *tree)
{
	(void) m;
	return mig_layout_file(tree, "sqitch.plan") != NULL ||
	               mig_layout_file(tree, "sqitch.conf") != NULL
	           ? MIG_CLAIM_SURE
	           : MIG_CLAIM_NO;
}

/* "a/b" of folder and name, "./" and a last "/" of the folder gone. */
static MigStr
path_join(Mig *m, MigStr folder, MigStr name)
{
	MigText t = {m, NULL, 0, 0};

	while (mig_str_take(&folder, "./"))
		;
	while (mig_str_take(&name, "./"))
		;
	while (mig_str_ends(folder, "/"))
		folder.len--;
	while (mig_str_ends(name, "/"))
		name.len--;
	if (folder.len > 0 && !mig_str_is(folder, "."))
		mig_text_fmt(&t, "%.*s%s", MIG_S(folder), name.len > 0 ? "/" : "");
	mig_text_str_add(&t, name);
	return mig_text_str(&t);
}

static MigStr
unquote(MigStr value)
{
	value = mig_str_trim(value);
	if (value.len > 1 && value.at[0] == '"' && value.at[value.len - 1] == '"')
		value = (MigStr){value.at + 1, value.len - 2};
	return value;
}

/* The last value of a key of one section, absent if there is none. section is
   as in the file: core, or engine "pg". */
static MigStr
conf_get(const MigFile *file, MigStr section, const char *key)
{
	MigStr found = {NULL, 0};
	bool inside = false;
	MigLines lines;
	MigStr line;

	if (file == NULL)
		return found;
	mig_lines_start(&lines, file->text);
	while (mig_lines_next(&lines, &line))
	{
		line = mig_str_trim(line);
		if (mig_str_take(&line, "["))
		{
			line = mig_str_trim(mig_str_before(&line, ']'));
			inside = mig_str_eq(line, section);
		}
		else if (inside && line.len > 0 && line.at[0] != '#' &&
		         line.at[0] != ';')
		{
			MigStr name = mig_str_trim(mig_str_before(&line, '='));

			if (mig_str_word(name, key))
				found = unquote(line);
		}
	}
	return found;
}

/* The engine's own value, or that of all, or another one. */
static MigStr
conf_of(Reader *r, const MigFile *file, const char *key, MigStr otherwise)
{
	MigText section = {r->m, NULL, 0, 0};
	MigStr value;

	mig_text_fmt(&section, "engine \"%.*s\"", MIG_S(r->conf.engine));
	value = conf_get(file, mig_text_str(&section), key);
	if (value.at == NULL)
		value = conf_get(file, MIG_LIT("core"), key);
	return value.at == NULL ? otherwise : path_join(r->m, MIG_LIT(""), value);
}

static bool
conf_read(Reader *r)
{
	const MigFile *file = mig_layout_file(r->tree, "sqitch.conf");
	Conf *c = &r->conf;
	MigStr all;

	c->engine = conf_get(file, MIG_LIT("core"), "engine");
	c->top = conf_of(r, file, "top_dir", MIG_LIT(""));
	c->extension = conf_of(r, file, "extension", MIG_LIT("sql"));
	c->plan = conf_of(r, file, "plan_file",
	                  path_join(r->m, c->top, MIG_LIT("sqitch.plan")));
	all = conf_of(r, file, "reworked_dir", c->top);
	for (int i = 0; i < KINDS; i++)
	{
		char key[32];
		MigStr kind = mig_str(kinds[i]);

		snprintf(key, sizeof(key), "%s_dir", kinds[i]);
		c->folders[i] = conf_of(r, file, key, path_join(r->m, c->top, kind));
		snprintf(key, sizeof(key), "reworked_%s_dir", kinds[i]);
		c->reworked[i] =
			conf_of(r, file, key,
		            mig_str_eq(all, c->top) ? c->folders[i]
		                                    : path_join(r->m, all, kind));
	}
	if (c->engine.at == NULL || mig_str_is(c->engine, "pg") ||
	    mig_str_is(c->engine, "sqlite"))
		return mig_ok(r->m);
	mig_fail(r->m, MIG_FILE,
	         "engine \"%.*s\" of sqitch.conf is another"
	         " database",
	         MIG_S(c->engine));
	return mig_hint(r->m, "The engines that can be read are pg and sqlite.");
}

static const MigDialect *
dialect_of(const Reader *r)
{
	if (r->conf.engine.at == NULL)
		return r->m->dialect;
	return mig_str_is(r->conf.engine, "pg") ? &mig_postgresql : &mig_sqlite;
}

/* "deploy/name@tag.sql"; the tag may be absent. NULL: there is no such
   file. */
static const MigFile *
file_of(Reader *r, MigStr folder, MigStr name, MigStr tag)
{
	MigText t = {r->m, NULL, 0, 0};
	const MigFile *file;
	MigStr path;

	mig_text_str_add(&t, name);
	if (tag.at != NULL)
		mig_text_fmt(&t, "@%.*s", MIG_S(tag));
	mig_text_fmt(&t, ".%.*s", MIG_S(r->conf.extension));
	path = path_join(r->m, folder, mig_text_str(&t));
	if (!mig_ok(r->m))
		return NULL;
	file = mig_layout_file_str(r->tree, path);
	if (file != NULL)
		mig_map_put(r->m, &r->used, file->name, 0);
	return file;
}

/* A change that was reworked has its scripts under the name of a tag between
   it and the rework: the first for which there is one. */
static const MigFile *
script_of(Reader *r, int i, int kind)
{
	const MigSqitchPlan *plan = &r->plan;
	const MigSqitchChange *c = &plan->changes[i];
	const MigFile *file = NULL;

	if (c->next < 0)
		return file_of(r, r->conf.folders[kind], c->name, (MigStr){NULL, 0});
	for (int k = 0; k < plan->ntags && file == NULL; k++)
		if (plan->tags[k].change >= i && plan->tags[k].change < c->next)
			file = file_of(r, r->conf.reworked[kind], c->name,
			               plan->tags[k].name);
	return file;
}

static bool
ignore_plan(Reader *r, MigPos pos, const char *what, MigStr name,
            const char *why)
{
	MigText t = {r->m, NULL, 0, 0};
	MigStr text;

	mig_text_fmt(&t, "line %d: %s \"%.*s\" %s", pos.line, what, MIG_S(name),
	             why);
	text = mig_text_str(&t);
	return mig_ok(r->m) &&
	       mig_layout_ignore(r->m, r->tree, r->plan.file->name, text.at);
}

static void
word_add(Mig *m, MigText *t, MigStr name)
{
	if (t->len > 0)
		mig_text_char(t, ' ');
	mig_text_str_add(t, mig_layout_id(m, name));
}

static bool
fail_dep(Reader *r, int i, const MigSqitchDep *dep, const char *what)
{
	mig_fail(r->m, MIG_GRAPH, "change \"%.*s\", which change \"%.*s\" %s",
	         MIG_S(dep->text), MIG_S(r->plan.changes[i].name), what);
	return mig_at(r->m, dep->pos);
}

/*
 * A conflict with a change that comes earlier could never be deployed; one
 * that comes later is no conflict yet, as in Sqitch. What other projects have
 * deployed is not looked at.
 */
static bool
conflict_read(Reader *r, int i, const MigSqitchDep *dep)
{
	if (dep->project.at != NULL)
		return ignore_plan(r, dep->pos, "conflict", dep->text,
		                   "with another project is not checked");
	if (mig_sqitch_find(&r->plan, dep, i) < 0)
		return true;
	return fail_dep(r, i, dep, "conflicts with, is always deployed before");
}

/* A change of another project is a revision by its name, a tag a label. */
static bool
require_read(Reader *r, MigText *t, int i, const MigSqitchDep *dep)
{
	int at;

	if (dep->project.at != NULL)
	{
		word_add(r->m, t, dep->change.at != NULL ? dep->change : dep->tag);
		return true;
	}
	at = mig_sqitch_find(&r->plan, dep, i);
	if (at < 0 || at >= i)
		return fail_dep(r, i, dep, "requires, does not come before it");
	word_add(r->m, t, r->plan.changes[at].revision);
	return true;
}

static bool
deps_read(Reader *r, int i)
{
	const MigSqitchChange *c = &r->plan.changes[i];
	MigText t = {r->m, NULL, 0, 0};

	for (int k = 0; k < c->ndeps; k++)
		if (!(c->deps[k].conflict ? conflict_read(r, i, &c->deps[k])
		                          : require_read(r, &t, i, &c->deps[k])))
			return false;
	if (t.len > 0)
		r->depends[i] = mig_text_str(&t);
	return mig_ok(r->m);
}

/* Tags as labels, where no revision and no other label has the name. */
static bool
tags_read(Reader *r)
{
	const MigSqitchPlan *plan = &r->plan;

	for (int i = 0; i < plan->ntags; i++)
	{
		const MigSqitchTag *tag = &plan->tags[i];
		MigText t = {r->m, NULL, 0, 0};
		MigStr label = mig_layout_id(r->m, tag->name);

		if (label.at == NULL)
			return false;
		if (mig_map_get(&r->taken, label) >= 0)
		{
			if (!ignore_plan(r, tag->pos, "tag", tag->name,
			                 "is no label, because its name is taken"))
				return false;
			continue;
		}
		if (mig_map_put(r->m, &r->taken, label, 0) < 0)
			return false;
		if (r->labels[tag->change].at != NULL)
			mig_text_str_add(&t, r->labels[tag->change]);
		word_add(r->m, &t, label);
		r->labels[tag->change] = mig_text_str(&t);
	}
	return mig_ok(r->m);
}

static bool
fail_no_deploy(Reader *r, int i)
{
	const MigSqitchChange *c = &r->plan.changes[i];

	mig_fail(r->m, MIG_FILE, "change \"%.*s\" has no deploy script",
	         MIG_S(c->name));
	mig_detail(r->m, "There is no file \"%.*s/%.*s%s.%.*s\".",
	           MIG_S(c->next < 0 ? r->conf.folders[DEPLOY]
	                             : r->conf.reworked[DEPLOY]),
	           MIG_S(c->name), c->next < 0 ? "" : "@TAG",
	           MIG_S(r->conf.extension));
	return mig_at(r->m, c->pos);
}

static bool
verify_read(Reader *r, const MigFile *file, MigPart *part)
{
	const MigDialect *dialect = dialect_of(r);
	bool writes;

	if (!mig_sqitch_verify(r->m, file, dialect, &part->text, &writes))
		return false;
	part->target =
		dialect == &mig_postgresql ? MIG_FOR_POSTGRESQL : MIG_FOR_SQLITE;
	if (!writes)
		return true;
	part->text = (MigStr){NULL, 0};
	return mig_layout_ignore(r->m, r->tree, file->name,
	                         "it writes, which Sqitch would roll back");
}

static MigStr
script_hash(Mig *m, const MigFile *file)
{
	MigHash h;

	mig_hash_start(&h, &mig_sha1);
	mig_hash_add(&h, file->text);
	return mig_hash_hex(m, &h);
}

static bool
put(Reader *r, int i)
{
	const MigSqitchChange *c = &r->plan.changes[i];
	const MigFile *deploy = script_of(r, i, DEPLOY);
	MigPart parts[KINDS];
	MigForeign f = {.layout = "sqitch",
	                .version = c->id,
	                .revision = c->revision,
	                .depends = r->depends[i],
	                .labels = r->labels[i],
	                .message = c->note,
	                .parts = parts};

	if (deploy == NULL)
		return mig_ok(r->m) && fail_no_deploy(r, i);
	mig_time_parse(c->date, &f.created);
	f.source = deploy->name;
	f.checksum = script_hash(r->m, deploy);
	for (int kind = 0; kind < KINDS; kind++)
	{
		const MigFile *file = script_of(r, i, kind);
		MigPart *part = &parts[f.nparts];

		if (file == NULL)
			continue;
		*part = (MigPart){(MigSectionKind) kind,
		                  MIG_FOR_BOTH,
		                  true,
		                  file->name,
		                  1,
		                  file->text};
		if (kind == VERIFY && !verify_read(r, file, part))
			return false;
		f.nparts += part->text.at != NULL;
	}
	return mig_layout_put(r->m, r->tree, &f);
}

static bool
read_changes(Reader *r)
{
	int n = r->plan.nchanges;

	r->depends = mig_alloc_array(r->m, (size_t) n, sizeof(*r->depends));
	r->labels = mig_alloc_array(r->m, (size_t) n, sizeof(*r->labels));
	if (r->depends == NULL || r->labels == NULL)
		return false;
	for (int i = 0; i < n; i++)
	{
		MigStr id = mig_layout_id(r->m, r->plan.changes[i].revision);

		if (id.at == NULL || mig_map_put(r->m, &r->taken, id, i) < 0 ||
		    !deps_read(r, i))
			return false;
	}
	if (!tags_read(r))
		return false;
	for (int i = 0; i < n; i++)
		if (!put(r, i))
			return false;
	return true;
}

/* Scripts that no change of the plan has. */
static bool
report_others(Reader *r)
{
	for (int i = 0; i < r->tree->nfiles; i++)
	{
		MigStr name = r->tree->files[i].name;

		if (mig_map_get(&r->used, name) < 0 && !mig_str_ends(name, ".plan") &&
		    !mig_str_ends(name, ".conf") &&
		    !mig_layout_ignore(r->m, r->tree, name,
		                       "no change of the plan has it"))
			return false;
	}
	return mig_ok(r->m);
}

static bool
read_tree(Mig *m, MigTree *tree)
{
	Reader r = {.m = m, .tree = tree};
	const MigFile *plan;

	if (!mig_map_init(m, &r.used, (size_t) tree->nfiles) ||
	    !mig_map_init(m, &r.taken, 64) || !conf_read(&r))
		return false;
	plan = mig_layout_file_str(tree, r.conf.plan);
	if (plan == NULL)
	{
		mig_fail(m, MIG_FILE, "plan \"%.*s\" does not exist",
		         MIG_S(r.conf.plan));
		return mig_hint(m, "A project of Sqitch has a file sqitch.plan, or"
		                   " says in sqitch.conf where it is.");
	}
	return mig_sqitch_plan(m, plan, &r.plan) && read_changes(&r) &&
	       report_others(&r);
}

const MigLayout mig_layout_sqitch = {"sqitch", wants, claims, read_tree};
