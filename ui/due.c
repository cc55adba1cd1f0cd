/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "base/clock.h"
#include "store/outbox.h"
#include "ui/due.h"
#include "ui/ui.h"

/* The clock is looked at so often, in seconds, because a timer stands still while the
 * machine sleeps. */
enum { LOOK_AT_CLOCK = 5, LOOK_AT_OUTBOX = 60, AGAIN = 60 };

/* What is known of an account. */
struct turn {
	bool busy, stopped;
	int64_t ended; /* 0: never */
};

struct due {
	struct ui *ui;
	void (*send)(const char *account, void *data);
	void *data;
	GHashTable *turns; /* account → struct turn */
	guint timer;
	int64_t looked; /* when */
	bool looking;
	int64_t next;  /* when the first one is due */
	char *account; /* whose it is; NULL: nobody's */
};

struct due *due_new(struct ui *ui, void (*send)(const char *account, void *data), void *data)
{
	struct due *d = g_new0(struct due, 1);
	d->ui = ui;
	d->send = send;
	d->data = data;
	d->turns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return d;
}

void due_free(struct due *d)
{
	if (!d)
		return;
	if (d->timer)
		g_source_remove(d->timer);
	g_hash_table_unref(d->turns);
	g_free(d->account);
	g_free(d);
}

/* --- whose turn it is ------------------------------------------------------------------ */

int64_t due_of(const struct due *d, const struct outbox_item *item)
{
	const struct account *a = dotfile_account_by_name(ui_dotfile(d->ui), item->account);
	if (!a || !a->smtp)
		return 0;
	/* S-50 */
	if (item->state == OUTBOX_UNCERTAIN && a->repeat_uncertain)
		return item->repeat_at;
	return item->state == OUTBOX_QUEUED ? item->due : 0;
}

/* What was due when an agent ended, and waits still, was in another one's way, or that
 * one was killed. */
static int64_t turn_of(const struct due *d, const struct outbox_item *item)
{
	struct turn *t = g_hash_table_lookup(d->turns, item->account);
	int64_t due = due_of(d, item), now = clock_now();
	if (due == 0 || !t)
		return due;
	t->ended = MIN(t->ended, now);
	bool left = due <= t->ended || item->state == OUTBOX_UNCERTAIN;
	if (t->busy || (left && t->stopped))
		return 0;
	return left ? MAX(due, t->ended + AGAIN) : due;
}

static void choose(struct due *d, const GPtrArray *items)
{
	g_clear_pointer(&d->account, g_free);
	for (guint i = 0; i < items->len; i++) {
		const struct outbox_item *item = items->pdata[i];
		int64_t due = turn_of(d, item);
		if (due == 0 || (d->account && due >= d->next))
			continue;
		g_free(d->account);
		d->account = g_strdup(item->account);
		d->next = due;
	}
}

/* --- looking, on the actions thread ------------------------------------------------------ */

struct looking {
	struct due *due;
	GPtrArray *items;
};

static void looking_run(struct room *room, void *data)
{
	struct looking *l = data;
	struct store *s = room_store(room, NULL);
	/* That takes up what a dead agent had; what fails here fails for the agent, too. */
	if (s)
		outbox_next_due(s, NULL, NULL);
	l->items = s ? outbox_list(s, false, NULL) : NULL;
}

static void looking_done(void *data)
{
	struct looking *l = data;
	l->due->looking = false;
	if (l->items)
		choose(l->due, l->items);
}

static void looking_free(void *data)
{
	struct looking *l = data;
	if (l->items)
		g_ptr_array_unref(l->items);
	g_free(l);
}

static const struct job looking_job = {looking_run, looking_done, looking_free};

/* The others have their turn though one is at work. */
static gboolean on_timer(void *data)
{
	struct due *d = data;
	int64_t now = clock_now();
	g_autofree char *account = NULL;
	if (d->account && d->next <= now) {
		account = g_steal_pointer(&d->account);
		d->send(account, d->data);
		due_look(d);
	} else if (now >= d->looked + LOOK_AT_OUTBOX || now < d->looked) {
		due_look(d);
	}
	return G_SOURCE_CONTINUE;
}

void due_look(struct due *d)
{
	if (!d->timer)
		d->timer = g_timeout_add_seconds(LOOK_AT_CLOCK, on_timer, d);
	d->looked = clock_now();
	if (d->looking)
		return;
	d->looking = true;
	struct looking *l = g_new0(struct looking, 1);
	l->due = d;
	worker_push(ui_worker(d->ui, UI_WORKER_ACTIONS), &looking_job, l);
}

/* --- agents --------------------------------------------------------------------------------- */

static struct turn *find_turn(struct due *d, const char *account)
{
	struct turn *t = g_hash_table_lookup(d->turns, account);
	if (!t) {
		t = g_new0(struct turn, 1);
		g_hash_table_insert(d->turns, g_strdup(account), t);
	}
	return t;
}

void due_begins(struct due *d, const char *account)
{
	struct turn *t = find_turn(d, account);
	t->busy = true;
	t->stopped = false;
	if (g_strcmp0(d->account, account) == 0)
		g_clear_pointer(&d->account, g_free);
}

void due_ended(struct due *d, const char *account, bool stopped)
{
	struct turn *t = find_turn(d, account);
	*t = (struct turn){.stopped = stopped, .ended = clock_now()};
	due_look(d);
}
