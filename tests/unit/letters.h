/* SPDX-License-Identifier: MIT
 *
 * The letters of tests/mail, and what must be read of each. */
#ifndef DEWEY_TESTS_LETTERS_H
#define DEWEY_TESTS_LETTERS_H

#include "base/base.h"

#include <fcntl.h>

#include "tests/unit/patient.h"

static const struct mime_reading everything = {.want = MIME_WANT_TEXT | MIME_WANT_WORDS};

/* A letter of tests/mail to be read; close() it. */
static inline int open_letter(const char *name)
{
	g_autofree char *file = g_strconcat(name, ".eml", NULL);
	g_autofree char *path = g_build_filename(MAIL, file, NULL);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		g_error("cannot open '%s'", path);
	return fd;
}

/* One letter, one case; what is NULL is not looked at. */
struct row {
	const char *letter, *subject, *from, *text, *charset;
	bool guessed;
};

#define RUSSIAN "Здравствуйте! Это письмо написано по-русски, чтобы проверить кодировку.\n"
#define HELLO "Привет из кодировки"
#define IVAN "Иван Петров <ivan@example.org>"

static const struct row rows[] = {
#include "tests/unit/mime-rows.def"
};

#endif
