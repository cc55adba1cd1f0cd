/* SPDX-License-Identifier: MIT
 *
 * What is marked of a text that a query found. */
#include "base/base.h"

#include "store/query-marks.h"

/* The text with its marks in brackets. */
static char *marked(const char *query, unsigned fields, const char *text)
{
	g_autoptr(query_marks) m = query_marks_new(query, "ru en");
	if (!m)
		return NULL;
	g_autoptr(GArray) marks = query_marks_find(m, fields, text, 0);
	GString *out = g_string_new(NULL);
	size_t at = 0;
	for (guint i = 0; i < marks->len; i++) {
		const struct mark *mark = &g_array_index(marks, struct mark, i);
		g_string_append_len(out, text + at, (gssize)(mark->from - at));
		g_string_append_printf(
			out, "[%.*s]", (int)(mark->to - mark->from), text + mark->from);
		at = mark->to;
	}
	g_string_append(out, text + at);
	return g_string_free(out, FALSE);
}

static void test_marks(void)
{
	static const struct {
		const char *query;
		unsigned fields;
		const char *text, *want;
	} rows[] = {
		{"lake", MARK_ANY, "The Lake, the lakes; lakeside",
			"The [Lake], the [lakes]; lakeside"},
		{"lake*", MARK_ANY, "A lakeside, a flake", "A [lakeside], a flake"},
		{"договорам", MARK_BODY, "По Договору, от договора",
			"По [Договору], от [договора]"},
		{"счет", MARK_SUBJECT, "Счёт за февраль", "[Счёт] за февраль"},
		{"cafe", MARK_SUBJECT, "Le Café", "Le [Café]"},
		{"\"path along\"", MARK_BODY, "along the path along it",
			"along the [path along] it"},
		{"\"path al\"*", MARK_BODY, "a path, along it", "a [path, along] it"},
		{"olga@example.org", MARK_SENDER, "Olga <olga@example.org>",
			"Olga <[olga@example.org]>"},
		{"東京", MARK_SUBJECT, "東京都の月曜日", "[東京]都の月曜日"},
		{"from:anna lake", MARK_BODY, "Anna at the lake", "Anna at the [lake]"},
		{"from:anna lake", MARK_SENDER, "Anna Lake", "[Anna] [Lake]"},
		{"lake -mill", MARK_ANY, "mill and lake", "mill and [lake]"},
		{"lake NEAR mill", MARK_ANY, "mill by the lake", "[mill] by the [lake]"},
		{"(lake OR mill) is:unread", MARK_ANY, "mill and lake", "[mill] and [lake]"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = marked(rows[i].query, rows[i].fields, rows[i].text);
		g_test_message("query '%s'", rows[i].query);
		g_assert_cmpstr(got, ==, rows[i].want);
	}
	g_assert_null(query_marks_new(NULL, NULL));
	g_assert_null(query_marks_new("is:unread", NULL));
	g_assert_null(query_marks_new("from:", NULL));
}

static void test_first(void)
{
	g_autoptr(query_marks) m = query_marks_new("a", NULL);
	g_autoptr(GArray) marks = query_marks_find(m, MARK_ANY, "a b a b a", 1);
	g_assert_cmpuint(marks->len, ==, 1);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/query-marks/words", test_marks);
	g_test_add_func("/query-marks/first", test_first);
	return g_test_run();
}
