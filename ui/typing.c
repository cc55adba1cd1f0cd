/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/query.h"
#include "ui/typing.h"

struct scan {
	bool quoted;
	int open;         /* groups */
	const char *word; /* where the last word or term begins */
};

static struct scan scan(const char *text)
{
	struct scan s = {.word = text};
	for (const char *p = text; *p; p++) {
		if (s.quoted && *p == '\\' && p[1])
			p++;
		else if (*p == '"')
			s.quoted = !s.quoted;
		else if (!s.quoted && *p == '(')
			s.open++;
		else if (!s.quoted && *p == ')')
			s.open -= s.open > 0;
		if (!s.quoted && strchr(" \t()", *p))
			s.word = p + 1;
	}
	return s;
}

static bool is_operator(const char *word)
{
	static const char *const operators[] = {"AND", "OR", "NOT", "-", NULL};
	return g_strv_contains(operators, word);
}

/* One letter of an alphabet begins a word of nearly every message; one character of
 * Chinese is a word. */
static bool says_little(const char *word)
{
	const char *colon = strrchr(word, ':'), *value = colon ? colon + 1 : word;
	value += *value == '-' || *value == '"';
	return g_utf8_strlen(value, -1) == 1 && g_utf8_get_char(value) < 0x2e80;
}

static bool is_query(const char *text)
{
	g_autofree char *fault = query_fault(text, false);
	return !fault;
}

static char *closed(const char *text, const struct scan *s, bool prefix)
{
	GString *out = g_string_new(text);
	if (s->quoted)
		g_string_append_c(out, '"');
	if (prefix)
		g_string_append_c(out, '*');
	for (int i = 0; i < s->open; i++)
		g_string_append_c(out, ')');
	return g_string_free(out, FALSE);
}

char *typing_query(const char *text)
{
	g_autofree char *so_far = g_strdup(text);
	struct scan s = scan(so_far);
	while (!s.quoted && (is_operator(s.word) || says_little(s.word))) {
		so_far[s.word - so_far] = '\0';
		g_strchomp(so_far);
		s = scan(so_far);
	}
	char last = *so_far ? so_far[strlen(so_far) - 1] : ' ';
	bool ended = !s.quoted && strchr(" \t\")*", last);
	g_autofree char *prefix = ended ? NULL : closed(so_far, &s, true);
	if (prefix && is_query(prefix))
		return g_steal_pointer(&prefix);
	g_autofree char *whole = closed(g_strstrip(so_far), &s, false);
	return *whole && is_query(whole) ? g_steal_pointer(&whole) : NULL;
}

char *typing_wrong(const char *text, const void *data)
{
	return query_fault(text, false);
}
