/* SPDX-License-Identifier: MIT */
#include "mailbox.h"

#include <sqlite3.h>

#include "store/index-tags.h"
#include "store/maildir.h"

static const struct letter some[] = {
	{.name = "a", .day = 1},
	{.name = "b", .day = 2, .info = "S"},
	{.name = "c", .day = 3, .folder = "Lists/x"},
};

static void fill(struct mailbox *m)
{
	mailbox_init(m);
	for (size_t i = 0; i < G_N_ELEMENTS(some); i++)
		mailbox_put(m, &some[i]);
	mailbox_sync(m);
}

static void tag(struct mailbox *m, const char *names, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) list = g_strsplit(names, " ", -1);
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_auto(tag_change) change = {0};
	struct action_result r = {0};
	for (char **name = list; *name; name++) {
		int64_t id = mailbox_id(m, *name);
		g_array_append_val(ids, id);
	}
	g_assert_true(tag_change_parse(text, &change, &error));
	action_tag(m->store, ids, &change, &r, &error);
	g_assert_no_error(error);
	action_result_clear(&r);
}

/* "a: todo work; b: ; c: ", as rows of lists have them. */
static char *state(struct mailbox *m)
{
	GString *out = g_string_new(NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(some); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(message_row) row =
			index_message(mailbox_index(m), mailbox_id(m, some[i].name), &error);
		g_assert_no_error(error);
		g_string_append_printf(out, "%s%s:%s%s", i ? "; " : "", some[i].name,
			*row->tags ? " " : "", row->tags);
	}
	return g_string_free(out, FALSE);
}

#define ASSERT_STATE(m, text)                                                                      \
	do {                                                                                       \
		g_autofree char *now = state(m);                                                   \
		g_assert_cmpstr(now, ==, text);                                                    \
	} while (0)

static char *all_tags(struct mailbox *m)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) tags = index_tags(mailbox_index(m), &error);
	g_assert_no_error(error);
	g_ptr_array_add(tags, NULL);
	return g_strjoinv(",", (char **)tags->pdata);
}

static void undo(struct mailbox *m, const char *text)
{
	g_autoptr(GError) error = NULL;
	struct action_result r = {0};
	action_undo(m->store, &r, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(r.text, ==, text);
	action_result_clear(&r);
}

static void reopen(struct mailbox *m)
{
	g_clear_pointer(&m->store, store_free);
	mailbox_open(m);
}

static void test_tag_and_undo(void)
{
	struct mailbox m = {0};
	fill(&m);
	tag(&m, "a b", "+work todo");
	tag(&m, "b c", "-todo +Später");
	ASSERT_STATE(&m, "a: todo work; b: später work; c: später");
	g_autofree char *tags = all_tags(&m);
	g_assert_cmpstr(tags, ==, "später,todo,work");
	reopen(&m);
	undo(&m, "tags of 2 messages taken back");
	ASSERT_STATE(&m, "a: todo work; b: todo work; c:");
	undo(&m, "tags of 2 messages taken back");
	ASSERT_STATE(&m, "a:; b:; c:");
	undo(&m, "there is nothing to undo");
	mailbox_clear(&m);
}

/* What changes nothing is no entry. */
static void test_same_again(void)
{
	struct mailbox m = {0};
	fill(&m);
	tag(&m, "a", "work");
	tag(&m, "a", "work -todo");
	undo(&m, "tags of 1 message taken back");
	undo(&m, "there is nothing to undo");
	mailbox_clear(&m);
}

static void remove_index(struct mailbox *m)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	g_clear_pointer(&m->store, store_free);
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *path = g_strconcat(m->root, "/.dewey/index.db", ends[i], NULL);
		g_unlink(path);
	}
	mailbox_open(m);
	mailbox_sync(m);
}

static void test_new_index(void)
{
	struct mailbox m = {0};
	fill(&m);
	tag(&m, "a c", "work");
	remove_index(&m);
	ASSERT_STATE(&m, "a: work; b:; c: work");
	mailbox_clear(&m);
}

/* A power failure may take the last commits of the index, none of the ledger. */
static void test_index_behind(void)
{
	struct mailbox m = {0};
	fill(&m);
	tag(&m, "a", "old");
	g_assert_cmpint(sqlite3_exec(index_handle(mailbox_index(&m)),
				"CREATE TEMP TABLE kept AS SELECT * FROM tag", NULL, NULL, NULL),
		==, SQLITE_OK);
	tag(&m, "a b", "new -old");
	g_assert_cmpint(
		sqlite3_exec(index_handle(mailbox_index(&m)),
			"DELETE FROM tag; INSERT INTO tag SELECT * FROM kept", NULL, NULL, NULL),
		==, SQLITE_OK);
	ASSERT_STATE(&m, "a: old; b:; c:");
	mailbox_sync(&m);
	ASSERT_STATE(&m, "a: new; b: new; c:");
	mailbox_clear(&m);
}

static void test_moved_by_others(void)
{
	struct mailbox m = {0};
	fill(&m);
	tag(&m, "b", "work");
	g_autofree char *from = mailbox_file(&m, &some[1]);
	g_autofree char *name = g_path_get_basename(from);
	g_autofree char *to = g_build_filename(m.root, "Archive", "cur", name, NULL);
	g_assert_cmpint(g_rename(from, to), ==, 0);
	mailbox_sync(&m);
	ASSERT_STATE(&m, "a:; b: work; c:");
	mailbox_clear(&m);
}

static void test_words(void)
{
	static const char *const wrong[] = {"", "+", "--a", "a(b", "\"x\"", "+a -\x01", NULL};
	for (const char *const *text = wrong; *text; text++) {
		g_autoptr(GError) error = NULL;
		g_auto(tag_change) change = {0};
		g_assert_false(tag_change_parse(*text, &change, &error));
		g_assert_error(error, STORE_ERROR, STORE_ERROR_NAME);
	}
	g_auto(tag_change) change = {0};
	g_assert_true(tag_change_parse("ЖДУ, +a-b  -c", &change, NULL));
	g_autofree char *tags = tags_changed("c d", &change);
	g_assert_cmpstr(tags, ==, "a-b d жду");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tags/words", test_words);
	g_test_add_func("/tags/P-75 tagged, and taken back in another process", test_tag_and_undo);
	g_test_add_func("/tags/the same again is no entry", test_same_again);
	g_test_add_func("/tags/X-26 a new index has them", test_new_index);
	g_test_add_func(
		"/tags/X-23 an index that is behind the ledger catches up", test_index_behind);
	g_test_add_func("/tags/X-10 they stay when another program moves", test_moved_by_others);
	return g_test_run();
}
