/*
 * draw_svg.h - the parts of the svg picture. Private to draw_svg*.c.
 *
 * From left to right: room for the arcs of dependencies, the tracks, ids,
 * messages with their pills, dates. One row a revision. Nobody measures
 * fonts here: widths are a little more than those of common fonts, and a
 * text that something stands behind is told its length.
 */
#ifndef MIG_DRAW_SVG_H
#define MIG_DRAW_SVG_H

#include "draw_layout.h"

enum
{
	SVG_MARGIN = 24,
	SVG_ROW = 26,
	SVG_GAP = 18, /* between columns of text */
	SVG_IDS = 40, /* longer ids and messages are cut */
	SVG_MESSAGES = 72,
	SVG_CELL = 73, /* a monospaced character of 12 pixels, in tenths */
	SVG_PILL = 7,  /* room at the ends of a pill */
	SVG_ARC_STEPS = 14
};

typedef struct MigSvg
{
	MigText *t;
	const MigGraph *g;
	const MigDrawing *d;
	const MigDrawLayout *l;
	int32_t *row;                  /* by node */
	int32_t depends;               /* how many arcs */
	int32_t tracks, ids, messages; /* left edges */
	int32_t pitch;                 /* from track to track */
	int32_t width, height;
} MigSvg;

/* Where the middle of a row, and of a track, is. */
extern int32_t mig_svg_y(int32_t row);
extern int32_t mig_svg_x(const MigSvg *s, int32_t track);

/* The start of the document: description, style, ground; and its end. */
extern void mig_svg_opening(const MigSvg *s);
extern void mig_svg_legend(const MigSvg *s);

/* All tracks; and the arcs of the dependencies of one row. */
extern void mig_svg_tracks(const MigSvg *s);
extern void mig_svg_arcs(const MigSvg *s, const MigRow *r);

/* How far to the left of the tracks an arc over so many rows goes: a little
   more for each row, less and less. */
extern int32_t mig_svg_depth(int32_t rows);

#endif
