/* SPDX-License-Identifier: MIT */
#include "wire/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/report.h"
#include "wire/codes.h"

enum { FDS_MAX = 64, CHUNK = 65536 };

struct wire_stream {
	int in, out;
	GByteArray *buffer; /* read */
	size_t taken;       /* of it */
	size_t searched;    /* of it, free of newlines from taken on */
	GString *held;      /* to be written later; NULL: at once */
	GArray *fds;
};

struct wire_stream *wire_stream_new(int in, int out)
{
	struct wire_stream *s = g_new0(struct wire_stream, 1);
	s->in = in;
	s->out = out;
	s->buffer = g_byte_array_new();
	s->fds = g_array_new(FALSE, FALSE, sizeof(int));
	return s;
}

void wire_stream_free(struct wire_stream *s)
{
	if (!s)
		return;
	for (guint i = 0; i < s->fds->len; i++)
		close(g_array_index(s->fds, int, i));
	g_array_unref(s->fds);
	g_byte_array_unref(s->buffer);
	if (s->held)
		g_string_free(s->held, TRUE);
	g_free(s);
}

static bool fail(GError **error, const char *what)
{
	g_set_error(error, WIRE_ERROR, CODE_INTERNAL, "%s: %s", what, g_strerror(errno));
	return false;
}

static void keep_fds(struct wire_stream *s, struct msghdr *msg)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < n; i++) {
			int fd;
			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof fd);
			g_array_append_val(s->fds, fd);
		}
	}
}

static ssize_t receive(struct wire_stream *s, void *chunk, size_t size)
{
	union {
		char bytes[CMSG_SPACE(FDS_MAX * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec io = {chunk, size};
	struct msghdr msg = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = control.bytes,
		.msg_controllen = sizeof control.bytes};
	ssize_t n = recvmsg(s->in, &msg, MSG_CMSG_CLOEXEC);
	if (n < 0 && errno == ENOTSOCK)
		return read(s->in, chunk, size);
	if (n >= 0)
		keep_fds(s, &msg);
	return n;
}

/* What was taken goes when there is more to read, not line by line. */
static void compact(struct wire_stream *s)
{
	g_byte_array_remove_range(s->buffer, 0, (guint)s->taken);
	s->searched -= s->taken;
	s->taken = 0;
}

bool wire_stream_fill(struct wire_stream *s, GError **error)
{
	guint8 chunk[CHUNK];
	ssize_t n;
	compact(s);
	do
		n = receive(s, chunk, sizeof chunk);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return true;
	if (n < 0 && errno != ECONNRESET)
		return fail(error, "read");
	if (n <= 0)
		return false;
	g_byte_array_append(s->buffer, chunk, (guint)n);
	if (s->buffer->len > RECORD_MAX) {
		g_set_error(error, WIRE_ERROR, CODE_PROTOCOL, _("a record is longer than %d octets"),
			RECORD_MAX);
		return false;
	}
	return true;
}

struct record *wire_stream_take(struct wire_stream *s, GError **error)
{
	const char *start = (const char *)s->buffer->data + s->taken;
	if (s->searched == s->buffer->len)
		return NULL;
	const char *end = memchr(
		s->buffer->data + s->searched, '\n', s->buffer->len - s->searched);
	if (!end) {
		s->searched = s->buffer->len;
		return NULL;
	}
	struct record *r = record_parse(start, end - start, error);
	/* A password is for who asked for it, not for who traces. */
	if (r && record_string(r, "secret"))
		report_debug("← {\"do\":\"answer\",\"secret\":\"***\"}");
	else
		report_debug("← %.*s", (int)MIN(end - start, 2000), start);
	/* It stays until there is more to read. */
	explicit_bzero(s->buffer->data + s->taken, (size_t)(end - start));
	s->taken = s->searched = (size_t)(end + 1 - (const char *)s->buffer->data);
	return r;
}

void wire_stream_take_fds(struct wire_stream *s, GArray *fds)
{
	g_array_append_vals(fds, s->fds->data, s->fds->len);
	g_array_set_size(s->fds, 0);
}

static ssize_t send_some(int out, const char *data, size_t len, const int *fds, size_t n_fds)
{
	union {
		char bytes[CMSG_SPACE(FDS_MAX * sizeof(int))];
		struct cmsghdr align;
	} control = {0};
	struct iovec io = {(void *)data, len};
	struct msghdr msg = {.msg_iov = &io, .msg_iovlen = 1};
	if (n_fds > 0) {
		g_assert(n_fds <= FDS_MAX);
		msg.msg_control = control.bytes;
		msg.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
	}
	ssize_t n = sendmsg(out, &msg, MSG_NOSIGNAL);
	if (n < 0 && errno == ENOTSOCK && n_fds == 0)
		return write(out, data, len);
	return n;
}

static bool write_all(struct wire_stream *s, const GString *text, const int *fds, size_t n_fds,
	GError **error)
{
	const char *at = text->str;
	size_t left = text->len;
	while (left > 0) {
		ssize_t n = send_some(s->out, at, left, fds, n_fds);
		if (n < 0 && errno == EAGAIN) {
			struct pollfd p = {.fd = s->out, .events = POLLOUT};
			poll(&p, 1, -1);
		} else if (n < 0 && errno != EINTR) {
			return fail(error, "write");
		} else if (n > 0) {
			at += n;
			left -= (size_t)n;
			n_fds = 0; /* they went with the first octets */
		}
	}
	return true;
}

bool wire_stream_send(struct wire_stream *s, const struct record *r, const int *fds, size_t n_fds,
	GError **error)
{
	g_autofree char *text = record_line(r);
	g_autoptr(GString) line = g_string_new(text);
	g_string_append_c(line, '\n');
	g_assert(!s->held || n_fds == 0);
	if (!s->held)
		return write_all(s, line, fds, n_fds, error);
	g_string_append_len(s->held, line->str, (gssize)line->len);
	return true;
}

bool wire_stream_hold(struct wire_stream *s, bool hold, GError **error)
{
	g_autoptr(GString) held = g_steal_pointer(&s->held);
	if (hold)
		s->held = held ? g_steal_pointer(&held) : g_string_new(NULL);
	return !held || write_all(s, held, NULL, 0, error);
}
