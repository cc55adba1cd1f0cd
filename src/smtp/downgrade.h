/* SPDX-License-Identifier: MIT
 *
 * A letter with 8-bit parts for a server without 8BITMIME (RFC 6152 section 3,
 * CHECKLIST S-75): each leaf that holds such octets becomes quoted-printable,
 * what is around it says 7bit.  Done by lines and boundaries alone, without a
 * parser of mail: what cannot be told apart this way is refused. */
#ifndef DEWEY_SMTP_DOWNGRADE_H
#define DEWEY_SMTP_DOWNGRADE_H

#include "base/base.h"

/* data: a message with LF line ends.  Error: CODE_DATA, for octets above 127 in
 * a header, inside multipart/signed, or in an encoding that is not known. */
GBytes *downgrade(const char *data, size_t len, GError **error);

#endif
