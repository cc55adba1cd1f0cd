/* SPDX-License-Identifier: MIT
 *
 * What became of a letter: the ledger first, then whoever listens. */
#include "base/base.h"

#include "base/report.h"
#include "smtp/send-private.h"

/* --- telling -------------------------------------------------------------------------- */

static void tell(const struct run *r, struct record *event)
{
	wire_child_event(r->job->child, r->job->id, event);
}

static struct record *item_event(const struct sending *x, const char *name)
{
	return record_set_int(record_new("event", name), "item", x->item->id);
}

void fate_tell_progress(const struct run *r, const struct outbox_item *item)
{
	struct record *event = record_set_int(record_new("event", "progress"), "done", r->done);
	record_set_int(event, "total", MAX(r->total, r->done + 1));
	tell(r, record_set_int(event, "item", item->id));
}

static void tell_refused(const struct sending *x, const char *address, const char *reply)
{
	struct record *event = item_event(x, "refused");
	record_set_string(record_set_string(event, "recipient", address), "server", reply);
	tell(x->run, event);
	x->run->result->refused++;
	if (!wire_child_speaks(x->run->job->child))
		report_error(_("'%s' was refused; the server says \"%s\""), address, reply);
}

/* Held, deferred and uncertain differ in their name only. */
static void tell_why(const struct sending *x, const char *name)
{
	struct record *event = item_event(x, name);
	record_set_string(event, "code", wire_code_name(x->letter.code));
	tell(x->run, record_set_string(event, "text", x->letter.why));
	if (!wire_child_speaks(x->run->job->child))
		/* TRANSLATORS: the subject of a letter, why it was not sent */
		report_warning(_("'%s': %s"), x->item->subject, x->letter.why);
}

/* Whoever asked is not there to be asked (S-14). */
static void tell_without_reports(const struct sending *x)
{
	if (x->letter.without_dsn && !wire_child_speaks(x->run->job->child))
		report_warning(_("'%s' went without delivery reports: the server has none"),
			x->item->subject);
}

/* The letter goes on from there; who wrote it may mend the address (RFC 5321 section
 * 3.4). */
static void tell_forwarded(const struct sending *x)
{
	for (guint i = 0; i < x->letter.recipients->len; i++) {
		const struct session_recipient *r = x->letter.recipients->pdata[i];
		bool forwarded =
			r->verdict == RCPT_ACCEPT && r->reply && g_str_has_prefix(r->reply, "251");
		if (forwarded && !wire_child_speaks(x->run->job->child))
			report_info(_("'%s': the server says \"%s\""), r->address, r->reply);
	}
}

/* --- the ledger ------------------------------------------------------------------------ */

static const struct {
	enum recipient_state state;
	bool known; /* the server was asked and has spoken */
} verdicts[] = {
	[RCPT_KEEP] = {RECIPIENT_WAITING, false},
	[RCPT_ACCEPT] = {RECIPIENT_ACCEPTED, true},
	[RCPT_DEFER] = {RECIPIENT_DEFERRED, true},
	[RCPT_FAIL] = {RECIPIENT_FAILED, true},
	[RCPT_LATER] = {RECIPIENT_WAITING, false},
};

static bool store_verdicts(const struct sending *x, bool accepted, GError **error)
{
	for (guint i = 0; i < x->letter.recipients->len; i++) {
		const struct session_recipient *r = x->letter.recipients->pdata[i];
		bool wanted = verdicts[r->verdict].known && (accepted || r->verdict != RCPT_ACCEPT);
		if (wanted && !outbox_set_recipient(x->run->job->store, r->id,
				      verdicts[r->verdict].state, r->reply, error))
			return false;
	}
	return true;
}

typedef bool (*writer)(const struct sending *x, GError **error);

/* One commit for all that write() writes. */
static bool together(const struct sending *x, writer write, GError **error)
{
	struct ledger *l = store_ledger(x->run->job->store, error);
	if (!l || !ledger_begin(l, error))
		return false;
	if (write(x, error))
		return ledger_commit(l, error);
	ledger_rollback(l);
	return false;
}

static bool set_state(const struct sending *x, enum outbox_state state, GError **error)
{
	return outbox_set_state(x->run->job->store, x->item->id, state, x->letter.why, error);
}

static bool write_pending(const struct sending *x, GError **error)
{
	return store_verdicts(x, true, error) && set_state(x, OUTBOX_DOT_PENDING, error);
}

/* The state that says: no way back without a reply. */
bool fate_before_dot(struct session_letter *letter, void *user, GError **error)
{
	return together(user, write_pending, error);
}

static void tell_all_refused(const struct sending *x, enum policy_recipient verdict)
{
	for (guint i = 0; i < x->letter.recipients->len; i++) {
		const struct session_recipient *r = x->letter.recipients->pdata[i];
		if (r->verdict == verdict)
			tell_refused(
				x, r->address, verdict == RCPT_FAIL ? r->reply : x->letter.why);
	}
}

/* --- what became of it --------------------------------------------------------------------- */

static bool on_sent(struct sending *x, GError **error)
{
	const struct send_job *job = x->run->job;
	if (!outbox_accepted(job->store, x->item->id, job->account->sent, error))
		return false;
	x->run->unsettled++;
	x->run->delivered++;
	x->run->result->sent++;
	struct record *event = item_event(x, "sent");
	tell(x->run, record_set_int(event, "answers", x->item->answers));
	tell_without_reports(x);
	tell_forwarded(x);
	tell_all_refused(x, RCPT_FAIL);
	return true;
}

static bool on_uncertain(struct sending *x, GError **error)
{
	g_autofree char *why = x->letter.why;
	/* TRANSLATORS: why there was no answer after the end of the letter */
	x->letter.why = g_strdup_printf(_("it may have been sent, nobody knows: %s"), why);
	x->run->result->uncertain++;
	tell_why(x, "uncertain");
	return set_state(x, OUTBOX_UNCERTAIN, error);
}

static bool on_hold(struct sending *x, GError **error)
{
	x->run->result->refused++;
	tell_why(x, "held");
	return set_state(x, OUTBOX_HELD, error);
}

static bool write_held(const struct sending *x, GError **error)
{
	return store_verdicts(x, false, error) && set_state(x, OUTBOX_HELD, error);
}

static bool write_failed(const struct sending *x, GError **error)
{
	for (guint i = 0; i < x->letter.recipients->len; i++) {
		const struct session_recipient *r = x->letter.recipients->pdata[i];
		if (r->verdict == RCPT_ACCEPT && !outbox_set_recipient(x->run->job->store, r->id,
							 RECIPIENT_FAILED, x->letter.why, error))
			return false;
	}
	return write_held(x, error);
}

/* The server took the recipients and then not the letter (S-46). */
static bool on_fail(struct sending *x, GError **error)
{
	tell_all_refused(x, RCPT_FAIL);
	tell_all_refused(x, RCPT_ACCEPT);
	return together(x, write_failed, error);
}

/* The server has closed a session that went well so far: it had enough letters, not
 * of this one. */
static bool was_cut_short(const struct sending *x)
{
	return x->run->delivered > 0 && !session_is_open(x->run->dial.session);
}

static bool on_defer(struct sending *x, GError **error)
{
	struct store *s = x->run->job->store;
	int64_t id = x->item->id;
	if (x->letter.code == CODE_CANCELLED || was_cut_short(x))
		return outbox_untake(s, id, x->letter.why, error);
	x->run->result->deferred++;
	tell_why(x, "deferred");
	if (x->letter.waits_here)
		return outbox_wait_here(s, id, x->letter.why, error);
	return store_verdicts(x, false, error) && outbox_deferred(s, id, x->letter.why, error);
}

static guint count(const struct sending *x, enum policy_recipient verdict)
{
	guint n = 0;
	for (guint i = 0; i < x->letter.recipients->len; i++)
		n += ((struct session_recipient *)x->letter.recipients->pdata[i])->verdict ==
		     verdict;
	return n;
}

/* The recipients decided before the letter could go. */
static bool on_keep(struct sending *x, GError **error)
{
	guint failed = count(x, RCPT_FAIL);
	bool all = failed == x->letter.recipients->len;
	tell_all_refused(x, RCPT_FAIL);
	if (failed == 0 || (!all && !x->letter.hold))
		return on_defer(x, error);
	return together(x, write_held, error);
}

static bool (*const outcomes[])(struct sending *x, GError **error) = {
	[ITEM_KEEP] = on_keep,
	[ITEM_SENT] = on_sent,
	[ITEM_DEFER] = on_defer,
	[ITEM_HOLD] = on_hold,
	[ITEM_FAIL] = on_fail,
	[ITEM_UNCERTAIN] = on_uncertain,
};

bool fate_decide(struct sending *x, GError **error)
{
	return outcomes[x->letter.item](x, error);
}

bool fate_hold(struct sending *x, enum wire_code code, char *why, GError **error)
{
	x->letter.code = code;
	x->letter.why = why;
	return on_hold(x, error);
}

bool fate_put_off(struct sending *x, enum wire_code code, char *why, GError **error)
{
	x->letter.code = code;
	x->letter.why = why;
	x->run->result->deferred++;
	tell_why(x, "deferred");
	return outbox_deferred(x->run->job->store, x->item->id, why, error);
}

/* --- what is given up ----------------------------------------------------------------- */

static void tell_given_up(const struct run *r, const struct outbox_item *item)
{
	struct record *event = record_set_int(record_new("event", "given-up"), "item", item->id);
	record_set_string(event, "subject", item->subject);
	tell(r, record_set_string(event, "text", item->error));
	if (wire_child_speaks(r->job->child))
		return;
	if (item->state == OUTBOX_DONE)
		/* TRANSLATORS: the subject of a letter, why it was given up */
		report_warning(_("'%s' is in Drafts again: %s"), item->subject, item->error);
	else
		report_warning(_("'%s': %s"), item->subject, item->error);
}

bool fate_expire(struct run *r, GError **error)
{
	const struct account *account = r->job->account;
	g_autoptr(GPtrArray) items =
		outbox_expire(r->job->store, account->id, (int64_t)account->give_up * 86400, error);
	for (guint i = 0; items && i < items->len; i++)
		tell_given_up(r, items->pdata[i]);
	return items != NULL;
}
