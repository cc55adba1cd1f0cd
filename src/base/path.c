/* SPDX-License-Identifier: MIT */
#include "base/path.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fdio.h"

char *path_expand(const char *path)
{
	const char *home = g_getenv("HOME");
	if (path[0] != '~' || (path[1] != '/' && path[1] != '\0'))
		return g_strdup(path);
	return g_strconcat(home ? home : g_get_home_dir(), path + 1, NULL);
}

bool path_make_directories(const char *path, GError **error)
{
	if (g_mkdir_with_parents(path, 0700) != 0)
		return fdio_fail(error, "mkdir", path);
	if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
		errno = ENOTDIR;
		return fdio_fail(error, "mkdir", path);
	}
	return true;
}

bool path_make_durable(const char *path, GError **error)
{
	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		return true;
	g_autofree char *parent = g_path_get_dirname(path);
	if (strcmp(parent, path) != 0 && !path_make_durable(parent, error))
		return false;
	/* What cannot be read, above the store, is not ours. */
	return path_make_directories(path, error) &&
	       (access(parent, R_OK) != 0 || fdio_sync_directory(parent, error));
}

char *path_program(const char *name)
{
	const char *dir = g_getenv("DEWEY_BIN");
	if (dir)
		return g_build_filename(dir, name, NULL);
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	if (self) {
		g_autofree char *own = g_path_get_dirname(self);
		g_autofree char *beside = g_build_filename(own, name, NULL);
		if (g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE))
			return g_steal_pointer(&beside);
	}
	return g_build_filename(BINDIR, name, NULL);
}
