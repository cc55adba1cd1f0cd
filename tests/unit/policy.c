/* SPDX-License-Identifier: MIT
 *
 * What is decided before and beside a session, as tables. */
#include "base/base.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "pop3/here.h"
#include "pop3/likeness.h"
#include "pop3/policy.h"
#include "store/delivery.h"
#include "store/ledger.h"
#include "store/maildir.h"
#include "store/presence.h"
#include "store/strays.h"
#include "tests/unit/scratch.h"
#include "ui/poll.h"

enum { DAY = 86400, NOW = 1800000000 };
#define ACCOUNT "home|pop.example.org|995|ivan"

/* --- plans ------------------------------------------------------------------------ */

struct case_of_row {
	const char *name;
	enum keep_kind keep;
	struct uid_row row;
	bool gone, again; /* the row is among these */
	enum plan_action action;
	bool compares;
};

static const struct case_of_row row_cases[] = {
	{"until deleted: here", KEEP_UNTIL_DELETED, {.state = UID_STORED}, false, false, PLAN_LEAVE,
		false},
	{"until deleted: gone", KEEP_UNTIL_DELETED, {.state = UID_STORED}, true, false, PLAN_DELETE,
		false},
	{"until deleted: owed", KEEP_UNTIL_DELETED, {.state = UID_DEL_UNKNOWN}, false, false,
		PLAN_DELETE, false},
	{"always: gone here", KEEP_ALWAYS, {.state = UID_STORED}, true, false, PLAN_LEAVE, false},
	{"all: gone here, kept there", KEEP_ALWAYS, {.state = UID_STORED}, false, true, PLAN_FETCH,
		false},
	{"deleted, listed again, not compared yet", KEEP_NEVER, {.state = UID_DEL_DONE}, false,
		false, PLAN_FETCH, true},
	{"deleted, listed again, compared before", KEEP_NEVER,
		{.state = UID_DEL_DONE, .returns = 1}, false, false, PLAN_DELETE, false},
	{"missed for a while: another letter perhaps", KEEP_NEVER,
		{.state = UID_DEL_DONE, .returns = 1, .gone = NOW - DAY}, false, false, PLAN_FETCH,
		true},
	{"known by its head alone", KEEP_NEVER, {.state = UID_STORED, .likely = true}, false, false,
		PLAN_FETCH, true},
	{"known by its head alone, kept", KEEP_ALWAYS, {.state = UID_STORED, .likely = true}, false,
		false, PLAN_LEAVE, false},
};

static void one_row(const struct case_of_row *c)
{
	struct plan plan;
	struct uid_row row = c->row;
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) uid = g_bytes_new_static("abc", 3);
	g_autoptr(GPtrArray) known = g_ptr_array_new();
	g_autoptr(GHashTable) ids = g_hash_table_new(g_int64_hash, g_int64_equal);
	struct pop3_message message = {.number = 1, .uid = uid};
	struct pop3_drop drop = {.has_uids = true};
	struct keep_policy keep = {.kind = c->keep};
	struct plan_input in = {.known = known, .keep = &keep, .lived = NOW};
	row.id = 7;
	row.uid = uid;
	row.base = (char *)"base";
	row.stored = NOW - 99 * DAY;
	g_strlcpy(row.sha256, "digest", sizeof row.sha256);
	g_ptr_array_add(known, &row);
	g_hash_table_add(ids, &row.id);
	in.gone = c->gone ? ids : NULL;
	in.again = c->again ? ids : NULL;
	drop.messages = g_array_new(FALSE, FALSE, sizeof message);
	g_array_append_val(drop.messages, message);
	g_test_message("%s", c->name);
	g_assert_true(plan_make(&plan, &drop, &in, &error));
	const struct plan_step *step = &g_array_index(plan.steps, struct plan_step, 0);
	g_assert_cmpint(step->action, ==, c->action);
	g_assert_cmpstr(step->sha256, ==, c->compares ? "digest" : "");
	plan_clear(&plan);
	in.delete_nothing = true;
	g_assert_true(plan_make(&plan, &drop, &in, &error));
	g_assert_cmpuint(plan.delete, ==, 0);
	plan_clear(&plan);
	g_array_unref(drop.messages);
}

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(row_cases); i++)
		one_row(&row_cases[i]);
}

/* --- the clock -------------------------------------------------------------------- */

/* Visits one after the other, in days and hours; and what counts as lived. */
static const struct {
	const char *name;
	struct {
		double now, lived; /* days after NOW; lived -1: nothing is old */
	} visits[6];
} clock_cases[] = {
	{"every day", {{0, 0}, {1, 1}, {2, 2}, {3, 3}}},
	{"every hour and a half", {{0, 0}, {0.0625, 0.0625}, {0.125, 0.125}}},
	{"forward by a year, corrected", {{0, 0}, {365, 1}, {365.1, 1}, {0.2, -1}, {0.3, 0.3}}},
	{"forward by a year, and it stays", {{0, 0}, {365, 1}, {365.9, 1}, {366, 366}}},
	{"a holiday of three weeks", {{0, 0}, {21, 1}, {21.5, 1}, {22, 22}, {22.5, 22.5}}},
	{"every week", {{0, 0}, {7, 1}, {14, 8}, {21, 15}}},
	{"back by a month", {{0, 0}, {-30, -1}, {-29.5, -29.5}}},
	{"back by an hour", {{0, 0}, {-0.04, -0.04}, {0.5, 0.5}}},
};

static void test_clock(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(clock_cases); i++) {
		struct maildrop m = {0};
		for (size_t n = 0; n < 6; n++) {
			double now = clock_cases[i].visits[n].now;
			double lived = clock_cases[i].visits[n].lived;
			if (n > 0 && now == 0 && lived == 0)
				break;
			g_test_message("%s, visit %zu", clock_cases[i].name, n);
			int64_t got = policy_lived(&m, NOW + (int64_t)(now * DAY));
			int64_t wanted = lived == -1 ? 0 : NOW + (int64_t)(lived * DAY);
			g_assert_cmpint(got, ==, wanted);
		}
	}
}

/* --- heads --------------------------------------------------------------------------- */

#define HEAD "Message-ID: <1@x>\nDate: today\nFrom: a@x\nSubject: one two\n"

static void test_likeness(void)
{
	static const struct {
		const char *name, *a, *b;
		bool same;
	} rows[] = {
		{"the same", HEAD "\nbody", HEAD "\nother body", true},
		{"another field", HEAD "\n", "X-Moved: yes\n" HEAD "X-More: z\n\n", true},
		{"CRLF", HEAD "\n",
			"Message-ID: <1@x>\r\nDate: today\r\nFrom: a@x\r\n"
			"Subject: one two\r\n\r\n",
			true},
		{"folded, another order, other capitals", HEAD "\n",
			"SUBJECT: one\n\ttwo\nDate:today\nmessage-id:\n <1@x>\nFrom: a@x\n\n",
			true},
		{"another id", HEAD "\n", "Message-ID: <2@x>\nDate: today\nFrom: a@x\n\n", false},
		{"another subject", HEAD "\n",
			"Message-ID: <1@x>\nDate: today\nFrom: a@x\nSubject: three\n\n", false},
		{"a field that begins like ours", HEAD "\n", HEAD "Subject-Of: x\n\n", true},
		{"a second subject does not count", HEAD "\n", HEAD "Subject: three\n\n", true},
		{"text moved between fields", "Message-ID: ab\nDate: c\n\n",
			"Message-ID: a\nDate: bc\n\n", false},
		{"neither id nor date: all of it", "Subject: x\nTo: a\n\n", "Subject: x\nTo: b\n\n",
			false},
		{"neither id nor date, the same", "Subject: x\nTo: a\n\n1",
			"Subject: x\nTo: a\n\n2", true},
		{"nothing", "", "\n", true},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *a = likeness_of(rows[i].a, strlen(rows[i].a));
		g_autofree char *b = likeness_of(rows[i].b, strlen(rows[i].b));
		g_test_message("%s", rows[i].name);
		g_assert_cmpint(strcmp(a, b) == 0, ==, rows[i].same);
	}
}

static void test_delay(void)
{
	static const struct {
		int64_t delay, ago, wait;
	} rows[] = {
		{0, 0, 0}, {600, 0, 600}, {600, 599, 1}, {600, 600, 0}, {600, 99999, 0},
		{600, -5, 0}, /* the clock fell back: what it says is worth nothing */
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct maildrop m = {.visited = NOW - rows[i].ago, .delay = rows[i].delay};
		g_assert_cmpint(policy_delay(&m, NOW), ==, rows[i].wait);
	}
}

static void test_believes(void)
{
	static const struct {
		guint kept, gone;
		int64_t letters;
		bool believes;
	} rows[] = {
		{100, 1, 500, true},
		{100, 50, 500, true},
		{100, 51, 500, false},
		{30, 19, 500, true},
		{30, 20, 500, false},
		{3, 3, 500, true},
		{3, 3, 0, false}, /* no letter at all: is that our store? */
		{10000, 10000, 0, false},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpint(policy_believes_gone(rows[i].kept, rows[i].gone, rows[i].letters),
			==, rows[i].believes);
}

/* --- what comes after a failure ------------------------------------------------------ */

static void test_retry(void)
{
	static const struct {
		enum wire_code code;
		guint failures;
		bool progress;
		enum retry_kind kind;
		int minutes;
		bool tell;
	} rows[] = {
		/* [IN-USE]: after 1, 2 and 5 minutes, then with the interval (P-35). */
		{CODE_BUSY, 1, false, RETRY_WAIT, 1, false},
		{CODE_BUSY, 2, false, RETRY_WAIT, 2, false},
		{CODE_BUSY, 3, false, RETRY_WAIT, 5, true},
		{CODE_BUSY, 4, false, RETRY_REGULAR, 0, false},
		/* [SYS/TEMP]: quiet until the third. */
		{CODE_TEMPORARY, 1, false, RETRY_WAIT, 1, false},
		{CODE_TEMPORARY, 3, false, RETRY_WAIT, 15, true},
		{CODE_TEMPORARY, 4, false, RETRY_WAIT, 30, false},
		{CODE_NETWORK, 99, false, RETRY_WAIT, 60, false},
		{CODE_NETWORK, 1, true, RETRY_NOW, 0, false},
		{CODE_NETWORK, 2, true, RETRY_WAIT, 5, false},
		{CODE_TIMEOUT, 1, true, RETRY_NOW, 0, false},
		{CODE_DISK, 1, true, RETRY_WAIT, 5, true},
		/* [SYS/PERM], and what a person has to mend: one notice, and no more. */
		{CODE_REFUSED, 1, false, RETRY_STOP, 0, true},
		{CODE_AUTH, 1, false, RETRY_STOP, 0, true},
		{CODE_CONFIG, 5, false, RETRY_STOP, 0, true},
		{CODE_TLS, 1, false, RETRY_WAIT, 60, true},
		{CODE_CANCELLED, 1, true, RETRY_REGULAR, 0, false},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct retry r = retry_after(rows[i].code, rows[i].failures, rows[i].progress);
		g_test_message("%s, failure %u", wire_code_name(rows[i].code), rows[i].failures);
		g_assert_cmpint(r.kind, ==, rows[i].kind);
		g_assert_cmpint(r.seconds, ==, rows[i].minutes * 60);
		g_assert_cmpint(r.tell, ==, rows[i].tell);
	}
}

static const char rc[] = "[dewey]\nmail = /m\ninterval = 10 minutes\n"
			 "[account a]\npop3 = pop3s://x@a.test\n"
			 "[account b]\npop3 = pop3s://x@b.test\ninterval = 1 hour\n"
			 "[account c]\npop3 = pop3s://x@c.test\ninterval = 0\n"
			 "[account d]\nsmtp = smtps://x@d.test\naddress = d@d.test\n";

static void fail(struct poll *p, const char *account, enum wire_code code, int wait, int64_t now)
{
	struct poll_failure why = {.code = code, .wait = wait};
	poll_failed(p, account, &why, now);
}

static void assert_due(struct poll *p, int64_t now, const char *account)
{
	g_assert_cmpstr(poll_next(p, now - 1), ==, NULL);
	g_assert_cmpstr(poll_next(p, now), ==, account);
	g_assert_cmpstr(poll_next(p, now), ==, NULL);
}

static void test_poll(void)
{
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(dotfile) d = dotfile_parse(rc, "rc", 0600, mistakes);
	struct poll *p = poll_new(d, NOW);
	g_assert_cmpint(poll_step(p), ==, 5);
	g_assert_cmpstr(poll_next(p, NOW), ==, "a");
	assert_due(p, NOW, "b");
	poll_done(p, "a", NOW);
	poll_done(p, "b", NOW);
	assert_due(p, NOW + 600, "a");
	/* Earlier than the interval, then with it. */
	fail(p, "a", CODE_NETWORK, 0, NOW + 600);
	assert_due(p, NOW + 660, "a");
	fail(p, "a", CODE_NETWORK, 0, NOW + 660);
	assert_due(p, NOW + 960, "a");
	fail(p, "a", CODE_NETWORK, 0, NOW + 960);
	assert_due(p, NOW + 1860, "a");
	fail(p, "a", CODE_NETWORK, 0, NOW + 1860);
	/* 30 minutes would be longer than the interval, and than 15 minutes. */
	assert_due(p, NOW + 2760, "a");
	/* A success makes all as at first. */
	poll_done(p, "a", NOW + 2760);
	fail(p, "a", CODE_NETWORK, 0, NOW + 2761);
	assert_due(p, NOW + 2821, "a");
	/* The server's own wish counts (P-17). */
	fail(p, "a", CODE_BUSY, 900, NOW + 2821);
	g_assert_cmpstr(poll_next(p, NOW + 3600), ==, "b");
	assert_due(p, NOW + 3721, "a");
	/* Stopped until a person fetched it (P-35). */
	fail(p, "a", CODE_REFUSED, 0, NOW + 3721);
	g_assert_cmpstr(poll_next(p, NOW + 99999), ==, NULL);
	poll_done(p, "a", NOW + 100000);
	assert_due(p, NOW + 100600, "a");
	/* Without an interval a busy mailbox is tried three times more. */
	int64_t now = NOW + 200000;
	static const int minutes[] = {1, 2, 5};
	for (size_t i = 0; i < G_N_ELEMENTS(minutes); i++) {
		fail(p, "c", CODE_BUSY, 0, now);
		now += minutes[i] * 60;
		assert_due(p, now, "c");
	}
	fail(p, "c", CODE_BUSY, 0, now);
	g_assert_cmpstr(poll_next(p, now + DAY), ==, NULL);
	fail(p, "c", CODE_NETWORK, 0, now);
	g_assert_cmpstr(poll_next(p, now + DAY), ==, NULL);
	poll_free(p);
}

/* --- what is here ------------------------------------------------------------------ */

struct fixture {
	char *root;
	struct store *store;
	struct ledger *ledger;
	GPtrArray *rows;
	GError *error;
};

static void deliver(struct fixture *f, const char *uid, const char *text)
{
	g_autoptr(delivery) d = delivery_new(f->store, ACCOUNT, FOLDER_INBOX, &f->error);
	g_autoptr(GBytes) bytes = g_bytes_new(uid, strlen(uid));
	g_assert_true(delivery_begin(d, bytes, &f->error));
	g_assert_true(delivery_write(d, text, strlen(text), &f->error));
	g_assert_true(delivery_end(d, &f->error));
	g_assert_true(delivery_commit(d, NULL, NULL, &f->error));
}

static void load(struct fixture *f)
{
	g_clear_pointer(&f->rows, g_ptr_array_unref);
	f->rows = uids_load(f->ledger, ACCOUNT, &f->error);
	g_assert_no_error(f->error);
}

static void set_up(struct fixture *f, gconstpointer data)
{
	f->root = scratch_new();
	f->store = store_open(f->root, &f->error);
	f->ledger = store_ledger(f->store, &f->error);
	deliver(f, "one", "Subject: one\n\n1\n");
	deliver(f, "two", "Subject: two\n\n2\n");
	deliver(f, "three", "Subject: three\n\n3\n");
	load(f);
}

static void tear_down(struct fixture *f, gconstpointer data)
{
	g_assert_no_error(f->error);
	g_ptr_array_unref(f->rows);
	store_free(f->store);
	scratch_remove(f->root);
	g_free(f->root);
}

static const struct uid_row *row_at(const struct fixture *f, guint n)
{
	return f->rows->pdata[n];
}

static char *path_of(
	const struct fixture *f, const char *folder, const char *part, const char *base)
{
	return g_build_filename(f->root, folder, part, base, NULL);
}

static void move(const struct fixture *f, guint n, const char *folder, const char *name)
{
	const char *base = row_at(f, n)->base;
	g_autofree char *from = path_of(f, FOLDER_INBOX, "new", base);
	g_autofree char *to = path_of(f, folder, "cur", name ? name : base);
	g_assert_cmpint(g_rename(from, to), ==, 0);
}

static void look(struct fixture *f, guint trashed, guint gone)
{
	struct presence p = {0};
	g_assert_true(presence_look(f->store, f->rows, &p, &f->error));
	g_assert_cmpuint(g_hash_table_size(p.trashed), ==, trashed);
	g_assert_cmpuint(g_hash_table_size(p.gone), ==, gone);
	presence_clear(&p);
}

/* Moved, flagged, renamed by another program: still here. */
static void test_presence(struct fixture *f, gconstpointer data)
{
	g_autofree char *flagged = g_strconcat(row_at(f, 0)->base, ":2,FS", NULL);
	look(f, 0, 0);
	move(f, 0, FOLDER_INBOX, flagged);
	move(f, 1, FOLDER_ARCHIVE, "1700000000.of_another_program:2,S");
	look(f, 0, 0);
	load(f);
	g_assert_cmpstr(row_at(f, 1)->folder, ==, FOLDER_ARCHIVE);
	g_assert_cmpstr(row_at(f, 1)->base, ==, "1700000000.of_another_program");
	move(f, 2, FOLDER_TRASH, NULL);
	look(f, 1, 0);
	g_autofree char *path =
		path_of(f, FOLDER_ARCHIVE, "cur", "1700000000.of_another_program:2,S");
	g_assert_cmpint(g_unlink(path), ==, 0);
	look(f, 1, 1);
}

/* A letter in Trash of which another folder has a copy is here. */
static void test_presence_copy(struct fixture *f, gconstpointer data)
{
	move(f, 0, FOLDER_TRASH, NULL);
	g_autofree char *path = path_of(f, FOLDER_ARCHIVE, "cur", row_at(f, 0)->base);
	g_assert_true(g_file_set_contents(path, "Subject: one\n\n1\n", -1, &f->error));
	look(f, 0, 0);
}

static void test_presence_folder(struct fixture *f, gconstpointer data)
{
	g_autofree char *folder = g_build_filename(f->root, FOLDER_INBOX, NULL);
	g_autofree char *away = g_build_filename(f->root, "away", NULL);
	g_assert_cmpint(g_rename(folder, away), ==, 0);
	/* It is a folder all the same, so its letters are found there. */
	look(f, 0, 0);
	g_autofree char *hidden = g_build_filename(f->root, ".away", NULL);
	g_assert_cmpint(g_rename(away, hidden), ==, 0);
	look(f, 0, 0);
}

static void test_stamp(struct fixture *f, gconstpointer data)
{
	int64_t before, after;
	g_assert_true(presence_stamp(f->store, &before, &f->error));
	move(f, 0, FOLDER_TRASH, NULL);
	g_assert_true(presence_stamp(f->store, &after, &f->error));
	g_assert_cmpint(before, !=, after);
}

/* P-57: rows come in order of arrival, whatever their UIDs are, and are found by their
 * ids in any order; a UID outlives them. */
static void test_found(struct fixture *f, gconstpointer data)
{
	static const int64_t asked[] = {3, 1, 2, 2, 7, 0, 3};
	static const bool expected[] = {true, false, true};
	g_autoptr(GArray) listed = g_array_new(FALSE, FALSE, sizeof(int64_t));
	guint near = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
		const struct uid_row *row = uids_find(f->rows, asked[i], &near);
		bool there = asked[i] >= 1 && asked[i] <= 3;
		g_assert_true(there ? row == row_at(f, (guint)asked[i] - 1) : row == NULL);
	}
	g_array_append_vals(listed, (int64_t[]){3, 9, 1}, 3);
	g_autofree bool *among = uids_among(f->rows, listed);
	for (guint i = 0; i < 3; i++)
		g_assert_cmpint(among[i], ==, expected[i]);
	g_assert_cmpstr(row_at(f, 2)->folder, ==, row_at(f, 0)->folder);
	g_autoptr(GBytes) uid = g_bytes_ref(row_at(f, 2)->uid);
	load(f);
	g_assert_true(g_bytes_equal(uid, row_at(f, 2)->uid));
	g_ptr_array_set_size(f->rows, 0);
	g_assert_null(uids_find(f->rows, 1, &near));
}

/* P-61: letters whose rows the ledger has lost are known by their content, each
 * once. */
static void test_strays(struct fixture *f, gconstpointer data)
{
	g_autoptr(GPtrArray) nobody = g_ptr_array_new();
	g_autoptr(strays) none = strays_find(f->store, nobody, 0, &f->error);
	g_assert_cmpuint(strays_count(none), ==, 0);
	g_autoptr(strays) known = strays_find(f->store, f->rows, 0, &f->error);
	g_assert_cmpuint(strays_count(known), ==, 0);
	g_autofree char *sum = g_strdup(row_at(f, 1)->sha256);
	g_autofree char *base = g_strdup(row_at(f, 1)->base);
	int64_t size = row_at(f, 1)->size;
	g_assert_cmpint(sqlite3_exec(ledger_db(f->ledger), "DELETE FROM uid WHERE id = 2", NULL,
				NULL, NULL),
		==, SQLITE_OK);
	load(f);
	g_autoptr(strays) s = strays_find(f->store, f->rows, 0, &f->error);
	g_assert_cmpuint(strays_count(s), ==, 1);
	g_assert_true(strays_has_size(s, size));
	g_assert_null(strays_take(s, size, "another"));
	struct uid_row *row = strays_take(s, size, sum);
	g_assert_cmpstr(row->base, ==, base);
	g_assert_cmpstr(row->folder, ==, FOLDER_INBOX);
	g_assert_null(strays_take(s, size, sum));
	row->uid = g_bytes_new_static("again", 5);
	g_assert_true(uids_adopt(f->ledger, ACCOUNT, row, &f->error));
	uid_row_free(row);
	load(f);
	g_assert_cmpuint(f->rows->len, ==, 3);
	g_assert_cmpstr(row_at(f, 2)->sha256, ==, sum);
	g_autoptr(strays) late =
		strays_find(f->store, nobody, g_get_real_time() / 1000000 + 60, &f->error);
	g_assert_cmpuint(strays_count(late), ==, 0);
}

/* P-49: a letter under a new name is not one that was deleted. */
static void test_rename(struct fixture *f, gconstpointer data)
{
	g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(struct uid_change));
	g_array_set_clear_func(changes, uid_change_clear);
	struct uid_change c = {row_at(f, 0)->id, g_bytes_new_static("two", 3), true};
	g_array_append_val(changes, c);
	g_assert_true(uids_rename(f->ledger, ACCOUNT, changes, &f->error));
	load(f);
	g_assert_cmpuint(f->rows->len, ==, 2);
	g_assert_true(row_at(f, 0)->likely);
	g_assert_cmpmem(g_bytes_get_data(row_at(f, 0)->uid, NULL), 3, "two", 3);
}

static void test_notices(struct fixture *f, gconstpointer data)
{
	int64_t when;
	g_assert_true(notice_given(f->ledger, ACCOUNT, "x", &when, &f->error));
	g_assert_cmpint(when, ==, 0);
	g_assert_true(notice_give(f->ledger, ACCOUNT, "x", &f->error));
	g_assert_true(notice_give(f->ledger, "another", "y", &f->error));
	g_assert_true(notice_given(f->ledger, ACCOUNT, "x", &when, &f->error));
	g_assert_cmpint(when, >, 0);
	g_assert_true(notice_given(f->ledger, ACCOUNT, "y", &when, &f->error));
	g_assert_cmpint(when, ==, 0);
	g_assert_true(notice_take_back(f->ledger, ACCOUNT, "x", &f->error));
	g_assert_true(notice_given(f->ledger, ACCOUNT, "x", &when, &f->error));
	g_assert_cmpint(when, ==, 0);
}

static void test_maildrop(struct fixture *f, gconstpointer data)
{
	struct maildrop m, again;
	g_assert_true(maildrop_load(f->ledger, ACCOUNT, &m, &f->error));
	/* Nothing was noted yet: the rows say when it was used. */
	g_assert_cmpint(m.visited, ==, row_at(f, 2)->stored);
	m = (struct maildrop){1, 2, 3, 4, 5};
	g_assert_true(maildrop_save(f->ledger, ACCOUNT, &m, &f->error));
	g_assert_true(maildrop_load(f->ledger, ACCOUNT, &again, &f->error));
	g_assert_cmpmem(&m, sizeof m, &again, sizeof again);
}

#define ADD(path, function) g_test_add(path, struct fixture, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/policy/rows/P-49/P-59/P-70", test_rows);
	g_test_add_func("/policy/clock/P-70", test_clock);
	g_test_add_func("/policy/likeness/P-49", test_likeness);
	g_test_add_func("/policy/delay/P-17", test_delay);
	g_test_add_func("/policy/gone", test_believes);
	g_test_add_func("/policy/retry/P-35", test_retry);
	g_test_add_func("/policy/poll/P-17/P-35", test_poll);
	ADD("/policy/presence/X-10", test_presence);
	ADD("/policy/presence/copy", test_presence_copy);
	ADD("/policy/presence/folder", test_presence_folder);
	ADD("/policy/presence/stamp", test_stamp);
	ADD("/policy/strays/P-61", test_strays);
	ADD("/policy/found/P-57", test_found);
	ADD("/policy/rename/P-49", test_rename);
	ADD("/policy/notices", test_notices);
	ADD("/policy/maildrop", test_maildrop);
	return g_test_run();
}
