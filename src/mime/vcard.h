/* SPDX-License-Identifier: MIT
 *
 * Cards of persons: vCard 2.1, 3.0 and 4.0 (RFC 2426, RFC 6350). */
#ifndef DEWEY_MIME_VCARD_H
#define DEWEY_MIME_VCARD_H

#include "mime/charset.h"
#include "mime/client.h"

/* More than a photo takes; of what is longer the beginning is read. */
enum { VCARD_OCTETS = 1024 * 1024, VCARD_FACTS = 200, VCARD_VALUE = 1000 };

/* What the cards in a text tell (contact.def), in their order, as struct mime_header;
 * each begins with its name.  Sanitized.  text: UTF-8; c decodes what a card of version
 * 2.1 has in another charset.  Empty: there is no card. */
GPtrArray *vcard_facts(struct charsets *c, const char *text);

/* The same as text, an empty line between two cards, for replies, searches and pipes;
 * g_free() it. */
char *vcard_text(const GPtrArray *facts);

#endif
