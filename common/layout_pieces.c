#include "private.h"

#include "layout_names.h"

bool
mig_piece_put(Mig *m, MigPieces *all, const MigPiece *piece)
{
	MigPiece *items;

	if (all->count == INT_MAX)
		return mig_fail(m, MIG_NOMEM, "out of memory");
	items = mig_grow(m, all->items, (size_t) all->count, &all->room,
	                 (size_t) all->count + 1, sizeof(*items));
	if (items == NULL)
		return false;
	all->items = items;
	items[all->count++] = *piece;
	return true;
}

/* By number; of one number by kind, database and file. */
static int
by_number(const void *context, int32_t a, int32_t b)
{
	const MigPiece *items = context;
	const MigPiece *x = &items[a];
	const MigPiece *y = &items[b];
	int side = mig_digits_cmp(x->digits, y->digits);

	if (side == 0)
		side = (int) x->part.kind - (int) y->part.kind;
	if (side == 0)
		side = (int) x->part.target - (int) y->part.target;
	if (side == 0)
		side = mig_str_cmp(x->part.source, y->part.source);
	return side;
}

/* Whether a database would have to run both. */
static bool
overlap(const MigPart *a, const MigPart *b)
{
	return a->kind == b->kind && !mig_str_eq(a->source, b->source) &&
	       (a->target == b->target || a->target == MIG_FOR_BOTH ||
	        b->target == MIG_FOR_BOTH);
}

static bool
check_parts(Mig *m, MigStr version, const MigPart *parts, int count)
{
	for (int i = 1; i < count; i++)
		for (int k = 0; k < i; k++)
		{
			if (!overlap(&parts[k], &parts[i]))
				continue;
			mig_fail(m, MIG_GRAPH, "version \"%.*s\" is defined twice",
			         MIG_S(version));
			return mig_detail(m, "Files \"%.*s\" and \"%.*s\" define it.",
			                  MIG_S(parts[k].source), MIG_S(parts[i].source));
		}
	return true;
}

/* The pieces order[0] to order[count - 1], which have one number. */
static bool
put_script(Mig *m, MigTree *tree, const char *layout, const MigPieces *all,
           const int32_t *order, int count)
{
	const MigPiece *first = &all->items[order[0]];
	MigForeign f = {.layout = layout, .created = MIG_NO_TIME};
	MigPart *parts = mig_alloc_array(m, (size_t) count, sizeof(*parts));

	if (parts == NULL)
		return false;
	for (int i = 0; i < count; i++)
		parts[i] = all->items[order[i]].part;
	if (!check_parts(m, first->version, parts, count))
		return false;
	f.version = first->version;
	f.revision = first->digits;
	f.message = mig_slug_message(m, first->name);
	f.source = first->part.source;
	f.parts = parts;
	f.nparts = count;
	return mig_layout_put(m, tree, &f);
}

bool
mig_pieces_read(Mig *m, MigTree *tree, const char *layout, MigPieces *all)
{
	int32_t *order = mig_alloc_array(m, (size_t) all->count, sizeof(*order));
	int end;

	if (order == NULL)
		return false;
	for (int i = 0; i < all->count; i++)
		order[i] = i;
	if (!mig_sort(m, order, (size_t) all->count, by_number, all->items))
		return false;
	for (int i = 0; i < all->count; i = end)
	{
		MigStr digits = all->items[order[i]].digits;

		end = i + 1;
		while (end < all->count &&
		       mig_digits_cmp(all->items[order[end]].digits, digits) == 0)
			end++;
		if (!put_script(m, tree, layout, all, order + i, end - i))
			return false;
	}
	return true;
}
