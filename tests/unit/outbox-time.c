/* SPDX-License-Identifier: MIT
 *
 * When a letter goes: what is handed in, retries, clocks. */
#include "base/base.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/report.h"
#include "store/maildir.h"
#include "tests/unit/outbox-fixture.h"

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

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	report_set_sink(ignore, NULL);
	ADD("/outbox/fields/S-52", test_fields);
	ADD("/outbox/times/S-52", test_times);
	ADD("/outbox/retries/S-52", test_retries);
	ADD("/outbox/clock/S-52", test_clock);
	ADD("/outbox/clock-ahead/S-52", test_clock_ahead);
	return g_test_run();
}
