/* SPDX-License-Identifier: MIT
 *
 * Rows of messages on stdout: a table for people, JSON for programs. */
#include "ui/cli.h"

#include <string.h>

#include "base/clock.h"
#include "base/local.h"
#include "base/report.h"
#include "store/preview.h"
#include "ui/who.h"

static const struct {
	unsigned flag;
	const char *name; /* read by machines: not translated */
} flag_names[] = {
	{FLAG_DRAFT, "draft"},
	{FLAG_FLAGGED, "flagged"},
	{FLAG_PASSED, "forwarded"},
	{FLAG_REPLIED, "replied"},
	{FLAG_SEEN, "seen"},
	{FLAG_TRASHED, "trashed"},
};

static JsonArray *flags_json(unsigned flags)
{
	JsonArray *names = json_array_new();
	for (size_t i = 0; i < G_N_ELEMENTS(flag_names); i++)
		if (flags & flag_names[i].flag)
			json_array_add_string_element(names, flag_names[i].name);
	return names;
}

static JsonArray *tags_json(const char *tags)
{
	JsonArray *words = json_array_new();
	g_auto(GStrv) list = g_strsplit(tags, " ", -1);
	for (char **word = list; *word; word++)
		if (**word)
			json_array_add_string_element(words, *word);
	return words;
}

static JsonObject *row_json(struct cli *cli, const struct message_row *row)
{
	JsonObject *o = json_object_new();
	g_autofree char *date = clock_iso(row->date);
	g_autofree char *folder =
		preview_or_folder_path(cli->store, row->folder, row->partial, NULL);
	g_autofree char *path =
		g_build_filename(folder, row->is_new ? "new" : "cur", row->file, NULL);
	g_autofree char *utf8_path = g_utf8_make_valid(path, -1);
	g_autofree char *from = *row->from_name
		? g_strdup_printf("%s <%s>", row->from_name, row->from)
		: g_strdup(row->from);
	json_object_set_int_member(o, "id", row->id);
	json_object_set_string_member(o, "folder", row->folder);
	json_object_set_string_member(o, "account", row->account);
	json_object_set_string_member(o, "date", date);
	json_object_set_string_member(o, "from", from);
	json_object_set_string_member(o, "to", row->to);
	json_object_set_string_member(o, "cc", row->cc);
	json_object_set_string_member(o, "subject", row->subject);
	json_object_set_array_member(o, "flags", flags_json(row->flags));
	json_object_set_array_member(o, "tags", tags_json(row->tags));
	json_object_set_int_member(o, "size", row->size);
	json_object_set_boolean_member(o, "partial", row->partial);
	json_object_set_int_member(o, "thread", row->thread);
	json_object_set_string_member(o, "path", utf8_path);
	json_object_set_string_member(o, "message_id", row->message_id);
	json_object_set_string_member(o, "snippet", row->snippet);
	return o;
}

/* --- a format of one's own --------------------------------------------------------- */

static void append_value(GString *out, JsonNode *node)
{
	if (JSON_NODE_HOLDS_ARRAY(node)) {
		JsonArray *array = json_node_get_array(node);
		for (guint i = 0; i < json_array_get_length(array); i++)
			g_string_append_printf(out, "%s%s", i > 0 ? "," : "",
				json_array_get_string_element(array, i));
	} else if (json_node_get_value_type(node) == G_TYPE_STRING) {
		g_string_append(out, json_node_get_string(node));
	} else {
		g_autofree char *text = json_to_string(node, FALSE);
		g_string_append(out, text);
	}
}

/* The names are the keys of the JSON form.  NULL: unknown is set to a name that is none. */
static char *fill_in(JsonObject *row, const char *format, char **unknown)
{
	g_autoptr(GString) out = g_string_new(NULL);
	for (const char *at = format; *at; at++) {
		const char *end = *at == '{' ? strchr(at, '}') : NULL;
		if (*at == '\\' && (at[1] == 't' || at[1] == 'n')) {
			g_string_append_c(out, *++at == 't' ? '\t' : '\n');
			continue;
		}
		if (!end) {
			g_string_append_c(out, *at);
			continue;
		}
		g_autofree char *name = g_strndup(at + 1, (gsize)(end - at - 1));
		if (!json_object_has_member(row, name)) {
			*unknown = g_steal_pointer(&name);
			return NULL;
		}
		append_value(out, json_object_get_member(row, name));
		at = end;
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *keys_of(JsonObject *row)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GList) names = json_object_get_members(row);
	for (const GList *l = names; l; l = l->next)
		g_string_append_printf(out, "%s{%s}", out->len > 0 ? " " : "", (char *)l->data);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

bool cli_check_format(struct cli *cli)
{
	char none[] = "", inbox[] = FOLDER_INBOX;
	const struct message_row empty = {.folder = inbox, .file = none, .account = none,
		.from_name = none, .from = none, .to = none, .cc = none, .subject = none,
		.message_id = none, .snippet = none, .tags = none};
	g_autofree char *unknown = NULL;
	if (!cli->format)
		return true;
	g_autoptr(JsonObject) row = row_json(cli, &empty);
	g_autofree char *text = fill_in(row, cli->format, &unknown);
	g_autofree char *keys = keys_of(row);
	if (!text)
		/* TRANSLATORS: names in braces, as in '{date} {subject}' */
		report_error(_("--format knows no '{%s}'; there are %s"), unknown, keys);
	return text != NULL;
}

static void put_formatted(struct cli *cli, const struct message_row *row)
{
	g_autofree char *unknown = NULL;
	g_autoptr(JsonObject) object = row_json(cli, row);
	g_autofree char *text = fill_in(object, cli->format, &unknown);
	cli_put("%s\n", text ? text : "");
}

/* --- a table ------------------------------------------------------------------------- */

/* The first columns of text, padded, counted in characters as they are written: the
 * reader's list measures real widths, a pipe does not care. */
char *cli_column(const char *whole, glong width)
{
	g_autofree char *text = local_fit(whole, -1);
	glong len = g_utf8_strlen(text, -1);
	if (len > width)
		return g_utf8_substring(text, 0, width);
	g_autofree char *pad = g_strnfill((gsize)(width - len), ' ');
	return g_strconcat(text, pad, NULL);
}

static void put_row(const struct message_row *row)
{
	g_autofree char *date = clock_short(row->date);
	g_autofree char *when = cli_column(date, 10);
	g_autofree char *other = row_who(row);
	g_autofree char *who = cli_column(other, 20);
	g_autofree char *indent = g_strnfill((gsize)MIN(row->depth, 8) * 2, ' ');
	cli_put("%6" G_GINT64_FORMAT " %c%c %s %s %s%s\n", row->id,
		row->flags & FLAG_SEEN ? ' ' : 'N',
		row->flags & FLAG_FLAGGED ? '!'
		: row->partial            ? '%'
					  : ' ',
		when,
		who, indent, row->subject);
}

void cli_put_rows(struct cli *cli, const GPtrArray *rows)
{
	for (guint i = 0; i < rows->len; i++) {
		const struct message_row *row = rows->pdata[i];
		if (cli->json)
			cli_put_json(row_json(cli, row));
		else if (cli->format)
			put_formatted(cli, row);
		else
			put_row(row);
		if (cli->snippet && !cli->json && *row->snippet)
			cli_put("          %s\n", row->snippet);
	}
}
