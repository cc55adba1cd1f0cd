/* SPDX-License-Identifier: MIT */
#include "net/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "net/conn.h"

struct interrupt {
	int pipe[2];
	int epoll;
	int watched; /* -1: none */
};

/* A signal handler can be given nothing, so these two cannot be elsewhere. */
static volatile sig_atomic_t came;
static volatile sig_atomic_t wake_fd = -1;

static const int signals[] = {SIGTERM, SIGINT, SIGHUP};

static void handler(int number)
{
	int saved = errno;
	came = 1;
	if (wake_fd >= 0 && write(wake_fd, "", 1) < 0) {
		/* The pipe is full: it is readable already. */
	}
	errno = saved;
}

static void set_handlers(void (*function)(int))
{
	struct sigaction action = {.sa_handler = function};
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
		sigaction(signals[i], &action, NULL);
}

static void add(struct interrupt *i, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
	/* A regular file as input (</dev/null, <script) cannot be watched; it
	 * never keeps anybody waiting either. */
	if (epoll_ctl(i->epoll, EPOLL_CTL_ADD, fd, &event) == 0 && fd != i->pipe[0])
		i->watched = fd;
}

struct interrupt *interrupt_new(GError **error)
{
	g_autofree struct interrupt *i = g_new0(struct interrupt, 1);
	i->watched = -1;
	i->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (i->epoll < 0 || pipe2(i->pipe, O_CLOEXEC | O_NONBLOCK) != 0) {
		g_set_error(error, NET_ERROR, NET_ERROR_SYSTEM, _("cannot wait for signals: %s"),
			g_strerror(errno));
		if (i->epoll >= 0)
			close(i->epoll);
		return NULL;
	}
	add(i, i->pipe[0]);
	came = 0;
	wake_fd = i->pipe[1];
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	set_handlers(handler);
	return g_steal_pointer(&i);
}

void interrupt_free(struct interrupt *i)
{
	if (!i)
		return;
	set_handlers(SIG_DFL);
	wake_fd = -1;
	close(i->pipe[0]);
	close(i->pipe[1]);
	close(i->epoll);
	g_free(i);
}

int interrupt_fd(const struct interrupt *i)
{
	return i->epoll;
}

void interrupt_watch(struct interrupt *i, int fd)
{
	add(i, fd);
}

void interrupt_unwatch(struct interrupt *i)
{
	if (i->watched >= 0)
		epoll_ctl(i->epoll, EPOLL_CTL_DEL, i->watched, NULL);
	i->watched = -1;
}

bool interrupt_came(const struct interrupt *i)
{
	return came;
}
