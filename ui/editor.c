/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <gio/gio.h>
#include <signal.h>

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

static void ended(GObject *process, GAsyncResult *result, void *data)
{
	g_autoptr(GSubprocess) p = G_SUBPROCESS(process);
	const char *error = NULL;
	g_subprocess_wait_finish(p, result, NULL);
	if (!g_subprocess_get_successful(p))
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
	GSubprocess *p =
		given ? g_subprocess_newv(argv, G_SUBPROCESS_FLAGS_STDIN_INHERIT, &error) : NULL;
	if (p)
		g_subprocess_wait_async(p, NULL, ended, e);
	else
		finish(e, error->message);
}
