/* SPDX-License-Identifier: MIT */
#include "ui/cli.h"

#include <string.h>
#include <sysexits.h>

#include "base/report.h"
#include "store/import.h"
#include "ui/cli-progress.h"

/* They are not brought unasked: somebody took them away. */
static void put_gone(int64_t letters)
{
	if (letters > 0)
		report_info(P_("%d message was imported before, and moved or deleted since; "
			       "'--again' brings it back if it was deleted",
				    "%d messages were imported before, and moved or deleted since; "
				    "'--again' brings back those that were deleted",
				    letters),
			(int)letters);
}

static void put_result(struct cli *cli, const char *path, const struct import_result *r)
{
	if (!cli->json) {
		/* TRANSLATORS: how many letters of a file were imported */
		report_info(P_("'%s': %d message imported, %d already here",
				    "'%s': %d messages imported, %d already here", r->messages),
			path, (int)r->messages, (int)r->skipped);
		put_gone(r->gone);
		return;
	}
	JsonObject *o = json_object_new();
	g_autofree char *utf8 = g_utf8_make_valid(path, -1);
	json_object_set_string_member(o, "path", utf8);
	json_object_set_int_member(o, "imported", r->messages);
	json_object_set_int_member(o, "skipped", r->skipped);
	json_object_set_int_member(o, "gone", r->gone);
	cli_put_json(o);
}

static bool tell(const struct import_result *r, void *data)
{
	struct cli_progress *progress = data;
	return cli_progress_step(
		progress, r->path, r->read, r->total > 0 ? (int)(r->done * 100 / r->total) : -1);
}

/* What was taken in before an error is told as well. */
static int import_all(struct cli *cli, char **paths, struct import_options *options)
{
	GError *error = NULL;
	int status = EX_OK;
	struct cli_progress *progress = cli_progress_new();
	options->progress = tell;
	options->data = progress;
	for (; *paths && !cli_progress_stopped(progress); paths++) {
		struct import_result r = {0};
		bool ok = import_path(cli->store, *paths, options, &r, &error);
		cli_progress_clear(progress);
		if (ok || r.messages + r.skipped + r.gone > 0)
			put_result(cli, *paths, &r);
		if (!ok)
			status = cli_fail(g_steal_pointer(&error));
	}
	bool stopped = cli_progress_stopped(progress);
	cli_progress_free(progress);
	if (stopped)
		return status;
	return cli_sync(cli, &error) ? status : cli_fail(error);
}

static const struct {
	const char *name;
	enum import_mbox kind;
} kinds[] = {
	{"mboxo", IMPORT_MBOXO},
	{"mboxrd", IMPORT_MBOXRD},
	{"mboxcl", IMPORT_MBOXCL},
	{"mboxcl2", IMPORT_MBOXCL2},
};

static bool find_kind(const char *name, enum import_mbox *kind)
{
	for (size_t i = 0; name && i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			*kind = kinds[i].kind;
	if (!name || *kind != IMPORT_MBOX_AUTO)
		return true;
	report_error(
		_("there is no kind of mbox '%s'; there are mboxo, mboxrd, mboxcl and mboxcl2"),
		name);
	return false;
}

int cli_import(struct cli *cli, int argc, char **argv)
{
	g_autofree char *folder = NULL, *kind = NULL;
	gboolean flat = FALSE, again = FALSE;
	struct import_options options = {0};
	const GOptionEntry own[] = {
		{"folder", 'f', 0, G_OPTION_ARG_STRING, &folder,
			N_("put the mail into FOLDER; default: Inbox"), N_("FOLDER")},
		{"flat", 0, 0, G_OPTION_ARG_NONE, &flat,
			N_("all into one folder, not into one for each below PATH"), NULL},
		{"again", 0, 0, G_OPTION_ARG_NONE, &again,
			N_("also what was imported before and is gone since"), NULL},
		{"mbox", 0, 0, G_OPTION_ARG_STRING, &kind,
			N_("mboxo, mboxrd, mboxcl or mboxcl2; default: what fits"), N_("KIND")},
		{NULL},
	};
	cli->paths = 1;
	int status = cli_parse(cli, own, _("PATH…"), &argc, &argv);
	if (status == EX_OK && !find_kind(kind, &options.mbox))
		status = EX_USAGE;
	if (status != EX_OK || (status = cli_open(cli)) != EX_OK)
		return status;
	options.folder = folder ? store_folder_meant(cli->store, folder) : NULL;
	options.flat = flat;
	options.again = again;
	return import_all(cli, argv + 1, &options);
}
