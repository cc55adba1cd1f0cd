/* SPDX-License-Identifier: MIT */
#include "pop3/renumber.h"

#include <unistd.h>

#include "base/clock.h"
#include "pop3/likeness.h"
#include "store/preview.h"

struct matching {
	struct memory *memory;
	GHashTable *bases; /* base → struct uid_row, whose letter is looked for */
	GHashTable *likes; /* likeness → GPtrArray of struct uid_row */
	GPtrArray *heads;  /* of struct their_head */
	GArray *changes;   /* of struct uid_change */
	GHashTable *named; /* struct uid_row, of which changes are */
	const char *path;  /* of the folder that is read */
};

/* A letter of the server. */
struct their_head {
	GBytes *uid;
	uint64_t size; /* as listed; 0: not known */
	char *likeness;
};

static void their_head_free(void *data)
{
	struct their_head *h = data;
	g_bytes_unref(h->uid);
	g_free(h->likeness);
	g_free(h);
}

/* --- ours ------------------------------------------------------------------------ */

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
	g_autofree char *base = maildir_base(file);
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

static bool read_folder(
	struct matching *m, struct store *s, const char *folder, bool previews, GError **error)
{
	g_autofree char *path = preview_or_folder_path(s, folder, previews, error);
	m->path = path;
	return path && ((previews && !maildir_is(path)) || maildir_scan(path, found, m, error));
}

static void add_rows(
	struct matching *m, const GPtrArray *rows, bool (*fits)(const struct uid_row *))
{
	for (guint i = 0; i < rows->len; i++) {
		struct uid_row *row = rows->pdata[i];
		if (fits(row))
			g_hash_table_insert(m->bases, row->base, row);
	}
}

/* Previews lie in folders of their own. */
static bool read_ours(
	struct matching *m, struct store *s, const struct pop3_drop *drop, GError **error)
{
	if (policy_all_is_new(m->memory->known, drop))
		add_rows(m, m->memory->known, policy_is_there);
	if (m->memory->former)
		add_rows(m, m->memory->former, policy_came);
	g_autoptr(GPtrArray) folders = store_folders(s, error);
	for (guint i = 0; folders && i < folders->len && g_hash_table_size(m->bases) > 0; i++)
		if (!read_folder(m, s, folders->pdata[i], false, error) ||
			!read_folder(m, s, folders->pdata[i], true, error))
			return false;
	return folders != NULL;
}

/* --- theirs ---------------------------------------------------------------------- */

static bool take_head(const struct plan_step *step, int fd, void *data, GError **error)
{
	struct matching *m = data;
	char *likeness = likeness_of_file(fd);
	if (!likeness)
		return true;
	struct their_head *h = g_new0(struct their_head, 1);
	*h = (struct their_head){g_bytes_ref(step->uid), step->message->size, likeness};
	g_ptr_array_add(m->heads, h);
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

/* --- which is which -------------------------------------------------------------- */

#define NOT_KNOWN (G_MAXUINT64 - 1)

/* How far the sizes are from each other. */
static uint64_t distance(const struct their_head *h, const struct uid_row *row)
{
	uint64_t whole = (uint64_t)row->whole;
	if (h->size == 0 || whole == 0)
		return NOT_KNOWN;
	return h->size > whole ? h->size - whole : whole - h->size;
}

static void rename_row(struct matching *m, const struct their_head *h, struct uid_row *row)
{
	int64_t whole = pop3_kept_size(h->size);
	struct uid_change c = {row->id, g_bytes_ref(h->uid), true, whole};
	g_array_append_val(m->changes, c);
	g_hash_table_add(m->named, row);
	g_clear_pointer(&row->uid, g_bytes_unref);
	row->uid = g_bytes_ref(h->uid);
	if (row->state != UID_PREVIEW)
		row->state = UID_STORED;
	row->likely = true;
	row->whole = whole;
	row->returns = 0;
	row->gone = 0;
}

/* The new server may have added lines, or count otherwise: the nearest size will do,
 * but only when no letter is left whose size is that very one.  Each letter of ours
 * once: of two that look the same, one may be new. */
static void match(struct matching *m, const struct their_head *h, bool exactly)
{
	uint64_t best = G_MAXUINT64;
	guint at = 0;
	GPtrArray *rows = g_hash_table_lookup(m->likes, h->likeness);
	for (guint i = 0; rows && i < rows->len; i++) {
		uint64_t far = distance(h, rows->pdata[i]);
		if (far >= best)
			continue;
		best = far;
		at = i;
	}
	if (!rows || rows->len == 0 || (exactly && best != 0))
		return;
	rename_row(m, h, g_ptr_array_steal_index(rows, at));
}

static void match_all(struct matching *m)
{
	g_autoptr(GPtrArray) rest = g_ptr_array_new();
	for (guint i = 0; i < m->heads->len; i++) {
		guint before = m->changes->len;
		match(m, m->heads->pdata[i], true);
		if (m->changes->len == before)
			g_ptr_array_add(rest, m->heads->pdata[i]);
	}
	for (guint i = 0; i < rest->len; i++)
		match(m, rest->pdata[i], false);
}

/* Those that were recognised are of this maildrop now. */
static void move_rows(struct matching *m)
{
	GPtrArray *former = m->memory->former;
	for (guint i = former ? former->len : 0; i-- > 0;)
		if (g_hash_table_contains(m->named, former->pdata[i]))
			g_ptr_array_add(m->memory->known, g_ptr_array_steal_index(former, i));
	uids_sort(m->memory->known);
}

static bool note(struct matching *m, struct visit *v, GError **error)
{
	struct ledger *l = store_ledger(v->job->store, error);
	return l && (v->job->dry_run || uids_rename(l, v->key, m->changes, error));
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
	m.named = g_hash_table_new(NULL, NULL);
	m.heads = g_ptr_array_new_with_free_func(their_head_free);
	bool ok = read_ours(&m, v->job->store, drop, error) &&
		  (g_hash_table_size(m.likes) == 0 || read_theirs(&m, p, drop, error));
	if (ok)
		match_all(&m);
	move_rows(&m);
	ok = ok && note(&m, v, error);
	*matched = ok ? m.changes->len : 0;
	g_hash_table_unref(m.bases);
	g_hash_table_unref(m.likes);
	g_array_unref(m.changes);
	g_hash_table_unref(m.named);
	g_ptr_array_unref(m.heads);
	return ok;
}
