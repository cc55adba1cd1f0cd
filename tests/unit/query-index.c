/* SPDX-License-Identifier: MIT
 *
 * What the terms find that ask for more than words: lists, tags, kinds, languages,
 * and words near each other; and what completes what is being typed. */
#include "mailbox.h"

#include "store/index-tags.h"
#include "store/query-complete.h"
#include "store/query.h"

static const struct letter letters[] = {
	{.name = "one",
		.day = 1,
		.info = "S",
		.head = "List-Id: Debian users <debian-user.lists.debian.org>\n",
		.body = "See https://example.org/ for what you have to do with this budget"},
	{.name = "two",
		.day = 2,
		.head = "List-Id: <debian-devel.lists.debian.org>\n",
		.body = "The budget and, after some other words, the review of it"},
	{.name = "three",
		.day = 3,
		.from = "Иван Смирнов <ivan@example.com>",
		.body = "Мы получили ваше письмо и уже читаем, но это не всё"},
	{.name = "four",
		.day = 4,
		.type = "text/calendar; method=REQUEST",
		.body = "BEGIN:VCALENDAR"},
	{.name = "five",
		.day = 5,
		.type = "multipart/signed; boundary=b",
		.body = "--b\n\nHi\n--b\nContent-Type: application/pgp-signature\n\nx\n--b--"},
	{.name = "six",
		.day = 6,
		.type = "multipart/mixed; boundary=b",
		.body = "--b\n\nreview budget\n--b\nContent-Type: application/x; name=\"plan "
			"50%.pdf\"\n\n"
			"x\n--b\nContent-Type: image/png\n\nx\n--b--"},
	{.name = "seven",
		.day = 7,
		.folder = "Trash",
		.type = "application/pkcs7-mime",
		.body = "x"},
	/* By its Message-ID alone it would be one. */
	{.name = "two", .day = 7, .folder = "Sent", .subject = "other"},
	{.name = "five", .day = 7, .folder = "Trash", .subject = "thrown away"},
	{.name = "eight", .day = 8, .folder = "Lists/debian", .head = "List-Id: <debianx.org>\n"},
	{.name = "eight", .day = 9, .folder = "Sent", .subject = "copy"},
};

static const struct {
	const char *query, *expected; /* newest first */
} searches[] = {
	{"list:debian-user.lists.debian.org", "one"},
	{"list:DEBIAN-user", "one"},
	{"list:debian", ""},
	{"list:debian*", "eight, two, one"},
	{"list:debian-* budget", "two, one"},
	{"list:%", ""},
	{"-list:debian-user in:inbox is:unread", "six, five, four, three, two"},
	{"tag:work", "three, one"},
	{"tag:WO*", "three, one"},
	{"tag:wo", ""},
	{"tag:work OR tag:todo", "five, three, one"},
	{"-tag:work budget", "six, two"},
	{"is:signed", "five"},
	{"is:encrypted", ""},
	{"is:encrypted in:trash", "seven"},
	{"is:preview", ""},
	{"has:link", "one"},
	{"has:calendar", "four"},
	{"has:invitation", "four"},
	{"has:picture", "six"},
	{"has:attachment", "six"},
	{"type:pdf", "six"},
	{"type:image/png", "six"},
	{"type:application/pdf OR type:calendar", "six, four"},
	{"-type:pdf has:picture", ""},
	{"filename:plan", "six"},
	{"filename:budget", ""},
	{"duplicate:yes", "copy, eight"},
	{"duplicate:extra", "eight"},
	{"-duplicate:no", "copy, eight"},
	{"duplicate:no in:inbox is:unread", "six, five, four, three, two"},
	{"lang:ru", "three"},
	{"lang:en", "two, one"},
	{"budget NEAR/0 review", "six"},
	{"budget NEAR/1 review", "six"},
	{"budget NEAR review", "six, two"},
	{"body:review NEAR/9 budg*", "six, two"},
	{"subject:review NEAR/9 budget", ""},
	{"\"the budget\" NEAR review", "two"},
};

static void tag(struct mailbox *m, const char *subject, const char *change)
{
	g_autoptr(GError) error = NULL;
	g_auto(tag_change) c = {0};
	struct action_result r = {0};
	g_autofree char *id = g_strdup_printf("%s@host", subject);
	g_autoptr(message_row) row = index_by_message_id(mailbox_index(m), id, &error);
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_assert_nonnull(row);
	g_array_append_val(ids, row->id);
	g_assert_true(tag_change_parse(change, &c, &error));
	g_assert_true(action_tag(m->store, ids, &c, &r, &error));
}

static void fill(struct mailbox *m)
{
	mailbox_init(m);
	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++)
		mailbox_put(m, &letters[i]);
	mailbox_sync(m);
	tag(m, "one", "+work");
	tag(m, "three", "+work +later");
	tag(m, "five", "+todo");
}

static void test_search(void)
{
	struct mailbox m = {0};
	fill(&m);
	for (size_t i = 0; i < G_N_ELEMENTS(searches); i++) {
		g_test_message("query '%s'", searches[i].query);
		g_autofree char *found = mailbox_list(&m, NULL, searches[i].query, LIST_BY_DATE);
		g_assert_cmpstr(found, ==, searches[i].expected);
		if (strstr(searches[i].query, "duplicate")) /* copies are one thread */
			continue;
		g_autofree char *threads =
			mailbox_list(&m, NULL, searches[i].query, LIST_BY_THREAD);
		g_assert_cmpstr(threads, ==, searches[i].expected);
	}
	mailbox_clear(&m);
}

static const struct {
	const char *text; /* up to the cursor */
	size_t start;
	const char *expected; /* texts with a space between */
} completions[] = {
	{"fr", 0, "from:"},
	{"a OR (-FR", 6, "-from:"},
	{"t", 0, "to: tag: type: thread:"},
	{"budget", 0, ""},
	{"\"fr", 0, ""},
	{"\"a\" sub", 4, "subject:"},
	{"xyzzy:a", 0, ""},
	{"http://a", 0, ""},
	{"is:unr", 0, "is:unread"},
	{"has:l", 0, "has:link"},
	{"type:p", 0, "type:picture type:pdf type:patch type:program"},
	{"lang:r", 0, "lang:ru lang:ro"},
	{"duplicate:", 0, "duplicate:yes duplicate:extra duplicate:here duplicate:no"},
	{"in:deb", 0, "in:Lists/debian"},
	{"in:\"lists/d", 0, "in:Lists/debian"},
	{"-in:tr", 0, "-in:Trash"},
	{"tag:", 0, "tag:later tag:todo tag:work"},
	{"tag:W", 0, "tag:work"},
	{"list:debian-", 0, "list:debian-devel.lists.debian.org list:debian-user.lists.debian.org"},
	{"after:last-m", 0, "after:last-month"},
	{"larger:1", 0, "larger:100K larger:1M larger:10M"},
	{"from:смир", 0, "from:ivan@example.com"},
	{"x from:ивАН", 2, "from:ivan@example.com"},
	{"from:example.co", 0, "from:ivan@example.com"},
	{"to:ann", 0, "to:anna@example.net"},
	{"cc:nobody", 0, ""},
	{"subject:re", 0, ""},
};

static void test_completion(void)
{
	struct mailbox m = {0};
	fill(&m);
	for (size_t i = 0; i < G_N_ELEMENTS(completions); i++) {
		size_t start, len = strlen(completions[i].text);
		g_autofree char *text = g_strconcat(completions[i].text, " behind", NULL);
		g_autoptr(GPtrArray) found = query_complete(mailbox_index(&m), text, len, &start);
		g_autoptr(GString) texts = g_string_new(NULL);
		for (guint k = 0; k < found->len; k++) {
			const struct query_completion *c = found->pdata[k];
			g_string_append_printf(texts, "%s%s", k > 0 ? " " : "", c->text);
		}
		g_test_message("text '%s'", completions[i].text);
		g_assert_cmpstr(texts->str, ==, completions[i].expected);
		g_assert_cmpuint(start, ==, completions[i].start);
	}
	size_t start;
	g_autoptr(GPtrArray) named = query_complete(mailbox_index(&m), "from:iv", 7, &start);
	const struct query_completion *ivan = named->pdata[0];
	g_assert_cmpstr(ivan->help, ==, "Иван Смирнов");
	g_autoptr(GPtrArray) without = query_complete(NULL, "tag:", 4, &start);
	g_assert_cmpuint(without->len, ==, 0);
	mailbox_clear(&m);
}

/* Few letters are PDF: the others are not looked at. */
static void test_plan(void)
{
	static const struct {
		const char *query, *index;
	} plans[] = {{"type:pdf", "message_kinds"}, {"is:signed", "message_kinds"},
		{"has:invitation", "message_kinds"}, {"list:debian-user", "message_by_list"},
		{"is:unread", "message_unread"}};
	struct mailbox m = {0};
	fill(&m);
	for (size_t i = 0; i < G_N_ELEMENTS(plans); i++) {
		g_autoptr(query) q = query_parse(plans[i].query, 0, NULL);
		g_autoptr(GPtrArray) values =
			g_ptr_array_new_with_free_func((GDestroyNotify)g_variant_unref);
		g_autofree char *condition = query_sql(q, values);
		g_autofree char *sql =
			g_strdup_printf("EXPLAIN QUERY PLAN SELECT m.id FROM message m WHERE"
					" +m.folder <> 1 AND %s AND (m.date, m.id) < (9, 9)"
					" ORDER BY m.date DESC, m.id DESC LIMIT 50",
				condition);
		sqlite3_stmt *stmt = NULL;
		g_assert_cmpint(
			sqlite3_prepare_v2(index_handle(mailbox_index(&m)), sql, -1, &stmt, NULL),
			==, SQLITE_OK);
		g_assert_cmpint(sqlite3_step(stmt), ==, SQLITE_ROW);
		const char *plan = (const char *)sqlite3_column_text(stmt, 3);
		g_test_message("%s: %s", plans[i].query, plan);
		g_assert_nonnull(strstr(plan, plans[i].index));
		sqlite3_finalize(stmt);
	}
	mailbox_clear(&m);
}

int main(int argc, char **argv)
{
	g_setenv("TZ", "UTC", TRUE);
	g_setenv("LC_ALL", "C.UTF-8", TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/query-index/search", test_search);
	g_test_add_func("/query-index/completion", test_completion);
	g_test_add_func("/query-index/plan", test_plan);
	return g_test_run();
}
