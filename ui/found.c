/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "ui/found.h"

struct count {
	struct found *found; /* NULL: nobody wants it any more */
	char *folder, *query;
	int64_t total, unread;
	bool known;
};

struct found {
	struct ui *ui;
	void (*changed)(void *data);
	void *data;
	char *folder, *query;
	int64_t total, unread;
	struct count *count; /* under way */
	bool again;          /* the store changed meanwhile */
};

struct found *found_new(struct ui *ui, void (*changed)(void *data), void *data)
{
	struct found *f = g_new0(struct found, 1);
	f->ui = ui;
	f->changed = changed;
	f->data = data;
	f->total = f->unread = -1;
	return f;
}

static void forget(struct found *f)
{
	if (!f->count)
		return;
	worker_cancel(ui_worker(f->ui, UI_WORKER_TALLY), f->count);
	f->count->found = NULL;
	f->count = NULL;
	f->again = false;
}

void found_free(struct found *f)
{
	if (!f)
		return;
	forget(f);
	g_free(f->folder);
	g_free(f->query);
	g_free(f);
}

static void count_run(struct room *room, void *data)
{
	struct count *c = data;
	struct index *ix = room_index(room, NULL);
	struct list_spec spec = {.folder = c->folder, .query = c->query};
	/* What is wrong with the query is told by the rows. */
	c->known = ix && index_count(ix, &spec, &c->total, &c->unread, NULL);
}

static void start(struct found *f);

static void count_done(void *data)
{
	struct count *c = data;
	struct found *f = c->found;
	if (!f)
		return;
	c->found = NULL;
	f->count = NULL;
	f->total = c->known ? c->total : -1;
	f->unread = c->known ? c->unread : -1;
	if (f->again)
		start(f);
	f->changed(f->data);
}

static void count_free(void *data)
{
	struct count *c = data;
	if (c->found)
		c->found->count = NULL;
	g_free(c->folder);
	g_free(c->query);
	g_free(c);
}

static const struct job count_job = {count_run, count_done, count_free};

static void start(struct found *f)
{
	f->again = false;
	if (!f->query)
		return;
	struct count *c = g_new0(struct count, 1);
	c->found = f;
	c->folder = g_strdup(f->folder);
	c->query = g_strdup(f->query);
	f->count = c;
	worker_push(ui_worker(f->ui, UI_WORKER_TALLY), &count_job, c);
}

/* A count that takes longer than it takes the store to change would never be done if each
 * change began it anew. */
void found_again(struct found *f)
{
	if (f->count)
		f->again = true;
	else
		start(f);
}

void found_set(struct found *f, const struct list_spec *spec)
{
	g_free(f->folder);
	g_free(f->query);
	f->folder = g_strdup(spec->folder);
	f->query = g_strdup(spec->query);
	f->total = f->unread = -1;
	forget(f);
	start(f);
}

int64_t found_total(const struct found *f)
{
	return f->total;
}

int64_t found_unread(const struct found *f)
{
	return f->unread;
}
