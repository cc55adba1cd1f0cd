/* SPDX-License-Identifier: MIT
 *
 * The letters that lie in folders already, by size and digest.  Digests are made when a
 * letter of the same size comes, which most never meet. */
#ifndef DEWEY_STORE_IMPORT_PRESENT_H
#define DEWEY_STORE_IMPORT_PRESENT_H

#include "store/store.h"

struct import_present;
typedef struct import_present import_present;

struct import_present *import_present_new(void);
void import_present_free(struct import_present *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(import_present, import_present_free)

/* Looks at the Maildir path. */
bool import_present_add(struct import_present *p, const char *path, GError **error);

/* Whether there is such a letter (sha256: 32 octets); each is found once, so that of two
 * equal letters the second is not the first again. */
bool import_present_take(struct import_present *p, int64_t size, const uint8_t *sha256);

#endif
