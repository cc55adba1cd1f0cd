/* SPDX-License-Identifier: MIT
 *
 * Letters are spooled as they come, made durable in groups, and only then does
 * the DELE of each follow (P-57).  An error with commands in flight drops the
 * connection without QUIT; the server then deletes nothing, and what is owed is
 * asked for in the next session. */
#include "pop3/pump.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/report.h"
#include "pop3/envelope.h"
#include "pop3/head.h"
#include "store/delivery.h"
#include "store/preview.h"

/* A group is committed when it has so many letters or octets, or when the next
 * letter takes its time and the first has waited so long. */
#define GROUP_LETTERS 256
#define GROUP_OCTETS (8 * 1024 * 1024)
#define GROUP_MILLISECONDS 1000

#define PROGRESS_MILLISECONDS 100

/* What is in flight, in order; the replies come in the same order. */
struct flight {
	enum pop3_command command; /* RETR, *ENV, TOP or DELE */
	uint64_t number;
	int64_t row;                  /* of a DELE */
	int64_t size;                 /* of a RETR: as the server says */
	const struct plan_step *step; /* of the plan; NULL: a DELE after RETR */
};

/* A letter that was never fetched: its row is made at QUIT. */
struct unseen {
	GBytes *uid;
	int64_t size;
};

struct pump {
	struct visit *visit;
	struct pop3 *pop3;
	struct plan *plan; /* that is running */
	struct delivery *delivery;
	char *folder; /* of delivery */
	struct envelopes *envelopes; /* NULL: not wanted */
	struct fetch_result *result;
	guint next;       /* step that has not been sent */
	GQueue flight;    /* of struct flight */
	GQueue deletions; /* of struct flight, not yet sent */
	GQueue spooled;   /* of struct flight: letters that wait for a commit */
	GArray *deleted;  /* rows whose DELE was answered +OK */
	GArray *unseen;   /* of struct unseen: the same of letters without a row */
	int64_t coming;   /* octets of the letters in flight */
	int64_t group_began, progress_at;
	uint64_t octets; /* that have come */
	uint64_t letter; /* of these, of the letter that is coming */
	guint came;
	pump_preview preview;
	void *preview_data;
	GError *disk; /* why a letter could not be written */
	GError *full; /* why no more letters are asked for */
	bool broken;  /* the store failed: nothing more is committed */
};

/* --- Telling ------------------------------------------------------------------- */

static void tell_progress(struct pump *p)
{
	const struct fetch_job *job = p->visit->job;
	int64_t now = clock_monotonic();
	if (p->came > 0 && p->came < p->plan->fetch && now - p->progress_at < PROGRESS_MILLISECONDS)
		return;
	if (p->came > 0)
		p->progress_at = now;
	struct record *r = record_set_int(record_new("event", "progress"), "done", p->came);
	record_set_int(r, "total", p->plan->fetch);
	record_set_int(r, "octets", (int64_t)p->octets);
	wire_child_event(job->child, job->id, r);
}

static void tell_stored(const struct pump *p, const struct uid_row *row, uint64_t number)
{
	const struct fetch_job *job = p->visit->job;
	struct record *r = record_set_int(record_new("event", "stored"), "message", row->id);
	record_set_string(record_set_string(r, "folder", row->folder), "name", row->base);
	envelopes_tell(p->envelopes, number, r);
	wire_child_event(job->child, job->id, r);
}

/* --- Storing ------------------------------------------------------------------- */

static void want_deletion(struct pump *p, uint64_t number, int64_t row)
{
	struct flight *f = g_new0(struct flight, 1);
	*f = (struct flight){.command = POP3_DELE, .number = number, .row = row};
	g_queue_push_tail(&p->deletions, f);
}

/* The letter is durable and its row says so: now, and not before, it may be
 * deleted on the server. */
static void stored(const struct uid_row *row, void *data)
{
	struct pump *p = data;
	g_autofree struct flight *f = g_queue_pop_head(&p->spooled);
	p->result->new ++;
	p->result->octets += (uint64_t)row->size;
	if (p->plan->delete_fetched || f->step->and_delete)
		want_deletion(p, f->number, row->id);
	tell_stored(p, row, f->number);
}

static bool commit(struct pump *p, GError **error)
{
	if (delivery_waiting(p->delivery, NULL) == 0)
		return true;
	p->broken = !delivery_commit(p->delivery, stored, p, error);
	return !p->broken;
}

static bool group_is_full(const struct pump *p)
{
	int64_t octets;
	guint letters = delivery_waiting(p->delivery, &octets);
	return letters >= GROUP_LETTERS || octets >= GROUP_OCTETS ||
	       (letters > 0 && clock_monotonic() - p->group_began >= GROUP_MILLISECONDS);
}

/* The size that was listed may have been any number (P-44). */
static bool is_too_large(const struct pump *p)
{
	uint64_t most = p->visit->job->account->max_size;
	return most != 0 && p->letter > most;
}

static bool sink(const void *data, size_t len, void *user)
{
	struct pump *p = user;
	p->octets += len;
	p->letter += len;
	return !is_too_large(p) && delivery_write(p->delivery, data, len, &p->disk);
}

/* The rest cannot be declined but by dropping the connection.  What is noted is
 * not asked for again (P-71). */
static bool give_up_letter(struct pump *p, const struct plan_step *step, GError **error)
{
	const struct account *a = p->visit->job->account;
	struct ledger *l = store_ledger(p->visit->job->store, error);
	if (!step->uid)
		g_set_error(error, POP3_ERROR, POP3_ERROR_CONFIG,
			_("a letter is larger than the max-size of '%s', though the server said "
			  "less, and has no UID by which it could be passed over; raise max-size"),
			a->id);
	else if (l && uids_skip(l, p->visit->key, step->uid, (int64_t)p->letter, error))
		g_set_error(error, POP3_ERROR, POP3_ERROR_TOO_LARGE,
			_("a letter is larger than the max-size of '%s', though the server said "
			  "less: it stays on the server"),
			a->id);
	return false;
}

static bool read_letter(struct pump *p, const struct plan_step *step, GError **error)
{
	p->letter = 0;
	if (pop3_read_body(p->pop3, sink, p, error))
		return true;
	delivery_abort(p->delivery);
	if (is_too_large(p))
		return give_up_letter(p, step, error);
	if (p->disk && error)
		*error = g_steal_pointer(&p->disk);
	return false;
}

/* *row: of the letter that has come, if it is here already; else 0. */
static bool find_stored(struct pump *p, const struct flight *f, int64_t *row, GError **error)
{
	int64_t size;
	const uint8_t *digest;
	char sha256[65];
	*row = 0;
	if (!plan_may_be_here(p->plan, f->step))
		return true;
	if (!delivery_digest(p->delivery, &size, &digest, error))
		return false;
	uids_hex(digest, sha256);
	*row = plan_row_of(p->plan, f->step, sha256);
	return true;
}

/* What is here already was durable before this session began. */
static bool keep_letter(struct pump *p, const struct flight *f, GError **error)
{
	int64_t row;
	if (!find_stored(p, f, &row, error))
		return false;
	if (row != 0) {
		delivery_abort(p->delivery);
		/* Without a name only its digest told it from a new one (P-47). */
		if (f->step->uid || p->plan->delete_fetched)
			want_deletion(p, f->number, row);
		return true;
	}
	if (!delivery_end(p->delivery, error))
		return false;
	if (delivery_waiting(p->delivery, NULL) == 1)
		p->group_began = clock_monotonic();
	g_queue_push_tail(&p->spooled, g_memdup2(f, sizeof *f));
	return true;
}

/* What waits for another folder is committed first. */
static bool deliver_to(struct pump *p, const char *folder, GError **error)
{
	if (p->folder && strcmp(p->folder, folder) == 0)
		return true;
	if (p->delivery && !commit(p, error))
		return false;
	struct delivery *d =
		delivery_new(p->visit->job->store, p->visit->key, folder, error);
	if (!d)
		return false;
	g_clear_pointer(&p->delivery, delivery_free);
	p->delivery = d;
	g_free(p->folder);
	p->folder = g_strdup(folder);
	return true;
}

/* A letter of which a preview is here takes its place; others go to the inbox. */
static bool begin_letter(struct pump *p, const struct plan_step *step, GError **error)
{
	const struct fetch_job *job = p->visit->job;
	struct maildir_place place = {0};
	g_autofree char *base = NULL, *folder = NULL;
	if (step->row != 0 &&
		!preview_of_row(job->store, step->row, &folder, &base, &place, error))
		return false;
	bool ok = deliver_to(p, folder ? folder : job->account->inbox, error) &&
		  delivery_begin(p->delivery, step->uid, error) &&
		  (!folder || delivery_complete(p->delivery, base, &place, error));
	maildir_place_clear(&place);
	return ok;
}

static bool take_letter(struct pump *p, const struct flight *f, GError **error)
{
	p->broken = !begin_letter(p, f->step, error);
	if (p->broken || !read_letter(p, f->step, error))
		return false;
	p->broken = !keep_letter(p, f, error);
	if (p->broken) {
		delivery_abort(p->delivery);
		return false;
	}
	p->came++;
	tell_progress(p);
	return true;
}

/* --- TOP ----------------------------------------------------------------------- */

static bool take_top(struct pump *p, const struct flight *f, GError **error)
{
	int fd = head_read(p->pop3, error);
	if (fd < 0)
		return false;
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

static void skip_left(struct pump *p)
{
	while (p->next < p->plan->steps->len &&
		g_array_index(p->plan->steps, struct plan_step, p->next).action == PLAN_LEAVE)
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

/* Fills the pipe: what is stored is deleted first, then the plan goes on. */
static bool top_up(struct pump *p, GError **error)
{
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
		return;
	}
	struct unseen u = {g_bytes_ref(f->step->uid), likely_size(f->step->message)};
	g_array_append_val(p->unseen, u);
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
		return take_letter(p, f, error);
	if (ok && f->command == POP3_TOP)
		return take_top(p, f, error);
	if (ok) {
		note_deleted(p, f);
		return true;
	}
	p->result->refused += f->command != POP3_TOP;
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

/* Runs the plan.  When there is nothing in flight, what is spooled is committed,
 * which may give new work: the deletions. */
static bool run_plan(struct pump *p, GError **error)
{
	for (;;) {
		if (stopped(p, error) || !top_up(p, error))
			return false;
		if (g_queue_is_empty(&p->flight)) {
			if (delivery_waiting(p->delivery, NULL) == 0)
				return true;
			/* On a slow disk that took its time (P-30). */
			if (!commit(p, error) || !pop3_noop(p->pop3, POP3_IDLE, error))
				return false;
			continue;
		}
		if (!take_reply(p, error) || (group_is_full(p) && !commit(p, error)))
			return false;
	}
}

/* --- The end ------------------------------------------------------------------- */

static void forget_deletions(struct pump *p, struct ledger *l, enum uid_state state)
{
	g_autoptr(GError) why = NULL;
	/* The letters are safe whatever the rows say: a row that stays behind
	 * costs one DELE in the next session. */
	if (!uids_set_state(l, p->deleted, state, &why))
		report_warning("%s", why->message);
}

/* What is deleted unseen is not to be fetched later, if the server keeps it. */
static bool add_unseen(struct pump *p, struct ledger *l, GError **error)
{
	bool ok = true;
	if (p->unseen->len == 0)
		return true;
	if (!ledger_begin(l, error))
		return false;
	for (guint i = 0; ok && i < p->unseen->len; i++) {
		const struct unseen *u = &g_array_index(p->unseen, struct unseen, i);
		int64_t row;
		ok = uids_add_unseen(l, p->visit->key, u->uid, u->size, &row, error);
		if (ok)
			g_array_append_val(p->deleted, row);
	}
	g_array_set_size(p->unseen, 0);
	if (ok)
		return ledger_commit(l, error);
	ledger_rollback(l);
	return false;
}

/* QUIT makes the server delete.  Before it the rows say that this was asked;
 * after it, what became of it (P-59). */
static bool quit(struct pump *p, GError **error)
{
	g_autoptr(GError) why = NULL;
	struct ledger *l = store_ledger(p->visit->job->store, error);
	if (!l || !uids_set_state(l, p->deleted, UID_DEL_SENT, error) || !add_unseen(p, l, error))
		return false;
	if (pop3_quit(p->pop3, &why)) {
		forget_deletions(p, l, UID_DEL_DONE);
		p->result->deleted = p->deleted->len;
		return true;
	}
	forget_deletions(p, l, UID_DEL_UNKNOWN);
	p->result->owed = p->deleted->len;
	report_warning(_("the server did not confirm the end of the session: %s"), why->message);
	return true;
}

/* After an error: what has come whole is kept all the same, unless it was the
 * store that failed: a failed fsync is not tried again.  With nothing in
 * flight a cancelled session may still end by QUIT, which makes good what was
 * deleted so far (P-60). */
static void save_what_came(struct pump *p, const GError *why)
{
	g_autoptr(GError) again = NULL;
	bool clean = pop3_outstanding(p->pop3) == 0 && !pop3_capabilities(p->pop3)->expire_now &&
		     policy_code(why) == CODE_CANCELLED;
	if (!p->broken && !commit(p, &again))
		report_warning("%s", again->message);
	g_clear_error(&again);
	if (clean && p->deleted->len + p->unseen->len > 0 && !p->visit->ending && !quit(p, &again))
		report_warning("%s", again->message);
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
	p->unseen = g_array_new(FALSE, FALSE, sizeof(struct unseen));
	g_array_set_clear_func(p->unseen, unseen_clear);
	p->envelopes = envelopes_new(visit);
	return deliver_to(p, job->account->inbox, error) ? g_steal_pointer(&p) : NULL;
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

bool pump_run(struct pump *p, struct plan *plan, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_assert(plan->preview == 0 || p->preview);
	p->plan = plan;
	p->next = 0;
	p->came = 0;
	/* Whoever wants nothing but heads counts them. */
	if (plan->preview == 0 || plan->fetch > 0)
		tell_progress(p);
	bool ok = run_plan(p, &why);
	if (!ok)
		save_what_came(p, why);
	p->plan = NULL;
	if (why)
		g_propagate_error(error, g_steal_pointer(&why));
	return ok;
}

bool pump_quit(struct pump *p, GError **error)
{
	if (!quit(p, error))
		return false;
	if (!p->full)
		return true;
	g_propagate_error(error, g_steal_pointer(&p->full));
	return false;
}
