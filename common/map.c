#include "private.h"

#include "map.h"

/* FNV-1a with a final mix, so that ids that differ at the end spread. */
static uint32_t
hash_of(MigStr s)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char) s.at[i]) * 16777619u;
	h ^= h >> 16;
	h *= 0x85ebca6bu;
	return h ^ h >> 13;
}

/* The slot that holds key, or the free one where it belongs. */
static MigMapSlot *
slot_of(const MigMap *map, MigStr key, uint32_t hash)
{
	uint32_t i = hash & map->mask;

	while (map->slots[i].key.at != NULL &&
	       (map->slots[i].hash != hash || !mig_str_eq(map->slots[i].key, key)))
		i = (i + 1) & map->mask;
	return &map->slots[i];
}

bool
mig_map_init(Mig *m, MigMap *map, size_t count)
{
	size_t size = 16;

	memset(map, 0, sizeof(*map));
	while (size < count + count / 2)
	{
		if (size > UINT32_MAX / 4)
			return mig_fail(m, MIG_NOMEM, "out of memory");
		size *= 2;
	}
	map->slots = mig_alloc_array(m, size, sizeof(*map->slots));
	map->mask = (uint32_t) (size - 1);
	return map->slots != NULL;
}

static bool
map_grow(Mig *m, MigMap *map)
{
	MigMap bigger;

	if (!mig_map_init(m, &bigger, (size_t) map->count * 2 + 16))
		return false;
	for (uint32_t i = 0; map->slots != NULL && i <= map->mask; i++)
		if (map->slots[i].key.at != NULL)
			*slot_of(&bigger, map->slots[i].key, map->slots[i].hash) =
				map->slots[i];
	bigger.count = map->count;
	*map = bigger;
	return true;
}

int32_t
mig_map_put(Mig *m, MigMap *map, MigStr key, int32_t value)
{
	uint32_t hash = hash_of(key);
	MigMapSlot *slot;

	if (key.at == NULL)
		key.at = "";
	if (map->slots == NULL || map->count >= map->mask - map->mask / 4)
		if (!map_grow(m, map))
			return -1;
	slot = slot_of(map, key, hash);
	if (slot->key.at != NULL)
		return slot->value;
	slot->key = key;
	slot->hash = hash;
	slot->value = value;
	map->count++;
	return value;
}

int32_t
mig_map_get(const MigMap *map, MigStr key)
{
	MigMapSlot *slot;

	if (map->slots == NULL)
		return -1;
	slot = slot_of(map, key, hash_of(key));
	return slot->key.at != NULL ? slot->value : -1;
}

/* Bottom-up merge sort: stable, and no recursion. */
bool
mig_sort(Mig *m, int32_t *items, size_t count, MigCompare cmp,
         const void *context)
{
	int32_t *from = items;
	int32_t *to = mig_alloc_array(m, count, sizeof(*to));

	if (to == NULL)
		return false;
	for (size_t width = 1; width < count; width *= 2)
	{
		int32_t *swap;

		for (size_t lo = 0; lo < count; lo += 2 * width)
		{
			size_t mid = lo + width < count ? lo + width : count;
			size_t hi = lo + 2 * width < count ? lo + 2 * width : count;
			size_t a = lo, b = mid;

			for (size_t i = lo; i < hi; i++)
			{
				bool left = a < mid &&
				            (b >= hi || cmp(context, from[a], from[b]) <= 0);

				to[i] = left ? from[a++] : from[b++];
			}
		}
		swap = from;
		from = to;
		to = swap;
	}
	if (from != items)
		memcpy(items, from, count * sizeof(*items));
	return true;
}
