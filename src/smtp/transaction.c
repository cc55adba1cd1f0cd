/* SPDX-License-Identifier: MIT
 *
 * MAIL and RCPT, and the way back, RSET. */
#include "base/base.h"

#include "smtp/states.h"

bool enter_mail(struct session *s)
{
	if (!s->now.begun)
		transaction_begin(s, &s->now);
	return true;
}

/* Where MAIL was refused the replies to RCPT that are on their way are still
 * counted, or they would be taken for those of what follows (S-12). */
static void after_mail(struct session *s)
{
	s->state = s->now.asked > 0 ? STATE_RCPT : STATE_RSET;
}

void take_mail(struct session *s, const struct policy *p)
{
	struct transaction *t = &s->now;
	if (p->session == SESSION_GO) {
		s->state = STATE_RCPT;
		return;
	}
	if (p->session == SESSION_AGAIN && !t->bare && transaction_has_optional(s, t)) {
		t->bare = t->again = true;
	} else if (p->session == SESSION_AGAIN) {
		g_autofree char *why =
			g_strdup_printf(_("MAIL: the server says \"%s\""), s->server);
		session_letter_ends(t->letter, p->item, p->code, why);
	}
	after_mail(s);
}

static void skip_unasked(struct transaction *t)
{
	while (t->answered < t->letter->recipients->len && !transaction_asks(t, t->answered))
		t->answered++;
}

bool enter_rcpt(struct session *s)
{
	struct transaction *t = &s->now;
	skip_unasked(t);
	if (t->answered >= t->letter->recipients->len) {
		s->state = STATE_DATA;
		return false;
	}
	if (!s->caps.pipelining)
		transaction_write_rcpt(s, t, t->answered);
	return true;
}

static bool mail_failed(const struct transaction *t)
{
	return t->letter->why || t->again;
}

void take_rcpt(struct session *s, const struct policy *p)
{
	struct transaction *t = &s->now;
	struct session_recipient *r = transaction_recipient(t, t->answered++);
	if (!mail_failed(t))
		session_recipient_set(r, p->recipient, s->server);
	skip_unasked(t);
	if (t->answered < t->letter->recipients->len)
		return;
	s->state = mail_failed(t) ? STATE_RSET : STATE_DATA;
}

bool enter_rset(struct session *s)
{
	/* It may have left with the letter before. */
	if (!s->now.rset)
		conn_printf(s->conn, "RSET\r\n");
	return true;
}

void take_rset(struct session *s, const struct policy *p)
{
	struct transaction *t = &s->now;
	s->state = t->rset || t->again ? STATE_MAIL : STATE_READY;
	if (!t->rset)
		t->again = t->begun = false;
	t->rset = false;
}
