/* SPDX-License-Identifier: MIT
 *
 * What is known of how a letter came. */
#include "mailbox.h"

#include "store/maildir.h"
#include "store/why.h"

static const char maildrop[] = "home|pop.example.org|995|ivan";

static struct message_row *row_of(struct mailbox *m, const char *name)
{
	struct message_row *row = index_message(mailbox_index(m), mailbox_id(m, name), NULL);
	g_assert_nonnull(row);
	return row;
}

static struct why *ask(struct mailbox *m, const struct message_row *row)
{
	g_autoptr(GError) error = NULL;
	struct why *w = why_of(m->store, row, &error);
	g_assert_no_error(error);
	return w;
}

/* As an agent that fetched it would have noted it. */
static void note(struct mailbox *m, const struct message_row *row, const char *sha256)
{
	g_autoptr(GError) error = NULL;
	struct ledger *l = store_ledger(m->store, &error);
	g_autofree char *base = g_strndup(row->file, maildir_base_length(row->file));
	struct uid_row u = {.uid = g_bytes_new_static("0001f5\x1b", 7),
		.folder = row->folder,
		.base = base,
		.stored = MAILBOX_BEGIN,
		.seen = MAILBOX_BEGIN,
		.size = row->size};
	g_strlcpy(u.sha256, sha256, sizeof u.sha256);
	g_assert_true(uids_adopt(l, maildrop, &u, &error));
	g_bytes_unref(u.uid);
}

static void test_fetched(void)
{
	struct mailbox m = {0};
	mailbox_init(&m);
	mailbox_put(&m, &(struct letter){.name = "a", .day = 1, .body = "lake"});
	mailbox_put(&m, &(struct letter){.name = "b", .day = 2, .body = "mill"});
	mailbox_sync(&m);
	g_autoptr(message_row) row = row_of(&m, "a");
	g_autoptr(message_row) other = row_of(&m, "b");
	g_autoptr(why) before = ask(&m, row);
	g_assert_null(before->uid);
	g_assert_null(before->maildrop);
	g_assert_cmpuint(before->changes->len, ==, 0);
	g_assert_cmpuint(before->others->len, ==, 0);
	g_assert_true(g_str_has_prefix(before->path, m.root));
	g_assert_cmpint(before->size, ==, row->size);
	note(&m, row, before->sha256);
	g_autoptr(why) w = ask(&m, row);
	g_assert_cmpstr(w->maildrop, ==, maildrop);
	g_assert_cmpint(w->uid->stored, ==, MAILBOX_BEGIN);
	g_assert_cmpint(w->uid->state, ==, UID_STORED);
	g_assert_cmpstr(w->uid->sha256, ==, w->sha256);
	g_autoptr(why) none = ask(&m, other);
	g_assert_null(none->uid);
	g_assert_cmpstr(none->sha256, !=, w->sha256);
	mailbox_clear(&m);
}

static void test_missing(void)
{
	struct mailbox m = {0};
	g_autoptr(GError) error = NULL;
	mailbox_init(&m);
	mailbox_put(&m, &(struct letter){.name = "a", .day = 1, .body = "lake"});
	mailbox_sync(&m);
	g_autoptr(message_row) row = row_of(&m, "a");
	g_autoptr(why) w = ask(&m, row);
	g_assert_cmpint(g_unlink(w->path), ==, 0);
	g_assert_null(why_of(m.store, row, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_MISSING);
	mailbox_clear(&m);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/why/fetched", test_fetched);
	g_test_add_func("/why/missing", test_missing);
	return g_test_run();
}
