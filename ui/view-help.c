/* SPDX-License-Identifier: MIT
 *
 * The help page, made of commands.def and the keys as they are now. */
#include "base/base.h"

#include "base/width.h"
#include "ui/command.h"
#include "ui/keymap.h"
#include "ui/layout.h"
#include "ui/ui.h"

enum { KEYS, NAME, HELP, CELLS };
enum { HELP_MIN = 28, HELP_INDENT = 4 };

static void append_command(GString *out, struct ui *ui, const struct command *c, unsigned contexts)
{
	g_autofree char *keys = keymap_keys(ui_keymap(ui), contexts & c->contexts, c->name);
	g_string_append_printf(out, "%s\t%s\t%s\n", keys ? keys : "", c->name, _(c->help));
}

static void append_all(GString *out, struct ui *ui, unsigned context, bool here)
{
	guint count;
	const struct command *table = command_table(&count);
	for (guint i = 0; i < count; i++)
		if (((table[i].contexts & context) != 0) == here)
			append_command(out, ui, &table[i], here ? context : table[i].contexts);
}

/* --- its columns, as wide as what stands in them --------------------------------------- */

static char *padded(const char *text, int columns)
{
	return g_strdup_printf("%s%*s", text, MAX(columns - width_text(text), 0), "");
}

static void lay_command(GPtrArray *lines, char **cells, const int *columns, int width)
{
	g_autofree char *keys = padded(cells[KEYS], columns[KEYS] + 1);
	g_autofree char *label = g_strconcat(keys, cells[NAME], NULL);
	struct hanging h = {label, columns[KEYS] + columns[NAME] + 3};
	if (width - h.indent >= HELP_MIN) {
		layout_hanging(lines, &h, cells[HELP], width, THEME_NORMAL);
		return;
	}
	/* Too narrow for three columns: what it does stands below. */
	layout_text(lines, label, width, THEME_HEADER);
	h = (struct hanging){"", HELP_INDENT};
	layout_hanging(lines, &h, cells[HELP], width, THEME_NORMAL);
}

static void lay_help(GPtrArray *lines, const char *text, int width)
{
	g_auto(GStrv) rows = g_strsplit(text, "\n", -1);
	int columns[CELLS] = {0};
	for (char **row = rows; *row; row++) {
		g_auto(GStrv) cells = g_strsplit(*row, "\t", CELLS);
		for (guint i = 0; g_strv_length(cells) == CELLS && i < CELLS; i++)
			columns[i] = MAX(columns[i], width_text(cells[i]));
	}
	for (char **row = rows; *row; row++) {
		g_auto(GStrv) cells = g_strsplit(*row, "\t", CELLS);
		if (g_strv_length(cells) == CELLS)
			lay_command(lines, cells, columns, width);
		else
			layout_text(lines, *row, width, THEME_NORMAL);
	}
}

void view_help_open(struct ui *ui)
{
	GString *out = g_string_new(NULL);
	unsigned context = ui_top(ui)->ops->context;
	g_string_append(out, _("Here:"));
	g_string_append(out, "\n\n");
	append_all(out, ui, context, true);
	g_string_append(out, "\n");
	g_string_append(out, _("On other pages:"));
	g_string_append(out, "\n\n");
	append_all(out, ui, context, false);
	g_string_append(out, "\n");
	g_string_append(out, _("Every command can be typed after ':' as well. "
			       "[keys …] in the dotfile changes keys: see deweyrc(5)."));
	view_text_open_laid(ui, g_strdup(_("Help")), g_string_free(out, FALSE), lay_help);
}
