#include "private.h"

#include "ddl.h"
#include "rebuild.h"
#include "recall.h"
#include "script.h"
#include "state.h"

/* What a recalling translator keeps. */
typedef struct Recall
{
	MigHost *h;
	const MigGraph *presumed;
	const MigGraph *graph; /* where a revision stands; NULL: not read yet */
} Recall;

/* A script that has to be learned. */
typedef struct Found
{
	MigStr revision;
	int64_t at; /* when it was applied; MIG_NO_TIME if that is presumed */
	int32_t place;
} Found;

typedef struct Search
{
	Mig *m;
	Recall *r;
	MigTranslator *past;
	MigStr *names; /* what was asked for, and what that was called before */
	size_t nnames, name_room;
	MigStr name; /* the one that is looked for */
	Found *found;
	size_t count, room;
	MigMap known; /* revisions that are found */
} Search;

/* ---------------------------------------------------------------- scripts */

typedef bool (*StatementFn)(void *arg, MigTranslator *t,
                            const MigStatement *statement);

static bool
each_in_section(MigTranslator *t, const MigScript *s,
                const MigSection *section, StatementFn fn, void *arg)
{
	bool both = section->target == MIG_FOR_BOTH;
	MigStatements all;
	bool ok = true;

	if (!mig_split_from(t->m, both ? mig_dialect_either(t->target) : t->target,
	                    section->from, s->whole, section->body, &all))
		return false;
	t->from = both ? MIG_FOR_BOTH : t->target->id;
	for (int i = 0; ok && i < all.count; i++)
		ok = fn(arg, t, &all.items[i]);
	t->from = MIG_FOR_BOTH;
	return ok;
}

/* Each statement of the up sections, in memory that goes again. A script that
   was stored reads; if it does not, its own run says so. */
static bool
each_statement(MigTranslator *t, Mig *m, MigStr text, StatementFn fn,
               void *arg)
{
	MigScript *s;
	Mig own;
	bool ok = true;

	mig_init(&own, &m->memory, m->dialect);
	t->m = &own;
	s = mig_script_parse(&own, mig_str(""), text, text);
	for (int i = 0; ok && s != NULL && i < s->nsections; i++)
		if (s->sections[i].kind == MIG_UP &&
		    (s->sections[i].target == MIG_FOR_BOTH ||
		     s->sections[i].target == t->target->id))
			ok = each_in_section(t, s, &s->sections[i], fn, arg);
	t->m = m;
	if (own.status.code == MIG_NOMEM)
		mig_fail(m, MIG_NOMEM, "out of memory");
	mig_done(&own);
	return mig_ok(m);
}

/* ---------------------------------------------------------------- search */

static bool
is_presumed(const MigGraph *g, MigStr revision)
{
	int32_t n = mig_graph_find(g, revision);

	return n >= 0 && g->nodes[n].flags & MIG_NODE_APPLIED;
}

/* A name to look for, once. */
static bool
name_add(Search *s, MigStr name)
{
	MigStr *names;

	for (size_t i = 0; i < s->nnames; i++)
		if (mig_name_same(s->names[i], name))
			return true;
	names = mig_grow(s->m, s->names, s->nnames, &s->name_room, s->nnames + 1,
	                 sizeof(*names));
	if (names == NULL)
		return false;
	s->names = names;
	names[s->nnames++] = mig_copy(s->m, name);
	return mig_ok(s->m);
}

/* What was called something else before was made under that name. */
static bool
old_name(void *arg, MigTranslator *t, const MigStatement *statement)
{
	Search *s = arg;
	MigStr old;

	return mig_translator_renames(t, statement, s->name, &old) &&
	       (old.at == NULL || name_add(s, old));
}

static bool
found_row(void *arg, Mig *m, const MigStr *cells)
{
	Search *s = arg;
	Found *found;

	if (s->r->presumed != NULL && !is_presumed(s->r->presumed, cells[0]))
		return true;
	if (cells[2].at != NULL &&
	    !each_statement(s->past, m, cells[2], old_name, s))
		return false;
	if (mig_map_get(&s->known, cells[0]) >= 0)
		return true;
	found = mig_grow(m, s->found, s->count, &s->room, s->count + 1,
	                 sizeof(*found));
	if (found == NULL)
		return false;
	s->found = found;
	found += s->count++;
	found->revision = mig_copy(m, cells[0]);
	found->at = mig_cell_time(cells[1]);
	found->place = 0;
	return mig_ok(m) && mig_map_put(m, &s->known, found->revision, 0) >= 0;
}

static bool
search(Search *s, MigStr name)
{
	MigHost *h = s->r->h;
	MigStr none = {NULL, 0};
	MigStr args[2] = {s->r->presumed != NULL ? none : h->key, name};

	if (!mig_map_init(s->m, &s->known, 16) || !name_add(s, name))
		return false;
	for (size_t i = 0; i < s->nnames; i++)
	{
		args[1] = s->name = s->names[i];
		if (!h->ops->query(h, s->m, MIG_Q_SCRIPTS_NAMING, args, found_row, s))
			return false;
	}
	return true;
}

/* ----------------------------------------------------------------- order */

static int
by_time(const void *context, int32_t a, int32_t b)
{
	const Found *x = (const Found *) context + a;
	const Found *y = (const Found *) context + b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static bool
sort(Search *s)
{
	int32_t *order = mig_alloc_array(s->m, s->count, sizeof(*order));
	Found *sorted = mig_alloc_array(s->m, s->count, sizeof(*sorted));

	if (order == NULL || sorted == NULL)
		return false;
	for (size_t i = 0; i < s->count; i++)
		order[i] = (int32_t) i;
	if (!mig_sort(s->m, order, s->count, by_time, s->found))
		return false;
	for (size_t i = 0; i < s->count; i++)
		sorted[i] = s->found[order[i]];
	s->found = sorted;
	return true;
}

/* The graph of a run may hold only what is new. */
static bool
graph_read(Recall *r, Mig *m)
{
	MigState *state = mig_alloc(m, sizeof(*state));

	if (state == NULL || !mig_state_init(state, m, r->h) ||
	    !mig_state_load(state, MIG_LOAD_IDS))
		return false;
	r->graph = &state->graph;
	return true;
}

static bool
places(Search *s, Mig *keep)
{
	const MigGraph *g;
	int32_t *place;

	if (s->r->graph == NULL && !graph_read(s->r, keep))
		return false;
	g = s->r->graph;
	place = mig_alloc_array(s->m, (size_t) g->count, sizeof(*place));
	if (place == NULL)
		return false;
	for (int32_t i = 0; i < g->count; i++)
		place[g->order[i]] = i;
	for (size_t i = 0; i < s->count; i++)
	{
		int32_t n = mig_graph_find(g, s->found[i].revision);

		s->found[i].place = n < 0 ? -1 : place[n];
	}
	return true;
}

/* In the order in which they were applied; those of one moment parents
   first. */
static bool
put_in_order(Search *s, Mig *keep)
{
	bool tied = false;

	if (!sort(s))
		return false;
	for (size_t i = 1; i < s->count; i++)
		tied |= s->found[i].at == s->found[i - 1].at;
	return !tied || (places(s, keep) && sort(s));
}

/* ----------------------------------------------------------------- learn */

static bool
learn(void *arg, MigTranslator *t, const MigStatement *statement)
{
	(void) arg;
	return mig_translator_learn(t, statement);
}

static bool
script_row(void *arg, Mig *m, const MigStr *cells)
{
	return each_statement(arg, m, cells[MIG_SC_SCRIPT], learn, NULL);
}

typedef struct Stored
{
	MigStr type, labels;
} Stored;

static bool
stored_row(void *arg, Mig *m, const MigStr *cells)
{
	Stored *s = arg;
	MigStr sql = mig_copy(m, cells[0]);

	return mig_ok(m) && mig_rebuild_labels(m, sql, s->type, &s->labels);
}

/* Labels as columns of the type have them: no down section takes one away, so
   there may be some that only revisions have made which are no longer
   applied. */
static bool
learn_stored(Search *s, MigStr name)
{
	MigHost *h = s->r->h;
	Stored stored = {name, {NULL, 0}};

	if (s->r->presumed != NULL || s->past->target != &mig_sqlite ||
	    !mig_translator_knows_enum(s->past, name))
		return mig_ok(s->m);
	return h->ops->query(h, s->m, MIG_Q_TABLES_NAMING, &name, stored_row,
	                     &stored) &&
	       (stored.labels.at == NULL ||
	        mig_translator_learn_labels(s->past, name, stored.labels));
}

static bool
recall(MigTranslator *t, MigStr name, MigTranslator *past)
{
	Search s = {.m = past->m, .r = t->context, .past = past};
	MigHost *h = s.r->h;

	if (h->empty)
		return true;
	if (!search(&s, name) || !put_in_order(&s, t->keep))
		return false;
	for (size_t i = 0; i < s.count; i++)
		if (!h->ops->query(h, s.m, MIG_Q_SCRIPT, &s.found[i].revision,
		                   script_row, past))
			return false;
	return learn_stored(&s, name);
}

MigTranslator *
mig_recall_translator(Mig *m, MigHost *h, const MigDialect *target,
                      const MigGraph *presumed)
{
	MigTranslator *t = mig_alloc(m, sizeof(*t));
	Recall *r = mig_alloc(m, sizeof(*r));

	if (t == NULL || r == NULL)
		return NULL;
	*r = (Recall){h, presumed, presumed};
	mig_translator_init(t, m, target);
	t->recall = recall;
	t->context = r;
	t->release = presumed == NULL ? h->release : 0;
	return t;
}
