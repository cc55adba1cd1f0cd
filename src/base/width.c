/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/local.h"
#include "base/width.h"

int width_char(gunichar c)
{
	/* Emoji shapes: with a selector terminals draw one or two columns as they
	 * like; grid.c leaves selectors out, and the base keeps its own width. */
	const char *standin = c < 0x80 ? NULL : local_standin(c);
	if (c < 0x300 && !standin)
		return 1;
	if (g_unichar_iszerowidth(c))
		return 0;
	if (standin)
		return (int)g_utf8_strlen(standin, -1);
	return g_unichar_iswide(c) ? 2 : 1;
}

/* The octets of a character of ASCII or, in UTF-8, of Russian, which take one column and
 * join with none of each other; 0: it is another one.  Most text is that, and long. */
static inline size_t plain_octets(const char *text)
{
	guchar c = (guchar)*text;
	return c < 0x80 ? 1 : (c == 0xD0 || c == 0xD1) && local_is_utf8() ? 2 : 0;
}

/* A base and its mark may be one character of the charset. */
static int columns_shown(const char *text, gssize len)
{
	int sum = 0;
	g_autofree char *fit = local_fit(text, len);
	for (const char *p = fit; *p; p = g_utf8_next_char(p))
		sum += width_char(g_utf8_get_char(p));
	return MAX(sum, 1);
}

bool width_is_format(gunichar c)
{
	return width_char(c) == 0 && g_unichar_type(c) == G_UNICODE_FORMAT;
}

bool width_is_tone(gunichar c)
{
	return c >= 0x1F3FB && c <= 0x1F3FF;
}

/* A tone alone is a picture; behind one it takes no place of its own on some terminals
 * and two columns on others, so that it is left out on all. */
static bool joins(gunichar c, int columns)
{
	return width_char(c) == 0 || (columns == 2 && width_is_tone(c));
}

size_t width_cluster(const char *text, int *columns)
{
	if (!*text)
		return 0;
	size_t plain = plain_octets(text);
	const char *p = text;
	*columns = 1;
	if (plain > 0 && plain_octets(text + plain) > 0)
		return plain;
	while (*p && width_is_format(g_utf8_get_char(p)))
		p = g_utf8_next_char(p);
	if (!*p) {
		*columns = 0;
		return (size_t)(p - text);
	}
	*columns = MAX(width_char(g_utf8_get_char(p)), 1);
	do
		p = g_utf8_next_char(p);
	while (*p && joins(g_utf8_get_char(p), *columns));
	if (!local_is_utf8() && p - text > 1)
		*columns = columns_shown(text, p - text);
	return (size_t)(p - text);
}

int width_text(const char *text)
{
	int sum = 0, columns;
	for (size_t n; (n = width_cluster(text, &columns)) > 0; text += n)
		sum += columns;
	return sum;
}

int width_octets(const char *text, size_t len)
{
	const char *end = text + len;
	int sum = 0, columns;
	for (size_t n; text < end; text += MAX(n, 1)) {
		n = width_cluster(text, &columns);
		sum += n > 0 ? columns : 0;
	}
	return sum;
}

size_t width_prefix(const char *text, int limit)
{
	const char *p = text;
	int sum = 0, columns;
	for (size_t n; (n = width_cluster(p, &columns)) > 0 && sum + columns <= limit; p += n)
		sum += columns;
	return p - text;
}

char *width_cut(const char *text, int columns)
{
	size_t fits = width_prefix(text, columns);
	if (!text[fits])
		return g_strdup(text);
	if (columns < 1)
		return g_strdup("");
	int dots = width_text("…");
	bool room = columns >= dots;
	g_autofree char *begin = g_strndup(text, width_prefix(text, room ? columns - dots : columns));
	return g_strconcat(begin, room ? "…" : "", NULL);
}
