/* SPDX-License-Identifier: MIT
 *
 * What dewey-crypt does: the requests of the wire, and the same by hand. */
#ifndef DEWEY_CRYPT_SERVE_H
#define DEWEY_CRYPT_SERVE_H

#include "wire/record.h"

/* Serves requests until input ends; an exit status.  starter: of confine.h. */
int serve_run(int in, int out, int starter);

/* One request (dewey-wire(7)) with its descriptors; NULL: error, CRYPT_ERROR. */
struct record *serve_one(const struct record *request, const int *fds, guint n_fds, int starter,
	GError **error);

#endif
