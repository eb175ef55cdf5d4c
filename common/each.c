#include "private.h"

#include "each.h"
#include "function.h"
#include "partial.h"

/* Room for a number of the log. */
#define MARK_MAX 32

typedef struct Each
{
	MigHost *h;
	MigAction action;
	MigStr target;
	int64_t done; /* revisions */
	bool wrote;

	/* of the round */
	Mig m;
	MigState s;
	MigPlan plan;
	MigPartials partials;
	MigPrepared prepared;
} Each;

static MigStr
id_of(const Each *e, int i)
{
	return e->s.graph.nodes[e->plan.steps[i].node].id;
}

/* What others may have changed: the last number of the log, and a script. */
typedef struct Mark
{
	char log[MARK_MAX];
	MigStr version;
} Mark;

static bool
mark_row(void *arg, Mig *m, const MigStr *cells)
{
	Mark *mark = arg;

	snprintf(mark->log, sizeof(mark->log), "%.*s", MIG_S(cells[0]));
	return mig_prepare_version(m, cells[1], cells[2], &mark->version);
}

static bool
mark_read(Each *e, Mig *m, int i, Mark *mark)
{
	MigStr id = id_of(e, i);

	memset(mark, 0, sizeof(*mark));
	return e->h->ops->query(e->h, m, MIG_Q_MARK, &id, mark_row, mark);
}

/* Under the lock again: whether step i is still what is to be done next, with
   the log as it stood. */
static bool
look_again(Each *e, Mig *m, int i, const Mark *before, bool *same)
{
	MigState now = e->s;
	Mark mark;

	now.m = m;
	if (!mig_state_lock(&now) || !mark_read(e, m, i, &mark))
		return false;
	*same = now.position == e->s.position &&
	        mig_str_eq(now.heads, e->s.heads) &&
	        strcmp(mark.log, before->log) == 0 &&
	        mig_str_eq(mark.version, e->prepared.steps[i].version);
	return true;
}

/* What was done is permanent now; from here on the run is at step i. */
static bool
commit(Each *e, Mig *m, int i, MigKept kept, Mark *mark)
{
	int64_t before = e->h->commits;
	bool ok;

	if (!mark_read(e, m, i, mark))
		return false;
	ok = e->h->ops->commit(e->h, m);
	if (!ok && e->h->commits == before)
		return false;
	e->wrote = true;
	e->h->place.revision = id_of(e, i);
	e->h->place.source = (MigStr){NULL, 0};
	e->h->place.statement = NULL;
	e->h->place.kept = kept;
	return ok;
}

/* -------------------------------------------- one that refuses a transaction */

typedef struct Parts
{
	Each *e;
	Mig *m;
	int step;
	MigStr id;
	const MigReady *ready;
	int at; /* so many are finished */
	bool begun;
} Parts;

static bool
parts_look(Parts *p, const Mark *mark, bool *same)
{
	MigPartials rows;
	MigProgress at;

	if (!look_again(p->e, p->m, p->step, mark, same) ||
	    !mig_partial_load(p->m, p->e->h, p->id, &rows))
		return false;
	at = mig_partial_of(&rows, p->id);
	*same = *same && at.finished == p->at && at.begun == p->begun;
	return true;
}

static bool
parts_commit(Parts *p, Mark *mark)
{
	MigKept before = p->e->done > 0 ? MIG_KEPT_REVISION : MIG_KEPT_NOTHING;

	if (!commit(p->e, p->m, p->step, p->at > 0 ? MIG_KEPT_STATEMENT : before,
	            mark))
		return false;
	p->e->h->place.source = p->ready->source;
	return true;
}

/* The settings that a statement finds, in an array. */
static bool
settings_of(Parts *p, MigAlone *alone)
{
	const MigWork *work = &p->ready->work;
	const MigStatement **list =
		mig_alloc_array(p->m, (size_t) p->at, sizeof(*list));

	if (list == NULL)
		return false;
	for (int i = 0; i < p->at; i++)
		if (mig_perform_sets(p->m->dialect, &work->items[i]))
			list[alone->nsettings++] = &work->items[i];
	alone->settings = list;
	return true;
}

static bool
exec_alone(Parts *p, bool again)
{
	MigHost *h = p->e->h;
	MigAlone alone = {.again = again};
	MigResult result = {0, false};

	alone.statement = &p->ready->work.items[p->at];
	if (!settings_of(p, &alone))
		return false;
	h->place.statement = alone.statement;
	h->place.number = p->at + 1;
	h->place.count = p->ready->work.count;
	if (!h->ops->exec_alone(h, p->m, &alone, &result))
		return mig_perform_blame(p->m, h);
	h->place.statement = NULL;
	return true;
}

/* A statement outside of any transaction, between its two marks. */
static bool
part_alone(Parts *p, bool *same)
{
	MigHost *h = p->e->h;
	bool again = p->begun;
	Mark mark;

	if (!again && !mig_partial_add(p->m, h, p->id, p->e->action, p->at + 1,
	                               &p->ready->work.items[p->at], false))
		return false;
	p->begun = true;
	if (!parts_commit(p, &mark) || !exec_alone(p, again) ||
	    !parts_look(p, &mark, same))
		return false;
	if (!*same)
		return true;
	p->begun = false;
	p->at++;
	return mig_partial_finish(p->m, h, p->id, p->at,
	                          &p->ready->work.items[p->at - 1]) &&
	       (h->ops->log == NULL || h->ops->log(h, p->m)) &&
	       parts_commit(p, &mark) && parts_look(p, &mark, same);
}

/* Where the transaction that begins with statement `from` ends. What runs
   without foreign keys has to stay together, for they are checked at its
   end. */
static int
group_end(const MigWork *work, int from)
{
	int total = work->count - work->nverify;
	int to = from + 1;

	while (work->foreign_keys_off && to < total &&
	       work->items[to].kind != MIG_STMT_ALONE)
		to++;
	return to;
}

/* Statements and their rows in one transaction. */
static bool
part_group(Parts *p, bool *same)
{
	const MigWork *work = &p->ready->work;
	MigHost *h = p->e->h;
	int to = group_end(work, p->at);
	Mark mark;

	/* A try as another kind of statement, before the script was changed. */
	if (p->begun &&
	    !mig_partial_finish(p->m, h, p->id, p->at + 1, &work->items[p->at]))
		return false;
	if (!mig_perform(p->m, h, work, p->at, to))
		return false;
	for (int i = p->begun ? p->at + 1 : p->at; i < to; i++)
		if (!mig_partial_add(p->m, h, p->id, p->e->action, i + 1,
		                     &work->items[i], true))
			return false;
	p->begun = false;
	p->at = to;
	return parts_commit(p, &mark) && parts_look(p, &mark, same);
}

/* From where it was left off. *same is false when somebody else went on. */
static bool
step_parts(Each *e, Mig *m, int i, const MigReady *ready, bool *same)
{
	Parts p = {.e = e, .m = m, .step = i, .id = id_of(e, i), .ready = ready};
	const MigWork *work = &ready->work;
	int total = work->count - work->nverify;
	MigPartials rows;
	MigProgress at;

	if (!mig_partial_load(m, e->h, p.id, &rows))
		return false;
	at = mig_partial_of(&rows, p.id);
	/* Left over from the other direction. */
	if (at.any && at.revert != (e->action == MIG_REVERT))
	{
		memset(&at, 0, sizeof(at));
		if (!mig_partial_drop(m, e->h, p.id))
			return false;
	}
	if (at.any && !mig_partial_check(m, &rows, p.id, work))
		return false;
	p.at = at.finished;
	p.begun = at.begun && p.at < total;
	if (p.at > 0)
		e->h->place.kept = MIG_KEPT_STATEMENT;
	if (!mig_perform_start(
			m, e->h, e->action, p.id,
			mig_state_record(&e->s, e->plan.steps[i].node)->message, ready,
			p.at))
		return false;
	while (*same && p.at < total)
	{
		bool alone = work->items[p.at].kind == MIG_STMT_ALONE;

		if (!(alone ? part_alone(&p, same) : part_group(&p, same)))
			return false;
	}
	if (!*same)
		return true;
	if (work->nverify > 0 && !mig_perform(m, e->h, work, total, work->count))
		return false;
	return mig_partial_drop(m, e->h, p.id);
}

/* ------------------------------------------------------------------- steps */

static bool
step_record(Each *e, Mig *m, int i, MigStr checksum, int64_t start)
{
	MigDone done = {.action = e->action, .id = id_of(e, i)};

	done.again =
		e->s.graph.nodes[e->plan.steps[i].node].flags & MIG_NODE_REPEATABLE;
	done.checksum = checksum;
	done.at = e->h->ops->now(e->h, NULL);
	done.elapsed = done.at > start ? (done.at - start) / 1000 : 0;
	mig_state_record(&e->s, e->plan.steps[i].node)->applied =
		e->action == MIG_APPLY;
	return mig_record_write(m, e->h, &done);
}

/* One revision, whole or from where it was left off. */
static bool
step_run(Each *e, Mig *m, int i, bool *same)
{
	const MigRecord *record = mig_state_record(&e->s, e->plan.steps[i].node);
	int64_t start = e->h->ops->now(e->h, NULL);
	MigReady ready;

	e->h->place.kept = e->done > 0 ? MIG_KEPT_REVISION : MIG_KEPT_NOTHING;
	if (!mig_prepare_step(&e->prepared, i, m, &ready) ||
	    (e->action == MIG_REVERT && !mig_state_lower(&e->s, record->position)))
		return false;
	if (!ready.work.transactional ||
	    mig_partial_of(&e->partials, id_of(e, i)).any)
	{
		if (!step_parts(e, m, i, &ready, same))
			return false;
	}
	else if (!mig_perform_start(m, e->h, e->action, id_of(e, i),
	                            record->message, &ready, 0) ||
	         !mig_perform(m, e->h, &ready.work, 0, ready.work.count))
		return false;
	return !*same || step_record(e, m, i, ready.checksum, start);
}

/* The same, and then what comes before the next one; the last one's commit is
   the end of the call. */
static bool
step(Each *e, Mig *m, int i, bool *same)
{
	Mark mark;

	if (!step_run(e, m, i, same))
		return mig_perform_blame(m, e->h);
	if (!*same)
		return true;
	e->done++;
	if (i + 1 == e->plan.count)
		return true;
	if (!commit(e, m, i + 1, MIG_KEPT_REVISION, &mark) ||
	    !look_again(e, m, i + 1, &mark, same))
		return mig_perform_blame(m, e->h);
	return true;
}

/* ------------------------------------------------------------------ rounds */

/* All steps, each in an arena of its own. */
static bool
steps(Each *e, bool *same)
{
	*same = true;
	for (int i = 0; *same && i < e->plan.count; i++)
	{
		Mig own;
		bool ok;

		mig_init(&own, &e->m.memory, e->m.dialect);
		ok = step(e, &own, i, same);
		mig_done(&own);
		if (!ok && mig_ok(&e->m))
			e->m.status = own.status;
		if (!ok)
			return false;
	}
	return true;
}

/* Whether there is nothing to do, nor half of something: a summary of the
   state that somebody else wrote knows nothing of that. */
static bool
is_idle(const Each *e, MigState *s, bool *idle)
{
	MigPartials rows;

	*idle = e->action == MIG_APPLY && mig_run_is_idle(s, e->target);
	if (!*idle)
		return true;
	*idle = mig_partial_load(s->m, e->h, (MigStr){NULL, 0}, &rows) &&
	        rows.count == 0;
	return mig_ok(s->m);
}

/* The same without a lock, so that callers who find nothing to do never wait
   for each other. */
static bool
look_first(const Each *e, Mig *m, MigStr schema, bool *idle)
{
	const MigHostOps *ops = e->h->ops;
	MigState s;
	bool ok;

	*idle = false;
	if (e->action != MIG_APPLY)
		return true;
	if (!ops->begin(e->h, m, MIG_READ, schema))
		return false;
	ok = mig_state_init(&s, m, e->h) && is_idle(e, &s, idle);
	return ops->end(e->h, m, true) && ok;
}

/* Lock, read, plan, prepare, run; *again: others came between. */
static bool
each_round(Each *e, bool *again)
{
	MigState *s = &e->s;
	bool same, idle;

	*again = false;
	if (!mig_state_init(s, &e->m, e->h) || !mig_state_lock(s) ||
	    !is_idle(e, s, &idle))
		return false;
	if (idle)
		return true;
	if (!mig_run_plan(s, e->action, e->target, &e->partials, &e->plan) ||
	    !mig_partial_refuse(s, &e->partials, &e->plan, MIG_EACH))
		return false;
	if (e->plan.count == 0)
		return !mig_state_is_stale(s) || mig_state_settle(s);
	if (!mig_prepare(s, &e->plan, MIG_EACH, &e->prepared) ||
	    !mig_state_repeat(s, e->action == MIG_REVERT) || !steps(e, &same))
		return false;
	*again = !same;
	return *again || mig_state_settle(s);
}

/* A round's memory is given back before the next one. */
static bool
rounds(Each *e, Mig *m)
{
	bool again = true;
	bool ok = true;

	while (ok && again)
	{
		mig_init(&e->m, &m->memory, m->dialect);
		ok = each_round(e, &again);
		e->wrote |= e->s.wrote;
		memset(&e->h->place, 0, sizeof(e->h->place));
		mig_done(&e->m);
	}
	if (!ok)
		m->status = e->m.status;
	if (!ok && e->done > 0)
		mig_context(m, "committed before: %lld", (long long) e->done);
	return ok;
}

static bool
action_of(Mig *m, MigStr word, MigAction *action)
{
	*action = mig_str_is(word, "revert") ? MIG_REVERT : MIG_APPLY;
	if (*action == MIG_REVERT || mig_str_is(word, "apply"))
		return true;
	mig_fail(m, MIG_ARGUMENT, "action \"%.*s\" does not exist", MIG_S(word));
	return mig_hint(m, "Write 'apply' or 'revert'.");
}

bool
mig_call_run(MigCall *c)
{
	Each e = {.h = c->host, .target = c->args[0].text};
	bool ok, idle;

	if (!action_of(c->m, c->args[2].text, &e.action) ||
	    !look_first(&e, c->m, c->args[1].text, &idle))
		return false;
	if (idle)
		return true;
	if (!c->host->ops->begin(c->host, c->m, MIG_EACH, c->args[1].text))
		return false;
	ok = rounds(&e, c->m);
	ok = c->host->ops->end(c->host, c->m, ok && e.wrote) && ok;
	c->result.number = e.done;
	return ok;
}
