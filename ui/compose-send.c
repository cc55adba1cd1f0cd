/* SPDX-License-Identifier: MIT
 *
 * Away with the letter of the compose page: into the outbox, or into Drafts. */
#include "base/base.h"

#include "ui/act.h"
#include "ui/command.h"
#include "ui/outgoing.h"
#include "ui/view-compose.h"

static void outgoing_done(const char *error, void *data)
{
	struct compose_view *c = data;
	struct ui *ui = c->view.ui;
	c->busy = false;
	if (error) {
		ui_complain(ui, "%s", error);
	} else {
		if (c->recalled)
			act_drop(ui, c->recalled);
		ui_close(ui, &c->view);
	}
	view_unref(&c->view);
}

static void put_away(struct compose_view *c, enum outgoing_kind kind)
{
	if (c->mistake) {
		ui_complain(c->view.ui, _("%s; edit the text again first"), c->mistake);
		return;
	}
	c->busy = true;
	view_ref(&c->view);
	outgoing_start(c->view.ui, kind, c->draft, outgoing_done, c);
}

void compose_postpone(struct compose_view *c)
{
	if (!c->busy)
		put_away(c, OUTGOING_POSTPONE);
}

void command_postpone(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	if (c)
		compose_postpone(c);
}

void command_send(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	if (c)
		put_away(c, OUTGOING_SEND);
}
