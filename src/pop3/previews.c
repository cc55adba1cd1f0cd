/* SPDX-License-Identifier: MIT */
#include "pop3/previews.h"

#include <unistd.h>

#include "base/fdio.h"

/* So many share their syncs. */
enum { GROUP = 64 };

static void tell(int64_t row, const char *base, void *data)
{
	struct previews *p = data;
	const struct fetch_job *job = p->visit->job;
	struct record *r = record_set_int(record_new("event", "preview"), "message", row);
	record_set_string(r, "folder", job->account->inbox);
	wire_child_event(job->child, job->id, record_set_string(r, "name", base));
	p->result->previews++;
}

bool previews_commit(struct previews *p, GError **error)
{
	return !p->batch || preview_batch_commit(p->batch, tell, p, error);
}

/* A server may send any number of octets for 20 lines. */
static GBytes *read_head(int fd, GError **error)
{
	g_autofree char *text = g_malloc(PREVIEW_OCTETS);
	size_t len = 0;
	for (ssize_t n = 1; n != 0 && len < PREVIEW_OCTETS; len += (size_t)n) {
		n = read(fd, text + len, PREVIEW_OCTETS - len);
		if (n < 0) {
			fdio_fail(error, "read", "TOP");
			return NULL;
		}
	}
	return g_bytes_new_take(g_steal_pointer(&text), len);
}

static bool keep(const struct plan_step *step, int fd, void *data, GError **error)
{
	struct previews *p = data;
	g_autoptr(GBytes) text = read_head(fd, error);
	int64_t whole = pop3_kept_size(step->message->size);
	if (!text || !preview_batch_add(p->batch, step->uid, whole, text, error))
		return false;
	return preview_batch_waiting(p->batch) < GROUP || previews_commit(p, error);
}

bool previews_begin(struct previews *p, struct pump *feed, struct visit *visit,
	struct fetch_result *result, GError **error)
{
	const struct fetch_job *job = visit->job;
	*p = (struct previews){.visit = visit, .result = result};
	p->batch = preview_batch_new(job->store, visit->key, job->account->inbox, error);
	if (p->batch)
		pump_on_preview(feed, keep, p);
	if (p->batch && job->sorts)
		preview_batch_set_due(p->batch);
	return p->batch != NULL;
}

void previews_clear(struct previews *p)
{
	g_clear_pointer(&p->batch, preview_batch_free);
}
