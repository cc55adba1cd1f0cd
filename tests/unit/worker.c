/* SPDX-License-Identifier: MIT
 *
 * A thread with jobs of which some are not wanted any more. */
#include "base/base.h"

#include "store/index.h"
#include "tests/unit/scratch.h"
#include "ui/worker.h"

/* A query without an end: only a cancel ends it. */
#define ENDLESS                                                                                    \
	"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"

struct probe {
	GMutex lock;
	GCond cond;
	bool begun, held; /* under lock; held: it begins its query later */
	bool endless;
	bool ran, done, freed;
	int code; /* of SQLite */
};

static void probe_run(struct room *room, void *data)
{
	struct probe *p = data;
	g_autoptr(GError) error = NULL;
	struct index *ix = room_index(room, &error);
	g_assert_no_error(error);
	p->ran = true;
	g_mutex_lock(&p->lock);
	p->begun = true;
	g_cond_broadcast(&p->cond);
	while (p->held)
		g_cond_wait(&p->cond, &p->lock);
	g_mutex_unlock(&p->lock);
	p->code =
		sqlite3_exec(index_handle(ix), p->endless ? ENDLESS : "SELECT 1", NULL, NULL, NULL);
}

static void probe_done(void *data)
{
	((struct probe *)data)->done = true;
}

static void probe_free(void *data)
{
	((struct probe *)data)->freed = true;
}

static const struct job probe_job = {probe_run, probe_done, probe_free};

static void wait_begun(struct probe *p)
{
	g_mutex_lock(&p->lock);
	while (!p->begun)
		g_cond_wait(&p->cond, &p->lock);
	g_mutex_unlock(&p->lock);
}

static void let_go(struct probe *p)
{
	g_mutex_lock(&p->lock);
	p->held = false;
	g_cond_broadcast(&p->cond);
	g_mutex_unlock(&p->lock);
}

static void wait_freed(const struct probe *p)
{
	while (!p->freed)
		g_main_context_iteration(NULL, TRUE);
}

struct room_of_test {
	char *dir;
	struct worker *worker;
};

static void set_up(struct room_of_test *t, gconstpointer data)
{
	t->dir = scratch_new();
	t->worker = worker_new(t->dir);
}

static void tear_down(struct room_of_test *t, gconstpointer data)
{
	worker_free(t->worker, false);
	scratch_closed(t->dir);
	scratch_remove(t->dir);
	g_free(t->dir);
}

/* An interrupt that comes in front of the statement would be lost: the next key would
 * wait for a query that nobody wants. */
static void test_before(struct room_of_test *t, gconstpointer data)
{
	struct probe p = {.held = true, .endless = true};
	worker_push(t->worker, &probe_job, &p);
	wait_begun(&p);
	worker_cancel(t->worker, &p);
	let_go(&p);
	wait_freed(&p);
	g_assert_cmpint(p.code, ==, SQLITE_INTERRUPT);
	g_assert_true(p.done);
}

static void test_running(struct room_of_test *t, gconstpointer data)
{
	struct probe p = {.endless = true};
	worker_push(t->worker, &probe_job, &p);
	wait_begun(&p);
	worker_cancel(t->worker, &p);
	wait_freed(&p);
	g_assert_cmpint(p.code, ==, SQLITE_INTERRUPT);
}

/* Of the queries of ten keys the last one runs. */
static void test_waiting(struct room_of_test *t, gconstpointer data)
{
	struct probe first = {.held = true, .endless = true}, more[10] = {0};
	worker_push(t->worker, &probe_job, &first);
	wait_begun(&first);
	worker_cancel(t->worker, &first);
	for (size_t i = 0; i < G_N_ELEMENTS(more); i++) {
		worker_push(t->worker, &probe_job, &more[i]);
		if (i > 0)
			worker_cancel(t->worker, &more[i - 1]);
	}
	let_go(&first);
	wait_freed(&more[9]);
	for (size_t i = 0; i < 9; i++) {
		g_assert_true(more[i].freed);
		g_assert_false(more[i].ran);
	}
	g_assert_true(more[9].ran);
	g_assert_cmpint(more[9].code, ==, SQLITE_OK);
	g_assert_cmpuint(worker_open(t->worker), ==, 0);
}

/* What is under way when the thread ends. */
static void test_end(struct room_of_test *t, gconstpointer data)
{
	struct probe p = {.endless = true}, waiting = {.endless = true};
	worker_push(t->worker, &probe_job, &p);
	worker_push(t->worker, &probe_job, &waiting);
	wait_begun(&p);
	worker_free(g_steal_pointer(&t->worker), false);
	g_assert_true(p.freed);
	g_assert_true(waiting.freed);
	g_assert_false(waiting.ran);
	g_assert_false(p.done);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	static const struct {
		const char *path;
		void (*test)(struct room_of_test *t, gconstpointer data);
	} tests[] = {
		{"/worker/cancelled-before-its-query", test_before},
		{"/worker/cancelled-in-its-query", test_running},
		{"/worker/cancelled-while-it-waits", test_waiting},
		{"/worker/ends", test_end},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(
			tests[i].path, struct room_of_test, NULL, set_up, tests[i].test, tear_down);
	return g_test_run();
}
