/* SPDX-License-Identifier: MIT */
#include "mailbox.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/actions.h"
#include "store/outbox.h"

static const struct letter some[] = {
	{.name = "a", .day = 1},
	{.name = "b", .day = 2, .info = "S"},
	{.name = "c", .day = 3, .info = "FRSx"},
	{.name = "d", .day = 4, .folder = "Lists/x"},
};

static void fill(struct mailbox *m)
{
	mailbox_init(m);
	for (size_t i = 0; i < G_N_ELEMENTS(some); i++)
		mailbox_put(m, &some[i]);
	mailbox_sync(m);
}

/* "folder: subject flags" of all, and that the index agrees with the files. */
static char *state(struct mailbox *m)
{
	static const char *const folders[] = {"Inbox", "Archive", "Trash", "Lists/x"};
	GString *out = g_string_new(NULL);
	struct sync_result r = mailbox_sync(m);
	g_assert_cmpint(r.added + r.removed + r.changed, ==, 0);
	for (size_t f = 0; f < G_N_ELEMENTS(folders); f++) {
		struct list_spec spec = {.folder = folders[f]};
		g_autoptr(GPtrArray) rows =
			index_list(mailbox_index(m), &spec, LIST_TOP, false, 100, NULL);
		int64_t total, unread;
		g_assert_true(index_count(mailbox_index(m), &spec, &total, &unread, NULL));
		g_assert_cmpint(total, ==, rows->len);
		if (rows->len > 0)
			g_string_append_printf(out, "%s%s:", out->len ? "; " : "", folders[f]);
		for (guint i = 0; i < rows->len; i++) {
			const struct message_row *row = rows->pdata[i];
			char letters[7];
			flags_to_letters(row->flags, letters);
			unread -= (row->flags & FLAG_SEEN) == 0;
			g_string_append_printf(out, " %s%s", row->subject, letters);
		}
		g_assert_cmpint(unread, ==, 0);
	}
	return g_string_free(out, FALSE);
}

#define BEFORE "Inbox: cFRS bS a; Lists/x: d"

enum verb { FLAGS, MOVE, COPY, DELETE, UNDELETE };

static const struct {
	const char *name;
	enum verb verb;
	const char *names, *folder;
	unsigned set, clear;
	const char *text, *after;
} rows[] = {
	{"mark one", FLAGS, "a", NULL, FLAG_SEEN, 0, "1 message marked",
		"Inbox: cFRS bS aS; Lists/x: d"},
	{"mark several", FLAGS, "a b c", NULL, FLAG_FLAGGED, FLAG_SEEN, "3 messages marked",
		"Inbox: cFR bF aF; Lists/x: d"},
	{"move", MOVE, "a d", "Archive", 0, 0, "2 messages moved to Archive",
		"Inbox: cFRS bS; Archive: d a"},
	{"move where it is", MOVE, "b d", "Lists/x", 0, 0, "1 message moved to Lists/x",
		"Inbox: cFRS a; Lists/x: d bS"},
	{"copy", COPY, "c", "Archive", 0, 0, "1 message copied to Archive",
		"Inbox: cFRS bS a; Archive: cFRS; Lists/x: d"},
	{"delete", DELETE, "c d", NULL, 0, 0, "2 messages deleted", "Inbox: bS a; Trash: d cFRS"},
};

static bool act(struct mailbox *m, size_t i, struct action_result *r)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) ids = mailbox_ids(m, rows[i].names);
	bool ok = false;
	if (rows[i].verb == FLAGS)
		ok = action_flags(m->store, ids, rows[i].set, rows[i].clear, r, &error);
	else if (rows[i].verb == MOVE)
		ok = action_move(m->store, ids, rows[i].folder, r, &error);
	else if (rows[i].verb == COPY)
		ok = action_copy(m->store, ids, rows[i].folder, r, &error);
	else
		ok = action_delete(m->store, ids, r, &error);
	g_assert_no_error(error);
	return ok;
}

/* Each action, its text, and that undo gives the state before, in another
 * process even. */
static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		struct mailbox m = {0};
		struct action_result r;
		fill(&m);
		g_autofree char *before = state(&m);
		g_assert_cmpstr(before, ==, BEFORE);
		g_test_message("row '%s'", rows[i].name);
		g_assert_true(act(&m, i, &r));
		g_assert_cmpstr(r.text, ==, rows[i].text);
		action_result_clear(&r);
		g_autofree char *after = state(&m);
		g_assert_cmpstr(after, ==, rows[i].after);
		store_free(m.store);
		mailbox_open(&m);
		g_assert_true(action_undo(m.store, &r, &error));
		action_result_clear(&r);
		g_autofree char *undone = state(&m);
		g_assert_cmpstr(undone, ==, BEFORE);
		g_assert_true(action_undo(m.store, &r, &error));
		g_assert_cmpint(r.done, ==, 0);
		g_assert_cmpstr(r.text, ==, "there is nothing to undo");
		action_result_clear(&r);
		mailbox_clear(&m);
	}
}

static void test_trash(void)
{
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	struct action_result r;
	fill(&m);
	g_autoptr(GArray) ids = mailbox_ids(&m, "c d");
	g_assert_true(action_delete(m.store, ids, &r, &error));
	action_result_clear(&r);
	/* Each goes back to where it came from. */
	g_assert_true(action_undelete(m.store, ids, &r, &error));
	g_assert_cmpstr(r.text, ==, "2 messages put back");
	action_result_clear(&r);
	g_autofree char *back = state(&m);
	g_assert_cmpstr(back, ==, BEFORE);
	g_assert_true(action_delete(m.store, ids, &r, &error));
	action_result_clear(&r);
	/* Deleted twice, as two front ends would: it lies in Trash, no more than that. */
	g_assert_true(action_delete(m.store, ids, &r, &error));
	g_assert_cmpstr(r.text, ==, "0 messages deleted");
	action_result_clear(&r);
	g_autofree char *twice = state(&m);
	g_assert_cmpstr(twice, ==, "Inbox: bS a; Trash: d cFRS");
	/* What lies in Trash is removed for good, and that has no undo. */
	g_assert_true(action_delete_for_good(m.store, ids, &r, &error));
	g_assert_cmpstr(r.text, ==, "2 messages removed for good");
	action_result_clear(&r);
	g_autofree char *gone = state(&m);
	g_assert_cmpstr(gone, ==, "Inbox: bS a");
	g_assert_true(action_undo(m.store, &r, &error));
	g_assert_cmpint(r.done, ==, 0);
	g_assert_cmpint(r.missing, ==, 2);
	action_result_clear(&r);
	mailbox_clear(&m);
}

/* X-10: another program was faster. */
static void test_missing(void)
{
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	struct action_result r;
	fill(&m);
	g_autoptr(GArray) ids = mailbox_ids(&m, "a b");
	g_autofree char *gone = mailbox_file(&m, &some[0]);
	g_unlink(gone);
	g_assert_true(action_move(m.store, ids, "Archive", &r, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(r.text, ==, "1 message moved to Archive; 1 was gone already");
	g_assert_cmpint(r.missing, ==, 1);
	action_result_clear(&r);
	mailbox_sync(&m);
	g_autofree char *after = state(&m);
	g_assert_cmpstr(after, ==, "Inbox: cFRS; Archive: bS; Lists/x: d");
	mailbox_clear(&m);
}

/* Flags that are not ours stay in the name (X-05). */
static void test_unknown_flags(void)
{
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	struct action_result r;
	fill(&m);
	g_autoptr(GArray) ids = mailbox_ids(&m, "c");
	g_assert_true(action_flags(m.store, ids, FLAG_PASSED, FLAG_FLAGGED, &r, &error));
	action_result_clear(&r);
	g_autoptr(message_row) row =
		index_message(mailbox_index(&m), g_array_index(ids, int64_t, 0), &error);
	g_assert_true(g_str_has_suffix(row->file, ":2,PRSx"));
	mailbox_clear(&m);
}

static void test_add(void)
{
	static const char text[] =
		"From: a@example.org\nSubject: draft\nMessage-ID: <new@host>\n\nx\n";
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	fill(&m);
	int64_t id =
		action_add(m.store, "Drafts", text, strlen(text), FLAG_DRAFT | FLAG_SEEN, &error);
	g_assert_no_error(error);
	g_autoptr(message_row) row = index_message(mailbox_index(&m), id, &error);
	g_assert_cmpstr(row->subject, ==, "draft");
	g_assert_cmpstr(row->folder, ==, "Drafts");
	g_assert_cmpuint(row->flags, ==, FLAG_DRAFT | FLAG_SEEN);
	g_autofree char *all = state(&m);
	g_assert_cmpstr(all, ==, BEFORE);
	mailbox_clear(&m);
}

/* A letter waits in the outbox while the index is made anew: no other is then
 * taken for the one that it answers. */
static void test_new_index(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *root = g_dir_make_tmp("dewey-XXXXXX", &error);
	g_autofree char *path = g_build_filename(root, ".dewey", "index.db", NULL);
	g_autofree char *remove = g_strdup_printf("rm -r '%s'", root);
	const char *const to[] = {"a@x", NULL};
	struct outbox_letter letter = {.account = "home",
		.sender = "me@x",
		.recipients = to,
		.data = "x\n",
		.len = 2,
		.answers = 7};
	int64_t id = 0;
	for (int round = 0; round < 3; round++) {
		g_autoptr(store) s = store_open(root, &error);
		g_assert_nonnull(store_index(s, &error));
		if (round == 0)
			id = outbox_add(s, &letter, &error);
		g_autoptr(outbox_item) item = outbox_get(s, id, &error);
		g_assert_cmpint(item->answers, ==, round < 2 ? 7 : 0);
		if (round == 1)
			g_assert_cmpint(unlink(path), ==, 0);
	}
	g_assert_cmpint(system(remove), ==, 0);
}

/* --- 500 changes --------------------------------------------------------------------- */

/* Twice the same base name: what is moved beside the other gets a new one. */
static const struct letter namesakes[] = {
	{.name = "a", .day = 1, .folder = "Archive", .info = "S", .subject = "other a"},
	{.name = "b", .day = 2, .folder = "Lists/x", .subject = "other b"},
	{.name = "e", .day = 5, .info = "RFSzx", .subject = "letters not in order"},
	{.name = "f", .day = 6, .info = "", .subject = "in cur, unread"},
};

static const char *const boxes[] = {"Inbox", "Archive", "Lists/x", "Trash"};

static gint by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The name of every file, exactly. */
static void add_files(struct mailbox *m, GString *out)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	for (size_t i = 0; i < 2 * G_N_ELEMENTS(boxes); i++) {
		const char *part = i % 2 ? "new" : "cur";
		g_autofree char *path = g_build_filename(m->root, boxes[i / 2], part, NULL);
		g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
		for (const char *name; dir && (name = g_dir_read_name(dir));)
			g_ptr_array_add(names, g_build_filename(boxes[i / 2], part, name, NULL));
	}
	g_ptr_array_sort(names, by_text);
	for (guint i = 0; i < names->len; i++)
		g_string_append_printf(out, "%s\n", (char *)names->pdata[i]);
}

/* What the index says of every message, folder and thread. */
static void add_rows(struct mailbox *m, GString *out)
{
	static const char *const sql[] = {
		"SELECT name || '/' || iif(state & 1, 'new/', 'cur/') || base || info || ' ' ||"
		" flags || ' ' || m.id || ' ' || thread || ' ' || state FROM message m"
		" JOIN folder f ON f.id = m.folder ORDER BY 1",
		"SELECT name || ' ' || total || ' ' || unread || ' ' || flagged FROM folder"
		" WHERE total > 0 ORDER BY 1",
		"SELECT f.name || ' ' || thread || ' ' || date || ' ' || h.id FROM head h"
		" JOIN folder f ON f.id = h.folder ORDER BY 1",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(sql); i++) {
		sqlite3_stmt *stmt = NULL;
		sqlite3 *db = index_handle(mailbox_index(m));
		g_assert_cmpint(sqlite3_prepare_v2(db, sql[i], -1, &stmt, NULL), ==, SQLITE_OK);
		while (sqlite3_step(stmt) == SQLITE_ROW)
			g_string_append_printf(out, "%s\n", sqlite3_column_text(stmt, 0));
		sqlite3_finalize(stmt);
	}
}

static char *exact_state(struct mailbox *m)
{
	GString *out = g_string_new(NULL);
	add_files(m, out);
	add_rows(m, out);
	return g_string_free(out, FALSE);
}

static GArray *some_ids(struct mailbox *m)
{
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	sqlite3_stmt *stmt = NULL;
	g_assert_cmpint(sqlite3_prepare_v2(index_handle(mailbox_index(m)),
				"SELECT id FROM message ORDER BY id", -1, &stmt, NULL),
		==, SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		if (g_test_rand_int_range(0, 3) == 0) {
			int64_t id = sqlite3_column_int64(stmt, 0);
			g_array_append_val(ids, id);
		}
	sqlite3_finalize(stmt);
	return ids;
}

/* What lies in Trash would be removed for good, which has no undo. */
static void leave_trash_out(struct mailbox *m, GArray *ids)
{
	for (guint i = ids->len; i-- > 0;) {
		g_autoptr(message_row) row =
			index_message(mailbox_index(m), g_array_index(ids, int64_t, i), NULL);
		if (strcmp(row->folder, "Trash") == 0)
			g_array_remove_index(ids, i);
	}
}

static bool change_something(struct mailbox *m, struct action_result *r, GError **error)
{
	g_autoptr(GArray) ids = some_ids(m);
	unsigned set = (unsigned)g_test_rand_int_range(0, FLAG_ALL + 1);
	unsigned clear = (unsigned)g_test_rand_int_range(0, FLAG_ALL + 1);
	const char *box = boxes[g_test_rand_int_range(0, G_N_ELEMENTS(boxes))];
	switch (g_test_rand_int_range(0, 9)) {
	case 0: /* rarely: the store grows by them */
		g_array_set_size(ids, MIN(ids->len, 1));
		return action_copy(m->store, ids, box, r, error);
	case 1:
	case 2:
		leave_trash_out(m, ids);
		return action_delete(m->store, ids, r, error);
	case 3:
		return action_undelete(m->store, ids, r, error);
	case 4:
	case 5:
	case 6:
		return action_flags(m->store, ids, set, clear, r, error);
	default:
		return action_move(m->store, ids, box, r, error);
	}
}

static void open_again(struct mailbox *m)
{
	store_free(m->store);
	mailbox_open(m);
}

/* Flags, moves, copies, deletes and their taking back from Trash; each undone gives
 * back every file name, the part it lay in, every row and count.  Now and then another
 * process begins, and whether the index is what the files are is looked at. */
static void test_random(void)
{
	enum { CHANGES = 500, LOOK = 50 };
	struct mailbox m = {0};
	fill(&m);
	for (size_t i = 0; i < G_N_ELEMENTS(namesakes); i++)
		mailbox_put(&m, &namesakes[i]);
	mailbox_sync(&m);
	g_autoptr(GPtrArray) states = g_ptr_array_new_with_free_func(g_free);
	while (states->len < CHANGES) {
		g_autoptr(GError) error = NULL;
		struct action_result r;
		g_autofree char *before = exact_state(&m);
		g_assert_true(change_something(&m, &r, &error));
		g_assert_no_error(error);
		if (r.done > 0)
			g_ptr_array_add(states, g_steal_pointer(&before));
		action_result_clear(&r);
	}
	while (states->len > 0) {
		g_autoptr(GError) error = NULL;
		struct action_result r;
		if (states->len % LOOK == 0) {
			open_again(&m);
			struct sync_result s = mailbox_sync(&m);
			g_assert_cmpint(s.added + s.removed + s.changed, ==, 0);
		}
		g_assert_true(action_undo(m.store, &r, &error));
		g_assert_cmpint(r.missing, ==, 0);
		action_result_clear(&r);
		g_autofree char *now = exact_state(&m);
		g_assert_cmpstr(now, ==, states->pdata[states->len - 1]);
		g_ptr_array_set_size(states, (gint)states->len - 1);
	}
	struct action_result r;
	g_assert_true(action_undo(m.store, &r, NULL));
	g_assert_cmpstr(r.text, ==, "there is nothing to undo");
	action_result_clear(&r);
	mailbox_clear(&m);
}

static int64_t send_letter(struct mailbox *m, const char *subject, int64_t undo_until)
{
	static const char *const to[] = {"a@x", NULL};
	g_autoptr(GError) error = NULL;
	const struct outbox_letter letter = {.account = "home",
		.sender = "me@x",
		.recipients = to,
		.subject = subject,
		.data = "x\n",
		.len = 2,
		.undo_until = undo_until};
	int64_t id = outbox_add(m->store, &letter, &error);
	g_assert_no_error(error);
	return id;
}

/* A letter within its time is held; one whose time is over is passed over, and the
 * change before it is taken back. */
static void test_undo_send(void)
{
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	struct action_result r;
	fill(&m);
	g_autoptr(GArray) ids = mailbox_ids(&m, "a");
	g_assert_true(action_flags(m.store, ids, FLAG_REPLIED, 0, &r, &error));
	action_result_clear(&r);
	int64_t left = send_letter(&m, "left", clock_now() + 1000);
	g_assert_true(outbox_end_undo(m.store, left, &error));
	int64_t waits = send_letter(&m, "waits", clock_now() + 1000);
	send_letter(&m, "at once", 0);
	g_assert_true(action_undo(m.store, &r, &error));
	g_assert_cmpint(r.item, ==, waits);
	g_assert_cmpstr(
		r.text, ==, "the letter 'waits' is called back; it is held in the outbox");
	action_result_clear(&r);
	g_autoptr(outbox_item) held = outbox_get(m.store, waits, &error);
	g_assert_cmpint(held->state, ==, OUTBOX_HELD);
	g_assert_true(action_undo(m.store, &r, &error));
	g_assert_cmpstr(r.text, ==, "marks of 1 message taken back");
	action_result_clear(&r);
	g_autoptr(outbox_item) queued = outbox_get(m.store, left, &error);
	g_assert_cmpint(queued->state, ==, OUTBOX_QUEUED);
	mailbox_clear(&m);
}

/* What another program did to a letter in between stays done. */
static void test_undo_foreign(void)
{
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	struct action_result r;
	fill(&m);
	g_autoptr(GArray) ids = mailbox_ids(&m, "a");
	g_assert_true(action_flags(m.store, ids, FLAG_REPLIED, 0, &r, &error));
	action_result_clear(&r);
	g_autofree char *from = g_build_filename(m.root, "Inbox/cur/1700086400.a.host:2,R", NULL);
	g_autofree char *to = g_build_filename(m.root, "Inbox/cur/1700086400.a.host:2,FRy", NULL);
	g_assert_cmpint(g_rename(from, to), ==, 0);
	g_assert_true(action_undo(m.store, &r, &error));
	g_assert_cmpint(r.done, ==, 1);
	action_result_clear(&r);
	g_autofree char *now = g_build_filename(m.root, "Inbox/cur/1700086400.a.host:2,Fy", NULL);
	g_assert_cmpint(g_access(now, F_OK), ==, 0);
	mailbox_sync(&m);
	mailbox_clear(&m);
}

/* Each to a folder of its own, those that stay between those that go; one entry. */
static char *by_subject(const struct message_row *row, void *data)
{
	return g_strcmp0(row->subject, "b") == 0   ? NULL
	       : g_strcmp0(row->subject, "d") == 0 ? g_strdup("Lists/x")
	       : g_strcmp0(row->subject, "a") == 0 ? g_strdup("Trash")
						   : g_strdup(data);
}

static void test_move_each(void)
{
	struct mailbox m;
	struct action_result r;
	fill(&m);
	g_autoptr(GArray) ids = mailbox_ids(&m, "d c b a");
	const struct action_targets targets = {by_subject, (char *)"Archive"};
	g_assert_true(action_move_each(m.store, ids, &targets, &r, NULL));
	g_assert_cmpint(r.done, ==, 2);
	g_assert_cmpstr(r.text, ==, "2 messages moved");
	g_autofree char *after = state(&m);
	g_assert_cmpstr(after, ==, "Inbox: bS; Archive: cFRS; Trash: a; Lists/x: d");
	action_result_clear(&r);
	g_assert_true(action_undo(m.store, &r, NULL));
	g_autofree char *before = state(&m);
	g_assert_cmpstr(before, ==, BEFORE);
	action_result_clear(&r);
	mailbox_clear(&m);
}

static bool until_two(int64_t done, int64_t total, void *data)
{
	g_assert_cmpint(total, ==, 3);
	return done < 2;
}

/* What was done until somebody stopped it is one change, and the rest stays. */
static void test_stopped(void)
{
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	struct action_result r;
	fill(&m);
	g_autoptr(GArray) ids = mailbox_ids(&m, "a b c");
	store_watch(m.store, &(struct store_watch){until_two, NULL});
	g_assert_true(action_move(m.store, ids, "Archive", &r, &error));
	store_watch(m.store, NULL);
	g_assert_cmpint(r.done, ==, 2);
	g_assert_cmpstr(r.text, ==, "2 messages moved to Archive; stopped before the end");
	action_result_clear(&r);
	g_autofree char *half = state(&m);
	g_assert_cmpstr(half, ==, "Inbox: cFRS; Archive: bS a; Lists/x: d");
	g_assert_true(action_undo(m.store, &r, &error));
	action_result_clear(&r);
	g_autofree char *undone = state(&m);
	g_assert_cmpstr(undone, ==, BEFORE);
	mailbox_clear(&m);
}

/* What is asked about many messages before something is done with them. */
static void test_look(void)
{
	struct mailbox m = {0};
	struct index_looked looked;
	struct action_result r;
	fill(&m);
	g_autoptr(GArray) ids = mailbox_ids(&m, "b c");
	g_autoptr(GArray) gone = mailbox_ids(&m, "c d");
	int64_t none = 1 << 30;
	g_array_append_val(ids, none);
	g_assert_true(index_look(mailbox_index(&m), ids, &looked, NULL));
	g_assert_cmpuint(looked.all_flags, ==, FLAG_SEEN);
	g_assert_cmpint(looked.in_trash, ==, 0);
	index_looked_clear(&looked);
	g_assert_true(action_delete(m.store, gone, &r, NULL));
	action_result_clear(&r);
	g_assert_true(index_look(mailbox_index(&m), ids, &looked, NULL));
	g_assert_cmpint(looked.in_trash, ==, 1);
	g_assert_cmpuint(looked.partial->len, ==, 0);
	index_looked_clear(&looked);
	g_autoptr(GArray) found = index_ids(mailbox_index(&m), "Inbox", "subject:b", NULL);
	g_assert_cmpuint(found->len, ==, 1);
	g_assert_cmpint(g_array_index(found, int64_t, 0), ==, g_array_index(ids, int64_t, 0));
	mailbox_clear(&m);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/actions/rows", test_rows);
	g_test_add_func("/actions/stopped-half-way", test_stopped);
	g_test_add_func("/actions/look", test_look);
	g_test_add_func("/actions/trash", test_trash);
	g_test_add_func("/actions/move-each", test_move_each);
	g_test_add_func("/actions/missing/X-10", test_missing);
	g_test_add_func("/actions/unknown-flags/X-05", test_unknown_flags);
	g_test_add_func("/actions/add", test_add);
	g_test_add_func("/actions/new-index", test_new_index);
	g_test_add_func("/actions/undo-500", test_random);
	g_test_add_func("/actions/undo-foreign/X-12", test_undo_foreign);
	g_test_add_func("/actions/undo-send", test_undo_send);
	return g_test_run();
}
