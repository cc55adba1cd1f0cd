/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "store/index.h"
#include "ui/worker.h"

struct room {
	struct worker *worker;
	struct store *store;
	struct mime_client *mime;
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
	GMutex lock;
	struct index *index; /* under lock: to be interrupted */
};

static void worker_unref(struct worker *w)
{
	if (!g_atomic_ref_count_dec(&w->refs))
		return;
	g_async_queue_unref(w->waiting);
	g_async_queue_unref(w->finished);
	g_main_context_unref(w->context);
	g_mutex_clear(&w->lock);
	g_free(w->root);
	g_free(w);
}

struct store *room_store(struct room *room, GError **error)
{
	if (!room->store)
		room->store = store_open(room->worker->root, error);
	return room->store;
}

struct index *room_index(struct room *room, GError **error)
{
	struct store *s = room_store(room, error);
	struct index *ix = s ? store_index(s, error) : NULL;
	g_mutex_lock(&room->worker->lock);
	room->worker->index = ix;
	g_mutex_unlock(&room->worker->lock);
	return ix;
}

struct mime_client *room_mime(struct room *room)
{
	if (!room->mime)
		room->mime = mime_client_new();
	return room->mime;
}

static gboolean collect(void *data)
{
	struct worker *w = data;
	struct task *task = w->dead ? NULL : g_async_queue_try_pop(w->finished);
	if (task && task->tell) {
		task->tell(task->data);
	} else if (task) {
		w->open--;
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
		if (!g_atomic_int_get(&w->drop))
			task->job->run(&room, task->data);
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
	w->context = g_main_context_ref_thread_default();
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

void worker_interrupt(struct worker *w)
{
	g_mutex_lock(&w->lock);
	if (w->index)
		index_interrupt(w->index);
	g_mutex_unlock(&w->lock);
}
