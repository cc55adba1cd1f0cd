/* SPDX-License-Identifier: MIT
 *
 * Importing mail that lies elsewhere: mbox (mboxrd; gzip too), Maildir, .eml.
 * The kind is found by looking; only what looks like no mail at all is taken
 * for a letter if it is called .eml. */
#ifndef DEWEY_STORE_IMPORT_H
#define DEWEY_STORE_IMPORT_H

#include "store/store.h"

struct import_result {
	int64_t messages, skipped;
};

/* Adds what path holds to folder: a file, a Maildir, or a directory with such
 * in it.  A letter that was in folder before (by its digest) is skipped, so
 * that a second run doubles nothing.  Envelope lines are dropped, ">From "
 * unquoted once, CRLF is turned to LF; flags of a Maildir, and Status and
 * X-Status of an mbox, become flags.  Error: STORE_ERROR_DISK, or
 * STORE_ERROR_MISSING when path holds nothing that is mail; what was whole
 * before an error is kept, and counted in result. */
bool import_path(struct store *s, const char *path, const char *folder,
	struct import_result *result, GError **error);

#endif
