/*
 * lines.h - foreign files line by line, and the small things that the readers
 * of layouts share.
 *
 *     MigLines lines;
 *     MigStr line;
 *
 *     mig_lines_start(&lines, file->text);
 *     while (mig_lines_next(&lines, &line))
 *         use(line, lines.number);
 */
#ifndef MIG_LINES_H
#define MIG_LINES_H

#include "mig.h"

typedef struct MigLines
{
	MigStr text;
	size_t next; /* offset of the next line */
	size_t at;   /* of the line last given */
	int number;  /* of that line, from 1 */
} MigLines;

/* A byte order mark at the start of text is skipped. */
extern void mig_lines_start(MigLines *l, MigStr text);

/* Without its end, which is LF, CRLF or a lone CR. False behind the last. */
extern bool mig_lines_next(MigLines *l, MigStr *line);

/* Without a byte order mark at its start. */
extern MigStr mig_bom_off(MigStr text);

extern bool mig_str_ends(MigStr s, const char *suffix);

/* Take a prefix off; the second one whatever its case, word in lower case.
   False, and s as it was, when it does not begin so. */
extern bool mig_str_take(MigStr *s, const char *prefix);
extern bool mig_str_take_word(MigStr *s, const char *word);

/* Take blanks and tabs off the front. */
extern void mig_str_skip(MigStr *s);

/* Take digits off the front, or blanks and what follows up to a blank; an
   empty string if there are none. */
extern MigStr mig_str_digits(MigStr *s);
extern MigStr mig_str_field(MigStr *s);

/* What stands before the first c; s goes on behind it. All of s, and nothing
   is left, if there is none. */
extern MigStr mig_str_before(MigStr *s, char c);

/* Offset of the first needle in s, s.len if there is none. */
extern size_t mig_str_find(MigStr s, MigStr needle);

/* A path's last part, and what stands before the / in front of it. */
extern MigStr mig_path_base(MigStr path);
extern MigStr mig_path_folder(MigStr path);

/* Two runs of digits of any length as numbers. */
extern int mig_digits_cmp(MigStr a, MigStr b);

/* A slug as a message: underscores and hyphens to blanks, in m's arena. */
extern MigStr mig_slug_message(Mig *m, MigStr slug);

/*
 * Texts of which parts are left out, and what stays keeps its line and column:
 *
 *     char *canvas = mig_canvas(m, text);
 *     mig_blank(canvas + 10, 5);
 *     text = mig_canvas_text(canvas, text.len, &line);
 *
 * mig_canvas() gives a copy, NULL on MIG_NOMEM. mig_canvas_text() ends it;
 * empty lines at its start are left out and counted in line.
 */
extern char *mig_canvas(Mig *m, MigStr text);
extern void mig_blank(char *at, size_t len);
extern MigStr mig_canvas_text(char *canvas, size_t len, int *line);

/* All CRLF and lone CR as LF, in m's arena. */
extern MigStr mig_lf_only(Mig *m, MigStr text);

/* All of them as CRLF. */
extern MigStr mig_crlf_only(Mig *m, MigStr text);

#endif
