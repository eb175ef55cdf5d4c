/*
 * store.h - scripts in and out of migrate_revision: add, load, remove,
 * replace.
 *
 * New scripts are merged into the graph that is stored, the whole is built
 * and checked, and only then written: a graph in the database is always
 * sound. An applied script stays as it ran; its header, its down and verify
 * sections may change, its up sections only by migrate_replace().
 *
 * Chain hash of a revision: SHA-256 over lines that each end in LF: its id,
 * its checksum, then the chain hashes of what it revises and depends on,
 * sorted, each once. All hashes in lower-case hexadecimal.
 */
#ifndef MIG_STORE_H
#define MIG_STORE_H

#include "graph.h"
#include "script.h"
#include "state.h"

typedef struct MigCall MigCall;

extern bool mig_call_add(MigCall *c);
extern bool mig_call_load(MigCall *c);
extern bool mig_call_remove(MigCall *c);
extern bool mig_call_replace(MigCall *c);

/* How a set of scripts is merged. */
typedef struct MigMerge
{
	MigScript **scripts;
	int nscripts;
	const MigMap *ids; /* revision to index in scripts, each there once; NULL:
	                      nobody has looked */
	MigStr directory;  /* the scripts are all that it holds: others of it that
	                     are not applied go; absent: no such directory */
	bool replace;      /* only scripts that are stored; applied ones too */
} MigMerge;

/*
 * Merge scripts and write what is new. The caller has begun MIG_WRITE.
 * *changed: how many scripts were added, changed or dropped.
 */
extern bool
mig_store_merge(Mig *m, MigHost *h, const MigMerge *merge, int64_t *changed);

/*
 * The chain hash of each node, in hexadecimal, in an array by node;
 * checksums[tag] is the checksum of the record with that tag.
 */
extern MigStr *mig_store_chains(MigGraph *g, const MigStr *checksums);

/* One hash for a set of nodes: the chain hash of one, SHA-256 over the sorted
   chain hashes of several, each with LF behind it. */
extern MigStr mig_store_fingerprint(Mig *m, const MigStr *chains,
                                    const int32_t *nodes, int count);

#endif
