/* SPDX-License-Identifier: MIT */
#include "ui/cli.h"

#include <sysexits.h>

#include "base/report.h"
#include "ui/session-log.h"

static int unknown(struct cli *cli, const char *name)
{
	g_autofree char *text = dotfile_no_account(cli->dotfile, name);
	report_error("%s", text);
	return EX_USAGE;
}

int cli_log(struct cli *cli, int argc, char **argv)
{
	int status = cli_parse(cli, NULL, NULL, &argc, &argv);
	if (status != EX_OK || (status = cli_open(cli)) != EX_OK)
		return status;
	if (argc > 2) {
		report_error(_("one account at a time"));
		return EX_USAGE;
	}
	const char *account = argc > 1 ? argv[1] : NULL;
	if (account && !dotfile_account_by_name(cli->dotfile, account))
		return unknown(cli, account);
	g_autofree char *text = session_log_text(cli->store, cli->dotfile, account);
	if (*text) {
		cli_put("%s", text);
		return EX_OK;
	}
	report_info(_("no agent has talked to a server yet"));
	return EX_NOINPUT;
}
