/* SPDX-License-Identifier: MIT */
#include "ui/cli.h"

#include <stdlib.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/report.h"
#include "store/actions.h"
#include "store/journal.h"

static void put_entry(const struct cli *cli, const struct journal_entry *e)
{
	g_autofree char *text = journal_text(e);
	g_autofree char *when = clock_short(e->made);
	if (!cli->json) {
		cli_put("%5d  %s  %s\n", (int)e->id, when, text);
		return;
	}
	JsonObject *o = json_object_new();
	json_object_set_int_member(o, "entry", e->id);
	json_object_set_int_member(o, "made", e->made);
	json_object_set_int_member(o, "changes", e->count);
	json_object_set_string_member(o, "text", text);
	cli_put_json(o);
}

static int put_journal(struct cli *cli, int limit)
{
	GError *error = NULL;
	struct ledger *l = store_ledger(cli->store, &error);
	g_autoptr(GPtrArray) list = l ? journal_list(l, limit, &error) : NULL;
	if (!list)
		return cli_fail(error);
	for (guint i = 0; i < list->len; i++)
		put_entry(cli, list->pdata[i]);
	return EX_OK;
}

static void put_result(const struct cli *cli, const struct action_result *r)
{
	if (!cli->json) {
		cli_put("%s\n", r->text);
		return;
	}
	JsonObject *o = json_object_new();
	json_object_set_int_member(o, "done", r->done);
	json_object_set_int_member(o, "missing", r->missing);
	json_object_set_string_member(o, "text", r->text);
	cli_put_json(o);
}

static int take_back(struct cli *cli, const char *number)
{
	GError *error = NULL;
	char *end = NULL;
	struct action_result r = {0};
	gint64 entry = number ? g_ascii_strtoll(number, &end, 10) : 0;
	if (number && (*end != '\0' || entry <= 0)) {
		report_error(_("'%s' is not a change; their numbers are in 'dewey undo --list'"),
			number);
		return EX_USAGE;
	}
	bool ok = number ? action_undo_to(cli->store, entry, &r, &error)
			 : action_undo(cli->store, &r, &error);
	if (ok)
		put_result(cli, &r);
	action_result_clear(&r);
	return ok ? EX_OK : cli_fail(error);
}

int cli_undo(struct cli *cli, int argc, char **argv)
{
	gboolean list = FALSE;
	int limit = 1000;
	const GOptionEntry own[] = {
		{"list", 'l', 0, G_OPTION_ARG_NONE, &list,
			N_("list what can be taken back, the last change first"), NULL},
		{"limit", 'n', 0, G_OPTION_ARG_INT, &limit,
			N_("with --list, at most so many changes"), N_("NUMBER")},
		{NULL},
	};
	int status = cli_parse(cli, own, NULL, &argc, &argv);
	if (status != EX_OK || (status = cli_open(cli)) != EX_OK)
		return status;
	return list ? put_journal(cli, limit) : take_back(cli, argc > 1 ? argv[1] : NULL);
}
