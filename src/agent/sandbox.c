/* SPDX-License-Identifier: MIT
 *
 * What an agent keeps: the store, what the system's libraries read, the files that its
 * accounts name, and the ports of their servers. */
#include "base/base.h"

#include "agent/sandbox.h"
#include "base/path.h"
#include "base/report.h"
#include "base/sandbox-plan.h"

/* Besides the accounts' own: names, Kerberos, and what servers of mail are found at. */
static const guint16 common_ports[] = {53, 88, 110, 995, 25, 465, 587, 443, 4190};

static void add_secret(struct sandbox_plan *p, const struct secret_source *s)
{
	if (s->kind == SECRET_FILE)
		sandbox_plan_path(p, s->value, SANDBOX_READ);
}

static void add_account(struct sandbox_plan *p, const struct account *a)
{
	const struct server_url *servers[] = {a->pop3, a->smtp};
	for (size_t i = 0; i < G_N_ELEMENTS(servers); i++)
		if (servers[i])
			sandbox_plan_port(p, servers[i]->port);
	if (a->proxy)
		sandbox_plan_port(p, a->proxy->port);
	add_secret(p, &a->password);
	add_secret(p, &a->smtp_password);
	sandbox_plan_path(p, a->tls_ca, SANDBOX_READ);
	sandbox_plan_path(p, a->tls_cert, SANDBOX_READ);
	sandbox_plan_path(p, a->tls_key, SANDBOX_READ);
	sandbox_plan_path(p, a->file, SANDBOX_READ);
}

/* A command of the dotfile does what it likes, so an agent that runs some must be
 * able to. */
static bool runs_commands(const struct account *a)
{
	return a->tunnel || (a->smtp && a->smtp->command) || a->password.kind == SECRET_COMMAND ||
	       (a->has_smtp_password && a->smtp_password.kind == SECRET_COMMAND);
}

static bool any_commands(const struct dotfile *d)
{
	for (guint i = 0; i < dotfile_account_count(d); i++)
		if (runs_commands(dotfile_account(d, i)))
			return true;
	return false;
}

/* dewey-mime reads the heads of letters on the server. */
static void add_worker(struct sandbox_plan *p)
{
	g_autofree char *worker = path_program("dewey-mime");
	sandbox_plan_program(p, worker);
}

static void make_plan(struct sandbox_plan *p, const struct dotfile *d)
{
	const char *mail = dotfile_mail(d);
	sandbox_plan_init(p);
	sandbox_plan_system(p);
	for (size_t i = 0; i < G_N_ELEMENTS(common_ports); i++)
		sandbox_plan_port(p, common_ports[i]);
	sandbox_plan_path(p, mail, SANDBOX_READ | SANDBOX_WRITE);
	sandbox_plan_links(p, mail);
	for (guint i = 0; i < dotfile_account_count(d); i++)
		add_account(p, dotfile_account(d, i));
}

bool agent_confine(enum sandbox_mode mode, const struct dotfile *d, bool reads, GError **error)
{
	if (any_commands(d)) {
		report_debug("no sandbox: the dotfile has commands to run");
		return true;
	}
	g_autofree char *lacks = mode == SANDBOX_AUTO ? sandbox_lacks(SANDBOX_AGENT) : NULL;
	if (lacks)
		report_debug("the sandbox is not whole: %s", lacks);
	g_auto(sandbox_plan) p;
	make_plan(&p, d);
	if (reads)
		add_worker(&p);
	const struct sandbox_rules rules = sandbox_plan_rules(&p, reads);
	return sandbox_confine(SANDBOX_AGENT, mode, &rules, error);
}
