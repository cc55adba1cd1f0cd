/* SPDX-License-Identifier: MIT
 *
 * Leaving a list (M-64): nothing is fetched or sent by itself. */
#include "base/base.h"

#include "ui/command.h"
#include "ui/compose.h"
#include "ui/view-message.h"

struct wish {
	struct view *view;
	char *account;
};

static void wish_free(void *data)
{
	struct wish *w = data;
	view_unref(w->view);
	g_free(w->account);
	g_free(w);
}

/* A letter that is seen before it goes. */
static void write_letter(struct ui *ui, const struct wish *w, const struct mime_message *m)
{
	g_autoptr(GError) error = NULL;
	const GPtrArray *const written_to[] = {m->to, m->cc, NULL};
	struct identity me;
	if (!compose_identity(ui, written_to, w->account, &me))
		return;
	struct draft *d = draft_new_from(&me);
	if (mailto_parse(m->trace->leave_mailto, d, &error)) {
		compose_open(ui, d, false);
		return;
	}
	ui_complain(ui, "%s", error->message);
	draft_free(d);
}

/* What a browser would have to do: shown, and followed by whoever wants to. */
static void show_address(struct ui *ui, const struct mime_trace *t)
{
	const char *url = *t->leave_https ? t->leave_https : t->leave_http;
	GString *out = g_string_new(url);
	g_string_append_c(out, '\n');
	if (!*t->leave_https)
		g_string_append_printf(out, "\n%s\n",
			_("This is not secured: whoever is on the way sees that you leave, and can "
			  "lead you elsewhere."));
	view_text_open(ui, g_strdup(_("Leave the list at this address")),
		g_string_free(out, FALSE));
}

static void leave(const struct letter *letter, void *data)
{
	struct wish *w = data;
	struct ui *ui = w->view->ui;
	const struct mime_trace *t = letter->mime ? letter->mime->trace : NULL;
	if (w->view->closed || ui_top(ui) != w->view)
		return;
	if (t && *t->leave_mailto)
		write_letter(ui, w, letter->mime);
	else if (t && (*t->leave_https || *t->leave_http))
		show_address(ui, t);
	else
		ui_say(ui, _("this letter does not say how to leave its list"));
}

void command_unsubscribe(struct ui *ui, const char *arg)
{
	g_autoptr(message_row) row = message_at_hand(ui);
	if (!row)
		return;
	struct wish *w = g_new0(struct wish, 1);
	*w = (struct wish){view_ref(ui_top(ui)), g_strdup(row->account)};
	letters_then(ui_letters(ui), row, leave, w, wish_free);
}
