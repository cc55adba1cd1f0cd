/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sanitize.h"
#include "smtp/external.h"
#include "wire/codes.h"

enum { LINE_OCTETS = 1000 };

struct watch {
	GPid pid;
	int pidfd;     /* -1: the kernel has none */
	int err;       /* -1: closed */
	GString *line; /* of stderr, unfinished */
	char *last;    /* the last whole one */
};

void external_result_clear(struct external_result *r)
{
	g_clear_pointer(&r->words, g_free);
}

static bool fail(GError **error, const char *program, const GError *why)
{
	bool shortage = g_error_matches(why, G_SPAWN_ERROR, G_SPAWN_ERROR_FORK);
	g_autofree char *shown = sanitize_line(program, -1);
	g_set_error(error, WIRE_ERROR, shortage ? CODE_SYSTEM : CODE_CONFIG,
		_("cannot run '%s': %s"), shown, why->message);
	return false;
}

static bool start(char **argv, int fd, struct watch *w, GError **error)
{
	int pipes[2], null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	g_autoptr(GError) why = NULL;
	if (null < 0 || pipe2(pipes, O_CLOEXEC) < 0) {
		g_set_error(error, WIRE_ERROR, CODE_SYSTEM, "%s", g_strerror(errno));
		if (null >= 0)
			close(null);
		return false;
	}
	bool ok = g_spawn_async_with_fds(NULL, argv, NULL,
		G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &w->pid, fd, null,
		pipes[1], &why);
	close(null);
	close(pipes[1]);
	w->err = pipes[0];
	if (ok)
		return true;
	close(w->err);
	return fail(error, argv[0], why);
}

static void end_line(struct watch *w)
{
	g_autofree char *line = sanitize_server_text(w->line->str, (gssize)w->line->len);
	g_string_truncate(w->line, 0);
	if (!*g_strstrip(line))
		return;
	g_free(w->last);
	w->last = g_steal_pointer(&line);
}

static void take_words(struct watch *w)
{
	char chunk[1024];
	ssize_t n = read(w->err, chunk, sizeof chunk);
	for (ssize_t i = 0; i < n; i++)
		if (chunk[i] == '\n')
			end_line(w);
		else if (w->line->len < LINE_OCTETS)
			g_string_append_c(w->line, chunk[i]);
	if (n > 0 || (n < 0 && errno == EINTR))
		return;
	close(w->err);
	w->err = -1;
}

/* Its end is what is waited for, not that of its stderr, which something that it
 * left running may hold for ever; without a pidfd that must do. */
static void wait_for_end(struct watch *w)
{
	for (;;) {
		struct pollfd p[] = {{w->pidfd, POLLIN, 0}, {w->err, POLLIN, 0}};
		int n = poll(p, G_N_ELEMENTS(p), EXTERNAL_PATIENCE * 1000);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			kill(w->pid, SIGKILL);
		if (n > 0 && p[1].revents)
			take_words(w);
		if (n <= 0 || p[0].revents || (w->pidfd < 0 && w->err < 0))
			return;
	}
}

static void reap(struct watch *w, struct external_result *r)
{
	int raw = 0;
	while (waitpid(w->pid, &raw, 0) < 0 && errno == EINTR)
		;
	while (w->err >= 0 && poll(&(struct pollfd){w->err, POLLIN, 0}, 1, 0) > 0)
		take_words(w);
	end_line(w);
	r->exited = WIFEXITED(raw);
	r->status = r->exited ? WEXITSTATUS(raw) : 0;
	r->words = w->last;
}

bool external_run(char **argv, int fd, struct external_result *r, GError **error)
{
	struct watch w = {.err = -1};
	*r = (struct external_result){0};
	if (!start(argv, fd, &w, error))
		return false;
	w.pidfd = pidfd_open(w.pid, 0);
	w.line = g_string_new(NULL);
	wait_for_end(&w);
	reap(&w, r);
	if (w.pidfd >= 0)
		close(w.pidfd);
	if (w.err >= 0)
		close(w.err);
	g_string_free(w.line, TRUE);
	return true;
}
