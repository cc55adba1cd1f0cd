/* SPDX-License-Identifier: MIT
 *
 * Parts for other programs: what they are, who shows them, where they lie. */
#include "base/base.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fdio.h"
#include "mime/client.h"
#include "tests/unit/scratch.h"
#include "ui/mailcap.h"
#include "ui/part-save.h"
#include "ui/place.h"

/* --- what they are ---------------------------------------------------------------------- */

static const struct {
	const char *type, *name, *content;
	unsigned dangers;
	const char *real;
} natures[] = {
	{"application/pdf", "a.pdf", "application/pdf", 0, "application/pdf"},
	{"application/octet-stream", "a.pdf", "", 0, "application/pdf"},
	{"application/octet-stream", "a", "image/png", 0, "image/png"},
	{"image/png", "a.png", "image/jpeg", 0, "image/png"},
	{"application/pdf", "a.pdf", "application/x-dosexec", MIME_RUNS | MIME_DISGUISED,
		"application/x-dosexec"},
	{"application/octet-stream", "a.pdf.exe", "application/x-dosexec",
		MIME_RUNS | MIME_TWO_ENDINGS, "application/x-msdownload"},
	{"application/octet-stream", "a.pdf.sh", "", MIME_RUNS | MIME_TWO_ENDINGS, "application/x-sh"},
	{"image/jpeg", "a.jpg          .scr", "", MIME_RUNS | MIME_TWO_ENDINGS, "image/jpeg"},
	{"image/jpeg", "a.jpg.scr . ", "", MIME_RUNS | MIME_TWO_ENDINGS, "image/jpeg"},
	{"text/plain", "INVOICE.PDF.HTML", "text/html",
		MIME_ACTIVE | MIME_TWO_ENDINGS | MIME_DISGUISED, "text/html"},
	{"application/x-sh", "backup.2024.sh", "text/x-script", MIME_RUNS, "application/x-sh"},
	{"application/x-desktop", "", "", MIME_RUNS, "application/x-desktop"},
	{"text/plain", "x.desktop", "application/x-desktop", MIME_RUNS | MIME_DISGUISED,
		"application/x-desktop"},
	{"application/vnd.ms-word.document.macroEnabled.12", "a.docm", "application/zip",
		MIME_MACROS | MIME_PACKED, "application/vnd.ms-word.document.macroEnabled.12"},
	{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a.docx",
		"application/zip", MIME_PACKED,
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	{"application/x-tar", "a.tar.gz", "application/gzip", MIME_PACKED, "application/x-tar"},
	{"text/html", "", "text/html", MIME_ACTIVE, "text/html"},
	{"text/plain", "", "", 0, "text/plain"},
};

static void test_natures(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(natures); i++) {
		struct mime_part part = {.type = (char *)natures[i].type,
			.filename = (char *)natures[i].name, .content = (char *)natures[i].content};
		g_test_message("%s %s %s", part.type, part.filename, part.content);
		g_assert_cmphex(mime_part_dangers(&part), ==, natures[i].dangers);
		g_assert_cmpstr(mime_part_real_type(&part), ==, natures[i].real);
	}
}

/* --- who shows them ---------------------------------------------------------------------- */

static char *command_of(const char *file, const char *type, const char *path, bool output)
{
	g_autoptr(mailcap) m = mailcap_new();
	g_auto(mailcap_command) found = {0};
	mailcap_read(m, file);
	if (!mailcap_find(m, type, path, output, &found))
		return g_strdup("none");
	g_autofree char *words = g_strjoinv("|", found.argv);
	return g_strdup_printf("%s%s%s%s", words, found.input ? " <" : "",
		found.terminal ? " terminal" : "", found.output ? " output" : "");
}

static const struct {
	const char *file, *type, *want;
} mailcaps[] = {
	{"image/png; cat %s", "image/png", "cat|/run/x/part-1.png"},
	{"image/*; cat %s", "image/png", "cat|/run/x/part-1.png"},
	{"image; cat %s", "image/png", "cat|/run/x/part-1.png"},
	{"IMAGE/PNG; cat '%s'", "image/png", "cat|/run/x/part-1.png"},
	{"image/png; no-such-program %s\nimage/png; cat %s", "image/png", "cat|/run/x/part-1.png"},
	{"# image/png; wrong %s\n\nimage/png; cat; needsterminal", "image/png", "cat < terminal"},
	{"image/png; cat %s; \\\n copiousoutput", "image/png", "cat|/run/x/part-1.png output"},
	{"image/png; cat a\\;b %s", "image/png", "/bin/sh|-c|cat a;b /run/x/part-1.png"},
	{"image/png; cat < %s | wc", "image/png", "/bin/sh|-c|cat < /run/x/part-1.png | wc"},
	{"image/png; cat 5\\% %t %s", "image/png", "cat|5%|image/png|/run/x/part-1.png"},
	/* Parameters of the letter, and what is not known. */
	{"image/png; cat %{name} %s", "image/png", "none"},
	{"image/png; cat -%n %s", "image/png", "none"},
	{"image/png; cat %s; edit=rm %s; print=rm; compose=rm", "image/png", "cat|/run/x/part-1.png"},
	/* Tests are not run. */
	{"image/png; cat %s; test=touch /tmp/dewey-test-ran", "image/png", "none"},
	{"image/png; cat %s; test=test -n \"$DISPLAY\"", "image/png", "none"},
	{"image/png; cat %s; test=test -z \"$DISPLAY\"", "image/png", "cat|/run/x/part-1.png"},
	{"image/png; cat %s; test=test -x /bin/sh", "image/png", "cat|/run/x/part-1.png"},
	{"image/png; cat %s; test=test -x /no/such", "image/png", "none"},
	/* A type that is made to harm. */
	{"*/*; cat %t %s", "image/png;id", "none"},
	{"image; cat %t %s", "image/$(id)", "none"},
	{"image; cat %t", "image/-x", "cat|image/-x <"},
	{"image; cat %s", "image/`id`", "cat|/run/x/part-1.png"},
	{"image/png", "image/png", "none"},
	{"; cat", "image/png", "none"},
	{";;;;\n\\\n;", "image/png", "none"},
};

static void test_mailcap(void)
{
	g_unsetenv("DISPLAY");
	g_unsetenv("WAYLAND_DISPLAY");
	for (size_t i = 0; i < G_N_ELEMENTS(mailcaps); i++) {
		g_autofree char *got =
			command_of(mailcaps[i].file, mailcaps[i].type, "/run/x/part-1.png", false);
		g_test_message("%s", mailcaps[i].file);
		g_assert_cmpstr(got, ==, mailcaps[i].want);
	}
	g_assert_false(g_file_test("/tmp/dewey-test-ran", G_FILE_TEST_EXISTS));
	g_autofree char *none = command_of("a/b; cat %s", "a/b", "/x", true);
	g_assert_cmpstr(none, ==, "none");
	g_autofree char *odd = command_of("a/b; cat <%s", "a/b", "/run/a b;id/part-1", false);
	g_assert_cmpstr(odd, ==, "none");
}

/* --- where they lie ---------------------------------------------------------------------- */

static guint entries(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	guint n = 0;
	while (dir && g_dir_read_name(dir))
		n++;
	return n;
}

static void test_place(void)
{
	g_autofree char *runtime = g_dir_make_tmp("dewey-place-XXXXXX", NULL);
	g_autoptr(GError) error = NULL;
	g_autofree char *path = NULL, *odd = NULL;
	struct stat st;
	g_setenv("XDG_RUNTIME_DIR", runtime, TRUE);
	struct place *p = place_new(&error);
	g_assert_no_error(error);
	int fd = place_file(p, ".pdf", &path, &error);
	g_assert_cmpint(fd, >=, 0);
	g_assert_true(g_str_has_prefix(path, runtime));
	g_assert_true(g_str_has_suffix(path, "/part-1.pdf"));
	g_assert_cmpint(stat(path, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 07777, ==, 0600);
	g_autofree char *directory = g_path_get_dirname(path);
	g_assert_cmpint(stat(directory, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 07777, ==, 0700);
	close(fd);
	fd = place_file(p, "/../x;id", &odd, &error);
	g_assert_true(g_str_has_suffix(odd, "/part-2"));
	close(fd);
	/* Who is alive is not swept. */
	place_sweep();
	g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
	place_free(p);
	g_assert_cmpuint(entries(runtime), ==, 0);
	rmdir(runtime);
}

/* A directory without anybody: its process was killed. */
static void test_sweep(void)
{
	g_autofree char *runtime = g_dir_make_tmp("dewey-place-XXXXXX", NULL);
	g_autofree char *left = g_build_filename(runtime, "dewey-parts-abc123", NULL);
	g_autofree char *other = g_build_filename(runtime, "other", NULL);
	g_autofree char *lock = g_build_filename(left, "lock", NULL);
	g_autofree char *part = g_build_filename(left, "part-1.txt", NULL);
	g_setenv("XDG_RUNTIME_DIR", runtime, TRUE);
	g_mkdir(left, 0700);
	g_mkdir(other, 0700);
	g_file_set_contents(lock, "", 0, NULL);
	g_file_set_contents(part, "secret", -1, NULL);
	place_sweep();
	g_assert_cmpuint(entries(runtime), ==, 1);
	g_assert_true(g_file_test(other, G_FILE_TEST_IS_DIR));
	rmdir(other);
	rmdir(runtime);
}

/* A directory that others can write to is not for secrets. */
static void test_open_runtime(void)
{
	g_autofree char *runtime = g_dir_make_tmp("dewey-place-XXXXXX", NULL);
	g_autoptr(GError) error = NULL;
	g_autofree char *path = NULL;
	chmod(runtime, 0777);
	g_setenv("XDG_RUNTIME_DIR", runtime, TRUE);
	struct place *p = place_new(&error);
	close(place_file(p, "", &path, &error));
	g_assert_false(g_str_has_prefix(path, runtime));
	place_free(p);
	rmdir(runtime);
}

/* --- saving ------------------------------------------------------------------------------ */

enum { SAME = 1000 };

static int letter_of_same_names(void)
{
	g_autoptr(GString) text = g_string_new(
		"Subject: many\nContent-Type: multipart/mixed; boundary=x\n\n");
	for (int i = 0; i < SAME; i++)
		g_string_append(text, "--x\nContent-Type: application/x-sh\nContent-Disposition: "
				      "attachment; filename=\"../../a.sh\"\n\n#!/bin/sh\n");
	g_string_append(text, "--x--\n");
	int fd = fdio_temporary(NULL);
	fdio_write_all(fd, text->str, text->len, NULL);
	return fd;
}

static void test_save_all(void)
{
	g_autofree char *to = g_dir_make_tmp("dewey-save-XXXXXX", NULL);
	g_autofree char *link = g_build_filename(to, "a-2.sh", NULL);
	g_autofree char *first = g_build_filename(to, "a.sh", NULL);
	g_autofree char *last = g_build_filename(to, "a-1001.sh", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) saved = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(mime_client) mime = mime_client_new();
	struct crypt_reading reading = {.mime = mime};
	struct stat st;
	int fd = letter_of_same_names();
	/* Neither over something nor through a link. */
	g_assert_cmpint(symlink("/tmp/dewey-through-a-link", link), ==, 0);
	umask(0);
	g_autoptr(mime_message) m = mime_client_read(mime, fd, NULL, &error);
	g_assert_no_error(error);
	g_assert_true(part_save_all(&reading, fd, m->parts, to, saved, &error));
	g_assert_cmpuint(saved->len, ==, SAME);
	g_assert_cmpuint(entries(to), ==, SAME + 1);
	g_assert_false(g_file_test("/tmp/dewey-through-a-link", G_FILE_TEST_EXISTS));
	g_assert_cmpint(stat(first, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 07777, ==, 0600);
	g_assert_cmpint(stat(last, &st), ==, 0);
	g_assert_false(part_save(&reading, fd, (const char *[]){"1", NULL}, link, &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
	close(fd);
	scratch_remove(to);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/parts/M-52: what runs, and what poses as something else", test_natures);
	g_test_add_func("/parts/M-51: commands of mailcap without a word of the letter", test_mailcap);
	g_test_add_func("/parts/M-54: a private place, gone at the end", test_place);
	g_test_add_func("/parts/M-54: what the dead left is swept", test_sweep);
	g_test_add_func("/parts/M-54: no place where others can write", test_open_runtime);
	g_test_add_func("/parts/M-50: a thousand of one name, none over another", test_save_all);
	return g_test_run();
}
