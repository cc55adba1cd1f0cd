/* SPDX-License-Identifier: MIT
 *
 * What lies on the server of an account, as it was seen last: the cache behind
 * the server view and behind rules that look at a letter before it is fetched.
 * It lies in .dewey/server/HASH.db; delete it and the next look brings it back.
 *
 * A letter is known by its UID and has a number of ours, its id, which stays as
 * long as the letter is listed and is never given to another one.  Its head,
 * what TOP says, is read by dewey-mime and put into an index (store/index.h) as
 * a message of the same id, so that lists, counts and the query language work on
 * it; is:unread there means that a fetch could still bring it, size is what the
 * server says.
 *
 * Belongs to one thread.  Several processes may have the same one open: a
 * writer holds it between drop_begin() and drop_commit(), which should not take
 * longer than some tens of milliseconds. */
#ifndef DEWEY_STORE_DROP_H
#define DEWEY_STORE_DROP_H

#include "store/index.h"
#include "store/store.h"

struct drop;
typedef struct drop drop;

/* account: account_state_key(); id: the word of its section, for account: in
 * queries.  The store must outlive the drop.  A cache that is damaged or of
 * another version is made anew.  Error: STORE_ERROR. */
struct drop *drop_open(struct store *s, const char *account, const char *id, GError **error);
void drop_free(struct drop *d);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(drop, drop_free)

/* The letters whose heads are known; all in the folder DROP_FOLDER. */
struct index *drop_index(struct drop *d);
#define DROP_FOLDER "Inbox"

/* A row of a listing.  The UID is the name in the ledger (policy.h), never
 * NULL: what has no UID cannot be known again and is not kept here. */
struct drop_letter {
	GBytes *uid;
	uint64_t number, size;
};

/* The listing of now.  Letters that it lacks go, with their heads; of others
 * number and size are brought up to date, and whether they are here, by the
 * ledger.  A transaction of its own. */
bool drop_listed(struct drop *d, const struct drop_letter *letters, guint n, GError **error);

/* When drop_listed() was last called, seconds; 0: never.  tops: whether the
 * server had TOP then; true if nobody said otherwise. */
struct drop_look {
	int64_t at;
	bool tops;
};
bool drop_last_look(struct drop *d, struct drop_look *look, GError **error);
/* Notes whether the server has TOP. */
bool drop_set_tops(struct drop *d, bool tops, GError **error);

/* --- heads --------------------------------------------------------------------- */

/* A letter without head. */
struct drop_headless {
	int64_t id;
	GBytes *uid; /* of the array */
	uint64_t number;
};
/* GArray of struct drop_headless, newest (the highest number) first. */
GArray *drop_headless(struct drop *d, GError **error);

/* A transaction around any number of the following. */
bool drop_begin(struct drop *d, GError **error);
bool drop_commit(struct drop *d, GError **error);
void drop_rollback(struct drop *d);

/* The head of a letter: fd, a regular file, has what TOP gave with so many
 * lines.  A head that cannot be read is kept as such.  A letter that is not
 * listed, or has its head, is no error: nothing happens. */
bool drop_add_head(struct drop *d, GBytes *uid, int fd, guint lines, GError **error);

/* The same for a letter that is in the store: row is of store_index(). */
bool drop_add_known(struct drop *d, GBytes *uid, const struct message_row *row, GError **error);

/* Notes that there is no head to be had: the letter can be asked for by its size.
 * It stays without head. */
bool drop_add_unknown(struct drop *d, GBytes *uid, GError **error);

/* Whether fd has the head of the letter that this id stood for when its head was
 * added: the same sender, subject, Message-ID and date.  *same is true also if
 * there is no head to compare with. */
bool drop_is_same(struct drop *d, int64_t id, int fd, bool *same, GError **error);

/* Forgets a letter: it was deleted, or its UID means another one now. */
bool drop_forget(struct drop *d, int64_t id, GError **error);

/* --- looking ------------------------------------------------------------------- */

enum drop_state {
	DROP_NEW,  /* it was never fetched */
	DROP_HERE, /* it was, and may lie in the store */
	DROP_LEFT, /* a fetch leaves it, because of its size; there may be a preview */
	DROP_OWED, /* it was deleted unseen, but the server did not confirm that */
};

struct drop_row {
	int64_t id;
	GBytes *uid;
	uint64_t number, size;
	enum drop_state state;
	int64_t row;              /* of the ledger, unless DROP_NEW; else 0 */
	int64_t seen;             /* seconds; when it was first listed */
	struct message_row *head; /* NULL: not known */
};
void drop_row_free(struct drop_row *row);
typedef struct drop_row drop_row;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(drop_row, drop_row_free)

/* What is listed, newest first: GPtrArray of struct drop_row.  With a query
 * (not NULL nor "") only those that fit; what has no head fits by its size alone.  Looks into the
 * ledger for what is here.  Error: STORE_ERROR_QUERY and others. */
GPtrArray *drop_rows(struct drop *d, const char *query, GError **error);

/* The ids of the same: GArray of int64_t. */
GArray *drop_match(struct drop *d, const char *query, GError **error);

/* Error: STORE_ERROR_MISSING: it is not listed (any more). */
struct drop_row *drop_find(struct drop *d, int64_t id, GError **error);

#endif
