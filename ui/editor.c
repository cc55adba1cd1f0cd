/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <signal.h>
#include <sys/wait.h>

#include "base/launch.h"
#include "ui/editor-text.h"
#include "ui/editor.h"

struct edit {
	struct ui *ui;
	char *path;
	editor_done done;
	void *data;
	struct sigaction interrupt, quit;
};

static void ignore(int number)
{
}

/* ^C typed in the editor goes to the whole group.  A handler that does nothing
 * is set rather than SIG_IGN, which the editor would inherit. */
static void hold_signals(struct edit *e)
{
	struct sigaction nothing = {.sa_handler = ignore, .sa_flags = SA_RESTART};
	sigaction(SIGINT, &nothing, &e->interrupt);
	sigaction(SIGQUIT, &nothing, &e->quit);
}

static void finish(struct edit *e, const char *error)
{
	g_autoptr(GError) kept = NULL;
	if (!editor_text_take(e->path, &kept) && !error)
		error = kept->message;
	sigaction(SIGINT, &e->interrupt, NULL);
	sigaction(SIGQUIT, &e->quit, NULL);
	ui_away(e->ui, false);
	e->done(error, e->data);
	g_free(e->path);
	g_free(e);
}

static void ended(GPid pid, int status, void *data)
{
	const char *error = NULL;
	g_spawn_close_pid(pid);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		error = _("the editor ended with an error; the text is as it was before");
	finish(data, error);
}

void editor_run(struct ui *ui, const char *path, editor_done done, void *data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *script = g_strconcat(dotfile_editor(ui_dotfile(ui)), " \"$1\"", NULL);
	g_autofree char *given = editor_text_give(path, &error);
	const char *argv[] = {"/bin/sh", "-c", script, "sh", given, NULL};
	struct edit *e = g_new0(struct edit, 1);
	e->ui = ui;
	e->path = g_strdup(path);
	e->done = done;
	e->data = data;
	hold_signals(e);
	ui_away(ui, true);
	const struct launch what = {
		.argv = argv, .in = LAUNCH_OURS, .out = LAUNCH_OURS, .err = LAUNCH_OURS};
	GPid pid;
	if (given && launch(&what, &pid, &error))
		g_child_watch_add(pid, ended, e);
	else
		finish(e, error->message);
}
