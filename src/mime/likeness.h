/* SPDX-License-Identifier: MIT */
#ifndef DEWEY_MIME_LIKENESS_H
#define DEWEY_MIME_LIKENESS_H

#include "mime/source.h"

/* Only letters of one Message-ID are compared: these octets of SHA-256 are enough,
 * and two fewer than a whole number for each row of the index. */
enum { LIKENESS_OCTETS = 6 };

/* A number of the body, which begins at this offset; 0: it could not be read. */
int64_t likeness_of(struct source *s, int64_t body);

#endif
