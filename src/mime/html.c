/* SPDX-License-Identifier: MIT */
#include "mime/html-reader.h"
#include "mime/legacy.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <string.h>
#include <time.h>

#include "mime/html-tidy.h"

enum {
	DEEP = 4000, /* elements the parser is let open: it looks through them */
	SHEET_MAX = 512 * 1024
};

static const struct tag tags[] = {
#define TAG(name, space, kind, style) {name, space, kind, style},
#include "mime/html-tags.def"
#undef TAG
};

static const struct tag none = {"", -1, INLINE, 0};

static int compare_tag(const void *name, const void *tag)
{
	const char *a = name, *b = ((const struct tag *)tag)->name;
	return *a != *b ? *a - *b : strcmp(a, b);
}

static const struct tag *find_tag(const char *name)
{
	const struct tag *t = bsearch(name, tags, G_N_ELEMENTS(tags), sizeof tags[0], compare_tag);
	return t ? t : &none;
}

static struct frame *innermost(struct html_reader *r)
{
	return r->frames->len ? &g_array_index(r->frames, struct frame, r->frames->len - 1) : NULL;
}

/* The page's pen follows the innermost element. */
static void take_state(struct html_reader *r, const struct state *s)
{
	r->state = *s;
	r->page.style = s->style;
	r->page.link = s->link;
	r->page.title = s->title;
	r->page.rtl = s->rtl;
}

/* --- text --- */

/* Rules that are not followed may paint what is white by default. */
static bool is_unseen(const struct html_reader *r)
{
	const struct state *s = &r->state;
	bool known = s->backed == BACK_KNOWN ||
		     (s->backed == BACK_WHITE && !css_sheet_is_dark(r->sheet));
	guint32 back = s->backed == BACK_KNOWN ? s->back : 0xFFFFFF;
	return s->tiny || (s->colored && known && css_same(s->color, back));
}

static guint letters(const char *text, size_t len)
{
	guint n = 0;
	for (size_t i = 0; i < len; i++)
		n += (guchar)text[i] > ' ' && ((guchar)text[i] & 0xC0) != 0x80;
	return n;
}

void html_reader_put(struct html_reader *r, const char *text, size_t len)
{
	if (r->hidden > 0 || is_unseen(r))
		r->rich->hidden += letters(text, len);
	else if (r->state.pre == PRE_NOT)
		html_text(&r->page, text, len);
	else
		html_preformatted(&r->page, text, len, r->state.pre == PRE_FIXED);
}

static void on_text(void *data, const xmlChar *text, int len)
{
	struct html_reader *r = data;
	const char *t = (const char *)text;
	if (html_late(&r->page)) {
		xmlStopParser(r->parser);
		return;
	}
	if (r->css)
		g_string_append_len(
			r->css, t, MIN(len, (int)(SHEET_MAX - MIN(r->css->len, SHEET_MAX))));
	if (r->skipped > 0 || len <= 0)
		return;
	/* The first line end in <pre> is not of the text. */
	int drop = r->fresh && t[0] == '\r' ? 1 : 0;
	drop += r->fresh && drop < len && t[drop] == '\n';
	r->fresh = false;
	html_reader_put(r, t + drop, (size_t)(len - drop));
}

static void on_error(void *data, const char *format, ...)
{
}

/* --- elements --- */

static void begin_item(struct html_reader *r, const unsigned char **attributes)
{
	struct frame *list = NULL;
	const char *value = html_attribute(attributes, "value");
	for (guint i = r->frames->len; i > 0 && !list; i--) {
		struct frame *f = &g_array_index(r->frames, struct frame, i - 1);
		if (f->tag->kind == LIST || f->tag->kind == NUMBERED)
			list = f;
	}
	if (list && value)
		list->number = (int)g_ascii_strtoll(value, NULL, 10);
	g_free(r->page.marker);
	r->page.marker = list && list->tag->kind == NUMBERED
				 ? g_strdup_printf("%d. ", list->number++)
				 : g_strdup("• ");
}

static guint span_of(const unsigned char **attributes, const char *name)
{
	const char *text = html_attribute(attributes, name);
	gint64 n = text ? g_ascii_strtoll(text, NULL, 10) : 1;
	return (guint)CLAMP(n, 1, LIMIT_HTML_SPAN - 1);
}

static void begin_table(
	struct html_reader *r, const unsigned char **attributes, const struct css_look *look)
{
	const char *role = html_attribute(attributes, "role"),
		   *border = html_attribute(attributes, "border");
	guint flags = 0;
	if (role && (g_ascii_strcasecmp(role, "presentation") == 0 || strcmp(role, "none") == 0))
		flags |= HTML_LAYOUT;
	if ((border && *border != '0' && *border) || (look->bits & CSS_BORDER))
		flags |= HTML_BORDER;
	if (html_attribute(attributes, "summary") || html_attribute(attributes, "rules"))
		flags |= HTML_DATA;
	html_table(&r->page, flags);
}

static void begin_cell(struct html_reader *r, struct frame *f, const unsigned char **attributes,
	const struct css_look *look)
{
	const char *align = html_attribute(attributes, "align");
	bool right = look->bits & CSS_RIGHT || (align && g_ascii_strcasecmp(align, "right") == 0);
	guint flags = (strcmp(f->tag->name, "th") == 0 ? HTML_HEAD : 0) | (right ? HTML_RIGHT : 0);
	if (!html_cell(&r->page, span_of(attributes, "colspan"), span_of(attributes, "rowspan"),
		    flags))
		html_break(&r->page, 1);
}

/* An indentation is no quotation: some programs write the same element for both. */
static bool is_quote(
	const struct frame *f, const unsigned char **attributes, const struct css_look *look)
{
	const char *type = html_attribute(attributes, "type");
	if (f->tag->kind != QUOTE)
		return (look->bits & CSS_BAR) && f->tag->kind == BLOCK;
	return type || !(look->bits & CSS_NO_BORDER) || (look->bits & CSS_BAR);
}

static void begin_blocks(struct html_reader *r, struct frame *f, const unsigned char **attributes,
	const struct css_look *look)
{
	bool quote = is_quote(f, attributes, look);
	const char *start = html_attribute(attributes, "start");
	f->number = start ? (int)g_ascii_strtoll(start, NULL, 10) : 1;
	f->opened = true;
	if (quote && r->page.quotes < LIMIT_HTML_QUOTES)
		r->page.quotes++;
	else if (!quote && f->tag->kind != BLOCK)
		r->page.indent++;
	else
		f->opened = false;
	/* Told at the end by the kind of what was counted. */
	f->below = f->tag->space + 1;
	f->start = quote;
}

static void open_kind(struct html_reader *r, struct frame *f, const unsigned char **attributes,
	const struct css_look *look)
{
	switch (f->tag->kind) {
	case BREAK:
		html_newline(&r->page);
		break;
	case RULE:
		html_rule(&r->page);
		break;
	case IMAGE:
		html_picture(r, attributes, look);
		break;
	case LINK:
		html_link_begin(r, f, attributes);
		break;
	case BLOCK:
		if (!(look->bits & CSS_BAR))
			break;
		/* fallthrough */
	case LIST:
	case NUMBERED:
	case INDENT:
	case QUOTE:
		begin_blocks(r, f, attributes, look);
		break;
	case ITEM:
		begin_item(r, attributes);
		break;
	case TITLE:
		f->state.title = true;
		break;
	case PRE:
		f->state.pre = PRE_FIXED;
		r->fresh = true;
		break;
	case TABLE:
		begin_table(r, attributes, look);
		break;
	case CAPTION:
		html_cell(&r->page, LIMIT_HTML_SPAN, 1, 0);
		break;
	case ROW:
		if (!html_row(&r->page))
			html_break(&r->page, 1);
		break;
	case CELL:
		begin_cell(r, f, attributes, look);
		break;
	default:
		break;
	}
}

static void close_kind(struct html_reader *r, struct frame *f)
{
	switch (f->tag->kind) {
	case LINK:
		html_link_end(r, f);
		break;
	case BLOCK:
	case LIST:
	case NUMBERED:
	case INDENT:
	case QUOTE:
		if (f->opened)
			*(f->start ? &r->page.quotes : &r->page.indent) -= 1;
		break;
	case ITEM:
		g_clear_pointer(&r->page.marker, g_free);
		break;
	case PRE:
		r->fresh = false;
		break;
	case TABLE:
	case CAPTION:
	case ROW:
	case CELL:
		html_close(&r->page, f->open);
		break;
	default:
		break;
	}
}

/* Paragraphs without margins are lines. */
static void space_around(struct html_reader *r, struct frame *f, const struct css_look *look)
{
	int space = f->tag->space + 1;
	f->below = space > 1 && (look->bits & CSS_NO_BELOW) ? 1 : space;
	html_break(&r->page, space > 1 && (look->bits & CSS_NO_ABOVE) ? 1 : (guint)space);
}

static void begin_shown(struct html_reader *r, struct frame *f, const unsigned char **attributes,
	const struct css_look *look)
{
	f->state.style |= f->tag->style;
	if (f->tag->style & MIME_STYLE_HEADING)
		f->state.style |= MIME_STYLE_BOLD;
	html_look_apply(&f->state, look, attributes);
	take_state(r, &f->state);
	space_around(r, f, look);
	open_kind(r, f, attributes, look);
	take_state(r, &f->state);
}

/* A parser that has thousands of elements open takes its time for each end of one. */
static void give_up_stack(struct html_reader *r)
{
	long at = xmlByteConsumed(r->parser);
	if (at > 0 && (size_t)at < r->len)
		r->rest = r->html + at;
	xmlStopParser(r->parser);
}

static bool is_legacy(const struct html_reader *r, const unsigned char **attributes)
{
	return r->rich->legacy &&
	       g_strcmp0(html_attribute(attributes, "class"), LEGACY_CLASS) == 0;
}

static void on_start(void *data, const xmlChar *name, const unsigned char **attributes)
{
	struct html_reader *r = data;
	if (html_late(&r->page)) {
		xmlStopParser(r->parser);
		return;
	}
	attributes = html_attributes_read(r->attributes, attributes);
	struct frame f = {.tag = find_tag((const char *)name), .state = r->state};
	struct css_look look = html_look(r, (const char *)name, attributes);
	remote_element(r->rich->remote, (const char *)name, attributes,
		f.tag->kind == IMAGE && html_is_pixel(attributes, &look));
	if (r->frames->len >= LIMIT_HTML_DEPTH) {
		if (++r->too_deep > DEEP)
			give_up_stack(r);
		return;
	}
	f.open = r->page.open->len;
	f.hidden = html_attribute(attributes, "hidden") || (look.bits & CSS_HIDDEN);
	r->hidden += f.hidden;
	f.skipped = f.tag->kind == SKIP || is_legacy(r, attributes);
	r->skipped += f.skipped;
	if (strcmp(f.tag->name, "style") == 0 && !r->css)
		r->css = g_string_new(NULL);
	if (r->hidden == 0 && r->skipped == 0)
		begin_shown(r, &f, attributes, &look);
	g_array_append_val(r->frames, f);
}

static void end_style(struct html_reader *r)
{
	css_sheet_read(r->sheet, r->css->str);
	remote_style(r->rich->remote, r->css->str);
	g_string_free(r->css, TRUE);
	r->css = NULL;
}

static void pop(struct html_reader *r)
{
	struct frame f = *innermost(r);
	bool shown = r->hidden == 0 && r->skipped == 0;
	g_array_set_size(r->frames, r->frames->len - 1);
	if (shown) {
		close_kind(r, &f);
		html_break(&r->page, (guint)f.below);
	}
	r->hidden -= f.hidden;
	r->skipped -= f.skipped;
	if (r->css && strcmp(f.tag->name, "style") == 0)
		end_style(r);
	static const struct state outside;
	take_state(r, r->frames->len ? &innermost(r)->state : &outside);
	g_free(f.picture);
}

static void on_end(void *data, const xmlChar *name)
{
	struct html_reader *r = data;
	if (r->too_deep > 0)
		r->too_deep--;
	else if (r->frames->len > 0)
		pop(r);
}

char *text_html_charset(const char *html, size_t len)
{
	g_autofree char *start = g_ascii_strdown(html, (gssize)MIN(len, 4096));
	for (char *p = start; (p = strstr(p, "charset")) != NULL; p++) {
		const char *value = p + strlen("charset");
		value += strspn(value, " =\"'");
		size_t n = strcspn(value, " \"'/>;\r\n");
		if (n > 0 && n < 40)
			return g_strndup(value, n);
	}
	return NULL;
}

static void run(struct html_reader *r, const char *html, size_t len)
{
	xmlParserCtxtPtr parser = htmlCreateMemoryParserCtxt(html, (int)MIN(len, G_MAXINT));
	if (!parser)
		return;
	htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
					   HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
	memset(parser->sax, 0, sizeof *parser->sax);
	parser->sax->startElement = on_start;
	parser->sax->endElement = on_end;
	parser->sax->characters = on_text;
	parser->sax->ignorableWhitespace = on_text;
	parser->sax->error = on_error;
	parser->sax->warning = on_error;
	parser->userData = r;
	r->parser = parser;
	r->html = html;
	r->len = len;
	r->rest = NULL;
	xmlSwitchEncoding(parser, XML_CHAR_ENCODING_UTF8);
	htmlParseDocument(parser);
	htmlFreeParserCtxt(parser);
}

static void run_all(struct html_reader *r, const char *html, size_t len)
{
	const char *end = html + len;
	while (html && html < end && !r->page.cut) {
		run(r, html, (size_t)(end - html));
		html = r->rest;
		r->rich->cut = r->rich->cut || r->too_deep > 0;
		r->too_deep = 0;
	}
	while (r->frames->len > 0)
		pop(r);
}

static gint64 deadline(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (now.tv_sec + LIMIT_HTML_SECONDS) * G_GINT64_CONSTANT(1000000000) + now.tv_nsec;
}

static char *write_page(struct html_reader *r)
{
	GString *out = g_string_new(NULL);
	int columns = r->rich->columns;
	html_close(&r->page, 0);
	html_measure(&r->page, columns);
	if (html_write(&r->page, columns, out, r->rich->spans))
		r->rich->laid_for = columns;
	r->rich->cut = r->rich->cut || r->page.cut;
	return g_string_free(out, FALSE);
}

char *text_html(const char *html, size_t len, struct rich *rich)
{
	struct html_reader r = {.rich = rich};
	html_page_init(&r.page);
	r.page.deadline = deadline();
	r.sheet = css_sheet_new();
	r.known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	r.frames = g_array_new(FALSE, FALSE, sizeof(struct frame));
	r.attributes = html_attributes_new(html, len);
	g_autofree char *tidy = html_tidy(html, len);
	run_all(&r, tidy, strlen(tidy));
	if (r.css)
		end_style(&r);
	char *text = write_page(&r);
	/* Links that the parser was stopped inside of have no text yet. */
	for (guint i = 0; i < rich->links->len; i++) {
		struct mime_link *l = rich->links->pdata[i];
		if (!l->text)
			l->text = g_strdup("");
	}
	g_hash_table_unref(r.known);
	g_array_unref(r.frames);
	html_attributes_free(r.attributes);
	css_sheet_free(r.sheet);
	html_page_clear(&r.page);
	return text;
}
