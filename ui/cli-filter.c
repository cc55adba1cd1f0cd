/* SPDX-License-Identifier: MIT
 *
 * filter: what is due, old mail on demand, and what the filters did so far. */
#include "ui/cli.h"

#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/report.h"
#include "ui/filters.h"

struct filter_options {
	gboolean list, dry_run;
};

/* --- words ----------------------------------------------------------------------- */

static const char *words_of(struct cli *cli, const char *name)
{
	const GPtrArray *sorters = dotfile_sorters(cli->dotfile);
	for (guint i = 0; i < sorters->len; i++) {
		const struct dotfile_filter *f = sorters->pdata[i];
		if (strcmp(f->name, name) == 0)
			return f->words;
	}
	return "";
}

static void put_event(struct cli *cli, const char *event, const struct filter_rule *rule,
	const struct message_row *row, const char *text)
{
	JsonObject *o = json_object_new();
	json_object_set_string_member(o, "event", event);
	json_object_set_string_member(o, "filter", rule->name);
	json_object_set_int_member(o, "id", row->id);
	json_object_set_string_member(o, "subject", row->subject);
	if (text)
		json_object_set_string_member(o, "text", text);
	cli_put_json(o);
}

static void on_notify(const struct filter_rule *rule, const struct message_row *row, void *data)
{
	struct cli *cli = data;
	if (cli->json)
		put_event(cli, "notify", rule, row, NULL);
	else
		report_info("%s: %s: %s", rule->name, *row->from_name ? row->from_name : row->from,
			row->subject);
}

static void on_failed(
	const struct filter_rule *rule, const struct message_row *row, const char *why, void *data)
{
	struct cli *cli = data;
	if (cli->json)
		put_event(cli, "failed", rule, row, why);
	report_warning(_("the filter '%s' failed with \"%s\": %s; the letter stays in %s"),
		rule->name, row->subject, why, folder_title(row->folder));
}

static void on_would(const struct filter_rule *rule, const struct message_row *row, void *data)
{
	struct cli *cli = data;
	const char *words = words_of(cli, rule->name);
	if (cli->json)
		put_event(cli, "would", rule, row, words);
	else
		cli_put("%6" G_GINT64_FORMAT " %s: %s  %s\n", row->id, rule->name, words,
			row->subject);
}

int cli_filter_due(struct cli *cli)
{
	GError *error = NULL;
	struct filter_result r;
	struct filter_ops ops = {.notify = on_notify, .failed = on_failed, .data = cli};
	if (!filter_is_due(cli->store) ||
		filters_run_due(cli->dotfile, cli->store, &ops, &r, &error))
		return EX_OK;
	return cli_fail(error);
}

/* --- the list -------------------------------------------------------------------- */

static void put_past_json(const struct dotfile_filter *f, const struct filter_past *past)
{
	JsonObject *o = json_object_new();
	g_autofree char *last = past->last ? clock_iso(past->last) : g_strdup("");
	json_object_set_string_member(o, "filter", f->name);
	json_object_set_string_member(o, "match", f->query);
	json_object_set_string_member(o, "do", f->words);
	json_object_set_int_member(o, "hits", past->hits);
	json_object_set_string_member(o, "last", last);
	json_object_set_int_member(o, "failures", past->failures);
	json_object_set_string_member(o, "why", past->why ? past->why : "");
	cli_put_json(o);
}

static void put_past(guint n, const struct dotfile_filter *f, const struct filter_past *past)
{
	g_autofree char *hits =
		g_strdup_printf(P_("%d letter", "%d letters", past->hits), (int)past->hits);
	cli_put("%2u  %s: %s\n", n, f->name, hits);
	cli_put("    %s = %s\n    %s = %s\n", "match", f->query, "do", f->words);
	if (past->last) {
		g_autofree char *when = clock_long(past->last);
		cli_put("    %s %s\n", _("last:"), when);
	}
	if (past->failures) {
		g_autofree char *when = clock_long(past->failed);
		cli_put(P_("    failed %d time, last %s: %s\n",
				"    failed %d times, last %s: %s\n", past->failures),
			(int)past->failures, when, past->why);
	}
}

static int list(struct cli *cli)
{
	const GPtrArray *sorters = dotfile_sorters(cli->dotfile);
	if (sorters->len == 0 && !cli->json)
		report_info(_("there is no filter in '%s'; deweyrc(5) shows how to write one"),
			dotfile_path(cli->dotfile));
	for (guint i = 0; i < sorters->len; i++) {
		GError *error = NULL;
		struct filter_past past;
		const struct dotfile_filter *f = sorters->pdata[i];
		if (!filter_past_get(cli->store, f->name, &past, &error))
			return cli_fail(error);
		(cli->json ? put_past_json(f, &past) : put_past(i + 1, f, &past));
		filter_past_clear(&past);
	}
	return EX_OK;
}

/* --- on demand ------------------------------------------------------------------- */

/* The first words that are names of filters; the rest is a query.  A query word that
 * is the name of a filter stands behind "--" or between brackets. */
static char **take_names(struct cli *cli, char **words, char ***query)
{
	GPtrArray *names = g_ptr_array_new();
	for (; *words && *words_of(cli, *words); words++)
		g_ptr_array_add(names, g_strdup(*words));
	g_ptr_array_add(names, NULL);
	if (*words && strcmp(*words, "--") == 0)
		words++;
	*query = words;
	return (char **)g_ptr_array_free(names, FALSE);
}

static int put_result(struct cli *cli, const struct filter_result *r, bool dry_run)
{
	if (cli->json) {
		JsonObject *o = json_object_new();
		json_object_set_string_member(o, "event", "done");
		json_object_set_int_member(o, "letters", r->letters);
		json_object_set_int_member(o, "failed", r->failed);
		cli_put_json(o);
	} else {
		report_info(dry_run ? P_("%d letter would be filtered, nothing was changed",
					      "%d letters would be filtered, nothing was changed",
					      r->letters)
				    : P_("%d letter filtered", "%d letters filtered", r->letters),
			(int)r->letters);
	}
	return r->failed > 0 ? EX_TEMPFAIL : EX_OK;
}

static int run(struct cli *cli, char **words, bool dry_run)
{
	GError *error = NULL;
	int status = EX_OK;
	char **query;
	struct filter_result r = {0};
	struct filter_ops ops = {.notify = on_notify,
		.failed = on_failed,
		.would = on_would,
		.dry_run = dry_run,
		.data = cli};
	g_auto(GStrv) names = take_names(cli, words, &query);
	if (!dry_run && !*query && !*names) {
		if (!cli_sync(cli, &error) ||
			!filters_run_due(cli->dotfile, cli->store, &ops, &r, &error))
			return cli_fail(error);
		return put_result(cli, &r, false);
	}
	char *inbox[] = {(char *)"in:Inbox", NULL};
	g_autoptr(GArray) ids = cli_find(cli, *query ? query : inbox, &status);
	if (!ids)
		return status;
	const struct filters_choice choice = {names, ids};
	if (!filters_run(cli->dotfile, cli->store, &choice, &ops, &r, &error))
		return cli_fail(error);
	return put_result(cli, &r, dry_run);
}

int cli_filter(struct cli *cli, int argc, char **argv)
{
	struct filter_options o = {0};
	const GOptionEntry own[] = {
		{"list", 'l', 0, G_OPTION_ARG_NONE, &o.list,
			N_("list the filters in their order, with what they did"), NULL},
		{"dry-run", 'n', 0, G_OPTION_ARG_NONE, &o.dry_run,
			N_("change nothing, print what would be done"), NULL},
		{NULL},
	};
	int status = cli_parse(cli, own, NULL, &argc, &argv);
	if (status != EX_OK || (status = cli_open(cli)) != EX_OK)
		return status;
	return o.list ? list(cli) : run(cli, argv + 1, o.dry_run);
}
