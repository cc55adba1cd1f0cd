/* SPDX-License-Identifier: MIT
 *
 * The client with a real worker, over our own letters in tests/mail. */
#include "base/base.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "mime/client.h"

static int open_letter(const char *name)
{
	g_autofree char *file = g_strconcat(name, ".eml", NULL);
	g_autofree char *path = g_build_filename(MAIL, file, NULL);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		g_error("cannot open '%s'", path);
	return fd;
}

static struct mime_message *read_letter(const char *name, unsigned want)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(mime_client) c = mime_client_new();
	int fd = open_letter(name);
	struct mime_message *m = mime_client_read(c, fd, want, NULL, &error);
	g_assert_no_error(error);
	close(fd);
	return m;
}

static void test_read(void)
{
	g_autoptr(mime_message) m = read_letter("koi8-r", MIME_WANT_TEXT | MIME_WANT_WORDS);
	const struct mime_address *from = m->from->pdata[0];
	g_assert_cmpstr(from->name, ==, "Иван Петров");
	g_assert_cmpstr(from->address, ==, "ivan@example.org");
	g_assert_cmpstr(m->subject, ==, "Привет из кодировки");
	g_assert_nonnull(strstr(m->text, "по-русски"));
	g_assert_cmpstr(m->text, ==, m->words);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_setenv("DEWEY_BIN", PROGRAMS, FALSE);
	g_test_add_func("/mime/read", test_read);
	return g_test_run();
}
