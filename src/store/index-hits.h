/* SPDX-License-Identifier: MIT
 *
 * What a list finds, as keys: folders walk an index by date, text comes out of
 * FTS5 in the order of ids and is sorted as far as a page needs it. */
#ifndef DEWEY_STORE_INDEX_HITS_H
#define DEWEY_STORE_INDEX_HITS_H

#include "store/index-private.h"

struct hits;
typedef struct hits hits;

/* Reads the query and the folder of spec. */
struct hits *hits_new(struct index *ix, const struct list_spec *spec, GError **error);
void hits_free(struct hits *h);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(hits, hits_free)

struct hit {
	struct list_key key;
	int64_t thread;
};

struct hits_want {
	struct list_key key; /* after this, or with backward before it */
	bool backward;
	guint count;
};

/* At most count hits next to key; newest first either way.  GArray of hit. */
GArray *hits_find(struct hits *h, const struct hits_want *want, GError **error);

/* Those that may stand for a thread: heads, or without these all hits. */
GArray *hits_find_heads(struct hits *h, const struct hits_want *want, GError **error);

/* Looks which messages of the threads of these hits are hits too. */
bool hits_learn_threads(struct hits *h, const GArray *found, GError **error);

/* A statement for the messages of a thread; those for which hits_has() says no
 * are to be left out. */
sqlite3_stmt *hits_thread_statement(struct hits *h, const char *columns, int64_t thread,
	GError **error);
bool hits_has(const struct hits *h, int64_t id);

bool hits_count(struct hits *h, struct index_counts *counts, GError **error);

#endif
