#include "private.h"

#include "draw_svg.h"

int32_t
mig_svg_y(int32_t row)
{
	return SVG_MARGIN + SVG_ROW / 2 + row * SVG_ROW;
}

int32_t
mig_svg_x(const MigSvg *s, int32_t track)
{
	return s->tracks + mig_draw_column(s->l->tracks[track].column) * s->pitch;
}

int32_t
mig_svg_depth(int32_t rows)
{
	int32_t root = 1;

	while (root < SVG_ARC_STEPS && (root + 1) * (root + 1) <= rows)
		root++;
	return 8 + 9 * root;
}

static void
put_line(const MigSvg *s, int32_t track)
{
	const MigTrack *t = &s->l->tracks[track];

	mig_text_fmt(s->t, "<path class=\"line s%d%s\" d=\"M%d ", t->colour,
	             t->column >= MIG_DRAW_COLUMNS - 1 ? " many" : "",
	             mig_svg_x(s, track));
}

/* From a row and one track to the next row and another. */
static void
put_curve(const MigSvg *s, const MigRow *r, const MigMove *move)
{
	bool pull = move->kind == MIG_MOVE_PULL;
	int32_t x1 = mig_svg_x(s, pull ? move->track : r->track);
	int32_t x2 = mig_svg_x(s, pull ? r->track : move->track);
	int32_t y = mig_svg_y((int32_t) (r - s->l->rows));
	int32_t bend = x2 > x1 ? -10 : 10;
	int32_t colour = move->kind == MIG_MOVE_JOIN ? r->track : move->track;

	if (x1 == x2)
		return;
	mig_text_fmt(s->t, "<path class=\"line s%d\" d=\"M%d %d",
	             s->l->tracks[colour].colour, x1, y);
	if (x2 - x1 <= 2 * s->pitch && x1 - x2 <= 2 * s->pitch)
		mig_text_fmt(s->t, "C%d %d %d %d %d %d\"/>\n", x1, y + SVG_ROW * 5 / 8,
		             x2, y + SVG_ROW - SVG_ROW * 5 / 8, x2, y + SVG_ROW);
	else if (pull)
		mig_text_fmt(s->t, "v3q0 10 %d 10H%dq%d 0 %d 10v3\"/>\n", -bend,
		             x2 + bend, -bend, -bend);
	else
		mig_text_fmt(s->t, "H%dQ%d %d %d %dV%d\"/>\n", x2 + bend, x2, y, x2,
		             y + 10, y + SVG_ROW);
}

void
mig_svg_tracks(const MigSvg *s)
{
	for (int32_t i = 0; i < s->l->ntracks; i++)
	{
		const MigTrack *t = &s->l->tracks[i];

		if (t->first == t->last)
			continue;
		put_line(s, i);
		mig_text_fmt(s->t, "%dV%d\"/>\n", mig_svg_y(t->first),
		             mig_svg_y(t->last));
	}
	for (int32_t i = 0; i < s->g->count && mig_ok(s->g->m); i++)
	{
		const MigRow *r = &s->l->rows[i];

		for (int32_t k = 0; k < r->nmoves; k++)
			put_curve(s, r, &s->l->moves[r->moves + k]);
	}
}

/*
 * Dependencies: arcs to the left of all tracks. A cubic curve comes three
 * quarters of the way to its control points.
 */
void
mig_svg_arcs(const MigSvg *s, const MigRow *r)
{
	const MigNode *n = &s->g->nodes[r->node];
	int32_t row = (int32_t) (r - s->l->rows);
	int32_t x1 = mig_svg_x(s, r->track) - 5;

	for (int32_t i = 0; i < n->ndeps; i++)
	{
		int32_t other = s->row[s->g->edges[n->deps + i]];
		int32_t x2 = mig_svg_x(s, s->l->rows[other].track) - 5;
		int32_t reach = s->tracks - mig_svg_depth(other - row);
		int32_t x = (8 * reach - x1 - x2) / 6;

		mig_text_fmt(
			s->t, "<path class=\"arc%s\" d=\"M%d %dC%d %d %d %d %d %d\"/>\n",
			s->depends > s->g->count / 4 ? " faint" : "", x1, mig_svg_y(row),
			x, mig_svg_y(row), x, mig_svg_y(other), x2, mig_svg_y(other));
	}
}
