/* SPDX-License-Identifier: MIT
 *
 * One letter's head and first lines, for somebody who wants to look at them. */
#include "pop3/fetch.h"

#include <unistd.h>

#include "base/fdio.h"
#include "pop3/visit.h"

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

static bool visit_and_top(const struct fetch_job *job, uint64_t number, uint64_t lines,
	struct fetch_result *result, GError **error)
{
	struct visit visit;
	bool ok = visit_begin(&visit, job, error) && visit_log_in(&visit, error) &&
		  top(&visit, number, lines, result, error);
	visit_end(&visit, result, error);
	return ok;
}

bool fetch_top(const struct fetch_job *job, uint64_t number, uint64_t lines,
	struct fetch_result *result, GError **error)
{
	g_autoptr(GError) why = NULL;
	struct fetch_job again = *job;
	*result = (struct fetch_result){0};
	if (visit_and_top(job, number, lines, result, &why))
		return true;
	again.insist_on_utf8 = true;
	if (g_error_matches(why, POP3_ERROR, POP3_ERROR_UTF8))
		return visit_and_top(&again, number, lines, result, error);
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}
