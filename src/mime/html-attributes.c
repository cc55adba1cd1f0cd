/* SPDX-License-Identifier: MIT */
#include "mime/html-attributes.h"

#include <libxml/HTMLparser.h>
#include <string.h>

enum { NO_VALUE = G_MAXUINT, ENTITY_MAX = 32 };

struct html_attributes {
	const char *html, *end;
	GString *text;                          /* names and values, a NUL behind each */
	guint at[2 * LIMIT_HTML_ATTRIBUTES], n; /* where they begin, in turn */
	const unsigned char *list[2 * LIMIT_HTML_ATTRIBUTES + 1];
};

/* --- as they are written --- */

static bool ends_tag(const char *p, const char *end)
{
	return *p == '>' || (*p == '/' && p + 1 < end && p[1] == '>');
}

static const char *blanks(const char *p, const char *end)
{
	while (p < end && g_ascii_isspace(*p))
		p++;
	return p;
}

static const char *word(const char *p, const char *end)
{
	while (p < end && !g_ascii_isspace(*p) && *p != '>')
		p++;
	return p;
}

/* A quotation mark that none follows is no reason to lose the rest of the letter. */
static const char *take_value(const char *p, const char *end, struct html_raw *raw)
{
	bool quoted = p < end && (*p == '"' || *p == '\'');
	const char *close = quoted ? memchr(p + 1, *p, (size_t)(end - p - 1)) : NULL;
	raw->value = p + quoted;
	if (!close)
		p = word(raw->value, end);
	raw->value_len = (size_t)((close ? close : p) - raw->value);
	return close ? close + 1 : p;
}

bool html_raw_next(const char **at, const char *end, struct html_raw *raw)
{
	const char *p = *at;
	while (p < end && (g_ascii_isspace(*p) || *p == '/') && !ends_tag(p, end))
		p++;
	*at = p;
	if (p == end || ends_tag(p, end))
		return false;
	*raw = (struct html_raw){.name = p++};
	while (p < end && !g_ascii_isspace(*p) && *p != '=' && !ends_tag(p, end))
		p++;
	raw->name_len = (size_t)(p - raw->name);
	const char *equals = blanks(p, end);
	if (equals < end && *equals == '=')
		p = take_value(blanks(equals + 1, end), end, raw);
	*at = p;
	return true;
}

/* --- as they are meant --- */

struct html_attributes *html_attributes_new(const char *html, size_t len)
{
	struct html_attributes *a = g_new0(struct html_attributes, 1);
	a->html = html;
	a->end = html + len;
	a->text = g_string_new(NULL);
	return a;
}

void html_attributes_free(struct html_attributes *a)
{
	if (!a)
		return;
	g_string_free(a->text, TRUE);
	g_free(a);
}

static bool is_character(guint64 c)
{
	return c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c < 0xD800) ||
	       (c >= 0xE000 && c < 0xFFFE) || (c >= 0x10000 && c < 0x110000);
}

/* "#233;", "#xE9": the octets it takes; 0: it is none. */
static size_t take_number(GString *text, const char *p, size_t len)
{
	bool hex = len > 1 && (p[1] == 'x' || p[1] == 'X');
	size_t n = hex ? 2 : 1, first = n;
	guint64 c = 0;
	for (; n < len && (hex ? g_ascii_isxdigit(p[n]) : g_ascii_isdigit(p[n])); n++)
		c = MIN(c * (hex ? 16 : 10) + (guint64)g_ascii_xdigit_value(p[n]), 0x110000);
	if (n == first)
		return 0;
	if (is_character(c))
		g_string_append_unichar(text, (gunichar)c);
	return n + (n < len && p[n] == ';');
}

/* "eacute;".  Without the ';' it is a part of an address ("?a=b&copy=c"). */
static size_t take_name(GString *text, const char *p, size_t len)
{
	char name[ENTITY_MAX];
	size_t n = 0;
	while (n < len && n + 1 < sizeof name && g_ascii_isalnum(p[n]))
		n++;
	if (n == 0 || n == len || p[n] != ';')
		return 0;
	memcpy(name, p, n);
	name[n] = '\0';
	const htmlEntityDesc *entity = htmlEntityLookup((const xmlChar *)name);
	if (entity)
		g_string_append_unichar(text, entity->value);
	return entity ? n + 1 : 0;
}

static void put_value(GString *text, const char *p, size_t len)
{
	const char *end = p + len, *mark;
	while ((mark = memchr(p, '&', (size_t)(end - p))) != NULL) {
		size_t left = (size_t)(end - mark - 1);
		g_string_append_len(text, p, mark - p);
		p = mark + 1;
		size_t n = left > 0 && *p == '#' ? take_number(text, p, left)
						 : take_name(text, p, left);
		if (n == 0)
			g_string_append_c(text, '&');
		p += n;
	}
	g_string_append_len(text, p, end - p);
	g_string_append_c(text, '\0');
}

static bool is_known(const struct html_attributes *a, const char *name)
{
	for (guint i = 0; i < a->n; i += 2) {
		const char *other = a->text->str + a->at[i];
		if (*other == *name && strcmp(other, name) == 0)
			return true;
	}
	return false;
}

static void add(struct html_attributes *a, const struct html_raw *raw)
{
	guint name = (guint)a->text->len, value = NO_VALUE;
	g_string_append_len(a->text, raw->name, (gssize)raw->name_len);
	for (char *c = a->text->str + name; *c; c++)
		*c = g_ascii_tolower(*c);
	if (is_known(a, a->text->str + name)) {
		g_string_truncate(a->text, name);
		return;
	}
	g_string_append_c(a->text, '\0');
	if (raw->value) {
		value = (guint)a->text->len;
		put_value(a->text, raw->value, raw->value_len);
	}
	a->at[a->n++] = name;
	a->at[a->n++] = value;
}

/* A page may have such an attribute itself, with any number. */
static const char *place(const struct html_attributes *a, const unsigned char **parsed)
{
	if (!parsed || !parsed[0] || !parsed[1] || strcmp((const char *)parsed[0], HTML_PLACE) != 0)
		return NULL;
	guint64 at = g_ascii_strtoull((const char *)parsed[1], NULL, 10);
	return at < (guint64)(a->end - a->html) ? a->html + at : NULL;
}

const unsigned char **html_attributes_read(struct html_attributes *a, const unsigned char **parsed)
{
	const char *p = place(a, parsed);
	struct html_raw raw;
	if (!p)
		return parsed;
	g_string_truncate(a->text, 0);
	a->n = 0;
	while (a->n < G_N_ELEMENTS(a->at) && html_raw_next(&p, a->end, &raw))
		add(a, &raw);
	for (guint i = 0; i < a->n; i++)
		a->list[i] = a->at[i] == NO_VALUE ? NULL
						  : (const unsigned char *)a->text->str + a->at[i];
	a->list[a->n] = NULL;
	return a->list;
}
