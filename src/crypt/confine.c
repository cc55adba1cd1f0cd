/* SPDX-License-Identifier: MIT */
#include "crypt/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <gpgme.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/report.h"
#include "base/sandbox-plan.h"

/* --- who starts the agent ------------------------------------------------------------ */

static void launch(char *const argv[])
{
	pid_t pid = fork();
	if (pid == 0) {
		execv(argv[0], argv);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* An octet: start it.  The wire is not held open here. */
_Noreturn static void serve(int fd, char *program)
{
	char *const argv[] = {program, (char *)"--launch", (char *)"gpg-agent", NULL};
	char c;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	while (read(fd, &c, 1) == 1) {
		launch(argv);
		if (write(fd, &c, 1) != 1)
			break;
	}
	_exit(0);
}

static bool start_starter(int *starter, GError **error)
{
	int pair[2];
	g_autofree char *program = g_build_filename(gpgme_get_dirinfo("bindir"), "gpgconf", NULL);
	pid_t pid = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0 ? fork() : -1;
	if (pid == 0) {
		close(pair[0]);
		serve(pair[1], program);
	}
	if (pid < 0) {
		g_set_error(error, SANDBOX_ERROR, SANDBOX_ERROR_REFUSED,
			_("cannot confine the process: %s: %s; --sandbox=off does without"), "fork",
			g_strerror(errno));
		return false;
	}
	close(pair[1]);
	*starter = pair[0];
	return true;
}

static bool agent_runs(void)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	const char *path = gpgme_get_dirinfo("agent-socket");
	if (!path || g_strlcpy(to.sun_path, path, sizeof to.sun_path) >= sizeof to.sun_path)
		return false;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool runs = fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0;
	if (fd >= 0)
		close(fd);
	return runs;
}

void crypt_ensure_agent(int starter)
{
	char c = 0;
	if (starter < 0 || agent_runs())
		return;
	if (write(starter, &c, 1) != 1 || read(starter, &c, 1) != 1)
		report_debug("%s", "the agent of GnuPG cannot be started");
}

/* --- what is kept --------------------------------------------------------------------- */

/* Settings of GnuPG that name files, which may lie anywhere. */
static void add_named(struct sandbox_plan *p, const char *home, const char *line)
{
	static const char *const settings[] = {
		"keyring", "primary-keyring", "secret-keyring", "trustdb-name"};
	g_auto(GStrv) words = g_strsplit_set(line, " \t=", 2);
	for (size_t i = 0; words[0] && words[1] && i < G_N_ELEMENTS(settings); i++) {
		if (strcmp(words[0], settings[i]) != 0)
			continue;
		const char *name = g_strstrip(words[1]);
		g_autofree char *path = g_str_has_prefix(name, "~/")
						? g_build_filename(g_get_home_dir(), name + 2, NULL)
						: g_canonicalize_filename(name, home);
		/* Keyrings are written beside themselves. */
		g_autofree char *folder = g_path_get_dirname(path);
		if (strcmp(folder, "/") != 0 && strcmp(folder, g_get_home_dir()) != 0)
			sandbox_plan_path(p, folder, SANDBOX_READ | SANDBOX_WRITE);
		sandbox_plan_path(p, path, SANDBOX_READ | SANDBOX_WRITE);
	}
}

static void add_settings(struct sandbox_plan *p, const char *home)
{
	g_autofree char *path = g_build_filename(home, "gpg.conf", NULL);
	g_autofree char *text = NULL;
	if (!g_file_get_contents(path, &text, NULL, NULL))
		return;
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i]; i++)
		add_named(p, home, g_strstrip(lines[i]));
}

static void add_programs(struct sandbox_plan *p)
{
	static const char *const places[] = {"bindir", "libexecdir", "libdir"};
	g_auto(GStrv) path = g_strsplit(g_getenv("PATH") ? g_getenv("PATH") : "", ":", -1);
	for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
		sandbox_plan_program(p, gpgme_get_dirinfo(places[i]));
	for (guint i = 0; path[i]; i++)
		sandbox_plan_path(p, path[i], SANDBOX_READ | SANDBOX_RUN);
}

static void make_plan(struct sandbox_plan *p)
{
	const char *home = gpgme_get_dirinfo("homedir");
	sandbox_plan_init(p);
	sandbox_plan_system(p);
	add_programs(p);
	sandbox_plan_path(p, gpgme_get_dirinfo("socketdir"), SANDBOX_READ | SANDBOX_WRITE);
	if (!home)
		return;
	/* As gpg would, which could not make it later. */
	g_mkdir_with_parents(home, S_IRWXU);
	sandbox_plan_path(p, home, SANDBOX_READ | SANDBOX_WRITE);
	sandbox_plan_links(p, home);
	add_settings(p, home);
}

bool crypt_confine(enum sandbox_mode mode, int *starter, GError **error)
{
	*starter = -1;
	if (mode == SANDBOX_OFF)
		return true;
	if (!start_starter(starter, error))
		return false;
	g_auto(sandbox_plan) p;
	make_plan(&p);
	const struct sandbox_rules rules = sandbox_plan_rules(&p, true);
	return sandbox_confine(SANDBOX_RUNNER, mode, &rules, error);
}
