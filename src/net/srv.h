/* SPDX-License-Identifier: MIT
 *
 * Which host is in charge of a service of a domain: SRV records of DNS (RFC 2782). */
#ifndef DEWEY_NET_SRV_H
#define DEWEY_NET_SRV_H

#include "base/base.h"

struct srv {
	char *host; /* without the last dot; sanitized, may be a lie: DNS is not signed */
	uint16_t port;
};
void srv_free(struct srv *s);

/* The first choice for service ("submissions") of domain (ASCII or not), by TCP, to be
 * freed.  NULL without an error: there is none, or the domain says that it has no such
 * service.  Error: NET_ERROR_RESOLVE. */
struct srv *srv_find(const char *service, const char *domain, GError **error);

#endif
