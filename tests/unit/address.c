/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "compose/address.h"
#include "compose/draft.h"

#define L16 "aaaaaaaaaaaaaaaa"
#define L63 L16 L16 L16 "aaaaaaaaaaaaaaa"

static const struct {
	const char *address;
	bool ascii, utf8; /* legal */
} check_rows[] = {
	{"a@b", true, true},
	{"ivan.petrov+x@example.org", true, true},
	{"a!b%c@relay.example", true, true},
	{"\"a b\"@example.org", true, true},
	{"\"a\\\"b\"@example.org", true, true},
	{"\"a\\\\\"@example.org", true, true},
	{"\"a@b\"@example.org", true, true},
	{"a@[127.0.0.1]", true, true},
	{"a@[IPv6:::1]", true, true},
	{"a@пример.рф", true, true},
	{"a@straße.de", true, true},
	{"иван@пример.рф", false, true},
	{L16 L16 L16 L16 "@b", true, true},
	{L16 L16 L16 L16 "a@b", false, false},
	{"a@" L63 ".b", true, true},
	{"a@" L63 "a.b", false, false},
	{"a@" L63 "." L63 "." L63 ".aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		true, true},
	{"a@" L63 "." L63 "." L63 ".aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		false, false},
	{"", false, false},
	{"a", false, false},
	{"@b", false, false},
	{"a@", false, false},
	{"a@b@c", false, false},
	{"a b@c", false, false},
	{"a@b c", false, false},
	{".a@b", false, false},
	{"a.@b", false, false},
	{"a..b@c", false, false},
	{"a@.b", false, false},
	{"a@b.", false, false},
	{"a@b..c", false, false},
	{"a@-b.c", false, false},
	{"a@b-.c", false, false},
	{"a@b_c", false, false},
	{"<a@b>", false, false},
	{"a@b>", false, false},
	{"a@b> SIZE=1", false, false},
	{"a@b\r\nRCPT TO:<x@y>", false, false},
	{"\"a\r\nRCPT TO:<x@y>\"@b", false, false},
	{"\"a\\\r\"@b", false, false},
	{"\"a\"b\"@c", false, false},
	{"\"a\\\\\"b\"@c", false, false},
	{"\"a\\\"@b", false, false},
	{"\"@b", false, false},
	{"a@[127.0.0.1", false, false},
	{"a@[127.0.0.300]", false, false},
	{"a@[x:y]", false, false},
	{"a@[]", false, false},
	{"a\x80@b", false, false},
	{"a@b\x01", false, false},
	{"a@\xe2\x80\xae"
	 "b.c",
		false, false},
};

static void test_check(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(check_rows); i++) {
		const char *address = check_rows[i].address;
		g_autoptr(GError) error = NULL;
		g_autofree char *shown = g_strescape(address, NULL);
		g_test_message("row %s", shown);
		g_assert_cmpint(address_check(address, false, &error), ==, check_rows[i].ascii);
		g_assert_cmpint(error == NULL, ==, check_rows[i].ascii);
		if (error)
			g_assert_error(error, COMPOSE_ERROR, COMPOSE_ERROR_ADDRESS);
		g_assert_cmpint(address_check(address, true, NULL), ==, check_rows[i].utf8);
	}
}

/* list: "name|address" joined by newlines; NULL: an error whose text has what. */
static const struct {
	const char *typed, *list, *what;
} list_rows[] = {
	{"", "", NULL},
	{" , ", "", NULL},
	{"a@b", "|a@b", NULL},
	{"a@b, c@d", "|a@b\n|c@d", NULL},
	{"a@b; c@d;", "|a@b\n|c@d", NULL},
	{"Иван Петров <i@x.org>", "Иван Петров|i@x.org", NULL},
	{"\"Last, First\" <c@d>, e@f", "Last, First|c@d\n|e@f", NULL},
	{"\"a \\\"b\\\" c\" <c@d>", "a \"b\" c|c@d", NULL},
	{"O'Neil  J. <o@x>", "O'Neil J.|o@x", NULL},
	{"a@b (Ann, (the) first)", "Ann, (the) first|a@b", NULL},
	{"(who) Bob <b@c>", "Bob|b@c", NULL},
	{"<a@b>", "|a@b", NULL},
	{"< a@b >", "|a@b", NULL},
	/* S-67: the source route goes, the mailbox stays */
	{"<@a,@b:c@d>", "|c@d", NULL},
	{"Carl <@a.org:c@d>", "Carl|c@d", NULL},
	{"user%host@relay, a!b@c", "|user%host@relay\n|a!b@c", NULL},
	{"Team: a@b, Bob <c@d>;", "|a@b\nBob|c@d", NULL},
	{"undisclosed-recipients:;", "", NULL},
	{"x@y, Team: a@b;, z@q", "|x@y\n|a@b\n|z@q", NULL},
	{"a@[IPv6:::1]", "|a@[IPv6:::1]", NULL},
	{"\"a,b\"@c", "|\"a,b\"@c", NULL},
	{"=?utf-8?q?=D0=98?= <a@b>", "=?utf-8?q?=D0=98?=|a@b", NULL},
	/* never rewritten (S-66) */
	{"a@b c@d", NULL, "a@b c@d"},
	{"a@b@c", NULL, "a@b@c"},
	{"\"a\r\nRCPT TO:<x@y>\"@b", NULL, "control character"},
	{"a@b\r\nBcc: c@d", NULL, "control character"},
	{"\"a\\\x01\" <b@c>", NULL, "control character"},
	{"b@c (a\\\x1b)", NULL, "control character"},
	{"a(x)b@c", NULL, "a b@c"},
	{"a(x)@(y)b", "y|a@b", NULL},
	{"Иван", NULL, "Иван"},
	/* S-15: the server is asked for that */
	{"иван@x.org", "|иван@x.org", NULL},
	{"Bob <b@c", NULL, "'>'"},
	{"Bob <b@c> x", NULL, "behind"},
	{"Bob <>", NULL, "@"},
	{"\"Bob <b@c>", NULL, "'\"'"},
	{"b@c (Bob", NULL, "')'"},
	{"Team: a@b", NULL, "';'"},
	{"A: B: a@b;;", NULL, "group"},
	{"a@[1.2.3.4", NULL, "']'"},
	{"a@b, , c", NULL, "'c'"},
};

static char *join(const GPtrArray *list)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < list->len; i++) {
		const struct typed_address *a = list->pdata[i];
		g_string_append_printf(out, "%s%s|%s", i ? "\n" : "", a->name, a->address);
	}
	return g_string_free(out, FALSE);
}

static void test_list(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(list_rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) list = address_parse_list(list_rows[i].typed, &error);
		g_test_message("row '%s'", list_rows[i].typed);
		if (!list_rows[i].list) {
			g_assert_error(error, COMPOSE_ERROR, COMPOSE_ERROR_ADDRESS);
			g_assert_nonnull(strstr(error->message, list_rows[i].what));
			g_assert_null(list);
			continue;
		}
		g_assert_no_error(error);
		g_autofree char *joined = join(list);
		g_assert_cmpstr(joined, ==, list_rows[i].list);
	}
}

/* M-01 kills GMime; a line of any length costs ours its length. */
static void test_flood(void)
{
	g_autoptr(GString) groups = g_string_new(NULL), quotes = g_string_new(NULL);
	for (int i = 0; i < 50000; i++) {
		g_string_append(groups, "g:");
		g_string_append(quotes, "(\"<");
	}
	g_assert_null(address_parse_list(groups->str, NULL));
	g_assert_null(address_parse_list(quotes->str, NULL));
}

static void test_domain(void)
{
	static const char *const rows[][2] = {
		{"Иван@Пример.РФ", "Иван@xn--e1afmkfd.xn--p1ai"},
		{"a@EXAMPLE.org", "a@EXAMPLE.org"},
		{"a@straße.de", "a@xn--strae-oqa.de"},
		{"a@[IPv6:FE80::1]", "a@[IPv6:FE80::1]"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *ascii = address_to_ascii_domain(rows[i][0], NULL);
		g_assert_cmpstr(ascii, ==, rows[i][1]);
	}
}

static void test_equal(void)
{
	g_assert_true(address_equal("a@Example.ORG", "a@example.org"));
	g_assert_true(address_equal("a@пример.рф", "a@XN--E1AFMKFD.xn--p1ai"));
	g_assert_true(address_equal("a@[127.0.0.1]", "a@[127.0.0.1]"));
	g_assert_false(address_equal("a@b", "a@b.c"));
	g_assert_false(address_equal("aa@b", "a@b"));
	g_assert_false(address_equal("a", "a@b"));
	g_assert_false(address_equal("A@example.org", "a@example.org"));
	g_assert_false(address_equal("a@example.org", "a@example.com"));
}

static void test_format(void)
{
	static const char *const rows[][3] = {
		{"", "a@b", "a@b"},
		{"Иван Петров", "a@b", "Иван Петров <a@b>"},
		{"Last, First", "a@b", "\"Last, First\" <a@b>"},
		{"a \"b\" \\", "a@b", "\"a \\\"b\\\" \\\\\" <a@b>"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = address_format(rows[i][0], rows[i][1]);
		g_autoptr(GPtrArray) back = address_parse_list(text, NULL);
		g_assert_cmpstr(text, ==, rows[i][2]);
		g_assert_cmpint(back->len, ==, 1);
		g_assert_cmpstr(((struct typed_address *)back->pdata[0])->name, ==, rows[i][0]);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/address/check/S-66", test_check);
	g_test_add_func("/address/list/S-66-S-67", test_list);
	g_test_add_func("/address/flood/M-01", test_flood);
	g_test_add_func("/address/domain/S-15", test_domain);
	g_test_add_func("/address/equal/S-45", test_equal);
	g_test_add_func("/address/format", test_format);
	return g_test_run();
}
