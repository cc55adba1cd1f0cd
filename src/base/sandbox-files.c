/* SPDX-License-Identifier: MIT
 *
 * Landlock: files, ports and signals.  The kernel's header may be older than the
 * kernel, so its newer words are spelled out here. */
#include "base/sandbox-private.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ACCESS_TRUNCATE (1ULL << 14)
#define ACCESS_IOCTL_DEV (1ULL << 15)
#define NET_BIND_TCP (1ULL << 0)
#define NET_CONNECT_TCP (1ULL << 1)
#define SCOPE_ABSTRACT_SOCKETS (1ULL << 0)
#define SCOPE_SIGNALS (1ULL << 1)

enum { RULE_PATH = 1, RULE_PORT = 2 };
enum { WITH_REFER = 2, WITH_TRUNCATE = 3, WITH_NETWORK = 4, WITH_IOCTL = 5, WITH_SCOPES = 6 };

/* As the newest kernel has it; older ones are told of less of it. */
struct ruleset {
	uint64_t files, ports, scopes;
};

struct port_rule {
	uint64_t may, port;
};

/* A file alone has these, a directory all. */
#define OF_FILE                                                                                    \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |                              \
		LANDLOCK_ACCESS_FS_READ_FILE | ACCESS_TRUNCATE | ACCESS_IOCTL_DEV)
#define READING (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
/* Without REFER a rename to another directory is EXDEV (B-02). */
#define WRITING                                                                                    \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |                           \
		LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |                     \
		LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |                       \
		LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_SYM |                       \
		LANDLOCK_ACCESS_FS_REFER | ACCESS_TRUNCATE)

int sandbox_files_version(void)
{
	long n = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	return n < 0 ? -errno : (int)n;
}

/* Of a worker, seccomp takes the rest. */
int sandbox_files_wanted(enum sandbox_role role)
{
	return role == SANDBOX_AGENT ? WITH_NETWORK : 1;
}

static uint64_t known_files(int version)
{
	uint64_t known = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
	if (version >= WITH_REFER)
		known |= LANDLOCK_ACCESS_FS_REFER;
	if (version >= WITH_TRUNCATE)
		known |= ACCESS_TRUNCATE;
	if (version >= WITH_IOCTL)
		known |= ACCESS_IOCTL_DEV;
	return known;
}

/* These end what they have had started, and that is outside. */
static bool signals_others(enum sandbox_role role)
{
	return role == SANDBOX_AGENT || role == SANDBOX_FRONT;
}

static struct ruleset ruleset_of(enum sandbox_role role, int version)
{
	struct ruleset r = {.files = known_files(version)};
	if (role == SANDBOX_FRONT)
		r.files = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
			  LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_REFER;
	if (version >= WITH_NETWORK)
		r.ports = NET_BIND_TCP | NET_CONNECT_TCP;
	if (version >= WITH_SCOPES)
		r.scopes = SCOPE_ABSTRACT_SOCKETS | (signals_others(role) ? 0 : SCOPE_SIGNALS);
	return r;
}

static size_t size_of(int version)
{
	if (version >= WITH_SCOPES)
		return sizeof(struct ruleset);
	return version >= WITH_NETWORK ? offsetof(struct ruleset, scopes)
				       : offsetof(struct ruleset, ports);
}

static uint64_t rights(unsigned may, bool directory)
{
	uint64_t r = 0;
	if (may & SANDBOX_READ)
		r |= READING;
	if (may & SANDBOX_WRITE)
		r |= WRITING;
	if (may & SANDBOX_RUN)
		r |= LANDLOCK_ACCESS_FS_EXECUTE;
	return directory ? r : r & OF_FILE;
}

static bool add_path(int set, const struct sandbox_path *p, int version, GError **error)
{
	struct stat st;
	int fd = open(p->path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return true;
	struct landlock_path_beneath_attr rule = {.parent_fd = fd};
	if (fstat(fd, &st) == 0)
		rule.allowed_access = rights(p->may, S_ISDIR(st.st_mode)) & known_files(version);
	long n = rule.allowed_access ? syscall(SYS_landlock_add_rule, set, RULE_PATH, &rule, 0) : 0;
	int why = errno;
	close(fd);
	return n == 0 || sandbox_refused(p->path, why, error);
}

static bool add_port(int set, guint16 port, GError **error)
{
	struct port_rule rule = {NET_CONNECT_TCP, port};
	return syscall(SYS_landlock_add_rule, set, RULE_PORT, &rule, 0) == 0 ||
	       sandbox_refused("landlock_add_rule", errno, error);
}

static bool add_rules(int set, int version, const struct sandbox_rules *rules, GError **error)
{
	for (size_t i = 0; rules && i < rules->n_paths; i++)
		if (!add_path(set, &rules->paths[i], version, error))
			return false;
	for (size_t i = 0; rules && version >= WITH_NETWORK && i < rules->n_ports; i++)
		if (!add_port(set, rules->ports[i], error))
			return false;
	return true;
}

/* Whoever is under any rules may move files between directories only where that is
 * granted (B-02). */
static bool add_moves(int set, GError **error)
{
	int root = open("/", O_PATH | O_CLOEXEC);
	struct landlock_path_beneath_attr rule = {LANDLOCK_ACCESS_FS_REFER, root};
	long n = root < 0 ? -1 : syscall(SYS_landlock_add_rule, set, RULE_PATH, &rule, 0);
	int why = errno;
	if (root >= 0)
		close(root);
	return n == 0 || sandbox_refused("/", why, error);
}

bool sandbox_files_confine(
	enum sandbox_role role, int version, const struct sandbox_rules *rules, GError **error)
{
	/* Of these seccomp has nearly all, and nobody could be granted moves. */
	if (role == SANDBOX_FRONT && version < WITH_REFER)
		return true;
	struct ruleset r = ruleset_of(role, version);
	int set = (int)syscall(SYS_landlock_create_ruleset, &r, size_of(version), 0);
	if (set < 0)
		return sandbox_refused("landlock_create_ruleset", errno, error);
	bool good = add_rules(set, version, rules, error) &&
		    (role != SANDBOX_FRONT || add_moves(set, error));
	if (good && syscall(SYS_landlock_restrict_self, set, 0) != 0)
		good = sandbox_refused("landlock_restrict_self", errno, error);
	close(set);
	return good;
}
