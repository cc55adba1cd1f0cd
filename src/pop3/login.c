/* SPDX-License-Identifier: MIT
 *
 * STLS, and the one attempt to log in.  No byte of a secret is written unless
 * the connection is secure or the account says insecure (T-20, T-30). */
#include "base/base.h"

#include <string.h>

#include "net/sasl.h"
#include "pop3/internal.h"

/* RFC 2449 section 4 and RFC 5034 section 4: a command with its CRLF. */
#define COMMAND_MAX 255
/* No mechanism of ours takes more turns. */
#define SASL_STEPS 8

static void wipe(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	g_free(secret);
}

/* Everything that was said in clear is forgotten, the capabilities above all:
 * anybody on the way could have written them (T-21, T-25). */
static void forget(struct pop3 *p)
{
	capabilities_clear(&p->capa);
	g_clear_pointer(&p->words, g_free);
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
			_("the server says \"%s\""), p->words);
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

static bool bad_challenge(struct pop3 *p, GError **error)
{
	conn_printf(p->conn, "*\r\n");
	if (!pop3_read_reply(p, false, error))
		return false;
	return pop3_fail(error, POP3_ERROR_PROTOCOL,
		_("the server '%s' asks something during the log-in that makes no sense"), p->host);
}

static bool challenges(struct pop3 *p, struct sasl *s, GError **error)
{
	for (int step = 0; p->reply.kind == REPLY_CONTINUE; step++) {
		g_autofree char *challenge = g_strndup(p->reply.text, p->reply_len);
		const char *answer = step < SASL_STEPS ? sasl_step(s, challenge) : NULL;
		if (!answer)
			return bad_challenge(p, error);
		conn_write_secret(p->conn, answer, "");
		if (!pop3_read_reply(p, true, error))
			return false;
	}
	return logged_in(p, error);
}

static bool auth(struct pop3 *p, const char *mechanism, const char *secret, GError **error)
{
	g_autoptr(sasl) s = sasl_new(mechanism, p->user, secret);
	const char *initial = sasl_initial(s);
	g_autofree char *label = g_strdup_printf("AUTH %s ", mechanism);
	if (!pop3_expect(p, POP3_AUTH, error))
		return false;
	if (initial && strlen(label) + strlen(initial) + 2 <= COMMAND_MAX) {
		char *line = g_strconcat(label, initial, NULL);
		conn_write_secret(p->conn, line, label);
		wipe(line);
		sasl_step(s, ""); /* this was the answer to the first challenge */
	} else {
		conn_printf(p->conn, "AUTH %s\r\n", mechanism);
	}
	return pop3_read_reply(p, true, error) && challenges(p, s, error);
}

/* --- USER and PASS ----------------------------------------------------------- */

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

static bool user_pass(struct pop3 *p, const char *secret, GError **error)
{
	bool ok;
	if (!can_pass(p, p->user, error) || !can_pass(p, secret, error))
		return false;
	if (!pop3_command(p, POP3_USER, p->user, error) || !pop3_take(p, &ok, error))
		return false;
	if (!ok)
		return login_refused(p, error);
	if (!pop3_expect(p, POP3_PASS, error))
		return false;
	char *line = g_strconcat("PASS ", secret, NULL);
	conn_write_secret(p->conn, line, "PASS ");
	wipe(line);
	return pop3_read_reply(p, false, error) && logged_in(p, error);
}

/* In clear the password goes only where the server says that it takes one. */
static bool may_log_in(const struct pop3 *p, const char *mechanism, GError **error)
{
	if (p->security != SECURITY_INSECURE)
		g_assert(conn_is_secure(p->conn));
	if (mechanism || p->capa.user || !p->capa.known || conn_is_secure(p->conn))
		return true;
	return pop3_fail(error, POP3_ERROR_REFUSED,
		_("the server '%s' offers no way to log in here"), p->host);
}

bool pop3_login(struct pop3 *p, GError **error)
{
	const char *mechanism = sasl_choose(p->capa.mechanisms);
	if (!may_log_in(p, mechanism, error))
		return false;
	char *secret = p->secret(p->data, error);
	if (!secret)
		return false;
	bool ok = mechanism ? auth(p, mechanism, secret, error) : user_pass(p, secret, error);
	wipe(secret);
	return ok;
}
