/* SPDX-License-Identifier: MIT */
#include "pop3/verify.h"

#include <unistd.h>

#include "pop3/likeness.h"
#include "store/maildir.h"

struct verify {
	GHashTable *steps; /* base → struct plan_step */
	const char *path;  /* of the folder that is read */
};

static bool found(const char *file, bool in_new, void *data)
{
	struct verify *y = data;
	g_autofree char *base = maildir_base(file);
	struct plan_step *step = g_hash_table_lookup(y->steps, base);
	struct maildir_place place = {in_new, (char *)file};
	int fd = step ? maildir_open(y->path, base, &place, NULL, NULL) : -1;
	if (fd < 0)
		return true;
	step->likeness = likeness_of_named_file(fd);
	close(fd);
	g_hash_table_remove(y->steps, base);
	return g_hash_table_size(y->steps) > 0;
}

static bool read_folders(struct verify *y, struct store *s, GError **error)
{
	g_autoptr(GPtrArray) folders = store_folders(s, error);
	for (guint i = 0; folders && i < folders->len && g_hash_table_size(y->steps) > 0; i++) {
		g_autofree char *path = store_folder_path(s, folders->pdata[i], error);
		y->path = path;
		if (!path || !maildir_scan(path, found, y, error))
			return false;
	}
	return folders != NULL;
}

/* Who asked for single letters gets these alone. */
static bool wants_look(const struct plan_step *step, const struct fetch_job *job)
{
	bool all = !fetch_is_for_some(job);
	return step->row != 0 && (step->action == PLAN_DELETE ||
					 (all && step->action == PLAN_LEAVE && step->away));
}

/* What differs is fetched, and compared as a whole. */
static void collect(struct verify *y, struct plan *plan, const struct fetch_job *job,
	const GPtrArray *known)
{
	guint near = 0;
	for (guint i = 0; i < plan->steps->len; i++) {
		struct plan_step *step = &g_array_index(plan->steps, struct plan_step, i);
		const struct uid_row *row =
			wants_look(step, job) ? uids_find(known, step->row, &near) : NULL;
		if (!row || !row->base[0] || !row->sha256[0])
			continue;
		g_strlcpy(step->sha256, row->sha256, sizeof step->sha256);
		step->stays = step->action == PLAN_LEAVE;
		g_hash_table_insert(y->steps, row->base, step);
	}
}

static bool wants_any(const struct plan *plan, const struct fetch_job *job)
{
	for (guint i = 0; i < plan->steps->len; i++)
		if (wants_look(&g_array_index(plan->steps, struct plan_step, i), job))
			return true;
	return false;
}

bool verify_steps(struct plan *plan, struct visit *v, const GPtrArray *known, GError **error)
{
	const struct capabilities *capa = pop3_capabilities(v->pop3);
	struct verify y = {0};
	if ((capa->known && !capa->top) || !wants_any(plan, v->job))
		return true;
	y.steps = g_hash_table_new(g_str_hash, g_str_equal);
	collect(&y, plan, v->job, known);
	bool ok = g_hash_table_size(y.steps) == 0 || read_folders(&y, v->job->store, error);
	g_hash_table_unref(y.steps);
	return ok;
}
