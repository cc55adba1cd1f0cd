/* SPDX-License-Identifier: MIT
 *
 * Letters that lie in the store and that no row of the ledger names: after a
 * ledger was put back from an older copy, these are the letters that were
 * fetched since (CHECKLIST P-61).  They are known by their content. */
#ifndef DEWEY_STORE_STRAYS_H
#define DEWEY_STORE_STRAYS_H

#include "store/uids.h"

struct strays;
typedef struct strays strays;

/* Those whose name says that they arrived at since or later; 0: all.  Names and
 * sizes are read; a letter only when strays_take() has one of its size.  known:
 * struct uid_row, as uids_load() gave them, which spares as many look-ups.  Error:
 * STORE_ERROR, of the ledger or of a folder that cannot be read. */
struct strays *strays_find(struct store *s, const GPtrArray *known, int64_t since, GError **error);
void strays_free(struct strays *strays);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(strays, strays_free)

guint strays_count(const struct strays *strays);

/* Whether there is one of this size: then its digest is worth making. */
bool strays_has_size(const struct strays *strays, int64_t size);

/* The stray of this content, each given once: folder, base, stored, size and
 * sha256 of row are set, to be freed with uid_row_free().  NULL: there is none. */
struct uid_row *strays_take(struct strays *strays, int64_t size, const char *sha256);

#endif
