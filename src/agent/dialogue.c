/* SPDX-License-Identifier: MIT
 *
 * What passes between an agent and people: a secret asked for. */
#include "agent/agent.h"

#include "base/terminal.h"

char *agent_ask(struct wire_child *child, int64_t id, const char *text)
{
	if (wire_child_fd(child) >= 0)
		return wire_child_ask(child, id, "password", text);
	g_autofree char *prompt = g_strconcat(text, ": ", NULL);
	return terminal_ask_secret(prompt);
}
