/* SPDX-License-Identifier: MIT */
#include "ui/cli.h"

#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/report.h"
#include "store/actions.h"

/* A letter without a date, or with one that cannot be, goes by when it came. */
static int year_of(const struct message_row *row)
{
	enum { BEFORE_MAIL = 1971, DAY = 86400 };
	int64_t when = row->date > 0 && row->date < clock_now() + DAY ? row->date : row->arrived;
	g_autoptr(GDateTime) local = g_date_time_new_from_unix_local(when);
	int year = local ? g_date_time_get_year(local) : 0;
	if (year >= BEFORE_MAIL)
		return year;
	g_autoptr(GDateTime) came = g_date_time_new_from_unix_local(row->arrived);
	return came ? g_date_time_get_year(came) : BEFORE_MAIL;
}

static char *folder_of(const struct message_row *row, void *data)
{
	return g_strdup_printf("%s/%04d", (const char *)data, year_of(row));
}

struct count {
	char *folder;
	int64_t messages;
};

static int by_folder(gconstpointer a, gconstpointer b)
{
	return strcmp(((const struct count *)a)->folder, ((const struct count *)b)->folder);
}

static void count_clear(gpointer data)
{
	g_free(((struct count *)data)->folder);
}

static void add_to(GArray *counts, char *folder)
{
	for (guint i = 0; i < counts->len; i++) {
		struct count *c = &g_array_index(counts, struct count, i);
		if (strcmp(c->folder, folder) != 0)
			continue;
		c->messages++;
		g_free(folder);
		return;
	}
	struct count c = {folder, 1};
	g_array_append_val(counts, c);
}

/* How many would go where. */
static GArray *plan(struct cli *cli, const GArray *ids, char *top, GError **error)
{
	g_autoptr(GArray) counts = g_array_new(FALSE, FALSE, sizeof(struct count));
	struct index *ix = store_index(cli->store, error);
	g_array_set_clear_func(counts, count_clear);
	for (guint i = 0; ix && i < ids->len; i++) {
		g_autoptr(message_row) row =
			index_message(ix, g_array_index(ids, int64_t, i), NULL);
		g_autofree char *folder = row ? folder_of(row, top) : NULL;
		if (folder && strcmp(folder, row->folder) != 0)
			add_to(counts, g_steal_pointer(&folder));
	}
	g_array_sort(counts, by_folder);
	return ix ? g_steal_pointer(&counts) : NULL;
}

static int put_plan(struct cli *cli, const GArray *ids, char *top)
{
	GError *error = NULL;
	g_autoptr(GArray) counts = plan(cli, ids, top, &error);
	if (!counts)
		return cli_fail(error);
	for (guint i = 0; i < counts->len; i++) {
		const struct count *c = &g_array_index(counts, struct count, i);
		if (!cli->json) {
			cli_put("%6" G_GINT64_FORMAT "  %s\n", c->messages, c->folder);
			continue;
		}
		JsonObject *o = json_object_new();
		json_object_set_string_member(o, "folder", c->folder);
		json_object_set_int_member(o, "messages", c->messages);
		cli_put_json(o);
	}
	return EX_OK;
}

static int archive(struct cli *cli, const GArray *ids, char *top)
{
	GError *error = NULL;
	struct action_result r;
	const struct action_targets targets = {folder_of, top};
	if (!action_move_each(cli->store, ids, &targets, &r, &error))
		return cli_fail(error);
	return cli_put_result(cli, &r);
}

int cli_archive(struct cli *cli, int argc, char **argv)
{
	g_autofree char *folder = NULL;
	gboolean dry_run = FALSE;
	const GOptionEntry own[] = {
		{"folder", 'f', 0, G_OPTION_ARG_STRING, &folder,
			N_("below FOLDER; default: Archive"), N_("FOLDER")},
		{"dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run, N_("only say what would be done"),
			NULL},
		{NULL},
	};
	int status = cli_parse(cli, own, _("QUERY"), &argc, &argv);
	if (status != EX_OK || (status = cli_open(cli)) != EX_OK)
		return status;
	g_autoptr(GArray) ids = cli_find(cli, argv + 1, &status);
	if (!ids)
		return status;
	char *top = g_strdup(folder ? store_folder_meant(cli->store, folder) : FOLDER_ARCHIVE);
	status = (dry_run ? put_plan : archive)(cli, ids, top);
	g_free(top);
	return status;
}
