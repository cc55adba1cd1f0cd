/* SPDX-License-Identifier: MIT
 *
 * Receipts that a letter asks for (M-65): never by themselves, once for a letter, and
 * only after a question that says who gets one. */
#include "base/base.h"

#include <string.h>

#include "compose/receipt.h"
#include "store/answered.h"
#include "store/outbox.h"
#include "ui/command.h"
#include "ui/compose.h"
#include "ui/courier.h"
#include "ui/message-then.h"
#include "ui/trust.h"

struct receipt {
	struct ui *ui;
	char *letter, *subject; /* what it is about */
	char *to, *original;
	char *account, *from, *name;
	bool utc;
	int64_t item;
	GError *error;
};

static void receipt_free(void *data)
{
	struct receipt *r = data;
	char *texts[] = {r->letter, r->subject, r->to, r->original, r->account, r->from, r->name};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
	g_clear_error(&r->error);
	g_free(r);
}

/* --- sending -------------------------------------------------------------------------- */

static bool already(struct receipt *r, struct store *s)
{
	struct ledger *l = store_ledger(s, &r->error);
	g_autofree char *word =
		l ? answered_word(l, ANSWERED_RECEIPT, r->letter, NULL, NULL) : NULL;
	return !l || word;
}

static void queue(struct receipt *r, struct store *s)
{
	g_autofree char *id = NULL;
	g_autofree char *bytes = receipt_build(
		&(struct receipt_facts){r->from, r->name, r->to, r->subject, r->letter, r->original,
			r->utc}, &id, &r->error);
	const char *const recipients[] = {r->to, NULL};
	if (!bytes)
		return;
	r->item = outbox_add(s, &(struct outbox_letter){
		.account = r->account,
		.sender = "",
		.subject = r->subject,
		.message_id = id,
		.recipients = recipients,
		.data = bytes,
		.len = strlen(bytes),
	}, &r->error);
	if (r->item)
		answered_note(store_ledger(s, NULL), ANSWERED_RECEIPT, r->letter, "sent", 0,
			&r->error);
}

static void receipt_run(struct room *room, void *data)
{
	struct receipt *r = data;
	struct store *s = room_store(room, &r->error);
	if (s && !already(r, s))
		queue(r, s);
}

static void receipt_done(void *data)
{
	struct receipt *r = data;
	if (r->item) {
		courier_watch(ui_courier(r->ui), r->item);
		courier_send(ui_courier(r->ui), r->account);
		ui_say(r->ui, _("the receipt is in the outbox"));
		ui_store_changed(r->ui);
	}
	if (r->error)
		ui_complain(r->ui, "%s", r->error->message);
	else if (!r->item)
		ui_say(r->ui, _("a receipt was sent already"));
}

static const struct job receipt_job = {receipt_run, receipt_done, receipt_free};

static void send_now(struct ui *ui, void *data)
{
	struct receipt *asked = data, *r = g_new0(struct receipt, 1);
	*r = *asked;
	memset(asked, 0, sizeof *asked);
	worker_push(ui_worker(ui, UI_WORKER_ACTIONS), &receipt_job, r);
}

/* --- asking ---------------------------------------------------------------------------- */

static bool elsewhere(const struct mime_message *m, const char *to)
{
	const struct mime_address *from = m->from->len > 0 ? m->from->pdata[0] : NULL;
	return !from || g_ascii_strcasecmp(from->address, to) != 0 ||
	       g_ascii_strcasecmp(m->trace->return_path, to) != 0;
}

static void ask(struct ui *ui, const struct mime_message *m, struct receipt *r)
{
	g_autofree char *question = elsewhere(m, r->to)
		? g_strdup_printf(_("A receipt would go to %s, which is not where the letter came "
				    "from. Send it?"), r->to)
		: g_strdup_printf(_("Tell %s that you have read the letter?"), r->to);
	prompt_ask(ui, &(struct question){
			       .text = question, .yes = send_now, .data = r, .free = receipt_free});
}

static struct receipt *receipt_new(struct ui *ui, const struct letter *letter, const char *account)
{
	const struct mime_message *m = letter->mime;
	const struct mime_address *to = m->trace->receipt_to->pdata[0];
	const GPtrArray *const written_to[] = {m->to, m->cc, NULL};
	struct identity me;
	if (!compose_identity(ui, written_to, account, &me))
		return NULL;
	struct receipt *r = g_new0(struct receipt, 1);
	*r = (struct receipt){.ui = ui, .utc = me.utc};
	r->letter = g_strdup(m->message_id);
	r->subject = g_strdup(m->subject);
	r->to = g_strdup(to->address);
	r->original = g_strdup(m->trace->original_recipient);
	r->account = g_strdup(me.account);
	r->from = g_strdup(me.address);
	r->name = g_strdup(me.name);
	return r;
}

static void look(struct ui *ui, const struct letter *letter, const struct message_row *row,
	const void *data)
{
	const char *why = letter->mime ? receipt_refused(letter->mime, ui_dotfile(ui))
				       : _("this message could not be read");
	if (why) {
		ui_say(ui, "%s", why);
		return;
	}
	struct receipt *r = receipt_new(ui, letter, row->account);
	if (r)
		ask(ui, letter->mime, r);
}

void command_send_receipt(struct ui *ui, const char *arg)
{
	message_then(ui, look, NULL);
}
