/* SPDX-License-Identifier: MIT */
#ifndef DEWEY_UI_LINK_OPEN_H
#define DEWEY_UI_LINK_OPEN_H

#include "base/base.h"

/* The host that an address really leads to, in A-labels, for people to look at before they
 * agree; "": there is none.  g_free() it. */
char *link_open_host(const char *url);

#endif
