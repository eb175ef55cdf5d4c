#include "private.h"

#include "look.h"
#include "rehearse.h"
#include "run.h"
#include "schema.h"
#include "text.h"

/* One row of the result. */
typedef struct Row
{
	int32_t step;
	const char *action;
	MigStr revision, source, statement, note;
	int line;
	bool ran;
	int64_t rows;
	MigSeen seen;
} Row;

/* Rows that a call returns, and the host's callbacks with an exec of ours:
   the run finds us through them. */
typedef struct Rehearsal
{
	MigHostOps ops; /* first */
	const MigHostOps *real;
	Mig *m;
	MigHost *h;
	MigStr schema;
	Row *rows;
	int64_t count;
	size_t room;
	int32_t step;
	MigAction action;
	MigPartials partials;
} Rehearsal;

static Row *
row_new(Rehearsal *r)
{
	Row *row = mig_grow(r->m, r->rows, (size_t) r->count, &r->room,
	                    (size_t) r->count + 1, sizeof(*r->rows));

	if (row == NULL)
		return NULL;
	r->rows = row;
	row += r->count++;
	memset(row, 0, sizeof(*row));
	row->step = r->step;
	row->action = mig_action_name(r->action);
	row->revision = mig_copy(r->m, r->h->place.revision);
	row->seen.elapsed = row->seen.bytes = -1;
	return row;
}

/* The first line of a statement that says something. */
static MigStr
first_line(MigStr s)
{
	size_t n = 0;

	while (n < s.len && s.at[n] != '\n' && s.at[n] != '\r')
		n++;
	s.len = n;
	s = mig_str_trim(s);
	if (s.len > 0 && s.at[s.len - 1] == ';')
		s.len--; /* several that run as one */
	return s;
}

static Row *
row_statement(Rehearsal *r, const MigStatement *s)
{
	MigStr source = s->pos.source.len > 0 ? s->pos.source : r->h->place.source;
	Row *row = row_new(r);

	if (row == NULL)
		return NULL;
	row->source = mig_copy(r->m, source);
	row->statement = mig_copy(r->m, first_line(s->text));
	row->line = s->pos.line;
	return mig_ok(r->m) ? row : NULL;
}

/* A failure of the arena that holds the rows is one of the step's. */
static bool
carry(const Rehearsal *r, Mig *m)
{
	if (!mig_ok(r->m) && mig_ok(m))
		m->status = r->m->status;
	return mig_ok(m);
}

/* Statements that refuse a transaction are only listed. */
static bool
skip_alone(Rehearsal *r, Mig *m, const MigStatement *s, MigResult *result)
{
	Row *row = row_statement(r, s);

	result->rows = 0;
	result->holds = true;
	if (row != NULL)
		row->note = mig_str(
			mig_statement_kind(m->dialect, s->text) == MIG_STMT_ALONE
				? "cannot be rehearsed: it refuses a transaction"
				: "cannot be rehearsed: it runs outside of a transaction");
	return carry(r, m);
}

/* Nobody should take it for a run. */
static void
rehearse_note(MigHost *h, Mig *m, const char *text)
{
	Rehearsal *r = (Rehearsal *) h->ops;
	MigText t = {m, NULL, 0, 0};
	MigStr note;

	mig_text_fmt(&t, "rehearsal: %s", text);
	note = mig_text_str(&t);
	r->real->note(h, m, note.at != NULL ? note.at : text);
}

static bool
rehearse_exec(MigHost *h, Mig *m, const MigStatement *s, MigResult *result)
{
	Rehearsal *r = (Rehearsal *) h->ops;
	int64_t start;
	Row *row;

	if (s->kind == MIG_STMT_ALONE)
		return skip_alone(r, m, s, result);
	row = row_statement(r, s);
	if (row == NULL || !r->real->watch(h, r->m, false, &row->seen))
		return carry(r, m);
	start = r->real->now(h, NULL);
	if (!r->real->exec(h, m, s, result))
		return false;
	row->seen.elapsed = r->real->now(h, NULL) - start;
	if (row->seen.elapsed < 0)
		row->seen.elapsed = 0;
	row->ran = true;
	row->rows = result->rows;
	r->real->watch(h, r->m, true, &row->seen);
	return carry(r, m);
}

/* A step that is half done: what is left of it. Nothing is recorded. */
static bool
run_rest(Rehearsal *r, Mig *m, const MigPrepared *p, int i, MigStr id,
         const MigRecord *record)
{
	int from = mig_partial_of(&r->partials, id).finished;
	MigReady ready;

	return mig_prepare_step(p, i, m, &ready) &&
	       mig_partial_check(m, &r->partials, id, &ready.work) &&
	       mig_perform_start(m, r->h, r->action, id, record->message, &ready,
	                         from) &&
	       mig_perform(m, r->h, &ready.work, from, ready.work.count);
}

/* Whether its rows are of this direction; others are left over. */
static bool
is_half_done(const Rehearsal *r, MigStr id)
{
	MigProgress at = mig_partial_of(&r->partials, id);

	return at.any && at.revert == (r->action == MIG_REVERT);
}

/* Run a step; its memory goes with it. */
static bool
run_one(Rehearsal *r, const MigPrepared *p, int i, MigRecords *records)
{
	int32_t node = p->plan->steps[i].node;
	MigRecord *record = mig_state_record(p->s, node);
	MigStr id = p->s->graph.nodes[node].id;
	Mig own;
	bool ok;

	r->action = p->plan->steps[i].action;
	mig_init(&own, &r->m->memory, r->m->dialect);
	ok = is_half_done(r, id) ? run_rest(r, &own, p, i, id, record)
	                         : mig_run_step(&own, p, i, records);
	mig_done(&own);
	if (!ok && mig_ok(r->m))
		r->m->status = own.status;
	record->applied = r->action == MIG_APPLY;
	return ok;
}

/* What differs between two schemas, one row each. */
static bool
tell(Rehearsal *r, const MigSchema *before, const MigSchema *after,
     const char *when, bool *equal)
{
	MigDifferences found;

	if (!mig_schema_diff(r->m, before, after, &found))
		return false;
	*equal = found.count == 0;
	for (int i = 0; i < found.count; i++)
	{
		MigText t = {r->m, NULL, 0, 0};
		Row *row = row_new(r);

		if (row == NULL)
			return false;
		mig_text_fmt(&t, "%s: ", when);
		mig_text_str_add(&t, mig_schema_change(r->m, &found.at[i]));
		row->note = mig_text_str(&t);
	}
	return mig_ok(r->m);
}

/* The work of a downgrade; a revision that has none is a row of the result
   and no failure. */
static bool
prepare_down(Rehearsal *r, MigState *s, const MigPlan *plan, MigPrepared *p,
             bool *has)
{
	Row *row;

	*has = mig_prepare(s, plan, MIG_REHEARSE, p);
	if (*has || r->m->status.code != MIG_STATE)
		return *has;
	memset(&r->m->status, 0, sizeof(r->m->status));
	r->h->place.revision = s->graph.nodes[plan->steps[0].node].id;
	r->action = MIG_REVERT;
	row = row_new(r);
	if (row == NULL)
		return false;
	row->note = mig_str("cannot be rehearsed: it has no down section");
	return true;
}

/* The second upgrade, from a schema that is as it was before the first. */
static bool
come_back(Rehearsal *r, const MigPrepared *p, int i, MigRecords *records,
          const MigSchema *upgraded)
{
	MigSchema again;
	bool equal;

	return run_one(r, p, i, records) &&
	       mig_schema_read(r->m, r->h, r->schema, &again) &&
	       tell(r, upgraded, &again, "after the second upgrade", &equal);
}

/* Whatever the downgrade left, the next revision finds the first upgrade. */
static bool
stay_up(Rehearsal *r, const MigPrepared *p, int i)
{
	mig_state_record(p->s, p->plan->steps[i].node)->applied = true;
	return r->real->trial(r->h, r->m, false);
}

/* Up, down, up; the schema is looked at before and behind each. */
static bool
round_trip(Rehearsal *r, const MigPrepared *p, int i, MigRecords *records)
{
	MigStep back = {MIG_REVERT, p->plan->steps[i].node};
	MigPlan down_plan = {&back, 1};
	MigSchema before, upgraded, reverted;
	MigPrepared down;
	MigStr schema = r->schema;
	bool has, restored;

	if (!mig_schema_read(r->m, r->h, schema, &before) ||
	    !run_one(r, p, i, records) ||
	    !prepare_down(r, p->s, &down_plan, &down, &has))
		return false;
	if (!has)
		return true;
	return mig_schema_read(r->m, r->h, schema, &upgraded) &&
	       r->real->trial(r->h, r->m, true) && run_one(r, &down, 0, records) &&
	       mig_schema_read(r->m, r->h, schema, &reverted) &&
	       tell(r, &before, &reverted, "after the downgrade", &restored) &&
	       (!restored || come_back(r, p, i, records, &upgraded)) &&
	       stay_up(r, p, i);
}

static bool
run_plan(Rehearsal *r, MigState *s, const MigPlan *plan, bool trips)
{
	MigRecords records = {NULL, 0, 0};
	MigPrepared prepared;
	bool ok = mig_prepare(s, plan, MIG_REHEARSE, &prepared);

	for (int i = 0; ok && i < plan->count; i++)
	{
		r->step = i + 1;
		ok = trips ? round_trip(r, &prepared, i, &records)
		           : run_one(r, &prepared, i, &records);
	}
	return ok;
}

static bool
rehearse_locked(Rehearsal *r, MigAction action, bool trips, MigStr target)
{
	/* A round trip begins with the whole of a revision. */
	MigScope scope = trips ? MIG_RUN : MIG_EACH;
	MigState s;
	MigPlan plan;

	if (!mig_state_init(&s, r->m, r->h) || !mig_state_lock(&s))
		return false;
	if (action == MIG_APPLY && mig_run_is_idle(&s, target))
		return true;
	if (!mig_run_plan(&s, action, target, &r->partials, &plan) ||
	    !mig_partial_refuse(&s, &r->partials, &plan, scope))
		return false;
	return run_plan(r, &s, &plan, trips);
}

static MigValue
number(int64_t n, bool known)
{
	MigValue v = mig_value_int(n);

	v.null = !known;
	return v;
}

static bool
rehearse_row(MigCall *c, int64_t i, MigValue *cells)
{
	const Rehearsal *r = c->rows;
	const Row *row = &r->rows[i];

	cells[0] = mig_value_int(row->step);
	cells[1] = mig_value_text(mig_str(row->action));
	cells[2] = mig_value_text(row->revision);
	cells[3] = mig_value_text(row->source);
	cells[3].null |= row->source.len == 0;
	cells[4] = number(row->line, row->line > 0);
	cells[5] = mig_value_text(row->statement);
	cells[6] = number(row->seen.elapsed, row->ran);
	cells[7] = number(row->rows, row->ran);
	cells[8] = number(row->seen.bytes, row->ran && row->seen.bytes >= 0);
	cells[9] = mig_value_text(row->seen.locks);
	cells[10] = mig_value_text(row->seen.rewritten);
	cells[11] = mig_value_text(row->seen.sequences);
	cells[12] = mig_value_text(row->note);
	return true;
}

static bool
action_read(Mig *m, MigStr word, MigAction *action, bool *trips)
{
	*trips = mig_str_is(word, "round trip");
	*action = mig_str_is(word, "revert") ? MIG_REVERT : MIG_APPLY;
	if (*trips || *action == MIG_REVERT || mig_str_is(word, "apply"))
		return true;
	mig_fail(m, MIG_ARGUMENT, "action \"%.*s\" does not exist", MIG_S(word));
	return mig_hint(m, "The actions are apply, revert and round trip.");
}

bool
mig_call_rehearse(MigCall *c)
{
	MigHost *h = c->host;
	MigStr schema = c->args[1].text;
	Rehearsal *r = mig_alloc(c->m, sizeof(*r));
	MigAction action;
	bool trips, ok;

	if (r == NULL || !action_read(c->m, c->args[2].text, &action, &trips) ||
	    !h->ops->begin(h, c->m, MIG_REHEARSE, schema))
		return false;
	r->m = c->m;
	r->h = h;
	r->schema = schema;
	r->real = h->ops;
	r->ops = *h->ops;
	r->ops.exec = rehearse_exec;
	r->ops.note = rehearse_note;
	h->ops = &r->ops;
	ok = rehearse_locked(r, action, trips, c->args[0].text);
	h->ops = r->real;
	c->rows = r;
	c->row = rehearse_row;
	c->nrows = c->result.number = r->count;
	return r->real->end(h, c->m, ok) && ok;
}
