/* SPDX-License-Identifier: MIT
 *
 * What the terms find that ask for more than words: lists, tags, kinds, languages,
 * and words near each other; and what completes what is being typed. */
#include "mailbox.h"

#include "store/index-tags.h"

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
	{.name = "eight", .day = 8, .folder = "Lists/debian", .head = "List-Id: <debianx.org>\n"},
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
		g_autofree char *threads =
			mailbox_list(&m, NULL, searches[i].query, LIST_BY_THREAD);
		g_assert_cmpstr(threads, ==, searches[i].expected);
	}
	mailbox_clear(&m);
}

int main(int argc, char **argv)
{
	g_setenv("TZ", "UTC", TRUE);
	g_setenv("LC_ALL", "C.UTF-8", TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/query-index/search", test_search);
	return g_test_run();
}
