/* SPDX-License-Identifier: MIT
 *
 * The plain text and the page of one letter (multipart/alternative): whether they say
 * the same (CHECKLIST M-62). */
#ifndef DEWEY_MIME_ALTERNATIVE_H
#define DEWEY_MIME_ALTERNATIVE_H

#include "base/base.h"

/* Characters that are no white space. */
size_t alternative_letters(const char *text);

/* Whether plain only tells those who cannot read pages that there is one. */
bool alternative_is_stub(const char *plain, const char *page);

/* Whether most of what one says is not in the other. */
bool alternative_differs(const char *a, const char *b);

#endif
