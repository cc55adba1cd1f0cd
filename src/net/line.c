/* SPDX-License-Identifier: MIT
 *
 * What a protocol says and hears: lines and bodies, over the buffers. */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "net/internal.h"

/* What may pile up while we only want to write. */
#define FLUSH_INPUT_MAX (1024 * 1024)
#define COMPACT_AT (16 * 1024)
/* Octets a second that an answer must come with, once it has begun and its
 * time-out is used up: no line is so slow, but a server that keeps us by one
 * octet after the other is. */
#define PACE 16

static void trace(const struct conn *c, bool sent, const char *line, size_t len)
{
	if (c->trace)
		c->trace(sent, line, len, c->trace_data);
}

static void trace_lines(const struct conn *c, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
	for (size_t i = 0; lines[i] && (lines[i + 1] || *lines[i]); i++)
		trace(c, true, lines[i], strlen(lines[i]));
}

static void append(struct conn *c, const void *data, size_t len)
{
	/* Who streams a long body must not keep what has gone. */
	if (c->sent > COMPACT_AT) {
		g_byte_array_remove_range(c->out, 0, (guint)c->sent);
		c->sent = 0;
	}
	if (!c->write_error)
		g_byte_array_append(c->out, data, (guint)len);
}

void conn_write(struct conn *c, const void *data, size_t len)
{
	append(c, data, len);
}

void conn_printf(struct conn *c, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	if (c->trace)
		trace_lines(c, text);
	append(c, text, strlen(text));
}

void conn_write_secret(struct conn *c, const char *line, const char *label)
{
	g_autofree char *shown = g_strconcat(label, "***", NULL);
	trace(c, true, shown, strlen(shown));
	c->out_secret = true;
	append(c, line, strlen(line));
	append(c, "\r\n", 2);
	secret_lock(c->out->data, c->out->len);
}

size_t conn_unsent(const struct conn *c)
{
	return c->out->len - c->sent;
}

static bool give_back(const GError *why, GError **error)
{
	if (error)
		*error = g_error_copy(why);
	return false;
}

/* One turn of the wait that began at *since.  The deadline is counted anew each
 * time, for the watch may have shortened the time-out. */
static bool turn(struct conn *c, int64_t *since, GError **error)
{
	bool progress;
	int64_t deadline =
		c->read_timeout > 0 ? *since + (int64_t)c->read_timeout * 1000 : NET_FOREVER;
	if (!net_exchange(c, deadline, &progress, error))
		return false;
	if (progress)
		*since = clock_monotonic();
	return true;
}

static bool check_flood(const struct conn *c, GError **error)
{
	if (c->end - c->start <= FLUSH_INPUT_MAX)
		return true;
	g_set_error(error, NET_ERROR, NET_ERROR_PROTOCOL,
		_("the server '%s' sends without being asked"), c->host);
	return false;
}

bool conn_flush(struct conn *c, GError **error)
{
	int64_t since = clock_monotonic();
	while (conn_unsent(c) > 0) {
		if (c->read_error)
			return give_back(c->read_error, error);
		if (!turn(c, &since, error) || !check_flood(c, error))
			return false;
	}
	return !c->write_error || give_back(c->write_error, error);
}

static bool keeps_pace(const struct conn *c, GError **error)
{
	int64_t milliseconds = (int64_t)c->read_timeout * 1000 + (int64_t)(c->came / PACE) * 1000;
	if (c->read_timeout <= 0 || c->waited <= milliseconds)
		return true;
	g_set_error(error, NET_ERROR, NET_ERROR_TIMEOUT,
		_("the server '%s' sends too slowly: %zu octets in %d seconds"), c->host, c->came,
		(int)(c->waited / 1000));
	return false;
}

/* Only what we wait for counts, not what we are busy with in between. */
static bool note_pace(struct conn *c, size_t octets, int64_t began, GError **error)
{
	if (c->came > 0)
		c->waited += clock_monotonic() - began;
	c->came += octets;
	return keeps_pace(c, error);
}

/* Waits until there is more input than there was. */
static bool fill(struct conn *c, GError **error)
{
	size_t had = c->end - c->start;
	int64_t began = clock_monotonic(), since = began;
	while (c->end - c->start == had) {
		if (c->read_error)
			return give_back(c->read_error, error);
		if (!turn(c, &since, error))
			return false;
	}
	return note_pace(c, c->end - c->start - had, began, error);
}

static bool too_long(const struct conn *c, size_t limit, GError **error)
{
	g_set_error(error, NET_ERROR, NET_ERROR_PROTOCOL,
		_("the server '%s' sent a line of more than %zu octets"), c->host, limit);
	return false;
}

/* Takes the line that ends with the LF at lf. */
static const char *take_line(struct conn *c, char *lf, size_t *len, bool *crlf)
{
	char *line = c->in + c->start;
	size_t n = (size_t)(lf - line);
	bool has_cr = n > 0 && line[n - 1] == '\r';
	if (has_cr)
		n--;
	line[n] = '\0';
	c->start = c->scanned = (size_t)(lf + 1 - c->in);
	if (crlf)
		*crlf = has_cr;
	*len = n;
	if (!c->quiet)
		trace(c, false, line, n);
	return line;
}

const char *conn_read_line(struct conn *c, size_t limit, size_t *len, bool *crlf, GError **error)
{
	for (;;) {
		char *lf = memchr(c->in + c->scanned, '\n', c->end - c->scanned);
		size_t have = (lf ? (size_t)(lf - c->in) : c->end) - c->start;
		if (have > limit + 2) {
			too_long(c, limit, error);
			return NULL;
		}
		if (lf)
			return take_line(c, lf, len, crlf);
		c->scanned = c->end;
		if (!fill(c, error))
			return NULL;
	}
}

void conn_set_quiet(struct conn *c, bool quiet)
{
	c->quiet = quiet;
}

void conn_trace_note(struct conn *c, const char *note)
{
	trace(c, false, note, strlen(note));
}

size_t conn_read_some(struct conn *c, void *buffer, size_t size, GError **error)
{
	if (c->start == c->end && !fill(c, error))
		return 0;
	size_t n = MIN(size, c->end - c->start);
	memcpy(buffer, c->in + c->start, n);
	c->start += n;
	c->scanned = c->start;
	return n;
}

void conn_unread(struct conn *c, const void *data, size_t len)
{
	if (c->start < len) {
		size_t have = c->end - c->start;
		char *joined = g_malloc(c->in_size += len);
		memcpy(joined + len, c->in + c->start, have);
		g_free(c->in);
		c->in = joined;
		c->start = len;
		c->end = len + have;
	}
	c->start -= len;
	c->scanned = c->start;
	memcpy(c->in + c->start, data, len);
}

bool conn_has_input(struct conn *c)
{
	if (c->start == c->end)
		net_try_read(c);
	return c->start != c->end;
}

bool conn_is_alive(struct conn *c, GError **error)
{
	if (c->start == c->end)
		net_try_read(c);
	const GError *why = c->write_error ? c->write_error : c->read_error;
	return !why || give_back(why, error);
}
