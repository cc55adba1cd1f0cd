/* SPDX-License-Identifier: MIT
 *
 * A message on its way to the wire, in pieces of any size: every line end
 * becomes CRLF (CHECKLIST S-70), Bcc and Resent-Bcc are left out (S-62), leading
 * dots are doubled (S-71).  The order matters: a lone CR may begin a Bcc.
 *
 * A letter of any size takes the memory of a few pieces. */
#ifndef DEWEY_SMTP_CONTENT_H
#define DEWEY_SMTP_CONTENT_H

#include "base/base.h"

/* Octets of a file that are looked at in one go. */
#define CONTENT_PIECE (64 * 1024)

struct content_filter {
	GString *out; /* borrowed; the caller empties it; NULL: only count */
	bool plain;   /* dots stay as they are: BDAT counts its octets (RFC 3030) */

	/* What has gone by, after the filter: */
	int64_t octets; /* CRLF counted as two, doubled dots as one (RFC 1870) */
	size_t longest; /* octets of the longest line, without its end */
	bool high;      /* there are octets above 127 … */
	bool head_high; /* … in the header */
	bool nul;       /* there are NULs: this must not be sent */

	/* private */
	bool after_cr, in_body, in_name, skip;
	size_t column;
	char name[64]; /* blanks may stand before the colon */
	size_t name_len;
};

void content_init(struct content_filter *f, GString *out);
void content_feed(struct content_filter *f, const char *data, size_t len);
/* Ends the last line if it has no end.  The final dot is the protocol's. */
void content_end(struct content_filter *f);

/* Runs all of data through a filter and keeps only what it counted. */
void content_measure(struct content_filter *f, const char *data, size_t len);

/* The same of a regular file, from its beginning; its offset stays.  Error:
 * G_FILE_ERROR, as for content_read(). */
bool content_measure_file(struct content_filter *f, int fd, GError **error);

/* A regular file on its way to the wire, from its beginning. */
struct content_reader {
	struct content_filter filter; /* plain may be set before the first piece */
	bool over;                    /* what was read last was the last piece */

	/* private */
	int fd;
	int64_t at, size; /* size: when it was begun; -1: not yet */
	char *buffer;
};
void content_reader_init(struct content_reader *r, int fd); /* borrowed */
void content_reader_clear(struct content_reader *r);

/* The next piece, what CONTENT_PIECE octets of the file become, valid until the
 * next call; it is empty only for a letter without content, with over.  Error:
 * G_FILE_ERROR; also when the file has become shorter, for its beginning alone
 * must not be taken for the letter. */
const GString *content_read(struct content_reader *r, GError **error);

#endif
