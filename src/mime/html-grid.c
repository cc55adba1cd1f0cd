/* SPDX-License-Identifier: MIT
 *
 * A table in columns: each as wide as its longest line where there is room, and else
 * the short ones first; where even the longest words have no room, row after row. */
#include "mime/html-write.h"

#include <string.h>

#include "base/width.h"

enum { STEP = 2, GAP = 2, COLUMNS_MOST = 64 };

/* A cell that is being drawn. */
struct cell {
	struct html_sheet sheet;
	bool used;
	guint at, span_at; /* what is not drawn yet */
	guint lines;       /* so many */
	guint offset, width;
	guint rows; /* that it still reaches */
	bool right;
};

struct grid {
	struct html_writer *w;
	const struct html_item *table;
	struct html_column *columns;     /* of the table */
	struct cell cells[COLUMNS_MOST]; /* by first column */
	guint room;                      /* columns of the page for it */
	bool tall;                       /* rows of more than a line: they are set apart */
};

static guint gap_before(const struct grid *g, guint column)
{
	if (g->columns[column].max == 0)
		return 0;
	for (guint i = 0; i < column; i++)
		if (g->columns[i].max > 0)
			return GAP;
	return 0;
}

/* Those that want less than a fair share get all they want. */
static void share(struct grid *g, guint room)
{
	guint n = g->table->span, open = 0;
	bool fair[COLUMNS_MOST] = {false};
	for (guint i = 0; i < n; i++) {
		g->columns[i].width = g->columns[i].min;
		open += g->columns[i].max > 0;
	}
	for (bool again = true; again && open > 0;) {
		guint each = room / open;
		again = false;
		for (guint i = 0; i < n; i++) {
			struct html_column *c = &g->columns[i];
			if (fair[i] || c->max == 0 || c->max - c->min > each)
				continue;
			c->width = c->max;
			room -= c->max - c->min;
			open--;
			fair[i] = again = true;
		}
	}
	for (guint i = 0; i < n && open > 0; i++)
		if (!fair[i] && g->columns[i].max > 0)
			g->columns[i].width += room / open;
}

static bool size(struct grid *g)
{
	guint min = 0;
	for (guint i = 0; i < g->table->span; i++)
		min += g->columns[i].min + gap_before(g, i);
	if (min > g->room)
		return false;
	share(g, g->room - min);
	return true;
}

static guint offset_of(const struct grid *g, guint column)
{
	guint at = 0;
	for (guint i = 0; i < column; i++)
		at += gap_before(g, i) + g->columns[i].width;
	return at + gap_before(g, column);
}

static guint width_of(const struct grid *g, const struct html_item *cell)
{
	if (cell->span == LIMIT_HTML_SPAN)
		return g->room;
	guint end = MIN((guint)cell->column + cell->span, g->table->span), sum = 0;
	for (guint i = cell->column; i < end; i++)
		sum += g->columns[i].width + (i > cell->column ? gap_before(g, i) : 0);
	return MAX(sum, 1);
}

static guint count_lines(const char *text)
{
	guint n = 0;
	for (; (text = strchr(text, '\n')) != NULL; text++)
		n++;
	return n;
}

static void cell_done(struct cell *c)
{
	if (c->used)
		html_sheet_clear(&c->sheet);
	c->used = false;
}

static void start_cell(struct grid *g, guint index)
{
	const struct html_item *item = html_item(g->w->page, index);
	struct cell *c = &g->cells[item->column];
	cell_done(c);
	memset(c, 0, sizeof *c);
	html_sheet_init(&c->sheet);
	struct html_writer w = {.page = g->w->page, .sheet = &c->sheet, .fresh = true};
	w.columns = w.width = c->width = width_of(g, item);
	w.style = g->w->style | (item->flags & HTML_HEAD ? MIME_STYLE_BOLD : 0);
	html_flow(&w, index + 1, item->end);
	c->used = true;
	c->offset = offset_of(g, item->column);
	c->lines = count_lines(c->sheet.text->str);
	c->rows = item->rows;
	c->right = item->flags & HTML_RIGHT;
}

static guint put_cell_line(struct grid *g, struct cell *c, guint at)
{
	const char *text = c->sheet.text->str;
	guint len = (guint)strcspn(text + c->at, "\n");
	guint wide = (guint)width_octets(text + c->at, len);
	guint offset = c->offset + (c->right && c->width > wide ? c->width - wide : 0);
	struct html_range r = {text, c->at, len};
	if (len > 0) {
		html_put_blanks(g->w, offset > at ? offset - at : at > 0);
		at = MAX(offset, at + (offset <= at && at > 0)) + wide;
		html_put_spans(g->w, &r, c->sheet.spans, &c->span_at);
	}
	c->at += len + 1;
	c->lines--;
	return at;
}

/* Cells that reach further down are drawn on beside the rows below. */
static void draw_row(struct grid *g, bool last, guint above)
{
	guint height = 0;
	for (guint i = 0; i < g->table->span; i++) {
		const struct cell *c = &g->cells[i];
		if (c->used && (c->rows <= 1 || last))
			height = MAX(height, c->lines);
	}
	for (guint i = 0; i < height && !html_late(g->w->page); i++) {
		guint at = 0;
		html_begin_line(g->w, 0, 0, i == 0 ? above : 0);
		for (guint k = 0; k < g->table->span; k++)
			if (g->cells[k].used && g->cells[k].lines > 0)
				at = put_cell_line(g, &g->cells[k], at);
		html_end_line(g->w);
	}
	for (guint i = 0; i < g->table->span; i++)
		if (g->cells[i].used && --g->cells[i].rows == 0)
			cell_done(&g->cells[i]);
}

static void draw_rule(struct grid *g)
{
	guint at = 0;
	html_begin_line(g->w, 0, 0, 0);
	for (guint i = 0; i < g->table->span; i++) {
		guint offset = offset_of(g, i);
		if (g->columns[i].width == 0)
			continue;
		html_put_blanks(g->w, offset - at);
		for (guint k = 0; k < g->columns[i].width; k++)
			html_put(g->w, "─", strlen("─"), 0, 0);
		at = offset + g->columns[i].width;
	}
	html_end_line(g->w);
}

/* Rows all of whose cells name a column. */
static bool is_head(const struct html_page *p, guint row)
{
	guint heads = 0, others = 0;
	for (guint i = row + 1; i < html_item(p, row)->end; i = html_item(p, i)->end) {
		const struct html_item *cell = html_item(p, i);
		if (cell->kind == HTML_CELL && cell->length > 0)
			*(cell->flags & HTML_HEAD ? &heads : &others) += 1;
	}
	return heads > 1 && others == 0;
}

static void scan(struct grid *g, guint table)
{
	const struct html_page *p = g->w->page;
	for (guint i = table + 1; i < g->table->end; i = html_item(p, i)->end) {
		guint end = html_item(p, i)->end;
		for (guint k = i + 1; k < end && !g->tall; k = html_item(p, k)->end) {
			const struct html_item *cell = html_item(p, k);
			if (cell->kind == HTML_CELL && cell->length > 0)
				g->tall = cell->length > 1 || cell->max > width_of(g, cell);
		}
	}
}

static void draw(struct grid *g, guint table)
{
	const struct html_page *p = g->w->page;
	bool first = true, ruled = true;
	for (guint r = table + 1; r < g->table->end && !p->cut; r = html_item(p, r)->end) {
		const struct html_item *row = html_item(p, r);
		if (row->kind != HTML_ROW || row->length == 0)
			continue;
		for (guint i = r + 1; i < row->end; i = html_item(p, i)->end)
			if (html_item(p, i)->kind == HTML_CELL)
				start_cell(g, i);
		draw_row(g, row->end == g->table->end, g->tall && !first && !ruled ? 1 : 0);
		ruled = first && is_head(p, r) && row->end < g->table->end;
		if (ruled)
			draw_rule(g);
		first = false;
	}
}

/* "Price:", from the cell that names the column. */
static char *label_of(const struct html_page *p, guint head, guint8 column)
{
	for (guint i = head + 1; head > 0 && i < html_item(p, head)->end;
		i = html_item(p, i)->end) {
		const struct html_item *cell = html_item(p, i), *line = html_item(p, i + 1);
		if (cell->kind != HTML_CELL || cell->column != column || cell->length != 1)
			continue;
		if (i + 1 >= cell->end || line->kind != HTML_LINE)
			return NULL;
		const char *text = p->text->str + line->start;
		bool colon = line->length > 0 && text[line->length - 1] == ':';
		return g_strdup_printf("%.*s%s", (int)line->length, text, colon ? "" : ":");
	}
	return NULL;
}

static void write_record(struct grid *g, guint row, guint head)
{
	const struct html_page *p = g->w->page;
	for (guint i = row + 1; i < html_item(p, row)->end; i = html_item(p, i)->end) {
		const struct html_item *cell = html_item(p, i);
		if (cell->kind != HTML_CELL || cell->length == 0)
			continue;
		g_autofree char *label = label_of(p, head, cell->column);
		g->w->label = label;
		html_flow(g->w, i + 1, cell->end);
		g->w->label = NULL;
	}
}

static void write_records(struct grid *g, guint table)
{
	const struct html_page *p = g->w->page;
	guint head = 0;
	for (guint r = table + 1; r < g->table->end && !p->cut; r = html_item(p, r)->end) {
		if (html_item(p, r)->kind != HTML_ROW || html_item(p, r)->length == 0)
			continue;
		if (head == 0 && is_head(p, r)) {
			head = r;
			continue;
		}
		write_record(g, r, head);
		g->w->owed = 1;
	}
}

void html_grid(struct html_writer *w, guint table)
{
	const struct html_item *t = html_item(w->page, table);
	guint all = w->width ? w->width : w->columns, prefix = STEP * (w->quotes + w->indent);
	guint style = w->style;
	g_autofree struct grid *g = g_new0(struct grid, 1);
	g->w = w;
	g->table = t;
	g->columns = &g_array_index(w->page->columns, struct html_column, t->start);
	w->laid = true;
	w->owed = MAX(w->owed, 1);
	g->room = all > prefix ? all - prefix : 1;
	if (!size(g)) {
		write_records(g, table);
		return;
	}
	scan(g, table);
	w->style |= MIME_STYLE_FIXED;
	draw(g, table);
	w->style = style;
	for (guint i = 0; i < COLUMNS_MOST; i++)
		cell_done(&g->cells[i]);
	w->owed = 1;
}
