/* SPDX-License-Identifier: MIT
 *
 * MAIL, RCPT, DATA: one letter. */
#include "base/base.h"

#include <string.h>
#include <unistd.h>

#include "base/size.h"
#include "compose/address.h"
#include "smtp/downgrade.h"
#include "smtp/states.h"

enum {
	RECIPIENTS_MAX = 100, /* every server takes so many (S-18) */
	UNSENT_MAX = 256 * 1024,
};

static struct session_recipient *recipient(const struct session *s, guint n)
{
	return s->letter->recipients->pdata[n];
}

static guint count(const struct session *s, enum policy_recipient verdict)
{
	guint n = 0;
	for (guint i = 0; i < s->letter->recipients->len; i++)
		n += recipient(s, i)->verdict == verdict;
	return n;
}

/* --- before a word is said ------------------------------------------------------------- */

static void set_verdict(
	struct session_recipient *r, enum policy_recipient verdict, const char *reply)
{
	r->verdict = verdict;
	g_free(r->reply);
	r->reply = g_strdup(reply);
}

/* S-66: nothing reaches the socket that our own grammar does not know. */
static void check_recipients(struct session *s)
{
	guint asked = 0;
	for (guint i = 0; i < s->letter->recipients->len; i++) {
		struct session_recipient *r = recipient(s, i);
		g_autoptr(GError) error = NULL;
		if (!address_check(r->address, false, &error))
			set_verdict(r, RCPT_FAIL, error->message);
		else
			set_verdict(r, asked++ < RECIPIENTS_MAX ? RCPT_KEEP : RCPT_LATER, NULL);
	}
}

static bool refuse(struct session *s, enum wire_code code, const char *why)
{
	session_letter_ends(s, ITEM_HOLD, code, why);
	return false;
}

/* The file that goes: the letter's, or what was made of it. */
static int body_fd(const struct session *s)
{
	return s->converted >= 0 ? s->converted : s->letter->fd;
}

static bool measure(struct session *s)
{
	g_autoptr(GError) error = NULL;
	return content_measure_file(&s->shape, body_fd(s), &error) ||
	       refuse(s, CODE_DISK, error->message);
}

static bool convert(struct session *s)
{
	g_autoptr(GError) error = NULL;
	bool fits = s->shape.longest <= DOWNGRADE_LINE;
	if (fits && (!s->shape.high || s->caps.eightbit))
		return true;
	s->converted = downgrade_file(s->letter->fd, !s->caps.eightbit, &error);
	if (s->converted < 0)
		return refuse(s, error->domain == WIRE_ERROR ? CODE_DATA : CODE_DISK,
			error->message);
	return measure(s);
}

static bool check_size(struct session *s)
{
	int64_t limit = s->caps.size_limit;
	if (limit == 0 || s->shape.octets <= limit)
		return true;
	g_autofree char *ours = size_text((int64_t)s->shape.octets);
	g_autofree char *theirs = size_text((int64_t)limit);
	g_autofree char *why = g_strdup_printf(
		_("the letter is too large: it has %s, the server takes %s"), ours, theirs);
	return refuse(s, CODE_LIMIT, why);
}

static bool check_letter(struct session *s)
{
	g_autoptr(GError) error = NULL;
	struct session_letter *l = s->letter;
	if (!measure(s))
		return false;
	if (s->shape.nul)
		return refuse(s, CODE_DATA, _("there is a NUL octet in the letter"));
	if (*l->sender && !address_check(l->sender, false, &error))
		return refuse(s, CODE_DATA, error->message);
	return convert(s) && check_size(s);
}

/* --- MAIL and RCPT ------------------------------------------------------------------------ */

static void write_rcpt(struct session *s, guint n)
{
	g_autofree char *ascii = address_to_ascii_domain(recipient(s, n)->address, NULL);
	conn_printf(s->conn, "RCPT TO:<%s>\r\n", ascii);
	s->asked = n + 1;
}

static void skip_unasked(const struct session *s, guint *n)
{
	while (*n < s->letter->recipients->len && recipient(s, *n)->verdict != RCPT_KEEP)
		++*n;
}

static void write_all_rcpt(struct session *s)
{
	for (guint i = 0; i < s->letter->recipients->len; i++)
		if (recipient(s, i)->verdict == RCPT_KEEP)
			write_rcpt(s, i);
}

bool enter_mail(struct session *s)
{
	const char *sender = s->letter->sender;
	g_autofree char *ascii = *sender ? address_to_ascii_domain(sender, NULL) : g_strdup("");
	g_autoptr(GString) line = g_string_new(NULL);
	g_string_printf(line, "MAIL FROM:<%s>", ascii);
	if (s->caps.size && !s->bare_mail)
		g_string_append_printf(line, " SIZE=%" G_GINT64_FORMAT, s->shape.octets);
	if (s->shape.high)
		g_string_append(line, " BODY=8BITMIME");
	conn_printf(s->conn, "%s\r\n", line->str);
	s->asked = s->answered = 0;
	if (s->caps.pipelining)
		write_all_rcpt(s);
	return true;
}

/* Where MAIL was refused the replies to RCPT that are on their way are still
 * counted, or they would be taken for those of what follows (S-12). */
static void after_mail(struct session *s)
{
	s->state = s->asked > 0 ? STATE_RCPT : STATE_RSET;
}

void take_mail(struct session *s, const struct policy *p)
{
	if (p->session == SESSION_GO) {
		s->state = STATE_RCPT;
		return;
	}
	if (p->session == SESSION_AGAIN && s->caps.size && !s->bare_mail) {
		s->bare_mail = s->again = true;
	} else if (p->session == SESSION_AGAIN) {
		g_autofree char *why =
			g_strdup_printf(_("MAIL: the server says \"%s\""), s->server);
		session_letter_ends(s, p->item, p->code, why);
	}
	after_mail(s);
}

bool enter_rcpt(struct session *s)
{
	skip_unasked(s, &s->answered);
	if (s->answered >= s->letter->recipients->len) {
		s->state = STATE_DATA;
		return false;
	}
	if (!s->caps.pipelining)
		write_rcpt(s, s->answered);
	return true;
}

static bool mail_failed(const struct session *s)
{
	return s->letter->why || s->again;
}

void take_rcpt(struct session *s, const struct policy *p)
{
	struct session_recipient *r = recipient(s, s->answered++);
	if (!mail_failed(s))
		set_verdict(r, p->recipient, s->server);
	skip_unasked(s, &s->answered);
	if (s->answered < s->letter->recipients->len)
		return;
	s->state = mail_failed(s) ? STATE_RSET : STATE_DATA;
}

/* --- DATA ------------------------------------------------------------------------------------ */

/* The words of the first one who says no. */
static void end_with_recipients(struct session *s)
{
	guint failed = count(s, RCPT_FAIL);
	enum policy_recipient which = failed ? RCPT_FAIL : RCPT_DEFER;
	for (guint i = 0; i < s->letter->recipients->len && !s->letter->why; i++) {
		const struct session_recipient *r = recipient(s, i);
		if (r->verdict != which)
			continue;
		g_autofree char *why = g_strdup_printf("%s: %s", r->address, r->reply);
		session_letter_ends(s, ITEM_KEEP, failed ? CODE_RECIPIENT : CODE_TEMPORARY, why);
	}
	/* Nobody was accepted, and all for their number: again later. */
	session_letter_ends(s, ITEM_DEFER, CODE_TEMPORARY, s->server ? s->server : "");
}

/* DATA goes alone: all recipients have been answered by now (S-42, S-43). */
bool enter_data(struct session *s)
{
	bool held = s->letter->hold && count(s, RCPT_FAIL) > 0;
	if (count(s, RCPT_ACCEPT) == 0 || held) {
		end_with_recipients(s);
		s->state = STATE_RSET;
		return false;
	}
	conn_printf(s->conn, "DATA\r\n");
	return true;
}

void take_data(struct session *s, const struct policy *p)
{
	s->state = p->session == SESSION_GO ? STATE_BODY : STATE_RSET;
}

static bool write_pieces(struct session *s, struct content_reader *r, GError **error)
{
	while (!r->over) {
		const GString *piece = content_read(r, error);
		if (!piece)
			return false;
		conn_write(s->conn, piece->str, piece->len);
		if (conn_unsent(s->conn) > UNSENT_MAX && !conn_flush(s->conn, error))
			return false;
	}
	return conn_flush(s->conn, error);
}

static bool write_body(struct session *s, GError **error)
{
	struct content_reader reader;
	content_reader_init(&reader, body_fd(s));
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
 * for the answer to the dot. */
static bool check_silence(struct session *s, GError **error)
{
	if (!conn_has_input(s->conn))
		return true;
	g_set_error(error, NET_ERROR, NET_ERROR_CLOSED,
		_("the server '%s' sends without being asked"), s->params.account->smtp->host);
	return false;
}

bool enter_body(struct session *s)
{
	g_autoptr(GError) error = NULL;
	if (!write_body(s, &error) || !check_silence(s, &error)) {
		fail_in_body(s, error);
		return false;
	}
	/* S-51: from here on nobody can know without a reply. */
	if (!s->letter->before_dot(s->letter, s->letter->user, &error)) {
		session_fail(s, ITEM_DEFER, CODE_DISK, error->message);
		return false;
	}
	s->dotted = true;
	conn_write(s->conn, ".\r\n", 3);
	s->dot_octets = conn_unsent(s->conn);
	return true;
}

void take_body(struct session *s, const struct policy *p)
{
	s->letter->item = p->item;
	s->state = STATE_READY;
}

bool enter_rset(struct session *s)
{
	conn_printf(s->conn, "RSET\r\n");
	return true;
}

void take_rset(struct session *s, const struct policy *p)
{
	s->state = s->again ? STATE_MAIL : STATE_READY;
	s->again = false;
}

static void drop_converted(struct session *s)
{
	if (s->converted >= 0)
		close(s->converted);
	s->converted = -1;
}

void session_send(struct session *s, struct session_letter *letter)
{
	g_clear_pointer(&letter->why, g_free);
	letter->item = ITEM_KEEP;
	s->letter = letter;
	s->bare_mail = s->again = s->dotted = false;
	check_recipients(s);
	if (check_letter(s)) {
		if (count(s, RCPT_KEEP) > 0)
			session_run(s, STATE_MAIL);
		else
			end_with_recipients(s);
	}
	if (letter->item != ITEM_SENT)
		session_letter_ends(s, ITEM_DEFER, CODE_NETWORK, _("the connection ended"));
	drop_converted(s);
	s->letter = NULL;
	s->dotted = false;
}
