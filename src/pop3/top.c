/* SPDX-License-Identifier: MIT
 *
 * One letter's head and first lines, for somebody who wants to look at them. */
#include "pop3/fetch.h"

#include <unistd.h>

#include "base/fdio.h"
#include "pop3/moved.h"
#include "pop3/policy.h"
#include "pop3/terms.h"
#include "pop3/visit.h"
#include "store/drop.h"

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
			_("the server '%s' says \"%s\" to TOP"), v->job->account->pop3->host,
			pop3_server_words(v->pop3));
		return false;
	}
	/* What QUIT says does not matter: nothing was marked. */
	return save_top(v, result, error) && (pop3_quit(v->pop3, NULL) || true);
}

/* --- which letter -------------------------------------------------------------- */

static struct drop_row *find_letter(struct visit *v, int64_t id, GError **error)
{
	const struct fetch_job *job = v->job;
	g_autoptr(drop) d = drop_open(job->store, v->key, job->account->id, error);
	return d ? drop_find(d, id, error) : NULL;
}

/* By the whole listing: the letter has moved up, or bears a name that is not its
 * UID alone. */
static bool search(struct visit *v, GBytes *uid, uint64_t *number, GError **error)
{
	struct pop3_drop listing;
	struct plan plan = {0};
	g_autoptr(GPtrArray) known = g_ptr_array_new();
	bool ok = pop3_list(v->pop3, &listing, error) && pop3_name(v->pop3, &listing, error) &&
		  plan_name(&plan, &listing, known, error);
	for (guint i = 0; ok && i < plan.steps->len; i++) {
		const struct plan_step *step = &g_array_index(plan.steps, struct plan_step, i);
		if (step->uid && g_bytes_equal(step->uid, uid))
			*number = step->message->number;
	}
	plan_clear(&plan);
	pop3_drop_clear(&listing);
	return ok;
}

/* Numbers are those of another session: the one that is known is asked first. */
static bool find_number(struct visit *v, int64_t id, uint64_t *number, GError **error)
{
	g_autoptr(drop_row) row = find_letter(v, id, error);
	g_autoptr(GBytes) uid = NULL;
	*number = 0;
	if (!row || !pop3_uid(v->pop3, row->number, &uid, error))
		return false;
	if (uid && g_bytes_equal(uid, row->uid))
		*number = row->number;
	else if (!search(v, row->uid, number, error))
		return false;
	if (*number == 0)
		g_set_error(error, STORE_ERROR, STORE_ERROR_MISSING,
			_("there is no such letter on the server any more"));
	return *number != 0;
}

struct look {
	const struct top_wanted *wanted;
	struct fetch_result *result;
};

static bool visit_and_top(const struct fetch_job *job, void *data, GError **error)
{
	struct look *l = data;
	struct visit visit;
	struct maildrop maildrop;
	uint64_t number = l->wanted->number;
	bool ok = visit_begin(&visit, job, error) && moved_port(&visit, error) &&
		  terms_log_in(&visit, &maildrop, error) &&
		  (number > 0 || find_number(&visit, l->wanted->id, &number, error)) &&
		  top(&visit, number, l->wanted->lines, l->result, error);
	visit_end(&visit, l->result, error);
	return ok;
}

bool fetch_top(const struct fetch_job *job, const struct top_wanted *wanted,
	struct fetch_result *result, GError **error)
{
	struct look l = {wanted, result};
	*result = (struct fetch_result){0};
	return visit_insisting(job, visit_and_top, &l, error);
}
