#include "private.h"

#include "adopt.h"
#include "reach.h"
#include "text.h"

MigAdoptRow *
mig_adopt_row(MigAdopt *a)
{
	MigAdoptRow *row =
		mig_grow(a->m, a->rows, (size_t) a->nrows, &a->rows_room,
	             (size_t) a->nrows + 1, sizeof(*a->rows));

	if (row == NULL)
		return NULL;
	a->rows = row;
	row += a->nrows++;
	memset(row, 0, sizeof(*row));
	row->script = -1;
	row->elapsed = -1;
	row->time = INT64_MIN;
	return row;
}

bool
mig_adopt_refuse(MigAdopt *a, MigAdoptRow *row, const char *hint,
                 const char *format, ...)
{
	char text[512];
	va_list args;

	if (row->problem.at != NULL)
		return true;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	row->problem = mig_copy(a->m, mig_str(text));
	row->hint = mig_str(hint);
	return mig_ok(a->m);
}

/*
 * Several rows of one version: what the last one says is so. A failure stays
 * one unless a later row of its version undoes or repeats it.
 */
bool
mig_settle_rows(MigAdopt *a)
{
	MigMap last = {NULL, 0, 0};

	if (!mig_map_init(a->m, &last, (size_t) a->nrows))
		return false;
	for (int32_t i = a->nrows - 1; i >= 0; i--)
	{
		MigAdoptRow *row = &a->rows[i];
		MigStr key = row->version.at == NULL
		                 ? row->name
		                 : mig_version_key(a->m, a->tool->kind, row->version);
		int32_t at;

		if (row->state == MIG_ADOPT_IGNORED ||
		    row->state == MIG_ADOPT_BASELINE || key.at == NULL)
			continue;
		at = mig_map_put(a->m, &last, key, i);
		if (at < 0)
			return false;
		if (at == i)
			continue;
		row->state = MIG_ADOPT_IGNORED;
		row->note = mig_str("a later row of this version counts");
	}
	return mig_ok(a->m);
}

/* The version of a script, as the tool counts. */
static MigStr
version_of(const MigAdoptScript *s)
{
	size_t n = 0;

	if (s->version.at != NULL)
		return s->version;
	while (n < s->stem.len && s->stem.at[n] >= '0' && s->stem.at[n] <= '9')
		n++;
	return n > 0 ? (MigStr){s->stem.at, n} : s->revision;
}

static bool
is_candidate(const MigAdopt *a, const MigAdoptScript *s)
{
	if (s->repeatable || s->taken)
		return false;
	return s->layout.at == NULL ? a->norigins == 0 : mig_adopt_is_own(a, s);
}

/* A row for every script up to a version. */
static bool
add_below(MigAdopt *a, MigAdoptRow from)
{
	bool latest = from.state == MIG_ADOPT_LATEST;

	for (int32_t i = 0; i < a->nscripts; i++)
	{
		const MigAdoptScript *s = &a->scripts[i];
		MigAdoptRow *row;

		if (!is_candidate(a, s) || i == from.script ||
		    mig_version_cmp(a->tool->kind, version_of(s), from.version) > 0)
			continue;
		row = mig_adopt_row(a);
		if (row == NULL)
			return false;
		row->version = version_of(s);
		row->script = i;
		row->time = from.time;
		row->who = from.who;
		row->state = MIG_ADOPT_APPLIED;
		row->note = mig_str(latest ? "lies below the tool's version"
		                           : "lies below the tool's baseline");
	}
	return true;
}

/* What rows of their own stand for is not the baseline's. */
static void
take_rows(MigAdopt *a)
{
	for (int32_t i = 0; i < a->nrows; i++)
	{
		MigAdoptRow *row = &a->rows[i];

		if (row->state != MIG_ADOPT_APPLIED && row->state != MIG_ADOPT_UNDONE)
			continue;
		row->script = mig_adopt_match(a, row);
		if (row->script >= 0)
			a->scripts[row->script].taken = true;
	}
}

bool
mig_settle_baseline(MigAdopt *a)
{
	int32_t count = a->nrows;

	if (!mig_settle_rows(a))
		return false;
	take_rows(a);
	for (int32_t i = 0; i < count; i++)
	{
		MigAdoptRow from = a->rows[i];

		if (from.state == MIG_ADOPT_LATEST)
			from.script = a->rows[i].script = mig_adopt_match(a, &from);
		else if (from.state != MIG_ADOPT_BASELINE)
			continue;
		if (!add_below(a, from))
			return false;
	}
	return mig_ok(a->m);
}

/* Alembic keeps the newest revisions only; what they build on is applied. */
bool
mig_settle_ancestors(MigAdopt *a)
{
	MigGraph *g = &a->s->graph;
	MigSet set = mig_set_new(g);
	int32_t count = a->nrows;

	if (set == NULL)
		return false;
	for (int32_t i = 0; i < count; i++)
	{
		MigAdoptRow *row = &a->rows[i];

		row->script = mig_adopt_match(a, row);
		if (row->script >= 0 && a->scripts[row->script].node >= 0)
			mig_set_put(set, a->scripts[row->script].node);
	}
	set = mig_set_ancestors(g, set, MIG_ALL_EDGES);
	if (set == NULL)
		return false;
	for (int32_t i = 0; i < a->nscripts; i++)
	{
		const MigAdoptScript *s = &a->scripts[i];
		MigAdoptRow *row;

		if (s->node < 0 || !mig_set_has(set, s->node))
			continue;
		row = mig_adopt_row(a);
		if (row == NULL)
			return false;
		row->version = s->version.at != NULL ? s->version : s->revision;
		row->script = i;
		row->note = mig_str("a revision of the tool's builds on it");
	}
	return true;
}

/* "project:change" */
static MigStr
project_of(MigStr name)
{
	size_t n = 0;

	while (n < name.len && name.at[n] != ':')
		n++;
	name.len = n;
	return name;
}

/* The projects of which a change is stored: by its id, or, as ids of old
   releases were made in another way, by its name. */
static bool
find_projects(MigAdopt *a, bool by_name, MigMap *ours)
{
	for (int32_t i = 0; i < a->nrows; i++)
	{
		MigAdoptRow row = a->rows[i];
		MigStr project = project_of(row.name);

		row.name = by_name ? mig_str_from(row.name, project.len + 1)
		                   : (MigStr){NULL, 0};
		if (mig_adopt_match(a, &row) >= 0 &&
		    mig_map_put(a->m, ours, project, 0) < 0)
			return false;
	}
	return mig_ok(a->m);
}

/* One registry may hold several projects: those of which no change is stored
   say nothing, unless that is true of all. */
bool
mig_settle_sqitch(MigAdopt *a)
{
	MigMap ours = {NULL, 0, 0};

	if (!mig_map_init(a->m, &ours, 4) || !find_projects(a, false, &ours) ||
	    (ours.count == 0 && !find_projects(a, true, &ours)))
		return false;
	for (int32_t i = 0; i < a->nrows; i++)
	{
		MigAdoptRow *row = &a->rows[i];
		size_t project = project_of(row->name).len;

		if (ours.count > 0 && mig_map_get(&ours, project_of(row->name)) < 0)
		{
			row->state = MIG_ADOPT_IGNORED;
			row->note = mig_str("belongs to another project");
		}
		row->name = mig_str_from(row->name, project + 1);
	}
	return true;
}
