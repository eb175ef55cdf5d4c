#include "private.h"

#include "draw_layout.h"

/* A message breaks into lines of about this width; a long one is cut. */
#define LINE 30
#define MESSAGE 90

static const char opening[] =
	"digraph migrate {\n"
	"\trankdir=BT;\n"
	"\tnodesep=0.3;\n"
	"\tranksep=0.3;\n"
	"\tnode [shape=box, style=\"rounded,filled\", margin=\"0.16,0.08\", "
	"fontname=\"Helvetica,Arial,sans-serif\", fontsize=11, "
	"fontcolor=\"#24292f\"];\n"
	"\tedge [color=\"#8b949e\", arrowsize=0.6];\n";

/*
 * In a label of Graphviz a backslash begins an escape, and an ampersand a
 * character of HTML.
 */
static void
put_char(MigText *t, uint32_t c)
{
	if (c == '"' || c == '\\')
		mig_text_char(t, '\\');
	if (c == '&')
		mig_text_add(t, "&amp;");
	else if (c == MIG_NO_CHAR)
		mig_text_char(t, '?');
	else
		mig_draw_utf8(t, c);
}

/* The width of what comes before the next blank, as far as it matters. */
static int32_t
word_width(MigStr s)
{
	int32_t width = 0;
	uint32_t c;

	while (width <= LINE && mig_draw_char(&s, &c) && c != ' ')
		width += mig_draw_cells(c);
	return width;
}

static void
put_lines(MigText *t, MigStr s)
{
	int32_t line = 0, total = 0;
	uint32_t c;

	while (mig_draw_char(&s, &c))
	{
		int cells = mig_draw_cells(c);
		bool blank = c == ' ';

		total += cells;
		if (total > MESSAGE)
		{
			mig_text_add(t, "...");
			return;
		}
		if ((blank && line + 1 + word_width(s) > LINE) ||
		    (cells == 2 && line >= LINE))
		{
			mig_text_add(t, "\\n");
			line = 0;
		}
		if (line == 0 && blank)
			continue;
		put_char(t, c);
		line += cells;
	}
}

/* The track keeps a line of revisions straight. */
static void
put_node(MigText *t, const MigGraph *g, const MigDrawing *d, const MigRow *r)
{
	const MigNode *n = &g->nodes[r->node];
	MigStr message = mig_str_trim(mig_draw_message(d, r->node));
	MigStr labels = mig_str_trim(mig_draw_labels(g, d, r->node));
	bool applied = n->flags & MIG_NODE_APPLIED;

	mig_text_fmt(t, "\tn%d [label=\"", r->node);
	mig_draw_text(t, n->id, MIG_DRAW_ALL, put_char);
	if (message.len > 0)
		mig_text_add(t, "\\n");
	put_lines(t, message);
	if (labels.len > 0)
		mig_text_add(t, "\\nlabel: ");
	mig_draw_text(t, labels, MIG_DRAW_ALL, put_char);
	mig_text_fmt(t, "\", group=t%d, color=\"#3a74c0\", fillcolor=\"%s\"",
	             r->track, applied ? "#dbe7f6" : "#ffffff");
	if (mig_node_is_head(n))
		mig_text_add(t, ", penwidth=2");
	mig_text_add(t, "];\n");
}

static void
put_edges(MigText *t, const MigGraph *g, int32_t node)
{
	const MigNode *n = &g->nodes[node];

	for (int32_t i = 0; i < n->ndown; i++)
		mig_text_fmt(t, "\tn%d -> n%d;\n", g->edges[n->down + i], node);
	for (int32_t i = 0; i < n->ndeps; i++)
		mig_text_fmt(t, "\tn%d -> n%d [style=dashed, constraint=false];\n",
		             g->edges[n->deps + i], node);
}

void
mig_draw_as_dot(MigText *t, const MigGraph *g, const MigDrawing *d,
                const MigDrawLayout *l)
{
	mig_text_add(t, opening);
	for (int32_t i = g->count - 1; i >= 0 && mig_ok(g->m); i--)
		put_node(t, g, d, &l->rows[i]);
	for (int32_t i = 0; i < g->count && mig_ok(g->m); i++)
		put_edges(t, g, g->order[i]);
	mig_text_char(t, '}');
}
