/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <unistd.h>

#include "base/fdio.h"
#include "store/fail.h"
#include "store/import-reader.h"
#include "store/import-source.h"

enum { BUFFER = 128 * 1024 };

struct import_reader {
	struct import_source *source;
	int64_t begin; /* where the buffer begins in the file */
	size_t at, filled;
	bool inside; /* the last piece had no LF */
	bool ended;
	GError *late; /* told behind what could be read */
	char buffer[BUFFER];
};

struct import_reader *import_reader_new(const char *path, GError **error)
{
	struct import_source *source = import_source_new(path, error);
	if (!source)
		return NULL;
	struct import_reader *r = g_new0(struct import_reader, 1);
	r->source = source;
	return r;
}

struct import_reader *import_reader_new_fd(int fd)
{
	struct import_reader *r = g_new0(struct import_reader, 1);
	r->source = import_source_new_fd(fd);
	return r;
}

void import_reader_free(struct import_reader *r)
{
	if (!r)
		return;
	import_source_free(r->source);
	g_clear_error(&r->late);
	g_free(r);
}

/* Moves what is left to the front and reads behind it. */
static bool fill(struct import_reader *r, GError **error)
{
	memmove(r->buffer, r->buffer + r->at, r->filled - r->at);
	r->filled -= r->at;
	r->begin += (int64_t)r->at;
	r->at = 0;
	ssize_t n = import_source_read(r->source, r->buffer + r->filled, BUFFER - r->filled, error);
	if (n < 0)
		return false;
	r->ended = n == 0;
	r->filled += (size_t)n;
	return true;
}

int64_t import_reader_offset(const struct import_reader *r)
{
	return r->begin + (int64_t)r->at;
}

ssize_t import_reader_peek(struct import_reader *r, int64_t offset, char *text, size_t len)
{
	return import_source_peek(r->source, offset, text, len);
}

void import_reader_progress(const struct import_reader *r, int64_t *done, int64_t *total)
{
	import_source_progress(r->source, done, total);
}

static bool names_lengths(const struct import_reader *r)
{
	for (const char *at = r->buffer, *end = r->buffer + r->filled;
		(at = memchr(at, '\n', (size_t)(end - at))) != NULL;)
		if (++at + 15 < end && g_ascii_strncasecmp(at, "Content-Length:", 15) == 0)
			return true;
	return false;
}

/* Read again from the beginning: nothing of it was given out. */
bool import_reader_settle(struct import_reader *r, struct store *s, GError **error)
{
	if (import_source_is_plain(r->source) || r->late || !names_lengths(r))
		return true;
	g_autofree char *path = NULL;
	int fd = store_temp_file(s, &path, error);
	if (fd < 0)
		return false;
	unlink(path);
	if (!store_adopt(fdio_write_all(fd, r->buffer, r->filled, error), error)) {
		close(fd);
		return false;
	}
	r->filled = 0;
	r->ended = false;
	return import_source_unpack(r->source, fd, error);
}

/* The length of the next piece, 0 if more must be read first. */
static size_t piece_length(const struct import_reader *r)
{
	const char *start = r->buffer + r->at;
	size_t left = r->filled - r->at;
	const char *end = memchr(start, '\n', left);
	if (end)
		return (size_t)(end - start) + 1;
	if (r->ended)
		return left;
	/* A CR at the end of the piece may belong to an LF not read yet. */
	return left == BUFFER ? left - (start[left - 1] == '\r') : 0;
}

bool import_reader_next(struct import_reader *r, struct import_line *line, GError **error)
{
	size_t len;
	while ((len = piece_length(r)) == 0 && !r->ended)
		if (!fill(r, error))
			return false;
	if (len == 0 && r->late)
		g_propagate_error(error, g_steal_pointer(&r->late));
	if (len == 0)
		return false;
	char *text = r->buffer + r->at;
	r->at += len;
	line->text = text;
	line->len = len;
	line->begins = !r->inside;
	r->inside = text[len - 1] != '\n';
	return true;
}

static size_t blank_length(const char *text, size_t len)
{
	if (len >= 1 && text[0] == '\n')
		return 1;
	return len >= 2 && text[0] == '\r' && text[1] == '\n' ? 2 : 0;
}

bool import_line_is_blank(const struct import_line *line)
{
	return line->begins && blank_length(line->text, line->len) > 0;
}

void import_line_to_lf(struct import_line *line)
{
	if (line->len < 2 || line->text[line->len - 1] != '\n' || line->text[line->len - 2] != '\r')
		return;
	line->text[line->len - 2] = '\n';
	line->len--;
}

bool import_is_crlf(const char *text, size_t len)
{
	bool crlf = true, blank = false;
	const char *end = text + len;
	for (const char *lf; crlf && !blank && (lf = memchr(text, '\n', (size_t)(end - text)));
		text = lf + 1) {
		crlf = lf > text && lf[-1] == '\r';
		blank = blank_length(text, (size_t)(end - text)) > 0;
	}
	return crlf;
}

bool import_is_envelope(const char *text, size_t len)
{
	if (len < 5 || memcmp(text, "From ", 5) != 0)
		return false;
	/* A time of day: text that nobody quoted begins with "From " too. */
	for (size_t i = 6; i + 1 < len; i++)
		if (text[i] == ':' && g_ascii_isdigit(text[i - 1]) && g_ascii_isdigit(text[i + 1]))
			return true;
	return false;
}

/* A field name and a colon (RFC 5322 section 3.6.8; white space before the
 * colon as in its section 4.5.8): the length of the name, or 0. */
static size_t field_name(const char *text, size_t len)
{
	size_t name = 0;
	while (name < len && text[name] > 32 && text[name] < 127 && text[name] != ':')
		name++;
	size_t i = name;
	while (i < len && (text[i] == ' ' || text[i] == '\t'))
		i++;
	return i < len && text[i] == ':' ? name : 0;
}

/* "key: value" is the first line of many a file that is no letter. */
static bool is_mail_field(const char *text, size_t len)
{
	static const char *const fields[] = {"From", "Date", "Subject", "Received", "Message-ID",
		"Return-Path", "To", "Delivered-To", "MIME-Version"};
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
		if (strlen(fields[i]) == len && g_ascii_strncasecmp(text, fields[i], len) == 0)
			return true;
	return false;
}

static bool is_letter(const char *text, size_t len)
{
	bool first = true;
	while (len > 0 && text[0] != '\n' && text[0] != '\r') {
		size_t name = field_name(text, len);
		if (first && name == 0)
			return false;
		if (is_mail_field(text, name))
			return true;
		const char *end = memchr(text, '\n', len);
		size_t line = end ? (size_t)(end - text) + 1 : len;
		text += line;
		len -= line;
		first = false;
	}
	return false;
}

static void fill_whole(struct import_reader *r)
{
	while (r->filled < BUFFER && !r->ended)
		r->ended = !fill(r, &r->late) || r->ended;
}

bool import_reader_is_crlf(struct import_reader *r)
{
	fill_whole(r);
	return import_is_crlf(r->buffer, r->filled);
}

enum import_kind import_reader_kind(struct import_reader *r, GError **error)
{
	fill_whole(r);
	const char *end = memchr(r->buffer, '\n', r->filled);
	if (import_is_envelope(r->buffer, end ? (size_t)(end - r->buffer) : r->filled))
		return IMPORT_MBOX;
	if (is_letter(r->buffer, r->filled))
		return IMPORT_LETTER;
	if (r->late)
		g_propagate_error(error, g_steal_pointer(&r->late));
	return IMPORT_NO_MAIL;
}
