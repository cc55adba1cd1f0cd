/* SPDX-License-Identifier: MIT
 *
 * What passes between an agent and people: lines shown, a secret asked for. */
#include "agent/agent.h"

#include "base/report.h"
#include "base/terminal.h"

static void show(bool sent, const char *line, size_t len, void *data)
{
	int most = data == AGENT_TRACE_ALL ? G_MAXINT : GPOINTER_TO_INT(data);
	report_debug("%s %.*s", sent ? "C:" : "S:", (int)MIN(len, (size_t)most), line);
}

conn_trace agent_trace(void)
{
	return report_level() >= REPORT_DEBUG ? show : NULL;
}

char *agent_ask(struct wire_child *child, int64_t id, const char *text)
{
	if (wire_child_fd(child) >= 0)
		return wire_child_ask(child, id, "password", text);
	g_autofree char *prompt = g_strconcat(text, ": ", NULL);
	return terminal_ask_secret(prompt);
}
