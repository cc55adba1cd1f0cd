/* SPDX-License-Identifier: MIT
 *
 * A screen in memory: cells of one cluster each.  All views draw here; only
 * screen.c knows a terminal.  A wide character takes its cell and the next one
 * (width 0); it is never cut in half: at the edge a blank stands for it
 * (CHECKLIST M-42). */
#ifndef DEWEY_UI_GRID_H
#define DEWEY_UI_GRID_H

#include "ui/theme.h"

/* A base and as many marks as fit; terminals show no more. */
#define CELL_OCTETS 24

struct cell {
	char text[CELL_OCTETS]; /* UTF-8, NUL-terminated; "" behind a wide one */
	uint8_t width;          /* 1, 2, or 0 behind a wide one */
	uint8_t theme;          /* enum theme */
	uint8_t bits;           /* enum look_bits, beside those of the theme */
	uint16_t link;          /* grid_link(); 0: none */
};

struct grid;
typedef struct grid grid;

struct grid *grid_new(int rows, int cols);
void grid_free(struct grid *g);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(grid, grid_free)

struct grid *grid_copy(const struct grid *g);
void grid_clear(struct grid *g);
int grid_rows(const struct grid *g);
int grid_cols(const struct grid *g);
const struct cell *grid_cell(const struct grid *g, int y, int x);
/* Whether both look the same at this place; of links their addresses count. */
bool grid_same_at(const struct grid *a, const struct grid *b, int y, int x);
/* The address that cells of this number lead to; NULL: none. */
const char *grid_link(const struct grid *g, guint link);

/* A row as text, blanks at the end cut; g_free() it. */
char *grid_row_text(const struct grid *g, int y);

/* A rectangle of a grid to draw in; what lies outside of it is not touched. */
struct pane {
	struct grid *grid;
	int y, x, rows, cols;
};

struct pane pane_whole(struct grid *g);
/* A part of p, cut to p. */
struct pane pane_sub(const struct pane *p, int y, int x, int rows, int cols);

/* Puts text at row, col; returns the column behind it.  Bidi and other format
 * characters are left out: only changed cells are sent to a terminal, so what
 * they open could never be relied upon to be closed. */
int pane_put(const struct pane *p, int row, int col, const char *text, enum theme theme);
/* The same in at most columns, cut with "…". */
int pane_put_cut(const struct pane *p, int row, int col, int columns, const char *text,
	enum theme theme);
/* Ends at the right edge of the pane. */
void pane_put_right(const struct pane *p, int row, const char *text, enum theme theme);
/* Puts text as pane_put_cut() does and gives what is marked in it (GArray of struct
 * mark of store/query-marks.h, as octets of text) the attribute marked. */
struct marked_text {
	const char *text;
	const GArray *marks; /* NULL: none */
	enum theme theme, marked;
};
int pane_put_marked(const struct pane *p, int row, int col, int columns,
	const struct marked_text *t);
/* Gives the cells of a row this look and, unless it is NULL, the address that they lead
 * to (copied); their text stays. */
struct range_look {
	enum theme theme;
	unsigned bits; /* enum look_bits */
	const char *url;
};
void pane_look(const struct pane *p, int row, int col, int columns, const struct range_look *look);
/* Gives the cells of a row this attribute; their text stays. */
void pane_paint(const struct pane *p, int row, int col, int columns, enum theme theme);

#endif
