/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/fail.h"
#include "store/store-private.h"

struct store_lock {
	int fd;
};

/* The file stays: removing it would let two processes hold "the" lock, one on
 * the name that is gone.  What it says is only to be shown; the lock itself is
 * the kernel's, and ends with its holder. */
static void write_pid(int fd)
{
	char text[32];
	int n = snprintf(text, sizeof text, "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)n, 0) != n)
		(void)!ftruncate(fd, 0);
}

static void busy(int fd, GError **error)
{
	char text[32] = "";
	ssize_t n = pread(fd, text, sizeof text - 1, 0);
	long pid = n > 0 ? strtol(text, NULL, 10) : 0;
	g_set_error(error, STORE_ERROR, STORE_ERROR_BUSY,
		_("process %ld of dewey is at this account already; try again when it has "
		  "ended"),
		pid);
}

static bool take(int fd, const char *path, GError **error)
{
	/* An OFD lock: unlike the older kind it is not lost when some library
	 * opens and closes the same file. */
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	if (fcntl(fd, F_OFD_SETLK, &lock) == 0) {
		write_pid(fd);
		return true;
	}
	if (errno == EAGAIN || errno == EACCES)
		busy(fd, error);
	else
		store_fail("lock", path, error);
	return false;
}

struct store_lock *store_lock_take(const struct store *s, const char *name, GError **error)
{
	/* An account's name may hold a slash; "%" keeps two names apart. */
	g_autofree char *file = g_uri_escape_string(name, "@:+,=", TRUE);
	g_autofree char *below = g_strconcat("lock/", file, NULL);
	g_autofree char *path = store_own_path(s, below);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		store_fail("open", path, error);
		return NULL;
	}
	if (!take(fd, path, error)) {
		close(fd);
		return NULL;
	}
	struct store_lock *lock = g_new0(struct store_lock, 1);
	lock->fd = fd;
	return lock;
}

void store_lock_free(struct store_lock *lock)
{
	if (!lock)
		return;
	close(lock->fd);
	g_free(lock);
}
