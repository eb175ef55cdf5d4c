#include "private.h"

#include "recall.h"
#include "script.h"

/* The statements of one section. */
static bool
learn_section(MigTranslator *t, const MigScript *s, const MigSection *section)
{
	bool both = section->target == MIG_FOR_BOTH;
	MigStatements all;
	bool ok = true;

	if (!mig_split_from(t->m, both ? mig_dialect_either(t->target) : t->target,
	                    section->from, s->whole, section->body, &all))
		return false;
	t->from = both ? MIG_FOR_BOTH : t->target->id;
	for (int i = 0; ok && i < all.count; i++)
		ok = mig_translator_learn(t, &all.items[i]);
	t->from = MIG_FOR_BOTH;
	return ok;
}

/* A script that was stored reads; if it does not, its own run says so. */
static bool
script_row(void *arg, Mig *m, const MigStr *cells)
{
	MigTranslator *t = arg;
	MigScript *s;
	Mig own;
	bool ok = true;

	mig_init(&own, &m->memory, m->dialect);
	t->m = &own;
	s = mig_script_parse(&own, mig_str(""), cells[0], cells[0]);
	for (int i = 0; ok && s != NULL && i < s->nsections; i++)
		if (s->sections[i].kind == MIG_UP &&
		    (s->sections[i].target == MIG_FOR_BOTH ||
		     s->sections[i].target == t->target->id))
			ok = learn_section(t, s, &s->sections[i]);
	t->m = m;
	if (own.status.code == MIG_NOMEM)
		mig_fail(m, MIG_NOMEM, "out of memory");
	mig_done(&own);
	return mig_ok(m);
}

static bool
recall_from(MigTranslator *t, MigStr key, MigStr name)
{
	MigHost *h = t->context;
	MigStr args[2] = {key, name};

	return h->empty ||
	       h->ops->query(h, t->m, MIG_Q_SCRIPTS_NAMING, args, script_row, t);
}

static bool
recall_applied(MigTranslator *t, MigStr name)
{
	return recall_from(t, ((MigHost *) t->context)->key, name);
}

static bool
recall_all(MigTranslator *t, MigStr name)
{
	return recall_from(t, (MigStr){NULL, 0}, name);
}

MigTranslator *
mig_recall_translator(Mig *m, MigHost *h, const MigDialect *target, bool all)
{
	MigTranslator *t = mig_alloc(m, sizeof(*t));

	if (t == NULL)
		return NULL;
	mig_translator_init(t, m, target);
	t->recall = all ? recall_all : recall_applied;
	t->context = h;
	t->ahead = all;
	return t;
}
