/* SPDX-License-Identifier: MIT
 *
 * Names for letters where the server has no UIDL (P-47): what TOP shows of a
 * letter is hashed, or at least LAST says how many were read.  RFC 1725 took
 * LAST out in 1994; nothing else here needs it (Z2). */
#include "base/base.h"

#include <string.h>

#include "pop3/internal.h"

/* A head, without the lines that servers of old add to it when the letter was
 * read: they would make another letter of it. */
static const char *const marks[] = {"Status:", "X-Status:", "X-UIDL:"};

enum line { LINE_BEGIN, LINE_COUNTS, LINE_IS_MARK };

struct head {
	GChecksum *sum;
	enum line line, last; /* last: of the line before */
	char begin[16];       /* of the line, until it is known what it is */
	size_t begun;
	bool any, done; /* done: the blank line came */
};

static bool is_mark(const char *begin, size_t len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
		size_t n = strlen(marks[i]);
		if (len >= n && g_ascii_strncasecmp(begin, marks[i], n) == 0)
			return true;
	}
	return false;
}

static void decide(struct head *h)
{
	bool continues = h->begin[0] == ' ' || h->begin[0] == '\t';
	bool mark = continues ? h->last == LINE_IS_MARK : is_mark(h->begin, h->begun);
	h->line = mark ? LINE_IS_MARK : LINE_COUNTS;
	if (!mark)
		g_checksum_update(h->sum, (const guchar *)h->begin, (gssize)h->begun);
	h->any |= !mark;
}

/* Takes the octets of one line, or what there is of it. */
static void take_line(struct head *h, const char *data, size_t len)
{
	size_t n = 0;
	bool ends = data[len - 1] == '\n';
	while (h->line == LINE_BEGIN && n < len) {
		h->begin[h->begun++] = data[n++];
		if (h->begun == 1 && h->begin[0] == '\n')
			h->done = true;
		else if (h->begun == sizeof h->begin || (n == len && ends))
			decide(h);
		if (h->done)
			return;
	}
	if (h->line == LINE_COUNTS)
		g_checksum_update(h->sum, (const guchar *)data + n, (gssize)(len - n));
	if (!ends)
		return;
	h->last = h->line;
	h->line = LINE_BEGIN;
	h->begun = 0;
}

static bool take_head(const void *data, size_t len, void *user)
{
	struct head *h = user;
	const char *at = data, *end = at + len;
	while (at < end && !h->done) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		size_t n = lf ? (size_t)(lf + 1 - at) : (size_t)(end - at);
		take_line(h, at, n);
		at += n;
	}
	return true;
}

/* A letter without a head would have the name of every other such letter: it
 * stays without one. */
static GBytes *name_of_head(struct head *h)
{
	if (h->line == LINE_BEGIN && h->begun > 0 && !h->done)
		decide(h);
	if (!h->any)
		return NULL;
	char *name = g_strconcat(POP3_FINGERPRINT, g_checksum_get_string(h->sum), NULL);
	return g_bytes_new_take(name, strlen(name));
}

/* -ERR: this letter has no name, or the server has no TOP. */
static bool take_top(struct pop3 *p, struct pop3_message *m, bool *ok, GError **error)
{
	struct head head = {0};
	if (!pop3_take(p, ok, error))
		return false;
	if (!*ok)
		return true;
	head.sum = g_checksum_new(G_CHECKSUM_SHA256);
	bool done = pop3_read_body(p, take_head, &head, error);
	if (done)
		m->uid = name_of_head(&head);
	g_checksum_free(head.sum);
	return done;
}

static struct pop3_message *letter(const struct pop3_drop *drop, guint i)
{
	return &g_array_index(drop->messages, struct pop3_message, i);
}

/* All but the first, which was tried alone. */
static bool name_others(struct pop3 *p, const struct pop3_drop *drop, GError **error)
{
	guint sent = 1;
	for (guint i = 1; i < drop->messages->len; i++) {
		bool ok;
		while (sent < drop->messages->len && pop3_outstanding(p) < pop3_window(p))
			if (!pop3_send_top(p, letter(drop, sent++)->number, 0, error))
				return false;
		if (!take_top(p, letter(drop, i), &ok, error))
			return false;
	}
	return true;
}

static bool name_by_top(struct pop3 *p, struct pop3_drop *drop, GError **error)
{
	if (p->capa.known && !p->capa.top)
		return true;
	if (!pop3_send_top(p, letter(drop, 0)->number, 0, error) ||
		!take_top(p, letter(drop, 0), &drop->has_uids, error))
		return false;
	drop->fingerprints = drop->has_uids;
	return !drop->has_uids || name_others(p, drop, error);
}

static bool ask_last(struct pop3 *p, struct pop3_drop *drop, GError **error)
{
	bool ok;
	if (!pop3_send(p, POP3_LAST, 0, error) || !pop3_take(p, &ok, error))
		return false;
	drop->has_last = ok && reply_number(p->reply.text, &drop->last, NULL) &&
			 drop->last <= letter(drop, drop->messages->len - 1)->number;
	return true;
}

bool pop3_name(struct pop3 *p, struct pop3_drop *drop, GError **error)
{
	if (drop->has_uids || drop->messages->len == 0)
		return true;
	return name_by_top(p, drop, error) && (drop->has_uids || ask_last(p, drop, error));
}
