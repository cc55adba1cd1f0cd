/* SPDX-License-Identifier: MIT */
#include "mime/html-page.h"

#include <string.h>
#include <time.h>

#include "base/width.h"
#include "mime/limits.h"

enum { BLANKS_KEPT = 72, EMPTY_LINES = 2, TAB = 8, WATCHED = 64 };

void html_page_init(struct html_page *p)
{
	memset(p, 0, sizeof *p);
	p->text = g_string_new(NULL);
	p->runs = g_array_new(FALSE, FALSE, sizeof(struct mime_span));
	p->items = g_array_new(FALSE, FALSE, sizeof(struct html_item));
	p->columns = g_array_new(FALSE, TRUE, sizeof(struct html_column));
	p->open = g_array_new(FALSE, FALSE, sizeof(guint));
}

void html_page_clear(struct html_page *p)
{
	g_string_free(p->text, TRUE);
	g_array_unref(p->runs);
	g_array_unref(p->items);
	g_array_unref(p->columns);
	g_array_unref(p->open);
	g_free(p->marker);
}

bool html_late(struct html_page *p)
{
	struct timespec now;
	if (p->cut || p->deadline == 0 || ++p->steps % WATCHED != 0)
		return p->cut;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	p->cut = now.tv_sec * G_GINT64_CONSTANT(1000000000) + now.tv_nsec > p->deadline;
	return p->cut;
}

static guint top(const struct html_page *p)
{
	return g_array_index(p->open, guint, p->open->len - 1);
}

static struct html_item *add_item(struct html_page *p, enum html_kind kind)
{
	struct html_item item = {.kind = kind, .end = p->items->len + 1};
	g_array_append_val(p->items, item);
	return html_item(p, p->items->len - 1);
}

static struct html_item *add_open(struct html_page *p, enum html_kind kind)
{
	guint index = p->items->len;
	g_array_append_val(p->open, index);
	p->cells++;
	return add_item(p, kind);
}

static void add_cell(struct html_page *p, guint span, guint rows, guint flags)
{
	struct html_item *cell = add_open(p, HTML_CELL);
	cell->span = (guint16)CLAMP(span, 1, LIMIT_HTML_SPAN);
	cell->rows = (guint16)CLAMP(rows, 1, LIMIT_HTML_SPAN);
	cell->flags = (guint8)flags;
	p->breaks = 0;
}

static void place(struct html_page *p, struct html_item *item)
{
	item->above = (guint8)(p->breaks > 0 ? MIN(p->breaks - 1, 200) : 0);
	item->quotes = (guint8)p->quotes;
	item->indent = (guint8)MIN(p->indent, LIMIT_HTML_QUOTES);
	p->breaks = 0;
}

static void end_line(struct html_page *p)
{
	if (p->line)
		g_string_append_c(p->text, '\n');
	p->line = false;
	p->space = p->hard = p->column = 0;
}

static void put(struct html_page *p, const char *text, size_t len)
{
	struct mime_span *last =
		p->runs->len == 0 ? NULL
				  : &g_array_index(p->runs, struct mime_span, p->runs->len - 1);
	struct html_item *line = html_item(p, p->items->len - 1);
	guint at = (guint)p->text->len;
	g_string_append_len(p->text, text, (gssize)len);
	line->length += (guint)len;
	if (p->style == 0 && p->link == 0)
		return;
	if (last && last->start + last->length == at && last->style == p->style &&
		last->link == p->link && last->start >= line->start) {
		last->length += (guint)len;
		return;
	}
	struct mime_span run = {at, (guint)len, p->style, p->link};
	g_array_append_val(p->runs, run);
}

static void put_marker(struct html_page *p, struct html_item *line)
{
	guint style = p->style;
	int link = p->link;
	if (!p->marker)
		return;
	line->indent -= line->indent > 0;
	line->hang = (guint8)MIN(width_text(p->marker), 20);
	p->style = 0;
	p->link = 0;
	put(p, p->marker, strlen(p->marker));
	p->style = style;
	p->link = link;
	g_clear_pointer(&p->marker, g_free);
}

/* What stands in a table beside its cells has one of its own. */
static void need_cell(struct html_page *p)
{
	enum html_kind kind = p->open->len > 0 ? html_item(p, top(p))->kind : HTML_CELL;
	if (kind == HTML_TABLE)
		add_open(p, HTML_ROW);
	if (kind == HTML_TABLE || kind == HTML_ROW)
		add_cell(p, LIMIT_HTML_SPAN, 1, 0);
}

static void begin_line(struct html_page *p)
{
	guint breaks = p->breaks;
	need_cell(p);
	p->breaks = breaks;
	struct html_item *line = add_item(p, HTML_LINE);
	place(p, line);
	line->flags = (p->title ? HTML_TITLE : 0) | (p->rtl ? HTML_RTL : 0);
	line->start = (guint)p->text->len;
	line->run = p->runs->len;
	p->line = true;
	put_marker(p, line);
}

static void put_blanks(struct html_page *p, guint n)
{
	while (n-- > 0)
		put(p, " ", 1);
}

/* In the style of the place where they stood. */
static void put_owed(struct html_page *p, guint n)
{
	guint style = p->style;
	int link = p->link;
	p->style = p->blank_style;
	p->link = p->blank_link;
	put_blanks(p, n);
	p->style = style;
	p->link = link;
	p->space = p->hard = 0;
}

/* No-break spaces are an indentation or a column of its own; hundreds of them only fill
 * a preview. */
static guint blanks_owed(const struct html_page *p)
{
	bool filler = p->hard > BLANKS_KEPT;
	if (!p->line)
		return filler || p->hard == 0 ? 0 : p->hard + p->space;
	return filler ? 1 : p->hard + p->space;
}

/* Text that is not empty is to follow; false: no more is taken. */
static bool prepare(struct html_page *p)
{
	p->cut = p->cut || p->text->len > LIMIT_TEXT;
	if (p->cut)
		return false;
	guint blanks = blanks_owed(p);
	if (!p->line)
		begin_line(p);
	put_owed(p, blanks);
	return true;
}

void html_break(struct html_page *p, guint lines)
{
	/* A paragraph of a no-break space alone is how some programs write an empty line. */
	if (lines > 0 && p->hard > 0 && !p->line)
		p->breaks++;
	if (lines > 0)
		end_line(p);
	p->breaks = MIN(MAX(p->breaks, lines), EMPTY_LINES + 1);
}

void html_newline(struct html_page *p)
{
	end_line(p);
	p->breaks = MIN(p->breaks + 1, EMPTY_LINES + 1);
}

/* White space, and what is not seen beside it; hard: a no-break space. */
static size_t white(const char *text, size_t len, bool *hard)
{
	const guchar *t = (const guchar *)text;
	*hard = false;
	if (len == 0)
		return 0;
	if (t[0] <= ' ')
		return t[0] == ' ' || t[0] == '\t' || t[0] == '\r' || t[0] == '\n' || t[0] == '\f';
	if (len > 1 && t[0] == 0xC2 && t[1] == 0xA0) {
		*hard = true;
		return 2;
	}
	return 0;
}

/* Zero-width space and joiners, word joiner, soft hyphen, combining grapheme joiner,
 * and what is used as they are: they are left out at the edge of words, for letters
 * fill a preview with them, and stay inside. */
static size_t unseen(const char *text, size_t len)
{
	static const char *const these[] = {"\xC2\xAD", "\xCD\x8F", "\xE2\x80\x8B", "\xE2\x80\x8C",
		"\xE2\x80\x8D", "\xE2\x81\xA0", "\xEF\xBB\xBF", "\xE2\x80\x87"};
	if (len < 2 || (guchar)text[0] < 0xC2)
		return 0;
	for (size_t i = 0; i < G_N_ELEMENTS(these); i++) {
		size_t n = strlen(these[i]);
		if (len >= n && memcmp(text, these[i], n) == 0)
			return n;
	}
	return 0;
}

/* Windows has letters where others have controls: a page that names those by number
 * means the letters.  NULL: there is none. */
static const char *letter_of_control(const char *text)
{
	static const char letters[32][4] = {"€", "", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š",
		"‹", "Œ", "", "Ž", "", "", "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›",
		"œ", "", "ž", "Ÿ"};
	const char *letter = letters[(guchar)text[1] - 0x80];
	return *letter ? letter : NULL;
}

static void put_word(struct html_page *p, const char *text, size_t len)
{
	size_t from = 0;
	for (size_t i = 0; i + 1 < len; i++) {
		const char *meant = (guchar)text[i] == 0xC2 && (guchar)text[i + 1] < 0xA0
					    ? letter_of_control(text + i)
					    : NULL;
		if (!meant)
			continue;
		if (i > from)
			put(p, text + from, i - from);
		put(p, meant, strlen(meant));
		from = i + 2;
	}
	if (len > from)
		put(p, text + from, len - from);
}

/* The octets of text up to the next white space. */
static size_t word_length(const char *text, size_t len)
{
	bool hard;
	size_t n = 0;
	while (n < len && white(text + n, len - n, &hard) == 0)
		n++;
	return n;
}

/* One that stands between two no-break ones is seen as they are: mailers write the
 * indentation of programs so. */
static void owe_blank(struct html_page *p, bool hard)
{
	if (hard) {
		p->hard += 1 + (p->space && (p->line || p->hard > 0));
		p->space = 0;
	} else {
		p->space = 1;
	}
}

void html_text(struct html_page *p, const char *text, size_t len)
{
	while (len > 0 && !p->cut) {
		bool hard;
		size_t n = white(text, len, &hard);
		if (n > 0) {
			if (!p->space && !p->hard) {
				p->blank_style = p->style;
				p->blank_link = p->link;
			}
			owe_blank(p, hard);
		} else if (!p->line || p->space || p->hard) {
			n = unseen(text, len);
		}
		if (n == 0) {
			n = word_length(text, len);
			if (prepare(p))
				put_word(p, text, n);
		}
		text += n;
		len -= n;
	}
}

void html_mark(struct html_page *p, const char *text)
{
	guint space = p->space, hard = p->hard, breaks = p->breaks;
	bool line = p->line,
	     last = p->items->len > 0 && html_item(p, p->items->len - 1)->kind == HTML_LINE;
	if (p->cut || !last)
		return;
	if (!line)
		g_string_truncate(p->text, p->text->len - 1);
	put(p, text, strlen(text));
	if (!line)
		g_string_append_c(p->text, '\n');
	p->space = space;
	p->hard = hard;
	p->breaks = breaks;
}

static void put_tab(struct html_page *p)
{
	guint n = TAB - p->column % TAB;
	if (prepare(p))
		put_blanks(p, n);
	p->column += n;
}

static void put_fixed(struct html_page *p, const char *text, size_t len)
{
	while (len > 0) {
		const char *tab = memchr(text, '\t', len);
		size_t n = tab ? (size_t)(tab - text) : len;
		if (n > 0) {
			if (prepare(p))
				put_word(p, text, n);
			p->column += (guint)width_octets(text, n);
		}
		if (tab)
			put_tab(p);
		n += tab != NULL;
		text += n;
		len -= n;
	}
}

static void mark_line(struct html_page *p, enum html_flag flag)
{
	if (p->line)
		html_item(p, p->items->len - 1)->flags |= (guint8)flag;
}

void html_preformatted(struct html_page *p, const char *text, size_t len, bool fixed)
{
	while (len > 0 && !p->cut) {
		const char *lf = memchr(text, '\n', len);
		size_t n = lf ? (size_t)(lf - text) : len, shown = n;
		while (shown > 0 && text[shown - 1] == '\r')
			shown--;
		if (shown > 0)
			put_fixed(p, text, shown);
		mark_line(p, fixed ? HTML_FIXED : 0);
		if (lf) {
			end_line(p);
			p->breaks++;
			n++;
		}
		text += n;
		len -= n;
	}
}

void html_rule(struct html_page *p)
{
	static const char rule[] = "────────────────────";
	html_break(p, 1);
	html_text(p, rule, strlen(rule));
	mark_line(p, HTML_RULE);
	html_break(p, 1);
}

static bool is_full(const struct html_page *p)
{
	return p->cut || p->cells >= LIMIT_HTML_CELLS;
}

bool html_table(struct html_page *p, guint flags)
{
	html_break(p, 1);
	if (p->tables >= LIMIT_HTML_TABLES || is_full(p))
		return false;
	need_cell(p);
	struct html_item *table = add_open(p, HTML_TABLE);
	place(p, table);
	table->flags = (guint8)flags;
	/* Quotes and indentation begin anew in each cell. */
	table->start = p->quotes;
	table->length = p->indent;
	p->quotes = p->indent = 0;
	p->tables++;
	return true;
}

static void close_top(struct html_page *p)
{
	struct html_item *item = html_item(p, top(p));
	bool table = item->kind == HTML_TABLE;
	end_line(p);
	item->end = p->items->len;
	if (table) {
		p->quotes = item->start;
		p->indent = item->length;
		p->tables--;
		item->start = item->length = 0;
	} else {
		item->above = (guint8)p->breaks;
		p->quotes = p->indent = 0;
	}
	if (item->kind == HTML_CELL)
		p->breaks = 0;
	g_clear_pointer(&p->marker, g_free);
	g_array_set_size(p->open, p->open->len - 1);
	if (table)
		p->breaks = 1;
}

void html_close(struct html_page *p, guint open)
{
	while (p->open->len > open)
		close_top(p);
}

static bool close_above(struct html_page *p, enum html_kind kind)
{
	while (p->open->len > 0 && html_item(p, top(p))->kind > kind)
		close_top(p);
	return p->open->len > 0;
}

bool html_row(struct html_page *p)
{
	if (is_full(p) || !close_above(p, HTML_TABLE))
		return false;
	add_open(p, HTML_ROW);
	p->breaks = 0;
	return true;
}

bool html_cell(struct html_page *p, guint span, guint rows, guint flags)
{
	if (is_full(p) || !close_above(p, HTML_ROW))
		return false;
	if (html_item(p, top(p))->kind == HTML_TABLE)
		add_open(p, HTML_ROW);
	add_cell(p, span, rows, flags);
	return true;
}
