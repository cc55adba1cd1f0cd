/* SPDX-License-Identifier: MIT */
#include "pop3/renumber.h"

#include <unistd.h>

#include "base/clock.h"
#include "pop3/likeness.h"
#include "store/maildir.h"

struct matching {
	struct memory *memory;
	GHashTable *bases; /* base → struct uid_row, whose letter is looked for */
	GHashTable *likes; /* likeness → GPtrArray of struct uid_row */
	GArray *changes;   /* of struct uid_change */
	const char *path;  /* of the folder that is read */
};

static void add_likeness(struct matching *m, char *likeness, struct uid_row *row)
{
	GPtrArray *rows = g_hash_table_lookup(m->likes, likeness);
	if (!rows) {
		rows = g_ptr_array_new();
		g_hash_table_insert(m->likes, g_strdup(likeness), rows);
	}
	g_ptr_array_add(rows, row);
}

static bool found(const char *file, bool in_new, void *data)
{
	struct matching *m = data;
	g_autofree char *base = g_strndup(file, maildir_base_length(file));
	struct uid_row *row = g_hash_table_lookup(m->bases, base);
	struct maildir_place place = {in_new, (char *)file};
	if (!row)
		return true;
	g_hash_table_remove(m->bases, base);
	int fd = maildir_open(m->path, base, &place, NULL, NULL);
	g_autofree char *likeness = fd >= 0 ? likeness_of_file(fd) : NULL;
	if (likeness)
		add_likeness(m, likeness, row);
	if (fd >= 0)
		close(fd);
	return g_hash_table_size(m->bases) > 0;
}

static bool read_ours(struct matching *m, struct store *s, GError **error)
{
	for (guint i = 0; i < m->memory->known->len; i++) {
		struct uid_row *row = m->memory->known->pdata[i];
		if (policy_is_kept(row))
			g_hash_table_insert(m->bases, row->base, row);
	}
	g_autoptr(GPtrArray) folders = store_folders(s, error);
	for (guint i = 0; folders && i < folders->len && g_hash_table_size(m->bases) > 0; i++) {
		g_autofree char *path = store_folder_path(s, folders->pdata[i], error);
		m->path = path;
		if (!path || !maildir_scan(path, found, m, error))
			return false;
	}
	return folders != NULL;
}

/* Each letter of ours once: of two that look the same, one may be new. */
static bool take_head(const struct plan_step *step, int fd, void *data, GError **error)
{
	struct matching *m = data;
	g_autofree char *likeness = likeness_of_file(fd);
	GPtrArray *rows = likeness ? g_hash_table_lookup(m->likes, likeness) : NULL;
	if (!rows || rows->len == 0)
		return true;
	struct uid_row *row = g_ptr_array_steal_index(rows, 0);
	struct uid_change c = {row->id, g_bytes_ref(step->uid), true};
	g_array_append_val(m->changes, c);
	g_bytes_unref(row->uid);
	row->uid = g_bytes_ref(step->uid);
	row->likely = true;
	row->state = UID_STORED;
	row->gone = 0;
	row->returns = 0;
	return true;
}

static void add_head(struct plan *plan, const struct plan_step *of)
{
	struct plan_step step = {
		.action = PLAN_PREVIEW, .message = of->message, .uid = g_bytes_ref(of->uid)};
	g_array_append_val(plan->steps, step);
	plan->preview++;
}

static bool read_theirs(
	struct matching *m, struct pump *p, const struct pop3_drop *drop, GError **error)
{
	struct plan all, heads;
	plan_init(&heads);
	bool ok = plan_name(&all, drop, m->memory->known, error);
	for (guint i = 0; ok && i < all.steps->len; i++) {
		const struct plan_step *step = &g_array_index(all.steps, struct plan_step, i);
		if (step->row == 0 && step->uid)
			add_head(&heads, step);
	}
	pump_on_preview(p, take_head, m);
	ok = ok && pump_run(p, &heads, error);
	pump_on_preview(p, NULL, NULL);
	plan_clear(&heads);
	plan_clear(&all);
	return ok;
}

static bool note(struct matching *m, struct visit *v, GError **error)
{
	struct ledger *l = store_ledger(v->job->store, error);
	return l && (v->job->dry_run || uids_rename(l, m->changes, error));
}

bool renumber(struct pump *p, struct visit *v, struct memory *memory, const struct pop3_drop *drop,
	guint *matched, GError **error)
{
	struct matching m = {.memory = memory};
	m.bases = g_hash_table_new(g_str_hash, g_str_equal);
	m.likes = g_hash_table_new_full(
		g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
	m.changes = g_array_new(FALSE, FALSE, sizeof(struct uid_change));
	g_array_set_clear_func(m.changes, uid_change_clear);
	bool ok = read_ours(&m, v->job->store, error) && read_theirs(&m, p, drop, error) &&
		  note(&m, v, error);
	*matched = ok ? m.changes->len : 0;
	g_hash_table_unref(m.bases);
	g_hash_table_unref(m.likes);
	g_array_unref(m.changes);
	return ok;
}
