/* SPDX-License-Identifier: MIT
 *
 * Tags: words of a person's own that a message carries.  The ledger has them, by
 * base name, so that a new index has them too; the index repeats them for lists
 * and searches (index-tags.h).
 *
 * The tags of a message are one text here: the words in the order of the
 * alphabet with a space between, "" for none. */
#ifndef DEWEY_STORE_TAGS_H
#define DEWEY_STORE_TAGS_H

#include "store/ledger.h"

/* A tag as it is kept: in lower case, NFC.  Error: STORE_ERROR_NAME, for one that
 * is empty, longer than 64 octets, begins with '+' or '-', or holds blanks,
 * commas, quotes, brackets or control characters.  g_free() it. */
char *tag_normal(const char *text, GError **error);

/* A change of tags: "+work -todo later"; without a sign a tag is added.  The words
 * are apart by blanks or commas.  Error: STORE_ERROR_NAME, also for no word. */
struct tag_change {
	char **add, **remove; /* NULL-terminated, normal */
};
bool tag_change_parse(const char *text, struct tag_change *change, GError **error);
void tag_change_clear(struct tag_change *change);
typedef struct tag_change tag_change;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(tag_change, tag_change_clear)

/* tags with the change made.  g_free() it. */
char *tags_changed(const char *tags, const struct tag_change *change);

/* Of a base name.  NULL: error. */
char *tags_get(struct ledger *l, const char *base, GError **error);
bool tags_set(struct ledger *l, const char *base, const char *tags, GError **error);

#endif
