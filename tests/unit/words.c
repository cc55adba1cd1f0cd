/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/words.h"

static int append(void *data, const char *word, int len, int start, int end)
{
	GString *out = data;
	if (out->len > 0)
		g_string_append_c(out, ' ');
	g_string_append_len(out, word, len);
	return 0;
}

static char *cut(const char *text, gssize len, enum words_mode mode)
{
	g_autoptr(words) w = words_new();
	GString *out = g_string_new(NULL);
	words_each(w, text, len < 0 ? (int)strlen(text) : (int)len, mode, append, out);
	return g_string_free(out, FALSE);
}

static const struct {
	const char *name, *text;
	gssize len;
	enum words_mode mode;
	const char *expected;
} rows[] = {
	{"Russian forms", "договор договора договорам ДОГОВОРЫ", -1, WORDS_TEXT,
		"договор договор договор договор"},
	{"yo is ye", "ёлка елка ЁЛКА", -1, WORDS_TEXT, "елк елк елк"},
	{"short i stays", "мой", -1, WORDS_TEXT, "мо"},
	{"English forms", "connect connected Connections", -1, WORDS_TEXT,
		"connect connect connect"},
	{"diacritics", "Größe Łódź naïve Ångström", -1, WORDS_TEXT, "gross lodz naiv angstrom"},
	{"combining mark", "nai\xcc\x88ve", -1, WORDS_TEXT, "naiv"},
	{"address in parts", "olga.petrova@mail.example.org", -1, WORDS_TEXT,
		"olga petrova mail exampl org"},
	{"numbers", "1,000.50 INV-20261121", -1, WORDS_TEXT, "1 000 50 inv 20261121"},
	{"digits in a word are not stemmed", "x86ing", -1, WORDS_TEXT, "x86ing"},
	{"pairs", "東京都 です", -1, WORDS_TEXT, "東京 京都 都 です す"},
	{"pairs of a query", "東京都", -1, WORDS_QUERY, "東京 京都"},
	{"one character of a query", "都", -1, WORDS_QUERY, "都"},
	{"script changes", "日本Linux", -1, WORDS_TEXT, "日本 本 linux"},
	{"full width", "ＡＢＣ", -1, WORDS_TEXT, "abc"},
	{"Greek", "ΛΌΓΟΣ λόγος", -1, WORDS_TEXT, "λογοσ λογοσ"},
	{"mixed scripts are left", "раypal", -1, WORDS_TEXT, "раypal"},
	{"invalid octets", "ab\xff\xfe" "cd \xd0", -1, WORDS_TEXT, "ab cd"},
	{"nul", "ab\0cd", 5, WORDS_TEXT, "ab cd"},
	{"last one plain", "configured connections", -1, WORDS_PLAIN, "configur connections"},
	{"nothing", " -- \n", -1, WORDS_TEXT, ""},
};

static void test_cut(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *found = cut(rows[i].text, rows[i].len, rows[i].mode);
		g_test_message("row '%s'", rows[i].name);
		g_assert_cmpstr(found, ==, rows[i].expected);
	}
}

/* The place of a word is that of its letters in the text. */
static int check_place(void *data, const char *word, int len, int start, int end)
{
	g_assert_cmpint(start, ==, 3);
	g_assert_cmpint(end, ==, 3 + (int)strlen("договорам"));
	return 1;
}

static void test_place(void)
{
	const char *text = "-- договорам --";
	g_autoptr(words) w = words_new();
	g_assert_cmpint(words_each(w, text, (int)strlen(text), WORDS_TEXT, check_place, NULL), ==,
		1);
}

/* Base64 and the like: cut, not dropped, and at the same length on both sides. */
static void test_long(void)
{
	g_autofree char *text = g_strnfill(5000, 'x');
	g_autofree char *found = cut(text, -1, WORDS_TEXT);
	g_assert_cmpint((int)strlen(found), <=, 72);
	g_assert_cmpint((int)strlen(found), >=, 60);
}

/* The cache of stems answers as the stemmer does. */
static void test_cache(void)
{
	g_autoptr(words) w = words_new();
	g_autoptr(GString) first = g_string_new(NULL), again = g_string_new(NULL);
	g_autoptr(GString) text = g_string_new(NULL);
	for (int i = 0; i < 40000; i++)
		g_string_append_printf(text, "%c%c%c%cings ", 'a' + i % 26, 'a' + i / 26 % 26,
			'a' + i / 676 % 26, 'a' + i / 17576);
	words_each(w, text->str, (int)text->len, WORDS_TEXT, append, first);
	words_each(w, text->str, (int)text->len, WORDS_TEXT, append, again);
	g_assert_cmpstr(first->str, ==, again->str);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/words/cut", test_cut);
	g_test_add_func("/words/place", test_place);
	g_test_add_func("/words/long", test_long);
	g_test_add_func("/words/cache", test_cache);
	return g_test_run();
}
