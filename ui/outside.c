/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/launch.h"
#include "base/local.h"
#include "base/sanitize.h"
#include "ui/outside.h"
#include "ui/viewer.h"

enum { OUTPUT_SHOWN = 4 * 1024 * 1024, OUTPUT_MOST = 64 * 1024 * 1024 };

struct running {
	struct ui *ui;
	char *name;
	outside_done done;
	void *data;
	GDestroyNotify free;
	enum outside_way way;
	int output;  /* -1: not kept */
	guint watch; /* of its end */
	gulong end;  /* of ours */
	struct sigaction interrupt, quit;
};

static void ignore(int number)
{
}

/* ^C typed there goes to the whole group; SIG_IGN would be inherited. */
static void hold_signals(struct running *r)
{
	struct sigaction nothing = {.sa_handler = ignore, .sa_flags = SA_RESTART};
	sigaction(SIGINT, &nothing, &r->interrupt);
	sigaction(SIGQUIT, &nothing, &r->quit);
}

static void take_terminal_back(struct running *r)
{
	sigaction(SIGINT, &r->interrupt, NULL);
	sigaction(SIGQUIT, &r->quit, NULL);
	ui_away(r->ui, false);
}

static char *read_output(int fd)
{
	g_autofree char *raw = g_malloc(OUTPUT_SHOWN);
	ssize_t n, had = 0;
	while (had < OUTPUT_SHOWN &&
		((n = pread(fd, raw + had, (size_t)(OUTPUT_SHOWN - had), had)) > 0 ||
			(n < 0 && errno == EINTR)))
		had += MAX(n, 0);
	if (local_is_utf8())
		return sanitize_body(raw, had);
	g_autofree char *text = local_decode(raw, had);
	return sanitize_body(text, -1);
}

static void running_free(struct running *r)
{
	if (r->free)
		r->free(r->data);
	if (r->output >= 0)
		close(r->output);
	g_free(r->name);
	g_free(r);
}

static void finish(struct running *r, const char *error)
{
	g_autofree char *output = r->output >= 0 ? read_output(r->output) : g_strdup("");
	struct outside_end end = {error, output};
	if (r->way == OUTSIDE_TERMINAL)
		take_terminal_back(r);
	r->done(r->ui, &end, r->data);
	running_free(r);
}

static void ended(GPid pid, int status, void *data)
{
	struct running *r = data;
	g_autofree char *error = NULL;
	g_spawn_close_pid(pid);
	g_cancellable_disconnect(viewer_end(ui_viewer(r->ui)), r->end);
	if (WIFSIGNALED(status))
		error = g_strdup_printf(
			_("'%s' was ended by signal %d"), r->name, WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		error = g_strdup_printf(
			_("'%s' ended with exit status %d"), r->name, WEXITSTATUS(status));
	finish(r, error);
}

/* There is no front end any more. */
static void cancelled(GCancellable *end, void *data)
{
	struct running *r = data;
	g_source_remove(r->watch);
	running_free(r);
}

/* What programs need to find their files, their language and their screen. */
static bool is_passed(const char *name)
{
	static const char *const names[] = {"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG",
		"LANGUAGE", "LOCPATH", "TERM", "TERMINFO", "COLORTERM", "DISPLAY",
		"WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "TMPDIR", "TZ",
		"BROWSER", "PAGER", "EDITOR", "VISUAL", "MAILCAPS", "LESS", "CUPS_SERVER",
		"PRINTER", "SSH_AUTH_SOCK"};
	static const char *const families[] = {"LC_", "XDG_", "GIT_", "QT_", "GTK_"};
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	for (size_t i = 0; i < G_N_ELEMENTS(families); i++)
		if (g_str_has_prefix(name, families[i]))
			return true;
	return false;
}

static char **environment(void)
{
	g_auto(GStrv) names = g_listenv();
	char **env = NULL;
	for (guint i = 0; names[i]; i++)
		if (is_passed(names[i]))
			env = g_environ_setenv(env, names[i], g_getenv(names[i]), TRUE);
	return env;
}

/* Nobody reads on the other side: a program that prints without end is ended. */
static bool start(struct running *r, const struct outside *what, GPid *pid, GError **error)
{
	g_auto(GStrv) env = environment();
	int other = r->output >= 0                ? r->output
		    : what->way == OUTSIDE_BESIDE ? LAUNCH_NULL
						  : LAUNCH_OURS;
	const struct launch how = {.argv = (const char *const *)what->argv,
		.env = (const char *const *)env,
		.directory = what->directory,
		.in = what->input >= 0                ? what->input
		      : what->way == OUTSIDE_TERMINAL ? LAUNCH_OURS
						      : LAUNCH_NULL,
		.out = other,
		.err = other,
		.file_size = r->output >= 0 ? OUTPUT_MOST : 0};
	bool started = launch(&how, pid, error);
	if (what->input >= 0)
		close(what->input);
	return started;
}

void outside_run(struct ui *ui, const struct outside *what, outside_done done, void *data,
	GDestroyNotify free)
{
	g_autoptr(GError) error = NULL;
	struct running *r = g_new0(struct running, 1);
	r->ui = ui;
	r->name = g_strdup(what->argv[0]);
	r->done = done;
	r->data = data;
	r->free = free;
	r->way = what->way;
	r->output = what->way == OUTSIDE_OUTPUT ? memfd_create("output", MFD_CLOEXEC) : -1;
	if (what->way == OUTSIDE_TERMINAL) {
		hold_signals(r);
		ui_away(ui, true);
	}
	GPid pid;
	if (!start(r, what, &pid, &error)) {
		finish(r, error->message);
		return;
	}
	r->watch = g_child_watch_add(pid, ended, r);
	gulong end =
		g_cancellable_connect(viewer_end(ui_viewer(ui)), G_CALLBACK(cancelled), r, NULL);
	/* 0: it was cancelled, and r is no more. */
	if (end)
		r->end = end;
}
