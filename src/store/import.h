/* SPDX-License-Identifier: MIT
 *
 * Importing mail that lies elsewhere: mbox (mboxrd; gzip too), Maildir, .eml.
 * The kind is found by looking, not by the name. */
#ifndef DEWEY_STORE_IMPORT_H
#define DEWEY_STORE_IMPORT_H

#include "store/store.h"

struct import_result {
	int64_t messages, skipped;
};

/* Adds what path holds to folder.  A letter that is in folder already (by its
 * digest) is skipped, so that a second run doubles nothing.  Envelope lines
 * are dropped, ">From " unquoted once.  Error: STORE_ERROR_DISK, or
 * STORE_ERROR_MISSING when path holds nothing that is mail. */
bool import_path(struct store *s, const char *path, const char *folder,
	struct import_result *result, GError **error);

#endif
