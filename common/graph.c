#include "private.h"

#include "reach.h"
#include "text.h"

/* So that twice the count and a few more fit a number of a node. */
#define NODES_MAX (INT32_MAX / 4)

bool
mig_graph_init(Mig *m, MigGraph *g, size_t expected)
{
	memset(g, 0, sizeof(*g));
	g->m = m;
	g->blamed = -1;
	g->nodes = mig_alloc_array(m, expected, sizeof(MigNode));
	g->room = expected;
	return g->nodes != NULL;
}

/* How many words a list can have at most: enough to size the edges. */
static size_t
list_length(MigStr list)
{
	size_t n = list.len > 0;

	for (size_t i = 0; i < list.len; i++)
		n += list.at[i] <= ' ' || list.at[i] == ',';
	return n;
}

/* Room for one more node at the end. */
static MigNode *
node_new(MigGraph *g)
{
	MigNode *nodes;

	if (g->count >= NODES_MAX)
	{
		mig_fail(g->m, MIG_NOMEM, "out of memory");
		return NULL;
	}
	nodes = mig_grow(g->m, g->nodes, (size_t) g->count, &g->room,
	                 (size_t) g->count + 1, sizeof(MigNode));
	if (nodes == NULL)
		return NULL;
	g->nodes = nodes;
	return &nodes[g->count++];
}

bool
mig_graph_add(MigGraph *g, MigStr id, MigStr revises, MigStr depends,
              MigStr labels, int32_t tag)
{
	MigNode *n = node_new(g);

	if (n == NULL)
		return false;
	n->id = id;
	n->flags = 0;
	if (mig_str_is(revises, "*"))
	{
		n->flags = MIG_NODE_REPEATABLE;
		revises = (MigStr){NULL, 0};
	}
	n->revises = revises;
	n->depends = depends;
	n->labels = labels;
	n->tag = tag;
	if (g->count > 1 && mig_str_cmp(n[-1].id, id) >= 0)
		g->unsorted = true;
	g->nedges += list_length(revises) + list_length(depends);
	return true;
}

/* Make nodes of the words of a list that are not known. */
static bool
add_unknown(MigGraph *g, MigMap *known, MigStr list)
{
	MigStr word;

	while (mig_str_next(&list, &word))
	{
		int32_t at = mig_map_put(g->m, known, word, g->count);
		MigNode *n;

		if (at < 0)
			return false;
		if (at < g->count)
			continue;
		n = node_new(g);
		if (n == NULL)
			return false;
		memset(n, 0, sizeof(*n));
		n->id = word;
		n->tag = -1;
		n->flags = MIG_NODE_APPLIED | MIG_NODE_EXTERNAL;
		g->unsorted = true;
	}
	return true;
}

static bool
add_external(MigGraph *g)
{
	int32_t count = g->count;
	MigMap known;

	if (!mig_map_init(g->m, &known, (size_t) count + g->nedges))
		return false;
	for (int32_t i = 0; i < count; i++)
	{
		MigStr labels = g->nodes[i].labels;
		MigStr word;

		if (mig_map_put(g->m, &known, g->nodes[i].id, i) < 0)
			return false;
		while (mig_str_next(&labels, &word))
			if (mig_map_put(g->m, &known, word, i) < 0)
				return false;
	}
	for (int32_t i = 0; i < count; i++)
		if (!add_unknown(g, &known, g->nodes[i].revises) ||
		    !add_unknown(g, &known, g->nodes[i].depends))
			return false;
	return true;
}

/* The node with that id among those from lo up to, but without, hi. */
static int32_t
find_between(const MigGraph *g, MigStr id, int32_t lo, int32_t hi)
{
	while (lo < hi)
	{
		int32_t middle = lo + (hi - lo) / 2;
		int order = mig_str_cmp(id, g->nodes[middle].id);

		if (order == 0)
			return middle;
		if (order < 0)
			hi = middle;
		else
			lo = middle + 1;
	}
	return -1;
}

/* The same, by steps that double, downwards from a node: what a revision
   revises mostly stands not far below it. */
static int32_t
find_below(const MigGraph *g, MigStr id, int32_t node)
{
	int32_t hi = node;
	int32_t step = 1;

	while (hi > 0)
	{
		int32_t lo = hi > step ? hi - step : 0;
		int order = mig_str_cmp(id, g->nodes[lo].id);

		if (order == 0)
			return lo;
		if (order > 0)
			return find_between(g, id, lo + 1, hi);
		hi = lo;
		step = step < NODES_MAX / 2 ? step * 2 : step;
	}
	return -1;
}

/* Nodes are sorted by their ids, so the same ones are neighbours. */
static bool
check_ids(MigGraph *g)
{
	for (int32_t i = 1; i < g->count; i++)
	{
		MigStr id = g->nodes[i].id;

		if (!mig_str_eq(id, g->nodes[i - 1].id))
			continue;
		g->blamed = g->nodes[i].tag;
		mig_fail(g->m, MIG_GRAPH, "revision \"%.*s\" is there twice",
		         MIG_S(id));
		return mig_hint(g->m, "Give one of the two scripts another "
		                      "identifier.");
	}
	return true;
}

static bool
fail_label(MigGraph *g, MigStr label, const MigNode *n, const MigNode *holder)
{
	g->blamed = n->tag;
	mig_fail(g->m, MIG_GRAPH,
	         "label \"%.*s\" of revision \"%.*s\" is already taken",
	         MIG_S(label), MIG_S(n->id));
	if (mig_str_eq(label, holder->id))
		mig_detail(g->m, "It is the identifier of revision \"%.*s\".",
		           MIG_S(holder->id));
	else if (n == holder)
		mig_detail(g->m, "The revision lists it twice.");
	else
		mig_detail(g->m, "It is also a label of revision \"%.*s\".",
		           MIG_S(holder->id));
	return mig_hint(g->m, "A label belongs to one revision; its descendants "
	                      "have it through that one.");
}

static bool
enter_labels(MigGraph *g)
{
	for (int32_t i = 0; i < g->count; i++)
	{
		MigStr list = g->nodes[i].labels;
		MigStr label;

		while (mig_str_next(&list, &label))
		{
			int32_t holder = mig_graph_find(g, label);
			uint32_t before = g->labels.count;

			if (holder < 0)
				holder = mig_map_put(g->m, &g->labels, label, i);
			if (holder < 0)
				return false;
			if (g->labels.count == before)
				return fail_label(g, label, &g->nodes[i], &g->nodes[holder]);
		}
	}
	return true;
}

static bool
fail_missing(MigGraph *g, const MigNode *n, MigStr name, bool parent)
{
	int32_t label = mig_graph_lookup(g, name);
	MigStr best = {NULL, 0};
	int distance = 0;

	g->blamed = n->tag;
	mig_fail(g->m, MIG_GRAPH,
	         "%s \"%.*s\" of revision \"%.*s\" does not exist",
	         parent ? "parent" : "dependency", MIG_S(name), MIG_S(n->id));
	if (label >= 0)
		return mig_hint(g->m,
		                "\"%.*s\" is a label; what a revision revises is "
		                "named by its identifier, here \"%.*s\".",
		                MIG_S(name), MIG_S(g->nodes[label].id));
	for (int32_t i = 0; i < g->count; i++)
	{
		MigStr list = parent ? (MigStr){NULL, 0} : g->nodes[i].labels;
		MigStr word;

		mig_nearest(name, g->nodes[i].id, &best, &distance);
		while (mig_str_next(&list, &word))
			mig_nearest(name, word, &best, &distance);
	}
	if (best.at != NULL)
		return mig_hint(g->m, "The closest revision is \"%.*s\".",
		                MIG_S(best));
	return mig_hint(g->m, "Its script has to be there before, or together "
	                      "with, this one.");
}

static bool
fail_repeatable(MigGraph *g, const MigNode *n, const MigNode *other,
                bool parent)
{
	g->blamed = n->tag;
	mig_fail(g->m, MIG_GRAPH,
	         "revision \"%.*s\" %s repeatable script \"%.*s\"", MIG_S(n->id),
	         parent ? "revises" : "depends on", MIG_S(other->id));
	return mig_hint(g->m, "A repeatable script runs behind all revisions.");
}

/*
 * Resolve one list to edges behind *end, each node once. seen[node] is the
 * last list that named it; lists count from 1.
 */
static bool
resolve(MigGraph *g, int32_t node, MigStr list, bool parent, int32_t *seen,
        size_t *end)
{
	int32_t number = 2 * node + (parent ? 1 : 2);
	MigStr word;

	while (mig_str_next(&list, &word))
	{
		const MigNode *n = &g->nodes[node];
		int32_t at;

		at = find_below(g, word, node);
		if (at < 0)
			at = parent ? mig_graph_find(g, word) : mig_graph_lookup(g, word);

		if (at < 0)
			return fail_missing(g, n, word, parent);
		if (at == node)
		{
			g->blamed = n->tag;
			mig_fail(g->m, MIG_GRAPH, "revision \"%.*s\" %s itself",
			         MIG_S(n->id), parent ? "revises" : "depends on");
			return mig_detail(g->m, "The cycle is %.*s -> %.*s.", MIG_S(n->id),
			                  MIG_S(n->id));
		}
		if (g->nodes[at].flags & MIG_NODE_REPEATABLE &&
		    (parent || !(n->flags & MIG_NODE_REPEATABLE)))
			return fail_repeatable(g, n, &g->nodes[at], parent);
		if (seen[at] == number)
			continue;
		seen[at] = number;
		g->edges[(*end)++] = at;
	}
	return true;
}

/* Down and dependency edges; the lists as given are gone afterwards. */
static bool
resolve_all(MigGraph *g)
{
	int32_t *seen = g->order;
	size_t end = 0;

	for (int32_t i = 0; i < g->count; i++)
	{
		MigNode *n = &g->nodes[i];
		MigStr revises = n->revises;
		size_t down = end, deps;

		if (!resolve(g, i, revises, true, seen, &end))
			return false;
		deps = end;
		if (!resolve(g, i, n->depends, false, seen, &end))
			return false;
		n->down = (int32_t) down;
		n->ndown = (int32_t) (deps - down);
		n->deps = (int32_t) deps;
		n->ndeps = (int32_t) (end - deps);
	}
	g->nedges = end;
	return true;
}

/* The same edges seen from below, behind the others. Children come by rank,
   so the lists are sorted. */
static void
connect(MigGraph *g)
{
	int32_t end = (int32_t) g->nedges;

	for (int32_t i = 0; i < g->count; i++)
		g->nodes[i].nup = g->nodes[i].nusers = 0;
	for (int32_t i = 0; i < g->count; i++)
	{
		const MigNode *n = &g->nodes[i];

		for (int32_t e = 0; e < n->ndown; e++)
			g->nodes[g->edges[n->down + e]].nup++;
		for (int32_t e = 0; e < n->ndeps; e++)
			g->nodes[g->edges[n->deps + e]].nusers++;
	}
	for (int32_t i = 0; i < g->count; i++)
	{
		MigNode *n = &g->nodes[i];

		n->up = end;
		n->users = end + n->nup;
		end = n->users + n->nusers;
		n->nup = n->nusers = 0;
	}
	for (int32_t i = 0; i < g->count; i++)
	{
		const MigNode *n = &g->nodes[i];

		for (int32_t e = 0; e < n->ndown; e++)
		{
			MigNode *p = &g->nodes[g->edges[n->down + e]];

			g->edges[p->up + p->nup++] = i;
		}
		for (int32_t e = 0; e < n->ndeps; e++)
		{
			MigNode *p = &g->nodes[g->edges[n->deps + e]];

			g->edges[p->users + p->nusers++] = i;
		}
	}
}

bool
mig_graph_build(MigGraph *g)
{
	int32_t ordered;

	if (g->partial && !add_external(g))
		return false;
	if (g->nedges > NODES_MAX)
		return mig_fail(g->m, MIG_NOMEM, "out of memory");
	if (g->unsorted && !mig_graph_rank(g))
		return false;
	if (!check_ids(g) || !enter_labels(g))
		return false;
	g->order = mig_alloc_array(g->m, (size_t) g->count, sizeof(int32_t));
	g->edges = mig_alloc_array(g->m, 2 * g->nedges, sizeof(int32_t));
	if (g->order == NULL || g->edges == NULL || !resolve_all(g))
		return false;
	connect(g);
	if (!mig_set_order(g, NULL, false, g->order, &ordered))
		return false;
	if (ordered < g->count)
		return mig_graph_fail_cycle(g, ordered);
	g->built = true;
	return true;
}

int32_t
mig_graph_find(const MigGraph *g, MigStr id)
{
	return find_between(g, id, 0, g->count);
}

int32_t
mig_graph_lookup(const MigGraph *g, MigStr name)
{
	int32_t node = mig_graph_find(g, name);

	return node >= 0 ? node : mig_map_get(&g->labels, name);
}

bool
mig_node_is_head(const MigNode *n)
{
	return n->nup == 0 && !(n->flags & MIG_NODE_REPEATABLE);
}

bool
mig_node_is_real_head(const MigNode *n)
{
	return n->nusers == 0 && mig_node_is_head(n);
}

bool
mig_node_is_base(const MigNode *n)
{
	return n->ndown == 0 && !(n->flags & MIG_NODE_REPEATABLE);
}

bool
mig_node_is_branch_point(const MigNode *n)
{
	return n->nup > 1;
}

bool
mig_node_is_merge_point(const MigNode *n)
{
	return n->ndown > 1;
}

MigStr
mig_graph_list(MigGraph *g, int32_t first, int32_t count)
{
	MigText t = {g->m, NULL, 0, 0};

	if (count == 0)
		return (MigStr){NULL, 0};
	for (int32_t i = 0; i < count; i++)
	{
		if (i > 0)
			mig_text_char(&t, ' ');
		mig_text_str_add(&t, g->nodes[g->edges[first + i]].id);
	}
	return mig_text_str(&t);
}
