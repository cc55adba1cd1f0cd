/* SPDX-License-Identifier: MIT
 *
 * The Sent copy, one and no more. */
#include "base/base.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/report.h"
#include "store/maildir.h"
#include "tests/unit/outbox-fixture.h"

/* S-55: a crash in the making of the Sent copy: one copy, whatever was done. */
static const struct {
	const char *name, *answers;
	const char *sql;  /* what the crash left undone in the rows */
	const char *file; /* where the copy is by then: its directory, or NULL */
	bool bytes;       /* outbox/FILE is there */
	guint copies;
} copy_rows[] = {
	{"nothing made", "aa", "UPDATE outbox SET copy = 1", NULL, true, 1},
	{"renamed", "aa", "UPDATE outbox SET copy = 1", "Sent/cur", false, 1},
	{"renamed and moved", "aa", "UPDATE outbox SET copy = 1", "Archive/cur", false, 1},
	{"renamed and deleted", "aa", "UPDATE outbox SET copy = 1", NULL, false, 0},
	{"copied, bytes left", "aa", "UPDATE outbox SET copy = 1", "Sent/cur", true, 1},
	{"bytes left", "aa", "", "Sent/cur", true, 1},
	{"not linked", "af", "UPDATE outbox SET copy = 1", NULL, true, 1},
	{"linked", "af", "UPDATE outbox SET copy = 1", "Sent/cur", true, 1},
	{"linked and moved", "ad", "UPDATE outbox SET copy = 1", "Archive/cur", true, 1},
};

static char *only_file(struct fixture *f, const char *below)
{
	g_autofree char *path = g_build_filename(f->dir, below, NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name = g_dir_read_name(dir);
	return name ? g_build_filename(path, name, NULL) : NULL;
}

/* Brings the files to where row i has them. */
static void leave_files(struct fixture *f, size_t i, const char *bytes)
{
	g_autofree char *copy = only_file(f, "Sent/cur");
	g_autofree char *name = g_path_get_basename(copy);
	if (copy_rows[i].bytes && !g_file_test(bytes, G_FILE_TEST_EXISTS))
		g_assert_cmpint(link(copy, bytes), ==, 0);
	if (!copy_rows[i].file) {
		g_assert_cmpint(g_remove(copy), ==, 0);
		return;
	}
	g_autofree char *target = g_build_filename(f->dir, copy_rows[i].file, name, NULL);
	g_assert_cmpint(g_rename(copy, target), ==, 0);
}

static void test_copy(struct fixture *f, gconstpointer data)
{
	for (size_t i = 0; i < G_N_ELEMENTS(copy_rows); i++) {
		struct fixture own = {0};
		set_up_now(&own, NULL);
		g_test_message("row '%s'", copy_rows[i].name);
		int64_t id = add(&own, "a@x", "b@x", NULL);
		g_autoptr(outbox_item) item = outbox_get(own.store, id, &own.error);
		take(&own, id);
		answer(&own, id, copy_rows[i].answers);
		dot(&own, id);
		accepted(&own, id);
		exec(&own, copy_rows[i].sql);
		leave_files(&own, i, item->path);
		bool done = strcmp(copy_rows[i].answers, "aa") == 0;
		restart(&own);
		restart(&own);
		g_assert_cmpuint(copies(&own), ==, copy_rows[i].copies);
		g_assert_cmpuint(count(&own, ".dewey/outbox"), ==, !done);
		tear_down(&own, NULL);
	}
}

/* S-55: a copy that cannot be made resends nothing, and is made later. */
static void test_copy_fails(struct fixture *f, gconstpointer data)
{
	int64_t id = add(f, "a@x", NULL, NULL);
	g_autofree char *cur = g_build_filename(f->dir, "Sent/cur", NULL);
	take(f, id);
	answer(f, id, "a");
	dot(f, id);
	g_assert_cmpint(g_rmdir(cur), ==, 0);
	g_assert_true(g_file_set_contents(cur, "in the way", -1, NULL));
	g_assert_true(outbox_accepted(f->store, id, FOLDER_SENT, &f->error));
	g_assert_false(outbox_settle(f->store, ACCOUNT, &f->error));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_DISK);
	g_clear_error(&f->error);
	expect(f, id, "done a@x:sent");
	g_assert_null(outbox_take(f->store, ACCOUNT, &f->error));
	g_assert_cmpuint(count(f, ".dewey/outbox"), ==, 1);
	g_assert_cmpint(g_remove(cur), ==, 0);
	restart(f);
	g_assert_cmpuint(copies(f), ==, 1);
	g_assert_cmpuint(count(f, ".dewey/outbox"), ==, 0);
}

/* S-55: where the letters cannot be looked at, they are not taken for deleted. */
static void test_copy_unseen(struct fixture *f, gconstpointer data)
{
	int64_t id = add(f, "a@x", NULL, NULL);
	g_autofree char *outbox = g_build_filename(f->dir, ".dewey/outbox", NULL);
	g_autofree char *away = g_build_filename(f->dir, "away", NULL);
	take(f, id);
	answer(f, id, "a");
	dot(f, id);
	g_assert_true(outbox_accepted(f->store, id, FOLDER_SENT, &f->error));
	g_assert_cmpint(g_rename(outbox, away), ==, 0);
	g_assert_true(g_file_set_contents(outbox, "in the way", -1, NULL));
	g_assert_true(outbox_recover(f->store, ACCOUNT, &f->error));
	g_assert_cmpint(g_remove(outbox), ==, 0);
	g_assert_cmpint(g_rename(away, outbox), ==, 0);
	restart(f);
	g_assert_cmpuint(copies(f), ==, 1);
	g_assert_cmpuint(count(f, ".dewey/outbox"), ==, 0);
}

static int64_t sent(struct fixture *f, const char *a, const char *b, const char *answers)
{
	int64_t id = add(f, a, b, NULL);
	take(f, id);
	answer(f, id, answers);
	dot(f, id);
	g_assert_true(outbox_accepted(f->store, id, FOLDER_SENT, &f->error));
	return id;
}

static int64_t owed(struct fixture *f)
{
	int64_t n;
	sqlite3 *db = ledger_db(store_ledger(f->store, NULL));
	g_assert_true(db_number(db, "SELECT count(*) FROM outbox WHERE copy = 1", 0, &n, NULL));
	return n;
}

/* S-55: the copies of several letters are made together; the bytes of a letter that
 * is not DONE stay. */
static void test_settle(struct fixture *f, gconstpointer data)
{
	sent(f, "a@x", NULL, "a");
	sent(f, "a@x", NULL, "a");
	sent(f, "a@x", "b@x", "af");
	g_assert_cmpint(owed(f), ==, 3);
	g_assert_cmpuint(count(f, ".dewey/outbox"), ==, 3);
	g_assert_true(outbox_settle(f->store, ACCOUNT, &f->error));
	g_assert_cmpuint(copies(f), ==, 3);
	g_assert_cmpint(owed(f), ==, 0);
	g_assert_cmpuint(count(f, ".dewey/outbox"), ==, 1);
	g_assert_true(outbox_settle(f->store, ACCOUNT, &f->error));
	g_assert_cmpuint(copies(f), ==, 3);
}

/* S-55: where copies were made and not noted, and one was moved since: no second one. */
static void test_settle_again(struct fixture *f, gconstpointer data)
{
	sent(f, "a@x", "b@x", "af");
	g_assert_true(outbox_settle(f->store, ACCOUNT, &f->error));
	g_autofree char *first = only_file(f, "Sent/cur");
	g_autofree char *name = g_path_get_basename(first);
	g_autofree char *moved = g_build_filename(f->dir, "Archive/cur", name, NULL);
	g_assert_cmpint(g_rename(first, moved), ==, 0);
	sent(f, "a@x", "b@x", "af");
	g_assert_true(outbox_settle(f->store, ACCOUNT, &f->error));
	exec(f, "UPDATE outbox SET copy = 1");
	sent(f, "a@x", NULL, "a");
	g_assert_true(outbox_settle(f->store, ACCOUNT, &f->error));
	g_assert_cmpint(owed(f), ==, 0);
	g_assert_cmpuint(copies(f), ==, 3);
}

/* A letter in two transactions (S-18): its bytes go after the second. */
static void test_settle_second(struct fixture *f, gconstpointer data)
{
	int64_t id = sent(f, "a@x", "b@x", "ad");
	g_assert_true(outbox_settle(f->store, ACCOUNT, &f->error));
	g_assert_cmpuint(count(f, ".dewey/outbox"), ==, 1);
	set_clock(NOW + HOUR);
	take(f, id);
	answer(f, id, "aa");
	dot(f, id);
	g_assert_true(outbox_accepted(f->store, id, FOLDER_SENT, &f->error));
	expect(f, id, "done a@x:sent b@x:sent");
	g_assert_cmpuint(copies(f), ==, 1);
	g_assert_cmpuint(count(f, ".dewey/outbox"), ==, 0);
}

/* What is in the way of a copy: the file "Sent/cur". */
static void bar(struct fixture *f, bool barred)
{
	g_autofree char *cur = g_build_filename(f->dir, "Sent/cur", NULL);
	g_assert_cmpint(barred ? g_rmdir(cur) : g_remove(cur), ==, 0);
	if (barred)
		g_assert_true(g_file_set_contents(cur, "in the way", -1, NULL));
}

/* S-55: the last recipient has it too: it is sent, though no copy can be made yet. */
static void test_second_fails(struct fixture *f, gconstpointer data)
{
	int64_t id = sent(f, "a@x", "b@x", "ad");
	bar(f, true);
	set_clock(NOW + HOUR);
	take(f, id);
	answer(f, id, "aa");
	dot(f, id);
	g_assert_true(outbox_accepted(f->store, id, FOLDER_SENT, &f->error));
	g_assert_no_error(f->error);
	expect(f, id, "done a@x:sent b@x:sent");
	g_assert_false(outbox_settle(f->store, ACCOUNT, &f->error));
	g_clear_error(&f->error);
	bar(f, false);
	g_assert_true(outbox_settle(f->store, ACCOUNT, &f->error));
	g_assert_cmpuint(copies(f), ==, 1);
	g_assert_cmpuint(count(f, ".dewey/outbox"), ==, 0);
}

/* S-55: one folder that cannot be written does not stop the copies of other letters. */
static void test_settle_others(struct fixture *f, gconstpointer data)
{
	sent(f, "a@x", NULL, "a");
	int64_t other = add(f, "a@x", NULL, NULL);
	take(f, other);
	answer(f, other, "a");
	dot(f, other);
	g_assert_true(outbox_accepted(f->store, other, "Archive", &f->error));
	bar(f, true);
	g_assert_false(outbox_settle(f->store, ACCOUNT, &f->error));
	g_assert_true(g_str_has_prefix(f->error->message, "the letter is sent, but its copy"));
	g_clear_error(&f->error);
	g_assert_cmpuint(count(f, "Archive/cur"), ==, 1);
	g_assert_cmpint(owed(f), ==, 1);
	bar(f, false);
	g_assert_true(outbox_settle(f->store, ACCOUNT, &f->error));
	g_assert_cmpuint(copies(f), ==, 2);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	report_set_sink(ignore, NULL);
	ADD("/outbox/copy/S-55", test_copy);
	ADD("/outbox/copy-fails/S-55", test_copy_fails);
	ADD("/outbox/copy-unseen/S-55", test_copy_unseen);
	ADD("/outbox/settle/S-55", test_settle);
	ADD("/outbox/settle/again/S-55", test_settle_again);
	ADD("/outbox/settle/second/S-18-S-55", test_settle_second);
	ADD("/outbox/settle/second-fails/S-55", test_second_fails);
	ADD("/outbox/settle/others/S-55", test_settle_others);
	return g_test_run();
}
