/* SPDX-License-Identifier: MIT
 *
 * A measured page becomes text.  Outside of tables a line is a paragraph, which is
 * wrapped where it is shown; what stands in the columns of a table is wrapped here. */
#include "mime/html-write.h"

#include <string.h>

#include "base/width.h"
#include "mime/limits.h"

enum { STEP = 2, JOINED_MAX = 76 };

void html_sheet_init(struct html_sheet *s)
{
	s->text = g_string_new(NULL);
	s->spans = g_array_new(FALSE, FALSE, sizeof(struct mime_span));
}

void html_sheet_clear(struct html_sheet *s)
{
	g_string_free(s->text, TRUE);
	g_array_unref(s->spans);
}

void html_put(struct html_writer *w, const char *text, size_t len, guint style, int link)
{
	GArray *spans = w->sheet->spans;
	struct mime_span *last =
		spans->len == 0 ? NULL : &g_array_index(spans, struct mime_span, spans->len - 1);
	guint at = (guint)w->sheet->text->len;
	g_string_append_len(w->sheet->text, text, (gssize)len);
	style |= w->style;
	if ((style == 0 && link == 0) || len == 0)
		return;
	if (last && last->start + last->length == at && last->style == style &&
		last->link == link) {
		last->length += (guint)len;
		return;
	}
	struct mime_span s = {at, (guint)len, style, link};
	g_array_append_val(spans, s);
}

void html_put_blanks(struct html_writer *w, guint n)
{
	static const char blanks[] =
		"                                                                ";
	for (guint k; n > 0; n -= k) {
		k = MIN(n, (guint)sizeof blanks - 1);
		html_put(w, blanks, k, 0, 0);
	}
}

void html_put_spans(
	struct html_writer *w, const struct html_range *r, const GArray *spans, guint *next)
{
	guint at = r->start, end = r->start + r->length;
	for (; *next < spans->len && at < end; ++*next) {
		const struct mime_span *s = &g_array_index(spans, struct mime_span, *next);
		if (s->start >= end)
			break;
		guint from = MAX(s->start, at), to = MIN(s->start + s->length, end);
		if (to <= from)
			continue;
		html_put(w, r->text + at, from - at, 0, 0);
		html_put(w, r->text + from, to - from, s->style, s->link);
		at = to;
		if (s->start + s->length > end)
			break;
	}
	html_put(w, r->text + at, end - at, 0, 0);
}

void html_end_line(struct html_writer *w)
{
	guint style = w->style;
	w->style = 0;
	html_put(w, "\n", 1, 0, 0);
	w->style = style;
	if (w->sheet->text->len > LIMIT_TEXT)
		w->page->cut = true;
}

void html_begin_line(struct html_writer *w, guint quotes, guint indent, guint above)
{
	quotes += w->quotes;
	above = MAX(above, w->owed);
	for (guint i = 0; i < above && !w->fresh; i++) {
		for (guint q = 0; q < MIN(quotes, w->last_quotes); q++)
			html_put(w, q > 0 ? " >" : ">", q > 0 ? 2 : 1, 0, 0);
		html_end_line(w);
	}
	w->owed = 0;
	w->fresh = false;
	w->last_quotes = quotes;
	for (guint q = 0; q < quotes; q++)
		html_put(w, "> ", 2, 0, 0);
	html_put_blanks(w, STEP * (w->indent + indent));
	if (!w->label)
		return;
	html_put(w, w->label, strlen(w->label), MIME_STYLE_BOLD, 0);
	html_put(w, " ", 1, 0, 0);
	w->label = NULL;
}

static bool is_rtl(const char *text, size_t len)
{
	for (const char *p = text; p < text + len; p = g_utf8_next_char(p)) {
		guchar c = (guchar)*p;
		if ((c >= 0xD6 && c <= 0xDF) || (c == 0xEF && (guchar)p[1] >= 0xAC))
			return true;
	}
	return false;
}

/* One line of the screen, or a paragraph. */
static void put_piece(
	struct html_writer *w, const struct html_item *line, guint start, guint length, guint *run)
{
	struct html_range r = {w->page->text->str, start, length};
	bool rtl = (line->flags & HTML_RTL) && is_rtl(r.text + start, length);
	if (rtl)
		html_put(w, "\xE2\x81\xA7", 3, 0, 0);
	html_put_spans(w, &r, w->page->runs, run);
	if (rtl)
		html_put(w, "\xE2\x81\xA9", 3, 0, 0);
}

/* Octets of text that fit into width; at least one character. */
static guint fitting(const char *text, guint len, guint width)
{
	guint at = 0, good = 0, sum = 0;
	bool wide = false;
	while (at < len) {
		int n = 0;
		size_t octets = width_cluster(text + at, &n);
		if (at > 0 && n > 0 && (text[at] == ' ' || wide || n == 2))
			good = at;
		if (sum + (guint)n > width && at > 0 && text[at] != ' ')
			return good > 0 ? good : at;
		sum += (guint)n;
		wide = n == 2;
		at += (guint)MAX(octets, 1);
	}
	return len;
}

static void write_wrapped(struct html_writer *w, const struct html_item *line)
{
	guint prefix = STEP * (w->quotes + line->quotes + w->indent + line->indent);
	guint at = line->start, end = line->start + line->length, run = line->run;
	guint width = w->width > prefix + 1 ? w->width - prefix : 1, hang = 0;
	const char *text = w->page->text->str;
	if (line->flags & HTML_RULE)
		end = at + MIN(line->length, 3 * width);
	while (at < end && !html_late(w->page)) {
		guint n = fitting(text + at, end - at, width > hang ? width - hang : 1),
		      next = at + n;
		while (n > 1 && text[at + n - 1] == ' ' && at + n < end)
			n--;
		html_begin_line(w, line->quotes, line->indent, at == line->start ? line->above : 0);
		html_put_blanks(w, hang);
		put_piece(w, line, at, n, &run);
		html_end_line(w);
		hang = line->hang;
		for (at = next; at < end && text[at] == ' ';)
			at++;
	}
}

static void write_line(struct html_writer *w, const struct html_item *line)
{
	guint style = w->style, run = line->run;
	if (w->width > 0) {
		write_wrapped(w, line);
		return;
	}
	w->style |= line->flags & HTML_FIXED ? MIME_STYLE_FIXED : 0;
	html_begin_line(w, line->quotes, line->indent, line->above);
	put_piece(w, line, line->start, line->length, &run);
	html_end_line(w);
	w->style = style;
}

/* The only line of a cell. */
static const struct html_item *only_line(const struct html_page *p, guint cell)
{
	for (guint i = cell + 1; i < html_item(p, cell)->end; i++)
		if (html_item(p, i)->kind == HTML_LINE)
			return html_item(p, i);
	return NULL;
}

/* A row of short texts (links to the sections of a paper, say) is one line. */
static bool is_short(const struct html_page *p, guint row)
{
	guint sum = 0, cells = 0;
	for (guint i = row + 1; i < html_item(p, row)->end; i = html_item(p, i)->end) {
		const struct html_item *cell = html_item(p, i);
		if (cell->kind != HTML_CELL || cell->length > 1)
			return false;
		const struct html_item *line = cell->length == 1 ? only_line(p, i) : NULL;
		if (!line)
			continue;
		if (line->flags & (HTML_FIXED | HTML_TITLE | HTML_RULE) || line->quotes ||
			line->hang)
			return false;
		sum += (guint)width_octets(p->text->str + line->start, line->length) + STEP;
		cells++;
	}
	return cells > 1 && sum <= JOINED_MAX;
}

static void write_short(struct html_writer *w, guint row)
{
	const struct html_page *p = w->page;
	bool first = true;
	for (guint i = row + 1; i < html_item(p, row)->end; i = html_item(p, i)->end) {
		const struct html_item *line = html_item(p, i)->length ? only_line(p, i) : NULL;
		if (!line)
			continue;
		guint run = line->run;
		if (first)
			html_begin_line(w, 0, 0, line->above);
		else
			html_put_blanks(w, STEP);
		put_piece(w, line, line->start, line->length, &run);
		first = false;
	}
	html_end_line(w);
}

static void write_boxes(struct html_writer *w, guint row)
{
	const struct html_page *p = w->page;
	for (guint i = row + 1; i < html_item(p, row)->end; i = html_item(p, i)->end) {
		const struct html_item *cell = html_item(p, i);
		if (cell->kind != HTML_CELL) {
			html_flow(w, i, cell->end);
			continue;
		}
		html_flow(w, i + 1, cell->end);
		if (cell->length > 0 && cell->above > 1)
			w->owed = MAX(w->owed, (guint)cell->above - 1);
	}
}

static void write_flat(struct html_writer *w, guint table)
{
	const struct html_page *p = w->page;
	for (guint r = table + 1; r < html_item(p, table)->end; r = html_item(p, r)->end) {
		const struct html_item *row = html_item(p, r);
		if (row->kind != HTML_ROW)
			html_flow(w, r, row->end);
		else if (row->length == 0)
			w->owed = MAX(w->owed, row->end > r + 1 ? 1 : 0);
		else if (is_short(p, r))
			write_short(w, r);
		else
			write_boxes(w, r);
	}
}

static void write_table(struct html_writer *w, guint i)
{
	const struct html_item *table = html_item(w->page, i);
	guint quotes = w->quotes, indent = w->indent;
	w->quotes += table->quotes;
	w->indent += table->indent;
	w->owed = MAX(w->owed, table->above);
	if (table->flags & HTML_GRID)
		html_grid(w, i);
	else
		write_flat(w, i);
	w->quotes = quotes;
	w->indent = indent;
}

void html_flow(struct html_writer *w, guint first, guint end)
{
	for (guint i = first; i < end && !w->page->cut; i = html_item(w->page, i)->end) {
		if (html_item(w->page, i)->kind == HTML_LINE)
			write_line(w, html_item(w->page, i));
		else
			write_table(w, i);
	}
}

bool html_write(struct html_page *p, int columns, GString *text, GArray *spans)
{
	struct html_sheet sheet = {text, spans};
	struct html_writer w = {.page = p, .sheet = &sheet, .fresh = true};
	w.columns = columns > 0 ? (guint)columns : 0;
	bool cut = p->cut;
	/* What was read until then is shown. */
	p->cut = false;
	html_flow(&w, 0, p->items->len);
	p->cut = p->cut || cut;
	return w.laid;
}
