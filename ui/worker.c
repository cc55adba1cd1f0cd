/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include "store/choices.h"
#include "store/index.h"
#include "ui/worker.h"

struct room {
	struct worker *worker;
	struct store *store;
	struct mime_client *mime;
	struct crypt_client *crypt;
};

struct task {
	const struct job *job; /* NULL: the end */
	void *data;
	void (*tell)(void *data); /* a word from a running job instead */
};

struct worker {
	gatomicrefcount refs; /* the owner, and each source that waits */
	char *root;
	GThread *thread;
	GAsyncQueue *waiting, *finished; /* of struct task */
	GMainContext *context;
	guint open;
	gint drop; /* atomic: waiting jobs are not run */
	bool dead;
	GHashTable *cancelled; /* under lock: data of jobs that nobody wants */
	const void *running;   /* under lock: the data of the job that runs */
	struct index *index;   /* under lock: to be interrupted */
	GMutex lock;
	gint stop; /* atomic: the job that runs is not wanted */
	int stop_fd; /* an eventfd that can be read then; -1: there is none */
};

static void worker_unref(struct worker *w)
{
	if (!g_atomic_ref_count_dec(&w->refs))
		return;
	g_async_queue_unref(w->waiting);
	g_async_queue_unref(w->finished);
	g_main_context_unref(w->context);
	g_mutex_clear(&w->lock);
	if (w->stop_fd >= 0)
		close(w->stop_fd);
	g_hash_table_unref(w->cancelled);
	g_free(w->root);
	g_free(w);
}

struct store *room_store(struct room *room, GError **error)
{
	if (!room->store)
		room->store = store_open(room->worker->root, error);
	return room->store;
}

static bool is_stopped(void *data)
{
	struct worker *w = data;
	return g_atomic_int_get(&w->stop);
}

struct index *room_index(struct room *room, GError **error)
{
	struct store *s = room_store(room, error);
	struct index *ix = s ? store_index(s, error) : NULL;
	g_mutex_lock(&room->worker->lock);
	if (ix && room->worker->index != ix)
		index_set_stop(ix, is_stopped, room->worker);
	room->worker->index = ix;
	g_mutex_unlock(&room->worker->lock);
	return ix;
}

bool room_stopped(const struct room *room)
{
	return g_atomic_int_get(&room->worker->stop);
}

struct mime_client *room_mime(struct room *room)
{
	struct store *s = room_store(room, NULL);
	if (!room->mime) {
		room->mime = mime_client_new();
		mime_client_set_stop(room->mime, room->worker->stop_fd);
	}
	if (s)
		choices_tell(s, room->mime);
	return room->mime;
}

struct crypt_client *room_crypt(struct room *room)
{
	if (!room->crypt)
		room->crypt = crypt_client_new();
	return room->crypt;
}

struct crypt_reading room_reading(struct room *room)
{
	return (struct crypt_reading){.mime = room_mime(room), .crypt = room_crypt(room),
		.how = mime_reading_text};
}

static gboolean collect(void *data)
{
	struct worker *w = data;
	struct task *task = w->dead ? NULL : g_async_queue_try_pop(w->finished);
	if (task && task->tell) {
		task->tell(task->data);
	} else if (task) {
		w->open--;
		/* The address may be another job's next. */
		g_mutex_lock(&w->lock);
		g_hash_table_remove(w->cancelled, task->data);
		g_mutex_unlock(&w->lock);
		if (task->job->done)
			task->job->done(task->data);
		task->job->free(task->data);
	}
	g_free(task);
	return G_SOURCE_REMOVE;
}

static void post(struct worker *w, struct task *task)
{
	g_async_queue_push(w->finished, task);
	GSource *source = g_idle_source_new();
	g_source_set_priority(source, G_PRIORITY_DEFAULT);
	g_atomic_ref_count_inc(&w->refs);
	g_source_set_callback(source, collect, w, (GDestroyNotify)worker_unref);
	g_source_attach(source, w->context);
	g_source_unref(source);
}

void room_tell(struct room *room, void (*call)(void *data), void *data)
{
	struct task *task = g_new0(struct task, 1);
	task->tell = call;
	task->data = data;
	post(room->worker, task);
}

static void room_clear(struct room *room)
{
	g_mutex_lock(&room->worker->lock);
	room->worker->index = NULL;
	g_mutex_unlock(&room->worker->lock);
	store_free(room->store);
	mime_client_free(room->mime);
	crypt_client_free(room->crypt);
}

/* False: it was cancelled while it waited. */
static bool begin(struct worker *w, const struct task *task)
{
	g_mutex_lock(&w->lock);
	bool wanted = !g_hash_table_contains(w->cancelled, task->data);
	g_atomic_int_set(&w->stop, 0);
	if (w->stop_fd >= 0)
		eventfd_read(w->stop_fd, &(eventfd_t){0});
	w->running = wanted ? task->data : NULL;
	g_mutex_unlock(&w->lock);
	return wanted && !g_atomic_int_get(&w->drop);
}

static void end(struct worker *w)
{
	g_mutex_lock(&w->lock);
	w->running = NULL;
	g_mutex_unlock(&w->lock);
}

static void *worker_main(void *data)
{
	struct worker *w = data;
	struct room room = {.worker = w};
	for (;;) {
		struct task *task = g_async_queue_pop(w->waiting);
		if (!task->job) {
			g_free(task);
			break;
		}
		if (begin(w, task))
			task->job->run(&room, task->data);
		end(w);
		post(w, task);
	}
	room_clear(&room);
	return NULL;
}

struct worker *worker_new(const char *root)
{
	struct worker *w = g_new0(struct worker, 1);
	g_atomic_ref_count_init(&w->refs);
	w->root = g_strdup(root);
	w->waiting = g_async_queue_new();
	w->finished = g_async_queue_new();
	w->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	w->context = g_main_context_ref_thread_default();
	w->cancelled = g_hash_table_new(NULL, NULL);
	g_mutex_init(&w->lock);
	w->thread = g_thread_new("dewey-worker", worker_main, w);
	return w;
}

void worker_free(struct worker *w, bool finish)
{
	if (!w)
		return;
	g_atomic_int_set(&w->drop, !finish);
	if (!finish)
		worker_interrupt(w);
	g_async_queue_push(w->waiting, g_new0(struct task, 1));
	g_thread_join(w->thread);
	w->dead = true;
	for (struct task *task; (task = g_async_queue_try_pop(w->finished)); g_free(task))
		if (!task->tell)
			task->job->free(task->data);
	worker_unref(w);
}

void worker_push(struct worker *w, const struct job *job, void *data)
{
	struct task *task = g_new0(struct task, 1);
	task->job = job;
	task->data = data;
	w->open++;
	g_async_queue_push(w->waiting, task);
}

guint worker_open(const struct worker *w)
{
	return w->open;
}

static void stop_running(struct worker *w)
{
	g_atomic_int_set(&w->stop, 1);
	if (w->stop_fd >= 0)
		eventfd_write(w->stop_fd, 1);
	if (w->index)
		index_interrupt(w->index);
}

void worker_cancel(struct worker *w, const void *data)
{
	g_mutex_lock(&w->lock);
	g_hash_table_add(w->cancelled, (gpointer)data);
	if (w->running == data)
		stop_running(w);
	g_mutex_unlock(&w->lock);
}

void worker_interrupt(struct worker *w)
{
	g_mutex_lock(&w->lock);
	if (w->running)
		stop_running(w);
	g_mutex_unlock(&w->lock);
}
