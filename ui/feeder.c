/* SPDX-License-Identifier: MIT */
#include "ui/feeder.h"

#include "store/sync.h"

struct feeder {
	char *mail;
	GThread *thread;
	GMutex mutex;
	GCond more;
	GHashTable *stored; /* folder → GPtrArray of base names */
	bool over;
	GError *error; /* of the thread */
};

static void bases_free(void *bases)
{
	g_ptr_array_unref(bases);
}

static GHashTable *stored_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, bases_free);
}

/* What has come since the last call, all of it: the longer the last group took,
 * the larger is the next. */
static GHashTable *wait_stored(struct feeder *f, bool *over)
{
	g_mutex_lock(&f->mutex);
	while (!f->over && g_hash_table_size(f->stored) == 0)
		g_cond_wait(&f->more, &f->mutex);
	GHashTable *stored = f->stored;
	f->stored = stored_new();
	*over = f->over;
	g_mutex_unlock(&f->mutex);
	return stored;
}

static bool index_stored(struct sync_feed *feed, GHashTable *stored, GError **error)
{
	GHashTableIter iter;
	gpointer folder, bases;
	g_hash_table_iter_init(&iter, stored);
	while (g_hash_table_iter_next(&iter, &folder, &bases))
		if (!sync_feed_letters(feed, folder, bases, error))
			return false;
	return true;
}

/* An error on the way is not the last word: the sync at the end looks at
 * everything again. */
static void feed(struct feeder *f, struct store *s)
{
	g_autoptr(sync_feed) to = sync_feed_new(s);
	for (bool over = false; !over;) {
		g_autoptr(GHashTable) stored = wait_stored(f, &over);
		if (!index_stored(to, stored, NULL))
			break;
	}
	g_mutex_lock(&f->mutex);
	while (!f->over)
		g_cond_wait(&f->more, &f->mutex);
	g_mutex_unlock(&f->mutex);
	sync_feed_finish(to, &f->error);
}

static gpointer run(gpointer data)
{
	struct feeder *f = data;
	g_autoptr(store) s = store_open(f->mail, &f->error);
	if (s)
		feed(f, s);
	return NULL;
}

struct feeder *feeder_new(const char *mail)
{
	struct feeder *f = g_new0(struct feeder, 1);
	f->mail = g_strdup(mail);
	f->stored = stored_new();
	g_mutex_init(&f->mutex);
	g_cond_init(&f->more);
	f->thread = g_thread_new("feed", run, f);
	return f;
}

void feeder_stored(struct feeder *f, const char *folder, const char *base)
{
	g_mutex_lock(&f->mutex);
	GPtrArray *bases = g_hash_table_lookup(f->stored, folder);
	if (!bases) {
		bases = g_ptr_array_new_with_free_func(g_free);
		g_hash_table_insert(f->stored, g_strdup(folder), bases);
	}
	g_ptr_array_add(bases, g_strdup(base));
	g_cond_signal(&f->more);
	g_mutex_unlock(&f->mutex);
}

bool feeder_finish(struct feeder *f, GError **error)
{
	g_mutex_lock(&f->mutex);
	f->over = true;
	g_cond_signal(&f->more);
	g_mutex_unlock(&f->mutex);
	g_thread_join(f->thread);
	GError *own = f->error;
	g_hash_table_unref(f->stored);
	g_mutex_clear(&f->mutex);
	g_cond_clear(&f->more);
	g_free(f->mail);
	g_free(f);
	if (own)
		g_propagate_error(error, own);
	return !own;
}
