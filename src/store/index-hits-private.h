/* SPDX-License-Identifier: MIT
 *
 * What the walks by date (index-hits.c) and by other keys (index-order.c) share. */
#ifndef DEWEY_STORE_INDEX_HITS_PRIVATE_H
#define DEWEY_STORE_INDEX_HITS_PRIVATE_H

#include "store/index-hits.h"
#include "store/query-private.h"

struct hits {
	struct index *ix;
	struct query_parts parts;
	const char *match; /* of parts, and the table it is about: words or begins */
	const char *table;
	int64_t folder;  /* 0: all */
	bool no_trash;   /* all folders but Trash */
	bool everything; /* no query: heads and counts are kept */
	enum list_order order;
	bool ascending;
	GHashTable *known; /* ids whose text is found, of hits_learn_threads() */
};

/* To greater keys, which is not the same as forward; and from where. */
bool hits_upward(const struct hits *h, const struct hits_want *want);
struct list_key hits_from(const struct hits *h, const struct hits_want *want);

/* "FROM …" with its conditions, on message m; hits_bind() binds their values and
 * returns the number of the next. */
void hits_append_from(const struct hits *h, GString *sql);
int hits_bind(const struct hits *h, sqlite3_stmt *stmt);

/* Resets stmt; own, which it takes, is what reading it came to. */
bool hits_end(sqlite3_stmt *stmt, GError *own, GError **error);
void hits_reverse(GArray *list);

/* Leaves of found, in any order of ids, what parts.begun finds. */
bool hits_leave_begun(struct hits *h, GArray *found, GError **error);

/* Whether the order is one of index-order.c, and the hits in it. */
bool hits_is_keyed(const struct hits *h);
void index_make_order(struct index *ix, enum list_order order);
GArray *hits_walk_keys(struct hits *h, const struct hits_want *want, GError **error);
/* The expression an order is sorted by, of message m. */
const char *hits_key_sql(const struct hits *h);

/* Rows in any order, of which the nearest behind from are kept. */
struct key_walk {
	struct hits *h;
	struct list_key from;
	bool upward, ends; /* ends: from is one of the ends of the list */
	guint count;
	GArray *found; /* of struct hit, nearest first */
};
/* stmt gives date, id, thread and key; of at most so many rows. */
bool key_walk_run(struct key_walk *w, sqlite3_stmt *stmt, guint most, GError **error);

/* Puts hit into found, which holds the nearest first, unless there are count nearer
 * ones; it keeps count at most. */
typedef bool (*hits_nearer)(const struct list_key *a, const struct list_key *b, const void *data);
void hits_keep(GArray *found, guint count, const struct hit *hit, hits_nearer nearer,
	const void *data);

#endif
