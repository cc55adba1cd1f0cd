/* SPDX-License-Identifier: MIT */
#include "ui/cli.h"

#include <string.h>
#include <sysexits.h>

#include "base/report.h"
#include "store/export.h"
#include "ui/cli-progress.h"

static const struct {
	const char *name;
	enum export_format format;
} formats[] = {
	{"mbox", EXPORT_MBOXRD},
	{"mboxrd", EXPORT_MBOXRD},
	{"mboxcl2", EXPORT_MBOXCL2},
	{"maildir", EXPORT_MAILDIR},
	{"eml", EXPORT_EML},
};

/* EXPORT_NONE: reported. */
static enum export_format find_format(const char *name, const char *path)
{
	enum export_format format = name ? EXPORT_NONE : export_format_of(path);
	for (size_t i = 0; name && i < G_N_ELEMENTS(formats); i++)
		if (strcmp(formats[i].name, name) == 0)
			format = formats[i].format;
	if (format == EXPORT_NONE && name)
		report_error(
			_("there is no format '%s'; there are mboxrd, mboxcl2, maildir and eml"),
			name);
	else if (format == EXPORT_NONE)
		report_error(
			_("'%s' does not say which format is meant; end it in .mbox or /, or add "
			  "--format"),
			path);
	return format;
}

static void put_result(struct cli *cli, const char *path, const struct export_result *r)
{
	if (cli->json) {
		JsonObject *o = json_object_new();
		g_autofree char *utf8 = g_utf8_make_valid(path, -1);
		json_object_set_string_member(o, "path", utf8);
		json_object_set_int_member(o, "exported", r->messages);
		json_object_set_int_member(o, "skipped", r->skipped);
		json_object_set_int_member(o, "previews", r->previews);
		cli_put_json(o);
		return;
	}
	/* TRANSLATORS: how many letters went to a file */
	report_info(P_("'%s': %d message exported, %d already there",
			    "'%s': %d messages exported, %d already there", r->messages),
		path, (int)r->messages, (int)r->skipped);
	if (r->previews > 0)
		report_warning(P_("%d preview was left out: its letter is not here",
				       "%d previews were left out: their letters are not here",
				       r->previews),
			(int)r->previews);
}

static bool tell(const struct export_result *r, void *data)
{
	return cli_progress_step(data, NULL, r->messages + r->skipped, -1);
}

/* Oldest first, as an mbox grows. */
static void turn_round(GArray *ids)
{
	for (guint i = 0; i < ids->len / 2; i++) {
		int64_t *a = &g_array_index(ids, int64_t, i);
		int64_t *b = &g_array_index(ids, int64_t, ids->len - 1 - i);
		int64_t kept = *a;
		*a = *b;
		*b = kept;
	}
}

static int run(struct cli *cli, char **query, const char *path, enum export_format format)
{
	int status;
	GError *error = NULL;
	struct export_result result = {0};
	struct export_options options = {.format = format, .progress = tell};
	g_autoptr(GArray) ids = cli_find(cli, query, &status);
	if (!ids)
		return status;
	turn_round(ids);
	struct cli_progress *progress = cli_progress_new();
	options.data = progress;
	bool ok = export_messages(cli->store, ids, path, &options, &result, &error);
	cli_progress_free(progress);
	if (!ok)
		return cli_fail(error);
	/* On standard output are the letters. */
	if (strcmp(path, "-") != 0)
		put_result(cli, path, &result);
	return EX_OK;
}

int cli_export(struct cli *cli, int argc, char **argv)
{
	g_autofree char *name = NULL;
	const GOptionEntry own[] = {
		{"format", 0, 0, G_OPTION_ARG_STRING, &name,
			N_("mboxrd, mboxcl2, maildir or eml; default: what PATH says"),
			N_("FORMAT")},
		{NULL},
	};
	cli->paths = 2;
	int status = cli_parse(cli, own, _("QUERY PATH"), &argc, &argv);
	if (status == EX_OK && argc < 3) {
		report_error(_("'%s' wants %s behind it; see 'dewey %s --help'"), "export",
			_("QUERY PATH"), "export");
		status = EX_USAGE;
	}
	enum export_format format =
		status == EX_OK ? find_format(name, argv[argc - 1]) : EXPORT_NONE;
	if (status != EX_OK || format == EXPORT_NONE)
		return EX_USAGE;
	if ((status = cli_open(cli)) != EX_OK)
		return status;
	const char *path = argv[argc - 1];
	argv[argc - 1] = NULL;
	return run(cli, argv + 1, path, format);
}
