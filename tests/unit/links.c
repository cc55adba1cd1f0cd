/* SPDX-License-Identifier: MIT
 *
 * Addresses that stand in plain text. */
#include "base/base.h"

#include <string.h>

#include "mime/text.h"

#define SAME "https://example.org/a"

/* M-61: what is an address, and where it ends; links: "range=address", each range of the
 * text that is one. */
static void test_ends(void)
{
	static const struct {
		const char *text, *links;
	} rows[] = {
		{"no link", ""},
		{"see https://example.org/a.", "https://example.org/a=https://example.org/a"},
		{"(https://example.org/a)", "https://example.org/a=https://example.org/a"},
		{"https://example.org/a_(b)", "https://example.org/a_(b)=https://example.org/a_(b)"},
		{"<https://example.org/a>,", "https://example.org/a=https://example.org/a"},
		{"\"HTTP://example.org/?a=1&b=2\"!", "HTTP://example.org/?a=1&b=2=HTTP://example.org/?a=1&b=2"},
		{"*https://example.org/a*", "https://example.org/a=https://example.org/a"},
		{"www.example.org: x", "www.example.org=http://www.example.org"},
		{"mailto:anna@example.org?", "mailto:anna@example.org=mailto:anna@example.org"},
		{"https://", ""},
		{"https:// example.org", ""},
		{"xhttps://example.org/", ""},
		{"awww.example.org", ""},
		{"javascript:alert(1) file:///etc/passwd", ""},
		{"https://example.org/\u0431\u0443\u043A\u0432\u044B\u2026",
			"https://example.org/\u0431\u0443\u043A\u0432\u044B="
			"https://example.org/\u0431\u0443\u043A\u0432\u044B"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GPtrArray) links = mime_links_new();
		g_autoptr(GArray) spans = mime_spans_new();
		g_autoptr(GString) got = g_string_new(NULL);
		text_find_links(rows[i].text, &(struct rich){.links = links, .spans = spans});
		for (guint n = 0; n < spans->len; n++) {
			const struct mime_span *s = &g_array_index(spans, struct mime_span, n);
			const struct mime_link *l = links->pdata[s->link - 1];
			g_assert_cmpuint(s->style, ==, MIME_STYLE_LINK);
			g_assert_true(l->written && !l->suspicious);
			g_string_append_len(got, rows[i].text + s->start, s->length);
			g_string_append_printf(got, "=%s", l->url);
		}
		g_assert_cmpstr(got->str, ==, rows[i].links);
	}
}

/* The same address has one number. */
static void test_numbers(void)
{
	g_autoptr(GPtrArray) links = mime_links_new();
	g_autoptr(GArray) spans = mime_spans_new();
	struct rich r = {.links = links, .spans = spans};
	static const int numbers[] = {1, 2, 1};
	text_find_links(SAME " https://example.org/b, " SAME, &r);
	g_assert_cmpuint(links->len, ==, 2);
	g_assert_cmpuint(spans->len, ==, G_N_ELEMENTS(numbers));
	for (guint i = 0; i < spans->len; i++)
		g_assert_cmpint(g_array_index(spans, struct mime_span, i).link, ==, numbers[i]);
}

/* Addresses without an end and without number: bounded, and soon done. */
static void test_many(void)
{
	g_autoptr(GPtrArray) links = mime_links_new();
	g_autoptr(GArray) spans = mime_spans_new();
	g_autoptr(GString) text = g_string_new("https://example.org/");
	for (int i = 0; i < 100000; i++)
		g_string_append_c(text, 'a');
	for (int i = 0; i < 6000; i++)
		g_string_append_printf(text, "\nhttp://example.org/%d", i);
	text_find_links(text->str, &(struct rich){.links = links, .spans = spans});
	g_assert_cmpuint(links->len, ==, 5000);
	for (guint i = 0; i < spans->len; i++)
		g_assert_cmpuint(g_array_index(spans, struct mime_span, i).length, <=, 4096 + 4);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/links/M-61: where addresses in a text end", test_ends);
	g_test_add_func("/links/M-61: the same address has one number", test_numbers);
	g_test_add_func("/links/M-61: too many, and too long ones", test_many);
	return g_test_run();
}
