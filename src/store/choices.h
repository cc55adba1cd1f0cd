/* SPDX-License-Identifier: MIT
 *
 * Charsets that a person chose for letters of a sender whose label is wrong or missing:
 * kept in the ledger, told to each dewey-mime, and carried into the index. */
#ifndef DEWEY_STORE_CHOICES_H
#define DEWEY_STORE_CHOICES_H

#include "mime/client.h"
#include "store/index.h"
#include "store/store.h"

/* All of them, of struct mime_choice.  A ledger that cannot be read is as good as an empty
 * one. */
GPtrArray *choices_load(struct store *s);
/* Tells a client all of them; what it has already is not sent again. */
void choices_tell(struct store *s, struct mime_client *client);

/* The charset for text of this sender that is declared so; NULL: none.  g_free() it. */
char *choices_of(struct store *s, const char *sender, const char *declared);

/* Text of this sender that is declared so ("": not usefully) is read in charset from now
 * on; NULL: as it is declared, or guessed. */
bool choices_keep(struct store *s, const struct mime_choice *choice, GError **error);

/* The letters of this sender in the index, newest first: GArray of int64_t. */
GArray *choices_letters(struct store *s, const char *sender, GError **error);

#endif
