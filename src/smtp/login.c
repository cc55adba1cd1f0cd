/* SPDX-License-Identifier: MIT
 *
 * AUTH (RFC 4954).  A refused password is never sent again: the next mechanism
 * is tried only where the server says that it lacks the first. */
#include "base/base.h"

#include <string.h>

#include "agent/agent.h"
#include "smtp/states.h"
#include "wire/child.h"

static bool give_up(struct session *s, enum wire_code code, const char *why)
{
	session_fail(s, ITEM_HOLD, code, why);
	return false;
}

/* What is offered, without what was already refused. */
static char *offered(const struct session *s)
{
	g_auto(GStrv) all = g_strsplit(s->caps.auth, " ", -1);
	g_auto(GStrv) bad = g_strsplit(s->refused->str, " ", -1);
	GString *left = g_string_new(NULL);
	for (int i = 0; all[i]; i++) {
		g_autofree char *upper = g_ascii_strup(all[i], -1);
		if (*upper && !g_strv_contains((const char *const *)bad, upper))
			g_string_append_printf(left, "%s ", upper);
	}
	return g_string_free(left, FALSE);
}

static bool choose(struct session *s)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *list = s->caps.auth ? offered(s) : NULL;
	const char *mechanism = list ? sasl_choose(list) : NULL;
	if (!s->caps.auth)
		return give_up(s, CODE_CONFIG,
			_("the server offers no log-in; take the user out of 'smtp', or ask its "
			  "administrator"));
	if (!mechanism)
		return give_up(s, CODE_CONFIG, _("the server offers no log-in that dewey has"));
	char *secret = s->params.secret(s->params.data, &error);
	if (!secret)
		return give_up(s, error ? agent_code(error) : CODE_AUTH,
			error ? error->message : _("there is no password"));
	g_clear_pointer(&s->sasl, sasl_free);
	s->sasl = sasl_new(mechanism, s->params.account->smtp->user, secret);
	explicit_bzero(secret, strlen(secret));
	g_free(secret);
	return true;
}

bool enter_auth(struct session *s)
{
	/* T-20: no flag anywhere leads past this line without TLS. */
	g_assert(conn_is_secure(s->conn) || s->params.account->smtp->security == SECURITY_INSECURE);
	if (!s->sasl && !choose(s))
		return false;
	const char *mechanism = sasl_mechanism(s->sasl);
	const char *initial = s->no_initial ? NULL : sasl_initial(s->sasl);
	g_autofree char *label = g_strdup_printf("AUTH %s ", mechanism);
	if (!initial) {
		conn_printf(s->conn, "AUTH %s\r\n", mechanism);
		return true;
	}
	char *line = g_strconcat(label, initial, NULL);
	conn_write_secret(s->conn, line, label);
	explicit_bzero(line, strlen(line));
	g_free(line);
	return true;
}

/* The initial response is the answer to the first, empty challenge where the
 * server did not want it in the command. */
static const char *answer_to(struct session *s, const char *challenge)
{
	const char *initial = s->no_initial ? sasl_initial(s->sasl) : NULL;
	s->no_initial = false;
	return initial ? initial : sasl_step(s->sasl, challenge);
}

bool enter_challenge(struct session *s)
{
	const char *answer = answer_to(s, s->reply.lines->pdata[0]);
	if (answer)
		conn_write_secret(s->conn, answer, "");
	else
		conn_printf(s->conn, "*\r\n"); /* the server answers 501 */
	return true;
}

static void again(struct session *s)
{
	const char *mechanism = sasl_mechanism(s->sasl);
	bool first = s->state == STATE_AUTH;
	bool syntax = s->reply.code != 504;
	if (first && syntax && !s->no_initial && sasl_initial(s->sasl)) {
		s->no_initial = true;
		s->state = STATE_AUTH;
	} else if (syntax && !first) {
		g_autofree char *why =
			g_strdup_printf(_("AUTH: the server says \"%s\""), s->server);
		give_up(s, CODE_AUTH, why);
	} else {
		g_string_append_printf(s->refused, "%s ", mechanism);
		g_clear_pointer(&s->sasl, sasl_free);
		s->no_initial = false;
		s->state = STATE_AUTH;
	}
}

void take_auth(struct session *s, const struct policy *p)
{
	if (p->session == SESSION_AGAIN) {
		again(s);
	} else if (s->reply.code == 334) {
		s->state = STATE_CHALLENGE;
	} else {
		g_clear_pointer(&s->sasl, sasl_free);
		s->state = STATE_READY;
	}
}
