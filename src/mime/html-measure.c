/* SPDX-License-Identifier: MIT
 *
 * What the pieces of a page need, and which tables are tables.  Letters use them for
 * the place of boxes as well: those are read box after box. */
#include "mime/html-page.h"

#include <string.h>

#include "base/width.h"

enum {
	STEP = 2,        /* columns of a quote's mark, of an indentation */
	WORD_MAX = 24,   /* longer ones may be broken */
	FIXED_MAX = 200, /* longer preformatted lines are wrapped after all */
	COLUMNS_MOST = 64,
	GRIDS_MOST = 4, /* in each other */
	CELL_LINES = 3, /* more make a cell a box */
	CELL_WIDE = 38, /* two such side by side are boxes */
	GAP = 2,
};

static guint longest_word(const char *text, size_t len)
{
	guint best = 0;
	const char *end = text + len;
	while (text < end) {
		const char *space = memchr(text, ' ', (size_t)(end - text));
		size_t n = (size_t)((space ? space : end) - text);
		best = MAX(best, (guint)width_octets(text, n));
		text += n + 1;
	}
	return best;
}

static void measure_line(struct html_page *p, struct html_item *line)
{
	const char *text = p->text->str + line->start;
	guint before = STEP * (line->quotes + line->indent);
	line->max = (guint)width_octets(text, line->length);
	if ((line->flags & HTML_FIXED) && line->max > FIXED_MAX)
		line->flags &= (guint8)~HTML_FIXED;
	guint word = line->flags & HTML_RULE ? 1 : longest_word(text, line->length);
	line->min = line->flags & HTML_FIXED ? line->max : MIN(word, WORD_MAX) + line->hang;
	line->min += before;
	line->max += before;
}

/* What a flow of paragraphs and tables is like. */
struct flow {
	guint lines, min, max;
	guint grids; /* in each other */
	bool title, table, list;
};

static void measure(struct html_page *p, guint first, guint end, struct flow *f, int columns);

/* Cells of the row take its columns one after the other, beside those that reach down
 * from the rows above. */
struct filling {
	guint16 down[COLUMNS_MOST]; /* rows that the cell above still reaches */
	guint columns;
	bool wide; /* more columns than we lay out */
};

static guint next_free(const struct filling *f, guint column)
{
	while (column < COLUMNS_MOST && f->down[column] > 0)
		column++;
	return column;
}

static void place_cells(struct html_page *p, guint row, struct filling *f)
{
	guint column = next_free(f, 0), end = html_item(p, row)->end;
	guint16 next[COLUMNS_MOST] = {0};
	for (guint i = row + 1; i < end; i = html_item(p, i)->end) {
		struct html_item *cell = html_item(p, i);
		if (cell->kind != HTML_CELL)
			continue;
		/* As wide as the table, however wide that is. */
		guint span = cell->span == LIMIT_HTML_SPAN ? 1 : cell->span;
		f->wide = f->wide || column + span > COLUMNS_MOST;
		cell->column = (guint8)MIN(column, COLUMNS_MOST - 1);
		for (guint k = column; k < column + span && k < COLUMNS_MOST; k++)
			next[k] = cell->rows;
		f->columns = MAX(f->columns, MIN(column + span, COLUMNS_MOST));
		column = next_free(f, column + span);
	}
	for (guint k = 0; k < COLUMNS_MOST; k++) {
		f->down[k] = MAX(f->down[k], next[k]);
		f->down[k] -= f->down[k] > 0;
	}
}

/* What its cells are like, together. */
struct census {
	guint rows, full; /* with a cell that is not empty; with several */
	guint boxes, nested, heads, most;
	guint grids;
	guint64 used;      /* columns that are not empty */
	bool side_by_side; /* long texts */
	bool title, list;
};

static void count_cell(struct census *c, const struct html_item *cell, const struct flow *f)
{
	c->used |= G_GUINT64_CONSTANT(1) << cell->column;
	c->boxes += f->lines > CELL_LINES || f->title || f->list || f->table ||
		    (f->lines > 1 && f->max > CELL_WIDE);
	c->title = c->title || f->title;
	c->list = c->list || f->list;
	c->heads += (cell->flags & HTML_HEAD) != 0;
	c->most = MAX(c->most, f->lines);
	c->grids = MAX(c->grids, f->grids);
}

static void count_row(struct html_page *p, guint row, struct census *c, int columns)
{
	guint full = 0, wide = 0, end = html_item(p, row)->end;
	for (guint i = row + 1; i < end; i = html_item(p, i)->end) {
		struct flow f = {0};
		struct html_item *cell = html_item(p, i);
		if (cell->kind != HTML_CELL)
			continue;
		measure(p, i + 1, cell->end, &f, columns);
		cell->min = f.min;
		cell->max = f.max;
		cell->length = f.lines;
		if (f.lines == 0)
			continue;
		full++;
		wide += f.max > CELL_WIDE;
		count_cell(c, cell, &f);
	}
	html_item(p, row)->length = full;
	c->rows += full > 0;
	c->full += full > 1;
	c->side_by_side = c->side_by_side || wide > 1;
}

static bool is_grid(const struct html_item *table, const struct census *c, const struct filling *f)
{
	bool data = table->flags & (HTML_DATA | HTML_BORDER) || c->heads > 1;
	if (c->full == 0 || f->wide || c->grids >= GRIDS_MOST)
		return false;
	if (__builtin_popcountll(c->used) < 2)
		return false;
	if (data && !(table->flags & HTML_LAYOUT))
		return c->boxes * 3 <= c->rows || c->heads > 1;
	return c->boxes == 0 && !c->side_by_side;
}

/* Cells of one column first; what wider ones need more is shared out evenly. */
static void size_columns(struct html_page *p, guint table, bool spanning)
{
	const struct html_item *t = html_item(p, table);
	struct html_column *columns = &g_array_index(p->columns, struct html_column, t->start);
	for (guint r = table + 1; r < t->end; r = html_item(p, r)->end) {
		for (guint i = r + 1; i < html_item(p, r)->end; i = html_item(p, i)->end) {
			const struct html_item *cell = html_item(p, i);
			if (cell->kind != HTML_CELL || (cell->span > 1) != spanning ||
				cell->span == LIMIT_HTML_SPAN)
				continue;
			guint n = MIN(cell->span, t->span - cell->column), min = 0, max = 0;
			for (guint k = 0; k < n; k++) {
				min += columns[cell->column + k].min + (k > 0) * GAP;
				max += columns[cell->column + k].max + (k > 0) * GAP;
			}
			for (guint k = 0; k < n; k++) {
				struct html_column *c = &columns[cell->column + k];
				c->min += cell->min > min ? (cell->min - min + n - 1) / n : 0;
				c->max += cell->max > max ? (cell->max - max + n - 1) / n : 0;
			}
		}
	}
}

static void size_grid(struct html_page *p, guint table, guint n)
{
	struct html_item *t = html_item(p, table);
	t->span = (guint16)n;
	t->start = p->columns->len;
	t->flags |= HTML_GRID;
	g_array_set_size(p->columns, p->columns->len + n);
	size_columns(p, table, false);
	size_columns(p, table, true);
	t->min = t->max = 0;
	for (guint i = 0; i < n; i++) {
		struct html_column *c =
			&g_array_index(p->columns, struct html_column, t->start + i);
		c->max = MAX(c->max, c->min);
		t->min += c->min + (i > 0 && c->max > 0) * GAP;
		t->max += c->max + (i > 0 && c->max > 0) * GAP;
	}
}

static void measure_table(struct html_page *p, guint table, struct flow *f, int columns)
{
	struct filling filling = {.columns = 0};
	struct census c = {0};
	guint end = html_item(p, table)->end;
	for (guint r = table + 1; r < end; r = html_item(p, r)->end) {
		struct html_item *row = html_item(p, r);
		if (row->kind != HTML_ROW)
			continue;
		place_cells(p, r, &filling);
		count_row(p, r, &c, columns);
		for (guint i = r + 1; i < html_item(p, r)->end; i = html_item(p, i)->end) {
			f->lines += html_item(p, i)->length;
			f->min = MAX(f->min, html_item(p, i)->min);
			f->max = MAX(f->max, html_item(p, i)->max);
		}
	}
	struct html_item *t = html_item(p, table);
	f->grids = MAX(f->grids, c.grids);
	f->title = f->title || c.title;
	f->list = f->list || c.list;
	t->length = c.most; /* lines of its longest cell */
	if (columns >= 0 && !p->cut && is_grid(t, &c, &filling)) {
		size_grid(p, table, filling.columns);
		f->grids = MAX(f->grids, c.grids + 1);
		f->table = true;
		f->min = MAX(f->min, html_item(p, table)->min);
		f->max = MAX(f->max, html_item(p, table)->max);
	}
}

static void measure(struct html_page *p, guint first, guint end, struct flow *f, int columns)
{
	for (guint i = first; i < end; i = html_item(p, i)->end) {
		struct html_item *item = html_item(p, i);
		html_late(p);
		if (item->kind == HTML_LINE) {
			measure_line(p, item);
			f->lines++;
			f->title = f->title || item->flags & HTML_TITLE;
			f->list = f->list || item->hang > 0;
			f->min = MAX(f->min, item->min);
			f->max = MAX(f->max, item->max);
		} else {
			measure_table(p, i, f, columns);
		}
	}
}

void html_measure(struct html_page *p, int columns)
{
	struct flow f = {0};
	measure(p, 0, p->items->len, &f, columns);
}
