/* SPDX-License-Identifier: MIT
 *
 * A directory for one test, that nothing in it stays open, and its removal. */
#ifndef DEWEY_TESTS_SCRATCH_H
#define DEWEY_TESTS_SCRATCH_H

#include "base/base.h"

/* A new empty directory, absolute; g_free() it. */
static inline char *scratch_new(void)
{
	g_autoptr(GError) error = NULL;
	char *dir = g_dir_make_tmp("dewey-test-XXXXXX", &error);
	g_assert_no_error(error);
	return dir;
}

/* No file in the directory is open: all statements were finalized, or the database
 * would not have closed, and all descriptors closed. */
static inline void scratch_closed(const char *dir)
{
	g_autofree char *inside = g_strconcat(dir, "/", NULL);
	g_autoptr(GDir) all = g_dir_open("/proc/self/fd", 0, NULL);
	for (const char *fd = all ? g_dir_read_name(all) : NULL; fd; fd = g_dir_read_name(all)) {
		g_autofree char *link = g_build_filename("/proc/self/fd", fd, NULL);
		g_autofree char *file = g_file_read_link(link, NULL);
		if (file && g_str_has_prefix(file, inside))
			g_error("still open: %s", file);
	}
}

/* Removes the directory and what is in it. */
static inline void scratch_remove(const char *dir)
{
	const char *const argv[] = {"rm", "-rf", dir, NULL};
	g_autoptr(GError) error = NULL;
	g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
		&error);
	g_assert_no_error(error);
}

#endif
