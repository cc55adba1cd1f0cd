/* SPDX-License-Identifier: MIT */
#include "base/sanitize.h"

#include <string.h>

enum { MARKS_MAX = 8, BIDI_DEPTH = 32, SERVER_COLUMNS = 200 };

enum kind {
	PLAIN,
	CONTROL,   /* C0, DEL, C1, line and paragraph separator */
	BIDI,      /* changes the order of what is around it */
	INVISIBLE, /* nothing is seen of it: a place to hide */
};

struct range {
	gunichar first, last;
	enum kind kind;
};

/* Sorted; what is not in it is plain.  The soft hyphen and the joiners are
 * legal inside words, but two names that differ only by them look the same. */
static const struct range table[] = {
	{0x0000, 0x001F, CONTROL}, {0x007F, 0x009F, CONTROL}, {0x00AD, 0x00AD, INVISIBLE},
	{0x034F, 0x034F, INVISIBLE}, {0x061C, 0x061C, BIDI}, {0x115F, 0x1160, INVISIBLE},
	{0x17B4, 0x17B5, INVISIBLE}, {0x180B, 0x180F, INVISIBLE}, {0x200B, 0x200D, INVISIBLE},
	{0x200E, 0x200F, BIDI}, {0x2028, 0x2029, CONTROL}, {0x202A, 0x202E, BIDI},
	{0x2060, 0x2064, INVISIBLE}, {0x2066, 0x2069, BIDI}, {0x206A, 0x206F, INVISIBLE},
	{0x2800, 0x2800, INVISIBLE}, {0x3164, 0x3164, INVISIBLE}, {0xFE00, 0xFE0F, PLAIN},
	{0xFEFF, 0xFEFF, INVISIBLE}, {0xFFA0, 0xFFA0, INVISIBLE}, {0xFFF9, 0xFFFB, INVISIBLE},
	{0x1BCA0, 0x1BCA3, INVISIBLE}, {0x1D173, 0x1D17A, INVISIBLE},
	{0xE0000, 0xE0FFF, INVISIBLE},
};

static enum kind kind_of(gunichar c)
{
	size_t low = 0, high = G_N_ELEMENTS(table);
	if (c >= 0x20 && c < 0x7F)
		return PLAIN;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (c < table[middle].first)
			high = middle;
		else if (c > table[middle].last)
			low = middle + 1;
		else
			return table[middle].kind;
	}
	/* Non-characters and private controls that iconv may let through. */
	return (c & 0xFFFE) == 0xFFFE ? INVISIBLE : PLAIN;
}

/* One pass over the text; body says which of the two rules holds. */
struct pass {
	GString *out;
	bool body;
	guint marks;            /* combining marks since the last base */
	guint depth;            /* open embeddings and isolates on this line */
	gunichar open[BIDI_DEPTH]; /* what closes each */
	guint *places;          /* to be moved, n of them */
	guint n_places;
};

static void move_places(struct pass *p, guint at)
{
	while (p->n_places > 0 && *p->places <= at) {
		*p->places++ = (guint)p->out->len;
		p->n_places--;
	}
}

static void close_line(struct pass *p)
{
	while (p->depth > 0)
		g_string_append_unichar(p->out, p->open[--p->depth]);
}

static void put_control(struct pass *p, gunichar c)
{
	if (c < 0x20)
		g_string_append_unichar(p->out, 0x2400 + c);
	else if (c == 0x7F)
		g_string_append_unichar(p->out, 0x2421);
	else
		g_string_append_unichar(p->out, c >= 0x2028 ? 0x23CE : 0xFFFD);
}

static void put_bidi_body(struct pass *p, gunichar c)
{
	bool isolate = c >= 0x2066 && c <= 0x2068;
	bool embed = c >= 0x202A && c <= 0x202E && c != 0x202C;
	gunichar closer = isolate ? 0x2069 : 0x202C;
	if (isolate || embed) {
		if (p->depth == BIDI_DEPTH)
			return;
		p->open[p->depth++] = closer;
	} else if (c == 0x202C || c == 0x2069) {
		/* A closer without its opener would close one of ours. */
		if (p->depth == 0 || p->open[p->depth - 1] != c)
			return;
		p->depth--;
	}
	/* The overrides exist to make text read as something else. */
	if (c == 0x202D || c == 0x202E)
		c -= 3;
	g_string_append_unichar(p->out, c);
}

static void put_char(struct pass *p, gunichar c)
{
	enum kind kind = kind_of(c);
	if (p->body && c == '\n')
		close_line(p);
	if (p->body && (c == '\n' || c == '\t')) {
		g_string_append_c(p->out, (char)c);
		p->marks = 0;
		return;
	}
	/* What is left out stands between nothing. */
	if (kind != INVISIBLE)
		p->marks = g_unichar_ismark(c) ? p->marks + 1 : 0;
	if (kind == CONTROL)
		put_control(p, c);
	else if (kind == BIDI && p->body)
		put_bidi_body(p, c);
	else if (kind == BIDI)
		g_string_append_printf(p->out, "‹%04X›", c);
	else if (kind == PLAIN && p->marks <= MARKS_MAX)
		g_string_append_unichar(p->out, c);
}

static char *run(struct pass p, const char *text, gssize len)
{
	const char *start = text, *end = text + (len < 0 ? (gssize)strlen(text) : len);
	bool body = p.body;
	p.out = g_string_new(NULL);
	while (text < end) {
		move_places(&p, (guint)(text - start));
		gunichar c = g_utf8_get_char_validated(text, end - text);
		if (*text == '\0')
			c = 0; /* GLib takes NUL for the end */
		if (c == (gunichar)-1 || c == (gunichar)-2) {
			g_string_append(p.out, "\xEF\xBF\xBD");
			text++;
			continue;
		}
		text += *text == '\0' ? 1 : g_utf8_skip[(guchar)*text];
		if (body && c == '\r' && text < end && *text == '\n')
			continue;
		put_char(&p, c);
	}
	move_places(&p, G_MAXUINT);
	close_line(&p);
	return g_string_free(p.out, FALSE);
}

char *sanitize_line(const char *text, gssize len)
{
	return run((struct pass){.body = false}, text, len);
}

char *sanitize_body(const char *text, gssize len)
{
	return run((struct pass){.body = true}, text, len);
}

char *sanitize_body_at(const char *text, gssize len, guint *places, guint n)
{
	struct pass p = {.body = true, .places = places, .n_places = n};
	return run(p, text, len);
}

char *sanitize_server_text(const char *text, gssize len)
{
	g_autofree char *clean = sanitize_line(text, len);
	if (g_utf8_strlen(clean, -1) <= SERVER_COLUMNS)
		return g_steal_pointer(&clean);
	g_autofree char *cut = g_utf8_substring(clean, 0, SERVER_COLUMNS - 1);
	return g_strconcat(cut, "…", NULL);
}

bool sanitize_is_clean(const char *text)
{
	g_autofree char *clean = sanitize_line(text, -1);
	return strcmp(clean, text) == 0;
}
