/* SPDX-License-Identifier: MIT
 *
 * What libraries report while the screen is up: it comes from any thread, and goes to
 * the bottom line. */
#include "base/base.h"

#include "base/report.h"
#include "base/sandbox.h"
#include "ui/ui.h"

struct report {
	struct ui *ui;
	char *line;
};

static gboolean show_report(void *data)
{
	struct report *r = data;
	ui_complain(r->ui, "%s", r->line);
	return G_SOURCE_REMOVE;
}

static void report_free(void *data)
{
	struct report *r = data;
	g_free(r->line);
	g_free(r);
}

static void take_report(const char *line, void *data)
{
	struct report *r = g_new0(struct report, 1);
	r->ui = data;
	r->line = g_strdup(line);
	g_idle_add_full(G_PRIORITY_DEFAULT, show_report, r, report_free);
}

/* Once for all workers and agents, which say nothing themselves. */
static void tell_sandbox(struct ui *ui)
{
	enum sandbox_mode mode;
	/* The dotfile's is handed on already. */
	sandbox_mode_choose(NULL, SANDBOX_AUTO, &mode, NULL);
	g_autofree char *lacks = mode == SANDBOX_AUTO ? sandbox_lacks(SANDBOX_WORKER) : NULL;
	if (lacks)
		ui_complain(ui, _("the sandbox is not whole: %s"), lacks);
}

void ui_take_reports(struct ui *ui)
{
	report_set_sink(ui ? take_report : NULL, ui);
	if (ui)
		tell_sandbox(ui);
}
