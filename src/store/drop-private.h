/* SPDX-License-Identifier: MIT
 *
 * What the files of the drop share: drop.c (the cache and the listing) and
 * drop-heads.c (what TOP said, and rows). */
#ifndef DEWEY_STORE_DROP_PRIVATE_H
#define DEWEY_STORE_DROP_PRIVATE_H

#include "mime/client.h"
#include "store/drop.h"
#include "store/index-write.h"

struct drop {
	struct store *store;
	char *account, *id; /* state key and word */
	char *path;
	struct index *ix;
	int64_t folder;           /* DROP_FOLDER */
	struct mime_client *mime; /* from the first head on */
};

/* Brings letter.row and letter.state up to what the ledger says, and the flags
 * of the heads with them.  Writes only what changed. */
bool drop_note_ledger(struct drop *d, GError **error);

/* The place of a head in the index: a file name that says whether the letter
 * is here. */
char *drop_file_name(int64_t id, enum drop_state state);

#endif
