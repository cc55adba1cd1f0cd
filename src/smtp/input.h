/* SPDX-License-Identifier: MIT
 *
 * What a program writes into a sendmail, as it comes: in pieces, so that a
 * letter of any size needs the memory of one (CHECKLIST 2.8). */
#ifndef DEWEY_SMTP_INPUT_H
#define DEWEY_SMTP_INPUT_H

#include "base/base.h"

struct input {
	GString *text; /* what came and was not taken yet, LF line ends */
	gsize taken;   /* of it */
	bool ended;    /* nothing more will come */

	/* private */
	int fd, stop_fd;
	bool dot, start;
	char held[2]; /* octets whose meaning the next one decides */
	guint held_len;
};

/* Reads fd, which stays the caller's, to its end or, if dot, to a line of a
 * single dot, without waiting for more behind it.  CRLF becomes LF; a CR alone stays.
 * stop_fd: readable when it is to be given up; -1: never. */
void input_init(struct input *in, int fd, bool dot, int stop_fd);
void input_clear(struct input *in);

/* Waits for more text; true also when it has ended.  Error: CODE_DATA (a NUL
 * octet), CODE_CANCELLED, CODE_INPUT. */
bool input_more(struct input *in, GError **error);

/* The next line with its end, which the last one may lack; "" at the end; taken
 * with input_take(), and valid until input_more().  A line of more than limit
 * octets comes in part. */
bool input_line(struct input *in, gsize limit, GString *line, GError **error);
void input_take(struct input *in, gsize len);

/* All that is left, from fd to fd.  Error: of input_more(), and of write(). */
bool input_copy(struct input *in, int to, GError **error);

#endif
