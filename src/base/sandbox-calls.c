/* SPDX-License-Identifier: MIT
 *
 * seccomp: which system calls are left. */
#include "base/sandbox-private.h"

#include <errno.h>

#ifdef HAVE_SECCOMP

#include <fcntl.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* All that a worker does once it has its libraries. */
static const int worker_calls[] = {
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(pread64),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(pwrite64),
	SCMP_SYS(lseek),
	SCMP_SYS(_llseek),
	SCMP_SYS(recvmsg),
	SCMP_SYS(recvfrom),
	SCMP_SYS(sendmsg),
	SCMP_SYS(sendto),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(fstat),
	SCMP_SYS(fstat64),
	SCMP_SYS(close),
	SCMP_SYS(dup),
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(futex),
	SCMP_SYS(futex_time64),
	SCMP_SYS(sched_yield),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_gettime64),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(times),
	SCMP_SYS(getrusage),
	SCMP_SYS(sysinfo),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getrandom),
	SCMP_SYS(rseq),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigreturn),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* fstat() is this call with an empty name. */
static const int stat_calls[] = {SCMP_SYS(newfstatat), SCMP_SYS(fstatat64)};

/* Libraries live with a file that cannot be opened. */
static const int open_calls[] = {SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(creat)};

/* Newer forms: with this answer the C library takes the older one (B-06). */
static const int newer_calls[] = {
	SCMP_SYS(clone3), SCMP_SYS(openat2), SCMP_SYS(statx), SCMP_SYS(faccessat2)};

/* Whoever tries these in a worker is not us. */
static const int deadly_calls[] = {SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev)};

/* What no program of mail does: to look into other processes, to change the system,
 * and interfaces through which kernels were broken. */
static const int system_calls[] = {
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(kcmp),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(process_madvise),
	SCMP_SYS(mount),
	SCMP_SYS(umount),
	SCMP_SYS(umount2),
	SCMP_SYS(pivot_root),
	SCMP_SYS(chroot),
	SCMP_SYS(move_mount),
	SCMP_SYS(open_tree),
	SCMP_SYS(fsopen),
	SCMP_SYS(fsconfig),
	SCMP_SYS(fsmount),
	SCMP_SYS(fspick),
	SCMP_SYS(mount_setattr),
	SCMP_SYS(unshare),
	SCMP_SYS(setns),
	SCMP_SYS(swapon),
	SCMP_SYS(swapoff),
	SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(io_uring_enter),
	SCMP_SYS(io_uring_register),
	SCMP_SYS(kexec_load),
	SCMP_SYS(kexec_file_load),
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(delete_module),
	SCMP_SYS(reboot),
	SCMP_SYS(acct),
	SCMP_SYS(quotactl),
	SCMP_SYS(nfsservctl),
	SCMP_SYS(lookup_dcookie),
	SCMP_SYS(open_by_handle_at),
	SCMP_SYS(name_to_handle_at),
	SCMP_SYS(fanotify_init),
	SCMP_SYS(settimeofday),
	SCMP_SYS(clock_settime),
	SCMP_SYS(clock_adjtime),
	SCMP_SYS(adjtimex),
	SCMP_SYS(sethostname),
	SCMP_SYS(setdomainname),
	SCMP_SYS(syslog),
	SCMP_SYS(iopl),
	SCMP_SYS(ioperm),
	SCMP_SYS(modify_ldt),
	SCMP_SYS(vhangup),
	SCMP_SYS(personality),
	SCMP_SYS(vmsplice),
	SCMP_SYS(move_pages),
	SCMP_SYS(migrate_pages),
};

/* Of an agent that starts none. */
static const int run_calls[] = {SCMP_SYS(execve), SCMP_SYS(execveat)};

/* Of an agent besides. */
static const int agent_calls[] = {SCMP_SYS(mknod), SCMP_SYS(setuid), SCMP_SYS(setgid),
	SCMP_SYS(setreuid), SCMP_SYS(setregid), SCMP_SYS(setresuid), SCMP_SYS(setresgid),
	SCMP_SYS(setfsuid), SCMP_SYS(setfsgid)};

/* Of the front end besides: keys of the session, and what only root's programs do. */
static const int front_calls[] = {
	SCMP_SYS(keyctl), SCMP_SYS(add_key), SCMP_SYS(request_key), SCMP_SYS(process_mrelease)};

struct filter {
	scmp_filter_ctx context;
	int failed; /* -errno of the first rule that was refused */
};

/* Another architecture's call has no number here, which is no failure. */
static void keep(struct filter *f, int n)
{
	if (n != 0 && n != -EDOM && n != -EEXIST && !f->failed)
		f->failed = n;
}

static void add_all(struct filter *f, uint32_t action, const int *calls, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (calls[i] >= 0)
			keep(f, seccomp_rule_add(f->context, action, calls[i], 0));
}
#define ADD(f, action, calls) add_all((f), (action), (calls), G_N_ELEMENTS(calls))

static void add_if(struct filter *f, uint32_t action, int call, struct scmp_arg_cmp argument)
{
	keep(f, seccomp_rule_add(f->context, action, call, 1, argument));
}

static void allow_values(struct filter *f, int call, unsigned argument, const int *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_if(f, SCMP_ACT_ALLOW, call,
			SCMP_CMP32(argument, SCMP_CMP_EQ, (uint32_t)values[i]));
}

/* A call that is harmless with some of its arguments only. */
static void allow_some(struct filter *f)
{
	static const int controls[] = {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL};
	static const int limits[] = {RLIMIT_CPU};
	static const int terminal[] = {TCGETS};
	allow_values(f, SCMP_SYS(fcntl), 1, controls, G_N_ELEMENTS(controls));
	allow_values(f, SCMP_SYS(fcntl64), 1, controls, G_N_ELEMENTS(controls));
	allow_values(f, SCMP_SYS(prlimit64), 1, limits, G_N_ELEMENTS(limits));
	allow_values(f, SCMP_SYS(ioctl), 1, terminal, G_N_ELEMENTS(terminal));
	/* What abort() sends, to ourselves alone. */
	add_if(f, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), SCMP_CMP32(0, SCMP_CMP_EQ, (uint32_t)getpid()));
	static const int memory[] = {SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(mprotect)};
	for (size_t i = 0; i < G_N_ELEMENTS(memory); i++)
		add_if(f, SCMP_ACT_ALLOW, memory[i],
			SCMP_CMP32(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	for (size_t i = 0; i < G_N_ELEMENTS(stat_calls); i++)
		add_if(f, SCMP_ACT_ALLOW, stat_calls[i],
			SCMP_CMP32(3, SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
}

static void fill_worker(struct filter *f)
{
	ADD(f, SCMP_ACT_ALLOW, worker_calls);
	ADD(f, SCMP_ACT_ERRNO(EACCES), open_calls);
	ADD(f, SCMP_ACT_ERRNO(ENOSYS), newer_calls);
	ADD(f, SCMP_ACT_KILL_PROCESS, deadly_calls);
	allow_some(f);
}

static void refuse_devices(struct filter *f)
{
	static const mode_t devices[] = {S_IFCHR, S_IFBLK};
	for (size_t i = 0; i < G_N_ELEMENTS(devices); i++)
		add_if(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(mknodat),
			SCMP_CMP32(2, SCMP_CMP_MASKED_EQ, S_IFMT, devices[i]));
}

static void fill_agent(struct filter *f, bool runs)
{
	ADD(f, SCMP_ACT_ERRNO(EPERM), system_calls);
	ADD(f, SCMP_ACT_ERRNO(EPERM), agent_calls);
	if (!runs)
		ADD(f, SCMP_ACT_ERRNO(EPERM), run_calls);
	refuse_devices(f);
}

/* Older kernels' Landlock knows no ports, and none knows UDP (B-04). */
static void fill_runner(struct filter *f)
{
	ADD(f, SCMP_ACT_ERRNO(EPERM), system_calls);
	refuse_devices(f);
	add_if(f, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket), SCMP_CMP32(0, SCMP_CMP_NE, AF_UNIX));
}

/* What is typed into the terminal would be read by the shell that dewey is left to. */
static void fill_front(struct filter *f)
{
	static const uint32_t typing[] = {TIOCSTI, TIOCLINUX, TIOCSETD};
	fill_runner(f);
	ADD(f, SCMP_ACT_ERRNO(EPERM), agent_calls);
	ADD(f, SCMP_ACT_ERRNO(EPERM), run_calls);
	ADD(f, SCMP_ACT_ERRNO(EPERM), front_calls);
	for (size_t i = 0; i < G_N_ELEMENTS(typing); i++)
		add_if(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl),
			SCMP_CMP32(1, SCMP_CMP_EQ, typing[i]));
}

static void fill(struct filter *f, enum sandbox_role role, bool runs)
{
	/* Calls of x32 and i386 are another architecture's (B-06). */
	keep(f, seccomp_attr_set(f->context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS));
	if (role == SANDBOX_WORKER)
		fill_worker(f);
	else if (role == SANDBOX_AGENT)
		fill_agent(f, runs);
	else if (role == SANDBOX_RUNNER)
		fill_runner(f);
	else
		fill_front(f);
}

int sandbox_calls_missing(void)
{
	uint32_t action = SECCOMP_RET_KILL_PROCESS;
	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0 ? 0 : errno;
}

bool sandbox_calls_confine(
	enum sandbox_role role, const struct sandbox_rules *rules, GError **error)
{
	bool worker = role == SANDBOX_WORKER;
	struct filter f = {seccomp_init(worker ? SCMP_ACT_ERRNO(EPERM) : SCMP_ACT_ALLOW), 0};
	if (!f.context)
		return sandbox_refused("seccomp_init", ENOMEM, error);
	fill(&f, role, rules && rules->runs);
	if (!f.failed)
		f.failed = seccomp_load(f.context);
	seccomp_release(f.context);
	return !f.failed || sandbox_refused("seccomp", -f.failed, error);
}

#else

int sandbox_calls_missing(void)
{
	return -1;
}

bool sandbox_calls_confine(
	enum sandbox_role role, const struct sandbox_rules *rules, GError **error)
{
	return sandbox_refused("seccomp", ENOSYS, error);
}

#endif
