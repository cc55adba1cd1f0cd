/* SPDX-License-Identifier: MIT
 *
 * Pages of HTML as text: M-60, M-61, M-62. */
#include "base/base.h"

#include <string.h>
#include <time.h>

#include "mime/alternative.h"
#include "mime/text.h"

struct read {
	char *text;
	struct rich rich;
};

static void link_clear(void *data)
{
	struct mime_link *l = data;
	g_free(l->url);
	g_free(l->text);
	g_free(l);
}

static char *part_name(const char *cid, void *data)
{
	return strcmp(cid, "y@z") == 0 ? g_strdup("photo.png") : NULL;
}

static struct read read_page(const char *html, int columns)
{
	struct read r = {NULL, {.columns = columns, .part_name = part_name}};
	r.rich.links = g_ptr_array_new_with_free_func(link_clear);
	r.rich.spans = g_array_new(FALSE, FALSE, sizeof(struct mime_span));
	r.rich.remote = remote_new();
	r.text = text_html(html, strlen(html), &r.rich);
	return r;
}

static void read_clear(struct read *r)
{
	g_free(r->text);
	g_ptr_array_unref(r->rich.links);
	g_array_unref(r->rich.spans);
	remote_free(r->rich.remote);
}

static void test_pages(void)
{
	static const char *const rows[][3] = {
#include "html-rows.def"
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct read r = read_page(rows[i][1], 40);
		if (strcmp(r.text, rows[i][2]) != 0 || r.rich.cut) {
			g_test_message("page '%s' reads\n%s\ninstead of\n%s", rows[i][0], r.text,
				rows[i][2]);
			g_test_fail();
		}
		read_clear(&r);
	}
}

/* M-60: what would be fetched is counted by its host, whatever asks for it. */
static void test_remote(void)
{
	struct read r = read_page(
		"<link rel=stylesheet href='//css.example/x.css'><link rel=dns-prefetch "
		"href='//dns.example'>"
		"<style>@import 'http://css.example/y.css'; p {background: "
		"url(\"http://bg.example/z\")}"
		"</style><body background='http://bg.example/b.png'>"
		"<div style='display:none'><img src='https://T.example:8080/1' width=1></div>"
		"<img src='https://pics.example/a.png'><img src='https://pics.example/b.png' "
		"height=40>"
		"<img src='https://t.example/2' style='width:1px;height:1px'><img src=cid:x><img "
		"src='data:x'>"
		"<iframe src='http://frame.example/'></iframe><script "
		"src='http://js.example/'></script>"
		"<a href='http://link.example/'>not fetched</a><img "
		"src='http://п\u0430.example/x'>",
		80);
	g_autoptr(GPtrArray) hosts = remote_hosts(r.rich.remote);
	g_autoptr(GString) told = g_string_new(NULL);
	for (guint i = 0; i < hosts->len; i++) {
		const struct mime_remote *h = hosts->pdata[i];
		g_string_append_printf(
			told, "%s %u %u %u; ", h->host, h->pictures, h->pixels, h->others);
	}
	g_assert_cmpstr(told->str, ==,
		"bg.example 1 0 1; css.example 0 0 2; pics.example 2 0 0; t.example 0 2 0; "
		"dns.example 0 0 1; frame.example 0 0 1; js.example 0 0 1; xn--80a3a.example 1 0 "
		"0; ");
	read_clear(&r);
}

/* M-62 */
static void test_hidden(void)
{
	struct read r = read_page("<div style='display:none'>four <b>five5</b></div>"
				  "<p style='color:white'>ёж</p><script>not text</script>shown",
		80);
	g_assert_cmpstr(r.text, ==, "shown\n");
	g_assert_cmpuint(r.rich.hidden, ==, 11);
	read_clear(&r);
}

static void assert_spans(const char *html, const char *wanted)
{
	struct read r = read_page(html, 40);
	g_autoptr(GString) told = g_string_new(NULL);
	for (guint i = 0; i < r.rich.spans->len; i++) {
		const struct mime_span *s = &g_array_index(r.rich.spans, struct mime_span, i);
		g_assert_cmpuint(s->start + s->length, <=, strlen(r.text));
		g_string_append_printf(
			told, "%.*s=%u/%d;", (int)s->length, r.text + s->start, s->style, s->link);
	}
	g_assert_cmpstr(told->str, ==, wanted);
	read_clear(&r);
}

static void test_spans(void)
{
	assert_spans("a <b>b <i>c</i></b> d", "b =1/0;c=3/0;");
	assert_spans("<h2>a</h2>", "a=17/0;");
	assert_spans(
		"<style>.x{font-weight:bold}</style><span class=x>a<span style='font-weight:400'>b"
		"</span></span>",
		"a=1/0;");
	assert_spans("a <a href='http://x/'>b <b>c</b></a> d", "b =32/1;c=33/1; [1]=32/1;");
	assert_spans("<pre>a</pre>", "a=192/0;");
	assert_spans("<s>a</s> <u>b</u> <code>c</code>", "a=8/0;b=4/0;c=64/0;");
	/* What is wrapped in a cell keeps its links on each line. */
	assert_spans("<table border=1><tr><td>x<td>one two three four five "
		     "<a href='http://x/'>six seven eight</a><tr><td>y<td>z</table>",
		"x  one two three four five =128/0;six seven=160/1;   =128/0;eight [1]=160/1;y  "
		"z=128/0;");
	assert_spans("<table><tr><th>a<th>b<tr><td>c<td>d</table>",
		"a=129/0;  =128/0;b=129/0;─  ─=128/0;c  d=128/0;");
}

/* What is searched for is not broken by the width of a screen. */
static void test_unlaid(void)
{
	struct read r = read_page(
		"<table border=1><tr><td>a<td>one two three four five six seven eight "
		"nine ten eleven twelve thirteen fourteen fifteen sixteen<tr><td>b<td>c</table>",
		-1);
	g_assert_cmpstr(r.text, ==,
		"a\none two three four five six seven eight nine ten eleven twelve "
		"thirteen fourteen fifteen sixteen\nb  c\n");
	g_assert_cmpint(r.rich.laid_for, ==, 0);
	read_clear(&r);
}

/* The text depends on the columns, and says so. */
static void test_widths(void)
{
	static const char page[] =
		"<p>some words before</p><table border=1><tr><th>Name<th>Remark"
		"<tr><td>one<td>a remark that is long, but not very<tr><td>two<td>short</table>";
	struct read wide = read_page(page, 80), narrow = read_page(page, 24);
	g_assert_cmpint(wide.rich.laid_for, ==, 80);
	g_assert_cmpint(narrow.rich.laid_for, ==, 24);
	g_assert_nonnull(strstr(wide.text, "\none   a remark that is long, but not very\n"));
	g_assert_nonnull(
		strstr(narrow.text, "\none   a remark that is\n      long, but not very\n\ntwo"));
	struct read none = read_page("<p>words</p><table><tr><td>a</table>", 80);
	g_assert_cmpint(none.rich.laid_for, ==, 0);
	read_clear(&wide);
	read_clear(&narrow);
	read_clear(&none);
}

/* M-62: what the other form of a letter says. */
static void test_differs(void)
{
	static const char *const rows[][3] = {
		{"One two three four five six seven eight nine.",
			"one, two, three, four, five, six, seven, eight, nine", ""},
		{"The meeting is as planned on Tuesday morning at ten in the usual room.",
			"Send money to this account or all will be lost for ever, says director "
			"himself",
			"differs"},
		{"See https://x.example/aaaa/bbbb/cccc/dddd/eeee/ffff/gggg/hhhh/iiii/jjjj/kkkk or "
		 "call me today "
		 "please soon",
			"See here or call me today please soon and then", ""},
		{"Short.", "Other words.", ""},
		{"", "One two three four five six seven eight nine ten eleven twelve.", "differs"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("'%s' and '%s'", rows[i][0], rows[i][1]);
		g_assert_cmpint(
			alternative_differs(rows[i][0], rows[i][1]), ==, *rows[i][2] != '\0');
		g_assert_cmpint(
			alternative_differs(rows[i][1], rows[i][0]), ==, *rows[i][2] != '\0');
	}
}

struct bomb {
	const char *name, *head, *again, *tail;
	guint times;
};

/* M-60: each is read within the time of the processor that it may have. */
static const struct bomb bombs[] = {
	{"elements", "", "<b>", "</i></i>", 700000},
	{"elements and ends", "", "<div><span></i>", "", 200000},
	{"tables", "", "<table><tr><td>", "x", 100000},
	{"cells", "<table>", "<td>", "x", 700000},
	{"full cells", "<table border=1>", "<tr><td>x<td>y", "", 150000},
	{"rows", "<table>", "<tr>", "x", 700000},
	{"wide cells", "<table border=1>", "<tr><td colspan=1000 rowspan=1000>x<td>y", "", 50000},
	{"lists", "", "<ul><li>x", "", 200000},
	{"quotes", "", "<blockquote>x<br>", "", 200000},
	{"links", "", "<a href=http://x.example/>x", "", 100000},
	{"links in links", "", "<a href=http://x.example/><p>", "x", 100000},
	{"other links", "", "<a href=http://x.example/", "></a>", 1},
	{"attributes", "<p ", "a1=b ", ">x", 500000},
	{"attributes without end", "<p ", "x ", "", 1000000},
	{"places", "<style></styl", "<p _=0 ", "></style>", 300000},
	{"values without end", "", "<p x=\"y\" z='", "", 300000},
	{"marks of comments", "", "<!-- --", ">", 500000},
	{"comments without end", "", "<!-- >", "x", 500000},
	{"classes", "<style>.x{color:red}</style><p class='", "x ", "'>x", 1000000},
	{"rules", "<style>", ".x{color:red}", "</style>x", 200000},
	{"selectors", "<style>", ".x,", "{display:none}</style>x", 500000},
	{"braces", "<style>", "x{", "</style>x", 500000},
	{"comments", "", "<!-- ", "x", 500000},
	{"conditions", "", "<![if ", "x", 500000},
	{"entities", "", "&#1078;", "", 500000},
	{"ampersands", "", "&", "", 2000000},
	{"words", "", "x ", "", 2000000},
	{"one word", "", "x", "", 4000000},
	{"blanks", "", "&nbsp;", "x", 600000},
	{"preformatted", "<pre>", "\t", "x", 2000000},
	{"pictures", "", "<img src=http://x.example/>", "", 100000},
	{"pictures in links", "<a href=http://x.example/>", "<img src=http://x.example/>", "",
		100000},
	{"marks", "<table border=1><tr><td>a<td>b", "\xCC\x81", "", 1000000},
	{"wrapped", "<table border=1><tr><td>a<td>", "word ", "<tr><td>c<td>d", 700000},
};

static void test_bombs(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bombs); i++) {
		const struct bomb *b = &bombs[i];
		g_autoptr(GString) html = g_string_new(b->head);
		for (guint n = 0; n < b->times && html->len < LIMIT_TEXT; n++)
			g_string_append(html, b->again);
		g_string_append(html, b->tail);
		clock_t before = clock();
		struct read r = read_page(html->str, 80);
		double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
		g_test_message("%s: %.2f s, %zu octets", b->name, seconds, strlen(r.text));
		g_assert_cmpuint(strlen(r.text), <=, 2 * LIMIT_TEXT);
		g_assert_true(g_utf8_validate(r.text, -1, NULL));
		read_clear(&r);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/html/pages/M-60/M-62", test_pages);
	g_test_add_func("/html/remote/M-60", test_remote);
	g_test_add_func("/html/hidden/M-62", test_hidden);
	g_test_add_func("/html/spans", test_spans);
	g_test_add_func("/html/unlaid", test_unlaid);
	g_test_add_func("/html/widths", test_widths);
	g_test_add_func("/html/differs/M-62", test_differs);
	g_test_add_func("/html/bombs/M-60", test_bombs);
	return g_test_run();
}
