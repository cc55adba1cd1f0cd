/* SPDX-License-Identifier: MIT */
#include "pop3/envelope.h"

#include <string.h>

#include "base/report.h"
#include "base/sanitize.h"
#include "pop3/internal.h"

/* The lines of the reply that hold addresses; those before them name the host
 * and the envelope's number. */
enum { LINE_FROM = 3, LINE_TO = 4 };

struct envelope {
	guint lines;
	char *from, *to;
};

struct envelopes {
	const struct visit *visit;
	uint64_t asked;    /* the letter that *ENV was last sent for */
	GHashTable *known; /* number → struct envelope */
	bool refused;
};

static void envelope_free(void *data)
{
	struct envelope *e = data;
	g_free(e->from);
	g_free(e->to);
	g_free(e);
}

struct envelopes *envelopes_new(const struct visit *visit)
{
	if (!visit->job->account->sdps)
		return NULL;
	struct envelopes *e = g_new0(struct envelopes, 1);
	e->visit = visit;
	e->known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, envelope_free);
	return e;
}

void envelopes_free(struct envelopes *e)
{
	if (!e)
		return;
	g_hash_table_unref(e->known);
	g_free(e);
}

bool envelopes_want(struct envelopes *e, uint64_t number)
{
	if (!e || e->refused || e->asked == number)
		return false;
	e->asked = number;
	return true;
}

static bool take_line(const char *line, size_t len, void *data)
{
	struct envelope *e = data;
	e->lines++;
	if (e->lines == LINE_FROM)
		e->from = sanitize_line(line, (gssize)len);
	if (e->lines == LINE_TO)
		e->to = sanitize_line(line, (gssize)len);
	return true;
}

/* One that does not know *ENV is told of once, and not asked again. */
static void note_refusal(struct envelopes *e)
{
	if (!e->refused)
		report_warning(_("%s: the server does not say for whom letters came: \"%s\"; take "
				 "out 'sdps = yes'"),
			e->visit->job->account->id, pop3_server_words(e->visit->pop3));
	e->refused = true;
}

bool envelopes_take(struct envelopes *e, uint64_t number, bool ok, GError **error)
{
	static const struct listing_limits limits = {200, 64 * 1024};
	if (!ok) {
		note_refusal(e);
		return true;
	}
	struct envelope *read = g_new0(struct envelope, 1);
	g_hash_table_replace(e->known, g_memdup2(&number, sizeof number), read);
	return pop3_read_lines(e->visit->pop3, limits, take_line, read, error);
}

void envelopes_tell(struct envelopes *e, uint64_t number, struct record *r)
{
	const struct envelope *found = e ? g_hash_table_lookup(e->known, &number) : NULL;
	if (!found)
		return;
	if (found->from)
		record_set_string(r, "envelope-from", found->from);
	if (found->to)
		record_set_string(r, "envelope-to", found->to);
	g_hash_table_remove(e->known, &number);
}
