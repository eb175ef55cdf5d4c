#include "private.h"

#include "look.h"
#include "run.h"
#include "script.h"
#include "target.h"
#include "text.h"

MigValue
mig_value_text(MigStr s)
{
	MigValue v = {s.at == NULL, s, 0};

	return v;
}

MigValue
mig_value_int(int64_t n)
{
	MigValue v = {false, {NULL, 0}, n};

	return v;
}

MigValue
mig_value_bool(bool b)
{
	return mig_value_int(b);
}

MigValue
mig_value_time(int64_t t)
{
	MigValue v = mig_value_int(t);

	v.null = t == MIG_NO_TIME;
	return v;
}

MigLook *
mig_look_begin(MigCall *c, MigStr schema, MigLoad how)
{
	MigLook *look = mig_alloc(c->m, sizeof(*look));

	if (look == NULL || !c->host->ops->begin(c->host, c->m, MIG_READ, schema))
		return NULL;
	c->rows = look;
	if (mig_state_init(&look->s, c->m, c->host) &&
	    mig_state_load(&look->s, how))
		return look;
	mig_look_end(c, false);
	return NULL;
}

bool
mig_look_end(MigCall *c, bool ok)
{
	return c->host->ops->end(c->host, c->m, ok) && ok;
}

const char *
mig_look_state(const MigState *s, int32_t node)
{
	const MigMore *more = mig_state_more(s, node);

	if (more->applied.at == NULL)
		return "pending";
	return mig_str_eq(more->applied, more->checksum) ? "applied" : "changed";
}

/* Labels in effect, for the rows. */
static bool
read_labels(MigLook *look)
{
	look->labels = mig_graph_labels(&look->s.graph);
	return look->labels != NULL;
}

static MigStr
parents_of(MigLook *look, int32_t node)
{
	const MigNode *n = &look->s.graph.nodes[node];

	return mig_graph_list(&look->s.graph, n->down, n->ndown);
}

static MigStr
depends_of(MigLook *look, int32_t node)
{
	const MigNode *n = &look->s.graph.nodes[node];

	return mig_graph_list(&look->s.graph, n->deps, n->ndeps);
}

/* ------------------------------------------------------------------ plan */

static bool
plan_row(MigCall *c, int64_t i, MigValue *cells)
{
	MigLook *look = c->rows;
	const MigStep *step = &look->plan.steps[i];
	bool runs = step->action == MIG_APPLY;
	const MigMeasure *measure;
	const MigRecord *r;
	MigMeasure own;

	cells[0] = mig_value_int(i + 1);
	cells[1] = mig_value_text(mig_str(mig_action_name(step->action)));
	cells[2] = mig_value_text(look->s.graph.nodes[step->node].id);
	if (look->s.records == NULL)
		return true; /* nobody wants the rest */
	r = mig_state_record(&look->s, step->node);
	own = (MigMeasure){r->transactional, runs ? r->statements : 0};
	measure = look->measures != NULL ? &look->measures[i] : &own;
	cells[3] = mig_value_text(r->message);
	cells[4] = mig_value_bool(measure->transactional);
	cells[5] = mig_value_int(measure->statements);
	return true;
}

/* Columns message, transactional, statements. */
#define PLAN_DETAILS (7u << 3)

static bool
plan_make(MigCall *c, MigLook *look, MigStr target, MigStr action)
{
	MigGraph *g = &look->s.graph;

	if (!mig_state_refuse_lost(&look->s))
		return false;
	if (mig_str_is(action, "apply"))
		return mig_plan_apply(g, target, &look->plan);
	if (mig_str_is(action, "stamp"))
		return mig_plan_stamp(g, target, false, &look->plan);
	if (mig_str_is(action, "revert"))
		return mig_plan_revert(g, target, &look->plan) &&
		       mig_prepare_measure(&look->s, &look->plan, &look->measures);
	mig_fail(c->m, MIG_ARGUMENT, "action \"%.*s\" does not exist",
	         MIG_S(action));
	return mig_hint(c->m, "Write 'apply', 'revert' or 'stamp'.");
}

bool
mig_call_plan(MigCall *c)
{
	bool bare = (c->unwanted & PLAN_DETAILS) == PLAN_DETAILS;
	MigLook *look = mig_look_begin(c, c->args[2].text,
	                               bare ? MIG_LOAD_IDS : MIG_LOAD_GRAPH);

	if (look == NULL ||
	    !mig_look_end(c, plan_make(c, look, c->args[0].text, c->args[1].text)))
		return false;
	c->nrows = look->plan.count;
	c->row = plan_row;
	return true;
}

/* ---------------------------------------------------------------- status */

/* A revision that is applied, but unknown. */
static void
lost_row(const MigLost *lost, MigValue *cells)
{
	MigStr none = {NULL, 0};

	for (int i = 1; i < 5; i++)
		cells[i] = mig_value_text(none);
	cells[0] = mig_value_text(lost->revision);
	cells[5] = mig_value_text(mig_str("missing"));
	cells[6] = mig_value_bool(false);
	cells[7] = mig_value_time(lost->applied_at);
	cells[8] = mig_value_text(lost->applied_by);
	cells[9] = mig_value_int(lost->elapsed);
	cells[9].null = lost->elapsed < 0;
}

static bool
status_row(MigCall *c, int64_t i, MigValue *cells)
{
	MigLook *look = c->rows;
	const MigGraph *g = &look->s.graph;
	const MigMore *more;
	int32_t n;

	if (i >= g->count)
	{
		lost_row(&look->s.lost[i - g->count], cells);
		return true;
	}
	n = g->order[i];
	more = mig_state_more(&look->s, n);
	cells[0] = mig_value_text(g->nodes[n].id);
	cells[1] = mig_value_text(parents_of(look, n));
	cells[2] = mig_value_text(depends_of(look, n));
	cells[3] = mig_value_text(look->labels[n]);
	cells[4] = mig_value_text(mig_state_record(&look->s, n)->message);
	cells[5] = mig_value_text(mig_str(mig_look_state(&look->s, n)));
	cells[6] = mig_value_bool(mig_node_is_head(&g->nodes[n]));
	cells[7] = mig_value_time(more->applied_at);
	cells[8] = mig_value_text(more->applied_by);
	cells[9] = mig_value_int(more->elapsed);
	cells[9].null = more->elapsed < 0;
	return mig_ok(c->m);
}

bool
mig_call_status(MigCall *c)
{
	MigLook *look = mig_look_begin(c, c->args[0].text, MIG_LOAD_ALL);

	if (look == NULL || !mig_look_end(c, read_labels(look)))
		return false;
	c->nrows = (int64_t) look->s.graph.count + look->s.nlost;
	c->row = status_row;
	return true;
}

/* ------------------------------------- current, heads, bases, branches */

/* One row: revision, message, labels, and for current is_head. */
static bool
node_row(MigCall *c, int64_t i, MigValue *cells)
{
	MigLook *look = c->rows;
	int32_t n = look->nodes[i];
	const MigNode *node = &look->s.graph.nodes[n];

	cells[0] = mig_value_text(node->id);
	cells[1] = mig_value_text(mig_state_record(&look->s, n)->message);
	cells[2] = mig_value_text(look->labels[n]);
	if (mig_function_ncolumns(c->function) > 3)
		cells[3] = mig_value_bool(mig_node_is_head(node));
	return true;
}

/* Those nodes, in the order of their ids, of which `wanted` holds. */
static bool
select_nodes(MigCall *c, MigStr schema,
             bool (*wanted)(const MigGraph *g, const MigNode *n))
{
	MigLook *look = mig_look_begin(c, schema, MIG_LOAD_GRAPH);
	MigGraph *g;

	if (look == NULL || !mig_look_end(c, read_labels(look)))
		return false;
	g = &look->s.graph;
	look->nodes =
		mig_alloc_array(c->m, (size_t) g->count, sizeof(*look->nodes));
	if (look->nodes == NULL)
		return false;
	for (int32_t n = 0; n < g->count; n++)
		if (wanted(g, &g->nodes[n]))
			look->nodes[c->nrows++] = n;
	c->row = node_row;
	return true;
}

/* Applied, and nothing that revises it is. */
static bool
is_current(const MigGraph *g, const MigNode *n)
{
	if (!(n->flags & MIG_NODE_APPLIED) || n->flags & MIG_NODE_REPEATABLE)
		return false;
	for (int32_t e = 0; e < n->nup; e++)
		if (g->nodes[g->edges[n->up + e]].flags & MIG_NODE_APPLIED)
			return false;
	return true;
}

static bool
is_head(const MigGraph *g, const MigNode *n)
{
	(void) g;
	return mig_node_is_head(n);
}

static bool
is_base(const MigGraph *g, const MigNode *n)
{
	(void) g;
	return mig_node_is_base(n);
}

static bool
is_branch_point(const MigGraph *g, const MigNode *n)
{
	(void) g;
	return mig_node_is_branch_point(n);
}

static const MigStr no_schema = {NULL, 0};

bool
mig_call_current(MigCall *c)
{
	return select_nodes(c, c->args[0].text, is_current);
}

bool
mig_call_heads(MigCall *c)
{
	return select_nodes(c, no_schema, is_head);
}

bool
mig_call_bases(MigCall *c)
{
	return select_nodes(c, no_schema, is_base);
}

bool
mig_call_branches(MigCall *c)
{
	return select_nodes(c, no_schema, is_branch_point);
}

/* --------------------------------------------------------------- history */

static bool
history_row(MigCall *c, int64_t i, MigValue *cells)
{
	MigLook *look = c->rows;
	int32_t n = look->nodes[i];
	const MigNode *node = &look->s.graph.nodes[n];

	cells[0] = mig_value_text(node->id);
	cells[1] = mig_value_text(parents_of(look, n));
	cells[2] = mig_value_text(depends_of(look, n));
	cells[3] = mig_value_text(look->labels[n]);
	cells[4] = mig_value_text(mig_state_record(&look->s, n)->message);
	cells[5] = mig_value_time(mig_state_more(&look->s, n)->created);
	cells[6] = mig_value_bool(mig_node_is_head(node));
	cells[7] = mig_value_bool(mig_node_is_branch_point(node));
	cells[8] = mig_value_bool(mig_node_is_merge_point(node));
	return mig_ok(c->m);
}

bool
mig_call_history(MigCall *c)
{
	MigLook *look = mig_look_begin(c, no_schema, MIG_LOAD_ALL);
	int count = 0;

	if (look == NULL)
		return false;
	if (!mig_look_end(c, read_labels(look) &&
	                         mig_plan_history(&look->s.graph, c->args[0].text,
	                                          &look->nodes, &count)))
		return false;
	c->nrows = count;
	c->row = history_row;
	return true;
}
