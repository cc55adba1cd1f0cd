/* SPDX-License-Identifier: MIT */
#include "wire/blocking.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/launch.h"
#include "base/path.h"
#include "wire/child.h"
#include "wire/stream.h"

struct wire_blocking {
	const char *program;
	int end_signal;
	char *argument;
	GPid pid; /* 0: not running */
	int fd, stop_fd; /* -1: none */
	struct wire_stream *stream;
	int64_t id;
};

struct wire_blocking *wire_blocking_new(const char *program, int end_signal)
{
	struct wire_blocking *b = g_new0(struct wire_blocking, 1);
	b->program = program;
	b->end_signal = end_signal;
	b->fd = b->stop_fd = -1;
	return b;
}

void wire_blocking_set_stop(struct wire_blocking *b, int fd)
{
	b->stop_fd = fd;
}

void wire_blocking_set_argument(struct wire_blocking *b, const char *argument)
{
	g_free(b->argument);
	b->argument = g_strdup(argument);
}

int wire_blocking_stop(struct wire_blocking *b)
{
	int status = 0;
	if (b->pid == 0)
		return 0;
	g_clear_pointer(&b->stream, wire_stream_free);
	close(b->fd);
	b->fd = -1;
	kill(b->pid, b->end_signal);
	while (waitpid(b->pid, &status, 0) < 0 && errno == EINTR)
		;
	g_spawn_close_pid(b->pid);
	b->pid = 0;
	return status;
}

void wire_blocking_free(struct wire_blocking *b)
{
	if (!b)
		return;
	wire_blocking_stop(b);
	g_free(b->argument);
	g_free(b);
}

char *wire_blocking_unconfined(const struct wire_blocking *b, int status, enum sandbox_role role)
{
	if (!WIFEXITED(status) || WEXITSTATUS(status) != EX_UNAVAILABLE)
		return NULL;
	g_autofree char *lacks = sandbox_lacks(role);
	return g_strdup_printf(_("cannot start '%s': the sandbox would not be whole: %s; "
				 "'sandbox = auto' does with what there is"),
		b->program, lacks ? lacks : _("the kernel refuses it"));
}

bool wire_blocking_runs(const struct wire_blocking *b)
{
	return b->pid != 0;
}

static bool spawn(struct wire_blocking *b, int theirs, GError **error)
{
	g_autofree char *program = path_program(b->program);
	const char *argv[] = {program, "--wire", b->argument, NULL};
	const struct launch what = {
		.argv = argv, .in = theirs, .out = theirs, .err = LAUNCH_OURS};
	if (launch(&what, &b->pid, error))
		return true;
	b->pid = 0;
	return false;
}

static bool start(struct wire_blocking *b, GError **error)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		g_set_error_literal(error, G_SPAWN_ERROR, G_SPAWN_ERROR_FORK, g_strerror(errno));
		return false;
	}
	bool started = spawn(b, pair[1], error);
	close(pair[1]);
	if (!started) {
		close(pair[0]);
		return false;
	}
	b->fd = pair[0];
	b->stream = wire_stream_new(b->fd, b->fd);
	g_autoptr(record) hello = record_new("do", "hello");
	record_set_int(hello, "version", WIRE_VERSION);
	/* One that is gone already is found out by the first request. */
	wire_stream_send(b->stream, hello, NULL, 0, NULL);
	return true;
}

/* One that died while nobody asked it anything costs no request. */
static bool is_dead(const struct wire_blocking *b)
{
	struct pollfd p = {.fd = b->fd, .events = 0};
	return poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR)) != 0;
}

bool wire_blocking_start(struct wire_blocking *b, bool *anew, GError **error)
{
	if (b->pid != 0 && is_dead(b))
		wire_blocking_stop(b);
	if (anew)
		*anew = b->pid == 0;
	return b->pid != 0 || start(b, error);
}

bool wire_blocking_send(struct wire_blocking *b, struct record *r, const int *fds, size_t n_fds)
{
	record_set_int(r, "id", ++b->id);
	return wire_stream_send(b->stream, r, fds, n_fds, NULL);
}

void wire_blocking_answer(struct wire_blocking *b, struct record *r)
{
	record_set_int(r, "id", b->id);
	wire_stream_send(b->stream, r, NULL, 0, NULL);
}

/* A record of the request under way, or NULL: the rest has to come yet. */
static struct record *take(struct wire_blocking *b, bool *done)
{
	for (;;) {
		g_autoptr(GError) bad = NULL;
		g_autoptr(record) r = wire_stream_take(b->stream, &bad);
		if (bad)
			continue;
		if (!r)
			return NULL;
		bool ours = record_int(r, "id") == b->id;
		bool failed = record_is(r, "event", "failed") && (ours || !record_has(r, "id"));
		*done = failed || (ours && record_is(r, "event", "done"));
		if (*done || ours)
			return g_steal_pointer(&r);
	}
}

enum wire_wait wire_blocking_wait(struct wire_blocking *b, int64_t until, struct record **answer)
{
	for (;;) {
		bool done = false;
		*answer = take(b, &done);
		if (*answer)
			return done ? WIRE_WAIT_DONE : WIRE_WAIT_EVENT;
		int64_t left = until - clock_monotonic();
		/* One that is negative is passed over. */
		struct pollfd p[] = {{.fd = b->fd, .events = POLLIN},
			{.fd = b->stop_fd, .events = POLLIN}};
		int n = left > 0 ? poll(p, G_N_ELEMENTS(p), (int)left) : 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			return WIRE_WAIT_TIMEOUT;
		if (p[0].revents == 0)
			return WIRE_WAIT_STOPPED;
		if (!wire_stream_fill(b->stream, NULL))
			return WIRE_WAIT_ENDED;
	}
}
