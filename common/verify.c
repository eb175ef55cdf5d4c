#include "private.h"

#include "partial.h"
#include "script.h"
#include "store.h"
#include "text.h"
#include "verify.h"

typedef struct Problem
{
	MigStr revision;
	const char *name;
	MigStr detail;
} Problem;

typedef struct Verify
{
	MigCall *c;
	MigLook *look;
	Problem *items;
	int count;
	size_t room;
	MigStr *checksums; /* of the scripts as they are, by tag */
	MigPartials partials;
} Verify;

static bool
add(Verify *v, MigStr revision, const char *name, MigStr detail)
{
	Problem *p = mig_grow(v->c->m, v->items, (size_t) v->count, &v->room,
	                      (size_t) v->count + 1, sizeof(*p));

	if (p == NULL || detail.at == NULL)
		return false;
	v->items = p;
	p += v->count++;
	p->revision = revision;
	p->name = name;
	p->detail = detail;
	return true;
}

/* The checksum that the stored script really has. */
static bool
script_row(void *arg, Mig *m, const MigStr *cells)
{
	Verify *v = arg;
	int32_t n = mig_graph_find(&v->look->s.graph, cells[MIG_SS_REVISION]);
	MigStr *sum;
	MigScript *script;
	Mig own;

	if (n < 0)
		return true;
	sum = &v->checksums[v->look->s.graph.nodes[n].tag];
	mig_init(&own, &m->memory, m->dialect);
	script = mig_script_parse(&own, mig_str(""), cells[MIG_SS_SCRIPT],
	                          cells[MIG_SS_SCRIPT]);
	if (script != NULL)
		*sum = mig_hex(m, script->checksum, MIG_DIGEST_SIZE);
	else if (own.status.code != MIG_NOMEM)
		*sum = mig_str("?");
	mig_done(&own);
	return sum->at != NULL || mig_fail(m, MIG_NOMEM, "out of memory");
}

static bool
check_changed(Verify *v, int32_t n)
{
	const MigMore *more = mig_state_more(&v->look->s, n);
	MigText t = {v->c->m, NULL, 0, 0};

	if (more->applied.at == NULL || mig_str_eq(more->applied, more->checksum))
		return true;
	mig_text_fmt(&t, "applied with checksum %.*s, stored is %.*s",
	             MIG_S(more->applied), MIG_S(more->checksum));
	return add(v, v->look->s.graph.nodes[n].id, "changed", mig_text_str(&t));
}

static bool
check_gap(Verify *v, int32_t n)
{
	const MigGraph *g = &v->look->s.graph;
	const MigNode *node = &g->nodes[n];
	MigText t = {v->c->m, NULL, 0, 0};

	if (!(node->flags & MIG_NODE_APPLIED))
		return true;
	for (int32_t e = 0; e < node->ndown + node->ndeps; e++)
	{
		int32_t below =
			g->edges[e < node->ndown ? node->down + e
		                             : node->deps + e - node->ndown];

		if (g->nodes[below].flags & MIG_NODE_APPLIED)
			continue;
		mig_text_fmt(&t, "applied, but \"%.*s\", which it %s, is not",
		             MIG_S(g->nodes[below].id),
		             e < node->ndown ? "revises" : "depends on");
		return add(v, node->id, "gap", mig_text_str(&t));
	}
	return true;
}

static bool
check_chain(Verify *v, int32_t n, MigStr chain)
{
	const MigMore *more = mig_state_more(&v->look->s, n);
	const MigNode *node = &v->look->s.graph.nodes[n];
	MigStr sum = v->checksums[node->tag];

	if (!mig_str_eq(sum, more->checksum))
		return add(v, node->id, "chain",
		           mig_str("the stored checksum is not that of the script"));
	if (!mig_str_eq(chain, more->chain))
		return add(v, node->id, "chain",
		           mig_str("the stored chain hash is not that of the"
		                   " revision and what is below it"));
	return true;
}

/* Statement by statement, and cut off between two. */
static bool
check_unfinished(Verify *v, MigStr revision, int statements)
{
	MigProgress at = mig_partial_of(&v->partials, revision);
	MigText t = {v->c->m, NULL, 0, 0};

	if (!at.any)
		return true;
	if (at.revert)
		mig_text_fmt(&t, "%d statements of its down sections are done",
		             (int) at.finished);
	else if (statements >= 0)
		mig_text_fmt(&t, "%d of %d statements are done", (int) at.finished,
		             statements);
	else
		mig_text_fmt(&t, "%d statements are done, but no script is known",
		             (int) at.finished);
	return add(v, revision, "unfinished", mig_text_str(&t));
}

/* Half done, and the script is gone. */
static bool
check_orphans(Verify *v)
{
	for (int32_t i = 0; i < v->partials.count; i++)
	{
		const MigPartial *p = &v->partials.items[i];

		if ((i == 0 || !mig_str_eq(p[-1].revision, p->revision)) &&
		    mig_graph_find(&v->look->s.graph, p->revision) < 0 &&
		    !check_unfinished(v, p->revision, -1))
			return false;
	}
	return true;
}

static bool
check_lost(Verify *v)
{
	for (int32_t i = 0; i < v->look->s.nlost; i++)
		if (!add(v, v->look->s.lost[i].revision, "missing",
		         mig_str("applied, but no script is known")))
			return false;
	return true;
}

/* Everything, in graph order; what is missing comes last. */
static bool
verify_all(Verify *v)
{
	MigGraph *g = &v->look->s.graph;
	MigHost *h = v->c->host;
	MigStr *chains;

	v->checksums = mig_alloc_array(v->c->m, (size_t) g->count, sizeof(MigStr));
	if (v->checksums == NULL ||
	    (!h->empty &&
	     !h->ops->query(h, v->c->m, MIG_Q_SCRIPTS, NULL, script_row, v)) ||
	    !mig_partial_load(v->c->m, h, (MigStr){NULL, 0}, &v->partials))
		return false;
	chains = mig_store_chains(g, v->checksums);
	if (chains == NULL)
		return false;
	for (int32_t i = 0; i < g->count; i++)
	{
		int32_t n = g->order[i];

		if (!check_changed(v, n) || !check_gap(v, n) ||
		    !check_chain(v, n, chains[n]) ||
		    !check_unfinished(v, g->nodes[n].id,
		                      mig_state_record(&v->look->s, n)->statements))
			return false;
	}
	return check_orphans(v) && check_lost(v);
}

static bool
verify_row(MigCall *c, int64_t i, MigValue *cells)
{
	Verify *v = c->rows;

	cells[0] = mig_value_text(v->items[i].revision);
	cells[1] = mig_value_text(mig_str(v->items[i].name));
	cells[2] = mig_value_text(v->items[i].detail);
	return true;
}

static Verify *
verify(MigCall *c)
{
	Verify *v = mig_alloc(c->m, sizeof(*v));

	if (v == NULL)
		return NULL;
	v->c = c;
	v->look = mig_look_begin(c, c->args[0].text, MIG_LOAD_ALL);
	if (v->look == NULL || !mig_look_end(c, verify_all(v)))
		return NULL;
	c->rows = v;
	return v;
}

bool
mig_call_verify(MigCall *c)
{
	Verify *v = verify(c);

	if (v == NULL)
		return false;
	c->nrows = v->count;
	c->row = verify_row;
	return true;
}

/* The first few pending revisions, for the error. */
static int
pending(const Verify *v, MigText *names)
{
	const MigGraph *g = &v->look->s.graph;
	int count = 0;

	for (int32_t i = 0; i < g->count; i++)
	{
		const MigNode *n = &g->nodes[g->order[i]];

		if (n->flags & MIG_NODE_APPLIED)
			continue;
		if (count < 5)
			mig_text_fmt(names, "%s\"%.*s\"", count > 0 ? ", " : "",
			             MIG_S(n->id));
		count++;
	}
	if (count > 5)
		mig_text_fmt(names, " and %d more", count - 5);
	return count;
}

bool
mig_call_check(MigCall *c)
{
	Verify *v = verify(c);
	MigText names = {c->m, NULL, 0, 0};
	int count;

	if (v == NULL)
		return false;
	if (v->count > 0)
	{
		mig_fail(c->m, MIG_STATE, "%d %s found by migrate_verify()", v->count,
		         v->count == 1 ? "problem was" : "problems were");
		return mig_detail(c->m, "Revision \"%.*s\": %.*s.",
		                  MIG_S(v->items[0].revision),
		                  MIG_S(v->items[0].detail));
	}
	count = pending(v, &names);
	if (count > 0 && mig_ok(c->m))
	{
		MigStr list = mig_text_str(&names);

		mig_fail(c->m, MIG_STATE, "%d %s pending", count,
		         count == 1 ? "revision is" : "revisions are");
		mig_detail(c->m, "Not applied: %.*s.", MIG_S(list));
		return mig_hint(c->m, "Apply with migrate_apply('heads').");
	}
	c->result.number = 0;
	return mig_ok(c->m);
}
