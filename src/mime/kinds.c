/* SPDX-License-Identifier: MIT */
#include "mime/client.h"

#include <string.h>

static const struct {
	const char *word, *types, *endings;
} kinds[] = {
#define KIND(name, word, types, endings) {word, types, endings},
#include "mime/kinds.def"
#undef KIND
};

static const char *const languages[] = {
#define LANGUAGE(name, code) code,
#include "mime/languages.def"
#undef LANGUAGE
};

/* Whether text stands among the words of a list; a word that ends in '/' or '.'
 * is the beginning of many. */
static bool listed(const char *list, const char *text)
{
	size_t len = strlen(text), n;
	for (const char *p = list; *p; p += n + (p[n] == ' ')) {
		n = strcspn(p, " ");
		bool opens = n > 0 && (p[n - 1] == '/' || p[n - 1] == '.');
		if ((opens ? len >= n : len == n) && g_ascii_strncasecmp(p, text, n) == 0)
			return true;
	}
	return false;
}

static unsigned by_ending(const char *filename)
{
	const char *dot = filename ? strrchr(filename, '.') : NULL;
	for (size_t i = 0; dot && i < G_N_ELEMENTS(kinds); i++)
		if (listed(kinds[i].endings, dot + 1))
			return 1u << i;
	return 0;
}

unsigned mime_kind_of(const char *type, const char *filename)
{
	if (strcmp(type, "text/plain") == 0 && !(filename && *filename))
		return 0;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (listed(kinds[i].types, type))
			return 1u << i;
	return by_ending(filename);
}

const char *mime_kind_word(guint bit)
{
	return bit < G_N_ELEMENTS(kinds) ? kinds[bit].word : NULL;
}

unsigned mime_kind_named(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_ascii_strcasecmp(kinds[i].word, word) == 0)
			return 1u << i;
	return 0;
}

const char *mime_language_code(guint bit)
{
	return bit < G_N_ELEMENTS(languages) ? languages[bit] : NULL;
}

unsigned mime_language_named(const char *code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(languages); i++)
		if (g_ascii_strcasecmp(languages[i], code) == 0)
			return 1u << i;
	return 0;
}
