/*
 * map.h - string to number, open addressing, in the arena. The keys are not
 * copied. Also a sort, since the C library's may allocate.
 */
#ifndef MIG_MAP_H
#define MIG_MAP_H

#include "mig.h"

typedef struct MigMapSlot
{
	MigStr key;
	uint32_t hash;
	int32_t value;
} MigMapSlot;

typedef struct MigMap
{
	MigMapSlot *slots;
	uint32_t mask; /* number of slots less one; 0 slots: NULL */
	uint32_t count;
} MigMap;

/* Room for count keys without growing. False: MIG_NOMEM. */
extern bool mig_map_init(Mig *m, MigMap *map, size_t count);

/*
 * Enter key unless it is there. Returns the value that stands under it after
 * the call (so: value when it was new); -1 on MIG_NOMEM. Values are >= 0.
 */
extern int32_t mig_map_put(Mig *m, MigMap *map, MigStr key, int32_t value);

/* The value under key, or -1. */
extern int32_t mig_map_get(const MigMap *map, MigStr key);

/*
 * Sort count numbers, stably, in O(n log n), with scratch of the same size
 * from the arena. cmp compares two of them. False: MIG_NOMEM.
 */
typedef int (*MigCompare)(const void *context, int32_t a, int32_t b);
extern bool mig_sort(Mig *m, int32_t *items, size_t count, MigCompare cmp,
                     const void *context);

#endif
