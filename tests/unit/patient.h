/* SPDX-License-Identifier: MIT
 *
 * A worker with time, and letters out of memory for it. */
#ifndef DEWEY_TESTS_PATIENT_H
#define DEWEY_TESTS_PATIENT_H

#include "base/base.h"

#include <sys/mman.h>
#include <unistd.h>

#include "mime/client.h"

/* A letter that has no file; close() it. */
static inline int memory(const char *data, size_t len)
{
	int fd = memfd_create("letter", MFD_CLOEXEC);
	for (size_t done = 0; done < len;) {
		ssize_t n = write(fd, data + done, len - done);
		g_assert_cmpint(n, >, 0);
		done += (size_t)n;
	}
	return fd;
}

/* A sanitizer on a busy machine is slow, which proves nothing. */
static inline struct mime_client *patient_client(void)
{
	struct mime_client *c = mime_client_new();
	mime_client_set_deadline(c, 120000);
	return c;
}

#endif
