/* SPDX-License-Identifier: MIT
 *
 * The outbox of one store, at a time that stands still. */
#ifndef DEWEY_TESTS_OUTBOX_FIXTURE_H
#define DEWEY_TESTS_OUTBOX_FIXTURE_H

#include "store/db.h"
#include "store/outbox.h"
#include "tests/unit/fixture.h"

#define ACCOUNT "home"
enum { NOW = 1700000000, MINUTE = 60, HOUR = 3600, DAY = 86400 };

static inline void set_clock(int64_t when)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, when);
	g_setenv("DEWEY_CLOCK", text, TRUE);
}

static inline void set_up_now(struct fixture *f, gconstpointer data)
{
	set_clock(NOW);
	set_up(f, data);
}

/* As after a crash: another process opens the store. */
static inline void restart(struct fixture *f)
{
	store_free(f->store);
	f->store = store_open(f->dir, &f->error);
	g_assert_true(outbox_recover(f->store, ACCOUNT, &f->error));
	g_assert_no_error(f->error);
}

static inline int64_t add_to(struct fixture *f, const char *const *recipients)
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

static inline int64_t add(struct fixture *f, const char *a, const char *b, const char *c)
{
	const char *const recipients[] = {a, b, c, NULL};
	return add_to(f, recipients);
}

static inline guint count(struct fixture *f, const char *below)
{
	g_autofree char *path = g_build_filename(f->dir, below, NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	guint n = 0;
	while (dir && g_dir_read_name(dir))
		n++;
	return n;
}

static inline guint copies(struct fixture *f)
{
	return count(f, "Sent/cur") + count(f, "Sent/new") + count(f, "Archive/cur");
}

/* "queued a:waiting b:failed" */
static inline char *picture(struct fixture *f, int64_t id)
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

static inline void expect(struct fixture *f, int64_t id, const char *expected)
{
	g_autofree char *text = picture(f, id);
	g_assert_cmpstr(text, ==, expected);
}

static inline int64_t recipient(struct fixture *f, int64_t id, guint i)
{
	g_autoptr(outbox_item) item = outbox_get(f->store, id, &f->error);
	return ((struct outbox_recipient *)item->recipients->pdata[i])->id;
}

static inline void take(struct fixture *f, int64_t id)
{
	g_autoptr(outbox_item) item = outbox_take(f->store, ACCOUNT, &f->error);
	g_assert_no_error(f->error);
	g_assert_nonnull(item);
	g_assert_cmpint(item->id, ==, id);
	g_assert_cmpint(item->state, ==, OUTBOX_SENDING);
}

static inline void answer(struct fixture *f, int64_t id, const char *states)
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

static inline void dot(struct fixture *f, int64_t id)
{
	g_assert_true(outbox_set_state(f->store, id, OUTBOX_DOT_PENDING, NULL, &f->error));
}

static inline void accepted(struct fixture *f, int64_t id)
{
	g_assert_true(outbox_accepted(f->store, id, FOLDER_SENT, &f->error));
	g_assert_true(outbox_settle(f->store, ACCOUNT, &f->error));
	g_assert_no_error(f->error);
}

static inline void exec(struct fixture *f, const char *sql)
{
	g_assert_true(db_exec(ledger_db(store_ledger(f->store, NULL)), sql, &f->error));
}

#undef ADD
#define ADD(path, test) g_test_add(path, struct fixture, NULL, set_up_now, test, tear_down)

static inline void ignore(const char *line, void *data)
{
}

#endif
