/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sanitize.h"
#include "store/filter-private.h"

enum { LINE_OCTETS = 1000 };

struct program {
	GPid pid;
	int pidfd;     /* -1: the kernel has none */
	int err;       /* -1: closed */
	GString *line; /* of stderr, unfinished */
	char *last;    /* the last whole one */
};

/* A group of its own: what it starts ends with it. */
static void lead(gpointer data)
{
	setpgid(0, 0);
}

static bool start(struct program *p, char **argv, int fd, char **why)
{
	int pipes[2], null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	g_autoptr(GError) error = NULL;
	if (null < 0 || pipe2(pipes, O_CLOEXEC) < 0) {
		*why = g_strdup(g_strerror(errno));
		if (null >= 0)
			close(null);
		return false;
	}
	bool ok = g_spawn_async_with_fds(NULL, argv, NULL,
		G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, lead, NULL, &p->pid, fd, null,
		pipes[1], &error);
	close(null);
	close(pipes[1]);
	p->err = pipes[0];
	if (ok)
		return true;
	close(p->err);
	*why = g_strdup(error->message);
	return false;
}

static void end_line(struct program *p)
{
	g_autofree char *line = sanitize_line(p->line->str, (gssize)p->line->len);
	g_string_truncate(p->line, 0);
	if (!*g_strstrip(line))
		return;
	g_free(p->last);
	p->last = g_steal_pointer(&line);
}

static void take_words(struct program *p)
{
	char chunk[1024];
	ssize_t n = read(p->err, chunk, sizeof chunk);
	for (ssize_t i = 0; i < n; i++)
		if (chunk[i] == '\n')
			end_line(p);
		else if (p->line->len < LINE_OCTETS)
			g_string_append_c(p->line, chunk[i]);
	if (n > 0 || (n < 0 && errno == EINTR))
		return;
	close(p->err);
	p->err = -1;
}

/* False: its time is up.  Its end is waited for, not that of its stderr, which
 * something that it left running may hold for ever. */
static bool wait_for_end(struct program *p, int limit)
{
	gint64 until = g_get_monotonic_time() + (gint64)limit * G_USEC_PER_SEC;
	for (;;) {
		struct pollfd fds[] = {{p->pidfd, POLLIN, 0}, {p->err, POLLIN, 0}};
		gint64 left = (until - g_get_monotonic_time()) / 1000;
		int n = poll(fds, G_N_ELEMENTS(fds), (int)CLAMP(left, 0, G_MAXINT));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		if (fds[1].revents)
			take_words(p);
		if (fds[0].revents || (p->pidfd < 0 && p->err < 0))
			return true;
	}
}

static char *described(const struct program *p, int raw)
{
	if (WIFSIGNALED(raw))
		return g_strdup_printf(_("signal %d ended it"), WTERMSIG(raw));
	if (p->last)
		return g_strdup_printf(_("exit status %d: %s"), WEXITSTATUS(raw), p->last);
	return g_strdup_printf(_("exit status %d"), WEXITSTATUS(raw));
}

static enum filter_verdict judge(
	const struct filter_rule *rule, struct program *p, bool in_time, char **why)
{
	int raw = 0;
	if (!in_time)
		kill(-p->pid, SIGKILL);
	while (waitpid(p->pid, &raw, 0) < 0 && errno == EINTR)
		;
	while (p->err >= 0 && poll(&(struct pollfd){p->err, POLLIN, 0}, 1, 0) > 0)
		take_words(p);
	end_line(p);
	if (!in_time) {
		*why = g_strdup_printf(P_("it was not done in %d second",
					       "it was not done in %d seconds", rule->limit),
			rule->limit);
		return FILTER_FAILED;
	}
	enum filter_verdict verdict = FILTER_FAILED;
	if (WIFEXITED(raw))
		verdict = (enum filter_verdict)rule->fates[WEXITSTATUS(raw)];
	if (verdict == FILTER_FAILED)
		*why = described(p, raw);
	return verdict;
}

enum filter_verdict filter_pipe(const struct filter_rule *rule, char **argv, int fd, char **why)
{
	struct program p = {.err = -1};
	g_autofree char *words = NULL;
	enum filter_verdict verdict = FILTER_FAILED;
	if (start(&p, argv, fd, &words)) {
		p.pidfd = pidfd_open(p.pid, 0);
		p.line = g_string_new(NULL);
		bool in_time = wait_for_end(&p, rule->limit);
		verdict = judge(rule, &p, in_time, &words);
		if (p.pidfd >= 0)
			close(p.pidfd);
		if (p.err >= 0)
			close(p.err);
		g_string_free(p.line, TRUE);
		g_free(p.last);
	}
	if (verdict == FILTER_FAILED) {
		g_autofree char *program = sanitize_line(argv[0], -1);
		*why = g_strdup_printf("'%s': %s", program, words);
	}
	return verdict;
}
