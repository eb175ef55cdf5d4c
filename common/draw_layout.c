#include "private.h"

#include "draw_layout.h"

/* The state between two rows. */
typedef struct Lanes
{
	const MigGraph *g;
	MigDrawLayout *l;
	int32_t *awaits; /* by node: the track that runs to it, or -1 */
	int32_t *at;     /* by column: its track; stale when not busy */
	uint64_t *busy;  /* a bit a column */
	int32_t nmoves;
	int32_t opened; /* tracks so far, to give out colours in turn */
} Lanes;

/* The first free column from here on. There are more than ever needed. */
static int32_t
lanes_free(const Lanes *s, int32_t from)
{
	int32_t word = from / 64;
	uint64_t open = ~s->busy[word] & (UINT64_MAX << (from % 64));
	int32_t bit = 0;

	while (open == 0)
		open = ~s->busy[++word];
	while ((open >> bit & 1) == 0)
		bit++;
	return word * 64 + bit;
}

static bool
lanes_busy(const Lanes *s, int32_t column)
{
	return s->busy[column / 64] >> (column % 64) & 1;
}

static bool
lanes_clash(const Lanes *s, int32_t column, int32_t colour)
{
	for (int32_t c = column - 1; c <= column + 1; c++)
		if (c >= 0 && c != column && lanes_busy(s, c) &&
		    s->l->tracks[s->at[c]].colour == colour)
			return true;
	return false;
}

/* A new track from this row down, in a free column. */
static int32_t
lanes_open(Lanes *s, int32_t column, int32_t row)
{
	MigDrawLayout *l = s->l;
	int32_t colour = s->opened++ % MIG_COLOURS;

	while (lanes_clash(s, column, colour))
		colour = (colour + 1) % MIG_COLOURS;
	l->tracks[l->ntracks] = (MigTrack){column, row, row, colour};
	s->at[column] = l->ntracks;
	s->busy[column / 64] |= UINT64_C(1) << (column % 64);
	if (column >= l->columns)
		l->columns = column + 1;
	return l->ntracks++;
}

static void
lanes_close(Lanes *s, int32_t track, int32_t row)
{
	int32_t column = s->l->tracks[track].column;

	s->l->tracks[track].last = row;
	s->busy[column / 64] &= ~(UINT64_C(1) << (column % 64));
}

static void
lanes_move(Lanes *s, MigRow *r, MigMoveKind kind, int32_t track)
{
	s->l->moves[s->nmoves++] = (MigMove){kind, track};
	r->nmoves++;
}

/*
 * Lead the node's track, or new ones, to its parents. The first parent that
 * needs a track of its own gets the node's; one that is awaited already is
 * joined there, or, when it is the first and further right, pulled over.
 */
static void
lanes_down(Lanes *s, MigRow *r, int32_t row)
{
	const MigNode *n = &s->g->nodes[r->node];
	int32_t pulled = -1;

	r->end = true;
	for (int32_t i = 0; i < n->ndown; i++)
	{
		int32_t parent = s->g->edges[n->down + i];
		int32_t track = s->awaits[parent];

		if (track == r->track)
			continue;
		if (track >= 0 && i == 0 && s->l->tracks[track].column > r->column)
			pulled = track;
		else if (track >= 0)
		{
			lanes_move(s, r, MIG_MOVE_JOIN, track);
			continue;
		}
		if (r->end)
		{
			r->end = false;
			s->awaits[parent] = r->track;
			continue;
		}
		track = lanes_open(s, lanes_free(s, r->column + 1), row + 1);
		s->awaits[parent] = track;
		lanes_move(s, r, MIG_MOVE_OPEN, track);
	}
	/* Last, so that no track opens in a column that is left at this row. */
	if (pulled >= 0)
	{
		lanes_move(s, r, MIG_MOVE_PULL, pulled);
		lanes_close(s, pulled, row);
	}
	if (r->end)
		lanes_close(s, r->track, row);
}

static void
lanes_row(Lanes *s, int32_t row)
{
	MigRow *r = &s->l->rows[row];

	r->node = s->g->order[s->g->count - 1 - row];
	r->track = s->awaits[r->node];
	r->head = r->track < 0;
	if (r->head)
		r->track = lanes_open(s, lanes_free(s, 0), row);
	r->column = s->l->tracks[r->track].column;
	r->moves = s->nmoves;
	lanes_down(s, r, row);
}

bool
mig_draw_layout(const MigGraph *g, MigDrawLayout *l)
{
	Lanes s = {g, l, NULL, NULL, NULL, 0, 0};
	size_t nodes = (size_t) g->count;
	size_t tracks = nodes; /* at most one a head and one an edge */

	memset(l, 0, sizeof(*l));
	for (int32_t i = 0; i < g->count; i++)
		tracks += (size_t) g->nodes[i].ndown;
	l->rows = mig_alloc_array(g->m, nodes, sizeof(*l->rows));
	l->moves = mig_alloc_array(g->m, tracks, sizeof(*l->moves));
	l->tracks = mig_alloc_array(g->m, tracks, sizeof(*l->tracks));
	s.awaits = mig_alloc_array(g->m, nodes, sizeof(*s.awaits));
	s.at = mig_alloc_array(g->m, tracks + 1, sizeof(*s.at));
	s.busy = mig_alloc_array(g->m, tracks / 64 + 2, sizeof(*s.busy));
	if (!mig_ok(g->m))
		return false;
	for (int32_t i = 0; i < g->count; i++)
		s.awaits[i] = -1;
	for (int32_t row = 0; row < g->count; row++)
		lanes_row(&s, row);
	return true;
}

int32_t
mig_draw_column(int32_t column)
{
	return column < MIG_DRAW_COLUMNS ? column : MIG_DRAW_COLUMNS - 1;
}
