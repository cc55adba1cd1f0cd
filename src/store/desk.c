/* SPDX-License-Identifier: MIT */
#include "store/desk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/path.h"
#include "store/fail.h"
#include "store/maildir.h"
#include "store/store-private.h"

#define DESK_LOCK "lock"
#define DESK_FILES "files"

enum { DEEPEST = 4 };

struct desk {
	gatomicrefcount refs;
	char *path, *parent;
	int lock;
	guint files;
	GMutex mutex; /* a save and the removal may meet */
	bool synced, removed;
};

static struct desk *desk_at(const char *path, int lock)
{
	struct desk *d = g_new0(struct desk, 1);
	g_atomic_ref_count_init(&d->refs);
	g_mutex_init(&d->mutex);
	d->path = g_strdup(path);
	d->parent = g_path_get_dirname(path);
	d->lock = lock;
	return d;
}

struct desk *desk_ref(struct desk *d)
{
	g_atomic_ref_count_inc(&d->refs);
	return d;
}

void desk_unref(struct desk *d)
{
	if (!d || !g_atomic_ref_count_dec(&d->refs))
		return;
	close(d->lock);
	g_mutex_clear(&d->mutex);
	g_free(d->path);
	g_free(d->parent);
	g_free(d);
}

char *desk_path(const struct desk *d, const char *file)
{
	return g_build_filename(d->path, file, NULL);
}

bool desk_holds(const struct desk *d, const char *path)
{
	size_t len = strlen(d->path);
	return strncmp(path, d->path, len) == 0 && path[len] == '/';
}

/* --- whose it is ---------------------------------------------------------------- */

static int open_locked(const char *path, int flags)
{
	g_autofree char *file = g_build_filename(path, DESK_LOCK, NULL);
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd = open(file, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
	if (fd < 0 || fcntl(fd, F_OFD_SETLK, &lock) == 0)
		return fd;
	close(fd);
	return -1;
}

/* It comes to its place with its lock taken: nobody finds it without. */
struct desk *desk_new(const struct store *s, GError **error)
{
	g_autofree char *parent = store_own_path(s, "desk");
	g_autofree char *tmp = store_own_path(s, "tmp");
	g_autofree char *name = maildir_unique_name();
	g_autofree char *made = g_build_filename(tmp, name, NULL);
	g_autofree char *path = g_build_filename(parent, name, NULL);
	if (!store_adopt(
		    path_make_durable(parent, error) && path_make_directories(made, error), error))
		return NULL;
	int lock = open_locked(made, O_CREAT | O_EXCL);
	if (lock >= 0 && rename(made, path) == 0)
		return desk_at(path, lock);
	store_fail("open", path, error);
	if (lock >= 0)
		close(lock);
	return NULL;
}

static bool holds_something(const struct desk *d)
{
	static const char *const files[] = {DESK_LETTER, DESK_TEXT};
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = desk_path(d, files[i]);
		struct stat st;
		if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
			return true;
	}
	return false;
}

struct desk *desk_take_left(const struct store *s, GError **error)
{
	g_autofree char *parent = store_own_path(s, "desk");
	g_autoptr(GDir) dir = g_dir_open(parent, 0, NULL);
	const char *name;
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(parent, name, NULL);
		int lock = open_locked(path, 0);
		if (lock < 0)
			continue;
		struct desk *d = desk_at(path, lock);
		if (holds_something(d))
			return d;
		desk_remove(d);
		desk_unref(d);
	}
	return NULL;
}

/* --- what lies on it ------------------------------------------------------------- */

char *desk_file(struct desk *d, const char *name, GError **error)
{
	g_autofree char *number = g_strdup_printf("%u", ++d->files);
	g_autofree char *dir = g_build_filename(d->path, DESK_FILES, number, NULL);
	g_assert(!strchr(name, '/'));
	if (!store_adopt(path_make_directories(dir, error), error))
		return NULL;
	g_autofree char *path = g_build_filename(dir, name, NULL);
	/* A desk that was taken over has files of its own. */
	return g_file_test(path, G_FILE_TEST_EXISTS) ? desk_file(d, name, error)
						     : g_steal_pointer(&path);
}

bool desk_save(struct desk *d, const char *file, const void *data, size_t len, GError **error)
{
	g_autofree char *path = desk_path(d, file);
	G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&d->mutex);
	if (d->removed)
		return true;
	if (!store_adopt(fdio_replace_file(path, data, len, error), error))
		return false;
	d->synced = d->synced || store_adopt(fdio_sync_directory(d->parent, error), error);
	return d->synced;
}

/* The editor leaves files of its own beside the text. */
static void remove_tree(const char *path, int depth)
{
	g_autoptr(GDir) dir = depth < DEEPEST ? g_dir_open(path, 0, NULL) : NULL;
	const char *name;
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *below = g_build_filename(path, name, NULL);
		struct stat st;
		if (lstat(below, &st) == 0 && S_ISDIR(st.st_mode))
			remove_tree(below, depth + 1);
		else
			unlink(below);
	}
	rmdir(path);
}

/* The letter goes first: what a crash leaves is not offered again. */
void desk_remove(struct desk *d)
{
	static const char *const files[] = {DESK_TEXT, DESK_LETTER};
	G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&d->mutex);
	d->removed = true;
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = desk_path(d, files[i]);
		unlink(path);
	}
	remove_tree(d->path, 0);
}
