/* SPDX-License-Identifier: MIT
 *
 * Calendar objects in letters (RFC 5545, 5546): what a card tells of each event.
 * libical parses them; nothing is expanded, and no zone file is read. */
#ifndef DEWEY_MIME_ITIP_H
#define DEWEY_MIME_ITIP_H

#include "mime/client.h"

enum { ITIP_OCTETS = 1024 * 1024, ITIP_CARDS = 10, ITIP_ATTENDEES = 500, ITIP_VALUE = 4000, ITIP_LINES = 200 };

/* The events of an object, UTF-8: GPtrArray of GPtrArray of struct mime_header, whose
 * names are those of dewey-wire(7), INVITATION.  Empty: there is none, it is broken or
 * made to harm, or dewey was built without libical. */
GPtrArray *itip_cards(const char *text, size_t len);

/* The value of that name, NULL: none. */
const char *itip_fact(const GPtrArray *card, const char *name);

/* The card as text, for replies, searches and pipes; g_free() it. */
char *itip_text(const GPtrArray *card);

#endif
