/* SPDX-License-Identifier: MIT
 *
 * A message as text on lines: what "dewey show" and the demo print. */
#ifndef DEWEY_UI_SHOW_H
#define DEWEY_UI_SHOW_H

#include "mime/client.h"

/* Header block, text wrapped to width columns, attachments and links.  UTF-8,
 * clean; g_free() it. */
char *show_message(const struct mime_message *m, int width);

/* "Name <address>, Name <address>" of struct mime_address; g_free() it. */
char *show_addresses(const GPtrArray *addresses);

#endif
