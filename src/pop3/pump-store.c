/* SPDX-License-Identifier: MIT
 *
 * Letters are spooled as they come, made durable in groups, and only then does
 * the DELE of each follow (P-57). */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "base/report.h"
#include "pop3/here.h"
#include "pop3/pump-private.h"
#include "store/preview.h"

/* A group is committed when it has so many letters or octets, or when the next
 * letter takes its time and the first has waited so long. */
#define GROUP_LETTERS 400
#define GROUP_OCTETS (8 * 1024 * 1024)
#define GROUP_MILLISECONDS 1000

#define PROGRESS_MILLISECONDS 100

/* --- Telling ------------------------------------------------------------------- */

/* A letter of this size takes its time: it is told of while it comes. */
#define LONG_LETTER (256 * 1024)

static void tell_progress(const struct pump *p)
{
	const struct fetch_job *job = p->visit->job;
	struct record *r = record_set_int(record_new("event", "progress"), "done", p->came);
	record_set_int(r, "total", p->plan->fetch);
	record_set_int(r, "octets", (int64_t)p->octets);
	wire_child_event(job->child, job->id, r);
}

void pump_tell_progress(struct pump *p)
{
	int64_t now = clock_monotonic();
	if (p->came > 0 && p->came < p->plan->fetch && now - p->progress_at < PROGRESS_MILLISECONDS)
		return;
	if (p->came > 0)
		p->progress_at = now;
	tell_progress(p);
}

static void tell_within_letter(struct pump *p)
{
	int64_t now = clock_monotonic();
	if (p->letter < LONG_LETTER || now - p->progress_at < PROGRESS_MILLISECONDS)
		return;
	p->progress_at = now;
	tell_progress(p);
}

static void tell_stored(const struct pump *p, const struct uid_row *row, uint64_t number)
{
	const struct fetch_job *job = p->visit->job;
	struct record *r = record_set_int(record_new("event", "stored"), "message", row->id);
	record_set_string(record_set_string(r, "folder", row->folder), "name", row->base);
	envelopes_tell(p->envelopes, number, r);
	wire_child_event(job->child, job->id, r);
}

/* Whether RETR takes a letter out of the maildrop (P-57, P-62). */
bool pump_consumes(const struct pump *p)
{
	return pop3_capabilities(p->pop3)->expire_now || pop3_quirks(p->pop3) & POP3_RETR_CONSUMES;
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

static bool rename_rows(struct pump *p, struct ledger *l, GError **error)
{
	g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(struct uid_change));
	g_array_set_clear_func(changes, uid_change_clear);
	for (guint i = 0; i < p->adopted->len; i++) {
		const struct adopted *a = &g_array_index(p->adopted, struct adopted, i);
		const struct plan_step *step = a->flight.step;
		struct uid_change c = {.id = a->row,
			.uid = g_bytes_ref(step->uid),
			.whole = pop3_kept_size(step->message->size)};
		if (a->row)
			g_array_append_val(changes, c);
		else
			uid_change_clear(&c);
	}
	return uids_rename(l, p->visit->key, changes, error);
}

static bool add_rows(struct pump *p, struct ledger *l, GError **error)
{
	if (!ledger_begin(l, error))
		return false;
	for (guint i = 0; i < p->adopted->len; i++) {
		struct adopted *a = &g_array_index(p->adopted, struct adopted, i);
		if (!a->stray)
			continue;
		a->stray->uid = g_bytes_ref(a->flight.step->uid);
		if (!uids_adopt(l, p->visit->key, a->stray, error)) {
			ledger_rollback(l);
			return false;
		}
		a->row = a->stray->id;
	}
	return ledger_commit(l, error);
}

static bool commit_adopted(struct pump *p, GError **error)
{
	struct ledger *l = store_ledger(p->visit->job->store, error);
	if (p->adopted->len == 0)
		return true;
	if (!l || !rename_rows(p, l, error) || !add_rows(p, l, error))
		return false;
	for (guint i = 0; i < p->adopted->len; i++) {
		const struct adopted *a = &g_array_index(p->adopted, struct adopted, i);
		if (p->plan->delete_fetched || a->flight.step->and_delete)
			want_deletion(p, a->flight.number, a->row);
	}
	p->result->adopted += p->adopted->len;
	g_array_set_size(p->adopted, 0);
	return true;
}

/* A server that gives a letter out once has given it to us (P-62). */
static void explain_spooled(const struct pump *p, GError **error)
{
	if (pump_consumes(p) && error && *error)
		g_prefix_error(error,
			_("a letter came that the server gives out only once, and could not be "
			  "stored; its file is kept in '%s/tmp' for 36 hours; a log-in as "
			  "recent:%s shows the mail of 30 days again: "),
			p->folder, p->visit->job->account->pop3->user);
}

bool pump_commit(struct pump *p, GError **error)
{
	p->broken = !commit_adopted(p, error);
	if (p->broken || !pump_is_waiting(p))
		return !p->broken;
	wire_child_hold(p->visit->job->child, true);
	p->broken = !delivery_commit(p->delivery, stored, p, error);
	wire_child_hold(p->visit->job->child, false);
	if (p->broken)
		explain_spooled(p, error);
	return !p->broken;
}

/* While these are made durable others come. */
static bool commit_behind(struct pump *p, GError **error)
{
	wire_child_hold(p->visit->job->child, true);
	p->broken = !commit_adopted(p, error) ||
		    !delivery_commit_behind(p->delivery, stored, p, error);
	wire_child_hold(p->visit->job->child, false);
	return !p->broken;
}

/* On a slow line a letter is deleted as soon as it can be: nothing is left behind.
 * Nor where it can be had once: there it is durable before the next is asked for. */
bool pump_keep_up(struct pump *p, GError **error)
{
	int64_t octets;
	guint letters = delivery_waiting(p->delivery, &octets);
	bool old = letters > 0 && clock_monotonic() - p->group_began >= GROUP_MILLISECONDS;
	if (old || (letters > 0 && pump_consumes(p)))
		return pump_commit(p, error);
	bool full = letters >= GROUP_LETTERS || p->adopted->len >= GROUP_LETTERS ||
		    octets >= GROUP_OCTETS;
	return !full || commit_behind(p, error);
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
	tell_within_letter(p);
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
	else if (l && uids_skip(l, p->visit->key, step->uid, pop3_kept_size(step->message->size),
			      (int64_t)p->letter, error))
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

/* Whether it is here under another name. */
static bool adopt(struct pump *p, const struct flight *f, bool *adopted, GError **error)
{
	int64_t size = delivery_size(p->delivery);
	const uint8_t *digest;
	char sha256[65];
	struct adopted a = {.flight = *f};
	*adopted = false;
	if (!p->plan->here || f->step->row != 0 || !f->step->uid ||
		!here_may_have(p->plan->here, size))
		return true;
	if (!delivery_digest(p->delivery, &size, &digest, error))
		return false;
	uids_hex(digest, sha256);
	*adopted = here_take(p->plan->here, size, sha256, &a.row, &a.stray);
	if (*adopted)
		g_array_append_val(p->adopted, a);
	return true;
}

void pump_note_same(struct pump *p, const struct plan_step *step, int64_t row)
{
	if (step->returned)
		g_array_append_val(p->returned, row);
	if (step->away)
		g_array_append_val(p->back, row);
}

/* What is here already was durable before this session began. */
static bool keep_letter(struct pump *p, const struct flight *f, GError **error)
{
	int64_t row;
	bool adopted;
	if (!find_stored(p, f, &row, error) || !adopt(p, f, &adopted, error))
		return false;
	if (row != 0 || adopted)
		delivery_abort(p->delivery);
	if (row != 0) {
		/* Without a name only its digest told it from a new one (P-47). */
		if (!f->step->stays && (f->step->uid || p->plan->delete_fetched))
			want_deletion(p, f->number, row);
		pump_note_same(p, f->step, row);
	}
	if (row != 0 || adopted)
		return true;
	if (!delivery_end(p->delivery, error))
		return false;
	if (delivery_waiting(p->delivery, NULL) == 1)
		p->group_began = clock_monotonic();
	g_queue_push_tail(&p->spooled, g_memdup2(f, sizeof *f));
	return true;
}

/* What waits for another folder is committed first. */
bool pump_deliver_to(struct pump *p, const char *folder, GError **error)
{
	if (p->folder && strcmp(p->folder, folder) == 0)
		return true;
	if (p->delivery && !pump_commit(p, error))
		return false;
	struct delivery *d = delivery_new(p->visit->job->store, p->visit->key, folder, error);
	if (!d)
		return false;
	g_clear_pointer(&p->delivery, delivery_free);
	p->delivery = d;
	if (pump_consumes(p))
		delivery_keep_spooled(d);
	if (p->visit->job->sorts)
		delivery_set_due(d);
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
	if (step->row != 0 && !preview_of_row(job->store, step->row, &folder, &base, &place, error))
		return false;
	bool ok = pump_deliver_to(p, folder ? folder : job->account->inbox, error) &&
		  delivery_begin(p->delivery, step->uid, error) &&
		  (!folder || delivery_complete(p->delivery, base, &place, error));
	if (ok)
		delivery_set_whole(p->delivery, step->message->size);
	maildir_place_clear(&place);
	return ok;
}

bool pump_take_letter(struct pump *p, const struct flight *f, GError **error)
{
	if (!begin_letter(p, f->step, error) || !read_letter(p, f->step, error) ||
		!keep_letter(p, f, error)) {
		p->broken = p->broken || !p->delivery;
		if (p->delivery)
			delivery_abort(p->delivery);
		return false;
	}
	p->came++;
	pump_tell_progress(p);
	return true;
}

bool pump_is_waiting(const struct pump *p)
{
	return delivery_waiting(p->delivery, NULL) + p->adopted->len > 0 ||
	       delivery_is_behind(p->delivery);
}
