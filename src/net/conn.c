/* SPDX-License-Identifier: MIT
 *
 * Opening and closing, the one wait, and the buffers between it and the
 * socket.  What a protocol reads and writes is in line.c. */
#include "net/conn.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fdio.h"
#include "net/internal.h"

G_DEFINE_QUARK(dewey - net - error, net_error)

/* Enough for every line a protocol allows and for one record of TLS. */
#define CHUNK (32 * 1024)

enum net_error net_code_of(int number, enum net_error otherwise)
{
	return fdio_is_shortage(number) ? NET_ERROR_SYSTEM : otherwise;
}

int64_t net_deadline(int seconds)
{
	return seconds > 0 ? clock_monotonic() + (int64_t)seconds * 1000 : NET_FOREVER;
}

static int remaining(int64_t deadline)
{
	if (deadline == NET_FOREVER)
		return -1;
	return (int)CLAMP(deadline - clock_monotonic(), 0, G_MAXINT);
}

static bool look(const struct conn *c, short revents, GError **error)
{
	if (!revents || !c->watch.ready || c->watch.ready(c->watch.data))
		return true;
	g_set_error(error, NET_ERROR, NET_ERROR_CANCELLED, _("cancelled"));
	return false;
}

bool net_poll(const struct conn *c, struct pollfd *fds, guint n, int64_t until, GError **error)
{
	struct pollfd all[NET_POLL_MAX + 2], *watch = all + n, *words = watch + 1;
	g_assert(n <= NET_POLL_MAX);
	for (guint i = 0; i < n; i++)
		all[i] = fds[i];
	*watch = (struct pollfd){.fd = c->watch.fd, .events = POLLIN};
	*words = (struct pollfd){.fd = net_tunnel_fd(c->tunnel), .events = POLLIN};
	int ready = poll(all, n + 2, remaining(until));
	if (ready < 0 && errno != EINTR) {
		g_set_error(error, NET_ERROR, NET_ERROR_CLOSED, _("cannot wait for '%s': %s"),
			c->awaited, g_strerror(errno));
		return false;
	}
	for (guint i = 0; i < n; i++)
		fds[i].revents = ready > 0 ? all[i].revents : 0;
	if (ready > 0 && words->revents)
		net_tunnel_listen(c->tunnel);
	return ready <= 0 || look(c, watch->revents, error);
}

bool net_timed_out(const struct conn *c, GError **error)
{
	g_set_error(error, NET_ERROR, NET_ERROR_TIMEOUT, _("the server '%s' does not answer"),
		c->awaited);
	return false;
}

bool net_wait(const struct conn *c, struct pollfd *fd, int64_t deadline, GError **error)
{
	if (!net_poll(c, fd, 1, deadline, error))
		return false;
	return fd->revents || remaining(deadline) != 0 || net_timed_out(c, error);
}

static struct conn *conn_new(const struct conn_params *params)
{
	struct conn *c = g_new0(struct conn, 1);
	c->fd = -1;
	c->host = g_strdup(params->host);
	c->port = params->port;
	c->awaited = c->host;
	c->ca_file = g_strdup(params->ca_file);
	c->pins = g_strdupv((char **)params->pins);
	c->accepted = g_strdup(params->accepted);
	c->facts = params->facts ? params->facts : &c->own_facts;
	c->cert_file = g_strdup(params->cert_file);
	c->key_file = g_strdup(params->key_file ? params->key_file : params->cert_file);
	c->connect_timeout = params->timeout;
	c->read_timeout = params->timeout;
	c->watch = params->watch;
	c->trace = params->trace;
	c->trace_data = params->trace_data;
	c->in_size = CHUNK;
	c->in = g_malloc(c->in_size);
	/* Room from the start, so that a secret is not left behind by realloc. */
	c->out = g_byte_array_sized_new(CHUNK);
	return c;
}

struct conn *conn_open(const struct conn_params *params, GError **error)
{
	g_autoptr(conn) c = conn_new(params);
	if (!net_host_name(c->host, &c->name, &c->is_address, error) ||
		!net_connect(c, params, error))
		return NULL;
	if (params->tls && !net_tls_start(c, error))
		return NULL;
	return g_steal_pointer(&c);
}

void conn_close(struct conn *c)
{
	if (!c)
		return;
	net_tls_clear(c);
	if (c->fd >= 0)
		close(c->fd);
	net_tunnel_end(c->tunnel);
	net_verify_clear(c);
	conn_facts_clear(&c->own_facts);
	explicit_bzero(c->out->data, c->out->len);
	g_byte_array_unref(c->out);
	g_clear_error(&c->read_error);
	g_clear_error(&c->write_error);
	g_free(c->in);
	g_free(c->host);
	g_free(c->name);
	g_free(c->ca_file);
	g_strfreev(c->pins);
	g_free(c->accepted);
	g_free(c->cert_file);
	g_free(c->key_file);
	g_free(c);
}

/* Nothing said in clear may count inside TLS: what came too early is an attack
 * by somebody on the way (T-21, CVE-2020-14954 and many others). */
bool conn_start_tls(struct conn *c, GError **error)
{
	g_assert(!c->ssl);
	if (!conn_flush(c, error))
		return false;
	if (conn_has_input(c)) {
		g_set_error(error, NET_ERROR, NET_ERROR_PROTOCOL,
			_("'%s' sent data before TLS began: somebody may be tampering with the "
			  "connection"),
			c->host);
		return false;
	}
	explicit_bzero(c->in, c->in_size);
	c->start = c->scanned = c->end = 0;
	return net_tls_start(c, error);
}

bool conn_is_secure(const struct conn *c)
{
	return c->ssl != NULL;
}

const char *conn_tls_text(const struct conn *c)
{
	return c->tls_text;
}

void conn_set_timeout(struct conn *c, int seconds)
{
	c->read_timeout = seconds;
	c->came = 0;
	c->waited = 0;
}

static bool is_later(int number)
{
	return number == EAGAIN || number == EINTR;
}

static ssize_t plain_result(const struct conn *c, ssize_t n, GError **error)
{
	if (n > 0 || (n < 0 && is_later(errno)))
		return MAX(n, 0);
	if (n == 0)
		g_set_error(error, NET_ERROR, NET_ERROR_CLOSED,
			_("the server '%s' closed the connection"), c->host);
	else
		g_set_error(error, NET_ERROR, NET_ERROR_CLOSED,
			_("the connection to '%s' broke: %s"), c->host, g_strerror(errno));
	return -1;
}

static ssize_t socket_read(struct conn *c, void *data, size_t size, GError **error)
{
	c->read_wants = POLLIN;
	if (c->ssl)
		return net_tls_read(c, data, size, &c->read_wants, error);
	return plain_result(c, recv(c->fd, data, size, 0), error);
}

static ssize_t socket_write(struct conn *c, const void *data, size_t len, GError **error)
{
	c->write_wants = POLLOUT;
	if (c->ssl)
		return net_tls_write(c, data, len, &c->write_wants, error);
	return plain_result(c, send(c->fd, data, len, MSG_NOSIGNAL), error);
}

static void output_done(struct conn *c)
{
	if (c->out_secret)
		explicit_bzero(c->out->data, c->out->len);
	c->out_secret = false;
	c->sent = 0;
	g_byte_array_set_size(c->out, 0);
}

/* Writes what the socket takes; whether that was anything. */
static bool try_write(struct conn *c)
{
	c->write_wants = 0;
	if (c->write_error || c->sent == c->out->len)
		return false;
	ssize_t n = socket_write(c, c->out->data + c->sent, c->out->len - c->sent, &c->write_error);
	if (n > 0)
		c->sent += (size_t)n;
	if (n > 0)
		c->write_wants = 0;
	/* After an error the rest is of no use, but what the server said before
	 * it hung up is: so reading goes on.  Where it was not the server that
	 * hung up, it hears that nothing more will come, and does so. */
	if (n < 0)
		shutdown(c->fd, SHUT_WR);
	if (n < 0 || c->sent == c->out->len)
		output_done(c);
	return n > 0;
}

void conn_push(struct conn *c)
{
	try_write(c);
}

/* Room for size octets behind end: by moving, else by growing. */
static void make_room(struct conn *c, size_t size)
{
	if (c->start == c->end)
		c->start = c->scanned = c->end = 0;
	if (c->in_size - c->end >= size)
		return;
	memmove(c->in, c->in + c->start, c->end - c->start);
	c->end -= c->start;
	c->scanned -= c->start;
	c->start = 0;
	while (c->in_size - c->end < size)
		c->in = g_realloc(c->in, c->in_size *= 2);
}

static bool try_read(struct conn *c)
{
	c->read_wants = 0;
	if (c->read_error)
		return false;
	make_room(c, CHUNK / 2);
	ssize_t n = socket_read(c, c->in + c->end, c->in_size - c->end, &c->read_error);
	if (n > 0)
		c->end += (size_t)n;
	if (n < 0 && c->tunnel)
		net_tunnel_explain(c->tunnel, &c->read_error);
	return n > 0;
}

bool net_try_read(struct conn *c)
{
	return try_read(c);
}

/* A server that never stops talking must not keep a cancel out, nor a tunnel
 * that complains. */
static bool look_now(const struct conn *c, GError **error)
{
	return net_poll(c, NULL, 0, 0, error);
}

/* TLS may have to read in order to write, and the other way round; so both are
 * tried and both are waited for. */
bool net_exchange(struct conn *c, int64_t deadline, bool *progress, GError **error)
{
	bool wrote = try_write(c);
	bool got = try_read(c);
	struct pollfd p = {.fd = c->fd, .events = (short)(c->read_wants | c->write_wants)};
	*progress = wrote || got;
	if (*progress || c->read_error)
		return look_now(c, error);
	return net_wait(c, &p, deadline, error);
}
