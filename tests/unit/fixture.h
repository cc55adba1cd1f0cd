/* SPDX-License-Identifier: MIT
 *
 * A store of its own for each test, before and behind it. */
#ifndef DEWEY_TESTS_FIXTURE_H
#define DEWEY_TESTS_FIXTURE_H

#include "base/base.h"

#include "store/store.h"
#include "tests/unit/scratch.h"

struct fixture {
	char *dir;
	struct store *store;
	GError *error; /* for the test's calls; it must be NULL at the end */
};

static inline void set_up(struct fixture *f, gconstpointer data)
{
	f->dir = scratch_new();
	f->store = store_open(f->dir, &f->error);
	g_assert_no_error(f->error);
}

static inline void tear_down(struct fixture *f, gconstpointer data)
{
	g_assert_no_error(f->error);
	store_free(f->store);
	scratch_closed(f->dir);
	scratch_remove(f->dir);
	g_free(f->dir);
	g_unsetenv("DEWEY_CLOCK");
}

#define ADD(path, test) g_test_add(path, struct fixture, NULL, set_up, test, tear_down)

#endif
