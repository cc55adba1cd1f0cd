/* SPDX-License-Identifier: MIT
 *
 * Links of letters (CHECKLIST M-61). */
#ifndef DEWEY_MIME_LINK_H
#define DEWEY_MIME_LINK_H

#include "base/base.h"

/* The address of a link that may be opened (http, https, mailto), white space
 * and controls taken out; NULL for any other, and for one with %00 in it (M-61); g_free() it. */
char *link_clean(const char *href);

/* The host of a link, in A-labels and lower case, without user and port; for a mailbox,
 * what is behind the '@'; "" if there is none.  g_free() it. */
char *link_host(const char *url);

/* Whether text names a host, or a mailbox, that is not the link's, or that host is made
 * to be taken for another one. */
bool link_is_suspicious(const char *text, const char *url);

#endif
