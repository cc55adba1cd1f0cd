/* SPDX-License-Identifier: MIT
 *
 * The queue, sent by hand. */
#include "base/base.h"

#include <sysexits.h>

#include "base/report.h"
#include "smtp/program.h"

static int send_one(struct program *p, const struct account *account)
{
	g_autoptr(GError) error = NULL;
	struct send_result result = {0};
	int status = EX_OK;
	if (!program_send(p, account, &result, &error)) {
		wire_child_failed(p->agent.child, 0, error, result.server);
		status = agent_fail(account, error);
	} else {
		wire_child_done(p->agent.child, 0, program_done(&result));
		if (!p->options.events)
			report_info(_("%s: %u sent, %u refused, %u later"), account->id,
				result.sent, result.refused, result.deferred);
		if (result.refused > 0)
			status = EX_NOUSER;
		else if (result.uncertain > 0)
			status = EX_TEMPFAIL;
	}
	send_result_clear(&result);
	return status;
}

/* All accounts, though one fails; the status is that of the first. */
int program_queue(struct program *p)
{
	struct agent *a = &p->agent;
	g_autoptr(GError) error = NULL;
	const char *only = p->options.account;
	int status = EX_OK;
	if (!agent_open(a, &error) || (only && !agent_account(a, only, &error)))
		return agent_fail(NULL, error);
	for (guint i = 0; i < dotfile_account_count(a->dotfile); i++) {
		const struct account *account = dotfile_account(a->dotfile, i);
		if (!account->smtp || (only && !g_str_equal(only, account->id)))
			continue;
		int one = send_one(p, account);
		status = status == EX_OK ? one : status;
	}
	return status;
}
