/* SPDX-License-Identifier: MIT
 *
 * Letters that are being written: whose they are, what is left of them. */
#include "base/base.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fdio.h"
#include "store/desk.h"
#include "tests/unit/fixture.h"

static struct desk *left(struct fixture *f)
{
	struct desk *d = desk_take_left(f->store, &f->error);
	g_assert_no_error(f->error);
	return d;
}

static struct desk *fresh(struct fixture *f)
{
	struct desk *d = desk_new(f->store, &f->error);
	g_assert_no_error(f->error);
	return d;
}

static void assert_holds(struct desk *d, const char *file, const char *text)
{
	g_autofree char *path = desk_path(d, file);
	g_autofree char *got = fdio_read_file(path, 1000, NULL, NULL);
	g_assert_cmpstr(got, ==, text);
}

static void test_left(struct fixture *f, gconstpointer data)
{
	struct desk *d = fresh(f);
	g_assert_null(left(f));
	g_assert_true(desk_save(d, DESK_LETTER, "one", 3, &f->error));
	g_assert_true(desk_save(d, DESK_LETTER, "two", 3, &f->error));
	/* It is somebody's. */
	g_assert_null(left(f));
	desk_unref(d);
	d = left(f);
	assert_holds(d, DESK_LETTER, "two");
	g_assert_null(left(f));
	desk_remove(d);
	desk_unref(d);
	g_assert_null(left(f));
}

static void test_text_alone(struct fixture *f, gconstpointer data)
{
	g_autoptr(desk) d = fresh(f);
	g_assert_true(desk_save(d, DESK_TEXT, "To: x\n\n", 7, &f->error));
	desk_unref(g_steal_pointer(&d));
	d = left(f);
	assert_holds(d, DESK_TEXT, "To: x\n\n");
}

static int desks(struct fixture *f)
{
	int n = 0;
	g_autofree char *path = g_build_filename(f->dir, ".dewey", "desk", NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	while (dir && g_dir_read_name(dir))
		n++;
	return n;
}

/* Nothing was saved: there is nothing to ask about. */
static void test_empty(struct fixture *f, gconstpointer data)
{
	desk_unref(fresh(f));
	g_assert_cmpint(desks(f), ==, 1);
	g_assert_null(left(f));
	g_assert_cmpint(desks(f), ==, 0);
}

static void test_files(struct fixture *f, gconstpointer data)
{
	g_autoptr(desk) d = fresh(f);
	g_autofree char *one = desk_file(d, "a.txt", &f->error);
	g_autofree char *two = desk_file(d, "a.txt", &f->error);
	g_assert_cmpstr(one, !=, two);
	g_assert_true(g_str_has_suffix(two, "/a.txt"));
	g_assert_true(desk_holds(d, one));
	g_assert_false(desk_holds(d, "/etc/passwd"));
	g_assert_true(g_file_set_contents(one, "x", 1, NULL));
	desk_save(d, DESK_LETTER, "x", 1, &f->error);
	desk_unref(g_steal_pointer(&d));
	d = left(f);
	g_autofree char *three = desk_file(d, "a.txt", &f->error);
	g_assert_cmpstr(three, !=, one);
	desk_remove(d);
	g_assert_cmpint(desks(f), ==, 0);
}

/* What is saved on a thread behind the end of the letter does not bring it back. */
static void test_removed(struct fixture *f, gconstpointer data)
{
	g_autoptr(desk) d = fresh(f);
	desk_save(d, DESK_LETTER, "x", 1, &f->error);
	desk_remove(d);
	g_assert_true(desk_save(d, DESK_LETTER, "x", 1, &f->error));
	g_assert_cmpint(desks(f), ==, 0);
}

/* Another process has it until it is killed, whatever it does meanwhile. */
static void test_killed(struct fixture *f, gconstpointer data)
{
	int ready[2], status;
	char c;
	g_assert_cmpint(pipe(ready), ==, 0);
	pid_t pid = fork();
	if (pid == 0) {
		struct desk *d = desk_new(f->store, NULL);
		if (!d || !desk_save(d, DESK_LETTER, "x", 1, NULL) || write(ready[1], "y", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	g_assert_cmpint((int)read(ready[0], &c, 1), ==, 1);
	g_assert_null(left(f));
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	g_autoptr(desk) d = left(f);
	assert_holds(d, DESK_LETTER, "x");
	close(ready[0]);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/desk/left by one, taken by one", test_left);
	ADD("/desk/a text alone", test_text_alone);
	ADD("/desk/an empty one is cleared away", test_empty);
	ADD("/desk/files of one name", test_files);
	ADD("/desk/removed for good", test_removed);
	ADD("/desk/a killed process", test_killed);
	return g_test_run();
}
