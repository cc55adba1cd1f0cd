/* SPDX-License-Identifier: MIT
 *
 * Which address of a host is taken (RFC 8305), with a resolver of our own and
 * listeners on several addresses of the loopback interface. */
#include "base/base.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/conn.h"

/* --- a resolver ------------------------------------------------------------------- */

enum { SIX, FOUR };

/* Addresses of each family, separated by spaces; "-": it never answers; "": there
 * are none. */
static struct {
	const char *addresses[2];
	int hang; /* where those that never answer read */
} resolver;

typedef int (*lookup_function)(
	const char *, const char *, const struct addrinfo *, struct addrinfo **);

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
	struct addrinfo **result)
{
	lookup_function real = (lookup_function)dlsym(RTLD_NEXT, "getaddrinfo");
	char octet;
	if (hints->ai_flags & AI_NUMERICHOST)
		return real(node, service, hints, result);
	const char *list = resolver.addresses[hints->ai_family == AF_INET6 ? SIX : FOUR];
	struct addrinfo numeric = *hints, **end = result;
	numeric.ai_flags |= AI_NUMERICHOST;
	if (strcmp(list, "-") == 0 && read(resolver.hang, &octet, 1) <= 0)
		return EAI_FAIL;
	g_auto(GStrv) words = g_strsplit(list, " ", -1);
	*result = NULL;
	for (char **word = words; *word && **word; word++, end = &(*end)->ai_next)
		g_assert_cmpint(real(*word, service, &numeric, end), ==, 0);
	return *result ? 0 : EAI_NONAME;
}

/* --- listeners ------------------------------------------------------------------------ */

static socklen_t make_address(const char *text, int port, struct sockaddr_storage *out)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM}, *found;
	g_autofree char *service = g_strdup_printf("%d", port);
	g_assert_cmpint(getaddrinfo(text, service, &hints, &found), ==, 0);
	socklen_t len = found->ai_addrlen;
	memcpy(out, found->ai_addr, len);
	freeaddrinfo(found);
	return len;
}

static int listen_at(const char *text, int port, int backlog)
{
	struct sockaddr_storage a;
	int on = 1;
	socklen_t len = make_address(text, port, &a);
	int fd = socket(a.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (a.ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&a, len) < 0 || listen(fd, backlog) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* A port that is free on all the addresses that the tests use. */
static int free_port(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t size = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&a, size), ==, 0);
	g_assert_cmpint(getsockname(fd, (struct sockaddr *)&a, &size), ==, 0);
	close(fd);
	return ntohs(a.sin_port);
}

/* Full, so that the kernel drops whoever knocks: a black hole. */
struct hole {
	int listener, knocking[4];
};

static void hole_open(struct hole *h, const char *text, int port)
{
	struct sockaddr_storage a;
	socklen_t len = make_address(text, port, &a);
	h->listener = listen_at(text, port, 0);
	g_assert_cmpint(h->listener, >=, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(h->knocking); i++) {
		h->knocking[i] = socket(a.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		connect(h->knocking[i], (struct sockaddr *)&a, len);
	}
}

static void hole_close(struct hole *h)
{
	for (size_t i = 0; i < G_N_ELEMENTS(h->knocking); i++)
		close(h->knocking[i]);
	close(h->listener);
}

static guint open_files(void)
{
	guint n = 0;
	DIR *dir = opendir("/proc/self/fd");
	while (dir && readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/* --- who wins --------------------------------------------------------------------------- */

/* hole: the address that swallows everything; listens: who answers; both may be
 * NULL.  winner NULL: nobody, then tried is all of them. */
static const struct race_row {
	const char *name, *six, *four, *hole, *listens, *winner, *tried;
} race_rows[] = {
	{"IPv4 alone", "", "127.0.0.1", NULL, "127.0.0.1", "127.0.0.1", "127.0.0.1"},
	{"IPv6 alone", "::1", "", NULL, "::1", "::1", "::1"},
	{"both answer: IPv6 first", "::1", "127.0.0.1", NULL, "::1 127.0.0.1", "::1", "::1"},
	{"IPv6 refuses", "::1", "127.0.0.1", NULL, "127.0.0.1", "127.0.0.1", "::1 127.0.0.1"},
	{"IPv6 is a black hole", "::1", "127.0.0.1", "::1", "127.0.0.1", "127.0.0.1",
		"::1 127.0.0.1"},
	{"the first of IPv4 is a black hole", "", "127.0.0.2 127.0.0.1", "127.0.0.2", "127.0.0.1",
		"127.0.0.1", "127.0.0.2 127.0.0.1"},
	{"a black hole, a refusal, an answer", "", "127.0.0.2 127.0.0.3 127.0.0.1", "127.0.0.2",
		"127.0.0.1", "127.0.0.1", "127.0.0.2 127.0.0.3 127.0.0.1"},
	/* The hole gives the other family's answer the time to come. */
	{"the families take turns", "::1 ::ffff:127.0.0.4", "127.0.0.1 127.0.0.2 127.0.0.3", "::1",
		"127.0.0.3", "127.0.0.3",
		"::1 127.0.0.1 ::ffff:127.0.0.4 127.0.0.2 127.0.0.3"},
	{"nobody answers", "::1", "127.0.0.1", NULL, NULL, NULL, "::1 127.0.0.1"},
	{"the resolver is deaf for IPv6", "-", "127.0.0.1", NULL, "127.0.0.1", "127.0.0.1",
		"127.0.0.1"},
	{"the resolver is deaf for IPv4", "::1", "-", NULL, "::1", "::1", "::1"},
};

static void listen_all(const char *list, int port, GArray *listeners)
{
	g_auto(GStrv) words = g_strsplit(list ? list : "", " ", -1);
	for (char **word = words; *word && **word; word++) {
		int fd = listen_at(*word, port, 5);
		g_assert_cmpint(fd, >=, 0);
		g_array_append_val(listeners, fd);
	}
}

static void check_race(const struct race_row *row, int port)
{
	struct conn_facts facts = {0};
	g_autoptr(GError) error = NULL;
	struct conn_params params = {.host = "x.test",
		.port = (uint16_t)port,
		.timeout = 20,
		.watch.fd = -1,
		.facts = &facts};
	g_autoptr(conn) c = conn_open(&params, &error);
	g_assert_true(facts.connected == (row->winner != NULL));
	g_ptr_array_set_size(facts.addresses, (gint)facts.tried);
	g_ptr_array_add(facts.addresses, NULL);
	g_autofree char *tried = g_strjoinv(" ", (char **)facts.addresses->pdata);
	g_assert_cmpstr(tried, ==, row->tried);
	g_assert_cmpstr(facts.address, ==, row->winner);
	if (row->winner)
		g_assert_no_error(error);
	else
		g_assert_error(error, NET_ERROR, NET_ERROR_CONNECT);
	g_clear_pointer(&c, conn_close);
	conn_facts_clear(&facts);
}

static void test_race(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(race_rows); i++) {
		const struct race_row *row = &race_rows[i];
		struct hole hole;
		int port = free_port();
		g_autoptr(GArray) listeners = g_array_new(FALSE, FALSE, sizeof(int));
		g_test_message("row '%s'", row->name);
		resolver.addresses[SIX] = row->six;
		resolver.addresses[FOUR] = row->four;
		if (row->hole)
			hole_open(&hole, row->hole, port);
		listen_all(row->listens, port, listeners);
		check_race(row, port);
		for (guint j = 0; j < listeners->len; j++)
			close(g_array_index(listeners, int, j));
		if (row->hole)
			hole_close(&hole);
	}
}

/* Those that lost are closed. */
static void test_losers(void)
{
	struct hole hole;
	int port = free_port();
	hole_open(&hole, "127.0.0.2", port);
	int listener = listen_at("127.0.0.1", port, 5);
	resolver.addresses[SIX] = "";
	resolver.addresses[FOUR] = "127.0.0.2 127.0.0.1";
	guint before = open_files();
	struct conn_params params = {.host = "x.test", .port = (uint16_t)port, .watch.fd = -1};
	g_autoptr(conn) c = conn_open(&params, NULL);
	g_assert_nonnull(c);
	g_assert_cmpuint(open_files(), ==, before + 1);
	g_clear_pointer(&c, conn_close);
	g_assert_cmpuint(open_files(), ==, before);
	close(listener);
	hole_close(&hole);
}

static bool no_more(void *data)
{
	return false;
}

/* P-29: a host that swallows everything costs the time-out, and Esc none of it. */
static void test_all_dead(void)
{
	struct hole one, two;
	int port = free_port(), stop[2];
	g_autoptr(GError) error = NULL;
	hole_open(&one, "127.0.0.2", port);
	hole_open(&two, "::1", port);
	resolver.addresses[SIX] = "::1";
	resolver.addresses[FOUR] = "127.0.0.2";
	struct conn_params params = {
		.host = "x.test", .port = (uint16_t)port, .timeout = 1, .watch.fd = -1};
	g_assert_null(conn_open(&params, &error));
	g_assert_error(error, NET_ERROR, NET_ERROR_TIMEOUT);
	g_clear_error(&error);
	g_assert_cmpint(pipe(stop), ==, 0);
	g_assert_cmpint(write(stop[1], "x", 1), ==, 1);
	params.timeout = 0;
	params.watch = (struct conn_watch){stop[0], no_more, NULL};
	g_assert_null(conn_open(&params, &error));
	g_assert_error(error, NET_ERROR, NET_ERROR_CANCELLED);
	close(stop[0]);
	close(stop[1]);
	hole_close(&one);
	hole_close(&two);
}

static void test_literal(void)
{
	int port = free_port();
	int listener = listen_at("::1", port, 5);
	struct conn_facts facts = {0};
	struct conn_params params = {.host = "[::1]",
		.port = (uint16_t)port,
		.watch.fd = -1,
		.facts = &facts};
	g_autoptr(conn) c = conn_open(&params, NULL);
	g_assert_nonnull(c);
	g_assert_cmpstr(facts.address, ==, "::1");
	g_assert_cmpuint(facts.addresses->len, ==, 1);
	g_clear_pointer(&c, conn_close);
	conn_facts_clear(&facts);
	close(listener);
}

static bool has_ipv6(void)
{
	int fd = listen_at("::1", 0, 1);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int main(int argc, char **argv)
{
	int hang[2];
	g_test_init(&argc, &argv, NULL);
	if (!has_ipv6()) {
		puts("1..0 # SKIP the loopback interface has no IPv6");
		return 0;
	}
	g_assert_cmpint(pipe2(hang, O_CLOEXEC), ==, 0);
	resolver.hang = hang[0];
	g_test_add_func("/race/rows/RFC-8305", test_race);
	g_test_add_func("/race/losers", test_losers);
	g_test_add_func("/race/all-dead/P-29", test_all_dead);
	g_test_add_func("/race/literal", test_literal);
	return g_test_run();
}
