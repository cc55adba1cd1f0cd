/* SPDX-License-Identifier: MIT
 *
 * Answers to invitations: a letter to who invites, on the compose page, so that it is
 * seen before it goes and can say more (RFC 5546, 6047). */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "compose/address.h"
#include "compose/answer.h"
#include "ui/command.h"
#include "ui/compose.h"
#include "ui/invitation.h"
#include "ui/message-then.h"

/* The address of ours that is invited; NULL: none is. */
static char *invited(const struct dotfile *d, const GPtrArray *facts, const char **account)
{
	for (guint i = 0; i < facts->len; i++) {
		const struct mime_header *h = facts->pdata[i];
		g_auto(GStrv) words = g_strsplit(h->value, " ", 4);
		if (strcmp(h->name, "attendee") != 0 || g_strv_length(words) < 3)
			continue;
		for (guint n = 0; n < dotfile_account_count(d); n++) {
			const struct account *a = dotfile_account(d, n);
			if (a->smtp && account_has_address(a, words[2])) {
				*account = a->id;
				return g_strdup(words[2]);
			}
		}
	}
	return NULL;
}

static char *calendar_of(const GPtrArray *facts, const struct identity *me, const char *state)
{
	g_autofree char *start = invitation_basic_time(facts, "start"), *end = invitation_basic_time(facts, "end");
	g_autofree char *recurrence = invitation_basic_time(facts, "recurrence");
	return answer_new(&(struct answer_facts){
		.uid = invitation_fact(facts, "uid"),
		.sequence = invitation_fact(facts, "sequence"),
		.recurrence = recurrence,
		.start = start,
		.end = end,
		.organizer = invitation_fact(facts, "organizer"),
		.attendee = me->address,
		.name = me->name,
		.summary = invitation_fact(facts, "summary"),
		.state = state,
		.made = clock_now(),
	});
}

/* TRANSLATORS: subjects of answers to invitations, before that of the event */
static char *subject_of(const GPtrArray *facts, const char *state)
{
	const char *summary = invitation_fact(facts, "summary");
	if (strcmp(state, "accepted") == 0)
		return g_strdup_printf(_("Accepted: %s"), summary);
	if (strcmp(state, "tentative") == 0)
		return g_strdup_printf(_("Maybe: %s"), summary);
	return g_strdup_printf(_("Declined: %s"), summary);
}

/* state: "accepted" … */
static void compose(struct ui *ui, const struct message_row *row, const struct mime_message *m,
	const GPtrArray *facts, const char *state)
{
	struct identity me;
	const char *account = NULL;
	g_autofree char *own = invited(ui_dotfile(ui), facts, &account);
	const GPtrArray *const written_to[] = {m->to, m->cc, NULL};
	if (!compose_identity(ui, written_to, account ? account : row->account, &me))
		return;
	if (own)
		me.address = own;
	struct draft *d = draft_new_from(&me);
	d->to = address_format(invitation_fact(facts, "organizer-name"),
		invitation_fact(facts, "organizer"));
	g_free(d->subject);
	d->subject = subject_of(facts, state);
	d->in_reply_to = *m->message_id ? g_strdup_printf("<%s>", m->message_id) : NULL;
	d->answers = row->id;
	d->calendar = calendar_of(facts, &me, state);
	d->notice = g_strdup(own ? _("your answer goes along, for calendars; what you write is its "
				     "comment")
				 : _("none of your addresses is invited: this one answers"));
	compose_open(ui, d, false);
}

static void answer(struct ui *ui, const struct letter *letter, const struct message_row *row,
	const void *data)
{
	const struct mime_block *b = letter->mime ? invitation_of(letter->mime) : NULL;
	const char *method = b ? invitation_fact(b->fields, "method") : "";
	if (strcmp(method, "request") != 0 && strcmp(method, "add") != 0)
		ui_say(ui, _("there is no invitation here"));
	else if (!*invitation_fact(b->fields, "organizer") || !*invitation_fact(b->fields, "uid"))
		ui_complain(ui, _("this invitation does not say whom to answer"));
	else
		compose(ui, row, letter->mime, b->fields, data);
}

void command_accept(struct ui *ui, const char *arg)
{
	message_then(ui, answer, "accepted");
}

void command_maybe(struct ui *ui, const char *arg)
{
	message_then(ui, answer, "tentative");
}

void command_decline(struct ui *ui, const char *arg)
{
	message_then(ui, answer, "declined");
}
