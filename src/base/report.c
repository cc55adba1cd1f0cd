/* SPDX-License-Identifier: MIT */
#include "base/report.h"

#include <locale.h>
#include <stdio.h>

#include "base/local.h"
#include "base/sanitize.h"

/* The one piece of process-wide state in dewey: where words go.  A process has
 * one stderr, so there is nothing to pass around. */
static struct {
	const char *program;
	enum report_level level;
	report_sink sink;
	void *data;
} out = {"dewey", REPORT_NORMAL, NULL, NULL};

void base_init_locale(void)
{
	setlocale(LC_ALL, "");
	bindtextdomain(PACKAGE, g_getenv("DEWEY_LOCALE") ? g_getenv("DEWEY_LOCALE") : LOCALEDIR);
	bind_textdomain_codeset(PACKAGE, "UTF-8");
	textdomain(PACKAGE);
	local_init();
}

void report_init(const char *program, enum report_level level)
{
	out.program = program;
	out.level = level;
}

enum report_level report_level(void)
{
	return out.level;
}

void report_set_sink(report_sink sink, void *data)
{
	out.sink = sink;
	out.data = data;
}

static void G_GNUC_PRINTF(2, 0) put(const char *prefix, const char *format, va_list args)
{
	g_autofree char *raw = g_strdup_vprintf(format, args);
	g_autofree char *text = sanitize_line(raw, -1);
	if (out.sink) {
		g_autofree char *line = g_strconcat(prefix, text, NULL);
		out.sink(line, out.data);
		return;
	}
	g_autofree char *line = g_strdup_printf("%s: %s%s\n", out.program, prefix, text);
	local_put(stderr, line);
}

#define REPORT(name, least, prefix)                                                                \
	void name(const char *format, ...)                                                         \
	{                                                                                          \
		va_list args;                                                                      \
		if (out.level < (least))                                                           \
			return;                                                                    \
		va_start(args, format);                                                            \
		put(prefix, format, args);                                                         \
		va_end(args);                                                                      \
	}

REPORT(report_error, REPORT_QUIET, "")
REPORT(report_warning, REPORT_NORMAL, _("warning: "))
REPORT(report_info, REPORT_NORMAL, "")
REPORT(report_debug, REPORT_DEBUG, "")
