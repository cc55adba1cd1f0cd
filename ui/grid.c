/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/local.h"
#include "base/width.h"
#include "store/query-marks.h"
#include "ui/grid.h"

struct grid {
	int rows, cols;
	struct cell *cells;
	GPtrArray *links; /* of char *: the addresses of cells */
};

static const struct cell blank = {.text = " ", .width = 1, .theme = THEME_NORMAL};

struct grid *grid_new(int rows, int cols)
{
	struct grid *g = g_new0(struct grid, 1);
	g->rows = MAX(rows, 1);
	g->cols = MAX(cols, 1);
	g->cells = g_new(struct cell, (size_t)g->rows * g->cols);
	g->links = g_ptr_array_new_with_free_func(g_free);
	grid_clear(g);
	return g;
}

void grid_free(struct grid *g)
{
	if (!g)
		return;
	g_free(g->cells);
	g_ptr_array_unref(g->links);
	g_free(g);
}

struct grid *grid_copy(const struct grid *g)
{
	struct grid *copy = grid_new(g->rows, g->cols);
	memcpy(copy->cells, g->cells, sizeof *g->cells * g->rows * g->cols);
	for (guint i = 0; i < g->links->len; i++)
		g_ptr_array_add(copy->links, g_strdup(g->links->pdata[i]));
	return copy;
}

void grid_clear(struct grid *g)
{
	for (size_t i = 0; i < (size_t)g->rows * g->cols; i++)
		g->cells[i] = blank;
	g_ptr_array_set_size(g->links, 0);
}

int grid_rows(const struct grid *g)
{
	return g->rows;
}

int grid_cols(const struct grid *g)
{
	return g->cols;
}

static struct cell *cell_at(const struct grid *g, int y, int x)
{
	g_assert(y >= 0 && y < g->rows && x >= 0 && x < g->cols);
	return &g->cells[(size_t)y * g->cols + x];
}

const struct cell *grid_cell(const struct grid *g, int y, int x)
{
	return cell_at(g, y, x);
}

const char *grid_link(const struct grid *g, guint link)
{
	return link > 0 && link <= g->links->len ? g->links->pdata[link - 1] : NULL;
}

bool grid_same_at(const struct grid *a, const struct grid *b, int y, int x)
{
	const struct cell *c = cell_at(a, y, x), *d = cell_at(b, y, x);
	return c->width == d->width && c->theme == d->theme && c->bits == d->bits &&
	       strcmp(c->text, d->text) == 0 &&
	       (c->link | d->link ? g_strcmp0(grid_link(a, c->link), grid_link(b, d->link)) == 0
				  : true);
}

char *grid_row_text(const struct grid *g, int y)
{
	GString *out = g_string_new(NULL);
	for (int x = 0; x < g->cols; x++)
		g_string_append(out, cell_at(g, y, x)->text);
	while (out->len > 0 && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	return g_string_free(out, FALSE);
}

/* Overwriting one half of a wide character blanks the other. */
static void break_wide(struct grid *g, int y, int x)
{
	struct cell *c = cell_at(g, y, x);
	if (c->width == 0 && x > 0)
		memcpy(cell_at(g, y, x - 1)->text, " ", 2), cell_at(g, y, x - 1)->width = 1;
	if (c->width == 2 && x + 1 < g->cols)
		memcpy(cell_at(g, y, x + 1)->text, " ", 2), cell_at(g, y, x + 1)->width = 1;
}

static bool shown_mark(gunichar c)
{
	GUnicodeType type = g_unichar_type(c);
	return type != G_UNICODE_FORMAT && !(c >= 0xFE00 && c <= 0xFE0F) && !width_is_tone(c);
}

/* The base, then the marks that fit whole. */
static void copy_cluster(char *out, const char *text, size_t len)
{
	const char *end = text + len;
	size_t used = 0;
	while (width_is_format(g_utf8_get_char(text)))
		text = g_utf8_next_char(text);
	/* A mark that stands alone needs something to stand on. */
	if (width_char(g_utf8_get_char(text)) == 0)
		out[used++] = ' ';
	for (const char *p = text; p < end; p = g_utf8_next_char(p)) {
		size_t octets = g_utf8_next_char(p) - p;
		if (p > text && !shown_mark(g_utf8_get_char(p)))
			continue;
		if (used + octets >= CELL_OCTETS)
			break;
		memcpy(out + used, p, octets);
		used += octets;
	}
	out[used] = '\0';
}

static void put_cell(struct grid *g, int y, int x, struct cell cell)
{
	break_wide(g, y, x);
	if (cell.width == 2)
		break_wide(g, y, x + 1);
	*cell_at(g, y, x) = cell;
	if (cell.width == 2)
		*cell_at(g, y, x + 1) = (struct cell){.theme = cell.theme};
}

struct pane pane_whole(struct grid *g)
{
	return (struct pane){g, 0, 0, g->rows, g->cols};
}

struct pane pane_sub(const struct pane *p, int y, int x, int rows, int cols)
{
	y = CLAMP(y, 0, p->rows);
	x = CLAMP(x, 0, p->cols);
	return (struct pane){p->grid, p->y + y, p->x + x, CLAMP(rows, 0, p->rows - y),
		CLAMP(cols, 0, p->cols - x)};
}

static int put_limited(const struct pane *p, int row, int col, int limit, const char *text,
	enum theme theme)
{
	int columns;
	if (row < 0 || row >= p->rows || col < 0)
		return col;
	limit = MIN(limit, p->cols);
	/* Cells hold what the terminal gets: a character may take several of them. */
	g_autofree char *fit = local_is_utf8() ? NULL : local_fit(text, -1);
	text = fit ? fit : text;
	for (size_t n; (n = width_cluster(text, &columns)) > 0 && col < limit && columns > 0;
		text += n) {
		struct cell cell = {.text = " ", .width = 1, .theme = theme};
		/* Half a wide character is none: its place stays blank. */
		if (col + columns <= limit) {
			copy_cluster(cell.text, text, n);
			cell.width = columns;
		}
		put_cell(p->grid, p->y + row, p->x + col, cell);
		col += cell.width;
	}
	return col;
}

int pane_put(const struct pane *p, int row, int col, const char *text, enum theme theme)
{
	return put_limited(p, row, col, p->cols, text, theme);
}

int pane_put_cut(const struct pane *p, int row, int col, int columns, const char *text,
	enum theme theme)
{
	columns = MIN(columns, p->cols - col);
	if (columns <= 0)
		return col;
	g_autofree char *cut = width_cut(text, columns);
	return put_limited(p, row, col, col + columns, cut, theme);
}

static int columns_of(const char *text, size_t octets)
{
	g_autofree char *part = g_strndup(text, octets);
	return width_text(part);
}

int pane_put_marked(const struct pane *p, int row, int col, int columns,
	const struct marked_text *t)
{
	int end = pane_put_cut(p, row, col, columns, t->text, t->theme);
	for (guint i = 0; t->marks && i < t->marks->len; i++) {
		const struct mark *m = &g_array_index(t->marks, struct mark, i);
		int from = col + columns_of(t->text, m->from);
		int to = MIN(end, col + columns_of(t->text, m->to));
		if (from < to)
			pane_paint(p, row, from, to - from, t->marked);
	}
	return end;
}

void pane_put_right(const struct pane *p, int row, const char *text, enum theme theme)
{
	int width = width_text(text);
	if (width <= p->cols)
		pane_put(p, row, p->cols - width, text, theme);
	else
		pane_put_cut(p, row, 0, p->cols, text, theme);
}

void pane_paint(const struct pane *p, int row, int col, int columns, enum theme theme)
{
	if (row < 0 || row >= p->rows)
		return;
	for (int x = MAX(col, 0); x < MIN(col + columns, p->cols); x++)
		cell_at(p->grid, p->y + row, p->x + x)->theme = theme;
}

/* Cells of one link stand side by side: the last one is the one in question. */
static guint link_number(struct grid *g, const char *url)
{
	guint n = g->links->len;
	if (!url)
		return 0;
	if (n > 0 && strcmp(g->links->pdata[n - 1], url) == 0)
		return n;
	if (n == G_MAXUINT16)
		return 0;
	g_ptr_array_add(g->links, g_strdup(url));
	return n + 1;
}

void pane_look(const struct pane *p, int row, int col, int columns, const struct range_look *look)
{
	guint link = link_number(p->grid, look->url);
	pane_paint(p, row, col, columns, look->theme);
	if (row < 0 || row >= p->rows)
		return;
	for (int x = MAX(col, 0); x < MIN(col + columns, p->cols); x++) {
		struct cell *c = cell_at(p->grid, p->y + row, p->x + x);
		c->bits = (uint8_t)look->bits;
		c->link = (uint16_t)link;
	}
}
