/* SPDX-License-Identifier: MIT */
#include "ui/agents.h"

static char *describe(const struct account *a, const struct record *done)
{
	int64_t n = record_int(done, "sent");
	return g_strdup_printf(P_("%s: %d message sent", "%s: %d messages sent", n), a->id, (int)n);
}

static bool wants(const struct account *a)
{
	return a->smtp != NULL;
}

int cli_send(struct cli *cli, int argc, char **argv)
{
	static const struct agent_job job = {"dewey-smtp", "send", describe, wants};
	return agents_command(cli, &job, argc, argv);
}
