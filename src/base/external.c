/* SPDX-License-Identifier: MIT */
#include "base/external.h"

#include "base/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE_OCTETS = 1000, ASK_EVERY = 200 /* milliseconds */ };

struct watch {
	const struct external *what;
	GPid pid;
	int pidfd;     /* -1: the kernel has none */
	int err;       /* -1: closed */
	GString *line; /* of stderr, unfinished */
	char *last;    /* the last whole one */
	gint64 began, heard; /* of the monotonic clock */
};

void external_result_clear(struct external_result *r)
{
	g_clear_pointer(&r->words, g_free);
}

/* In a group of its own what it starts ends with it. */
static bool start(struct watch *w, GError **error)
{
	int pipes[2];
	if (pipe2(pipes, O_CLOEXEC) < 0) {
		int why = errno;
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(why), "%s", g_strerror(why));
		return false;
	}
	const struct launch what = {.argv = (const char *const *)w->what->argv,
		.in = w->what->input, .out = LAUNCH_NULL, .err = pipes[1],
		.leads = w->what->apart};
	bool ok = launch(&what, &w->pid, error);
	close(pipes[1]);
	w->err = pipes[0];
	if (!ok)
		close(w->err);
	return ok;
}

static void end_line(struct watch *w)
{
	g_autofree char *line = g_strndup(w->line->str, w->line->len);
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
		else if (w->line->len < LINE_OCTETS && chunk[i] != '\0')
			g_string_append_c(w->line, chunk[i]);
	if (n > 0)
		w->heard = g_get_monotonic_time();
	if (n > 0 || (n < 0 && errno == EINTR))
		return;
	close(w->err);
	w->err = -1;
}

static gint64 until(gint64 from, int seconds)
{
	return seconds > 0 ? from + (gint64)seconds * G_USEC_PER_SEC : G_MAXINT64;
}

static bool is_late(const struct watch *w, gint64 *left)
{
	gint64 end = MIN(until(w->began, w->what->limit), until(w->heard, w->what->silence));
	*left = end == G_MAXINT64 ? G_MAXINT64 : end - g_get_monotonic_time();
	return *left <= 0;
}

/* Its end is what is waited for, not that of its stderr, which something that it
 * left running may hold for ever; without a pidfd that must do. */
static enum external_end wait_for_end(struct watch *w)
{
	const struct external *x = w->what;
	gint64 left;
	while (!is_late(w, &left)) {
		struct pollfd p[] = {{w->pidfd, POLLIN, 0}, {w->err, POLLIN, 0}};
		gint64 most = x->going ? ASK_EVERY : G_MAXINT;
		int n = poll(p, G_N_ELEMENTS(p), (int)MIN(left / 1000 + 1, most));
		if (n < 0 && errno != EINTR)
			return EXTERNAL_LATE;
		if (n > 0 && p[1].revents)
			take_words(w);
		if ((n > 0 && p[0].revents) || (w->pidfd < 0 && w->err < 0))
			return EXTERNAL_EXITED;
		if (x->going && !x->going(x->data))
			return EXTERNAL_STOPPED;
	}
	return EXTERNAL_LATE;
}

static void reap(struct watch *w, struct external_result *r)
{
	int raw = 0;
	if (r->end != EXTERNAL_EXITED)
		kill(w->what->apart ? -w->pid : w->pid, SIGKILL);
	while (waitpid(w->pid, &raw, 0) < 0 && errno == EINTR)
		;
	while (w->err >= 0 && poll(&(struct pollfd){w->err, POLLIN, 0}, 1, 0) > 0)
		take_words(w);
	end_line(w);
	r->words = w->last;
	if (r->end != EXTERNAL_EXITED)
		return;
	r->end = WIFEXITED(raw) ? EXTERNAL_EXITED : EXTERNAL_SIGNALLED;
	r->status = WIFEXITED(raw) ? WEXITSTATUS(raw) : WTERMSIG(raw);
}

bool external_run(const struct external *what, struct external_result *r, GError **error)
{
	struct watch w = {.what = what, .err = -1};
	*r = (struct external_result){0};
	if (!start(&w, error))
		return false;
	w.pidfd = pidfd_open(w.pid, 0);
	w.line = g_string_new(NULL);
	w.began = w.heard = g_get_monotonic_time();
	r->end = wait_for_end(&w);
	reap(&w, r);
	if (w.pidfd >= 0)
		close(w.pidfd);
	if (w.err >= 0)
		close(w.err);
	g_string_free(w.line, TRUE);
	return true;
}
