/* SPDX-License-Identifier: MIT
 *
 * Tags in the index: the table tag(message, name), a row for each tag of each
 * message, name as tag_normal() of tags.h gives it.  The ledger is the truth. */
#ifndef DEWEY_STORE_INDEX_TAGS_H
#define DEWEY_STORE_INDEX_TAGS_H

#include "store/actions.h"
#include "store/index.h"
#include "store/journal.h"
#include "store/maildir.h"
#include "store/tags.h"

/* All tags that any message has, in the order of the alphabet: GPtrArray of char *.
 * The cost is that of the tags, not of the messages. */
GPtrArray *index_tags(struct index *ix, GError **error);

/* Between index_begin() and index_commit(): the message has these, and no others. */
bool index_set_tags(struct index *ix, int64_t id, const char *tags, GError **error);

/* The same for every message of this base name, wherever it lies. */
bool index_tag_base(struct index *ix, const char *base, const char *tags, GError **error);

/* In a transaction of both that changed tags: the index knows of the change. */
bool index_note_tags(struct index *ix, struct ledger *l, GError **error);

/* What the ledger keeps by these base names (GPtrArray of char *), tags and what a spam
 * program was taught, goes away where no message has the name any more. */
bool index_forget_bases(struct index *ix, struct ledger *l, const GPtrArray *bases, GError **error);

/* The base names, but for "", that the ledger has such words of and the index has no
 * message of: GPtrArray of char *. */
GPtrArray *index_lost_bases(struct index *ix, struct ledger *l, GError **error);

/* Reads all tags again if the index does not know of the ledger's last change. */
bool index_sync_tags(struct index *ix, struct ledger *l, GError **error);

/* Changes tags, as one journal entry; ids: GArray of int64_t.  Messages that have
 * them so already are left out. */
bool action_tag(struct store *s, const GArray *ids, const struct tag_change *change,
	struct action_result *result, GError **error);

/* Takes a JOURNAL_TAG entry back, and out of the journal. */
bool action_untag(struct store *s, const struct journal_entry *e, struct action_result *result,
	GError **error);

#endif
