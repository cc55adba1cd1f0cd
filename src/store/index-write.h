/* SPDX-License-Identifier: MIT
 *
 * The writer's side of the index, for sync and actions; every call stands
 * between index_begin() and index_commit(), and keeps the counts and heads. */
#ifndef DEWEY_STORE_INDEX_WRITE_H
#define DEWEY_STORE_INDEX_WRITE_H

#include "mime/client.h"
#include "store/index-private.h"

/* Finds or makes the row of a folder. */
bool index_make_folder(struct index *ix, const char *name, int64_t *id, GError **error);
/* Forgets a folder that is gone, with its messages. */
bool index_drop_folder(struct index *ix, int64_t id, GError **error);

struct index_letter {
	int64_t folder;
	const char *file; /* the file name */
	bool is_new;      /* in new */
	bool partial;     /* a preview; size is that of the letter */
	bool wordless;    /* index_add_words() comes later */
	bool decrypted;   /* mime has words that were decrypted */
	bool again;       /* it was here, and counted among its sender's letters */
	int64_t size, arrived;
	const char *account;
	const char *tags; /* of tags.h; NULL: none */
	const struct mime_message *mime; /* NULL: the worker could not read it */
};
/* *id 0: the folder has this base name already (another sync was faster).  A
 * letter takes the place of its preview, under a new id. */
bool index_add(struct index *ix, const struct index_letter *letter, int64_t *id, GError **error);

/* What the body of a letter adds to its row, and its words; NULL: the worker
 * could not read it.  A row that has them, or is gone, is no error. */
bool index_add_words(
	struct index *ix, int64_t id, const struct mime_message *mime, GError **error);

bool index_remove(struct index *ix, int64_t id, GError **error);

/* Where the message lies now; the flags are those of the file name.  A message
 * whose row is gone is no error. */
struct index_place {
	int64_t folder;
	const char *file;
	bool is_new;
};
bool index_set_place(struct index *ix, int64_t id, const struct index_place *place,
	GError **error);

#endif
