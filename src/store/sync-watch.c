/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "store/fail.h"
#include "store/preview.h"
#include "store/sync.h"

enum {
	MAIL_EVENTS = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE,
	TREE_EVENTS = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ONLYDIR,
};

struct sync_watch {
	struct store *store;
	int fd;
	GHashTable *folders; /* watch descriptor → folder; "" for directories above */
	GQueue waiting;      /* of char *: folders that changed, once each */
};

static void watch_directory(
	struct sync_watch *w, const char *path, unsigned events, const char *folder)
{
	int wd = inotify_add_watch(w->fd, path, events);
	if (wd >= 0)
		g_hash_table_replace(w->folders, GINT_TO_POINTER(wd), g_strdup(folder));
}

static void watch_maildir(struct sync_watch *w, const char *path, const char *folder)
{
	g_autofree char *in_new = g_build_filename(path, "new", NULL);
	g_autofree char *in_cur = g_build_filename(path, "cur", NULL);
	watch_directory(w, in_new, MAIL_EVENTS, folder);
	watch_directory(w, in_cur, MAIL_EVENTS, folder);
}

/* The first preview of all makes the directory in .dewey. */
static void watch_previews(struct sync_watch *w, const GPtrArray *folders)
{
	g_autofree char *root = g_build_filename(store_root(w->store), ".dewey/preview", NULL);
	g_autofree char *own = g_path_get_dirname(root);
	watch_directory(w, own, TREE_EVENTS, "");
	watch_directory(w, root, TREE_EVENTS, "");
	for (guint i = 0; i < folders->len; i++) {
		g_autofree char *path = preview_path(w->store, folders->pdata[i], NULL);
		if (path && maildir_is(path))
			watch_maildir(w, path, folders->pdata[i]);
	}
}

/* new and cur of each folder, and the directories above, where folders come
 * and go.  One that cannot be watched (the system's limit) is still seen by
 * its times at the next sync. */
static bool watch_all(struct sync_watch *w, GError **error)
{
	g_autoptr(GPtrArray) folders = store_folders(w->store, error);
	if (!folders)
		return false;
	watch_directory(w, store_root(w->store), TREE_EVENTS, "");
	for (guint i = 0; i < folders->len; i++) {
		g_autofree char *path = store_folder_path(w->store, folders->pdata[i], NULL);
		if (!path)
			continue;
		g_autofree char *above = g_path_get_dirname(path);
		watch_maildir(w, path, folders->pdata[i]);
		if (strcmp(above, store_root(w->store)) != 0)
			watch_directory(w, above, TREE_EVENTS, "");
		watch_directory(w, path, TREE_EVENTS, "");
	}
	watch_previews(w, folders);
	return true;
}

struct sync_watch *sync_watch_new(struct store *s, GError **error)
{
	g_autoptr(sync_watch) w = g_new0(struct sync_watch, 1);
	w->store = s;
	w->folders = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	g_queue_init(&w->waiting);
	w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (w->fd < 0) {
		store_fail("inotify", store_root(s), error);
		return NULL;
	}
	return watch_all(w, error) ? g_steal_pointer(&w) : NULL;
}

void sync_watch_free(struct sync_watch *w)
{
	if (!w)
		return;
	if (w->fd >= 0)
		close(w->fd);
	g_hash_table_unref(w->folders);
	g_queue_clear_full(&w->waiting, g_free);
	g_free(w);
}

int sync_watch_fd(const struct sync_watch *w)
{
	return w->fd;
}

static void note(struct sync_watch *w, const char *folder)
{
	if (!g_queue_find_custom(&w->waiting, folder, (GCompareFunc)strcmp))
		g_queue_push_tail(&w->waiting, g_strdup(folder));
}

static bool note_event(struct sync_watch *w, const struct inotify_event *e)
{
	if (e->mask & IN_Q_OVERFLOW) {
		note(w, "");
		return true;
	}
	const char *folder = g_hash_table_lookup(w->folders, GINT_TO_POINTER(e->wd));
	if (e->mask & IN_IGNORED)
		g_hash_table_remove(w->folders, GINT_TO_POINTER(e->wd));
	else if (folder && folder[0])
		note(w, folder);
	else if (folder && (e->mask & IN_ISDIR) && !(e->len > 0 && e->name[0] == '.'))
		return true;
	return false;
}

/* Returns whether directories came or went. */
static bool read_events(struct sync_watch *w)
{
	char buffer[16384] __attribute__((aligned(__alignof__(struct inotify_event))));
	bool tree = false;
	for (;;) {
		ssize_t n = read(w->fd, buffer, sizeof buffer);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return tree;
		for (char *at = buffer; at < buffer + n;) {
			const struct inotify_event *e = (const struct inotify_event *)(void *)at;
			tree = note_event(w, e) || tree;
			at += sizeof *e + e->len;
		}
	}
}

char *sync_watch_changed(struct sync_watch *w)
{
	if (read_events(w)) {
		/* Adding a watch twice is no harm: it is the same one. */
		watch_all(w, NULL);
		note(w, "");
	}
	return g_queue_pop_head(&w->waiting);
}
