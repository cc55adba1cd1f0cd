/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/db.h"
#include "store/delivery.h"
#include "store/maildir.h"
#include "tests/unit/fixture.h"

#define ACCOUNT "ivan@pop.example.org"
enum { DAY = 86400 };

static struct delivery *begin(struct fixture *f)
{
	struct delivery *d = delivery_new(f->store, ACCOUNT, FOLDER_INBOX, &f->error);
	g_assert_no_error(f->error);
	return d;
}

static void add(struct delivery *d, const char *uid, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = uid ? g_bytes_new(uid, strlen(uid)) : NULL;
	g_assert_true(delivery_begin(d, bytes, &error));
	g_assert_true(delivery_write(d, text, strlen(text), &error));
	g_assert_true(delivery_end(d, &error));
}

static GPtrArray *rows(struct fixture *f)
{
	struct ledger *l = store_ledger(f->store, &f->error);
	GPtrArray *all = uids_load(l, ACCOUNT, &f->error);
	g_assert_no_error(f->error);
	return all;
}

static void exec(struct fixture *f, const char *sql)
{
	g_assert_true(db_exec(ledger_db(store_ledger(f->store, NULL)), sql, &f->error));
}

/* What lies in a directory of Inbox, counted. */
static guint count(struct fixture *f, const char *below)
{
	g_autofree char *path = g_build_filename(f->dir, below, NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	guint n = 0;
	while (g_dir_read_name(dir))
		n++;
	return n;
}

static void note_row(const struct uid_row *row, void *data)
{
	gsize len = 1;
	const char *uid = row->uid ? g_bytes_get_data(row->uid, &len) : "-";
	g_string_append_len(data, uid, (gssize)len);
	g_string_append_printf(data, ":%d:%" G_GINT64_FORMAT " ", row->state, row->size);
}

static void test_order(struct fixture *f, gconstpointer data)
{
	g_autoptr(delivery) d = begin(f);
	g_autoptr(GString) told = g_string_new(NULL);
	int64_t octets;
	add(d, "u1", "one\n");
	add(d, NULL, "two two\n");
	add(d, "u3", "");
	g_assert_cmpuint(delivery_waiting(d, &octets), ==, 3);
	g_assert_cmpint(octets, ==, 12);
	g_assert_cmpuint(count(f, "Inbox/tmp"), ==, 3);
	g_assert_cmpuint(count(f, "Inbox/new"), ==, 0);
	g_assert_true(delivery_commit(d, note_row, told, &f->error));
	g_assert_cmpstr(told->str, ==, "u1:1:4 -:1:8 u3:1:0 ");
	g_assert_cmpuint(count(f, "Inbox/tmp"), ==, 0);
	g_assert_cmpuint(count(f, "Inbox/new"), ==, 3);
	g_autoptr(GPtrArray) all = rows(f);
	const struct uid_row *row = all->pdata[0];
	g_assert_cmpuint(all->len, ==, 3);
	g_assert_cmpint(row->state, ==, UID_STORED);
	g_assert_cmpstr(row->sha256, ==,
		"2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806");
	g_autofree char *path = g_build_filename(f->dir, "Inbox/new", row->base, NULL),
			*text = NULL;
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_assert_cmpstr(text, ==, "one\n");
	g_assert_null(((const struct uid_row *)all->pdata[1])->uid);
}

/* A group is told of when it is durable, which is with the next; in order. */
static void test_behind(struct fixture *f, gconstpointer data)
{
	g_autoptr(delivery) d = begin(f);
	g_autoptr(GString) told = g_string_new(NULL);
	for (int i = 0; i < 20; i++) {
		g_autofree char *uid = g_strdup_printf("a%d", i);
		add(d, uid, "one\n");
	}
	g_assert_true(delivery_commit_behind(d, note_row, told, &f->error));
	g_assert_cmpstr(told->str, ==, "");
	g_assert_cmpuint(delivery_waiting(d, NULL), ==, 0);
	g_assert_true(delivery_is_behind(d));
	add(d, "b", "two two\n");
	g_assert_cmpuint(count(f, "Inbox/new"), ==, 0);
	g_assert_true(delivery_commit_behind(d, note_row, told, &f->error));
	g_assert_true(g_str_has_prefix(told->str, "a0:1:4 a1:1:4 "));
	g_assert_true(g_str_has_suffix(told->str, "a19:1:4 "));
	g_assert_cmpuint(count(f, "Inbox/new"), ==, 20);
	add(d, "c", "");
	g_assert_true(delivery_commit(d, note_row, told, &f->error));
	g_assert_true(g_str_has_suffix(told->str, "a19:1:4 b:1:8 c:1:0 "));
	g_assert_false(delivery_is_behind(d));
	g_autoptr(GPtrArray) all = rows(f);
	g_assert_cmpuint(all->len, ==, 22);
	g_assert_cmpstr(((const struct uid_row *)all->pdata[0])->sha256, ==,
		"2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806");
}

/* What was not finished leaves nothing. */
static void test_behind_abort(struct fixture *f, gconstpointer data)
{
	g_autoptr(delivery) d = begin(f);
	add(d, "u1", "one\n");
	g_assert_true(delivery_commit_behind(d, NULL, NULL, &f->error));
	add(d, "u2", "two\n");
	g_clear_pointer(&d, delivery_free);
	g_assert_cmpuint(count(f, "Inbox/tmp"), ==, 0);
	g_assert_cmpuint(count(f, "Inbox/new"), ==, 0);
	g_autoptr(GPtrArray) all = rows(f);
	g_assert_cmpuint(all->len, ==, 0);
}

/* The descriptors of letters that wait become such as cannot be synced. */
static void spoil(void)
{
	g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
	const char *name;
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename("/proc/self/fd", name, NULL);
		g_autofree char *file = g_file_read_link(path, NULL);
		if (file && strstr(file, "/Inbox/tmp/"))
			g_assert_cmpint(dup2(null, atoi(name)), >=, 0);
	}
	close(null);
}

static void assert_fails(struct fixture *f, bool ok)
{
	g_assert_false(ok);
	g_assert_nonnull(f->error);
	g_clear_error(&f->error);
	g_assert_cmpuint(count(f, "Inbox/tmp") + count(f, "Inbox/new"), ==, 0);
	g_autoptr(GPtrArray) all = rows(f);
	g_assert_cmpuint(all->len, ==, 0);
}

/* X-02, P-57: a group whose sync fails while others come takes these along, and
 * nothing that comes later is promised either. */
static void test_behind_fails(struct fixture *f, gconstpointer data)
{
	g_autoptr(delivery) d = begin(f);
	add(d, "u1", "one\n");
	add(d, "u2", "two\n");
	spoil();
	g_assert_true(delivery_commit_behind(d, NULL, NULL, &f->error));
	add(d, "u3", "three\n");
	assert_fails(f, delivery_commit_behind(d, NULL, NULL, &f->error));
	g_assert_false(delivery_is_behind(d));
	add(d, "u4", "four\n");
	assert_fails(f, delivery_commit(d, NULL, NULL, &f->error));
	g_clear_pointer(&d, delivery_free);
	g_assert_true(delivery_recover(f->store, ACCOUNT, &f->error));
	d = begin(f);
	add(d, "u1", "one\n");
	g_assert_true(delivery_commit(d, NULL, NULL, &f->error));
	g_assert_cmpuint(count(f, "Inbox/new"), ==, 1);
}

/* A letter that is cut off leaves nothing; nor does a batch without commit. */
static void test_abort(struct fixture *f, gconstpointer data)
{
	g_autoptr(delivery) d = begin(f);
	add(d, "u1", "one\n");
	g_assert_true(delivery_begin(d, NULL, &f->error));
	g_assert_true(delivery_write(d, "half", 4, &f->error));
	delivery_abort(d);
	g_assert_cmpuint(count(f, "Inbox/tmp"), ==, 1);
	g_clear_pointer(&d, delivery_free);
	g_assert_cmpuint(count(f, "Inbox/tmp"), ==, 0);
	g_assert_cmpuint(count(f, "Inbox/new"), ==, 0);
	g_autoptr(GPtrArray) all = rows(f);
	g_assert_cmpuint(all->len, ==, 0);
}

/* A letter of a megabyte in odd pieces, NULs inside. */
static void test_pieces(struct fixture *f, gconstpointer data)
{
	g_autoptr(delivery) d = begin(f);
	g_autoptr(GRand) rand = g_rand_new_with_seed(7);
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_assert_true(delivery_begin(d, NULL, &f->error));
	while (sent->len < 1000000) {
		guint8 piece[70000];
		gsize len = (gsize)g_rand_int_range(rand, 0, sizeof piece);
		for (gsize i = 0; i < len; i++)
			piece[i] = (guint8)(i * 31 + sent->len);
		g_byte_array_append(sent, piece, (guint)len);
		g_assert_true(delivery_write(d, piece, len, &f->error));
	}
	g_assert_true(delivery_end(d, &f->error));
	g_assert_true(delivery_commit(d, NULL, NULL, &f->error));
	g_autoptr(GPtrArray) all = rows(f);
	const struct uid_row *row = all->pdata[0];
	g_autofree char *path = g_build_filename(f->dir, "Inbox/new", row->base, NULL),
			*text = NULL;
	gsize len;
	g_assert_true(g_file_get_contents(path, &text, &len, NULL));
	g_assert_cmpmem(text, len, sent->data, sent->len);
	g_autofree char *sum =
		g_compute_checksum_for_data(G_CHECKSUM_SHA256, sent->data, sent->len);
	g_assert_cmpstr(row->sha256, ==, sum);
}

/* few descriptors make it slower, not wrong. */
static void test_descriptors(struct fixture *f, gconstpointer data)
{
	struct rlimit old, few;
	g_autoptr(delivery) d = begin(f);
	add(d, "first", "x\n");
	g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &old), ==, 0);
	few = old;
	few.rlim_cur = 16;
	g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &few), ==, 0);
	for (int i = 0; i < 40; i++) {
		g_autofree char *uid = g_strdup_printf("u%d", i);
		add(d, uid, "text\n");
	}
	g_assert_true(delivery_commit(d, NULL, NULL, &f->error));
	g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &old), ==, 0);
	g_assert_cmpuint(count(f, "Inbox/new"), ==, 41);
}

/* X-22, P-63: a write that fails (here by the size limit for files) makes the
 * letter fail; those before it are kept. */
static void test_full(struct fixture *f, gconstpointer data)
{
	struct rlimit old, small;
	g_autoptr(delivery) d = begin(f);
	g_autofree char *big = g_malloc0(300000);
	add(d, "u1", "one\n");
	g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &old), ==, 0);
	small = old;
	small.rlim_cur = 100000;
	signal(SIGXFSZ, SIG_IGN);
	g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &small), ==, 0);
	g_assert_true(delivery_begin(d, NULL, &f->error));
	g_assert_false(delivery_write(d, big, 300000, &f->error));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_DISK);
	g_clear_error(&f->error);
	g_assert_false(delivery_end(d, &f->error));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_DISK);
	g_clear_error(&f->error);
	delivery_abort(d);
	g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &old), ==, 0);
	g_assert_true(delivery_commit(d, NULL, NULL, &f->error));
	g_assert_cmpuint(count(f, "Inbox/new"), ==, 1);
	g_assert_true(delivery_has_room(d, 1000, &f->error));
	g_assert_false(delivery_has_room(d, (int64_t)1 << 60, NULL));
}

/* What a crash may leave of a letter, and what recovery makes of it (P-58). */
static const struct {
	const char *name;
	const char *file;  /* where it is then; NULL: nowhere */
	const char *bytes; /* what is in it; NULL: the letter */
	bool stored;
} crash_rows[] = {
	{"before the rename", "Inbox/tmp/B", NULL, true},
	{"after the rename", "Inbox/new/B", NULL, true},
	{"seen by another program", "Inbox/cur/B:2,S", NULL, true},
	{"moved since", "Lists/x/cur/B:2,FS", NULL, true},
	{"lost with the power", NULL, NULL, false},
	{"torn in tmp", "Inbox/tmp/B", "one", false},
	{"torn in new", "Inbox/new/B", "on\n!", false},
};

static void test_recover(struct fixture *f, gconstpointer data)
{
	for (size_t i = 0; i < G_N_ELEMENTS(crash_rows); i++) {
		struct fixture own = {0};
		set_up(&own, NULL);
		g_test_message("row '%s'", crash_rows[i].name);
		g_assert_true(store_make_folder(own.store, "Lists/x", &own.error));
		struct delivery *d = begin(&own);
		add(d, "u1", "one\n");
		g_assert_true(delivery_commit(d, NULL, NULL, &own.error));
		delivery_free(d);
		g_autoptr(GPtrArray) before = rows(&own);
		const char *base = ((struct uid_row *)before->pdata[0])->base;
		g_autofree char *old = g_build_filename(own.dir, "Inbox/new", base, NULL);
		g_assert_cmpint(g_remove(old), ==, 0);
		exec(&own, "UPDATE uid SET state = 0, stored = 0");
		if (crash_rows[i].file) {
			g_auto(GStrv) parts = g_strsplit(crash_rows[i].file, "B", 2);
			g_autofree char *name =
				g_strconcat(own.dir, "/", parts[0], base, parts[1], NULL);
			const char *bytes = crash_rows[i].bytes ? crash_rows[i].bytes : "one\n";
			g_assert_true(g_file_set_contents(name, bytes, -1, NULL));
		}
		g_assert_true(delivery_recover(own.store, ACCOUNT, &own.error));
		g_autoptr(GPtrArray) after = rows(&own);
		g_assert_cmpuint(after->len, ==, crash_rows[i].stored);
		if (crash_rows[i].stored)
			g_assert_cmpint(((struct uid_row *)after->pdata[0])->state, ==, UID_STORED);
		if (crash_rows[i].stored)
			g_assert_cmpuint(count(&own, "Inbox/tmp"), ==, 0);
		tear_down(&own, NULL);
	}
}

/* Another account's letters are not judged, and what they need stays. */
static void test_rubbish(struct fixture *f, gconstpointer data)
{
	g_autofree char *old = g_build_filename(f->dir, "Inbox/tmp/old", NULL);
	g_autofree char *needed = g_build_filename(f->dir, "Inbox/tmp/needed", NULL);
	g_autofree char *fresh = g_build_filename(f->dir, "Inbox/tmp/fresh", NULL);
	struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
	g_assert_true(g_file_set_contents(old, "x", 1, NULL));
	g_assert_true(g_file_set_contents(needed, "x", 1, NULL));
	g_assert_true(g_file_set_contents(fresh, "x", 1, NULL));
	g_assert_cmpint(utimensat(AT_FDCWD, old, times, 0), ==, 0);
	g_assert_cmpint(utimensat(AT_FDCWD, needed, times, 0), ==, 0);
	exec(f, "INSERT INTO maildrop (account) VALUES ('other');"
		"INSERT INTO uid (maildrop, state, folder, base, seen, size, sha256)"
		" SELECT id, 0, 'Inbox', 'needed', 0, 1, x'' FROM maildrop");
	g_assert_true(delivery_recover(f->store, ACCOUNT, &f->error));
	g_assert_false(g_file_test(old, G_FILE_TEST_EXISTS));
	g_assert_true(g_file_test(needed, G_FILE_TEST_EXISTS));
	g_assert_true(g_file_test(fresh, G_FILE_TEST_EXISTS));
}

/* --- uids --------------------------------------------------------------------- */

static void set_clock(int64_t when)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, when);
	g_setenv("DEWEY_CLOCK", text, TRUE);
}

/* P-59: what a lost QUIT leaves, by what the next listing says. */
static const struct {
	enum uid_state state;
	bool listed;
	enum uid_state then;
} quit_rows[] = {
	{UID_STORED, true, UID_STORED},
	{UID_STORED, false, UID_STORED},
	{UID_DEL_SENT, true, UID_DEL_SENT},
	{UID_DEL_SENT, false, UID_DEL_DONE},
	{UID_DEL_UNKNOWN, true, UID_DEL_UNKNOWN},
	{UID_DEL_UNKNOWN, false, UID_DEL_DONE},
	{UID_DEL_DONE, true, UID_DEL_DONE},
};

static void test_quit(struct fixture *f, gconstpointer data)
{
	g_autoptr(delivery) d = begin(f);
	g_autoptr(GArray) listed = g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct ledger *l = store_ledger(f->store, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(quit_rows); i++) {
		g_autofree char *uid = g_strdup_printf("u%zu", i);
		add(d, uid, "x\n");
	}
	g_assert_true(delivery_commit(d, NULL, NULL, &f->error));
	g_autoptr(GPtrArray) before = rows(f);
	for (guint i = 0; i < before->len; i++) {
		int64_t id = ((struct uid_row *)before->pdata[i])->id;
		g_autoptr(GArray) one = g_array_new(FALSE, FALSE, sizeof(int64_t));
		g_array_append_val(one, id);
		g_assert_true(uids_set_state(l, one, quit_rows[i].state, &f->error));
		if (quit_rows[i].listed)
			g_array_append_val(listed, id);
	}
	g_autoptr(GPtrArray) now = rows(f);
	g_assert_true(uids_seen(l, ACCOUNT, now, listed, &f->error));
	g_autoptr(GPtrArray) after = rows(f);
	for (guint i = 0; i < after->len; i++) {
		g_test_message("row %u", i);
		g_assert_cmpint(((struct uid_row *)after->pdata[i])->state, ==, quit_rows[i].then);
	}
}

/* A row goes 90 days after the first listing without it, not 90 days after the
 * last with it: nobody fetched for a year, and nothing is forgotten. */
static void test_expire(struct fixture *f, gconstpointer data)
{
	static const struct {
		int day;
		bool listed;
		guint left;
	} steps[] = {{0, true, 1}, {365, false, 1}, {400, false, 1}, {410, true, 1},
		{411, false, 1}, {480, false, 1}, {502, false, 0}};
	struct ledger *l = store_ledger(f->store, NULL);
	set_clock(1000000000);
	g_autoptr(delivery) d = begin(f);
	add(d, "u", "x\n");
	g_assert_true(delivery_commit(d, NULL, NULL, &f->error));
	g_autoptr(GPtrArray) before = rows(f);
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_autoptr(GArray) listed = g_array_new(FALSE, FALSE, sizeof(int64_t));
		set_clock(1000000000 + (int64_t)steps[i].day * DAY);
		if (steps[i].listed)
			g_array_append_val(listed, ((struct uid_row *)before->pdata[0])->id);
		g_autoptr(GPtrArray) now = rows(f);
		g_assert_true(uids_seen(l, ACCOUNT, now, listed, &f->error));
		g_assert_true(uids_expire(l, ACCOUNT, &f->error));
		g_autoptr(GPtrArray) after = rows(f);
		g_test_message("day %d", steps[i].day);
		g_assert_cmpuint(after->len, ==, steps[i].left);
	}
}

/* A look at a kept maildrop writes nothing on the same day. */
static void test_seen_is_cheap(struct fixture *f, gconstpointer data)
{
	struct ledger *l = store_ledger(f->store, NULL);
	g_autoptr(GArray) listed = g_array_new(FALSE, FALSE, sizeof(int64_t));
	set_clock(1000000000);
	g_autoptr(delivery) d = begin(f);
	add(d, "u", "x\n");
	g_assert_true(delivery_commit(d, NULL, NULL, &f->error));
	g_autoptr(GPtrArray) before = rows(f);
	g_array_append_val(listed, ((struct uid_row *)before->pdata[0])->id);
	int changes = sqlite3_total_changes(ledger_db(l));
	set_clock(1000000000 + DAY - 1);
	g_assert_true(uids_seen(l, ACCOUNT, before, listed, &f->error));
	g_assert_cmpint(sqlite3_total_changes(ledger_db(l)), ==, changes);
	set_clock(1000000000 + DAY);
	g_assert_true(uids_seen(l, ACCOUNT, before, listed, &f->error));
	g_assert_cmpint(sqlite3_total_changes(ledger_db(l)), ==, changes + 1);
}

/* What a person decides about a preview after the rows were read and before what
 * was listed is noted, is not lost; once the letter is gone, it is settled. */
static void test_decided(struct fixture *f, gconstpointer data)
{
	static const struct {
		bool listed;
		enum uid_state later;
	} cases[] = {{true, UID_DEL_UNKNOWN}, {false, UID_DEL_DONE}};
	struct ledger *l = store_ledger(f->store, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GArray) listed = g_array_new(FALSE, FALSE, sizeof(int64_t));
		set_clock(1000000000);
		g_autoptr(delivery) d = begin(f);
		add(d, "u", "x\n");
		g_assert_true(delivery_commit(d, NULL, NULL, &f->error));
		exec(f, "UPDATE uid SET state = 5");
		g_autoptr(GPtrArray) before = rows(f);
		int64_t id = ((struct uid_row *)before->pdata[0])->id;
		if (cases[i].listed)
			g_array_append_val(listed, id);
		g_assert_true(uids_unwanted(l, id, &f->error));
		set_clock(1000000000 + DAY);
		g_assert_true(uids_seen(l, ACCOUNT, before, listed, &f->error));
		g_autoptr(GPtrArray) after = rows(f);
		const struct uid_row *row = after->pdata[0];
		g_assert_cmpint(row->state, ==, UID_DEL_UNKNOWN);
		g_assert_cmpint(row->gone != 0, ==, !cases[i].listed);
		g_assert_cmpint(row->seen, ==, 1000000000 + (cases[i].listed ? DAY : 0));
		g_assert_true(uids_seen(l, ACCOUNT, after, listed, &f->error));
		g_autoptr(GPtrArray) later = rows(f);
		g_assert_cmpint(((struct uid_row *)later->pdata[0])->state, ==, cases[i].later);
		exec(f, "DELETE FROM uid");
	}
}

/* A row that was forgotten since the rows were read: its number is another's now. */
static void test_number_again(struct fixture *f, gconstpointer data)
{
	struct ledger *l = store_ledger(f->store, NULL);
	g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_autoptr(delivery) mine = begin(f);
	add(mine, "u", "x\n");
	g_assert_true(delivery_commit(mine, NULL, NULL, &f->error));
	g_autoptr(GPtrArray) before = rows(f);
	exec(f, "DELETE FROM uid");
	g_autoptr(delivery) other = delivery_new(f->store, "other", FOLDER_INBOX, &f->error);
	add(other, "u", "x\n");
	g_assert_true(delivery_commit(other, NULL, NULL, &f->error));
	g_assert_true(uids_seen(l, ACCOUNT, before, none, &f->error));
	g_autoptr(GPtrArray) theirs = uids_load(l, "other", &f->error);
	const struct uid_row *row = theirs->pdata[0];
	g_assert_cmpint(row->id, ==, ((struct uid_row *)before->pdata[0])->id);
	g_assert_cmpint(row->gone, ==, 0);
}

/* Accounts do not see each other's UIDs; any octets are a UID. */
static void test_accounts(struct fixture *f, gconstpointer data)
{
	g_autoptr(GBytes) odd = g_bytes_new("\x00\xff'%/..", 7);
	g_autoptr(delivery) mine = begin(f);
	g_autoptr(delivery) other = delivery_new(f->store, "other", FOLDER_INBOX, &f->error);
	g_assert_true(delivery_begin(mine, odd, &f->error));
	g_assert_true(delivery_end(mine, &f->error));
	g_assert_true(delivery_commit(mine, NULL, NULL, &f->error));
	add(other, "u", "x\n");
	g_assert_true(delivery_commit(other, NULL, NULL, &f->error));
	g_autoptr(GPtrArray) all = rows(f);
	g_assert_cmpuint(all->len, ==, 1);
	g_assert_true(g_bytes_equal(((struct uid_row *)all->pdata[0])->uid, odd));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/delivery/order/P-57", test_order);
	ADD("/delivery/behind/P-57", test_behind);
	ADD("/delivery/behind/abort", test_behind_abort);
	ADD("/delivery/behind/fails/X-02", test_behind_fails);
	ADD("/delivery/abort", test_abort);
	ADD("/delivery/pieces", test_pieces);
	ADD("/delivery/descriptors/X-22", test_descriptors);
	ADD("/delivery/full/P-63", test_full);
	ADD("/delivery/recover/P-58", test_recover);
	ADD("/delivery/rubbish/X-06", test_rubbish);
	ADD("/uids/quit/P-59", test_quit);
	ADD("/uids/expire/P-61", test_expire);
	ADD("/uids/seen-is-cheap", test_seen_is_cheap);
	ADD("/uids/decided-meanwhile", test_decided);
	ADD("/uids/number-again", test_number_again);
	ADD("/uids/accounts", test_accounts);
	return g_test_run();
}
