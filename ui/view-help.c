/* SPDX-License-Identifier: MIT
 *
 * The help page, made of commands.def and the keys as they are now. */
#include "base/base.h"

#include "ui/command.h"
#include "ui/keymap.h"
#include "ui/width.h"

enum { KEYS_COLUMNS = 18, NAME_COLUMNS = 18 };

static void append_padded(GString *out, const char *text, int columns)
{
	int width = width_text(text);
	g_string_append(out, text);
	for (; width < columns; width++)
		g_string_append_c(out, ' ');
	g_string_append_c(out, ' ');
}

static void append_command(GString *out, struct ui *ui, const struct command *c, unsigned contexts)
{
	g_autofree char *keys = keymap_keys(ui_keymap(ui), contexts & c->contexts, c->name);
	append_padded(out, keys ? keys : "", KEYS_COLUMNS);
	append_padded(out, c->name, NAME_COLUMNS);
	g_string_append_printf(out, "%s\n", _(c->help));
}

static void append_all(GString *out, struct ui *ui, unsigned context, bool here)
{
	guint count;
	const struct command *table = command_table(&count);
	for (guint i = 0; i < count; i++)
		if (((table[i].contexts & context) != 0) == here)
			append_command(out, ui, &table[i], here ? context : table[i].contexts);
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
	g_string_append(out, "\n");
	view_text_open(ui, g_strdup(_("Help")), g_string_free(out, FALSE));
}
