/* SPDX-License-Identifier: MIT
 *
 * Addresses that stand in plain text. */
#include "mime/text.h"

#include <string.h>

#include "mime/link.h"

enum { LINKS_MOST = 5000, URL_MOST = 4096 };

/* The octets of a beginning that only an address has; 0: it is none. */
static size_t beginning(const char *p)
{
	static const char *const rows[] = {"https://", "http://", "mailto:", "www."};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_ascii_strncasecmp(p, rows[i], strlen(rows[i])) == 0)
			return strlen(rows[i]);
	return 0;
}

/* Letters of all scripts may stand in an address, and what they are enclosed in not. */
static bool is_inside(gunichar c)
{
	if (c < 0x80)
		return c > ' ' && c != 0x7F && !strchr("<>\"`{}|\\^", (int)c);
	return g_unichar_isalnum(c) || g_unichar_ismark(c);
}

static guint count(const char *from, const char *to, char wanted)
{
	guint n = 0;
	for (; from < to; from++)
		n += *from == wanted;
	return n;
}

/* What ends a sentence, or closes a bracket that the address did not open, is not of it. */
static const char *without_tail(const char *from, const char *to)
{
	while (to > from) {
		char last = to[-1];
		bool closes = (last == ')' && count(from, to, ')') > count(from, to, '(')) ||
			(last == ']' && count(from, to, ']') > count(from, to, '['));
		if (!closes && !strchr(".,;:!?'*_~", last))
			break;
		to--;
	}
	return to;
}

static const char *end_of(const char *from)
{
	const char *p = from;
	while (*p && p - from < URL_MOST && is_inside(g_utf8_get_char(p)))
		p = g_utf8_next_char(p);
	return without_tail(from, p);
}

struct finding {
	struct rich *rich;
	GHashTable *known; /* address → number */
	const char *text;
};

static int number_of(struct finding *f, const char *from, size_t len)
{
	g_autofree char *written = g_strndup(from, len);
	g_autofree char *whole = g_ascii_strncasecmp(written, "www.", 4) == 0
		? g_strconcat("http://", written, NULL) : g_strdup(written);
	char *url = link_clean(whole);
	if (!url)
		return 0;
	int known = GPOINTER_TO_INT(g_hash_table_lookup(f->known, url));
	if (known > 0 || f->rich->links->len >= LINKS_MOST) {
		g_free(url);
		return known;
	}
	struct mime_link *l = g_new0(struct mime_link, 1);
	l->number = (int)f->rich->links->len + 1;
	l->url = mime_clean_line(url);
	l->text = g_strdup("");
	l->written = true;
	g_ptr_array_add(f->rich->links, l);
	g_hash_table_insert(f->known, url, GINT_TO_POINTER(l->number));
	return l->number;
}

static const char *take(struct finding *f, const char *at, size_t begins)
{
	const char *end = end_of(at);
	/* The text of a link may be long: a scheme alone is none. */
	if ((size_t)(end - at) <= begins)
		return at + begins;
	struct mime_span s = {(guint)(at - f->text), (guint)(end - at), MIME_STYLE_LINK,
		number_of(f, at, (size_t)(end - at))};
	if (s.link > 0)
		g_array_append_val(f->rich->spans, s);
	return end;
}

void text_find_links(const char *text, struct rich *r)
{
	struct finding f = {r, g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL), text};
	bool in_word = false;
	for (const char *p = text; *p;) {
		size_t begins = !in_word && strchr("hHmMwW", *p) ? beginning(p) : 0;
		in_word = g_ascii_isalnum(*p);
		p = begins > 0 ? take(&f, p, begins) : p + 1;
	}
	g_hash_table_unref(f.known);
}
