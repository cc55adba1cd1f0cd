/* SPDX-License-Identifier: MIT
 *
 * Folders on file systems of their own.  One that is not mounted looks like a
 * folder that was emptied, and what is put there is out of sight as soon as it is
 * mounted again.  So the ledger notes which folders were seen apart, that is on
 * another device than the store: one that is not so now is away. */
#ifndef DEWEY_STORE_MOUNTS_H
#define DEWEY_STORE_MOUNTS_H

#include "store/ledger.h"
#include "store/store.h"

/* Makes the folder if it is not there, for letters to be put into it.  Error:
 * STORE_ERROR_DISK, if it is away, or reached by a link, where nobody looks. */
bool mounts_make_folder(struct store *s, const char *folder, GError **error);

/* Notes which of these folders (store_folders()) are apart.  *away: whether one
 * that was is not now.  A folder that has half of its letters again, as the ledger
 * knows them, was moved to the store's own file system, and is forgotten. */
bool mounts_look(struct store *s, const GPtrArray *folders, bool *away, GError **error);

#endif
