/* SPDX-License-Identifier: MIT
 *
 * What can be done with the letters of the outbox page. */
#include "base/base.h"

#include "base/clock.h"
#include "compose/address.h"
#include "store/when.h"
#include "ui/command.h"
#include "ui/courier.h"
#include "ui/unsend.h"
#include "ui/view-outbox.h"

/* --- changes, on the actions thread ---------------------------------------------------- */

enum change_kind {
	CHANGE_CORRECT,
	CHANGE_GIVE_UP,
	CHANGE_RELEASE,
	CHANGE_HOLD,
	CHANGE_DROP,
	CHANGE_TREAT_AS_SENT,
	CHANGE_TIME,
};

struct change {
	struct ui *ui;
	enum change_kind kind;
	int64_t item, recipient, time;
	char *account, *text;
	GError *error;
};

static void change_run(struct room *room, void *data)
{
	struct change *c = data;
	struct store *s = room_store(room, &c->error);
	if (!s)
		return;
	switch (c->kind) {
	case CHANGE_CORRECT:
		outbox_correct(s, c->recipient, c->text, &c->error);
		break;
	case CHANGE_GIVE_UP:
		outbox_give_up(s, c->recipient, &c->error);
		break;
	case CHANGE_RELEASE:
		outbox_release(s, c->item, &c->error);
		break;
	case CHANGE_HOLD:
		outbox_hold(s, c->item, &c->error);
		break;
	case CHANGE_DROP:
		outbox_drop(s, c->item, &c->error);
		break;
	case CHANGE_TREAT_AS_SENT:
		outbox_treat_as_sent(s, c->item, c->text, &c->error);
		break;
	case CHANGE_TIME:
		outbox_set_time(s, c->item, c->time, &c->error);
		break;
	}
}

static void change_done(void *data)
{
	struct change *c = data;
	bool stays = c->kind == CHANGE_HOLD || c->kind == CHANGE_DROP;
	courier_take_up(ui_courier(c->ui), c->item, stays ? NULL : c->account, c->error);
}

static void change_free(void *data)
{
	struct change *c = data;
	g_clear_error(&c->error);
	g_free(c->account);
	g_free(c->text);
	g_free(c);
}

static const struct job change_job = {change_run, change_done, change_free};

static struct change *change_new(struct ui *ui, enum change_kind kind, const struct outbox_line *l)
{
	struct change *c = g_new0(struct change, 1);
	c->ui = ui;
	c->kind = kind;
	c->item = l->item->id;
	c->recipient = l->recipient ? l->recipient->id : 0;
	c->account = g_strdup(l->item->account);
	return c;
}

static void start(struct change *c)
{
	worker_push(ui_worker(c->ui, UI_WORKER_ACTIONS), &change_job, c);
}

/* The refused recipient under the cursor, or else the first one of the letter. */
static bool refused_at_hand(struct ui *ui, struct outbox_line *out)
{
	const struct outbox_line *l = outbox_line_at_hand(ui);
	if (!l)
		return false;
	*out = *l;
	if (l->recipient && l->recipient->state == RECIPIENT_FAILED)
		return true;
	for (guint n = 0; n < l->item->recipients->len; n++) {
		out->recipient = l->item->recipients->pdata[n];
		if (out->recipient->state == RECIPIENT_FAILED)
			return true;
	}
	ui_complain(ui, _("no recipient of this letter was refused"));
	return false;
}

/* A prompt's data is freed when it is answered. */
static struct change *change_copy(const struct change *asked, const char *text)
{
	struct change *c = g_new0(struct change, 1);
	*c = *asked;
	c->account = g_strdup(asked->account);
	c->text = g_strdup(text);
	return c;
}

static char *wrong_address(const char *text, const void *data)
{
	g_autoptr(GError) error = NULL;
	return address_check(text, true, &error) ? NULL : g_strdup(error->message);
}

static void corrected(struct ui *ui, const char *text, void *data)
{
	if (text && *text)
		start(change_copy(data, text));
}

void command_correct(struct ui *ui, const char *arg)
{
	struct outbox_line l;
	if (!refused_at_hand(ui, &l))
		return;
	struct change *c = change_new(ui, CHANGE_CORRECT, &l);
	struct prompt_spec spec = {.label = _("Send to instead: "),
		.text = l.recipient->address,
		.history = "address",
		.wrong = wrong_address,
		.done = corrected,
		.data = c,
		.free = change_free};
	prompt_unless(ui, arg, &spec);
}

void command_give_up(struct ui *ui, const char *arg)
{
	struct outbox_line l;
	if (refused_at_hand(ui, &l))
		start(change_new(ui, CHANGE_GIVE_UP, &l));
}

static void simple(struct ui *ui, enum change_kind kind)
{
	const struct outbox_line *l = outbox_line_at_hand(ui);
	if (l)
		start(change_new(ui, kind, l));
}

static void change_now(struct ui *ui, void *data)
{
	start(change_copy(data, NULL));
}

/* S-50: nobody sends it a second time without having been told what that can mean. */
void command_release(struct ui *ui, const char *arg)
{
	const struct outbox_line *l = outbox_line_at_hand(ui);
	if (l && l->item->state == OUTBOX_UNCERTAIN)
		prompt_ask(ui, &(struct question){.text = _("It may arrive twice. Send it again?"),
				       .yes = change_now,
				       .data = change_new(ui, CHANGE_RELEASE, l),
				       .free = change_free});
	else if (l)
		start(change_new(ui, CHANGE_RELEASE, l));
}

void command_hold(struct ui *ui, const char *arg)
{
	simple(ui, CHANGE_HOLD);
}

void command_drop(struct ui *ui, const char *arg)
{
	const struct outbox_line *l = outbox_line_at_hand(ui);
	if (l)
		prompt_ask(ui, &(struct question){.text = _("Throw this letter away, unsent?"),
				       .yes = change_now,
				       .data = change_new(ui, CHANGE_DROP, l),
				       .free = change_free});
}

void command_treat_as_sent(struct ui *ui, const char *arg)
{
	const struct outbox_line *l = outbox_line_at_hand(ui);
	if (!l)
		return;
	const struct account *a = dotfile_account_by_name(ui_dotfile(ui), l->item->account);
	struct change *c = change_new(ui, CHANGE_TREAT_AS_SENT, l);
	c->text = g_strdup(a ? a->sent : FOLDER_SENT);
	start(c);
}

/* --- another time ----------------------------------------------------------------------- */

static void time_typed(struct ui *ui, const char *text, void *data)
{
	struct change *asked = data;
	if (text && *text && when_parse(text, clock_now(), &asked->time, NULL))
		start(change_copy(asked, NULL));
}

void command_change_time(struct ui *ui, const char *arg)
{
	const struct outbox_line *l = outbox_line_at_hand(ui);
	if (!l)
		return;
	g_autofree char *present =
		l->item->send_at > clock_now() ? when_text(l->item->send_at) : NULL;
	struct change *c = change_new(ui, CHANGE_TIME, l);
	struct prompt_spec spec = {.label = _("Send when (tomorrow 9:00, monday, in 2 hours): "),
		.text = present,
		.history = "when",
		.wrong = prompt_wrong_time,
		.done = time_typed,
		.data = c,
		.free = change_free};
	prompt_unless(ui, arg, &spec);
}

/* --- the letter itself -------------------------------------------------------------------- */

static bool has_recipient(const struct outbox_item *item, enum recipient_state state)
{
	for (guint n = 0; n < item->recipients->len; n++) {
		const struct outbox_recipient *r = item->recipients->pdata[n];
		if (r->state == state)
			return true;
	}
	return false;
}

/* Of a letter that some have already, and of a refused recipient, the address can be
 * changed; the text is no longer what the others read. */
void command_edit_letter(struct ui *ui, const char *arg)
{
	const struct outbox_line *l = outbox_line_at_hand(ui);
	if (!l)
		return;
	bool refused = l->recipient && l->recipient->state == RECIPIENT_FAILED;
	bool sent = has_recipient(l->item, RECIPIENT_SENT);
	if (refused || (sent && has_recipient(l->item, RECIPIENT_FAILED)))
		command_correct(ui, NULL);
	else if (sent)
		ui_complain(
			ui, _("somebody has this letter already: it cannot be changed any more"));
	else if (l->item->state == OUTBOX_UNCERTAIN)
		ui_complain(ui, _("it may have been sent: take it as sent, or send it again"));
	else
		unsend_recall(ui, l->item->id);
}
