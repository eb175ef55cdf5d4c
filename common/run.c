#include "private.h"

#include "function.h"
#include "partial.h"
#include "run.h"

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
mig_run_refuse_block(Mig *m)
{
	mig_fail(m, MIG_TRANSACTION,
	         "migrate_run cannot run inside a transaction block");
	return mig_hint(m, "Call it outside of BEGIN ... COMMIT, as a statement of"
	                   " its own; migrate_apply() works inside.");
}

bool
mig_run_plan(MigState *s, MigAction action, MigStr target,
             MigPartials *partials, MigPlan *plan)
{
	bool up = action == MIG_APPLY;
	bool all = mig_str_is(target, "heads") ||
	           (mig_str_is(target, "head") && mig_state_has_one_head(s));
	bool newer, ok;

	memset(plan, 0, sizeof(*plan));
	if (!mig_partial_load(s->m, s->h, (MigStr){NULL, 0}, partials))
		return false;
	/* What is half done may lie anywhere. */
	newer = up && all && s->complete > 0 && partials->count == 0;
	if (!mig_state_load(s, newer ? MIG_LOAD_NEWER : MIG_LOAD_GRAPH) ||
	    !mig_state_refuse_lost(s))
		return false;
	mig_partial_turn(s, partials, action);
	/* With one head everything lies below it. */
	if (newer)
		target = mig_str("heads");
	ok = up ? mig_plan_apply(&s->graph, target, plan)
	        : mig_plan_revert(&s->graph, target, plan);
	mig_partial_turn(s, partials, action);
	return ok;
}

bool
mig_run_step(Mig *m, const MigPrepared *p, int i, MigRecords *records)
{
	MigState *s = p->s;
	const MigStep *step = &p->plan->steps[i];
	const MigRecord *record = mig_state_record(s, step->node);
	MigDone done = {.action = step->action};
	int64_t start = s->h->ops->now(s->h, NULL);
	MigReady ready;

	done.id = s->graph.nodes[step->node].id;
	done.again = s->graph.nodes[step->node].flags & MIG_NODE_REPEATABLE;
	if (!mig_prepare_step(p, i, m, &ready))
		return false;
	/* Whoever looks must see what came before. */
	if (mig_perform_looks(&ready.work) && !mig_records_write(m, s->h, records))
		return false;
	if (!mig_perform_start(m, s->h, step->action, done.id, record->message,
	                       &ready, 0) ||
	    !mig_perform(m, s->h, &ready.work, 0, ready.work.count))
		return false;
	done.checksum = ready.checksum;
	done.at = s->h->ops->now(s->h, NULL);
	done.elapsed = done.at > start ? (done.at - start) / 1000 : 0;
	return mig_records_add(s->m, records, &done);
}

/* Each step in an arena of its own, so that a long plan does not pile up
   memory; a failure is carried over. */
static bool
run_steps(const MigPrepared *p)
{
	MigState *s = p->s;
	MigRecords records = {NULL, 0, 0};

	for (int i = 0; i < p->plan->count; i++)
	{
		const MigStep *step = &p->plan->steps[i];
		Mig own;
		bool ok;

		mig_init(&own, &s->m->memory, s->m->dialect);
		ok = mig_run_step(&own, p, i, &records);
		mig_done(&own);
		if (!ok && mig_ok(s->m))
			s->m->status = own.status;
		if (!ok)
			return false;
		mig_state_record(s, step->node)->applied = step->action == MIG_APPLY;
	}
	return mig_records_write(s->m, s->h, &records);
}

/* Under the lock: plan, prepare, run, record. */
static bool
run_locked(MigState *s, MigAction action, MigStr target, int64_t *done)
{
	MigPartials partials;
	MigPrepared prepared;
	MigPlan plan;

	*done = 0;
	if (!mig_state_lock(s))
		return false;
	if (action == MIG_APPLY && mig_run_is_idle(s, target))
		return true;
	if (!mig_run_plan(s, action, target, &partials, &plan) ||
	    !mig_partial_refuse(s, &partials, &plan, MIG_RUN))
		return false;
	/* A summary that says less than is true would cost every later call. */
	if (plan.count == 0)
		return !mig_state_is_stale(s) || mig_state_settle(s);
	if (!mig_prepare(s, &plan, MIG_RUN, &prepared) ||
	    !mig_state_repeat(s, action == MIG_REVERT) || !run_steps(&prepared) ||
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

/* Record a step that runs nothing. */
static bool
stamp_record(MigState *s, MigAction action, MigStr id, MigStr checksum)
{
	MigDone done = {.action = action, .id = id, .elapsed = -1};

	done.checksum = checksum;
	done.at = s->h->ops->now(s->h, NULL);
	return mig_record_write(s->m, s->h, &done);
}

static bool
stamp_steps(MigState *s, const MigPlan *plan)
{
	MigPartials partials;

	if (!mig_partial_load(s->m, s->h, (MigStr){NULL, 0}, &partials))
		return false;
	for (int i = 0; i < plan->count; i++)
	{
		const MigStep *step = &plan->steps[i];
		MigStr id = s->graph.nodes[step->node].id;
		MigStr checksum;

		if (!mig_prepare_checksum(s->m, s->h, id, &checksum) ||
		    !stamp_record(s, step->action, id, checksum))
			return false;
		if (mig_partial_of(&partials, id).any &&
		    !mig_partial_drop(s->m, s->h, id))
			return false;
		mig_state_record(s, step->node)->applied = step->action == MIG_STAMP;
	}
	return true;
}

/* Forget what is applied without a known script. */
static bool
purge_lost(MigState *s)
{
	for (int32_t i = 0; i < s->nlost; i++)
		if (!stamp_record(s, MIG_UNSTAMP, s->lost[i].revision,
		                  s->lost[i].checksum))
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
	return purge_lost(s) && stamp_steps(s, &plan) && mig_state_settle(s);
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
