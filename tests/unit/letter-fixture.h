/* SPDX-License-Identifier: MIT
 *
 * Letters as they are written, and as GMime reads them. */
#ifndef DEWEY_TESTS_LETTER_FIXTURE_H
#define DEWEY_TESTS_LETTER_FIXTURE_H

#include "base/base.h"

#include <gmime/gmime.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "compose/draft.h"

static inline void set(char **at, const char *value)
{
	g_free(*at);
	*at = g_strdup(value);
}

static inline struct draft *letter_with(const char *body)
{
	struct draft *d = draft_new();
	set(&d->from, "Иван <ivan@example.org>");
	set(&d->to, "jones@example.org");
	set(&d->subject, "Тема");
	set(&d->body, body);
	return d;
}

static inline struct built_letter *build(const struct draft *d)
{
	g_autoptr(GError) error = NULL;
	struct built_letter *letter = draft_build(d, &error);
	g_assert_no_error(error);
	return letter;
}

static inline char *written(const struct built_letter *letter)
{
	g_autoptr(GError) error = NULL;
	int fd = memfd_create("letter", MFD_CLOEXEC);
	bool ok = built_letter_write(letter, fd, &error);
	g_assert_no_error(error);
	g_assert_true(ok);
	size_t len = (size_t)lseek(fd, 0, SEEK_END);
	char *text = g_malloc0(len + 1);
	g_assert_cmpint(pread(fd, text, len, 0), ==, len);
	close(fd);
	return text;
}

static inline char *build_text(const struct draft *d)
{
	g_autoptr(built_letter) letter = build(d);
	return written(letter);
}

static inline GMimeMessage *parse(const char *text)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(text, strlen(text));
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	return message;
}

#endif
