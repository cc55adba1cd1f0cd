/* SPDX-License-Identifier: MIT
 *
 * A file of mail, compressed or not, by lines. */
#ifndef DEWEY_STORE_IMPORT_READER_H
#define DEWEY_STORE_IMPORT_READER_H

#include <sys/types.h>

#include "store/store.h"

struct import_reader;
typedef struct import_reader import_reader;

struct import_reader *import_reader_new(const char *path, GError **error);
/* The same of an open file, not compressed, from its beginning; fd stays the caller's. */
struct import_reader *import_reader_new_fd(int fd);
void import_reader_free(struct import_reader *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(import_reader, import_reader_free)

/* The next line with its LF, or CRLF; of a line longer than the buffer a piece, which
 * does not end between the two.  Valid until the next call.  begins: whether it is the
 * beginning of a line.  False: the end, or an error. */
struct import_line {
	char *text;
	size_t len;
	bool begins;
};
bool import_reader_next(struct import_reader *r, struct import_line *line, GError **error);

/* An empty line, with LF or CRLF. */
bool import_line_is_blank(const struct import_line *line);
/* CRLF at its end becomes LF. */
void import_line_to_lf(struct import_line *line);

/* A letter has line ends of CRLF if all of its header has, up to the empty line or the
 * end of text; a CR of one that has others is the letter's own.  So "dewey export", whose
 * fields end in LF, gives back the octets of any letter. */
bool import_is_crlf(const char *text, size_t len);
/* The same of a file that is one letter, before anything was read of it, by the first
 * 128 KB. */
bool import_reader_is_crlf(struct import_reader *r);

/* Where in the file (unpacked) the next line begins; and what stands elsewhere in
 * it, -1 if that cannot be told. */
int64_t import_reader_offset(const struct import_reader *r);
ssize_t import_reader_peek(struct import_reader *r, int64_t offset, char *text, size_t len);

/* How much was read of how many octets, on the disk. */
void import_reader_progress(const struct import_reader *r, int64_t *done, int64_t *total);

/* After import_reader_kind(), before anything was read: a compressed mbox whose
 * letters have a Content-Length is unpacked into a file without a name in the store,
 * so that import_reader_peek() works. */
bool import_reader_settle(struct import_reader *r, struct store *s, GError **error);

/* What the file seems to be, before anything was read of it. */
enum import_kind { IMPORT_NO_MAIL, IMPORT_MBOX, IMPORT_LETTER };
enum import_kind import_reader_kind(struct import_reader *r, GError **error);

/* "From ivan@example.org Mon Jan  5 10:00:00 2026": a line that begins a letter
 * in an mbox, if the one before it is empty. */
bool import_is_envelope(const char *text, size_t len);

#endif
