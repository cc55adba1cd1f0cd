/* SPDX-License-Identifier: MIT
 *
 * Which of the letters that were fetched are still here.  Other programs rename
 * and move letters, so one is gone only when it was looked for in all folders,
 * twice, by its name and then by its content (CHECKLIST X-10). */
#ifndef DEWEY_STORE_PRESENCE_H
#define DEWEY_STORE_PRESENCE_H

#include "store/uids.h"

struct presence {
	GHashTable *trashed; /* ids of rows (int64_t *) whose letters lie in Trash only */
	GHashTable *gone;    /* ids of rows whose letters are nowhere */
	int64_t letters;     /* in all folders, Trash as well */
};

/* rows: GPtrArray of struct uid_row, not changed.  Names are read, not letters,
 * as long as every letter is found by its name; one that is found in another
 * folder, or by its content, is noted in the ledger at its new place.  A row whose
 * folder is not there counts as here, and so do all while a directory of the store
 * cannot be read, is reached by a link, or is a file system that is not mounted. */
bool presence_look(
	struct store *s, const GPtrArray *rows, struct presence *presence, GError **error);
void presence_clear(struct presence *presence);

/* A number that changes when something in any folder changed; never 0. */
bool presence_stamp(struct store *s, int64_t *stamp, GError **error);

#endif
