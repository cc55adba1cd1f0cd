/* SPDX-License-Identifier: MIT */
#include "smtp/agent.h"

#include "base/report.h"

void agent_clear(struct agent *a)
{
	g_clear_pointer(&a->child, wire_child_free);
	g_clear_pointer(&a->store, store_free);
	g_clear_pointer(&a->dotfile, dotfile_free);
	g_clear_pointer(&a->interrupt, interrupt_free);
	options_clear(&a->options);
}

int agent_fail(const GError *error)
{
	report_error("%s", error->message);
	return wire_code_exit_status(wire_error_code(error));
}

static bool load_dotfile(struct agent *a, GError **error)
{
	g_autofree char *path = dotfile_find(a->options.rc);
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	if (!path) {
		g_set_error(error, WIRE_ERROR, CODE_CONFIG,
			_("there is no dotfile; deweyrc(5) shows how to write one"));
		return false;
	}
	a->dotfile = dotfile_load(path, mistakes);
	if (a->dotfile)
		return true;
	/* By hand all mistakes are shown; on the wire the first one must do. */
	for (guint i = 1; i < mistakes->len; i++)
		report_error("%s", (char *)mistakes->pdata[i]);
	g_set_error_literal(error, WIRE_ERROR, CODE_CONFIG, mistakes->pdata[0]);
	return false;
}

bool agent_open(struct agent *a, GError **error)
{
	g_autoptr(GError) why = NULL;
	if (a->store)
		return true;
	if (!a->dotfile && !load_dotfile(a, error))
		return false;
	a->store = store_open(dotfile_mail(a->dotfile), &why);
	if (!a->store)
		g_set_error_literal(error, WIRE_ERROR, CODE_DISK, why->message);
	return a->store != NULL;
}

const struct account *agent_account(const struct agent *a, const char *name, GError **error)
{
	const struct account *account = name ? dotfile_account_by_name(a->dotfile, name) : NULL;
	if (account && account->smtp)
		return account;
	g_autofree char *names = dotfile_account_names(a->dotfile);
	if (account)
		g_set_error(error, WIRE_ERROR, CODE_CONFIG,
			_("account '%s' has no smtp server; set smtp = smtps://USER@HOST in %s:%d"),
			name, dotfile_path(a->dotfile), account->line);
	else
		g_set_error(error, WIRE_ERROR, CODE_USAGE, _("unknown account '%s' (%s)"),
			name ? name : "", names);
	return NULL;
}

static char *explain(const struct agent *a, const struct account *account, const GError *why)
{
	const struct secret_source *secret =
		account->has_smtp_password ? &account->smtp_password : &account->password;
	int line = secret->line ? secret->line : account->line;
	enum wire_code code = wire_error_code(why);
	if (code == CODE_AUTH)
		return g_strdup_printf(
			_("cannot log in to '%s': %s; check user and password in %s:%d"),
			account->id, why->message, dotfile_path(a->dotfile), line);
	if (code == CODE_CANCELLED)
		return g_strdup_printf(_("%s: cancelled"), account->id);
	return g_strdup_printf(_("cannot send mail for '%s': %s"), account->id, why->message);
}

bool agent_send(struct agent *a, const struct account *account, struct send_job *job,
	struct send_result *result, GError **error)
{
	g_autoptr(GError) why = NULL;
	job->account = account;
	job->store = a->store;
	job->child = a->child;
	job->interrupt = a->interrupt;
	if (send_run(job, result, &why))
		return true;
	g_autofree char *text = explain(a, account, why);
	g_set_error_literal(error, WIRE_ERROR, (int)wire_error_code(why), text);
	return false;
}

struct record *agent_done(const struct send_result *result)
{
	struct record *done = record_set_int(record_new("event", "done"), "sent", result->sent);
	record_set_int(
		record_set_int(done, "refused", result->refused), "deferred", result->deferred);
	return record_set_int(done, "uncertain", result->uncertain);
}
