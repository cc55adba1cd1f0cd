/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "ui/tallies.h"

/* A count that took longer than AT_ONCE microseconds is followed by a rest of so many
 * times its length: a million letters may have to be looked at, and mail may be coming
 * all the time. */
enum { AT_ONCE = 50000, REST = 9 };

struct tally {
	struct index_counts counts;
	bool known;
};

/* All views, one after the other. */
struct job_data {
	struct tallies *tallies; /* NULL: nobody wants it any more */
	GPtrArray *queries;
	GArray *found; /* of struct tally */
	gint64 took;   /* microseconds */
};

struct tallies {
	struct ui *ui;
	void (*changed)(void *data);
	void *data;
	GArray *known;        /* of struct tally */
	struct job_data *job; /* under way */
	guint rest;           /* the timer at whose end it may begin */
	bool again;           /* the store changed meanwhile */
};

struct tallies *tallies_new(struct ui *ui, void (*changed)(void *data), void *data)
{
	struct tallies *t = g_new0(struct tallies, 1);
	t->ui = ui;
	t->changed = changed;
	t->data = data;
	t->known = g_array_new(FALSE, TRUE, sizeof(struct tally));
	return t;
}

void tallies_free(struct tallies *t)
{
	if (!t)
		return;
	if (t->job)
		t->job->tallies = NULL;
	g_clear_handle_id(&t->rest, g_source_remove);
	g_array_unref(t->known);
	g_free(t);
}

static void count_run(struct room *room, void *data)
{
	struct job_data *j = data;
	struct index *ix = room_index(room, NULL);
	gint64 began = g_get_monotonic_time();
	for (guint i = 0; ix && i < j->queries->len; i++) {
		struct list_spec spec = {.query = j->queries->pdata[i]};
		struct tally *tally = &g_array_index(j->found, struct tally, i);
		/* What is wrong with a query is told where it is opened. */
		tally->known = index_tally(ix, &spec, &tally->counts, NULL);
	}
	j->took = g_get_monotonic_time() - began;
}

static gboolean rested(void *data)
{
	struct tallies *t = data;
	t->rest = 0;
	if (t->again)
		tallies_again(t);
	return G_SOURCE_REMOVE;
}

static void count_done(void *data)
{
	struct job_data *j = data;
	struct tallies *t = j->tallies;
	if (!t)
		return;
	g_array_unref(t->known);
	t->known = g_array_ref(j->found);
	t->job = NULL;
	j->tallies = NULL;
	if (j->took > AT_ONCE)
		t->rest = g_timeout_add((guint)(j->took / 1000 * REST), rested, t);
	else if (t->again)
		tallies_again(t);
	t->changed(t->data);
}

static void count_free(void *data)
{
	struct job_data *j = data;
	if (j->tallies)
		j->tallies->job = NULL;
	g_ptr_array_unref(j->queries);
	g_array_unref(j->found);
	g_free(j);
}

static const struct job count_job = {count_run, count_done, count_free};

void tallies_again(struct tallies *t)
{
	const GPtrArray *views = dotfile_views(ui_dotfile(t->ui));
	t->again = t->job || t->rest;
	if (t->again || !views || views->len == 0)
		return;
	struct job_data *j = g_new0(struct job_data, 1);
	j->tallies = t;
	t->job = j;
	j->queries = g_ptr_array_new_with_free_func(g_free);
	j->found = g_array_new(FALSE, TRUE, sizeof(struct tally));
	g_array_set_size(j->found, views->len);
	for (guint i = 0; i < views->len; i++) {
		const struct dotfile_view *v = views->pdata[i];
		g_ptr_array_add(j->queries, g_strdup(v->query));
	}
	worker_push(ui_worker(t->ui, UI_WORKER_VIEWS), &count_job, j);
}

const struct index_counts *tallies_of(const struct tallies *t, guint n)
{
	const struct tally *tally =
		n < t->known->len ? &g_array_index(t->known, struct tally, n) : NULL;
	return tally && tally->known ? &tally->counts : NULL;
}
