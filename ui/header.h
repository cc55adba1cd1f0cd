/* SPDX-License-Identifier: MIT
 *
 * The block above a letter. */
#ifndef DEWEY_UI_HEADER_H
#define DEWEY_UI_HEADER_H

#include "mime/client.h"
#include "ui/letter-page.h"

/* "Ivan <ivan@example.org>": the address is always there, a name that poses as
 * another address is not (CHECKLIST M-43).  g_free() it. */
char *header_address(const struct mime_address *a);
/* The same for a list, joined with ", ". */
char *header_addresses(const GPtrArray *addresses);

/* The fields, what is attached, what is wrong with it. */
void header_layout(GPtrArray *lines, const struct letter_page *p, int width);

/* What its HTML hides, would have fetched, and says otherwise than its plain text. */
void header_html_notes(GPtrArray *lines, const struct mime_message *mime, int width);

#endif
