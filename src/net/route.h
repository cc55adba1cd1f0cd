/* SPDX-License-Identifier: MIT
 *
 * Whether this computer has a network at all. */
#ifndef DEWEY_NET_ROUTE_H
#define DEWEY_NET_ROUTE_H

#include "base/base.h"

/* Whether the system knows a way to host: to that address, or for a name to any
 * host out there; always to this computer itself.  Nothing is sent. */
bool route_exists(const char *host);

#endif
