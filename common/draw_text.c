#include "private.h"

#include "draw_layout.h"

/*
 * A picture in ASCII, two characters a column. A node's line is its mark,
 * then underscores towards the columns that its edges reach; the line below
 * bends them down. A track that is pulled over a longer way takes two lines:
 *
 *     *_|     the node; an edge crosses column 1
 *     | |\    and comes down in column 2
 *     | |_|/  column 3 is pulled over to column 0
 *     |/| |
 */
#define CELLS (2 * MIG_DRAW_COLUMNS)

/* Messages stand below each other while the graph is not wider than this. */
#define GUTTER 24
#define IDS 24

typedef struct Picture
{
	MigText *t;
	const MigGraph *g;
	const MigDrawing *d;
	const MigDrawLayout *l;
	uint64_t open; /* the columns but the last with a track, a bit each */
	int32_t more;  /* tracks in the last column, which stands for many */
	int32_t gutter;
	int64_t ids; /* width of the column of ids */
	bool loose;  /* the line before had a node whose column ended there */
	char cells[CELLS];
} Picture;

static int32_t
track_cell(const Picture *p, int32_t track)
{
	return 2 * mig_draw_column(p->l->tracks[track].column);
}

static void
open_column(Picture *p, int32_t track)
{
	int32_t column = track_cell(p, track) / 2;

	p->open |= UINT64_C(1) << column;
	p->more += column == MIG_DRAW_COLUMNS - 1;
}

static void
close_column(Picture *p, int32_t track)
{
	int32_t column = track_cell(p, track) / 2;

	p->more -= column == MIG_DRAW_COLUMNS - 1;
	p->open &= ~(UINT64_C(1) << column);
}

/* The tracks that go on, and nothing else. */
static void
clear(Picture *p)
{
	memset(p->cells, ' ', CELLS);
	for (int i = 0; i < MIG_DRAW_COLUMNS - 1; i++)
		if (p->open >> i & 1)
			p->cells[2 * i] = '|';
	if (p->more > 0)
		p->cells[CELLS - 2] = '+';
}

/* A level line over the cells from first to last; tracks cross it. */
static void
level(Picture *p, int32_t first, int32_t last)
{
	for (int32_t i = first; i <= last; i++)
		if (p->cells[i] == ' ')
			p->cells[i] = '_';
}

static int32_t
used_cells(const Picture *p)
{
	int32_t n = CELLS;

	while (n > 0 && p->cells[n - 1] == ' ')
		n--;
	return n;
}

static void
put_line(Picture *p)
{
	if (p->t->len > 0)
		mig_text_char(p->t, '\n');
	mig_text_str_add(p->t, (MigStr){p->cells, (size_t) used_cells(p)});
}

static void
put_char(MigText *t, uint32_t c)
{
	if (c == MIG_NO_CHAR)
		mig_text_char(t, '?');
	else
		mig_draw_utf8(t, c);
}

static void
pad(MigText *t, int64_t count)
{
	while (count-- > 0)
		mig_text_char(t, ' ');
}

/* "first word", "next word" between parentheses that are closed later. */
static void
put_note(MigText *t, bool *any, const char *note, MigStr word)
{
	mig_text_add(t, *any ? ", " : "  (");
	mig_text_add(t, note);
	mig_draw_text(t, word, MIG_DRAW_ALL, put_char);
	*any = true;
}

static void
put_notes(Picture *p, const MigNode *n, MigStr labels)
{
	MigStr none = {NULL, 0};
	MigStr word;
	bool any = false;

	if (mig_node_is_head(n))
		put_note(p->t, &any, "head", none);
	if (!(n->flags & MIG_NODE_APPLIED))
		put_note(p->t, &any, "pending", none);
	while (mig_str_next(&labels, &word))
		put_note(p->t, &any, "label: ", word);
	for (int32_t i = 0; i < n->ndeps; i++)
		put_note(p->t, &any, i == 0 ? "depends on " : "",
		         p->g->nodes[p->g->edges[n->deps + i]].id);
	if (any)
		mig_text_char(p->t, ')');
}

/* What stands beside the mark. */
static void
put_node(Picture *p, const MigRow *r)
{
	const MigNode *n = &p->g->nodes[r->node];
	MigStr message = mig_str_trim(mig_draw_message(p->d, r->node));
	MigStr labels = mig_draw_labels(p->g, p->d, r->node);

	pad(p->t, p->gutter - used_cells(p));
	mig_text_add(p->t, "  ");
	mig_draw_text(p->t, n->id, MIG_DRAW_ALL, put_char);
	if (message.len > 0)
	{
		pad(p->t, p->ids - mig_draw_width(n->id));
		mig_text_add(p->t, "  ");
		mig_draw_text(p->t, message, MIG_DRAW_ALL, put_char);
	}
	put_notes(p, n, labels);
}

static void
put_mark(Picture *p, const MigRow *r)
{
	bool applied = p->g->nodes[r->node].flags & MIG_NODE_APPLIED;
	int32_t own = track_cell(p, r->track);

	clear(p);
	p->cells[own] = applied ? '*' : 'o';
	for (int32_t i = 0; i < r->nmoves; i++)
	{
		const MigMove *move = &p->l->moves[r->moves + i];
		int32_t to = track_cell(p, move->track);

		if (move->kind == MIG_MOVE_PULL)
			continue;
		if (to > own)
			level(p, own + 1, to - 2);
		else
			level(p, to + 2, own - 1);
	}
	put_line(p);
	put_node(p, r);
}

/* The line that bends the node's edges down; false if it has none to bend. */
static bool
put_bends(Picture *p, const MigRow *r)
{
	int32_t own = track_cell(p, r->track);
	bool any = false;

	if (r->end)
		close_column(p, r->track);
	clear(p);
	for (int32_t i = 0; i < r->nmoves; i++)
	{
		const MigMove *move = &p->l->moves[r->moves + i];
		int32_t to = track_cell(p, move->track);

		if (move->kind == MIG_MOVE_PULL)
			continue;
		if (move->kind == MIG_MOVE_OPEN)
			open_column(p, move->track);
		if (to == own)
			continue;
		p->cells[to > own ? to - 1 : to + 1] = to > own ? '\\' : '/';
		any = true;
	}
	if (any)
		put_line(p);
	return any;
}

/* The lines that pull a track over to the node's; false if there are none. */
static bool
put_pull(Picture *p, const MigRow *r)
{
	int32_t own = track_cell(p, r->track);
	int32_t track, from;

	if (r->nmoves == 0 ||
	    p->l->moves[r->moves + r->nmoves - 1].kind != MIG_MOVE_PULL)
		return false;
	track = p->l->moves[r->moves + r->nmoves - 1].track;
	from = track_cell(p, track);
	close_column(p, track);
	if (from == own)
		return false;
	clear(p);
	p->cells[from - 1] = '/';
	if (from > own + 2)
	{
		level(p, own + 2, from - 2);
		put_line(p);
		clear(p);
		p->cells[own + 1] = '/';
	}
	put_line(p);
	return true;
}

static void
put_row(Picture *p, const MigRow *r)
{
	bool bends, pull;

	/* A mark right below another would look like its parent. */
	if (r->head && p->loose && r[-1].column == r->column)
	{
		clear(p);
		put_line(p);
	}
	if (r->head)
		open_column(p, r->track);
	put_mark(p, r);
	bends = put_bends(p, r);
	pull = put_pull(p, r);
	p->loose = r->end && !bends && !pull;
}

static int64_t
widest_id(const MigGraph *g)
{
	int64_t widest = 0;

	for (int32_t i = 0; i < g->count; i++)
	{
		int64_t width = mig_draw_width(g->nodes[i].id);

		if (width > widest)
			widest = width;
	}
	return widest < IDS ? widest : IDS;
}

void
mig_draw_as_text(MigText *t, const MigGraph *g, const MigDrawing *d,
                 const MigDrawLayout *l)
{
	Picture p = {0};

	p.t = t;
	p.g = g;
	p.d = d;
	p.l = l;
	p.ids = widest_id(g);
	p.gutter = 2 * l->columns - 1;
	if (p.gutter > GUTTER)
		p.gutter = GUTTER;
	for (int32_t row = 0; row < g->count && mig_ok(g->m); row++)
		put_row(&p, &l->rows[row]);
}
