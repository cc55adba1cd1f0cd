/* SPDX-License-Identifier: MIT
 *
 * DATA or BDAT, the letter and its end, with which the next one begins. */
#include "base/base.h"

#include <string.h>

#include "smtp/states.h"

enum {
	UNSENT_MAX = 256 * 1024,
	BLOCK_SECONDS = 180, /* for a piece to leave (RFC 5321 section 4.5.3.2.5) */
};

/* The words of the first one who says no. */
void session_ends_with_recipients(const struct session *s, struct transaction *t)
{
	guint failed = transaction_count(t, RCPT_FAIL);
	enum policy_recipient which = failed ? RCPT_FAIL : RCPT_DEFER;
	for (guint i = 0; i < t->letter->recipients->len && !t->letter->why; i++) {
		const struct session_recipient *r = transaction_recipient(t, i);
		if (r->verdict != which)
			continue;
		g_autofree char *why = g_strdup_printf("%s: %s", r->address, r->reply);
		session_letter_ends(
			t->letter, ITEM_KEEP, failed ? CODE_RECIPIENT : CODE_TEMPORARY, why);
	}
	/* Nobody was accepted, and all for their number: again later. */
	session_letter_ends(t->letter, ITEM_DEFER, CODE_TEMPORARY, s->server ? s->server : "");
}

/* DATA goes alone: all recipients have been answered by now (S-42, S-43).  BDAT
 * needs no leave of its own. */
bool enter_data(struct session *s)
{
	struct transaction *t = &s->now;
	bool held = t->letter->hold && transaction_count(t, RCPT_FAIL) > 0;
	if (transaction_count(t, RCPT_ACCEPT) == 0 || held) {
		session_ends_with_recipients(s, t);
		s->state = STATE_RSET;
		return false;
	}
	if (t->chunk) {
		s->state = STATE_BODY;
		return false;
	}
	conn_printf(s->conn, "DATA\r\n");
	return true;
}

void take_data(struct session *s, const struct policy *p)
{
	s->state = p->session == SESSION_GO ? STATE_BODY : STATE_RSET;
}

/* --- the letter ----------------------------------------------------------------------------- */

/* A chunk was announced with its size, so none but the letter that was measured may
 * go. */
static bool check_count(const struct transaction *t, const struct content_reader *r, GError **error)
{
	if (!t->chunk || r->filter.octets == t->shape.octets)
		return true;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO,
		_("the file of the letter has changed while it was sent"));
	return false;
}

/* The last line end of a chunk is what the dot is for DATA: it stays here. */
static bool write_pieces(struct session *s, struct content_reader *r, GError **error)
{
	size_t kept = s->now.chunk ? strlen("\r\n") : 0;
	while (!r->over) {
		const GString *piece = content_read(r, error);
		if (!piece || (r->over && !check_count(&s->now, r, error)))
			return false;
		conn_write(s->conn, piece->str, piece->len - (r->over ? kept : 0));
		if (conn_unsent(s->conn) > UNSENT_MAX && !conn_flush(s->conn, error))
			return false;
	}
	return conn_flush(s->conn, error);
}

static bool write_body(struct session *s, GError **error)
{
	struct transaction *t = &s->now;
	struct content_reader reader;
	if (t->chunk)
		conn_printf(s->conn, "BDAT %" G_GINT64_FORMAT " LAST\r\n", t->shape.octets);
	content_reader_init(&reader, t->converted >= 0 ? t->converted : t->letter->fd);
	reader.filter.plain = t->chunk;
	bool ok = write_pieces(s, &reader, error);
	content_reader_clear(&reader);
	return ok;
}

/* A server may refuse in the middle and close: its words are the reason.  They
 * count only as a refusal, for there was no dot yet. */
static void fail_in_body(struct session *s, const GError *error)
{
	size_t len;
	bool more = true;
	bool lost = error->domain == NET_ERROR && error->code == NET_ERROR_CLOSED;
	reply_clear(&s->reply);
	while (lost && more && conn_has_input(s->conn)) {
		const char *line = conn_read_line(s->conn, REPLY_OCTETS_MAX, &len, NULL, NULL);
		if (!line || !reply_add(&s->reply, line, len, &more, NULL))
			break;
	}
	g_autofree char *words = reply_text(&s->reply);
	bool cancelled = g_error_matches(error, NET_ERROR, NET_ERROR_CANCELLED);
	if (error->domain == G_FILE_ERROR)
		session_fail(s, ITEM_HOLD, CODE_DISK, error->message);
	else if (s->reply.code >= 500)
		session_fail(s, ITEM_FAIL, CODE_REFUSED, words);
	else
		session_fail(s, ITEM_DEFER, cancelled ? CODE_CANCELLED : CODE_NETWORK,
			s->reply.code >= 400 ? words : error->message);
}

/* What a server says here answers nothing that was said, and must not be taken
 * for the answer to the dot.  Where it has hung up already, there is no need to
 * send the dot and not to know. */
static bool check_silence(struct session *s, GError **error)
{
	if (!conn_has_input(s->conn))
		return conn_is_alive(s->conn, error);
	g_set_error(error, NET_ERROR, NET_ERROR_CLOSED,
		_("the server '%s' sends without being asked"), s->params.account->smtp->host);
	return false;
}

/* --- its end -----------------------------------------------------------------------------------
 */

static void prepare_next(struct session *s)
{
	struct session_letter *now = s->now.letter;
	bool may =
		s->caps.pipelining && (s->caps.letters_max == 0 || s->mails < s->caps.letters_max);
	struct session_letter *next = may && now->next ? now->next(now->user) : NULL;
	if (next)
		transaction_prepare(s, &s->ahead, next);
}

/* RFC 3030 section 2: if the chunk should be refused, RSET is what may follow. */
static void begin_next(struct session *s)
{
	struct transaction *t = &s->ahead;
	if (!t->fit)
		return;
	t->begun = true;
	t->rset = s->now.chunk;
	if (t->rset)
		conn_printf(s->conn, "RSET\r\n");
	transaction_begin(s, t);
	t->owed += t->rset;
}

bool enter_body(struct session *s)
{
	g_autoptr(GError) error = NULL;
	struct transaction *t = &s->now;
	conn_set_timeout(s->conn, BLOCK_SECONDS);
	if (!write_body(s, &error) || !check_silence(s, &error)) {
		fail_in_body(s, error);
		return false;
	}
	prepare_next(s);
	/* S-51: from here on nobody can know without a reply. */
	if (!t->letter->before_dot(t->letter, t->letter->user, &error)) {
		session_fail(s, ITEM_DEFER, CODE_DISK, error->message);
		return false;
	}
	if (!check_silence(s, &error)) {
		fail_in_body(s, error);
		return false;
	}
	t->dotted = true;
	conn_set_timeout(s->conn, session_states[STATE_BODY].timeout);
	conn_write(s->conn, t->chunk ? "\r\n" : ".\r\n", t->chunk ? 2 : 3);
	begin_next(s);
	t->dot_octets = conn_unsent(s->conn);
	return true;
}

/* After a chunk that was refused nothing may be said but RSET (RFC 3030 section 2). */
void take_body(struct session *s, const struct policy *p)
{
	bool refused = p->item != ITEM_SENT;
	s->now.letter->item = p->item;
	s->state = s->now.chunk && refused && !s->ahead.begun ? STATE_RSET : STATE_READY;
}

void session_send(struct session *s, struct session_letter *letter)
{
	struct transaction *t = &s->now;
	if (s->ahead.letter) {
		g_assert(s->ahead.letter == letter || s->state != STATE_READY);
		*t = s->ahead;
		s->ahead = (struct transaction){.converted = -1};
	} else if (s->state == STATE_READY) {
		transaction_prepare(s, t, letter);
	}
	if (t->fit && session_is_command(s))
		session_run_command(s);
	else if (t->fit && s->state == STATE_READY)
		session_run(s, t->rset ? STATE_RSET : STATE_MAIL);
	else if (s->state == STATE_READY)
		session_ends_with_recipients(s, t);
	if (letter->item != ITEM_SENT)
		session_letter_ends(letter, ITEM_DEFER, CODE_NETWORK, _("the connection ended"));
	transaction_clear(t);
}
