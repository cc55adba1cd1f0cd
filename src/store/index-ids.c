/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "store/index-hits.h"

/* Far more than an index can hold on paper. */
enum { ALL = 1 << 30 };

GArray *index_ids(struct index *ix, const char *folder, const char *query, GError **error)
{
	const struct list_spec spec = {.folder = folder, .query = query};
	const struct hits_want want = {.key = LIST_TOP, .count = ALL};
	g_autoptr(hits) h = hits_new(ix, &spec, error);
	g_autoptr(GArray) found = h ? hits_find(h, &want, error) : NULL;
	if (!found)
		return NULL;
	GArray *ids = g_array_sized_new(FALSE, FALSE, sizeof(int64_t), found->len);
	for (guint i = 0; i < found->len; i++)
		g_array_append_val(ids, g_array_index(found, struct hit, i).key.id);
	return ids;
}

bool index_look(struct index *ix, const GArray *ids, struct index_looked *out, GError **error)
{
	*out = (struct index_looked){.all_flags = ~0u};
	out->partial = g_array_new(FALSE, FALSE, sizeof(int64_t));
	for (guint i = 0; i < ids->len; i++) {
		int64_t id = g_array_index(ids, int64_t, i), flags, trash, partial;
		if (!index_number(ix, 0, &trash, error,
			    "SELECT folder = 1 FROM message WHERE id = ?", "i", id) ||
			!index_number(ix, ~0u, &flags, error,
				"SELECT flags FROM message WHERE id = ?", "i", id) ||
			!index_number(ix, 0, &partial, error,
				"SELECT (state & 8) <> 0 AND folder = 1 FROM message WHERE id = ?",
				"i", id)) {
			index_looked_clear(out);
			return false;
		}
		out->in_trash += trash;
		out->all_flags &= (unsigned)flags;
		if (partial)
			g_array_append_val(out->partial, id);
	}
	return true;
}

void index_looked_clear(struct index_looked *looked)
{
	g_clear_pointer(&looked->partial, g_array_unref);
}
