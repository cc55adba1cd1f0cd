/* SPDX-License-Identifier: MIT
 *
 * An account by its name, and what is said about it when something fails. */
#include "agent/agent.h"

#include "net/conn.h"

/* Whole sentences for each service: a translator cannot put parts together. */
struct service {
	const struct server_url *(*server)(const struct account *account);
	const struct secret_source *(*secret)(const struct account *account);
	char *(*no_server)(const struct account *account, const char *rc);
	char *(*cure)(const struct account *account, const char *rc, bool place);
};

static const struct server_url *pop3_server(const struct account *account)
{
	return account->pop3;
}

static const struct secret_source *pop3_secret(const struct account *account)
{
	return &account->password;
}

static char *no_pop3(const struct account *account, const char *rc)
{
	return g_strdup_printf(
		_("account '%s' has no pop3 server; set pop3 = pop3s://USER@HOST in %s:%d"),
		account->id, rc, account->line);
}

/* place: host or port may be wrong. */
static char *pop3_cure(const struct account *account, const char *rc, bool place)
{
	if (place)
		return g_strdup_printf(_("check scheme, host and port in %s:%d, or say 'dewey "
					 "check %s' to see more"),
			rc, account->pop3->line, account->id);
	return g_strdup_printf(_("say 'dewey check %s' to see where it fails"), account->id);
}

static const struct server_url *smtp_server(const struct account *account)
{
	return account->smtp;
}

static const struct secret_source *smtp_secret(const struct account *account)
{
	return account->has_smtp_password ? &account->smtp_password : &account->password;
}

static char *no_smtp(const struct account *account, const char *rc)
{
	return g_strdup_printf(
		_("account '%s' has no smtp server; set smtp = smtps://USER@HOST in %s:%d"),
		account->id, rc, account->line);
}

/* The submission server has no doctor. */
static char *smtp_cure(const struct account *account, const char *rc, bool place)
{
	if (place)
		return g_strdup_printf(
			_("check scheme, host and port in %s:%d"), rc, account->smtp->line);
	return NULL;
}

static const struct service services[] = {
	[AGENT_POP3] = {pop3_server, pop3_secret, no_pop3, pop3_cure},
	[AGENT_SMTP] = {smtp_server, smtp_secret, no_smtp, smtp_cure},
};

const struct account *agent_account(const struct agent *a, const char *name, GError **error)
{
	const struct service *service = &services[a->kind->service];
	const struct account *account = name ? dotfile_account_by_name(a->dotfile, name) : NULL;
	if (account && service->server(account))
		return account;
	if (account) {
		g_autofree char *text = service->no_server(account, dotfile_path(a->dotfile));
		g_set_error_literal(error, WIRE_ERROR, CODE_CONFIG, text);
	} else {
		g_autofree char *text = dotfile_no_account(a->dotfile, name ? name : "");
		g_set_error_literal(error, WIRE_ERROR, CODE_USAGE, text);
	}
	return NULL;
}

static char *log_in_failed(const struct agent *a, const struct account *account, const char *why)
{
	const struct service *service = &services[a->kind->service];
	const struct server_url *server = service->server(account);
	const char *user = server->user ? server->user : "";
	const struct secret_source *secret = service->secret(account);
	if (secret->kind == SECRET_PROMPT)
		return g_strdup_printf(_("cannot log in as '%s': %s; check the user in %s:%d, and "
					 "the password that was typed"),
			user, why, dotfile_path(a->dotfile), server->line);
	return g_strdup_printf(_("cannot log in as '%s': %s; check user and password in %s:%d"),
		user, why, dotfile_path(a->dotfile), secret->line);
}

/* A server that begins with TLS says nothing to who does not, and the other way
 * round. */
static bool is_about_place(const GError *why)
{
	static const enum net_error places[] = {
		NET_ERROR_RESOLVE, NET_ERROR_CONNECT, NET_ERROR_TIMEOUT, NET_ERROR_TLS};
	for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
		if (g_error_matches(why, NET_ERROR, (int)places[i]))
			return true;
	return false;
}

/* With a proxy or a tunnel it is these that we fail to reach; NULL: with neither. */
static char *detour_cure(const struct account *account, const char *rc)
{
	if (account->tunnel)
		return g_strdup_printf(_("check 'tunnel' in %s:%d"), rc, account->tunnel_line);
	if (account->proxy)
		return g_strdup_printf(_("check 'proxy' in %s:%d"), rc, account->proxy->line);
	return NULL;
}

/* What may be cured by a look at the way to the server; NULL: nothing. */
static char *way_cure(const struct agent *a, const struct account *account, const GError *why)
{
	static const enum wire_code ways[] = {CODE_NETWORK, CODE_TIMEOUT, CODE_TLS, CODE_PROTOCOL};
	const char *rc = dotfile_path(a->dotfile);
	enum wire_code code = a->kind->code(why);
	bool place = is_about_place(why), way = false;
	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++)
		way = way || ways[i] == code;
	/* Submission keeps the code alone. */
	bool far = place || g_error_matches(why, WIRE_ERROR, CODE_NETWORK);
	char *detour = far ? detour_cure(account, rc) : NULL;
	return !way || detour ? detour : services[a->kind->service].cure(account, rc, place);
}

GError *agent_explain(const struct agent *a, const struct account *account, const GError *why)
{
	enum wire_code code = a->kind->code(why);
	g_autofree char *cure = way_cure(a, account, why);
	g_autofree char *text = NULL;
	if (code == CODE_AUTH)
		text = log_in_failed(a, account, why->message);
	else if (code == CODE_CANCELLED)
		text = g_strdup(_("cancelled"));
	else if (cure)
		/* TRANSLATORS: what went wrong, and what to do about it */
		text = g_strdup_printf(_("%s; %s"), why->message, cure);
	else
		text = g_strdup(why->message);
	return g_error_new_literal(WIRE_ERROR, (int)code, text);
}
