/* SPDX-License-Identifier: MIT */
#include "agent/login.h"

#include <string.h>

#include "base/sanitize.h"
#include "base/secret.h"
#include "wire/codes.h"

struct login {
	enum auth auth;
	const char *file;
	int line;
	struct sasl_facts facts;
	char *(*ask)(void *data, GError **error);
	void *data;

	struct sasl *sasl; /* the attempt */
	char *secret;
	GString *refused; /* mechanisms, a blank behind each */
	bool again;       /* the one further attempt is taken */
};

static const unsigned allowed[] = {
	[AUTH_AUTO] = SASL_ALLOW_AUTO,
	[AUTH_SCRAM] = SASL_ALLOW_SCRAM,
	[AUTH_PLAIN] = SASL_ALLOW_PLAIN,
	[AUTH_LOGIN] = SASL_ALLOW_LOGIN,
	[AUTH_USER] = 0,
	[AUTH_CRAM_MD5] = SASL_ALLOW_CRAM_MD5,
	[AUTH_APOP] = 0,
	[AUTH_EXTERNAL] = SASL_ALLOW_EXTERNAL,
	[AUTH_OAUTH] = SASL_ALLOW_OAUTH,
	[AUTH_GSSAPI] = SASL_ALLOW_GSSAPI,
};

struct login *login_new(const struct login_params *params)
{
	struct login *l = g_new0(struct login, 1);
	l->auth = params->auth;
	l->file = params->file;
	l->line = params->line;
	l->facts = (struct sasl_facts){
		.allow = allowed[params->auth],
		.user = params->user,
		.certificate = conn_has_certificate(params->conn),
		.binding = conn_channel_binding(params->conn),
		.service = params->service,
		.host = params->host,
		.port = params->port,
	};
	l->ask = params->secret;
	l->data = params->data;
	l->refused = g_string_new(NULL);
	return l;
}

void login_free(struct login *l)
{
	if (!l)
		return;
	g_clear_pointer(&l->sasl, sasl_free);
	g_clear_pointer(&l->facts.binding, g_bytes_unref);
	secret_free(l->secret);
	g_string_free(l->refused, TRUE);
	g_free(l);
}

bool login_is_named(const struct login *l)
{
	return l->auth != AUTH_AUTO;
}

static char *ask(struct login *l, GError **error)
{
	g_autoptr(GError) why = NULL;
	char *secret = l->ask(l->data, &why);
	if (!secret && !why)
		g_set_error(error, WIRE_ERROR, CODE_AUTH, _("there is no password"));
	else if (!secret)
		g_propagate_error(error, g_steal_pointer(&why));
	return secret;
}

const char *login_secret(struct login *l, GError **error)
{
	if (!l->secret)
		l->secret = ask(l, error);
	return l->secret;
}

static bool has_secret(struct login *l, const char *mechanism, GError **error)
{
	return !sasl_needs_secret(mechanism) || login_secret(l, error);
}

struct sasl *login_next(struct login *l, const char *offered, GError **error)
{
	g_autoptr(GError) unfit = NULL;
	const char *mechanism;
	g_clear_pointer(&l->sasl, sasl_free);
	while ((mechanism = sasl_choose(offered, &l->facts, l->refused->str))) {
		if (!has_secret(l, mechanism, error))
			return NULL;
		g_clear_error(&unfit);
		l->sasl = sasl_new(mechanism, &l->facts, l->secret, &unfit);
		if (l->sasl)
			return l->sasl;
		/* Not this user with this mechanism; nothing was sent. */
		g_string_append_printf(l->refused, "%s ", mechanism);
	}
	if (unfit)
		g_propagate_error(error, g_steal_pointer(&unfit));
	return NULL;
}

char *login_nothing(const struct login *l, const char *offered)
{
	const struct sasl_facts kerberos = {.allow = SASL_ALLOW_GSSAPI};
	g_autofree char *shown = sanitize_server_text(offered ? offered : "", -1);
	g_strstrip(shown);
	if (l->auth == AUTH_GSSAPI && !sasl_choose("GSSAPI", &kerberos, NULL))
		return g_strdup(_("this dewey was built without GSSAPI"));
	if (!*shown)
		return g_strdup(_("the server offers no log-in by AUTH"));
	if (l->auth == AUTH_AUTO)
		return g_strdup_printf(_("the server offers no log-in that is safe to try unasked; "
					 "it offers: %s"),
			shown);
	return g_strdup_printf(
		_("the server does not offer the log-in '%s' that %s:%d wants; it offers: %s"),
		auth_word(l->auth), l->file, l->line, shown);
}

/* The source may have a newer token than the one that was refused. */
static bool renew(struct login *l)
{
	char *fresh = ask(l, NULL);
	bool other = fresh && strcmp(fresh, l->secret) != 0;
	if (!other) {
		secret_free(fresh);
		return false;
	}
	secret_free(l->secret);
	l->secret = fresh;
	return true;
}

/* A certificate or a ticket is no secret: a password may do in its place. */
static bool is_about_secret(const struct login *l, enum login_blame blame)
{
	if (blame == LOGIN_BLAMES_MECHANISM)
		return false;
	return sasl_needs_secret(sasl_mechanism(l->sasl)) &&
	       (blame == LOGIN_BLAMES_SECRET || sasl_gave_secret(l->sasl));
}

/* What was refused was bound to this TLS session: somebody in between would gain
 * by anything weaker (T-44). */
static bool may_go_bare(const struct login *l)
{
	return !login_is_named(l) && !strstr(l->refused->str, "-PLUS ");
}

enum login_verdict login_again(struct login *l, const char *offered, enum login_blame blame)
{
	if (l->again)
		return LOGIN_STOP;
	l->again = true;
	const char *mechanism = sasl_mechanism(l->sasl);
	if (is_about_secret(l, blame)) {
		bool token = blame == LOGIN_BLAMES_SECRET && sasl_takes_token(mechanism);
		return token && renew(l) ? LOGIN_NEXT : LOGIN_STOP;
	}
	g_string_append_printf(l->refused, "%s ", mechanism);
	if (sasl_choose(offered, &l->facts, l->refused->str))
		return LOGIN_NEXT;
	return may_go_bare(l) ? LOGIN_BARE : LOGIN_STOP;
}
