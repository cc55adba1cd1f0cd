/* SPDX-License-Identifier: MIT
 *
 * Rows of messages on stdout: a table for people, JSON for programs. */
#include "ui/cli.h"

#include "base/clock.h"
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
	return o;
}

/* The first columns of text, padded, counted in characters: the reader's list
 * measures real widths, a pipe does not care. */
char *cli_column(const char *text, glong width)
{
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
		if (cli->json)
			cli_put_json(row_json(cli, rows->pdata[i]));
		else
			put_row(rows->pdata[i]);
	}
}
