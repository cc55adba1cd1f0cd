/* SPDX-License-Identifier: MIT
 *
 * SHA-256 of what a descriptor holds. */
#ifndef DEWEY_STORE_DIGEST_H
#define DEWEY_STORE_DIGEST_H

#include "store/store.h"

/* Reads fd from its beginning to its end; hex. */
bool digest_file(int fd, int64_t *size, char sha256[65], GError **error);

#endif
