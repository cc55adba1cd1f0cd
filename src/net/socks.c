/* SPDX-License-Identifier: MIT
 *
 * SOCKS5, RFC 1928, with user and password, RFC 1929.  The name goes to the
 * proxy as it is: it may know it where we do not, and nobody else is asked. */
#include "base/base.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "net/internal.h"

enum {
	SOCKS5 = 5,
	METHOD_NONE = 0,
	METHOD_LOGIN = 2,
	METHOD_REFUSED = 0xFF,
	LOGIN_VERSION = 1,
	COMMAND_CONNECT = 1,
	ADDRESS_IPV4 = 1,
	ADDRESS_NAME = 3,
	ADDRESS_IPV6 = 4,
};

struct socks {
	struct conn *c;
	const struct conn_proxy *proxy;
	int64_t deadline;
};

static bool fail(const struct socks *s, enum net_error code, const char *why, GError **error)
{
	g_set_error(error, NET_ERROR, code, _("the proxy '%s' port %u: %s"), s->proxy->host,
		s->proxy->port, why);
	return false;
}

static bool wait_for(const struct socks *s, short events, GError **error)
{
	struct pollfd p = {.fd = s->c->fd, .events = events};
	while (!p.revents)
		if (!net_wait(s->c, &p, s->deadline, error))
			return false;
	return true;
}

static bool put(const struct socks *s, const uint8_t *data, size_t len, GError **error)
{
	while (len > 0) {
		ssize_t n = send(s->c->fd, data, len, MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return fail(s, NET_ERROR_CONNECT, g_strerror(errno), error);
		if (n < 0 && !wait_for(s, POLLOUT, error))
			return false;
		data += MAX(n, 0);
		len -= (size_t)MAX(n, 0);
	}
	return true;
}

/* Exactly so many octets: what follows them is the server's. */
static bool get(const struct socks *s, uint8_t *data, size_t len, GError **error)
{
	while (len > 0) {
		ssize_t n = recv(s->c->fd, data, len, 0);
		if (n == 0)
			return fail(s, NET_ERROR_CONNECT, _("it closed the connection"), error);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return fail(s, NET_ERROR_CONNECT, g_strerror(errno), error);
		if (n < 0 && !wait_for(s, POLLIN, error))
			return false;
		data += MAX(n, 0);
		len -= (size_t)MAX(n, 0);
	}
	return true;
}

static bool no_socks(const struct socks *s, GError **error)
{
	return fail(s, NET_ERROR_CONFIG,
		_("it does not speak SOCKS5; check 'proxy' in the dotfile"), error);
}

/* A length of one octet and the text; returns the octet behind. */
static uint8_t *add_text(uint8_t *at, const char *text)
{
	size_t len = strlen(text);
	g_assert(len <= 255);
	*at++ = (uint8_t)len;
	memcpy(at, text, len);
	return at + len;
}

static bool log_in(const struct socks *s, GError **error)
{
	uint8_t message[3 + 2 * 255] = {LOGIN_VERSION}, reply[2];
	uint8_t *end = add_text(add_text(message + 1, s->proxy->user), s->proxy->password);
	bool ok = put(s, message, (size_t)(end - message), error);
	explicit_bzero(message, sizeof message);
	if (!ok || !get(s, reply, sizeof reply, error))
		return false;
	return reply[1] == 0 ||
	       fail(s, NET_ERROR_CONFIG,
		       _("it refuses user or password; check 'proxy' in the dotfile"), error);
}

static bool greet(const struct socks *s, GError **error)
{
	const uint8_t anybody[] = {SOCKS5, 1, METHOD_NONE};
	const uint8_t somebody[] = {SOCKS5, 2, METHOD_NONE, METHOD_LOGIN};
	uint8_t reply[2];
	bool ok = s->proxy->user ? put(s, somebody, sizeof somebody, error)
				 : put(s, anybody, sizeof anybody, error);
	if (!ok || !get(s, reply, sizeof reply, error))
		return false;
	if (reply[0] != SOCKS5)
		return no_socks(s, error);
	if (reply[1] == METHOD_NONE)
		return true;
	if (reply[1] == METHOD_LOGIN && s->proxy->user)
		return log_in(s, error);
	if (reply[1] != METHOD_REFUSED)
		return no_socks(s, error);
	return fail(s, NET_ERROR_CONFIG,
		s->proxy->user ? _("it takes no user and password; check 'proxy' in the dotfile")
			       : _("it wants a user and a password: write 'proxy = "
				   "socks5://USER:PASSWORD@HOST:PORT'"),
		error);
}

/* The server as the proxy is told of it, RFC 1928 section 5. */
static uint8_t *add_address(uint8_t *at, const struct conn *c)
{
	if (inet_pton(AF_INET, c->name, at + 1) == 1) {
		*at = ADDRESS_IPV4;
		at += 1 + 4;
	} else if (inet_pton(AF_INET6, c->name, at + 1) == 1) {
		*at = ADDRESS_IPV6;
		at += 1 + 16;
	} else {
		*at = ADDRESS_NAME;
		at = add_text(at + 1, c->name);
	}
	*at++ = (uint8_t)(c->port >> 8);
	*at++ = (uint8_t)(c->port & 0xFF);
	return at;
}

/* RFC 1928 section 6. */
static const struct {
	enum net_error code;
	const char *text;
} replies[] = {
	[1] = {NET_ERROR_CONNECT, N_("it failed, and does not say why")},
	[2] = {NET_ERROR_CONFIG, N_("its rules do not allow this connection")},
	[3] = {NET_ERROR_CONNECT, N_("the network of the server cannot be reached from there")},
	[4] = {NET_ERROR_CONNECT, N_("the server is not known or cannot be reached from there")},
	[5] = {NET_ERROR_CONNECT, N_("the server refused the connection")},
	[6] = {NET_ERROR_CONNECT, N_("the server is too far away (TTL expired)")},
	[7] = {NET_ERROR_CONFIG, N_("it cannot make connections (command not supported)")},
	[8] = {NET_ERROR_CONFIG, N_("it does not take this kind of address")},
};

static bool refused(const struct socks *s, uint8_t reply, GError **error)
{
	bool known = reply < G_N_ELEMENTS(replies) && replies[reply].text;
	g_autofree char *number = g_strdup_printf(_("it answers with the unknown code %u"), reply);
	g_autofree char *why = g_strdup_printf(_("'%s' port %u: %s"), s->c->host, s->c->port,
		known ? _(replies[reply].text) : number);
	return fail(s, known ? replies[reply].code : NET_ERROR_CONNECT, why, error);
}

/* What the proxy's own end of the connection is called is of no use to us, but
 * it must be read to its last octet. */
static bool skip_address(const struct socks *s, uint8_t type, GError **error)
{
	uint8_t rest[255 + 2], len;
	if (type == ADDRESS_IPV4)
		return get(s, rest, 4 + 2, error);
	if (type == ADDRESS_IPV6)
		return get(s, rest, 16 + 2, error);
	if (type == ADDRESS_NAME)
		return get(s, &len, 1, error) && get(s, rest, (size_t)len + 2, error);
	return no_socks(s, error);
}

static bool request(const struct socks *s, GError **error)
{
	uint8_t message[3 + 1 + 1 + 255 + 2] = {SOCKS5, COMMAND_CONNECT, 0}, reply[4];
	if (strlen(s->c->name) > 255)
		return fail(s, NET_ERROR_CONFIG, _("the name of the server is too long"), error);
	const uint8_t *end = add_address(message + 3, s->c);
	if (!put(s, message, (size_t)(end - message), error) || !get(s, reply, sizeof reply, error))
		return false;
	if (reply[0] != SOCKS5)
		return no_socks(s, error);
	if (reply[1] != 0)
		return refused(s, reply[1], error);
	return skip_address(s, reply[3], error);
}

bool net_socks(struct conn *c, const struct conn_proxy *proxy, int64_t deadline, GError **error)
{
	const struct socks s = {c, proxy, deadline};
	return greet(&s, error) && request(&s, error);
}
