/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "ui/message-then.h"

#include "ui/view-message.h"

struct wish {
	struct view *view; /* that the command was given on */
	struct message_row *row;
	message_ready ready;
	const void *data;
};

static void wish_free(void *data)
{
	struct wish *w = data;
	view_unref(w->view);
	message_row_free(w->row);
	g_free(w);
}

static void then(const struct letter *letter, void *data)
{
	struct wish *w = data;
	struct ui *ui = w->view->ui;
	if (!w->view->closed && ui_top(ui) == w->view)
		w->ready(ui, letter, w->row, w->data);
}

void message_then(struct ui *ui, message_ready ready, const void *data)
{
	struct message_row *row = message_at_hand(ui);
	if (!row)
		return;
	struct wish *w = g_new0(struct wish, 1);
	*w = (struct wish){view_ref(ui_top(ui)), row, ready, data};
	letters_then(ui_letters(ui), row, then, w, wish_free);
}
