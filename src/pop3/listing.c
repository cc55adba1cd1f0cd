/* SPDX-License-Identifier: MIT
 *
 * What lies in the maildrop: CAPA, STAT, UIDL and LIST, in one flight where
 * the server can do that. */
#include "base/base.h"

#include <string.h>

#include "base/report.h"
#include "pop3/internal.h"

/* More rows, or more octets, are an attack or madness (P-45). */
static const struct listing_limits limits = {500 * 1000, 64 * 1024 * 1024};

/* One listing being read into the drop.  Numbers must rise (P-45). */
struct reading {
	struct pop3_drop *drop;
	uint64_t last, beyond; /* the last number; of those beyond the count of STAT */
};

static void message_clear(void *data)
{
	struct pop3_message *m = data;
	g_clear_pointer(&m->uid, g_bytes_unref);
}

static void drop_init(struct pop3_drop *drop)
{
	*drop = (struct pop3_drop){0};
	drop->messages = g_array_new(FALSE, TRUE, sizeof(struct pop3_message));
	g_array_set_clear_func(drop->messages, message_clear);
}

int64_t pop3_kept_size(uint64_t octets)
{
	return (int64_t)MIN(octets, (uint64_t)G_MAXINT64);
}

void pop3_drop_clear(struct pop3_drop *drop)
{
	g_clear_pointer(&drop->messages, g_array_unref);
}

/* The row's message; NULL: its number cannot be.  What STAT said is a hint, and
 * close_gaps() decides about numbers beyond it. */
static struct pop3_message *place(struct reading *r, uint64_t number)
{
	struct pop3_drop *drop = r->drop;
	uint64_t *last = drop->counted && number > drop->count ? &r->beyond : &r->last;
	if (number <= *last || number > limits.rows)
		return NULL;
	*last = number;
	if (number > drop->messages->len)
		g_array_set_size(drop->messages, (guint)number);
	return &g_array_index(drop->messages, struct pop3_message, number - 1);
}

static bool ignore(struct reading *r, const char *line)
{
	r->drop->ignored++;
	report_debug(_("a row of the listing makes no sense: \"%s\""), line);
	return true;
}

static bool uidl_line(const char *line, size_t len, void *data)
{
	struct reading *r = data;
	uint64_t number;
	GBytes *uid;
	struct pop3_message *m = NULL;
	if (reply_uidl_row(line, len, &number, &uid))
		m = place(r, number);
	if (!m) {
		g_clear_pointer(&uid, g_bytes_unref);
		return ignore(r, line);
	}
	m->number = number;
	m->uid = uid;
	return true;
}

static bool list_line(const char *line, size_t len, void *data)
{
	struct reading *r = data;
	uint64_t number, size;
	struct pop3_message *m = NULL;
	if (reply_list_row(line, &number, &size))
		m = place(r, number);
	if (!m)
		return ignore(r, line);
	m->number = number;
	m->size = size;
	m->listed = true;
	return true;
}

/* An answer without sense is as good as none, where there are lists. */
static bool take_stat(struct pop3 *p, struct pop3_drop *drop, GError **error)
{
	if (!pop3_demand(p, error))
		return false;
	drop->counted = reply_stat(p->reply.text, &drop->count, &drop->octets);
	if (drop->counted && drop->count > limits.rows)
		return pop3_fail(error, POP3_ERROR_PROTOCOL,
			_("the server '%s' answers STAT with \"%s\""), p->host, p->words);
	if (!drop->counted)
		report_debug(_("the server's %s makes no sense: \"%s\""), "STAT", p->words);
	g_array_set_size(drop->messages, drop->counted ? (guint)drop->count : 0);
	return true;
}

/* -ERR: the server has no such list, which is no error here. */
static bool take_list(
	struct pop3 *p, struct pop3_drop *drop, pop3_line line, bool *ok, GError **error)
{
	struct reading r = {.drop = drop};
	if (!pop3_take(p, ok, error))
		return false;
	return !*ok || pop3_read_lines(p, limits, line, &r, error);
}

/* Numbers that neither list names belong to letters that are gone.  A number
 * beyond what STAT counted is believed if both lists have it (P-45). */
static bool is_there(const struct pop3_drop *drop, const struct pop3_message *m)
{
	if (!m->number)
		return false;
	return !drop->counted || m->number <= drop->count || (m->uid && m->listed);
}

/* Without a list every number up to the count is one. */
static void close_gaps(struct pop3_drop *drop, bool listed)
{
	guint kept = 0;
	for (guint i = 0; i < drop->messages->len; i++) {
		struct pop3_message *m = &g_array_index(drop->messages, struct pop3_message, i);
		if (listed && !is_there(drop, m)) {
			drop->ignored += m->number > 0;
			g_clear_pointer(&m->uid, g_bytes_unref);
			continue;
		}
		m->number = i + 1;
		if (kept != i) {
			g_array_index(drop->messages, struct pop3_message, kept) = *m;
			*m = (struct pop3_message){0};
		}
		kept++;
	}
	g_array_set_size(drop->messages, kept);
}

bool pop3_uid(struct pop3 *p, uint64_t number, GBytes **uid, GError **error)
{
	uint64_t is;
	bool ok;
	*uid = NULL;
	if (!pop3_send(p, POP3_UIDL, number, error) || !pop3_take(p, &ok, error))
		return false;
	if (!ok || !reply_uidl_row(p->reply.text, p->reply_len, &is, uid) || is == number)
		return true;
	g_clear_pointer(uid, g_bytes_unref);
	return true;
}

typedef bool (*taker)(struct pop3 *p, struct pop3_drop *drop, GError **error);

static bool take_capa(struct pop3 *p, struct pop3_drop *drop, GError **error)
{
	return pop3_take_capa(p, error);
}

static bool take_uidl(struct pop3 *p, struct pop3_drop *drop, GError **error)
{
	return take_list(p, drop, uidl_line, &drop->has_uids, error);
}

static bool take_sizes(struct pop3 *p, struct pop3_drop *drop, GError **error)
{
	bool listed;
	if (!take_list(p, drop, list_line, &listed, error))
		return false;
	if (!drop->counted && !listed && !drop->has_uids)
		return pop3_fail(error, POP3_ERROR_PROTOCOL,
			_("the server '%s' says in no way how many letters there are"), p->host);
	close_gaps(drop, listed || drop->has_uids);
	return true;
}

static const struct {
	enum pop3_command command;
	taker take;
} flight[] = {
	{POP3_CAPA, take_capa}, /* again: values may differ now (P-02) */
	{POP3_STAT, take_stat},
	{POP3_UIDL, take_uidl},
	{POP3_LIST, take_sizes},
};

bool pop3_ask_list(struct pop3 *p, GError **error)
{
	if (pop3_window(p) == 1 || p->list_asked)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(flight); i++)
		if (!pop3_command(p, flight[i].command, NULL, error))
			return false;
	p->list_asked = true;
	pop3_push(p);
	return true;
}

bool pop3_list(struct pop3 *p, struct pop3_drop *drop, GError **error)
{
	drop_init(drop);
	if (!pop3_ask_list(p, error))
		return false;
	bool together = p->list_asked;
	p->list_asked = false;
	for (size_t i = 0; i < G_N_ELEMENTS(flight); i++) {
		if (!together && !pop3_command(p, flight[i].command, NULL, error))
			return false;
		if (!flight[i].take(p, drop, error))
			return false;
	}
	return true;
}
