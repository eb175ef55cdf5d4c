#include "private.h"

#include "digest.h"
#include "store.h"
#include "text.h"

static int
by_chain(const void *context, int32_t a, int32_t b)
{
	const MigStr *chains = context;

	return mig_str_cmp(chains[a], chains[b]);
}

/* Add the chains of these nodes, sorted, each once, one a line. */
static bool
add_chains(Mig *m, MigDigest *d, const MigStr *chains, int32_t *nodes,
           size_t count)
{
	if (count > 1 && !mig_sort(m, nodes, count, by_chain, chains))
		return false;
	for (size_t i = 0; i < count; i++)
	{
		if (i > 0 && nodes[i] == nodes[i - 1])
			continue;
		mig_digest_add(d, chains[nodes[i]].at, chains[nodes[i]].len);
		mig_digest_add(d, "\n", 1);
	}
	return true;
}

/* Hexadecimal into place, without a new piece of memory each. */
static void
hex_into(char *out, const unsigned char *bytes)
{
	static const char digit[] = "0123456789abcdef";

	for (int i = 0; i < MIG_DIGEST_SIZE; i++)
	{
		out[2 * i] = digit[bytes[i] >> 4];
		out[2 * i + 1] = digit[bytes[i] & 15];
	}
}

#define HEX (2 * MIG_DIGEST_SIZE)

/* The most nodes that one node revises and depends on. */
static size_t
most_below(const MigGraph *g)
{
	int32_t most = 0;

	for (int32_t i = 0; i < g->count; i++)
	{
		int32_t n = g->nodes[i].ndown + g->nodes[i].ndeps;

		most = n > most ? n : most;
	}
	return (size_t) most;
}

MigStr *
mig_store_chains(MigGraph *g, const MigStr *checksums)
{
	size_t count = (size_t) g->count;
	MigStr *chains = mig_alloc_array(g->m, count, sizeof(*chains));
	char *hex = mig_alloc_array(g->m, count, HEX);
	int32_t *below = mig_alloc_array(g->m, most_below(g), sizeof(*below));

	if (chains == NULL || hex == NULL || below == NULL)
		return NULL;
	for (int32_t i = 0; i < g->count; i++)
	{
		int32_t n = g->order[i];
		const MigNode *node = &g->nodes[n];
		unsigned char out[MIG_DIGEST_SIZE];
		size_t nbelow = 0;
		MigDigest d;

		mig_digest_start(&d);
		mig_digest_add(&d, node->id.at, node->id.len);
		mig_digest_add(&d, "\n", 1);
		mig_digest_add(&d, checksums[node->tag].at, checksums[node->tag].len);
		mig_digest_add(&d, "\n", 1);
		for (int32_t e = 0; e < node->ndown; e++)
			below[nbelow++] = g->edges[node->down + e];
		for (int32_t e = 0; e < node->ndeps; e++)
			below[nbelow++] = g->edges[node->deps + e];
		if (!add_chains(g->m, &d, chains, below, nbelow))
			return NULL;
		mig_digest_end(&d, out);
		hex_into(hex + (size_t) n * HEX, out);
		chains[n].at = hex + (size_t) n * HEX;
		chains[n].len = HEX;
	}
	return chains;
}

MigStr
mig_store_fingerprint(Mig *m, const MigStr *chains, const int32_t *nodes,
                      int count)
{
	MigStr none = {NULL, 0};
	unsigned char out[MIG_DIGEST_SIZE];
	int32_t *sorted;
	MigDigest d;

	if (count == 1)
		return mig_copy(m, chains[nodes[0]]);
	sorted = mig_alloc_array(m, (size_t) count, sizeof(*sorted));
	if (sorted == NULL)
		return none;
	if (count > 0)
		memcpy(sorted, nodes, (size_t) count * sizeof(*sorted));
	mig_digest_start(&d);
	if (!add_chains(m, &d, chains, sorted, (size_t) count))
		return none;
	mig_digest_end(&d, out);
	return mig_hex(m, out, sizeof(out));
}
