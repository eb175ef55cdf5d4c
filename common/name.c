#include "private.h"

#include "name.h"
#include "text.h"

/* Names shorter than this are found only whole. */
#define PREFIX_OF 4

typedef enum Word
{
	WORD_NONE, /* no word: an id, a label, a prefix */
	WORD_HEAD,
	WORD_HEADS,
	WORD_BASE,
	WORD_CURRENT
} Word;

static Word
word_of(const MigGraph *g, MigStr symbol)
{
	static const struct
	{
		const char *text;
		Word word;
	} words[] = {
		{"head", WORD_HEAD},
		{"heads", WORD_HEADS},
		{"base", WORD_BASE},
		{"current", WORD_CURRENT},
	};

	if (mig_graph_lookup(g, symbol) >= 0)
		return WORD_NONE;
	for (int i = 0; i < MIG_COUNT(words); i++)
		if (mig_str_is(symbol, words[i].text))
			return words[i].word;
	return WORD_NONE;
}

static MigStr
quoted_list(Mig *m, const MigStr *names, int shown, int total)
{
	MigText t = {m, NULL, 0, 0};

	for (int i = 0; i < shown; i++)
	{
		bool last = i + 1 == total;

		if (i > 0)
			mig_text_add(&t, last ? " and " : ", ");
		mig_text_fmt(&t, "\"%.*s\"", MIG_S(names[i]));
	}
	if (total > shown)
		mig_text_fmt(&t, " and %d more", total - shown);
	return mig_text_str(&t);
}

MigStr
mig_name_list(MigGraph *g, const int32_t *nodes, int count)
{
	MigStr names[MIG_NAMES_SHOWN];
	int shown = count < MIG_NAMES_SHOWN ? count : MIG_NAMES_SHOWN;

	for (int i = 0; i < shown; i++)
		names[i] = g->nodes[nodes[i]].id;
	return quoted_list(g->m, names, shown, count);
}

/* Keys that a text may mean. */
typedef struct Hits
{
	int32_t node; /* of the first */
	int count;
	MigStr some[MIG_NAMES_SHOWN];
} Hits;

static void
hit(Hits *h, MigStr key, int32_t node)
{
	if (h->count == 0)
		h->node = node;
	if (h->count < MIG_NAMES_SHOWN)
		h->some[h->count] = key;
	h->count++;
}

/* The first node whose id is not less than text: ids are sorted. */
static int32_t
lower_bound(const MigGraph *g, MigStr text)
{
	int32_t lo = 0, hi = g->count;

	while (lo < hi)
	{
		int32_t mid = lo + (hi - lo) / 2;

		if (mig_str_cmp(g->nodes[mid].id, text) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* An exact key, else all keys that text begins, within line if given. */
static void
search(const MigGraph *g, MigStr text, const uint64_t *line, Hits *h)
{
	memset(h, 0, sizeof(*h));
	h->node = mig_graph_lookup(g, text);
	if (h->node >= 0)
		h->count = 1;
	if (h->node >= 0 || text.len == 0)
		return;
	for (int32_t i = lower_bound(g, text);
	     i < g->count && mig_str_starts(g->nodes[i].id, text); i++)
		if (g->nodes[i].id.len >= PREFIX_OF &&
		    (line == NULL || mig_set_has(line, i)))
			hit(h, g->nodes[i].id, i);
	for (int32_t i = 0; i < g->count; i++)
	{
		MigStr labels = g->nodes[i].labels;
		MigStr label;

		if (line != NULL && !mig_set_has(line, i))
			continue;
		while (mig_str_next(&labels, &label))
			if (label.len >= PREFIX_OF && mig_str_starts(label, text))
				hit(h, label, i);
	}
}

/* Among ids and labels, and the words that stand for revisions if asked. */
static MigStr
closest(const MigGraph *g, MigStr text, bool words)
{
	static const char *const word[] = {"head", "heads", "base", "current"};
	MigStr best = {NULL, 0};
	int distance = 0;

	for (size_t i = 0; words && i < sizeof(word) / sizeof(*word); i++)
		mig_nearest(text, mig_str(word[i]), &best, &distance);
	for (int32_t i = 0; i < g->count; i++)
	{
		MigStr labels = g->nodes[i].labels;
		MigStr label;

		mig_nearest(text, g->nodes[i].id, &best, &distance);
		while (mig_str_next(&labels, &label))
			mig_nearest(text, label, &best, &distance);
	}
	return best;
}

/* No revision, or several: say what there is instead. */
static bool
fail_search(MigGraph *g, bool branch, MigStr text, const Hits *h)
{
	const char *what = branch ? "branch" : "revision";
	MigStr list, near;
	MigRelative relative;

	if (text.len == 0)
	{
		mig_fail(g->m, MIG_TARGET, "%s has no name", what);
		return mig_hint(g->m, "Write an identifier, a label, head, heads, "
		                      "base or current.");
	}
	if (h->count > 1)
	{
		list = quoted_list(
			g->m, h->some,
			h->count < MIG_NAMES_SHOWN ? h->count : MIG_NAMES_SHOWN, h->count);
		mig_fail(g->m, MIG_TARGET, "%s \"%.*s\" is ambiguous", what,
		         MIG_S(text));
		mig_detail(g->m, "It could be %.*s.", MIG_S(list));
		return mig_hint(g->m, "Write more of the name.");
	}
	near = closest(g, text, !branch);
	mig_fail(g->m, MIG_TARGET, "%s \"%.*s\" does not exist", what,
	         MIG_S(text));
	if (mig_name_relative(g, text, &relative))
		return mig_hint(g->m, "Relative steps count only where revisions are "
		                      "applied, reverted or listed.");
	if (near.at != NULL)
		return mig_hint(g->m, "The closest name is \"%.*s\".", MIG_S(near));
	if (g->count == 0)
		return mig_hint(g->m, "No scripts have been added yet.");
	return false;
}

bool
mig_name_branch(MigGraph *g, MigStr branch, int32_t *node)
{
	Hits h;

	search(g, branch, NULL, &h);
	if (h.count != 1)
		return fail_search(g, true, branch, &h);
	*node = h.node;
	return true;
}

/* What is related to the members of s, which is the result. */
static bool
relate(MigGraph *g, MigSet s, MigEdges edges)
{
	MigSet above = mig_set_new(g);

	if (above == NULL)
		return false;
	mig_set_join(g, above, s);
	mig_set_below(g, s, edges);
	mig_set_above(g, above, edges);
	mig_set_join(g, s, above);
	return true;
}

bool
mig_name_find(MigGraph *g, MigStr text, MigStr branch, int32_t *node)
{
	MigSet line = NULL;
	int32_t root;
	Hits h;

	if (branch.len > 0)
	{
		if (!mig_name_branch(g, branch, &root))
			return false;
		line = mig_set_of(g, &root, 1);
		if (line == NULL || !relate(g, line, MIG_DOWN_EDGES))
			return false;
	}
	search(g, text, line, &h);
	if (h.count != 1)
		return fail_search(g, false, text, &h);
	*node = h.node;
	if (line == NULL || mig_set_has(line, h.node))
		return true;
	mig_fail(g->m, MIG_TARGET, "revision \"%.*s\" is not on branch \"%.*s\"",
	         MIG_S(g->nodes[h.node].id), MIG_S(branch));
	return mig_hint(g->m,
	                "A branch is a revision with its ancestors and its "
	                "descendants; write \"%.*s\" alone.",
	                MIG_S(text));
}

static bool
fail_heads(MigGraph *g, MigStr branch, const int32_t *nodes, int count)
{
	MigStr list = mig_name_list(g, nodes, count);

	if (branch.len > 0)
		mig_fail(g->m, MIG_TARGET, "branch \"%.*s\" has more than one head",
		         MIG_S(branch));
	else
		mig_fail(g->m, MIG_TARGET, "there is more than one head");
	mig_detail(g->m, "The heads are %.*s.", MIG_S(list));
	return mig_hint(g->m, "Write \"heads\" for all of them, name one, or "
	                      "join them by migrate_merge().");
}

/* The revisions of a word; line, if given, bounds them. */
static bool
read_word(MigGraph *g, Word word, MigStr branch, const uint64_t *line,
          MigFound *out)
{
	MigSet s = word == WORD_CURRENT ? mig_set_maximal(g, MIG_ALL_EDGES)
	                                : mig_set_new(g);

	if (s == NULL)
		return false;
	for (int32_t i = 0; i < g->count; i++)
		if ((word == WORD_HEAD && mig_node_is_head(&g->nodes[i])) ||
		    (word == WORD_HEADS &&
		     (line != NULL ? mig_node_is_head(&g->nodes[i])
		                   : mig_node_is_real_head(&g->nodes[i]))))
			mig_set_put(s, i);
	if (line != NULL)
		mig_set_keep(g, s, line);
	if (!mig_set_list(g, s, &out->nodes, &out->count))
		return false;
	if (word == WORD_HEAD && out->count > 1)
		return fail_heads(g, branch, out->nodes, out->count);
	return true;
}

/* A name without an @. */
static bool
read_plain(MigGraph *g, MigStr symbol, MigFound *out)
{
	Word word = word_of(g, symbol);

	memset(out, 0, sizeof(*out));
	out->symbol = symbol;
	out->literal = word == WORD_NONE;
	return out->literal || read_word(g, word, (MigStr){NULL, 0}, NULL, out);
}

/* The lineage of what was read. */
static MigSet
lineage_of(MigGraph *g, const MigFound *f, MigEdges edges)
{
	MigStr none = {NULL, 0};
	MigSet s = mig_set_of(g, f->nodes, f->count);
	int32_t node;

	if (s == NULL)
		return NULL;
	if (f->branch.len == 0 && !f->literal && f->count == 0)
	{
		mig_set_fill(g, s);
		return s;
	}
	if (f->branch.len > 0)
	{
		if (!mig_name_find(g, f->branch, none, &node))
			return NULL;
		mig_set_put(s, node);
	}
	if (f->literal)
	{
		if (!mig_name_find(g, f->symbol, none, &node))
			return NULL;
		mig_set_put(s, node);
	}
	return relate(g, s, edges) ? s : NULL;
}

bool
mig_name_read(MigGraph *g, MigStr name, MigFound *out)
{
	const char *at = name.len > 0 ? memchr(name.at, '@', name.len) : NULL;
	MigStr branch = {NULL, 0};
	MigFound root;
	MigSet line;
	Word word;
	int32_t node;

	if (at != NULL)
	{
		branch = (MigStr){name.at, (size_t) (at - name.at)};
		name = mig_str_from(name, branch.len + 1);
	}
	word = word_of(g, name);
	if (branch.len == 0 || word == WORD_NONE)
	{
		bool done = read_plain(g, name, out);

		out->branch = branch;
		return done;
	}
	memset(out, 0, sizeof(*out));
	out->branch = branch;
	out->symbol = name;
	if (!mig_name_branch(g, branch, &node) || !read_plain(g, branch, &root))
		return false;
	line = lineage_of(g, &root, MIG_DOWN_EDGES);
	return line != NULL && read_word(g, word, branch, line, out);
}

MigSet
mig_name_lineage(MigGraph *g, MigStr name, MigEdges edges)
{
	MigFound f;

	return mig_name_read(g, name, &f) ? lineage_of(g, &f, edges) : NULL;
}

bool
mig_name_one(MigGraph *g, MigStr name, int32_t *node)
{
	MigFound f;
	MigStr list;

	if (!mig_name_read(g, name, &f))
		return false;
	if (f.literal)
		return mig_name_find(g, f.symbol, f.branch, node);
	*node = f.count > 0 ? f.nodes[0] : MIG_AT_EMPTY;
	if (f.count <= 1)
		return true;
	list = mig_name_list(g, f.nodes, f.count);
	mig_fail(g->m, MIG_TARGET, "target \"%.*s\" stands for several revisions",
	         MIG_S(name));
	mig_detail(g->m, "They are %.*s.", MIG_S(list));
	return mig_hint(g->m, "Name one of them.");
}

bool
mig_name_apart(MigGraph *g, const int32_t *nodes, int count)
{
	MigSet all = mig_set_of(g, nodes, count);
	MigSet below = all ? mig_set_ancestors(g, all, MIG_ALL_EDGES) : NULL;
	int32_t low = -1, high = 0;
	MigSet above;

	if (below == NULL)
		return false;
	for (int i = 0; i < count && low < 0; i++)
		if (mig_set_has(below, nodes[i]))
			low = nodes[i];
	if (low < 0)
		return true;
	above = mig_set_of(g, &low, 1);
	if (above == NULL)
		return false;
	mig_set_above(g, above, MIG_ALL_EDGES);
	mig_set_keep(g, above, all);
	while (high == low || !mig_set_has(above, high))
		high++;
	mig_fail(g->m, MIG_TARGET, "targets \"%.*s\" and \"%.*s\" overlap",
	         MIG_S(g->nodes[low].id), MIG_S(g->nodes[high].id));
	mig_detail(g->m, "Revision \"%.*s\" includes revision \"%.*s\".",
	           MIG_S(g->nodes[high].id), MIG_S(g->nodes[low].id));
	return mig_hint(g->m, "Write \"%.*s\" alone.", MIG_S(g->nodes[high].id));
}
