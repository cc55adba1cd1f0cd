/* SPDX-License-Identifier: MIT */
#include "mime/html-tidy.h"

#include <string.h>

/* The parser compares each attribute with all before it. */
enum { ATTRIBUTES_MOST = 200 };

static void blank(char *from, const char *to)
{
	for (; from < to; from++)
		if (*from != '\n')
			*from = ' ';
}

static char *find(char *from, char *end, const char *what)
{
	char *found = memmem(from, (size_t)(end - from), what, strlen(what));
	return found ? found : end;
}

/* Behind the value that begins here. */
static char *value_end(char *p, char *end)
{
	if (p < end && (*p == '"' || *p == '\'')) {
		char *quote = memchr(p + 1, *p, (size_t)(end - p - 1));
		return quote ? quote + 1 : end;
	}
	while (p < end && !g_ascii_isspace(*p) && *p != '>')
		p++;
	return p;
}

/* Behind the '>' of the element that begins here. */
static char *element_end(char *p, char *end)
{
	guint words = 0;
	char *many = NULL;
	while (p < end && *p != '>') {
		if (g_ascii_isspace(*p) || *p == '/') {
			p++;
			continue;
		}
		if (++words == ATTRIBUTES_MOST)
			many = p;
		while (p < end && !g_ascii_isspace(*p) && *p != '=' && *p != '>')
			p++;
		while (p < end && g_ascii_isspace(*p))
			p++;
		if (p < end && *p == '=') {
			for (p++; p < end && g_ascii_isspace(*p);)
				p++;
			p = value_end(p, end);
		}
	}
	if (many)
		blank(many, p);
	return p;
}

char *html_tidy(const char *html, size_t len)
{
	char *copy = g_strndup(html, len), *end = copy + len;
	for (char *p = find(copy, end, "<"); p < end; p = find(p, end, "<")) {
		if (g_str_has_prefix(p, "<!--")) {
			p = find(p + 4, end, "-->");
		} else if (g_str_has_prefix(p, "<!") && g_ascii_strncasecmp(p, "<!doctype", 9) != 0) {
			char *close = find(p, end, ">");
			blank(p, close < end ? close + 1 : end);
			p = close;
		} else if (g_ascii_isalpha(p[1])) {
			p = element_end(p + 1, end);
		} else {
			p++;
		}
	}
	return copy;
}
