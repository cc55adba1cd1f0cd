/* SPDX-License-Identifier: MIT
 *
 * The pipeline: RETR, TOP and DELE out, their replies in.  An error with commands
 * in flight drops the connection without QUIT; the server then deletes nothing,
 * and what is owed is asked for in the next session. */
#include "base/base.h"

#include <unistd.h>

#include "base/report.h"
#include "pop3/head.h"
#include "pop3/likeness.h"
#include "pop3/pump-private.h"

/* --- TOP ----------------------------------------------------------------------- */

/* Whether the head of the letter says what becomes of it. */
static bool is_verified(const struct plan_step *step)
{
	return step->likeness != NULL;
}

/* fd: the head; -1: it is not to be had.  The letter may go, or stay, if it is like
 * the one that is here; else it is another one, and fetched (P-28). */
static void verify(struct pump *p, const struct flight *of, int fd)
{
	g_autofree char *likeness = fd >= 0 ? likeness_of_named_file(fd) : NULL;
	bool other = fd >= 0 && g_strcmp0(likeness, of->step->likeness) != 0;
	if (!other && of->step->action == PLAN_LEAVE) {
		pump_note_same(p, of->step, of->row);
		return;
	}
	struct flight *f = g_memdup2(of, sizeof *of);
	f->command = other ? POP3_RETR : POP3_DELE;
	g_queue_push_tail(&p->deletions, f);
}

static bool take_top(struct pump *p, const struct flight *f, GError **error)
{
	int fd = head_read(p->pop3, error);
	if (fd < 0)
		return false;
	if (is_verified(f->step)) {
		verify(p, f, fd);
		close(fd);
		return true;
	}
	bool ok = p->preview(f->step, fd, p->preview_data, error);
	close(fd);
	return ok;
}

/* --- The pipeline -------------------------------------------------------------- */

static bool send_flight(struct pump *p, struct flight *f, GError **error)
{
	g_queue_push_tail(&p->flight, f);
	if (f->command == POP3_TOP)
		return pop3_send_top(p->pop3, f->number, f->step->lines, error);
	return pop3_send(p->pop3, f->command, f->number, error);
}

static bool is_left(const struct plan_step *step)
{
	return step->action == PLAN_LEAVE && !is_verified(step);
}

static void skip_left(struct pump *p)
{
	while (p->next < p->plan->steps->len &&
		is_left(&g_array_index(p->plan->steps, struct plan_step, p->next)))
		p->next++;
}

/* A letter for which there is no room is not asked for, nor any behind it; what
 * is on its way comes to its end (P-57, P-63). */
static bool has_room(struct pump *p, int64_t size)
{
	if (delivery_has_room(p->delivery, p->coming + size, &p->full))
		return true;
	p->next = p->plan->steps->len;
	return false;
}

/* Sizes may be any number; sums of them must not overflow (P-45). */
static int64_t likely_size(const struct pop3_message *m)
{
	return (int64_t)MIN(m->size, (uint64_t)1 << 50);
}

static const enum pop3_command step_commands[] = {
	[PLAN_LEAVE] = POP3_TOP,
	[PLAN_FETCH] = POP3_RETR,
	[PLAN_PREVIEW] = POP3_TOP,
	[PLAN_DELETE] = POP3_DELE,
};

static bool send_step(struct pump *p, GError **error)
{
	const struct plan_step *step = &g_array_index(p->plan->steps, struct plan_step, p->next);
	struct flight f = {
		.command = step_commands[step->action],
		.number = step->message->number,
		.row = step->row,
		.step = step,
	};
	if (is_verified(step))
		f.command = POP3_TOP;
	if (step->action == PLAN_FETCH && envelopes_want(p->envelopes, f.number)) {
		f.command = POP3_ENV;
		return send_flight(p, g_memdup2(&f, sizeof f), error);
	}
	if (step->action == PLAN_FETCH) {
		f.size = likely_size(step->message);
		if (!has_room(p, f.size))
			return true;
	}
	p->next++;
	p->coming += f.size;
	return send_flight(p, g_memdup2(&f, sizeof f), error);
}

/* Fills the pipe when it is half empty, so that commands go out by hundreds: what
 * is stored is deleted first, then the plan goes on. */
static bool top_up(struct pump *p, GError **error)
{
	if (2 * pop3_outstanding(p->pop3) > pop3_window(p->pop3))
		return true;
	while (pop3_outstanding(p->pop3) < pop3_window(p->pop3)) {
		struct flight *f = g_queue_pop_head(&p->deletions);
		if (f) {
			if (!send_flight(p, f, error))
				return false;
			continue;
		}
		skip_left(p);
		if (p->next == p->plan->steps->len)
			return true;
		if (!send_step(p, error))
			return false;
	}
	return true;
}

static const char *const command_names[] = {
	[POP3_RETR] = "RETR",
	[POP3_TOP] = "TOP",
	[POP3_DELE] = "DELE",
};

static void note_deleted(struct pump *p, const struct flight *f)
{
	if (f->row != 0) {
		g_array_append_val(p->deleted, f->row);
		if (f->step && f->step->returned)
			g_array_append_val(p->returned, f->row);
		return;
	}
	struct unseen u = {g_bytes_ref(f->step->uid), pop3_kept_size(f->step->message->size)};
	g_array_append_val(p->unseen, u);
}

static void note_refused(struct pump *p, const struct flight *f)
{
	struct fetch_result *result = p->result;
	result->refused += f->command != POP3_TOP;
	if (f->command == POP3_RETR && result->withheld++ == 0)
		result->withheld_with = g_strdup(pop3_server_words(p->pop3));
}

/* RETR: -ERR means that another session deleted the letter: nothing to fetch,
 * nothing to delete (P-56).  DELE: -ERR leaves it for the next session (P-60).  TOP: there is no
 * preview. */
static bool take_one(struct pump *p, const struct flight *f, GError **error)
{
	bool ok;
	if (!pop3_take(p->pop3, &ok, error))
		return false;
	if (f->command == POP3_ENV)
		return envelopes_take(p->envelopes, f->number, ok, error);
	if (ok && f->command == POP3_RETR)
		return pump_take_letter(p, f, error);
	if (ok && f->command == POP3_TOP)
		return take_top(p, f, error);
	if (ok) {
		note_deleted(p, f);
		return true;
	}
	if (f->command == POP3_TOP && is_verified(f->step))
		verify(p, f, -1);
	else
		note_refused(p, f);
	report_debug("%s %" G_GUINT64_FORMAT ": %s", command_names[f->command], f->number,
		pop3_server_words(p->pop3));
	return true;
}

static bool take_reply(struct pump *p, GError **error)
{
	g_autofree struct flight *f = g_queue_pop_head(&p->flight);
	p->visit->in_letter = f->command == POP3_RETR;
	bool ok = take_one(p, f, error);
	p->visit->in_letter = false;
	p->coming -= f->size;
	return ok;
}

static bool stopped(struct pump *p, GError **error)
{
	if (!visit_stopped(p->visit))
		return false;
	g_set_error(error, NET_ERROR, NET_ERROR_CANCELLED, _("cancelled"));
	return true;
}

static bool do_meanwhile(struct pump *p, GError **error)
{
	pump_errand errand = p->meanwhile;
	if (!errand)
		return true;
	p->meanwhile = NULL;
	pop3_push(p->pop3);
	return errand(p->meanwhile_data, error);
}

/* Runs the plan.  When there is nothing in flight, what is spooled is committed,
 * which may give new work: the deletions. */
static bool run_plan(struct pump *p, GError **error)
{
	if (pop3_window(p->pop3) == 1 && !do_meanwhile(p, error))
		return false;
	for (;;) {
		if (stopped(p, error) || !top_up(p, error) || !do_meanwhile(p, error))
			return false;
		if (g_queue_is_empty(&p->flight)) {
			if (!pump_is_waiting(p))
				return true;
			/* On a slow disk that took its time (P-30). */
			if (!pump_commit(p, error) || !pop3_noop(p->pop3, POP3_IDLE, error))
				return false;
			continue;
		}
		if (!take_reply(p, error) || !pump_keep_up(p, error))
			return false;
	}
}

void adopted_clear(void *data)
{
	struct adopted *a = data;
	uid_row_free(a->stray);
}

static void unseen_clear(void *data)
{
	struct unseen *u = data;
	g_clear_pointer(&u->uid, g_bytes_unref);
}

/* --- For the caller ------------------------------------------------------------ */

struct pump *pump_new(struct visit *visit, struct fetch_result *result, GError **error)
{
	const struct fetch_job *job = visit->job;
	g_autoptr(pump) p = g_new0(struct pump, 1);
	p->visit = visit;
	p->pop3 = visit->pop3;
	p->result = result;
	p->deleted = g_array_new(FALSE, FALSE, sizeof(int64_t));
	p->returned = g_array_new(FALSE, FALSE, sizeof(int64_t));
	p->back = g_array_new(FALSE, FALSE, sizeof(int64_t));
	p->adopted = g_array_new(FALSE, FALSE, sizeof(struct adopted));
	g_array_set_clear_func(p->adopted, adopted_clear);
	p->unseen = g_array_new(FALSE, FALSE, sizeof(struct unseen));
	g_array_set_clear_func(p->unseen, unseen_clear);
	p->envelopes = envelopes_new(visit);
	return pump_deliver_to(p, job->account->inbox, error) ? g_steal_pointer(&p) : NULL;
}

void pump_free(struct pump *p)
{
	if (!p)
		return;
	g_clear_pointer(&p->delivery, delivery_free);
	g_free(p->folder);
	g_clear_pointer(&p->envelopes, envelopes_free);
	g_queue_clear_full(&p->flight, g_free);
	g_queue_clear_full(&p->deletions, g_free);
	g_queue_clear_full(&p->spooled, g_free);
	g_array_unref(p->deleted);
	g_array_unref(p->returned);
	g_array_unref(p->back);
	g_array_unref(p->adopted);
	g_array_unref(p->unseen);
	g_clear_error(&p->disk);
	g_clear_error(&p->full);
	g_free(p);
}

void pump_on_preview(struct pump *p, pump_preview preview, void *data)
{
	p->preview = preview;
	p->preview_data = data;
}

void pump_meanwhile(struct pump *p, pump_errand errand, void *data)
{
	p->meanwhile = errand;
	p->meanwhile_data = data;
}

bool pump_run(struct pump *p, struct plan *plan, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_assert(plan->preview == 0 || p->preview);
	p->plan = plan;
	p->next = 0;
	p->came = 0;
	/* Whoever wants nothing but heads counts them. */
	if (plan->preview == 0 || plan->fetch > 0)
		pump_tell_progress(p);
	bool ok = run_plan(p, &why);
	if (!ok)
		pump_save(p, why);
	p->plan = NULL;
	if (why)
		g_propagate_error(error, g_steal_pointer(&why));
	return ok;
}
