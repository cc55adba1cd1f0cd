/* SPDX-License-Identifier: MIT
 *
 * Leaving a list (M-64): nothing is fetched or sent by itself.  A person agrees to the one
 * request of RFC 8058, or sees the letter before it goes. */
#include "base/base.h"

#include <string.h>

#include "ui/command.h"
#include "ui/compose.h"
#include "ui/courier.h"
#include "ui/link-open.h"
#include "ui/message-then.h"
#include "ui/trust.h"

#define WHAT "leave"

/* A letter that is seen before it goes. */
static void write_letter(struct ui *ui, const GPtrArray *const *written_to, const char *account,
	const char *mailto)
{
	g_autoptr(GError) error = NULL;
	struct identity me;
	if (!compose_identity(ui, written_to, account, &me))
		return;
	struct draft *d = draft_new_from(&me);
	if (mailto_parse(mailto, d, &error)) {
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
	if (t->one_click)
		g_string_append_printf(out, "\n%s\n",
			_("One request would do, but nobody whom you trust says that this address "
			  "is the list's own, so dewey does not send it: see auth-results in "
			  "deweyrc(5)."));
	view_text_open(ui, g_strdup(_("Leave the list at this address")),
		g_string_free(out, FALSE));
}

/* --- the one request ------------------------------------------------------------------ */

struct request {
	struct view *page; /* what it is about; closed with the answer */
	char *account, *url, *host;
	char *mailto; /* "": a letter cannot do it */
};

static void request_free(void *data)
{
	struct request *q = data;
	view_unref(q->page);
	g_free(q->account);
	g_free(q->url);
	g_free(q->host);
	g_free(q->mailto);
	g_free(q);
}

static void answered(struct ui *ui, const struct record *last, void *data)
{
	const char *host = data, *text = record_string(last, "text");
	ui_progress(ui, WHAT, NULL);
	if (record_is(last, "event", "done"))
		ui_outcome(ui, WHAT, false, _("'%s' has taken the request to leave the list"), host);
	else
		ui_outcome(ui, WHAT, true, "%s", text ? text : _("failed"));
}

static void close_page(struct ui *ui, const struct request *q)
{
	if (!q->page->closed && ui_top(ui) == q->page)
		ui_close(ui, q->page);
}

static void send_request(struct ui *ui, void *data)
{
	struct request *q = data;
	g_autofree char *text = g_strdup_printf(_("asking '%s' to take you off the list"), q->host);
	struct record *r = record_set_string(record_new("do", "unsubscribe"), "url", q->url);
	close_page(ui, q);
	ui_progress(ui, WHAT, text);
	courier_ask(ui_courier(ui), q->account, r, answered, g_strdup(q->host), g_free);
}

static void write_instead(struct ui *ui, void *data)
{
	static const GPtrArray *const nobody[] = {NULL};
	const struct request *q = data;
	close_page(ui, q);
	if (*q->mailto)
		write_letter(ui, nobody, q->account, q->mailto);
}

static char *page_text(const struct request *q, const char *signer, const char *server)
{
	GString *out = g_string_new(q->url);
	g_string_append_c(out, '\n');
	g_string_append_printf(out, _("\nDewey would send one request to '%s', over TLS.  It says "
				      "that you leave the list, and who you are only as far as the "
				      "address says it; what comes back is not opened.\n"),
		q->host);
	g_string_append_printf(out, _("\nThe address is the list's own: the letter is signed by '%s', "
				      "as '%s' says.\n"), signer, server);
	if (*q->mailto)
		g_string_append_printf(out, "\n%s\n", _("Or you write a letter: answer no."));
	return g_string_free(out, FALSE);
}

static void offer_request(struct ui *ui, const struct account *a, const struct mime_trace *t)
{
	struct request *q = g_new0(struct request, 1);
	*q = (struct request){NULL, g_strdup(a->id), g_strdup(t->leave_https),
		link_open_host(t->leave_https), g_strdup(t->leave_mailto)};
	view_text_open(ui, g_strdup(_("Leave the list")),
		page_text(q, trust_leave_signer(t, a), a->auth_results));
	q->page = view_ref(ui_top(ui));
	g_autofree char *text = g_strdup_printf(_("Ask '%s' to take you off the list?"), q->host);
	prompt_ask(ui, &(struct question){.text = text, .yes = send_request, .no = write_instead,
			       .data = q, .free = request_free});
}

static void leave(struct ui *ui, const struct letter *letter, const struct message_row *row,
	const void *data)
{
	const struct mime_trace *t = letter->mime ? letter->mime->trace : NULL;
	const struct account *a = trust_account(ui_dotfile(ui), row->account);
	if (t && t->one_click && a && a->smtp && trust_leave_signer(t, a))
		offer_request(ui, a, t);
	else if (t && *t->leave_mailto)
		write_letter(ui, (const GPtrArray *const[]){letter->mime->to, letter->mime->cc, NULL},
			row->account, t->leave_mailto);
	else if (t && (*t->leave_https || *t->leave_http))
		show_address(ui, t);
	else
		ui_say(ui, _("this letter does not say how to leave its list"));
}

void command_unsubscribe(struct ui *ui, const char *arg)
{
	message_then(ui, leave, NULL);
}
