/* SPDX-License-Identifier: MIT
 *
 * list, search and count. */
#include "ui/cli.h"

#include <string.h>
#include <sysexits.h>

#include "base/report.h"
#include "store/sorts.h"

enum { PAGE = 200 };

/* Pages until limit rows (0: all) were printed. */
static bool put_list(struct cli *cli, const struct list_spec *spec, int64_t limit, GError **error)
{
	struct index *ix = store_index(cli->store, error);
	struct list_key key = LIST_TOP;
	int64_t left = limit > 0 ? limit : G_MAXINT64;
	while (ix && left > 0) {
		g_autoptr(GPtrArray) rows =
			index_list(ix, spec, key, false, (guint)MIN(left, PAGE), error);
		if (!rows)
			return false;
		if (rows->len == 0)
			return true;
		key = index_row_key(rows->pdata[rows->len - 1], spec->order, rows);
		if (rows->len > left)
			g_ptr_array_set_size(rows, (gint)left);
		cli_put_rows(cli, rows);
		left -= rows->len;
	}
	return ix != NULL;
}

struct list_options {
	const char *needed; /* behind the command */
	int64_t limit;
	gboolean threads, reverse;
	char *sort;
};

/* view: the order of a saved view; NULL: none. */
static bool set_order(
	const struct list_options *o, const char *view, struct list_spec *spec, GError **error)
{
	struct list_sort sort;
	const char *name = o->sort ? o->sort : o->threads ? "thread" : view ? view : "date";
	if (!sort_read(name, &sort, error))
		return false;
	spec->order = sort.order;
	spec->ascending = sort.ascending != (o->reverse != FALSE);
	return true;
}

static int parse(
	struct cli *cli, struct list_options *o, struct list_spec *spec, int *argc, char ***argv)
{
	const GOptionEntry own[] = {
		{"limit", 'n', 0, G_OPTION_ARG_INT64, &o->limit,
			N_("print at most so many messages"), N_("NUMBER")},
		{"threads", 't', 0, G_OPTION_ARG_NONE, &o->threads, N_("by thread"), NULL},
		{"sort", 's', 0, G_OPTION_ARG_STRING, &o->sort,
			N_("by date, thread, sender, subject, size or score"), N_("ORDER")},
		{"reverse", 'r', 0, G_OPTION_ARG_NONE, &o->reverse, N_("the other way round"),
			NULL},
		{"snippet", 0, 0, G_OPTION_ARG_NONE, &cli->snippet,
			N_("with the first words of each message"), NULL},
		{"format", 0, 0, G_OPTION_ARG_STRING, &cli->format,
			N_("print each as FORMAT says, like '{date} {from} {subject}'"),
			N_("FORMAT")},
		{NULL},
	};
	g_autoptr(GError) error = NULL;
	int status = cli_parse(cli, own, o->needed, argc, argv);
	if (status == EX_OK && !set_order(o, NULL, spec, &error)) {
		report_error("%s", error->message);
		status = EX_USAGE;
	}
	if (status == EX_OK)
		status = cli_open(cli);
	return status != EX_OK || cli_check_format(cli) ? status : EX_USAGE;
}

/* The folder of this name, on disk or as it is shown, or NULL. */
static char *find_folder(struct cli *cli, const char *name, GError **error)
{
	g_autoptr(GPtrArray) folders = store_folders(cli->store, error);
	for (guint i = 0; folders && i < folders->len; i++)
		if (g_ascii_strcasecmp(folders->pdata[i], name) == 0 ||
			strcmp(folder_title(folders->pdata[i]), name) == 0)
			return g_strdup(folders->pdata[i]);
	if (folders)
		g_set_error(error, STORE_ERROR, STORE_ERROR_MISSING,
			_("there is no folder and no view '%s'; folders are directories in '%s'"),
			name, store_root(cli->store));
	return NULL;
}

static int list_spec_out(struct cli *cli, const struct list_spec *spec, int64_t limit)
{
	GError *error = NULL;
	int status = EX_OK;
	if (!cli_sync_to_look(cli, &status, &error) || !put_list(cli, spec, limit, &error))
		return cli_fail(error);
	return status;
}

int cli_list(struct cli *cli, int argc, char **argv)
{
	GError *error = NULL;
	struct list_options o = {.needed = _("FOLDER|VIEW")};
	struct list_spec spec = {0};
	g_autofree char *folder = NULL;
	int status = parse(cli, &o, &spec, &argc, &argv);
	if (status != EX_OK)
		return status;
	const struct dotfile_view *view = dotfile_view_by_name(cli->dotfile, argv[1]);
	if (view && !set_order(&o, view->sort, &spec, &error))
		return cli_fail(error);
	spec.query = view ? view->query : NULL;
	if (!spec.query && !(spec.folder = folder = find_folder(cli, argv[1], &error)))
		return cli_fail(error);
	return list_spec_out(cli, &spec, o.limit);
}

int cli_search(struct cli *cli, int argc, char **argv)
{
	struct list_options o = {.needed = _("QUERY")};
	struct list_spec spec = {0};
	int status = parse(cli, &o, &spec, &argc, &argv);
	if (status != EX_OK)
		return status;
	/* The shell's words make one query, so only phrases need quoting. */
	g_autofree char *query = g_strjoinv(" ", argv + 1);
	spec.query = query;
	return list_spec_out(cli, &spec, o.limit);
}

int cli_count(struct cli *cli, int argc, char **argv)
{
	GError *error = NULL;
	int64_t total = 0, unread = 0;
	int status = cli_parse(cli, NULL, _("QUERY"), &argc, &argv);
	if (status == EX_OK)
		status = cli_open(cli);
	if (status != EX_OK)
		return status;
	g_autofree char *query = g_strjoinv(" ", argv + 1);
	struct list_spec spec = {.query = query};
	struct index *ix =
		cli_sync_to_look(cli, &status, &error) ? store_index(cli->store, &error) : NULL;
	if (!ix || !index_count(ix, &spec, &total, &unread, &error))
		return cli_fail(error);
	if (!cli->json) {
		cli_put("%" G_GINT64_FORMAT "\n", total);
		return status;
	}
	JsonObject *counts = json_object_new();
	json_object_set_int_member(counts, "total", total);
	json_object_set_int_member(counts, "unread", unread);
	cli_put_json(counts);
	return status;
}
