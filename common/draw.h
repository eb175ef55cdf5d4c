/*
 * draw.h - the graph as a picture. Pure.
 *
 * text: rows like those of git log --graph, newest first, in ASCII; a "*" is
 * applied and an "o" pending. dot: Graphviz. mermaid: a flowchart (Mermaid
 * itself refuses more than 500 edges unless its maxEdges is raised). svg: a
 * picture that stands alone, light and dark.
 *
 *     *    c3  join them  (head)
 *     |\
 *     | *  c2  add orders  (label: orders)
 *     * |  b2  add users  (depends on c1)
 *     |/
 *     *    c1  begin
 *
 * text and svg draw at most 64 columns. Tracks further right share the last
 * of them: a "+" in text, a dotted line in svg. Revisions there, and their
 * messages, are shown all the same.
 */
#ifndef MIG_DRAW_H
#define MIG_DRAW_H

#include "graph.h"

/* What is known of a node besides the graph; arrays by node, or NULL. */
typedef struct MigDrawing
{
	const MigStr *messages; /* absent: none */
	const MigStr *created;  /* a short date to show, absent: none */
	const MigStr *labels;   /* own labels, absent: none; NULL: the nodes' */
	/* applied or not: MIG_NODE_APPLIED in the node's flags */
} MigDrawing;

/*
 * format: "text", "dot", "mermaid", "svg". The picture is in the arena and
 * has no line end at its end. Linear in revisions, edges and, for text, the
 * columns in use. Texts are made harmless: controls become blanks, bytes
 * that are not UTF-8 become "?" or U+FFFD; dot, mermaid and svg cut long
 * messages. False: MIG_ARGUMENT with the list of formats, or MIG_NOMEM. An
 * empty graph gives a valid, empty picture.
 */
extern bool
mig_draw(MigGraph *g, const MigDrawing *d, MigStr format, MigStr *out);

#endif
