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

/* fd: a regular file with a message, LF line ends, read from its beginning; its
 * offset stays.  seven: no octet above 127 may stay; else only long lines are
 * changed.  The result is the descriptor of a new temporary file that has no
 * name, for the caller to close.  Any size takes the memory of a few pieces.
 * -1: error: CODE_DATA, for octets above 127 in a header, inside multipart/signed,
 * or in an encoding that is not known; G_FILE_ERROR. */
int downgrade_file(int fd, bool seven, GError **error);

#endif
