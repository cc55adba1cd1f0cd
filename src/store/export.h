/* SPDX-License-Identifier: MIT
 *
 * Exporting letters to what other programs read.  What import_path() makes of it are
 * the same octets with the same flags (of .eml: without flags). */
#ifndef DEWEY_STORE_EXPORT_H
#define DEWEY_STORE_EXPORT_H

#include "store/store.h"

enum export_format {
	EXPORT_NONE,
	EXPORT_MBOXRD,  /* ">" before each "From "; a last line without an end gets one */
	EXPORT_MBOXCL2, /* Content-Length, and the letter as it is */
	EXPORT_MAILDIR,
	EXPORT_EML, /* a directory with a file for each letter */
};

struct export_result {
	int64_t messages;
	int64_t skipped;  /* there already, of the same name and size */
	int64_t previews; /* not exported: their letters are not here */
	int64_t missing;  /* removed by another program meanwhile */
};

struct export_options {
	enum export_format format;
	/* NULL: nobody wants to know; false: stop. */
	bool (*progress)(const struct export_result *so_far, void *data);
	void *data;
};

/* What path seems to ask for: a Maildir or other directory that is there, or an ending;
 * EXPORT_NONE if it does not say. */
enum export_format export_format_of(const char *path);

/* ids: GArray of int64_t, of the index, in the order wanted.  An mbox is written beside
 * path, to path.part, and renamed when it is whole; path "-" is standard output.  One that
 * is there already is not touched: STORE_ERROR_STATE.  A directory is made if it is
 * not there; letters that it has are skipped, so an export that was interrupted is
 * carried on by the next.  Other errors: STORE_ERROR_DISK, STORE_ERROR_CANCELLED. */
bool export_messages(struct store *s, const GArray *ids, const char *path,
	const struct export_options *options, struct export_result *result, GError **error);

#endif
