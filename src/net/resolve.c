/* SPDX-License-Identifier: MIT
 *
 * Looking up a name, each family by itself, so that a resolver that is slow
 * for one of them does not hold up the other (RFC 8305 section 3). */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/local.h"
#include "net/internal.h"

/* A look-up in a thread of its own: getaddrinfo() can take minutes and cannot
 * be ended, but we can stop waiting for it.  Two hold it, the thread and the
 * one who waits; the last one out frees it. */
struct lookup {
	gatomicrefcount holders;
	char *name;
	char service[8];
	struct addrinfo hints;
	int done[2]; /* a pipe: the thread closes its end; -1: it has */
	int status, saved_errno;
	struct addrinfo *addresses;
};

void net_lookup_free(struct lookup *l)
{
	if (!l || !g_atomic_ref_count_dec(&l->holders))
		return;
	if (l->addresses)
		freeaddrinfo(l->addresses);
	if (l->done[0] >= 0)
		close(l->done[0]);
	g_free(l->name);
	g_free(l);
}

static void look_up(struct lookup *l)
{
	l->status = getaddrinfo(l->name, l->service, &l->hints, &l->addresses);
	l->saved_errno = errno;
}

static gpointer lookup_thread(gpointer data)
{
	struct lookup *l = data;
	look_up(l);
	close(l->done[1]);
	net_lookup_free(l);
	return NULL;
}

static struct lookup *lookup_new(const char *name, uint16_t port, int family)
{
	struct lookup *l = g_new0(struct lookup, 1);
	g_atomic_ref_count_init(&l->holders);
	l->name = g_strdup(name);
	l->done[0] = l->done[1] = -1;
	l->hints = (struct addrinfo){.ai_socktype = SOCK_STREAM,
		.ai_family = family,
		.ai_flags = AI_NUMERICSERV | (family == AF_UNSPEC ? AI_NUMERICHOST : 0)};
	g_snprintf(l->service, sizeof l->service, "%u", port);
	return l;
}

static struct lookup *cannot_look_up(struct lookup *l, const char *why, GError **error)
{
	g_set_error(error, NET_ERROR, NET_ERROR_SYSTEM, _("cannot look up '%s': %s"), l->name, why);
	net_lookup_free(l);
	return NULL;
}

struct lookup *net_lookup(const char *name, uint16_t port, int family, GError **error)
{
	struct lookup *l = lookup_new(name, port, family);
	if (family == AF_UNSPEC) {
		look_up(l);
		return l;
	}
	if (pipe2(l->done, O_CLOEXEC) < 0) {
		l->done[0] = l->done[1] = -1;
		return cannot_look_up(l, g_strerror(errno), error);
	}
	g_autoptr(GError) why = NULL;
	g_atomic_ref_count_inc(&l->holders);
	GThread *thread = g_thread_try_new("lookup", lookup_thread, l, &why);
	if (!thread) {
		net_lookup_free(l); /* for the thread */
		close(l->done[1]);
		return cannot_look_up(l, why->message, error);
	}
	g_thread_unref(thread);
	return l;
}

int net_lookup_fd(const struct lookup *l)
{
	return l->done[0];
}

bool net_lookup_done(struct lookup *l)
{
	struct pollfd p = {.fd = l->done[0], .events = POLLIN};
	if (p.fd < 0)
		return true;
	if (poll(&p, 1, 0) <= 0)
		return false;
	close(l->done[0]);
	l->done[0] = -1;
	return true;
}

const struct addrinfo *net_lookup_result(const struct lookup *l)
{
	return l->status == 0 ? l->addresses : NULL;
}

bool net_lookup_failed(const struct lookup *l, const char *host, GError **error)
{
	const char *text =
		l->status == EAI_SYSTEM ? g_strerror(l->saved_errno) : gai_strerror(l->status);
	g_autofree char *why = local_decode(text, -1);
	int number = l->status == EAI_SYSTEM ? l->saved_errno : l->status == EAI_MEMORY ? ENOMEM : 0;
	g_set_error(error, NET_ERROR, (int)net_code_of(number, NET_ERROR_RESOLVE), _("cannot find the host '%s': %s"), host,
		why);
	return false;
}
