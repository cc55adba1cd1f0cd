/* SPDX-License-Identifier: MIT */
#include "pop3/here.h"

#include <string.h>

struct here {
	GHashTable *sizes; /* size → GPtrArray of const struct uid_row */
	struct strays *strays;
};

/* A letter whose deletion the server has confirmed, and that then comes again
 * with another name, was put there again by somebody. */
static bool may_lie_there(const struct uid_row *row)
{
	return row->uid && row->sha256[0] &&
	       (row->state == UID_STORED || row->state == UID_DEL_SENT ||
		       row->state == UID_DEL_UNKNOWN);
}

static void add(struct here *h, const struct uid_row *row)
{
	GPtrArray *rows = g_hash_table_lookup(h->sizes, &row->size);
	if (!rows) {
		rows = g_ptr_array_new();
		g_hash_table_insert(h->sizes, (gpointer)&row->size, rows);
	}
	g_ptr_array_add(rows, (gpointer)row);
}

struct here *here_new(const GPtrArray *known, const GArray *listed, struct strays *others)
{
	struct here *h = g_new0(struct here, 1);
	g_autofree bool *there = uids_among(known, listed);
	h->strays = others;
	h->sizes = g_hash_table_new_full(
		g_int64_hash, g_int64_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
	for (guint i = 0; i < known->len; i++) {
		const struct uid_row *row = known->pdata[i];
		if (!there[i] && may_lie_there(row))
			add(h, row);
	}
	return h;
}

void here_free(struct here *h)
{
	if (!h)
		return;
	g_hash_table_unref(h->sizes);
	strays_free(h->strays);
	g_free(h);
}

bool here_may_have(const struct here *h, int64_t size)
{
	return g_hash_table_contains(h->sizes, &size) ||
	       (h->strays && strays_has_size(h->strays, size));
}

bool here_take(
	struct here *h, int64_t size, const char *sha256, int64_t *id, struct uid_row **stray)
{
	GPtrArray *rows = g_hash_table_lookup(h->sizes, &size);
	*id = 0;
	*stray = NULL;
	for (guint i = 0; rows && i < rows->len; i++) {
		const struct uid_row *row = rows->pdata[i];
		if (strcmp(row->sha256, sha256) != 0)
			continue;
		*id = row->id;
		g_ptr_array_remove_index_fast(rows, i);
		return true;
	}
	if (h->strays)
		*stray = strays_take(h->strays, size, sha256);
	return *stray != NULL;
}
