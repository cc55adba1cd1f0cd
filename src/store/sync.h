/* SPDX-License-Identifier: MIT
 *
 * Bringing the index up to what the Maildirs hold: new files are read by
 * dewey-mime and inserted in small batches, renamed ones get their flags,
 * vanished ones go (with X-10's caution).  Two syncs of one store at the same
 * time do no harm; the second waits for batches of the first. */
#ifndef DEWEY_STORE_SYNC_H
#define DEWEY_STORE_SYNC_H

#include "store/store.h"

struct sync_progress {
	const char *folder;
	int64_t done, total; /* of the files that must be read, in this folder */
};

struct sync_options {
	/* Called between batches; false stops (STORE_ERROR_CANCELLED), what was
	 * done is kept. */
	bool (*progress)(const struct sync_progress *p, void *data);
	void *data;
	/* What can wait (words still to come, other languages, tidying up) is done last.
	 * Asked between its slices: true leaves the rest, and the sync has succeeded.
	 * NULL: words are waited for, and nothing is tidied up. */
	bool (*hurry)(void *data);
	bool everything; /* look at every file, also where directory times say no */
};

struct sync_result {
	int64_t added, removed, changed, unparsed;
	bool left; /* because of hurry: sync again when there is time */
};

/* folder NULL: all.  options, result: may be NULL. */
bool sync_run(struct store *s, const char *folder, const struct sync_options *options,
	struct sync_result *result, GError **error);

/* Watches the Maildirs (inotify): a descriptor to poll; changed() reads what is
 * there and names a folder that changed, once each ("" when unsure: all), or
 * NULL.  Free the name. */
struct sync_watch;
typedef struct sync_watch sync_watch;
struct sync_watch *sync_watch_new(struct store *s, GError **error);
void sync_watch_free(struct sync_watch *w);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sync_watch, sync_watch_free)
int sync_watch_fd(const struct sync_watch *w);
char *sync_watch_changed(struct sync_watch *w);

/* Letters that come one group after the other: they are listed at once, and
 * the workers that read them stay for the next.  The words of many follow at the
 * end, when there is nothing more urgent to do. */
struct sync_feed;
typedef struct sync_feed sync_feed;
struct sync_feed *sync_feed_new(struct store *s);
void sync_feed_free(struct sync_feed *f);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sync_feed, sync_feed_free)

/* bases: of char *, the base names of letters that lie in folder now. */
bool sync_feed_letters(struct sync_feed *f, const char *folder, const GPtrArray *bases,
	GError **error);
/* Then sync_run() over everything. */
bool sync_feed_finish(struct sync_feed *f, GError **error);

#endif
