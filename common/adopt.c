#include "private.h"

#include "adopt.h"
#include "look.h"
#include "script.h"
#include "text.h"

/* ------------------------------------------------------------- the rows */

int64_t
mig_adopt_time(MigStr cell)
{
	char text[64];
	size_t n = 0;
	size_t fraction = 0;
	int64_t value;

	if (cell.at == NULL)
		return MIG_NO_TIME;
	if (mig_str_int(cell, &value))
	{
		if (value < INT64_C(100000000000))
			return value * 1000000;
		return value < INT64_C(100000000000000) ? value * 1000 : value;
	}
	if (cell.len > 4 && mig_str_is(mig_str_from(cell, cell.len - 4), " UTC"))
		cell.len -= 4;
	for (size_t i = 0; i < cell.len && n + 1 < sizeof(text); i++)
	{
		char c = cell.at[i];

		if (fraction > 0 && c >= '0' && c <= '9' && ++fraction > 7)
			continue;
		if (c == '.')
			fraction = 1;
		else if (c < '0' || c > '9')
			fraction = 0;
		if (c != ' ' || n == 10)
			text[n++] = c;
	}
	return mig_time_parse((MigStr){text, n}, &value) ? value : MIG_NO_TIME;
}

static MigAdoptState
state_of(MigStr cell)
{
	switch (cell.len > 0 ? cell.at[0] : 'a')
	{
		case 'f':
			return MIG_ADOPT_FAILED;
		case 'u':
			return MIG_ADOPT_UNDONE;
		case 'b':
			return MIG_ADOPT_BASELINE;
		case 'l':
			return MIG_ADOPT_LATEST;
		case 'r':
			return MIG_ADOPT_REPEATABLE;
		case 'x':
			return MIG_ADOPT_IGNORED;
	}
	return MIG_ADOPT_APPLIED;
}

static bool
state_row(void *arg, Mig *m, const MigStr *cells)
{
	MigAdopt *a = arg;
	MigAdoptRow *row = mig_adopt_row(a);

	if (row == NULL)
		return false;
	row->version = mig_copy(m, cells[MIG_AD_VERSION]);
	row->checksum = mig_copy(m, cells[MIG_AD_CHECKSUM]);
	row->who = mig_copy(m, cells[MIG_AD_WHO]);
	row->name = mig_copy(m, cells[MIG_AD_NAME]);
	row->time = mig_adopt_time(cells[MIG_AD_TIME]);
	row->elapsed = mig_cell_int(cells[MIG_AD_ELAPSED], -1);
	row->state = state_of(cells[MIG_AD_STATE]);
	return mig_ok(m);
}

/* The number of the newest script, if there is one. */
static bool
read_user_version(MigAdopt *a)
{
	MigAdoptRow *row;

	if (a->user_version == 0)
		return true;
	row = mig_adopt_row(a);
	if (row == NULL)
		return false;
	row->version = mig_int_text(a->m, a->user_version);
	row->state = MIG_ADOPT_LATEST;
	return mig_ok(a->m);
}

static bool
read_rows(MigAdopt *a)
{
	const char *text = a->tool->postgresql;
	MigStr sql;

	if (a->table == NULL)
		return read_user_version(a);
	if (a->m->dialect == &mig_sqlite && a->tool->sqlite != NULL)
		text = a->tool->sqlite;
	sql = mig_adopt_sql(a->m, text, a->table);
	return sql.at != NULL && a->h->ops->select(a->h, a->m, sql, NULL, 0,
	                                           MIG_AD_COUNT, state_row, a);
}

/* ----------------------------------------------------------- the verdict */

static MigStr
called(const MigAdoptRow *row)
{
	return row->version.at != NULL ? row->version : row->name;
}

/* A directory that was read as another tool's has versions, but not this
   tool's. */
static const char *
way_to_script(const MigAdopt *a)
{
	bool foreign = false;

	for (int32_t i = 0; i < a->nscripts; i++)
		foreign |= a->scripts[i].layout.at != NULL;
	if (a->nscripts == 0)
		return "Load the tool's directory with migrate_load() first.";
	if (foreign && a->norigins == 0)
		return "The scripts were loaded as those of another tool: name the"
			   " layout in migrate_load().";
	return "Load the directory that holds it with migrate_load(), or let the"
		   " tool revert it.";
}

static bool
refuse_scriptless(MigAdopt *a, MigAdoptRow *row)
{
	if (row->script == -2)
		return mig_adopt_refuse(
			a, row, "Give the scripts the tool's versions as their revisions.",
			"version \"%.*s\" of %s is that of more than one script",
			MIG_S(called(row)), a->tool->name);
	return mig_adopt_refuse(a, row, way_to_script(a),
	                        "version \"%.*s\" of %s has no script",
	                        MIG_S(called(row)), a->tool->name);
}

/* A row meets its script. */
static bool
judge_script(MigAdopt *a, MigAdoptRow *row)
{
	MigAdoptScript *s = &a->scripts[row->script];

	row->known = s->applied;
	row->verdict = mig_adopt_compare(a, row, s);
	if (row->verdict == MIG_SUM_OPAQUE)
		row->note = mig_str("the checksum is of an older release and tells"
		                    " nothing");
	if (row->verdict == MIG_SUM_DIFFERS && s->repeatable)
	{
		row->note = mig_str("has changed since it ran, so it runs again");
		return true;
	}
	if (row->verdict == MIG_SUM_DIFFERS)
		return mig_adopt_refuse(
			a, row,
			"Bring the file back to what the tool ran, and write the change"
			" as a new revision.",
			"script of revision \"%.*s\" differs from the one that %s applied",
			MIG_S(s->revision), a->tool->name);
	row->adopt = !row->known && !s->adopted;
	s->adopted = true;
	return true;
}

static bool
judge_row(MigAdopt *a, MigAdoptRow *row)
{
	switch (row->state)
	{
		case MIG_ADOPT_FAILED:
			return mig_adopt_refuse(
				a, row,
				"Repair what it left behind, and let the tool correct its own"
				" state first.",
				"version \"%.*s\" of %s is marked as failed or unfinished",
				MIG_S(called(row)), a->tool->name);
		case MIG_ADOPT_UNDONE:
			row->note = mig_str("undone");
			row->script = -1;
			return true;
		case MIG_ADOPT_IGNORED:
		case MIG_ADOPT_BASELINE:
			row->script = -1;
			return true;
		case MIG_ADOPT_APPLIED:
		case MIG_ADOPT_LATEST:
		case MIG_ADOPT_REPEATABLE:
			break;
	}
	if (row->script == -1)
		row->script = mig_adopt_match(a, row);
	if (row->script < 0)
		return refuse_scriptless(a, row);
	return judge_script(a, row);
}

/* ---------------------------------------------------------------- gaps */

/* What a script builds on and is neither applied nor taken over; -1: none. */
static int32_t
missing_below(const MigAdopt *a, const bool *held, int32_t node)
{
	const MigGraph *g = &a->s->graph;
	const MigNode *n = &g->nodes[node];

	for (int32_t e = 0; e < n->ndown + n->ndeps; e++)
	{
		int32_t other = e < n->ndown ? g->edges[n->down + e]
		                             : g->edges[n->deps + e - n->ndown];

		if (!held[other])
			return other;
	}
	return -1;
}

static bool
judge_gap(MigAdopt *a, MigAdoptRow *row, int32_t missing)
{
	const MigAdoptScript *s = &a->scripts[row->script];
	MigStr other = a->s->graph.nodes[missing].id;
	MigText t = {a->m, NULL, 0, 0};

	if (a->tool->flags & MIG_ADOPT_GAPS)
	{
		mig_text_fmt(&t, "revision \"%.*s\" below it is still to run",
		             MIG_S(other));
		row->note = mig_text_str(&t);
		return mig_ok(a->m);
	}
	row->adopt = false;
	return mig_adopt_refuse(
		a, row,
		"Let the tool apply what is missing, or correct the order of the"
		" scripts.",
		"revision \"%.*s\" is applied, but revision \"%.*s\" below it is not",
		MIG_S(s->revision), MIG_S(other));
}

static bool
judge_gaps(MigAdopt *a)
{
	bool *held = mig_alloc(a->m, (size_t) a->s->graph.count);

	if (held == NULL)
		return false;
	for (int32_t i = 0; i < a->nscripts; i++)
		if (a->scripts[i].node >= 0)
			held[a->scripts[i].node] =
				a->scripts[i].applied || a->scripts[i].adopted;
	for (int32_t i = 0; i < a->nrows; i++)
	{
		MigAdoptRow *row = &a->rows[i];
		int32_t node = row->adopt ? a->scripts[row->script].node : -1;
		int32_t missing;

		if (node < 0 || a->scripts[row->script].repeatable)
			continue;
		missing = missing_below(a, held, node);
		if (missing >= 0 && !judge_gap(a, row, missing))
			return false;
	}
	return true;
}

/* ---------------------------------------------------------------- order */

/* Rows in the order of the graph, what has no place there before. */
static int
by_place(const void *context, int32_t x, int32_t y)
{
	const MigAdopt *a = context;
	int32_t p = a->rows[x].place;
	int32_t q = a->rows[y].place;

	return p < q ? -1 : p > q;
}

static bool
sort_rows(MigAdopt *a)
{
	const MigGraph *g = &a->s->graph;
	size_t count = (size_t) a->nrows;
	int32_t *place = mig_alloc_array(a->m, (size_t) g->count, sizeof(*place));
	int32_t *order = mig_alloc_array(a->m, count, sizeof(*order));
	MigAdoptRow *sorted = mig_alloc_array(a->m, count, sizeof(*sorted));

	if (place == NULL || order == NULL || sorted == NULL)
		return false;
	for (int32_t i = 0; i < g->count; i++)
		place[g->order[i]] = i;
	for (int32_t i = 0; i < a->nrows; i++)
	{
		MigAdoptRow *row = &a->rows[i];
		int32_t node = row->script >= 0 ? a->scripts[row->script].node : -1;

		order[i] = i;
		row->place = node >= 0          ? place[node]
		             : row->script >= 0 ? INT32_MAX
		                                : -1;
	}
	if (!mig_sort(a->m, order, count, by_place, a))
		return false;
	for (int32_t i = 0; i < a->nrows; i++)
		sorted[i] = a->rows[order[i]];
	a->rows = sorted;
	return true;
}

/* Everything up to the verdicts; begin has been called. */
static bool
judge(MigAdopt *a, bool look)
{
	if (!mig_adopt_find(a) || !mig_adopt_lock(a, look) ||
	    !mig_adopt_scripts(a) || !read_rows(a) ||
	    (a->tool->settle != NULL && !a->tool->settle(a)))
		return false;
	for (int32_t i = 0; i < a->nrows; i++)
		if (!judge_row(a, &a->rows[i]))
			return false;
	return judge_gaps(a) && sort_rows(a);
}

static MigAdopt *
prepare(MigCall *c, MigState *s)
{
	MigAdopt *a = mig_alloc(c->m, sizeof(*a));

	if (a == NULL)
		return NULL;
	a->m = c->m;
	a->h = c->host;
	a->s = s;
	a->wanted = c->args[0].text;
	a->where = c->args[1].text;
	a->schema = c->args[2].text;
	return a;
}

/* ----------------------------------------------------------------- plan */

static const char *const verdicts[] = {
	[MIG_SUM_NONE] = NULL,
	[MIG_SUM_SAME] = "same",
	[MIG_SUM_OPAQUE] = "older",
	[MIG_SUM_DIFFERS] = "differs",
};

static const char *
action_of(const MigAdopt *a, const MigAdoptRow *row)
{
	if (row->problem.at != NULL)
		return "refuse";
	if (row->adopt)
		return "adopt";
	(void) a;
	return row->known ? "known" : "skip";
}

static bool
plan_row(MigCall *c, int64_t i, MigValue *cells)
{
	const MigAdopt *a = c->rows;
	const MigAdoptRow *row = &a->rows[i];
	MigStr none = {NULL, 0};

	cells[0] = mig_value_text(mig_str(a->tool->name));
	cells[1] = mig_value_text(called(row));
	cells[2] = mig_value_text(
		row->script >= 0 ? a->scripts[row->script].revision : none);
	cells[3] = mig_value_time(row->time);
	cells[4] = mig_value_text(mig_str(verdicts[row->verdict]));
	cells[5] = mig_value_text(mig_str(action_of(a, row)));
	cells[6] =
		mig_value_text(row->problem.at != NULL ? row->problem : row->note);
	return true;
}

bool
mig_call_adopt_plan(MigCall *c)
{
	const MigHostOps *ops = c->host->ops;
	MigState *s = mig_alloc(c->m, sizeof(*s));
	MigAdopt *a = prepare(c, s);
	bool ok;

	if (s == NULL || a == NULL ||
	    !ops->begin(c->host, c->m, MIG_READ, c->args[2].text))
		return false;
	ok = mig_state_init(s, c->m, c->host) &&
	     mig_state_load(s, MIG_LOAD_GRAPH) && judge(a, true);
	c->rows = a;
	c->row = plan_row;
	c->nrows = ok ? a->nrows : 0;
	return ops->end(c->host, c->m, true) && ok;
}

/* ---------------------------------------------------------------- adopt */

/* All or nothing: the first problem, and how many more there are. */
static bool
refuse_problems(MigAdopt *a)
{
	const MigAdoptRow *first = NULL;
	int more = -1;

	for (int32_t i = 0; i < a->nrows; i++)
	{
		if (a->rows[i].problem.at == NULL)
			continue;
		if (first == NULL)
			first = &a->rows[i];
		more++;
	}
	if (first == NULL)
		return true;
	mig_fail(a->m, MIG_STATE, "%.*s", MIG_S(first->problem));
	if (more > 0)
		mig_detail(a->m,
		           "There are %d more problems; migrate_adopt_plan()"
		           " lists them.",
		           more);
	return mig_hint(a->m, "%.*s", MIG_S(first->hint));
}

/* "flyway 1.2, checksum -1862273241" */
static MigStr
detail_of(MigAdopt *a, const MigAdoptRow *row)
{
	MigText t = {a->m, NULL, 0, 0};

	mig_text_fmt(&t, "%s %.*s", a->tool->name, MIG_S(called(row)));
	if (row->checksum.len > 0)
		mig_text_fmt(&t, ", checksum %.*s", MIG_S(row->checksum));
	if (row->note.at != NULL)
		mig_text_fmt(&t, "; %.*s", MIG_S(row->note));
	return mig_text_str(&t);
}

static bool
record(MigAdopt *a, const MigAdoptRow *row)
{
	const MigAdoptScript *s = &a->scripts[row->script];
	MigLogEntry e = {"adopt", s->revision, s->sum, {NULL, 0}, row->elapsed};
	MigStr none = {NULL, 0};
	int64_t time = row->time;
	MigStr args[6];
	char at[40];

	if (time == MIG_NO_TIME)
		time = a->h->ops->now(a->h, NULL);
	args[0] = a->h->key;
	args[1] = s->revision;
	args[2] = s->sum;
	args[3] = mig_time_iso(time, at);
	args[4] = row->who.len > 0 ? row->who : a->h->who;
	args[5] = row->elapsed < 0 ? none : mig_int_text(a->m, row->elapsed);
	e.detail = detail_of(a, row);
	if (s->node >= 0)
		mig_state_record(a->s, s->node)->applied = true;
	/* One that is to run again has a row of its last run. */
	if (s->repeatable &&
	    !a->h->ops->query(a->h, a->m, MIG_Q_APPLIED_DROP, args, NULL, NULL))
		return false;
	return mig_ok(a->m) &&
	       a->h->ops->query(a->h, a->m, MIG_Q_APPLIED_ADD, args, NULL, NULL) &&
	       mig_state_log(a->m, a->h, &e);
}

static bool
adopt_locked(MigAdopt *a, int64_t *done)
{
	*done = 0;
	if (!mig_state_lock(a->s) || !mig_state_load(a->s, MIG_LOAD_GRAPH) ||
	    !judge(a, false) || !refuse_problems(a))
		return false;
	for (int32_t i = 0; i < a->nrows; i++)
	{
		if (!a->rows[i].adopt)
			continue;
		if (!record(a, &a->rows[i]))
			return false;
		++*done;
	}
	return *done == 0 || mig_state_settle(a->s);
}

bool
mig_call_adopt(MigCall *c)
{
	const MigHostOps *ops = c->host->ops;
	MigState s;
	MigAdopt *a = prepare(c, &s);
	bool ok;

	if (a == NULL || !ops->begin(c->host, c->m, MIG_WRITE, c->args[2].text))
		return false;
	ok = mig_state_init(&s, c->m, c->host) &&
	     adopt_locked(a, &c->result.number);
	return ops->end(c->host, c->m, ok) && ok;
}
