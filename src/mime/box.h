/* SPDX-License-Identifier: MIT
 *
 * Parts that are no MIME parts: files in winmail.dat, and uuencoded ones in a text.
 * They stand below the part they are in: those of "2" are "2.1", "2.2" … */
#ifndef DEWEY_MIME_BOX_H
#define DEWEY_MIME_BOX_H

#include "mime/letter.h"

/* Of GMimeObject, in their order; NULL: none.  Both belong to part.  At most
 * BOX_OCTETS are unpacked for a letter, of winmail.dat and a text at a time. */
enum { BOX_OCTETS = 32 * 1024 * 1024, BOX_FILES = 1000 };
const GPtrArray *box_of(struct letter *l, GMimeObject *part);

/* Whether what is in the part is all of it: winmail.dat, not a text. */
bool box_is_opened(GMimeObject *part);

#endif
