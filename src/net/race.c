/* SPDX-License-Identifier: MIT
 *
 * Happy Eyeballs, RFC 8305: a dead address, or a dead family, costs a quarter
 * of a second and not a time-out. */
#include "base/base.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/internal.h"

/* Milliseconds: section 5, "Connection Attempt Delay", and section 3,
 * "Resolution Delay" for an AAAA that is later than the A. */
enum { ATTEMPT_DELAY = 250, RESOLUTION_DELAY = 50 };
/* More addresses than this are not tried: nobody has them but for mischief. */
enum { ATTEMPTS_MAX = 32 };

enum { SIX, FOUR, FAMILIES };

struct attempt {
	int fd; /* -1: it failed */
	const struct addrinfo *address;
	int64_t began;
};

struct race {
	struct conn *c;
	const struct target *target;
	struct lookup *lookups[FAMILIES];      /* of an address the first, and no second */
	const struct addrinfo *next[FAMILIES]; /* not yet tried */
	bool known[FAMILIES];
	int turn; /* the family whose turn it is */
	struct attempt attempts[ATTEMPTS_MAX];
	guint begun, open;
	int64_t next_time; /* no further attempt before, while one is open */
	int failure;       /* errno that tells most; 0: none yet */
	bool inside;       /* an address was passed over (outside_only) */
};

static char *address_text(const struct addrinfo *a)
{
	char host[NI_MAXHOST];
	if (getnameinfo(a->ai_addr, a->ai_addrlen, host, sizeof host, NULL, 0, NI_NUMERICHOST) != 0)
		return g_strdup("?");
	return g_strdup(host);
}

static bool start_lookups(struct race *r, GError **error)
{
	const struct target *t = r->target;
	static const int families[] = {[SIX] = AF_INET6, [FOUR] = AF_INET};
	if (t->is_address)
		r->lookups[SIX] = net_lookup(t->name, t->port, AF_UNSPEC, error);
	for (int i = 0; !t->is_address && i < FAMILIES; i++)
		if (!(r->lookups[i] = net_lookup(t->name, t->port, families[i], error)))
			return false;
	return r->lookups[SIX] != NULL;
}

static bool is_known(const struct race *r, int family)
{
	return !r->lookups[family] || r->known[family];
}

/* a, or the next one that may be connected to. */
static const struct addrinfo *permitted(struct race *r, const struct addrinfo *a)
{
	for (; a && r->target->outside_only && !net_is_outside(a->ai_addr); a = a->ai_next)
		r->inside = true;
	return a;
}

static void take_lookups(struct race *r)
{
	for (int i = 0; i < FAMILIES; i++) {
		if (is_known(r, i) || !net_lookup_done(r->lookups[i]))
			continue;
		r->known[i] = true;
		r->next[i] = permitted(r, net_lookup_result(r->lookups[i]));
		/* IPv4 came first: IPv6 gets a moment to come as well. */
		if (i == FOUR && !is_known(r, SIX) && r->begun == 0)
			r->next_time = clock_monotonic() + RESOLUTION_DELAY;
		if (i == SIX && r->begun == 0)
			r->next_time = 0;
	}
}

static bool has_more(const struct race *r)
{
	return r->begun < ATTEMPTS_MAX && (r->next[SIX] || r->next[FOUR]);
}

/* The families take turns, section 4, IPv6 first. */
static const struct addrinfo *take_address(struct race *r)
{
	int family = r->next[r->turn] ? r->turn : 1 - r->turn;
	const struct addrinfo *a = r->next[family];
	r->next[family] = permitted(r, a->ai_next);
	r->turn = 1 - family;
	g_ptr_array_add(r->c->facts->addresses, address_text(a));
	r->c->facts->tried++;
	return a;
}

/* That there is no way for a whole family is the least that can be said. */
static void note_failure(struct race *r, int number)
{
	bool vague = number == ENETUNREACH || number == EAFNOSUPPORT || number == EADDRNOTAVAIL;
	if (!r->failure || !vague)
		r->failure = number;
}

static void fail_attempt(struct race *r, struct attempt *a, int number)
{
	if (a->fd >= 0)
		close(a->fd);
	a->fd = -1;
	r->open--;
	note_failure(r, number);
	/* Section 5: the next one need not wait any longer. */
	r->next_time = 0;
}

/* Whether it is connected already, which happens on loopback. */
static bool begin_attempt(struct race *r)
{
	int on = 1;
	struct attempt *a = &r->attempts[r->begun++];
	a->address = take_address(r);
	a->began = clock_monotonic();
	a->fd = socket(a->address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
		a->address->ai_protocol);
	r->open++;
	r->next_time = a->began + ATTEMPT_DELAY;
	if (a->fd < 0) {
		fail_attempt(r, a, errno);
		return false;
	}
	/* Commands are small and written whole: waiting for more gains nothing.  A letter's
	 * end goes apart from the letter (S-51), and without this it would wait for an
	 * acknowledgement that the other side puts off for 40 ms. */
	setsockopt(a->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (connect(a->fd, a->address->ai_addr, a->address->ai_addrlen) == 0)
		return true;
	if (errno != EINPROGRESS && errno != EINTR)
		fail_attempt(r, a, errno);
	return false;
}

static bool win(struct race *r, struct attempt *a)
{
	struct conn_facts *facts = r->c->facts;
	r->c->fd = a->fd;
	a->fd = -1;
	facts->address = address_text(a->address);
	facts->connect_ms = (int)(clock_monotonic() - a->began);
	return true;
}

/* Whether the attempt has won. */
static bool finish_attempt(struct race *r, struct attempt *a)
{
	int number = 0;
	socklen_t size = sizeof number;
	if (getsockopt(a->fd, SOL_SOCKET, SO_ERROR, &number, &size) < 0)
		number = errno;
	if (number == 0)
		return win(r, a);
	fail_attempt(r, a, number);
	return false;
}

static bool is_lost(const struct race *r)
{
	return r->open == 0 && !has_more(r) && is_known(r, SIX) && is_known(r, FOUR);
}

static bool lose(const struct race *r, GError **error)
{
	const struct target *t = r->target;
	if (r->begun == 0 && r->inside) {
		g_set_error(error, NET_ERROR, NET_ERROR_CONFIG,
			_("'%s' is this computer, or one in a network of its own"), t->host);
		return false;
	}
	/* What the name of IPv4 came to is what most people can read. */
	if (r->begun == 0)
		return net_lookup_failed(r->lookups[r->lookups[FOUR] ? FOUR : SIX], t->host, error);
	g_set_error(error, NET_ERROR, (int)net_code_of(r->failure, NET_ERROR_CONNECT),
		_("cannot connect to '%s' port %u: %s"), t->host, t->port, g_strerror(r->failure));
	return false;
}

/* One wait for whatever comes first; *winner: -1 or the attempt that won. */
static bool wait_for_any(struct race *r, int *winner, GError **error)
{
	struct pollfd fds[ATTEMPTS_MAX + FAMILIES];
	bool waits = has_more(r) && r->next_time > 0;
	int64_t until = waits ? MIN(r->next_time, r->target->deadline) : r->target->deadline;
	guint n = r->begun;
	for (guint i = 0; i < n; i++)
		fds[i] = (struct pollfd){.fd = r->attempts[i].fd, .events = POLLOUT};
	for (int i = 0; i < FAMILIES; i++)
		if (!is_known(r, i))
			fds[n++] = (struct pollfd){
				.fd = net_lookup_fd(r->lookups[i]), .events = POLLIN};
	if (!net_poll(r->c, fds, n, until, error))
		return false;
	for (guint i = 0; *winner < 0 && i < r->begun; i++)
		if (fds[i].revents && finish_attempt(r, &r->attempts[i]))
			*winner = (int)i;
	return true;
}

static bool may_begin(const struct race *r)
{
	return has_more(r) && r->next_time <= clock_monotonic();
}

static bool run(struct race *r, GError **error)
{
	int winner = -1;
	while (winner < 0) {
		take_lookups(r);
		if (may_begin(r)) {
			if (begin_attempt(r))
				return win(r, &r->attempts[r->begun - 1]);
			continue;
		}
		if (is_lost(r))
			return lose(r, error);
		if (clock_monotonic() >= r->target->deadline)
			return net_timed_out(r->c, error);
		if (!wait_for_any(r, &winner, error))
			return false;
	}
	return true;
}

bool net_race(struct conn *c, const struct target *target, GError **error)
{
	struct race r = {.c = c, .target = target};
	g_clear_pointer(&c->facts->addresses, g_ptr_array_unref);
	g_clear_pointer(&c->facts->address, g_free);
	c->facts->addresses = g_ptr_array_new_with_free_func(g_free);
	bool ok = start_lookups(&r, error) && run(&r, error);
	for (guint i = 0; i < r.begun; i++)
		if (r.attempts[i].fd >= 0)
			close(r.attempts[i].fd);
	for (int i = 0; i < FAMILIES; i++) {
		for (const struct addrinfo *a = r.next[i]; a; a = a->ai_next)
			g_ptr_array_add(c->facts->addresses, address_text(a));
		net_lookup_free(r.lookups[i]);
	}
	return ok;
}
