/* SPDX-License-Identifier: MIT */
#include "mailbox.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/report.h"

static const struct letter letters[] = {
	{.name = "one", .day = 1, .info = "S", .body = "Заключён договор о поставке на ёлке"},
	{.name = "two", .day = 2, .subject = "Quarterly report",
		.from = "Olga Petrova <olga.petrova@example.org>",
		.body = "The quarterly budget review is connected to the configuration"},
	{.name = "three", .day = 3, .info = "FS", .subject = "счёт за договоры",
		.from = "Иван Смирнов <ivan@example.com>", .body = "連絡は東京都から"},
	{.name = "four", .day = 4, .folder = "Lists/debian", .body = "review of the budget"},
	{.name = "five", .day = 5, .folder = "Trash", .info = "S", .body = "budget in the bin"},
};

static void fill(struct mailbox *m)
{
	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++)
		mailbox_put(m, &letters[i]);
	struct sync_result r = mailbox_sync(m);
	g_assert_cmpint(r.added, ==, G_N_ELEMENTS(letters));
}

static const struct {
	const char *query, *expected; /* newest first */
} searches[] = {
	{"", "four, счёт за договоры, Quarterly report, one"},
	{"договорам", "счёт за договоры, one"},
	{"ДОГОВОР", "счёт за договоры, one"},
	{"елки", "one"},
	{"ёлка", "one"},
	{"счет", "счёт за договоры"},
	{"подписан", ""},
	{"connection", "Quarterly report"},
	{"\"budget review\"", "Quarterly report"},
	{"budget review", "four, Quarterly report"},
	{"budget -quarterly", "four"},
	{"config*", "Quarterly report"},
	{"configurat*", "Quarterly report"},
	{"quarterl*", "Quarterly report"},
	{"договора*", "счёт за договоры, one"},
	{"from:olga", "Quarterly report"},
	{"from:olga.petrova@example.org", "Quarterly report"},
	{"example.org", "four, Quarterly report, one"},
	{"from:example.com", "счёт за договоры"},
	{"from:смирнов", "счёт за договоры"},
	{"to:anna subject:report", "Quarterly report"},
	{"body:report", ""},
	{"東京", "счёт за договоры"},
	{"京", "счёт за договоры"},
	{"is:unread", "four, Quarterly report"},
	{"is:read", "счёт за договоры, one"},
	{"is:flagged", "счёт за договоры"},
	{"is:new in:inbox", "Quarterly report"},
	{"in:lists", "four"},
	{"in:LISTS/DEBIAN", "four"},
	{"in:list", ""},
	{"in:trash", "five"},
	{"in:trash OR in:inbox", "five, счёт за договоры, Quarterly report, one"},
	{"budget OR is:flagged", "four, счёт за договоры, Quarterly report"},
	{"NOT budget", "счёт за договоры, one"},
	{"after:2023-11-17", "four, счёт за договоры"},
	{"before:2023-11-17", "Quarterly report, one"},
	{"date:2023-11-16", "Quarterly report"},
	{"date:2023-11-16..2023-11-17 договор", "счёт за договоры"},
	{"smaller:1K", "four, счёт за договоры, Quarterly report, one"},
	{"larger:1K", ""},
	{"id:<two@host>", "Quarterly report"},
	{"has:attachment", ""},
	{"account:home", ""},
};

static void test_search(void)
{
	struct mailbox m = {0};
	mailbox_init(&m);
	fill(&m);
	for (size_t i = 0; i < G_N_ELEMENTS(searches); i++) {
		g_autoptr(GError) error = NULL;
		struct list_spec spec = {.query = searches[i].query};
		int64_t total, unread;
		g_test_message("query '%s'", searches[i].query);
		g_autofree char *found = mailbox_list(&m, NULL, searches[i].query, LIST_BY_DATE);
		g_assert_cmpstr(found, ==, searches[i].expected);
		g_autofree char *threads =
			mailbox_list(&m, NULL, searches[i].query, LIST_BY_THREAD);
		g_assert_cmpstr(threads, ==, searches[i].expected);
		g_assert_true(index_count(mailbox_index(&m), &spec, &total, &unread, &error));
		int commas = found[0] != '\0';
		for (const char *p = found; (p = strstr(p, ", ")); p++)
			commas++;
		g_assert_cmpint(total, ==, commas);
	}
	mailbox_clear(&m);
}

static void test_counts(void)
{
	static const struct {
		const char *name;
		int total, unread, flagged;
	} expected[] = {{"Inbox", 3, 1, 1}, {"Sent", 0, 0, 0}, {"Drafts", 0, 0, 0},
		{"Archive", 0, 0, 0}, {"Trash", 1, 0, 0}, {"Lists/debian", 1, 1, 0}};
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	mailbox_init(&m);
	fill(&m);
	g_autoptr(GPtrArray) folders = index_folders(mailbox_index(&m), &error);
	g_assert_no_error(error);
	for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
		const struct folder_row *row = folders->pdata[i];
		g_assert_cmpstr(row->name, ==, expected[i].name);
		g_assert_cmpint(row->total, ==, expected[i].total);
		g_assert_cmpint(row->unread, ==, expected[i].unread);
		g_assert_cmpint(row->flagged, ==, expected[i].flagged);
	}
	int64_t total, unread;
	g_assert_true(index_count(mailbox_index(&m), &(struct list_spec){0}, &total, &unread, NULL));
	g_assert_cmpint(total, ==, 4);
	g_assert_cmpint(unread, ==, 2);
	/* The same by a query, which looks at the letters, as by what is kept. */
	struct index_counts kept, counted;
	struct list_spec all = {.folder = "Inbox"}, found = {.folder = "Inbox", .query = "larger:1"};
	g_assert_true(index_tally(mailbox_index(&m), &all, &kept, NULL));
	g_assert_true(index_tally(mailbox_index(&m), &found, &counted, NULL));
	g_assert_cmpint(kept.total, ==, 3);
	g_assert_cmpint(kept.flagged, ==, 1);
	g_assert_cmpint(kept.size, >, 0);
	g_assert_cmpmem(&kept, sizeof kept, &counted, sizeof counted);
	mailbox_clear(&m);
}

/* --- pages --------------------------------------------------------------------- */

enum { MANY = 3300, GROUP = 1100 };

/* Three blocks of ids: the newest letters came first, then the oldest, as with
 * an import, then those between; threads go across pages and blocks. */
static void fill_many(struct mailbox *m)
{
	static const int begin[] = {2000, 0, 1000};
	for (int i = 0; i < MANY; i++) {
		if (i % GROUP == 0)
			mailbox_sync(m);
		g_autofree char *name = g_strdup_printf("m%d", i);
		g_autofree char *refers = i % 4 == 3 ? g_strdup_printf("<m%d@host>", i - i % 100)
						     : NULL;
		g_autofree char *body = g_strdup_printf("common %s", i % 37 == 0 ? "rare" : "");
		mailbox_put(m, &(struct letter){.name = name, .info = "S", .refers = refers,
			.day = begin[i / GROUP] + i * 7919 % 901, .body = body});
	}
	mailbox_sync(m);
}

/* Pages forward, then backward, must be the whole list cut in pieces. */
static void check_pages(struct mailbox *m, const struct list_spec *spec)
{
	struct index *ix = mailbox_index(m);
	g_autoptr(GPtrArray) all = index_list(ix, spec, LIST_TOP, false, 100000, NULL);
	G_GNUC_UNUSED g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
	struct list_key key = LIST_TOP;
	guint at = 0;
	for (;;) {
		g_autoptr(GPtrArray) page = index_list(ix, spec, key, false, 60, NULL);
		if (page->len == 0)
			break;
		for (guint i = 0; i < page->len; i++, at++)
			g_assert_cmpint(((struct message_row *)page->pdata[i])->id, ==,
				((struct message_row *)all->pdata[at])->id);
		key = index_row_key(page->pdata[page->len - 1], spec->order, page);
	}
	g_assert_cmpuint(at, ==, all->len);
	for (key = LIST_END;;) {
		g_autoptr(GPtrArray) page = index_list(ix, spec, key, true, 60, NULL);
		if (page->len == 0)
			break;
		for (guint i = page->len; i > 0; i--)
			g_assert_cmpint(((struct message_row *)page->pdata[i - 1])->id, ==,
				((struct message_row *)all->pdata[--at])->id);
		key = index_row_key(page->pdata[0], spec->order, page);
	}
	g_assert_cmpuint(at, ==, 0);
}

static void test_pages(void)
{
	static const struct list_spec specs[] = {{"Inbox", NULL, LIST_BY_DATE},
		{"Inbox", NULL, LIST_BY_THREAD}, {NULL, NULL, LIST_BY_THREAD},
		{NULL, "common", LIST_BY_DATE}, {NULL, "rare", LIST_BY_DATE},
		{NULL, "common date:2024..2026", LIST_BY_DATE}, {"Inbox", "rare", LIST_BY_THREAD}, {NULL, "common", LIST_BY_THREAD},
		{NULL, "is:read", LIST_BY_THREAD}, {NULL, "rare OR is:unread", LIST_BY_DATE}};
	struct mailbox m = {0};
	mailbox_init(&m);
	fill_many(&m);
	for (size_t i = 0; i < G_N_ELEMENTS(specs); i++) {
		g_test_message("spec %d", (int)i);
		check_pages(&m, &specs[i]);
	}
	/* The order itself, and nothing missing. */
	g_autoptr(GPtrArray) found = index_list(mailbox_index(&m), &specs[3], LIST_TOP, false,
		100000, NULL);
	g_assert_cmpuint(found->len, ==, MANY);
	for (guint i = 1; i < found->len; i++)
		g_assert_cmpint(((struct message_row *)found->pdata[i - 1])->date, >=,
			((struct message_row *)found->pdata[i])->date);
	mailbox_clear(&m);
}

/* --- damage -------------------------------------------------------------------- */

static void count_reports(const char *line, void *data)
{
	++*(int *)data;
}

static void overwrite(const char *path, off_t at, const char *what)
{
	int fd = open(path, O_WRONLY);
	g_assert_cmpint(fd, >=, 0);
	g_assert_cmpint(pwrite(fd, what, strlen(what), at), ==, (ssize_t)strlen(what));
	close(fd);
}

static void damage_empty(const char *path)
{
	g_assert_cmpint(truncate(path, 0), ==, 0);
}

static void damage_cut(const char *path)
{
	g_assert_cmpint(truncate(path, 20000), ==, 0);
}

static void damage_header(const char *path)
{
	overwrite(path, 0, "this is no database at all");
}

static void damage_pages(const char *path)
{
	g_autofree char *junk = g_strnfill(4096 * 12, 'x');
	overwrite(path, 4096, junk);
}

static void damage_version(const char *path)
{
	sqlite3 *db;
	g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
	sqlite3_exec(db, "PRAGMA user_version=999", NULL, NULL, NULL);
	sqlite3_close(db);
}

static void damage_removed(const char *path)
{
	g_unlink(path);
}

/* told, moved aside, made anew, and equal after a sync. */
static void test_damage(void)
{
	static const struct {
		const char *name;
		void (*damage)(const char *path);
		bool silent; /* nothing was lost that could be kept aside */
	} rows[] = {{"empty", damage_empty, true}, {"removed", damage_removed, true},
		{"cut", damage_cut, false}, {"no database", damage_header, false},
		{"junk in pages", damage_pages, false}, {"version", damage_version, false}};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct mailbox m = {0};
		int reports = 0;
		mailbox_init(&m);
		fill(&m);
		g_autofree char *before = mailbox_list(&m, NULL, NULL, LIST_BY_THREAD);
		g_autofree char *path = g_build_filename(m.root, ".dewey", "index.db", NULL);
		store_free(m.store);
		g_test_message("row '%s'", rows[i].name);
		rows[i].damage(path);
		report_set_sink(count_reports, &reports);
		mailbox_open(&m);
		mailbox_sync(&m);
		report_set_sink(NULL, NULL);
		g_assert_cmpint(reports > 0, ==, !rows[i].silent);
		g_autofree char *after = mailbox_list(&m, NULL, NULL, LIST_BY_THREAD);
		g_assert_cmpstr(after, ==, before);
		mailbox_clear(&m);
	}
}

static void test_wrong_query(void)
{
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	mailbox_init(&m);
	struct list_spec spec = {.query = "form:x"};
	g_assert_null(index_list(mailbox_index(&m), &spec, LIST_TOP, false, 10, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_QUERY);
	mailbox_clear(&m);
}

int main(int argc, char **argv)
{
	g_setenv("TZ", "UTC", TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/index/search", test_search);
	g_test_add_func("/index/counts", test_counts);
	g_test_add_func("/index/pages", test_pages);
	g_test_add_func("/index/damage/X-26", test_damage);
	g_test_add_func("/index/wrong-query", test_wrong_query);
	return g_test_run();
}
