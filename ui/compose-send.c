/* SPDX-License-Identifier: MIT
 *
 * Away with the letter of the compose page: into the outbox, or into Drafts. */
#include "base/base.h"

#include "base/clock.h"
#include "compose/mention.h"
#include "store/when.h"
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
		ui_close(ui, &c->view);
	}
	view_unref(&c->view);
}

static bool tell_mistake(struct compose_view *c)
{
	if (c->mistake)
		ui_complain(c->view.ui, _("%s; edit the text again first"), c->mistake);
	return c->mistake != NULL;
}

static void put_away(struct compose_view *c, enum outgoing_kind kind, int64_t send_at)
{
	if (tell_mistake(c))
		return;
	c->busy = true;
	view_ref(&c->view);
	outgoing_start(c->view.ui,
		&(struct outgoing_letter){
			kind, c->draft, c->desk, c->recalled, c->item, send_at, compose_asks(c)},
		outgoing_done, c);
}

void compose_postpone(struct compose_view *c)
{
	if (!c->busy)
		put_away(c, OUTGOING_POSTPONE, 0);
}

void command_postpone(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	if (c)
		compose_postpone(c);
}

/* --- what is asked before it is sent --------------------------------------------------- */

static char *no_subject(const struct compose_view *c)
{
	const struct draft *d = c->draft;
	bool has = (d->subject && *d->subject) || d->resends;
	return has ? NULL : g_strdup(_("The subject is empty. Send all the same?"));
}

static char *no_attachment(const struct compose_view *c)
{
	const struct draft *d = c->draft;
	const struct dotfile_writing *w = dotfile_writing(ui_dotfile(c->view.ui));
	if (d->attachments->len > 0 || (d->letter && *d->letter) || !d->body)
		return NULL;
	g_autofree char *word = mention_find(d->body, (const char *const *)w->attachment_words);
	return word ? g_strdup_printf(_("The text says \"%s\", but nothing is attached. Send all "
					"the same?"),
			      word)
		    : NULL;
}

/* M-74: it may quote what was hidden. */
static char *in_clear(const struct compose_view *c)
{
	bool encrypts = c->plan ? c->plan->encrypt : (compose_seal_wish(c) & SEAL_ENCRYPT) != 0;
	return c->draft->answers_sealed && !encrypts
		       ? g_strdup(_("What you answer came encrypted, and this goes in clear. Send "
				    "all the same?"))
		       : NULL;
}

static char *(*const warnings[])(const struct compose_view *c) = {
	in_clear, no_subject, no_attachment};

struct sending {
	struct compose_view *view;
	size_t next;     /* of warnings */
	int64_t send_at; /* 0: now */
};

static void sending_free(void *data)
{
	struct sending *s = data;
	view_unref(&s->view->view);
	g_free(s);
}

/* One question after the other; s is taken. */
static void ask_and_send(struct ui *ui, void *data);

static void asked_yes(struct ui *ui, void *data)
{
	struct sending *s = data;
	struct sending *next = g_memdup2(s, sizeof *s);
	view_ref(&next->view->view);
	ask_and_send(ui, next);
}

static void ask_and_send(struct ui *ui, void *data)
{
	struct sending *s = data;
	g_autofree char *text = NULL;
	if (s->view->view.closed || s->view->busy) {
		sending_free(s);
		return;
	}
	while (!text && s->next < G_N_ELEMENTS(warnings))
		text = warnings[s->next++](s->view);
	if (text) {
		prompt_ask(ui,
			&(struct question){
				.text = text, .yes = asked_yes, .data = s, .free = sending_free});
		return;
	}
	put_away(s->view, OUTGOING_SEND, s->send_at);
	sending_free(s);
}

/* What makes sending impossible is told before questions about what is merely odd. */
static bool can_go(struct compose_view *c)
{
	g_autoptr(GError) error = NULL;
	if (c->mistake || draft_check(c->draft, &error))
		return !tell_mistake(c);
	ui_complain(c->view.ui, "%s", error->message);
	return false;
}

static void begin(struct compose_view *c, int64_t send_at)
{
	if (!can_go(c))
		return;
	struct sending *s = g_new0(struct sending, 1);
	s->view = c;
	s->send_at = send_at;
	view_ref(&c->view);
	ask_and_send(c->view.ui, s);
}

void command_send(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	if (c)
		begin(c, 0);
}

/* --- at a later time -------------------------------------------------------------------- */

static void time_typed(struct ui *ui, const char *text, void *data)
{
	struct compose_view *c = compose_top(ui);
	int64_t at;
	if (text && *text && c && when_parse(text, clock_now(), &at, NULL))
		begin(c, at);
}

void command_send_later(struct ui *ui, const char *arg)
{
	struct prompt_spec spec = {.label = _("Send when (tomorrow 9:00, monday, in 2 hours): "),
		.history = "when",
		.wrong = prompt_wrong_time,
		.done = time_typed};
	if (compose_top(ui))
		prompt_unless(ui, arg, &spec);
}
