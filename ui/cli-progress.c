/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sanitize.h"
#include "ui/cli-progress.h"
#include "ui/cli.h"

enum { EVERY = 200 }; /* milliseconds */

struct cli_progress {
	GMainContext *context;
	GSource *sources[2];
	bool terminal, shown, stopped;
	int64_t last;
};

static gboolean stop(gpointer data)
{
	((struct cli_progress *)data)->stopped = true;
	return G_SOURCE_CONTINUE;
}

struct cli_progress *cli_progress_new(void)
{
	static const int numbers[] = {SIGINT, SIGTERM};
	struct cli_progress *p = g_new0(struct cli_progress, 1);
	p->terminal = isatty(STDERR_FILENO);
	p->context = g_main_context_new();
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
		p->sources[i] = g_unix_signal_source_new(numbers[i]);
		g_source_set_callback(p->sources[i], stop, p, NULL);
		g_source_attach(p->sources[i], p->context);
	}
	return p;
}

void cli_progress_free(struct cli_progress *p)
{
	cli_progress_clear(p);
	for (size_t i = 0; i < G_N_ELEMENTS(p->sources); i++) {
		g_source_destroy(p->sources[i]);
		g_source_unref(p->sources[i]);
	}
	g_main_context_unref(p->context);
	g_free(p);
}

static void draw(struct cli_progress *p, const char *what, int64_t messages, int percent)
{
	g_autofree char *name = what ? g_path_get_basename(what) : NULL;
	g_autofree char *clean = name ? sanitize_line(name, -1) : NULL;
	g_autofree char *column = clean ? cli_column(clean, 30) : g_strdup("");
	g_autofree char *part = percent >= 0 ? g_strdup_printf("%3d %%  ", percent) : g_strdup("");
	g_autofree char *count =
		g_strdup_printf(P_("%d message", "%d messages", messages), (int)messages);
	/* Back to the first column, and what is behind it goes. */
	g_printerr("\r\033[K%s  %s%s", column, part, count);
	p->shown = true;
}

bool cli_progress_step(struct cli_progress *p, const char *what, int64_t messages, int percent)
{
	while (g_main_context_iteration(p->context, FALSE))
		continue;
	int64_t now = clock_monotonic();
	if (p->terminal && now >= p->last + EVERY) {
		draw(p, what, messages, percent);
		p->last = now;
	}
	return !p->stopped;
}

void cli_progress_clear(struct cli_progress *p)
{
	if (p->shown)
		g_printerr("\r\033[K");
	p->shown = false;
}

bool cli_progress_stopped(const struct cli_progress *p)
{
	return p->stopped;
}
