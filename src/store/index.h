/* SPDX-License-Identifier: MIT
 *
 * The index: a cache of everything lists, threads and searches need, in SQLite
 * with FTS5 (DESIGN section 3).  Deleting it costs time, nothing else.
 *
 * Readers never wait for the writer (WAL).  Lists are read by keyset pages:
 * the cost of a page does not depend on the size of the folder.  Strings in
 * rows are UTF-8, decoded and sanitized as lines when they were indexed. */
#ifndef DEWEY_STORE_INDEX_H
#define DEWEY_STORE_INDEX_H

#include <sqlite3.h>

#include "store/flags.h"
#include "store/store.h"

typedef struct index index_db;

struct index *index_open(const char *path, GError **error);
void index_free(struct index *ix);
sqlite3 *index_handle(struct index *ix); /* for the files of this folder */

/* Ends a running query of this index from another thread. */
void index_interrupt(struct index *ix);

/* Asked now and then while statements run, on their thread: true ends them with
 * STORE_ERROR_CANCELLED.  Unlike an interrupt it is not lost when it comes between
 * two statements, or before the first.  NULL: nobody is asked. */
void index_set_stop(struct index *ix, bool (*stop)(void *data), void *data);

/* Another number each time somebody else has written to the index, in this process
 * or another one; 0: it cannot be read. */
int64_t index_version(struct index *ix);

struct folder_row {
	int64_t id;
	char *name;
	int64_t total, unread, flagged;
	int64_t size; /* octets of all its letters */
};
void folder_row_free(struct folder_row *row);
/* GPtrArray of struct folder_row, in the order of store_folders(). */
GPtrArray *index_folders(struct index *ix, GError **error);

struct message_row {
	int64_t id, thread;
	int64_t date, arrived; /* seconds; date of the header, arrived here */
	int64_t size;          /* octets on disk; if partial, on the server */
	unsigned flags;        /* enum message_flag */
	bool is_new;           /* lies in new */
	bool has_attachment;
	bool partial;          /* only a preview is here: preview.h */
	bool unparsed;         /* the worker could not read it */
	bool decrypted;        /* what was decrypted is found by its words: again.h */
	int depth;             /* in its thread; 0 in flat lists */
	bool guessed;          /* it stands there by its subject only: thread-subject.h */
	int64_t node;          /* its place in the tree of its thread: thread.h */
	int64_t score;         /* of the search, in 10^-12; 0 in other orders */
	char *folder;
	char *file;            /* the file name when last seen */
	char *account;         /* the [account] word it came by; "" unknown */
	char *from_name, *from; /* display name ("" if none), addr-spec */
	char *to, *cc;         /* address lists as text */
	char *subject;
	char *message_id;      /* without <>; "" if none */
	char *snippet;         /* the first words of the text */
	char *tags;            /* "todo work"; "" if none */
};
void message_row_free(struct message_row *row);
typedef struct message_row message_row;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(message_row, message_row_free)

enum list_order {
	LIST_BY_DATE,
	LIST_BY_THREAD,
	LIST_BY_SENDER, /* the names as they are shown */
	LIST_BY_SUBJECT, /* without "Re:" and the like */
	LIST_BY_SIZE,
	LIST_BY_SCORE, /* of the words of the query; without words by date */
};

/* What a list shows: a folder, or what a query finds, or both. */
struct list_spec {
	const char *folder; /* NULL: all folders (but Trash, unless asked for) */
	const char *query;  /* NULL: everything; the language of query.h */
	enum list_order order;
	bool ascending; /* oldest, A, smallest first; else newest, Z, largest, best */
};

/* A place in a list: at the row (or thread) that has these keys.  A thread is as
 * new as its newest message and is shown with its first message first.  Rows that
 * are equal otherwise stand by date. */
enum { LIST_KEY_TEXT = 40 };
struct list_key {
	int64_t date, id; /* of the row, or of the newest row of the thread */
	int64_t number;   /* its size or score, where lists are sorted by it */
	char text[LIST_KEY_TEXT]; /* its sender or subject, likewise: subject.h */
};
/* Before the first row, behind the last one, in the order in which it is shown. */
#define LIST_TOP ((struct list_key){.date = G_MAXINT64, .id = G_MAXINT64})
#define LIST_END ((struct list_key){.date = G_MININT64, .id = G_MININT64})

/* At least count rows (whole threads; fewer at the end) that come after key,
 * or with backward before it; in display order either way.  GPtrArray of
 * struct message_row.  Error: STORE_ERROR_QUERY. */
GPtrArray *index_list(struct index *ix, const struct list_spec *spec, struct list_key key,
	bool backward, guint count, GError **error);

/* The key of a row of such a page. */
struct list_key index_row_key(const struct message_row *row, enum list_order order,
	const GPtrArray *page);

/* Just before key: index_list() from there gives the row of key first. */
struct list_key index_key_before(struct list_key key, const struct list_spec *spec);

/* Whether an order has its index.  Sender, subject and size get theirs when they are
 * first asked for: index_list() makes it, which takes seconds with a million letters,
 * and then it is kept. */
bool index_has_order(struct index *ix, enum list_order order);

/* The place of the first row (or thread) after key that is unread, or has something
 * unread; *found false: there is none, up to the end.  The cost does not grow with the
 * folder; with a query in spec it may be that of all it finds. */
bool index_next_unread(struct index *ix, const struct list_spec *spec, struct list_key *key,
	bool *found, GError **error);

/* The place of a message in a list without a query; false: it is not there. */
bool index_find_key(struct index *ix, const struct list_spec *spec, int64_t id,
	struct list_key *key);

/* How many messages; counts of whole folders are kept, others counted. */
struct index_counts {
	int64_t total, unread, flagged;
	int64_t size; /* octets */
};
bool index_tally(struct index *ix, const struct list_spec *spec, struct index_counts *counts,
	GError **error);
/* Two of them. */
bool index_count(struct index *ix, const struct list_spec *spec, int64_t *total, int64_t *unread,
	GError **error);

/* Of all messages of a folder (NULL: as in a list) that a query finds (NULL: all), the
 * newest first: GArray of int64_t. */
GArray *index_ids(struct index *ix, const char *folder, const char *query, GError **error);

/* Those of ids (of int64_t) that a query finds, wherever they lie: a set of int64_t.  Its
 * cost is that of the words near ids, not of all that the query finds. */
GHashTable *index_which(struct index *ix, const char *query, const GArray *ids, GError **error);

/* Unread messages that came since then and were put into the index after *mark, which
 * becomes the last of them; not those of Sent, Drafts and Trash, and not before their
 * words are here.  *mark -1: what is there is not new.  GArray of int64_t. */
GArray *index_arrivals(struct index *ix, int64_t since, int64_t *mark, GError **error);

/* What many messages have in common; those that are gone do not count. */
struct index_looked {
	int64_t in_trash;   /* how many lie there */
	unsigned all_flags; /* the flags that each of them has; all bits if there is none */
	GArray *partial;    /* ids of those in Trash of which only a preview is here */
};
bool index_look(struct index *ix, const GArray *ids, struct index_looked *out, GError **error);
void index_looked_clear(struct index_looked *looked);

struct message_row *index_message(struct index *ix, int64_t id, GError **error);
/* By base name, in this folder or wherever it was moved to. */
struct message_row *index_by_base(struct index *ix, const char *folder, const char *base,
	GError **error);
struct message_row *index_by_message_id(struct index *ix, const char *message_id, GError **error);

/* The messages of a thread in tree order, depth set, over all folders. */
GPtrArray *index_thread(struct index *ix, int64_t thread, GError **error);

#endif
