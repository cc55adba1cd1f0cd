/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <idn2.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/internal.h"

static bool is_ip(const char *text)
{
	unsigned char octets[16];
	return inet_pton(AF_INET, text, octets) == 1 || inet_pton(AF_INET6, text, octets) == 1;
}

static bool fail_host(GError **error, const char *host, const char *why)
{
	g_set_error(error, NET_ERROR, NET_ERROR_CONFIG, _("the host name '%s' is not valid: %s"),
		host, why);
	return false;
}

static char *without_last_dot(const char *host)
{
	size_t len = strlen(host);
	return g_strndup(host, len > 0 && host[len - 1] == '.' ? len - 1 : len);
}

static const char *host_fault(const char *host)
{
	if (!*host)
		return _("it is empty");
	if (*host == '.')
		return _("it begins with a dot");
	if (strstr(host, "..") || g_str_has_suffix(host, "."))
		return _("it has an empty part");
	if (strpbrk(host, " /\\:@%\t\r\n\"'<>[]*"))
		return _("it holds a character that no host name has");
	return NULL;
}

/* An empty name or one with a leading dot would make OpenSSL check nothing or
 * too little (T-04), so they end here. */
bool net_host_name(const char *host, char **name, bool *is_address, GError **error)
{
	size_t len = strlen(host);
	g_autofree char *bare = len > 2 && host[0] == '[' && host[len - 1] == ']'
					? g_strndup(host + 1, len - 2)
					: without_last_dot(host);
	*is_address = is_ip(bare);
	if (*is_address) {
		*name = g_steal_pointer(&bare);
		return true;
	}
	const char *fault = host_fault(bare);
	if (fault)
		return fail_host(error, host, fault);
	if (g_str_is_ascii(bare)) {
		*name = g_ascii_strdown(bare, -1);
		return true;
	}
	uint8_t *ascii = NULL;
	int rc = idn2_lookup_u8(
		(const uint8_t *)bare, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (rc != IDN2_OK)
		return fail_host(error, host, idn2_strerror(rc));
	*name = g_strdup((char *)ascii);
	idn2_free(ascii);
	return true;
}

/* A look-up in a thread of its own: getaddrinfo() can take minutes and cannot
 * be ended, but we can stop waiting for it.  Two hold it, the thread and the
 * one who waits; the last one out frees it. */
struct lookup {
	gatomicrefcount holders;
	char *name;
	char service[8];
	int done[2]; /* a pipe: the thread closes its end */
	int status, saved_errno;
	struct addrinfo *addresses;
};

static void lookup_unref(struct lookup *l)
{
	if (!g_atomic_ref_count_dec(&l->holders))
		return;
	if (l->addresses)
		freeaddrinfo(l->addresses);
	close(l->done[0]);
	g_free(l->name);
	g_free(l);
}

static gpointer lookup_thread(gpointer data)
{
	struct lookup *l = data;
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	l->status = getaddrinfo(l->name, l->service, &hints, &l->addresses);
	l->saved_errno = errno;
	close(l->done[1]);
	lookup_unref(l);
	return NULL;
}

static struct lookup *lookup_start(const struct conn *c, GError **error)
{
	struct lookup *l = g_new0(struct lookup, 1);
	g_atomic_ref_count_init(&l->holders);
	l->name = g_strdup(c->name);
	g_snprintf(l->service, sizeof l->service, "%u", c->port);
	if (pipe2(l->done, O_CLOEXEC) < 0) {
		g_set_error(error, NET_ERROR, NET_ERROR_RESOLVE, _("cannot look up '%s': %s"),
			c->host, g_strerror(errno));
		g_free(l->name);
		g_free(l);
		return NULL;
	}
	g_atomic_ref_count_inc(&l->holders);
	g_thread_unref(g_thread_new("lookup", lookup_thread, l));
	return l;
}

static bool lookup_failed(const struct conn *c, const struct lookup *l, GError **error)
{
	const char *text =
		l->status == EAI_SYSTEM ? g_strerror(l->saved_errno) : gai_strerror(l->status);
	g_autofree char *why = g_locale_to_utf8(text, -1, NULL, NULL, NULL);
	g_set_error(error, NET_ERROR, NET_ERROR_RESOLVE, _("cannot find the host '%s': %s"),
		c->host, why ? why : text);
	return false;
}

static bool lookup_wait(const struct conn *c, struct lookup *l, int64_t deadline, GError **error)
{
	struct pollfd p = {.fd = l->done[0], .events = POLLIN};
	while (!p.revents)
		if (!net_wait(c, &p, deadline, error))
			return false;
	return l->status == 0 || lookup_failed(c, l, error);
}

static bool fail_connect(const struct conn *c, int number, GError **error)
{
	g_set_error(error, NET_ERROR, NET_ERROR_CONNECT, _("cannot connect to '%s' port %u: %s"),
		c->host, c->port, g_strerror(number));
	return false;
}

static bool finish_connect(struct conn *c, int64_t deadline, GError **error)
{
	struct pollfd p = {.fd = c->fd, .events = POLLOUT};
	int number = 0;
	socklen_t size = sizeof number;
	while (!p.revents)
		if (!net_wait(c, &p, deadline, error))
			return false;
	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &number, &size) < 0)
		number = errno;
	return number == 0 || fail_connect(c, number, error);
}

static bool connect_one(struct conn *c, const struct addrinfo *a, int64_t deadline, GError **error)
{
	int on = 1;
	c->fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol);
	if (c->fd < 0)
		return fail_connect(c, errno, error);
	/* Commands are small and written whole: waiting for more gains nothing. */
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (connect(c->fd, a->ai_addr, a->ai_addrlen) == 0)
		return true;
	if (errno == EINPROGRESS || errno == EINTR) {
		if (finish_connect(c, deadline, error))
			return true;
	} else {
		fail_connect(c, errno, error);
	}
	close(c->fd);
	c->fd = -1;
	return false;
}

static guint count(const struct addrinfo *a)
{
	guint n = 0;
	for (; a; a = a->ai_next)
		n++;
	return n;
}

/* Every address in turn; each gets its share of the time that is left, so that
 * a dead first address leaves some for the second. */
static bool connect_any(struct conn *c, const struct addrinfo *a, int64_t deadline, GError **error)
{
	for (guint left = count(a); a; a = a->ai_next, left--) {
		g_autoptr(GError) why = NULL;
		int64_t now = clock_monotonic();
		int64_t share =
			deadline == NET_FOREVER ? NET_FOREVER : now + (deadline - now) / left;
		if (connect_one(c, a, share, &why))
			return true;
		if (left == 1 || why->code == NET_ERROR_CANCELLED) {
			g_propagate_error(error, g_steal_pointer(&why));
			return false;
		}
	}
	return fail_connect(c, EADDRNOTAVAIL, error);
}

bool net_connect(struct conn *c, GError **error)
{
	int64_t deadline = net_deadline(c->connect_timeout);
	struct lookup *l = lookup_start(c, error);
	if (!l)
		return false;
	bool ok =
		lookup_wait(c, l, deadline, error) && connect_any(c, l->addresses, deadline, error);
	lookup_unref(l);
	return ok;
}
