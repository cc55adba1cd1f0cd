/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/query-private.h"

enum { NOW = 1795269600 }; /* 2026-11-21 14:00 UTC */

static const struct {
	const char *name, *text, *printed;
} good[] = {
	{"nothing", "  ", ""},
	{"word", "foo", "\"foo\""},
	{"two words", "foo bar", "(\"foo\" AND \"bar\")"},
	{"and binds closer", "a b OR c AND d", "((\"a\" AND \"b\") OR (\"c\" AND \"d\"))"},
	{"groups", "(a OR b) c", "((\"a\" OR \"b\") AND \"c\")"},
	{"same groups", "((a b) c)", "(\"a\" AND \"b\" AND \"c\")"},
	{"minus", "-foo bar-baz", "(NOT \"foo\" AND \"bar-baz\")"},
	{"not not", "NOT NOT foo", "NOT NOT \"foo\""},
	{"minus group", "-(a b)", "NOT (\"a\" AND \"b\")"},
	{"phrase", "subject:\"one two\"", "subject:\"one two\""},
	{"prefix", "subject:inv*", "subject:\"inv\"*"},
	{"prefix phrase", "\"one tw\"*", "\"one tw\"*"},
	{"escapes", "\"a \\\"b\\\" \\\\\"", "\"a \\\"b\\\" \\\\\""},
	{"keywords in quotes", "\"AND\"", "\"AND\""},
	{"lower case is a word", "and", "\"and\""},
	{"keyword in a word", "ORange", "\"ORange\""},
	{"case of names", "FROM:ivan", "from:\"ivan\""},
	{"url", "http://example.org/x", "\"http://example.org/x\""},
	{"time", "10:30", "\"10:30\""},
	{"folder", "in:Lists/debian", "in:\"Lists/debian\""},
	{"dates", "after:2026-01 date:2w before:today date:2026..2027-02",
		"(after:\"2026-01\" AND date:\"2w\" AND before:\"today\" AND "
		"date:\"2026..2027-02\")"},
	{"sizes", "larger:1M smaller:500k", "(larger:\"1M\" AND smaller:\"500k\")"},
	{"near", "a NEAR b NEAR/3 \"c d\"", "\"a\" NEAR/10 \"b\" NEAR/10 \"c d\""},
	{"near in a place", "subject:a NEAR/2 b* -c",
		"(subject:\"a\" NEAR/2 \"b\"* AND NOT \"c\")"},
	{"near said twice", "subject:a NEAR subject:b", "subject:\"a\" NEAR/10 \"b\""},
	{"near is a word", "NEARLY near NEAR/x", "(\"NEARLY\" AND \"near\" AND \"NEAR/x\")"},
	{"tag", "tag:Work tag:wo*", "(tag:\"work\" AND tag:\"wo\"*)"},
	{"list", "list:debian-user", "list:\"debian-user\""},
	{"types", "type:PDF type:image/png lang:RU",
		"(type:\"PDF\" AND type:\"image/png\" AND "
		"lang:\"RU\")"},
	{"Russian", "тема договорам", "(\"тема\" AND \"договорам\")"},
};

static char *print(const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(query) q = query_parse(text, NOW, &error);
	g_assert_no_error(error);
	return query_print(q);
}

static void test_good(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
		g_autofree char *printed = print(good[i].text);
		g_autofree char *again = print(printed);
		g_test_message("row '%s'", good[i].name);
		g_assert_cmpstr(printed, ==, good[i].printed);
		g_assert_cmpstr(again, ==, good[i].printed);
	}
}

static const struct {
	const char *text, *error;
} bad[] = {
	{"form:ivan", "unknown term 'form:' at 1; did you mean 'from:'?"},
	{"foo xyzzy:1", "unknown term 'xyzzy:' at 5; put it in quotes to look for the words"},
	{"a (b", "this '(' is not closed, at 3"},
	{"a) b", "this ')' has no '(' before it, at 2"},
	{"привет \"мир", "this quote is not closed, at 8"},
	{"a OR", "a word or a term is missing, at 5"},
	{"AND a", "a word or a term is missing, at 1"},
	{"()", "a word or a term is missing, at 2"},
	{"from: x", "'from:' wants a value behind it, at 1"},
	{"!!!", "there is no word to look for in '!!!', at 1"},
	{"is:unred", "'is:' does not know 'unred'; did you mean 'unread'?, at 4"},
	{"has:wings", "'has:' does not know 'wings'; it knows attachment, calendar, invitation, "
		      "picture, link, "
		      "at 5"},
	{"after:2026-13",
		"'2026-13' is not a date; write 2026, 2026-11, 2026-11-21, today, monday, "
		"last-month, 2w, or a..b, at 7"},
	{"type:link",
		"'type:' does not know 'link'; it knows html, picture, pdf, document, "
		"calendar, letter, spreadsheet, slides, archive, audio, video, contact, patch, "
		"program, at 6"},
	{"type:pfd", "'type:' does not know 'pfd'; did you mean 'pdf'?, at 6"},
	{"type:font/woff",
		"'type:' does not know 'font/woff'; it knows html, picture, pdf, document, "
		"calendar, letter, spreadsheet, slides, archive, audio, video, contact, "
		"patch, program, at 6"},
	{"duplicate:maybe", "'duplicate:' does not know 'maybe'; it knows yes, extra, here, no, at 11"},
	{"a NEAR is:unread", "NEAR stands between two words, at 3"},
	{"a NEAR", "NEAR stands between two words, at 3"},
	{"is:unread NEAR a", "NEAR stands between two words, at 11"},
	{"subject:a NEAR from:b",
		"words near each other are in the same place: say 'subject:' once, "
		"in front of the first, at 16"},
	{"has:attachment*", "'has:' takes no '*', at 5"},
	{"larger:big", "'big' is not a size; write 500K or 1M, at 8"},
	{"thread:x", "'x' is not a number, at 8"},
	{"in:a*", "'in:' takes no '*', at 4"},
};

static void test_bad(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;
		g_test_message("query '%s'", bad[i].text);
		g_assert_null(query_parse(bad[i].text, NOW, &error));
		g_assert_error(error, STORE_ERROR, STORE_ERROR_QUERY);
		g_assert_cmpstr(error->message, ==, bad[i].error);
	}
}

/* P-76: what a rule may look at before a letter is fetched. */
static void test_heads(void)
{
	static const char *const good_heads[] = {
		"from:shop larger:1M", "offer OR subject:prize", "-to:me before:2w id:<a@b>"};
	static const struct {
		const char *text, *fault;
	} faults[] = {
		{"from:shop body:prize",
			"'body:' at 11 is not known before a letter is fetched; there "
			"are from:, to:, cc:, subject:, list:, id:, date:, after:, before:, "
			"larger: and smaller:"},
		{"-(has:attachment)", "'has:' at 3 is not known"},
		{"is:unread", "'is:' at 1 is not known"},
		{"list:a lang:ru", "'lang:' at 8 is not known"},
		{"larger:big", "'big' is not a size"},
		{" ", "an empty query would mean every letter"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(good_heads); i++)
		g_assert_null(query_fault(good_heads[i], true));
	for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
		g_autofree char *fault = query_fault(faults[i].text, true);
		g_test_message("query '%s'", faults[i].text);
		g_assert_nonnull(fault);
		g_assert_true(g_str_has_prefix(fault, faults[i].fault));
	}
	g_assert_null(query_fault("body:prize has:attachment", false));
	g_assert_null(query_fault("", false));
}

/* Neither depth nor number of terms can exhaust the stack, FTS5 or SQLite. */
static void test_limits(void)
{
	static const char *const units[] = {"(", "-", "NOT ", "a ", "a OR (", "-a "};
	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GString) text = g_string_new(NULL);
		for (int n = 0; n < 20000; n++)
			g_string_append(text, units[i]);
		g_string_append(text, "a");
		g_assert_null(query_parse(text->str, NOW, &error));
		g_assert_error(error, STORE_ERROR, STORE_ERROR_QUERY);
	}
}

static bool same(const struct node *a, const struct node *b)
{
	if (a->kind != b->kind || a->term != b->term || a->prefix != b->prefix ||
		g_strcmp0(a->value, b->value) != 0 || a->lo != b->lo || a->hi != b->hi)
		return false;
	guint n = a->children ? a->children->len : 0;
	if (n != (b->children ? b->children->len : 0))
		return false;
	for (guint i = 0; i < n; i++)
		if (!same(a->children->pdata[i], b->children->pdata[i]))
			return false;
	return true;
}

/* A random text in the language; depth limits the groups. */
static void append_random(GString *out, int depth)
{
	static const char *const leaves[] = {"foo", "\"two words\"", "pre*", "from:ivan",
		"subject:\"a \\\"b\\\"\"", "is:unread", "after:2w", "date:2026-01..2026-03",
		"larger:10K", "in:\"Some Folder\"", "договор*", "id:x@y", "has:attachment",
		"a NEAR b", "subject:x NEAR/3 \"y z\" NEAR w*", "tag:work", "tag:w*", "list:debian",
		"type:pdf", "lang:ru", "duplicate:extra", "date:last-week", "filename:\"a b\""};
	static const char *const joints[] = {" ", " AND ", " OR "};
	int n = g_test_rand_int_range(1, 5);
	for (int i = 0; i < n; i++) {
		if (i > 0)
			g_string_append(out, joints[g_test_rand_int_range(0, 3)]);
		if (g_test_rand_int_range(0, 4) == 0)
			g_string_append(out, g_test_rand_bit() ? "-" : "NOT ");
		if (depth > 0 && g_test_rand_int_range(0, 3) == 0) {
			g_string_append_c(out, '(');
			append_random(out, depth - 1);
			g_string_append_c(out, ')');
		} else {
			g_string_append(
				out, leaves[g_test_rand_int_range(0, G_N_ELEMENTS(leaves))]);
		}
	}
}

static void test_property(void)
{
	int compared = 0;
	for (int i = 0; i < 2000; i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		append_random(text, 3);
		g_autoptr(GError) error = NULL;
		g_autoptr(query) q = query_parse(text->str, NOW, &error);
		if (!q) /* too many terms */
			continue;
		g_autofree char *printed = query_print(q);
		g_autoptr(query) again = query_parse(printed, NOW, &error);
		g_assert_no_error(error);
		g_test_message("%s", printed);
		g_assert_true(same(q->root, again->root));
		compared++;
	}
	g_assert_cmpint(compared, >, 1500);
}

/* Octets of any kind give a query or an error, never more. */
static void test_noise(void)
{
	static const char letters[] = "ab:\"()-*\\ \n\xd0\xb0\xff ORANDNOTfrom:is:in:date:..2026";
	for (int i = 0; i < 20000; i++) {
		char text[24];
		int n = g_test_rand_int_range(0, (int)sizeof text);
		for (int k = 0; k < n; k++)
			text[k] = letters[g_test_rand_int_range(0, sizeof letters - 1)];
		text[n < (int)sizeof text ? n : n - 1] = '\0';
		g_autoptr(GError) error = NULL;
		g_autoptr(query) q = query_parse(text, NOW, &error);
		g_assert_true(q || g_error_matches(error, STORE_ERROR, STORE_ERROR_QUERY));
	}
}

static const struct {
	const char *text, *lo, *hi; /* UTC; NULL: open */
} dates[] = {
	{"2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"},
	{"2026-11", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"},
	{"2026-12-31", "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"},
	{"today", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"},
	{"yesterday", "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z"},
	{"2w", "2026-11-07T14:00:00Z", NULL},
	{"2026-01..2026-03", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"},
	{"..2025", NULL, "2026-01-01T00:00:00Z"},
	{"yesterday..", "2026-11-20T00:00:00Z", NULL},
	{"Вчера", "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z"},
	{"позавчера..сегодня", "2026-11-19T00:00:00Z", "2026-11-22T00:00:00Z"},
	{"this week", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"},
	{"last-week", "2026-11-09T00:00:00Z", "2026-11-16T00:00:00Z"},
	{"прошлая неделя", "2026-11-09T00:00:00Z", "2026-11-16T00:00:00Z"},
	{"last month", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"},
	{"Прошлый_месяц", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"},
	{"this year", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"},
	{"last year", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"},
	{"last day", "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z"},
	{"saturday", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"},
	{"воскресенье", "2026-11-15T00:00:00Z", "2026-11-16T00:00:00Z"},
	{"monday..wed", "2026-11-16T00:00:00Z", "2026-11-19T00:00:00Z"},
	{"december", "2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z"},
	{"ноябрь", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"},
	{"nov 2024", "2024-11-01T00:00:00Z", "2024-12-01T00:00:00Z"},
	{"21.11", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"},
	{"24.12", "2025-12-24T00:00:00Z", "2025-12-25T00:00:00Z"},
	{"24.12.2020", "2020-12-24T00:00:00Z", "2020-12-25T00:00:00Z"},
	{"2 недели", "2026-11-07T14:00:00Z", NULL},
	{"2weeks", "2026-11-07T14:00:00Z", NULL},
	{"36ч", "2026-11-20T02:00:00Z", NULL},
};

static int64_t when(const char *iso, int64_t open)
{
	if (!iso)
		return open;
	g_autoptr(GDateTime) t = g_date_time_new_from_iso8601(iso, NULL);
	return g_date_time_to_unix(t);
}

static void test_no_dates(void)
{
	static const char *const texts[] = {"", "..", "2026-13", "2026-00", "2026-02-30", "31.2",
		"0.1", "last", "last hour", "week", "last month now", "november 20", "march 0026",
		"999999d", "12.", "а", "-", "yesterday today", "2026-11-21T10:00"};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		int64_t lo, hi;
		g_test_message("no date '%s'", texts[i]);
		g_assert_false(query_date(texts[i], NOW, &lo, &hi));
	}
}

static void test_dates(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(dates); i++) {
		int64_t lo, hi;
		g_test_message("date '%s'", dates[i].text);
		g_assert_true(query_date(dates[i].text, NOW, &lo, &hi));
		g_assert_cmpint(lo, ==, when(dates[i].lo, G_MININT64));
		g_assert_cmpint(hi, ==, when(dates[i].hi, G_MAXINT64));
	}
}

/* Text goes to FTS5 as one expression; the rest stays SQL. */
static const struct {
	const char *text, *match, *sql;
} parts[] = {
	{"foo bar", "((\"foo\" AND \"bar\"))", "1"},
	{"foo -bar is:unread", "((\"foo\") NOT \"bar\")", "(m.flags & 16) = 0"},
	{"-foo", NULL, "NOT (m.id IN (SELECT rowid FROM words WHERE words MATCH ?))"},
	{"from:ivan OR subject:x", "((sender : \"ivan\" OR subject : \"x\"))", "1"},
	{"foo OR is:unread", NULL,
		"(m.id IN (SELECT rowid FROM words WHERE words MATCH ?) OR (m.flags & 16) = 0)"},
	{"subject:a NEAR/3 \"b c\"", "subject : NEAR(\"a\" \"b c\" , 3)", "1"},
	{"a NEAR b* x", "((NEAR(\"a\" \"b\" * , 10) AND \"x\"))", "1"},
	{"type:pdf", NULL, "((m.kinds & -8) <> 0 AND (m.kinds & 16) <> 0)"},
	{"type:html", NULL, "((m.kinds & 1) <> 0)"},
	{"foo OR -bar", NULL,
		"(m.id IN (SELECT rowid FROM words WHERE words MATCH ?) OR "
		"NOT (m.id IN (SELECT rowid FROM words WHERE words MATCH ?)))"},
};

static void test_parts(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autoptr(query) q = query_parse(parts[i].text, NOW, NULL);
		g_auto(query_parts) p;
		query_parts_init(q, &p);
		g_test_message("query '%s'", parts[i].text);
		g_assert_cmpstr(p.match, ==, parts[i].match);
		g_assert_cmpstr(p.sql, ==, parts[i].sql);
	}
}

static void test_names_folder(void)
{
	g_autoptr(query) with = query_parse("a (b OR in:trash)", NOW, NULL);
	g_autoptr(query) without = query_parse("a in:Inbox trash", NOW, NULL);
	g_assert_true(query_names_folder(with, FOLDER_TRASH));
	g_assert_false(query_names_folder(without, FOLDER_TRASH));
}

static void test_help(void)
{
	guint n;
	const struct query_term_info *terms = query_terms(&n);
	g_assert_cmpuint(n, >=, 22);
	for (guint i = 0; i < n; i++)
		g_assert_true(terms[i].name[0] && terms[i].help[0]);
}

int main(int argc, char **argv)
{
	g_setenv("TZ", "UTC", TRUE);
	g_setenv("LC_ALL", "C.UTF-8", TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/query/good", test_good);
	g_test_add_func("/query/bad", test_bad);
	g_test_add_func("/query/heads/P-76", test_heads);
	g_test_add_func("/query/limits", test_limits);
	g_test_add_func("/query/print-parse", test_property);
	g_test_add_func("/query/noise", test_noise);
	g_test_add_func("/query/dates", test_dates);
	g_test_add_func("/query/no-dates", test_no_dates);
	g_test_add_func("/query/parts", test_parts);
	g_test_add_func("/query/names-folder", test_names_folder);
	g_test_add_func("/query/help", test_help);
	return g_test_run();
}
