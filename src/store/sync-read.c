/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/choices.h"
#include "store/maildir.h"
#include "store/sync-private.h"
#include "store/unreadable.h"

enum {
	WINDOW = 1024,       /* letters read ahead of the writer */
	WINDOW_OCTETS = 4 << 20, /* and their text */
	ENOUGH = 500,        /* letters worth a transaction */
	PATIENCE = 200000,   /* microseconds that fewer are waited for */
	THREADS_MAX = 8,
	ALONE = 8,           /* so few letters are read by one worker */
	MOST = 32,           /* letters that a thread takes at a time */
};

G_STATIC_ASSERT((int)MOST <= (int)MIME_SKIM_MOST);

struct sync_workers {
	GMutex mutex;
	GQueue idle; /* of struct mime_client */
	GPtrArray *choices;
	GHashTable *unreadable;
};

struct sync_reader {
	struct sync_workers *workers;
	char *path;
	const GArray *files;
	unsigned want; /* of enum mime_want */
	struct sync_letter *letters; /* a ring of WINDOW */
	bool *ready;                 /* beside letters */
	guint taken;    /* files given to threads */
	guint released; /* letters given back */
	gsize octets;   /* of text in the ring */
	bool stop;
	GError *error;  /* the worker cannot be started at all */
	GMutex mutex;
	GCond letter_ready, room;
	GPtrArray *threads;
};

/* --- workers ------------------------------------------------------------------- */

struct sync_workers *sync_workers_new(struct store *s)
{
	struct sync_workers *w = g_new0(struct sync_workers, 1);
	w->choices = choices_load(s);
	w->unreadable = unreadable_load(s);
	g_mutex_init(&w->mutex);
	return w;
}

void sync_workers_free(struct sync_workers *w)
{
	if (!w)
		return;
	g_queue_clear_full(&w->idle, (GDestroyNotify)mime_client_free);
	g_mutex_clear(&w->mutex);
	g_ptr_array_unref(w->choices);
	g_hash_table_unref(w->unreadable);
	g_free(w);
}

static struct mime_client *workers_take(struct sync_workers *w)
{
	g_mutex_lock(&w->mutex);
	struct mime_client *client = g_queue_pop_head(&w->idle);
	g_mutex_unlock(&w->mutex);
	if (!client) {
		client = mime_client_new();
		mime_client_set_choices(client, w->choices);
	}
	return client;
}

static void workers_give(struct sync_workers *w, struct mime_client *client)
{
	g_mutex_lock(&w->mutex);
	g_queue_push_head(&w->idle, client);
	g_mutex_unlock(&w->mutex);
}

/* --- one letter ---------------------------------------------------------------- */

static gsize text_size(const struct sync_letter *l)
{
	return l->mime && l->mime->words ? strlen(l->mime->words) : 0;
}

/* A descriptor of the letter, or -1.  One that cannot be opened for another
 * reason than being gone (X-25: a bad disk) or that the worker dies of is shown
 * all the same, without words. */
static int open_letter(const struct sync_reader *r, struct sync_letter *l)
{
	g_autoptr(GError) own = NULL;
	struct stat st = {0};
	struct maildir_place hint = {l->file->is_new, (char *)l->file->file};
	/* What has another name by now is found by the next sync. */
	int fd = maildir_open_seen(r->path, &hint, &own);
	l->missing = fd < 0 && g_error_matches(own, STORE_ERROR, STORE_ERROR_MISSING);
	if (fd >= 0 && fstat(fd, &st) == 0)
		l->size = st.st_size;
	if (fd >= 0)
		l->arrived = sync_arrived(l->file->file, st.st_mtim.tv_sec);
	return fd;
}

/* What could not be skimmed in company. */
static void read_alone(const struct sync_reader *r, struct mime_client *client,
	struct sync_letter *l, int fd, GError **error)
{
	g_autoptr(GError) own = NULL;
	l->mime = mime_client_read(client, fd, &(struct mime_reading){.want = r->want}, &own);
	if (!l->mime && g_error_matches(own, MIME_ERROR, MIME_ERROR_START) && !*error)
		g_propagate_error(error, g_steal_pointer(&own));
	else if (!l->mime)
		l->ended = g_steal_pointer(&own);
}

static bool is_unreadable(const struct sync_reader *r, const struct sync_letter *l)
{
	GHashTable *known = r->workers->unreadable;
	if (g_hash_table_size(known) == 0)
		return false;
	g_autofree char *base = g_strndup(l->file->file, maildir_base_length(l->file->file));
	return g_hash_table_contains(known, base);
}

/* n letters from the at-th on. */
static void read_letters(const struct sync_reader *r, struct mime_client *client, guint at,
	guint n, GError **error)
{
	struct mime_message *found[MOST] = {NULL};
	struct sync_letter *opened[MOST];
	int fds[MOST];
	guint open = 0;
	for (guint i = 0; i < n; i++) {
		struct sync_letter *l = &r->letters[(at + i) % WINDOW];
		int fd = open_letter(r, l);
		if (fd < 0)
			continue;
		if (is_unreadable(r, l)) {
			close(fd);
			continue;
		}
		opened[open] = l;
		fds[open++] = fd;
	}
	if (open > 0)
		mime_client_skim(client, fds, open, r->want, found, error);
	for (guint i = 0; i < open; i++) {
		opened[i]->mime = found[i];
		if (!found[i] && !*error)
			read_alone(r, client, opened[i], fds[i], error);
		close(fds[i]);
	}
}

/* --- threads ------------------------------------------------------------------- */

static bool has_room(const struct sync_reader *r)
{
	return r->taken - r->released < WINDOW &&
	       (r->octets <= WINDOW_OCTETS || r->taken == r->released);
}

/* How many of those that are left a thread should take, so that all have some. */
static guint share(const struct sync_reader *r)
{
	guint left = r->files->len - r->taken, room = WINDOW - (r->taken - r->released);
	guint fair = left / (r->threads->len + 1) + 1;
	return MIN(MIN(fair, MOST), MIN(left, room));
}

/* The next files, from the at-th on, when there is room; 0: stop.  The first in
 * line always has room, however long the others are. */
static guint take(struct sync_reader *r, guint *at)
{
	guint n = 0;
	g_mutex_lock(&r->mutex);
	while (!r->stop && r->taken < r->files->len && !has_room(r))
		g_cond_wait(&r->room, &r->mutex);
	if (!r->stop && r->taken < r->files->len) {
		n = share(r);
		*at = r->taken;
		r->taken += n;
	}
	g_mutex_unlock(&r->mutex);
	for (guint i = 0; i < n; i++)
		r->letters[(*at + i) % WINDOW] = (struct sync_letter){
			.file = &g_array_index(r->files, struct sync_file, *at + i)};
	return n;
}

static void give(struct sync_reader *r, guint at, guint n, GError *error)
{
	g_mutex_lock(&r->mutex);
	for (guint i = at; i < at + n; i++) {
		r->ready[i % WINDOW] = true;
		r->octets += text_size(&r->letters[i % WINDOW]);
	}
	if (error && !r->error)
		r->error = error;
	else
		g_clear_error(&error);
	r->stop = r->stop || r->error;
	g_cond_signal(&r->letter_ready);
	g_mutex_unlock(&r->mutex);
}

static gpointer run(gpointer data)
{
	struct sync_reader *r = data;
	guint at = 0, n;
	struct mime_client *client = workers_take(r->workers);
	while ((n = take(r, &at)) > 0) {
		GError *error = NULL;
		read_letters(r, client, at, n, &error);
		give(r, at, n, error);
	}
	workers_give(r->workers, client);
	return NULL;
}

struct sync_reader *sync_reader_new(struct sync_workers *workers, const char *path,
	const GArray *files, unsigned want)
{
	struct sync_reader *r = g_new0(struct sync_reader, 1);
	guint n = files->len <= ALONE ? 1 : CLAMP(g_get_num_processors(), 1, THREADS_MAX);
	r->workers = workers;
	r->path = g_strdup(path);
	r->files = files;
	r->want = want;
	r->letters = g_new0(struct sync_letter, WINDOW);
	r->ready = g_new0(bool, WINDOW);
	g_mutex_init(&r->mutex);
	g_cond_init(&r->letter_ready);
	g_cond_init(&r->room);
	r->threads = g_ptr_array_new();
	g_mutex_lock(&r->mutex); /* they look at how many they are */
	for (guint i = 0; i < n && files->len > 0; i++)
		g_ptr_array_add(r->threads, g_thread_new("read", run, r));
	g_mutex_unlock(&r->mutex);
	return r;
}

void sync_reader_free(struct sync_reader *r)
{
	if (!r)
		return;
	g_mutex_lock(&r->mutex);
	r->stop = true;
	g_cond_broadcast(&r->room);
	g_mutex_unlock(&r->mutex);
	for (guint i = 0; i < r->threads->len; i++)
		g_thread_join(r->threads->pdata[i]);
	sync_reader_release(r, r->taken - r->released);
	g_ptr_array_unref(r->threads);
	g_clear_error(&r->error);
	g_mutex_clear(&r->mutex);
	g_cond_clear(&r->letter_ready);
	g_cond_clear(&r->room);
	g_free(r->letters);
	g_free(r->ready);
	g_free(r->path);
	g_free(r);
}

/* --- the writer's side --------------------------------------------------------- */

static guint count_ready(const struct sync_reader *r)
{
	guint n = 0;
	while (n < WINDOW && r->released + n < r->taken && r->ready[(r->released + n) % WINDOW])
		n++;
	return n;
}

guint sync_reader_wait(struct sync_reader *r, GError **error)
{
	gint64 until = g_get_monotonic_time() + PATIENCE;
	g_mutex_lock(&r->mutex);
	guint n = count_ready(r), left = r->files->len - r->released;
	while (!r->error && n < MIN(ENOUGH, left)) {
		bool late = !g_cond_wait_until(&r->letter_ready, &r->mutex, until);
		n = count_ready(r);
		if (late && n > 0)
			break;
		/* A full window of text is enough, however few letters it is. */
		if (n > 0 && r->octets > WINDOW_OCTETS)
			break;
		if (late)
			until = g_get_monotonic_time() + PATIENCE;
	}
	if (r->error)
		g_propagate_error(error, g_error_copy(r->error));
	n = r->error ? 0 : n;
	g_mutex_unlock(&r->mutex);
	return n;
}

/* Between wait and release these letters belong to the writer alone. */
const struct sync_letter *sync_reader_letter(struct sync_reader *r, guint i)
{
	return &r->letters[(r->released + i) % WINDOW];
}

void sync_reader_release(struct sync_reader *r, guint n)
{
	for (guint i = 0; i < n; i++) {
		struct sync_letter *l = &r->letters[(r->released + i) % WINDOW];
		gsize octets = text_size(l);
		mime_message_free(g_steal_pointer(&l->mime));
		g_clear_error(&l->ended);
		g_mutex_lock(&r->mutex);
		r->octets -= octets;
		g_mutex_unlock(&r->mutex);
	}
	g_mutex_lock(&r->mutex);
	for (guint i = 0; i < n; i++)
		r->ready[(r->released + i) % WINDOW] = false;
	r->released += n;
	g_cond_broadcast(&r->room);
	g_mutex_unlock(&r->mutex);
}

void sync_keep_ended(struct store *s, struct sync_reader *r, guint n)
{
	for (guint i = 0; i < n; i++) {
		struct sync_letter *l = &r->letters[(r->released + i) % WINDOW];
		if (l->ended)
			unreadable_note(s, l->file->file, l->ended);
		g_clear_error(&l->ended);
	}
}
