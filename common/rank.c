#include "private.h"

#include "reach.h"

/* A node by the eight bytes of its id behind what all ids begin with, so that
   a comparison seldom has to look at the ids themselves. */
typedef struct Key
{
	uint64_t head;
	int32_t node;
} Key;

/* The length of what all ids begin with. */
static size_t
common_length(const MigGraph *g)
{
	MigStr first = g->nodes[0].id;
	size_t length = first.len;

	for (int32_t i = 1; i < g->count; i++)
	{
		MigStr id = g->nodes[i].id;
		size_t n = 0;

		while (n < length && n < id.len && id.at[n] == first.at[n])
			n++;
		length = n;
	}
	return length;
}

static uint64_t
head_of(MigStr id, size_t from)
{
	uint64_t head = 0;

	for (size_t i = from; i < from + 8; i++)
		head = head << 8 | (i < id.len ? (unsigned char) id.at[i] : 0);
	return head;
}

static bool
precedes(const MigGraph *g, const Key *a, const Key *b)
{
	if (a->head != b->head)
		return a->head < b->head;
	return mig_str_cmp(g->nodes[a->node].id, g->nodes[b->node].id) <= 0;
}

/* One pass of a bottom-up merge sort: runs of width to runs of twice that. */
static void
merge(const MigGraph *g, const Key *from, Key *to, size_t count, size_t width)
{
	for (size_t lo = 0; lo < count; lo += 2 * width)
	{
		size_t mid = lo + width < count ? lo + width : count;
		size_t hi = lo + 2 * width < count ? lo + 2 * width : count;
		size_t a = lo, b = mid;

		for (size_t i = lo; i < hi; i++)
		{
			bool left =
				a < mid && (b >= hi || precedes(g, &from[a], &from[b]));

			to[i] = left ? from[a++] : from[b++];
		}
	}
}

/* Move the nodes, each cycle of the permutation in its turn, so that no
   second array of nodes is needed. */
static void
permute(MigGraph *g, Key *from)
{
	for (int32_t i = 0; i < g->count; i++)
	{
		MigNode first = g->nodes[i];
		int32_t at = i;

		while (from[at].node != i)
		{
			int32_t next = from[at].node;

			g->nodes[at] = g->nodes[next];
			from[at].node = at;
			at = next;
		}
		g->nodes[at] = first;
		from[at].node = at;
	}
}

bool
mig_graph_rank(MigGraph *g)
{
	size_t count = (size_t) g->count;
	Key *keys = mig_alloc_array(g->m, count, sizeof(*keys));
	Key *other = mig_alloc_array(g->m, count, sizeof(*other));
	size_t from;

	if (keys == NULL || other == NULL)
		return false;
	if (count == 0)
		return true;
	from = common_length(g);
	for (int32_t i = 0; i < g->count; i++)
	{
		keys[i].head = head_of(g->nodes[i].id, from);
		keys[i].node = i;
	}
	for (size_t width = 1; width < count; width *= 2)
	{
		Key *swap = keys;

		merge(g, keys, other, count, width);
		keys = other;
		other = swap;
	}
	permute(g, keys);
	return true;
}
