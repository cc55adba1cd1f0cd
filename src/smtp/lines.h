/* SPDX-License-Identifier: MIT
 *
 * The lines of a regular file, from any place, in the memory of one buffer: a line
 * that is longer comes in pieces. */
#ifndef DEWEY_SMTP_LINES_H
#define DEWEY_SMTP_LINES_H

#include "base/base.h"

struct lines {
	int fd;       /* borrowed */
	int64_t size; /* of the file, when it was begun */
	bool failed;  /* a read failed; error is set */

	/* private */
	char *buffer;
	int64_t start; /* where the buffer stands in the file */
	size_t len;
};

struct line {
	int64_t at, next; /* where it begins; what is behind it, with its LF */
	const char *text; /* without the LF; valid until the next call */
	size_t len;
	bool ended; /* the LF is there; else the file ends, or the line goes on */
};

/* Error: G_FILE_ERROR. */
bool lines_init(struct lines *l, int fd, GError **error);
void lines_clear(struct lines *l);

/* The line, or the rest of one, at an offset.  false: the file ends there, or it
 * cannot be read: then failed. */
bool lines_at(struct lines *l, int64_t at, struct line *line, GError **error);

#endif
