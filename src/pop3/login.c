/* SPDX-License-Identifier: MIT
 *
 * STLS, and the one attempt to log in.  No byte of a secret is written unless
 * the connection is secure or the account says insecure (T-20, T-30). */
#include "base/base.h"

#include <string.h>

#include "agent/login.h"
#include "base/secret.h"
#include "pop3/internal.h"

/* RFC 2449 section 4 and RFC 5034 section 4: a command with its CRLF. */
#define COMMAND_MAX 255
/* No mechanism of ours takes more turns. */
#define SASL_STEPS 8

/* Everything that was said in clear is forgotten, the capabilities above all:
 * anybody on the way could have written them (T-21, T-25). */
static void forget(struct pop3 *p)
{
	capabilities_clear(&p->capa);
	g_clear_pointer(&p->words, g_free);
	g_clear_pointer(&p->greeting, g_free);
	p->reply = (struct reply){0};
	g_assert(p->sent->len == 0);
}

bool pop3_stls(struct pop3 *p, GError **error)
{
	bool ok;
	if (!p->capa.stls)
		return pop3_fail(error, POP3_ERROR_TLS,
			_("the server '%s' does not offer STLS, and without it nothing is sent; "
			  "try pop3s:// (port 995)"),
			p->host);
	if (!pop3_command(p, POP3_STLS, NULL, error) || !pop3_take(p, &ok, error))
		return false;
	if (!ok)
		return pop3_fail(error, POP3_ERROR_TLS, _("the server '%s' refuses STLS: \"%s\""),
			p->host, p->words);
	if (!conn_start_tls(p->conn, error))
		return false;
	forget(p);
	return true;
}

/* Why this log-in failed.  With AUTH-RESP-CODE only [AUTH] blames user or
 * secret; without it a plain -ERR must be taken so (P-16, RFC 3206). */
static bool login_refused(const struct pop3 *p, GError **error)
{
	if (p->reply.code == REPLY_CODE_NONE || p->reply.code == REPLY_CODE_OTHER)
		return pop3_fail(error,
			p->capa.auth_resp_code ? POP3_ERROR_TEMPORARY : POP3_ERROR_AUTH,
			_("the server '%s' says \"%s\""), p->host, p->words);
	return pop3_refused(p, error);
}

static bool logged_in(struct pop3 *p, GError **error)
{
	if (p->reply.kind != REPLY_OK)
		return login_refused(p, error);
	p->state = STATE_TRANSACTION;
	return true;
}

/* --- SASL -------------------------------------------------------------------- */

enum outcome {
	OUTCOME_IN,
	OUTCOME_REFUSED, /* by the server, which listens on */
	OUTCOME_BROKEN,  /* nothing more can be said in this session */
};

static const enum pop3_error fault_errors[] = {
	[SASL_FAULT_NONE] = POP3_ERROR_PROTOCOL,
	[SASL_FAULT_PROTOCOL] = POP3_ERROR_PROTOCOL,
	[SASL_FAULT_SECRET] = POP3_ERROR_AUTH,
	[SASL_FAULT_REFUSED] = POP3_ERROR_REFUSED,
	[SASL_FAULT_LOCAL] = POP3_ERROR_CONFIG,
};

static enum outcome cancel(struct pop3 *p, const struct sasl *s, GError **error)
{
	enum sasl_fault fault;
	const char *trouble = sasl_trouble(s, &fault);
	conn_printf(p->conn, "*\r\n");
	if (!pop3_read_reply(p, false, error))
		return OUTCOME_BROKEN;
	if (trouble)
		pop3_fail(error, fault_errors[fault], "%s", trouble);
	else
		pop3_fail(error, POP3_ERROR_PROTOCOL,
			_("the server '%s' asks something during the log-in that makes no sense"),
			p->host);
	return OUTCOME_BROKEN;
}

/* What the mechanism knows of the refusal is more than the server's -ERR says;
 * and before the secret was out, -ERR was about something else. */
static enum outcome refused(struct pop3 *p, const struct sasl *s, GError **error)
{
	enum sasl_fault fault;
	const char *trouble = sasl_trouble(s, &fault);
	bool plain = p->reply.code == REPLY_CODE_NONE || p->reply.code == REPLY_CODE_OTHER;
	if (trouble)
		pop3_fail(error, fault_errors[fault], "%s", trouble);
	else if (plain && !sasl_gave_secret(s))
		pop3_fail(error, POP3_ERROR_REFUSED, _("the server '%s' says \"%s\" to AUTH %s"),
			p->host, p->words, sasl_mechanism(s));
	else
		login_refused(p, error);
	return OUTCOME_REFUSED;
}

/* A +OK that comes too early is no success: the server may be in somebody's
 * hands (T-43). */
static enum outcome verdict(struct pop3 *p, const struct sasl *s, GError **error)
{
	if (p->reply.kind != REPLY_OK)
		return refused(p, s, error);
	if (sasl_is_done(s)) {
		p->state = STATE_TRANSACTION;
		return OUTCOME_IN;
	}
	pop3_fail(error, POP3_ERROR_PROTOCOL,
		_("the server '%s' ends the log-in %s before it is over: somebody may be in its "
		  "place"),
		p->host, sasl_mechanism(s));
	return OUTCOME_BROKEN;
}

/* Some servers ask with +OK; while the mechanism has yet to say something that
 * needs no question, it can be nothing else. */
static bool is_challenge(struct pop3 *p, const struct sasl *s)
{
	return p->reply.kind == REPLY_CONTINUE || (p->reply.kind == REPLY_OK && sasl_ignores(s));
}

static bool answer(struct pop3 *p, const char *text, GError **error)
{
	if (p->reply.kind == REPLY_OK && !pop3_expect(p, POP3_AUTH, error))
		return false;
	conn_write_secret(p->conn, text, "");
	return pop3_read_reply(p, true, error);
}

static enum outcome challenges(struct pop3 *p, struct sasl *s, GError **error)
{
	for (int step = 0; is_challenge(p, s); step++) {
		g_autofree char *challenge = p->reply.kind == REPLY_OK
						     ? g_strdup("")
						     : g_strndup(p->reply.text, p->reply_len);
		const char *text = step < SASL_STEPS ? sasl_step(s, challenge) : NULL;
		if (!text)
			return cancel(p, s, error);
		if (!answer(p, text, error))
			return OUTCOME_BROKEN;
	}
	return verdict(p, s, error);
}

/* The initial response goes with the command where the line is not too long
 * for that (T-45). */
static enum outcome auth(struct pop3 *p, struct sasl *s, GError **error)
{
	const char *initial = sasl_initial(s);
	g_autofree char *label = g_strdup_printf("AUTH %s ", sasl_mechanism(s));
	if (!pop3_expect(p, POP3_AUTH, error))
		return OUTCOME_BROKEN;
	if (initial && strlen(label) + strlen(initial) + 2 <= COMMAND_MAX) {
		char *line = g_strconcat(label, initial, NULL);
		conn_write_secret(p->conn, line, label);
		secret_free(line);
		sasl_step(s, ""); /* this was the answer to the first challenge */
	} else {
		conn_printf(p->conn, "AUTH %s\r\n", sasl_mechanism(s));
	}
	return pop3_read_reply(p, true, error) ? challenges(p, s, error) : OUTCOME_BROKEN;
}

/* --- USER and PASS, APOP ------------------------------------------------------- */

static bool can_pass(const struct pop3 *p, const char *text, GError **error)
{
	if (strpbrk(text, "\r\n"))
		return pop3_fail(error, POP3_ERROR_CONFIG,
			_("user and password cannot hold an end of line"));
	if (!g_str_is_ascii(text) && !p->capa.utf8_user)
		return pop3_fail(error, POP3_ERROR_CONFIG,
			_("the server '%s' takes only ASCII in user and password"), p->host);
	if (strlen("PASS ") + strlen(text) + 2 > COMMAND_MAX)
		return pop3_fail(error, POP3_ERROR_CONFIG,
			_("user or password is too long for the server '%s'"), p->host);
	return true;
}

/* In clear the password goes only where the server says that it takes one
 * (P-15). */
static bool may_pass(const struct pop3 *p, GError **error)
{
	if (p->capa.user || !p->capa.known || conn_is_secure(p->conn))
		return true;
	return pop3_fail(error, POP3_ERROR_REFUSED,
		_("the server '%s' offers no way to log in here"), p->host);
}

static bool user_pass(struct pop3 *p, struct login *l, GError **error)
{
	bool ok;
	p->mechanism = pop3_verb(POP3_PASS);
	const char *secret = may_pass(p, error) ? login_secret(l, error) : NULL;
	if (!secret || !can_pass(p, p->user, error) || !can_pass(p, secret, error))
		return false;
	if (!pop3_command(p, POP3_USER, p->user, error) || !pop3_take(p, &ok, error))
		return false;
	if (!ok)
		return login_refused(p, error);
	if (!pop3_expect(p, POP3_PASS, error))
		return false;
	char *line = g_strconcat("PASS ", secret, NULL);
	conn_write_secret(p->conn, line, "PASS ");
	secret_free(line);
	return pop3_read_reply(p, false, error) && logged_in(p, error);
}

/* MD5 in clear could be guessed at leisure, and a stamp from before STLS is
 * anybody's (T-21, T-60). */
static bool apop(struct pop3 *p, struct login *l, GError **error)
{
	if (!conn_is_secure(p->conn))
		return pop3_fail(error, POP3_ERROR_CONFIG,
			_("APOP is used inside TLS only; write pop3s://, or take out "
			  "'pop3-auth = apop'"));
	p->mechanism = pop3_verb(POP3_APOP);
	const char *secret = login_secret(l, error);
	if (!secret || !can_pass(p, p->user, error))
		return false;
	g_autofree char *proof = p->greeting ? sasl_apop(p->greeting, secret) : NULL;
	if (!proof)
		return pop3_fail(error, POP3_ERROR_CONFIG,
			_("the server '%s' greets without a timestamp that APOP could use; take "
			  "out 'pop3-auth = apop'"),
			p->host);
	if (!pop3_expect(p, POP3_APOP, error))
		return false;
	g_autofree char *label = g_strdup_printf("APOP %s ", p->user);
	g_autofree char *line = g_strconcat(label, proof, NULL);
	conn_write_secret(p->conn, line, label);
	return pop3_read_reply(p, false, error) && logged_in(p, error);
}

/* --- One log-in ---------------------------------------------------------------- */

/* None of the mechanisms will do: the old way is the last of the order (T-40). */
static bool without_sasl(struct pop3 *p, struct login *l, GError **error)
{
	if (!login_is_named(l))
		return user_pass(p, l, error);
	g_autofree char *why = login_nothing(l, p->capa.mechanisms);
	return pop3_fail(error, POP3_ERROR_CONFIG, "%s", why);
}

static enum login_verdict again(const struct pop3 *p, struct login *l, const GError *why)
{
	if (g_error_matches(why, POP3_ERROR, POP3_ERROR_AUTH))
		return login_again(l, p->capa.mechanisms, LOGIN_BLAMES_SECRET);
	if (!g_error_matches(why, POP3_ERROR, POP3_ERROR_REFUSED) ||
		p->reply.code == REPLY_CODE_SYS_PERM)
		return LOGIN_STOP;
	return login_again(l, p->capa.mechanisms, LOGIN_BLAMES_NOTHING);
}

static bool by_sasl(struct pop3 *p, struct login *l, GError **error)
{
	for (;;) {
		g_autoptr(GError) why = NULL;
		struct sasl *s = login_next(l, p->capa.mechanisms, &why);
		if (!s && !why)
			return without_sasl(p, l, error);
		enum outcome outcome = s ? auth(p, s, &why) : OUTCOME_BROKEN;
		p->mechanism = s ? sasl_mechanism(s) : NULL;
		if (outcome == OUTCOME_IN)
			return true;
		enum login_verdict next =
			outcome == OUTCOME_REFUSED ? again(p, l, why) : LOGIN_STOP;
		if (next == LOGIN_BARE)
			return user_pass(p, l, error);
		if (next == LOGIN_STOP) {
			g_propagate_error(error, g_steal_pointer(&why));
			return false;
		}
	}
}

bool pop3_login(struct pop3 *p, GError **error)
{
	const struct login_params params = {.auth = p->auth,
		.file = p->file,
		.line = p->auth_line,
		.conn = p->conn,
		.service = "pop",
		.user = p->user,
		.host = p->host,
		.port = p->net.port,
		.secret = p->secret,
		.data = p->data};
	/* T-20: no way leads past this line without TLS. */
	g_assert(p->security == SECURITY_INSECURE || conn_is_secure(p->conn));
	g_autoptr(login) l = login_new(&params);
	if (p->auth == AUTH_USER)
		return user_pass(p, l, error);
	return p->auth == AUTH_APOP ? apop(p, l, error) : by_sasl(p, l, error);
}
