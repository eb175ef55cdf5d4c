/*
 * draw.h - the graph as a picture. Pure.
 *
 * text: rows like those of git log --graph, newest first. dot: Graphviz.
 * mermaid: a flowchart. svg: a picture that stands alone, light and dark.
 */
#ifndef MIG_DRAW_H
#define MIG_DRAW_H

#include "graph.h"

/* What is known of a node besides the graph; arrays by node. */
typedef struct MigDrawing
{
	const MigStr *messages; /* absent: none */
	const MigStr *created;  /* a short date to show, absent: none */
	const MigStr *labels;   /* own labels, absent: none */
	/* applied or not: MIG_NODE_APPLIED in the node's flags */
} MigDrawing;

/* format: "text", "dot", "mermaid", "svg". False: MIG_ARGUMENT with the
   list of formats, or MIG_NOMEM. An empty graph gives a valid, empty picture. */
extern bool
mig_draw(MigGraph *g, const MigDrawing *d, MigStr format, MigStr *out);

#endif
