/* SPDX-License-Identifier: MIT
 *
 * What is repeated of a protected header in the text of an encrypted letter, for programs
 * that do not know protected headers (RFC 9788 section 4.5.3, and the drafts before it).
 * Nobody loses text by it who did not write it so: callers know that the letter was
 * decrypted. */
#ifndef DEWEY_MIME_LEGACY_H
#define DEWEY_MIME_LEGACY_H

#include "mime/letter.h"

/* The class of the element of HTML that it stands in. */
#define LEGACY_CLASS "header-protection-legacy-display"

/* Whether this part of the letter says that it begins with it. */
bool legacy_marked(const struct letter *l, GMimeObject *part);
/* Where the text itself begins: behind the first empty line, if what stands before it
 * are fields; else text. */
const char *legacy_skip(const char *text);

/* How many of the first parts of a multipart are nothing else. */
int legacy_parts(const struct letter *l, GMimeMultipart *m);

#endif
