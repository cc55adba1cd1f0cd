/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "store/fail.h"
#include "store/import-reader.h"

enum { BUFFER = 128 * 1024 };

struct import_reader {
	char *path;
	gzFile file;
	size_t at, filled;
	bool inside; /* the last piece had no LF */
	bool ended;
	char buffer[BUFFER];
};

static int open_regular(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

struct import_reader *import_reader_new(const char *path, GError **error)
{
	int fd = open_regular(path);
	if (fd < 0) {
		store_fail("open", path, error);
		return NULL;
	}
	struct import_reader *r = g_new0(struct import_reader, 1);
	r->path = g_strdup(path);
	r->file = gzdopen(fd, "rb"); /* what is not gzipped is passed through */
	g_assert(r->file);
	return r;
}

void import_reader_free(struct import_reader *r)
{
	if (!r)
		return;
	gzclose(r->file);
	g_free(r->path);
	g_free(r);
}

static bool read_fails(struct import_reader *r, GError **error)
{
	int code;
	const char *why = gzerror(r->file, &code);
	if (code == Z_ERRNO)
		return store_fail("read", r->path, error);
	g_set_error(error, STORE_ERROR, STORE_ERROR_DISK, _("%s '%s': %s"), "gunzip", r->path, why);
	return false;
}

/* Moves what is left to the front and reads behind it. */
static bool fill(struct import_reader *r, GError **error)
{
	memmove(r->buffer, r->buffer + r->at, r->filled - r->at);
	r->filled -= r->at;
	r->at = 0;
	int n = gzread(r->file, r->buffer + r->filled, (unsigned)(BUFFER - r->filled));
	int code = Z_OK;
	/* A file that is cut off gives what it has and says so only here. */
	if (n == 0)
		gzerror(r->file, &code);
	if (n < 0 || (code != Z_OK && code != Z_STREAM_END))
		return read_fails(r, error);
	r->ended = n == 0;
	r->filled += (size_t)n;
	return true;
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
	if (len == 0)
		return false;
	char *text = r->buffer + r->at;
	bool whole = text[len - 1] == '\n';
	r->at += len;
	if (whole && len > 1 && text[len - 2] == '\r')
		text[--len - 1] = '\n';
	line->text = text;
	line->len = len;
	line->begins = !r->inside;
	r->inside = !whole;
	return true;
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

enum import_kind import_reader_kind(struct import_reader *r, GError **error)
{
	while (r->filled < BUFFER && !r->ended)
		if (!fill(r, error))
			return IMPORT_NO_MAIL;
	const char *end = memchr(r->buffer, '\n', r->filled);
	if (import_is_envelope(r->buffer, end ? (size_t)(end - r->buffer) : r->filled))
		return IMPORT_MBOX;
	return is_letter(r->buffer, r->filled) ? IMPORT_LETTER : IMPORT_NO_MAIL;
}
