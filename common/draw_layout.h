/*
 * draw_layout.h - what the pictures share: which revision stands where, and
 * text that is safe to show. Private to draw*.c.
 *
 * Rows run from the newest revision (row 0) to the oldest. A track is a line
 * down one column; a node joins or opens tracks of its parents, so that at
 * any row there is one track to each revision that is still awaited:
 *
 *     *        row 0: a merge; opens a track for its second parent
 *     |\
 *     | *      row 1
 *     * |      row 2: pulls the other track over, both await row 3
 *     |/
 *     *        row 3: a base; its track ends
 */
#ifndef MIG_DRAW_LAYOUT_H
#define MIG_DRAW_LAYOUT_H

#include "draw.h"
#include "text.h"

/* What happens between a row and the next besides the tracks going on. */
typedef enum MigMoveKind
{
	MIG_MOVE_JOIN, /* from the node to a track that is there already */
	MIG_MOVE_OPEN, /* from the node to a new track */
	MIG_MOVE_PULL  /* a track further right ends in the node's own one */
} MigMoveKind;

typedef struct MigMove
{
	MigMoveKind kind;
	int32_t track;
} MigMove;

typedef struct MigTrack
{
	int32_t column;
	int32_t first, last; /* rows that it touches, both included */
	int32_t colour;      /* 0 .. MIG_COLOURS - 1, unlike its neighbours */
} MigTrack;

typedef struct MigRow
{
	int32_t node;
	int32_t column;
	int32_t track;
	int32_t moves, nmoves; /* moves[moves..]; at most one PULL, the last */
	bool head;             /* nothing comes from above */
	bool end;              /* its track does not go on below */
} MigRow;

#define MIG_COLOURS 8

typedef struct MigDrawLayout
{
	MigRow *rows; /* g->count of them */
	MigMove *moves;
	MigTrack *tracks;
	int32_t ntracks;
	int32_t columns;
} MigDrawLayout;

/* All in the arena, linear in revisions plus edges. False: MIG_NOMEM. */
extern bool mig_draw_layout(const MigGraph *g, MigDrawLayout *l);

/*
 * The widest number of columns that is drawn. Tracks beyond share the last
 * column, in which no line is told from another.
 */
#define MIG_DRAW_COLUMNS 64

/* The column in which it is drawn. */
extern int32_t mig_draw_column(int32_t column);

/* Stands for bytes that are not UTF-8 and for what no document may hold. */
#define MIG_NO_CHAR 0xfffdu

/*
 * Take the next character off a text; false at its end. Controls, line ends
 * and marks that turn the direction of writing come as a blank.
 */
extern bool mig_draw_char(MigStr *s, uint32_t *c);

/* The columns of a terminal it takes: 0, 1 or 2. */
extern int mig_draw_cells(uint32_t c);
extern int64_t mig_draw_width(MigStr s);

/*
 * Add s, each character by way of put (which escapes it), at most width
 * columns of it; three dots stand for what is cut.
 */
typedef void (*MigPut)(MigText *t, uint32_t c);
extern void mig_draw_text(MigText *t, MigStr s, int64_t width, MigPut put);

/* No limit of width. */
#define MIG_DRAW_ALL INT64_MAX

/* A character in UTF-8. */
extern void mig_draw_utf8(MigText *t, uint32_t c);

/* What is known of a node; absent when it is not. */
extern MigStr mig_draw_message(const MigDrawing *d, int32_t node);
extern MigStr mig_draw_created(const MigDrawing *d, int32_t node);
extern MigStr
mig_draw_labels(const MigGraph *g, const MigDrawing *d, int32_t node);

/* The formats. The text grows; MIG_NOMEM stays in its Mig. */
extern void mig_draw_as_text(MigText *t, const MigGraph *g,
                             const MigDrawing *d, const MigDrawLayout *l);
extern void mig_draw_as_dot(MigText *t, const MigGraph *g, const MigDrawing *d,
                            const MigDrawLayout *l);
extern void mig_draw_as_mermaid(MigText *t, const MigGraph *g,
                                const MigDrawing *d, const MigDrawLayout *l);
extern void mig_draw_as_svg(MigText *t, const MigGraph *g, const MigDrawing *d,
                            const MigDrawLayout *l);

#endif
