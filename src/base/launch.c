/* SPDX-License-Identifier: MIT */
#include "base/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What goes along with a request: its text in memory, 0, 1 and 2 of the child. */
enum { TEXT, STANDARD, DESCRIPTORS = STANDARD + 3 };

/* argv, env, a directory ("": ours), leads, apart, size of files. */
#define REQUEST "(aayaayaybbx)"

struct answer {
	pid_t pid;
	int why; /* errno; 0: it runs */
};

static struct {
	GMutex mutex;
	int fd; /* valid if runs */
	bool runs;
} launcher;

/* --- in the child ---------------------------------------------------------------------- */

static const int held[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE};

/* Like g_spawn_*() of a child_setup: no memory is allocated. */
static void settle(bool leads, bool apart, int64_t file_size)
{
	if (apart)
		setsid();
	else if (leads)
		setpgid(0, 0);
	if (file_size > 0) {
		struct rlimit most = {(rlim_t)file_size, (rlim_t)file_size};
		setrlimit(RLIMIT_FSIZE, &most);
	}
}

static void settle_directly(void *data)
{
	const struct launch *what = data;
	settle(what->leads, what->apart, what->file_size);
}

/* --- the launcher ------------------------------------------------------------------------ */

struct order {
	const char **argv, **env;
	const char *directory;
	gboolean leads, apart;
	gint64 file_size;
	const int *fds;
	const struct sigaction *before; /* of held */
};

static void become(const struct order *o, int tell)
{
	int why = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(held); i++)
		sigaction(held[i], &o->before[i], NULL);
	signal(SIGPIPE, SIG_DFL);
	for (int i = 0; i < 3; i++)
		if (dup2(o->fds[STANDARD + i], i) < 0)
			why = errno;
	if (!why && *o->directory && chdir(o->directory) != 0)
		why = errno;
	settle(o->leads, o->apart, o->file_size);
	close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	if (!why) {
		execvpe(o->argv[0], (char **)o->argv, (char **)o->env);
		why = errno;
	}
	if (write(tell, &why, sizeof why) < 0)
		_exit(126);
	_exit(127);
}

/* A sibling: the child of who asks. */
static struct answer obey(const struct order *o)
{
	struct answer a = {-1, 0};
	int tell[2];
	if (pipe2(tell, O_CLOEXEC) != 0) {
		a.why = errno;
		return a;
	}
	a.pid = (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
	if (a.pid == 0)
		become(o, tell[1]);
	if (a.pid < 0)
		a.why = errno;
	close(tell[1]);
	if (read(tell[0], &a.why, sizeof a.why) < 0)
		a.why = errno;
	close(tell[0]);
	return a;
}

static struct answer read_order(const int *fds, const struct sigaction *before)
{
	struct answer a = {-1, EPROTO};
	struct stat st;
	gsize size = fstat(fds[TEXT], &st) == 0 ? (gsize)st.st_size : 0;
	void *text = size > 0 ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fds[TEXT], 0) : MAP_FAILED;
	if (text == MAP_FAILED)
		return a;
	g_autoptr(GVariant) v = g_variant_ref_sink(
		g_variant_new_from_data(G_VARIANT_TYPE(REQUEST), text, size, FALSE, NULL, NULL));
	struct order o = {.fds = fds, .before = before};
	g_variant_get(v, "(^a&ay^a&ay^&aybbx)", &o.argv, &o.env, &o.directory, &o.leads, &o.apart,
		&o.file_size);
	if (o.argv[0])
		a = obey(&o);
	g_free(o.argv);
	g_free(o.env);
	g_clear_pointer(&v, g_variant_unref);
	munmap(text, size);
	return a;
}

/* False: nobody asks any more. */
static bool receive(int fd, int *fds)
{
	char c, room[CMSG_SPACE(DESCRIPTORS * sizeof(int))];
	struct iovec part = {&c, 1};
	struct msghdr m = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = room,
		.msg_controllen = sizeof room};
	ssize_t n;
	do
		n = recvmsg(fd, &m, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	const struct cmsghdr *head = n == 1 ? CMSG_FIRSTHDR(&m) : NULL;
	if (!head || head->cmsg_type != SCM_RIGHTS ||
		head->cmsg_len != CMSG_LEN(DESCRIPTORS * sizeof(int)))
		return false;
	memcpy(fds, CMSG_DATA(head), DESCRIPTORS * sizeof(int));
	return true;
}

/* What is typed for a program in the foreground goes to the whole group. */
static void hold_signals(struct sigaction *before)
{
	const struct sigaction nothing = {.sa_handler = SIG_IGN};
	for (size_t i = 0; i < G_N_ELEMENTS(held); i++)
		sigaction(held[i], &nothing, &before[i]);
}

/* What is open here would not end when who asks closes it.  Older kernels have no
 * close_range(). */
static int keep_alone(int fd)
{
	enum { KEPT = STDERR_FILENO + 1, MANY = 1024 };
	if (fd != KEPT && dup3(fd, KEPT, O_CLOEXEC) != KEPT)
		_exit(1);
	if (close_range(KEPT + 1, ~0U, 0) != 0)
		for (int i = KEPT + 1; i < MANY; i++)
			close(i);
	return KEPT;
}

_Noreturn static void serve(int asked)
{
	struct sigaction before[G_N_ELEMENTS(held)];
	int fds[DESCRIPTORS], fd = keep_alone(asked);
	hold_signals(before);
	while (receive(fd, fds)) {
		struct answer a = read_order(fds, before);
		for (int i = 0; i < DESCRIPTORS; i++)
			close(fds[i]);
		if (send(fd, &a, sizeof a, MSG_NOSIGNAL) != sizeof a)
			break;
	}
	_exit(0);
}

static bool failed(GError **error, int code, const char *what, int why)
{
	g_set_error(error, G_SPAWN_ERROR, code, _("'%s' cannot be run: %s"), what, g_strerror(why));
	return false;
}

bool launcher_start(GError **error)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return failed(error, G_SPAWN_ERROR_FORK, PACKAGE, errno);
	pid_t pid = fork();
	if (pid == 0) {
		close(pair[0]);
		serve(pair[1]);
	}
	int why = errno;
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return failed(error, G_SPAWN_ERROR_FORK, PACKAGE, why);
	}
	launcher.fd = pair[0];
	launcher.runs = true;
	return true;
}

/* --- asking it ------------------------------------------------------------------------------ */

static GVariant *texts(const char *const *words)
{
	return g_variant_new_bytestring_array(words, -1);
}

static int write_order(const struct launch *what)
{
	g_auto(GStrv) ours = what->env ? NULL : g_get_environ();
	g_autoptr(GVariant) v = g_variant_ref_sink(g_variant_new("(@aay@aay@aybbx)",
		texts(what->argv), texts(what->env ? what->env : (const char *const *)ours),
		g_variant_new_bytestring(what->directory ? what->directory : ""), what->leads,
		what->apart, what->file_size));
	int fd = memfd_create("order", MFD_CLOEXEC);
	gsize size = g_variant_get_size(v), done = 0;
	const char *data = g_variant_get_data(v);
	while (fd >= 0 && done < size) {
		ssize_t n = write(fd, data + done, size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			close(fd);
			return -1;
		}
		done += (gsize)n;
	}
	return fd;
}

static int exchange(const int *fds, struct answer *a)
{
	char c = 0, room[CMSG_SPACE(DESCRIPTORS * sizeof(int))] = {0};
	struct iovec part = {&c, 1};
	struct msghdr m = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = room,
		.msg_controllen = sizeof room};
	struct cmsghdr *head = CMSG_FIRSTHDR(&m);
	ssize_t n;
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(DESCRIPTORS * sizeof(int));
	memcpy(CMSG_DATA(head), fds, DESCRIPTORS * sizeof(int));
	do
		n = sendmsg(launcher.fd, &m, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno;
	do
		n = recv(launcher.fd, a, sizeof *a, 0);
	while (n < 0 && errno == EINTR);
	return n < 0 ? errno : n == sizeof *a ? 0 : EPIPE;
}

static int ask(const struct launch *what, int null, struct answer *a)
{
	const int wished[] = {what->in, what->out, what->err};
	int fds[DESCRIPTORS] = {write_order(what)};
	if (fds[TEXT] < 0)
		return errno;
	for (int i = 0; i < 3; i++)
		fds[STANDARD + i] = wished[i] >= 0             ? wished[i]
				    : wished[i] == LAUNCH_NULL ? null
							       : i;
	g_mutex_lock(&launcher.mutex);
	int why = exchange(fds, a);
	g_mutex_unlock(&launcher.mutex);
	close(fds[TEXT]);
	return why ? why : a->why;
}

static bool through_launcher(const struct launch *what, int null, GPid *pid, GError **error)
{
	struct answer a = {-1, 0};
	int why = ask(what, null, &a);
	*pid = a.pid;
	if (why == 0)
		return true;
	/* It ended where it should have become the program. */
	while (a.pid > 0 && waitpid(a.pid, NULL, 0) < 0 && errno == EINTR)
		;
	return failed(
		error, a.pid > 0 ? G_SPAWN_ERROR_FAILED : G_SPAWN_ERROR_FORK, what->argv[0], why);
}

static bool directly(const struct launch *what, int null, GPid *pid, GError **error)
{
	GSpawnFlags flags = G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD;
	const int wished[] = {what->in, what->out, what->err};
	int fds[3];
	if (what->in == LAUNCH_OURS)
		flags |= G_SPAWN_CHILD_INHERITS_STDIN;
	for (int i = 0; i < 3; i++)
		fds[i] = wished[i] == LAUNCH_NULL ? null : wished[i];
	bool sets = what->leads || what->apart || what->file_size > 0;
	return g_spawn_async_with_pipes_and_fds(what->directory, what->argv, what->env, flags,
		sets ? settle_directly : NULL, (void *)what, fds[0], fds[1], fds[2], NULL, NULL, 0,
		pid, NULL, NULL, NULL, error);
}

bool launch(const struct launch *what, GPid *pid, GError **error)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0)
		return failed(error, G_SPAWN_ERROR_FORK, what->argv[0], errno);
	bool good = launcher.runs ? through_launcher(what, null, pid, error)
				  : directly(what, null, pid, error);
	close(null);
	return good;
}
