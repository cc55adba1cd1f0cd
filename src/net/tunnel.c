/* SPDX-License-Identifier: MIT
 *
 * A command as the connection.  It gets one end of a socket pair as its input
 * and output, so that all the rest of this folder need not know of it. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sanitize.h"
#include "net/internal.h"

/* How long it may take to end by itself, and to mind SIGTERM. */
enum { PATIENCE = 2000, LINE_MAX_OCTETS = 1000 };

struct tunnel {
	pid_t pid; /* 0: it has ended, and status tells how */
	int pidfd; /* -1: the kernel has none */
	int words; /* its stderr; -1: closed */
	int status;
	GString *line; /* of stderr, unfinished */
	char *last;    /* the last whole one */
	void (*says)(const char *line);
};

/* %h, %p and %%.  The name holds nothing that a shell could take for more. */
static char *expand(const char *command, const struct conn *c)
{
	GString *text = g_string_new(NULL);
	for (; *command; command++) {
		bool special = *command == '%' && command[1] && strchr("hp%", command[1]);
		if (!special)
			g_string_append_c(text, *command);
		else if (*++command == 'h')
			g_string_append(text, c->name);
		else if (*command == 'p')
			g_string_append_printf(text, "%u", c->port);
		else
			g_string_append_c(text, '%');
	}
	return g_string_free(text, FALSE);
}

static bool fail(GError **error, enum net_error code, const char *why)
{
	g_set_error(error, NET_ERROR, (int)code, _("cannot start the tunnel: %s"), why);
	return false;
}

static bool fail_errno(GError **error)
{
	int number = errno;
	return fail(error, net_code_of(number, NET_ERROR_CONNECT), g_strerror(number));
}

struct ends {
	int ours, in, out; /* of the connection; the command's are two descriptors */
	int words, err;
};

static void close_all(struct ends *e)
{
	const int fds[] = {e->ours, e->in, e->out, e->words, e->err};
	for (size_t i = 0; i < G_N_ELEMENTS(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static bool make_ends(struct ends *e, GError **error)
{
	int pair[2], pipes[2];
	*e = (struct ends){-1, -1, -1, -1, -1};
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return fail_errno(error);
	e->ours = pair[0];
	e->in = pair[1];
	e->out = fcntl(pair[1], F_DUPFD_CLOEXEC, 3);
	if (e->out < 0 || pipe2(pipes, O_CLOEXEC) < 0)
		return fail_errno(error);
	e->words = pipes[0];
	e->err = pipes[1];
	return (fcntl(e->ours, F_SETFL, O_NONBLOCK) == 0 &&
		       fcntl(e->words, F_SETFL, O_NONBLOCK) == 0) ||
	       fail_errno(error);
}

static bool spawn(const struct ends *e, char *command, GPid *pid, GError **error)
{
	char *argv[] = {(char *)"/bin/sh", (char *)"-c", command, NULL};
	g_autoptr(GError) why = NULL;
	return g_spawn_async_with_fds(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, pid,
		       e->in, e->out, e->err, &why) ||
	       fail(error,
		       g_error_matches(why, G_SPAWN_ERROR, G_SPAWN_ERROR_FORK) ? NET_ERROR_SYSTEM
									       : NET_ERROR_CONNECT,
		       why->message);
}

bool net_tunnel(struct conn *c, const struct conn_params *params, GError **error)
{
	struct ends e;
	GPid pid;
	g_autofree char *command = expand(params->tunnel, c);
	if (!make_ends(&e, error) || !spawn(&e, command, &pid, error)) {
		close_all(&e);
		return false;
	}
	c->fd = g_steal_fd(&e.ours);
	c->tunnel = g_new0(struct tunnel, 1);
	c->tunnel->pid = pid;
	c->tunnel->pidfd = pidfd_open(pid, 0);
	c->tunnel->words = g_steal_fd(&e.words);
	c->tunnel->line = g_string_new(NULL);
	c->tunnel->says = params->tunnel_says;
	close_all(&e);
	return true;
}

/* --- what it says --------------------------------------------------------------- */

int net_tunnel_fd(const struct tunnel *t)
{
	return t ? t->words : -1;
}

static void end_line(struct tunnel *t)
{
	if (t->line->len == 0)
		return;
	g_free(t->last);
	t->last = sanitize_line(t->line->str, (gssize)t->line->len);
	g_string_truncate(t->line, 0);
	if (t->says)
		t->says(t->last);
}

void net_tunnel_listen(struct tunnel *t)
{
	char octets[1024];
	ssize_t n = read(t->words, octets, sizeof octets);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
		close(t->words);
		t->words = -1;
	}
	for (ssize_t i = 0; i < n; i++)
		if (octets[i] == '\n')
			end_line(t);
		else if (t->line->len < LINE_MAX_OCTETS)
			g_string_append_c(t->line, octets[i]);
	if (t->words < 0)
		end_line(t);
}

/* --- how it ends ------------------------------------------------------------------ */

static bool reap(struct tunnel *t, int flags)
{
	while (t->pid > 0) {
		pid_t got = waitpid(t->pid, &t->status, flags);
		if (got == t->pid || (got < 0 && errno != EINTR))
			t->pid = 0;
		else if (got == 0)
			return false;
	}
	return true;
}

/* Until it has ended or the time is over, hearing its last words. */
static bool wait_for_end(struct tunnel *t, int milliseconds)
{
	int64_t deadline = clock_monotonic() + milliseconds, left;
	while (!reap(t, WNOHANG) && (left = deadline - clock_monotonic()) > 0) {
		struct pollfd p[] = {
			{.fd = t->pidfd, .events = POLLIN}, {.fd = t->words, .events = POLLIN}};
		poll(p, 2, (int)left);
		if (p[1].revents)
			net_tunnel_listen(t);
	}
	/* What it left in the pipe; others may hold that open for ever. */
	struct pollfd p = {.fd = t->words, .events = POLLIN};
	for (int i = 0; i < 100 && t->words >= 0 && poll(&p, 1, 0) > 0; i++)
		net_tunnel_listen(t);
	return t->pid == 0;
}

void net_tunnel_explain(struct tunnel *t, GError **error)
{
	if (!wait_for_end(t, PATIENCE) || t->status == 0 || !error || !*error)
		return;
	g_autofree char *how =
		WIFSIGNALED(t->status)
			? g_strdup_printf(_("signal %d"), WTERMSIG(t->status))
			: g_strdup_printf(_("exit status %d"), WEXITSTATUS(t->status));
	g_clear_error(error);
	if (t->last)
		g_set_error(error, NET_ERROR, NET_ERROR_CONNECT,
			/* TRANSLATORS: "exit status 255", and what the command said */
			_("the tunnel's command ended with %s, saying \"%s\""), how, t->last);
	else
		g_set_error(error, NET_ERROR, NET_ERROR_CONNECT,
			_("the tunnel's command ended with %s"), how);
}

void net_tunnel_end(struct tunnel *t)
{
	if (!t)
		return;
	if (!wait_for_end(t, PATIENCE))
		kill(t->pid, SIGTERM);
	if (!wait_for_end(t, PATIENCE))
		kill(t->pid, SIGKILL);
	reap(t, 0);
	if (t->words >= 0)
		close(t->words);
	if (t->pidfd >= 0)
		close(t->pidfd);
	g_string_free(t->line, TRUE);
	g_free(t->last);
	g_free(t);
}
