/* SPDX-License-Identifier: MIT */
#include "mime/alternative.h"

#include <string.h>

enum {
	WORDS_MOST = 20000, /* that are compared */
	WORDS_LEAST = 8,    /* fewer say nothing */
	WORD_LETTERS = 3,   /* shorter ones are everywhere */
	MUCH = 1500,        /* letters */
	TIMES = 6,          /* so much longer says more */
};

size_t alternative_letters(const char *text)
{
	size_t n = 0;
	for (const char *p = text; *p; p++)
		n += (guchar)*p > ' ' && ((guchar)*p & 0xC0) != 0x80;
	return n;
}

bool alternative_is_stub(const char *plain, const char *page)
{
	size_t n = alternative_letters(plain);
	return n == 0 || alternative_letters(page) > 5 * n + 200;
}

/* Addresses differ by what is behind them: in a page they are not in the text. */
static const char *skip_address(const char *p)
{
	bool address = g_str_has_prefix(p, "http://") || g_str_has_prefix(p, "https://");
	return address ? p + strcspn(p, " \t\n<>\")") : p;
}

static bool is_letter(gunichar c)
{
	return g_unichar_isalpha(c);
}

/* The words of a text, each once; hashes are enough. */
static GHashTable *words_of(const char *text)
{
	GHashTable *words = g_hash_table_new(NULL, NULL);
	for (const char *p = text; *p && g_hash_table_size(words) < WORDS_MOST;) {
		guint hash = 5381, letters = 0;
		p = skip_address(p);
		for (; *p && is_letter(g_utf8_get_char(p)); p = g_utf8_next_char(p), letters++)
			hash = hash * 33 + g_unichar_tolower(g_utf8_get_char(p));
		if (letters >= WORD_LETTERS)
			g_hash_table_add(words, GUINT_TO_POINTER(hash));
		if (letters == 0 && *p)
			p = g_utf8_next_char(p);
	}
	return words;
}

static guint common(GHashTable *a, GHashTable *b)
{
	GHashTableIter i;
	gpointer word;
	guint n = 0;
	g_hash_table_iter_init(&i, a);
	while (g_hash_table_iter_next(&i, &word, NULL))
		n += g_hash_table_contains(b, word);
	return n;
}

bool alternative_differs(const char *a, const char *b)
{
	size_t x = alternative_letters(a), y = alternative_letters(b);
	if (MAX(x, y) > MUCH && MAX(x, y) > TIMES * MIN(x, y))
		return true;
	g_autoptr(GHashTable) first = words_of(a), second = words_of(b);
	guint n = g_hash_table_size(first), m = g_hash_table_size(second);
	if (MAX(n, m) < WORDS_LEAST)
		return false;
	return 2 * common(first, second) < MIN(n, m) || MIN(n, m) == 0;
}
