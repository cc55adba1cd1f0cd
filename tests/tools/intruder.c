/* SPDX-License-Identifier: MIT
 *
 * Preloaded into a program of ours, it does there what somebody would try who had
 * taken it over: DEWEY_INTRUDE names one attempt, which is made when the program
 * first reads from a file at an offset (a worker: its letter) or, with
 * DEWEY_INTRUDE_AT=wait, when it first waits; DEWEY_INTRUDE_IN names the program, if
 * those that it starts are not meant.  In dewey-mime a letter with the line
 * "X-Intrude: NAME" does the same by itself.  "NAME: reason" goes to stderr, with
 * "done" where nothing stopped it.
 *
 * DEWEY_FAKE_LANDLOCK=N makes the kernel one whose Landlock has version N (0 or
 * less: the errno of one that has none), DEWEY_FAKE_SECCOMP=none one without. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#define TARGET (getenv("DEWEY_INTRUDE_PATH") ? getenv("DEWEY_INTRUDE_PATH") : "/etc/passwd")

/* --- a kernel with less ----------------------------------------------------------- */

/* The rules of landlock_create_ruleset(2) for the version that is played. */
static int refuses(int version, const uint64_t *attr, size_t size)
{
	uint64_t files = (1ULL << 13) - 1;
	size_t known = version >= 6 ? 24 : version >= 4 ? 16 : 8;
	for (size_t i = known / 8; i < size / 8; i++)
		if (attr[i])
			return E2BIG;
	files |= version >= 2 ? 1ULL << 13 : 0;
	files |= version >= 3 ? 1ULL << 14 : 0;
	files |= version >= 5 ? 1ULL << 15 : 0;
	return attr[0] & ~files ? EINVAL : 0;
}

static int fake_landlock(const long *a, long *result)
{
	const char *word = getenv("DEWEY_FAKE_LANDLOCK");
	int version = word ? atoi(word) : 0;
	if (!word)
		return 0;
	*result = version;
	if (version <= 0)
		errno = version == 0 ? ENOSYS : -version;
	else if (a[2] & 1)
		return 1;
	else if ((errno = refuses(version, (const uint64_t *)a[0], (size_t)a[1])) == 0)
		return 0;
	*result = -1;
	return 1;
}

long syscall(long number, ...)
{
	long a[6], result;
	va_list list;
	va_start(list, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(list, long);
	va_end(list);
	if (number == SYS_landlock_create_ruleset && fake_landlock(a, &result))
		return result;
	if (number == SYS_seccomp && getenv("DEWEY_FAKE_SECCOMP")) {
		errno = EINVAL;
		return -1;
	}
	long (*real)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
	return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* --- attempts: 0 if it went through, else -1 with errno --------------------------------- */

static int gone(long result)
{
	return result < 0 ? -1 : 0;
}

static int try_read(void)
{
	char c;
	int fd = open(TARGET, O_RDONLY);
	return fd < 0 ? -1 : gone(read(fd, &c, 1));
}

static int try_create(void)
{
	return gone(open(TARGET, O_WRONLY | O_CREAT, 0600));
}

static int try_truncate(void)
{
	return truncate(TARGET, 0);
}

static int try_unlink(void)
{
	return unlink(TARGET);
}

static int try_rename(void)
{
	return rename(TARGET, "/tmp/dewey-intruder");
}

static int try_link(void)
{
	return link(TARGET, "/tmp/dewey-intruder");
}

static int try_symlink(void)
{
	return symlink("/etc/passwd", TARGET);
}

static int try_mkdir(void)
{
	return mkdir(TARGET, 0700);
}

static int try_chmod(void)
{
	return chmod(TARGET, 0777);
}

static int try_chdir(void)
{
	return chdir("/");
}

static int try_device(void)
{
	return mknod(TARGET, S_IFCHR | 0600, 0x103);
}

static int try_xattr(void)
{
	return setxattr(TARGET, "user.x", "1", 1, 0);
}

static int try_directory(void)
{
	return gone(open("/", O_RDONLY | O_DIRECTORY));
}

static int reach(int family, int type, const void *to, socklen_t len)
{
	int fd = socket(family, type, 0);
	return fd < 0 ? -1 : connect(fd, to, len) == 0 ? 0 : -1;
}

static int try_tcp(void)
{
	const char *port = getenv("DEWEY_INTRUDE_PORT");
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)(port ? atoi(port) : 25)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	return reach(AF_INET, SOCK_STREAM, &to, sizeof to);
}

static int try_udp(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(53),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	return reach(AF_INET, SOCK_DGRAM, &to, sizeof to);
}

static int try_unix(void)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX, .sun_path = "/run/dbus/system_bus_socket"};
	return reach(AF_UNIX, SOCK_STREAM, &to, sizeof to);
}

static int try_listen(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(47311)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	return fd < 0 ? -1 : bind(fd, (struct sockaddr *)&at, sizeof at);
}

static int try_raw(void)
{
	return gone(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
}

static int try_netlink(void)
{
	return gone(socket(AF_NETLINK, SOCK_RAW, 0));
}

static int try_exec(void)
{
	char *argv[] = {(char *)"/bin/true", NULL};
	return execv(argv[0], argv);
}

static int try_fork(void)
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	return gone(pid);
}

static void *nothing(void *data)
{
	return data;
}

static int try_thread(void)
{
	pthread_t t;
	errno = pthread_create(&t, NULL, nothing, NULL);
	return errno ? -1 : 0;
}

static int try_kill(void)
{
	return kill(getppid(), 0);
}

static int try_signal_parent(void)
{
	return (int)syscall(SYS_tgkill, getppid(), getppid(), SIGCONT);
}

static int try_ptrace(void)
{
	return gone(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}

static int try_map_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		-1, 0);
	return p == MAP_FAILED ? -1 : 0;
}

static int try_protect_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? -1 : mprotect(p, 4096, PROT_READ | PROT_EXEC);
}

static int try_memfd(void)
{
	return gone(memfd_create("x", 0));
}

static int try_memory(void)
{
	void *p = mmap(NULL, 600L << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? -1 : 0;
}

static int try_raise(void)
{
	struct rlimit r = {RLIM_INFINITY, RLIM_INFINITY};
	return setrlimit(RLIMIT_AS, &r);
}

static int try_huge_file(void)
{
	const char *fd = getenv("DEWEY_INTRUDE_FD");
	return gone(pwrite(fd ? atoi(fd) : 1, "x", 1, 64L << 20));
}

static int try_type_ahead(void)
{
	return ioctl(0, TIOCSTI, "x");
}

static int try_dump(void)
{
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static int try_io_uring(void)
{
	char parameters[256] = {0};
	return gone(syscall(425 /* io_uring_setup */, 4, parameters));
}

static int try_bpf(void)
{
	char attr[128] = {0};
	return gone(syscall(SYS_bpf, 0, attr, sizeof attr));
}

static int try_userfaultfd(void)
{
	return gone(syscall(SYS_userfaultfd, 1));
}

static int try_mount(void)
{
	return (int)syscall(SYS_mount, "none", "/mnt", "tmpfs", 0, NULL);
}

static int try_namespace(void)
{
	return unshare(CLONE_NEWUSER);
}

static int try_clone3(void)
{
	return gone(syscall(SYS_clone3, NULL, 0));
}

/* getpid() as a program of another architecture would say it. */
static int try_x32(void)
{
#ifdef __x86_64__
	return gone(syscall(0x40000000 + SYS_getpid));
#else
	errno = ENOTSUP;
	return -1;
#endif
}

static int try_i386(void)
{
#ifdef __x86_64__
	long result;
	__asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory", "r8", "r9", "r10", "r11");
	return gone(result);
#else
	errno = ENOTSUP;
	return -1;
#endif
}

static int try_spin(void)
{
	for (volatile unsigned n = 0;; n++)
		;
	return 0;
}

static const struct attempt {
	const char *name;
	int (*make)(void);
} attempts[] = {{"read", try_read}, {"create", try_create}, {"truncate", try_truncate},
	{"unlink", try_unlink}, {"rename", try_rename}, {"link", try_link},
	{"symlink", try_symlink}, {"mkdir", try_mkdir}, {"chmod", try_chmod}, {"chdir", try_chdir},
	{"device", try_device}, {"xattr", try_xattr}, {"directory", try_directory},
	{"tcp", try_tcp}, {"udp", try_udp}, {"unix", try_unix}, {"listen", try_listen},
	{"raw", try_raw}, {"netlink", try_netlink}, {"exec", try_exec}, {"fork", try_fork},
	{"thread", try_thread}, {"kill", try_kill}, {"signal-parent", try_signal_parent},
	{"ptrace", try_ptrace}, {"map-code", try_map_code}, {"protect-code", try_protect_code},
	{"memfd", try_memfd}, {"memory", try_memory}, {"raise", try_raise},
	{"huge-file", try_huge_file}, {"type-ahead", try_type_ahead}, {"dump", try_dump},
	{"io_uring", try_io_uring}, {"bpf", try_bpf}, {"userfaultfd", try_userfaultfd},
	{"mount", try_mount}, {"namespace", try_namespace}, {"clone3", try_clone3},
	{"x32", try_x32}, {"i386", try_i386}, {"spin", try_spin}};

static void make(const struct attempt *a)
{
	char line[200];
	errno = 0;
	int result = a->make();
	int n = snprintf(line, sizeof line, "%s: %s\n", a->name,
		result == 0 ? "done" : strerrorname_np(errno));
	if (write(STDERR_FILENO, line, (size_t)n) < 0)
		_exit(1);
}

static void intrude(const char *where)
{
	static int made;
	const char *name = getenv("DEWEY_INTRUDE");
	const char *wanted = getenv("DEWEY_INTRUDE_AT");
	const char *in = getenv("DEWEY_INTRUDE_IN");
	if (in && strcmp(program_invocation_short_name, in) != 0)
		return;
	if (made || !name || strcmp(wanted ? wanted : "letter", where) != 0)
		return;
	made = 1;
	for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++)
		if (strcmp(attempts[i].name, name) == 0)
			make(&attempts[i]);
}

/* The attempt that a letter names. */
static void obey(const char *data, ssize_t n)
{
	static const char line[] = "X-Intrude: ";
	const char *at = n > 0 ? memmem(data, (size_t)n, line, sizeof line - 1) : NULL;
	if (!at || strcmp(program_invocation_short_name, "dewey-mime") != 0)
		return;
	at += sizeof line - 1;
	for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
		size_t length = strlen(attempts[i].name);
		if (at + length < data + n && strncmp(at, attempts[i].name, length) == 0 &&
			at[length] == '\n')
			make(&attempts[i]);
	}
}

/* --- where it comes in ----------------------------------------------------------------- */

ssize_t pread64(int fd, void *data, size_t size, off64_t at)
{
	intrude("letter");
	ssize_t n = syscall(SYS_pread64, fd, data, size, at);
	obey(data, n);
	return n;
}

ssize_t pread(int fd, void *data, size_t size, off_t at)
{
	return pread64(fd, data, size, at);
}

int poll(struct pollfd *fds, nfds_t n, int timeout)
{
	intrude("wait");
	return (int)syscall(SYS_poll, fds, n, timeout);
}
