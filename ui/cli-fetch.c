/* SPDX-License-Identifier: MIT */
#include "ui/agents.h"

static char *describe(const struct account *a, const struct record *done)
{
	int64_t n = record_int(done, "new"), previews = record_int(done, "previews");
	if (previews > 0)
		return g_strdup_printf(P_("%s: new messages: %d; %d preview",
					       "%s: new messages: %d; %d previews", previews),
			a->id, (int)n, (int)previews);
	return g_strdup_printf(P_("%s: %d new message", "%s: %d new messages", n), a->id, (int)n);
}

static bool wants(const struct account *a)
{
	return a->pop3 != NULL;
}

int cli_fetch(struct cli *cli, int argc, char **argv)
{
	static const struct agent_job job = {"dewey-pop3", "fetch", describe, wants};
	return agents_command(cli, &job, argc, argv);
}
