/* SPDX-License-Identifier: MIT
 *
 * The block above a letter. */
#ifndef DEWEY_UI_HEADER_H
#define DEWEY_UI_HEADER_H

#include "mime/client.h"
#include "store/index.h"
#include "ui/layout.h"
#include "ui/part-save.h"

/* "Ivan <ivan@example.org>": the address is always there, a name that poses as
 * another address is not (CHECKLIST M-43).  g_free() it. */
char *header_address(const struct mime_address *a);
/* The same for a list, joined with ", ". */
char *header_addresses(const GPtrArray *addresses);

/* mime NULL: what the index knows; else row may be NULL.  full: every field as it stands. */
void header_layout(GPtrArray *lines, const struct message_row *row,
	const struct mime_message *mime, bool full, int width);

/* What its HTML hides, would have fetched, and says otherwise than its plain text. */
void header_html_notes(GPtrArray *lines, const struct mime_message *mime, int width);

#endif
