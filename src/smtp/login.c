/* SPDX-License-Identifier: MIT
 *
 * AUTH (RFC 4954).  A refused password is never sent again: the next mechanism
 * is tried only where the server says that it lacks the first. */
#include "base/base.h"

#include <string.h>

#include "agent/agent.h"
#include "base/secret.h"
#include "smtp/states.h"
#include "wire/child.h"

/* RFC 5321 section 4.5.3.1.4: a command with its CRLF. */
#define COMMAND_MAX 512

bool session_logs_in(const struct session *s)
{
	const struct account *a = s->params.account;
	return a->smtp->user || a->smtp_auth == AUTH_EXTERNAL || a->smtp_auth == AUTH_GSSAPI;
}

static bool give_up(struct session *s, enum wire_code code, const char *why)
{
	session_fail(s, ITEM_HOLD, code, why);
	return false;
}

static struct login *make_login(struct session *s)
{
	const struct account *a = s->params.account;
	const struct login_params params = {.auth = a->smtp_auth,
		.file = a->file,
		.line = a->smtp_auth_line,
		.conn = s->conn,
		.service = "smtp",
		.user = a->smtp->user,
		.host = a->smtp->host,
		.port = a->smtp->port,
		.secret = s->params.secret,
		.data = s->params.data};
	return login_new(&params);
}

static bool choose(struct session *s)
{
	g_autoptr(GError) error = NULL;
	if (!s->caps.mechanisms)
		return give_up(s, CODE_CONFIG,
			_("the server offers no log-in; take the user out of 'smtp', or ask its "
			  "administrator"));
	if (!s->login)
		s->login = make_login(s);
	s->no_initial = false;
	s->sasl = login_next(s->login, s->caps.mechanisms, &error);
	if (s->sasl)
		return true;
	if (error)
		return give_up(s, agent_code(error), error->message);
	g_autofree char *why = login_nothing(s->login, s->caps.mechanisms);
	return give_up(s, CODE_CONFIG, why);
}

/* The initial response goes with the command where the line is not too long
 * for that (T-45). */
static const char *initial_response(struct session *s, const char *label)
{
	const char *initial = s->no_initial ? NULL : sasl_initial(s->sasl);
	return initial && strlen(label) + strlen(initial) + 2 <= COMMAND_MAX ? initial : NULL;
}

bool enter_auth(struct session *s)
{
	/* T-20: no flag anywhere leads past this line without TLS. */
	g_assert(conn_is_secure(s->conn) || s->params.account->smtp->security == SECURITY_INSECURE);
	if (!s->sasl && !choose(s))
		return false;
	const char *mechanism = sasl_mechanism(s->sasl);
	g_autofree char *label = g_strdup_printf("AUTH %s ", mechanism);
	const char *initial = initial_response(s, label);
	s->no_initial = !initial;
	if (!initial) {
		conn_printf(s->conn, "AUTH %s\r\n", mechanism);
		return true;
	}
	char *line = g_strconcat(label, initial, NULL);
	conn_write_secret(s->conn, line, label);
	secret_free(line);
	sasl_step(s->sasl, ""); /* this was the answer to the first challenge */
	return true;
}

bool enter_challenge(struct session *s)
{
	const char *answer = sasl_step(s->sasl, s->reply.lines->pdata[0]);
	if (answer)
		conn_write_secret(s->conn, answer, "");
	else
		conn_printf(s->conn, "*\r\n"); /* the server answers 501 */
	return true;
}

static const enum wire_code fault_codes[] = {
	[SASL_FAULT_NONE] = CODE_AUTH,
	[SASL_FAULT_PROTOCOL] = CODE_PROTOCOL,
	[SASL_FAULT_SECRET] = CODE_AUTH,
	[SASL_FAULT_REFUSED] = CODE_REFUSED,
	[SASL_FAULT_LOCAL] = CODE_CONFIG,
};

/* Says QUIT.  What the mechanism knows of the reason is more than the server's
 * reply says. */
static void refused(struct session *s)
{
	enum sasl_fault fault = SASL_FAULT_NONE;
	const char *trouble = s->sasl ? sasl_trouble(s->sasl, &fault) : NULL;
	g_autofree char *why =
		trouble ? g_strdup_printf("AUTH: %s", trouble)
			: g_strdup_printf(_("AUTH: the server says \"%s\""), s->server);
	session_letter_ends(s->now.letter, ITEM_HOLD, fault_codes[fault], why);
	if (!s->error)
		s->error = g_error_new_literal(WIRE_ERROR, (int)fault_codes[fault], why);
	s->state = STATE_QUIT;
}

/* 535 is about user or secret, the others are about the command, unless it was
 * our "*" that is answered. */
static void again(struct session *s)
{
	bool first = s->state == STATE_AUTH;
	bool syntax = s->reply.code == 500 || s->reply.code == 501;
	enum login_blame blame =
		s->reply.code == 535 ? LOGIN_BLAMES_SECRET : LOGIN_BLAMES_MECHANISM;
	if (first && syntax && !s->no_initial) {
		sasl_restart(s->sasl);
		s->no_initial = true;
		s->state = STATE_AUTH;
	} else if ((!first && syntax) || login_again(s->login, s->caps.mechanisms, blame) != LOGIN_NEXT) {
		refused(s);
	} else {
		s->sasl = NULL;
		s->state = STATE_AUTH;
	}
}

/* A "yes" that comes too early is none: the server may be in somebody's hands
 * (T-43). */
static void accepted(struct session *s)
{
	bool done = sasl_is_done(s->sasl);
	s->sasl = NULL;
	g_clear_pointer(&s->login, login_free);
	if (done)
		s->state = STATE_READY;
	else
		give_up(s, CODE_PROTOCOL,
			_("AUTH: the server ends the log-in before it is over: somebody may be in "
			  "its place"));
}

void take_auth(struct session *s, const struct policy *p)
{
	if (p->session == SESSION_AGAIN)
		again(s);
	else if (s->reply.code == 334)
		s->state = STATE_CHALLENGE;
	else
		accepted(s);
}
