/* SPDX-License-Identifier: MIT
 *
 * A letter with 8-bit parts for a server without 8BITMIME (RFC 6152 section 3,
 * CHECKLIST S-75), or with lines that no server need take (S-72): each leaf that
 * holds either becomes quoted-printable, what is around it says 7bit.  Done by lines and boundaries
 * alone, without a parser of mail: what cannot be told apart this way is refused. */
#ifndef DEWEY_SMTP_DOWNGRADE_H
#define DEWEY_SMTP_DOWNGRADE_H

#include "base/base.h"

/* The longest line, without its end (RFC 5321 section 4.5.3.1.6). */
#define DOWNGRADE_LINE 998

/* data: a message with LF line ends.  seven: no octet above 127 may stay; else
 * only long lines are changed.  Error: CODE_DATA, for octets above 127 in
 * a header, inside multipart/signed, or in an encoding that is not known. */
GBytes *downgrade(const char *data, size_t len, bool seven, GError **error);

/* The same of a regular file, from its beginning, into a new temporary file that
 * has no name: its descriptor, at its beginning, for the caller to close.  -1:
 * error, also G_FILE_ERROR.  Any size takes the memory of a few pieces. */
int downgrade_file(int fd, bool seven, GError **error);

#endif
