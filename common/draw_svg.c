#include "private.h"

#include "draw_svg.h"

/* Widths of proportional text in thousandths of its size. */
static int32_t
char_width(uint32_t c)
{
	static const char narrow[] = " !\"'()*,-./:;I[\\]`fijlrt{|}";
	static const char wide[] = "%@MWmw";

	if (c >= 0x80)
		return mig_draw_cells(c) * (mig_draw_cells(c) == 2 ? 520 : 640);
	if (memchr(narrow, (int) c, sizeof(narrow) - 1) != NULL)
		return 305;
	if (memchr(wide, (int) c, sizeof(wide) - 1) != NULL)
		return 880;
	return c >= 'A' && c <= 'Z' ? 710 : 568;
}

/* In pixels, at most cells columns of it as mig_draw_text() cuts. */
static int32_t
text_width(MigStr s, int64_t cells, int32_t size)
{
	bool whole = mig_draw_width(s) <= cells;
	int64_t room = whole ? cells : cells - 3;
	int64_t sum = whole ? 0 : INT64_C(3) * char_width('.');
	uint32_t c;

	while (mig_draw_char(&s, &c))
	{
		room -= mig_draw_cells(c);
		if (room < 0)
			break;
		sum += char_width(c);
	}
	return (int32_t) (sum * size / 1000) + 1;
}

static void
put_char(MigText *t, uint32_t c)
{
	switch (c)
	{
		case '&':
			mig_text_add(t, "&amp;");
			break;
		case '<':
			mig_text_add(t, "&lt;");
			break;
		case '>':
			mig_text_add(t, "&gt;");
			break;
		case MIG_NO_CHAR:
			mig_text_add(t, "&#xFFFD;");
			break;
		default:
			mig_draw_utf8(t, c);
	}
}

static void
put_all(MigText *t, MigStr s)
{
	mig_draw_text(t, s, MIG_DRAW_ALL, put_char);
}

static MigStr
message_of(const MigSvg *s, int32_t node)
{
	return mig_str_trim(mig_draw_message(s->d, node));
}

/* The pixels that a pill takes, with the room before it. */
static int32_t
pill_width(MigStr word)
{
	return text_width(word, SVG_IDS, 11) + 2 * SVG_PILL + 6;
}

static int32_t
pills_width(const MigSvg *s, int32_t node)
{
	MigStr labels = mig_draw_labels(s->g, s->d, node);
	MigStr word;
	int32_t width = 0;

	if (mig_node_is_head(&s->g->nodes[node]))
		width += pill_width(MIG_LIT("head"));
	while (mig_str_next(&labels, &word))
		width += pill_width(word);
	return width;
}

/* Where each column of the picture begins. */
static void
measure(MigSvg *s)
{
	const MigGraph *g = s->g;
	int32_t arcs = 0, dates = 0, text = 160;
	int64_t ids = 0;

	for (int32_t i = 0; i < g->count; i++)
	{
		const MigNode *n = &g->nodes[i];
		int64_t id = mig_draw_width(n->id);
		MigStr message = message_of(s, i);
		MigStr created = mig_draw_created(s->d, i);
		int32_t width =
			text_width(message, SVG_MESSAGES, 13) + pills_width(s, i);
		int32_t date = text_width(created, SVG_IDS, 12);

		ids = id > ids ? id : ids;
		text = width > text ? width : text;
		dates = created.len > 0 && date > dates ? date : dates;
		for (int32_t k = 0; k < n->ndeps; k++)
		{
			int32_t other = s->row[g->edges[n->deps + k]];
			int32_t depth = mig_svg_depth(other - s->row[i]);

			arcs = depth > arcs ? depth : arcs;
			s->depends++;
		}
	}
	ids = ids < SVG_IDS ? ids : SVG_IDS;
	s->pitch = s->l->columns <= 20 ? 16 : s->l->columns <= 32 ? 12 : 9;
	s->tracks = SVG_MARGIN + arcs;
	s->ids = s->tracks + s->pitch * mig_draw_column(s->l->columns - 1) +
	         SVG_GAP + s->pitch / 2;
	s->messages = s->ids + (int32_t) (ids * SVG_CELL / 10) + SVG_GAP;
	text += text / 16;
	s->width =
		s->messages + text + (dates > 0 ? SVG_GAP + dates : 0) + SVG_MARGIN;
	s->height = mig_svg_y(g->count) + SVG_MARGIN + SVG_ROW / 2;
}

static void
put_list(const MigSvg *s, const char *what, int32_t first, int32_t count)
{
	for (int32_t i = 0; i < count; i++)
	{
		mig_text_add(s->t, i == 0 ? what : ", ");
		put_all(s->t, s->g->nodes[s->g->edges[first + i]].id);
	}
}

/* What appears under the pointer: all that is known. */
static void
put_title(const MigSvg *s, int32_t node)
{
	const MigNode *n = &s->g->nodes[node];
	MigStr message = message_of(s, node);
	MigStr labels = mig_str_trim(mig_draw_labels(s->g, s->d, node));
	MigStr created = mig_draw_created(s->d, node);

	mig_text_add(s->t, "<g><title>");
	put_all(s->t, n->id);
	mig_text_add(s->t, n->flags & MIG_NODE_APPLIED ? " applied" : " pending");
	if (message.len > 0)
		mig_text_char(s->t, '\n');
	put_all(s->t, message);
	put_list(s, "\nrevises ", n->down, n->ndown);
	put_list(s, "\ndepends on ", n->deps, n->ndeps);
	if (labels.len > 0)
		mig_text_add(s->t, "\nlabels ");
	put_all(s->t, labels);
	if (created.len > 0)
		mig_text_add(s->t, "\ncreated ");
	put_all(s->t, created);
	mig_text_add(s->t, "</title>\n");
}

/* Draws it and gives the place behind it. */
static int32_t
put_pill(const MigSvg *s, MigStr word, const char *class, int32_t colour,
         int32_t x, int32_t y)
{
	int32_t width = pill_width(word) - 6;

	mig_text_fmt(s->t,
	             "<rect class=\"f%d%s\" x=\"%d\" y=\"%d\" width=\"%d\" "
	             "height=\"16\" rx=\"8\"/>\n",
	             colour, class[0] == '\0' ? " tint" : "", x + 6, y - 8, width);
	mig_text_fmt(s->t,
	             "<text class=\"pill%s\" x=\"%d\" y=\"%d\" "
	             "textLength=\"%d\">",
	             class, x + 6 + width / 2, y + 4, width - 2 * SVG_PILL);
	mig_draw_text(s->t, word, SVG_IDS, put_char);
	mig_text_add(s->t, "</text>\n");
	return x + 6 + width;
}

static void
put_message(const MigSvg *s, const MigRow *r, int32_t y)
{
	int32_t colour = s->l->tracks[r->track].colour;
	int32_t x = s->messages;
	MigStr message = message_of(s, r->node);
	MigStr labels = mig_draw_labels(s->g, s->d, r->node);
	MigStr word;

	if (message.len > 0)
	{
		mig_text_fmt(s->t, "<text x=\"%d\" y=\"%d\"", x, y + 5);
		x += text_width(message, SVG_MESSAGES, 13);
		if (pills_width(s, r->node) > 0)
			mig_text_fmt(s->t, " textLength=\"%d\"", x - s->messages);
		mig_text_char(s->t, '>');
		mig_draw_text(s->t, message, SVG_MESSAGES, put_char);
		mig_text_add(s->t, "</text>\n");
	}
	else
		x -= 6;
	if (mig_node_is_head(&s->g->nodes[r->node]))
		x = put_pill(s, MIG_LIT("head"), " on", colour, x, y);
	while (mig_str_next(&labels, &word))
		x = put_pill(s, word, "", colour, x, y);
}

static void
put_row(const MigSvg *s, const MigRow *r)
{
	const MigNode *n = &s->g->nodes[r->node];
	MigStr created = mig_draw_created(s->d, r->node);
	int32_t y = mig_svg_y((int32_t) (r - s->l->rows));
	int32_t colour = s->l->tracks[r->track].colour;
	const char *fill = n->flags & MIG_NODE_APPLIED ? "f" : "todo s";

	put_title(s, r->node);
	mig_text_fmt(s->t,
	             "<rect class=\"row\" x=\"8\" y=\"%d\" width=\"%d\" "
	             "height=\"%d\" rx=\"4\"/>\n",
	             y - SVG_ROW / 2, s->width - 16, SVG_ROW);
	mig_svg_arcs(s, r);
	mig_text_fmt(s->t,
	             "<circle class=\"dot s%d %s%d\" cx=\"%d\" cy=\"%d\" "
	             "r=\"%s\"/>\n",
	             colour, fill, colour, mig_svg_x(s, r->track), y,
	             s->pitch < 16 ? "3.5" : "4.5");
	mig_text_fmt(s->t, "<text class=\"id\" x=\"%d\" y=\"%d\">", s->ids, y + 4);
	mig_draw_text(s->t, n->id, SVG_IDS, put_char);
	mig_text_add(s->t, "</text>\n");
	put_message(s, r, y);
	if (created.len > 0)
	{
		mig_text_fmt(s->t, "<text class=\"date\" x=\"%d\" y=\"%d\">",
		             s->width - SVG_MARGIN, y + 4);
		mig_draw_text(s->t, created, SVG_IDS, put_char);
		mig_text_add(s->t, "</text>\n");
	}
	mig_text_add(s->t, "</g>\n");
}

void
mig_draw_as_svg(MigText *t, const MigGraph *g, const MigDrawing *d,
                const MigDrawLayout *l)
{
	MigSvg s = {t, g, d, l, NULL, 0, 0, 0, 0, 0, 0, 0};

	s.row = mig_alloc_array(g->m, (size_t) g->count, sizeof(*s.row));
	if (s.row == NULL)
		return;
	for (int32_t i = 0; i < g->count; i++)
		s.row[l->rows[i].node] = i;
	measure(&s);
	mig_svg_opening(&s);
	mig_svg_tracks(&s);
	for (int32_t i = 0; i < g->count && mig_ok(g->m); i++)
		put_row(&s, &l->rows[i]);
	mig_svg_legend(&s);
	mig_text_add(t, "</svg>");
}
