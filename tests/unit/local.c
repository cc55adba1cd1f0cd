/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <locale.h>
#include <string.h>

#include "base/local.h"

/* The locales of ./bootstrap check; "C" is everywhere. */
static bool in_locale(const char *name)
{
	if (setlocale(LC_ALL, name)) {
		local_init();
		return true;
	}
	g_autofree char *why =
		g_strdup_printf("there is no locale %s: ./bootstrap check makes it", name);
	g_test_skip(why);
	return false;
}

/* M-40: what each charset gets for the same text; octets from 0x80 to 0x9F for letters alone. */
static const struct {
	const char *locale, *text, *octets;
} rows[] = {
	{"C.UTF-8", "Ёж — «да»…", "Ёж — «да»…"},
	{"ru_RU.KOI8-R", "Привет", "\xf0\xd2\xc9\xd7\xc5\xd4"},
	{"ru_RU.KOI8-R", "Ё — «ж»…", "\xb3 - \"\xd6\"..."},
	/* The line and the bracket are at 0x80 and at 0x9B, which is CSI, in KOI8-R. */
	{"ru_RU.KOI8-R", "─⌡\u00a0", "-/ "},
	{"ru_RU.KOI8-R", "й и\u0306 е\u0301", "\xca \xca \xc5"},
	{"ru_RU.KOI8-R", "№ 5 €, café Łódź", "No 5 EUR, cafe Lodz"},
	{"ru_RU.KOI8-R", "Україна є", "\xf5\xcb\xd2\xc1i\xce\xc1 \xc5"},
	{"ru_RU.KOI8-R", "你好 👍 ␛[2J", "?? (+) ^[[2J"},
	{"ru_RU.CP1251", "№ «Ё» — ‹ђ›", "\xb9 \xab\xa8\xbb - <\x90>"},
	{"ru_RU.CP1251", "“x” • ™", "\"x\" * (tm)"},
	{"de_DE.ISO-8859-1", "Grüße, Жук",
		"Gr\xfc\xdf"
		"e, Zhuk"},
	{"de_DE.ISO-8859-1", "u\u0308 œ ﬁ ½", "\xfc oe fi \xbd"},
	{"C", "Щука, Ёлка, объём, Grüße, Ελλάς", "Shchuka, Yolka, ob\"yom, Grusse, Ellas"},
	{"C", "├─> │ • ․ ½ ①", "+-> | * . 1/2 1"},
	{"C", "שלום\u0301 日本", "???? ??"},
	{"C", "\u0301x", "?x"},
};

static void check_row(gconstpointer data)
{
	const size_t i = GPOINTER_TO_SIZE(data);
	if (!in_locale(rows[i].locale))
		return;
	g_autofree char *octets = local_encode(rows[i].text, -1);
	g_assert_cmpstr(octets, ==, rows[i].octets);
	/* What is measured is what is written. */
	g_autofree char *fit = local_fit(rows[i].text, -1);
	g_autofree char *again = local_encode(fit, -1);
	g_assert_cmpstr(again, ==, octets);
	if (!local_is_utf8())
		g_assert_cmpint(g_utf8_strlen(fit, -1), ==, (glong)strlen(octets));
}

static void every_character(void)
{
	if (!in_locale("ru_RU.KOI8-R"))
		return;
	for (gunichar c = 0x80; c < 0x20000; c++) {
		const char *standin = g_unichar_validate(c) ? local_standin(c) : NULL;
		if (!standin)
			continue;
		g_assert_cmpstr(standin, !=, "");
		g_autofree char *octets = local_encode(standin, -1);
		for (const char *p = octets; *p; p++)
			g_assert_false(
				(guchar)*p < 0x20 || ((guchar)*p >= 0x7F && (guchar)*p < 0xA0));
	}
}

static void arguments(void)
{
	g_autofree char *utf8 = local_decode("при\xff", -1);
	g_assert_cmpstr(utf8, ==, "при\uFFFD");
	if (!in_locale("C"))
		return;
	g_autofree char *guessed = local_decode("привет", -1);
	g_assert_cmpstr(guessed, ==, "привет");
	g_autofree char *bad = local_decode("a\xd0", -1);
	g_assert_cmpstr(bad, ==, "a\uFFFD");
	if (!in_locale("ru_RU.KOI8-R"))
		return;
	g_autofree char *koi = local_decode("\xd0\xd2\xc9\xd7\xc5\xd4", -1);
	g_assert_cmpstr(koi, ==, "привет");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strdup_printf("/local/M-40/%s/%zu", rows[i].locale, i);
		g_test_add_data_func(path, GSIZE_TO_POINTER(i), check_row);
	}
	g_test_add_func("/local/M-40/no octet of a stand-in is a control", every_character);
	g_test_add_func("/local/arguments", arguments);
	return g_test_run();
}
