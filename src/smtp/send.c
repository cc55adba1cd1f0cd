/* SPDX-License-Identifier: MIT
 *
 * Taking letters and handing them to the session, the next one while the one before
 * ends. */
#include "smtp/send.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fdio.h"
#include "base/report.h"
#include "smtp/send-private.h"

enum { SETTLE_LETTERS = 64, SETTLE_MILLISECONDS = 1000, SETTLE_OCTETS = 1 << 20 };

void send_result_clear(struct send_result *r)
{
	g_clear_pointer(&r->server, g_free);
}

/* --- letters -------------------------------------------------------------------------- */

static void sending_free(struct sending *x)
{
	if (!x)
		return;
	if (x->fd >= 0)
		close(x->fd);
	session_letter_clear(&x->letter);
	outbox_item_free(x->item);
	g_free(x);
}
typedef struct sending sending;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sending, sending_free)

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

static struct session_letter *next(void *user);

static struct sending *sending_new(struct run *r, struct outbox_item *item)
{
	struct sending *x = g_new0(struct sending, 1);
	x->run = r;
	x->item = item;
	x->fd = open(item->path, O_RDONLY | O_CLOEXEC);
	x->unopened = x->fd < 0 ? errno : 0;
	x->letter = (struct session_letter){.sender = item->sender,
		.recipients = waiting(item),
		.fd = x->fd,
		.options = asked_of(item),
		.hold = r->job->hold,
		.before_dot = fate_before_dot,
		.next = next,
		.user = x};
	return x;
}

/* A letter whose file cannot be opened must not stand in the way of the others.  One
 * that is gone needs a person; a disk that fails, or too many open files, may pass. */
static bool pass_over(struct sending *x, GError **error)
{
	g_autoptr(GError) why = NULL;
	errno = x->unopened;
	fdio_fail(&why, "open", x->item->path);
	char *text = g_strdup(why->message);
	bool gone = x->unopened == ENOENT || x->unopened == ENOTDIR;
	return gone ? fate_hold(x, CODE_DISK, text, error)
		    : fate_put_off(x, CODE_DISK, text, error);
}

/* NULL without error: none is due. */
static struct sending *take(struct run *r, GError **error)
{
	for (;;) {
		struct outbox_item *item = outbox_take(r->job->store, r->job->account->id, error);
		if (!item)
			return NULL;
		g_autoptr(sending) x = sending_new(r, item);
		if (x->fd >= 0)
			return g_steal_pointer(&x);
		if (!pass_over(x, error))
			return NULL;
	}
}

static bool wants_more(const struct run *r)
{
	return !r->stop && !r->give_way && !wire_child_cancelled(r->job->child, r->job->id);
}

/* What goes wrong here goes wrong again in its turn. */
static struct session_letter *next(void *user)
{
	struct run *r = ((struct sending *)user)->run;
	g_assert(!r->ahead);
	if (wants_more(r))
		r->ahead = take(r, NULL);
	return r->ahead ? &r->ahead->letter : NULL;
}

/* --- the run ---------------------------------------------------------------------------- */

static bool cancelled(const struct run *r, GError **error)
{
	if (!r->stop && !wire_child_cancelled(r->job->child, r->job->id))
		return false;
	g_set_error(error, WIRE_ERROR, CODE_CANCELLED, _("cancelled"));
	return true;
}

/* A session that ends with its first letter says something about the server, unless it
 * was this letter that the server would not have: the others may do. */
static bool judge_session(struct run *r, const struct sending *x, GError **error)
{
	bool refused = x->letter.item == ITEM_FAIL;
	if (session_is_open(r->dial.session) || r->delivered > 0 || refused ||
		x->letter.code == CODE_CANCELLED)
		return true;
	return reach_failed(r, x->letter.code, x->letter.why, error);
}

/* Nobody has the letter: it is as good as not taken. */
static void put_back(struct run *r, const struct sending *x, const GError *why)
{
	g_autoptr(GError) error = NULL;
	if (!outbox_untake(r->job->store, x->item->id, why->message, &error) ||
		!reach_failed(r, agent_code(why), why->message, &error))
		report_error("%s", error->message);
}

static bool send_one(struct run *r, struct sending *x, GError **error)
{
	g_autoptr(GError) why = NULL;
	fate_tell_progress(r, x->item);
	if (!reach_server(r, &why)) {
		put_back(r, x, why);
		g_propagate_error(error, g_steal_pointer(&why));
		return false;
	}
	r->done++;
	session_send(r->dial.session, &x->letter);
	return fate_decide(x, error) && judge_session(r, x, error);
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

/* What was sent does not wait for its copy, and to be durable, until a large letter is
 * over, which may be hours.  What fails here fails again in its turn. */
static void settle_before(struct run *r, const struct sending *x)
{
	g_autoptr(GError) why = NULL;
	guint owed = r->unsettled;
	if (x->item->size >= SETTLE_OCTETS && !settle(r, true, &why))
		r->unsettled = owed;
}

/* *more: there was one that is due. */
static bool take_and_send(struct run *r, bool *more, GError **error)
{
	g_autoptr(GError) why = NULL;
	*more = false;
	if (cancelled(r, error))
		return false;
	if (r->give_way)
		return true;
	g_autoptr(sending) x = r->ahead ? g_steal_pointer(&r->ahead) : take(r, &why);
	*more = x != NULL;
	if (x) {
		/* Where it would be sent again by itself, that it was sent must not be
		 * forgotten with the power (S-50). */
		bool now = r->job->account->repeat_uncertain;
		settle_before(r, x);
		return send_one(r, x, error) && settle(r, now, error);
	}
	if (why)
		g_propagate_error(error, g_steal_pointer(&why));
	return !why;
}

static bool send_due(struct run *r, GError **error)
{
	bool more = true, ok = true;
	while (ok && more)
		ok = take_and_send(r, &more, error);
	if (r->ahead)
		outbox_untake(r->job->store, r->ahead->item->id, NULL, NULL);
	g_clear_pointer(&r->ahead, sending_free);
	return ok;
}

static guint count_due(const struct send_job *job)
{
	g_autoptr(GPtrArray) items = outbox_list(job->store, false, NULL);
	guint n = 0;
	for (guint i = 0; items && i < items->len; i++) {
		const struct outbox_item *item = items->pdata[i];
		n += item->state == OUTBOX_QUEUED && item->due > 0 && item->due <= clock_now() &&
		     strcmp(item->account, job->account->id) == 0;
	}
	return n;
}

static bool prepare(struct run *r, GError **error)
{
	const struct send_job *job = r->job;
	return outbox_recover(job->store, job->account->id, error) &&
	       (!job->account->repeat_uncertain ||
		       outbox_repeat_uncertain(job->store, job->account->id, error)) &&
	       reach_may(job, error);
}

static bool send_all(struct run *r, GError **error)
{
	if (!prepare(r, error))
		return false;
	r->total += count_due(r->job);
	bool ok = send_due(r, error);
	ok = settle(r, true, ok ? error : NULL) && ok;
	return fate_expire(r, ok ? error : NULL) && ok;
}

/* Every error leaves as one that says what the caller can do. */
static void translate(GError *why, GError **error)
{
	g_set_error_literal(error, WIRE_ERROR, (int)agent_code(why), why->message);
	g_error_free(why);
}

/* Who takes up what a dead agent had (outbox_next_due()) holds the lock for the time
 * of a commit. */
static struct store_lock *take_lock(const struct send_job *job, GError **error)
{
	enum { TRIES = 4, PAUSE = 50000 };
	g_autofree char *name = outbox_lock_name(job->account->id);
	for (int i = 1;; i++) {
		g_autoptr(GError) why = NULL;
		struct store_lock *lock = store_lock_take(job->store, name, &why);
		if (lock)
			return lock;
		if (i == TRIES || !g_error_matches(why, STORE_ERROR, STORE_ERROR_BUSY)) {
			g_propagate_error(error, g_steal_pointer(&why));
			return NULL;
		}
		g_usleep(PAUSE);
	}
}

static bool send_locked(struct run *r, GError **error)
{
	g_autoptr(store_lock) lock = take_lock(r->job, error);
	g_autoptr(GError) why = NULL;
	bool ok = lock && reach_begin(r, &why) && send_all(r, &why);
	reach_end(r, why);
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
	while (first || (!r.give_way && count_due(job) > 0)) {
		if (!send_locked(&r, &why)) {
			bool other = g_error_matches(why, STORE_ERROR, STORE_ERROR_BUSY) && !first;
			translate(why, other ? NULL : error);
			return other;
		}
		first = false;
	}
	return true;
}
