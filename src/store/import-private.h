/* SPDX-License-Identifier: MIT
 *
 * What the files of the import share. */
#ifndef DEWEY_STORE_IMPORT_PRIVATE_H
#define DEWEY_STORE_IMPORT_PRIVATE_H

#include "store/delivery.h"
#include "store/import-past.h"
#include "store/import-present.h"
#include "store/import-reader.h"
#include "store/import.h"

/* --- what there is: import-tree.c --- */

enum mailbox_kind { MAILBOX_FILE, MAILBOX_MAILDIR, MAILBOX_MH };

/* Something to read, and where it goes.  A file in a directory: to folder if it
 * is a single letter, to own if it is an mbox. */
struct mailbox {
	enum mailbox_kind kind;
	char *path;
	char *folder, *own;
};

/* GPtrArray of struct mailbox, in the order of their names. */
GPtrArray *import_tree(const char *path, const struct import_options *options, GError **error);

/* The name of a file in an MH folder, or not. */
bool import_is_number(const char *name);
/* Paths by name, numbers by number: for g_ptr_array_sort(). */
int import_by_name(gconstpointer a, gconstpointer b);

/* What is noted of the letters of an MH folder: number → flags, where SEEN stands for
 * those that have NOT been seen.  NULL: nothing is. */
GHashTable *import_sequences(const char *path);

/* --- where it goes: import.c --- */

struct importer {
	struct store *store;
	const struct import_options *options;
	char *folder;              /* where letters go now */
	struct delivery *delivery; /* into it */
	struct import_past *past;  /* of it */
	struct import_present *present;
	struct import_result *result;
	int64_t waiting;   /* ended, not committed */
	int64_t unwritten; /* the same, and those that were left out */
	unsigned flags;    /* of the letter */
	bool to_cur;
	bool crlf;    /* the letter is a file with such line ends */
	bool is_mh;   /* in a folder of MH */
	bool foreign; /* the error is that of the mailbox, others may be better */
};

bool import_begin_letter(struct importer *im, unsigned flags, bool to_cur, GError **error);
bool import_end_letter(struct importer *im, GError **error);
/* Tells how far it is; error: STORE_ERROR_CANCELLED. */
bool import_tell(struct importer *im, const struct import_reader *r, GError **error);

/* --- mbox: import-mbox.c --- */

bool import_mbox(struct importer *im, struct import_reader *r, GError **error);

/* --- the header of a letter in an mbox: import-header.c --- */

struct mbox_header {
	unsigned flags;
	bool old;       /* not new any more, whatever its flags */
	bool gone;      /* no letter, or a deleted one */
	int64_t length; /* of Content-Length, the last; -1: none */
};

void import_header_to_lf(GString *header);

/* Reads the marks of a header with LF, without the empty line.  If it ends in both Status
 * and X-Status, and perhaps lengths, then it is these that count, as "dewey export"
 * writes them behind whatever a letter has of its own. */
void import_header_read(const GString *header, struct mbox_header *out);
/* Takes the fields out that are the mailbox's; sized: Content-Length is right. */
void import_header_strip(GString *header, bool sized);

#endif
