/* SPDX-License-Identifier: MIT
 *
 * The main loop: keys, children, threads and timers are sources of one GLib
 * context; after each turn the screen is drawn once if something changed. */
#include "base/base.h"

#include <glib-unix.h>
#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/launch.h"
#include "base/report.h"
#include "base/sandbox.h"
#include "ui/app.h"
#include "ui/ui.h"

enum { KEYS_A_TURN = 64 };

struct loop {
	struct ui *ui;
	struct screen *screen;
	guint keys; /* the source of keys; 0 while the terminal is another program's */
};

static gboolean on_keys(int fd, GIOCondition condition, void *data)
{
	struct loop *l = data;
	/* Pasted text is long: between its pieces others get their turn. */
	for (int i = 0; i < KEYS_A_TURN && !ui_is_away(l->ui); i++) {
		key_code key = l->screen->ops->key(l->screen);
		if (key == KEY_CODE_NONE)
			break;
		ui_key(l->ui, key);
	}
	if (condition & (G_IO_HUP | G_IO_ERR)) {
		l->keys = 0;
		ui_quit(l->ui);
		return G_SOURCE_REMOVE;
	}
	return G_SOURCE_CONTINUE;
}

static gboolean on_resize(void *data)
{
	struct loop *l = data;
	ui_resized(l->ui);
	return G_SOURCE_CONTINUE;
}

static gboolean on_end(void *data)
{
	struct loop *l = data;
	ui_quit(l->ui);
	return G_SOURCE_CONTINUE;
}

/* A bug must not leave a terminal without echo.  endwin() is no function for
 * signal handlers; but the process is lost already, and a stuck terminal is
 * worse than the small risk. */
static void on_crash(int number)
{
	signal(number, SIG_DFL);
	screen_curses_emergency();
	raise(number);
}

static void catch_crashes(void)
{
	static const int signals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
		signal(signals[i], on_crash);
}

/* What is typed into the editor is the editor's: not one key may be read here. */
static void listen(struct loop *l)
{
	bool away = ui_is_away(l->ui);
	if (away && l->keys) {
		g_source_remove(l->keys);
		l->keys = 0;
	} else if (!away && !l->keys && !ui_done(l->ui)) {
		l->keys = g_unix_fd_add(l->screen->ops->fd(l->screen),
			G_IO_IN | G_IO_HUP | G_IO_ERR, on_keys, l);
	}
}

static void run(struct loop *l)
{
	guint sources[] = {
		g_unix_signal_add(SIGWINCH, on_resize, l),
		g_unix_signal_add(SIGTERM, on_end, l),
		g_unix_signal_add(SIGHUP, on_end, l),
	};
	ui_start(l->ui);
	for (ui_turn(l->ui); !ui_done(l->ui); ui_turn(l->ui)) {
		listen(l);
		g_main_context_iteration(NULL, TRUE);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(sources); i++)
		g_source_remove(sources[i]);
	if (l->keys)
		g_source_remove(l->keys);
}

/* Before threads, and before the screen: words about it can still be printed. */
static bool give_up_rights(GError **error)
{
	enum sandbox_mode mode;
	sandbox_mode_choose(NULL, SANDBOX_AUTO, &mode, NULL);
	return mode == SANDBOX_OFF || (launcher_start(error) &&
					      sandbox_confine(SANDBOX_FRONT, mode, NULL, error));
}

int app_run(const struct app_options *options)
{
	g_autoptr(GError) error = NULL;
	struct loop l = {0};
	if (!give_up_rights(&error)) {
		report_error("%s", error->message);
		return EX_UNAVAILABLE;
	}
	l.screen = screen_curses_new(&error);
	if (!l.screen) {
		report_error("%s", error->message);
		return EX_UNAVAILABLE;
	}
	catch_crashes();
	l.ui = ui_new(options, l.screen, &error);
	if (!l.ui) {
		report_error("%s", error->message);
		return EX_IOERR;
	}
	run(&l);
	ui_free(l.ui);
	return EX_OK;
}
