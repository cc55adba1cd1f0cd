/* SPDX-License-Identifier: MIT */
#include "base/secret.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Never unlocked: locks of pages do not nest, and another secret may lie on the
 * same page.  An error is no matter: a limit is a limit. */
void secret_lock(const void *data, size_t len)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t start = (uintptr_t)data / page * page;
	if (len > 0)
		(void)!mlock((const void *)start, (uintptr_t)data + len - start);
}

void secret_free(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	g_free(secret);
}
