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
		g_assert_cmpint(item->due - now, <=, steps[i] + steps[i] / 4);
		set_clock(item->due - 1);
		g_assert_null(outbox_take(f->store, ACCOUNT, &f->error));
		now = item->due;
		set_clock(now);
	}
}

/* As often as it takes: the server is not there. */
static void try_in_vain(struct fixture *f, int64_t from, guint times)
{
	for (guint i = 0; i < times; i++) {
		set_clock(from + i * 3 * HOUR);
		g_assert_true(outbox_server_failed(f->store,
			&(struct outbox_relay){ACCOUNT, "mail.x:465", ""}, OUTBOX_TROUBLE_DOWN,
			"no route", &f->error));
	}
}

static guint expired(struct fixture *f)
{
	g_autoptr(GPtrArray) items = outbox_expire(f->store, ACCOUNT, 5 * DAY, &f->error);
	g_assert_no_error(f->error);
	return items->len;
}

/* Five days, and often enough: what nobody got is a draft again, once, with the
 * reason; of what some got the rest is held. */
static void test_expire(struct fixture *f, gconstpointer data)
{
	int64_t nobody = add(f, "a@x", "b@x", NULL), some = add(f, "a@x", "b@x", NULL);
	exec(f, "UPDATE recipient SET state = 2 WHERE item = 2 AND address = 'a@x'");
	try_in_vain(f, NOW, 4);
	set_clock(NOW + 6 * DAY);
	g_assert_cmpuint(expired(f), ==, 0); /* the computer slept */
	try_in_vain(f, NOW + 4 * DAY, 4);
	g_assert_cmpuint(expired(f), ==, 0);
	set_clock(NOW + 5 * DAY);
	g_assert_cmpuint(expired(f), ==, 2);
	g_assert_cmpuint(expired(f), ==, 0);
	expect(f, nobody, "done a@x:given-up b@x:given-up");
	expect(f, some, "held a@x:sent b@x:failed");
	restart(f);
	g_assert_cmpuint(count(f, "Drafts/cur"), ==, 1);
	g_assert_cmpuint(copies(f), ==, 0);
	g_assert_cmpuint(count(f, ".dewey/outbox"), ==, 1);
	g_autoptr(outbox_item) item = outbox_get(f->store, nobody, &f->error);
	g_assert_cmpstr(item->error, ==, "given up after 5 days: no route");
	g_autofree char *path = g_strdup_printf("%s/Drafts/cur/%s:2,DFS", f->dir, item->sent_base);
	g_autofree char *text = NULL;
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_assert_cmpstr(text, ==,
		"X-Dewey-Not-Sent: =?utf-8?B?Z2l2ZW4gdXAgYWZ0ZXIgNSBkYXlzOiBubyByb3V0ZQ==?=\n"
		"Subject: x\n\nText\n");
}

static int64_t add_with_draft(struct fixture *f)
{
	const char *const to[] = {"a@x", NULL};
	struct outbox_letter letter = {.account = ACCOUNT,
		.sender = "s@x",
		.recipients = to,
		.data = "Subject: x\n\nText\n",
		.len = 17,
		.draft = "Subject: x\n\nDraft\n",
		.draft_len = 18};
	return outbox_add(f->store, &letter, &f->error);
}

/* S-52: one of the two files is gone: what is given up is made of the other. */
static void test_expire_of(struct fixture *f, gconstpointer data)
{
	static const char *const left[] = {"Draft\n", "Text\n"};
	for (guint i = 0; i < G_N_ELEMENTS(left); i++) {
		int64_t id = add_with_draft(f);
		g_autoptr(outbox_item) item = outbox_get(f->store, id, &f->error);
		try_in_vain(f, NOW + i * 10 * DAY, 8);
		set_clock(NOW + (i * 10 + 5) * DAY);
		g_assert_cmpint(g_remove(i == 0 ? item->path : item->draft_path), ==, 0);
		g_assert_cmpuint(expired(f), ==, 1);
		g_autoptr(outbox_item) gone = outbox_get(f->store, id, &f->error);
		g_autofree char *path =
			g_strdup_printf("%s/Drafts/cur/%s:2,DFS", f->dir, gone->sent_base);
		g_autofree char *text = NULL;
		g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
		g_assert_true(g_str_has_suffix(text, left[i]));
		g_assert_cmpuint(count(f, ".dewey/outbox"), ==, 0);
		exec(f, "DELETE FROM relay");
	}
}

/* S-52: Drafts cannot be written: the letter is given up and that is told, as what it
 * is; the draft is made later. */
static void test_expire_fails(struct fixture *f, gconstpointer data)
{
	int64_t id = add(f, "a@x", NULL, NULL);
	g_autofree char *drafts = g_build_filename(f->dir, "Drafts", NULL);
	g_autofree char *away = g_build_filename(f->dir, "away", NULL);
	try_in_vain(f, NOW, 8);
	set_clock(NOW + 5 * DAY);
	g_assert_cmpint(g_rename(drafts, away), ==, 0);
	g_assert_true(g_file_set_contents(drafts, "in the way", -1, NULL));
	g_autoptr(GPtrArray) items = outbox_expire(f->store, ACCOUNT, 5 * DAY, &f->error);
	g_assert_no_error(f->error);
	g_assert_cmpuint(items->len, ==, 1);
	const struct outbox_item *item = items->pdata[0];
	g_assert_true(g_str_has_prefix(item->error, "given up after 5 days: no route; the letter "
						    "is given up, but it is not in Drafts"));
	expect(f, id, "done a@x:given-up");
	/* The store does not open without its folders; an agent that runs goes on. */
	g_assert_true(outbox_recover(f->store, ACCOUNT, &f->error));
	g_assert_cmpuint(count(f, ".dewey/outbox"), ==, 1);
	g_assert_cmpint(g_remove(drafts), ==, 0);
	g_assert_cmpint(g_rename(away, drafts), ==, 0);
	restart(f);
	g_assert_cmpuint(count(f, "Drafts/cur"), ==, 1);
	g_assert_cmpuint(count(f, ".dewey/outbox"), ==, 0);
}

/* S-16: that a server was asked to hold a letter until next month uses up no patience. */
static void test_wait_here(struct fixture *f, gconstpointer data)
{
	const char *const to[] = {"a@x", NULL};
	struct outbox_letter letter = {.account = ACCOUNT,
		.sender = "s@x",
		.recipients = to,
		.data = "Subject: x\n\nText\n",
		.len = 17,
		.send_at = NOW + 30 * DAY,
		.options = OUTBOX_SERVER_HOLDS};
	int64_t id = outbox_add(f->store, &letter, &f->error);
	take(f, id);
	g_assert_true(outbox_wait_here(f->store, id, "no", &f->error));
	try_in_vain(f, NOW + 30 * DAY, 8);
	g_assert_cmpuint(expired(f), ==, 0);
	expect(f, id, "queued a@x:waiting");
	g_autoptr(outbox_item) item = outbox_get(f->store, id, &f->error);
	g_assert_cmpint(item->first_attempt, ==, NOW + 30 * DAY);
}

/* A dead server is tried once for all of its letters, of all accounts. */
static void test_server(struct fixture *f, gconstpointer data)
{
	static const int steps[] = {
		MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 2 * HOUR, 2 * HOUR};
	int64_t id = add(f, "a@x", NULL, NULL), now = NOW;
	add(f, "b@x", NULL, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_test_message("failure %zu", i + 1);
		g_assert_cmpint(outbox_next_due(f->store, ACCOUNT, &f->error), <=, now);
		g_assert_true(outbox_server_failed(f->store,
			&(struct outbox_relay){ACCOUNT, "mail.x:465", ""}, OUTBOX_TROUBLE_DOWN,
			"no route", &f->error));
		int64_t due = outbox_next_due(f->store, ACCOUNT, &f->error);
		g_assert_cmpint(due - now, >=, steps[i]);
		g_assert_cmpint(due - now, <=, steps[i] + steps[i] / 4);
		g_autoptr(GPtrArray) items = outbox_list(f->store, false, &f->error);
		for (guint k = 0; k < items->len; k++) {
			const struct outbox_item *item = items->pdata[k];
			g_assert_cmpint(item->due, ==, due);
			g_assert_cmpint(item->attempts, ==, i + 1);
			g_assert_cmpstr(item->error, ==, "no route");
		}
		now = due;
		set_clock(now);
	}
	/* a new letter may look again, a minute after the last look */
	g_assert_true(
		outbox_server_failed(f->store, &(struct outbox_relay){ACCOUNT, "mail.x:465", ""},
			OUTBOX_TROUBLE_DOWN, "no route", &f->error));
	add(f, "c@x", NULL, NULL);
	g_assert_cmpint(outbox_next_due(f->store, ACCOUNT, &f->error), ==, now + MINUTE);
	/* it answers: all go */
	g_assert_true(outbox_server_well(
		f->store, &(struct outbox_relay){ACCOUNT, "mail.x:465", ""}, &f->error));
	g_assert_cmpint(outbox_next_due(f->store, ACCOUNT, &f->error), <=, now);
	take(f, id);
}

/* Two accounts of one server share its failures, not their passwords. */
static void test_accounts(struct fixture *f, gconstpointer data)
{
	const char *const to[] = {"a@x", NULL};
	struct outbox_letter other = {
		.account = "work", .sender = "me@x", .recipients = to, .data = "x\n", .len = 2};
	g_assert_cmpint(outbox_add(f->store, &other, &f->error), >, 0);
	add(f, "a@x", NULL, NULL);
	exec(f, "UPDATE outbox SET first = 1");
	const char *server = "mail.x:465";
	g_assert_true(outbox_server_failed(f->store, &(struct outbox_relay){"work", server, ""},
		OUTBOX_TROUBLE_DOWN, "refused", &f->error));
	g_assert_true(outbox_server_failed(f->store, &(struct outbox_relay){ACCOUNT, server, ""},
		OUTBOX_TROUBLE_DOWN, "refused", &f->error));
	g_assert_cmpint(outbox_next_due(f->store, "work", &f->error), >=, NOW + 5 * MINUTE);
	g_assert_true(outbox_server_failed(f->store, &(struct outbox_relay){ACCOUNT, server, ""},
		OUTBOX_TROUBLE_BLOCKED, "535", &f->error));
	g_assert_cmpint(outbox_next_due(f->store, ACCOUNT, &f->error), ==, 0);
	g_assert_cmpint(outbox_next_due(f->store, NULL, &f->error), >=, NOW + 5 * MINUTE);
	struct outbox_server state;
	g_assert_true(outbox_server_get(f->store, ACCOUNT, &state, &f->error));
	g_assert_true(state.blocked);
	g_assert_cmpstr(state.why, ==, "535");
	outbox_server_clear(&state);
	/* no failure of the other is the end of it */
	g_assert_true(outbox_server_failed(f->store, &(struct outbox_relay){"work", server, ""},
		OUTBOX_TROUBLE_DOWN, "refused", &f->error));
	g_assert_true(outbox_server_well(
		f->store, &(struct outbox_relay){"work", server, ""}, &f->error));
	g_assert_cmpint(outbox_next_due(f->store, "work", &f->error), <=, NOW);
	g_assert_cmpint(outbox_next_due(f->store, ACCOUNT, &f->error), ==, 0);
	g_assert_true(outbox_server_well(
		f->store, &(struct outbox_relay){ACCOUNT, server, ""}, &f->error));
	g_assert_cmpint(outbox_next_due(f->store, ACCOUNT, &f->error), <=, NOW);
}

/* S-54: without a network nothing is counted, however long it takes. */
static void test_offline(struct fixture *f, gconstpointer data)
{
	int64_t id = add(f, "a@x", NULL, NULL);
	for (int i = 0; i < 20; i++) {
		set_clock(NOW + i * DAY);
		g_assert_true(outbox_server_failed(f->store,
			&(struct outbox_relay){ACCOUNT, "mail.x:465", ""}, OUTBOX_TROUBLE_OFFLINE,
			"no network", &f->error));
		int64_t due = outbox_next_due(f->store, ACCOUNT, &f->error);
		g_assert_cmpint(due - (NOW + i * DAY), >=, MINUTE);
		g_assert_cmpint(due - (NOW + i * DAY), <=, 2 * MINUTE);
	}
	g_assert_cmpuint(expired(f), ==, 0);
	g_autoptr(outbox_item) item = outbox_get(f->store, id, &f->error);
	g_assert_cmpint(item->attempts, ==, 0);
	g_assert_cmpstr(item->error, ==, "no network");
}

/* A clock that was years ahead, and is right again: one attempt, not a storm, and
 * not years of waiting.  A time that the user chose stays. */
static void test_clock_server(struct fixture *f, gconstpointer data)
{
	set_clock(NOW + 900 * DAY);
	int64_t id = add(f, "a@x", NULL, NULL);
	g_assert_true(
		outbox_server_failed(f->store, &(struct outbox_relay){ACCOUNT, "mail.x:465", ""},
			OUTBOX_TROUBLE_DOWN, "no route", &f->error));
	set_clock(NOW);
	g_assert_cmpint(outbox_next_due(f->store, ACCOUNT, &f->error), ==, NOW);
	g_assert_true(
		outbox_server_failed(f->store, &(struct outbox_relay){ACCOUNT, "mail.x:465", ""},
			OUTBOX_TROUBLE_DOWN, "no route", &f->error));
	int64_t due = outbox_next_due(f->store, ACCOUNT, &f->error);
	g_assert_cmpint(due - NOW, >=, 5 * MINUTE);
	g_assert_cmpint(due - NOW, <=, 7 * MINUTE);
	g_assert_true(outbox_set_time(f->store, id, NOW + 900 * DAY, &f->error));
	restart(f);
	g_assert_cmpint(outbox_next_due(f->store, ACCOUNT, &f->error), ==, NOW + 900 * DAY);
}

static int64_t repeat_at(struct fixture *f, int64_t id)
{
	g_autoptr(outbox_item) item = outbox_get(f->store, id, &f->error);
	return item->repeat_at;
}

/* S-50: half an hour after the dot, once. */
static void test_repeat(struct fixture *f, gconstpointer data)
{
	int64_t id = add(f, "a@x", NULL, NULL);
	take(f, id);
	answer(f, id, "a");
	dot(f, id);
	restart(f);
	g_assert_cmpint(repeat_at(f, id), ==, NOW + 30 * MINUTE);
	set_clock(NOW + 30 * MINUTE - 1);
	g_assert_true(outbox_repeat_uncertain(f->store, ACCOUNT, &f->error));
	expect(f, id, "uncertain a@x:accepted");
	set_clock(NOW + 30 * MINUTE);
	g_assert_true(outbox_repeat_uncertain(f->store, "work", &f->error));
	expect(f, id, "uncertain a@x:accepted");
	g_assert_true(outbox_repeat_uncertain(f->store, ACCOUNT, &f->error));
	expect(f, id, "queued a@x:waiting");
	take(f, id);
	answer(f, id, "a");
	dot(f, id);
	restart(f);
	set_clock(NOW + DAY);
	g_assert_true(outbox_repeat_uncertain(f->store, ACCOUNT, &f->error));
	expect(f, id, "uncertain a@x:accepted");
	g_assert_cmpint(repeat_at(f, id), ==, 0);
}

static bool repeats(struct fixture *f, int64_t id, int64_t uptime)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, uptime);
	g_setenv("DEWEY_UPTIME", text, TRUE);
	g_assert_true(outbox_repeat_uncertain(f->store, ACCOUNT, &f->error));
	g_autoptr(outbox_item) item = outbox_get(f->store, id, &f->error);
	return item->state == OUTBOX_QUEUED;
}

/* S-50: a clock that is put right is no half hour, nor makes it one of years; a new
 * start of the machine takes a half hour of its own at most. */
static const struct {
	const char *name;
	int64_t dotted, clock, early, due; /* uptimes, but for the clock */
} repeat_rows[] = {
	{"put forward", 5000, NOW + 900 * DAY, 5000 + 30 * MINUTE - 1, 5000 + 30 * MINUTE},
	{"put back", 5000, NOW - 900 * DAY, 5000 + 30 * MINUTE - 1, 5000 + 30 * MINUTE},
	{"started anew", 5000, NOW, 30 * MINUTE - 1, 30 * MINUTE},
	{"of an older dewey", NOW, NOW, 30 * MINUTE - 1, 30 * MINUTE},
};

static void test_repeat_clock(struct fixture *f, gconstpointer data)
{
	for (size_t i = 0; i < G_N_ELEMENTS(repeat_rows); i++) {
		g_autofree char *then = g_strdup_printf("%d", (int)repeat_rows[i].dotted);
		g_test_message("row '%s'", repeat_rows[i].name);
		set_clock(NOW);
		g_setenv("DEWEY_UPTIME", then, TRUE);
		int64_t id = add(f, "a@x", NULL, NULL);
		take(f, id);
		answer(f, id, "a");
		dot(f, id);
		restart(f);
		set_clock(repeat_rows[i].clock);
		g_assert_false(repeats(f, id, repeat_rows[i].early));
		g_assert_cmpint(repeat_at(f, id), ==, repeat_rows[i].clock + 1);
		g_assert_true(repeats(f, id, repeat_rows[i].due));
		g_assert_true(outbox_drop(f->store, id, &f->error));
	}
	g_unsetenv("DEWEY_UPTIME");
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

/* Nor is a letter tried for years that was tried first by a clock that was years
 * ahead: the five days begin when it is right again. */
static void test_clock_patience(struct fixture *f, gconstpointer data)
{
	add(f, "a@x", NULL, NULL);
	try_in_vain(f, NOW + 900 * DAY, 1);
	set_clock(NOW);
	restart(f);
	try_in_vain(f, NOW, 8);
	set_clock(NOW + 5 * DAY - 1);
	g_assert_cmpuint(expired(f), ==, 0);
	set_clock(NOW + 5 * DAY);
	g_assert_cmpuint(expired(f), ==, 1);
}

/* What was queued for "now" by a clock that was years ahead goes now. */
static void test_clock_ahead(struct fixture *f, gconstpointer data)
{
	set_clock(NOW + 900 * DAY);
	int64_t id = add(f, "a@x", NULL, NULL);
	set_clock(NOW);
	take(f, id);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	report_set_sink(ignore, NULL);
	ADD("/outbox/fields/S-52", test_fields);
	ADD("/outbox/times/S-52", test_times);
	ADD("/outbox/retries/S-52", test_retries);
	ADD("/outbox/expire/S-52", test_expire);
	ADD("/outbox/expire/fails/S-52", test_expire_fails);
	ADD("/outbox/expire/of-what-is-left/S-52", test_expire_of);
	ADD("/outbox/wait-here/S-16-S-52", test_wait_here);
	ADD("/outbox/server/S-52", test_server);
	ADD("/outbox/accounts/S-54", test_accounts);
	ADD("/outbox/offline/S-54", test_offline);
	ADD("/outbox/clock-server/S-52", test_clock_server);
	ADD("/outbox/repeat/S-50", test_repeat);
	ADD("/outbox/repeat/clock/S-50", test_repeat_clock);
	ADD("/outbox/clock/S-52", test_clock);
	ADD("/outbox/clock-ahead/S-52", test_clock_ahead);
	ADD("/outbox/clock-patience/S-52", test_clock_patience);
	return g_test_run();
}
