/* SPDX-License-Identifier: MIT */
#include "ui/cli.h"

#include <sysexits.h>

#include "base/report.h"
#include "store/fsck.h"

static void put_finding(const struct fsck_finding *finding, void *data)
{
	const struct cli *cli = data;
	if (!cli->json) {
		cli_put("%s; %s\n", finding->problem, finding->cure);
		return;
	}
	JsonObject *o = json_object_new();
	json_object_set_string_member(o, "problem", finding->problem);
	json_object_set_string_member(o, "cure", finding->cure);
	json_object_set_boolean_member(o, "mended", finding->mended);
	cli_put_json(o);
}

static void put_result(const struct cli *cli, const struct fsck_result *r)
{
	if (cli->json)
		return;
	g_autofree char *seen = g_strdup_printf(
		P_("%d message looked at", "%d messages looked at", r->letters), (int)r->letters);
	g_autofree char *found =
		g_strdup_printf(P_("%d finding", "%d findings", r->findings), (int)r->findings);
	/* TRANSLATORS: "12 messages looked at: 3 findings, mended: 2" */
	report_info(_("%s: %s, mended: %d"), seen, found, (int)r->mended);
}

int cli_fsck(struct cli *cli, int argc, char **argv)
{
	GError *error = NULL;
	gboolean repair = FALSE, rebuild = FALSE;
	const GOptionEntry own[] = {
		{"repair", 0, 0, G_OPTION_ARG_NONE, &repair, N_("mend what can be mended"), NULL},
		{"rebuild", 0, 0, G_OPTION_ARG_NONE, &rebuild,
			N_("make the index anew from the messages, and look then"), NULL},
		{NULL},
	};
	int status = cli_parse(cli, own, NULL, &argc, &argv);
	if (status != EX_OK || (status = cli_open(cli)) != EX_OK)
		return status;
	struct fsck_result result;
	const struct fsck_options options = {repair, put_finding, cli};
	if ((rebuild && !fsck_rebuild(cli->store, &error)) ||
		!fsck_run(cli->store, &options, &result, &error))
		return cli_fail(error);
	put_result(cli, &result);
	return result.findings > result.mended ? EX_DATAERR : EX_OK;
}
