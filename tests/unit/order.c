/* SPDX-License-Identifier: MIT
 *
 * The orders of lists: by sender, subject, size and score, up and down. */
#include "mailbox.h"

#include "store/subject.h"

static const struct letter letters[] = {
	{.name = "l1",
		.day = 1,
		.info = "S",
		.subject = "Zebra",
		.from = "bob@example.org",
		.body = "budget and a long text that makes it larger than all the others here"
			" and goes on and on with words about walks lakes bridges mills boats"
			" trees clouds and whatever else there may be to be told about them"},
	{.name = "l2",
		.day = 2,
		.subject = "Re: apple",
		.from = "Anna Lind <z@example.org>",
		.body = "budget budget budget"},
	{.name = "l3", .day = 3, .info = "FS", .subject = "Apple", .from = "Ёлкин <a@example.org>"},
	{.name = "l4",
		.day = 4,
		.subject = "Ответ: Aw[2]: mango",
		.from = "Жуков <b@example.org>",
		.body = "of the budget there is one word among a number of others"},
	{.name = "l5", .day = 5, .subject = "\"Quoted\"", .from = "\"'carl'\" <c@example.org>"},
	{.name = "l6",
		.day = 6,
		.folder = "Archive",
		.subject = "banana",
		.from = "Bea <d@example.org>"},
};

static const struct {
	struct list_spec spec;
	const char *expected;
} rows[] = {
	{{"Inbox", NULL, LIST_BY_DATE, true},
		"Zebra, Re: apple, Apple, Ответ: Aw[2]: mango, \"Quoted\""},
	{{NULL, "budget", LIST_BY_DATE, true}, "Zebra, Re: apple, Ответ: Aw[2]: mango"},
	{{NULL, NULL, LIST_BY_THREAD, true},
		"Zebra, Apple, .Re: apple, Ответ: Aw[2]: mango, \"Quoted\", banana"},
	{{"Inbox", NULL, LIST_BY_SENDER, true},
		"Re: apple, Zebra, \"Quoted\", Apple, Ответ: Aw[2]: mango"},
	{{"Inbox", NULL, LIST_BY_SENDER, false},
		"Ответ: Aw[2]: mango, Apple, \"Quoted\", Zebra, Re: apple"},
	{{NULL, NULL, LIST_BY_SENDER, true},
		"Re: apple, banana, Zebra, \"Quoted\", Apple, Ответ: Aw[2]: mango"},
	{{"Inbox", NULL, LIST_BY_SUBJECT, true},
		"Re: apple, Apple, Ответ: Aw[2]: mango, \"Quoted\", Zebra"},
	{{NULL, "is:unread", LIST_BY_SUBJECT, false},
		"\"Quoted\", Ответ: Aw[2]: mango, banana, Re: apple"},
	{{NULL, "budget", LIST_BY_SUBJECT, true}, "Re: apple, Ответ: Aw[2]: mango, Zebra"},
	{{NULL, "budget", LIST_BY_SCORE, false}, "Re: apple, Ответ: Aw[2]: mango, Zebra"},
	{{NULL, "budget", LIST_BY_SCORE, true}, "Zebra, Ответ: Aw[2]: mango, Re: apple"},
	{{NULL, "is:unread", LIST_BY_SCORE, false},
		"banana, \"Quoted\", Ответ: Aw[2]: mango, Re: apple"},
};

static void test_orders(void)
{
	struct mailbox m = {0};
	mailbox_init(&m);
	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++)
		mailbox_put(&m, &letters[i]);
	mailbox_sync(&m);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) found =
			index_list(mailbox_index(&m), &rows[i].spec, LIST_TOP, false, 100, &error);
		g_assert_no_error(error);
		g_autofree char *titles = mailbox_titles(found);
		g_test_message("row %d", (int)i);
		g_assert_cmpstr(titles, ==, rows[i].expected);
	}
	mailbox_clear(&m);
}

/* --- pages --------------------------------------------------------------------- */

enum { MANY = 400 };

static void fill(struct mailbox *m)
{
	for (int i = 0; i < MANY; i++) {
		g_autofree char *name = g_strdup_printf("m%d", i);
		g_autofree char *from = g_strdup_printf("P%d <p@example.org>", i % 17);
		g_autofree char *subject = g_strdup_printf("%sS%d", i % 3 ? "Re: " : "", i % 23);
		g_autofree char *body = g_strnfill((gsize)(i * 31 % 57), 'x');
		g_autofree char *text = g_strconcat("word ", i % 5 ? "" : "word ", body, NULL);
		mailbox_put(m, &(struct letter){.name = name,
				       .day = i * 7 % 101,
				       .from = from,
				       .folder = i % 4 ? "Inbox" : "Archive",
				       .subject = subject,
				       .body = text});
	}
	mailbox_sync(m);
}

static struct message_row *row_at(GPtrArray *found, guint i)
{
	return found->pdata[i];
}

/* Pages in both directions are the whole list cut in pieces, and a row comes first
 * again from the key before it. */
static void check_pages(struct mailbox *m, const struct list_spec *spec)
{
	struct index *ix = mailbox_index(m);
	g_autoptr(GPtrArray) all = index_list(ix, spec, LIST_TOP, false, 10000, NULL);
	struct list_key key = LIST_TOP;
	guint at = 0;
	for (bool more = true; more;) {
		g_autoptr(GPtrArray) page = index_list(ix, spec, key, false, 37, NULL);
		for (guint i = 0; i < page->len; i++, at++)
			g_assert_cmpint(row_at(page, i)->id, ==, row_at(all, at)->id);
		more = page->len > 0;
		if (more)
			key = index_row_key(row_at(page, page->len - 1), spec->order, page);
	}
	g_assert_cmpuint(at, ==, all->len);
	key = LIST_END;
	for (bool more = true; more;) {
		g_autoptr(GPtrArray) page = index_list(ix, spec, key, true, 41, NULL);
		for (guint i = page->len; i > 0; i--)
			g_assert_cmpint(row_at(page, i - 1)->id, ==, row_at(all, --at)->id);
		more = page->len > 0;
		if (more)
			key = index_row_key(row_at(page, 0), spec->order, page);
	}
	g_assert_cmpuint(at, ==, 0);
	key = index_key_before(index_row_key(row_at(all, 100), spec->order, all), spec);
	g_autoptr(GPtrArray) page = index_list(ix, spec, key, false, 1, NULL);
	g_assert_cmpint(row_at(page, 0)->thread, ==, row_at(all, 100)->thread);
}

static void test_pages(void)
{
	static const char *const queries[] = {NULL, "is:unread", "word"};
	struct mailbox m = {0};
	mailbox_init(&m);
	fill(&m);
	for (int order = LIST_BY_DATE; order <= LIST_BY_SCORE; order++)
		for (size_t i = 0; i < 3 * G_N_ELEMENTS(queries) * 2; i++) {
			struct list_spec spec = {
				i % 2 ? "Inbox" : NULL, queries[i / 2 % 3], order, i / 6 % 2};
			g_test_message("order %d, %d", order, (int)i);
			check_pages(&m, &spec);
		}
	mailbox_clear(&m);
}

/* --- the next unread ----------------------------------------------------------- */

/* From every row of the list: what a walk row by row comes to. */
static void check_next(struct mailbox *m, const struct list_spec *spec)
{
	struct index *ix = mailbox_index(m);
	g_autoptr(GPtrArray) all = index_list(ix, spec, LIST_TOP, false, 10000, NULL);
	struct list_key expected = LIST_END;
	for (guint i = all->len; i-- > 0;) {
		struct list_key key = index_row_key(row_at(all, i), spec->order, all), found_key;
		bool found, any = expected.id != G_MININT64;
		found_key = key;
		g_assert_true(index_next_unread(ix, spec, &found_key, &found, NULL));
		if (spec->order != LIST_BY_THREAD || expected.id != key.id) {
			g_assert_cmpint(found, ==, any);
			g_assert_true(!any || found_key.id == expected.id);
		}
		if (!(row_at(all, i)->flags & FLAG_SEEN))
			expected = key;
		if (spec->query)
			continue;
		g_assert_true(index_find_key(ix, spec, row_at(all, i)->id, &found_key));
		g_assert_cmpint(found_key.id, ==, key.id);
	}
}

static void test_next(void)
{
	struct mailbox m = {0};
	mailbox_init(&m);
	for (int i = 0; i < 120; i++) {
		g_autofree char *name = g_strdup_printf("m%d", i);
		g_autofree char *from = g_strdup_printf("P%d <p@example.org>", i % 17);
		g_autofree char *refers = i % 3 ? g_strdup_printf("<m%d@host>", i / 5) : NULL;
		mailbox_put(&m, &(struct letter){.name = name,
					.day = i * 7 % 101,
					.from = from,
					.info = i % 11 ? "S" : NULL,
					.folder = i % 4 ? "Inbox" : "Archive",
					.refers = refers});
	}
	mailbox_sync(&m);
	for (int order = LIST_BY_DATE; order <= LIST_BY_SIZE; order++)
		for (int i = 0; i < 12; i++) {
			static const char *const queries[] = {NULL, "anna -from:p3", "larger:1"};
			struct list_spec spec = {
				i % 2 ? "Inbox" : NULL, queries[i / 4], order, i / 2 % 2};
			g_test_message("order %d, %d", order, i);
			check_next(&m, &spec);
		}
	mailbox_clear(&m);
}

/* --- by an index --------------------------------------------------------------- */

static int one_more(void *count)
{
	++*(int *)count;
	return 0;
}

/* What a page of ten from key on costs, in tens of steps of SQLite's machine. */
static int cost_of(struct mailbox *m, const struct list_spec *spec, struct list_key key)
{
	int cost = 0;
	sqlite3 *db = index_handle(mailbox_index(m));
	sqlite3_progress_handler(db, 10, one_more, &cost);
	g_autoptr(GPtrArray) page = index_list(mailbox_index(m), spec, key, false, 10, NULL);
	sqlite3_progress_handler(db, 0, NULL, NULL);
	g_assert_cmpuint(page->len, ==, 10);
	return cost;
}

/* The cost of a page does not grow with the folder, nor with how far down it is:
 * nothing is sorted, and nothing before it is read. */
static void test_costs(void)
{
	struct mailbox m = {0};
	mailbox_init(&m);
	fill(&m);
	for (int i = 0; i < 2 * (LIST_BY_SIZE + 1); i++) {
		struct list_spec spec = {"Inbox", NULL, (enum list_order)(i / 2), i % 2};
		g_autoptr(GPtrArray) all =
			index_list(mailbox_index(&m), &spec, LIST_TOP, false, 10000, NULL);
		struct list_key far = index_row_key(row_at(all, all->len - 15), spec.order, all);
		cost_of(&m, &spec, LIST_TOP);
		int first = cost_of(&m, &spec, LIST_TOP), last = cost_of(&m, &spec, far);
		g_test_message("order %d: %d, far down %d", i, first, last);
		g_assert_cmpint(last, <, first + first / 2 + 10);
	}
	mailbox_clear(&m);
}

/* --- keys ---------------------------------------------------------------------- */

static void test_subjects(void)
{
	static const struct {
		const char *subject, *bare;
		bool answer;
	} table[] = {{"Re: a", "a", true}, {"RE:RE : a", "a", true}, {"Fwd: a", "a", false},
		{"Fwd: Re: a", "a", true}, {"Re[12]: a", "a", true}, {"Re^2: a", "a", true},
		{"Re(3) : a", "a", true}, {"Ответ: счёт", "счёт", true},
		{"回复：你好", "你好", true}, {"Regarding: a", "Regarding: a", false},
		{"re a", "re a", false}, {"Re[x]: a", "Re[x]: a", false}, {"Re:", "", true},
		{"", "", false}, {"[list] Re: a", "[list] Re: a", false}};
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		bool answer;
		g_assert_cmpstr(subject_bare(table[i].subject, &answer), ==, table[i].bare);
		g_assert_cmpint(answer, ==, table[i].answer);
	}
	char key[LIST_KEY_TEXT];
	g_autofree char *lengthy = g_strnfill(500, 'Q');
	sort_key_subject(lengthy, key);
	g_assert_cmpuint(strlen(key), ==, LIST_KEY_TEXT - 1);
	sort_key_subject("ЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖ", key);
	g_assert_true(g_utf8_validate(key, -1, NULL));
	sort_key_sender("***", "Bob@example.org", key);
	g_assert_cmpstr(key, ==, "bob@example.org");
}

/* The octets of a folder are kept as its other counts are. */
static void test_sizes(void)
{
	struct mailbox m = {0};
	mailbox_init(&m);
	fill(&m);
	g_autoptr(GPtrArray) folders = index_folders(mailbox_index(&m), NULL);
	for (guint i = 0; i < 5; i++) {
		const struct folder_row *row = folders->pdata[i];
		struct list_spec spec = {row->name, NULL, LIST_BY_SIZE, true};
		int64_t size = 0;
		g_autoptr(GPtrArray) found =
			index_list(mailbox_index(&m), &spec, LIST_TOP, false, MANY, NULL);
		for (guint k = 0; k < found->len; k++)
			size += row_at(found, k)->size;
		g_assert_cmpint(row->size, ==, size);
		g_assert_cmpint(row->size > 0, ==, row->total > 0);
	}
	mailbox_clear(&m);
}

/* --- identical letters --------------------------------------------------------- */

static void put_raw(struct mailbox *m, const char *name, const char *folder, const char *text)
{
	struct letter l = {.name = name, .day = name[0] - 'a', .folder = folder};
	g_autofree char *path = mailbox_file(m, &l);
	g_assert_true(store_make_folder(m->store, folder, NULL));
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

#define HEAD(id, way)                                                                              \
	"Received: " way "\nMessage-ID: <" id "@host>\nSubject: s\nFrom: a@example.org\n\n"

/* One letter that came on several ways is known by its Message-ID and its body; the
 * first that came is not a duplicate, nor is one whose first copy lies in Trash. */
static void test_duplicates(void)
{
	struct mailbox m = {0};
	mailbox_init(&m);
	put_raw(&m, "a", "Inbox", HEAD("one", "by x") "text\n\nmore\n");
	mailbox_sync(&m);
	put_raw(&m, "b", "Lists/x", HEAD("one", "by the list") "text\r\n\r\nmore\r\n\n\n");
	put_raw(&m, "c", "Inbox", HEAD("one", "by the list") "text\n\nmore\nfooter\n");
	put_raw(&m, "d", "Inbox", HEAD("two", "by x") "text\n\nmore\n");
	put_raw(&m, "e", "Trash", HEAD("three", "by x") "gone\n");
	mailbox_sync(&m);
	for (int i = 0; i < 12; i++) { /* many at once get their words later */
		g_autofree char *name = g_strdup_printf("%c", 'f' + i);
		put_raw(&m, name, "Inbox",
			i < 2 ? HEAD("three", "again") "gone\n"
			      : HEAD("four", "again") "\n\nfour\n");
	}
	mailbox_sync(&m);
	static const struct {
		const char *query;
		int64_t total;
	} counts[] = {{"is:duplicate", 1 + 1 + 9}, {"is:duplicate in:Lists/x", 1},
		{"duplicate:extra", 1 + 1 + 9}, {"duplicate:yes", 2 + 2 + 10},
		{"duplicate:yes id:<one@host>", 2}, {"duplicate:no id:<one@host>", 1},
		{"-is:duplicate id:<one@host>", 2}, {"-is:duplicate id:<four@host>", 1},
		{"-is:duplicate id:<three@host>", 1}, {"is:duplicate id:<two@host>", 0},
		{"duplicate:here", 1 + 9}, {"-duplicate:here in:Lists/x", 1},
		{"-duplicate:here in:Inbox", 5}, {"duplicate:here in:Trash", 0}};
	for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
		int64_t total, unread;
		struct list_spec spec = {.query = counts[i].query};
		g_assert_true(index_count(mailbox_index(&m), &spec, &total, &unread, NULL));
		g_test_message("%s: %d", counts[i].query, (int)total);
		g_assert_cmpint(total, ==, counts[i].total);
	}
	mailbox_clear(&m);
}

int main(int argc, char **argv)
{
	g_setenv("TZ", "UTC", TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/order/every order up and down", test_orders);
	g_test_add_func("/order/pages", test_pages);
	g_test_add_func("/order/the next unread", test_next);
	g_test_add_func("/order/the cost of a page far down", test_costs);
	g_test_add_func("/order/subjects", test_subjects);
	g_test_add_func("/order/sizes of folders", test_sizes);
	g_test_add_func("/order/identical letters", test_duplicates);
	return g_test_run();
}
