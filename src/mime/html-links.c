/* SPDX-License-Identifier: MIT
 *
 * Links are numbered, pictures are what is written instead of them. */
#include "mime/html-reader.h"

#include <string.h>

#include "mime/link.h"

enum {
	LINK_TEXT = 2000, /* octets of a link's text that are looked at */
	PIXEL = 2,        /* a picture so small is not to be seen */
	NAME_SHOWN = 24,  /* of a picture that has nothing but a name */
};

void html_link_begin(struct html_reader *r, struct frame *f, const unsigned char **attributes)
{
	const char *href = html_attribute(attributes, "href");
	g_autofree char *url = href ? link_clean(href) : NULL;
	f->start = r->page.text->len;
	if (!url)
		return;
	gpointer number = g_hash_table_lookup(r->known, url);
	f->state.style |= MIME_STYLE_LINK;
	f->state.link = GPOINTER_TO_INT(number);
	if (number)
		return;
	GPtrArray *links = r->rich->links;
	struct mime_link *l = g_new0(struct mime_link, 1);
	f->state.link = l->number = (int)links->len + 1;
	l->url = mime_clean_line(url);
	g_ptr_array_add(links, l);
	g_hash_table_insert(r->known, g_steal_pointer(&url), GINT_TO_POINTER(l->number));
}

static char *link_text(const struct html_reader *r, const struct frame *f)
{
	size_t n = r->page.text->len - MIN(f->start, r->page.text->len);
	char *text = g_strndup(r->page.text->str + f->start, MIN(n, LINK_TEXT));
	for (char *c = text; *c; c++)
		if (*c == '\n')
			*c = ' ';
	return g_strstrip(text);
}

/* A link whose text is a picture without words is called as the picture is. */
void html_link_end(struct html_reader *r, struct frame *f)
{
	if (f->state.link == 0)
		return;
	struct mime_link *l = r->rich->links->pdata[f->state.link - 1];
	g_autofree char *text = link_text(r, f);
	g_autofree char *number = g_strdup_printf(*text ? " [%d]" : "[%d]", l->number);
	if (!*text && f->picture && *f->picture) {
		g_autofree char *shown = g_strdup_printf("[%s] %s", f->picture, number);
		html_reader_put(r, shown, strlen(shown));
	} else if (!*text && f->picture) {
		html_reader_put(r, number, strlen(number));
	} else if (*text) {
		html_mark(&r->page, number);
	}
	l->suspicious = l->suspicious || link_is_suspicious(text, l->url);
	if (!l->text || !*l->text) {
		g_free(l->text);
		l->text = mime_clean_line(text);
	}
}

static bool is_at_most(const char *length, gint64 most)
{
	char *end;
	gint64 n = length ? g_ascii_strtoll(length, &end, 10) : -1;
	return length && end > length && *end != '%' && n >= 0 && n <= most;
}

/* Too small to be seen: it tells the sender that the letter was opened. */
bool html_is_pixel(const unsigned char **attributes, const struct css_look *look)
{
	return is_at_most(html_attribute(attributes, "width"), PIXEL) ||
	       is_at_most(html_attribute(attributes, "height"), PIXEL) ||
	       (look->bits & (CSS_HIDDEN | CSS_FLAT)) != 0;
}

/* "logo" of "https://example.org/a/logo.png?x=y"; NULL: nobody wants to read it. */
static char *name_of_picture(const char *src)
{
	size_t len = strcspn(src, "?#");
	g_autofree char *path = g_strndup(src, len);
	const char *slash = strrchr(path, '/');
	char *name = g_strdup(slash ? slash + 1 : path);
	char *dot = strrchr(name, '.');
	guint digits = 0, n = 0;
	if (dot)
		*dot = '\0';
	for (; name[n] && (g_ascii_isalnum(name[n]) || strchr("-_", name[n])); n++)
		digits += g_ascii_isdigit(name[n]) != 0;
	if (n > 1 && !name[n] && n <= NAME_SHOWN && digits * 3 <= n)
		return name;
	g_free(name);
	return NULL;
}

static void take_name(struct frame *link, const char *src)
{
	char *name = name_of_picture(src);
	g_free(link->picture);
	link->picture = name ? name : g_strdup("");
}

static struct frame *link_around(struct html_reader *r)
{
	for (guint i = r->frames->len; i > 0; i--) {
		struct frame *f = &g_array_index(r->frames, struct frame, i - 1);
		if (f->tag->kind == LINK)
			return f;
	}
	return NULL;
}

static void put_named(struct html_reader *r, const char *name)
{
	g_autofree char *shown = g_strdup_printf("[%s]", name);
	html_reader_put(r, shown, strlen(shown));
}

void html_picture(
	struct html_reader *r, const unsigned char **attributes, const struct css_look *look)
{
	const char *alt = html_attribute(attributes, "alt"),
		   *src = html_attribute(attributes, "src");
	struct frame *link = link_around(r);
	bool within = src && g_ascii_strncasecmp(src, "cid:", 4) == 0;
	if (html_is_pixel(attributes, look))
		return;
	while (alt && g_ascii_isspace(*alt))
		alt++;
	g_autofree char *part = within && r->rich->part_name
					? r->rich->part_name(src + 4, r->rich->part_data)
					: NULL;
	if (alt && *alt)
		put_named(r, alt);
	else if (part && *part)
		put_named(r, part);
	else if (src && (within || g_ascii_strncasecmp(src, "data:", 5) == 0))
		put_named(r, _("picture"));
	else if (src && link && (!link->picture || !*link->picture))
		take_name(link, src);
}
