/* SPDX-License-Identifier: MIT
 *
 * SHA-256 (FIPS 180-4) of what streams by: with the processor's instructions for
 * it where it has them, which is eight times as fast as GChecksum and the same
 * as OpenSSL, else by GChecksum. */
#ifndef DEWEY_BASE_SHA256_H
#define DEWEY_BASE_SHA256_H

#include "base/base.h"

enum { SHA256_LENGTH = 32 };

struct sha256_sum;
typedef struct sha256_sum sha256_sum;

struct sha256_sum *sha256_new(void);
void sha256_free(struct sha256_sum *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sha256_sum, sha256_free)

/* Begins anew. */
void sha256_reset(struct sha256_sum *s);
void sha256_update(struct sha256_sum *s, const void *data, size_t len);
/* Once; then only reset or free. */
void sha256_finish(struct sha256_sum *s, uint8_t digest[SHA256_LENGTH]);

#endif
