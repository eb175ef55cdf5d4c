#include "private.h"

#include "draw_layout.h"

/* A longer message is cut; Mermaid breaks lines by itself. */
#define MESSAGE 72

static const char opening[] =
	"flowchart BT\n"
	"    classDef applied fill:#dbe7f6,stroke:#3a74c0,color:#24292f\n"
	"    classDef pending fill:#ffffff,stroke:#3a74c0,color:#24292f";

/*
 * Mermaid has no escapes but a character's number (#35; is "#"). It reads
 * HTML and, behind a backquote, Markdown in labels, looks for directives
 * between percent signs anywhere, takes a colon and a number behind the word
 * "style" for a colour, and two dollar signs for a formula, even by number:
 * a space of no width keeps those apart.
 */
static void
put_char(MigText *t, uint32_t c)
{
	if (c == MIG_NO_CHAR)
		mig_text_char(t, '?');
	else if (c == '$')
		mig_text_add(t, "$#8203;");
	else if (c < 0x80 && strchr("\"#%&:<>\\`", (int) c) != NULL)
		mig_text_fmt(t, "#%u;", (unsigned) c);
	else
		mig_draw_utf8(t, c);
}

static void
put_node(MigText *t, const MigGraph *g, const MigDrawing *d, int32_t node)
{
	const MigNode *n = &g->nodes[node];
	MigStr message = mig_str_trim(mig_draw_message(d, node));
	MigStr labels = mig_str_trim(mig_draw_labels(g, d, node));

	mig_text_fmt(t, "\n    n%d[\"", node);
	mig_draw_text(t, n->id, MIG_DRAW_ALL, put_char);
	if (message.len > 0)
		mig_text_add(t, "<br/>");
	mig_draw_text(t, message, MESSAGE, put_char);
	if (labels.len > 0)
		mig_text_add(t, "<br/>label: ");
	mig_draw_text(t, labels, MIG_DRAW_ALL, put_char);
	mig_text_add(t, "\"]:::");
	mig_text_add(t, n->flags & MIG_NODE_APPLIED ? "applied" : "pending");
}

static void
put_edges(MigText *t, const MigGraph *g, int32_t node)
{
	const MigNode *n = &g->nodes[node];

	for (int32_t i = 0; i < n->ndown; i++)
		mig_text_fmt(t, "\n    n%d --> n%d", g->edges[n->down + i], node);
	for (int32_t i = 0; i < n->ndeps; i++)
		mig_text_fmt(t, "\n    n%d -.-> n%d", g->edges[n->deps + i], node);
}

void
mig_draw_as_mermaid(MigText *t, const MigGraph *g, const MigDrawing *d,
                    const MigDrawLayout *l)
{
	(void) l;
	mig_text_add(t, opening);
	for (int32_t i = 0; i < g->count && mig_ok(g->m); i++)
		put_node(t, g, d, g->order[i]);
	for (int32_t i = 0; i < g->count && mig_ok(g->m); i++)
		put_edges(t, g, g->order[i]);
}
