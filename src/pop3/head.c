/* SPDX-License-Identifier: MIT */
#include "pop3/head.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/fdio.h"

struct head {
	int fd;
	size_t room;
	GError *error;
};

/* Octets beyond the limit are read and forgotten: the session goes on. */
static bool take(const void *data, size_t len, void *user)
{
	struct head *h = user;
	size_t n = MIN(len, h->room);
	h->room -= n;
	return fdio_write_all(h->fd, data, n, &h->error);
}

static bool read_into(struct pop3 *p, int fd, GError **error)
{
	struct head h = {.fd = fd, .room = HEAD_MAX};
	bool ok = pop3_read_body(p, take, &h, error);
	if (h.error)
		g_propagate_error(error, h.error);
	return ok;
}

int head_read(struct pop3 *p, GError **error)
{
	int fd = memfd_create("top", MFD_CLOEXEC);
	if (fd < 0) {
		fdio_fail(error, "memfd_create", "top");
		return -1;
	}
	if (read_into(p, fd, error) && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	close(fd);
	return -1;
}
