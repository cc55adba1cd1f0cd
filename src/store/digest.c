/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "store/digest.h"
#include "store/fail.h"

bool digest_file(int fd, int64_t *size, char sha256[65], GError **error)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
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
		g_checksum_update(sum, chunk, n);
		*size += n;
	}
	g_strlcpy(sha256, g_checksum_get_string(sum), 65);
	return true;
}
