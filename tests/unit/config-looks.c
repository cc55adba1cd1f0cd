/* SPDX-License-Identifier: MIT
 *
 * [view …], [color …] and [notify …] of the dotfile, and values as they are written. */
#include "base/base.h"

#include <string.h>

#include "config/dotfile.h"
#include "tests/unit/deweyrc.h"

static const struct {
	const char *name, *text, *mistakes;
} mistake_rows[] = {
	{"a view in no order", "[view a]\nquery = x\nsort = colour\n",
		"rc:3: 'sort' cannot be 'colour'; write date, thread, sender, subject, size or score, "
		"with '-' in front for the other way round"},
	{"a view in two orders", "[view a]\nquery = x\nsort = size\nthreads = yes\n",
		"rc:4: the view 'a' cannot be by threads and by size; threads are listed by date: "
		"leave one of the two"},
	{"a view that contradicts itself", "[view a]\nquery = x\nsort = thread\nthreads = no\n",
		"rc:4: the view 'a' is sorted by threads, but shall not have them; leave one of the "
		"two"},
	{"a colour of nothing", "[color a]\nfg = red\n",
		"rc:1: [color a] has no 'match'; write a query, like 'match = from:anna'"},
	{"a colour that is none", "[color a]\nmatch = x\nfg = reddish\n",
		"rc:3: 'fg' cannot be 'reddish'; write black, red, green, yellow, blue, magenta, cyan, "
		"white or default, bright-red and the like, or a number up to 255"},
	{"too high a number", "[color a]\nmatch = x\nbg = 256\n",
		"rc:3: 'bg' cannot be '256'; write black, red, green, yellow, blue, magenta, cyan, "
		"white or default, bright-red and the like, or a number up to 255"},
	{"an attribute that is none", "[color a]\nmatch = x\nattr = bold, shiny\n",
		"rc:3: 'attr' cannot be 'bold, shiny'; write bold, dim, reverse or underline, or several "
		"of them"},
	{"a colour like all others", "[color a]\nmatch = x\n",
		"rc:1: the colour 'a' changes nothing; write 'fg = red', 'bg = blue' or 'attr = bold'"},
	{"a notice without an end", "[notify a]\nmatch = x\n",
		"rc:1: the notice 'a' does nothing; write 'do = bell'"},
	{"a notice that does what a filter does", "[notify a]\nmatch = x\ndo = bell, move A\n",
		"rc:3: a notice cannot do 'move A'; write 'bell', 'command PROGRAM ARGS', or both with a "
		"comma between them"},
	{"two programs", "[notify a]\nmatch = x\ndo = command a, command b\n",
		"rc:3: 'command' stands here twice; leave one of them"},
};

static void test_mistakes(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mistake_rows); i++) {
		g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(dotfile) d = dotfile_parse(mistake_rows[i].text, "rc", 0600, mistakes);
		g_autofree char *all = join(mistakes);
		g_test_message("row '%s'", mistake_rows[i].name);
		g_assert_cmpstr(all, ==, mistake_rows[i].mistakes);
		g_assert_null(d);
	}
}

static struct dotfile *parsed(const char *text)
{
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	struct dotfile *d = dotfile_parse(text, "rc", 0600, mistakes);
	g_autofree char *all = join(mistakes);
	g_assert_cmpstr(all, ==, "");
	return d;
}

static void test_views(void)
{
	static const struct {
		const char *lines, *sort;
	} rows[] = {
		{"", NULL},
		{"threads = yes\n", "thread"},
		{"threads = no\n", "date"},
		{"sort = -size\n", "-size"},
		{"sort = -size\nthreads = no\n", "-size"},
		{"sort = date\n", "date"},
		{"sort = -date\nthreads = yes\n", "-thread"},
		{"sort = -thread\nthreads = yes\n", "-thread"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text =
			g_strdup_printf("[view to do]\nquery = x\n%s", rows[i].lines);
		g_autoptr(dotfile) d = parsed(text);
		const struct dotfile_view *v = dotfile_view_by_name(d, "to do");
		g_assert_nonnull(v);
		g_assert_cmpstr(v->sort, ==, rows[i].sort);
		g_assert_null(dotfile_view_by_name(d, "do"));
	}
}

static void test_colours(void)
{
	g_autoptr(dotfile) d = parsed("[color a]\nmatch = x\nfg = bright-blue\nattr = bold,underline\n"
				      "[color b]\nmatch = y\nbg = 208\nfg = default\n");
	const GPtrArray *all = dotfile_colours(d);
	g_assert_cmpuint(all->len, ==, 2);
	const struct dotfile_colour *a = all->pdata[0], *b = all->pdata[1];
	g_assert_cmpstr(a->query, ==, "x");
	g_assert_cmpint(a->fg, ==, 12);
	g_assert_cmpint(a->bg, ==, -1);
	g_assert_cmpuint(a->bits, ==, DOTFILE_BOLD | DOTFILE_UNDERLINE);
	g_assert_cmpint(b->fg, ==, -1);
	g_assert_cmpint(b->bg, ==, 208);
}

static void test_many_colours(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	for (int i = 0; i < DOTFILE_COLOURS_MAX; i++)
		g_string_append_printf(text, "[color %d]\nmatch = x\nfg = red\n", i);
	dotfile_free(parsed(text->str));
	g_string_append(text, "[color more]\nmatch = x\nfg = red\n[color most]\nmatch = x\nfg = red\n");
	g_autoptr(dotfile) d = dotfile_parse(text->str, "rc", 0600, mistakes);
	g_autofree char *all = join(mistakes);
	g_assert_cmpstr(all, ==,
		"rc:301: there are more than 100 colours; put some of them together: a OR b");
}

static void test_notices(void)
{
	g_autoptr(dotfile) d = parsed("[notify a]\nmatch = x\ndo = bell\n[notify b]\nmatch = y\n"
				      "do = command say 'a, b' %s, bell\n");
	const struct dotfile_notice *a = dotfile_notices(d)->pdata[0];
	const struct dotfile_notice *b = dotfile_notices(d)->pdata[1];
	g_assert_true(a->bell && b->bell);
	g_assert_null(a->argv);
	g_assert_cmpuint(g_strv_length(b->argv), ==, 3);
	g_assert_cmpstr(b->argv[1], ==, "a, b");
	g_assert_cmpstr(b->argv[2], ==, "%s");
}

/* The part of dotfile_check_queries() that looks at them. */
static char *fault(const char *query, bool heads)
{
	return strcmp(query, "wrong") == 0 ? g_strdup("why") : NULL;
}

static void test_queries(void)
{
	g_autoptr(dotfile) d = parsed("[color a]\nfg = red\nmatch = wrong\n"
				      "[notify b]\ndo = bell\nmatch = wrong\n"
				      "[color c]\nfg = red\nmatch = right\n");
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	g_assert_false(dotfile_check_queries(d, fault, mistakes));
	g_autofree char *all = join(mistakes);
	g_assert_cmpstr(all, ==,
		"rc:3: 'match' of the colour 'a': why\nrc:6: 'match' of the notice 'b': why");
}

/* Whatever is written so is read again. */
static void test_quote(void)
{
	static const char spice[] = "\"\\#;[]= \tab'";
	g_autoptr(GRand) rand = g_rand_new_with_seed(47);
	for (int i = 0; i < 5000; i++) {
		char value[12] = "";
		for (int n = g_rand_int_range(rand, 1, sizeof value - 1); n > 0; n--)
			value[n - 1] = spice[g_rand_int_range(rand, 0, sizeof spice - 1)];
		g_autofree char *quoted = dotfile_quote(value);
		g_autofree char *text = g_strdup_printf("[view a]\nquery = %s\n", quoted);
		g_autoptr(dotfile) d = parsed(text);
		g_assert_cmpstr(dotfile_view_by_name(d, "a")->query, ==, value);
	}
	g_autofree char *plain = dotfile_quote("subject:\"two words\" is:unread");
	g_assert_cmpstr(plain, ==, "subject:\"two words\" is:unread");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/config/looks/mistakes", test_mistakes);
	g_test_add_func("/config/looks/views", test_views);
	g_test_add_func("/config/looks/colours", test_colours);
	g_test_add_func("/config/looks/many-colours", test_many_colours);
	g_test_add_func("/config/looks/notices", test_notices);
	g_test_add_func("/config/looks/queries", test_queries);
	g_test_add_func("/config/looks/quote", test_quote);
	return g_test_run();
}
