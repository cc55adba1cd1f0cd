/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/report.h"
#include "store/maildir.h"
#include "store/store.h"
#include "tests/unit/scratch.h"

static char *in(const char *dir, const char *below)
{
	return g_build_filename(dir, below, NULL);
}

static void put(const char *dir, const char *below, const char *text)
{
	g_autofree char *path = in(dir, below);
	g_autoptr(GError) error = NULL;
	g_file_set_contents(path, text, -1, &error);
	g_assert_no_error(error);
}

static bool there(const char *dir, const char *below)
{
	g_autofree char *path = in(dir, below);
	return g_file_test(path, G_FILE_TEST_EXISTS);
}

static char *make_folder(const char *dir, const char *name)
{
	g_autoptr(GError) error = NULL;
	char *path = in(dir, name);
	g_assert_true(maildir_create(path, &error));
	g_assert_no_error(error);
	return path;
}

/* Names that several processes make at the same time differ, and sort. */
static void test_names(void)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GRegex) form =
		g_regex_new("^\\d+\\.M\\d{6}P\\d+Q\\d+_[0-9a-f]{16}\\.[^/:]+$", 0, 0, NULL);
	for (int i = 0; i < 10000; i++) {
		char *name = maildir_unique_name();
		g_assert_true(g_regex_match(form, name, 0, NULL));
		g_assert_true(g_hash_table_add(seen, name));
	}
	/* The random part alone: containers share clock, pid and sequence. */
	g_autoptr(GHashTable) random = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GHashTableIter iter;
	gpointer name;
	g_hash_table_iter_init(&iter, seen);
	while (g_hash_table_iter_next(&iter, &name, NULL))
		g_assert_true(g_hash_table_add(random, g_strndup(strchr(name, '_') + 1, 16)));
}

static const struct {
	const char *file;
	unsigned set, clear;
	const char *expected;
} name_rows[] = {
	{"a", 0, 0, "a:2,"},
	{"a:2,", FLAG_SEEN, 0, "a:2,S"},
	{"a:2,S", FLAG_FLAGGED, 0, "a:2,FS"},
	{"a:2,FS", 0, FLAG_SEEN, "a:2,F"},
	{"a:2,SF", 0, 0, "a:2,FS"},
	{"a:2,SSF", 0, 0, "a:2,FS"},
	{"a:2,Sab", FLAG_REPLIED, 0, "a:2,RSab"},
	{"a:2,baSb", 0, FLAG_ALL, "a:2,ab"},
	{"a:1,xyz", FLAG_SEEN, 0, "a:1,xyz"},
	{"a:3,S", FLAG_SEEN, 0, "a:3,S"},
	{"a", FLAG_ALL, 0, "a:2,DFPRST"},
	{"a,S=12:2,", FLAG_TRASHED, 0, "a,S=12:2,T"},
};

static void test_file_names(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(name_rows); i++) {
		g_autofree char *name =
			maildir_file_name(name_rows[i].file, name_rows[i].set, name_rows[i].clear);
		g_test_message(
			"row '%s' %x %x", name_rows[i].file, name_rows[i].set, name_rows[i].clear);
		g_assert_cmpstr(name, ==, name_rows[i].expected);
	}
	g_assert_cmpuint(maildir_flags("a:2,FS"), ==, FLAG_FLAGGED | FLAG_SEEN);
	g_assert_cmpuint(maildir_flags("a:1,FS"), ==, 0);
	g_assert_cmpuint(maildir_base_length("abc:2,S"), ==, 3);
}

static const struct {
	const char *file; /* NULL: not there */
	bool in_new;
} find_rows[] = {
	{"new/B.x", true},
	{"cur/B.x", false},
	{"cur/B.x:2,", false},
	{"cur/B.x:2,DFPRST", false},
	{"cur/B.x:2,Sabc", false},
	{"cur/B.x:1,odd", false},
	{"new/B.x:2,S", true},
	{NULL, false},
};

static void test_find(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(find_rows); i++) {
		g_autofree char *dir = scratch_new();
		g_autofree char *box = make_folder(dir, "box");
		g_autoptr(GError) error = NULL;
		struct maildir_place place = {0};
		const char *file = find_rows[i].file;
		put(box, "cur/B.xy:2,S", "another whose name begins alike");
		if (file)
			put(box, file, "text");
		g_test_message("row '%s'", file ? file : "none");
		g_assert_cmpint(maildir_find(box, "B.x", &place, &error), ==, file != NULL);
		g_assert_no_error(error);
		if (file)
			g_assert_cmpstr(place.file, ==, file + 4);
		g_assert_cmpint(place.in_new, ==, find_rows[i].in_new);
		maildir_place_clear(&place);
		scratch_remove(dir);
	}
}

/* What another program renamed is found by its base name; what is no regular
 * file is not opened. */
static void test_open(void)
{
	g_autofree char *dir = scratch_new();
	g_autofree char *box = make_folder(dir, "box");
	g_autofree char *fifo = in(box, "new/F"), *link = in(box, "new/L");
	g_autoptr(GError) error = NULL;
	struct maildir_place hint = {true, (char *)"A"}, place = {0};
	put(box, "cur/A:2,RS", "text");
	int fd = maildir_open(box, "A", &hint, &place, &error);
	g_assert_no_error(error);
	g_assert_cmpint(fd, >=, 0);
	close(fd);
	g_assert_cmpstr(place.file, ==, "A:2,RS");
	g_assert_false(place.in_new);
	maildir_place_clear(&place);

	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	g_assert_cmpint(symlink("/etc/passwd", link), ==, 0);
	static const char *const odd[] = {"F", "L"};
	for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
		struct maildir_place at = {true, (char *)odd[i]};
		g_assert_cmpint(maildir_open(box, odd[i], &at, NULL, &error), <, 0);
		g_assert_error(error, STORE_ERROR, STORE_ERROR_DISK);
		g_clear_error(&error);
	}
	g_assert_cmpint(maildir_open(box, "gone", &hint, NULL, NULL), <, 0);
	g_assert_cmpint(maildir_open(box, "gone", NULL, NULL, &error), <, 0);
	g_assert_error(error, STORE_ERROR, STORE_ERROR_MISSING);
	scratch_remove(dir);
}

static void test_flags(void)
{
	g_autofree char *dir = scratch_new();
	g_autofree char *box = make_folder(dir, "box");
	g_autoptr(GError) error = NULL;
	struct maildir_place place = {true, g_strdup("A")};
	put(box, "new/A", "text");
	g_assert_true(maildir_set_flags(box, "A", FLAG_SEEN, 0, &place, &error));
	g_assert_cmpstr(place.file, ==, "A:2,S");
	g_assert_true(there(box, "cur/A:2,S"));
	/* another program sets a flag behind our back: both stay */
	g_autofree char *before = in(box, "cur/A:2,S"), *after = in(box, "cur/A:2,FSq");
	g_assert_cmpint(g_rename(before, after), ==, 0);
	g_assert_true(maildir_set_flags(box, "A", FLAG_REPLIED, 0, &place, &error));
	g_assert_cmpstr(place.file, ==, "A:2,FRSq");
	g_assert_true(maildir_set_flags(box, "A", FLAG_REPLIED, 0, &place, &error));
	g_assert_true(there(box, "cur/A:2,FRSq"));
	/* and removes it: not an excuse to make it again */
	g_autofree char *last = in(box, "cur/A:2,FRSq");
	g_assert_cmpint(g_remove(last), ==, 0);
	g_assert_false(maildir_set_flags(box, "A", FLAG_DRAFT, 0, &place, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_MISSING);
	maildir_place_clear(&place);
	scratch_remove(dir);
}

static void test_move(void)
{
	g_autofree char *dir = scratch_new();
	g_autofree char *a = make_folder(dir, "a"), *b = make_folder(dir, "b");
	g_autoptr(GError) error = NULL;
	struct maildir_place place = {0};
	put(a, "new/M", "one");
	g_assert_true(maildir_move(a, b, "M", FLAG_SEEN, 0, &place, &error));
	g_assert_cmpstr(place.file, ==, "M:2,S");
	g_assert_true(there(b, "cur/M:2,S"));
	g_assert_false(there(a, "new/M"));
	maildir_place_clear(&place);
	/* the same base name in both: neither is lost */
	put(a, "new/M", "two");
	g_assert_true(maildir_move(a, b, "M", FLAG_SEEN, 0, &place, &error));
	g_assert_cmpstr(place.file, !=, "M:2,S");
	g_autofree char *old = in(b, "cur/M:2,S"), *text = NULL;
	g_assert_true(g_file_get_contents(old, &text, NULL, &error));
	g_assert_cmpstr(text, ==, "one");
	maildir_place_clear(&place);
	g_assert_false(maildir_move(a, b, "M", 0, 0, &place, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_MISSING);
	scratch_remove(dir);
}

static void test_deliver(void)
{
	g_autofree char *dir = scratch_new();
	g_autofree char *a = make_folder(dir, "a"), *b = make_folder(dir, "b");
	g_autoptr(GError) error = NULL;
	g_autofree char *unseen = maildir_deliver(a, "x\n", 2, 0, &error);
	g_autofree char *seen = maildir_deliver(a, "y\n", 2, FLAG_SEEN, &error);
	g_autofree char *copy = maildir_copy(a, b, seen, FLAG_SEEN | FLAG_DRAFT, &error);
	g_assert_no_error(error);
	g_autofree char *one = g_strconcat("new/", unseen, NULL);
	g_autofree char *two = g_strconcat("cur/", seen, ":2,S", NULL);
	g_autofree char *three = g_strconcat("cur/", copy, ":2,DS", NULL);
	g_assert_true(there(a, one));
	g_assert_true(there(a, two));
	g_autofree char *path = in(b, three), *text = NULL;
	g_assert_true(g_file_get_contents(path, &text, NULL, &error));
	g_assert_cmpstr(text, ==, "y\n");
	g_assert_cmpstr(copy, !=, seen);
	struct stat st;
	g_assert_cmpint(stat(path, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 0777, ==, 0600);
	g_assert_true(maildir_remove(a, seen, &error));
	g_assert_false(there(a, two));
	g_assert_false(maildir_remove(a, seen, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_MISSING);
	scratch_remove(dir);
}

static bool count_message(const char *file, bool in_new, void *data)
{
	GString *found = data;
	g_string_append_printf(found, "%c%s ", in_new ? 'n' : 'c', file);
	return true;
}

static void count_line(const char *line, void *data)
{
	*(int *)data += 1;
}

static void test_scan(void)
{
	g_autofree char *dir = scratch_new();
	g_autofree char *box = make_folder(dir, "box");
	g_autofree char *fifo = in(box, "cur/F"), *sub = in(box, "cur/D");
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) found = g_string_new(NULL);
	int lines = 0;
	put(box, "new/A", "");
	put(box, "cur/B:2,S", "");
	put(box, "cur/.hidden", "");
	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	g_assert_cmpint(g_mkdir(sub, 0700), ==, 0);
	report_set_sink(count_line, &lines);
	g_assert_true(maildir_scan(box, count_message, found, &error));
	report_set_sink(NULL, NULL);
	g_assert_cmpstr(found->str, ==, "nA cB:2,S ");
	g_assert_cmpint(lines, ==, 1);
	g_assert_false(maildir_scan(dir, count_message, found, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_MISSING);
	scratch_remove(dir);
}

/* Sets the time of new or cur back, so that it is not "just now". */
static void set_time(const char *box, const char *part, time_t when)
{
	g_autofree char *path = in(box, part);
	struct timespec times[2] = {{.tv_sec = when}, {.tv_sec = when}};
	g_assert_cmpint(utimensat(AT_FDCWD, path, times, 0), ==, 0);
}

static void test_stamp(void)
{
	g_autofree char *dir = scratch_new();
	g_autofree char *box = make_folder(dir, "box");
	g_autoptr(GError) error = NULL;
	int64_t first, second, third, recent;
	g_assert_true(maildir_stamp(box, &recent, &error));
	set_time(box, "new", 1000);
	set_time(box, "cur", 1000);
	g_assert_true(maildir_stamp(box, &first, &error));
	g_assert_true(maildir_stamp(box, &second, &error));
	set_time(box, "new", 1001);
	g_assert_true(maildir_stamp(box, &third, &error));
	g_assert_cmpint(first, ==, second);
	g_assert_cmpint(first, !=, third);
	g_assert_cmpint(first, !=, recent);
	scratch_remove(dir);
}

static const struct {
	const char *folder;
	bool legal;
} folder_rows[] = {
	{"Inbox", true},
	{"Lists/debian", true},
	{"Входящие/Работа", true},
	{"a..b", true},
	{"", false},
	{"/etc", false},
	{"a/", false},
	{"a//b", false},
	{"..", false},
	{"a/../b", false},
	{".dewey", false},
	{"a/.b", false},
	{"cur", false},
	{"a/tmp", false},
	{"a/new/b", false},
	{"a\nb", false},
	{"a\x1b[2J", false},
	{"a\u202Eb", false},
	{"\xff", false},
};

static void test_folder_names(void)
{
	g_autofree char *dir = scratch_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(store) s = store_open(dir, &error);
	g_assert_no_error(error);
	for (size_t i = 0; i < G_N_ELEMENTS(folder_rows); i++) {
		g_autofree char *path = store_folder_path(s, folder_rows[i].folder, &error);
		g_test_message("row %zu", i);
		g_assert_cmpint(path != NULL, ==, folder_rows[i].legal);
		if (!path)
			g_assert_error(error, STORE_ERROR, STORE_ERROR_NAME);
		g_clear_error(&error);
	}
	scratch_remove(dir);
}

static void test_folders(void)
{
	g_autofree char *dir = scratch_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(store) s = store_open(dir, &error);
	g_autofree char *loop = in(dir, "Zloop");
	g_assert_true(store_make_folder(s, "Lists/debian", &error));
	g_assert_true(store_make_folder(s, "Archive/2025", &error));
	g_assert_true(store_make_folder(s, "Archive/2025", &error));
	g_assert_cmpint(symlink(".", loop), ==, 0);
	g_autoptr(GPtrArray) folders = store_folders(s, &error);
	g_assert_no_error(error);
	g_ptr_array_add(folders, NULL);
	g_autofree char *all = g_strjoinv(" ", (char **)folders->pdata);
	g_assert_cmpstr(all, ==, "Inbox Sent Drafts Archive Trash Archive/2025 Lists/debian");
	g_assert_cmpstr(folder_title("Lists/debian"), ==, "Lists/debian");
	g_assert_cmpstr(folder_from_title("TRASH"), ==, "Trash");
	g_assert_cmpstr(folder_from_title("Lists/debian"), ==, "Lists/debian");
	/* A folder of one's own that is called like a title in other letters. */
	g_assert_cmpstr(store_folder_meant(s, "trash"), ==, "Trash");
	g_assert_true(store_make_folder(s, "trash", &error));
	g_assert_cmpstr(store_folder_meant(s, "trash"), ==, "trash");
	struct stat st;
	g_assert_cmpint(stat(dir, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 0777, ==, 0700);
	scratch_remove(dir);
}

/* The lock is held by another process, which is then killed. */
static void test_lock(void)
{
	g_autofree char *dir = scratch_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(store) s = store_open(dir, &error);
	int ready[2];
	char c;
	g_assert_cmpint(pipe(ready), ==, 0);
	pid_t child = fork();
	if (child == 0) {
		struct store_lock *held = store_lock_take(s, "account-a/b", NULL);
		if (write(ready[1], held ? "y" : "n", 1) == 1)
			pause();
		_exit(0);
	}
	g_assert_cmpint(read(ready[0], &c, 1), ==, 1);
	g_assert_cmpint(c, ==, 'y');
	g_assert_null(store_lock_take(s, "account-a/b", &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_BUSY);
	g_autofree char *pid = g_strdup_printf("process %d ", (int)child);
	g_assert_nonnull(strstr(error->message, pid));
	g_autoptr(store_lock) other = store_lock_take(s, "account-a", NULL);
	g_assert_nonnull(other);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	g_autoptr(store_lock) lock = store_lock_take(s, "account-a/b", NULL);
	g_assert_nonnull(lock);
	close(ready[0]);
	close(ready[1]);
	scratch_remove(dir);
}

static void test_temp_file(void)
{
	g_autofree char *dir = scratch_new(), *path = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(store) s = store_open(dir, &error);
	int fd = store_temp_file(s, &path, &error);
	g_assert_cmpint(fd, >=, 0);
	g_assert_true(g_str_has_prefix(path, dir));
	close(fd);
	scratch_remove(dir);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/maildir/name/X-01", test_names);
	g_test_add_func("/maildir/flags-in-names/X-05", test_file_names);
	g_test_add_func("/maildir/find/X-10", test_find);
	g_test_add_func("/maildir/open/X-06", test_open);
	g_test_add_func("/maildir/flags/X-10", test_flags);
	g_test_add_func("/maildir/move", test_move);
	g_test_add_func("/maildir/deliver/X-07", test_deliver);
	g_test_add_func("/maildir/scan/X-06", test_scan);
	g_test_add_func("/maildir/stamp", test_stamp);
	g_test_add_func("/store/folder-names", test_folder_names);
	g_test_add_func("/store/folders", test_folders);
	g_test_add_func("/store/lock/X-13", test_lock);
	g_test_add_func("/store/temp-file", test_temp_file);
	return g_test_run();
}
