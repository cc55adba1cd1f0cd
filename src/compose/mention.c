/* SPDX-License-Identifier: MIT */
#include "compose/mention.h"

#include <string.h>

/* "Ещё" and "еще" are one word. */
static char *folded(const char *word, gssize len)
{
	g_autofree char *cased = g_utf8_casefold(word, len);
	g_auto(GStrv) parts = g_strsplit(cased, "ё", -1);
	return g_strjoinv("е", parts);
}

static bool is_one(const char *word, const char *const *words)
{
	for (; *words; words++) {
		g_autofree char *wanted = folded(*words, -1);
		size_t len = strlen(wanted);
		bool any = len > 1 && wanted[len - 1] == '*';
		if (any ? strncmp(word, wanted, len - 1) == 0 : strcmp(word, wanted) == 0)
			return true;
	}
	return false;
}

static bool in_word(const char *c)
{
	return g_unichar_isalnum(g_utf8_get_char(c)) || *c == '\'';
}

static char *find_in_line(const char *line, const char *end, const char *const *words)
{
	while (line < end) {
		const char *begin = line;
		while (line < end && in_word(line))
			line = g_utf8_next_char(line);
		g_autofree char *word = folded(begin, line - begin);
		if (line > begin && is_one(word, words))
			return g_strndup(begin, (gsize)(line - begin));
		if (line < end)
			line = g_utf8_next_char(line);
	}
	return NULL;
}

/* Below it stands what is not this letter's own: the signature, or a letter that is
 * sent on ("---------- Forwarded letter ----------"). */
static bool is_end(const char *line, size_t len)
{
	return (len == 3 && memcmp(line, "-- ", 3) == 0) ||
	       (len > 10 && memcmp(line, "----------", 10) == 0);
}

char *mention_find(const char *body, const char *const *words)
{
	if (!g_utf8_validate(body, -1, NULL))
		return NULL;
	while (*body) {
		const char *end = strchrnul(body, '\n');
		if (is_end(body, (size_t)(end - body)))
			return NULL;
		char *found = *body == '>' ? NULL : find_in_line(body, end, words);
		if (found)
			return found;
		body = *end ? end + 1 : end;
	}
	return NULL;
}
