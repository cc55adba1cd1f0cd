/* SPDX-License-Identifier: MIT
 *
 * Tags as keywords of the Maildirs (keywords.h), where a person asked for it: a tag that
 * is changed here is written into the names of files, and a letter that another program
 * changes there becomes a change of tags.  The ledger has all tags in any case; those
 * that a folder has no letter for are there alone. */
#ifndef DEWEY_STORE_TAG_LETTERS_H
#define DEWEY_STORE_TAG_LETTERS_H

#include "store/index-tags.h"
#include "store/sync-private.h"

/* Kept in the ledger, for all programs.  The next sync of all folders brings both sides
 * together; switched off, the letters stay in the names, and nobody looks at them. */
bool tag_letters_use(struct store *s, bool on, GError **error);

/* The same, done by the next sync, which has the ledger open anyway; and that. */
void tag_letters_wish(struct store *s, bool on);
bool tag_letters_apply(struct store *s, GError **error);

/* For one change; NULL: tags are no keywords.  It borrows the store. */
struct tag_letters;
typedef struct tag_letters tag_letters;
struct tag_letters *tag_letters_new(struct store *s);
void tag_letters_free(struct tag_letters *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(tag_letters, tag_letters_free)

/* The files of these base names (GPtrArray of char *) get the letters of their tags, and
 * their rows follow.  A file whose letters another program has changed meanwhile is left
 * to the next sync.  t may be NULL. */
bool tag_letters_push(struct tag_letters *t, const GPtrArray *bases, GError **error);

/* Adds to what a person is told which tags of this change have no letter, and why.  t may
 * be NULL. */
void tag_letters_tell(const struct tag_letters *t, char **text);

/* For maildir_restore(): how the file is called in that folder; data of struct
 * tag_letters_way, which must live until then. */
struct tag_letters_way {
	struct tag_letters *letters;
	const char *to, *base;
};
char *tag_letters_respell(const char *file, void *data);

/* What others changed in the letters of a folder, before its rows are written; tags are
 * changed as they did, once each. */
bool tag_letters_take(struct store *s, const struct sync_place *place,
	const struct sync_differences *d, GError **error);

/* At the end of a sync of all folders: what is not yet on both sides. */
bool tag_letters_renew(struct store *s, GError **error);

#endif
