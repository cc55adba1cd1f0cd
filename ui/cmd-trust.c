/* SPDX-License-Identifier: MIT
 *
 * The page behind the row of a letter's sender. */
#include "base/base.h"

#include "ui/command.h"
#include "ui/message-then.h"
#include "ui/view.h"

static void show(struct ui *ui, const struct letter *letter, const struct message_row *row,
	const void *data)
{
	if (letter->trust)
		view_text_open(ui, g_strdup(_("What speaks for and against the sender")),
			trust_page(letter->trust));
}

void command_trust(struct ui *ui, const char *arg)
{
	message_then(ui, show, NULL);
}
