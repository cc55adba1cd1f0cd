/* SPDX-License-Identifier: MIT
 *
 * How many columns characters take, and what of them reaches the screen. */
#include "base/base.h"

#include <string.h>

#include "base/sanitize.h"
#include "base/width.h"
#include "ui/grid.h"

#define SKIN "\U0001F3FD"
#define HAND "\U0001F44D"
#define ZWJ "\u200D"

/* M-42: joined emoji, tones, flags, marks and selectors, after the sanitizer: as many
 * columns as every terminal gives to what is sent to it. */
static void test_columns(void)
{
	static const struct {
		const char *text;
		int columns;
		const char *sent;
	} rows[] = {
		{"abc", 3, "abc"},
		{"e\u0301e\u0301", 2, "e\u0301e\u0301"},
		{"東京", 4, "東京"},
		{HAND, 2, HAND},
		{HAND SKIN, 2, HAND},
		{HAND SKIN HAND SKIN "!", 5, HAND HAND "!"},
		{SKIN, 2, SKIN},
		{"a" SKIN, 3, "a" SKIN},
		{"\U0001F469" ZWJ "\U0001F469" ZWJ "\U0001F467", 6,
			"\U0001F469\U0001F469\U0001F467"},
		{"\U0001F1E9\U0001F1EA", 2, "\U0001F1E9\U0001F1EA"},
		{"\u2764\uFE0F", 1, "\u2764"},
		{"1\uFE0F\u20E3", 1, "1\u20E3"},
		{"\u1112\u1161\u11AB", 2, "\u1112\u1161\u11AB"},
		{"\u0301x", 2, " \u0301x"},
		{"\u2066shalom\u2069", 6, "shalom"},
		{"\u2066\u2069", 0, ""},
		{"a\u2066\u2069b", 2, "ab"},
		{"\u2066\u05E9\u05DC\u2069 x", 4, "\u05E9\u05DC x"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *clean = sanitize_body(rows[i].text, -1);
		g_test_message("row %zu: '%s'", i, rows[i].text);
		g_assert_cmpint(width_text(clean), ==, rows[i].columns);
		g_autoptr(grid) g = grid_new(1, 20);
		struct pane whole = pane_whole(g);
		g_assert_cmpint(pane_put(&whole, 0, 0, clean, THEME_NORMAL), ==, rows[i].columns);
		g_autofree char *sent = grid_row_text(g, 0);
		g_assert_cmpstr(sent, ==, rows[i].sent);
	}
}

/* M-42: at the last column a wide character is a blank, never half of itself, and takes
 * nothing of what stands beyond. */
static void test_last_column(void)
{
	static const char *const wides[] = {"東", HAND, HAND SKIN, "\u1112\u1161\u11AB"};
	for (size_t i = 0; i < G_N_ELEMENTS(wides); i++) {
		g_autofree char *text = g_strconcat("ab", wides[i], "c", NULL);
		g_autoptr(grid) g = grid_new(1, 6);
		struct pane whole = pane_whole(g), left = pane_sub(&whole, 0, 0, 1, 3);
		pane_put(&whole, 0, 3, "xyz", THEME_NORMAL);
		g_assert_cmpint(pane_put(&left, 0, 0, text, THEME_NORMAL), ==, 3);
		g_autofree char *row = grid_row_text(g, 0);
		g_assert_cmpstr(row, ==, "ab xyz");
		g_assert_cmpuint(width_prefix(text, 3), ==, 2);
		g_autofree char *cut = width_cut(text, 4);
		g_assert_cmpstr(cut, ==, "ab…");
	}
}

/* Tables of HTML measure texts within texts by the same rule. */
static void test_octets(void)
{
	static const char text[] = "a" HAND SKIN "e\u0301東b";
	g_assert_cmpint(width_octets(text, strlen(text)), ==, 7);
	g_assert_cmpint(width_octets(text, strlen(text) - 1), ==, 6);
	g_assert_cmpint(width_octets(text, strlen("a" HAND SKIN)), ==, 3);
	g_assert_cmpint(width_octets(text, 1), ==, 1);
	g_assert_cmpint(width_octets(text, 0), ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/width/columns/M-42", test_columns);
	g_test_add_func("/width/last-column/M-42", test_last_column);
	g_test_add_func("/width/octets/M-42", test_octets);
	return g_test_run();
}
