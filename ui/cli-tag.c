/* SPDX-License-Identifier: MIT
 *
 * tag and move: what a query finds, all of it, as one journal entry. */
#include "ui/cli.h"

#include <string.h>
#include <sysexits.h>

#include "base/report.h"
#include "store/index-tags.h"

enum { PAGE = 500 };

static GArray *find_all(struct index *ix, const char *query, GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct list_spec spec = {.query = query};
	struct list_key key = LIST_TOP;
	for (;;) {
		g_autoptr(GPtrArray) rows = index_list(ix, &spec, key, false, PAGE, error);
		if (!rows)
			return NULL;
		if (rows->len == 0)
			return g_steal_pointer(&ids);
		for (guint i = 0; i < rows->len; i++) {
			const struct message_row *row = rows->pdata[i];
			g_array_append_val(ids, row->id);
		}
		key = index_row_key(rows->pdata[rows->len - 1], spec.order, rows);
	}
}

GArray *cli_find(struct cli *cli, char **words, int *status)
{
	GError *error = NULL;
	/* The shell's words make one query, so only phrases need quoting. */
	g_autofree char *query = g_strjoinv(" ", words);
	struct index *ix = cli_sync(cli, &error) ? store_index(cli->store, &error) : NULL;
	GArray *ids = ix ? find_all(ix, query, &error) : NULL;
	*status = ids ? EX_OK : cli_fail(error);
	return ids;
}

/* --- tag ----------------------------------------------------------------------- */

/* "-todo" is a tag here, "-c" and "--json" are options; a tag of one letter is
 * taken away by "-a," as well. */
static bool is_change(const char *word)
{
	bool less = word[0] == '-' && word[1] != '-' && strlen(word) > 2;
	return word[0] == '+' || less;
}

/* Takes the changes of tags out of argv, up to the first word of the query;
 * options may stand between them. */
static char *take_changes(int *argc, char **argv)
{
	GString *text = g_string_new(NULL);
	int from = 1, to = 1;
	while (from < *argc && strchr("+-", argv[from][0])) {
		bool valued = strcmp(argv[from], "-c") == 0 || strcmp(argv[from], "--config") == 0;
		if (is_change(argv[from])) {
			g_string_append_printf(text, "%s ", argv[from++]);
			continue;
		}
		argv[to++] = argv[from++];
		if (valued && from < *argc)
			argv[to++] = argv[from++];
	}
	while (from < *argc)
		argv[to++] = argv[from++];
	argv[to] = NULL;
	*argc = to;
	return g_string_free(text, FALSE);
}

static int tag_all(struct cli *cli, char **words, const struct tag_change *change)
{
	GError *error = NULL;
	int status;
	struct action_result r;
	g_autoptr(GArray) ids = cli_find(cli, words, &status);
	if (!ids)
		return status;
	if (!action_tag(cli->store, ids, change, &r, &error))
		return cli_fail(error);
	return cli_put_result(cli, &r);
}

int cli_tag(struct cli *cli, int argc, char **argv)
{
	GError *error = NULL;
	g_auto(tag_change) change = {0};
	g_autofree char *text = take_changes(&argc, argv);
	int status = cli_parse(cli, NULL, _("+TAG|-TAG… QUERY"), &argc, &argv);
	if (status != EX_OK)
		return status;
	if (!tag_change_parse(text, &change, &error))
		return cli_fail(error);
	status = cli_open(cli);
	return status == EX_OK ? tag_all(cli, argv + 1, &change) : status;
}

/* --- move ---------------------------------------------------------------------- */

int cli_move(struct cli *cli, int argc, char **argv)
{
	GError *error = NULL;
	struct action_result r;
	int status = cli_parse(cli, NULL, _("FOLDER QUERY"), &argc, &argv);
	if (status == EX_OK && argc < 3) {
		report_error(_("'%s' wants %s behind it; see 'dewey %s --help'"), "move",
			_("FOLDER QUERY"), "move");
		return EX_USAGE;
	}
	if (status != EX_OK || (status = cli_open(cli)) != EX_OK)
		return status;
	g_autoptr(GArray) ids = cli_find(cli, argv + 2, &status);
	if (!ids)
		return status;
	if (!action_move(cli->store, ids, store_folder_meant(cli->store, argv[1]), &r, &error))
		return cli_fail(error);
	return cli_put_result(cli, &r);
}
