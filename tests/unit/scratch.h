/* SPDX-License-Identifier: MIT
 *
 * A directory for one test, and its removal. */
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
