/* SPDX-License-Identifier: MIT
 *
 * An account by its name, and what is said about it when something fails. */
#include "agent/agent.h"

/* Whole sentences for each service: a translator cannot put parts together. */
struct service {
	const struct server_url *(*server)(const struct account *account);
	const struct secret_source *(*secret)(const struct account *account);
	char *(*no_server)(const struct account *account, const char *rc);
	char *(*failed)(const struct account *account, const char *why);
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

static char *pop3_failed(const struct account *account, const char *why)
{
	return g_strdup_printf(_("cannot fetch mail for '%s': %s"), account->id, why);
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

static char *smtp_failed(const struct account *account, const char *why)
{
	return g_strdup_printf(_("cannot send mail for '%s': %s"), account->id, why);
}

static const struct service services[] = {
	[AGENT_POP3] = {pop3_server, pop3_secret, no_pop3, pop3_failed},
	[AGENT_SMTP] = {smtp_server, smtp_secret, no_smtp, smtp_failed},
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
	int line = service->secret(account)->line;
	if (!line)
		return g_strdup_printf(_("cannot log in to '%s': %s; check the user in %s:%d, and "
					 "the password that was typed"),
			account->id, why, dotfile_path(a->dotfile), service->server(account)->line);
	return g_strdup_printf(_("cannot log in to '%s': %s; check user and password in %s:%d"),
		account->id, why, dotfile_path(a->dotfile), line);
}

GError *agent_explain(const struct agent *a, const struct account *account, const GError *why)
{
	enum wire_code code = a->kind->code(why);
	g_autofree char *text = NULL;
	if (code == CODE_AUTH)
		text = log_in_failed(a, account, why->message);
	else if (code == CODE_CANCELLED)
		text = g_strdup_printf(_("%s: cancelled"), account->id);
	else
		text = services[a->kind->service].failed(account, why->message);
	return g_error_new_literal(WIRE_ERROR, (int)code, text);
}
