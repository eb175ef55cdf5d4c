/*
 * Alembic: the graph from the heads of the Python files, the statements from
 * what "alembic upgrade base:heads --sql" and "alembic downgrade heads:base
 * --sql" write, kept in files beside them:
 *
 *     versions/ae1027a6acf_create_users.py
 *     upgrade.postgresql.sql    upgrade.sqlite.sql
 *     downgrade.postgresql.sql  downgrade.sqlite.sql
 *
 * Any file that ends in .sql and has a line "-- Running upgrade" or
 * "-- Running downgrade" will do; without a database in its name it is for
 * both.
 */
#include "private.h"

#include "alembic_py.h"
#include "alembic_sql.h"
#include "layout_names.h"
#include "layouts.h"
#include "lines.h"
#include "text.h"

/* A step of the list of those of one revision. */
typedef struct Link
{
	const MigAlembicStep *step;
	int next; /* index, or -1 */
} Link;

typedef struct Reader
{
	Mig *m;
	MigTree *tree;
	MigAlembic *revisions;
	int nrevisions;
	MigMap ids;
	int *first; /* of each revision's links, or -1 */
	Link *links;
	int nlinks;
	size_t room;
	bool given[3]; /* whether there are upgrades for a MigFor */
} Reader;

static bool
wants(MigStr name)
{
	return mig_path_base(name).at[0] != '.' &&
	       (mig_str_ends(name, ".py") || mig_str_ends(name, ".sql"));
}

static MigClaim
claims(Mig *m, const MigTree *tree)
{
	(void) m;
	for (int i = 0; i < tree->nfiles; i++)
	{
		MigStr text = tree->files[i].text;

		if (mig_str_ends(tree->files[i].name, ".py") &&
		    mig_str_find(text, MIG_LIT("\ndown_revision")) < text.len)
			return MIG_CLAIM_SURE;
	}
	return MIG_CLAIM_NO;
}

static bool
revision_add(Reader *r, const MigFile *file)
{
	MigAlembic *a = &r->revisions[r->nrevisions];
	int32_t before;

	if (!mig_alembic_py(r->m, file, a))
		return false;
	if (a->revision.at == NULL)
		return mig_layout_ignore(r->m, r->tree, file->name,
		                         "it has no revision");
	before = mig_map_put(r->m, &r->ids, a->revision, r->nrevisions);
	if (before < 0)
		return false;
	if (before != r->nrevisions)
	{
		mig_fail(r->m, MIG_GRAPH, "revision \"%.*s\" is defined twice",
		         MIG_S(a->revision));
		return mig_detail(r->m, "Files \"%.*s\" and \"%.*s\" define it.",
		                  MIG_S(r->revisions[before].file->name),
		                  MIG_S(file->name));
	}
	r->first[r->nrevisions++] = -1;
	return true;
}

static bool
overlaps(MigFor a, MigFor b)
{
	return a == b || a == MIG_FOR_BOTH || b == MIG_FOR_BOTH;
}

static bool
fail_twice(Reader *r, const MigAlembicStep *a, const MigAlembicStep *b)
{
	mig_fail(r->m, MIG_GRAPH, "revision \"%.*s\" has two scripts to %s",
	         MIG_S(a->revision), a->up ? "upgrade" : "downgrade");
	mig_detail(r->m,
	           "One is in file \"%.*s\" line %d, the other in file"
	           " \"%.*s\" line %d.",
	           MIG_S(a->file->name), a->line, MIG_S(b->file->name), b->line);
	return mig_hint(r->m, "A file for one database is called so:"
	                      " upgrade.postgresql.sql, upgrade.sqlite.sql.");
}

static bool
fail_unknown(Reader *r, const MigAlembicStep *step)
{
	MigPos pos = {step->file->name, 0, step->line, 1};

	mig_fail(r->m, MIG_GRAPH, "revision \"%.*s\" has no Python file",
	         MIG_S(step->revision));
	mig_hint(r->m, "Load the directory that holds the revisions, too.");
	return mig_at(r->m, pos);
}

/* Behind those that the revision has. */
static bool
step_add(Reader *r, const MigAlembicStep *step)
{
	int32_t at = mig_map_get(&r->ids, step->revision);
	Link *items;
	int *end;

	if (at < 0)
		return fail_unknown(r, step);
	for (end = &r->first[at]; *end >= 0; end = &r->links[*end].next)
	{
		const MigAlembicStep *other = r->links[*end].step;

		if (other->up == step->up && overlaps(other->target, step->target))
			return fail_twice(r, other, step);
	}
	*end = r->nlinks;
	items = mig_grow(r->m, r->links, (size_t) r->nlinks, &r->room,
	                 (size_t) r->nlinks + 1, sizeof(*items));
	if (items == NULL)
		return false;
	r->links = items;
	items[r->nlinks++] = (Link){step, -1};
	if (step->up)
		r->given[step->target] = true;
	return true;
}

static bool
sql_add(Reader *r, const MigFile *file)
{
	MigStr stem = {file->name.at, file->name.len - 4};
	MigFor target = mig_path_target(&stem);
	MigAlembicStep *steps;
	int count;

	if (!mig_alembic_is_sql(mig_dialect_of(r->m, target), file->text))
		return mig_layout_ignore(r->m, r->tree, file->name,
		                         "it is no output of \"alembic upgrade --sql\""
		                         " or \"alembic downgrade --sql\"");
	if (!mig_alembic_sql(r->m, file, target, &steps, &count))
		return false;
	for (int i = 0; i < count; i++)
		if (!step_add(r, &steps[i]))
			return false;
	return true;
}

static bool
fail_no_sql(Reader *r, const MigAlembic *a, MigFor target)
{
	const char *name = target == MIG_FOR_SQLITE       ? " for sqlite"
	                   : target == MIG_FOR_POSTGRESQL ? " for postgresql"
	                                                  : "";
	MigPos pos = {a->file->name, 0, 1, 1};

	mig_fail(r->m, MIG_FILE, "revision \"%.*s\" has no SQL%s",
	         MIG_S(a->revision), name);
	mig_hint(r->m,
	         "Python is not run here: write the output of \"alembic"
	         " upgrade base:heads --sql\" into a file %s in the"
	         " directory.",
	         target == MIG_FOR_SQLITE       ? "upgrade.sqlite.sql"
	         : target == MIG_FOR_POSTGRESQL ? "upgrade.postgresql.sql"
	                                        : "upgrade.sql");
	return mig_at(r->m, pos);
}

/* Only what joins branches may do nothing. */
static bool
is_merge(const MigAlembic *a)
{
	return a->revises.len > 0 &&
	       memchr(a->revises.at, ' ', a->revises.len) != NULL;
}

/* Every database that has upgrades has this one; the running one has. */
static bool
check_sql(Reader *r, int i)
{
	static const MigFor targets[] = {MIG_FOR_POSTGRESQL, MIG_FOR_SQLITE};
	const MigAlembic *a = &r->revisions[i];
	MigFor own =
		r->m->dialect == &mig_postgresql ? MIG_FOR_POSTGRESQL : MIG_FOR_SQLITE;

	for (int k = 0; k < MIG_COUNT(targets); k++)
	{
		bool found = is_merge(a);

		if (!r->given[targets[k]] && targets[k] != own)
			continue;
		for (int n = r->first[i]; n >= 0 && !found; n = r->links[n].next)
			found = r->links[n].step->up &&
			        overlaps(r->links[n].step->target, targets[k]);
		if (!found)
			return fail_no_sql(r, a,
			                   r->given[MIG_FOR_POSTGRESQL] ||
			                           r->given[MIG_FOR_SQLITE]
			                       ? targets[k]
			                       : MIG_FOR_BOTH);
	}
	return true;
}

/* The parts of one direction. Down parts stand in the order opposite to that
   in which they run. */
static void
parts_add(const MigAlembicStep *step, bool up, MigPart *parts, int *n)
{
	if (step->up != up)
		return;
	for (int i = 0; i < step->nparts; i++)
		parts[(*n)++] = step->parts[step->up ? i : step->nparts - 1 - i];
}

/* Words that may hold anything, as identifiers. */
static MigStr
ids_of(Mig *m, MigStr list)
{
	MigText t = {m, NULL, 0, 0};
	MigStr word;

	while (mig_str_next(&list, &word))
	{
		if (t.len > 0)
			mig_text_char(&t, ' ');
		mig_text_str_add(&t, mig_layout_id(m, word));
	}
	return mig_text_str(&t);
}

static bool
put(Reader *r, int i)
{
	const MigAlembic *a = &r->revisions[i];
	MigForeign f = {.layout = "alembic",
	                .version = a->revision,
	                .revision = a->revision,
	                .revises = ids_of(r->m, a->revises),
	                .depends = ids_of(r->m, a->depends),
	                .labels = ids_of(r->m, a->labels),
	                .message = a->message,
	                .created = a->created,
	                .source = a->file->name};
	MigPart *parts;
	size_t count = 1;
	bool down = false;

	for (int n = r->first[i]; n >= 0; n = r->links[n].next)
	{
		count += (size_t) r->links[n].step->nparts;
		down |= !r->links[n].step->up;
	}
	parts = mig_alloc_array(r->m, count, sizeof(*parts));
	if (parts == NULL || !check_sql(r, i))
		return false;
	for (int n = r->first[i]; n >= 0; n = r->links[n].next)
		parts_add(r->links[n].step, true, parts, &f.nparts);
	for (int n = r->first[i]; n >= 0; n = r->links[n].next)
		parts_add(r->links[n].step, false, parts, &f.nparts);
	if (is_merge(a) && !down)
		parts[f.nparts++] =
			(MigPart){MIG_DOWN, MIG_FOR_BOTH, true, f.source, 1, {"", 0}};
	f.parts = parts;
	return mig_ok(r->m) && mig_layout_put(r->m, r->tree, &f);
}

static bool
is_py(const MigFile *file)
{
	return mig_str_ends(file->name, ".py");
}

static bool
read_tree(Mig *m, MigTree *tree)
{
	Reader r = {.m = m, .tree = tree};
	size_t count = (size_t) tree->nfiles;

	r.revisions = mig_alloc_array(m, count, sizeof(*r.revisions));
	r.first = mig_alloc_array(m, count, sizeof(*r.first));
	if (r.revisions == NULL || r.first == NULL ||
	    !mig_map_init(m, &r.ids, count))
		return false;
	for (int i = 0; i < tree->nfiles; i++)
		if (is_py(&tree->files[i]) && !revision_add(&r, &tree->files[i]))
			return false;
	for (int i = 0; i < tree->nfiles; i++)
		if (!is_py(&tree->files[i]) && !sql_add(&r, &tree->files[i]))
			return false;
	for (int i = 0; i < r.nrevisions; i++)
		if (!put(&r, i))
			return false;
	return true;
}

const MigLayout mig_layout_alembic = {"alembic", wants, claims, read_tree};
