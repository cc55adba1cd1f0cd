/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <glib-unix.h>

#include "store/filter.h"
#include "store/ledger-copy.h"
#include "store/sync.h"
#include "store/trash.h"
#include "ui/notifier.h"
#include "ui/sorter.h"
#include "ui/syncer.h"
#include "ui/ui.h"

enum { TELL_EVERY = 100 }; /* milliseconds between words of progress */

struct syncer {
	struct ui *ui;
	struct sync_watch *watch;
	struct notifier *notifier;
	guint source;
	GHashTable *wanted; /* folder names; "" is all */
	bool running;
	int64_t version; /* of the index, when it was looked at last */
	bool left;       /* work that could wait */
	gint stop, hurry; /* atomic; hurry: a folder waits */
};

/* One job; alive until its free. */
struct run {
	struct syncer *syncer;
	struct room *room;
	char *folder; /* NULL: all */
	GError *error;
	bool changed, left;
	gint64 told;
	GMutex lock;
	char *text; /* under lock: the latest progress */
	GPtrArray *news; /* of notifier_look() */
	int64_t removed; /* from Trash */
};

static void show_progress(void *data)
{
	struct run *r = data;
	g_mutex_lock(&r->lock);
	g_autofree char *text = g_steal_pointer(&r->text);
	g_mutex_unlock(&r->lock);
	if (text) {
		ui_progress(r->syncer->ui, "sync", text);
		ui_store_changed(r->syncer->ui);
	}
}

static bool on_progress(const struct sync_progress *p, void *data)
{
	struct run *r = data;
	gint64 now = g_get_monotonic_time() / 1000;
	if (p->total > 0 && now - r->told >= TELL_EVERY) {
		g_mutex_lock(&r->lock);
		g_free(r->text);
		r->text = g_strdup_printf(_("reading %s: %ld of %ld"),
			folder_title(p->folder), (long)p->done, (long)p->total);
		g_mutex_unlock(&r->lock);
		r->told = now;
		room_tell(r->room, show_progress, r);
	}
	return !g_atomic_int_get(&r->syncer->stop);
}

/* Millions of words may be to come: what changes now is listed before they are. */
static bool on_hurry(void *data)
{
	const struct run *r = data;
	return g_atomic_int_get(&r->syncer->hurry);
}

/* --- Trash ----------------------------------------------------------------------- */

static bool on_removed(int64_t done, int64_t total, void *data)
{
	struct run *r = data;
	return !g_atomic_int_get(&r->syncer->stop);
}

static void empty_trash(struct run *r, struct store *s)
{
	int days = dotfile_trash(ui_dotfile(r->syncer->ui));
	if (days == 0)
		return;
	store_watch(s, &(struct store_watch){on_removed, r});
	if (!trash_empty(s, days, &r->removed, &r->error) &&
		g_error_matches(r->error, STORE_ERROR, STORE_ERROR_BUSY))
		g_clear_error(&r->error);
	store_watch(s, NULL);
	r->changed = r->changed || r->removed > 0;
}

static void run_sync(struct room *room, void *data)
{
	struct run *r = data;
	struct sync_options options = {.progress = on_progress, .hurry = on_hurry, .data = r};
	struct sync_result result = {0};
	struct store *s = room_store(room, &r->error);
	r->room = room;
	r->told = g_get_monotonic_time() / 1000;
	if (s)
		notifier_begin(r->syncer->notifier, s);
	if (s && sync_run(s, r->folder, &options, &result, &r->error))
		r->changed = result.added || result.removed || result.changed || result.left;
	else
		r->changed = true;
	r->left = result.left;
	/* Behind the filters: what they take away or read is no news. */
	if (s && !r->error && !filter_is_due(s))
		r->news = notifier_look(r->syncer->notifier, s);
	if (s && !r->error)
		empty_trash(r, s);
	/* When nothing else is to be done. */
	if (s && !r->error && !r->left && !on_hurry(r))
		ledger_copy_renew(s);
}

static void start_next(struct syncer *s);

/* Another reader that has changed a folder may have told the index before we came
 * to it: then there was nothing left to do, and it is changed all the same. */
static bool was_written(struct syncer *s)
{
	struct index *ix = store_index(ui_store(s->ui), NULL);
	int64_t before = s->version;
	s->version = ix ? index_version(ix) : 0;
	return s->version != before;
}

static void sync_done(void *data)
{
	struct run *r = data;
	struct syncer *s = r->syncer;
	s->running = false;
	s->left = r->left;
	ui_progress(s->ui, "sync", NULL);
	if (r->error && !g_error_matches(r->error, STORE_ERROR, STORE_ERROR_CANCELLED) &&
		!g_error_matches(r->error, STORE_ERROR, STORE_ERROR_MISSING))
		ui_complain(s->ui, "%s", r->error->message);
	else if (r->removed > 0)
		ui_say(s->ui,
			P_("%d message removed from Trash for good",
				"%d messages removed from Trash for good", r->removed),
			(int)r->removed);
	notifier_tell(s->notifier, g_steal_pointer(&r->news));
	if (was_written(s) || r->changed)
		ui_store_changed(s->ui);
	sorter_want(ui_sorter(s->ui));
	start_next(s);
}

static void run_free(void *data)
{
	struct run *r = data;
	g_clear_error(&r->error);
	g_clear_pointer(&r->news, g_ptr_array_unref);
	g_mutex_clear(&r->lock);
	g_free(r->text);
	g_free(r->folder);
	g_free(r);
}

static const struct job sync_job = {run_sync, sync_done, run_free};

/* The next of what is wanted; all folders at once before single ones, and what is left
 * of one before when there is nothing else. */
static char *take_wanted(struct syncer *s)
{
	GHashTableIter iter;
	gpointer key;
	if (s->left && g_hash_table_size(s->wanted) == 0)
		return g_strdup("");
	if (g_hash_table_contains(s->wanted, "")) {
		g_hash_table_remove_all(s->wanted);
		return g_strdup("");
	}
	g_hash_table_iter_init(&iter, s->wanted);
	if (!g_hash_table_iter_next(&iter, &key, NULL))
		return NULL;
	g_hash_table_iter_steal(&iter);
	return key;
}

static void start_next(struct syncer *s)
{
	g_autofree char *folder = s->running ? NULL : take_wanted(s);
	if (!folder)
		return;
	struct run *r = g_new0(struct run, 1);
	r->syncer = s;
	g_mutex_init(&r->lock);
	r->folder = *folder ? g_strdup(folder) : NULL;
	s->running = true;
	g_atomic_int_set(&s->hurry, 0);
	worker_push(ui_worker(s->ui, UI_WORKER_SYNC), &sync_job, r);
}

void syncer_want(struct syncer *s, const char *folder)
{
	g_hash_table_add(s->wanted, g_strdup(folder ? folder : ""));
	g_atomic_int_set(&s->hurry, s->running);
	start_next(s);
}

static gboolean on_watch(int fd, GIOCondition condition, void *data)
{
	struct syncer *s = data;
	for (char *name; (name = sync_watch_changed(s->watch)); g_free(name))
		syncer_want(s, name);
	return G_SOURCE_CONTINUE;
}

struct syncer *syncer_new(struct ui *ui)
{
	struct syncer *s = g_new0(struct syncer, 1);
	s->ui = ui;
	s->wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s->notifier = notifier_new(ui);
	return s;
}

void syncer_start(struct syncer *s)
{
	g_autoptr(GError) error = NULL;
	/* Watching begins first: what changes during the first look is not missed. */
	s->watch = sync_watch_new(ui_store(s->ui), &error);
	if (s->watch)
		s->source = g_unix_fd_add(sync_watch_fd(s->watch), G_IO_IN, on_watch, s);
	else
		ui_complain(s->ui, "%s", error->message);
	syncer_want(s, NULL);
}

void syncer_stop(struct syncer *s)
{
	g_atomic_int_set(&s->stop, 1);
	if (s->source)
		g_source_remove(s->source);
	s->source = 0;
}

void syncer_free(struct syncer *s)
{
	if (!s)
		return;
	sync_watch_free(s->watch);
	g_hash_table_unref(s->wanted);
	notifier_free(s->notifier);
	g_free(s);
}
