/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "base/fdio.h"
#include "store/fail.h"
#include "store/import-source.h"

struct import_source {
	char *path;
	const char *program; /* NULL: none is needed */
	int fd;              /* the file */
	int out;             /* of the program, or unpacked; -1: none */
	GPid child;
	gzFile gz;
	int64_t total;
	bool plain;
	GError *late; /* of unpacking: told when all that there was has been read */
};

static const struct {
	const char *magic;
	size_t len;
	const char *program;
} packers[] = {
	{"\xfd"
	 "7zXZ\0",
		6, "xz"},
	{"\x28\xb5\x2f\xfd", 4, "zstd"},
	{"BZh", 3, "bzip2"},
};

static int open_regular(const char *path, int64_t *size)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		*size = st.st_size;
		return fd;
	}
	close(fd);
	errno = EINVAL;
	return -1;
}

static bool start_program(struct import_source *s, GError **error)
{
	const char *const argv[] = {s->program, "-dc", NULL};
	g_autoptr(GError) why = NULL;
	if (g_spawn_async_with_pipes_and_fds(NULL, argv, NULL,
		    G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL,
		    NULL, NULL, s->fd, -1, -1, NULL, NULL, 0, &s->child, NULL, &s->out, NULL, &why))
		return true;
	g_set_error(error, STORE_ERROR, STORE_ERROR_DISK, _("cannot unpack '%s': %s; install '%s'"),
		s->path, why->message, s->program);
	return false;
}

static bool open_packed(struct import_source *s, GError **error)
{
	char magic[8] = {0};
	ssize_t n = pread(s->fd, magic, sizeof magic, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(packers); i++)
		if (n >= (ssize_t)packers[i].len &&
			memcmp(magic, packers[i].magic, packers[i].len) == 0)
			s->program = packers[i].program;
	if (s->program)
		return start_program(s, error);
	if (n >= 2 && memcmp(magic, "\x1f\x8b", 2) == 0)
		s->gz = gzdopen(dup(s->fd), "rb");
	s->plain = !s->gz;
	return true;
}

struct import_source *import_source_new(const char *path, GError **error)
{
	g_autoptr(import_source) s = g_new0(struct import_source, 1);
	s->path = g_strdup(path);
	s->out = -1;
	s->fd = open_regular(path, &s->total);
	if (s->fd < 0) {
		store_fail("open", path, error);
		return NULL;
	}
	return open_packed(s, error) ? g_steal_pointer(&s) : NULL;
}

struct import_source *import_source_new_fd(int fd)
{
	struct import_source *s = g_new0(struct import_source, 1);
	s->path = g_strdup("");
	s->out = s->fd = -1;
	s->plain = true;
	if (lseek(fd, 0, SEEK_SET) == 0)
		s->out = dup(fd);
	return s;
}

/* The program's exit status; 0 also if there is none. */
static int end_program(struct import_source *s)
{
	int status = 0;
	if (!s->child)
		return 0;
	while (waitpid(s->child, &status, 0) < 0 && errno == EINTR)
		continue;
	s->child = 0;
	return status;
}

void import_source_free(struct import_source *s)
{
	if (!s)
		return;
	/* Closed first: a program that still writes ends by that. */
	if (s->out >= 0)
		close(s->out);
	end_program(s);
	if (s->gz)
		gzclose(s->gz);
	if (s->fd >= 0)
		close(s->fd);
	g_clear_error(&s->late);
	g_free(s->path);
	g_free(s);
}

static ssize_t cannot_unpack(const struct import_source *s, const char *why, GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_DISK, _("cannot unpack '%s': %s"), s->path,
		why ? why : _("the file is damaged or cut off"));
	return -1;
}

static ssize_t read_gzip(struct import_source *s, void *buffer, size_t len, GError **error)
{
	int code = Z_OK, n = gzread(s->gz, buffer, (unsigned)len);
	const char *why = gzerror(s->gz, &code);
	/* A file that is cut off gives what it has and says so only then. */
	if (n > 0 || (n == 0 && (code == Z_OK || code == Z_STREAM_END)))
		return n;
	return cannot_unpack(s, code == Z_ERRNO ? g_strerror(errno) : why, error);
}

ssize_t import_source_read(struct import_source *s, void *buffer, size_t len, GError **error)
{
	ssize_t n;
	if (s->gz)
		return read_gzip(s, buffer, len, error);
	do
		n = read(s->out >= 0 ? s->out : s->fd, buffer, len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		store_fail("read", s->path, error);
	if (n == 0 && end_program(s) != 0)
		return cannot_unpack(s, NULL, error);
	if (n != 0 || !s->late)
		return n;
	g_propagate_error(error, g_steal_pointer(&s->late));
	return -1;
}

ssize_t import_source_peek(struct import_source *s, int64_t offset, void *buffer, size_t len)
{
	return s->plain ? pread(s->out >= 0 ? s->out : s->fd, buffer, len, offset) : -1;
}

bool import_source_is_plain(const struct import_source *s)
{
	return s->plain;
}

static bool unpack_into(struct import_source *s, int fd, GError **error)
{
	enum { CHUNK = 128 * 1024 };
	g_autofree char *buffer = g_malloc(CHUNK);
	ssize_t n;
	while ((n = import_source_read(s, buffer, CHUNK, &s->late)) > 0)
		if (!store_adopt(fdio_write_all(fd, buffer, (size_t)n, error), error))
			return false;
	s->total = lseek(fd, 0, SEEK_CUR);
	return lseek(fd, 0, SEEK_SET) == 0 || store_fail("read", s->path, error);
}

bool import_source_unpack(struct import_source *s, int fd, GError **error)
{
	if (!unpack_into(s, fd, error)) {
		close(fd);
		return false;
	}
	if (s->gz)
		gzclose(s->gz);
	s->gz = NULL;
	if (s->out >= 0)
		close(s->out);
	s->out = fd;
	s->plain = true;
	return true;
}

void import_source_progress(const struct import_source *s, int64_t *done, int64_t *total)
{
	*done = lseek(s->plain && s->out >= 0 ? s->out : s->fd, 0, SEEK_CUR);
	*total = s->total;
}
