#include "private.h"

#include "perform.h"
#include "prepare.h"
#include "text.h"

/* One revision's script as it is stored. */
typedef struct Stored
{
	Mig *in;     /* whose arena it goes to: */
	Mig *kept;   /* this one's, */
	size_t left; /* if it is not larger than that */
	MigStr text, source, checksum, loaded_by;
	bool trusted;
	bool versioned; /* version is wanted, in `kept` */
	MigStr version;
} Stored;

bool
mig_prepare_version(Mig *m, MigStr chain, MigStr loaded_at, MigStr *out)
{
	MigText t = {m, NULL, 0, 0};

	mig_text_str_add(&t, chain);
	mig_text_char(&t, ' ');
	mig_text_str_add(&t, loaded_at);
	*out = mig_text_str(&t);
	return out->at != NULL;
}

static bool
stored_row(void *arg, Mig *m, const MigStr *cells)
{
	Stored *s = arg;

	if (s->kept != NULL && cells[MIG_SC_SCRIPT].len < s->left)
		m = s->kept;
	if (s->versioned &&
	    !mig_prepare_version(s->kept, cells[MIG_SC_CHAIN],
	                         cells[MIG_SC_LOADED_AT], &s->version))
		return false;
	s->in = m;
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

static bool
refuse_downless(Mig *m, MigStr revision)
{
	mig_fail(m, MIG_STATE, "revision \"%.*s\" has no down section",
	         MIG_S(revision));
	return mig_hint(m, "Add one with migrate_replace(), or write an"
	                   " empty \"-- migrate:down\" if there is nothing to"
	                   " undo.");
}

/* Nobody's script runs with the rights of a role that he cannot become. */
static bool
refuse_untrusted(Mig *m, MigHost *h, MigStr revision, const Stored *s)
{
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

/* Before anything runs: statements that the host could not run alone. */
static bool
check_alone(Mig *m, MigHost *h, MigStr revision, const MigReady *ready)
{
	const MigStatement *items = ready->work.items;

	for (int i = 0; h->ops->check_alone != NULL && i < ready->work.count; i++)
		if (items[i].kind == MIG_STMT_ALONE &&
		    !h->ops->check_alone(h, m, &items[i]))
		{
			MigPlace place = {.revision = revision,
			                  .source = ready->source,
			                  .statement = &items[i]};
			char text[MIG_PLACE_MAX];

			mig_place_text(&place, text, sizeof(text));
			return mig_context(m, "%s", text);
		}
	return true;
}

static bool
refuse_alone(Mig *m, MigStr revision, const MigWork *work)
{
	MigStr head;

	mig_fail(m, MIG_TRANSACTION,
	         "revision \"%.*s\" cannot run inside a transaction",
	         MIG_S(revision));
	/* One that only may refuse it does not say why. */
	if (work->alone != NULL &&
	    mig_statement_kind(m->dialect, work->alone->text) == MIG_STMT_ALONE)
	{
		head = mig_perform_glimpse(work->alone->text);
		mig_detail(m, "This statement refuses a transaction block: %.*s",
		           MIG_S(head));
		mig_at(m, work->alone->pos);
	}
	else
		mig_detail(m, "A section of it says transaction:false.");
	return mig_hint(m, "Use migrate_run(), which commits each revision and"
	                   " runs such statements outside of a transaction.");
}

/* What verifies a revision runs in the transaction that records it. */
static bool
refuse_alone_verify(Mig *m, MigStr revision, const MigWork *work)
{
	for (int i = work->count - work->nverify; i < work->count; i++)
		if (work->items[i].kind == MIG_STMT_ALONE)
		{
			mig_fail(m, MIG_TRANSACTION,
			         "verify section of revision \"%.*s\" has a statement"
			         " that refuses a transaction",
			         MIG_S(revision));
			return mig_at(m, work->items[i].pos);
		}
	return true;
}

/* Read a script back and make its work for one direction, in the arena that
   stored_row() chose. */
static bool
work_read(Mig *m, MigHost *h, MigStr revision, MigSectionKind kind,
          MigTranslator *t, Stored *stored, MigWork *work)
{
	MigScript *script;
	MigStr source;

	stored->in = m;
	if (!h->ops->query(h, m, MIG_Q_SCRIPT, &revision, stored_row, stored))
		return false;
	m = stored->in;
	if (stored->text.at == NULL)
		return mig_fail(m, MIG_STATE, "revision \"%.*s\" is gone",
		                MIG_S(revision));
	source = file_of(stored->source);
	script = mig_script_parse(m, source, stored->text, stored->text);
	if (script == NULL)
		return false;
	if (kind == MIG_DOWN && !mig_script_has(script, m->dialect, MIG_DOWN))
		return refuse_downless(m, revision);
	return t == NULL ? mig_script_work(m, script, m->dialect, kind, work)
	                 : mig_script_work_for(m, script, t, kind, work);
}

static bool
ready_make(Mig *m, MigHost *h, const MigStep *step, MigStr id,
           MigTranslator *t, Stored *stored, MigReady *out)
{
	MigSectionKind kind = step->action == MIG_REVERT ? MIG_DOWN : MIG_UP;

	memset(out, 0, sizeof(*out));
	if (!work_read(m, h, id, kind, t, stored, &out->work))
		return false;
	m = stored->in;
	if (!stored->trusted)
		return refuse_untrusted(m, h, id, stored);
	out->source = file_of(stored->source);
	out->checksum = stored->checksum;
	return refuse_alone_verify(m, id, &out->work);
}

/* One step, in the state's arena while there is room, else in own's. */
static bool
prepare_step(MigPrepared *p, int i, MigScope scope, Mig *own)
{
	MigState *s = p->s;
	const MigStep *step = &p->plan->steps[i];
	MigStr id = s->graph.nodes[step->node].id;
	Stored stored = {
		.kept = s->m, .left = p->left, .versioned = scope == MIG_EACH};
	MigReady ready;
	uint32_t known = p->t->known;
	size_t used;

	if (!ready_make(own, s->h, step, id, p->t, &stored, &ready))
		return false;
	if (scope == MIG_RUN && !ready.work.transactional)
		return refuse_alone(stored.in, id, &ready.work);
	if (scope == MIG_EACH && !check_alone(stored.in, s->h, id, &ready))
		return false;
	p->steps[i].version = ready.version = stored.version;
	p->steps[i].known = known;
	if (stored.in != s->m)
		return true;
	ready.kept = true;
	p->steps[i] = ready;
	used =
		stored.text.len + 2 * sizeof(MigStatement) * (size_t) ready.work.count;
	p->left -= used < p->left ? used : p->left;
	return true;
}

bool
mig_prepare(MigState *s, const MigPlan *plan, MigScope scope, MigPrepared *out)
{
	out->s = s;
	out->plan = plan;
	out->left = MIG_PREPARE_KEEP;
	out->steps =
		mig_alloc_array(s->m, (size_t) plan->count, sizeof(*out->steps));
	out->t = mig_recall_translator(s->m, s->h, s->m->dialect, NULL);
	if (out->steps == NULL || out->t == NULL)
		return false;
	for (int i = 0; i < plan->count; i++)
	{
		Mig own;
		bool ok;

		mig_init(&own, &s->m->memory, s->m->dialect);
		ok = prepare_step(out, i, scope, &own);
		mig_done(&own);
		if (!ok && mig_ok(s->m))
			s->m->status = own.status;
		if (!ok)
			return false;
	}
	return true;
}

bool
mig_prepare_step(const MigPrepared *p, int i, Mig *own, MigReady *out)
{
	const MigStep *step = &p->plan->steps[i];
	Stored stored = {0};

	*out = p->steps[i];
	if (out->kept)
		return true;
	p->t->known = out->known;
	return ready_make(own, p->s->h, step, p->s->graph.nodes[step->node].id,
	                  p->t, &stored, out);
}

static bool
checksum_row(void *arg, Mig *m, const MigStr *cells)
{
	MigStr *checksum = arg;

	*checksum = mig_copy(m, cells[MIG_SC_CHECKSUM]);
	return mig_ok(m);
}

bool
mig_prepare_checksum(Mig *m, MigHost *h, MigStr revision, MigStr *out)
{
	*out = (MigStr){NULL, 0};
	return h->ops->query(h, m, MIG_Q_SCRIPT, &revision, checksum_row, out);
}

bool
mig_prepare_measure(MigState *s, const MigPlan *plan, MigMeasure **out)
{
	*out = mig_alloc_array(s->m, (size_t) plan->count, sizeof(**out));
	if (*out == NULL)
		return false;
	for (int i = 0; i < plan->count; i++)
	{
		const MigStep *step = &plan->steps[i];
		MigSectionKind kind = step->action == MIG_REVERT ? MIG_DOWN : MIG_UP;
		Stored stored = {0};
		MigWork work;
		Mig own;

		mig_init(&own, &s->m->memory, s->m->dialect);
		if (work_read(&own, s->h, s->graph.nodes[step->node].id, kind, NULL,
		              &stored, &work))
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
