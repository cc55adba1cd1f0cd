/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/sha256.h"
#include "store/digest.h"
#include "store/fail.h"

bool digest_file(int fd, int64_t *size, char sha256[65], GError **error)
{
	g_autoptr(sha256_sum) sum = sha256_new();
	uint8_t digest[SHA256_LENGTH];
	guchar chunk[65536];
	*size = 0;
	for (;;) {
		ssize_t n = pread(fd, chunk, sizeof chunk, *size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return store_fail("read", "", error);
		if (n == 0)
			break;
		sha256_update(sum, chunk, (size_t)n);
		*size += n;
	}
	sha256_finish(sum, digest);
	for (size_t i = 0; i < sizeof digest; i++)
		g_snprintf(sha256 + 2 * i, 3, "%02x", digest[i]);
	return true;
}
