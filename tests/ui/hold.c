/* SPDX-License-Identifier: MIT */
#include "tests/ui/hold.h"

#include "ui/worker.h"

struct hold {
	GMutex lock;
	GCond over;
	bool held; /* under lock */
};

static void hold_run(struct room *room, void *data)
{
	struct hold *h = data;
	g_mutex_lock(&h->lock);
	while (h->held)
		g_cond_wait(&h->over, &h->lock);
	g_mutex_unlock(&h->lock);
}

static const struct job hold_job = {hold_run, NULL, g_free};

struct hold *hold_new(struct ui *ui, enum ui_worker which)
{
	struct hold *h = g_new0(struct hold, 1);
	h->held = true;
	worker_push(ui_worker(ui, which), &hold_job, h);
	return h;
}

void hold_release(struct hold *h)
{
	g_mutex_lock(&h->lock);
	h->held = false;
	g_cond_broadcast(&h->over);
	g_mutex_unlock(&h->lock);
}
