/* SPDX-License-Identifier: MIT
 *
 * Links of letters (CHECKLIST M-61). */
#ifndef DEWEY_MIME_LINK_H
#define DEWEY_MIME_LINK_H

#include "base/base.h"

/* The address of a link that may be opened (http, https, mailto), white space
 * and controls taken out; NULL for any other; g_free() it. */
char *link_clean(const char *href);

/* Whether text names a host, or a mailbox, that is not the link's. */
bool link_is_suspicious(const char *text, const char *url);

#endif
