/* SPDX-License-Identifier: MIT */
#include "smtp/send.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "agent/transcript.h"
#include "agent/way.h"
#include "base/clock.h"
#include "base/fdio.h"
#include "base/report.h"
#include "smtp/asked.h"

enum { SETTLE_LETTERS = 64, SETTLE_MILLISECONDS = 1000 };

/* What one run knows. */
struct run {
	const struct send_job *job;
	struct send_result *result;
	struct session *session; /* NULL: none is open */
	struct agent_way way;
	struct transcript *transcript; /* of all sessions of this run */
	guint done, total;
	guint unsettled; /* letters sent whose copies are owed */
	int64_t settled; /* when the last ones were made, or began to be owed */
	bool stop;       /* the parent is gone, or a signal came */
};

/* One letter on its way. */
struct sending {
	struct run *run;
	struct outbox_item *item;
	struct session_letter letter;
};

void send_result_clear(struct send_result *r)
{
	g_clear_pointer(&r->server, g_free);
}

/* --- telling -------------------------------------------------------------------------- */

static void tell(const struct run *r, struct record *event)
{
	wire_child_event(r->job->child, r->job->id, event);
}

static struct record *item_event(const struct sending *x, const char *name)
{
	return record_set_int(record_new("event", name), "item", x->item->id);
}

static void tell_progress(const struct run *r, const struct outbox_item *item)
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
static bool before_dot(struct session_letter *letter, void *user, GError **error)
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
	struct record *event = item_event(x, "sent");
	tell(x->run, record_set_int(event, "answers", x->item->answers));
	x->run->result->sent++;
	x->run->unsettled++;
	tell_without_reports(x);
	tell_all_refused(x, RCPT_FAIL);
	return outbox_accepted(x->run->job->store, x->item->id, x->run->job->account->sent, error);
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

static bool on_defer(struct sending *x, GError **error)
{
	if (x->letter.code == CODE_CANCELLED)
		return set_state(x, OUTBOX_QUEUED, error);
	x->run->result->deferred++;
	tell_why(x, "deferred");
	return store_verdicts(x, false, error) &&
	       outbox_deferred(x->run->job->store, x->item->id, x->letter.why, error);
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

/* --- the session ----------------------------------------------------------------------------- */

static char *prompt(const char *text, void *data)
{
	const struct run *r = data;
	return agent_ask(r->job->child, r->job->id, text);
}

static char *secret(void *data, GError **error)
{
	struct run *r = data;
	return account_secret(r->job->account, "smtp", prompt, r, error);
}

/* The end of input says: finish this letter, then exit (DESIGN section 4). */
static bool look(void *data)
{
	struct run *r = data;
	if (interrupt_came(r->job->interrupt)) {
		r->stop = true;
		return false;
	}
	wire_child_poll(r->job->child);
	if (wire_child_fd(r->job->child) < 0) {
		interrupt_unwatch(r->job->interrupt);
		r->stop = true;
		return true;
	}
	r->stop = r->stop || wire_child_cancelled(r->job->child, r->job->id);
	return !r->stop;
}

static bool try_session(struct run *r, GError **error)
{
	struct session_params params = {.account = r->job->account,
		.secret = secret,
		.data = r,
		.net = {.watch = {interrupt_fd(r->job->interrupt), look, r},
			.trace = transcript_line,
			.trace_data = r->transcript}};
	agent_way_params(&r->way, &params.net);
	g_clear_pointer(&r->session, session_free);
	r->session = session_new(&params);
	return session_open(r->session, error);
}

/* Once more where a person vouches for the server's key. */
static bool open_session(struct run *r, GError **error)
{
	g_autoptr(GError) why = NULL;
	if (r->session && session_is_open(r->session))
		return true;
	if (!r->transcript)
		r->transcript = transcript_begin(r->job->store, r->job->account, AGENT_SMTP);
	bool ok = try_session(r, &why);
	if (!ok && agent_way_accept(&r->way, r->job->child, r->job->id, &why))
		ok = try_session(r, &why);
	g_free(r->result->server);
	r->result->server = ok ? NULL : g_strdup(session_server(r->session));
	if (!ok)
		g_propagate_error(error, g_steal_pointer(&why));
	return ok;
}

/* The letter waits: by itself for what passes by itself, else for the user. */
static void put_back(struct run *r, const struct outbox_item *item, const GError *why)
{
	g_autoptr(GError) error = NULL;
	enum wire_code code = agent_code(why);
	bool ok = wire_code_retry(code) == RETRY_LATER
			  ? outbox_deferred(r->job->store, item->id, why->message, &error)
			  : outbox_set_state(
				    r->job->store, item->id, OUTBOX_QUEUED, why->message, &error);
	if (!ok)
		report_error("%s", error->message);
}

/* --- letters ------------------------------------------------------------------------------------
 */

static GPtrArray *waiting(const struct outbox_item *item)
{
	GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)session_recipient_free);
	for (guint i = 0; i < item->recipients->len; i++) {
		const struct outbox_recipient *r = item->recipients->pdata[i];
		if (r->state == RECIPIENT_WAITING || r->state == RECIPIENT_ACCEPTED ||
			r->state == RECIPIENT_DEFERRED)
			g_ptr_array_add(list, session_recipient_new(r->id, r->address));
	}
	return list;
}

static bool send_open(struct sending *x, int fd, GError **error)
{
	x->letter = (struct session_letter){.sender = x->item->sender,
		.recipients = waiting(x->item),
		.fd = fd,
		.options = asked_of(x->item),
		.hold = x->run->job->hold,
		.before_dot = before_dot,
		.user = x};
	session_send(x->run->session, &x->letter);
	bool ok = outcomes[x->letter.item](x, error);
	session_letter_clear(&x->letter);
	return ok;
}

/* A letter whose file is gone must not stand in the way of the others. */
static bool send_item(struct run *r, struct outbox_item *item, GError **error)
{
	g_autoptr(GError) why = NULL;
	struct sending x = {.run = r, .item = item};
	int fd = open(item->path, O_RDONLY | O_CLOEXEC);
	bool ok;
	if (fd >= 0) {
		ok = send_open(&x, fd, error);
		close(fd);
		return ok;
	}
	fdio_fail(&why, "open", item->path);
	x.letter = (struct session_letter){.code = CODE_DISK, .why = g_strdup(why->message)};
	ok = on_hold(&x, error);
	session_letter_clear(&x.letter);
	return ok;
}

static guint count_due(const struct send_job *job)
{
	g_autoptr(GPtrArray) items = outbox_list(job->store, false, NULL);
	guint n = 0;
	for (guint i = 0; items && i < items->len; i++) {
		const struct outbox_item *item = items->pdata[i];
		n += item->state == OUTBOX_QUEUED && item->due <= clock_now() &&
		     strcmp(item->account, job->account->id) == 0;
	}
	return n;
}

static bool send_next(struct run *r, struct outbox_item *item, GError **error)
{
	g_autoptr(GError) why = NULL;
	tell_progress(r, item);
	if (!open_session(r, &why)) {
		put_back(r, item, why);
		g_propagate_error(error, g_steal_pointer(&why));
		return false;
	}
	r->done++;
	return send_item(r, item, error);
}

static bool cancelled(const struct run *r, GError **error)
{
	if (!r->stop && !wire_child_cancelled(r->job->child, r->job->id))
		return false;
	g_set_error(error, WIRE_ERROR, CODE_CANCELLED, _("cancelled"));
	return true;
}

/* The copies of some letters at a time: waiting for the disk for each would cost more
 * than sending.  A line that is slow need not wait for them. */
static bool settle(struct run *r, bool now, GError **error)
{
	bool due = r->unsettled >= SETTLE_LETTERS ||
		   clock_monotonic() - r->settled > SETTLE_MILLISECONDS;
	if (r->unsettled == 0 || !(due || now))
		return true;
	r->unsettled = 0;
	r->settled = clock_monotonic();
	return outbox_settle(r->job->store, r->job->account->id, error);
}

/* *more: there was one that is due. */
static bool take_and_send(struct run *r, bool *more, GError **error)
{
	g_autoptr(GError) why = NULL;
	if (cancelled(r, error))
		return false;
	g_autoptr(outbox_item) item = outbox_take(r->job->store, r->job->account->id, &why);
	*more = item != NULL;
	if (item)
		return send_next(r, item, error) && settle(r, false, error);
	if (why)
		g_propagate_error(error, g_steal_pointer(&why));
	return !why;
}

static bool send_due(struct run *r, GError **error)
{
	bool more = true, ok = true;
	while (ok && more)
		ok = take_and_send(r, &more, error);
	return ok;
}

static bool send_all(struct run *r, GError **error)
{
	if (!outbox_recover(r->job->store, r->job->account->id, error))
		return false;
	r->total += count_due(r->job);
	bool ok = send_due(r, error);
	return settle(r, true, ok ? error : NULL) && ok;
}

/* Every error leaves as one that says what the caller can do. */
static void translate(GError *why, GError **error)
{
	g_set_error_literal(error, WIRE_ERROR, (int)agent_code(why), why->message);
	g_error_free(why);
}

static bool send_locked(struct run *r, GError **error)
{
	g_autofree char *name = outbox_lock_name(r->job->account->id);
	g_autoptr(store_lock) lock = store_lock_take(r->job->store, name, error);
	g_autoptr(GError) why = NULL;
	bool ok = lock &&
		  agent_way_init(&r->way, r->job->store, r->job->account, AGENT_SMTP, &why) &&
		  send_all(r, &why);
	g_clear_pointer(&r->session, session_free);
	agent_way_clear(&r->way);
	transcript_end(g_steal_pointer(&r->transcript), why);
	if (why)
		g_propagate_error(error, g_steal_pointer(&why));
	return ok;
}

bool send_run(const struct send_job *job, struct send_result *result, GError **error)
{
	struct run r = {.job = job, .result = result, .settled = clock_monotonic()};
	GError *why = NULL;
	/* A letter that was queued while we held the lock, after our last look: who
	 * queued it found us busy and left it to us. */
	bool first = true;
	while (first || count_due(job) > 0) {
		if (!send_locked(&r, &why)) {
			bool other = g_error_matches(why, STORE_ERROR, STORE_ERROR_BUSY) && !first;
			translate(why, other ? NULL : error);
			return other;
		}
		first = false;
	}
	return true;
}
