/* SPDX-License-Identifier: MIT
 *
 * The page behind the row of a letter's sender. */
#include "base/base.h"

#include "ui/command.h"
#include "ui/view-message.h"

static void show(const struct letter *letter, void *data)
{
	struct view *v = data;
	if (v->closed || ui_top(v->ui) != v || !letter->trust)
		return;
	view_text_open(v->ui, g_strdup(_("What speaks for and against the sender")),
		trust_page(letter->trust));
}

static void unref_view(void *data)
{
	view_unref(data);
}

void command_trust(struct ui *ui, const char *arg)
{
	g_autoptr(message_row) row = message_at_hand(ui);
	if (row)
		letters_then(ui_letters(ui), row, show, view_ref(ui_top(ui)), unref_view);
}
