#include "private.h"

#include "draw.h"
#include "look.h"
#include "script.h"
#include "store.h"
#include "target.h"
#include "text.h"

typedef struct Body
{
	MigStr text, source;
} Body;

static bool
body_row(void *arg, Mig *m, const MigStr *cells)
{
	Body *b = arg;

	b->text = mig_copy(m, cells[MIG_SC_SCRIPT]);
	b->source = mig_copy(m, cells[MIG_SC_SOURCE]);
	return mig_ok(m);
}

static void
line(MigText *t, const char *name, MigStr value)
{
	if (value.len > 0)
		mig_text_fmt(t, "%-10s %.*s\n", name, MIG_S(value));
}

/* "applied 2026-01-29T04:56:46Z by app in 12 ms" */
static MigStr
state_line(Mig *m, const MigState *s, int32_t node)
{
	const MigMore *more = mig_state_more(s, node);
	const char *state = mig_look_state(s, node);
	MigText t = {m, NULL, 0, 0};
	char time[40];

	mig_text_add(&t, state);
	if (more->applied.at == NULL)
		return mig_text_str(&t);
	if (more->applied_at != MIG_NO_TIME)
		mig_text_fmt(&t, " %.*s", MIG_S(mig_time_iso(more->applied_at, time)));
	mig_text_fmt(&t, " by %.*s", MIG_S(more->applied_by));
	if (more->elapsed >= 0)
		mig_text_fmt(&t, " in %lld ms", (long long) more->elapsed);
	return mig_text_str(&t);
}

static MigStr
place_line(Mig *m, const MigNode *n)
{
	MigText t = {m, NULL, 0, 0};

	if (mig_node_is_head(n))
		mig_text_add(&t, "head ");
	if (mig_node_is_branch_point(n))
		mig_text_add(&t, "branch point ");
	if (mig_node_is_merge_point(n))
		mig_text_add(&t, "merge point");
	return mig_str_trim(mig_text_str(&t));
}

static bool
show_one(MigText *t, MigLook *look, int32_t node)
{
	MigGraph *g = &look->s.graph;
	const MigNode *n = &g->nodes[node];
	const MigMore *more = mig_state_more(&look->s, node);
	Body body = {{NULL, 0}, {NULL, 0}};
	char time[40];

	if (!look->s.h->ops->query(look->s.h, t->m, MIG_Q_SCRIPT, &n->id, body_row,
	                           &body))
		return false;
	line(t, "revision", n->id);
	line(t, "message", mig_state_record(&look->s, node)->message);
	if (n->flags & MIG_NODE_REPEATABLE)
		line(t, "revises", mig_str("nothing: it is repeatable"));
	else
		line(t, "revises",
		     n->ndown > 0 ? mig_graph_list(g, n->down, n->ndown)
		                  : mig_str("base"));
	line(t, "depends", mig_graph_list(g, n->deps, n->ndeps));
	line(t, "followed", mig_graph_list(g, n->up, n->nup));
	line(t, "labels", look->labels[node]);
	line(t, "place", place_line(t->m, n));
	if (more->created != MIG_NO_TIME)
		line(t, "created", mig_time_iso(more->created, time));
	line(t, "state", state_line(t->m, &look->s, node));
	line(t, "checksum", more->checksum);
	line(t, "chain", more->chain);
	line(t, "source", body.source);
	mig_text_add(t, "\n");
	mig_text_str_add(t, body.text);
	return mig_ok(t->m);
}

static bool
show_all(MigCall *c, MigLook *look)
{
	MigText t = {c->m, NULL, 0, 0};
	int32_t *nodes;
	int count;

	look->labels = mig_graph_labels(&look->s.graph);
	if (look->labels == NULL ||
	    !mig_target_list(&look->s.graph, c->args[0].text, &nodes, &count))
		return false;
	for (int i = 0; i < count; i++)
	{
		if (i > 0)
			mig_text_add(&t, "\n");
		if (!show_one(&t, look, nodes[i]))
			return false;
	}
	c->result = mig_value_text(mig_text_str(&t));
	return mig_ok(c->m);
}

bool
mig_call_show(MigCall *c)
{
	MigStr none = {NULL, 0};
	MigLook *look = mig_look_begin(c, none, MIG_LOAD_ALL);

	return look != NULL && mig_look_end(c, show_all(c, look));
}

static bool
script_one(MigCall *c, MigLook *look)
{
	Body body = {{NULL, 0}, {NULL, 0}};
	int32_t node;

	if (!mig_target_one(&look->s.graph, c->args[0].text, &node))
		return false;
	if (node < 0)
		return mig_fail(c->m, MIG_TARGET, "\"%.*s\" names no revision",
		                MIG_S(c->args[0].text));
	if (!c->host->ops->query(c->host, c->m, MIG_Q_SCRIPT,
	                         &look->s.graph.nodes[node].id, body_row, &body))
		return false;
	c->result = mig_value_text(body.text);
	return true;
}

bool
mig_call_script(MigCall *c)
{
	MigStr none = {NULL, 0};
	MigLook *look = mig_look_begin(c, none, MIG_LOAD_GRAPH);

	return look != NULL && mig_look_end(c, script_one(c, look));
}

/* "2026-01-29", for the pictures. */
static MigStr
day_of(Mig *m, int64_t time)
{
	char iso[40];
	MigStr none = {NULL, 0};
	MigStr day;

	if (time == MIG_NO_TIME)
		return none;
	day = mig_time_iso(time, iso);
	day.len = 10;
	return mig_copy(m, day);
}

static bool
graph_all(MigCall *c, MigLook *look)
{
	MigGraph *g = &look->s.graph;
	size_t count = (size_t) g->count;
	MigStr *messages = mig_alloc_array(c->m, count, sizeof(MigStr));
	MigStr *created = mig_alloc_array(c->m, count, sizeof(MigStr));
	MigStr *labels = mig_alloc_array(c->m, count, sizeof(MigStr));
	MigDrawing drawing = {messages, created, labels};
	MigStr out;

	if (messages == NULL || created == NULL || labels == NULL)
		return false;
	for (int32_t n = 0; n < g->count; n++)
	{
		messages[n] = mig_state_record(&look->s, n)->message;
		created[n] = day_of(c->m, mig_state_more(&look->s, n)->created);
		labels[n] = g->nodes[n].labels;
	}
	if (!mig_ok(c->m) || !mig_draw(g, &drawing, c->args[0].text, &out))
		return false;
	c->result = mig_value_text(out);
	return true;
}

bool
mig_call_graph(MigCall *c)
{
	MigStr none = {NULL, 0};
	MigLook *look = mig_look_begin(c, none, MIG_LOAD_ALL);

	return look != NULL && mig_look_end(c, graph_all(c, look));
}

/* "heads" names all that a database can have: what is repeatable too. */
static bool
add_repeatable(MigGraph *g, int32_t **nodes, int *count)
{
	int32_t *all = mig_alloc_array(g->m, (size_t) g->count, sizeof(*all));
	int n = 0;

	if (all == NULL)
		return false;
	for (int i = 0; i < *count; i++)
		all[n++] = (*nodes)[i];
	for (int32_t i = 0; i < g->count; i++)
		if (g->nodes[i].flags & MIG_NODE_REPEATABLE)
			all[n++] = i;
	*nodes = all;
	*count = n;
	return true;
}

static bool
fingerprint(MigCall *c, MigLook *look)
{
	MigGraph *g = &look->s.graph;
	MigStr *chains = mig_alloc_array(c->m, (size_t) g->count, sizeof(MigStr));
	int32_t *nodes;
	int count;

	if (chains == NULL || !mig_target_list(g, c->args[0].text, &nodes, &count))
		return false;
	if (mig_str_is(c->args[0].text, "heads") &&
	    !add_repeatable(g, &nodes, &count))
		return false;
	for (int32_t n = 0; n < g->count; n++)
		chains[n] = mig_state_more(&look->s, n)->chain;
	c->result =
		mig_value_text(mig_store_fingerprint(c->m, chains, nodes, count));
	return mig_ok(c->m);
}

bool
mig_call_fingerprint(MigCall *c)
{
	MigStr none = {NULL, 0};
	MigLook *look = mig_look_begin(c, none, MIG_LOAD_ALL);

	return look != NULL && mig_look_end(c, fingerprint(c, look));
}
