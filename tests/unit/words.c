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

static char *cut_in(const char *languages, const char *text, gssize len, enum words_mode mode)
{
	g_autoptr(words) w = words_new(languages);
	GString *out = g_string_new(NULL);
	words_each(w, text, len < 0 ? (int)strlen(text) : (int)len, mode, append, out);
	return g_string_free(out, FALSE);
}

static char *cut(const char *text, gssize len, enum words_mode mode)
{
	return cut_in("en ru", text, len, mode);
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
	{"Greek", "ΛΌΓΟΣ λόγος", -1, WORDS_TEXT, "λογ λογ"},
	{"mixed scripts are left", "раypal", -1, WORDS_TEXT, "раypal"},
	{"invalid octets",
		"ab\xff\xfe"
		"cd \xd0",
		-1, WORDS_TEXT, "ab cd"},
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

/* Forms that a language takes for one word have a stem in common. */
static const struct {
	const char *languages, *one, *other;
} forms[] = {
	{"en", "договорам", "ДОГОВОР"}, /* nobody asked for Russian, nothing else is written so */
	{"ru", "Connections", "connected"},
	{"de", "Häuser", "Hauses"},
	{"de en", "Verträge", "Verträgen"},
	{"de en", "meetings", "meeting"},
	{"de en ru", "счётом", "счет"},
	{"fr", "étudiants", "ETUDIANT"},      /* typed without accents */
	{"fr", "cre\u0301e\u0301es", "créé"}, /* one written apart */
	{"es", "canciones", "canción"},
	{"it", "città", "citta"},
	{"sv", "flickorna", "flickor"},
	{"fi", "taloissa", "talo"},
	{"hu", "házakban", "ház"},
	{"tr", "kitaplar", "kitap"},
	{"el", "λόγους", "λόγος"},
	{"pt", "contratos", "contrato"},
	{"nl", "vergaderingen", "vergadering"},
	{"ro", "contractelor", "contracte"},
	{"hi", "लड़कों", "लड़का"},
	{"ar", "الكتاب", "كتاب"},
	{"lt", "sutartimi", "sutartis"},
};

static bool have_common(const char *one, const char *other)
{
	g_auto(GStrv) a = g_strsplit(one, " ", -1), b = g_strsplit(other, " ", -1);
	for (char **word = a; *word; word++)
		if (g_strv_contains((const gchar *const *)b, *word))
			return true;
	return false;
}

static void test_forms(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_autofree char *one = cut_in(forms[i].languages, forms[i].one, -1, WORDS_TEXT);
		g_autofree char *other =
			cut_in(forms[i].languages, forms[i].other, -1, WORDS_QUERY);
		g_test_message(
			"'%s' is '%s', '%s' is '%s'", forms[i].one, one, forms[i].other, other);
		g_assert_true(have_common(one, other));
	}
}

/* A word that languages take for several stems has one place in the text. */
static void test_several(void)
{
	g_autofree char *found = cut_in("de en", "Verträge", -1, WORDS_TEXT);
	g_autofree char *longer = cut_in("en", "configurat", -1, WORDS_LONGER);
	g_assert_cmpstr(found, ==, "vertrag");
	g_autofree char *whole = cut_in("en", "bridges", -1, WORDS_LONGER);
	g_assert_cmpstr(longer, ==, "configurat configur");
	g_assert_cmpstr(whole, ==, "bridges bridg");
}

static void test_languages(void)
{
	g_autofree char *list = words_languages("de, RU xx en de");
	g_autofree char *none = words_languages("");
	g_assert_cmpstr(list, ==, "en ru de");
	g_assert_cmpstr(none, ==, "");
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
	g_autoptr(words) w = words_new("en ru");
	g_assert_cmpint(
		words_each(w, text, (int)strlen(text), WORDS_TEXT, check_place, NULL), ==, 1);
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
	g_autoptr(words) w = words_new("en ru");
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
	g_test_add_func("/words/forms", test_forms);
	g_test_add_func("/words/several", test_several);
	g_test_add_func("/words/languages", test_languages);
	g_test_add_func("/words/place", test_place);
	g_test_add_func("/words/long", test_long);
	g_test_add_func("/words/cache", test_cache);
	return g_test_run();
}
