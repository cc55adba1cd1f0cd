/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/conn.h"
#include "net/interrupt.h"

/* --- A server of one connection, played by a thread --------------------------- */

struct server {
	int listener, port;
	void (*play)(int fd, const void *data);
	const void *data;
	GThread *thread;
};

static gpointer serve(gpointer data)
{
	struct server *s = data;
	int fd = accept(s->listener, NULL, NULL);
	if (fd >= 0) {
		s->play(fd, s->data);
		close(fd);
	}
	return NULL;
}

static void server_start(struct server *s, void (*play)(int, const void *), const void *data)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof a;
	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	g_assert_cmpint(bind(s->listener, (struct sockaddr *)&a, size), ==, 0);
	g_assert_cmpint(listen(s->listener, 1), ==, 0);
	g_assert_cmpint(getsockname(s->listener, (struct sockaddr *)&a, &size), ==, 0);
	s->port = ntohs(a.sin_port);
	s->play = play;
	s->data = data;
	s->thread = g_thread_new("server", serve, s);
}

static void server_end(struct server *s)
{
	shutdown(s->listener, SHUT_RDWR);
	g_thread_join(s->thread);
	close(s->listener);
}

static struct conn *open_to(const struct server *s, GError **error)
{
	struct conn_params params = {
		.host = "127.0.0.1", .port = (uint16_t)s->port, .timeout = 20, .watch.fd = -1};
	return conn_open(&params, error);
}

static void put(int fd, const char *text, size_t len)
{
	g_assert_cmpint(send(fd, text, len, MSG_NOSIGNAL), ==, (ssize_t)len);
}

/* Sends a text, then waits until the client hangs up. */
static void play_text(int fd, const void *data)
{
	char octets[256];
	put(fd, data, strlen(data));
	shutdown(fd, SHUT_WR);
	while (read(fd, octets, sizeof octets) > 0)
		;
}

/* --- Lines ------------------------------------------------------------------- */

static void test_lines(void)
{
	struct server s;
	size_t len;
	bool crlf;
	g_autoptr(GError) error = NULL;
	server_start(&s, play_text, "+OK one\r\n\r\nbare\nlast \r.\r\nunfinished");
	g_autoptr(conn) c = open_to(&s, &error);
	g_assert_no_error(error);
	g_assert_false(conn_is_secure(c));
	g_assert_cmpstr(conn_read_line(c, 100, &len, &crlf, &error), ==, "+OK one");
	g_assert_true(crlf);
	g_assert_cmpuint(len, ==, 7);
	g_assert_cmpstr(conn_read_line(c, 100, &len, &crlf, &error), ==, "");
	g_assert_cmpstr(conn_read_line(c, 100, &len, &crlf, &error), ==, "bare");
	g_assert_false(crlf);
	g_assert_cmpstr(conn_read_line(c, 100, &len, &crlf, &error), ==, "last \r.");
	g_assert_true(crlf);
	g_assert_no_error(error);
	/* A line cut off by the end is no line. */
	g_assert_null(conn_read_line(c, 100, &len, &crlf, &error));
	g_assert_error(error, NET_ERROR, NET_ERROR_CLOSED);
	g_clear_pointer(&c, conn_close);
	server_end(&s);
}

static void test_limit(void)
{
	struct server s;
	size_t len;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = g_strnfill(100 * 1024, 'x');
	server_start(&s, play_text, text);
	g_autoptr(conn) c = open_to(&s, &error);
	g_assert_no_error(error);
	g_assert_null(conn_read_line(c, 8192, &len, NULL, &error));
	g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
	g_clear_pointer(&c, conn_close);
	server_end(&s);
}

/* What was taken too much is given back, and lines go on behind it. */
static void test_unread(void)
{
	struct server s;
	char buffer[64];
	size_t len;
	g_autoptr(GError) error = NULL;
	server_start(&s, play_text, "body+OK\r\n");
	g_autoptr(conn) c = open_to(&s, &error);
	size_t had = 0;
	while (had < 9)
		had += conn_read_some(c, buffer + had, sizeof buffer - had, &error);
	g_assert_cmpuint(had, ==, 9);
	conn_unread(c, buffer + 4, had - 4);
	conn_unread(c, "longer than what was there, ", 28);
	g_assert_true(conn_has_input(c));
	g_assert_cmpstr(
		conn_read_line(c, 100, &len, NULL, &error), ==, "longer than what was there, +OK");
	g_clear_pointer(&c, conn_close);
	server_end(&s);
}

/* --- Waiting ----------------------------------------------------------------- */

static void play_silence(int fd, const void *data)
{
	char octets[256];
	while (read(fd, octets, sizeof octets) > 0)
		;
}

static void test_timeout(void)
{
	struct server s;
	size_t len;
	g_autoptr(GError) error = NULL;
	server_start(&s, play_silence, NULL);
	g_autoptr(conn) c = open_to(&s, &error);
	conn_set_timeout(c, 1);
	g_assert_null(conn_read_line(c, 100, &len, NULL, &error));
	g_assert_error(error, NET_ERROR, NET_ERROR_TIMEOUT);
	g_clear_pointer(&c, conn_close);
	server_end(&s);
}

static bool no_more(void *data)
{
	(*(int *)data)++;
	return false;
}

static void test_cancel(void)
{
	struct server s;
	int pipes[2], calls = 0;
	size_t len;
	g_autoptr(GError) error = NULL;
	g_assert_cmpint(pipe(pipes), ==, 0);
	server_start(&s, play_silence, NULL);
	struct conn_params params = {.host = "127.0.0.1",
		.port = (uint16_t)s.port,
		.watch = {.fd = pipes[0], .ready = no_more, .data = &calls}};
	g_autoptr(conn) c = conn_open(&params, &error);
	g_assert_no_error(error);
	g_assert_cmpint(write(pipes[1], "x", 1), ==, 1);
	g_assert_null(conn_read_line(c, 100, &len, NULL, &error));
	g_assert_error(error, NET_ERROR, NET_ERROR_CANCELLED);
	g_assert_cmpint(calls, ==, 1);
	g_clear_pointer(&c, conn_close);
	server_end(&s);
	close(pipes[0]);
	close(pipes[1]);
}

/* A server that never pauses does not keep a cancel out. */
static void play_endless(int fd, const void *data)
{
	static const char text[] =
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n";
	while (send(fd, text, sizeof text - 1, MSG_NOSIGNAL) > 0)
		;
}

static void test_cancel_endless(void)
{
	struct server s;
	int pipes[2], calls = 0;
	char buffer[4096];
	g_autoptr(GError) error = NULL;
	g_assert_cmpint(pipe(pipes), ==, 0);
	server_start(&s, play_endless, NULL);
	struct conn_params params = {.host = "127.0.0.1",
		.port = (uint16_t)s.port,
		.watch = {.fd = pipes[0], .ready = no_more, .data = &calls}};
	g_autoptr(conn) c = conn_open(&params, &error);
	g_assert_cmpint(write(pipes[1], "x", 1), ==, 1);
	while (conn_read_some(c, buffer, sizeof buffer, &error) > 0)
		;
	g_assert_error(error, NET_ERROR, NET_ERROR_CANCELLED);
	g_clear_pointer(&c, conn_close);
	server_end(&s);
	close(pipes[0]);
	close(pipes[1]);
}

static bool interrupt_ready(void *data)
{
	return !interrupt_came(data);
}

static void test_signal(void)
{
	struct server s;
	size_t len;
	g_autoptr(GError) error = NULL;
	g_autoptr(interrupt) i = interrupt_new(NULL);
	server_start(&s, play_silence, NULL);
	struct conn_params params = {.host = "127.0.0.1",
		.port = (uint16_t)s.port,
		.watch = {.fd = interrupt_fd(i), .ready = interrupt_ready, .data = i}};
	g_autoptr(conn) c = conn_open(&params, &error);
	raise(SIGTERM);
	g_assert_null(conn_read_line(c, 100, &len, NULL, &error));
	g_assert_error(error, NET_ERROR, NET_ERROR_CANCELLED);
	g_clear_pointer(&c, conn_close);
	server_end(&s);
}

/* Sends as much as we send before it reads a thing: both pipes are full. */
#define FLOOD (8 * 1024 * 1024)

static void play_stubborn(int fd, const void *data)
{
	g_autofree char *text = g_malloc0(FLOOD);
	put(fd, text, FLOOD);
	for (size_t got = 0; got < FLOOD;) {
		ssize_t n = read(fd, text, FLOOD);
		g_assert_cmpint(n, >, 0);
		got += (size_t)n;
	}
	put(fd, "thanks\r\n", 8);
}

static void test_no_deadlock(void)
{
	struct server s;
	size_t len, got = 0;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = g_malloc0(FLOOD);
	server_start(&s, play_stubborn, NULL);
	g_autoptr(conn) c = open_to(&s, &error);
	conn_write(c, text, FLOOD);
	while (got < FLOOD)
		got += conn_read_some(c, text, FLOOD - got, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(conn_read_line(c, 100, &len, NULL, &error), ==, "thanks");
	g_assert_cmpuint(conn_unsent(c), ==, 0);
	g_clear_pointer(&c, conn_close);
	server_end(&s);
}

/* A server that hangs up with a word: the word is heard though writing fails. */
static void test_last_words(void)
{
	struct server s;
	size_t len;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = g_malloc0(FLOOD);
	server_start(&s, play_text, "421 go away\r\n");
	g_autoptr(conn) c = open_to(&s, &error);
	conn_write(c, text, 1000);
	g_assert_cmpstr(conn_read_line(c, 100, &len, NULL, &error), ==, "421 go away");
	g_clear_pointer(&c, conn_close);
	server_end(&s);
}

static void test_refused(void)
{
	struct server s;
	g_autoptr(GError) error = NULL;
	server_start(&s, play_silence, NULL);
	server_end(&s);
	g_assert_null(open_to(&s, &error));
	g_assert_error(error, NET_ERROR, NET_ERROR_CONNECT);
}

static void test_host_names(void)
{
	static const char *const rows[] = {
		"", ".", ".test", "a..test", "mail.test..", "a b", "a/b", "[::1", "*.test", "a\nb",
		"-a", "a$b", "a`b`", "a;b", "a&b", "$(a)"};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		struct conn_params params = {.host = rows[i], .port = 1, .watch.fd = -1};
		g_test_message("row '%s'", rows[i]);
		g_assert_null(conn_open(&params, &error));
		g_assert_error(error, NET_ERROR, NET_ERROR_CONFIG);
	}
}

/* --- Names: a resolver of our own stands in for the system's -------------------- */

static struct {
	char *asked; /* the last name */
	bool two;    /* an address that refuses comes first */
	int hang;    /* read from before answering; 0: no */
	GMutex lock;
} resolver;

typedef int (*lookup_function)(
	const char *, const char *, const struct addrinfo *, struct addrinfo **);

static void remember(const char *node)
{
	g_mutex_lock(&resolver.lock);
	g_free(resolver.asked);
	resolver.asked = g_strdup(node);
	g_mutex_unlock(&resolver.lock);
}

/* Every name that is not an address is 127.0.0.1. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
	struct addrinfo **result)
{
	lookup_function real = (lookup_function)dlsym(RTLD_NEXT, "getaddrinfo");
	char octet;
	int hang = resolver.hang;
	remember(node);
	if (strcmp(node, "nowhere.test") == 0)
		return EAI_NONAME;
	if (hang && read(hang, &octet, 1) < 0)
		return EAI_FAIL;
	int status = real("127.0.0.1", service, hints, result);
	if (status == 0 && resolver.two)
		/* Nobody listens there: the port is that of the server, the
		 * address is another one of the loopback net. */
		status = real("127.0.0.2", service, hints, &(*result)->ai_next);
	if (status == 0 && resolver.two) {
		struct addrinfo *first = (*result)->ai_next;
		(*result)->ai_next = NULL;
		first->ai_next = *result;
		*result = first;
	}
	return status;
}

static void test_names(void)
{
	static const struct {
		const char *host, *asked;
	} rows[] = {
		{"mail.test", "mail.test"},
		{"MAIL.Test", "mail.test"},
		{"mail.test.", "mail.test"},
		{"почта.испытание", "xn--80a1acny.xn--80akhbyknj4f"},
		{"bücher.test", "xn--bcher-kva.test"},
		{"127.0.0.1", "127.0.0.1"},
		{"[::1]", "::1"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct server s;
		g_autoptr(GError) error = NULL;
		server_start(&s, play_silence, NULL);
		struct conn_params params = {
			.host = rows[i].host, .port = (uint16_t)s.port, .watch.fd = -1};
		g_test_message("row '%s'", rows[i].host);
		g_autoptr(conn) c = conn_open(&params, &error);
		g_assert_no_error(error);
		g_assert_cmpstr(resolver.asked, ==, rows[i].asked);
		g_clear_pointer(&c, conn_close);
		server_end(&s);
	}
}

static void test_unknown_host(void)
{
	g_autoptr(GError) error = NULL;
	struct conn_params params = {.host = "nowhere.test", .port = 1, .watch.fd = -1};
	g_assert_null(conn_open(&params, &error));
	g_assert_error(error, NET_ERROR, NET_ERROR_RESOLVE);
	g_assert_nonnull(strstr(error->message, "nowhere.test"));
}

/* The first address refuses, the second takes us. */
static void test_addresses(void)
{
	struct server s;
	size_t len;
	g_autoptr(GError) error = NULL;
	server_start(&s, play_text, "+OK\r\n");
	struct conn_params params = {
		.host = "two.test", .port = (uint16_t)s.port, .timeout = 20, .watch.fd = -1};
	resolver.two = true;
	g_autoptr(conn) c = conn_open(&params, &error);
	resolver.two = false;
	g_assert_no_error(error);
	g_assert_nonnull(conn_read_line(c, 100, &len, NULL, &error));
	g_clear_pointer(&c, conn_close);
	server_end(&s);
}

/* A resolver that never answers keeps neither the deadline nor a cancel out. */
static void test_deaf_resolver(void)
{
	int hang[2], stop[2], calls = 0;
	g_autoptr(GError) error = NULL;
	g_assert_cmpint(pipe(hang), ==, 0);
	g_assert_cmpint(pipe(stop), ==, 0);
	resolver.hang = hang[0];
	struct conn_params params = {
		.host = "deaf.test", .port = 1, .timeout = 1, .watch = {stop[0], no_more, &calls}};
	g_assert_null(conn_open(&params, &error));
	g_assert_error(error, NET_ERROR, NET_ERROR_TIMEOUT);
	g_clear_error(&error);
	params.timeout = 0;
	g_assert_cmpint(write(stop[1], "x", 1), ==, 1);
	g_assert_null(conn_open(&params, &error));
	g_assert_error(error, NET_ERROR, NET_ERROR_CANCELLED);
	resolver.hang = 0;
	/* The threads that were left behind end, one for each family. */
	g_assert_cmpint(write(hang[1], "xxxx", 4), ==, 4);
}

/* --- Traces ------------------------------------------------------------------ */

static void collect(bool sent, const char *line, size_t len, void *data)
{
	g_string_append_printf(data, "%c%.*s|", sent ? '>' : '<', (int)len, line);
}

static void test_trace(void)
{
	struct server s;
	size_t len;
	g_autoptr(GError) error = NULL;
	GString *seen = g_string_new(NULL);
	server_start(&s, play_text, "+OK\r\n");
	struct conn_params params = {.host = "127.0.0.1",
		.port = (uint16_t)s.port,
		.watch.fd = -1,
		.trace = collect,
		.trace_data = seen};
	g_autoptr(conn) c = conn_open(&params, &error);
	conn_printf(c, "DELE %d\r\nDELE %d\r\n", 1, 2);
	conn_write_secret(c, "PASS tops3cret", "PASS ");
	g_assert_true(conn_flush(c, &error));
	g_assert_nonnull(conn_read_line(c, 100, &len, NULL, &error));
	g_assert_cmpstr(seen->str, ==, ">DELE 1|>DELE 2|>PASS ***|<+OK|");
	g_clear_pointer(&c, conn_close);
	server_end(&s);
	g_string_free(seen, TRUE);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	signal(SIGPIPE, SIG_IGN);
	g_test_add_func("/net/lines", test_lines);
	g_test_add_func("/net/limit/P-40", test_limit);
	g_test_add_func("/net/unread", test_unread);
	g_test_add_func("/net/timeout/P-29", test_timeout);
	g_test_add_func("/net/cancel", test_cancel);
	g_test_add_func("/net/cancel/endless", test_cancel_endless);
	g_test_add_func("/net/cancel/signal", test_signal);
	g_test_add_func("/net/no-deadlock/P-55", test_no_deadlock);
	g_test_add_func("/net/last-words", test_last_words);
	g_test_add_func("/net/refused", test_refused);
	g_test_add_func("/net/host-names/T-04", test_host_names);
	g_test_add_func("/net/names/T-04", test_names);
	g_test_add_func("/net/names/unknown", test_unknown_host);
	g_test_add_func("/net/addresses", test_addresses);
	g_test_add_func("/net/deaf-resolver", test_deaf_resolver);
	g_test_add_func("/net/trace/T-30", test_trace);
	return g_test_run();
}
