/* SPDX-License-Identifier: MIT
 *
 * The journal: what was done to messages, in the ledger, so that it can be
 * taken back, also after a restart.  Messages are named by folder and base
 * name, which other programs leave alone. */
#ifndef DEWEY_STORE_JOURNAL_H
#define DEWEY_STORE_JOURNAL_H

#include "store/flags.h"
#include "store/ledger.h"

enum journal_kind {
	JOURNAL_FLAGS = 1,
	JOURNAL_MOVE = 2,
	JOURNAL_COPY = 3,
	JOURNAL_DELETE = 4,
	JOURNAL_UNDELETE = 5,
	JOURNAL_TAG = 6,
	JOURNAL_FILTER = 7, /* its items have kinds of their own */
	JOURNAL_SEND = 8,
	JOURNAL_SPLIT = 9,
	JOURNAL_JOIN = 10,
	JOURNAL_TRAIN = 11, /* its items have kinds too; an item of the kind itself: what the spam
			    * program had learnt of it before, in data */
};

struct journal_item {
	int64_t id;
	enum journal_kind kind; /* 0: that of the entry */
	char *folder;           /* where the message was; of a copy: where it is */
	char *base;
	char *to;       /* where it went; NULL: it stayed */
	char *file;     /* "new/…" or "cur/…", before; NULL: not known */
	char *became;   /* the base name that it has since; NULL: base */
	unsigned flags; /* before */
	char *tags;     /* before, of tags.h; NULL: they were not touched */
	unsigned mask;  /* those that were set or cleared */
	char *data;     /* of SEND: the outbox's id; of SPLIT and JOIN: what was said of the
			 * letter's thread before (thread-hand.c);
			 * of TRAIN: "spam", "ham" or ""; else NULL */
};
struct journal_item *journal_item_new(const char *folder, const char *base);
void journal_item_free(struct journal_item *item);
/* Where it is since. */
const char *journal_item_folder(const struct journal_item *item);
const char *journal_item_base(const struct journal_item *item);

struct journal_entry {
	int64_t id, made;
	enum journal_kind kind;
	char *about;      /* of FILTER: its name; of SEND: the subject; of TRAIN: "spam" or
			   * "ham"; else NULL */
	int64_t count;    /* of the items */
	GPtrArray *items; /* of struct journal_item; journal_list() gives the first only */
};
void journal_entry_free(struct journal_entry *e);
void journal_entry_clear(struct journal_entry *e);
typedef struct journal_entry journal_entry;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(journal_entry, journal_entry_clear)

/* Writes the entry, gives it and its items their ids.  It is written before the
 * files are touched: a crash in between leaves an entry with items that were
 * not carried out, which journal's reader finds at their old place. */
bool journal_add(struct ledger *l, struct journal_entry *e, GError **error);
/* The same, and journal_remove(), inside of the caller's transaction. */
bool journal_write(struct ledger *l, struct journal_entry *e, GError **error);
bool journal_erase(struct ledger *l, int64_t entry, GError **error);

/* What these entries (GArray of int64_t ids) did is one entry of this kind, about the
 * filter or the lesson of this name; those that are gone again are left out. */
bool journal_join(struct ledger *l, const GArray *entries, enum journal_kind kind,
	const char *name, GError **error);

/* Takes items (GArray of int64_t ids) out that came to nothing, and the entry
 * if it has none left. */
bool journal_drop(struct ledger *l, int64_t entry, const GArray *items, GError **error);

/* Keeps the name that item->became says. */
bool journal_renamed(struct ledger *l, const struct journal_item *item, GError **error);

/* A message that was taken back to folder got the base name after, not before, since
 * somebody else's has that: older entries must find it. */
bool journal_follow(struct ledger *l, const char *folder, const char *before, const char *after,
	GError **error);

/* The last entry; id 0: there is none. */
bool journal_last(struct ledger *l, struct journal_entry *e, GError **error);

/* Up to limit entries, the last first: GPtrArray of struct journal_entry. */
GPtrArray *journal_list(struct ledger *l, int limit, GError **error);

/* What was done to the message of this base name, the last first: as journal_list(), but
 * with an entry for each of its items that is about the message, which has that item. */
GPtrArray *journal_of(struct ledger *l, const char *base, int limit, GError **error);

/* "3 messages moved to Archive": what was done, for people; g_free() it. */
char *journal_text(const struct journal_entry *e);

bool journal_remove(struct ledger *l, int64_t entry, GError **error);

/* The folder from which base came to folder to; NULL if not known. */
char *journal_origin(struct ledger *l, const char *base, const char *to);

#endif
