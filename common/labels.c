#include "private.h"

#include "graph.h"
#include "text.h"

typedef struct Spread
{
	MigGraph *g;
	MigStr *own;             /* own labels, sorted, each once */
	MigStr *up;              /* own ones and those of what it descends from */
	MigStr *down;            /* own ones and those of the line above */
	bool *clear;             /* labels above come down to here */
	MigStr words[2], result; /* the last union that was made */
} Spread;

static int
compare_words(const void *context, int32_t a, int32_t b)
{
	const MigStr *words = context;

	return mig_str_cmp(words[a], words[b]);
}

/* The words of a list, sorted, each once, one blank between. */
static MigStr
sorted(Mig *m, MigStr list)
{
	MigStr none = {NULL, 0};
	MigStr rest = list, word;
	size_t count = 0;
	MigText t = {m, NULL, 0, 0};
	MigStr *words;
	int32_t *rank;

	while (mig_str_next(&rest, &word))
		count++;
	if (count == 0)
		return none;
	words = mig_alloc_array(m, count, sizeof(*words));
	rank = mig_alloc_array(m, count, sizeof(*rank));
	if (words == NULL || rank == NULL)
		return none;
	for (size_t i = 0; mig_str_next(&list, &words[i]);)
	{
		rank[i] = (int32_t) i;
		if (++i == count)
			break;
	}
	if (!mig_sort(m, rank, count, compare_words, words))
		return none;
	for (size_t i = 0; i < count; i++)
	{
		if (i > 0 && mig_str_eq(words[rank[i]], words[rank[i - 1]]))
			continue;
		if (t.len > 0)
			mig_text_char(&t, ' ');
		mig_text_str_add(&t, words[rank[i]]);
	}
	return mig_text_str(&t);
}

/* Most neighbours have the same labels, so that whole lines share one
   string, and the union just made is often the one that is wanted again. */
static MigStr
joined(Spread *s, MigStr a, MigStr b)
{
	MigText t = {s->g->m, NULL, 0, 0};

	if (a.at == NULL || mig_str_eq(a, b))
		return b.at == NULL ? a : b;
	if (b.at == NULL)
		return a;
	if (a.at == s->words[0].at && b.at == s->words[1].at)
		return s->result;
	mig_text_str_add(&t, a);
	mig_text_char(&t, ' ');
	mig_text_str_add(&t, b);
	s->words[0] = a;
	s->words[1] = b;
	s->result = sorted(s->g->m, mig_text_str(&t));
	return s->result;
}

/* Upwards, parents before children. */
static void
spread_up(Spread *s)
{
	for (int32_t i = 0; i < s->g->count; i++)
	{
		int32_t node = s->g->order[i];
		const MigNode *n = &s->g->nodes[node];
		MigStr all = {NULL, 0};

		for (int32_t e = 0; e < n->ndown; e++)
			all = joined(s, all, s->up[s->g->edges[n->down + e]]);
		s->own[node] = sorted(s->g->m, n->labels);
		s->up[node] = joined(s, all, s->own[node]);
	}
}

/* Whether more than one revision revises or depends on it. */
static bool
forks(const MigGraph *g, const MigNode *n)
{
	if (n->nup > 1 || n->nusers > 1)
		return true;
	return n->nup == 1 && n->nusers == 1 &&
	       g->edges[n->up] != g->edges[n->users];
}

/*
 * Downwards, from the top of a line. A line ends above a fork and above a
 * merge, seen from the top: such a node takes nothing and passes on nothing.
 */
static void
spread_down(Spread *s)
{
	for (int32_t i = s->g->count; i-- > 0;)
	{
		int32_t node = s->g->order[i];
		const MigNode *n = &s->g->nodes[node];
		int32_t above = n->nup > 0 ? s->g->edges[n->up] : -1;
		MigStr none = {NULL, 0};

		if (forks(s->g, n) || mig_node_is_merge_point(n) ||
		    (above >= 0 && !s->clear[above]))
			continue;
		s->clear[node] = true;
		s->down[node] =
			joined(s, above >= 0 ? s->down[above] : none, s->own[node]);
	}
}

MigStr *
mig_graph_labels(MigGraph *g)
{
	Spread s = {.g = g};
	size_t count = (size_t) g->count;

	s.own = mig_alloc_array(g->m, count, sizeof(MigStr));
	s.up = mig_alloc_array(g->m, count, sizeof(MigStr));
	s.down = mig_alloc_array(g->m, count, sizeof(MigStr));
	s.clear = mig_alloc_array(g->m, count, sizeof(bool));
	if (s.own == NULL || s.up == NULL || s.down == NULL || s.clear == NULL)
		return NULL;
	spread_up(&s);
	spread_down(&s);
	for (int32_t i = 0; i < g->count; i++)
		s.up[i] = joined(&s, s.up[i], s.down[i]);
	return mig_ok(g->m) ? s.up : NULL;
}
