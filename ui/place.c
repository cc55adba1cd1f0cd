/* SPDX-License-Identifier: MIT */
#include "ui/place.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fdio.h"

#define PREFIX "dewey-parts-"

struct place {
	char *path;
	int directory, lock; /* the lock tells a sweeper that somebody lives here */
	guint count;
};

/* A directory that nobody else can write to. */
static bool is_ours(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	       (st.st_mode & 077) == 0;
}

static const char *parent(void)
{
	const char *runtime = g_getenv("XDG_RUNTIME_DIR");
	return runtime && *runtime == '/' && is_ours(runtime) ? runtime : g_get_tmp_dir();
}

static bool prepare(struct place *p, GError **error)
{
	if (!g_mkdtemp_full(p->path, 0700))
		return fdio_fail(error, "mkdir", p->path);
	p->directory = open(p->path, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_RDONLY);
	if (p->directory < 0)
		return fdio_fail(error, "open", p->path);
	p->lock = openat(p->directory, "lock", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (p->lock < 0 || flock(p->lock, LOCK_EX | LOCK_NB) != 0)
		return fdio_fail(error, "lock", p->path);
	return true;
}

struct place *place_new(GError **error)
{
	g_autoptr(place) p = g_new0(struct place, 1);
	p->directory = p->lock = -1;
	p->path = g_build_filename(parent(), PREFIX "XXXXXX", NULL);
	return prepare(p, error) ? g_steal_pointer(&p) : NULL;
}

/* No programs of ours make directories in it. */
static void empty(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	int fd = open(path, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_RDONLY);
	const char *name;
	while (dir && fd >= 0 && (name = g_dir_read_name(dir)))
		unlinkat(fd, name, 0);
	if (fd >= 0)
		close(fd);
	rmdir(path);
}

void place_free(struct place *p)
{
	if (!p)
		return;
	if (p->directory >= 0)
		empty(p->path);
	if (p->lock >= 0)
		close(p->lock);
	if (p->directory >= 0)
		close(p->directory);
	g_free(p->path);
	g_free(p);
}

static bool is_plain(const char *ending)
{
	size_t n = strspn(ending + (*ending == '.'), "abcdefghijklmnopqrstuvwxyz0123456789-");
	return *ending == '.' && n > 0 && n < 12 && ending[n + 1] == '\0';
}

int place_file(struct place *p, const char *ending, char **path, GError **error)
{
	g_autofree char *name =
		g_strdup_printf("part-%u%s", ++p->count, is_plain(ending) ? ending : "");
	*path = g_build_filename(p->path, name, NULL);
	int fd = openat(
		p->directory, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		fdio_fail(error, "create", *path);
		g_clear_pointer(path, g_free);
	}
	return fd;
}

static void sweep(const char *path)
{
	g_autofree char *name = g_build_filename(path, "lock", NULL);
	int lock = is_ours(path) ? open(name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC) : -1;
	if (lock < 0)
		return;
	if (flock(lock, LOCK_EX | LOCK_NB) == 0)
		empty(path);
	close(lock);
}

void place_sweep(void)
{
	const char *top = parent(), *name;
	g_autoptr(GDir) dir = g_dir_open(top, 0, NULL);
	while (dir && (name = g_dir_read_name(dir))) {
		if (!g_str_has_prefix(name, PREFIX))
			continue;
		g_autofree char *path = g_build_filename(top, name, NULL);
		sweep(path);
	}
}
