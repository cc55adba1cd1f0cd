/* SPDX-License-Identifier: MIT */
#include "mailbox.h"

#include <sys/mman.h>
#include <unistd.h>

#include "store/db.h"
#include "store/delivery.h"
#include "store/drop.h"

#define KEY "home|pop.example.org|110|ivan"

static struct drop *open_drop(struct mailbox *m)
{
	g_autoptr(GError) error = NULL;
	struct drop *d = drop_open(m->store, KEY, "home", &error);
	g_assert_no_error(error);
	return d;
}

/* The listing "a b c": numbers from 1, sizes 1000, 2000 … by the letter, so that
 * a letter keeps its size. */
static void list(struct drop *d, const char *uids)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) words = g_strsplit(uids, " ", -1);
	guint n = uids[0] ? g_strv_length(words) : 0;
	g_autofree struct drop_letter *letters = g_new0(struct drop_letter, n + 1);
	for (guint i = 0; i < n; i++)
		letters[i] = (struct drop_letter){g_bytes_new(words[i], strlen(words[i])), i + 1,
			(uint64_t)(words[i][0] - 'a' + 1) * 1000};
	drop_listed(d, letters, n, &error);
	g_assert_no_error(error);
	for (guint i = 0; i < n; i++)
		g_bytes_unref(letters[i].uid);
}

static int file_of(const char *text)
{
	int fd = memfd_create("head", MFD_CLOEXEC);
	g_assert_cmpint(write(fd, text, strlen(text)), ==, (ssize_t)strlen(text));
	return fd;
}

static int head_file(const char *subject, const char *from)
{
	g_autofree char *text = g_strdup_printf(
		"From: %s\nTo: anna@example.net\nSubject: %s\nDate: Tue, 14 Nov 2023 22:13:20 "
		"+0000\nMessage-ID: <%s@host>\n\n",
		from, subject, subject);
	return file_of(text);
}

static void add_head(struct drop *d, const char *uid, const char *subject, const char *from)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) name = g_bytes_new(uid, strlen(uid));
	int fd = head_file(subject, from);
	g_assert_true(drop_begin(d, &error));
	drop_add_head(d, name, fd, 0, &error);
	g_assert_no_error(error);
	g_assert_true(drop_commit(d, &error));
	close(fd);
}

/* "c:three b:- a:one": UIDs and subjects; "!" behind what is here. */
static char *rows_text(struct drop *d, const char *query)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = drop_rows(d, query, &error);
	g_assert_no_error(error);
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < rows->len; i++) {
		const struct drop_row *r = rows->pdata[i];
		gsize len;
		const char *uid = g_bytes_get_data(r->uid, &len);
		g_string_append_printf(out, "%s%.*s:%s%s", i > 0 ? " " : "", (int)len, uid,
			r->head ? r->head->subject : "-",
			r->state == DROP_HERE   ? "!"
			: r->state == DROP_OWED ? "?"
						: "");
	}
	return g_string_free(out, FALSE);
}

static void assert_rows(struct drop *d, const char *query, const char *expected)
{
	g_autofree char *text = rows_text(d, query);
	g_assert_cmpstr(text, ==, expected);
}

static char *headless(struct drop *d)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) found = drop_headless(d, &error);
	g_assert_no_error(error);
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < found->len; i++) {
		const struct drop_headless *h = &g_array_index(found, struct drop_headless, i);
		gsize len;
		const char *uid = g_bytes_get_data(h->uid, &len);
		g_string_append_printf(out, "%.*s%d ", (int)len, uid, (int)h->number);
	}
	return g_string_free(out, FALSE);
}

static int64_t id_of(struct drop *d, const char *uid)
{
	g_autoptr(GPtrArray) rows = drop_rows(d, NULL, NULL);
	for (guint i = 0; i < rows->len; i++) {
		const struct drop_row *r = rows->pdata[i];
		gsize len;
		const char *is = g_bytes_get_data(r->uid, &len);
		if (len == strlen(uid) && memcmp(is, uid, len) == 0)
			return r->id;
	}
	return 0;
}

/* --- listing and heads --------------------------------------------------------- */

static void test_listing(void)
{
	struct mailbox m = {0};
	struct drop_look look;
	mailbox_init(&m);
	g_autoptr(drop) d = open_drop(&m);
	assert_rows(d, NULL, "");
	g_assert_true(drop_last_look(d, &look, NULL));
	g_assert_cmpint(look.at, ==, 0);
	list(d, "a b c");
	assert_rows(d, NULL, "c:- b:- a:-");
	g_assert_true(drop_last_look(d, &look, NULL));
	g_assert_cmpint(look.at, >, 0);
	g_assert_true(look.tops);
	add_head(d, "c", "three", "Olga <olga@example.org>");
	add_head(d, "a", "one", "Ivan <ivan@example.org>");
	assert_rows(d, NULL, "c:three b:- a:one");
	g_autofree char *left = headless(d);
	g_assert_cmpstr(left, ==, "b2 ");

	/* Numbers move up, heads stay with their UIDs, ids with their letters. */
	int64_t id = id_of(d, "c");
	list(d, "b c x");
	assert_rows(d, NULL, "x:- c:three b:-");
	g_assert_cmpint(id_of(d, "c"), ==, id);
	g_autoptr(drop_row) row = drop_find(d, id, NULL);
	g_assert_cmpuint(row->number, ==, 2);
	g_assert_cmpuint(row->size, ==, 3000);
	g_assert_cmpint(row->head->id, ==, id);
	g_assert_cmpstr(row->head->account, ==, "home");
	g_autofree char *now = headless(d);
	g_assert_cmpstr(now, ==, "x3 b1 ");
	g_clear_pointer(&d, drop_free);
	mailbox_clear(&m);
}

/* An id is never given to another letter, not even when the cache was thrown
 * away: a list on a screen may be older. */
static void test_ids(void)
{
	struct mailbox m = {0};
	g_autoptr(GError) error = NULL;
	mailbox_init(&m);
	g_setenv("DEWEY_CLOCK", "1800000000", TRUE);
	g_autoptr(drop) d = open_drop(&m);
	list(d, "a b");
	int64_t a = id_of(d, "a"), b = id_of(d, "b");
	list(d, "");
	list(d, "a b");
	g_assert_cmpint(id_of(d, "a"), >, b);
	g_assert_null(drop_find(d, a, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_MISSING);
	b = id_of(d, "b");
	g_autofree char *path = g_strdup(sqlite3_db_filename(index_handle(drop_index(d)), "main"));
	g_clear_pointer(&d, drop_free);
	g_unlink(path);
	g_setenv("DEWEY_CLOCK", "1800000001", TRUE);
	d = open_drop(&m);
	list(d, "z");
	g_assert_cmpint(id_of(d, "z"), >, b);
	g_unsetenv("DEWEY_CLOCK");
	g_clear_pointer(&d, drop_free);
	mailbox_clear(&m);
}

static void test_queries(void)
{
	static const struct {
		const char *query, *expected;
	} rows[] = {{"", "d:- c:three b:договор a:one"}, {"from:olga", "c:three"},
		{"договоры", "b:договор"}, {"larger:1500", "c:three b:договор"},
		{"smaller:1500", "a:one"}, {"is:unread", "c:three b:договор a:one"},
		{"subject:one OR subject:three", "c:three a:one"},
		{"-from:olga", "b:договор a:one"},
		{"account:home before:2024", "c:three b:договор a:one"},
		{"to:anna from:nobody", ""}};
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	mailbox_init(&m);
	g_autoptr(drop) d = open_drop(&m);
	list(d, "a b c d");
	add_head(d, "c", "three", "Olga <olga@example.org>");
	add_head(d, "b", "договор", "Ivan <ivan@example.org>");
	add_head(d, "a", "one", "Ivan <ivan@example.org>");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("query '%s'", rows[i].query);
		assert_rows(d, rows[i].query, rows[i].expected);
	}
	g_autoptr(GArray) ids = drop_match(d, "from:ivan", &error);
	g_assert_cmpuint(ids->len, ==, 2);
	g_assert_cmpint(g_array_index(ids, int64_t, 0), ==, id_of(d, "b"));
	struct list_spec spec = {.query = "from:ivan"};
	g_autoptr(GPtrArray) page = index_list(drop_index(d), &spec, LIST_TOP, false, 10, &error);
	g_assert_cmpuint(page->len, ==, 2);
	/* What has no head is found by its size, until it has one. */
	g_autoptr(GBytes) uid = g_bytes_new("d", 1);
	g_assert_true(drop_begin(d, &error));
	g_assert_true(drop_add_unknown(d, uid, &error));
	g_assert_true(drop_commit(d, &error));
	assert_rows(d, "larger:3500", "d:-");
	assert_rows(d, "larger:3500 from:ivan", "");
	add_head(d, "d", "four", "Ivan <ivan@example.org>");
	assert_rows(d, "larger:3500 from:ivan", "d:four");
	g_assert_null(drop_match(d, "form:ivan", &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_QUERY);
	g_clear_pointer(&d, drop_free);
	mailbox_clear(&m);
}

/* --- what is here -------------------------------------------------------------- */

static void deliver(struct mailbox *m, const char *uid, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) name = g_bytes_new(uid, strlen(uid));
	g_autoptr(delivery) out = delivery_new(m->store, KEY, "Inbox", &error);
	g_assert_no_error(error);
	g_assert_true(delivery_begin(out, name, &error));
	g_assert_true(delivery_write(out, text, strlen(text), &error));
	g_assert_true(delivery_end(out, &error));
	g_assert_true(delivery_commit(out, NULL, NULL, &error));
}

/* What was fetched shows as such at the next look, and is known without TOP. */
static void test_here(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) uid = g_bytes_new("b", 1);
	struct mailbox m = {0};
	mailbox_init(&m);
	g_autoptr(drop) d = open_drop(&m);
	list(d, "a b");
	add_head(d, "a", "one", "Ivan <ivan@example.org>");
	deliver(&m, "a", "Subject: one\n\n");
	deliver(&m, "b", "From: Olga <olga@example.org>\nSubject: two\nMessage-ID: <two@host>\n\n");
	assert_rows(d, "", "b:-! a:one!");
	assert_rows(d, "is:unread", "");
	assert_rows(d, "is:read", "a:one!");
	mailbox_sync(&m);
	g_autoptr(message_row) row = index_by_message_id(mailbox_index(&m), "two@host", &error);
	g_assert_no_error(error);
	g_assert_true(drop_begin(d, &error));
	g_assert_true(drop_add_known(d, uid, row, &error));
	g_assert_true(drop_commit(d, &error));
	assert_rows(d, "from:olga@example.org", "b:two!");
	g_clear_pointer(&d, drop_free);
	mailbox_clear(&m);
}

/* --- another letter under the same UID ----------------------------------------- */

static void test_same(void)
{
	static const struct {
		const char *subject, *from;
		bool same;
	} rows[] = {{"one", "Ivan <ivan@example.org>", true},
		{"two", "Ivan <ivan@example.org>", false},
		{"one", "Olga <ivan@example.org>", false},
		{"one", "Ivan <olga@example.org>", false}};
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	mailbox_init(&m);
	g_autoptr(drop) d = open_drop(&m);
	list(d, "a b");
	add_head(d, "a", "one", "Ivan <ivan@example.org>");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		bool same = !rows[i].same;
		int fd = head_file(rows[i].subject, rows[i].from);
		g_assert_true(drop_is_same(d, id_of(d, "a"), fd, &same, &error));
		g_assert_cmpint(same, ==, rows[i].same);
		g_assert_true(drop_is_same(d, id_of(d, "b"), fd, &same, &error));
		g_assert_true(same);
		close(fd);
	}
	int fd = file_of("From: Ivan <ivan@example.org>\nTo: anna@example.net\nSubject: one\n"
			 "Date: Tue, 14 Nov 2023 22:13:21 +0000\nMessage-ID: <one@host>\n\n");
	bool same;
	g_assert_true(drop_is_same(d, id_of(d, "a"), fd, &same, &error));
	g_assert_false(same);
	close(fd);
	g_assert_true(drop_forget(d, id_of(d, "a"), &error));
	assert_rows(d, NULL, "b:-");
	g_clear_pointer(&d, drop_free);
	mailbox_clear(&m);
}

/* --- damage -------------------------------------------------------------------- */

/* a cache is made anew, and says nothing about it. */
static void test_damage(void)
{
	static const char *const sql[] = {
		"PRAGMA user_version=99", "PRAGMA application_id=99", "DROP TABLE letter"};
	for (size_t i = 0; i <= G_N_ELEMENTS(sql); i++) {
		g_autoptr(GError) error = NULL;
		struct mailbox m = {0};
		mailbox_init(&m);
		g_autoptr(drop) d = open_drop(&m);
		list(d, "a b");
		g_autofree char *path =
			g_strdup(sqlite3_db_filename(index_handle(drop_index(d)), "main"));
		if (i < G_N_ELEMENTS(sql))
			g_assert_true(db_exec(index_handle(drop_index(d)), sql[i], &error));
		g_clear_pointer(&d, drop_free);
		if (i == G_N_ELEMENTS(sql))
			g_file_set_contents(path, "this is no database", -1, &error);
		g_assert_no_error(error);
		d = open_drop(&m);
		assert_rows(d, NULL, "");
		list(d, "a b");
		assert_rows(d, NULL, "b:- a:-");
		g_clear_pointer(&d, drop_free);
		mailbox_clear(&m);
	}
}

int main(int argc, char **argv)
{
	g_setenv("TZ", "UTC", TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/drop/listing", test_listing);
	g_test_add_func("/drop/ids", test_ids);
	g_test_add_func("/drop/queries", test_queries);
	g_test_add_func("/drop/here", test_here);
	g_test_add_func("/drop/same", test_same);
	g_test_add_func("/drop/damage/X-26", test_damage);
	return g_test_run();
}
