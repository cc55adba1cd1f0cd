/* SPDX-License-Identifier: MIT */
#include "ui/cli.h"

#include <sysexits.h>

#include "base/report.h"
#include "store/import.h"

static void put_result(struct cli *cli, const char *path, const struct import_result *r)
{
	if (!cli->json) {
		/* TRANSLATORS: how many letters of a file were imported */
		report_info(P_("'%s': %d message imported, %d already here",
				    "'%s': %d messages imported, %d already here", r->messages),
			path, (int)r->messages, (int)r->skipped);
		return;
	}
	JsonObject *o = json_object_new();
	g_autofree char *utf8 = g_utf8_make_valid(path, -1);
	json_object_set_string_member(o, "path", utf8);
	json_object_set_int_member(o, "imported", r->messages);
	json_object_set_int_member(o, "skipped", r->skipped);
	cli_put_json(o);
}

static int import_all(struct cli *cli, char **paths, const char *folder)
{
	GError *error = NULL;
	int status = EX_OK;
	for (; *paths; paths++) {
		struct import_result r = {0};
		if (import_path(cli->store, *paths, folder, &r, &error))
			put_result(cli, *paths, &r);
		else
			status = cli_fail(g_steal_pointer(&error));
	}
	return cli_sync(cli, &error) ? status : cli_fail(error);
}

int cli_import(struct cli *cli, int argc, char **argv)
{
	g_autofree char *folder = NULL;
	const GOptionEntry own[] = {
		{"folder", 'f', 0, G_OPTION_ARG_STRING, &folder,
			N_("put the mail into FOLDER; default: Inbox"), N_("FOLDER")},
		{NULL},
	};
	int status = cli_parse(cli, own, _("PATH…"), &argc, &argv);
	if (status != EX_OK || (status = cli_open(cli)) != EX_OK)
		return status;
	return import_all(
		cli, argv + 1, folder ? store_folder_meant(cli->store, folder) : FOLDER_INBOX);
}
