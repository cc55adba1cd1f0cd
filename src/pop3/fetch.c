/* SPDX-License-Identifier: MIT
 *
 * RETR and DELE flow in one pipeline: letters are spooled as they come, made
 * durable in groups, and only then does the DELE of each follow (P-57).  An
 * error with commands in flight drops the connection without QUIT; the server
 * then deletes nothing, and what is owed is asked for in the next session. */
#include "pop3/fetch.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fdio.h"
#include "base/report.h"
#include "pop3/policy.h"
#include "pop3/visit.h"
#include "store/delivery.h"

/* A group is committed when it has so many letters or octets, or when the next
 * letter takes its time and the first has waited so long. */
#define GROUP_LETTERS 256
#define GROUP_OCTETS (8 * 1024 * 1024)
#define GROUP_MILLISECONDS 1000

#define PROGRESS_MILLISECONDS 100

/* What is in flight, in order; the replies come in the same order. */
struct flight {
	enum pop3_command command; /* RETR or DELE */
	uint64_t number;
	int64_t row;  /* of a DELE */
	int64_t size; /* of a RETR: as the server says */
	const struct plan_step *step; /* of a RETR; of the plan */
};

struct pump {
	struct visit *visit;
	struct pop3 *pop3;
	struct plan plan;
	struct delivery *delivery;
	struct fetch_result *result;
	guint next;       /* step that has not been sent */
	GQueue flight;    /* of struct flight */
	GQueue deletions; /* of struct flight, not yet sent */
	GQueue spooled;   /* numbers of the letters that wait for a commit */
	GArray *deleted;  /* rows whose DELE was answered +OK */
	int64_t coming;   /* octets of the letters in flight */
	int64_t group_began, progress_at;
	uint64_t octets; /* that have come */
	guint came;
	GError *disk; /* why a letter could not be written */
	GError *full; /* why no more letters are asked for */
	bool broken;  /* the store failed: nothing more is committed */
};

void fetch_result_clear(struct fetch_result *r)
{
	g_clear_pointer(&r->server, g_free);
	g_clear_pointer(&r->path, g_free);
}

/* --- Telling ------------------------------------------------------------------- */

static void tell_progress(struct pump *p)
{
	const struct fetch_job *job = p->visit->job;
	int64_t now = clock_monotonic();
	if (p->came > 0 && p->came < p->plan.fetch && now - p->progress_at < PROGRESS_MILLISECONDS)
		return;
	if (p->came > 0)
		p->progress_at = now;
	struct record *r = record_set_int(record_new("event", "progress"), "done", p->came);
	record_set_int(r, "total", p->plan.fetch);
	record_set_int(r, "octets", (int64_t)p->octets);
	wire_child_event(job->child, job->id, r);
}

static void tell_stored(const struct pump *p, const struct uid_row *row)
{
	const struct fetch_job *job = p->visit->job;
	struct record *r = record_set_int(record_new("event", "stored"), "message", row->id);
	record_set_string(record_set_string(r, "folder", row->folder), "name", row->base);
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
	g_autofree uint64_t *number = g_queue_pop_head(&p->spooled);
	p->result->new++;
	p->result->octets += (uint64_t)row->size;
	if (p->plan.delete_fetched)
		want_deletion(p, *number, row->id);
	tell_stored(p, row);
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

static bool sink(const void *data, size_t len, void *user)
{
	struct pump *p = user;
	p->octets += len;
	return delivery_write(p->delivery, data, len, &p->disk);
}

static bool read_letter(struct pump *p, GError **error)
{
	if (pop3_read_body(p->pop3, sink, p, error))
		return true;
	delivery_abort(p->delivery);
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
	if (!plan_may_be_here(&p->plan, f->step))
		return true;
	if (!delivery_digest(p->delivery, &size, &digest, error))
		return false;
	uids_hex(digest, sha256);
	*row = plan_row_of(&p->plan, f->step, sha256);
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
		want_deletion(p, f->number, row);
		return true;
	}
	if (!delivery_end(p->delivery, error))
		return false;
	if (delivery_waiting(p->delivery, NULL) == 1)
		p->group_began = clock_monotonic();
	g_queue_push_tail(&p->spooled, g_memdup2(&f->number, sizeof f->number));
	return true;
}

static bool take_letter(struct pump *p, const struct flight *f, GError **error)
{
	p->broken = !delivery_begin(p->delivery, f->step->uid, error);
	if (p->broken || !read_letter(p, error))
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

/* --- The pipeline -------------------------------------------------------------- */

static bool send_flight(struct pump *p, struct flight *f, GError **error)
{
	g_queue_push_tail(&p->flight, f);
	return pop3_send(p->pop3, f->command, f->number, error);
}

static void skip_left(struct pump *p)
{
	while (p->next < p->plan.steps->len &&
		g_array_index(p->plan.steps, struct plan_step, p->next).action == PLAN_LEAVE)
		p->next++;
}

/* A letter for which there is no room is not asked for, nor any behind it; what
 * is on its way comes to its end (P-57, P-63). */
static bool has_room(struct pump *p, int64_t size)
{
	if (delivery_has_room(p->delivery, p->coming + size, &p->full))
		return true;
	p->next = p->plan.steps->len;
	return false;
}

/* Sizes may be any number; sums of them must not overflow (P-45). */
static int64_t likely_size(const struct pop3_message *m)
{
	return (int64_t)MIN(m->size, (uint64_t)1 << 50);
}

static bool send_step(struct pump *p, GError **error)
{
	const struct plan_step *step = &g_array_index(p->plan.steps, struct plan_step, p->next);
	struct flight f = {.command = POP3_DELE, .number = step->message->number, .row = step->row};
	if (step->action == PLAN_FETCH) {
		f.command = POP3_RETR;
		f.size = likely_size(step->message);
		f.step = step;
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
		if (p->next == p->plan.steps->len)
			return true;
		if (!send_step(p, error))
			return false;
	}
	return true;
}

/* RETR: -ERR means that another session deleted the letter: nothing to fetch,
 * nothing to delete (P-56).  DELE: -ERR leaves it for the next session (P-60). */
static bool take_one(struct pump *p, const struct flight *f, GError **error)
{
	bool ok;
	if (!pop3_take(p->pop3, &ok, error))
		return false;
	if (ok && f->command == POP3_RETR)
		return take_letter(p, f, error);
	if (ok)
		g_array_append_val(p->deleted, f->row);
	else
		report_debug("%s %" G_GUINT64_FORMAT ": %s",
			f->command == POP3_RETR ? "RETR" : "DELE", f->number,
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
			if (!commit(p, error))
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

/* QUIT makes the server delete.  Before it the rows say that this was asked;
 * after it, what became of it (P-59). */
static bool quit(struct pump *p, GError **error)
{
	g_autoptr(GError) why = NULL;
	struct ledger *l = store_ledger(p->visit->job->store, error);
	if (!l || !uids_set_state(l, p->deleted, UID_DEL_SENT, error))
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
	if (clean && p->deleted->len > 0 && !p->visit->ending && !quit(p, &again))
		report_warning("%s", again->message);
}

static void pump_clear(struct pump *p)
{
	plan_clear(&p->plan);
	g_clear_pointer(&p->delivery, delivery_free);
	g_queue_clear_full(&p->flight, g_free);
	g_queue_clear_full(&p->deletions, g_free);
	g_queue_clear_full(&p->spooled, g_free);
	g_clear_pointer(&p->deleted, g_array_unref);
	g_clear_error(&p->disk);
	g_clear_error(&p->full);
}

/* --- From the lock to QUIT ----------------------------------------------------- */

static bool make_plan(struct pump *p, struct pop3_drop *drop, GError **error)
{
	const struct fetch_job *job = p->visit->job;
	struct ledger *l = store_ledger(job->store, error);
	g_autoptr(GPtrArray) known = l ? uids_load(l, p->visit->key, error) : NULL;
	if (!known || !plan_make(&p->plan, drop, known, &job->account->keep, clock_now(), error))
		return false;
	if (p->plan.nameless)
		report_warning(_("%u letters on the server have no UID and are left there"),
			p->plan.nameless);
	if (job->dry_run)
		return true;
	return uids_seen(l, p->visit->key, p->plan.listed, error) &&
	       uids_expire(l, p->visit->key, error);
}

static bool dry_run(struct pump *p, GError **error)
{
	p->result->would_fetch = p->plan.fetch;
	p->result->would_delete = p->plan.delete + (p->plan.delete_fetched ? p->plan.fetch : 0);
	p->result->kept = p->plan.leave;
	return pop3_quit(p->pop3, error);
}

static bool do_plan(struct pump *p, GError **error)
{
	const struct fetch_job *job = p->visit->job;
	g_autoptr(GError) why = NULL;
	p->delivery = delivery_new(job->store, p->visit->key, job->account->inbox, error);
	if (!p->delivery)
		return false;
	tell_progress(p);
	if (!run_plan(p, &why)) {
		save_what_came(p, why);
		g_propagate_error(error, g_steal_pointer(&why));
		return false;
	}
	if (!quit(p, error))
		return false;
	if (!p->full)
		return true;
	g_propagate_error(error, g_steal_pointer(&p->full));
	return false;
}

static bool fetch(struct pump *p, GError **error)
{
	struct pop3_drop drop;
	p->pop3 = p->visit->pop3;
	p->deleted = g_array_new(FALSE, FALSE, sizeof(int64_t));
	bool ok = pop3_list(p->pop3, &drop, error) && make_plan(p, &drop, error) &&
		  (p->visit->job->dry_run ? dry_run(p, error) : do_plan(p, error));
	if (ok && !p->visit->job->dry_run)
		p->result->kept = drop.messages->len - p->result->deleted;
	pump_clear(p);
	pop3_drop_clear(&drop);
	return ok;
}

bool fetch_run(const struct fetch_job *job, struct fetch_result *result, GError **error)
{
	struct visit visit;
	struct pump pump = {.visit = &visit, .result = result};
	*result = (struct fetch_result){0};
	/* What a crash left is put in order before anything new is begun (P-58). */
	bool ok = visit_begin(&visit, job, error) &&
		  delivery_recover(job->store, visit.key, error) && visit_log_in(&visit, error) &&
		  fetch(&pump, error);
	visit_end(&visit, result);
	return ok;
}

/* --- TOP ----------------------------------------------------------------------- */

struct file_sink {
	int fd;
	GError *error;
};

static bool file_write(const void *data, size_t len, void *user)
{
	struct file_sink *f = user;
	return fdio_write_all(f->fd, data, len, &f->error);
}

static bool save_top(struct visit *v, struct fetch_result *result, GError **error)
{
	struct file_sink f = {store_temp_file(v->job->store, &result->path, error), NULL};
	if (f.fd < 0)
		return false;
	bool ok = pop3_read_body(v->pop3, file_write, &f, error);
	if (f.error)
		g_propagate_error(error, f.error);
	close(f.fd);
	if (!ok)
		unlink(result->path);
	return ok;
}

static bool top(struct visit *v, uint64_t number, uint64_t lines, struct fetch_result *result,
	GError **error)
{
	bool ok;
	if (!pop3_send_top(v->pop3, number, lines, error) || !pop3_take(v->pop3, &ok, error))
		return false;
	if (!ok) {
		g_set_error(error, POP3_ERROR, POP3_ERROR_REFUSED,
			_("the server says \"%s\" to TOP"), pop3_server_words(v->pop3));
		return false;
	}
	/* What QUIT says does not matter: nothing was marked. */
	return save_top(v, result, error) && (pop3_quit(v->pop3, NULL) || true);
}

bool fetch_top(const struct fetch_job *job, uint64_t number, uint64_t lines,
	struct fetch_result *result, GError **error)
{
	struct visit visit;
	*result = (struct fetch_result){0};
	bool ok = visit_begin(&visit, job, error) && visit_log_in(&visit, error) &&
		  top(&visit, number, lines, result, error);
	visit_end(&visit, result);
	return ok;
}
