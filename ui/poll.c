/* SPDX-License-Identifier: MIT */
#include "ui/poll.h"

#include <string.h>

/* A timer stands still while the machine sleeps, so the clock is looked at. */
#define STEP 5

/* Waits are never longer than the interval, or this where that is shorter: who
 * looks every five minutes wants to see soon that the network is back. */
#define LEAST_CAP 900

struct turn {
	char *account;
	int interval; /* 0: only when told, but for retries of what was told */
	int64_t due;  /* 0: not by itself */
	guint failures;
};

struct poll {
	GPtrArray *turns; /* of struct turn */
};

static void turn_free(void *data)
{
	struct turn *t = data;
	g_free(t->account);
	g_free(t);
}

struct poll *poll_new(const struct dotfile *d, int64_t now)
{
	struct poll *p = g_new0(struct poll, 1);
	p->turns = g_ptr_array_new_with_free_func(turn_free);
	for (guint i = 0; i < dotfile_account_count(d); i++) {
		const struct account *a = dotfile_account(d, i);
		struct turn *t = g_new0(struct turn, 1);
		t->account = g_strdup(a->id);
		t->interval = a->pop3 ? dotfile_account_interval(d, a) : 0;
		t->due = t->interval ? now : 0;
		g_ptr_array_add(p->turns, t);
	}
	return p;
}

void poll_free(struct poll *p)
{
	if (!p)
		return;
	g_ptr_array_unref(p->turns);
	g_free(p);
}

static struct turn *find(const struct poll *p, const char *account)
{
	for (guint i = 0; i < p->turns->len; i++) {
		struct turn *t = p->turns->pdata[i];
		if (strcmp(t->account, account) == 0)
			return t;
	}
	return NULL;
}

const char *poll_next(struct poll *p, int64_t now)
{
	for (guint i = 0; i < p->turns->len; i++) {
		struct turn *t = p->turns->pdata[i];
		/* The clock fell back: nobody waits for years. */
		if (t->due > now + 2 * MAX(t->interval, LEAST_CAP * 4) + 86400)
			t->due = now;
		if (t->due == 0 || t->due > now)
			continue;
		t->due = 0;
		return t->account;
	}
	return NULL;
}

int poll_step(const struct poll *p)
{
	int step = 0;
	for (guint i = 0; i < p->turns->len; i++) {
		const struct turn *t = p->turns->pdata[i];
		if (t->interval > 0 || t->due > 0)
			step = MIN(step ? step : STEP, MAX(t->interval, 1));
	}
	return step;
}

static int64_t regular(const struct turn *t, int64_t now)
{
	return t->interval ? now + t->interval : 0;
}

void poll_done(struct poll *p, const char *account, int64_t now)
{
	struct turn *t = find(p, account);
	if (!t)
		return;
	t->failures = 0;
	t->due = regular(t, now);
}

/* Without an interval only a mailbox that is busy is tried again: that ends soon,
 * and three times are all. */
static int64_t next_try(
	const struct turn *t, const struct retry *r, enum wire_code code, int64_t now)
{
	int cap = MAX(t->interval, LEAST_CAP);
	if (t->interval == 0 && code != CODE_BUSY)
		return 0;
	switch (r->kind) {
	case RETRY_NOW:
		return now;
	case RETRY_WAIT:
		return now + MIN(r->seconds, cap);
	case RETRY_REGULAR:
		return regular(t, now);
	case RETRY_STOP:
	default:
		return 0;
	}
}

struct retry poll_failed(
	struct poll *p, const char *account, const struct poll_failure *why, int64_t now)
{
	struct turn *t = find(p, account);
	if (!t)
		return (struct retry){RETRY_STOP, 0, true};
	t->failures += why->code != CODE_CANCELLED;
	struct retry r = retry_after(why->code, MAX(t->failures, 1), why->progress);
	t->due = next_try(t, &r, why->code, now);
	if (t->due && why->wait > 0)
		t->due = MAX(t->due, now + why->wait);
	return r;
}
