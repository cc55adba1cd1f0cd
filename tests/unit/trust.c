/* SPDX-License-Identifier: MIT
 *
 * The row that says what speaks for and against a letter. */
#include "base/base.h"

#include <string.h>

#include "ui/trust-private.h"

struct said {
	char kind; /* one of ".+?!", the order of enum trust_level */
	const char *text;
	bool seal;
};

enum { SAID_MOST = 4 };

static struct trust *trust_of(const struct said *said)
{
	struct trust *t = trust_new();
	for (guint i = 0; i < SAID_MOST && said[i].text; i++) {
		enum trust_level level = (enum trust_level)(strchr(".+?!", said[i].kind) - ".+?!");
		(said[i].seal ? trust_add_seal : trust_add)(
			t, level, g_strdup(said[i].text), g_strdup(""));
	}
	return t;
}

static char *row_of(const struct trust *t, int columns)
{
	g_autoptr(grid) g = grid_new(2, columns);
	struct pane whole = pane_whole(g);
	struct pane below = trust_draw(&whole, t, "M-t");
	g_assert_cmpint(below.rows, ==, 1);
	return grid_row_text(g, 0);
}

/* M-44: the gravest comes first, and then what became of the signature, which nothing
 * hides; what there is no room for is counted. */
static void test_row(void)
{
	static const struct {
		int columns;
		struct said said[SAID_MOST];
		const char *row;
	} rows[] = {
		{40, {{'?', "first letter"}}, "? first letter"},
		{40, {{'.', "calm"}}, "  calm"},
		{40, {{'?', "first letter"}, {'!', "poses"}}, "! poses · ? first letter"},
		{40, {{'?', "first letter"}, {'+', "signed by Anna", true}},
			"+ signed by Anna · ? first letter"},
		{40, {{'?', "first letter"}, {'+', "verified"}}, "? first letter · + verified"},
		{40, {{'?', "one"}, {'?', "two"}, {'.', "three"}}, "? one · two · three"},
		{40, {{'!', "poses"}, {'!', "several"}, {'.', "signed", true}},
			"! poses · signed · ! several"},
		{40, {{'!', "poses"}, {'!', "bad signature", true}}, "! bad signature · poses"},
		{40, {{'!', "bad"}, {'+', "part", true}, {'?', "unknown", true}},
			"! bad · ? unknown · + part"},
		{30, {{'?', "first letter"}, {'?', "answers go elsewhere"}},
			"? first letter · 1 more: M-t"},
		{36, {{'!', "the first"}, {'?', "the second"}, {'?', "the third"}, {'.', "four"}},
			"! the first · ? 3 more: M-t"},
		{30, {{'!', "a warning of many words here"}, {'+', "signed by Anna", true}},
			"! a warning… · + signed by An…"},
		{40,
			{{'!', "a warning of many words here"}, {'+', "signed by Anna", true},
				{'?', "x"}},
			"! a warn… · + signed by… · ? 1 more: M-t"},
		{12, {{'!', "a warning of many words"}}, "! a warning…"},
		{8, {{'!', "warning"}, {'+', "signed", true}, {'?', "x"}}, NULL},
		{1, {{'!', "warning"}, {'+', "signed", true}, {'?', "x"}}, NULL},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(trust) t = trust_of(rows[i].said);
		g_autofree char *row = row_of(t, rows[i].columns);
		if (rows[i].row)
			g_assert_cmpstr(row, ==, rows[i].row);
	}
}

/* M-44: whatever the width is, the sign of a signature is in the row. */
static void test_always(void)
{
	static const struct said said[SAID_MOST] = {{'?', "first letter from this address"},
		{'!', "poses as 'somebody@example.org', at length"},
		{'!', "bad signature: the text is not what was signed", true}};
	g_autoptr(trust) t = trust_of(said);
	for (int columns = 40; columns <= 200; columns++) {
		g_autofree char *row = row_of(t, columns);
		g_assert_true(g_str_has_prefix(row, "! bad signature"));
		g_assert_true(strstr(row, " more: M-t") || g_str_has_suffix(row, " address"));
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/trust/row/M-44", test_row);
	g_test_add_func("/trust/always/M-44", test_always);
	return g_test_run();
}
