#include "private.h"

#include "function.h"
#include "run.h"
#include "script.h"
#include "text.h"

void
mig_place_text(const MigPlace *place, char *out, size_t size)
{
	int n = snprintf(out, size, "revision \"%.*s\"", MIG_S(place->revision));
	size_t left;

	if (n < 0 || (size_t) n >= size || place->statement == NULL)
		return;
	out += n;
	left = size - (size_t) n;
	if (place->source.len > 0)
		snprintf(out, left, ", %.*s line %d", MIG_S(place->source),
		         place->statement->pos.line);
	else
		snprintf(out, left, ", line %d", place->statement->pos.line);
}

/* One revision's script as it is stored. */
typedef struct Stored
{
	MigStr text, source, checksum, loaded_by;
	bool trusted;
} Stored;

static bool
stored_row(void *arg, Mig *m, const MigStr *cells)
{
	Stored *s = arg;

	s->text = mig_copy(m, cells[MIG_SC_SCRIPT]);
	s->source = mig_copy(m, cells[MIG_SC_SOURCE]);
	s->checksum = mig_copy(m, cells[MIG_SC_CHECKSUM]);
	s->loaded_by = mig_copy(m, cells[MIG_SC_LOADED_BY]);
	s->trusted = mig_cell_bool(cells[MIG_SC_TRUSTED]);
	return mig_ok(m);
}

/* A path's last part. */
static MigStr
file_of(MigStr path)
{
	for (size_t i = path.len; i > 0; i--)
		if (path.at[i - 1] == '/')
			return mig_str_from(path, i);
	return path;
}

/* Read a script back and make its work for one direction. */
static bool
work_read(Mig *m, MigHost *h, MigStr revision, MigSectionKind kind,
          Stored *stored, MigWork *work)
{
	MigScript *script;

	memset(stored, 0, sizeof(*stored));
	if (!h->ops->query(h, m, MIG_Q_SCRIPT, &revision, stored_row, stored))
		return false;
	if (stored->text.at == NULL)
		return mig_fail(m, MIG_STATE, "revision \"%.*s\" is gone",
		                MIG_S(revision));
	script = mig_script_parse(m, file_of(stored->source), stored->text,
	                          stored->text);
	if (script == NULL)
		return false;
	if (kind == MIG_DOWN && !mig_script_has(script, m->dialect, MIG_DOWN))
	{
		mig_fail(m, MIG_STATE, "revision \"%.*s\" has no down section",
		         MIG_S(revision));
		return mig_hint(m, "Add one with migrate_replace(), or write an"
		                   " empty \"-- migrate:down\" if there is nothing to"
		                   " undo.");
	}
	return mig_script_work(m, script, m->dialect, kind, work);
}

/* Nobody's script runs with the rights of a role that he cannot become. */
static bool
refuse_untrusted(Mig *m, MigHost *h, MigStr revision, const Stored *s)
{
	if (s->trusted)
		return true;
	mig_fail(m, MIG_PERMISSION,
	         "script of revision \"%.*s\" was stored by role \"%.*s\","
	         " which has not the rights of role \"%.*s\"",
	         MIG_S(revision), MIG_S(s->loaded_by), MIG_S(h->who));
	return mig_hint(m,
	                "Read it with migrate_script('%.*s'); if it is right,"
	                " store it again as yours with migrate_add(), or run as"
	                " its owner with SET ROLE.",
	                MIG_S(revision));
}

/* The first lines of a statement, for a detail. */
static MigStr
glimpse(MigStr text)
{
	size_t n = 0;

	while (n < text.len && n < 120 && text.at[n] != '\n' && text.at[n] != '\r')
		n++;
	while (n > 0 && n < text.len &&
	       ((unsigned char) text.at[n] & 0xC0) == 0x80)
		n--;
	text.len = n;
	return text;
}

static bool
refuse_alone(Mig *m, MigStr revision, const MigWork *work)
{
	MigStr head;

	mig_fail(m, MIG_TRANSACTION,
	         "revision \"%.*s\" cannot run inside a transaction",
	         MIG_S(revision));
	if (work->alone != NULL)
	{
		head = glimpse(work->alone->text);
		mig_detail(m, "This statement refuses a transaction block: %.*s",
		           MIG_S(head));
		mig_at(m, work->alone->pos);
	}
	else
		mig_detail(m, "A section of it says transaction:false.");
	return mig_hint(
		m,
		"Run what migrate_sql('%.*s') returns as a script of its own"
		" in psql or the sqlite3 shell.",
		MIG_S(revision));
}

static bool
exec_one(Mig *m, MigHost *h, const MigStatement *s, bool verify)
{
	MigResult result = {0, false};
	MigStr head;

	h->place.statement = s;
	if (!h->ops->exec(h, m, s, &result))
		return false;
	if (verify && !result.holds)
	{
		mig_fail(m, MIG_REFUTED, "revision \"%.*s\" failed its verification",
		         MIG_S(h->place.revision));
		head = glimpse(s->text);
		return mig_detail(m, "This statement did not return true: %.*s",
		                  MIG_S(head));
	}
	h->place.statement = NULL;
	return true;
}

static bool
exec_all(Mig *m, MigHost *h, const MigWork *work)
{
	bool ok;

	if (!h->ops->enter(h, m, work->foreign_keys_off))
		return false;
	ok = true;
	for (int i = 0; ok && i < work->count; i++)
		ok = exec_one(m, h, &work->items[i], i >= work->count - work->nverify);
	if (!ok)
	{
		char place[MIG_PLACE_MAX];

		mig_place_text(&h->place, place, sizeof(place));
		mig_context(m, "%s", place);
	}
	return h->ops->leave(h, m, ok) && ok;
}

static void
note_step(Mig *m, MigHost *h, const MigStep *step, MigStr id, MigStr message)
{
	MigText t = {m, NULL, 0, 0};
	MigStr text;

	mig_text_add(&t, step->action == MIG_APPLY ? "applying " : "reverting ");
	mig_text_str_add(&t, id);
	if (message.len > 0)
		mig_text_fmt(&t, " %.*s", MIG_S(message));
	text = mig_text_str(&t);
	if (text.at != NULL)
		h->ops->note(h, m, text.at);
}

static bool
record_step(Mig *m, MigHost *h, MigAction action, MigStr id, MigStr checksum,
            int64_t elapsed)
{
	MigLogEntry entry = {
		mig_action_name(action), id, checksum, {NULL, 0}, elapsed};
	MigStr none = {NULL, 0};
	char now[40];
	MigStr args[6];

	args[0] = h->key;
	args[1] = id;
	args[2] = checksum;
	args[3] = mig_time_iso(h->ops->now(h, NULL), now);
	args[4] = h->who;
	args[5] = elapsed < 0 ? none : mig_int_text(m, elapsed);
	if (!mig_ok(m))
		return false;
	if (action == MIG_APPLY || action == MIG_STAMP)
	{
		if (!h->ops->query(h, m, MIG_Q_APPLIED_ADD, args, NULL, NULL))
			return false;
	}
	else if (!h->ops->query(h, m, MIG_Q_APPLIED_DROP, args, NULL, NULL))
		return false;
	return mig_state_log(m, h, &entry);
}

/* Everything of one revision, with memory of its own. */
static bool
run_step(Mig *m, MigHost *h, const MigStep *step, MigStr id,
         const MigRecord *record)
{
	MigSectionKind kind = step->action == MIG_APPLY ? MIG_UP : MIG_DOWN;
	int64_t start = h->ops->now(h, NULL);
	int64_t elapsed;
	Stored stored;
	MigWork work;

	if (!work_read(m, h, id, kind, &stored, &work) ||
	    !refuse_untrusted(m, h, id, &stored))
		return false;
	if (!work.transactional)
		return refuse_alone(m, id, &work);
	note_step(m, h, step, id, record->message);
	h->place.revision = id;
	h->place.source = file_of(stored.source);
	h->place.statement = NULL;
	if (work.wrapped)
		h->ops->note(h, m, "its own BEGIN and COMMIT are left out");
	if (!exec_all(m, h, &work))
		return false;
	elapsed = (h->ops->now(h, NULL) - start) / 1000;
	return record_step(m, h, step->action, id, stored.checksum,
	                   elapsed < 0 ? 0 : elapsed);
}

/* Run f for each step in an arena of its own, so that a long plan does not
   pile up scripts; a failure is carried over. */
static bool
each_step(MigState *s, const MigPlan *plan,
          bool (*f)(Mig *m, MigHost *h, const MigStep *step, MigStr id,
                    const MigRecord *record))
{
	for (int i = 0; i < plan->count; i++)
	{
		const MigStep *step = &plan->steps[i];
		MigRecord *record = mig_state_record(s, step->node);
		Mig own;
		bool ok;

		mig_init(&own, &s->m->memory, s->m->dialect);
		ok = f(&own, s->h, step, s->graph.nodes[step->node].id, record);
		mig_done(&own);
		if (!ok)
		{
			s->m->status = own.status;
			return false;
		}
		record->applied =
			step->action == MIG_APPLY || step->action == MIG_STAMP;
	}
	return true;
}

/* What can be known before anything runs: down sections, and statements that
   refuse a transaction. Up sections were read when they were stored. */
static bool
check_step(Mig *m, MigHost *h, const MigStep *step, MigStr id,
           const MigRecord *record)
{
	Stored stored;
	MigWork work;

	if (step->action == MIG_APPLY && record->transactional)
		return true;
	if (!work_read(m, h, id, step->action == MIG_APPLY ? MIG_UP : MIG_DOWN,
	               &stored, &work))
		return false;
	return work.transactional || refuse_alone(m, id, &work);
}

static bool
check_steps(MigState *s, const MigPlan *plan)
{
	for (int i = 0; i < plan->count; i++)
	{
		const MigStep *step = &plan->steps[i];
		const MigRecord *r = mig_state_record(s, step->node);
		MigPlan one = {&plan->steps[i], 1};
		bool applied = r->applied;

		if (step->action == MIG_APPLY && r->transactional)
			continue;
		if (!each_step(s, &one, check_step))
			return false;
		mig_state_record(s, step->node)->applied = applied;
	}
	return true;
}

bool
mig_run_measure(MigState *s, const MigPlan *plan, MigMeasure **out)
{
	*out = mig_alloc_array(s->m, (size_t) plan->count, sizeof(**out));
	if (*out == NULL)
		return false;
	for (int i = 0; i < plan->count; i++)
	{
		const MigStep *step = &plan->steps[i];
		MigSectionKind kind = step->action == MIG_REVERT ? MIG_DOWN : MIG_UP;
		Stored stored;
		MigWork work;
		Mig own;

		mig_init(&own, &s->m->memory, s->m->dialect);
		if (work_read(&own, s->h, s->graph.nodes[step->node].id, kind, &stored,
		              &work))
		{
			(*out)[i].transactional = work.transactional;
			(*out)[i].statements = work.count - work.nverify;
		}
		mig_done(&own);
		if (own.status.code != MIG_OK)
		{
			s->m->status = own.status;
			return false;
		}
	}
	return true;
}

bool
mig_run_is_idle(const MigState *s, MigStr target)
{
	if (!mig_state_is_complete(s))
		return false;
	return mig_str_is(target, "heads") ||
	       (mig_str_is(target, "head") &&
	        (s->position == 0 || mig_state_has_one_head(s)));
}

bool
mig_run_plan(MigState *s, MigAction action, MigStr target, MigPlan *plan)
{
	bool up = action == MIG_APPLY;
	bool all = mig_str_is(target, "heads") ||
	           (mig_str_is(target, "head") && mig_state_has_one_head(s));
	bool newer = up && all && s->complete > 0;

	memset(plan, 0, sizeof(*plan));
	if (!mig_state_load(s, newer ? MIG_LOAD_NEWER : MIG_LOAD_GRAPH) ||
	    !mig_state_refuse_lost(s))
		return false;
	/* With one head everything lies below it. */
	if (newer)
		return mig_plan_apply(&s->graph, mig_str("heads"), plan);
	return up ? mig_plan_apply(&s->graph, target, plan)
	          : mig_plan_revert(&s->graph, target, plan);
}

/* Under the lock: plan, check, run, record. */
static bool
run_locked(MigState *s, MigAction action, MigStr target, int64_t *done)
{
	MigPlan plan;

	*done = 0;
	if (!mig_state_lock(s))
		return false;
	if (action == MIG_APPLY && mig_run_is_idle(s, target))
		return true;
	if (!mig_run_plan(s, action, target, &plan))
		return false;
	/* A summary that says less than is true would cost every later call. */
	if (plan.count == 0)
		return !mig_state_is_stale(s) || mig_state_settle(s);
	if (!check_steps(s, &plan) || !each_step(s, &plan, run_step) ||
	    !mig_state_settle(s))
		return false;
	*done = plan.count;
	return true;
}

static bool
run_call(MigCall *c, MigAction action)
{
	const MigHostOps *ops = c->host->ops;
	MigStr target = c->args[0].text;
	MigStr schema = c->args[1].text;
	MigState s;
	bool ok;

	if (action == MIG_APPLY)
	{
		if (!ops->begin(c->host, c->m, MIG_READ, schema))
			return false;
		ok = mig_state_init(&s, c->m, c->host);
		if (!ops->end(c->host, c->m, true) || !ok)
			return false;
		if (mig_run_is_idle(&s, target))
			return true;
	}
	if (!ops->begin(c->host, c->m, MIG_RUN, schema))
		return false;
	ok = mig_state_init(&s, c->m, c->host) &&
	     run_locked(&s, action, target, &c->result.number);
	/* Nothing done: nothing is left written either. */
	return ops->end(c->host, c->m, ok && s.wrote) && ok;
}

bool
mig_call_apply(MigCall *c)
{
	return run_call(c, MIG_APPLY);
}

bool
mig_call_revert(MigCall *c)
{
	return run_call(c, MIG_REVERT);
}

static bool
stamp_step(Mig *m, MigHost *h, const MigStep *step, MigStr id,
           const MigRecord *record)
{
	Stored stored = {0};

	(void) record;
	if (!h->ops->query(h, m, MIG_Q_SCRIPT, &id, stored_row, &stored))
		return false;
	return record_step(m, h, step->action, id, stored.checksum, -1);
}

/* Forget what is applied without a known script. */
static bool
purge_lost(MigState *s)
{
	for (int32_t i = 0; i < s->nlost; i++)
		if (!record_step(s->m, s->h, MIG_UNSTAMP, s->lost[i].revision,
		                 s->lost[i].checksum, -1))
			return false;
	return true;
}

static bool
stamp_locked(MigState *s, MigStr targets, bool purge, int64_t *done)
{
	MigPlan plan;

	*done = 0;
	if (!mig_state_lock(s) || !mig_state_load(s, MIG_LOAD_GRAPH))
		return false;
	if (!purge && !mig_state_refuse_lost(s))
		return false;
	if (!mig_plan_stamp(&s->graph, targets, purge, &plan))
		return false;
	*done = plan.count + s->nlost;
	if (*done == 0)
		return true;
	return purge_lost(s) && each_step(s, &plan, stamp_step) &&
	       mig_state_settle(s);
}

bool
mig_call_stamp(MigCall *c)
{
	const MigHostOps *ops = c->host->ops;
	MigState s;
	bool ok;

	if (!ops->begin(c->host, c->m, MIG_WRITE, c->args[2].text))
		return false;
	ok = mig_state_init(&s, c->m, c->host) &&
	     stamp_locked(&s, c->args[0].text, c->args[1].number != 0,
	                  &c->result.number);
	return ops->end(c->host, c->m, ok && s.wrote) && ok;
}
