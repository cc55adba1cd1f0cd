/* SPDX-License-Identifier: MIT */
#include "smtp/input.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/fdio.h"
#include "wire/codes.h"

enum { PIECE = 64 * 1024 };

void input_init(struct input *in, int fd, bool dot, int stop_fd)
{
	*in = (struct input){.text = g_string_sized_new(PIECE),
		.fd = fd,
		.stop_fd = stop_fd,
		.dot = dot,
		.start = true};
}

void input_clear(struct input *in)
{
	if (in->text)
		g_string_free(in->text, TRUE);
	in->text = NULL;
}

/* --- line ends and the dot ------------------------------------------------------------- */

static void release(struct input *in, guint len)
{
	g_string_append_len(in->text, in->held, len);
	in->held_len -= len;
	in->held[0] = in->held[1];
}

static void hold(struct input *in, char c)
{
	in->held[in->held_len++] = c;
}

/* What is held ("\r", "." or ".\r") before the octet c; false: c itself is still
 * to be looked at. */
static bool settle(struct input *in, char c)
{
	bool dot = in->held[0] == '.';
	if (dot && c == '\n') {
		in->ended = true;
	} else if (dot && in->held_len == 1 && c == '\r') {
		hold(in, c);
	} else if (!dot && c == '\n') {
		in->held_len = 0;
		in->start = true;
		g_string_append_c(in->text, c);
	} else {
		release(in, 1);
		in->start = false;
		return false;
	}
	return true;
}

/* The octets up to one that has to be looked at; the first one has been. */
static size_t plain_run(const struct input *in, const char *at, size_t len)
{
	const char *cr = memchr(at, '\r', len);
	const char *end = cr ? cr : at + len, *line = in->dot ? at : end;
	do {
		const char *lf = memchr(line, '\n', (size_t)(end - line));
		line = lf ? lf + 1 : end;
	} while (line < end && *line != '.');
	return (size_t)(line - at);
}

static void pass_plain(struct input *in, const char **at, size_t *len)
{
	char c = **at;
	size_t n = 1;
	if (c == '\r' || (c == '.' && in->dot && in->start)) {
		hold(in, c);
	} else {
		n = plain_run(in, *at, *len);
		g_string_append_len(in->text, *at, (gssize)n);
		in->start = (*at)[n - 1] == '\n';
	}
	*at += n;
	*len -= n;
}

static void pass(struct input *in, const char *at, size_t len)
{
	while (len > 0 && !in->ended) {
		if (in->held_len == 0) {
			pass_plain(in, &at, &len);
		} else if (settle(in, *at)) {
			at++;
			len--;
		}
	}
}

static void pass_end(struct input *in)
{
	bool only_dot = in->held_len == 1 && in->held[0] == '.';
	if (!only_dot)
		release(in, in->held_len);
	in->ended = true;
}

/* --- reading --------------------------------------------------------------------------- */

static bool fail(GError **error, enum wire_code code, const char *text)
{
	g_set_error_literal(error, WIRE_ERROR, (int)code, text);
	return false;
}

static bool unreadable(GError **error)
{
	g_set_error(error, WIRE_ERROR, CODE_INPUT, _("standard input cannot be read: %s"),
		g_strerror(errno));
	return false;
}

/* A person may type the letter: a signal must end the wait. */
static bool await(const struct input *in, GError **error)
{
	struct pollfd fds[] = {{.fd = in->fd, .events = POLLIN},
		{.fd = in->stop_fd, .events = POLLIN}};
	while (poll(fds, G_N_ELEMENTS(fds), -1) < 0)
		if (errno != EINTR)
			return unreadable(error);
	return !fds[1].revents || fail(error, CODE_CANCELLED, _("cancelled"));
}

static bool take_piece(struct input *in, const char *piece, size_t len, GError **error)
{
	if (len == 0)
		pass_end(in);
	else if (memchr(piece, '\0', len))
		return fail(error, CODE_DATA, _("there is a NUL octet in the letter"));
	else
		pass(in, piece, len);
	return true;
}

bool input_more(struct input *in, GError **error)
{
	char piece[PIECE];
	if (in->taken > 0)
		g_string_erase(in->text, 0, (gssize)in->taken);
	in->taken = 0;
	for (gsize before = in->text->len; !in->ended && in->text->len == before;) {
		if (!await(in, error))
			return false;
		ssize_t n = read(in->fd, piece, sizeof piece);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return unreadable(error);
		if (n >= 0 && !take_piece(in, piece, (size_t)n, error))
			return false;
	}
	return true;
}

/* --- taking ---------------------------------------------------------------------------- */

void input_take(struct input *in, gsize len)
{
	g_assert(len <= in->text->len - in->taken);
	in->taken += len;
}

bool input_line(struct input *in, gsize limit, GString *line, GError **error)
{
	for (gsize seen = 0;;) {
		const char *at = in->text->str + in->taken;
		gsize there = in->text->len - in->taken;
		const char *lf = memchr(at + seen, '\n', there - seen);
		if (lf || in->ended || there > limit) {
			gsize len = lf ? (gsize)(lf - at) + 1 : there;
			g_string_truncate(line, 0);
			g_string_append_len(line, at, (gssize)MIN(len, limit));
			return true;
		}
		seen = there;
		if (!input_more(in, error))
			return false;
	}
}

bool input_copy(struct input *in, int to, GError **error)
{
	do {
		gsize there = in->text->len - in->taken;
		if (!fdio_write_all(to, in->text->str + in->taken, there, error))
			return false;
		input_take(in, there);
	} while (!in->ended && input_more(in, error));
	return in->ended;
}
