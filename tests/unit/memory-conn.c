/* SPDX-License-Identifier: MIT */
#include "memory-conn.h"

#include <string.h>

#include "net/internal.h"

G_DEFINE_QUARK(dewey - net - error, net_error)

static struct {
	const uint8_t *data;
	size_t size, at;
	guint pieces;
	GString *heard;
	int patience;
	bool asked; /* the client wrote something since the server waits */
	bool secure;
} memory;

void memory_conn_says(const void *data, size_t size, guint seed)
{
	memory.data = data;
	memory.size = size;
	memory.at = 0;
	memory.pieces = seed;
	memory.asked = false;
	if (!memory.heard)
		memory.heard = g_string_new(NULL);
	g_string_truncate(memory.heard, 0);
}

const char *memory_conn_heard(void)
{
	return memory.heard->str;
}

/* Octets up to where the server waits. */
static size_t ready(void)
{
	bool waits = memory.at < memory.size && memory.data[memory.at] == MEMORY_CONN_WAITS;
	if (waits && !memory.asked)
		return 0;
	memory.at += waits;
	memory.asked &= !waits;
	const uint8_t *from = memory.data + memory.at;
	size_t left = memory.size - memory.at;
	const uint8_t *stop = memchr(from, MEMORY_CONN_WAITS, left);
	return stop ? (size_t)(stop - from) : left;
}

/* As conn.c does it, but that the room is no larger than needed. */
static bool take_piece(struct conn *c)
{
	memory.pieces = memory.pieces * 1103515245u + 12345u;
	size_t n = MIN(ready(), 1 + (memory.pieces >> 16) % 61);
	memmove(c->in, c->in + c->start, c->end - c->start);
	c->end -= c->start;
	c->scanned -= c->start;
	c->start = 0;
	if (c->in_size < c->end + n)
		c->in = g_realloc(c->in, c->in_size = c->end + n);
	memcpy(c->in + c->end, memory.data + memory.at, n);
	c->end += n;
	memory.at += n;
	return n > 0;
}

bool net_try_read(struct conn *c)
{
	return false;
}

void conn_push(struct conn *c)
{
	if (c->sent < c->out->len) {
		const char *said = (const char *)c->out->data + c->sent;
		g_string_append_len(memory.heard, said, (gssize)(c->out->len - c->sent));
		memory.asked = true;
	}
	c->sent = c->out->len;
}

bool net_exchange(struct conn *c, int64_t deadline, bool *progress, GError **error)
{
	bool wrote = c->sent < c->out->len;
	conn_push(c);
	*progress = take_piece(c) || wrote;
	if (!*progress && !c->read_error)
		g_set_error(&c->read_error, NET_ERROR, NET_ERROR_CLOSED, "closed");
	return true;
}

struct conn *conn_open(const struct conn_params *params, GError **error)
{
	struct conn *c = g_new0(struct conn, 1);
	memory.secure = params->tls;
	c->host = g_strdup(params->host);
	c->in_size = 1;
	c->in = g_malloc(c->in_size);
	c->out = g_byte_array_new();
	return c;
}

void conn_close(struct conn *c)
{
	if (!c)
		return;
	g_clear_error(&c->read_error);
	g_byte_array_unref(c->out);
	g_free(c->in);
	g_free(c->host);
	g_free(c);
}

void conn_set_timeout(struct conn *c, int seconds)
{
	memory.patience = seconds;
}

int memory_conn_patience(void)
{
	return memory.patience;
}

const char *conn_tls_text(const struct conn *c)
{
	return NULL;
}

bool conn_is_secure(const struct conn *c)
{
	return memory.secure;
}

bool conn_start_tls(struct conn *c, GError **error)
{
	memory.secure = true;
	return true;
}
