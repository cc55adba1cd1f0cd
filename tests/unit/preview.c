/* SPDX-License-Identifier: MIT
 *
 * Previews in the store: made, listed, moved, completed (CHECKLIST P-71, P-72,
 * P-75). */
#include "mailbox.h"

#include <stdio.h>
#include <unistd.h>

#include "store/actions.h"
#include "store/db.h"
#include "store/delivery.h"
#include "store/preview.h"

#define ACCOUNT "home|pop.example.org|995|ivan"
#define WHOLE 12900000

static GBytes *head_of(const char *name, const char *refers, const char *body)
{
	char *text = g_strdup_printf("From: Bob Stone <bob@example.org>\nTo: anna@example.net\n"
				     "Subject: %s\nDate: Wed, 15 Nov 2023 10:00:00 +0000\n"
				     "Message-ID: <%s@host>\n%s\n%s\n",
		name, name, refers, body);
	return g_bytes_new_take(text, strlen(text));
}

static void note_base(int64_t row, const char *base, void *data)
{
	g_assert_cmpint(row, >, 0);
	*(char **)data = g_strdup(base);
}

/* A preview of the letter name, with this UID; its base name. */
static char *put_preview(struct mailbox *m, const char *name)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) uid = g_bytes_new(name, strlen(name));
	g_autoptr(GBytes) text = head_of(name, "References: <a@host>\n", "the first lines");
	g_autoptr(preview_batch) p = preview_batch_new(m->store, ACCOUNT, "Inbox", &error);
	char *base = NULL;
	g_assert_no_error(error);
	g_assert_true(preview_batch_add(p, uid, WHOLE, text, &error));
	g_assert_true(preview_batch_commit(p, note_base, &base, &error));
	g_assert_cmpuint(preview_batch_waiting(p), ==, 0);
	return base;
}

static struct uid_row *row_of(struct mailbox *m, const char *base)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *account = NULL;
	struct ledger *l = store_ledger(m->store, NULL);
	struct uid_row *row = uids_by_base(l, base, &account, &error);
	g_assert_no_error(error);
	if (row)
		g_assert_cmpstr(account, ==, ACCOUNT);
	return row;
}

static int state_of(struct mailbox *m, const char *base)
{
	struct uid_row *row = row_of(m, base);
	int state = row ? (int)row->state : -1;
	uid_row_free(row);
	return state;
}

/* "Folder: subject flags" of all, with "%" behind previews. */
static char *state(struct mailbox *m)
{
	GString *out = g_string_new(NULL);
	mailbox_sync(m);
	g_autoptr(GPtrArray) folders = index_folders(mailbox_index(m), NULL);
	for (guint f = 0; f < folders->len; f++) {
		const struct folder_row *folder = folders->pdata[f];
		struct list_spec spec = {.folder = folder->name};
		g_autoptr(GPtrArray) rows =
			index_list(mailbox_index(m), &spec, LIST_TOP, false, 100, NULL);
		g_assert_cmpint(rows->len, ==, folder->total);
		if (rows->len > 0)
			g_string_append_printf(out, "%s%s:", out->len ? "; " : "", folder->name);
		for (guint i = 0; i < rows->len; i++) {
			const struct message_row *row = rows->pdata[i];
			char letters[7];
			flags_to_letters(row->flags, letters);
			g_string_append_printf(
				out, " %s%s%s", row->subject, letters, row->partial ? "%" : "");
		}
	}
	return g_string_free(out, FALSE);
}

#define CHECK(m, expected)                                                                         \
	do {                                                                                       \
		g_autofree char *now = state(m);                                                   \
		g_assert_cmpstr(now, ==, expected);                                                \
	} while (0)

static char *text_of(struct mailbox *m, const char *name)
{
	g_autoptr(message_row) row = index_message(mailbox_index(m), mailbox_id(m, name), NULL);
	char text[2000];
	int fd = preview_or_message_open(m->store, row->folder, row->file, NULL);
	g_assert_cmpint(fd, >=, 0);
	ssize_t n = read(fd, text, sizeof text);
	close(fd);
	return g_strndup(text, (gsize)n);
}

static void test_listed(void)
{
	struct mailbox m = {0};
	mailbox_init(&m);
	mailbox_put(&m, &(struct letter){.name = "a", .day = 0, .info = "S"});
	g_autofree char *base = put_preview(&m, "big");
	for (int made = 0; made < 2; made++) {
		CHECK(&m, "Inbox: big% aS");
		g_autoptr(message_row) row =
			index_message(mailbox_index(&m), mailbox_id(&m, "big"), NULL);
		g_assert_true(row->partial);
		g_assert_true(row->is_new);
		g_assert_cmpint(row->size, ==, WHOLE);
		g_assert_cmpstr(row->account, ==, "home");
		g_assert_cmpstr(row->snippet, ==, "the first lines");
		g_autofree char *partial = mailbox_list(&m, NULL, "is:partial", LIST_BY_DATE);
		g_assert_cmpstr(partial, ==, "big");
		g_autofree char *whole = mailbox_list(&m, NULL, "NOT is:partial", LIST_BY_DATE);
		g_assert_cmpstr(whole, ==, "a");
		g_autofree char *found = mailbox_list(&m, NULL, "lines larger:12M", LIST_BY_DATE);
		g_assert_cmpstr(found, ==, "big");
		g_autofree char *thread = mailbox_list(&m, "Inbox", NULL, LIST_BY_THREAD);
		g_assert_cmpstr(thread, ==, "a, .big");
		/* The second time with an index made anew. */
		store_free(m.store);
		g_autofree char *path = g_build_filename(m.root, ".dewey", "index.db", NULL);
		g_assert_cmpint(g_remove(path), ==, 0);
		mailbox_open(&m);
	}
	/* No other mail program sees it. */
	g_autofree char *place = g_build_filename(m.root, ".dewey/preview/Inbox/new", base, NULL);
	g_assert_cmpint(access(place, F_OK), ==, 0);
	mailbox_clear(&m);
}

static GArray *only(struct mailbox *m, const char *name)
{
	int64_t id = mailbox_id(m, name);
	GArray *ids = g_array_new(FALSE, FALSE, sizeof id);
	return g_array_append_val(ids, id);
}

static void done(struct action_result *r, const GError *error)
{
	g_assert_no_error(error);
	g_assert_cmpint(r->done, ==, 1);
	action_result_clear(r);
}

static void move(struct mailbox *m, const char *name, const char *folder)
{
	g_autoptr(GArray) ids = only(m, name);
	g_autoptr(GError) error = NULL;
	struct action_result r;
	action_move(m->store, ids, folder, &r, &error);
	done(&r, error);
}

static void undo(struct mailbox *m)
{
	g_autoptr(GError) error = NULL;
	struct action_result r;
	action_undo(m->store, &r, &error);
	done(&r, error);
}

static void flag(struct mailbox *m, const char *name, unsigned set)
{
	g_autoptr(GArray) ids = only(m, name);
	g_autoptr(GError) error = NULL;
	struct action_result r;
	action_flags(m->store, ids, set, 0, &r, &error);
	done(&r, error);
}

static void delete (struct mailbox *m, const char *name)
{
	g_autoptr(GArray) ids = only(m, name);
	g_autoptr(GError) error = NULL;
	struct action_result r;
	action_delete_for_good(m->store, ids, &r, &error);
	done(&r, error);
}

/* A preview is marked, moved, deleted and brought back as a message is. */
static void test_actions(void)
{
	struct mailbox m = {0};
	struct action_result r = {0};
	g_autoptr(GError) error = NULL;
	mailbox_init(&m);
	g_autofree char *base = put_preview(&m, "big");
	mailbox_sync(&m);
	flag(&m, "big", FLAG_FLAGGED);
	CHECK(&m, "Inbox: bigF%");
	undo(&m);
	CHECK(&m, "Inbox: big%");
	move(&m, "big", "Lists/x");
	CHECK(&m, "Lists/x: big%");
	undo(&m);
	CHECK(&m, "Inbox: big%");
	delete (&m, "big");
	CHECK(&m, "Trash: big%");
	undo(&m);
	CHECK(&m, "Inbox: big%");
	g_autoptr(GArray) ids = only(&m, "big");
	g_assert_false(action_copy(m.store, ids, "Archive", &r, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_STATE);
	action_result_clear(&r);
	CHECK(&m, "Inbox: big%");
	g_assert_cmpint(state_of(&m, base), ==, UID_PREVIEW);
	mailbox_clear(&m);
}

static const struct uid_row *by_uid(const GPtrArray *rows, const char *uid)
{
	for (guint i = 0; i < rows->len; i++) {
		const struct uid_row *row = rows->pdata[i];
		gsize len;
		const char *name = g_bytes_get_data(row->uid, &len);
		if (len == strlen(uid) && memcmp(name, uid, len) == 0)
			return row;
	}
	g_assert_not_reached();
}

/* Removed for good: the server is told only if that was wanted. */
static void test_unwanted(void)
{
	struct mailbox m = {0};
	g_autoptr(GError) error = NULL;
	mailbox_init(&m);
	g_autofree char *big = put_preview(&m, "big");
	g_free(put_preview(&m, "kept"));
	mailbox_sync(&m);
	delete (&m, "big");
	delete (&m, "kept");
	g_assert_cmpint(state_of(&m, big), ==, UID_PREVIEW);
	g_autoptr(GArray) ids = only(&m, "big");
	g_assert_true(action_unwanted(m.store, ids, &error));
	delete (&m, "big");
	delete (&m, "kept");
	CHECK(&m, "");
	g_autoptr(GPtrArray) rows = uids_load(store_ledger(m.store, NULL), ACCOUNT, &error);
	const struct uid_row *row = by_uid(rows, "big");
	g_assert_cmpint(row->state, ==, UID_DEL_UNKNOWN);
	g_assert_cmpstr(row->base, ==, "");
	g_assert_cmpint(row->size, ==, WHOLE);
	g_assert_cmpint(by_uid(rows, "kept")->state, ==, UID_PREVIEW);
	mailbox_clear(&m);
}

/* Fetches the rest of a preview, up to the commit. */
static struct delivery *begin_rest(struct mailbox *m, const char *name, const char *base)
{
	g_autoptr(GError) error = NULL;
	struct maildir_place place = {0};
	g_autoptr(GBytes) uid = g_bytes_new(name, strlen(name));
	g_autoptr(GBytes) text = head_of(name, "References: <a@host>\n", "all of it");
	g_autofree char *folder = preview_find(m->store, "Inbox", base, &place, &error);
	g_assert_no_error(error);
	struct delivery *d = delivery_new(m->store, ACCOUNT, folder, &error);
	g_assert_true(delivery_begin(d, uid, &error));
	g_assert_true(delivery_complete(d, base, &place, &error));
	g_assert_true(
		delivery_write(d, g_bytes_get_data(text, NULL), g_bytes_get_size(text), &error));
	g_assert_true(delivery_end(d, &error));
	maildir_place_clear(&place);
	return d;
}

/* P-72: the letter takes the place of its preview: folder, name, flags, thread;
 * what was done to the preview can still be undone. */
static void test_completed(void)
{
	struct mailbox m = {0};
	g_autoptr(GError) error = NULL;
	mailbox_init(&m);
	mailbox_put(&m, &(struct letter){.name = "a", .day = 0, .info = "S"});
	g_autofree char *base = put_preview(&m, "big");
	mailbox_sync(&m);
	flag(&m, "big", FLAG_FLAGGED | FLAG_SEEN);
	move(&m, "big", "Archive");
	CHECK(&m, "Inbox: aS; Archive: bigFS%");
	g_autoptr(delivery) d = begin_rest(&m, "big", base);
	CHECK(&m, "Inbox: aS; Archive: bigFS%");
	g_assert_true(delivery_commit(d, NULL, NULL, &error));
	CHECK(&m, "Inbox: aS; Archive: bigFS");
	g_autofree char *text = text_of(&m, "big");
	g_assert_nonnull(strstr(text, "all of it"));
	g_assert_cmpint(state_of(&m, base), ==, UID_STORED);
	g_assert_false(preview_is(m.store, "Archive", base));
	g_autofree char *found = mailbox_list(&m, NULL, "\"first lines\"", LIST_BY_DATE);
	g_assert_cmpstr(found, ==, "");
	g_autofree char *thread = mailbox_list(&m, NULL, NULL, LIST_BY_THREAD);
	g_assert_cmpstr(thread, ==, "a, .big");
	undo(&m);
	CHECK(&m, "Inbox: bigFS aS");
	undo(&m);
	CHECK(&m, "Inbox: big aS");
	g_clear_pointer(&d, delivery_free);
	mailbox_clear(&m);
}

static void exec(struct mailbox *m, const char *sql)
{
	g_autoptr(GError) error = NULL;
	g_assert_true(db_exec(ledger_db(store_ledger(m->store, NULL)), sql, &error));
}

static void recover(struct mailbox *m)
{
	g_autoptr(GError) error = NULL;
	delivery_recover(m->store, ACCOUNT, &error);
	g_assert_no_error(error);
}

static void rename_in(struct mailbox *m, const char *from, const char *to, const char *base)
{
	g_autofree char *old = g_build_filename(m->root, from, base, NULL);
	g_autofree char *new = g_build_filename(m->root, to, base, NULL);
	g_assert_cmpint(rename(old, new), ==, 0);
}

/* A crash when the letter was renamed and its preview still lay there; one
 * where the letter was lost; one before the preview itself was renamed. */
static void test_crashed(void)
{
	struct mailbox m = {0};
	g_autoptr(GError) error = NULL;
	mailbox_init(&m);
	g_autofree char *base = put_preview(&m, "big"), *other = put_preview(&m, "other");
	g_autofree char *kept = g_strconcat(base, ".kept", NULL);
	g_autofree char *from = g_build_filename(m.root, ".dewey/preview/Inbox/new", base, NULL);
	g_autofree char *aside = g_build_filename(m.root, kept, NULL);
	g_autoptr(delivery) d = begin_rest(&m, "big", base);
	g_assert_cmpint(link(from, aside), ==, 0);
	g_assert_true(delivery_commit(d, NULL, NULL, &error));
	g_assert_cmpint(rename(aside, from), ==, 0);
	exec(&m, "UPDATE uid SET state = 0, stored = 0 WHERE uid = CAST('big' AS BLOB)");
	CHECK(&m, "Inbox: other% big");
	recover(&m);
	CHECK(&m, "Inbox: other% big");
	g_assert_cmpint(state_of(&m, base), ==, UID_STORED);
	g_assert_false(preview_is(m.store, "Inbox", base));

	exec(&m, "UPDATE uid SET state = 0 WHERE uid = CAST('other' AS BLOB)");
	recover(&m);
	g_assert_cmpint(state_of(&m, other), ==, UID_PREVIEW);

	rename_in(&m, ".dewey/preview/Inbox/new", ".dewey/preview/Inbox/tmp", other);
	CHECK(&m, "Inbox: big");
	recover(&m);
	CHECK(&m, "Inbox: other% big");
	g_clear_pointer(&d, delivery_free);
	mailbox_clear(&m);
}

/* P-71: what turned out to be too large is remembered, by what came of it. */
static void test_skipped(void)
{
	struct mailbox m = {0};
	g_autoptr(GError) error = NULL;
	mailbox_init(&m);
	struct ledger *l = store_ledger(m.store, NULL);
	g_autoptr(GBytes) uid = g_bytes_new_static("liar", 4);
	g_assert_true(uids_skip(l, ACCOUNT, uid, 7, 1000, &error));
	g_assert_true(uids_skip(l, ACCOUNT, uid, 7, 2000, &error));
	g_autoptr(GPtrArray) rows = uids_load(l, ACCOUNT, &error);
	g_assert_cmpuint(rows->len, ==, 1);
	const struct uid_row *row = rows->pdata[0];
	g_assert_cmpint(row->state, ==, UID_SKIPPED);
	g_assert_cmpint(row->sent, ==, 2000);
	g_assert_cmpint(row->whole, ==, 7);
	/* Its preview is made all the same. */
	g_autofree char *base = put_preview(&m, "liar");
	g_assert_cmpint(state_of(&m, base), ==, UID_PREVIEW);
	g_assert_true(uids_skip(l, ACCOUNT, uid, 8, 3000, &error));
	struct uid_row *preview = row_of(&m, base);
	g_assert_cmpint(preview->state, ==, UID_PREVIEW);
	g_assert_cmpint(preview->sent, ==, 3000);
	g_assert_cmpint(preview->whole, ==, 8);
	uid_row_free(preview);
	mailbox_clear(&m);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/preview/P-75: listed, found, counted, threaded", test_listed);
	g_test_add_func("/preview/marked, moved, deleted, undone", test_actions);
	g_test_add_func("/preview/unwanted on the server only after a yes", test_unwanted);
	g_test_add_func("/preview/P-72: completed in place", test_completed);
	g_test_add_func("/preview/P-58: completed through a crash", test_crashed);
	g_test_add_func("/preview/P-71: too large", test_skipped);
	return g_test_run();
}
