/* SPDX-License-Identifier: MIT */
#ifndef DEWEY_POP3_HEAD_H
#define DEWEY_POP3_HEAD_H

#include "pop3/session.h"

/* The answer to TOP as a file in memory, at its begin, with at most HEAD_MAX
 * octets; the caller closes it.  -1: an error of the session, or of the file. */
#define HEAD_MAX (1024 * 1024)
int head_read(struct pop3 *p, GError **error);

#endif
