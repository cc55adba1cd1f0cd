/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "agent/agent.h"
#include "base/clock.h"
#include "base/sanitize.h"
#include "smtp/states.h"

/* RFC 5321 section 4.5.3.1.5 says 512; servers say more. */
#define REPLY_LINE_MAX 8192
/* Seconds without a word: servers wait five minutes (section 4.5.3.2.7), but a computer
 * that slept does not know how long.  That is why no monotonic clock is asked. */
#define REST 60

/* --- the dialogue's beginning -------------------------------------------------------- */

static bool enter_greeting(struct session *s)
{
	return true;
}

static void take_greeting(struct session *s, const struct policy *p)
{
	s->state = STATE_EHLO;
}

/* The machine's name is nobody's business (S-02). */
static const char *own_name(const struct session *s)
{
	const char *name = s->params.account->helo;
	return name && *name ? name : "[127.0.0.1]";
}

static bool enter_ehlo(struct session *s)
{
	extensions_clear(&s->caps);
	conn_printf(s->conn, "EHLO %s\r\n", own_name(s));
	return true;
}

static bool enter_helo(struct session *s)
{
	conn_printf(s->conn, "HELO %s\r\n", own_name(s));
	return true;
}

static enum security security_of(const struct session *s)
{
	return s->params.account->smtp->security;
}

static void take_ehlo(struct session *s, const struct policy *p)
{
	bool insecure = security_of(s) == SECURITY_INSECURE;
	bool user = session_logs_in(s);
	if (p->session == SESSION_AGAIN) {
		/* HELO has neither TLS nor log-in: only where none is wanted (S-03). */
		if (insecure && !user)
			s->state = STATE_HELO;
		else
			session_fail(s, p->item, p->code, _("the server does not know EHLO"));
		return;
	}
	for (guint i = 1; i < s->reply.lines->len; i++)
		extensions_take(&s->caps, s->reply.lines->pdata[i]);
	if (security_of(s) == SECURITY_STARTTLS && !conn_is_secure(s->conn))
		s->state = STATE_STARTTLS;
	else
		s->state = user ? STATE_AUTH : STATE_READY;
}

static void take_helo(struct session *s, const struct policy *p)
{
	if (p->session == SESSION_AGAIN)
		session_fail(s, p->item, p->code, _("the server knows neither EHLO nor HELO"));
	else
		s->state = STATE_READY;
}

/* A list without STARTTLS is what an attacker would send (T-22). */
static bool enter_starttls(struct session *s)
{
	if (!s->caps.starttls) {
		session_fail(s, ITEM_HOLD, CODE_TLS,
			_("the server does not offer STARTTLS, so nothing is sent; if it speaks "
			  "TLS "
			  "from the start, write smtps:// into 'smtp'"));
		return false;
	}
	conn_printf(s->conn, "STARTTLS\r\n");
	return true;
}

static void fail_from(struct session *s, enum policy_item item, const GError *error);

static void take_starttls(struct session *s, const struct policy *p)
{
	g_autoptr(GError) error = NULL;
	if (!conn_start_tls(s->conn, &error))
		fail_from(s, ITEM_HOLD, error);
	else
		s->state = STATE_EHLO;
}

static bool enter_noop(struct session *s)
{
	conn_printf(s->conn, "NOOP\r\n");
	return true;
}

static void take_noop(struct session *s, const struct policy *p)
{
	s->state = STATE_READY;
}

static bool enter_quit(struct session *s)
{
	conn_printf(s->conn, "QUIT\r\n");
	return true;
}

static void take_nothing(struct session *s, const struct policy *p)
{
	s->state = STATE_CLOSED;
}

const struct state_row session_states[STATE_COUNT] = {
	[STATE_GREETING] = {"greeting", STAGE_CONNECT, 0, enter_greeting, take_greeting},
	[STATE_EHLO] = {"EHLO", STAGE_EHLO, 300, enter_ehlo, take_ehlo},
	[STATE_HELO] = {"HELO", STAGE_EHLO, 300, enter_helo, take_helo},
	[STATE_STARTTLS] = {"STARTTLS", STAGE_STARTTLS, 120, enter_starttls, take_starttls},
	[STATE_AUTH] = {"AUTH", STAGE_AUTH, 120, enter_auth, take_auth},
	[STATE_CHALLENGE] = {"AUTH", STAGE_AUTH, 120, enter_challenge, take_auth},
	[STATE_READY] = {"ready", STAGE_ANY, 0, NULL, NULL},
	[STATE_MAIL] = {"MAIL", STAGE_MAIL, 300, enter_mail, take_mail},
	[STATE_RCPT] = {"RCPT", STAGE_RCPT, 300, enter_rcpt, take_rcpt},
	[STATE_DATA] = {"DATA", STAGE_DATA, 120, enter_data, take_data},
	[STATE_BODY] = {"the end of the letter", STAGE_DOT, 600, enter_body, take_body},
	[STATE_RSET] = {"RSET", STAGE_RSET, 300, enter_rset, take_rset},
	[STATE_NOOP] = {"NOOP", STAGE_NOOP, 60, enter_noop, take_noop},
	[STATE_QUESTION] = {"VRFY, EXPN, HELP", STAGE_QUESTION, 300, enter_question, take_question},
	[STATE_QUIT] = {"QUIT", STAGE_QUIT, 5, enter_quit, take_nothing},
	[STATE_CLOSED] = {"closed", STAGE_ANY, 0, NULL, NULL},
};

/* --- how it ends ----------------------------------------------------------------------- */

void session_letter_ends(
	struct session_letter *letter, enum policy_item item, enum wire_code code, const char *why)
{
	if (!letter || letter->why)
		return;
	letter->item = item;
	letter->code = code;
	letter->why = g_strdup(why);
}

void session_fail(struct session *s, enum policy_item item, enum wire_code code, const char *why)
{
	/* Before MAIL is said again nothing is decided, and now it never will be. */
	session_letter_ends(s->now.letter, item == ITEM_KEEP ? ITEM_DEFER : item, code, why);
	if (!s->error)
		s->error = g_error_new_literal(WIRE_ERROR, code, why);
	g_clear_pointer(&s->conn, conn_close);
	s->state = STATE_CLOSED;
}

static void fail_from(struct session *s, enum policy_item item, const GError *error)
{
	session_fail(s, item, agent_code(error), error->message);
}

/* --- replies ----------------------------------------------------------------------------- */

static bool read_reply(struct session *s, GError **error)
{
	bool more = true;
	bool auth = session_states[s->state].stage == STAGE_AUTH;
	size_t limit = auth ? SASL_LINE_MAX : REPLY_LINE_MAX;
	reply_clear(&s->reply);
	while (more) {
		size_t len;
		const char *line = conn_read_line(s->conn, limit, &len, NULL, error);
		if (!line || !reply_add(&s->reply, line, len, &more, error))
			return false;
	}
	s->heard = clock_now();
	/* The farewell is not what anybody wants to hear about. */
	if (s->state == STATE_QUIT)
		return true;
	g_free(s->server);
	s->server = reply_text(&s->reply);
	return true;
}

/* "RCPT: the server says "550 …"". */
static char *describe(const struct session *s)
{
	/* TRANSLATORS: a command of SMTP, the server's words */
	return g_strdup_printf(
		_("%s: the server says \"%s\""), session_states[s->state].name, s->server);
}

/* Nothing came, or no reply: the connection is of no more use. */
static void take_loss(struct session *s, const GError *error)
{
	enum policy_stage stage = session_states[s->state].stage;
	bool bad = error->domain == WIRE_ERROR ||
		   g_error_matches(error, NET_ERROR, NET_ERROR_PROTOCOL);
	/* Before the dot a lost letter is a letter that was not sent; and the end of
	 * the connection may be seen before an octet of the dot was written. */
	if (stage == STAGE_DOT && (!s->now.dotted || conn_unsent(s->conn) >= s->now.dot_octets))
		stage = STAGE_DATA;
	const struct policy *p = policy_for(stage, bad ? REPLY_BAD : REPLY_LOST, "");
	enum wire_code code = p->item == ITEM_UNCERTAIN ? CODE_UNCERTAIN : agent_code(error);
	g_autofree char *why =
		g_strdup_printf("%s: %s", session_states[s->state].name, error->message);
	session_fail(s, p->item, code, why);
}

static void take_reply(struct session *s)
{
	const struct state_row *row = &session_states[s->state];
	const struct policy *p = policy_for(row->stage, s->reply.code, s->reply.enhanced);
	g_autofree char *why = describe(s);
	if (p->item != ITEM_KEEP && p->item != ITEM_SENT && p->session != SESSION_AGAIN)
		session_letter_ends(s->now.letter, p->item, p->code, why);
	if (p->session == SESSION_DROP || p->session == SESSION_QUIT) {
		if (!s->error && p->item != ITEM_KEEP)
			s->error = g_error_new_literal(WIRE_ERROR, p->code, why);
		s->state = p->session == SESSION_QUIT ? STATE_QUIT : STATE_CLOSED;
		return;
	}
	row->take(s, p);
}

static int patience(const struct session *s)
{
	return s->state == STATE_GREETING ? s->params.account->smtp_greeting
					  : session_states[s->state].timeout;
}

static void step(struct session *s)
{
	const struct state_row *row = &session_states[s->state];
	g_autoptr(GError) error = NULL;
	conn_set_timeout(s->conn, patience(s));
	if (!row->enter(s))
		return;
	if (read_reply(s, &error))
		take_reply(s);
	else
		take_loss(s, error);
}

void session_run(struct session *s, enum state first)
{
	s->state = first;
	while (s->state != STATE_READY && s->state != STATE_CLOSED)
		step(s);
	if (s->state == STATE_CLOSED)
		g_clear_pointer(&s->conn, conn_close);
}

/* --- for the caller ------------------------------------------------------------------------ */

/* After the dot it is too late to cancel (S-53): the reply must be heard. */
static bool look(void *data)
{
	struct session *s = data;
	bool go_on = s->params.net.watch.ready(s->params.net.watch.data);
	return go_on || s->now.dotted;
}

struct session *session_new(const struct session_params *params)
{
	struct session *s = g_new0(struct session, 1);
	s->params = *params;
	s->state = STATE_CLOSED;
	s->now.converted = s->ahead.converted = -1;
	reply_init(&s->reply);
	return s;
}

/* A program takes any letter of eight bits, and speaks for itself. */
static bool open_command(struct session *s)
{
	s->caps.eightbit = s->caps.utf8 = true;
	s->state = STATE_READY;
	return true;
}

bool session_open(struct session *s, GError **error)
{
	if (session_is_command(s))
		return open_command(s);
	struct conn_params net = s->params.net;
	net.watch = (struct conn_watch){
		.fd = net.watch.ready ? net.watch.fd : -1, .ready = look, .data = s};
	g_autoptr(GError) why = NULL;
	s->conn = conn_open(&net, &why);
	if (s->conn)
		session_run(s, STATE_GREETING);
	else
		fail_from(s, ITEM_DEFER, why);
	if (s->state == STATE_READY)
		return true;
	g_assert(s->error);
	g_propagate_error(error, g_error_copy(s->error));
	return false;
}

bool session_is_open(struct session *s)
{
	guint most = s->caps.letters_max;
	/* What has begun was begun within the limit (S-18). */
	if (s->state != STATE_READY || s->ahead.begun)
		return s->state == STATE_READY;
	if (most > 0 && s->mails >= most)
		return false;
	if (s->conn && clock_now() - s->heard >= REST)
		session_run(s, STATE_NOOP);
	return s->state == STATE_READY;
}

const char *session_server(const struct session *s)
{
	return s->server;
}

/* Nobody wants the replies any more to what left with the last dot, but QUIT
 * has one as well. */
static bool hear_ahead(struct session *s)
{
	conn_set_timeout(s->conn, session_states[STATE_QUIT].timeout);
	for (; s->ahead.owed > 0; s->ahead.owed--)
		if (!read_reply(s, NULL))
			return false;
	return true;
}

void session_free(struct session *s)
{
	if (!s)
		return;
	if (s->conn && s->state == STATE_READY && hear_ahead(s))
		session_run(s, STATE_QUIT);
	transaction_clear(&s->ahead);
	conn_close(s->conn);
	extensions_clear(&s->caps);
	reply_release(&s->reply);
	g_clear_error(&s->error);
	g_clear_pointer(&s->login, login_free);
	g_free(s->server);
	g_free(s->question);
	g_free(s);
}

struct session_recipient *session_recipient_new(int64_t id, const char *address)
{
	struct session_recipient *r = g_new0(struct session_recipient, 1);
	r->id = id;
	r->address = address;
	return r;
}

void session_recipient_free(struct session_recipient *r)
{
	g_free(r->reply);
	g_free(r);
}

void session_letter_clear(struct session_letter *letter)
{
	g_clear_pointer(&letter->recipients, g_ptr_array_unref);
	g_clear_pointer(&letter->why, g_free);
}
