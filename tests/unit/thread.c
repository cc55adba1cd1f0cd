/* SPDX-License-Identifier: MIT */
#include "mailbox.h"

#include "store/thread.h"

/* Each row: letters in the order they come, and the threads that must be there,
 * newest first. */
struct row {
	const char *name;
	struct letter letters[7];
	const char *expected;
};

static const struct row rows[] = {
	{"a chain", {{.name = "a", .day = 1}, {.name = "b", .day = 2, .refers = "<a@host>"},
			    {.name = "c", .day = 3, .refers = "<a@host> <b@host>"}},
		"a, .b, ..c"},
	{"the answer first", {{.name = "b", .day = 2, .refers = "<a@host>"}, {.name = "a", .day = 1}},
		"a, .b"},
	{"two answers", {{.name = "a", .day = 1}, {.name = "b", .day = 3, .refers = "<a@host>"},
				{.name = "c", .day = 2, .refers = "<a@host>"}},
		"a, .c, .b"},
	{"two threads", {{.name = "a", .day = 1}, {.name = "b", .day = 2},
				{.name = "c", .day = 3, .refers = "<a@host>"}},
		"a, .c, b"},
	{"the parent is missing", {{.name = "b", .day = 2, .refers = "<a@host>"},
					  {.name = "c", .day = 3, .refers = "<a@host>"}},
		"b, c"},
	{"a parent in between is missing",
		{{.name = "a", .day = 1}, {.name = "c", .day = 3, .refers = "<a@host> <b@host>"}},
		"a, .c"},
	{"one letter joins two threads",
		{{.name = "a", .day = 1}, {.name = "b", .day = 2}, {.name = "x", .day = 5},
			{.name = "c", .day = 3, .refers = "<a@host> <b@host>"}},
		"x, a, .b, ..c"},
	{"late root of three", {{.name = "c", .day = 3, .refers = "<a@host> <b@host>"},
				       {.name = "d", .day = 4, .refers = "<a@host>"},
				       {.name = "b", .day = 2, .refers = "<a@host>"},
				       {.name = "a", .day = 1}},
		"a, .b, ..c, .d"},
	{"refers to itself", {{.name = "a", .day = 1, .refers = "<a@host>"}}, "a"},
	{"a loop of two", {{.name = "a", .day = 1, .refers = "<b@host>"},
				  {.name = "b", .day = 2, .refers = "<a@host>"}},
		"a, .b"},
	{"a loop of three", {{.name = "a", .day = 1, .refers = "<c@host>"},
				    {.name = "b", .day = 2, .refers = "<a@host>"},
				    {.name = "c", .day = 3, .refers = "<b@host>"},
				    {.name = "d", .day = 4, .refers = "<b@host>"}},
		"a, .b, ..c, ..d"},
};

/* One sync for each letter, so that the order is that of the table. */
static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct mailbox m = {0};
		mailbox_init(&m);
		for (size_t k = 0; rows[i].letters[k].name; k++) {
			mailbox_put(&m, &rows[i].letters[k]);
			mailbox_sync(&m);
		}
		g_test_message("row '%s'", rows[i].name);
		g_autofree char *found = mailbox_list(&m, "Inbox", NULL, LIST_BY_THREAD);
		g_autofree char *all = mailbox_list(&m, NULL, NULL, LIST_BY_THREAD);
		g_assert_cmpstr(found, ==, rows[i].expected);
		g_assert_cmpstr(all, ==, rows[i].expected);
		mailbox_clear(&m);
	}
}

/* A thread goes over folders; a folder shows its own part of it. */
static void test_folders(void)
{
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	mailbox_init(&m);
	mailbox_put(&m, &(struct letter){.name = "a", .day = 1});
	mailbox_put(&m, &(struct letter){.folder = "Sent", .name = "b", .day = 2, .info = "S",
		.refers = "<a@host>"});
	mailbox_put(&m, &(struct letter){.name = "c", .day = 3, .refers = "<a@host> <b@host>"});
	mailbox_sync(&m);
	g_autofree char *inbox = mailbox_list(&m, "Inbox", NULL, LIST_BY_THREAD);
	g_assert_cmpstr(inbox, ==, "a, .c");
	g_autoptr(message_row) row = index_by_message_id(mailbox_index(&m), "b@host", &error);
	g_autoptr(GPtrArray) all = index_thread(mailbox_index(&m), row->thread, &error);
	g_assert_no_error(error);
	g_autofree char *titles = mailbox_titles(all);
	g_assert_cmpstr(titles, ==, "a, .b, ..c");
	mailbox_clear(&m);
}

/* Two copies of one letter stand side by side, the answers below once. */
static void test_copies(void)
{
	struct mailbox m = {0};
	mailbox_init(&m);
	mailbox_put(&m, &(struct letter){.name = "a", .day = 1});
	mailbox_put(&m, &(struct letter){.folder = "Lists/x", .name = "a", .day = 1});
	mailbox_put(&m, &(struct letter){.name = "b", .day = 2, .refers = "<a@host>"});
	mailbox_sync(&m);
	g_autofree char *all = mailbox_list(&m, NULL, NULL, LIST_BY_THREAD);
	g_assert_cmpstr(all, ==, "a, a, .b");
	mailbox_clear(&m);
}

/* A chain longer than any stack: order without recursion, depth as it is. */
static void test_deep(void)
{
	enum { DEEP = 20000 };
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	mailbox_init(&m);
	struct index *ix = mailbox_index(&m);
	g_autoptr(GPtrArray) list =
		g_ptr_array_new_with_free_func((GDestroyNotify)message_row_free);
	g_autofree char *sql = g_strdup_printf(
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
		" INSERT INTO node SELECT i, 7, i - 1 FROM n",
		DEEP);
	g_assert_cmpint(sqlite3_exec(index_handle(ix), sql, NULL, NULL, NULL), ==, SQLITE_OK);
	for (int i = DEEP; i > 0; i--) {
		struct message_row *row = g_new0(struct message_row, 1);
		row->id = row->node = row->date = i;
		g_ptr_array_add(list, row);
	}
	g_assert_true(thread_sort(ix, 7, list, &error));
	for (int i = 0; i < DEEP; i++) {
		const struct message_row *row = list->pdata[i];
		g_assert_cmpint(row->id, ==, i + 1);
		g_assert_cmpint(row->depth, ==, i);
	}
	mailbox_clear(&m);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/thread/rows", test_rows);
	g_test_add_func("/thread/folders", test_folders);
	g_test_add_func("/thread/copies", test_copies);
	g_test_add_func("/thread/deep", test_deep);
	return g_test_run();
}
