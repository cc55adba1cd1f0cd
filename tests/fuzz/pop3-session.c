/* SPDX-License-Identifier: MIT
 *
 * A whole session over a connection made of the input: the greeting, the
 * listing, the letters one after the other, QUIT.  What is said in clear text by
 * the input is a server that does as it likes; the buffers of net/line.c are the
 * real ones, filled in pieces of any size.  The first octet of the input chooses
 * the pieces. */
#include "base/base.h"

#include <string.h>

#include "net/internal.h"
#include "pop3/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

G_DEFINE_QUARK(dewey - net - error, net_error)

/* --- A connection without a socket --------------------------------------------- */

static struct {
	const uint8_t *data;
	size_t size, at;
	guint pieces;
} input;

/* As conn.c does it, but that the room is no larger than needed. */
static bool take_piece(struct conn *c)
{
	input.pieces = input.pieces * 1103515245u + 12345u;
	size_t n = MIN(input.size - input.at, 1 + (input.pieces >> 16) % 61);
	memmove(c->in, c->in + c->start, c->end - c->start);
	c->end -= c->start;
	c->scanned -= c->start;
	c->start = 0;
	if (c->in_size < c->end + n)
		c->in = g_realloc(c->in, c->in_size = c->end + n);
	memcpy(c->in + c->end, input.data + input.at, n);
	c->end += n;
	input.at += n;
	return n > 0;
}

bool net_try_read(struct conn *c)
{
	return false;
}

bool net_exchange(struct conn *c, int64_t deadline, bool *progress, GError **error)
{
	c->sent = c->out->len;
	*progress = take_piece(c);
	if (!*progress && !c->read_error)
		g_set_error(&c->read_error, NET_ERROR, NET_ERROR_CLOSED, "closed");
	return true;
}

struct conn *conn_open(const struct conn_params *params, GError **error)
{
	struct conn *c = g_new0(struct conn, 1);
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
}

const char *conn_tls_text(const struct conn *c)
{
	return NULL;
}

/* --- The session ----------------------------------------------------------------- */

/* login.c is not here: nobody is logged in, and TLS is not wanted. */
bool pop3_stls(struct pop3 *p, GError **error)
{
	g_assert_not_reached();
}

static void check_drop(const struct pop3_drop *drop)
{
	uint64_t last = 0;
	g_assert_cmpuint(drop->messages->len, <=, 500 * 1000);
	for (guint i = 0; i < drop->messages->len; i++) {
		const struct pop3_message *m =
			&g_array_index(drop->messages, struct pop3_message, i);
		g_assert_true(m->number > last && m->number <= 500 * 1000);
		g_assert_true(!m->uid || drop->has_uids);
		last = m->number;
	}
}

static bool count(const void *data, size_t len, void *user)
{
	*(size_t *)user += len;
	return true;
}

static bool fetch(struct pop3 *p, const struct pop3_drop *drop)
{
	guint many = MIN(drop->messages->len, 8);
	for (guint i = 0; i < many; i++) {
		size_t octets = 0;
		bool ok;
		uint64_t number = g_array_index(drop->messages, struct pop3_message, i).number;
		if (!pop3_send(p, POP3_RETR, number, NULL) || !pop3_take(p, &ok, NULL))
			return false;
		if (ok && !pop3_read_body(p, count, &octets, NULL))
			return false;
		g_assert_cmpuint(octets, <=, input.size);
	}
	return pop3_quit(p, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pop3_params params = {.net = {.host = "pop.test"}, .security = SECURITY_INSECURE};
	g_autoptr(pop3) p = pop3_new(&params);
	if (size == 0)
		return 0;
	input.data = data + 1;
	input.size = size - 1;
	input.at = 0;
	input.pieces = data[0];
	if (!pop3_connect(p, NULL))
		return 0;
	struct pop3_drop drop;
	p->state = STATE_TRANSACTION;
	if (pop3_list(p, &drop, NULL) && pop3_name(p, &drop, NULL)) {
		check_drop(&drop);
		fetch(p, &drop);
	}
	pop3_drop_clear(&drop);
	return 0;
}
