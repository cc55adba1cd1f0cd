/* SPDX-License-Identifier: MIT */
#include "base/fdio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

bool fdio_fail(GError **error, const char *operation, const char *name)
{
	int saved = errno;
	int code = (int)g_file_error_from_errno(saved);
	if (*name == '\0')
		g_set_error(error, G_FILE_ERROR, code, "%s: %s", operation, g_strerror(saved));
	else
		/* TRANSLATORS: a system call, the file it was about, and the reason */
		g_set_error(error, G_FILE_ERROR, code, _("%s '%s': %s"), operation, name,
			g_strerror(saved));
	errno = saved;
	return false;
}

void fdio_have_standard(void)
{
	int fd;
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int fdio_temporary(GError **error)
{
	const char *wanted = g_getenv("TMPDIR");
	g_autofree char *name =
		g_build_filename(wanted ? wanted : "/var/tmp", "dewey-XXXXXX", NULL);
	int fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	else
		fdio_fail(error, "mkostemp", name);
	return fd;
}

bool fdio_write_all(int fd, const void *data, size_t len, GError **error)
{
	const char *at = data;
	while (len > 0) {
		ssize_t n = write(fd, at, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fdio_fail(error, "write", "");
		at += n;
		len -= (size_t)n;
	}
	return true;
}

enum { CHUNK = 65536 };

static bool read_into(int fd, GByteArray *into, size_t limit, const char *path, GError **error)
{
	for (;;) {
		guint had = into->len;
		g_byte_array_set_size(into, had + CHUNK);
		ssize_t n = read(fd, into->data + had, CHUNK);
		g_byte_array_set_size(into, had + (guint)MAX(n, 0));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fdio_fail(error, "read", path);
		if (n == 0)
			return true;
		if (into->len > limit) {
			errno = EFBIG;
			return fdio_fail(error, "read", path);
		}
	}
}

char *fdio_read_file(const char *path, size_t limit, size_t *len, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		fdio_fail(error, "open", path);
		return NULL;
	}
	/* Room for a small file and the last look at it: growing would leave copies
	 * of what may be a password behind. */
	g_autoptr(GByteArray) all = g_byte_array_sized_new(2 * CHUNK + 1);
	bool ok = read_into(fd, all, limit, path, error);
	close(fd);
	if (!ok)
		return NULL;
	if (len)
		*len = all->len;
	g_byte_array_append(all, (const guint8 *)"", 1);
	return (char *)g_byte_array_free(g_steal_pointer(&all), FALSE);
}

bool fdio_sync(int fd, const char *name, GError **error)
{
	return fsync(fd) == 0 || fdio_fail(error, "fsync", name);
}

bool fdio_sync_directory(const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fdio_fail(error, "open", path);
	bool ok = fdio_sync(fd, path, error);
	close(fd);
	return ok;
}

bool fdio_replace_file(const char *path, const void *data, size_t len, GError **error)
{
	g_autofree char *temp = g_strconcat(path, ".XXXXXX", NULL);
	g_autofree char *dir = g_path_get_dirname(path);
	int fd = g_mkstemp_full(temp, O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0)
		return fdio_fail(error, "open", temp);
	bool ok = fdio_write_all(fd, data, len, error) && fdio_sync(fd, temp, error);
	if (close(fd) != 0 && ok)
		ok = fdio_fail(error, "close", temp);
	if (ok && rename(temp, path) != 0)
		ok = fdio_fail(error, "rename", path);
	if (!ok) {
		unlink(temp);
		return false;
	}
	return fdio_sync_directory(dir, error);
}

enum { ROOM_MAX = 256 };

static void raise_limit(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= ROOM_MAX)
		return;
	limit.rlim_cur = MIN(limit.rlim_max, ROOM_MAX);
	setrlimit(RLIMIT_NOFILE, &limit);
}

bool fdio_have_room(guint n, GError **error)
{
	int fds[ROOM_MAX];
	guint got = 0;
	g_assert(n <= ROOM_MAX);
	raise_limit();
	while (got < n && (fds[got] = open("/", O_PATH | O_CLOEXEC)) >= 0)
		got++;
	int why = errno;
	for (guint i = 0; i < got; i++)
		close(fds[i]);
	if (got == n)
		return true;
	g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(why),
		_("only %u of the %u files that are needed can be open: %s; raise the limit, "
		  "'ulimit -n'"),
		got, n, g_strerror(why));
	return false;
}

bool fdio_is_shortage(int number)
{
	return number == EMFILE || number == ENFILE || number == ENOMEM || number == ENOBUFS;
}

bool fdio_error_is_shortage(const GError *error)
{
	return error->domain == G_FILE_ERROR &&
	       (error->code == G_FILE_ERROR_MFILE || error->code == G_FILE_ERROR_NFILE ||
		       error->code == G_FILE_ERROR_NOMEM);
}
