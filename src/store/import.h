/* SPDX-License-Identifier: MIT
 *
 * Importing mail that lies elsewhere: mbox of all kinds, Maildir and Maildir++, MH,
 * single letters, and directories of these, such as those of Thunderbird and mutt.
 * Files may be compressed.  The kind is found by looking; only what looks like no mail
 * at all is taken for a letter if it is called .eml. */
#ifndef DEWEY_STORE_IMPORT_H
#define DEWEY_STORE_IMPORT_H

#include "store/store.h"

/* How lines that begin with "From " lie in an mbox. */
enum import_mbox {
	IMPORT_MBOX_AUTO, /* where a Content-Length is right, as MBOXCL2, else MBOXRD */
	IMPORT_MBOXO,     /* ">From ", whatever was ">From " before */
	IMPORT_MBOXRD,    /* one ">" more, however many there were */
	IMPORT_MBOXCL,    /* as MBOXRD, and Content-Length says where the letter ends */
	IMPORT_MBOXCL2,   /* as they are: Content-Length says where the letter ends */
};

struct import_result {
	int64_t messages;
	int64_t skipped;     /* they are here */
	int64_t gone;        /* an import brought them before, and they are not here any more */
	int64_t read;        /* letters so far; some may not be stored yet */
	int64_t mailboxes;   /* files and directories that were read */
	int64_t done, total; /* octets of the one that is being read; total 0: unknown */
	const char *path;    /* of it, while the import runs */
};

/* false: stop. */
typedef bool (*import_progress)(const struct import_result *so_far, void *data);

struct import_options {
	const char *folder; /* NULL: Inbox, and folders below path by their own names */
	bool flat;          /* all of it into folder itself */
	bool again;         /* also what an import brought before and lies nowhere any more */
	enum import_mbox mbox;
	import_progress progress; /* NULL: nobody wants to know */
	void *data;
};

/* Adds what path holds: a mailbox, or a directory of them, where those below path go
 * to folders of their own names below folder.  A letter that the folder has (by its
 * digest) is skipped, as often as it has it, so that one that was interrupted is carried
 * on by the next; and so is what an import brought to that folder before, wherever it
 * was moved since and whether or not it was deleted.  With again it is skipped only if
 * it lies anywhere but in Trash.
 *
 * CRLF is turned to LF where all of a letter's header has it.  Of an mbox the envelope lines are
 * dropped, and the fields that programs note the state of a letter in, where they put them: Status,
 * X-Status, Content-Length and Lines at the end of the header, X-Mozilla-Status at its beginning.
 * These, the names in a Maildir and .mh_sequences become flags.  What Thunderbird has
 * deleted and not compacted, and letters in which mail servers keep their own notes, are
 * left out.
 *
 * Error: STORE_ERROR_DISK, STORE_ERROR_CANCELLED, or STORE_ERROR_MISSING when path
 * holds nothing that is mail.  What was whole before an error is kept, and counted in
 * result; of a directory the other mailboxes are imported all the same. */
bool import_path(struct store *s, const char *path, const struct import_options *options,
	struct import_result *result, GError **error);

#endif
