/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/launch.h"
#include "base/path.h"
#include "store/outbox.h"
#include "ui/compose.h"
#include "ui/courier.h"
#include "ui/keymap.h"
#include "ui/ui.h"
#include "ui/unsend.h"

/* Its word in the status line. */
#define WHAT "unsend"

struct waiting {
	int64_t item, until;
	char *account;
	bool later;
	bool recalled; /* it is being called back */
};

struct unsend {
	struct ui *ui;
	GArray *waiting; /* of struct waiting, the last one last */
	guint timer;
};

static void waiting_clear(void *data)
{
	g_free(((struct waiting *)data)->account);
}

struct unsend *unsend_new(struct ui *ui)
{
	struct unsend *u = g_new0(struct unsend, 1);
	u->ui = ui;
	u->waiting = g_array_new(FALSE, FALSE, sizeof(struct waiting));
	g_array_set_clear_func(u->waiting, waiting_clear);
	return u;
}

/* --- leaving the program -------------------------------------------------------------- */

static void ended(GPid pid, int status, void *data)
{
	g_spawn_close_pid(pid);
}

static void send_alone(struct ui *ui, const char *account)
{
	g_autofree char *program = path_program("dewey-smtp");
	const char *argv[] = {
		program, "-c", dotfile_path(ui_dotfile(ui)), "-a", account, "-q", NULL};
	/* The terminal may be closed behind us. */
	const struct launch what = {.argv = argv, .in = LAUNCH_NULL, .out = LAUNCH_NULL,
		.err = LAUNCH_NULL, .apart = true};
	GPid pid;
	/* If it cannot be started the letter stays queued for the next start. */
	if (launch(&what, &pid, NULL))
		g_child_watch_add(pid, ended, NULL);
}

/* True: the letter may leave now.  One of a later time stays, and so does one that the
 * user holds. */
static bool end_undo(struct ui *ui, int64_t id)
{
	struct store *s = ui_store(ui);
	g_autoptr(outbox_item) item = outbox_get(s, id, NULL);
	if (!item || item->state != OUTBOX_QUEUED)
		return false;
	bool leaves = item->send_at <= clock_now() || (item->options & OUTBOX_SERVER_HOLDS);
	return outbox_end_undo(s, id, NULL) && leaves;
}

void unsend_leave(struct ui *ui, int64_t item, const char *account)
{
	if (end_undo(ui, item))
		send_alone(ui, account);
}

void unsend_free(struct unsend *u)
{
	if (!u)
		return;
	g_autoptr(GHashTable) accounts = g_hash_table_new(g_str_hash, g_str_equal);
	GHashTableIter iter;
	gpointer account;
	for (guint i = 0; i < u->waiting->len; i++) {
		const struct waiting *w = &g_array_index(u->waiting, struct waiting, i);
		if (!w->recalled && end_undo(u->ui, w->item))
			g_hash_table_add(accounts, w->account);
	}
	g_hash_table_iter_init(&iter, accounts);
	while (g_hash_table_iter_next(&iter, &account, NULL))
		send_alone(u->ui, account);
	if (u->timer)
		g_source_remove(u->timer);
	g_array_unref(u->waiting);
	g_free(u);
}

/* --- waiting -------------------------------------------------------------------------- */

static void show_time(const struct unsend *u)
{
	struct ui *ui = u->ui;
	if (u->waiting->len == 0) {
		ui_progress(ui, WHAT, NULL);
		return;
	}
	const struct waiting *last =
		&g_array_index(u->waiting, struct waiting, u->waiting->len - 1);
	g_autofree char *key = keymap_short_key(ui_keymap(ui), ui_top(ui)->ops->context, "undo");
	int left = (int)CLAMP(last->until - clock_now(), 0, G_MAXINT);
	const char *undo = key ? key : ":undo";
	g_autofree char *text = NULL;
	if (last->later)
		text = g_strdup_printf(P_("for %d second %s calls it back",
					       "for %d seconds %s calls it back", left),
			left, undo);
	else
		text = g_strdup_printf(P_("leaves in %d second, %s calls it back",
					       "leaves in %d seconds, %s calls it back", left),
			left, undo);
	ui_progress(ui, WHAT, text);
}

/* Sent now, held, or given another time in the outbox: then nothing is promised here. */
static bool still_waits(const struct unsend *u, int64_t id)
{
	g_autoptr(outbox_item) item = outbox_get(ui_store(u->ui), id, NULL);
	return item && item->state == OUTBOX_QUEUED && item->undo_until > 0;
}

void unsend_refresh(struct unsend *u)
{
	guint before = u->waiting->len;
	for (guint i = before; i-- > 0;)
		if (!still_waits(u, g_array_index(u->waiting, struct waiting, i).item))
			g_array_remove_index(u->waiting, i);
	if (u->waiting->len != before)
		show_time(u);
}

static void forget(struct unsend *u, int64_t item)
{
	for (guint i = u->waiting->len; i-- > 0;)
		if (g_array_index(u->waiting, struct waiting, i).item == item)
			g_array_remove_index(u->waiting, i);
	show_time(u);
}

/* Every second, by the clock and not by counting: the machine may sleep. */
static gboolean tick(void *data)
{
	struct unsend *u = data;
	int64_t now = clock_now();
	for (guint i = 0; i < u->waiting->len;) {
		const struct waiting *w = &g_array_index(u->waiting, struct waiting, i);
		if (w->until > now) {
			i++;
			continue;
		}
		courier_send(ui_courier(u->ui), w->account);
		g_array_remove_index(u->waiting, i);
	}
	show_time(u);
	if (u->waiting->len > 0)
		return G_SOURCE_CONTINUE;
	u->timer = 0;
	return G_SOURCE_REMOVE;
}

void unsend_watch(struct unsend *u, const struct unsend_item *item)
{
	struct waiting w = {item->item, item->until, g_strdup(item->account), item->later, false};
	g_array_append_val(u->waiting, w);
	if (!u->timer)
		u->timer = g_timeout_add_seconds(1, tick, u);
	show_time(u);
}

/* --- calling back, on the actions thread ----------------------------------------------- */

struct recalling {
	struct ui *ui;
	int64_t item;
	GError *error;
};

static void recalling_run(struct room *room, void *data)
{
	struct recalling *r = data;
	struct store *s = room_store(room, &r->error);
	if (s)
		outbox_recall(s, r->item, &r->error);
}

static void recalling_done(void *data)
{
	struct recalling *r = data;
	ui_store_changed(r->ui);
	forget(ui_unsend(r->ui), r->item);
	if (g_error_matches(r->error, STORE_ERROR, STORE_ERROR_STATE))
		ui_complain(r->ui, _("too late: the letter is on its way"));
	else if (r->error)
		ui_complain(r->ui, "%s", r->error->message);
	else
		compose_recall_item(r->ui, r->item);
}

static void recalling_free(void *data)
{
	struct recalling *r = data;
	g_clear_error(&r->error);
	g_free(r);
}

static const struct job recalling_job = {recalling_run, recalling_done, recalling_free};

/* Who quits now does not let it leave. */
static void note_recalled(struct unsend *u, int64_t item)
{
	for (guint i = 0; i < u->waiting->len; i++) {
		struct waiting *w = &g_array_index(u->waiting, struct waiting, i);
		w->recalled = w->recalled || w->item == item;
	}
}

void unsend_recall(struct ui *ui, int64_t item)
{
	struct recalling *r = g_new0(struct recalling, 1);
	r->ui = ui;
	r->item = item;
	note_recalled(ui_unsend(ui), item);
	worker_push(ui_worker(ui, UI_WORKER_ACTIONS), &recalling_job, r);
}

bool unsend_last(struct unsend *u)
{
	if (u->waiting->len == 0)
		return false;
	unsend_recall(u->ui, g_array_index(u->waiting, struct waiting, u->waiting->len - 1).item);
	return true;
}
