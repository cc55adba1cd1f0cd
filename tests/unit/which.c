/* SPDX-License-Identifier: MIT
 *
 * Which of a few messages a query finds, and what has come: colours and notices. */
#include "mailbox.h"

enum { MANY = 300 };

static const char *const queries[] = {"word", "wo*", "rare", "word -rare", "rare OR is:flagged",
	"is:unread", "subject:s3 is:unread", "from:p7", "after:2024", "in:Archive", "-is:unread", "",
	"larger:1M", "qqqq", "in:Archive word NOT rare"};

static void fill(struct mailbox *m)
{
	for (int i = 0; i < MANY; i++) {
		g_autofree char *name = g_strdup_printf("m%d", i);
		g_autofree char *from = g_strdup_printf("P%d <p@example.org>", i % 17);
		g_autofree char *subject = g_strdup_printf("S%d", i % 23);
		mailbox_put(m, &(struct letter){.name = name,
				       .day = i,
				       .from = from,
				       .info = i % 3 == 0 ? NULL : i % 7 ? "S" : "FS",
				       .folder = i % 4 ? i % 5 ? "Inbox" : "Trash" : "Archive",
				       .subject = subject,
				       .body = i % 11 ? "word" : "word rare"});
	}
	mailbox_sync(m);
}

static GHashTable *found_by(struct index *ix, const char *query)
{
	GHashTable *all = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	static const char *const folders[] = {"Inbox", "Archive", "Trash"};
	for (size_t n = 0; n < G_N_ELEMENTS(folders); n++) {
		g_autoptr(GArray) ids = index_ids(ix, folders[n], query, NULL);
		for (guint i = 0; i < ids->len; i++)
			g_hash_table_add(all,
				g_memdup2(&g_array_index(ids, int64_t, i), sizeof(int64_t)));
	}
	return all;
}

/* Of any messages, in any order: those that a list of the query has. */
static void test_which(void)
{
	struct mailbox m = {0};
	g_autoptr(GRand) rand = g_rand_new_with_seed(5);
	mailbox_init(&m);
	fill(&m);
	struct index *ix = mailbox_index(&m);
	for (size_t n = 0; n < G_N_ELEMENTS(queries); n++) {
		g_autoptr(GHashTable) all = found_by(ix, queries[n]);
		g_autoptr(GArray) some = g_array_new(FALSE, FALSE, sizeof(int64_t));
		g_autoptr(GError) error = NULL;
		guint expected = 0;
		for (int i = 0; i < 60; i++) {
			/* Far apart as well, and some that are not there. */
			int64_t id = g_rand_int_range(rand, 1, MANY + 20) + (i % 9 ? 0 : 100000);
			g_array_append_val(some, id);
		}
		g_autoptr(GHashTable) got = index_which(ix, queries[n], some, &error);
		g_assert_no_error(error);
		g_autoptr(GHashTable) once = g_hash_table_new(g_int64_hash, g_int64_equal);
		for (guint i = 0; i < some->len; i++) {
			int64_t *id = &g_array_index(some, int64_t, i);
			g_assert_true(g_hash_table_contains(all, id) ==
				      g_hash_table_contains(got, id));
			expected += g_hash_table_add(once, id) && g_hash_table_contains(all, id);
		}
		g_assert_cmpuint(g_hash_table_size(got), ==, expected);
	}
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_assert_null(index_which(ix, "form:x", none, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_QUERY);
	mailbox_clear(&m);
}

static guint arrived(struct mailbox *m, int day, int64_t *mark)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) ids = index_arrivals(
		mailbox_index(m), MAILBOX_BEGIN + day * (int64_t)MAILBOX_DAY, mark, &error);
	g_assert_no_error(error);
	return ids->len;
}

/* Once each, and neither what was there nor what is old, read or one's own. */
static void test_arrivals(void)
{
	struct mailbox m = {0};
	int64_t mark = -1;
	mailbox_init(&m);
	mailbox_put(&m, &(struct letter){.name = "before", .day = 9, .body = "x"});
	mailbox_sync(&m);
	g_assert_cmpuint(arrived(&m, 5, &mark), ==, 0);
	mailbox_put(&m, &(struct letter){.name = "new", .day = 6, .body = "x"});
	mailbox_put(&m, &(struct letter){.name = "old", .day = 4, .body = "x"});
	mailbox_put(&m, &(struct letter){.name = "read", .day = 6, .info = "S", .body = "x"});
	mailbox_put(&m, &(struct letter){.name = "sent", .day = 6, .folder = "Sent", .body = "x"});
	mailbox_sync(&m);
	g_assert_cmpuint(arrived(&m, 5, &mark), ==, 1);
	g_assert_cmpuint(arrived(&m, 5, &mark), ==, 0);
	mailbox_put(&m, &(struct letter){.name = "more", .day = 7, .folder = "A", .body = "x"});
	mailbox_sync(&m);
	g_assert_cmpuint(arrived(&m, 5, &mark), ==, 1);
	mailbox_clear(&m);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/which/P-75 of a few messages", test_which);
	g_test_add_func("/store/which/arrivals", test_arrivals);
	return g_test_run();
}
