/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/report.h"
#include "store/db.h"
#include "store/maildir.h"
#include "store/outbox.h"
#include "tests/unit/fixture.h"

#define ACCOUNT "home"
enum { NOW = 1700000000, MINUTE = 60, HOUR = 3600, DAY = 86400 };

static void set_clock(int64_t when)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, when);
	g_setenv("DEWEY_CLOCK", text, TRUE);
}

static void set_up_now(struct fixture *f, gconstpointer data)
{
	set_clock(NOW);
	set_up(f, data);
}

/* As after a crash: another process opens the store. */
static void restart(struct fixture *f)
{
	store_free(f->store);
	f->store = store_open(f->dir, &f->error);
	g_assert_true(outbox_recover(f->store, ACCOUNT, &f->error));
	g_assert_no_error(f->error);
}

static int64_t add_to(struct fixture *f, const char *const *recipients)
{
	struct outbox_letter letter = {.account = ACCOUNT,
		.sender = "smith@usc-isif.arpa",
		.subject = "Привет",
		.message_id = "1@x",
		.recipients = recipients,
		.data = "Subject: x\n\nText\n",
		.len = 17};
	int64_t id = outbox_add(f->store, &letter, &f->error);
	g_assert_no_error(f->error);
	g_assert_cmpint(id, >, 0);
	return id;
}

static int64_t add(struct fixture *f, const char *a, const char *b, const char *c)
{
	const char *const recipients[] = {a, b, c, NULL};
	return add_to(f, recipients);
}

static guint count(struct fixture *f, const char *below)
{
	g_autofree char *path = g_build_filename(f->dir, below, NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	guint n = 0;
	while (dir && g_dir_read_name(dir))
		n++;
	return n;
}

static guint copies(struct fixture *f)
{
	return count(f, "Sent/cur") + count(f, "Sent/new") + count(f, "Archive/cur");
}

/* "queued a:waiting b:failed" */
static char *picture(struct fixture *f, int64_t id)
{
	g_autoptr(outbox_item) item = outbox_get(f->store, id, &f->error);
	g_assert_no_error(f->error);
	GString *text = g_string_new(outbox_state_name(item->state));
	for (guint i = 0; i < item->recipients->len; i++) {
		const struct outbox_recipient *r = item->recipients->pdata[i];
		g_string_append_printf(text, " %s:%s", r->address, recipient_state_name(r->state));
	}
	return g_string_free(text, FALSE);
}

static void expect(struct fixture *f, int64_t id, const char *expected)
{
	g_autofree char *text = picture(f, id);
	g_assert_cmpstr(text, ==, expected);
}

static int64_t recipient(struct fixture *f, int64_t id, guint i)
{
	g_autoptr(outbox_item) item = outbox_get(f->store, id, &f->error);
	return ((struct outbox_recipient *)item->recipients->pdata[i])->id;
}

static void take(struct fixture *f, int64_t id)
{
	g_autoptr(outbox_item) item = outbox_take(f->store, ACCOUNT, &f->error);
	g_assert_no_error(f->error);
	g_assert_nonnull(item);
	g_assert_cmpint(item->id, ==, id);
	g_assert_cmpint(item->state, ==, OUTBOX_SENDING);
}

static void answer(struct fixture *f, int64_t id, const char *states)
{
	for (guint i = 0; states[i] != '\0'; i++) {
		enum recipient_state state = states[i] == 'a'   ? RECIPIENT_ACCEPTED
					     : states[i] == 'd' ? RECIPIENT_DEFERRED
								: RECIPIENT_FAILED;
		if (states[i] == '-')
			continue;
		g_assert_true(outbox_set_recipient(
			f->store, recipient(f, id, i), state, "550 no such user", &f->error));
	}
}

static void dot(struct fixture *f, int64_t id)
{
	g_assert_true(outbox_set_state(f->store, id, OUTBOX_DOT_PENDING, NULL, &f->error));
}

static void accepted(struct fixture *f, int64_t id)
{
	g_assert_true(outbox_accepted(f->store, id, FOLDER_SENT, &f->error));
	g_assert_no_error(f->error);
}

static void exec(struct fixture *f, const char *sql)
{
	g_assert_true(db_exec(ledger_db(store_ledger(f->store, NULL)), sql, &f->error));
}

static void test_sent(struct fixture *f, gconstpointer data)
{
	int64_t id = add(f, "a@x", "b@x", NULL);
	expect(f, id, "queued a@x:waiting b@x:waiting");
	g_autoptr(outbox_item) item = outbox_get(f->store, id, &f->error);
	g_autofree char *text = NULL;
	struct stat st;
	g_assert_true(g_file_get_contents(item->path, &text, NULL, NULL));
	g_assert_cmpstr(text, ==, "Subject: x\n\nText\n");
	g_assert_cmpint(stat(item->path, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 0777, ==, 0600);
	g_assert_cmpstr(item->subject, ==, "Привет");
	take(f, id);
	answer(f, id, "aa");
	dot(f, id);
	accepted(f, id);
	expect(f, id, "done a@x:sent b@x:sent");
	g_assert_cmpuint(copies(f), ==, 1);
	g_assert_cmpuint(count(f, ".dewey/outbox"), ==, 0);
	g_autoptr(outbox_item) done = outbox_get(f->store, id, &f->error);
	g_assert_null(done->path);
	g_autofree char *copy = g_strdup_printf("%s/Sent/cur/%s:2,S", f->dir, done->sent_base);
	g_autofree char *sent = NULL;
	g_assert_true(g_file_get_contents(copy, &sent, NULL, NULL));
	g_assert_cmpstr(sent, ==, text);
	g_autoptr(GPtrArray) open = outbox_list(f->store, false, &f->error);
	g_autoptr(GPtrArray) all = outbox_list(f->store, true, &f->error);
	g_assert_cmpuint(open->len, ==, 0);
	g_assert_cmpuint(all->len, ==, 1);
}

static bool write_letter(int fd, void *user, GError **error)
{
	return write(fd, user, 2) == 2 && write(fd, "b\n", 2) == 2;
}

static bool write_nothing(int fd, void *user, GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_DISK, "it changed");
	return false;
}

/* What is handed in besides the bytes comes back; a letter may be a stream. */
static void test_fields(struct fixture *f, gconstpointer data)
{
	const char *const to[] = {"a@x", NULL};
	struct outbox_letter letter = {.account = ACCOUNT,
		.sender = "me@x",
		.recipients = to,
		.write = write_letter,
		.user = (char[]){"a\n"},
		.draft = "draft",
		.draft_len = 5,
		.undo_until = NOW + 10,
		.send_at = NOW + HOUR,
		.options = OUTBOX_NOTIFY_SUCCESS | OUTBOX_REQUIRE_TLS,
		.envid = "QQ1"};
	int64_t id = outbox_add(f->store, &letter, &f->error);
	g_autoptr(outbox_item) item = outbox_get(f->store, id, &f->error);
	g_autofree char *bytes = NULL, *draft = NULL;
	g_assert_no_error(f->error);
	g_assert_true(g_file_get_contents(item->path, &bytes, NULL, NULL));
	g_assert_true(g_file_get_contents(item->draft_path, &draft, NULL, NULL));
	g_assert_cmpstr(bytes, ==, "a\nb\n");
	g_assert_cmpint(item->size, ==, 4);
	g_assert_cmpstr(draft, ==, "draft");
	g_assert_cmpint(item->undo_until, ==, NOW + 10);
	g_assert_cmpint(item->send_at, ==, NOW + HOUR);
	g_assert_cmpint(item->due, ==, NOW + HOUR);
	g_assert_cmpuint(item->options, ==, OUTBOX_NOTIFY_SUCCESS | OUTBOX_REQUIRE_TLS);
	g_assert_cmpstr(item->envid, ==, "QQ1");
	g_assert_cmpint(outbox_next_due(f->store, ACCOUNT, &f->error), ==, NOW + HOUR);
	g_assert_cmpint(outbox_next_due(f->store, "work", &f->error), ==, 0);
	restart(f);
	g_assert_cmpuint(count(f, ".dewey/outbox"), ==, 2);
	g_assert_true(outbox_drop(f->store, id, &f->error));
	letter.write = write_nothing;
	g_assert_cmpint(outbox_add(f->store, &letter, &f->error), ==, 0);
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_DISK);
	g_clear_error(&f->error);
	g_assert_cmpuint(count(f, ".dewey/outbox"), ==, 0);
}

/* An item waits for its undo time and the user's; the server may wait instead. */
static void test_times(struct fixture *f, gconstpointer data)
{
	static const struct {
		int64_t undo, at, due;
		unsigned options;
	} rows[] = {
		{0, 0, NOW, 0},
		{NOW + 10, 0, NOW + 10, 0},
		{NOW + 10, NOW + 5, NOW + 10, 0},
		{NOW + 10, NOW + DAY, NOW + DAY, 0},
		{NOW + 10, NOW + DAY, NOW + 10, OUTBOX_SERVER_HOLDS},
		{0, NOW - DAY, NOW, 0},
	};
	const char *const to[] = {"a@x", NULL};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct outbox_letter letter = {.account = ACCOUNT,
			.sender = "me@x",
			.recipients = to,
			.data = "x\n",
			.len = 2,
			.undo_until = rows[i].undo,
			.send_at = rows[i].at,
			.options = rows[i].options};
		int64_t id = outbox_add(f->store, &letter, &f->error);
		g_autoptr(outbox_item) item = outbox_get(f->store, id, &f->error);
		g_test_message("row %zu", i);
		g_assert_cmpint(item->due, ==, rows[i].due);
		g_assert_true(outbox_recall(f->store, id, &f->error));
		g_assert_null(outbox_take(f->store, ACCOUNT, &f->error));
		expect(f, id, "held a@x:waiting");
		g_assert_true(outbox_set_time(f->store, id, NOW + 2 * DAY, &f->error));
		g_autoptr(outbox_item) later = outbox_get(f->store, id, &f->error);
		g_assert_cmpint(later->due, ==, rows[i].options ? NOW : NOW + 2 * DAY);
		g_assert_true(outbox_drop(f->store, id, &f->error));
	}
}

/* S-40, S-41: Jones and Brown get it, Green is corrected and gets it alone. */
static void test_green(struct fixture *f, gconstpointer data)
{
	int64_t id = add(f, "jones@x", "green@x", "brown@x");
	take(f, id);
	answer(f, id, "afa");
	dot(f, id);
	accepted(f, id);
	expect(f, id, "held jones@x:sent green@x:failed brown@x:sent");
	g_assert_cmpuint(copies(f), ==, 1);
	g_assert_null(outbox_take(f->store, ACCOUNT, &f->error));
	/* to somebody who has it: refused (S-45) */
	g_assert_false(outbox_correct(f->store, recipient(f, id, 1), "jones@X", &f->error));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_STATE);
	g_clear_error(&f->error);
	g_assert_false(outbox_correct(f->store, recipient(f, id, 1), "a\r\nDATA", &f->error));
	g_clear_error(&f->error);
	g_assert_true(outbox_correct(f->store, recipient(f, id, 1), "greene@x", &f->error));
	expect(f, id, "queued jones@x:sent greene@x:waiting brown@x:sent");
	take(f, id);
	g_autoptr(outbox_item) item = outbox_get(f->store, id, &f->error);
	g_assert_true(g_file_test(item->path, G_FILE_TEST_EXISTS));
	answer(f, id, "-a");
	dot(f, id);
	accepted(f, id);
	expect(f, id, "done jones@x:sent greene@x:sent brown@x:sent");
	g_assert_cmpuint(copies(f), ==, 1);
	g_assert_cmpuint(count(f, ".dewey/outbox"), ==, 0);
}

static void test_give_up(struct fixture *f, gconstpointer data)
{
	int64_t id = add(f, "a@x", "b@x", NULL);
	take(f, id);
	answer(f, id, "ff");
	g_assert_true(outbox_deferred(f->store, id, "550", &f->error));
	expect(f, id, "held a@x:failed b@x:failed");
	g_assert_true(outbox_give_up(f->store, recipient(f, id, 0), &f->error));
	expect(f, id, "held a@x:given-up b@x:failed");
	/* the last: then the letter would be nowhere */
	g_assert_false(outbox_give_up(f->store, recipient(f, id, 1), &f->error));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_STATE);
	g_clear_error(&f->error);
	expect(f, id, "held a@x:given-up b@x:failed");
	g_assert_true(outbox_release(f->store, id, &f->error));
	expect(f, id, "queued a@x:given-up b@x:waiting");
	take(f, id);
	answer(f, id, "-a");
	accepted(f, id);
	expect(f, id, "done a@x:given-up b@x:sent");
	g_assert_cmpuint(copies(f), ==, 1);
}

/* Held for Green's sake: without Green it goes to Jones; what the user holds
 * stays. */
static void test_give_up_held(struct fixture *f, gconstpointer data)
{
	int64_t id = add(f, "green@x", "jones@x", NULL);
	take(f, id);
	answer(f, id, "f-");
	g_assert_true(outbox_set_state(f->store, id, OUTBOX_HELD, "550 no Green", &f->error));
	expect(f, id, "held green@x:failed jones@x:waiting");
	g_assert_true(outbox_give_up(f->store, recipient(f, id, 0), &f->error));
	expect(f, id, "queued green@x:given-up jones@x:waiting");
	id = add(f, "brown@x", "smith@x", NULL);
	g_assert_true(outbox_hold(f->store, id, &f->error));
	g_assert_true(outbox_give_up(f->store, recipient(f, id, 0), &f->error));
	expect(f, id, "held brown@x:given-up smith@x:waiting");
}

/* S-44, S-52: the steps of the queue, and its patience. */
static void test_retries(struct fixture *f, gconstpointer data)
{
	static const int steps[] = {
		MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 2 * HOUR, 2 * HOUR};
	int64_t id = add(f, "a@x", "b@x", NULL), now = NOW;
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		take(f, id);
		answer(f, id, i == 0 ? "ad" : "-d");
		if (i == 0)
			accepted(f, id);
		else
			g_assert_true(outbox_deferred(f->store, id, "450 later", &f->error));
		expect(f, id, "queued a@x:sent b@x:deferred");
		g_assert_cmpuint(copies(f), ==, 1);
		g_autoptr(outbox_item) item = outbox_get(f->store, id, &f->error);
		g_test_message("attempt %zu", i + 1);
		g_assert_cmpint(item->due - now, >=, steps[i]);
		g_assert_cmpint(item->due - now, <=, steps[i] + (steps[i] == 2 * HOUR ? HOUR : 0));
		set_clock(item->due - 1);
		g_assert_null(outbox_take(f->store, ACCOUNT, &f->error));
		now = item->due;
		set_clock(now);
	}
	set_clock(NOW + 5 * DAY);
	take(f, id);
	answer(f, id, "-d");
	g_assert_true(outbox_deferred(f->store, id, "450 later", &f->error));
	expect(f, id, "held a@x:sent b@x:failed");
	g_assert_cmpuint(copies(f), ==, 1);
	g_assert_cmpuint(count(f, ".dewey/outbox"), ==, 1);
}

/* A letter scheduled for next month is not given up at its first failure, and
 * a clock that jumped does not delay a retry for years. */
static void test_clock(struct fixture *f, gconstpointer data)
{
	const char *const to[] = {"a@x", NULL};
	struct outbox_letter letter = {.account = ACCOUNT,
		.sender = "me@x",
		.recipients = to,
		.data = "x\n",
		.len = 2,
		.send_at = NOW + 30 * DAY};
	int64_t id = outbox_add(f->store, &letter, &f->error);
	g_assert_null(outbox_take(f->store, ACCOUNT, &f->error));
	restart(f);
	g_assert_null(outbox_take(f->store, ACCOUNT, &f->error));
	set_clock(NOW + 30 * DAY);
	take(f, id);
	g_assert_true(outbox_deferred(f->store, id, "no connection", &f->error));
	expect(f, id, "queued a@x:waiting");
	set_clock(NOW); /* the battery was empty */
	restart(f);
	g_autoptr(outbox_item) item = outbox_get(f->store, id, &f->error);
	g_assert_cmpint(item->due, <=, NOW + 3 * HOUR);
}

/* What was queued for "now" by a clock that was years ahead goes now. */
static void test_clock_ahead(struct fixture *f, gconstpointer data)
{
	set_clock(NOW + 900 * DAY);
	int64_t id = add(f, "a@x", NULL, NULL);
	set_clock(NOW);
	g_assert_null(outbox_take(f->store, ACCOUNT, &f->error));
	restart(f);
	take(f, id);
}

/* S-50, S-51: what starting makes of the state that a crash left. */
static const struct {
	const char *name;
	enum outbox_state state;
	const char *then;
} crash_rows[] = {
	{"before the dot", OUTBOX_SENDING, "queued a@x:waiting b@x:failed"},
	{"after the dot", OUTBOX_DOT_PENDING, "uncertain a@x:accepted b@x:failed"},
	{"queued", OUTBOX_QUEUED, "queued a@x:waiting b@x:failed"},
	{"held", OUTBOX_HELD, "held a@x:waiting b@x:failed"},
};

static void test_crash(struct fixture *f, gconstpointer data)
{
	for (size_t i = 0; i < G_N_ELEMENTS(crash_rows); i++) {
		struct fixture own = {0};
		set_up_now(&own, NULL);
		int64_t id = add(&own, "a@x", "b@x", NULL);
		g_test_message("row '%s'", crash_rows[i].name);
		take(&own, id);
		answer(&own, id, "af");
		if (crash_rows[i].state != OUTBOX_SENDING)
			g_assert_true(outbox_set_state(
				own.store, id, crash_rows[i].state, NULL, &own.error));
		restart(&own);
		expect(&own, id, crash_rows[i].then);
		g_assert_cmpuint(copies(&own), ==, 0);
		tear_down(&own, NULL);
	}
}

/* S-50: an uncertain one is not sent again by itself; either choice works. */
static void test_uncertain(struct fixture *f, gconstpointer data)
{
	for (int resend = 0; resend < 2; resend++) {
		int64_t id = add(f, "a@x", NULL, NULL);
		take(f, id);
		answer(f, id, "a");
		dot(f, id);
		restart(f);
		set_clock(NOW + 30 * DAY);
		g_assert_null(outbox_take(f->store, ACCOUNT, &f->error));
		if (resend) {
			g_assert_true(outbox_release(f->store, id, &f->error));
			take(f, id);
			expect(f, id, "sending a@x:waiting");
		} else {
			g_assert_true(outbox_treat_as_sent(f->store, id, FOLDER_SENT, &f->error));
			expect(f, id, "done a@x:sent");
		}
		g_assert_cmpuint(copies(f), ==, 1);
		set_clock(NOW);
	}
}

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
	g_assert_false(outbox_accepted(f->store, id, FOLDER_SENT, &f->error));
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

/* S-53: possible until the agent has it, then "too late". */
static const struct {
	enum outbox_state state;
	bool hold, release, drop;
} user_rows[] = {
	{OUTBOX_HELD, true, true, true},
	{OUTBOX_QUEUED, true, true, true},
	{OUTBOX_SENDING, false, false, false},
	{OUTBOX_DOT_PENDING, false, false, false},
	{OUTBOX_UNCERTAIN, false, true, true},
	{OUTBOX_DONE, false, false, true},
};

static int64_t in_state(struct fixture *f, enum outbox_state state)
{
	int64_t id = add(f, "a@x", NULL, NULL);
	g_autofree char *sql =
		g_strdup_printf("UPDATE outbox SET state = %d WHERE id = %d", state, (int)id);
	exec(f, sql);
	return id;
}

static void check(struct fixture *f, bool got, bool expected)
{
	g_assert_cmpint(got, ==, expected);
	if (!expected)
		g_assert_error(f->error, STORE_ERROR, STORE_ERROR_STATE);
	g_clear_error(&f->error);
}

static void test_user(struct fixture *f, gconstpointer data)
{
	for (size_t i = 0; i < G_N_ELEMENTS(user_rows); i++) {
		g_test_message("row %zu", i);
		int64_t id = in_state(f, user_rows[i].state);
		check(f, outbox_hold(f->store, id, &f->error), user_rows[i].hold);
		id = in_state(f, user_rows[i].state);
		check(f, outbox_release(f->store, id, &f->error), user_rows[i].release);
		id = in_state(f, user_rows[i].state);
		guint before = count(f, ".dewey/outbox");
		check(f, outbox_drop(f->store, id, &f->error), user_rows[i].drop);
		g_assert_cmpuint(count(f, ".dewey/outbox"), ==, before - user_rows[i].drop);
	}
	g_assert_false(outbox_hold(f->store, 99999, &f->error));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_MISSING);
	g_clear_error(&f->error);
	g_assert_false(outbox_drop(f->store, 99999, &f->error));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_MISSING);
	g_clear_error(&f->error);
}

/* Every pair of states: what outbox_set_state() allows. */
static void test_transitions(struct fixture *f, gconstpointer data)
{
	static const char *const allowed[] = {"sending held", "sending queued",
		"sending dot-pending", "dot-pending held", "dot-pending queued",
		"dot-pending uncertain", NULL};
	for (int from = OUTBOX_HELD; from <= OUTBOX_DONE; from++)
		for (int to = OUTBOX_HELD; to <= OUTBOX_DONE; to++) {
			int64_t id = in_state(f, (enum outbox_state)from);
			g_autofree char *pair =
				g_strdup_printf("%s %s", outbox_state_name((enum outbox_state)from),
					outbox_state_name((enum outbox_state)to));
			g_test_message("row '%s'", pair);
			check(f,
				outbox_set_state(
					f->store, id, (enum outbox_state)to, "why", &f->error),
				g_strv_contains(allowed, pair));
		}
}

/* Two agents, or one started twice: each item is taken once. */
static void test_take(struct fixture *f, gconstpointer data)
{
	const char *const to[] = {"a@x", NULL};
	struct outbox_letter other = {
		.account = "work", .sender = "me@x", .recipients = to, .data = "x\n", .len = 2};
	struct outbox_letter held = other;
	held.account = ACCOUNT;
	held.held = true;
	g_assert_cmpint(outbox_add(f->store, &other, &f->error), >, 0);
	g_assert_cmpint(outbox_add(f->store, &held, &f->error), >, 0);
	int64_t id = add(f, "a@x", NULL, NULL);
	g_autoptr(store) second = store_open(f->dir, &f->error);
	take(f, id);
	g_assert_null(outbox_take(second, ACCOUNT, &f->error));
	g_autoptr(outbox_item) any = outbox_take(second, NULL, &f->error);
	g_assert_cmpstr(any->account, ==, "work");
	g_assert_no_error(f->error);
	/* the other account's agent starts: ours goes on */
	g_assert_true(outbox_recover(second, "work", &f->error));
	expect(f, id, "sending a@x:waiting");
}

/* S-45 */
static void test_doubles(struct fixture *f, gconstpointer data)
{
	const char *const to[] = {"a@x", "A@x", "a@X", "b@x", "a@x", NULL};
	int64_t id = add_to(f, to);
	expect(f, id, "queued a@x:waiting A@x:waiting b@x:waiting");
}

static void test_rubbish(struct fixture *f, gconstpointer data)
{
	g_autofree char *part = g_build_filename(f->dir, ".dewey/outbox/1.part", NULL);
	g_assert_true(g_file_set_contents(part, "x", 1, NULL));
	int64_t id = add(f, "a@x", NULL, NULL);
	restart(f);
	g_assert_cmpuint(count(f, ".dewey/outbox"), ==, 2);
	expect(f, id, "queued a@x:waiting");
}

#undef ADD
#define ADD(path, test) g_test_add(path, struct fixture, NULL, set_up_now, test, tear_down)

static void ignore(const char *line, void *data)
{
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	report_set_sink(ignore, NULL);
	ADD("/outbox/sent/S-52", test_sent);
	ADD("/outbox/fields/S-52", test_fields);
	ADD("/outbox/times/S-52", test_times);
	ADD("/outbox/green/S-41", test_green);
	ADD("/outbox/give-up/S-40", test_give_up);
	ADD("/outbox/give-up-held/S-40", test_give_up_held);
	ADD("/outbox/retries/S-52", test_retries);
	ADD("/outbox/clock/S-52", test_clock);
	ADD("/outbox/clock-ahead/S-52", test_clock_ahead);
	ADD("/outbox/crash/S-51", test_crash);
	ADD("/outbox/uncertain/S-50", test_uncertain);
	ADD("/outbox/copy/S-55", test_copy);
	ADD("/outbox/copy-fails/S-55", test_copy_fails);
	ADD("/outbox/user/S-53", test_user);
	ADD("/outbox/transitions", test_transitions);
	ADD("/outbox/take/S-53", test_take);
	ADD("/outbox/doubles/S-45", test_doubles);
	ADD("/outbox/rubbish", test_rubbish);
	return g_test_run();
}
