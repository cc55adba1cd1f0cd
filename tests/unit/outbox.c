/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/report.h"
#include "store/maildir.h"
#include "store/outbox-private.h"
#include "tests/unit/outbox-fixture.h"

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
	g_autofree char *name = outbox_lock_name(ACCOUNT);
	G_GNUC_UNUSED g_autoptr(store_lock) agent = store_lock_take(f->store, name, &f->error);
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
	/* What was called back stays with the user when the undo time ends. */
	for (int state = OUTBOX_HELD; state <= OUTBOX_DONE; state++) {
		int64_t id = in_state(f, (enum outbox_state)state);
		check(f, outbox_end_undo(f->store, id, &f->error), state == OUTBOX_QUEUED);
	}
	g_assert_false(outbox_hold(f->store, 99999, &f->error));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_MISSING);
	g_clear_error(&f->error);
	g_assert_false(outbox_drop(f->store, 99999, &f->error));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_MISSING);
	g_clear_error(&f->error);
}

/* An agent was killed, and nobody holds its lock: what it had is taken up by who
 * comes next, without a start. */
static const struct {
	enum outbox_state state;
	bool (*change)(struct store *s, int64_t id, GError **error);
	bool can;
	const char *then;
} orphan_rows[] = {
	{OUTBOX_SENDING, outbox_recall, true, "held a@x:waiting"},
	{OUTBOX_SENDING, outbox_hold, true, "held a@x:waiting"},
	{OUTBOX_SENDING, outbox_release, true, "queued a@x:waiting"},
	{OUTBOX_DOT_PENDING, outbox_recall, false, "uncertain a@x:accepted"},
	{OUTBOX_DOT_PENDING, outbox_release, true, "queued a@x:waiting"},
};

static void test_orphan(struct fixture *f, gconstpointer data)
{
	for (size_t i = 0; i < G_N_ELEMENTS(orphan_rows); i++) {
		g_test_message("row %zu", i);
		int64_t id = add(f, "a@x", NULL, NULL);
		take(f, id);
		answer(f, id, "a");
		if (orphan_rows[i].state == OUTBOX_DOT_PENDING)
			dot(f, id);
		check(f, orphan_rows[i].change(f->store, id, &f->error), orphan_rows[i].can);
		expect(f, id, orphan_rows[i].then);
		g_assert_true(outbox_drop(f->store, id, &f->error));
	}
	int64_t id = add(f, "a@x", NULL, NULL);
	take(f, id);
	g_assert_cmpint(outbox_next_due(f->store, NULL, &f->error), ==, NOW);
	expect(f, id, "queued a@x:waiting");
	take(f, id);
	g_autofree char *name = outbox_lock_name(ACCOUNT);
	G_GNUC_UNUSED g_autoptr(store_lock) agent = store_lock_take(f->store, name, &f->error);
	g_assert_cmpint(outbox_next_due(f->store, NULL, &f->error), ==, 0);
	expect(f, id, "sending a@x:waiting");
}

/* The table, written a second time: for each event the states it may happen in, and
 * what comes of an item with a recipient in each state. */
static const struct {
	const char *event, *from, *to, *recipients;
} machine_rows[] = {
	{"take", "queued", "sending", "waiting waiting sent waiting failed given-up"},
	{"dot", "sending", "dot-pending", "waiting accepted sent deferred failed given-up"},
	{"accept", "sending dot-pending", "queued", "waiting sent sent deferred failed given-up"},
	{"defer", "sending dot-pending", "queued", "waiting waiting sent deferred failed given-up"},
	{"back", "sending dot-pending", "queued", "waiting waiting sent deferred failed given-up"},
	{"refuse", "sending dot-pending", "held", "waiting waiting sent deferred failed given-up"},
	{"lose", "dot-pending", "uncertain", "waiting accepted sent deferred failed given-up"},
	{"repeat", "uncertain", "queued", "waiting waiting sent deferred failed given-up"},
	{"expire", "queued", "done", "given-up given-up sent given-up given-up given-up"},
	{"expire-rest", "queued", "held", "failed failed sent failed failed given-up"},
	{"hold", "held queued", "held", "waiting accepted sent deferred failed given-up"},
	{"set-time", "held queued", "queued", "waiting waiting sent deferred failed given-up"},
	{"end-undo", "queued", "queued", "waiting accepted sent deferred failed given-up"},
	{"release", "held queued uncertain", "queued",
		"waiting waiting sent deferred failed given-up"},
	{"retry-failed", "held queued uncertain", "queued",
		"waiting accepted sent deferred waiting given-up"},
	{"treat-as-sent", "uncertain", "queued", "waiting sent sent deferred failed given-up"},
	{"correct", "held queued", "queued", "waiting accepted sent deferred failed given-up"},
	{"give-up", "held queued", "queued", "waiting accepted sent deferred failed given-up"},
	{"drop", "held queued uncertain done", NULL, NULL},
};

static int64_t in_every_state(struct fixture *f, enum outbox_state state)
{
	const char *const to[] = {"0@x", "1@x", "2@x", "3@x", "4@x", "5@x", NULL};
	int64_t id = add_to(f, to);
	g_autofree char *items =
		g_strdup_printf("UPDATE outbox SET state = %d WHERE id = %d", state, (int)id);
	g_autofree char *recipients = g_strdup_printf(
		"UPDATE recipient SET state = substr(address, 1, 1) WHERE item = %d", (int)id);
	exec(f, items);
	exec(f, recipients);
	return id;
}

static char *states_of(struct fixture *f, int64_t id)
{
	g_autoptr(outbox_item) item = outbox_get(f->store, id, &f->error);
	GString *text = g_string_new(outbox_state_name(item->state));
	for (guint i = 0; i < item->recipients->len; i++) {
		const struct outbox_recipient *r = item->recipients->pdata[i];
		g_string_append_printf(text, " %s", recipient_state_name(r->state));
	}
	return g_string_free(text, FALSE);
}

static void test_machine_event(struct fixture *f, size_t row, enum outbox_state state)
{
	sqlite3 *db = ledger_db(store_ledger(f->store, NULL));
	enum outbox_event event = (enum outbox_event)row;
	int64_t id = in_every_state(f, state);
	g_auto(GStrv) from = g_strsplit(machine_rows[row].from, " ", -1);
	bool may = g_strv_contains((const char *const *)from, outbox_state_name(state));
	g_autofree char *expected =
		g_strdup_printf("%s %s", machine_rows[row].to, machine_rows[row].recipients);
	g_test_message("row '%s' in %s", machine_rows[row].event, outbox_state_name(state));
	check(f, outbox_may(db, id, event, &f->error), may);
	if (!machine_rows[row].to)
		return;
	g_autofree char *before = states_of(f, id);
	check(f, outbox_happens(db, id, event, "why", &f->error), may);
	g_autofree char *after = states_of(f, id);
	g_assert_cmpstr(after, ==, may ? expected : before);
}

/* S-40 … S-55 */
static void test_machine(struct fixture *f, gconstpointer data)
{
	g_assert_cmpint(G_N_ELEMENTS(machine_rows), ==, EVENT_COUNT);
	for (size_t i = 0; i < G_N_ELEMENTS(machine_rows); i++)
		for (int state = OUTBOX_HELD; state <= OUTBOX_DONE; state++)
			test_machine_event(f, i, (enum outbox_state)state);
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

/* S-66: no control character gets into the queue, for nobody, whoever hands it in; the
 * session knows the whole grammar. */
static void test_no_address(struct fixture *f, gconstpointer data)
{
	static const char *const bad[] = {
		"a\r\nDATA", "\"a\r\nRCPT TO:<x@y>\"@b", "a\n@b", "a@b\x7f", ""};
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		const char *const to[] = {"a@x", bad[i], NULL};
		struct outbox_letter letter = {.account = ACCOUNT,
			.sender = "me@x",
			.recipients = to,
			.data = "x\n",
			.len = 2};
		g_test_message("row %zu", i);
		g_assert_cmpint(outbox_add(f->store, &letter, &f->error), ==, 0);
		g_assert_nonnull(f->error);
		g_clear_error(&f->error);
	}
	g_autoptr(GPtrArray) all = outbox_list(f->store, true, &f->error);
	g_assert_cmpuint(all->len, ==, 0);
	g_assert_cmpuint(count(f, ".dewey/outbox"), ==, 0);
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

/* --- a race ------------------------------------------------------------------------ */

enum { RACE_ITEMS = 100 };

/* The agent: takes what it can get, and says what it has got.  It lives, and has the
 * lock, until wait ends: what a dead one had may be recalled. */
static void race_taker(const char *dir, int to, int wait)
{
	g_autoptr(store) s = store_open(dir, NULL);
	g_autofree char *name = outbox_lock_name(ACCOUNT);
	g_autoptr(store_lock) lock = s ? store_lock_take(s, name, NULL) : NULL;
	unsigned char n = 0;
	if (!lock || write(to, &n, 1) != 1)
		_exit(1);
	for (;;) {
		g_autoptr(outbox_item) item = outbox_take(s, ACCOUNT, NULL);
		if (!item) {
			close(to);
			_exit(read(wait, &n, 1) != 0);
		}
		n = (unsigned char)item->id;
		if (write(to, &n, 1) != 1)
			_exit(1);
	}
}

/* DESIGN section 3, S-53: recalling and sending can never both win, and never both
 * lose; the items are asked for from both ends. */
static void test_race(struct fixture *f, gconstpointer data)
{
	int pipe_ends[2], wait_ends[2], status;
	unsigned char taken[RACE_ITEMS + 1], n;
	bool recalled[RACE_ITEMS + 1] = {false};
	guint wins = 0, losses = 0;
	for (int i = 0; i < RACE_ITEMS; i++)
		add(f, "a@x", NULL, NULL);
	/* SQLite must not be carried across a fork. */
	g_clear_pointer(&f->store, store_free);
	g_assert_true(pipe(pipe_ends) == 0 && pipe(wait_ends) == 0);
	pid_t agent = fork();
	if (agent == 0) {
		close(wait_ends[1]);
		race_taker(f->dir, pipe_ends[1], wait_ends[0]);
	}
	close(pipe_ends[1]);
	close(wait_ends[0]);
	f->store = store_open(f->dir, &f->error);
	g_assert_cmpint(read(pipe_ends[0], &n, 1), ==, 1);
	for (int64_t id = RACE_ITEMS; id > 0; id--) {
		/* looking as a person does gives the other one time */
		G_GNUC_UNUSED g_autoptr(GPtrArray) seen = outbox_list(f->store, false, &f->error);
		recalled[id] = outbox_recall(f->store, id, &f->error);
		if (!recalled[id])
			g_assert_error(f->error, STORE_ERROR, STORE_ERROR_STATE);
		g_clear_error(&f->error);
		wins += recalled[id];
	}
	while (read(pipe_ends[0], &n, 1) == 1) {
		g_assert_false(recalled[n]);
		taken[losses++] = n;
	}
	close(pipe_ends[0]);
	close(wait_ends[1]);
	g_assert_cmpint(waitpid(agent, &status, 0), ==, agent);
	g_assert_cmpint(status, ==, 0);
	g_test_message("%u recalled, %u taken", wins, losses);
	g_assert_cmpuint(wins + losses, ==, RACE_ITEMS);
	for (guint i = 0; i < losses; i++)
		expect(f, taken[i], "sending a@x:waiting");
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

/* S-51: the server has it; a name that can be no folder does not make that doubtful. */
static void test_no_folder(struct fixture *f, gconstpointer data)
{
	int64_t id = add(f, "a@x", NULL, NULL);
	take(f, id);
	answer(f, id, "a");
	dot(f, id);
	g_assert_true(outbox_accepted(f->store, id, "Lists/cur", &f->error));
	g_assert_true(outbox_settle(f->store, ACCOUNT, &f->error));
	expect(f, id, "done a@x:sent");
	g_assert_cmpuint(count(f, "Sent/cur"), ==, 1);
}

static guint done_rows(struct fixture *f)
{
	restart(f);
	g_autoptr(GPtrArray) items = outbox_list(f->store, true, &f->error);
	return items->len;
}

/* S-55: what became of a letter is kept for 90 days, from when it was done: not from
 * when it was written, nor from a day to come by a clock that was wrong. */
static void test_kept(struct fixture *f, gconstpointer data)
{
	static const int64_t ends[] = {NOW + 80 * DAY, NOW + 900 * DAY};
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		set_clock(NOW);
		int64_t id = add(f, "a@x", NULL, NULL), right = MIN(ends[i], NOW + 80 * DAY);
		set_clock(ends[i]);
		take(f, id);
		answer(f, id, "a");
		dot(f, id);
		accepted(f, id);
		set_clock(right);
		g_assert_cmpuint(done_rows(f), ==, 1);
		set_clock(right + 90 * DAY);
		g_assert_cmpuint(done_rows(f), ==, 1);
		set_clock(right + 90 * DAY + 1);
		g_assert_cmpuint(done_rows(f), ==, 0);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	report_set_sink(ignore, NULL);
	ADD("/outbox/sent/S-52", test_sent);
	ADD("/outbox/green/S-41", test_green);
	ADD("/outbox/give-up/S-40", test_give_up);
	ADD("/outbox/give-up-held/S-40", test_give_up_held);
	ADD("/outbox/crash/S-51", test_crash);
	ADD("/outbox/uncertain/S-50", test_uncertain);
	ADD("/outbox/user/S-53", test_user);
	ADD("/outbox/orphan/S-53", test_orphan);
	ADD("/outbox/machine/S-40", test_machine);
	ADD("/outbox/transitions", test_transitions);
	ADD("/outbox/take/S-53", test_take);
	ADD("/outbox/no-address/S-66", test_no_address);
	ADD("/outbox/race/S-53", test_race);
	ADD("/outbox/doubles/S-45", test_doubles);
	ADD("/outbox/rubbish", test_rubbish);
	ADD("/outbox/kept/S-55", test_kept);
	ADD("/outbox/no-folder/S-51", test_no_folder);
	return g_test_run();
}
