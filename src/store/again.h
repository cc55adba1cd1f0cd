/* SPDX-License-Identifier: MIT
 *
 * A letter whose row is made anew, because it is read in another way now: in another
 * charset, or with what was decrypted. */
#ifndef DEWEY_STORE_AGAIN_H
#define DEWEY_STORE_AGAIN_H

#include "mime/client.h"
#include "store/index-private.h"
#include "store/store.h"

/* What a letter says where it was decrypted; all of it UTF-8 and sanitized. */
struct again_inside {
	const char *subject, *text;
	const GPtrArray *names; /* of char *: files */
	unsigned kinds, languages;
};

/* Reads a letter again, and puts what has changed into the index; it has another id then
 * (*id; else the same).  inside: its words, and a mark that they are there, in the place
 * of those that the file shows; NULL: those.  False without an error: it is gone, or
 * cannot be read. */
bool again_read(struct store *s, struct mime_client *client, const struct message_row *row,
	const struct again_inside *inside, int64_t *id, GError **error);

/* Whether the index may have words that were decrypted.  Where it may not and has some,
 * STORE_ERROR_OLD: their postings are all over it, so all of it is to be made anew. */
bool again_allow(struct index *ix, bool decrypted, GError **error);

#endif
