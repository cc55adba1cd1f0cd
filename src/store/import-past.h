/* SPDX-License-Identifier: MIT
 *
 * What imports brought before, so that a letter that was moved, archived or deleted since
 * does not come again.  The ledger remembers each by its folder and digest, with how
 * often it was met in one import: twins are two letters.  Rows of the table imported. */
#ifndef DEWEY_STORE_IMPORT_PAST_H
#define DEWEY_STORE_IMPORT_PAST_H

#include "store/ledger.h"

struct import_past;
typedef struct import_past import_past;

/* Of one import into folder.  l must stay. */
struct import_past *import_past_new(struct ledger *l, const char *folder, GError **error);
void import_past_free(struct import_past *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(import_past, import_past_free)

/* Meets a letter (sha256: 32 octets).  known: it came with an import before, this one
 * of as many like it as were kept then. */
bool import_past_meet(struct import_past *p, const uint8_t *sha256, bool *known, GError **error);

/* The letter met last is to be remembered: it is there already, or will be. */
void import_past_keep(struct import_past *p);

/* Remembers all that were kept since the last call; they must be in their folder and
 * durable, or nothing would ever bring them.  What is not written because of a kill or an
 * error is found in its folder by the next import. */
bool import_past_write(struct import_past *p, GError **error);

/* Those kept since the last call did not come to their folder. */
void import_past_drop(struct import_past *p);

#endif
