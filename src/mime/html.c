/* SPDX-License-Identifier: MIT */
#include "mime/text.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <string.h>

#include "base/sanitize.h"
#include "mime/link.h"

enum kind {
	INLINE,
	BLOCK,
	BREAK,
	RULE,
	IMAGE,
	LINK,
	LIST,
	NUMBERED,
	ITEM,
	INDENT,
	QUOTE,
	PRE,
	ROW,
	CELL,
	SKIP,
};

struct tag {
	const char *name;
	int space;
	enum kind kind;
};

static const struct tag tags[] = {
#define TAG(name, space, kind) {name, space, kind},
#include "mime/html-tags.def"
#undef TAG
};

static const struct tag none = {"", -1, INLINE};

/* An open element. */
struct frame {
	const struct tag *tag;
	bool hidden;
	int number;   /* of the next item */
	int link;     /* index in links, -1: none */
	size_t start; /* of the link's text in out */
};

struct page {
	xmlParserCtxtPtr parser;
	GString *out;
	GPtrArray *links;
	GArray *spans;
	GHashTable *known; /* url → number */
	GArray *frames;
	int too_deep;      /* elements open beyond LIMIT_HTML_DEPTH */
	int hidden, pre, quotes, indent;
	int breaks;        /* line ends owed before the next text */
	int last_quotes;   /* of the line before */
	bool space;        /* owed */
	bool fresh;        /* nothing on this line yet */
	bool cell;         /* a cell stands before on this row */
	char *marker;      /* of a list item, owed */
	bool cut;
};

static int compare_tag(const void *name, const void *tag)
{
	return strcmp(name, ((const struct tag *)tag)->name);
}

static const struct tag *find_tag(const char *name)
{
	const struct tag *t = bsearch(name, tags, G_N_ELEMENTS(tags), sizeof tags[0], compare_tag);
	return t ? t : &none;
}

static void want_breaks(struct page *p, int breaks)
{
	p->breaks = MAX(p->breaks, breaks);
	p->space = false;
}

static void begin_lines(struct page *p)
{
	for (int i = 0; i < p->breaks && p->out->len > 0; i++) {
		g_string_append_c(p->out, '\n');
		for (int q = 0; i + 1 < p->breaks && q < MIN(p->quotes, p->last_quotes); q++)
			g_string_append(p->out, q > 0 ? " >" : ">");
	}
	for (int q = 0; q < p->quotes; q++)
		g_string_append(p->out, "> ");
	for (int i = p->marker ? 1 : 0; i < p->indent; i++)
		g_string_append(p->out, "  ");
	if (p->marker)
		g_string_append(p->out, p->marker);
	g_clear_pointer(&p->marker, g_free);
	p->last_quotes = p->quotes;
	p->breaks = 0;
	p->fresh = true;
	p->space = false;
}

/* Text that is not empty is to follow. */
static void prepare(struct page *p)
{
	if (p->out->len > LIMIT_TEXT) {
		p->cut = true;
		xmlStopParser(p->parser);
	}
	if (p->breaks > 0 || p->out->len == 0)
		begin_lines(p);
	if (p->space && !p->fresh)
		g_string_append_c(p->out, ' ');
	p->space = false;
	p->fresh = false;
}

static size_t white(const char *text, size_t len)
{
	if (len > 1 && (guchar)text[0] == 0xC2 && (guchar)text[1] == 0xA0)
		return 2;
	return len > 0 && text[0] != '\0' && strchr(" \t\r\n\f", text[0]) ? 1 : 0;
}

/* Runs of white space are one space, no-break spaces too: letters hide what is
 * to fill a preview in hundreds of them. */
static void put_running(struct page *p, const char *text, size_t len)
{
	while (len > 0) {
		size_t n = white(text, len);
		if (n > 0) {
			p->space = true;
		} else {
			while (n < len && white(text + n, len - n) == 0)
				n++;
			prepare(p);
			g_string_append_len(p->out, text, (gssize)n);
		}
		text += n;
		len -= n;
	}
}

static void put_pre(struct page *p, const char *text, size_t len)
{
	while (len > 0) {
		const char *lf = memchr(text, '\n', len);
		size_t n = lf ? (size_t)(lf - text) : len;
		if (n > 0) {
			prepare(p);
			g_string_append_len(p->out, text, (gssize)n);
		}
		if (lf)
			p->breaks++;
		n += lf != NULL;
		text += n;
		len -= n;
	}
}

static void put(struct page *p, const char *text, size_t len)
{
	if (p->hidden > 0 || p->cut)
		return;
	if (p->pre > 0)
		put_pre(p, text, len);
	else
		put_running(p, text, len);
}

static const char *attribute(const xmlChar **attributes, const char *name)
{
	for (int i = 0; attributes && attributes[i]; i += 2)
		if (strcmp((const char *)attributes[i], name) == 0)
			return attributes[i + 1] ? (const char *)attributes[i + 1] : "";
	return NULL;
}

/* Nothing is what zero is the beginning of ("0.5em"). */
static bool is_zero(const char *style, const char *property)
{
	const char *at = strstr(style, property);
	if (!at)
		return false;
	at += strlen(property);
	return *at == '0' && !g_ascii_isdigit(at[1]) && at[1] != '.';
}

static bool is_hidden(const xmlChar **attributes)
{
	const char *style = attribute(attributes, "style");
	if (attribute(attributes, "hidden"))
		return true;
	if (!style)
		return false;
	g_autoptr(GString) s = g_string_new(NULL);
	for (const char *p = style; *p; p++)
		if (!g_ascii_isspace(*p))
			g_string_append_c(s, g_ascii_tolower(*p));
	return strstr(s->str, "display:none") || strstr(s->str, "visibility:hidden") ||
		strstr(s->str, "mso-hide:all") || is_zero(s->str, "font-size:") ||
		is_zero(s->str, "max-height:") || is_zero(s->str, "opacity:");
}

static void begin_link(struct page *p, struct frame *f, const xmlChar **attributes)
{
	const char *href = attribute(attributes, "href");
	g_autofree char *url = href ? link_clean(href) : NULL;
	if (!url)
		return;
	gpointer number = g_hash_table_lookup(p->known, url);
	f->start = p->out->len;
	if (number) {
		f->link = GPOINTER_TO_INT(number) - 1;
		return;
	}
	struct mime_link *l = g_new0(struct mime_link, 1);
	l->number = (int)p->links->len + 1;
	l->url = mime_clean_line(url);
	f->link = (int)p->links->len;
	g_ptr_array_add(p->links, l);
	g_hash_table_insert(p->known, g_steal_pointer(&url), GINT_TO_POINTER(l->number));
}

/* All of a link that is shown, from its first character on. */
static void add_span(struct page *p, const struct frame *f, int link)
{
	size_t start = MIN(f->start, p->out->len);
	start += strspn(p->out->str + start, " \n>");
	struct mime_span s = {(guint)start, (guint)(p->out->len - start), MIME_STYLE_LINK, link};
	const struct mime_span *last = p->spans->len == 0 ? NULL
		: &g_array_index(p->spans, struct mime_span, p->spans->len - 1);
	/* Links in links are what broken pages have: the inner one stays. */
	if (!last || last->start + last->length <= s.start)
		g_array_append_val(p->spans, s);
}

static void end_link(struct page *p, const struct frame *f)
{
	if (f->link < 0)
		return;
	struct mime_link *l = p->links->pdata[f->link];
	const char *shown = p->out->len > f->start ? p->out->str + f->start : "";
	g_autofree char *text = g_strdup(shown);
	for (char *c = text; *c; c++)
		if (*c == '\n')
			*c = ' ';
	g_strstrip(text);
	l->suspicious = l->suspicious || link_is_suspicious(text, l->url);
	if (!l->text || !*l->text) {
		g_free(l->text);
		l->text = mime_clean_line(text);
	}
	char number[16];
	bool space = p->space;
	g_snprintf(number, sizeof number, "%s[%d]", *text ? " " : "", l->number);
	p->space = false;
	prepare(p);
	g_string_append(p->out, number);
	add_span(p, f, l->number);
	p->space = space;
}

static void begin_item(struct page *p)
{
	struct frame *list = NULL;
	for (guint i = p->frames->len; i > 0 && !list; i--) {
		struct frame *f = &g_array_index(p->frames, struct frame, i - 1);
		if (f->tag->kind == LIST || f->tag->kind == NUMBERED)
			list = f;
	}
	g_free(p->marker);
	p->marker = list && list->tag->kind == NUMBERED ? g_strdup_printf("%d. ", list->number++)
						      : g_strdup("• ");
}

static void put_rule(struct page *p)
{
	want_breaks(p, 1);
	put(p, "────────────────────", strlen("────────────────────"));
	want_breaks(p, 1);
}

static void put_image(struct page *p, const xmlChar **attributes)
{
	const char *alt = attribute(attributes, "alt");
	while (alt && g_ascii_isspace(*alt))
		alt++;
	if (!alt || !*alt)
		return;
	put(p, "[", 1);
	put(p, alt, strlen(alt));
	p->space = false;
	put(p, "]", 1);
}

static void open_kind(struct page *p, struct frame *f, const xmlChar **attributes)
{
	switch (f->tag->kind) {
	case BREAK:
		p->breaks++;
		p->space = false;
		break;
	case RULE: put_rule(p); break;
	case IMAGE: put_image(p, attributes); break;
	case LINK: begin_link(p, f, attributes); break;
	case LIST:
	case NUMBERED:
	case INDENT: p->indent++; break;
	case ITEM: begin_item(p); break;
	case QUOTE: p->quotes++; break;
	case PRE: p->pre++; break;
	case ROW: p->cell = false; break;
	case CELL:
		if (p->cell && p->breaks == 0 && !p->fresh && p->hidden == 0 && p->out->len > 0)
			put(p, "  ", 2);
		p->cell = true;
		break;
	default: break;
	}
}

static void close_kind(struct page *p, const struct frame *f)
{
	switch (f->tag->kind) {
	case LINK: end_link(p, f); break;
	case LIST:
	case NUMBERED:
	case INDENT: p->indent--; break;
	case ITEM: g_clear_pointer(&p->marker, g_free); break;
	case QUOTE: p->quotes--; break;
	case PRE: p->pre--; break;
	default: break;
	}
}

static void on_start(void *data, const xmlChar *name, const xmlChar **attributes)
{
	struct page *p = data;
	if (p->frames->len >= LIMIT_HTML_DEPTH) {
		p->too_deep++;
		return;
	}
	struct frame f = {find_tag((const char *)name), false, 1, -1, 0};
	f.hidden = f.tag->kind == SKIP || is_hidden(attributes);
	p->hidden += f.hidden;
	if (p->hidden == 0 && f.tag->space >= 0)
		want_breaks(p, f.tag->space + 1);
	if (p->hidden == 0)
		open_kind(p, &f, attributes);
	g_array_append_val(p->frames, f);
}

static void on_end(void *data, const xmlChar *name)
{
	struct page *p = data;
	if (p->too_deep > 0) {
		p->too_deep--;
		return;
	}
	if (p->frames->len == 0)
		return;
	struct frame f = g_array_index(p->frames, struct frame, p->frames->len - 1);
	g_array_set_size(p->frames, p->frames->len - 1);
	if (p->hidden == 0) {
		close_kind(p, &f);
		if (f.tag->space >= 0)
			want_breaks(p, f.tag->space + 1);
	}
	p->hidden -= f.hidden;
}

static void on_text(void *data, const xmlChar *text, int len)
{
	put(data, (const char *)text, (size_t)len);
}

static void on_error(void *data, const char *format, ...)
{
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

static void run(struct page *p, const char *html, size_t len)
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
	parser->userData = p;
	p->parser = parser;
	xmlSwitchEncoding(parser, XML_CHAR_ENCODING_UTF8);
	htmlParseDocument(parser);
	p->cut = p->cut || p->too_deep > 0;
	htmlFreeParserCtxt(parser);
}

char *text_html(const char *html, size_t len, struct rich *r)
{
	struct page p = {.out = g_string_new(NULL), .fresh = true};
	GPtrArray *links = p.links = r->links;
	p.spans = r->spans;
	p.known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	p.frames = g_array_new(FALSE, FALSE, sizeof(struct frame));
	if (len > 0)
		run(&p, html, len);
	/* Links that the parser was stopped inside of have no text yet. */
	for (guint i = 0; i < links->len; i++) {
		struct mime_link *l = links->pdata[i];
		if (!l->text)
			l->text = g_strdup("");
	}
	if (p.out->len > 0)
		g_string_append_c(p.out, '\n');
	g_free(p.marker);
	g_hash_table_unref(p.known);
	g_array_unref(p.frames);
	r->cut = r->cut || p.cut;
	return g_string_free(p.out, FALSE);
}
